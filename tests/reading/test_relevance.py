"""Yes, may or no, and the rule that decided it: invented records for every rule, and near misses.

A reading may change its reason; "yes" and "no" must never change places.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.reading.records import barring, joining, read
from trialfinder.reading import Why
from trialfinder.vocabulary import Relevance

YES, MAY, NO = Relevance.YES, Relevance.MAY, Relevance.NO

Given = dict[str, Any]

LEUKEMIA = ("Chronic Myeloid Leukemia", "Acute Myeloid Leukemia")
GRAFT: Given = {
    "title": "Cord Blood Transplantation",
    "conditions": LEUKEMIA,
    "interventions": [("PROCEDURE", "cord blood transplantation")],
}
NILOTINIB = [("DRUG", "nilotinib")]
IMATINIB = [("DRUG", "imatinib")]


def cml(*lines: str, **given: Any) -> Given:
    """A record about CML that asks for ``lines``."""
    return {"title": "Samplinib in CML", "criteria": joining(*lines)} | given


def titled(title: str, *lines: str, **given: Any) -> Given:
    return cml(*(lines or ("Adults",)), title=title, **given)


def verdict(given: Given) -> tuple[Relevance, Why]:
    reading = read(**given)
    return reading.relevance, reading.why


# --- each rule -------------------------------------------------------------------------------

RULES: dict[Why, tuple[Relevance, list[Given]]] = {
    Why.TKI_FAILURE: (
        YES,
        [
            cml("CML resistant to imatinib"),
            cml("Chronic phase", "Failure of, or intolerance to, two TKIs"),
            titled("Samplinib in Imatinib-Resistant CML"),
            cml("Adults", summary="Patients with CML who failed imatinib receive samplinib."),
        ],
    ),
    Why.RESISTANCE_MUTATION: (
        YES,
        [
            cml("BCR-ABL T315I mutation"),
            titled("Samplinib in CML With the T315I Mutation"),
        ],
    ),
    Why.LATER_LINE: (
        YES,
        [
            cml("Previously treated with two TKIs", interventions=[("DRUG", "samplinib")]),
            titled("Second-Line Nilotinib in CML", interventions=NILOTINIB),
        ],
    ),
    Why.RESISTANCE_UNNAMED: (
        MAY,
        [
            cml("Relapsed or refractory CML"),
            titled("Samplinib in Resistant CML"),
            cml("Relapsed or refractory AML or CML", conditions=LEUKEMIA),
            cml("CML that failed interferon", interventions=IMATINIB),
        ],
    ),
    Why.ADVANCED_PHASE: (
        MAY,
        [
            cml("CML in accelerated phase"),
            cml("Newly diagnosed CML in blast phase"),
            cml("AML or CML in blast crisis", conditions=LEUKEMIA),
        ],
    ),
    Why.TRANSPLANT: (
        MAY,
        [
            titled("Allogeneic Transplantation in CML", "Chronic phase with a donor"),
            GRAFT | {"criteria": joining("AML in remission", "CML in second chronic phase")},
        ],
    ),
    Why.SEVERAL_DISEASES: (
        MAY,
        [
            cml("AML or CML", conditions=LEUKEMIA),
            cml("Philadelphia-positive leukemia", title="A", conditions=["Leukemia"]),
        ],
    ),
    Why.ON_TREATMENT: (
        MAY,
        [
            cml("On imatinib for at least a year", title="Exercise in CML"),
            titled(
                "Interferon Added to Dasatinib in CML",
                "In complete cytogenetic response on dasatinib",
                interventions=[("DRUG", "interferon alfa")],
            ),
        ],
    ),
    Why.ANY_LINE: (
        MAY,
        [
            titled("A Registry of CML", "Adults with CML", study_type="OBSERVATIONAL"),
            cml("Adults with chronic myeloid leukemia"),
        ],
    ),
    Why.RULED_OUT_IN_PART: (
        MAY,
        [
            titled(
                "Samplinib in Acute Leukemia",
                conditions=["Acute Myeloid Leukemia"],
                criteria=joining("AML", barred=["Leukemia other than CML in blast phase"]),
            ),
            titled(
                "Samplinib in Acute Leukemia",
                conditions=["Acute Myeloid Leukemia"],
                criteria=joining("AML", barred=["Earlier CML unless in blast crisis"]),
            ),
        ],
    ),
    Why.NEWLY_DIAGNOSED: (
        NO,
        [
            titled("Samplinib in Newly Diagnosed CML"),
            cml("Untreated CML in chronic phase"),
            cml("CML diagnosed within the past 6 months"),
            cml("TKI-naive CML"),
            cml("No previous treatment with imatinib"),
            titled("First-Line Samplinib in CML"),
            cml(criteria=barring("Prior treatment with a TKI"), interventions=NILOTINIB),
        ],
    ),
    Why.STOPPING: (
        NO,
        [
            titled("Stopping Imatinib in CML", "CML in deep molecular response"),
            titled("Treatment-Free Remission in CML", "MR4 for two years on a TKI"),
            titled("Halving the Dose of Dasatinib in CML", "MMR for a year on dasatinib"),
        ],
    ),
    Why.ROLL_OVER: (
        NO,
        [
            titled("Roll-Over Study of Samplinib in CML"),
            cml("CML", "Completed the parent study of samplinib"),
            titled("Extension Study of Samplinib in CML", "Resistant to imatinib"),
        ],
    ),
    Why.HEALTHY: (
        NO,
        [
            titled(
                "Samplinib in Healthy Volunteers",
                "Healthy adults",
                summary="Samplinib is meant for patients with CML.",
            ),
            titled("Generic Imatinib in Healthy Men", "Healthy men aged 18 to 40"),
        ],
    ),
    Why.DONORS: (
        NO,
        [
            titled(
                f"{given} the Blood of Donors",
                "Donors of cells",
                conditions=["Stem Cell Donors"],
                summary="People with CML get the cells of donors.",
            )
            for given in ("Testing", "Washing")
        ],
    ),
    Why.LABORATORY: (
        NO,
        [
            titled("Samples in CML", summary="Previously collected samples of CML are tested."),
            titled("A Look at Stored Blood Samples in CML", study_type="OBSERVATIONAL"),
        ],
    ),
    Why.CML_EXCLUDED: (
        NO,
        [
            titled(
                f"Samplinib in {other}",
                conditions=[other],
                criteria=joining("Adults", barred=[line]),
            )
            for other in ("Acute Lymphoblastic Leukemia", "Acute Myeloid Leukemia")
            for line in ("CML", "Chronic myeloid leukemia in blast phase")
        ],
    ),
    Why.CML_BACKGROUND: (
        NO,
        [
            titled(
                "Imatinib in Pulmonary Hypertension",
                conditions=["Pulmonary Hypertension"],
                summary="Imatinib was developed for patients with chronic myeloid leukemia.",
            ),
            titled(
                "Imatinib in Scleroderma",
                conditions=["Scleroderma"],
                description="Imatinib is approved for patients with CML.",
            ),
        ],
    ),
    Why.NO_CML: (
        NO,
        [
            titled("Samplinib in Asthma", conditions=["Asthma"]),
            titled("Samplinib in Ph+ ALL", "Ph+ ALL", conditions=["Ph+ ALL"]),
        ],
    ),
    Why.NOT_SAID: (MAY, [{"title": "", "conditions": ()}, {"title": "A", "conditions": ()}]),
}


def test_every_rule_has_its_records() -> None:
    assert set(RULES) == set(Why)
    assert all(len(records) >= 2 for _, records in RULES.values())


@pytest.mark.parametrize(
    ("why", "relevance", "given"),
    [
        pytest.param(why, relevance, given, id=f"{why}-{number}")
        for why, (relevance, records) in RULES.items()
        for number, given in enumerate(records)
    ],
)
def test_a_record_is_decided_by_its_rule(why: Why, relevance: Relevance, given: Given) -> None:
    assert verdict(given) == (relevance, why)


NEAR_MISSES = {
    Why.TKI_FAILURE: cml("CML not resistant to imatinib"),
    Why.RESISTANCE_MUTATION: cml("Adults with CML without the T315I mutation"),
    Why.LATER_LINE: titled("Quality of Life in CML", "Previously treated with imatinib"),
    Why.RESISTANCE_UNNAMED: cml("Refractory AML", "CML in any phase", conditions=LEUKEMIA),
    Why.ADVANCED_PHASE: cml("CML in chronic phase, not in blast phase"),
    Why.TRANSPLANT: cml("CML that came back after a transplant", interventions=NILOTINIB),
    Why.SEVERAL_DISEASES: cml("CML and no acute leukemia"),
    Why.ON_TREATMENT: cml("Adults with CML; imatinib is given for a year", interventions=IMATINIB),
    Why.ANY_LINE: cml("CML resistant to dasatinib"),
    Why.RULED_OUT_IN_PART: titled(
        "Samplinib in AML", conditions=["AML"], criteria=joining("AML", barred=["CML"])
    ),
    Why.NEWLY_DIAGNOSED: cml("CML, first diagnosed at least five years ago"),
    Why.STOPPING: cml("No pause in imatinib; CML in deep molecular response"),
    Why.ROLL_OVER: cml("CML resistant to imatinib", "Not enrolled in an earlier study"),
    Why.HEALTHY: titled("Samplinib in Healthy Volunteers and in CML", "Patients with CML"),
    Why.DONORS: titled("Allogeneic Transplantation in CML", "CML with a matched donor"),
    Why.LABORATORY: titled("Samplinib in CML", "CML", summary="Blood is collected at each visit."),
    Why.CML_EXCLUDED: titled(
        "Samplinib in ALL", "Ph+ ALL or CML in lymphoid blast phase", conditions=["ALL"]
    ),
    Why.CML_BACKGROUND: cml("Adults", summary="This study enrolls patients with CML."),
    Why.NO_CML: cml("Adults with leukemia, Ph+", conditions=["Leukemia"]),
    Why.NOT_SAID: cml("Adults"),
}


def test_every_rule_has_a_near_miss() -> None:
    assert set(NEAR_MISSES) == set(Why)


@pytest.mark.parametrize("why", Why)
def test_a_near_miss_is_decided_by_another_rule(why: Why) -> None:
    assert read(**NEAR_MISSES[why]).why is not why


# --- polarity --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "resistance to imatinib",
        "intolerance of two TKIs",
        "relapse on dasatinib",
        "failure of prior treatment with nilotinib",
    ],
)
def test_what_must_be_there_must_not_be_there_or_must_not_come(line: str) -> None:
    assert read(**cml("Adults with CML", line)).relevance is YES
    assert read(**cml("Adults with CML", f"No {line}")).relevance is not YES
    assert read("Samplinib in CML", criteria=barring(line)).relevance is not YES


def test_the_t315i_mutation_as_an_exclusion_is_no_yes() -> None:
    assert read("Samplinib in CML", criteria=barring("T315I mutation")).relevance is MAY


@pytest.mark.parametrize(
    ("line", "relevance"),
    [
        ("CML in chronic phase", MAY),
        ("CML in chronic phase resistant to imatinib", YES),
        ("Newly diagnosed CML in chronic phase", NO),
    ],
)
def test_other_exclusions_change_nothing(line: str, relevance: Relevance) -> None:
    barred = ["Pregnancy", "Heart failure", "Another cancer", "AML", "Lactose intolerance"]

    assert read("A study", criteria=joining(line, barred=barred)).relevance is relevance


# --- several groups --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "criteria",
    [
        joining("Newly diagnosed CML or CML resistant to imatinib"),
        joining("Cohort 1: newly diagnosed CML", "Cohort 2: CML resistant to imatinib"),
        "Cohort 1:\n\n* Untreated CML\n\nCohort 2:\n\n* CML that failed a TKI",
    ],
)
def test_one_group_whose_tki_failed_is_enough(criteria: str) -> None:
    assert verdict({"title": "Samplinib in CML", "criteria": criteria}) == (YES, Why.TKI_FAILURE)


def test_a_group_whose_tki_failed_is_enough_in_a_study_of_stopping() -> None:
    lines = ("CML in deep molecular response", "Group B: CML resistant to imatinib")

    assert read(**titled("Stopping Imatinib in CML", *lines)).relevance is YES


def test_prose_on_failure_does_not_open_a_study_for_the_newly_diagnosed() -> None:
    reading = read(
        **titled(
            "Samplinib in Newly Diagnosed CML",
            "Newly diagnosed CML in chronic phase",
            summary="Many patients become resistant to imatinib.",
        )
    )

    assert (reading.relevance, reading.why) == (NO, Why.NEWLY_DIAGNOSED)


def test_newly_diagnosed_people_with_another_leukemia_do_not_shut_out_those_with_cml() -> None:
    lines = ("Newly diagnosed AML", "CML in any phase")

    assert read(**cml(*lines, conditions=LEUKEMIA)).relevance is MAY


def test_newly_diagnosed_or_relapsed_shuts_nobody_out() -> None:
    assert read(**cml("Newly diagnosed or relapsed CML")).relevance is MAY


def test_people_after_interferon_are_not_newly_diagnosed() -> None:
    lines = ("Newly diagnosed CML or CML that failed interferon",)

    assert read(**cml(*lines, interventions=IMATINIB)).relevance is MAY


# --- who responds well -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("CML in deep molecular response", "No prior failure of a TKI"),
        ("CML in deep molecular response for two years", "On imatinib for five years"),
    ],
)
def test_stopping_is_for_those_who_do_well(lines: tuple[str, ...]) -> None:
    assert read(**titled("Stopping Imatinib in CML", *lines)).relevance is NO


def test_stopping_with_something_added_is_not_for_those_alone() -> None:
    given = titled("Interferon Plus Imatinib to Stop Treatment in CML", "Deep molecular response")

    assert verdict(given) == (MAY, Why.ON_TREATMENT)


@pytest.mark.parametrize(
    ("line", "relevance"),
    [
        ("Residual disease on imatinib", YES),
        ("No deep molecular response after three years of imatinib", YES),
        ("In major molecular response on imatinib, with residual disease", MAY),
        ("In complete cytogenetic response on imatinib for a year", MAY),
    ],
)
def test_an_added_treatment_is_for_those_whose_response_falls_short(
    line: str, relevance: Relevance
) -> None:
    given = cml("CML", line, title="A Vaccine in CML", interventions=[("BIOLOGICAL", "vaccine")])

    assert read(**given).relevance is relevance


# --- transplants and studies of several diseases ---------------------------------------------


@pytest.mark.parametrize(
    ("line", "relevance"),
    [
        ("CML in first chronic phase must have failed a TKI", YES),
        ("CML in chronic phase, resistant to or intolerant of at least two TKIs", YES),
        ("CML with the T315I mutation", YES),
        ("CML in second chronic phase or accelerated phase", MAY),
        ("CML", MAY),
        ("CML that did not respond to interferon", MAY),
    ],
)
def test_what_a_transplant_study_asks_of_cml_decides(line: str, relevance: Relevance) -> None:
    criteria = joining("AML in first remission", line, "MDS with excess blasts")

    assert read(**GRAFT | {"criteria": criteria}).relevance is relevance


@pytest.mark.parametrize(
    ("lines", "relevance"),
    [
        (("AML refractory to two lines", "CML resistant to imatinib"), YES),
        (("AML refractory to two lines", "CML in any phase"), MAY),
        (("GIST resistant to imatinib", "CML in blast phase"), MAY),
    ],
)
def test_a_failure_counts_for_its_own_disease(lines: tuple[str, ...], relevance: Relevance) -> None:
    assert read(**cml(*lines, title="Samplinib", conditions=LEUKEMIA)).relevance is relevance
