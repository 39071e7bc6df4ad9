"""Ten questions that only the real registry can answer. Off by default; ask them with

    python -m pytest tests/live -m live -s

``TRIALFINDER_REGISTRY_URL`` names another registry. What is learned is printed; what trialfinder
relies on is asserted. At most one request a second, with the default User-Agent of requests.
"""

from __future__ import annotations

import math
import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from trialfinder.registry.query import CML, FIELDS, count_params, walk_params
from trialfinder.vocabulary import (
    OPEN_STATUSES,
    FoundBy,
    OverallStatus,
    Part,
    Sex,
    StudyType,
    TrialPhase,
)

pytestmark = pytest.mark.live

BASE = os.environ.get("TRIALFINDER_REGISTRY_URL", "https://clinicaltrials.gov/api/v2").rstrip("/")
TIMEOUT = (5, 60)
PAUSE = 1.0
MOST_PAGES = 10

CML_HEADING = "Leukemia, Myelogenous, Chronic, BCR-ABL Positive"
BOSTON = (42.36, -71.06)
AGE = re.compile(r"(\d+) (Year|Month|Week|Day|Hour|Minute)s?")


def learned(text: str) -> None:
    print(f"  learned: {text}")  # noqa: T201


class Live:
    """The registry, asked no faster than is polite."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._last = -math.inf

    def close(self) -> None:
        self._session.close()

    def get(
        self,
        path: str = "/studies",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        time.sleep(max(0.0, self._last + PAUSE - time.monotonic()))
        self._last = time.monotonic()
        return self._session.get(BASE + path, params=params, headers=headers, timeout=TIMEOUT)

    def search(self, **params: str) -> dict[str, Any]:
        """``query_cond=`` stands for ``query.cond=``."""
        answer = self.get(params=dotted(params))
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:300]}"
        body = answer.json()
        assert isinstance(body, dict)
        return body

    def count(self, **params: str) -> int:
        body = self.search(countTotal="true", pageSize="1", fields="NCTId", **params)
        return int(body["totalCount"])

    def studies(self, **params: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            body = self.search(pageSize="1000", **params, **token)
            found += body["studies"]
            if "nextPageToken" not in body or not body["studies"]:
                return found
            token = {"pageToken": body["nextPageToken"]}
        pytest.fail(f"more than {MOST_PAGES} pages")

    def ids(self, **params: str) -> set[str]:
        return {nct_id(study) for study in self.studies(fields="NCTId", **params)}


def dotted(params: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "."): value for name, value in params.items()}


def nct_id(study: Mapping[str, Any]) -> str:
    return str(study["protocolSection"]["identificationModule"]["nctId"])


def short(answer: requests.Response) -> str:
    kind = answer.headers.get("Content-Type", "no content type")
    return f"{answer.status_code}, {kind}: {answer.text[:200]!r}"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    registry = Live()
    yield registry
    registry.close()


def test_1_user_agents(live: Live) -> None:
    """Does requests get an answer with its own User-Agent? And with one of ours?"""
    default = live.get("/version")
    named = live.get("/version", headers={"User-Agent": "trialfinder-live-test"})
    learned(f"requests' own User-Agent: {short(default)}")
    learned(f"a User-Agent of ours: {short(named)}")
    assert default.status_code == 200
    version = default.json()
    assert version["apiVersion"].startswith("2.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", version["dataTimestamp"])


def test_2_how_many_studies(live: Live) -> None:
    """How many CML studies are there: all, recruiting, not yet recruiting, expanded access?

    And how many name CML in their eligibility criteria only?
    """
    every = live.count(query_cond=CML)
    parts = {
        status: live.count(query_cond=CML, filter_overallStatus=status) for status in OPEN_STATUSES
    }
    together = live.count(query_cond=CML, filter_overallStatus="|".join(OPEN_STATUSES))
    learned(f"{every} CML studies, {together} of them open")
    in_criteria = f"AREA[EligibilityCriteria]({CML})"
    named = live.count(query_term=in_criteria)
    only_there = live.count(
        query_term=in_criteria, filter_advanced=f"NOT AREA[ConditionSearch]({CML})"
    )
    learned(f"{named} name CML in their eligibility criteria, {only_there} only there")
    for status, number in parts.items():
        learned(f"{number} {status}")
    assert 0 < together < every
    assert sum(parts.values()) == together
    assert 0 < only_there <= named


def test_3_ways_of_asking(live: Live) -> None:
    """Which studies do `CML` alone, the quoted phrases and the MeSH heading bring or miss?"""
    found = {
        "CML alone": live.ids(query_cond="CML"),
        "phrases": live.ids(query_cond=CML),
        "MeSH heading": live.ids(filter_advanced=f'AREA[ConditionMeshTerm]"{CML_HEADING}"'),
    }
    for name, ids in found.items():
        learned(f"{name}: {len(ids)}")
        for other, other_ids in found.items():
            if missed := sorted(ids - other_ids):
                learned(f"{name} but not {other}: {len(missed)}, such as {missed[:5]}")
    assert found["phrases"]
    assert found["CML alone"] <= found["phrases"]


def test_4_distances_above_500_miles(live: Live) -> None:
    """Does filter.geo take a circle of more than 500 miles?"""
    numbers: list[int] = []
    for miles in (500, 501, 3000):
        circle = f"distance({BOSTON[0]},{BOSTON[1]},{miles}mi)"
        answer = live.get(
            params=dotted(
                {"query_cond": CML, "filter_geo": circle, "countTotal": "true", "fields": "NCTId"}
            )
        )
        if answer.status_code == 200:
            numbers.append(answer.json()["totalCount"])
            learned(f"within {miles} miles of Boston: {numbers[-1]}")
        else:
            learned(f"{miles} miles: {short(answer)}")
            assert miles > 500
    assert numbers == sorted(numbers)


def test_5_fields_by_path(live: Live) -> None:
    """Does the registry take our list of modules as dotted paths, and send nothing else?"""
    studies = live.search(query_cond=CML, fields="|".join(FIELDS), pageSize="20")["studies"]
    sent = Counter(
        f"{section}.{module}" if section.endswith("Section") else section
        for study in studies
        for section, modules in study.items()
        for module in (modules if section.endswith("Section") else [section])
    )
    for path, number in sent.most_common():
        learned(f"{path} in {number} of {len(studies)}")
    assert sent.keys() <= set(FIELDS)
    assert sent["protocolSection.eligibilityModule"] > 0
    assert sent["hasResults"] == len(studies)


def test_6_booleans(live: Live) -> None:
    """Does countTotal take `True`, or only `true`?"""
    params = {"query.cond": CML, "pageSize": "1", "fields": "NCTId"}
    lower = live.get(params={**params, "countTotal": "true"})
    upper = live.get(params={**params, "countTotal": "True"})
    learned(f"true: {short(lower)}")
    learned(f"True: {short(upper)}")
    assert "totalCount" in lower.json()


def test_7_unknown_numbers(live: Live) -> None:
    """What exactly does the registry say to NCT99999999, and to a malformed number?"""
    unknown, malformed = live.get("/studies/NCT99999999"), live.get("/studies/NCT00000000")
    learned(f"unknown: {short(unknown)}")
    learned(f"malformed: {short(malformed)}")
    assert unknown.status_code == 404
    assert malformed.status_code in (400, 404)


def test_8_distance_and_status_of_one_site(live: Live) -> None:
    """Does SEARCH[Location] take DISTANCE together with LocationStatus?"""
    near = f"AREA[LocationGeoPoint]DISTANCE[{BOSTON[0]},{BOSTON[1]},100mi]"
    query = f"SEARCH[Location]({near} AND AREA[LocationStatus]RECRUITING)"
    answer = live.get(
        params={
            "query.cond": CML,
            "filter.advanced": query,
            "countTotal": "true",
            "fields": "NCTId",
        }
    )
    learned(short(answer))
    if answer.status_code == 200:
        number = answer.json()["totalCount"]
        anywhere = live.count(query_cond=CML, filter_advanced=near)
        learned(f"{number} with a recruiting site near Boston, {anywhere} with any site there")
        assert number <= anywhere
    else:
        assert answer.status_code == 400


def test_9_etags(live: Live) -> None:
    """Does an ETag sent back as If-None-Match bring 304?"""
    params = {"query.cond": CML, "pageSize": "1", "fields": "NCTId"}
    first = live.get(params=params)
    etag = first.headers.get("ETag")
    learned(f"ETag: {etag}")
    assert first.status_code == 200
    if etag is None:
        pytest.skip("no ETag to send back")
    second = live.get(params=params, headers={"If-None-Match": etag})
    learned(f"sent back as If-None-Match: {second.status_code}")
    assert second.status_code in (200, 304)


def test_10_values_in_the_cml_set(live: Live) -> None:
    """Which statuses, types, phases, sexes and units of age occur among CML studies?"""
    fields = "|".join(
        (
            *("NCTId", "protocolSection.statusModule.overallStatus"),
            *("protocolSection.designModule.studyType", "protocolSection.designModule.phases"),
            *("protocolSection.eligibilityModule", "protocolSection.designModule.enrollmentInfo"),
        )
    )
    protocols = [study["protocolSection"] for study in live.studies(query_cond=CML, fields=fields)]
    designs = [protocol.get("designModule", {}) for protocol in protocols]
    eligibility = [protocol.get("eligibilityModule", {}) for protocol in protocols]
    ages = [
        rule[key] for rule in eligibility for key in ("minimumAge", "maximumAge") if key in rule
    ]
    found = {
        OverallStatus: Counter(each["statusModule"]["overallStatus"] for each in protocols),
        StudyType: Counter(each["studyType"] for each in designs if "studyType" in each),
        TrialPhase: Counter(phase for each in designs for phase in each.get("phases", [])),
        Sex: Counter(rule["sex"] for rule in eligibility if "sex" in rule),
    }
    for enum, counts in found.items():
        learned(f"{enum.__name__}: {dict(counts.most_common())}")
    learned(f"units of age: {dict(Counter(age.split()[-1] for age in ages).most_common())}")
    unknown = {value for enum, counts in found.items() for value in counts.keys() - {*enum}}
    assert unknown == set()
    assert [age for age in ages if not AGE.fullmatch(age)] == []


@pytest.mark.parametrize("part", list(Part))
@pytest.mark.parametrize("way", list(FoundBy))
def test_every_question_of_the_product_is_understood(live: Live, way: FoundBy, part: Part) -> None:
    """Does the registry take the very parameters that the product sends?"""
    for params in (walk_params(way, part, 1), count_params(way, part)):
        total = live.get(params=params).json()["totalCount"]
        learned(f"{way}, {part}: {total} studies")
        assert total > 0
