"""find() over real HTTP on this computer, from the saved answer, from the samples; join()."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.support.builders import NOW, changed, found, numbered, reading, record, study
from tests.support.registry import ALWAYS, Fault, LocalRegistry
from trialfinder.errors import (
    AnswerChangedError,
    NotFoundError,
    RegistryBusyError,
    RegistryDownError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from trialfinder.finding import readings
from trialfinder.finding.search import Found, find, join
from trialfinder.reading import Reading
from trialfinder.registry.answer import Source
from trialfinder.registry.client import Progress, RegistryClient
from trialfinder.registry.snapshot import SnapshotStore
from trialfinder.vocabulary import FoundBy, Part, Relevance, Stance

ONE, TWO, THREE, FOUR, FIVE = (numbered(number) for number in range(1, 6))

RECORDS = [
    record(ONE),
    record(TWO, status="NOT_YET_RECRUITING"),
    record(THREE, status="COMPLETED"),
    record(FOUR, conditions=["Leukemia"], title="Transplant", criteria="Takes people with CML"),
    record(FIVE, status="UNKNOWN"),
]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RegistryClient.__init__.__kwdefaults__, "sleep", lambda _: None)


@pytest.fixture
def registry() -> Iterator[LocalRegistry]:
    with LocalRegistry(RECORDS) as serving:
        yield serving


Finder = Callable[..., Found]


@pytest.fixture
def look(registry: LocalRegistry, tmp_path: Path) -> Finder:
    """find() at the local registry, with a cache of its own."""

    def looked(*parts: Part, **given: Any) -> Found:
        usual: dict[str, Any] = {
            "base_url": registry.url,
            "cache_dir": tmp_path / "saved",
            "now": lambda: NOW,
        }
        return find(*parts, **usual | given)

    return looked


def statuses(whole: Found) -> set[str]:
    return set(whole.studies["overall_status"])


# --- from the registry -----------------------------------------------------------------------


def test_open_studies_come_at_first_with_the_number_of_closed_ones(look: Finder) -> None:
    whole = look()

    assert sorted(whole.by_id) == whole.studies["nct_id"].to_list() == [ONE, TWO, FOUR]
    assert statuses(whole) == {"RECRUITING", "NOT_YET_RECRUITING"}
    assert set(whole.parts) == {Part.OPEN}
    assert whole.closed_total == 2


def test_closed_studies_come_when_asked_for(look: Finder) -> None:
    assert sorted(look(Part.CLOSED).by_id) == [THREE, FIVE]
    assert look(Part.CLOSED).closed_total == 2
    assert sorted(look(Part.OPEN, Part.CLOSED).by_id) == [ONE, TWO, THREE, FOUR, FIVE]


def test_each_study_knows_which_way_it_came(look: Finder) -> None:
    whole = look()

    assert whole.by_id[ONE].found_by is FoundBy.CONDITION
    assert whole.by_id[FOUR].found_by is FoundBy.ELIGIBILITY


def test_fresh_data_say_from_when_they_are(look: Finder) -> None:
    (one,) = look().parts.values()

    assert one.source is Source.REGISTRY
    assert (one.data_timestamp, one.retrieved_at) == ("2026-11-20T09:00:05", NOW)
    assert (one.count, one.expected, one.complete, one.unreadable) == (3, 3, True, 0)
    assert one.problem is None


def test_progress_is_told_page_by_page(look: Finder) -> None:
    told: list[Progress] = []
    look(on_page=told.append)

    assert told[-1] == Progress(3, 3, 1)


def test_the_address_and_the_cache_come_from_the_environment(
    registry: LocalRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", registry.url)
    monkeypatch.setenv("TRIALFINDER_CACHE_DIR", str(tmp_path / "elsewhere"))

    assert len(find().by_id) == 3
    assert len(list((tmp_path / "elsewhere").iterdir())) == 2  # the answer and its readings


def test_a_registry_without_open_cml_studies_is_a_fault_and_not_a_finding(tmp_path: Path) -> None:
    other = record(ONE, conditions=["Asthma"], title="Asthma", criteria="Adults")
    with LocalRegistry([other]) as empty, pytest.raises(AnswerChangedError):
        find(base_url=empty.url, cache_dir=tmp_path)

    assert not list(tmp_path.iterdir())  # nor is it saved over anything


# --- the saved answer ------------------------------------------------------------------------


def test_unchanged_data_are_not_downloaded_twice(registry: LocalRegistry, look: Finder) -> None:
    first = look()
    asked = len(registry.requests)
    later = look(now=lambda: NOW + timedelta(hours=5))

    assert [request.path for request in registry.requests[asked:]] == ["/version"]
    assert later.parts[Part.OPEN].source is Source.REGISTRY
    assert later.parts[Part.OPEN].retrieved_at == NOW
    assert later.closed_total == first.closed_total
    pd.testing.assert_frame_equal(later.studies, first.studies)
    pd.testing.assert_frame_equal(later.sites, first.sites)


def test_changed_data_are_downloaded_again(registry: LocalRegistry, look: Finder) -> None:
    look()
    registry.data_timestamp = "2026-11-21T09:00:05"
    later = look(now=lambda: NOW + timedelta(days=1))

    assert later.parts[Part.OPEN].data_timestamp == "2026-11-21T09:00:05"
    assert later.parts[Part.OPEN].retrieved_at == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault.RESET, RegistryUnreachableError),
        (Fault.BLOCKED_403, RegistryRefusedError),
        (Fault.HTTP_429, RegistryBusyError),
        (Fault.HTTP_500, RegistryDownError),
        (Fault.HTTP_503_RETRY_AFTER_3600, RegistryDownError),
        (Fault.HTML_200, RegistryDownError),
        (Fault.BAD_JSON, AnswerChangedError),
        (Fault.WRONG_SHAPE, AnswerChangedError),
    ],
)
def test_a_registry_that_cannot_be_used_leaves_the_saved_answer_or_raises(
    registry: LocalRegistry,
    look: Finder,
    tmp_path: Path,
    fault: Fault,
    problem: type[RegistryError],
) -> None:
    fresh = look()
    registry.fault(fault, ALWAYS)
    with pytest.raises(problem):
        look(cache_dir=tmp_path / "empty")
    whole = look()

    assert whole.parts[Part.OPEN].source is Source.SAVED
    assert isinstance(whole.parts[Part.OPEN].problem, problem)
    assert whole.closed_total == 2
    pd.testing.assert_frame_equal(whole.studies, fresh.studies)


def test_a_failure_in_the_middle_leaves_the_saved_answer_untouched(
    registry: LocalRegistry, look: Finder
) -> None:
    look()
    registry.data_timestamp = "2026-11-21T09:00:05"
    registry.fault(Fault.HTTP_500, ALWAYS, path="/studies")
    (one,) = look().parts.values()

    assert one.source is Source.SAVED
    assert one.data_timestamp == "2026-11-20T09:00:05"


def test_a_passing_failure_is_not_noticed(registry: LocalRegistry, look: Finder) -> None:
    registry.fault(Fault.HTTP_500)
    registry.fault(Fault.TRUNCATED, path="/studies")

    assert look().parts[Part.OPEN].source is Source.REGISTRY


@pytest.mark.parametrize("fault", [Fault.WRONG_TOTAL, Fault.MISSING_TOTAL])
def test_an_answer_that_may_be_incomplete_says_so_and_is_not_saved(
    registry: LocalRegistry, look: Finder, tmp_path: Path, fault: Fault
) -> None:
    registry.fault(fault, ALWAYS)
    whole = look()

    assert not whole.parts[Part.OPEN].complete
    assert len(whole.by_id) == len(whole.readings) == 3
    assert SnapshotStore(tmp_path / "saved", registry.url).load(Part.OPEN) is None


def test_a_number_that_does_not_come_costs_only_the_number(
    registry: LocalRegistry, look: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> int:
        raise RegistryDownError("503")

    monkeypatch.setattr(RegistryClient, "count", down)
    whole = look()

    assert whole.closed_total is None
    assert len(whole.by_id) == 3


def test_a_disk_that_takes_nothing_costs_nothing(look: Finder, tmp_path: Path) -> None:
    (tmp_path / "saved").write_text("not a folder")

    whole = look()

    assert len(whole.by_id) == len(whole.readings) == 3


def test_what_is_damaged_on_disk_is_had_anew(look: Finder, tmp_path: Path) -> None:
    fresh = look()
    for saved in list((tmp_path / "saved").iterdir()):
        saved.write_bytes(saved.read_bytes()[:-20])
    again = look()

    assert again.by_id == fresh.by_id
    assert again.readings == fresh.readings
    assert len(list((tmp_path / "saved").glob("*.damaged"))) == 2


def test_an_address_that_is_no_registry_says_so(registry: LocalRegistry, look: Finder) -> None:
    with pytest.raises(NotFoundError):
        look(base_url=registry.url.replace("/api/v2", "/elsewhere"))


# --- readings ----------------------------------------------------------------------------------


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The NCT IDs of the records that were read, in their order."""
    seen: list[str] = []

    def one(raw: dict[str, Any]) -> Reading:
        nct_id: str = raw["protocolSection"]["identificationModule"]["nctId"]
        seen.append(nct_id)
        return reading(
            nct_id,
            mutations={raw["protocolSection"]["statusModule"]["overallStatus"]: Stance.ACCEPTED},
        )

    monkeypatch.setattr(readings, "read_study", one)
    return seen


