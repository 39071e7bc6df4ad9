"""The sample studies: what they must hold, and that they have the registry's exact shape."""

from __future__ import annotations

import copy
import functools
import itertools
import json
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from trialfinder.vocabulary import (
    OPEN_STATUSES,
    OverallStatus,
    Sex,
    StudyType,
    TrialPhase,
)

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
STUDIES = ROOT / "fixtures" / "studies"
README = ROOT / "fixtures" / "README.md"
SPEC = ROOT.parent / "shared" / "api" / "ctg-oas-v2.json"

HOUSTON = (29.7633, -95.3633)
WRITTEN_ON = date(2026, 11, 22)
CML = re.compile(
    r"\bCML\b|\bchronic (myeloid|myelogenous|myelocytic|granulocytic) leuka?emia"
    r"|myelo(id|genous), chronic|leucemia mieloide crónica|leucémie myéloïde chronique",
    re.IGNORECASE,
)
SITE_STATUSES = {
    "RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING",
    "SUSPENDED", "COMPLETED", "TERMINATED", "WITHDRAWN", "AVAILABLE",
}  # fmt: skip
COUNTRIES = {
    "United States", "Canada", "Mexico", "United Kingdom", "Germany", "France", "Spain", "Italy",
    "Sweden", "India", "China", "South Korea", "Japan", "Australia", "Brazil", "Argentina",
    "Egypt", "South Africa", "Turkey (Türkiye)",
}  # fmt: skip


@functools.cache
def records() -> dict[str, Json]:
    """Every sample study by its NCT ID; tests must not change them."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(STUDIES.glob("*.json"))
    }


def module(record: Json, name: str) -> Json:
    return record["protocolSection"].get(name, {})


def overall(record: Json) -> str:
    return module(record, "statusModule")["overallStatus"]


def phases(record: Json) -> tuple[str, ...] | None:
    found = module(record, "designModule").get("phases")
    return None if found is None else tuple(found)


def criteria(record: Json) -> str:
    return module(record, "eligibilityModule").get("eligibilityCriteria", "")


def sites(record: Json) -> list[Json]:
    return module(record, "contactsLocationsModule").get("locations", [])


def is_open(record: Json) -> bool:
    return overall(record) in OPEN_STATUSES


def open_sites(record: Json) -> list[Json]:
    if not is_open(record):
        return []
    return [site for site in sites(record) if site.get("status", "RECRUITING") == "RECRUITING"]


def miles(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 3958.76 * math.asin(math.sqrt(h))


def from_houston(site: Json) -> float:
    point = site.get("geoPoint")
    return math.inf if point is None else miles(HOUSTON, (point["lat"], point["lon"]))


def nearest(found: list[Json]) -> Json:
    return min(found, key=from_houston)


def named_as_condition(record: Json) -> bool:
    """Whether CML stands where the registry's condition search looks."""
    identification = module(record, "identificationModule")
    conditions = module(record, "conditionsModule")
    browse = record["derivedSection"].get("conditionBrowseModule", {})
    terms = [mesh["term"] for key in ("meshes", "ancestors") for mesh in browse.get(key, [])]
    texts = [
        identification["briefTitle"],
        identification.get("officialTitle", ""),
        *conditions["conditions"],
        *conditions.get("keywords", []),
        *terms,
    ]
    return any(CML.search(text) for text in texts)


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def having(test: Any) -> list[str]:
    return [nct_id for nct_id, record in records().items() if test(record)]


# --- Names, numbers, sample marks -----------------------------------------------------------------


def test_there_are_enough_and_they_count_up() -> None:
    found = list(records())
    assert len(found) >= 44
    assert found == [f"NCT{99000000 + number}" for number in range(1, len(found) + 1)]


def test_file_name_is_the_nct_id() -> None:
    for name, record in records().items():
        assert module(record, "identificationModule")["nctId"] == name


def test_every_study_is_marked_as_sample() -> None:
    for nct_id, record in records().items():
        identification = module(record, "identificationModule")
        assert "(sample)" in identification["organization"]["fullName"], nct_id
        assert identification["orgStudyIdInfo"]["id"] == f"SAMPLE-{nct_id[-3:]}"
        sponsor = module(record, "sponsorCollaboratorsModule").get("leadSponsor")
        assert sponsor is None or "(sample)" in sponsor["name"], nct_id


def test_titles_differ_and_do_not_all_say_sample() -> None:
    titles = [module(record, "identificationModule")["briefTitle"] for record in records().values()]
    assert len(set(titles)) == len(titles)
    assert not any(title.startswith("Sample") for title in titles)


