"""The last complete answer on disk, so that nobody waits twice or stands there without one.

A gzipped file per part of the query, of three lines: a SHA-256 of the other two, JSON that says
what the answer is, JSON with the studies. What does not match is set aside (renamed
``*.damaged``), never trusted and never fatal. Files are written beside their name
and moved into place, readable by their owner alone. Nothing that a visitor enters is in them.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from trialfinder.registry.client import Record
from trialfinder.registry.query import fingerprint
from trialfinder.vocabulary import FoundBy, Part

_LAYOUT = 1
_LARGEST = 1_000_000_000
"""Bytes, unpacked; what is longer is no answer of ours, and its checksum will not match."""
_DAMAGE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError)
"""What a cut, overwritten or foreign file makes the reader raise."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A complete answer: when the registry made its data and when we retrieved them.

    ``closed_total`` is how many closed studies there were beside open ones; None: not known.
    """

    records: dict[str, tuple[FoundBy, Record]]
    unreadable: int
    closed_total: int | None
    data_timestamp: str | None
    retrieved_at: datetime


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """``TRIALFINDER_CACHE_DIR``, or the platform's cache folder for this user."""
    named = environ.get("TRIALFINDER_CACHE_DIR", "").strip()
    return Path(named) if named else platformdirs.user_cache_path("trialfinder")


class SnapshotStore:
    """Snapshots of one registry, in one folder.

    The file name changes with the registry's address and with the query, so an answer from
    elsewhere, or to another question, is never mistaken for this one.
    """

    def __init__(self, folder: Path, base_url: str) -> None:
        self._folder = folder
        self._mark = fingerprint(base_url)

    def path(self, part: Part) -> Path:
        """Where the snapshot of ``part`` lies, or would lie."""
        return self._folder / f"{part}-{self._mark}.json.gz"

    def load(self, part: Part) -> Snapshot | None:
        """The saved answer, or None if there is none that can be trusted."""
        path = self.path(part)
        try:
            packed = path.read_bytes()
        except IsADirectoryError:
            _set_aside(path)
            return None
        except OSError:
            return None  # none there, or not to be read just now: no reason to move it away
        try:
            with gzip.open(io.BytesIO(packed)) as file:
                return _decode(file.read(_LARGEST))
        except _DAMAGE:
            _set_aside(path)
            return None

    def save(self, part: Part, snapshot: Snapshot) -> bool:
        """Keep ``snapshot``; False if the disk would not take it, which only costs a later wait."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(self.path(part), gzip.compress(_encode(snapshot), compresslevel=4))
        except OSError:
            return False
        return True


def _encode(snapshot: Snapshot) -> bytes:
    studies = [[way, record] for way, record in snapshot.records.values()]
    body = json.dumps(studies, separators=(",", ":")).encode()
    head = {
        "layout": _LAYOUT,
        "data_timestamp": snapshot.data_timestamp,
        "retrieved_at": snapshot.retrieved_at.isoformat(),
        "unreadable": snapshot.unreadable,
        "closed_total": snapshot.closed_total,
    }
    content = json.dumps(head).encode() + b"\n" + body
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def _decode(raw: bytes) -> Snapshot:
    digest, _, content = raw.partition(b"\n")
    if digest != hashlib.sha256(content).hexdigest().encode():
        raise ValueError("not what was saved")
    first, _, body = content.partition(b"\n")
    head: dict[str, Any] = json.loads(first)
    if head["layout"] != _LAYOUT:
        raise ValueError("not what was saved")
    records = {
        record["protocolSection"]["identificationModule"]["nctId"]: (FoundBy(way), record)
        for way, record in json.loads(body)
    }
    retrieved_at = datetime.fromisoformat(head["retrieved_at"])
    if retrieved_at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Snapshot(
        records, head["unreadable"], head["closed_total"], head["data_timestamp"], retrieved_at
    )


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
