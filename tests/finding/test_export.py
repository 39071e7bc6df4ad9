"""The CSV opens in any spreadsheet, runs nothing there and says whose data it holds."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.builders import (
    ANY,
    HOUSTON,
    NOW,
    STAMP,
    TODAY,
    changed,
    contact,
    evidence,
    found,
    listed,
    numbered,
    reading,
    silent_study,
    site,
    study,
    unplaced,
)
from trialfinder.finding.describe import relevance_words, why_words
from trialfinder.finding.export import (
    filter_words,
    inert,
    json_text,
    note_words,
    original,
    rows_of,
    to_csv,
    to_json,
)
from trialfinder.finding.filters import Filters
from trialfinder.finding.places import KM_PER_MILE
from trialfinder.finding.search import Found
from trialfinder.finding.situation import Situation
from trialfinder.reading import Reading, Side, Why
from trialfinder.registry.answer import Source
from trialfinder.registry.parse import Age, Intervention, PartialDate, Study, clean
from trialfinder.vocabulary import (
    Approach,
    CmlPhase,
    FoundBy,
    OverallStatus,
    Relevance,
    Sex,
    Stance,
    StudyType,
    TrialPhase,
)

ONE, TWO = numbered(1), numbered(2)

HEADERS = [
    "NCT ID",
    "Title",
    "Why listed",
    "Words of the record that decided this",
    "Where these words stand",
    "Trial phase (how far testing has come)",
    "Status",
    "Kind of study",
    "Kind of treatment",
    "CML phases that the record names",
    "T315I mutation",
    "Earlier TKIs",
    "Nearest open site",
    "Distance (as the crow flies)",
    "Contact",
    "Age limits",
    "Sex",
    "May not fit because",
    "What is tested or given",
    "Conditions",
    "Run by",
    "Record last updated",
    "About the update",
    "How it was found",
    "Official record",
    "Data of ClinicalTrials.gov from",
    "Retrieved at (UTC)",
    "Filters when downloaded",
    "Are these real data?",
    "All open sites",
]
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
ASK = "The record does not say: ask."


def exported(
    *studies: Study,
    whole: Found | None = None,
    today: date = TODAY,
    unit: str = "mi",
    says: Reading | None = None,
    **chosen: Any,
) -> bytes:
    """The file for these studies; ``says`` is what the first one's record says."""
    filters = Filters(**ANY | chosen)
    readings = {studies[0].nct_id: says} if says else {}
    listing = listed(*studies, filters=filters, readings=readings)
    whole = whole or found(*studies, readings=readings)
    return to_csv(listing.studies, whole, filters, today=today, unit=unit)


def rows(content: bytes) -> list[dict[str, str]]:
    """What a program that knows nothing of us reads."""
    frame = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False)
    return [
        {str(name): str(text) for name, text in row.items()} for row in frame.to_dict("records")
    ]


def row(*studies: Study, **given: Any) -> dict[str, str]:
    """The one row of the one study."""
    (only,) = rows(exported(*studies, **given))
    return only


# --- the file --------------------------------------------------------------------------------


def test_the_file_begins_with_a_byte_order_mark_and_has_windows_line_ends() -> None:
    content = exported(study())

    assert content.startswith(b'\xef\xbb\xbf"NCT ID",')
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_headers_are_words_in_a_fixed_order_with_and_without_rows() -> None:
    for content in (exported(study()), exported()):
        assert next(csv.reader(StringIO(content.decode("utf-8-sig")))) == HEADERS


def test_nothing_listed_is_a_file_with_headers_alone() -> None:
    assert rows(exported()) == []


def test_each_listed_trial_has_one_row_in_the_order_of_the_list() -> None:
    made = [study(ONE, sites=[site(90), site(80), site(70)]), study(TWO, sites=[site(10)])]

    assert [one["NCT ID"] for one in rows(exported(*made, near=HOUSTON))] == [TWO, ONE]


