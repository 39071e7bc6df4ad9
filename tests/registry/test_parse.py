"""Records of every kind, and of no kind, read without an error and without a guess."""

from __future__ import annotations

import copy
import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.registry import FIXTURES, HOSTILE
from trialfinder.registry.parse import (
    Age,
    Contact,
    Intervention,
    PartialDate,
    Site,
    Study,
    clean,
    parse_age,
    parse_date,
    parse_study,
)
from trialfinder.vocabulary import FoundBy

Json = Any

SAMPLES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FIXTURES.glob("*.json"))
}
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = [chr(code) for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"]


def parse(record: Json) -> Study:
    return parse_study("NCT00000001", FoundBy.CONDITION, record)


def protocol(**modules: Json) -> Study:
    return parse({"protocolSection": modules})


def located(**location: Json) -> Site:
    (site,) = protocol(contactsLocationsModule={"locations": [location]}).sites
    return site


def called(**contact: Json) -> Contact:
    (found,) = protocol(contactsLocationsModule={"centralContacts": [contact]}).central_contacts
    return found


EMPTY = parse({})


# Nothing raises, and what comes out has the promised types


def fits(value: object, hint: Any) -> bool:
    """Whether ``value`` is what an annotation of `Study` or its parts promises."""
    if isinstance(hint, types.UnionType):
        return any(fits(value, option) for option in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return isinstance(value, tuple) and all(fits(each, item) for each in value)
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return type(value) is hint and all(fits(getattr(value, k), h) for k, h in hints.items())
    return type(value) is hint


def texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from texts(item)
    elif dataclasses.is_dataclass(node):
        for each in dataclasses.fields(node):
            yield from texts(getattr(node, each.name))


def assert_sound(study: Study) -> None:
    assert fits(study, Study)
    for text in texts(study):
        text.encode("utf-8")
        assert text == text.strip() != ""
        assert not set(text) & {*CONTROLS, *BIDI, "\r", "\ufeff"}
    for site in study.sites:
        assert (site.lat is None) == (site.lon is None)
    for age in (study.minimum_age, study.maximum_age):
        assert age is None or age.years >= 0
    for day in (study.start_date, study.completion_date, study.last_update, study.status_verified):
        assert day is None or parse_date(str(day)) == day


def keys(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node
        for value in node.values():
            yield from keys(value)
    elif isinstance(node, list):
        for item in node:
            yield from keys(item)


KEYS = sorted({key for record in SAMPLES.values() for key in keys(record)})
odd_text = st.text(max_size=20) | st.text(st.sampled_from([*CONTROLS, *BIDI, "\ud800", "\\", "*"]))
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | odd_text
    | st.sampled_from(["18 Years", "2026-03", "2026-02-30", HOSTILE, "9" * 5000, 10**400])
)
jsons = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=100)
@given(jsons)
def test_nothing_raises_on_any_json(record: Json) -> None:
    assert_sound(parse(record))


def places(node: Json, above: tuple[Json, ...] = ()) -> Iterator[tuple[Json, ...]]:
    """The paths to everything in a record."""
    found = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in found:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


PLACES = {nct_id: list(places(record)) for nct_id, record in SAMPLES.items()}
REMOVED = object()


def with_change(record: Json, path: tuple[Json, ...], value: Json) -> Json:
    """A copy along the path; the rest is shared."""
    key, *rest = path
    changed = copy.copy(record)
    if rest:
        changed[key] = with_change(record[key], tuple(rest), value)
    elif value is REMOVED:
        del changed[key]
    else:
        changed[key] = value
    return changed


@pytest.mark.parametrize("nct_id", SAMPLES)
def test_samples_are_sound(nct_id: str) -> None:
    assert_sound(parse(SAMPLES[nct_id]))


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_nothing_raises_when_a_part_of_a_record_is_missing_or_replaced(data: st.DataObject) -> None:
    nct_id = data.draw(st.sampled_from([*SAMPLES]))
    whole = data.draw(st.sampled_from(PLACES[nct_id]))
    path = whole[: data.draw(st.integers(1, len(whole)))]
    value = data.draw(st.just(REMOVED) | jsons)
    assert_sound(parse(with_change(SAMPLES[nct_id], path, value)))


@pytest.mark.parametrize("record", [None, [], "text", 5, {}, {"protocolSection": []}])
def test_what_is_not_said_is_none_or_empty(record: Json) -> None:
    study = parse(record)
    assert study == EMPTY
    said = {
        name: value
        for name, value in ((f.name, getattr(study, f.name)) for f in dataclasses.fields(study))
        if value not in (None, ())
    }
    assert said == {"nct_id": "NCT00000001", "found_by": FoundBy.CONDITION}


def test_a_whole_record() -> None:
    study = parse_study("NCT99000001", FoundBy.ELIGIBILITY, SAMPLES["NCT99000001"])
    said = SAMPLES["NCT99000001"]["protocolSection"]
    assert study.nct_id == "NCT99000001"
    assert study.found_by is FoundBy.ELIGIBILITY
    assert study.brief_title == said["identificationModule"]["briefTitle"]
    assert study.official_title == said["identificationModule"]["officialTitle"]
    assert study.overall_status == "RECRUITING"
    assert study.sponsor == said["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    assert study.conditions == tuple(said["conditionsModule"]["conditions"])
    assert study.phases == ("PHASE3",)
    assert study.enrollment == said["designModule"]["enrollmentInfo"]["count"]
    assert study.expanded_access_id == "NCT99000033"
    assert study.minimum_age == Age(18, "Year")
    assert study.maximum_age is None
    assert study.sex == "ALL"
    assert study.healthy_volunteers is False
    assert len(study.sites) == len(said["contactsLocationsModule"]["locations"])
    assert [one.name for one in study.interventions] == [
        one["name"] for one in said["armsInterventionsModule"]["interventions"]
    ]


def test_interventions() -> None:
    arms = {"interventions": [{"type": "DRUG", "name": "A", "otherNames": ["B", 5, " "]}, {}, 7]}
    assert protocol(armsInterventionsModule=arms).interventions == (
        Intervention("A", ("B",)),
        Intervention(None, ()),
    )


def test_values_that_the_registry_adds_later_are_kept() -> None:
    study = protocol(statusModule={"overallStatus": "PAUSED"}, designModule={"phases": ["PHASE5"]})
    assert (study.overall_status, study.phases) == ("PAUSED", ("PHASE5",))


@pytest.mark.parametrize("name", ["healthyVolunteers", "minimumAge", "sex", "eligibilityCriteria"])
@pytest.mark.parametrize("value", [None, 5, 0.5, [], {}, ["18 Years"]])
def test_a_value_of_the_wrong_type_is_not_said(name: str, value: Json) -> None:
    assert protocol(eligibilityModule={name: value}) == EMPTY


@pytest.mark.parametrize("value", ["true", "Yes", "", 1, 0, None])
def test_only_true_and_false_say_whether_healthy_people_may_join(value: Json) -> None:
    assert protocol(eligibilityModule={"healthyVolunteers": value}).healthy_volunteers is None


# Ages


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("18 Years", Age(18, "Year")),
        ("1 Year", Age(1, "Year")),
        ("6 Months", Age(6, "Month")),
        ("12 Weeks", Age(12, "Week")),
        ("30 Days", Age(30, "Day")),
        ("36 Hours", Age(36, "Hour")),
        ("5 Minutes", Age(5, "Minute")),
        (" 18 years ", Age(18, "Year")),
        ("0 Days", Age(0, "Day")),
        *[(text, None) for text in ("N/A", "", "18", "Years", "-1 Years", "18.5 Years", "adult")],
        *[(text, None) for text in ("18 Decades", "18 Years or older", "99999 Years")],
        *[(value, None) for value in (18, None, ["18 Years"], {"value": 18}, True)],
        ("5 Mınutes", None),
        ("5 Mİnutes", None),
    ],
)
def test_ages_keep_their_unit(text: Json, age: Age | None) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize(
    ("age", "years"),
    [
        (Age(18, "Year"), 18.0),
        (Age(18, "Month"), 1.5),
        (Age(52, "Week"), 0.9966),
        (Age(30, "Day"), 0.0821),
        (Age(36, "Hour"), 0.0041),
        (Age(60, "Minute"), 0.0001),
    ],
)
def test_ages_in_years(age: Age, years: float) -> None:
    assert age.years == pytest.approx(years, abs=0.0001)


