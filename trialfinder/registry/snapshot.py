"""The last complete answer on disk, so that nobody waits twice or stands there without one.

A file (see `kept`) per part of the query, of two lines: JSON that says what the answer is, JSON
with the studies. Nothing that a visitor enters is in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from trialfinder.registry import kept
from trialfinder.registry.client import Record
from trialfinder.registry.query import fingerprint
from trialfinder.vocabulary import FoundBy, Part

_LAYOUT = 1


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

    def path(self, part: Part, what: str = "") -> Path:
        """Where the snapshot of ``part`` lies or would lie, or ``what`` was made of it."""
        return self._folder / f"{part}-{self._mark}{what}.json.gz"

    def load(self, part: Part) -> Snapshot | None:
        """The saved answer, or None if there is none that can be trusted."""
        return kept.load(self.path(part), _decode)

    def save(self, part: Part, snapshot: Snapshot) -> bool:
        """Keep ``snapshot``; False if the disk would not take it, which only costs a later wait."""
        return kept.save(self.path(part), _encode(snapshot))


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
    return json.dumps(head).encode() + b"\n" + body


def _decode(content: bytes) -> Snapshot:
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
