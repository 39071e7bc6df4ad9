"""The table of approved medicines is sourced, dated and plain, and finds what a record names."""

from __future__ import annotations

import datetime
import re
from itertools import chain

import pytest

from tests.support.wording import BANNED, KINDS_OF_PHASE
from trialfinder.content.approved import (
    LANGUAGES,
    Approved,
    approved,
    approved_among,
    parse_approved,
)
from trialfinder.content.reading_grade import grade

LAST_REVIEW = datetime.date(2026, 11, 25)

every_medicine = pytest.mark.parametrize("medicine", approved(), ids=lambda one: one.name)


def statements(medicine: Approved, language: str) -> list[str]:
    return [region[language] for region in (medicine.us, medicine.eu) if region]


def named(*names: str) -> list[str]:
    return [medicine.name for medicine in approved_among(names)]


# --- what is there ---------------------------------------------------------------------------


def test_the_table_holds_what_is_approved_in_the_us_or_the_eu_in_order_of_use() -> None:
    assert [medicine.name for medicine in approved()] == [
        "imatinib",
        "dasatinib",
        "nilotinib",
        "bosutinib",
        "ponatinib",
        "asciminib",
        "omacetaxine",
        "hydroxyurea",
    ]


@every_medicine
def test_every_entry_has_a_source_and_a_date_that_is_not_in_the_future(medicine: Approved) -> None:
    assert datetime.date(2026, 1, 1) <= medicine.reviewed <= LAST_REVIEW
    for region, there in (("US: ", medicine.us), ("EU: ", medicine.eu)):
        assert (region in medicine.source) == bool(there)


@every_medicine
def test_every_statement_is_there_in_every_language(medicine: Approved) -> None:
    assert medicine.us or medicine.eu
    for region in (medicine.us, medicine.eu):
        assert set(region) in (set(), set(LANGUAGES))


@every_medicine
def test_years_ages_and_mutations_are_the_same_in_every_language(medicine: Approved) -> None:
    figures = [
        [re.findall(r"[A-Z]*\d+[A-Z]*", statement) for statement in statements(medicine, language)]
        for language in LANGUAGES
    ]

    assert all(found == figures[0] for found in figures)


def test_no_spelling_is_there_twice() -> None:
    spellings = [
        re.sub(r"[\s-]", "", spelling).lower()
        for spelling in chain.from_iterable(medicine.spellings for medicine in approved())
    ]

    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("name", ["Enliven", "olverembatinib", "radotinib", "flumatinib"])
def test_what_is_not_approved_there_or_is_another_name_is_not_in_it(name: str) -> None:
    assert named(name) == []


def test_what_we_could_not_find_out_is_left_out() -> None:
    table = {medicine.name: medicine for medicine in approved()}

    assert not table["omacetaxine"].eu
    assert "2025" not in table["asciminib"].eu["en"]


def test_the_table_is_read_once() -> None:
    assert approved() is approved()


# --- plain -----------------------------------------------------------------------------------


@every_medicine
def test_the_reading_grade_is_eight_or_lower(medicine: Approved) -> None:
    for statement in statements(medicine, "en"):
        assert grade(statement) <= 8.0, statement


@every_medicine
def test_the_words_keep_the_rules(medicine: Approved) -> None:
    for statement in statements(medicine, "en"):
        for fault, pattern in BANNED.items():
            assert not re.search(pattern, statement, re.IGNORECASE), fault
        for kind in re.findall(r"(\w+)\s+phases?\b", statement):
            assert kind.lower() in KINDS_OF_PHASE, statement
    for statement in statements(medicine, "es"):
        assert not re.search(r"[!¡%]|\belegib\w*|\b(?:tú|tu|tus|usted debe)\b", statement)


# --- which are named -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "medicine"),
    [
        ("ponatinib hydrochloride", "ponatinib"),
        ("Imatinib Mesylate Tablets, 400 mg", "imatinib"),
        ("STI571", "imatinib"),
        ("STI-571", "imatinib"),
        ("STI 571", "imatinib"),
        ("sti\u2011571", "imatinib"),
        ("CGP 57148B", "imatinib"),
        ("Glivec/Gleevec", "imatinib"),
        ("SPRYCEL®", "dasatinib"),
        ("BMS354825", "dasatinib"),
        ("Nilotinib+AD induction", "nilotinib"),
        ("AMN 107", "nilotinib"),
        ("SKI 606", "bosutinib"),
        ("AP-24534 (phase 2)", "ponatinib"),
        ("Asciminib (ABL-001)", "asciminib"),
        ("Homoharringtonine", "omacetaxine"),
        ("HHT", "omacetaxine"),
        ("Hydroxy-urea", "hydroxyurea"),
        ("hydroxycarbamide", "hydroxyurea"),
    ],
)
def test_a_medicine_is_found_by_any_of_its_spellings(name: str, medicine: str) -> None:
    assert named(name) == [medicine]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ruxolitinib",
        "masitinib",
        "interferon alfa-2b",
        "Besremi",
        "TERN-701",
        "ABL0012",
        "XSTI571",
        "STI5710",
        "HHTX",
        "ponatinibum",
        "a TKI",
        "cytarabine",
        "dexamethasone",
    ],
)
def test_near_misses_are_not_found(name: str) -> None:
    assert named(name) == []


