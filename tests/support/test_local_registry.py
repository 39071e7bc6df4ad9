"""The local registry itself: what it serves, what it refuses, how it fails when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.registry import (
    ALWAYS,
    HOSTILE,
    HUGE_FIELD_LENGTH,
    Fault,
    LocalRegistry,
    nct_id,
)
from tests.support.registry.__main__ import main

MODULES = (
    "protocolSection.identificationModule|protocolSection.statusModule|"
    "protocolSection.sponsorCollaboratorsModule|protocolSection.descriptionModule|"
    "protocolSection.conditionsModule|protocolSection.designModule|"
    "protocolSection.armsInterventionsModule|protocolSection.eligibilityModule|"
    "protocolSection.contactsLocationsModule|protocolSection.ipdSharingStatementModule|"
    "derivedSection.conditionBrowseModule|derivedSection.interventionBrowseModule|"
    "derivedSection.miscInfoModule|hasResults"
)


def study(
    number: int,
    title: str,
    *,
    conditions: tuple[str, ...] = (),
    criteria: str = "",
    status: str = "RECRUITING",
    phases: tuple[str, ...] = (),
) -> dict[str, Any]:
    """An invented record, as small as the tests allow."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number}", "briefTitle": title},
            "statusModule": {"overallStatus": status, "startDateStruct": {"date": "2026-01"}},
            "conditionsModule": {"conditions": [*conditions]},
            "designModule": {"phases": [*phases]},
            "eligibilityModule": {"eligibilityCriteria": criteria},
            "contactsLocationsModule": {"locations": [{"city": "Boston"}, {"zip": "02115"}]},
        },
        "hasResults": False,
    }


STUDIES = [
    study(99000001, "A TKI", conditions=("Chronic Myeloid Leukemia",), phases=("PHASE1", "PHASE2")),
    study(99000002, "Another TKI in CML-CP", phases=("PHASE3",), status="COMPLETED"),
    study(
        99000003,
        "A third",
        conditions=("Leukemia, Myelogenous, Chronic, BCR-ABL Positive",),
        status="NOT_YET_RECRUITING",
    ),
    study(99000004, "Monocytes", conditions=("CMML", "Chronic Myelomonocytic Leukemia")),
    study(99000005, "Transplants", criteria="* Chronic myelogenous leukaemia past first phase"),
    study(99000006, "Mixed", conditions=("Chronic Lymphocytic Leukemia", "Acute Myeloid Leukemia")),
]


@pytest.fixture
def registry() -> Iterator[LocalRegistry]:
    with LocalRegistry(STUDIES) as serving:
        yield serving


def get(registry: LocalRegistry, path: str = "/studies", **params: Any) -> requests.Response:
    """``query_cond=`` stands for ``query.cond=``."""
    named = {name.replace("_", "."): value for name, value in params.items()}
    return requests.get(registry.url + path, params=named, timeout=5)


def last_digits(answer: requests.Response) -> str:
    assert answer.status_code == 200, answer.text
    return "".join(nct_id(found)[-1] for found in answer.json()["studies"])


def search(registry: LocalRegistry, **params: Any) -> str:
    return last_digits(get(registry, **params))


def refusal(registry: LocalRegistry, path: str = "/studies", **params: Any) -> str:
    answer = get(registry, path, **params)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/plain")
    return answer.text


def walk(registry: LocalRegistry, most: int = 20, **params: Any) -> str:
    """The last digits of all pages, a bar between pages."""
    pages: list[str] = []
    token: dict[str, str] = {}
    for _ in range(most):
        answer = get(registry, **params, **token)
        pages.append(last_digits(answer))
        if "nextPageToken" not in answer.json():
            break
        token = {"pageToken": answer.json()["nextPageToken"]}
    return "|".join(pages)


# What it serves


def test_version_can_be_set(registry: LocalRegistry) -> None:
    assert get(registry, "/version").json()["apiVersion"] == "2.0.5"
    registry.data_timestamp = "2026-12-01T09:00:05"
    assert get(registry, "/version").json()["dataTimestamp"] == "2026-12-01T09:00:05"