@given(st.integers(0, 9999), st.sampled_from(["Year", "Month", "Week", "Day", "Hour", "Minute"]))
def test_every_age_the_registry_can_give_is_read(value: int, unit: str) -> None:
    assert parse_age(f"{value} {unit}{'' if value == 1 else 's'}") == Age(value, unit)


# Dates


@pytest.mark.parametrize("text", ["2026", "2026-03", "2026-03-05", "2024-02-29", "0001-01-01"])
def test_dates_keep_their_precision(text: str) -> None:
    assert str(parse_date(text)) == text


@pytest.mark.parametrize(
    "value",
    [
        *("", "26", "2026-3", "2026-13", "2026-00", "2026-03-00", "2026-02-30", "2025-02-29"),
        *("0000", "2026-03-05T00:00", "2026/03/05", "March 2026", "2026-03-05-01", "20260305"),
        *(2026, 2026.5, None, True, ["2026"], {"date": "2026"}, date(2026, 3, 5)),
        "٢٠٢٦-٠٣",
    ],
)
def test_impossible_dates_are_no_dates(value: Json) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    ("given_date", "earliest"),
    [
        (PartialDate(2026), date(2026, 1, 1)),
        (PartialDate(2026, 3), date(2026, 3, 1)),
        (PartialDate(2026, 3, 5), date(2026, 3, 5)),
    ],
)
def test_the_earliest_day_of_a_date(given_date: PartialDate, earliest: date) -> None:
    assert given_date.earliest == earliest


