"""What ties joining to a TKI that fell short, in all its wordings, and what only looks like it."""

from __future__ import annotations

import pytest

from tests.reading.records import joining, read, ties_of
from trialfinder.reading.prior_treatment import Kind
from trialfinder.reading.text import Part
from trialfinder.vocabulary import Relevance

ADULTS = "Adults with CML"


def criterion(line: str) -> dict[str, str]:
    """A record of CML that asks for ``line``."""
    return {"title": "Samplinib in CML", "criteria": joining(ADULTS, line)}


# --- one criterion ---------------------------------------------------------------------------

RESISTANT = [
    "Patients whose leukemia is resistant to imatinib",
    "Imatinib-resistant chronic phase CML",
    "Resistant (primary or acquired) to bosutinib",
    "Hematologic resistance to Gleevec",
    "TKI resistant disease",
    "CML refractory to dasatinib",
    "Imatinib-refractory disease",
    "Refractoriness to two prior TKIs",
]
FAILED = [
    "Chronic myeloid leukemia that failed nilotinib",
    "Failure of at least one TKI",
    "Treatment failure with bosutinib",
    "Imatinib failure",
    "Failing Glivec",
    "Prior therapy with STI571 has failed",
    "Patients in whom imatinib and dasatinib have failed",
    "Documented failure of a prior tyrosine kinase inhibitor",
    "Failed to respond to nilotinib",
    "Has exhausted all available TKIs",
]
CAME_BACK = [
    "Patients with CML who relapsed on imatinib",
    "Recurrence of CML during imatinib",
    "Molecular relapse on imatinib",
    "Progressed to accelerated phase while receiving imatinib",
    "Disease progression on a second-generation TKI",
    "Disease transformation during TKI therapy",
    "Clonal evolution under imatinib",
    "Worsening of CML despite imatinib",
]
LOST = [
    "Loss of a complete cytogenetic response on imatinib",
    "Lost their hematologic response while taking nilotinib",
    "Loss of major molecular response during treatment with a TKI",
    "CML that is no longer responding to imatinib",
    "Imatinib no longer works",
    "Imatinib has stopped working",
    "Disease no longer controlled by imatinib",
]
NOT_ENOUGH = [
    "Suboptimal response to imatinib",
    "Sub-optimal cytogenetic response to dasatinib after 12 months",
    "Warning by European criteria under a first TKI",
    "No major molecular response after 18 months of imatinib",
    "Have not achieved MMR after at least 12 months of nilotinib",
    "Not in complete cytogenetic response after one year of imatinib",
    "Without a major molecular response despite 24 months of TKI therapy",
    "Less than a major cytogenetic response after 12 months of imatinib",
    "BCR-ABL above 1% after one year of dasatinib",
    "Inadequate response to ponatinib",
    "Insufficient response to a tyrosine kinase inhibitor",
    "Poor response to asciminib",
    "Lack of response to radotinib",
    "No response to flumatinib",
    "Non-responders to imatinib",
    "Unresponsive to TKIs",
    "Imatinib was ineffective",
]
NOT_TOLERATED = [
    "Intolerant of imatinib",
    "Imatinib-intolerant",
    "Intolerance to dasatinib",
    "Unable to tolerate nilotinib",
    "Cannot tolerate imatinib",
    "Did not tolerate a previous TKI",
    "Stopped imatinib because of side effects",
    "Changed from nilotinib due to unacceptable toxicity",
    "Switched from dasatinib because of adverse events",
    "Persistent low-grade adverse events under imatinib",
    "Grade 3 or 4 toxicity on imatinib",
    "Contraindication to nilotinib or dasatinib",
    "Not a suitable candidate for TKI therapy",
]
LEFT = [
    "Residual disease on a TKI",
    "Minimal residual disease under treatment with nilotinib",
    "Persistent BCR-ABL transcripts while taking imatinib",
    "Still PCR-positive on dasatinib",
    "BCR-ABL transcripts that reached a plateau on imatinib",
    "Rising BCR-ABL transcripts on imatinib",
]


@pytest.mark.parametrize(
    "line", [*RESISTANT, *FAILED, *CAME_BACK, *LOST, *NOT_ENOUGH, *NOT_TOLERATED]
)
def test_a_criterion_on_a_tki_that_fell_short_ties_joining_to_it(line: str) -> None:
    (tie, *_) = ties_of(**criterion(line))

    assert (tie.kind, tie.strong, tie.passage.text) == (Kind.FAILURE, True, line.lower())
    assert read(**criterion(line)).relevance is Relevance.YES


