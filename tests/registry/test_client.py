"""The client against scripted answers: pages, counts, addresses."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from tests.support.scripted import (
    BASE,
    NOTHING,
    STAMP,
    VERSION,
    Json,
    Scripted,
    page,
    study,
)
from trialfinder.errors import (
    AnswerChangedError,
    QueryRejectedError,
    RegistryDownError,
)
from trialfinder.registry.client import (
    DEFAULT_URL,
    Download,
    Progress,
    RegistryClient,
    registry_url,
)
from trialfinder.vocabulary import FoundBy, Part


def params_of(call: responses.Call) -> dict[str, str]:
    query = urlsplit(str(call.request.url)).query
    return {name: value for name, (value,) in parse_qs(query, strict_parsing=True).items()}


def numbers(found: Download) -> list[int]:
    return [int(nct_id[3:]) for nct_id in found.records]


# Pages


def test_one_page_of_each_way(registry: Scripted) -> None:
    registry.script([page(1, 2, total=2)], [page(3, total=1)])
    assert registry.download() == Download(
        records={
            "NCT00000001": (FoundBy.CONDITION, study(1)),
            "NCT00000002": (FoundBy.CONDITION, study(2)),
            "NCT00000003": (FoundBy.ELIGIBILITY, study(3)),
        },
        total=3,
        complete=True,
        unreadable=0,
    )
    assert len(registry.calls) == 2


def test_pages_are_walked_to_the_true_end(registry: Scripted) -> None:
    registry.script([page(1, 2, total=5, more="a"), page(3, 4, more="b"), page(5)])
    found = registry.download()
    assert (numbers(found), found.total, found.complete) == ([1, 2, 3, 4, 5], 5, True)


def test_only_the_token_changes_from_page_to_page(registry: Scripted) -> None:
    registry.script([page(1, 2, total=3, more="a/b+c=|d"), page(3)])
    registry.download()
    first, second = params_of(registry.calls[0]), params_of(registry.calls[1])
    assert first["pageSize"] == "2"
    assert second == first | {"pageToken": "a/b+c=|d"}


def test_a_full_last_page_is_the_end_once_everything_is_here(registry: Scripted) -> None:
    registry.script([page(1, 2, total=2, more="a"), page()])
    assert registry.download().complete
    assert len(registry.calls) == 2


def test_a_full_last_page_may_lead_to_an_empty_one(registry: Scripted) -> None:
    walk = [page(1, 2, more="a"), page(more="b")]
    registry.script([*walk, *walk])
    assert numbers(registry.download()) == [1, 2]
    assert len(registry.calls) == 5  # two walks of two pages, and the other way


def test_a_token_without_end_ends(registry: Scripted) -> None:
    registry.script([page(1, 2, total=9, more="a")])
    found = registry.download()
    assert (numbers(found), found.complete) == ([1, 2], False)


def test_a_token_without_end_ends_when_entries_are_unreadable(registry: Scripted) -> None:
    body = page(1, total=9, more="a")
    body["studies"].append({"protocolSection": {}})
    registry.script([body])
    found = registry.download()
    assert (numbers(found), found.complete) == ([1], False)


def test_a_study_that_comes_twice_is_one_study(registry: Scripted) -> None:
    registry.script([page(1, 2, 1, total=3, more="a"), page(2, 3)], [page(3, 4, total=2)])
    found = registry.download()
    assert numbers(found) == [1, 2, 3, 4]
    assert found.records["NCT00000003"] == (FoundBy.CONDITION, study(3))
    assert found.complete


def test_a_missing_total_is_asked_for_once_more(registry: Scripted) -> None:
    registry.script([page(1, 2), page(1, 2, total=2)])
    found = registry.download()
    assert (found.total, found.complete, len(registry.calls)) == (2, True, 3)


def test_without_any_total_the_studies_come_but_not_as_complete(registry: Scripted) -> None:
    registry.script([page(1, 2)])
    found = registry.download()
    assert (numbers(found), found.total, found.complete) == ([1, 2], None, False)
    assert len(registry.calls) == 3


@pytest.mark.parametrize("announced", [True, "2", None, 2.0, {}])
def test_a_total_that_is_no_number_is_no_total(registry: Scripted, announced: Json) -> None:
    registry.script([page(1, 2) | {"totalCount": announced}])
    found = registry.download()
    assert (numbers(found), found.total, found.complete) == ([1, 2], None, False)


def test_too_few_studies_restart_the_walk_exactly_once(registry: Scripted) -> None:
    registry.script([page(1, 2, total=3)])
    found = registry.download()
    assert (numbers(found), found.total, found.complete) == ([1, 2], 3, False)
    assert len(registry.calls) == 3


def test_too_many_studies_restart_the_walk_exactly_once(registry: Scripted) -> None:
    registry.script([page(1, 2, total=1)])
    found = registry.download()
    assert (numbers(found), found.total, found.complete) == ([1, 2], 1, False)
    assert len(registry.calls) == 3


def test_a_walk_that_is_complete_the_second_time_is_complete(registry: Scripted) -> None:
    registry.script([page(1, 2, total=3), page(1, 3, total=3, more="a"), page(4)])
    found = registry.download()
    assert (numbers(found), found.complete) == ([1, 3, 4], True)


def test_one_incomplete_way_makes_the_download_incomplete(registry: Scripted) -> None:
    registry.script([page(1, total=2)], [page(2, total=1)])
    assert not registry.download().complete


def test_a_stale_token_restarts_the_walk(registry: Scripted) -> None:
    first = page(1, 2, total=3, more="a")
    registry.script([first, 400, first, page(3)])
    found = registry.download()
    assert (numbers(found), found.complete) == ([1, 2, 3], True)
    assert "pageToken" not in params_of(registry.calls[2])


def test_a_token_that_stays_stale_means_that_the_data_keep_changing(registry: Scripted) -> None:
    first = page(1, 2, total=3, more="a")
    registry.script([first, 400, first, 400])
    with pytest.raises(RegistryDownError):
        registry.download()
    assert len(registry.calls) == 4


def test_a_refused_question_does_not_restart_the_walk(registry: Scripted) -> None:
    registry.script([400])
    with pytest.raises(QueryRejectedError):
        registry.download()
    assert len(registry.calls) == 1


@pytest.mark.parametrize(
    "entry",
    [
        {},
        None,
        "NCT00000001",
        [],
        {"protocolSection": None},
        {"protocolSection": []},
        {"protocolSection": {"identificationModule": "NCT00000001"}},
        {"protocolSection": {"identificationModule": {"nctId": None}}},
        {"protocolSection": {"identificationModule": {"nctId": 1}}},
        {"protocolSection": {"identificationModule": {"nctId": "NCT1"}}},
        {"protocolSection": {"identificationModule": {"nctId": "NCT000000012"}}},
        {"protocolSection": {"identificationModule": {"nctId": "NCT00000001\n"}}},
        {"protocolSection": {"identificationModule": {"nctId": "NCT٠٠٠٠٠٠٠١"}}},
    ],
)
def test_entries_without_nct_id_are_counted_as_unreadable(registry: Scripted, entry: Json) -> None:
    body = page(1, total=2)
    body["studies"].append(entry)
    registry.script([body])
    found = registry.download()
    assert (numbers(found), found.unreadable, found.complete) == ([1], 1, True)


@pytest.mark.parametrize("studies", [None, {}, "NCT00000001", 3])
@pytest.mark.parametrize("good_pages", [0, 1])
def test_studies_that_are_no_list_are_an_answer_that_changed(
    registry: Scripted, studies: Json, good_pages: int
) -> None:
    registry.script([*[page(1, total=2, more="a")] * good_pages, {"studies": studies}])
    with pytest.raises(AnswerChangedError):
        registry.download()
    assert len(registry.calls) == good_pages + 1


def test_an_answer_without_studies_is_an_answer_that_changed(registry: Scripted) -> None:
    registry.script([{"totalCount": 0}])
    with pytest.raises(AnswerChangedError):
        registry.download()


def test_progress_adds_up_over_pages_and_ways(registry: Scripted) -> None:
    registry.script(
        [page(1, 2, total=3, more="a"), page(3)],
        [page(4, 5, total=3, more="a"), page(6)],
    )
    heard: list[Progress] = []
    registry.download(heard.append)
    assert heard == [Progress(2, 3, 1), Progress(3, 3, 2), Progress(5, 6, 1), Progress(6, 6, 2)]


def test_progress_without_a_total_says_so(registry: Scripted) -> None:
    registry.script([page(1)], [page(2, total=1)])
    heard: list[Progress] = []
    registry.download(heard.append)
    assert heard == [Progress(1, None, 1), Progress(1, None, 1), Progress(2, None, 1)]


def test_all_four_questions_can_be_asked(registry: Scripted) -> None:
    registry.script([NOTHING])
    for part in Part:
        registry.client.download(part, lambda _: None)
    statuses = [params_of(call)["filter.overallStatus"] for call in registry.calls]
    assert statuses[0] == statuses[1] != statuses[2] == statuses[3]
    assert ["query.cond" in params_of(call) for call in registry.calls] == [
        True,
        False,
        True,
        False,
    ]


# Counting, version, addresses


def test_count_adds_both_ways(registry: Scripted) -> None:
    registry.script([page(1, total=1200)], [page(2, total=34)])
    assert registry.client.count(Part.CLOSED) == 1234
    assert [params_of(call)["pageSize"] for call in registry.calls] == ["1", "1"]


def test_count_is_not_known_if_one_way_does_not_say(registry: Scripted) -> None:
    registry.script([page(1, total=1200)], [page(2)])
    assert registry.client.count(Part.CLOSED) is None


def test_data_timestamp(registry: Scripted) -> None:
    registry.get(VERSION, json=STAMP)
    assert registry.client.data_timestamp() == "2026-11-20T09:00:05"


@pytest.mark.parametrize("version", [{}, {"dataTimestamp": ""}, {"dataTimestamp": 5}])
def test_a_version_may_lack_its_timestamp(registry: Scripted, version: Json) -> None:
    registry.get(VERSION, json=version)
    assert registry.client.data_timestamp() is None


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, DEFAULT_URL),
        ({"TRIALFINDER_REGISTRY_URL": ""}, DEFAULT_URL),
        ({"TRIALFINDER_REGISTRY_URL": "  "}, DEFAULT_URL),
        ({"TRIALFINDER_REGISTRY_URL": "/"}, DEFAULT_URL),
        ({"TRIALFINDER_REGISTRY_URL": BASE}, BASE),
        ({"TRIALFINDER_REGISTRY_URL": f" {BASE}// "}, BASE),
    ],
)
def test_the_registry_can_be_named_in_the_environment(environ: dict[str, str], url: str) -> None:
    assert registry_url(environ) == url


def test_the_environment_is_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert registry_url() == DEFAULT_URL == "https://clinicaltrials.gov/api/v2"
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", BASE)
    assert registry_url() == BASE


def test_no_request_holds_a_python_boolean(registry: Scripted) -> None:
    registry.script([page(1, 2, total=3, more="a"), page(3)])
    registry.download()
    registry.client.count(Part.CLOSED)
    for call in registry.calls:
        assert not {"True", "False", "None"} & {*params_of(call).values()}


def test_requests_identify_themselves_as_requests_does(registry: Scripted) -> None:
    registry.get(VERSION, json=STAMP)
    registry.client.data_timestamp()
    agent = registry.calls[0].request.headers["User-Agent"]
    assert agent == requests.utils.default_user_agent()


def test_every_request_has_a_time_limit(registry: Scripted) -> None:
    registry.get(VERSION, json=STAMP)
    registry.client.data_timestamp()
    connect, read = registry.calls[0].request.req_kwargs["timeout"]  # type: ignore[attr-defined]
    assert 0 < connect <= 15
    assert 15 <= read <= 60


def test_leaving_the_with_block_closes_the_session() -> None:
    class Session(requests.Session):
        closed = False

        def close(self) -> None:
            self.closed = True
            super().close()

    session = Session()
    with RegistryClient(BASE, session=session):
        assert not session.closed
    assert session.closed