@given(st.dates())
def test_every_day_is_read(day: date) -> None:
    text = day.isoformat()
    assert parse_date(text) == PartialDate(day.year, day.month, day.day)
    assert parse_date(text[:7]) == PartialDate(day.year, day.month)
    assert parse_date(text[:4]) == PartialDate(day.year)


def test_dates_of_a_study() -> None:
    study = protocol(
        statusModule={
            "startDateStruct": {"date": "2026-03", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2029"},
            "statusVerifiedDate": "2026-10",
            "lastUpdatePostDateStruct": {"date": "2026-11-02"},
            "lastUpdateSubmitDate": "2026-10-30",
        }
    )
    assert study.start_date == PartialDate(2026, 3)
    assert study.completion_date == PartialDate(2029)
    assert study.status_verified == PartialDate(2026, 10)
    assert study.last_update == PartialDate(2026, 11, 2)


def test_the_last_update_falls_back_on_the_day_it_was_sent_in() -> None:
    study = protocol(statusModule={"lastUpdateSubmitDate": "2026-10-30"})
    assert study.last_update == PartialDate(2026, 10, 30)


# Text


@pytest.mark.parametrize("character", CONTROLS)
def test_control_characters_are_taken_out(character: str) -> None:
    assert clean(f"a{character}b") == "ab"


@pytest.mark.parametrize(
    "character",
    [
        *BIDI,
        "\u061c",
    ],
    ids=ascii,
)
def test_characters_that_turn_the_reading_direction_are_taken_out(character: str) -> None:
    assert clean(f"a{character}b") == "ab"


def test_lone_surrogates_become_a_sign_that_can_be_shown() -> None:
    assert clean("a\ud800b\udfff") == "a\ufffdb\ufffd"


def test_a_surrogate_in_a_record_comes_out_as_text_that_can_be_encoded() -> None:
    study = parse(
        json.loads(r'{"protocolSection":{"identificationModule":{"briefTitle":"a\ud800"}}}')
    )
    assert study.brief_title == "a\ufffd"


def test_one_kind_of_line_break_is_left() -> None:
    assert clean(" a\r\nb\rc\nd\te \n") == "a\nb\nc\nd\te"


def test_text_of_all_scripts_stays() -> None:
    text = "慢性髓系白血病 leucémie ≥2 TKIs, 5\u00a0% 👩\u200d🔬 سرطان الدم"
    assert clean(text) == text


@given(odd_text)
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert clean(once) == once


def test_text_of_blanks_is_not_said() -> None:
    assert protocol(identificationModule={"briefTitle": " \n\x00 "}).brief_title is None


CRITERIA = (
    "Inclusion Criteria:\n\n* Age \\>= 18\n  * BCR\\-ABL1 \\> 1%\n1. T315I \\[yes\\]\n- a\\*b"
)
PLAIN = "Inclusion Criteria:\n\n* Age >= 18\n  * BCR-ABL1 > 1%\n1. T315I [yes]\n- a*b"


@pytest.mark.parametrize(
    ("module", "name", "attribute"),
    [
        ("eligibilityModule", "eligibilityCriteria", "eligibility_criteria"),
        ("descriptionModule", "briefSummary", "brief_summary"),
        ("descriptionModule", "detailedDescription", "detailed_description"),
    ],
)
def test_markdown_loses_its_escapes_and_keeps_bullets_and_lines(
    module: str, name: str, attribute: str
) -> None:
    assert getattr(protocol(**{module: {name: CRITERIA}}), attribute) == PLAIN


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"\\", "\\"),
        (r"\\\>", "\\>"),
        (r"a\b", r"a\b"),
        (r"\é", r"\é"),
        (r"1\. \#2 \_x\_ \~ \& \$5", "1. #2 _x_ ~ & $5"),
        ("ends with \\", "ends with \\"),
    ],
)
def test_only_escaped_punctuation_is_unescaped(written: str, shown: str) -> None:
    study = protocol(descriptionModule={"briefSummary": written})
    assert study.brief_summary == shown