def test_all_words_of_a_full_row() -> None:
    made = study(
        brief_title="A Study of Samplinib",
        phases=("PHASE1", "PHASE2"),
        maximum_age=Age(75, "Year"),
        interventions=(Intervention("Samplinib", ()), Intervention(None, ())),
        conditions=("CML", "Blast Crisis"),
        sites=[site(100, contacts=(contact(email="a@example.org"),)), site(300, city="Waco")],
    )

    assert row(made, near=HOUSTON, within_km=200, unit="km") == dict(
        zip(
            HEADERS,
            [
                ONE,
                "A Study of Samplinib",
                f"{relevance_words(reading())} {why_words(reading())}",
                "Imatinib did not work.",
                "Summary",
                "Trial phase 1 (is it safe, and at which dose?) and 2 (does it seem to work?)",
                "Recruiting",
                "Trials that test something",
                *(ASK, ASK, ASK, ASK),
                "Sample Hospital, Houston, Texas, United States",
                "about 100 km",
                "A. Person, 555-0100, a@example.org",
                "18 years to 75 years",
                "All",
                "",
                "Samplinib",
                "CML / Blast Crisis",
                "Sponsor (sample)",
                "1 Jun 2026",
                "",
                "CML is among its conditions, title or keywords",
                f"https://clinicaltrials.gov/study/{ONE}",
                STAMP,
                "2026-11-22 12:00",
                "near: Houston, Texas, United States; within: 200 km",
                "Yes, from ClinicalTrials.gov",
                "{0}, Houston, {1} / {0}, Waco, {1}".format(
                    "Sample Hospital", "Texas, United States"
                ),
            ],
            strict=True,
        )
    )


def test_a_silent_record_says_so_in_every_cell_but_those_of_remarks() -> None:
    empty = {name for name, text in row(silent_study()).items() if not text}

    assert empty == {"Distance (as the crow flies)", "May not fit because"}


# --- text comes back as it was, and runs nowhere ----------------------------------------------

HOSTILE = st.text(
    st.sampled_from("=+-@＝＋－＠'\"\n\r\t ,;|\\\u00a0\u2028\u202eéß漢😀01aA(){}<>`$")
    | st.characters(),
    max_size=12,
)


def test_what_would_run_gets_an_apostrophe() -> None:
    for start in "=+-@＝＋－＠":
        for blanks in ("", " ", "\u00a0", "  "):
            assert inert(f"{blanks}{start}1+1") == f"'{blanks}{start}1+1"


def test_what_would_run_where_other_signs_part_the_cells_gets_one_too() -> None:
    for sign in ";\t\n":
        assert inert(f"Trial A{sign}=1+1") == f"Trial A{sign}'=1+1"
        assert inert(f"Trial A{sign} =1+1") == f"Trial A{sign}' =1+1"


@pytest.mark.parametrize("text", ["", "plain", "a=b", "1-2", "'quoted'", "'", "it's -1", " a"])
def test_what_does_not_run_stays_as_it_is(text: str) -> None:
    assert inert(text) == text == original(text)


@settings(max_examples=400, deadline=None)
@example("' '=1")
@example(" '=1")
@example("''=1")
@example("'\t''  @")
@given(HOSTILE)
def test_the_original_can_always_be_had_back(text: str) -> None:
    assert original(inert(text)) == text


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_guarded_text_never_starts_a_formula(text: str) -> None:
    assert not FORMULA.match(inert(text))


@settings(max_examples=40, deadline=None)
@example("=1+1", '"', ",\n'", "＝cmd|' /C calc'!A0")
@example("NA", "nan", "null", "None")
@example("007", "1e5", "2026-01-01", "TRUE")
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_text_comes_back_letter_for_letter(
    title: str, sponsor: str, condition: str, person: str
) -> None:
    title, sponsor, condition, person = map(clean, (title, sponsor, condition, person))
    made = study(
        brief_title=title,
        sponsor=sponsor,
        conditions=(condition,) if condition else (),
        central_contacts=(contact(person),),
    )
    (back,) = rows(exported(made))

    assert not [text for text in back.values() if FORMULA.match(text)]
    assert original(back["Title"]) == (title or "The record has no title.")
    assert original(back["Run by"]) == (sponsor or "the record does not say: ask")
    assert original(back["Conditions"]) == (condition or "the record does not say: ask")
    whole = f"{person}, 555-0100" if person else "555-0100"
    assert original(back["Contact"]).endswith(f"not one site: {whole}")


