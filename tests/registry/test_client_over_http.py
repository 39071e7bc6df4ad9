"""The client and the local registry, over real HTTP, with the sample studies and every fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from urllib3.connection import HTTPConnection

from tests.support.registry import ALWAYS, FIXTURES, Fault, LocalRegistry
from trialfinder.errors import (
    AnswerChangedError,
    NotFoundError,
    RegistryBusyError,
    RegistryDownError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from trialfinder.registry.client import Download, RegistryClient
from trialfinder.registry.parse import parse_study
from trialfinder.registry.sample import sample_answer
from trialfinder.vocabulary import OPEN_STATUSES, FoundBy, Part

PAGE = 7
"""Small enough for several pages, and no divisor of the number of samples."""


MANY_REQUESTS = 200
"""More than any test has a reason for."""


def samples(part: Part) -> set[str]:
    """The NCT IDs of a part, straight from the files."""
    found = set()
    for path in FIXTURES.glob("*.json"):
        status = json.loads(path.read_text("utf-8"))["protocolSection"]["statusModule"]
        if (status["overallStatus"] in OPEN_STATUSES) == (part is Part.OPEN):
            found.add(path.stem)
    return found


OPEN = samples(Part.OPEN)


@pytest.fixture
def local() -> Iterator[LocalRegistry]:
    with LocalRegistry.from_folder(FIXTURES) as serving:
        yield serving


class Session(requests.Session):
    """Notes each status, and does not wait for answers that a fault is about to hold back."""

    def __init__(self, local: LocalRegistry, statuses: list[int]) -> None:
        super().__init__()
        self._local = local
        self._statuses = statuses

    def request(self, *args: Any, **options: Any) -> requests.Response:
        assert len(self._statuses) < MANY_REQUESTS, "the client does not come to an end"
        if Fault.SLOW in self._local.pending:
            options["timeout"] = 0.2
        answer = super().request(*args, **options)
        self._statuses.append(answer.status_code)
        return answer


@dataclass
class Asking:
    """A client that never waits, and what became of it."""

    local: LocalRegistry
    sleeps: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def client(self, page_size: int) -> RegistryClient:
        session = Session(self.local, self.statuses)
        return RegistryClient(
            self.local.url, session=session, sleep=self.sleeps.append, page_size=page_size
        )

    def download(self, part: Part = Part.OPEN, page_size: int = PAGE) -> Download:
        with self.client(page_size) as client:
            return client.download(part, lambda _: None)


@pytest.fixture
def asking(local: LocalRegistry) -> Asking:
    return Asking(local)


@pytest.mark.parametrize("page_size", [1, PAGE, 1000])
@pytest.mark.parametrize("part", Part)
def test_every_study_comes_exactly_once(asking: Asking, part: Part, page_size: int) -> None:
    found = asking.download(part, page_size)
    assert set(found.records) == samples(part)
    assert found.total == len(found.records)
    assert (found.complete, found.unreadable) == (True, 0)
    for nct_id, (_, record) in found.records.items():
        assert record["protocolSection"]["identificationModule"]["nctId"] == nct_id


def test_a_page_that_ends_with_the_last_study_is_the_last_page(asking: Asking) -> None:
    by_condition = [way for way, _ in asking.download().records.values()].count(FoundBy.CONDITION)
    asking.statuses.clear()
    assert asking.download(page_size=by_condition).complete
    assert len(asking.statuses) == 2


def test_nothing_normal_is_refused(asking: Asking) -> None:
    with asking.client(PAGE) as client:
        client.data_timestamp()
        for part in Part:
            client.count(part)
            client.download(part, lambda _: None)
    assert set(asking.statuses) == {200}
    assert asking.sleeps == []


def test_counts_agree_with_downloads(asking: Asking) -> None:
    with asking.client(PAGE) as client:
        counts = {part: client.count(part) for part in Part}
    assert counts == {part: len(samples(part)) for part in Part}


@pytest.mark.parametrize("part", Part)
def test_samples_are_found_as_the_registry_finds_them(asking: Asking, part: Part) -> None:
    found = {nct_id: way for nct_id, (way, _) in asking.download(part).records.items()}
    assert found == {nct_id: way for nct_id, (way, _) in sample_answer(part).records.items()}


def test_records_come_whole_but_for_modules_not_asked_for(asking: Asking) -> None:
    for nct_id, (_, record) in asking.download().records.items():
        sample = json.loads((FIXTURES / f"{nct_id}.json").read_text("utf-8"))
        assert record["hasResults"] == sample["hasResults"]
        for name, module in record["protocolSection"].items():
            assert module == sample["protocolSection"][name]


def test_one_connection_serves_the_whole_download(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    connect = HTTPConnection.connect

    def counting(self: HTTPConnection) -> None:
        opened.append(self)
        connect(self)

    monkeypatch.setattr(HTTPConnection, "connect", counting)
    asking.download()
    assert len(opened) == 1


def test_full_pages_of_a_thousand_studies() -> None:
    with LocalRegistry.from_folder(FIXTURES, copies=30) as local:
        found = Asking(local).download(page_size=1000)
    assert (len(found.records), found.complete) == (30 * len(OPEN), True)


def test_data_timestamp(asking: Asking) -> None:
    asking.local.data_timestamp = "2026-12-01T09:00:05"
    with asking.client(PAGE) as client:
        assert client.data_timestamp() == "2026-12-01T09:00:05"


def test_another_address_of_the_registry_is_not_found(local: LocalRegistry) -> None:
    with RegistryClient(f"{local.url}/legacy") as client, pytest.raises(NotFoundError):
        client.data_timestamp()


def test_a_registry_that_is_gone_is_unreachable(asking: Asking) -> None:
    client = asking.client(PAGE)
    asking.local.__exit__()
    with client, pytest.raises(RegistryUnreachableError):
        client.data_timestamp()
    assert asking.sleeps == [0.5, 1.0, 2.0]


# Every fault: once, and for ever

MENDED = {
    Fault.HTTP_429: 0.5,
    Fault.HTTP_429_RETRY_AFTER_1: 1.0,
    Fault.HTTP_500: 0.5,
    Fault.HTTP_503_RETRY_AFTER_1: 1.0,
    Fault.HTML_200: 0.5,
    Fault.TRUNCATED: 0.5,
    Fault.BAD_JSON: 0.5,
    Fault.RESET: 0.5,
    Fault.SLOW: 0.5,
    Fault.STALE_TOKEN: 0,
    Fault.EMPTY_PAGE: 0,
    Fault.ENDLESS_TOKEN: 0,
    Fault.DUPLICATE: 0,
    Fault.MISSING_TOTAL: 0,
    Fault.WRONG_TOTAL: 0,
    Fault.REFRESH_BETWEEN_PAGES: 0,
    Fault.HUGE_FIELD: 0,
    Fault.MISSING_MODULES: 0,
    Fault.WRONG_TYPES: 0,
    Fault.HOSTILE_TEXT: 0,
}
"""Faults that strike once and do no harm, and the pause that they cost."""

FATAL_AT_ONCE: dict[Fault, type[RegistryError]] = {
    Fault.HTTP_503_RETRY_AFTER_3600: RegistryDownError,
    Fault.BLOCKED_403: RegistryRefusedError,
    Fault.WRONG_SHAPE: AnswerChangedError,
}
FATAL_IF_THEY_STAY: dict[Fault, type[RegistryError]] = {
    Fault.HTTP_429: RegistryBusyError,
    Fault.HTTP_429_RETRY_AFTER_1: RegistryBusyError,
    Fault.HTTP_500: RegistryDownError,
    Fault.HTTP_503_RETRY_AFTER_1: RegistryDownError,
    Fault.HTML_200: RegistryDownError,
    Fault.TRUNCATED: RegistryUnreachableError,
    Fault.BAD_JSON: AnswerChangedError,
    Fault.RESET: RegistryUnreachableError,
    Fault.SLOW: RegistryUnreachableError,
    Fault.STALE_TOKEN: RegistryDownError,
}
HARMLESS = (
    *(Fault.DUPLICATE, Fault.HUGE_FIELD),
    *(Fault.MISSING_MODULES, Fault.WRONG_TYPES, Fault.HOSTILE_TEXT),
)
INCOMPLETE = (
    *(Fault.EMPTY_PAGE, Fault.ENDLESS_TOKEN, Fault.MISSING_TOTAL, Fault.WRONG_TOTAL),
    Fault.REFRESH_BETWEEN_PAGES,
)


def test_no_fault_is_forgotten() -> None:
    assert {*MENDED, *FATAL_AT_ONCE} == {*Fault}
    assert {*FATAL_AT_ONCE, *FATAL_IF_THEY_STAY, *HARMLESS, *INCOMPLETE} == {*Fault}


@pytest.mark.parametrize("fault", MENDED)
def test_what_goes_wrong_once_is_mended(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault)
    found = asking.download()
    assert asking.local.pending == []
    assert set(found.records) == OPEN
    assert found.complete
    assert sum(asking.sleeps) == MENDED[fault]


@pytest.mark.parametrize("fault", FATAL_AT_ONCE)
def test_what_another_try_cannot_mend_is_not_tried_again(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault)
    with pytest.raises(FATAL_AT_ONCE[fault]):
        asking.download()
    assert asking.sleeps == []
    assert len(asking.local.requests) == 1


@pytest.mark.parametrize("fault", FATAL_IF_THEY_STAY)
def test_what_stays_wrong_ends_in_its_own_error(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault, ALWAYS)
    with pytest.raises(FATAL_IF_THEY_STAY[fault]):
        asking.download()
    assert len(asking.local.requests) == 4


@pytest.mark.parametrize("fault", HARMLESS)
def test_odd_content_is_no_error(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault, ALWAYS)
    found = asking.download(page_size=1000)
    assert set(found.records) == OPEN
    assert found.complete
    for nct_id, (way, record) in found.records.items():
        assert parse_study(nct_id, way, record).nct_id == nct_id


@pytest.mark.parametrize("fault", INCOMPLETE)
def test_what_never_adds_up_ends_as_incomplete(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault, ALWAYS)
    found = asking.download()
    assert not found.complete
    assert set(found.records) <= OPEN


@pytest.mark.parametrize("fault", [Fault.MISSING_TOTAL, Fault.WRONG_TOTAL])
def test_wrong_totals_lose_no_study(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault, ALWAYS)
    assert set(asking.download().records) == OPEN


@pytest.mark.parametrize("fault", FATAL_AT_ONCE | FATAL_IF_THEY_STAY)
def test_a_count_is_right_or_an_error(asking: Asking, fault: Fault) -> None:
    asking.local.fault(fault, ALWAYS)
    counted: int | type[RegistryError] | None
    try:
        with asking.client(PAGE) as client:
            counted = client.count(Part.OPEN)
    except RegistryError as error:
        counted = type(error)
    one_page_only = fault is Fault.STALE_TOKEN
    expected = FATAL_AT_ONCE | FATAL_IF_THEY_STAY
    assert counted == (len(OPEN) if one_page_only else expected[fault])