def test_every_study_has_the_reading_of_its_own_record(look: Finder, read: list[str]) -> None:
    whole = look(Part.OPEN, Part.CLOSED)

    assert sorted(read) == sorted(whole.readings) == sorted(whole.by_id)
    for nct_id, one in whole.readings.items():
        assert one.nct_id == nct_id
        assert list(one.mutations) == [whole.by_id[nct_id].overall_status]


def test_no_record_is_read_twice(registry: LocalRegistry, look: Finder, read: list[str]) -> None:
    first = look(Part.OPEN, Part.CLOSED)
    read.clear()
    registry.data_timestamp = "2026-11-21T09:00:05"
    for parts in [(Part.OPEN, Part.CLOSED), (Part.OPEN,), (Part.CLOSED,)]:
        later = look(*parts)
        assert all(later.readings[nct_id] == first.readings[nct_id] for nct_id in later.by_id)

    assert read == []


def test_samples_are_read_and_not_saved(look: Finder, read: list[str], tmp_path: Path) -> None:
    whole = look(sample=True)

    assert set(read) == set(whole.readings) == set(whole.by_id)
    assert not (tmp_path / "saved").exists()


# --- samples ---------------------------------------------------------------------------------


def test_samples_ask_and_save_nothing(
    registry: LocalRegistry, look: Finder, tmp_path: Path
) -> None:
    whole = look(Part.OPEN, Part.CLOSED, sample=True)

    assert registry.requests == []
    assert not (tmp_path / "saved").exists()
    assert {one.source for one in whole.parts.values()} == {Source.SAMPLE}
    assert all(nct_id.startswith("NCT9900") for nct_id in whole.by_id)


