"""Files in the cache folder: believed only when whole, and replaced only whole.

A file is gzipped and begins with a line that holds the SHA-256 of all the rest. What does not
match is set aside (renamed ``*.damaged``), never trusted and never fatal. Files are written beside
their name and moved into place, readable by their owner alone.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import os
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_LARGEST = 1_000_000_000
"""Bytes, unpacked; what is longer is no file of ours, and its checksum will not match."""
_DAMAGE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError)
"""What a cut, overwritten or foreign file makes the reader raise."""

Kept = TypeVar("Kept")


def load(path: Path, decode: Callable[[bytes], Kept]) -> Kept | None:
    """What ``decode`` makes of the content, or None if there is none that can be trusted.

    ``decode`` may raise what Python raises on data of another shape: that is damage too.
    """
    try:
        packed = path.read_bytes()
    except IsADirectoryError:
        _set_aside(path)
        return None
    except OSError:
        return None  # none there, or not to be read just now: no reason to move it away
    try:
        with gzip.open(io.BytesIO(packed)) as file:
            digest, _, content = file.read(_LARGEST).partition(b"\n")
        if digest != _digest(content):
            raise ValueError("not what was saved")
        return decode(content)
    except _DAMAGE:
        _set_aside(path)
        return None


def save(path: Path, content: bytes) -> bool:
    """Keep ``content``; False if the disk would not take it, which only costs a later wait."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(path, gzip.compress(_digest(content) + b"\n" + content, compresslevel=4))
    except OSError:
        return False
    return True


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _set_aside(path: Path) -> None:
    with contextlib.suppress(OSError):  # what cannot even be moved is simply not used
        path.replace(path.with_name(path.name + ".damaged"))