def test_texts_are_written_one_by_one() -> None:
    for texts in (
        [criteria(record) for record in records().values() if criteria(record)],
        [summary for summary in map(summary_of, records().values()) if summary],
    ):
        assert len(set(texts)) == len(texts)


def summary_of(record: Json) -> str:
    return module(record, "descriptionModule").get("briefSummary", "")


def test_phones_and_addresses_are_invented() -> None:
    for nct_id, record in records().items():
        for key, value in walk(record):
            if key == "phone":
                assert re.search(r"555-01\d\d$", value), (nct_id, value)
            if key == "email":
                assert re.search(r"@(?:[a-z0-9-]+\.)?example\.(?:org|com)$", value), (nct_id, value)


def test_files_are_pretty_printed_in_utf8() -> None:
    for path in STUDIES.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n", path.name


def test_readme_says_what_each_is_for() -> None:
    rows = re.findall(r"^\| (NCT\d{8}) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(records())


def test_no_two_cities_share_or_split_a_point() -> None:
    points: dict[tuple[str, str | None, str], set[tuple[float, float]]] = {}
    for site in itertools.chain.from_iterable(map(sites, records().values())):
        if point := site.get("geoPoint"):
            place = (site["city"], site.get("state"), site["country"])
            points.setdefault(place, set()).add((point["lat"], point["lon"]))
    assert all(len(found) == 1 for found in points.values())
    assert len(set.union(*points.values())) == len(points)


# --- What they show: statuses, trial phases, types, dates -----------------------------------------


@pytest.mark.parametrize("status", list(OverallStatus))
def test_every_overall_status(status: OverallStatus) -> None:
    assert having(lambda record: overall(record) == status)


@pytest.mark.parametrize("phase", [*[(phase,) for phase in TrialPhase], None])
def test_every_single_trial_phase_and_none(phase: tuple[TrialPhase] | None) -> None:
    assert having(lambda record: module(record, "designModule") and phases(record) == phase)


@pytest.mark.parametrize("pair", [("PHASE1", "PHASE2"), ("PHASE2", "PHASE3")])
def test_joined_trial_phases(pair: tuple[str, str]) -> None:
    assert having(lambda record: phases(record) == pair)


@pytest.mark.parametrize("kind", list(StudyType))
def test_every_study_type(kind: StudyType) -> None:
    assert having(lambda record: module(record, "designModule").get("studyType") == kind)


@pytest.mark.parametrize("sex", list(Sex))
def test_every_sex(sex: Sex) -> None:
    assert having(lambda record: module(record, "eligibilityModule").get("sex") == sex)


def test_most_are_open_and_mostly_recruiting() -> None:
    found = having(is_open)
    assert len(found) >= 26
    assert {overall(records()[nct_id]) for nct_id in found} == set(OPEN_STATUSES)
    assert len(having(lambda record: overall(record) == "RECRUITING")) > len(found) / 2


def test_last_updates_are_spread() -> None:
    days = [
        date.fromisoformat(module(record, "statusModule")["lastUpdatePostDateStruct"]["date"])
        for record in records().values()
    ]
    assert {day.year for day in days} >= set(range(2021, 2027))
    assert max(days) <= WRITTEN_ON
    assert max(days) >= date(2026, 11, 1)
    assert sum((WRITTEN_ON - day).days <= 365 for day in days) > len(days) / 3


def test_dates_of_every_precision() -> None:
    lengths = set()
    for record in records().values():
        for key in ("startDateStruct", "primaryCompletionDateStruct", "completionDateStruct"):
            if day := module(record, "statusModule").get(key):
                assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", day["date"])
                lengths.add(len(day["date"]))
    assert lengths == {4, 7, 10}


def test_a_date_without_a_type() -> None:
    assert having(
        lambda r: "type" not in module(r, "statusModule").get("startDateStruct", {"type": ""})
    )


def test_ages_of_every_kind() -> None:
    rules = [module(record, "eligibilityModule") for record in records().values()]
    lower = {rule.get("minimumAge") for rule in rules if rule}
    upper = {rule.get("maximumAge") for rule in rules if rule}
    assert {"6 Months", "30 Days", "1 Year", "18 Years", "75 Years", None} <= lower
    assert {"75 Years", "21 Years", None} <= upper
    assert [rule for rule in rules if rule and not {"minimumAge", "maximumAge"} & rule.keys()]


def test_enrollment_sentinel_stands_once() -> None:
    counts = [
        module(record, "designModule").get("enrollmentInfo", {}).get("count")
        for record in records().values()
    ]
    assert counts.count(99999999) == 1
    assert 0 in counts


def test_missing_modules() -> None:
    def lack(name: str) -> list[str]:
        return having(lambda record: name not in record["protocolSection"])

    bare = {"identificationModule", "statusModule", "conditionsModule"}
    assert having(lambda record: set(record["protocolSection"]) == bare)
    for name in ("eligibilityModule", "designModule", "contactsLocationsModule"):
        assert any(is_open(records()[nct_id]) for nct_id in lack(name)), name


def test_stopped_studies_say_why() -> None:
    for status in ("TERMINATED", "WITHDRAWN", "SUSPENDED"):
        assert having(
            lambda r, s=status: overall(r) == s and module(r, "statusModule")["whyStopped"]
        )


def test_results_flag_is_always_there_and_true_once() -> None:
    assert all(isinstance(record["hasResults"], bool) for record in records().values())
    assert having(lambda record: record["hasResults"])


# --- What they show: sites and contacts -----------------------------------------------------------


def test_open_sites_near_houston() -> None:
    near = having(lambda record: any(from_houston(site) <= 200 for site in open_sites(record)))
    second = [nct_id for nct_id in near if phases(records()[nct_id]) == ("PHASE2",)]
    assert len(near) >= 6
    assert second
    assert set(near) - set(second)
    cities = {
        site["city"]
        for nct_id in near
        for site in open_sites(records()[nct_id])
        if from_houston(site) <= 200
    }
    assert {"Houston", "Galveston", "Austin", "San Antonio"} <= cities


def test_a_texan_site_outside_200_miles() -> None:
    texas = [
        from_houston(site)
        for record in records().values()
        for site in open_sites(record)
        if site.get("state") == "Texas"
    ]
    assert any(distance > 200 for distance in texas)


def test_nearest_site_closed_while_recruiting() -> None:
    record = records()["NCT99000004"]
    in_houston = [site["status"] for site in sites(record) if site["city"] == "Houston"]
    assert overall(record) == "RECRUITING"
    assert set(in_houston) == {"WITHDRAWN", "COMPLETED"}
    assert nearest(open_sites(record))["city"] == "Denver"


def test_mixed_site_statuses() -> None:
    record = records()["NCT99000005"]
    assert overall(record) == "RECRUITING"
    assert {site["status"] for site in sites(record)} == SITE_STATUSES


def test_sites_without_status() -> None:
    def none_has_status(record: Json) -> bool:
        return bool(sites(record)) and not any("status" in site for site in sites(record))

    found = {overall(records()[nct_id]) for nct_id in having(none_has_status)}
    assert {"NOT_YET_RECRUITING", "COMPLETED", "ACTIVE_NOT_RECRUITING", "TERMINATED"} <= found


def test_unknown_study_with_stale_sites() -> None:
    record = records()["NCT99000046"]
    assert overall(record) == "UNKNOWN"
    assert module(record, "statusModule")["lastKnownStatus"] == "RECRUITING"
    assert {site["status"] for site in sites(record)} == {"RECRUITING"}
    assert open_sites(record) == []


def test_last_known_status_only_when_unknown() -> None:
    for record in records().values():
        assert ("lastKnownStatus" in module(record, "statusModule")) == (
            overall(record) == "UNKNOWN"
        )


def test_sites_without_a_point() -> None:
    def mixed(record: Json) -> bool:
        return {"geoPoint" in site for site in sites(record)} == {True, False}

    def only_us_site_has_none(record: Json) -> bool:
        american = [site for site in open_sites(record) if site["country"] == "United States"]
        return len(american) == 1 and "geoPoint" not in american[0]

    assert having(mixed)
    assert having(only_us_site_has_none)


def test_sites_in_many_places() -> None:
    places = [
        (site["country"], site.get("state"))
        for record in records().values()
        for site in open_sites(record)
    ]
    countries = {country for country, _ in places}
    assert countries >= COUNTRIES
    assert [country for country in countries if country != country.strip()] == ["Czechia "]
    assert len({state for country, state in places if country == "United States"}) >= 15


def test_one_study_has_sixty_sites_or_more() -> None:
    assert having(lambda record: is_open(record) and len(sites(record)) >= 60)


def test_contacts_of_every_kind() -> None:
    def kinds(record: Json) -> set[tuple[str, ...]]:
        people = [person for site in sites(record) for person in site.get("contacts", [])]
        return {tuple(sorted(person)) for person in people}

    found = set.union(*(kinds(record) for record in records().values()))
    assert ("name", "role") in found
    assert ("email", "name", "phone", "role") in found
    assert ("name", "phone", "role") in found
    contacts = [module(record, "contactsLocationsModule") for record in records().values()]
    assert [part for part in contacts if "centralContacts" in part and "locations" in part]
    assert [part for part in contacts if "centralContacts" not in part and "locations" in part]
    assert having(
        lambda r: (
            is_open(r)
            and "centralContacts" not in module(r, "contactsLocationsModule")
            and not any("contacts" in site for site in sites(r))
        )
    )


def test_principal_investigators_have_only_names() -> None:
    for record in records().values():
        for site in sites(record):
            for person in site.get("contacts", []):
                if person["role"] != "CONTACT":
                    assert set(person) == {"name", "role"}


# --- What they show: who is asked for -------------------------------------------------------------


def test_found_by_condition_or_by_eligibility_text() -> None:
    only_text = having(lambda r: not named_as_condition(r) and CML.search(criteria(r)))
    assert len(only_text) >= 6
    assert len([nct_id for nct_id in only_text if is_open(records()[nct_id])]) >= 6
    assert set(having(named_as_condition)) | set(only_text) == set(records())


def test_text_only_studies_that_exclude_cml() -> None:
    for nct_id in ("NCT99000017", "NCT99000018"):
        text = criteria(records()[nct_id])
        before, _, after = text.partition("Exclusion Criteria")
        assert not CML.search(before)
        assert CML.search(after)


@pytest.mark.parametrize(
    ("nct_id", "words"),
    [
        ("NCT99000001", "at least two ATP-site tyrosine kinase inhibitors"),
        ("NCT99000002", "Patients without T315I are not eligible"),
        ("NCT99000003", r"\>= 2 prior TKIs"),
        ("NCT99000003", "three or more prior TKIs"),
        ("NCT99000006", "Resistant or intolerant to imatinib"),
        ("NCT99000012", r"failure of \>= 2 TKIs"),
        ("NCT99000013", "resistant or intolerant to at least one tyrosine kinase inhibitor"),
        ("NCT99000014", "at least two tyrosine kinase inhibitors have failed"),
        ("NCT99000016", "has failed ≥1 prior TKI"),
        ("NCT99000019", "No previous treatment for CML"),
        ("NCT99000020", "MR4.5 or deeper"),
        ("NCT99000038", "≥2 prior TKIs"),
        ("NCT99000040", "Minimum of three prior TKIs"),
    ],
)
def test_wording_of_earlier_treatment(nct_id: str, words: str) -> None:
    assert words in criteria(records()[nct_id])


@pytest.mark.parametrize(
    "words", ["chronic phase", "accelerated phase", "blast phase|blast crisis"]
)
def test_every_phase_of_the_disease(words: str) -> None:
    assert having(lambda r: is_open(r) and re.search(words, criteria(r), re.IGNORECASE))


def test_t315i_named_and_not_named() -> None:
    assert having(lambda r: is_open(r) and "T315I" in criteria(r))
    assert having(lambda r: is_open(r) and criteria(r) and "T315I" not in json.dumps(r))


@pytest.mark.parametrize(
    "treatment",
    [
        "Asciminib", "Venlixinib", "Higher dose", "Ropeginterferon", "MTI-04", "Donor lymphocytes",
        "Cytarabine", "Homoharringtonine", "Donor stem cell infusion", "Venetoclax", "Ruxolitinib",
        "Panobinostat", "QPX-9", "Home exercise",
    ],
)  # fmt: skip
def test_every_approach_is_tested(treatment: str) -> None:
    arms = "armsInterventionsModule"
    assert having(lambda record: treatment in json.dumps(module(record, arms)))


def test_registries_and_expanded_access() -> None:
    assert having(lambda r: is_open(r) and module(r, "designModule").get("patientRegistry"))
    assert having(lambda r: is_open(r) and "expandedAccessTypes" in module(r, "designModule"))
    linked = module(records()["NCT99000001"], "statusModule")["expandedAccessInfo"]
    assert overall(records()[linked["nctId"]]) == linked["statusForNctId"]


def test_healthy_volunteers() -> None:
    rules = [module(record, "eligibilityModule") for record in records().values()]
    assert {rule.get("healthyVolunteers") for rule in rules} == {True, False, None}


# --- What they show: texts ------------------------------------------------------------------------


def test_one_text_is_very_long() -> None:
    def length(record: Json) -> int:
        return len(module(record, "descriptionModule").get("detailedDescription", "")) + len(
            criteria(record)
        )

    assert having(lambda record: length(record) > 20_000)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\\>", r"\\<", r"\\\[", r"\\\*", r"\\\^", r"≥", r"≤",
        r"(?m)^    ?\* ", r"(?m)^   1\. ", r"(?m)^1\. ",
        r"(?m)^\*\*Key inclusion criteria:\*\*$", r"(?m)^\*\*Exclusion Criteria\*\*$",
        r"(?m)^Inclusion criteria$", r"(?m)^Inclusion Criteria:$", r"(?m)^EXCLUSION CRITERIA:?$",
        r"(?m)^Criterios de inclusión:$", r"COHORT A", r"(?m)^Cohort 1: ",
    ],
)  # fmt: skip
def test_markdown_and_headings(pattern: str) -> None:
    assert having(lambda record: re.search(pattern, criteria(record)))


