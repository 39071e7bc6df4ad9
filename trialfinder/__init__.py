"""Clinical trials for people with chronic myeloid leukemia whose TKI stopped working."""

__version__ = "0.1.0"