def test_one_study(registry: LocalRegistry) -> None:
    assert get(registry, "/studies/NCT99000001").json() == STUDIES[0]
    assert get(registry, "/studies/nct099000001", fields="hasResults").json() == {
        "hasResults": False
    }
    missing = get(registry, "/studies/NCT99999999")
    assert (missing.status_code, missing.headers["Content-Type"].split(";")[0]) == (
        404,
        "text/plain",
    )
    assert "format" in refusal(registry, "/studies/NCT00000000")
    assert refusal(registry, "/studies/NCT99000001", query_cond="CML") == (
        "Invalid prefix in parameter name: query.cond"
    )


@pytest.mark.parametrize("path", ["/study", "/studies/metadata/x", "/../v1/studies"])
def test_other_paths_are_not_found(registry: LocalRegistry, path: str) -> None:
    answer = get(registry, path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html"


def test_json_is_compressed_when_the_client_takes_it(registry: LocalRegistry) -> None:
    url = f"{registry.url}/studies"
    plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=5)
    packed = requests.get(url, headers={"Accept-Encoding": "gzip, deflate"}, timeout=5)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Content-Type"] == "application/json"
    assert plain.json() == packed.json()


def test_requests_are_recorded(registry: LocalRegistry) -> None:
    get(registry, query_cond="CML", pageSize=5)
    get(registry, "/version")
    first, second = registry.requests
    assert (first.path, first.params) == ("/studies", {"query.cond": "CML", "pageSize": "5"})
    assert first.headers["user-agent"].startswith("python-requests/")
    assert second.path == "/version"


# Parameters


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("filter.phase", "PHASE2", "Invalid prefix in parameter name: filter.phase"),
        ("offset", "1", "Invalid prefix in parameter name: offset"),
        ("filter.overallStatus", "active", "Invalid value in parameter `overallStatus`: `active`"),
        ("filter.overallStatus", "RECRUITING,", "Invalid value in parameter `overallStatus`: ``"),
        ("countTotal", True, "Invalid value in parameter `countTotal`: `True`"),
        ("pageSize", "ten", "Invalid value in parameter `pageSize`: `ten`"),
        ("pageSize", "-1", "Invalid value in parameter `pageSize`: `-1`"),
        ("pageToken", "abc", "Invalid value in parameter `pageToken`: `abc`"),
        ("fields", "NCTID", "Parameter 'fields' contains invalid field name: 'NCTID'"),
        ("fields", "NCTId|", "Parameter 'fields' contains invalid field name: ''"),
        ("filter.ids", "NCT99000001,NCT00000000", "incorrect format"),
    ],
)
def test_bad_parameters_are_refused(
    registry: LocalRegistry, name: str, value: object, message: str
) -> None:
    assert message in refusal(registry, **{name: value})


def test_repeated_parameters_are_refused(registry: LocalRegistry) -> None:
    assert "more than once" in refusal(registry, fields=["NCTId", "Phase"])


@pytest.mark.parametrize("name", ["filter.geo", "sort", "query.intr", "aggFilters"])
def test_what_only_the_real_registry_knows_is_not_ignored(
    registry: LocalRegistry, name: str
) -> None:
    assert get(registry, **{name: "x"}).status_code == 501


def test_filters(registry: LocalRegistry) -> None:
    assert search(registry, filter_overallStatus="COMPLETED|NOT_YET_RECRUITING") == "23"
    assert search(registry, filter_overallStatus="COMPLETED,NOT_YET_RECRUITING") == "23"
    assert search(registry, filter_ids="nct99000004|NCT99000001|NCT99999999") == "14"
    assert search(registry, filter_advanced="AREA[Phase]PHASE3") == "2"
    assert search(registry, query_cond="CML", filter_overallStatus="RECRUITING") == "1"