@pytest.mark.parametrize("line", LEFT)
def test_disease_left_under_a_tki_ties_joining_to_it(line: str) -> None:
    (tie, *_) = ties_of(**criterion(line))

    assert (tie.kind, tie.strong) == (Kind.RESIDUAL, True)
    assert read(**criterion(line)).relevance is Relevance.YES


@pytest.mark.parametrize(
    "line", [*RESISTANT, *FAILED, *CAME_BACK, *LOST, *NOT_ENOUGH, *NOT_TOLERATED, *LEFT]
)
def test_the_same_words_on_who_cannot_join_are_no_tie(line: str) -> None:
    criteria = joining(ADULTS, barred=[line])

    assert not ties_of("Samplinib in CML", criteria=criteria)
    assert read("Samplinib in CML", criteria=criteria).relevance is not Relevance.YES


def test_a_line_break_within_a_criterion_does_not_break_the_tie() -> None:
    assert ties_of(**criterion("Resistance or intolerance\n  to at least one\n  previous TKI"))


def test_a_list_of_reasons_may_stand_before_the_drug() -> None:
    line = "Resistance to, intolerance of, or a suboptimal response to, imatinib or dasatinib"

    assert ties_of(**criterion(line))


DENIED = [
    "No resistance to imatinib",
    "Not resistant to imatinib",
    "Never failed a TKI",
    "Without intolerance to imatinib",
    "Patients who have not failed imatinib",
    "No evidence of resistance to nilotinib",
    "Absence of resistance to imatinib",
    "No prior failure of dasatinib",
    "Neither resistant to nor intolerant of imatinib",
    "Must not have failed imatinib",
    "Free of imatinib resistance",
    "No history of TKI intolerance",
    "Non-resistant to imatinib",
    "Patients with a failed TKI are ruled out",
    "With or without resistance to imatinib",
    "Previous failure of imatinib is allowed",
]
ANOTHER_TREATMENT = [
    "CML that failed interferon",
    "Interferon-refractory chronic phase CML",
    "Failed hydroxyurea",
    "Relapse after transplantation; imatinib is then allowed",
    "Relapse after allogeneic transplantation treated with imatinib",
    "Relapse after stopping imatinib",
    "Molecular relapse after imatinib discontinuation",
    "Recurrence after TKI cessation",
    "Loss of MMR after stopping imatinib",
    "Failure of treatment-free remission after dasatinib",
]
ANOTHER_MATTER = [
    "Heart failure while on imatinib",
    "Renal failure under dasatinib",
    "Congestive heart failure caused by imatinib",
    "Bone marrow failure on nilotinib",
    "Graft failure after imatinib",
    "Lactose intolerance in patients on nilotinib",
    "Fructose intolerance, on imatinib",
    "Platelet transfusion refractory patients on imatinib",
    "Steroid-refractory GVHD under imatinib",
    "Refractory anemia; imatinib allowed",
    "Resistance exercise while on imatinib",
]
ANOTHER_DISEASE = [
    "Ph+ ALL resistant to imatinib",
    "Acute lymphoblastic leukemia refractory to dasatinib",
    "GIST resistant to imatinib",
    "Gastrointestinal stromal tumor that progressed on imatinib",
    "AML refractory to sorafenib",
    "Dasatinib in refractory AML",
]
MEASURED = [
    "Time to imatinib failure will be measured",
    "Failure-free survival on imatinib",
    "Rate of resistance to dasatinib",
    "Taken off study at imatinib failure",
    "Removed from the study upon resistance to imatinib",
]
WORKS = [
    "Complete response to imatinib",
    "Optimal response to nilotinib",
    "In MMR on imatinib",
    "Treated with imatinib for at least two years",
]


@pytest.mark.parametrize(
    "line",
    [*DENIED, *ANOTHER_TREATMENT, *ANOTHER_MATTER, *MEASURED, *WORKS],
)
def test_what_only_looks_like_a_tki_that_fell_short(line: str) -> None:
    assert not [tie for tie in ties_of(**criterion(line)) if tie.kind is Kind.FAILURE]
    assert read(**criterion(line)).relevance is not Relevance.YES


@pytest.mark.parametrize("line", ANOTHER_DISEASE)
def test_a_failure_in_another_disease_is_none_in_cml(line: str) -> None:
    given = criterion(line) | {"title": "Samplinib in Cancer"}

    assert not ties_of(**given)
    assert read(**given).relevance is Relevance.MAY


def test_a_failure_and_a_tki_in_different_sentences_do_not_meet() -> None:
    line = "Failed at least one line of hydroxyurea. Women must use contraception, imatinib or not."

    assert not [t for t in ties_of(**criterion(line)) if t.passage.text.startswith("women")]


