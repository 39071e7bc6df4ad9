"""Whether a record takes people with CML, and of whom each of its sentences speaks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reading.records import barring, joining, read, understood
from trialfinder.reading.disease import Taking, first_cml, names_other, names_philadelphia
from trialfinder.reading.text import Part
from trialfinder.vocabulary import Relevance

LEUKEMIA = ("Leukemia",)
ALL = "Acute Lymphoblastic Leukemia"
AML = "Acute Myeloid Leukemia"


def taking(title: str = "A study of leukemia", **given: Any) -> Taking:
    """How an invented record about no disease but leukemia speaks of CML."""
    usual: dict[str, Any] = {"conditions": LEUKEMIA}
    return understood(title, **usual | given)[1].taking


# --- names -----------------------------------------------------------------------------------

MYELOID = ("myeloid", "myelogenous", "myelocytic", "granulocytic")


@pytest.mark.parametrize("kind", MYELOID)
@pytest.mark.parametrize("leukemia", ["leukemia", "leukaemia"])
def test_cml_goes_by_many_names(kind: str, leukemia: str) -> None:
    for name in (f"chronic {kind} {leukemia}", f"{leukemia}, {kind}, chronic"):
        assert first_cml(name), name
        assert taking(conditions=(name.title(),)) is Taking.TAKES, name


@pytest.mark.parametrize(
    "name",
    [
        "CML",
        "Ph+ CML",
        "CP-CML",
        "CML-AP",
        "CML in Blast Crisis",
        "Leukemia, Myelogenous, Chronic, BCR-ABL Positive",
        "Chronic Phase Chronic Myeloid Leukemia",
        "Blast Phase Chronic Myelogenous Leukemia, BCR-ABL1 Positive",
        "Accelerated Phase Chronic Myelogenous Leukemia",
        "Myeloid Leukemia, Chronic",
        "Acute or Chronic Myeloid Leukemia",
    ],
)
def test_a_condition_that_names_cml_takes_people_with_it(name: str) -> None:
    assert taking(conditions=(name, *LEUKEMIA)) is Taking.TAKES


FALSE_FRIENDS = [
    "CMML",
    "Chronic Myelomonocytic Leukemia",
    "Juvenile Myelomonocytic Leukemia",
    "JMML",
    "Atypical CML",
    "Atypical chronic myeloid leukemia",
    "Atypical Chronic Myeloid Leukemia, BCR-ABL1 Negative",
    "Chronic myeloid leukemia (BCR-ABL negative)",
    "Juvenile chronic myeloid leukemia",
    "Juvenile CML",
    "Ph-negative CML",
    "Philadelphia chromosome-negative CML",
    "BCR::ABL1-negative CML",
    "Chronic Lymphocytic Leukemia",
    "Chronic Neutrophilic Leukemia",
    "Acute Myeloid Leukemia",
    "Chronic Myeloproliferative Disorders",
    "Chronic Granulomatous Disease",
]


@pytest.mark.parametrize("name", FALSE_FRIENDS)
def test_a_disease_with_a_name_like_cml_is_not_cml(name: str) -> None:
    assert first_cml(name.lower()) is None
    assert taking(conditions=(name, *LEUKEMIA)) is Taking.SILENT
    assert read(conditions=(name,)).relevance is Relevance.NO


def test_beside_a_false_friend_cml_is_still_found() -> None:
    text = "Chronic myeloid leukemia, atypical chronic myeloid leukemia or CMML"

    match = first_cml("atypical cml, cmml, or cml in blast crisis")

    assert match is not None
    assert match.end() == len("atypical cml, cmml, or cml")
    assert taking(criteria=joining(text)) is Taking.TAKES


@pytest.mark.parametrize(
    "text",
    [
        "Carboxymethyl-lysine (CML) in the blood of people with diabetes",
        "N-carboxymethyllysine (CML) is measured",
        "Advanced glycation: CML, N(epsilon)-(carboxymethyl)lysine",
        "The culture medium layer (CML) of the lens",
        "A cardiac muscle lesion (CML)",
    ],
)
def test_the_letters_cml_may_stand_for_something_else(text: str) -> None:
    found = understood("Sugar and the heart", summary=text, conditions=("Diabetes",))[1]

    assert found.taking is Taking.SILENT


def test_the_letters_mean_a_sugar_even_in_people_with_leukemia() -> None:
    text = "Patients with leukemia give blood, in which carboxymethyl-lysine (CML) is measured."

    assert taking(summary=text) is Taking.SILENT
    assert taking(summary=text.replace("carboxymethyl-lysine (CML)", "CML")) is Taking.TAKES


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ph+ leukemia", True),
        ("philadelphia chromosome", True),
        ("bcr::abl1-positive disease", True),
        ("ph-negative leukemia", False),
        ("blood of ph 7.4", False),
        ("bcr-abl transcripts", False),
        ("phase 2", False),
    ],
)
def test_the_philadelphia_chromosome_is_told_from_acidity(text: str, named: bool) -> None:
    assert names_philadelphia(text) is named


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("cml or aml", True),
        ("ph+ all", True),
        ("myelodysplastic syndromes", True),
        ("multiple myeloma", True),
        ("cml", False),
        ("all patients with cml", False),
        ("all have chronic myeloid leukemia", False),
        ("an overall look", False),
        ("a mild headache", False),
    ],
)
def test_other_diseases_are_told_from_cml_and_from_plain_words(text: str, other: bool) -> None:
    assert names_other(text) is other


# --- takes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"title": "Samplinib in chronic myeloid leukemia"},
        {"official": "A study of samplinib in people with CML"},
        {"conditions": ("CML", "Leukemia")},
        {"keywords": ("chronic myelogenous leukemia",)},
        {"criteria": joining("Chronic myeloid leukemia in any phase")},
        {"criteria": "Adults with CML or acute leukemia."},
        {"criteria": joining("Diagnosis of one of the following:\n  * AML\n  * CML")},
        {"summary": "Patients with CML, AML or lymphoma receive a transplant."},
        {"summary": "This study takes people with leukemias such as CML."},
    ],
)
def test_a_record_that_names_cml_among_those_who_join_takes_them(given: dict[str, Any]) -> None:
    assert taking(**given) is Taking.TAKES


def test_criteria_weigh_more_than_prose_and_an_exclusion() -> None:
    whole = {
        "summary": "CML has been known for long.",
        "criteria": joining("Chronic myeloid leukemia", barred=("CML after a transplant",)),
    }

    assert taking(**whole) is Taking.TAKES


def test_the_words_that_take_people_are_quoted_from_the_criteria_first() -> None:
    found = understood("CML study", criteria=joining("Adults with CML in any phase"))[1]

    assert found.evidence[0].quote == "Adults with CML in any phase"
    assert found.evidence[0].about == "relevance"


@pytest.mark.parametrize(
    "criterion",
    [
        "CML, not in remission",
        "Chronic myeloid leukemia that is not in its first chronic phase",
        "Patients not only with AML but also with CML",
        "CML without a suitable donor",
        "Chronic myeloid leukemia, not pregnant, fit",
    ],
)
def test_a_denial_of_something_else_does_not_refuse_cml(criterion: str) -> None:
    assert taking(criteria=joining(criterion)) is Taking.TAKES


# --- refuses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "criteria",
    [
        joining("Leukemia", barred=("Chronic myeloid leukemia",)),
        joining("Leukemia", barred=("CML in blast crisis",)),
        joining("Leukemia", barred=("Previous CML or polycythemia vera",)),
        joining("Any leukemia except CML"),
        joining("Any leukemia other than chronic myeloid leukemia"),
        joining("Leukemia, excluding CML"),
        joining("Leukemia, with the exception of chronic myelogenous leukemia"),
        joining("No CML"),
        joining("No prior or current chronic myeloid leukemia"),
        joining("Patients must not have CML"),
        joining("Leukemia without Ph chromosome; CML is excluded"),
        joining("Patients with CML are not eligible"),
        joining("Chronic myeloid leukemia patients will be excluded"),
        joining("Patients must not have any of the following:\n  * CML\n  * Asthma"),
        joining("None of the following:\n  * Lymphoma\n  * Chronic myeloid leukemia"),
        "Ineligible:\n\n* CML\n* Pregnancy",
    ],
)
def test_a_record_that_names_cml_only_to_refuse_it_excludes_it(criteria: str) -> None:
    assert taking(criteria=criteria) is Taking.EXCLUDES
    assert read(criteria=criteria, conditions=LEUKEMIA).relevance is Relevance.NO


def test_a_refusal_is_quoted() -> None:
    found = understood(criteria=joining("AML", barred=("CML of any phase",)), conditions=(AML,))[1]

    assert [item.quote for item in found.evidence] == ["CML of any phase"]


@pytest.mark.parametrize(
    "barred",
    [
        "Cancer other than AML or CML",
        "Any cancer, with the exception of chronic myeloid leukemia",
        "CML unless it is in remission",
        "Cancer except for CML",
        "Any blood disease apart from CML",
    ],
)
def test_an_exclusion_that_lets_cml_through_refuses_it_in_part(barred: str) -> None:
    assert taking(criteria=joining("Leukemia", barred=(barred,))) is Taking.EXCLUDES_IN_PART


def test_in_part_weighs_more_than_a_plain_exclusion() -> None:
    criteria = joining("Leukemia", barred=("CML", "Cancer other than CML"))

    assert taking(criteria=criteria) is Taking.EXCLUDES_IN_PART


# --- background, Philadelphia, silence -------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"summary": "Samplinib is approved for the treatment of patients with CML."},
        {"summary": "The BCR-ABL fusion was found in CML cell lines in vitro."},
        {"description": "Imatinib changed the outlook of patients with CML."},
        {"summary": "Imatinib is effective in patients with CML."},
    ],
)
def test_cml_in_a_study_of_another_disease_is_background(given: dict[str, str]) -> None:
    criteria = joining("Adults with a stromal tumor")

    for conditions in (("Gastrointestinal Stromal Tumor",), ("Asthma",)):
        found = understood("A study", criteria=criteria, conditions=conditions, **given)[1]
        assert found.taking is Taking.BACKGROUND
        assert found.evidence


def test_a_medicine_s_own_description_is_background() -> None:
    found = understood(
        "A study of the lung",
        conditions=("Asthma",),
        interventions=(("DRUG", "imatinib, a medicine for patients with CML"),),
    )[1]

    assert found.taking is Taking.BACKGROUND


@pytest.mark.parametrize(
    "given",
    [
        {"conditions": ("Philadelphia Chromosome Positive Leukemia",)},
        {"criteria": joining("Ph+ leukemia")},
        {"criteria": joining("BCR-ABL-positive leukemia")},
        {"title": "Samplinib in Philadelphia-positive leukemias"},
    ],
)
def test_philadelphia_positive_leukemia_may_be_cml(given: dict[str, Any]) -> None:
    assert taking(**given) is Taking.PHILADELPHIA_ONLY
    usual: dict[str, Any] = {"conditions": LEUKEMIA}
    assert read(**usual | given).relevance is Relevance.MAY


@pytest.mark.parametrize(
    "given",
    [
        {"conditions": ("Philadelphia Chromosome Positive Acute Lymphoblastic Leukemia",)},
        {"criteria": joining("Ph+ ALL"), "conditions": (ALL,)},
        {"criteria": joining("Ph+ acute leukemia")},
        {"criteria": joining("Leukemia", barred=("Ph+ leukemia",))},
        {"criteria": joining("Ph-negative myeloproliferative neoplasm")},
        {"summary": "Children with leukemia are treated in Philadelphia."},
        {"criteria": joining("Leukemia, seen at the Sample Hospital of Philadelphia")},
        {"summary": "The Philadelphia team looks after people who have acute leukemia."},
    ],
)
def test_acute_leukemia_and_the_city_of_philadelphia_are_not_cml(given: dict[str, Any]) -> None:
    assert taking(**given) is Taking.SILENT
    usual: dict[str, Any] = {"conditions": LEUKEMIA}
    assert read(**usual | given).relevance is Relevance.NO


def test_named_cml_weighs_more_than_the_chromosome() -> None:
    whole = {"criteria": joining("Ph+ leukemia", "CML in blast crisis")}

    assert taking(**whole) is Taking.TAKES


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"conditions": (AML,), "criteria": joining("AML or MDS")},
        {"summary": "A study of blood cancer."},
        {"conditions": ("Asthma",), "title": "A study of the lung"},
    ],
)
def test_a_record_that_does_not_name_cml_is_silent(given: dict[str, Any]) -> None:
    assert taking(**given) is Taking.SILENT


# --- of whom a passage speaks ----------------------------------------------------------------


def about(criteria: str, words: str, conditions: tuple[str, ...] = ("CML", AML)) -> bool:
    """Whether the one criterion with ``words`` is about the people with CML."""
    found, cml = understood(
        "A study of leukemia", criteria=criteria, conditions=conditions, summary="With CML patients"
    )
    (passage,) = [p for p in found if p.part is Part.CRITERIA and words in p.text]
    return cml.about(passage)


def test_in_a_study_of_cml_alone_every_criterion_is_about_cml() -> None:
    assert about(joining("Resistant to two medicines", "Fit"), "resistant", ("CML",))
    assert not about(joining("Resistant to two medicines", "Fit"), "resistant", ("CML", AML))


def test_a_criterion_is_about_the_disease_it_names() -> None:
    criteria = joining("CML that is refractory", "AML that has come back", "Ph+ disease")

    assert about(criteria, "refractory")
    assert not about(criteria, "come back")
    assert about(criteria, "ph+")


def test_a_criterion_is_about_the_disease_of_its_lead() -> None:
    criteria = joining(
        "Age of 18 or more",
        "CML with one of:\n  * refractory to two medicines\n  * not able to take them",
        "AML with one of:\n  * first relapse\n  * two courses of treatment",
    )

    assert about(criteria, "refractory")
    assert about(criteria, "not able")
    assert not about(criteria, "relapse")
    assert not about(criteria, "two courses")
    assert not about(criteria, "age")


def test_the_nearest_lead_counts() -> None:
    criteria = joining("CML or AML:\n  * Cohort with AML:\n    * relapsed\n    * unfit")

    assert not about(criteria, "relapsed")


def test_the_sentences_of_one_criterion_share_its_disease() -> None:
    first = "CML in any phase, proven in a laboratory that follows the rules of its country"
    criteria = joining("AML", f"{first}, by two tests. It must be refractory to treatment.", "Fit")

    assert about(criteria, "refractory")
    assert not about(criteria, "fit")
    assert not about(joining("AML. It must be refractory."), "refractory")


def test_a_short_line_that_names_a_disease_holds_for_those_that_follow() -> None:
    criteria = (
        "Inclusion Criteria:\n\nChronic myeloid leukemia\n\nRefractory to treatment\n\n"
        "Acute myeloid leukemia\n\nIn second relapse"
    )

    assert about(criteria, "refractory")
    assert not about(criteria, "second relapse")


def test_chronic_phase_is_said_of_cml_only() -> None:
    assert about(joining("In chronic phase", "Fit"), "chronic")
    assert about(joining("In blast crisis", "Fit"), "blast")


@pytest.mark.parametrize(
    ("conditions", "alone"),
    [
        (("CML",), True),
        (("CML", "Leukemia"), True),
        (("Chronic Myeloid Leukemia", "Ph+ Leukemia"), True),
        (("CML", AML), False),
        (("CML", ALL), False),
        (("CML", "Lymphoma"), False),
        (("CML", "Chronic Myelomonocytic Leukemia"), False),
    ],
)
def test_a_study_of_cml_alone_names_no_other_disease(
    conditions: tuple[str, ...], alone: bool
) -> None:
    assert understood("A study", conditions=conditions, criteria=barring("AML"))[1].alone is alone
