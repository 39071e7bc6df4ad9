"""Readings of many records, saved beside the snapshot so that nobody waits for them twice.

A saved reading is used for exactly the record that it was made of and while the reader is exactly
the one that made it; anything else is read anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from trialfinder.reading import Evidence, Reading, Side, Why, read_study
from trialfinder.registry import kept
from trialfinder.registry.client import Record
from trialfinder.vocabulary import Approach, CmlPhase, FoundBy, Relevance, Stance

Records = Mapping[str, tuple[FoundBy, Record]]
"""By NCT ID, as in `registry.answer.Answer`."""

_PACKAGE = resources.files("trialfinder")


def _sources() -> list[Traversable]:
    """What a reading depends on beside its record."""
    modules = [file for file in (_PACKAGE / "reading").iterdir() if file.name.endswith(".py")]
    return [*sorted(modules, key=lambda file: file.name), _PACKAGE / "vocabulary.py"]


def _version() -> str:
    """Changes with every letter of the reader."""
    whole = hashlib.sha256()
    for file in _sources():
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


_READER = _version()
"""Taken when the reader is loaded: later an update may lie on the disk that this process is not."""


def read_all(records: Records) -> dict[str, Reading]:
    """A reading for each record, by NCT ID."""
    return {nct_id: read_study(record) for nct_id, (_, record) in records.items()}


def readings_of(records: Records, file: Path) -> dict[str, Reading]:
    """The same, from ``file`` as far as they are saved there; what had to be read is saved.

    A file that cannot be used costs only the time to read.
    """
    saved = kept.load(file, _decode) or {}
    marks = {nct_id: _mark(record) for nct_id, (_, record) in records.items()}
    known = {nct_id: saved[mark] for nct_id, mark in marks.items() if mark in saved}
    fresh = read_all({nct_id: one for nct_id, one in records.items() if nct_id not in known})
    readings = known | fresh
    if fresh:
        kept.save(file, _encode({marks[nct_id]: one for nct_id, one in readings.items()}))
    return readings


def _mark(record: Record) -> str:
    """Changes with every letter of the record, but not with the order of its keys."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _encode(readings: Mapping[str, Reading]) -> bytes:
    body = {mark: reading.as_dict() for mark, reading in readings.items()}
    return json.dumps({"reader": _READER, "readings": body}, separators=(",", ":")).encode()


def _decode(content: bytes) -> dict[str, Reading]:
    saved = json.loads(content)
    if saved["reader"] != _READER:
        return {}  # no damage: written before an update
    return {mark: _reading(one) for mark, one in dict(saved["readings"]).items()}


def _reading(saved: dict[str, Any]) -> Reading:
    """The reading whose `Reading.as_dict` this is."""
    return Reading(
        nct_id=saved["nct_id"],
        relevance=Relevance(saved["relevance"]),
        why=Why(saved["why"]),
        cml_phases=tuple(map(CmlPhase, saved["cml_phases"])),
        t315i=Stance(saved["t315i"]),
        min_prior_tkis=saved["min_prior_tkis"],
        approaches=tuple(map(Approach, saved["approaches"])),
        mutations={name: Stance(stance) for name, stance in dict(saved["mutations"]).items()},
        prior_drugs={name: Stance(stance) for name, stance in dict(saved["prior_drugs"]).items()},
        prior_transplant=Stance(saved["prior_transplant"]),
        evidence=tuple(
            Evidence(**item | {"side": Side(item["side"])}) for item in saved["evidence"]
        ),
    )