def test_a_telephone_number_in_front_is_kept_from_being_a_sum() -> None:
    made = study(sites=[site(contacts=(contact(None, phone="+1 713 555 0100"),))])

    assert row(made, near=HOUSTON)["Contact"] == "'+1 713 555 0100"


def test_values_that_we_have_no_words_for_are_marked_and_guarded() -> None:
    made = study(overall_status="=NEW", study_type="-NEW", phases=("@NEW",), sex="+NEW")
    only = row(made)

    assert only["Status"] == "'=NEW (the registry's own word)"
    assert only["Kind of study"] == "'-NEW (the registry's own word)"
    assert "@NEW (the registry's own word)" in only["Trial phase (how far testing has come)"]
    assert only["Sex"] == "'+NEW (the registry's own word)"


# --- what each cell says ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "chosen", "said", "far"),
    [
        (study(sites=[site(100)]), {"near": HOUSTON}, "Sample Hospital, Houston", "about 62 mi"),
        (study(sites=[site(1)]), {"near": HOUSTON}, "Sample Hospital, Houston", "less than 1 mi"),
        (study(), {}, "no place was given", ""),
        (study(sites=[unplaced()]), {"near": HOUSTON}, "distance not known", ""),
        (study(sites=[]), {"near": HOUSTON}, "none is listed as open: ask", ""),
        (study(sites=[site(status="COMPLETED")]), {}, "none is listed as open: ask", ""),
        (study(overall_status="COMPLETED"), {"near": HOUSTON}, "this study is not open", ""),
        (study(overall_status="UNKNOWN"), {"near": HOUSTON}, "this study is not open", ""),
    ],
)
def test_the_nearest_site_or_why_none_is_named(
    made: Study, chosen: dict[str, Any], said: str, far: str
) -> None:
    only = row(made, **chosen)

    assert only["Nearest open site"].startswith(said)
    assert only["Distance (as the crow flies)"] == far


@pytest.mark.parametrize(
    ("unit", "far", "limit"), [("mi", "about 100 mi", "100 mi"), ("km", "about 161 km", "160.9 km")]
)
def test_distances_are_in_the_unit_of_the_person(unit: str, far: str, limit: str) -> None:
    km = 100 * KM_PER_MILE
    only = row(study(sites=[site(km)]), near=HOUSTON, within_km=km + 0.001, unit=unit)

    assert only["Distance (as the crow flies)"] == far
    assert f"within: {limit}" in only["Filters when downloaded"]


def test_only_open_sites_are_listed_as_open() -> None:
    made = study(sites=[site(facility="A"), site(facility="B", status="WITHDRAWN")])

    assert row(made)["All open sites"] == "A, Houston, Texas, United States"
    assert row(study(overall_status="COMPLETED"))["All open sites"] == "none is listed as open: ask"


def test_a_contact_comes_from_the_nearest_site_then_from_the_study_then_nowhere() -> None:
    of_site, of_study = contact("At the site"), contact("At the sponsor")
    unreachable = contact("Investigator", phone=None)
    near = {"near": HOUSTON}
    both = study(sites=[site(contacts=(of_site,))], central_contacts=(of_study,))
    one = study(sites=[site(contacts=(unreachable,))], central_contacts=(of_study,))
    none = study(sites=[site(contacts=(unreachable,))])

    assert row(both, **near)["Contact"] == "At the site, 555-0100"
    assert row(both)["Contact"].endswith("not one site: At the sponsor, 555-0100")
    assert row(one, **near)["Contact"].endswith("not one site: At the sponsor, 555-0100")
    assert row(none, **near)["Contact"].startswith("The record names no contact")


