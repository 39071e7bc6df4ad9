"""Where the page's script and the samples lie: beside the package, or inside an installed one."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_shipped"


def shipped(name: str) -> Path:
    """The path of ``name`` ("app.py", "fixtures"), wherever this copy of trialfinder keeps it."""
    return (_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent) / name
