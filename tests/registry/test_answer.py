"""When the registry is asked, when the saved answer stands in, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.scripted import BASE, study
from trialfinder.errors import (
    QueryRejectedError,
    RegistryDownError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from trialfinder.registry.answer import Answer, Source, answer
from trialfinder.registry.client import Download, Progress, Record
from trialfinder.registry.snapshot import Snapshot, SnapshotStore
from trialfinder.vocabulary import FoundBy, Part

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
EARLIER = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
OLD_STAMP, NEW_STAMP = "2026-11-20T09:00:05", "2026-11-21T09:00:05"


def records(*numbers: int) -> dict[str, tuple[FoundBy, Record]]:
    return {f"NCT{number:08}": (FoundBy.CONDITION, study(number)) for number in numbers}


SAVED = Snapshot(records(1), 2, 700, OLD_STAMP, EARLIER)
FRESH = Download(records(1, 2), 3, complete=True, unreadable=1)


@dataclass
class Stub:
    """Stands in for `RegistryClient`: values to return, or errors to raise."""

    stamp: str | RegistryError | None = NEW_STAMP
    fresh: Download | RegistryError = FRESH
    closed: int | RegistryError | None = 800
    asked: list[str] = field(default_factory=list)

    def _reply(self, what: str, value: Any) -> Any:
        self.asked.append(what)
        if isinstance(value, RegistryError):
            raise value
        return value

    def data_timestamp(self) -> str | None:
        return self._reply("version", self.stamp)

    def count(self, part: Part) -> int | None:
        return self._reply(f"count {part}", self.closed)

    def download(self, part: Part, on_page: Callable[[Progress], None]) -> Download:
        on_page(Progress(2, 3, 1))
        return self._reply(f"download {part}", self.fresh)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path, BASE)


def ask(stub: Stub, store: SnapshotStore, part: Part = Part.OPEN) -> Answer:
    return answer(part, stub, store, now=lambda: NOW, on_page=lambda _: None)  # type: ignore[arg-type]


def test_the_first_answer_is_downloaded_and_saved(store: SnapshotStore) -> None:
    assert ask(Stub(), store) == Answer(
        records=FRESH.records,
        source=Source.REGISTRY,
        data_timestamp=NEW_STAMP,
        retrieved_at=NOW,
        complete=True,
        expected=3,
        unreadable=1,
        closed_total=800,
        problem=None,
    )
    assert store.load(Part.OPEN) == Snapshot(FRESH.records, 1, 800, NEW_STAMP, NOW)


def test_unchanged_data_are_not_downloaded_again(store: SnapshotStore) -> None:
    store.save(Part.OPEN, SAVED)
    stub = Stub(stamp=OLD_STAMP)
    assert ask(stub, store) == Answer(
        records=SAVED.records,
        source=Source.REGISTRY,
        data_timestamp=OLD_STAMP,
        retrieved_at=EARLIER,
        unreadable=2,
        closed_total=700,
    )
    assert stub.asked == ["version"]


def test_changed_data_are_downloaded_and_saved(store: SnapshotStore) -> None:
    store.save(Part.OPEN, SAVED)
    found = ask(Stub(), store)
    assert (found.source, found.data_timestamp) == (Source.REGISTRY, NEW_STAMP)
    saved = store.load(Part.OPEN)
    assert saved is not None
    assert (saved.data_timestamp, set(saved.records)) == (NEW_STAMP, set(FRESH.records))


@pytest.mark.parametrize("saved_stamp", [None, OLD_STAMP])
def test_without_a_timestamp_there_is_always_a_download(
    store: SnapshotStore, saved_stamp: str | None
) -> None:
    store.save(Part.OPEN, Snapshot(records(1), 0, None, saved_stamp, EARLIER))
    stub = Stub(stamp=None)
    found = ask(stub, store)
    assert "download open" in stub.asked
    assert (found.records, found.data_timestamp) == (FRESH.records, None)


PROBLEMS = [RegistryUnreachableError("x"), RegistryRefusedError("403"), QueryRejectedError("400")]


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("where", ["stamp", "fresh"])
def test_the_saved_answer_stands_in_and_says_why(
    store: SnapshotStore, where: str, problem: RegistryError
) -> None:
    store.save(Part.OPEN, SAVED)
    found = ask(Stub(**{where: problem}), store)
    assert found.source is Source.SAVED
    assert found.problem is problem
    assert (found.records, found.data_timestamp) == (SAVED.records, OLD_STAMP)
    assert (found.retrieved_at, found.closed_total, found.unreadable) == (EARLIER, 700, 2)


def test_a_saved_answer_stays_saved_while_it_stands_in(store: SnapshotStore) -> None:
    store.save(Part.OPEN, SAVED)
    ask(Stub(fresh=RegistryDownError("503")), store)
    assert store.load(Part.OPEN) == SAVED


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("where", ["stamp", "fresh"])
def test_without_a_saved_answer_the_error_is_raised(
    store: SnapshotStore, where: str, problem: RegistryError
) -> None:
    with pytest.raises(type(problem)) as caught:
        ask(Stub(**{where: problem}), store)
    assert caught.value is problem


def test_a_damaged_file_does_not_stand_in(store: SnapshotStore) -> None:
    store.save(Part.OPEN, SAVED)
    store.path(Part.OPEN).write_bytes(b"damaged")
    with pytest.raises(RegistryDownError):
        ask(Stub(stamp=RegistryDownError("503")), store)


@pytest.mark.parametrize("before", [None, SAVED])
def test_an_incomplete_download_is_shown_but_never_saved(
    store: SnapshotStore, before: Snapshot | None
) -> None:
    if before is not None:
        store.save(Part.OPEN, before)
    found = ask(Stub(fresh=Download(records(1, 2), 5, complete=False, unreadable=0)), store)
    assert (len(found.records), found.complete, found.expected) == (2, False, 5)
    assert found.source is Source.REGISTRY
    assert store.load(Part.OPEN) == before


@pytest.mark.parametrize("closed", [None, RegistryDownError("503"), RegistryRefusedError("403")])
def test_a_count_that_fails_does_not_lose_the_download(
    store: SnapshotStore, closed: RegistryError | None
) -> None:
    found = ask(Stub(closed=closed), store)
    assert (found.records, found.closed_total, found.problem) == (FRESH.records, None, None)
    saved = store.load(Part.OPEN)
    assert saved is not None
    assert saved.closed_total is None


def test_closed_studies_are_counted_beside_open_ones_only(store: SnapshotStore) -> None:
    stub = Stub()
    assert ask(stub, store, Part.CLOSED).closed_total is None
    assert stub.asked == ["version", "download closed"]


def test_the_parts_are_saved_apart(store: SnapshotStore) -> None:
    ask(Stub(), store, Part.OPEN)
    ask(stub := Stub(), store, Part.CLOSED)
    assert stub.asked == ["version", "download closed"]


def test_a_disk_that_takes_nothing_costs_nothing_now(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = ask(Stub(), SnapshotStore(tmp_path / "file" / "cache", BASE))
    assert found.records == FRESH.records


def test_progress_is_passed_on(store: SnapshotStore) -> None:
    heard: list[Progress] = []
    answer(Part.OPEN, Stub(), store, now=lambda: NOW, on_page=heard.append)  # type: ignore[arg-type]
    assert heard == [Progress(2, 3, 1)]