def test_an_old_record_and_one_without_a_date_carry_a_warning() -> None:
    old, undated = study(last_update=PartialDate(2025, 11, 21)), study(last_update=None)

    assert row(study(last_update=PartialDate(2025, 11, 22)))["About the update"] == ""
    assert "more than 12 months ago" in row(old)["About the update"]
    assert "does not say when" in row(undated)["About the update"]
    assert row(old, today=date(2026, 11, 21))["About the update"] == ""


def test_what_may_not_fit_is_said() -> None:
    made = study(minimum_age=Age(18, "Year"), maximum_age=Age(60, "Year"), sex="MALE")
    note = row(made, age=70, sex=Sex.FEMALE)["May not fit because"]

    assert "18 years to 60 years" in note
    assert "Men only" in note
    assert note_words(Situation(), made, reading()) == ""


def test_what_was_read_out_of_the_record_is_in_words_with_the_quote_that_decided() -> None:
    says = reading(
        relevance=Relevance.MAY,
        why=Why.SEVERAL_DISEASES,
        cml_phases=(CmlPhase.CHRONIC, CmlPhase.BLAST),
        approaches=(Approach.TKI, Approach.TRANSPLANT),
        t315i=Stance.EXCLUDED,
        min_prior_tkis=2,
        evidence=(
            evidence("T315I", about="t315i"),
            evidence("CML or\n  other leukemias", side=Side.INCLUSION),
            evidence("Leukemias"),
        ),
    )
    only = row(study(), says=says)

    assert only["Why listed"] == (
        "The record does not tie joining to a TKI that stopped working. "
        "It does not shut such people out: ask. "
        "The record takes people with one of several diseases. CML is one of them."
    )
    assert only["Words of the record that decided this"] == "CML or other leukemias"
    assert only["Where these words stand"] == "Who can join"
    assert only["Kind of treatment"] == "TKI / Transplant"
    assert only["CML phases that the record names"] == "Chronic phase / Blast phase"
    assert only["T315I mutation"] == "The record rules out people with T315I."
    assert only["Earlier TKIs"] == "The record asks for at least 2 earlier TKIs."


def test_where_no_words_decided_that_is_said() -> None:
    only = row(study(), says=reading(evidence=(evidence(about="t315i"),)))

    assert only["Words of the record that decided this"] == "No words of the record decided this."
    assert only["Where these words stand"] == ""


@pytest.mark.parametrize(
    "quote", ["=1+1", "  @SUM(A1)", "-2 TKIs", "ill\u202e\x07; =cmd|' /C calc'!A0"]
)
def test_a_quote_runs_nowhere(quote: str) -> None:
    content = exported(study(), says=reading(evidence=(evidence(quote),)))
    (only,) = rows(content)
    cell = only["Words of the record that decided this"]

    assert not FORMULA.match(cell)
    assert "'" in cell
    assert original(cell) == " ".join(clean(quote).split())


def test_a_study_found_by_its_criteria_alone_says_so() -> None:
    only = row(study(found_by=FoundBy.ELIGIBILITY))

    assert only["How it was found"].startswith("Only its rules on who can join name CML.")


def test_the_official_title_stands_in_for_a_missing_one() -> None:
    assert row(study(brief_title=None, official_title="Official"))["Title"] == "Official"


# --- filters in words ------------------------------------------------------------------------