def test_criteria_without_headings() -> None:
    heading = re.compile(r"clusion|criteri", re.IGNORECASE)
    assert having(lambda r: is_open(r) and criteria(r) and not heading.search(criteria(r)))


def test_other_languages() -> None:
    assert having(lambda record: re.search(r"[\u4e00-\u9fff]{8}", summary_of(record)))
    assert having(lambda record: "leucemia mieloide crónica" in summary_of(record))


def test_no_emoji() -> None:
    emoji = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
    assert not having(lambda record: emoji.search(json.dumps(record, ensure_ascii=False)))


@pytest.mark.parametrize(
    "text",
    ["<b>", "$x$", ":smile:", "(javascript:", "![](https://example.org/x.png)", "<script>", "~~"],
)
def test_text_that_a_renderer_could_run(text: str) -> None:
    assert text in json.dumps(records()["NCT99000052"], ensure_ascii=False)


def test_text_that_a_spreadsheet_could_run() -> None:
    titles = [module(record, "identificationModule")["briefTitle"] for record in records().values()]
    assert {title[0] for title in titles} >= {"=", "+"}
    facilities = {site["facility"][0] for record in records().values() for site in sites(record)}
    assert facilities >= {"=", "+", "-", "@"}


# --- The registry's shape -------------------------------------------------------------------------