def test_a_failure_and_a_tki_far_apart_do_not_meet() -> None:
    far = "of an operation on the left or the right knee or hip or of any other large joint " * 3

    assert not ties_of(**criterion(f"Failure {far}of imatinib"))


# --- list items ------------------------------------------------------------------------------

LEADS = [
    ("Resistant to one of the following:", "imatinib"),
    ("Failure of prior therapy with:", "dasatinib or nilotinib"),
    ("Intolerant of at least one of:", "bosutinib"),
    ("Refractory to both drugs:", "imatinib at 600 mg"),
    ("One of the following under imatinib:", "Loss of hematologic response"),
    ("Response to imatinib as follows:", "Suboptimal"),
    ("Course under a TKI:", "Progression during treatment"),
    ("Resistance to a TKI, that is:", "No complete hematologic response after 3 months"),
]


def under(lead: str, item: str) -> str:
    return f"Inclusion Criteria:\n\n* {ADULTS}\n* {lead}\n\n  * {item}\n  * Consent"


@pytest.mark.parametrize(("lead", "item"), LEADS)
def test_an_item_is_read_together_with_the_line_it_stands_under(lead: str, item: str) -> None:
    found = ties_of("Samplinib in CML", criteria=under(lead, item))

    assert item.lower() in [tie.passage.text for tie in found]
    assert all(tie.kind is Kind.FAILURE and tie.strong for tie in found)


@pytest.mark.parametrize(("lead", "item"), LEADS)
def test_a_list_on_who_cannot_join_is_no_tie(lead: str, item: str) -> None:
    criteria = under(lead, item).replace(f"* {ADULTS}\n", f"* {ADULTS}\n\nExclusion Criteria:\n\n")

    assert not ties_of("Samplinib in CML", criteria=criteria)


@pytest.mark.parametrize(
    ("lead", "item"),
    [
        ("Not resistant to:", "imatinib"),
        ("No previous failure of:", "dasatinib or nilotinib"),
        ("Allowed before entry:", "imatinib"),
        ("Must not take:", "imatinib"),
        ("Renal failure, treated with any of:", "imatinib"),
        ("Relapse after transplantation, treated with:", "imatinib"),
        ("Response to hydroxyurea as follows:", "Suboptimal"),
    ],
)
def test_a_list_under_another_line_is_no_tie(lead: str, item: str) -> None:
    assert not ties_of("Samplinib in CML", criteria=under(lead, item))


def test_a_line_does_not_hold_for_what_stands_after_its_list() -> None:
    criteria = under("Not treated before with:", "hydroxyurea") + "\n* Resistant to imatinib"

    assert ties_of("Samplinib in CML", criteria=criteria)


# --- two criteria ----------------------------------------------------------------------------


def test_one_criterion_may_ask_for_the_tki_and_the_next_for_its_failure() -> None:
    criteria = joining("CML treated with imatinib", "Loss of cytogenetic response")

    assert ties_of("Samplinib in CML", criteria=criteria)


def test_a_failure_without_any_tki_is_no_tie() -> None:
    criteria = joining("CML treated with hydroxyurea", "Loss of cytogenetic response")

    assert not ties_of("Samplinib in CML", criteria=criteria)


# --- prose and names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "This study enrolls patients with CML resistant to imatinib.",
        (
            "The purpose is to see whether samplinib helps people whose CML no longer responds to "
            "imatinib."
        ),
        "Adults with CML who failed two TKIs will receive samplinib.",
        "Patients whose disease progressed on dasatinib can join.",
        "Subjects who are intolerant of nilotinib will be treated with bosutinib.",
        "To assess samplinib in chronic phase CML after failure of imatinib.",
        "Treating patients with chronic myeloid leukemia that is resistant to imatinib.",
        "Participants with residual disease on imatinib add interferon.",
        "Eligible are those who did not reach MMR after 18 months of imatinib.",
    ],
)
def test_prose_on_those_who_join_is_a_weak_tie(sentence: str) -> None:
    (tie, *_) = ties_of("Samplinib in CML", summary=sentence)

    assert not tie.strong
    assert read("Samplinib in CML", summary=sentence).relevance is Relevance.YES