def test_every_filter_in_use_is_in_every_row() -> None:
    made = [study(ONE), study(TWO)]
    says = reading(cml_phases=(CmlPhase.BLAST,), approaches=(Approach.TKI,))
    whole = found(*made, readings={ONE: says})
    chosen: dict[str, Any] = {
        "relevances": [Relevance.YES, Relevance.NO],
        "statuses": [OverallStatus.RECRUITING, OverallStatus.AVAILABLE],
        "study_types": [StudyType.INTERVENTIONAL],
        "trial_phases": [TrialPhase.PHASE2, TrialPhase.NA],
        "cml_phases": [CmlPhase.BLAST],
        "approaches": [Approach.TKI, Approach.CHEMOTHERAPY],
        "country": "United States",
        "state": "Texas",
        "city": "Houston",
        "near": HOUSTON,
        "within_km": 160.9344,
        "age": 61.0,
        "sex": Sex.FEMALE,
    }
    content = exported(*made, whole=whole, says=says, **chosen)
    words = {one["Filters when downloaded"] for one in rows(content)}

    (used,) = words
    assert used.split("; ") == [
        "what the record says: Tied to a TKI that failed, Written for other people",
        "status: Recruiting, Expanded access: available",
        "kind of study: Trials that test something",
        "trial phase: Trial phase 2, No trial phase",
        "CML phase: Blast phase",
        "kind of treatment: TKI, Chemotherapy",
        "country: United States",
        "state: Texas",
        "city: Houston",
        "near: Houston, Texas, United States",
        "within: 100 mi",
        "age: 61",
        "sex: Female",
    ]


def test_no_filters_are_none() -> None:
    assert filter_words(Filters(**ANY), "mi") == "none"


def test_age_nought_is_an_age() -> None:
    assert filter_words(Filters(**ANY, age=0), "mi") == "age: 0"


# --- whose data ------------------------------------------------------------------------------


def test_saved_data_are_called_saved() -> None:
    only = row(study(), whole=changed(found(study()), source=Source.SAVED, retrieved_at=NOW))

    assert only["Are these real data?"].startswith("Yes, but saved earlier")


def test_a_registry_that_does_not_date_its_data_is_quoted_as_silent() -> None:
    only = row(study(), whole=changed(found(study()), data_timestamp=None))

    silence = "a time that the registry did not say"
    assert only["Data of ClinicalTrials.gov from"] == silence


def test_every_row_of_samples_is_marked_and_none_links_to_the_registry() -> None:
    made = [study(ONE), study(TWO), study(numbered(3), overall_status="COMPLETED")]
    content = exported(*made, whole=changed(found(*made), source=Source.SAMPLE))

    assert len(rows(content)) == 3
    assert b"clinicaltrials.gov/study" not in content
    for one in rows(content):
        assert one["Official record"] == "SAMPLE: not a real trial"
        assert one["Are these real data?"] == "No. SAMPLE: invented, not a real trial"


def test_a_closed_study_has_the_provenance_of_the_closed_ones() -> None:
    made = [study(ONE), study(TWO, overall_status="COMPLETED")]
    whole = found(*made)
    by_part = dict(whole.parts)
    closed_part = list(by_part)[-1]
    by_part[closed_part] = changed(whole, source=Source.SAVED).parts[closed_part]
    mixed = replace(whole, parts=by_part)
    said = {
        one["NCT ID"]: one["Are these real data?"] for one in rows(exported(*made, whole=mixed))
    }

    assert said[ONE] == "Yes, from ClinicalTrials.gov"
    assert said[TWO].startswith("Yes, but saved earlier")


# --- JSON ------------------------------------------------------------------------------------


def test_json_agrees_with_the_list() -> None:
    made = [
        study(ONE, sites=[site(301.26), site(9, status="COMPLETED")], phases=("PHASE1", "PHASE2")),
        study(TWO, sites=[unplaced()], last_update=PartialDate(2026, 3)),
        study(numbered(3), sites=[site(50)], sex="MALE", maximum_age=Age(6, "Month")),
        study(numbered(4), phases=()),
    ]
    filters = Filters(near=HOUSTON, age=50, sex=Sex.FEMALE, trial_phases=[TrialPhase.PHASE2])
    listing = listed(*made, filters=filters)
    whole = found(*made)
    document = json.loads(to_json(listing.studies, whole, listing.ledger))

    table = listing.studies.set_index("nct_id")
    assert [one["nct_id"] for one in document["studies"]] == table.index.to_list()
    for one in document["studies"]:
        marked = table.loc[one["nct_id"]]
        assert one["distance_unknown"] == marked["distance_unknown"]
        assert one["age_outside"] == marked["age_outside"]
        assert one["sex_outside"] == marked["sex_outside"]
        if pd.isna(marked["nearest"]):
            assert (one["nearest_open_site"], one["distance_km"]) == (None, None)
        else:
            assert one["distance_km"] == round(marked["distance_km"], 1)
    assert document["ledger"] == [
        {"step": "relevance", "left": 4, "removed": {}},
        {"step": "status", "left": 4, "removed": {}},
        {"step": "study_type", "left": 4, "removed": {}},
        {"step": "trial_phase", "left": 3, "removed": {"no_phase": [numbered(4)]}},
    ]
    assert document["data"]["open"]["source"] == "registry"
    assert document["data"]["open"]["data_timestamp"] == STAMP
    assert document["closed_total"] == 0