def closed(schema: Any) -> Any:
    """The schema with every object closed: a name that the registry does not use must fail."""
    if isinstance(schema, list):
        return [closed(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    stricter = {key: closed(inner) for key, inner in schema.items()}
    if isinstance(schema.get("properties"), dict):
        stricter["additionalProperties"] = False
    return stricter


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    if not SPEC.is_file():
        pytest.skip(f"the registry's OpenAPI file is not beside this project: {SPEC}")
    spec = json.loads(SPEC.read_text(encoding="utf-8"))
    spec["components"]["schemas"] = {
        name: closed(schema) for name, schema in spec["components"]["schemas"].items()
    }
    resource = Resource.from_contents(spec, default_specification=DRAFT4)
    return Draft4Validator(
        {"$ref": "urn:ctg#/components/schemas/Study"},
        registry=Registry().with_resource("urn:ctg", resource),
        format_checker=FormatChecker(["date"]),
    )


def complaints(validator: Draft4Validator, record: Json) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]


@pytest.mark.parametrize("nct_id", list(records()))
def test_has_the_published_shape(validator: Draft4Validator, nct_id: str) -> None:
    assert complaints(validator, records()[nct_id]) == []


def broken(path: tuple[str, ...], key: str, value: Any) -> Json:
    record = copy.deepcopy(records()["NCT99000001"])
    place = functools.reduce(lambda inner, name: inner[name], path, record)
    place[key] = value
    return record


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("protocolSection", "eligibilityModule"), "healthyVolunteers", "No"),
        (("protocolSection", "eligibilityModule"), "eligibilityCritera", "Inclusion Criteria:"),
        (("protocolSection",), "elegibilityModule", {}),
        (("protocolSection", "designModule"), "phases", ["NOT_APPLICABLE"]),
        (("protocolSection", "statusModule"), "lastUpdateSubmitDate", "2026-13-45"),
        (("derivedSection", "miscInfoModule"), "versionholder", "2026-11-20"),
        ((), "protocolsection", {}),
    ],
)
def test_a_wrong_shape_is_reported(
    validator: Draft4Validator, path: tuple[str, ...], key: str, value: Any
) -> None:
    found = complaints(validator, broken(path, key, value))
    assert len(found) == 1
    assert key in found[0] or str(value) in found[0]