def test_nct_numbers_as_a_query_switch_filters_off(registry: LocalRegistry) -> None:
    found = search(registry, query_cond="NCT99000001, nct99000002", filter_overallStatus="UNKNOWN")
    assert found == "12"


def test_long_addresses_are_refused_by_the_edge(registry: LocalRegistry) -> None:
    answer = get(registry, filter_ids=",".join(["NCT99000001"] * 600))
    assert answer.status_code == 414
    assert answer.headers["Content-Type"] == "text/html"


# Fields


@pytest.mark.parametrize("fields", [MODULES, MODULES.replace("|", ",")])
def test_known_modules_are_accepted(registry: LocalRegistry, fields: str) -> None:
    assert get(registry, fields=fields, pageSize=1).json()["studies"] == STUDIES[:1]


@pytest.mark.parametrize(
    "path",
    [
        "protocolSection.identificationModul",
        "protocolSection.identificationModule.nctID",
        "protocolSection.eligibility",
        "derivedSection.conditionBrowseModule.meshes.name",
        "identificationModule",
        "ConditionList",
    ],
)
def test_misspelt_fields_are_refused(registry: LocalRegistry, path: str) -> None:
    assert f"invalid field name: '{path}'" in refusal(registry, fields=path)


def test_fields_are_projected(registry: LocalRegistry) -> None:
    fields = "NCTId|protocolSection.contactsLocationsModule.locations.city"
    (found,) = get(registry, fields=fields, pageSize=1).json()["studies"]
    assert found["protocolSection"] == {
        "identificationModule": {"nctId": "NCT99000001"},
        "contactsLocationsModule": {"locations": [{"city": "Boston"}, {}]},
    }
    assert "hasResults" not in found


def test_a_module_covers_its_leaves(registry: LocalRegistry) -> None:
    module = "protocolSection.identificationModule"
    for fields in (f"{module}|NCTId", f"NCTId|{module}"):
        (found,) = get(registry, fields=fields, pageSize=1).json()["studies"]
        assert "briefTitle" in found["protocolSection"]["identificationModule"]


# Pages


def test_page_sizes() -> None:
    with LocalRegistry(STUDIES, copies=200) as registry:
        sizes = [
            len(get(registry, fields="NCTId", **size).json()["studies"])
            for size in ({}, {"pageSize": 0}, {"pageSize": 5}, {"pageSize": 99999})
        ]
    assert sizes == [10, 10, 5, 1000]


def test_a_full_last_page_leads_to_an_empty_one(registry: LocalRegistry) -> None:
    assert walk(registry, pageSize=2) == "12|34|56|"
    assert walk(registry, pageSize=4) == "1234|56"
    assert walk(registry) == "123456"


def test_the_total_stands_on_the_first_page_only(registry: LocalRegistry) -> None:
    first = get(registry, countTotal="true", pageSize=2, query_cond="CML").json()
    assert first["totalCount"] == 3
    second = get(
        registry,
        countTotal="true",
        pageSize=2,
        query_cond="CML",
        pageToken=first["nextPageToken"],
    ).json()
    assert "totalCount" not in second
    assert "totalCount" not in get(registry, countTotal="false").json()


def test_a_token_belongs_to_its_question(registry: LocalRegistry) -> None:
    token = get(registry, pageSize=2, query_cond="CML").json()["nextPageToken"]
    assert search(registry, pageSize=5, query_cond="CML", pageToken=token) == "3"
    assert "pageToken" in refusal(registry, pageSize=2, pageToken=token)
    assert "pageToken" in refusal(registry, query_cond="CML", fields="NCTId", pageToken=token)


