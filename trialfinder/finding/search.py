"""From the registry, the saved answer or the samples to tables: where everything else starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from trialfinder.errors import RegistryError
from trialfinder.finding.readings import read_all, readings_of
from trialfinder.finding.tables import site_table, study_table
from trialfinder.reading import Reading
from trialfinder.registry.answer import Answer, Source, answer
from trialfinder.registry.client import Progress, RegistryClient, registry_url
from trialfinder.registry.parse import Study, parse_study
from trialfinder.registry.sample import sample_answer
from trialfinder.registry.snapshot import SnapshotStore, cache_folder
from trialfinder.vocabulary import Part


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one part's studies come from and what must be said beside them.

    ``data_timestamp`` is the registry's own (UTC, no zone written; None: it did not say);
    ``retrieved_at`` is when we got them. ``problem`` is why a saved answer stands in.
    ``complete`` is False when the registry announced ``expected`` studies and others came.
    ``unreadable`` counts entries that had no NCT ID.
    """

    source: Source
    data_timestamp: str | None
    retrieved_at: datetime
    count: int
    complete: bool
    expected: int | None
    unreadable: int
    problem: RegistryError | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the registry has on CML.

    ``studies`` and ``sites`` are the tables of `finding.tables`; ``by_id`` holds each study whole.
    ``readings`` says, for each of those, what its record says to someone whose TKI stopped working.
    ``parts`` says where each loaded part comes from. ``closed_total`` is how many closed studies
    there are, loaded or not; None when the registry did not say.
    """

    studies: pd.DataFrame
    sites: pd.DataFrame
    by_id: Mapping[str, Study]
    readings: Mapping[str, Reading]
    parts: Mapping[Part, Provenance]
    closed_total: int | None


def find(
    *parts: Part,
    sample: bool = False,
    base_url: str | None = None,
    cache_dir: Path | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_page: Callable[[Progress], None] = lambda _: None,
) -> Found:
    """Every CML study of ``parts`` (default: those that are open or will be), as tables.

    Asks the registry's version first and downloads only when its data changed since the saved
    answer; falls back to the saved answer, saying so in `Provenance`, when the registry cannot be
    used. With ``sample`` the invented studies come instead and nothing is asked.

    Raises a `RegistryError` when the registry cannot be used and nothing was saved.
    """
    wanted = parts or (Part.OPEN,)
    if sample:
        answers = {part: sample_answer(part) for part in wanted}
        closed_total: int | None = len(sample_answer(Part.CLOSED).records)
        return _found(answers, [read_all(one.records) for one in answers.values()], closed_total)
    url = base_url or registry_url()
    store = SnapshotStore(cache_dir or cache_folder(), url)
    with RegistryClient(url) as client:
        answers = {part: answer(part, client, store, now=now, on_page=on_page) for part in wanted}
    readings = [
        readings_of(one.records, store.path(part, ".readings")) for part, one in answers.items()
    ]
    return _found(answers, readings, _closed_total(answers))


def join(one: Found, other: Found) -> Found:
    """Two loads as one. A study in both, because it closed in between, is taken from ``other``."""
    by_id = {**one.by_id, **other.by_id}
    readings = {**one.readings, **other.readings}
    return Found(
        study_table(by_id.values(), readings),
        site_table(by_id.values()),
        by_id,
        readings,
        {**one.parts, **other.parts},
        other.closed_total if other.closed_total is not None else one.closed_total,
    )


def _closed_total(answers: Mapping[Part, Answer]) -> int | None:
    if Part.CLOSED in answers:
        return len(answers[Part.CLOSED].records)
    return answers[Part.OPEN].closed_total


def _found(
    answers: Mapping[Part, Answer],
    by_part: Iterable[Mapping[str, Reading]],
    closed_total: int | None,
) -> Found:
    by_id = {
        nct_id: parse_study(nct_id, way, record)
        for one in answers.values()
        for nct_id, (way, record) in one.records.items()
    }
    readings = {nct_id: reading for one in by_part for nct_id, reading in one.items()}
    return Found(
        study_table(by_id.values(), readings),
        site_table(by_id.values()),
        by_id,
        readings,
        {part: _provenance(one) for part, one in answers.items()},
        closed_total,
    )


def _provenance(one: Answer) -> Provenance:
    return Provenance(
        source=one.source,
        data_timestamp=one.data_timestamp,
        retrieved_at=one.retrieved_at,
        count=len(one.records),
        complete=one.complete,
        expected=one.expected,
        unreadable=one.unreadable,
        problem=one.problem,
    )
