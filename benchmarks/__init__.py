"""How fast, how large, against what."""