def test_backslashes_stay_in_fields_without_markup() -> None:
    title = r"A \> B \[C\]"
    study = protocol(
        identificationModule={"briefTitle": title, "officialTitle": title},
        statusModule={"whyStopped": title},
        conditionsModule={"conditions": [title]},
    )
    assert (study.brief_title, study.official_title) == (title, title)
    assert (study.why_stopped, study.conditions) == (title, (title,))
    assert located(facility=title).facility == title


@pytest.mark.parametrize("nct_id", ["NCT99000052", "NCT99000053"])
def test_hostile_text_stays_text(nct_id: str) -> None:
    title = SAMPLES[nct_id]["protocolSection"]["identificationModule"]["briefTitle"]
    assert parse(SAMPLES[nct_id]).brief_title == clean(title)
    assert parse(SAMPLES[nct_id]).brief_title[0] in "=+"  # type: ignore[index]


# Places and people


@pytest.mark.parametrize(
    ("lat", "lon"), [(29.76, -95.36), (90, 180), (-90, -180), (0, 10), (10, 0), (0.0, -0.1)]
)
def test_points_on_earth_are_kept(lat: float, lon: float) -> None:
    site = located(geoPoint={"lat": lat, "lon": lon})
    assert (site.lat, site.lon) == (lat, lon)
    assert (type(site.lat), type(site.lon)) == (float, float)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        *((90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (10**400, 1)),
        *((float("nan"), 1), (1, float("nan")), (float("inf"), 1), (1, float("-inf"))),
        *((0, 0), (0.0, -0.0)),
        *((None, 1), (1, None), ("1", "1"), (True, True), ([], {})),
    ],
)
def test_other_points_are_no_points(lat: Json, lon: Json) -> None:
    site = located(geoPoint={"lat": lat, "lon": lon})
    assert (site.lat, site.lon) == (None, None)


@pytest.mark.parametrize("point", [None, {}, [], "1,1", {"lat": 1}, {"lon": 1}])
def test_half_a_point_is_no_point(point: Json) -> None:
    assert (located(geoPoint=point).lat, located(geoPoint=point).lon) == (None, None)


def test_a_site_says_what_it_says() -> None:
    site = located(
        facility="Clinic",
        status="RECRUITING",
        city="Houston",
        state="Texas",
        country="United States",
    )
    assert site == Site(
        *("Clinic", "RECRUITING", "Houston", "Texas", "United States"), None, None, ()
    )


def test_countries_lose_their_trailing_blank() -> None:
    assert located(country="Czechia ").country == "Czechia"
    countries = {site.country for site in parse(SAMPLES["NCT99000041"]).sites}
    assert "Czechia" in countries


def test_phones_carry_their_extension() -> None:
    assert called(phone="555-0100", phoneExt="12").phone == "555-0100 ext. 12"


@pytest.mark.parametrize("extension", [None, "", " ", 12, []])
def test_phones_without_an_extension_are_left_alone(extension: Json) -> None:
    assert called(phone="555-0100", phoneExt=extension).phone == "555-0100"


def test_an_extension_alone_is_no_phone() -> None:
    assert called(name="A", phoneExt="12") == Contact("A", None, None)


def test_sites_have_contacts_of_their_own() -> None:
    site = located(contacts=[{"name": "A", "role": "CONTACT", "email": "a@example.org"}, None])
    assert site.contacts == (Contact("A", None, "a@example.org"),)


# Enrollment


@pytest.mark.parametrize(
    ("count", "enrollment"),
    [
        *((0, 0), (120, 120), (99_999_998, 99_999_998)),
        *((99_999_999, None), (100_000_000, None), (10**400, None), (-1, None)),
        *((True, None), ("120", None), (120.0, None), (None, None), ([], None)),
    ],
)
def test_enrollment_is_a_number_or_not_known(count: Json, enrollment: int | None) -> None:
    assert protocol(designModule={"enrollmentInfo": {"count": count}}).enrollment == enrollment


def test_the_sample_with_an_unknown_enrollment() -> None:
    assert parse(SAMPLES["NCT99000048"]).enrollment is None
