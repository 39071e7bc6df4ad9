"""The phases of CML that a record accepts are read; phases of the trial are not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reading.records import barring, joining, read, said_by
from trialfinder.reading import Side
from trialfinder.vocabulary import CmlPhase

C, A, B = CmlPhase.CHRONIC, CmlPhase.ACCELERATED, CmlPhase.BLAST


def phases(*criteria: str, **given: Any) -> tuple[CmlPhase, ...]:
    """What is read from criteria on who can join, in a study of CML alone."""
    text = joining(*criteria) if criteria else ""
    return read(criteria=text, **given).cml_phases


# --- in words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "accepted"),
    [
        ("Chronic phase CML", (C,)),
        ("CML in chronic phase", (C,)),
        ("Chronic-phase chronic myeloid leukemia", (C,)),
        ("CML in first or second chronic phase", (C,)),
        ("CML in late chronic phase", (C,)),
        ("CML in accelerated phase", (A,)),
        ("Accelerated-phase CML", (A,)),
        ("CML in blast crisis", (B,)),
        ("CML in blast phase", (B,)),
        ("CML in blastic phase", (B,)),
        ("CML in myeloid or lymphoid blast crisis", (B,)),
        ("CML in lymphoid blast phase", (B,)),
        ("CML that was transformed into acute leukemia", (B,)),
        ("CML in chronic or accelerated phase", (C, A)),
        ("CML in chronic, accelerated or blast phase", (C, A, B)),
        ("CML in chronic phase, accelerated phase, or blast crisis", (C, A, B)),
        ("Chronic/accelerated phase CML", (C, A)),
        ("CML in accelerated or blast phase", (A, B)),
        ("CML in accelerated phase and blast crisis", (A, B)),
        ("Accelerated/blastic phase CML", (A, B)),
        ("CML in chronic phase or in blast crisis", (C, B)),
        ("CML in advanced phase", (A, B)),
        ("Advanced-phase CML", (A, B)),
        ("CML in advanced phases", (A, B)),
        ("CML in any phase", (C, A, B)),
        ("CML in all phases of the disease", (C, A, B)),
        ("CML at any disease stage", (C, A, B)),
        ("Every phase of CML", (C, A, B)),
    ],
)
def test_phases_in_words(criterion: str, accepted: tuple[CmlPhase, ...]) -> None:
    assert phases(criterion) == accepted


def test_beyond_the_first_chronic_phase_the_disease_is_advanced() -> None:
    assert {A, B} <= set(phases("CML beyond first chronic phase"))


@pytest.mark.parametrize(
    ("criterion", "accepted"),
    [
        ("CP-CML", (C,)),
        ("CML-CP", (C,)),
        ("CML (CP)", (C,)),
        ("CML in CP1 or CP2", (C,)),
        ("Ph+ CML in CP", (C,)),
        ("AP-CML", (A,)),
        ("CML-AP", (A,)),
        ("BP-CML", (B,)),
        ("CML-BC", (B,)),
        ("CML in BC", (B,)),
        ("CP/AP CML", (C, A)),
        ("CML in CP or AP", (C, A)),
        ("CML in AP or BP", (A, B)),
        ("CML in CP, AP or BP", (C, A, B)),
        ("CP, AP, or BP CML", (C, A, B)),
        ("CML in AP/BC", (A, B)),
        ("CML in chronic phase (CP)", (C,)),
        ("CML in accelerated phase (AP) or blast phase (BP)", (A, B)),
        ("AP/BP-CML", (A, B)),
        ("CML MBP", (B,)),
    ],
)
def test_phases_in_abbreviations(criterion: str, accepted: tuple[CmlPhase, ...]) -> None:
    assert phases(criterion) == accepted


@pytest.mark.parametrize(
    "criterion",
    [
        "CML",
        "Chronic myeloid leukemia",
        "CML; blood pressure (BP) below 140",
        "CML; BP is measured at each visit",
        "CML; no breast cancer (BC)",
        "CML with blasts below 5 percent",
        "CML with a blast count of 3",
        "CML; acute phase reactants are measured",
        "CML with chronic GVHD",
        "CML at an advanced age",
        "CML; carboplatin (CP) is allowed",
        "CML; chest film in AP view",
        "CML; the drug has accelerated approval",
        "CML; accelerated titration is used",
    ],
)
def test_what_only_looks_like_a_phase_is_none(criterion: str) -> None:
    assert phases(criterion) == ()


@pytest.mark.parametrize(
    "words",
    [
        "This is a phase 2 study of CML patients",
        "Phase I/II trial for patients with CML",
        "CML patients join any phase 1 trial first",
        "CML patients take part in all phases of the study",
        "Patients with CML join the dose-escalation phase",
        "Patients with CML enter the extension phase",
        "Patients with CML in the phase 3 part",
    ],
)
def test_a_phase_of_the_trial_is_no_phase_of_the_disease(words: str) -> None:
    assert phases(words) == ()
    assert phases(title=words) == ()
    assert phases(summary=f"{words}.") == ()


# --- negations -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "accepted"),
    [
        ("CML in chronic phase, not in accelerated phase or blast crisis", (C,)),
        ("CML in chronic phase without a history of blast crisis", (C,)),
        ("CML in chronic phase. No evidence of accelerated phase", (C,)),
        ("CML in chronic phase with no prior blast phase", (C,)),
        ("CML in chronic phase that never was in accelerated phase", (C,)),
        ("CML in any state other than blast crisis; chronic phase", (C,)),
        ("CML in chronic phase, excluding blast crisis", (C,)),
        ("CML in chronic phase before progression to blast crisis", (C,)),
        ("CML in chronic phase; the time to accelerated phase is measured", (C,)),
        ("CML in neither accelerated nor blast phase; chronic phase only", (C,)),
        ("CML not in blast crisis", ()),
        ("No accelerated phase; CML", ()),
        ("CML, not in first remission, in blast crisis", (B,)),
        ("CML not only in chronic phase but also in blast crisis", (C, B)),
        ("CML for no more than five years, in chronic phase", (C,)),
        ("CML not eligible for a transplant, in chronic phase", (C,)),
        ("CML not previously treated, in chronic phase", (C,)),
        ("CML not pregnant; in accelerated phase", (A,)),
    ],
)
def test_a_phase_that_is_denied_is_not_accepted(
    criterion: str, accepted: tuple[CmlPhase, ...]
) -> None:
    assert phases(criterion) == accepted


def test_what_is_excluded_is_not_accepted() -> None:
    assert read(criteria=barring("CML in blast crisis", "Accelerated phase")).cml_phases == ()


@pytest.mark.parametrize(
    ("barred", "accepted"),
    [("Blast crisis", (C, A)), ("Untreated blast crisis", (C, A, B)), ("History of it", (C, A, B))],
)
def test_any_phase_is_without_those_that_are_excluded(
    barred: str, accepted: tuple[CmlPhase, ...]
) -> None:
    assert read(criteria=joining("CML in any phase", barred=(barred,))).cml_phases == accepted


@pytest.mark.parametrize(
    "when", ["they had when imatinib was started", "at diagnosis", "patients had before"]
)
def test_the_phase_of_long_ago_is_not_the_one_asked_for(when: str) -> None:
    assert phases(f"CML in remission, regardless of the stage of disease {when}") == ()


def test_an_exclusion_of_one_phase_leaves_the_others() -> None:
    text = joining("CML in chronic phase", barred=("CML in accelerated phase or blast crisis",))

    assert read(criteria=text).cml_phases == (C,)


# --- where it is said ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"title": "Samplinib in blast phase CML"},
        {"official": "Samplinib for people in blast crisis of CML"},
        {"criteria": joining("CML in blast crisis")},
        {"criteria": joining("One of:\n  * blast crisis\n  * something else")},
        {"summary": "Patients with CML in blast crisis get samplinib."},
        {"arms": (("Blast phase", "samplinib"),)},
        {"conditions": ("Blast Phase Chronic Myelogenous Leukemia",)},
        {"keywords": ("CML, blast crisis",)},
        {"description": "The study takes adults with CML in blast crisis."},
    ],
)
def test_a_phase_is_read_wherever_it_is_said_of_those_who_join(given: dict[str, Any]) -> None:
    assert read(**given).cml_phases == (B,)


def test_keywords_and_descriptions_do_not_add_to_what_criteria_say() -> None:
    found = read(
        criteria=joining("CML in chronic phase"),
        keywords=("Blast crisis",),
        description="Patients in accelerated phase are treated elsewhere.",
    )

    assert found.cml_phases == (C,)


@pytest.mark.parametrize(
    "text",
    [
        "CML runs through a chronic phase and a blast crisis.",
        "Samplinib is approved for patients in blast crisis of CML.",
        "Patients in accelerated phase have been reported to do worse; however, CML is treatable.",
    ],
)
def test_prose_about_medicine_in_general_says_nothing_of_who_joins(text: str) -> None:
    assert phases(summary=text) == ()


def test_chronic_phase_is_not_read_in_a_record_that_refuses_cml() -> None:
    text = joining("Leukemia", barred=("CML except in chronic phase of another disease",))

    assert read(conditions=("Leukemia",), criteria=joining("Leukemia", "No CML")).cml_phases == ()
    assert CmlPhase.BLAST not in read(conditions=("Leukemia",), criteria=text).cml_phases


def test_a_phase_of_another_disease_is_none_of_cml() -> None:
    both = {"conditions": ("Chronic Myeloid Leukemia", "Myelofibrosis")}

    assert phases("Myelofibrosis in an advanced stage", **both) == ()
    assert phases("Myelofibrosis in advanced phase", **both) == ()
    assert phases("CML in advanced phase", **both) == (A, B)


def test_each_phase_has_its_words() -> None:
    found = read(
        title="CML in chronic phase",
        criteria=joining("CML in chronic phase", "or CML in blast crisis"),
    )

    (chronic,) = found.quotes("cml_phase:chronic")
    (blast,) = found.quotes("cml_phase:blast")
    assert (chronic.quote, chronic.side) == ("CML in chronic phase", Side.INCLUSION)
    assert blast.quote == "or CML in blast crisis"
    assert said_by(found.quotes("cml_phase:accelerated")) == ""