# Queries


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"chronic myeloid leukemia"', "123"),
        ("CML", "123"),
        ("cml", "123"),
        ('"chronic granulocytic leukaemia"', "123"),
        ('"Leukemia, Myelogenous, Chronic, BCR-ABL Positive"', "123"),
        ("CMML", "4"),
        ("chronic myeloid leukemia", "1236"),  # words apart count too
        ('"chronic myeloid leukemia" OR CMML', "1234"),
        ("CML NOT TKI", "3"),
        ("TKI, CML", "12"),
        ('TKI "CML"', "12"),
        ("NOT (TKI OR third)", "456"),
        ("TKI or third", ""),  # lower-case operators are words
        ("third OR TKI AND another", "23"),  # AND binds more than OR
        ('"TKI another"', ""),
        ("TKI another", "2"),
        ("AREA[EligibilityCriteria]CML", "5"),
        ("AREA[EligibilityCriteria](TKI OR CML)", "5"),
        ("AREA[EligibilityCriteria]CML OR CML", "1235"),  # the area binds to one expression
        ("AREA[NCTId]NCT99000004", "4"),
        ("CML AND AREA[Phase](PHASE2 OR PHASE3)", "12"),
        ("CML AND NOT AREA[OverallStatus]COMPLETED", "13"),
        ("AREA[ConditionSearch]CML", "123"),
        (r"\ALL", ""),
    ],
)
def test_queries(registry: LocalRegistry, query: str, found: str) -> None:
    assert search(registry, query_cond=query) == found
    assert search(registry, filter_advanced=f"AREA[ConditionSearch]({query})") == found


def test_terms_are_not_looked_for_in_eligibility_criteria(registry: LocalRegistry) -> None:
    assert search(registry, query_term="CML") == "123"
    assert search(registry, query_term="AREA[EligibilityCriteria]CML") == "5"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("(CML", "missing `)`"),
        ("CML)", "unexpected `)`"),
        ('"CML', 'unexpected `"`'),
        ("CML OR", "unexpected end"),
        ("NOT", "unexpected end"),
        ("OR CML", "unexpected `OR`"),
        ("", "unexpected end"),
        ("()", "unexpected `)`"),
        ('""', "a term without words"),
        ("AREA[Phase]", "unexpected end"),
        ("AREA[Pase]PHASE2", "Unknown area name: `Pase`"),
        ("AREA[Sex]MALE", "Unknown area name: `Sex`"),
        (
            "AREA[Phase]PHASE5",
            "Allowed values for enum field `protocolSection.designModule.phases`",
        ),
        ("CML[x]", "unexpected `[`"),
        ("a b c d e f g h i j k l m", "Too complicated query"),
        ('"a b c d e f" OR "g h i j k l"', "Too complicated query"),
        ("(" * 60 + "CML" + ")" * 60, "Too complicated query"),
    ],
)
def test_bad_queries_are_refused(registry: LocalRegistry, query: str, why: str) -> None:
    text = refusal(registry, query_cond=query)
    assert text.startswith("Error parsing query in Condition / disease: ")
    assert why in text


def test_twelve_words_pass_and_filters_take_forty(registry: LocalRegistry) -> None:
    assert search(registry, query_cond='"a b c d e f" OR "g h i j k"') == ""
    assert search(registry, filter_advanced=" ".join(["x"] * 40)) == ""
    text = refusal(registry, filter_advanced=" ".join(["x"] * 41))
    assert text == "Error parsing query in filter.advanced: Too complicated query"


@pytest.mark.parametrize("query", ["ALL", "AREA[Phase]MISSING", "AREA[NCTId]RANGE[1, MAX]"])
def test_unmodelled_operators_are_not_taken_for_words(registry: LocalRegistry, query: str) -> None:
    assert get(registry, query_cond=query).status_code == 501


# Faults


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "kind"),
    [
        (Fault.HTTP_429, 429, None, "text/plain"),
        (Fault.HTTP_429_RETRY_AFTER_1, 429, "1", "text/plain"),
        (Fault.HTTP_500, 500, None, "text/plain"),
        (Fault.HTTP_503_RETRY_AFTER_1, 503, "1", "text/plain"),
        (Fault.HTTP_503_RETRY_AFTER_3600, 503, "3600", "text/plain"),
        (Fault.BLOCKED_403, 403, None, "text/html"),
        (Fault.HTML_200, 200, None, "text/html"),
    ],
)
def test_answers_other_than_data(
    registry: LocalRegistry, fault: Fault, status: int, retry_after: str | None, kind: str
) -> None:
    registry.fault(fault)
    answer = get(registry)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, retry_after)
    assert answer.headers["Content-Type"].startswith(kind)
    assert get(registry).json()["studies"] == STUDIES


