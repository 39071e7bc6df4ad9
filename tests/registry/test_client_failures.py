"""The client when things go wrong: another try, the budget for that, and errors that stay."""

from __future__ import annotations

import json
import traceback

import pytest
import requests

from tests.support.scripted import NOTHING, STAMP, STUDIES, VERSION, Json, Script, Scripted, page
from trialfinder.errors import (
    AnswerChangedError,
    NotFoundError,
    QueryRejectedError,
    QueryTooLongError,
    RegistryBusyError,
    RegistryDownError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from trialfinder.registry.client import RegistryClient

# Another try

PASSING: list[tuple[Json, type[RegistryError]]] = [
    (requests.ConnectionError("refused"), RegistryUnreachableError),
    (requests.exceptions.SSLError("certificate"), RegistryUnreachableError),
    (requests.exceptions.ConnectTimeout("slow"), RegistryUnreachableError),
    (requests.exceptions.ReadTimeout("slow"), RegistryUnreachableError),
    (requests.exceptions.ChunkedEncodingError("truncated"), RegistryUnreachableError),
    (requests.exceptions.ContentDecodingError("truncated"), RegistryUnreachableError),
    (429, RegistryBusyError),
    (500, RegistryDownError),
    (502, RegistryDownError),
    (503, RegistryDownError),
    ({"body": "<h1>Maintenance</h1>", "content_type": "text/html"}, RegistryDownError),
    ({"body": '{"dataTim', "content_type": "application/json"}, AnswerChangedError),
    ({"body": "", "content_type": "application/json"}, AnswerChangedError),
    ({"body": b"\xff\xfe\xfd", "content_type": "application/json"}, AnswerChangedError),
    ({"body": "[" * 100_000, "content_type": "application/json"}, AnswerChangedError),
]


@pytest.mark.parametrize("failure", [failure for failure, _ in PASSING])
def test_what_passes_is_tried_again_after_growing_pauses(registry: Scripted, failure: Json) -> None:
    registry.fail(VERSION, failure, failure, failure, {"json": STAMP})
    assert registry.client.data_timestamp() == STAMP["dataTimestamp"]
    assert registry.sleeps == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(("failure", "error"), PASSING)
def test_what_does_not_pass_ends_after_four_attempts(
    registry: Scripted, failure: Json, error: type[RegistryError]
) -> None:
    registry.fail(VERSION, failure)
    with pytest.raises(RegistryError) as caught:
        registry.client.data_timestamp()
    assert type(caught.value) is error
    assert len(registry.calls) == 4
    assert registry.sleeps == [0.5, 1.0, 2.0]


def test_the_last_failure_names_the_error(registry: Scripted) -> None:
    registry.fail(VERSION, 500, requests.ConnectionError("refused"), 500, 429)
    with pytest.raises(RegistryBusyError):
        registry.client.data_timestamp()


def test_pauses_start_anew_with_each_request(registry: Scripted) -> None:
    first = page(1, 2, total=3, more="a")
    registry.script([500, first, 500, 500, page(3)])
    assert registry.download().complete
    assert registry.sleeps == [0.5, 0.5, 1.0]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept_to(registry: Scripted, status: int) -> None:
    registry.get(VERSION, status=status, headers={"Retry-After": "7"})
    registry.get(VERSION, json=STAMP)
    registry.client.data_timestamp()
    assert registry.sleeps == [7.0]


def test_retry_after_may_be_a_date(registry: Scripted) -> None:
    registry.get(VERSION, status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    registry.get(VERSION, json=STAMP)
    registry.client.data_timestamp()
    assert registry.sleeps == [0.0]


@pytest.mark.parametrize("value", ["61", "3600", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_retry_after_beyond_the_budget_ends_at_once(registry: Scripted, value: str) -> None:
    registry.get(VERSION, status=429, headers={"Retry-After": value})
    with pytest.raises(RegistryBusyError):
        registry.client.data_timestamp()
    assert (len(registry.calls), registry.sleeps) == (1, [])


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "",
        "-1",
        "1.5",
        pytest.param("9" * 5000, id="5000 digits"),
        "Fri, 31 Dec 99999999 23:59:59 GMT",
    ],
)
def test_retry_after_that_cannot_be_read_is_no_retry_after(registry: Scripted, value: str) -> None:
    registry.get(VERSION, status=429, headers={"Retry-After": value})
    registry.get(VERSION, json=STAMP)
    registry.client.data_timestamp()
    assert registry.sleeps == [0.5]


# The budget


def answer_slowly(registry: Scripted, seconds: float, *statuses: int) -> None:
    left = [*statuses]

    def reply(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        registry.now += seconds
        return left.pop(0) if len(left) > 1 else left[0], {}, json.dumps(STAMP)

    registry.add_callback("GET", VERSION, reply, content_type="application/json")


def test_slow_failures_use_up_the_budget(registry: Scripted) -> None:
    answer_slowly(registry, 29.0, 500)
    with pytest.raises(RegistryDownError):
        registry.client.data_timestamp()
    assert (len(registry.calls), registry.sleeps) == (3, [0.5, 1.0])


def test_the_budget_is_for_everything_a_client_does(registry: Scripted) -> None:
    answer_slowly(registry, 25.0, 500, 500, 200, 500)
    assert registry.client.data_timestamp() is not None
    with pytest.raises(RegistryDownError):
        registry.client.data_timestamp()
    assert (len(registry.calls), registry.sleeps) == (4, [0.5, 1.0])


def test_pauses_count_towards_the_budget(registry: Scripted) -> None:
    registry.get(VERSION, status=503, headers={"Retry-After": "40"})
    registry.get(VERSION, json=STAMP)
    registry.get(VERSION, status=503, headers={"Retry-After": "40"})
    registry.client.data_timestamp()
    with pytest.raises(RegistryDownError):
        registry.client.data_timestamp()
    assert (len(registry.calls), registry.sleeps) == (3, [40.0])


def test_success_costs_nothing_of_the_budget(registry: Scripted) -> None:
    answer_slowly(registry, 100.0, 200)
    registry.client.data_timestamp()
    registry.replace("GET", VERSION, status=500)
    with pytest.raises(RegistryDownError):
        registry.client.data_timestamp()
    assert registry.sleeps == [0.5, 1.0, 2.0]


# Errors that stay

FINAL = [
    (400, QueryRejectedError),
    (403, RegistryRefusedError),
    (404, NotFoundError),
    (414, QueryTooLongError),
]


@pytest.mark.parametrize(("status", "error"), FINAL)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/html"])
def test_refusals_are_asked_once_and_never_read_as_data(
    registry: Scripted,
    status: int,
    error: type[RegistryError],
    kind: str,
) -> None:
    registry.get(VERSION, status=status, body=json.dumps(STAMP), content_type=kind)
    with pytest.raises(RegistryError) as caught:
        registry.client.data_timestamp()
    assert type(caught.value) is error
    assert (len(registry.calls), registry.sleeps) == (1, [])


def test_refusals_have_codes_of_their_own() -> None:
    assert len({error.code for _, error in FINAL}) == len(FINAL)


@pytest.mark.parametrize("body", [[], [STAMP], "text", 5, None, True])
def test_json_that_is_no_object_is_an_answer_that_changed(registry: Scripted, body: Json) -> None:
    registry.get(VERSION, body=json.dumps(body), content_type="application/json")
    with pytest.raises(AnswerChangedError):
        registry.client.data_timestamp()
    assert len(registry.calls) == 1


@pytest.mark.parametrize("kind", ["application/json;charset=UTF-8", "Application/JSON"])
def test_json_may_be_called_json_in_any_way(registry: Scripted, kind: str) -> None:
    registry.get(VERSION, body=json.dumps(STAMP), content_type=kind)
    assert registry.client.data_timestamp() == STAMP["dataTimestamp"]


@pytest.mark.parametrize(
    "base_url",
    [
        "htp://registry.example",
        "registry.example/api/v2",
        "http://",
        "http://[::1",
        "http://x:99999",
        pytest.param(f"http://{'a' * 70}.example/api/v2", id="a label of 70 letters"),
    ],
)
def test_what_is_no_address_is_not_asked_again(base_url: str) -> None:
    pauses: list[float] = []
    with RegistryClient(base_url, sleep=pauses.append) as client:
        with pytest.raises(NotFoundError):
            client.data_timestamp()
        assert pauses == []


LOUD = f"HTTPSConnectionPool: Max retries exceeded with url: {STUDIES}?query.cond=leukemia"


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError(LOUD),
        requests.exceptions.ReadTimeout(LOUD),
        requests.exceptions.InvalidURL(LOUD),
        requests.exceptions.TooManyRedirects(LOUD),
        *(400, 403, 404, 414, 429, 500),
        {"body": LOUD, "content_type": "text/html"},
        {"body": LOUD, "content_type": "application/json"},
        {"body": json.dumps([LOUD]), "content_type": "application/json"},
        {"body": json.dumps({"studies": LOUD}), "content_type": "application/json"},
    ],
)
def test_no_error_says_what_was_asked(registry: Scripted, failure: Json) -> None:
    registry.fail(STUDIES, failure)
    with pytest.raises(RegistryError) as caught:
        registry.download()
    error = caught.value
    for said in (str(error), repr(error), *map(str, error.args)):
        assert "leukemia" not in said
        assert "registry.example" not in said


@pytest.mark.parametrize(
    "failure", [requests.ConnectionError(LOUD), requests.exceptions.InvalidURL(LOUD), 400, 500]
)
def test_no_traceback_says_what_was_asked(registry: Scripted, failure: Json) -> None:
    registry.fail(STUDIES, failure)
    with pytest.raises(RegistryError) as caught:
        registry.download()
    assert "query.cond=leukemia" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("condition", "eligibility"),
    [([page(1, total=1)], [403]), ([NOTHING], [500])],
)
def test_half_a_download_is_no_download(
    registry: Scripted, condition: Script, eligibility: Script
) -> None:
    registry.script(condition, eligibility)
    with pytest.raises(RegistryError):
        registry.download()