def test_json_says_what_one_study_is() -> None:
    made = study(last_update=PartialDate(2026, 3), maximum_age=Age(1, "Year"))
    filters = Filters(near=HOUSTON)
    says = reading(
        nct_id=None,
        cml_phases=(CmlPhase.ACCELERATED,),
        min_prior_tkis=1,
        approaches=(Approach.TKI,),
        mutations={"V299L": Stance.EXCLUDED},
    )
    listing = listed(made, filters=filters, readings={ONE: says})
    whole = found(made, readings={ONE: says})
    (only,) = json.loads(to_json(listing.studies, whole, listing.ledger))["studies"]

    assert only == {
        "nct_id": ONE,
        "brief_title": "Sample study 01",
        "overall_status": "RECRUITING",
        "study_type": "INTERVENTIONAL",
        "trial_phases": ["PHASE2"],
        "minimum_age": "18 years",
        "maximum_age": "1 year",
        "sex": "ALL",
        "age_outside": False,
        "sex_outside": False,
        "nearest_open_site": "Sample Hospital, Houston, Texas, United States",
        "distance_km": 0.0,
        "distance_unknown": False,
        "open_sites": ["Sample Hospital, Houston, Texas, United States"],
        "last_update": "2026-03",
        "found_by": "condition",
        "relevance": "yes",
        "why": "tki_failure",
        "cml_phases": ["accelerated"],
        "t315i": "silent",
        "min_prior_tkis": 1,
        "approaches": ["tki"],
        "mutations": {"V299L": "excluded"},
        "prior_drugs": {},
        "prior_transplant": "silent",
        "evidence": [
            {
                "about": "relevance",
                "field": "protocolSection.descriptionModule.briefSummary",
                "start": 0,
                "end": 22,
                "quote": "Imatinib did not work.",
                "side": "other",
                "more_before": False,
                "more_after": False,
            }
        ],
    }


@settings(max_examples=20, deadline=None)
@given(HOSTILE)
def test_json_loads_whatever_the_records_say(text: str) -> None:
    made = study(brief_title=clean(text))
    listing = listed(made)
    (only,) = json.loads(to_json(listing.studies, found(made), ()))["studies"]

    assert only["brief_title"] == clean(text)


@settings(max_examples=200, deadline=None)
@example("\ud800 \udfff \U0001f600 \x00\x1b\x7f\x9b\u2028\u202e\ufeff")
@given(st.text())
def test_json_keeps_every_character_and_shows_a_terminal_none_that_harms(text: str) -> None:
    written = json_text({"quote": text})

    assert json.loads(written.encode()) == {"quote": text}
    assert len(written.splitlines()) == 1
    assert clean(written) == written


def test_json_keeps_letters_as_they_are() -> None:
    assert json_text(["é漢😀"]) == '["é漢😀"]'


def test_json_of_a_silent_study_and_of_none_loads() -> None:
    made = silent_study()

    assert json.loads(to_json(listed().studies, found(made), ()))["studies"] == []
    (only,) = json.loads(to_json(listed(made).studies, found(made), ()))["studies"]
    assert only["brief_title"] is None


def test_rows_stand_in_the_order_of_the_list() -> None:
    made = [study(ONE, sites=[site(50)]), study(TWO, sites=[site(10)])]
    listing = listed(*made, near=HOUSTON)

    assert [one.study.nct_id for one in rows_of(listing.studies, found(*made))] == [TWO, ONE]