def test_the_parts_of_the_samples_add_up() -> None:
    opened, closed = find(sample=True), find(Part.CLOSED, sample=True)
    both = find(Part.OPEN, Part.CLOSED, sample=True)

    assert set(opened.by_id) | set(closed.by_id) == set(both.by_id)
    assert not set(opened.by_id) & set(closed.by_id)
    assert opened.closed_total == closed.closed_total == both.closed_total == len(closed.by_id)


def test_samples_come_the_way_the_registry_would_have_brought_them() -> None:
    from_files = find(Part.OPEN, Part.CLOSED, sample=True)
    folder = Path(__file__).parents[2] / "fixtures" / "studies"
    records = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
    with LocalRegistry(records) as serving:
        served = find(Part.OPEN, Part.CLOSED, base_url=serving.url)

    ways = {nct_id: one.found_by for nct_id, one in from_files.by_id.items()}
    assert ways == {nct_id: one.found_by for nct_id, one in served.by_id.items()}


# --- join ------------------------------------------------------------------------------------


def test_joined_loads_have_the_studies_and_parts_of_both(look: Finder) -> None:
    joined = join(look(), look(Part.CLOSED))
    both = look(Part.OPEN, Part.CLOSED)

    assert set(joined.parts) == {Part.OPEN, Part.CLOSED}
    assert joined.closed_total == 2
    pd.testing.assert_frame_equal(joined.studies, both.studies)
    pd.testing.assert_frame_equal(joined.sites, both.sites)


def test_a_study_that_closed_in_between_is_taken_from_the_later_load() -> None:
    before, after = study(ONE), study(ONE, overall_status="COMPLETED")
    joined = join(found(before), found(after))

    assert joined.studies["overall_status"].to_list() == ["COMPLETED"]
    assert joined.sites["open"].to_list() == [False]
    assert joined.by_id[ONE] is after


def test_the_reading_of_that_study_is_taken_from_the_later_load_too() -> None:
    may = reading(ONE, relevance=Relevance.MAY)
    joined = join(found(study(ONE), study(TWO)), found(study(ONE), readings={ONE: may}))

    assert joined.readings[ONE] is may
    assert set(joined.readings) == {ONE, TWO}
    assert joined.studies["relevance"].to_list() == ["may", "yes"]


@pytest.mark.parametrize(
    ("first", "second", "total"), [(3, None, 3), (None, 4, 4), (3, 4, 4), (3, 0, 0)]
)
def test_the_later_number_of_closed_studies_holds(
    first: int | None, second: int | None, total: int
) -> None:
    one, other = found(study(ONE), closed_total=first), found(study(TWO), closed_total=second)

    assert join(one, other).closed_total == total


def test_joining_leaves_both_as_they_were() -> None:
    one, other = found(study(ONE)), changed(found(study(TWO)), source=Source.SAVED)
    join(one, other)

    assert one.studies["nct_id"].to_list() == [ONE]
    assert other.studies["nct_id"].to_list() == [TWO]
    assert one.parts[Part.OPEN].source is Source.REGISTRY