@pytest.mark.parametrize(
    "sentence",
    [
        "Many patients become resistant to imatinib.",
        "Some patients with CML develop resistance to imatinib.",
        "About 20% of patients fail imatinib.",
        "However, patients with CML may relapse on imatinib.",
        "Imatinib resistance remains a major problem.",
        "Resistance to imatinib is often caused by mutations.",
        "Nilotinib has been approved for patients resistant to imatinib.",
        "In a previous study patients with CML resistant to imatinib responded to dasatinib.",
        "Cells of patients resistant to imatinib were killed in vitro.",
        "Time to failure of imatinib is the primary endpoint.",
        "Patients who become resistant to imatinib will be taken off study.",
        "Patients receive imatinib until failure.",
        "If imatinib fails, patients will switch to dasatinib.",
        "Patients may cross over to nilotinib upon failure of imatinib.",
        "To prevent resistance to imatinib, patients receive interferon.",
        "The incidence of imatinib intolerance will be recorded.",
        "This study tests dasatinib in patients with refractory acute myeloid leukemia.",
    ],
)
def test_prose_on_medicine_in_general_is_no_tie(sentence: str) -> None:
    assert not ties_of("Samplinib in CML", summary=sentence)
    assert read("Samplinib in CML", summary=sentence).relevance is Relevance.MAY


@pytest.mark.parametrize(
    "title",
    [
        "Samplinib in CML Resistant or Intolerant to Imatinib",
        "Dasatinib vs High-Dose Imatinib in Imatinib-Resistant Chronic Myeloid Leukemia",
        "Nilotinib After Failure of Imatinib in CML",
        "Switch to Nilotinib in CML With Suboptimal Response to Imatinib",
        "Bosutinib in Ponatinib-Intolerant CML",
        "Samplinib for Refractory CML Previously Treated With Dasatinib",
        "Samplinib in Imatinib Failure CML",
    ],
)
def test_a_title_is_a_strong_tie(title: str) -> None:
    (tie, *_) = ties_of(title)

    assert (tie.passage.part, tie.strong) == (Part.TITLE, True)


@pytest.mark.parametrize(
    "title",
    [
        "Dasatinib in Refractory AML",
        "Imatinib in CML and Refractory AML",
        "Time to Failure of Imatinib in CML",
        "Dasatinib for CML Refractory to Interferon",
        "Imatinib Plus Cytarabine in Resistant CML",
        "Dasatinib Versus Imatinib in CML",
        "Imatinib for Relapse of CML After Transplantation",
        "Heart Failure and Ponatinib in CML",
    ],
)
def test_a_title_that_names_the_tki_tested_is_no_tie(title: str) -> None:
    assert not ties_of(title)


def test_a_condition_is_a_strong_tie_an_arm_and_a_description_are_weak_a_keyword_is_none() -> None:
    words = "CML resistant to imatinib"

    assert [tie.strong for tie in ties_of("A", conditions=[words])] == [True]
    assert [tie.strong for tie in ties_of("A", arms=[(words, "")])] == [False]
    described = "Patients with CML resistant to imatinib receive samplinib."
    assert [tie.strong for tie in ties_of("A", description=described)] == [False]
    assert not ties_of("A", keywords=[words])


def test_the_weightiest_tie_comes_first() -> None:
    found = ties_of(
        "Samplinib in CML",
        summary="Patients with CML resistant to imatinib receive samplinib.",
        criteria=joining("Residual disease on imatinib", "Resistance to imatinib"),
    )

    assert [(tie.strong, tie.kind) for tie in found] == [
        (True, Kind.FAILURE),
        (True, Kind.RESIDUAL),
        (False, Kind.FAILURE),
    ]


# --- several diseases ------------------------------------------------------------------------

SEVERAL = ("Chronic Myeloid Leukemia", "Acute Myeloid Leukemia", "GIST")


@pytest.mark.parametrize(
    "criteria",
    [
        joining("AML refractory to standard treatment", "CML resistant to imatinib"),
        joining("Refractory AML, or CML resistant to imatinib"),
        "* Group A: AML\n  * Refractory to two lines\n* Group B: CML\n  * Resistant to imatinib",
        "CML:\n\n* Chronic phase after failure of a TKI\n\nAML:\n\n* First remission",
    ],
)
def test_in_a_study_of_several_diseases_what_is_asked_of_cml_counts(criteria: str) -> None:
    assert ties_of("Samplinib in Leukemia", criteria=criteria, conditions=SEVERAL)


@pytest.mark.parametrize(
    "criteria",
    [
        joining("AML refractory to standard treatment", "CML in any phase"),
        joining("Relapsed AML or CML in blast phase", "GIST resistant to imatinib"),
        "* Group A: CML\n  * Any phase\n* Group B: GIST\n  * Resistant to imatinib",
        "CML:\n\n* Any phase\n\nGIST:\n\n* Progressed on imatinib",
    ],
)
def test_what_is_asked_of_another_disease_does_not_count(criteria: str) -> None:
    assert not ties_of("Samplinib in Cancer", criteria=criteria, conditions=SEVERAL)