def test_faults_last_as_long_as_told_and_strike_where_told(registry: LocalRegistry) -> None:
    registry.fault("http-500", times=2, path="/studies")
    assert registry.pending == ["http-500"]
    assert get(registry, "/version").status_code == 200
    assert [get(registry).status_code for _ in range(3)] == [500, 500, 200]
    assert registry.pending == []
    registry.fault("http-500", ALWAYS)
    assert {get(registry).status_code for _ in range(3)} == {500}


def test_faults_come_one_after_the_other(registry: LocalRegistry) -> None:
    registry.fault("http-429")
    registry.fault("http-500")
    assert [get(registry).status_code for _ in range(3)] == [429, 500, 200]


def test_unknown_faults_are_refused(registry: LocalRegistry) -> None:
    with pytest.raises(ValueError, match="http-999"):
        registry.fault("http-999")


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_truncated(registry: LocalRegistry, coding: str) -> None:
    registry.fault("truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(
            f"{registry.url}/studies", headers={"Accept-Encoding": coding}, timeout=5
        ).json()


def test_bad_json(registry: LocalRegistry) -> None:
    registry.fault("bad-json")
    answer = get(registry)
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_reset(registry: LocalRegistry) -> None:
    registry.fault("reset")
    with pytest.raises(requests.exceptions.ConnectionError, match="reset"):
        get(registry)
    assert get(registry).status_code == 200


def test_slow_outlasts_a_client_that_does_not_wait(registry: LocalRegistry) -> None:
    registry.fault("slow")
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{registry.url}/studies", timeout=0.05)
    assert get(registry).status_code == 200


def test_slow_answers_once_released(registry: LocalRegistry) -> None:
    registry.fault("slow", path="/studies")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(get, registry)
        assert get(registry, "/version").status_code == 200
        registry.release()
        assert waiting.result(timeout=5).json()["studies"] == STUDIES


def test_wrong_shape(registry: LocalRegistry) -> None:
    registry.fault("wrong-shape")
    assert isinstance(get(registry).json(), list)


def test_stale_token_waits_for_the_second_page(registry: LocalRegistry) -> None:
    registry.fault("stale-token")
    token = get(registry, pageSize=2).json()["nextPageToken"]
    assert "pageToken" in refusal(registry, pageSize=2, pageToken=token)
    assert registry.pending == []


def test_empty_page(registry: LocalRegistry) -> None:
    registry.fault("empty-page")
    assert walk(registry, pageSize=4) == "|1234|56"


def test_endless_token(registry: LocalRegistry) -> None:
    registry.fault("endless-token")
    assert walk(registry, most=5, pageSize=4) == "1234|1234|1234|1234|1234"


def test_duplicate(registry: LocalRegistry) -> None:
    registry.fault("duplicate")
    assert walk(registry, pageSize=4) == "12341|56"


def test_totals_missing_and_wrong(registry: LocalRegistry) -> None:
    registry.fault("missing-total")
    registry.fault("wrong-total")
    get(registry)  # asks for no total, so neither fault can strike
    totals = [get(registry, countTotal="true").json().get("totalCount") for _ in range(3)]
    assert totals == [None, 7, 6]


def test_refresh_between_pages(registry: LocalRegistry) -> None:
    registry.fault("refresh-between-pages")
    before = get(registry, "/version").json()
    assert walk(registry, pageSize=4) == "1234|61"  # 5 is lost, 1 comes twice
    after = get(registry, "/version").json()
    assert (before["dataTimestamp"], after["dataTimestamp"]) == (
        "2026-11-20T09:00:05",
        "2026-11-21T09:00:05",
    )
    assert walk(registry, pageSize=4) == "2345|61"