def test_a_medicine_that_is_only_spoken_of_is_found_too() -> None:
    """What the words around a name say of it is for the caller to see."""
    assert named("Vaccine for imatinib-resistant CML") == ["imatinib"]


def test_several_are_found_once_each_in_the_order_of_the_table() -> None:
    assert named("Hydrea", "ponatinib and imatinib", "Iclusig") == [
        "imatinib",
        "ponatinib",
        "hydroxyurea",
    ]
    assert named() == []


def test_one_name_does_not_run_into_the_next() -> None:
    assert named("STI", "571") == []


def test_names_may_come_from_an_iterator() -> None:
    assert [one.name for one in approved_among(iter(["ruxolitinib", "Tasigna"]))] == ["nilotinib"]


# --- reading the file ------------------------------------------------------------------------

SAMPLE = """\
[[medicines]]
name = "first"
spellings = ["first", "FI-1"]
us.en = "Approved."
us.es = "Aprobado."
source = "US: someone."
reviewed = 2026-11-25

[[medicines]]
name = "second"
spellings = ["second"]
eu.en = "Approved."
eu.es = "Aprobado."
source = "EU: someone else."
reviewed = 2026-11-24
"""


def test_an_entry_carries_what_the_file_says() -> None:
    first, second = parse_approved(SAMPLE)

    assert first == Approved(
        name="first",
        spellings=("first", "FI-1"),
        us={"en": "Approved.", "es": "Aprobado."},
        eu={},
        source="US: someone.",
        reviewed=datetime.date(2026, 11, 25),
    )
    assert second.us == {}


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ('name = "first"', "name = ", "not TOML"),
        ("[[medicines]]", "[[other]]", "not a list of"),
        ('name = "first"\n', "", "medicine 1: name is not a text"),
        ('name = "second"', "name = 2", "medicine 2: name is not a text"),
        ('source = "US: someone."\n', "", "first lacks source"),
        ('source = "US: someone."', 'source = " "', "source is not a text"),
        ('source = "US', 'colour = "red"\nsource = "US', "first has unknown colour"),
        ('us.en = "Approved."\nus.es = "Aprobado."\n', "", "first has none of eu, us"),
        ('us.es = "Aprobado."\n', "", "us is not there in en and es"),
        ('us.es = "Aprobado."', 'us.es = "Aprobado."\nus.fr = "x"', "us is not there in"),
        ('us.en = "Approved."\nus.es = "Aprobado."\n', 'us = "Approved."\n', "us is not there in"),
        ('us.es = "Aprobado."', "us.es = 1", "us.es is not a text"),
        ('spellings = ["second"]', "spellings = []", "spellings are not a list"),
        ('spellings = ["second"]', 'spellings = "second"', "spellings are not a list"),
        ('spellings = ["second"]', "spellings = [2]", "spelling is not a text"),
        ('spellings = ["second"]', 'spellings = ["second", "-"]', "neither letter nor digit"),
        ('spellings = ["second"]', 'spellings = ["other"]', "not among its spellings"),
        ('spellings = ["second"]', 'spellings = ["second", "fi 1"]', "'fi 1' is there twice"),
        ("2026-11-24", '"2026-11-24"', "reviewed is not a date"),
        ("2026-11-24", "2026-11-24T08:00:00", "reviewed is not a date"),
    ],
)
def test_a_bad_file_is_named_with_its_problem(good: str, bad: str, problem: str) -> None:
    assert good in SAMPLE
    with pytest.raises(ValueError, match=rf"^approved\.toml: .*{re.escape(problem)}"):
        parse_approved(SAMPLE.replace(good, bad, 1))


@pytest.mark.parametrize("content", ["", "medicines = []", "medicines = [1]", "x = 1"])
def test_a_file_without_medicines_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"^approved\.toml: "):
        parse_approved(content)
