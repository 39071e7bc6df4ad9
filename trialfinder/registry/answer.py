"""One part of the query answered: from the registry, from the saved answer, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trialfinder.errors import AnswerChangedError, RegistryError
from trialfinder.registry.client import Progress, Record, RegistryClient
from trialfinder.registry.snapshot import Snapshot, SnapshotStore
from trialfinder.vocabulary import FoundBy, Part


class Source(StrEnum):
    """Where studies come from.

    REGISTRY: the registry's current data, downloaded now or saved and confirmed unchanged now.
    SAVED: an older answer, because the registry could not be used.
    SAMPLE: invented studies.
    """

    REGISTRY = "registry"
    SAVED = "saved"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Answer:
    """The studies of one part, and everything that must be said beside them.

    ``problem`` is why a saved answer stands in for the registry. ``expected`` is how many studies
    the registry announced; ``complete`` is False when it is not how many came. Beside
    open studies, ``closed_total`` is how many closed ones there are; None: not known.
    """

    records: dict[str, tuple[FoundBy, Record]]
    source: Source
    data_timestamp: str | None
    retrieved_at: datetime
    complete: bool = True
    expected: int | None = None
    unreadable: int = 0
    closed_total: int | None = None
    problem: RegistryError | None = None


def answer(
    part: Part,
    client: RegistryClient,
    store: SnapshotStore,
    *,
    now: Callable[[], datetime],
    on_page: Callable[[Progress], None],
) -> Answer:
    """Ask the registry for ``part``, or use what was saved while its data are unchanged.

    Raises the `RegistryError` that stood in the way when nothing was saved either.
    """
    saved = store.load(part)
    try:
        stamp = client.data_timestamp()
        if saved is not None and stamp is not None and saved.data_timestamp == stamp:
            return _from_saved(saved, Source.REGISTRY, None)
        download = client.download(part, on_page)
        if part is Part.OPEN and not download.records:
            # There are always open CML studies: an empty answer is a fault, not a finding.
            raise AnswerChangedError("no open study at all")
    except RegistryError as problem:
        if saved is None:
            raise
        return _from_saved(saved, Source.SAVED, problem)
    closed_total = _closed_total(client) if part is Part.OPEN else None
    retrieved_at = now()
    if download.complete:
        kept = Snapshot(download.records, download.unreadable, closed_total, stamp, retrieved_at)
        store.save(part, kept)
    return Answer(
        records=download.records,
        source=Source.REGISTRY,
        data_timestamp=stamp,
        retrieved_at=retrieved_at,
        complete=download.complete,
        expected=download.total,
        unreadable=download.unreadable,
        closed_total=closed_total,
    )


def _closed_total(client: RegistryClient) -> int | None:
    """A number to show; not worth losing the studies for."""
    try:
        return client.count(Part.CLOSED)
    except RegistryError:
        return None


def _from_saved(saved: Snapshot, source: Source, problem: RegistryError | None) -> Answer:
    return Answer(
        records=saved.records,
        source=source,
        data_timestamp=saved.data_timestamp,
        retrieved_at=saved.retrieved_at,
        unreadable=saved.unreadable,
        closed_total=saved.closed_total,
        problem=problem,
    )