def test_huge_field(registry: LocalRegistry) -> None:
    registry.fault("huge-field")
    first, *others = get(registry).json()["studies"]
    summary = first["protocolSection"]["descriptionModule"]["briefSummary"]
    assert len(summary) == HUGE_FIELD_LENGTH
    assert others == STUDIES[1:]


def test_missing_modules(registry: LocalRegistry) -> None:
    registry.fault("missing-modules")
    assert get(registry).json()["studies"][0] == {
        "protocolSection": {"identificationModule": {"nctId": "NCT99000001"}}
    }


def test_wrong_types(registry: LocalRegistry) -> None:
    registry.fault("wrong-types")
    answer = get(registry)
    assert last_digits(answer) == "123456"
    protocol = answer.json()["studies"][0]["protocolSection"]
    assert not isinstance(protocol["identificationModule"]["briefTitle"], str)
    assert protocol["contactsLocationsModule"]["locations"][0] is None
    assert get(registry).json()["studies"] == STUDIES


def test_hostile_text(registry: LocalRegistry) -> None:
    registry.fault("hostile-text")
    answer = get(registry)
    assert last_digits(answer) == "123456"
    found = answer.json()["studies"][0]["protocolSection"]
    assert found["identificationModule"]["briefTitle"] == f"{HOSTILE}A TKI"
    assert found["conditionsModule"]["conditions"] == [f"{HOSTILE}Chronic Myeloid Leukemia"]
    assert found["statusModule"] == STUDIES[0]["protocolSection"]["statusModule"]
    assert found["designModule"] == STUDIES[0]["protocolSection"]["designModule"]


# Itself


def test_from_folder(tmp_path: Path) -> None:
    for record in STUDIES[:2]:
        (tmp_path / f"{nct_id(record)}.json").write_text(json.dumps(record), encoding="utf-8")
    with LocalRegistry.from_folder(tmp_path) as registry:
        assert search(registry) == "12"
    with pytest.raises(ValueError, match="no records"):
        LocalRegistry.from_folder(tmp_path / "nowhere")


def test_copies_have_numbers_of_their_own() -> None:
    with LocalRegistry(STUDIES[:2], copies=3) as registry:
        found = get(registry).json()["studies"]
    assert [nct_id(one) for one in found] == [
        *("NCT99000001", "NCT99000002", "NCT98000000"),
        *("NCT98000001", "NCT98000002", "NCT98000003"),
    ]
    titles = [one["protocolSection"]["identificationModule"]["briefTitle"] for one in found]
    assert titles == ["A TKI", "Another TKI in CML-CP"] * 3


def test_two_records_of_one_study_are_refused() -> None:
    with pytest.raises(ValueError, match="same NCT number"):
        LocalRegistry([STUDIES[0], STUDIES[0]])


def test_nothing_is_left_behind() -> None:
    threads = threading.active_count()
    with LocalRegistry(STUDIES) as registry, requests.Session() as session:
        url = registry.url
        registry.fault("slow", path="/version")
        with pytest.raises(requests.exceptions.ReadTimeout):
            session.get(f"{url}/version", timeout=0.05)
        session.get(f"{url}/studies", timeout=5)  # leaves a connection open
        registry.__exit__()
        assert threading.active_count() == threads
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(f"{url}/studies", timeout=5)
    with pytest.raises(RuntimeError):
        _ = registry.url


def test_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statuses: list[int] = []

    def look_and_interrupt() -> None:
        url = capsys.readouterr().out.removeprefix("4 studies at ").strip()
        statuses.append(requests.get(f"{url}/version", timeout=5).status_code)
        raise KeyboardInterrupt

    (tmp_path / "one.json").write_text(json.dumps(STUDIES[0]), encoding="utf-8")
    arguments = ["--port", "0", "--folder", str(tmp_path), "--copies", "4", "--fault", "http-500"]
    main(arguments, look_and_interrupt)
    assert statuses == [500]
