"""Words for a treatment that fell short, and what turns them into their opposite."""

from __future__ import annotations

import pytest

from trialfinder.reading.failure import (
    Shortfall,
    earlier_treatment,
    failures,
    residuals,
    shortfalls,
)


def found(spans: list[tuple[int, int]], text: str) -> str:
    """The words that were found, put together."""
    return " | ".join(text[start:end] for start, end in spans)


# --- it failed -------------------------------------------------------------------------------

FAILED = [
    ("resistant to imatinib", "resistant"),
    ("imatinib-resistant leukemia", "resistant"),
    ("primary or secondary resistance to nilotinib", "resistance"),
    ("refractory to dasatinib", "refractory"),
    ("imatinib refractoriness", "refractoriness"),
    ("failed nilotinib", "failed"),
    ("failure of a tki", "failure"),
    ("failing imatinib", "failing"),
    ("imatinib fails", "fails"),
    ("has exhausted all tkis", "exhausted"),
    ("intolerant of bosutinib", "intolerant"),
    ("tki intolerance", "intolerance"),
    ("unable to tolerate imatinib", "unable to tolerate"),
    ("could not tolerate nilotinib", "could not tolerate"),
    ("didn't tolerate dasatinib", "tolerate"),
    ("poorly tolerated", "poorly tolerated"),
    ("unacceptable toxicity of imatinib", "unacceptable toxicity"),
    ("stopped for side effects", "stopped for side"),
    ("changed because of adverse events", "because of adverse"),
    ("grade 3 toxicity under ponatinib", "grade 3 toxicity"),
    ("persistent low-grade adverse events", "adverse events"),
    ("suboptimal response", "suboptimal"),
    ("sub-optimal response", "sub-optimal"),
    ("warning by european criteria", "warning"),
    ("inadequate response", "inadequate response"),
    ("insufficient molecular response", "insufficient molecular response"),
    ("poor early response", "poor early response"),
    ("lack of efficacy", "lack of efficacy"),
    ("no response", "no response"),
    ("loss of a cytogenetic response", "loss of"),
    ("lost the major molecular response", "lost"),
    ("losing mmr", "losing mmr"),
    ("have not achieved a response", "have not achieved"),
    ("did not reach ccyr", "did not reach"),
    ("has never reached remission", "has never reached"),
    ("no major molecular response after 18 months", "no major molecular response"),
    ("no mmr at 12 months", "no mmr"),
    ("without a complete cytogenetic response", "without a complete cytogenetic response"),
    ("failed to achieve a major cytogenetic response", "failed"),
    ("bcr-abl1 above 10% at six months", "above 10%"),
    ("less than a major cytogenetic response", "less than a major"),
    ("nonresponsive", "nonrespon"),
    ("non-responders", "non-respon"),
    ("unresponsive", "unrespon"),
    ("no longer responding", "no longer respon"),
    ("stopped working", "stopped working"),
    ("ineffective", "ineffective"),
    ("not adequately controlled", "not adequately controlled"),
    ("progressed on dasatinib", "progressed on"),
    ("relapsed while taking imatinib", "relapsed while"),
    ("disease progression during treatment", "progression during"),
    ("recurrence under nilotinib", "recurrence under"),
    ("transformation to blast phase", "transformation to"),
    ("clonal evolution", "clonal evolution"),
    ("contraindication to nilotinib", "contraindication"),
    ("not a candidate for tki therapy", "not a candidate for"),
]


@pytest.mark.parametrize(("text", "words"), FAILED)
def test_words_for_a_treatment_that_fell_short(text: str, words: str) -> None:
    assert words in found(failures(text), text)


@pytest.mark.parametrize(
    "before",
    [
        "no",
        "not",
        "never",
        "without",
        "without any evidence of",
        "no evidence of",
        "no history of",
        "absence of",
        "no known",
        "must not have documented",
        "free of",
        "neither",
    ],
)
@pytest.mark.parametrize("words", ["resistance to imatinib", "intolerance of nilotinib"])
def test_what_is_denied_is_no_failure(before: str, words: str) -> None:
    assert failures(words), "the words alone are a failure"
    assert not failures(f"{before} {words}")


@pytest.mark.parametrize("after", ["is excluded", "are not eligible", "will be ineligible"])
def test_people_left_out_after_the_word_are_no_failure(after: str) -> None:
    assert not failures(f"resistance to imatinib {after}")


NOT_OF_A_DRUG = [
    "heart failure",
    "congestive heart failure",
    "renal failure",
    "kidney failure",
    "liver failure",
    "hepatic failure",
    "respiratory failure",
    "organ failure",
    "graft failure",
    "bone marrow failure",
    "lactose intolerance",
    "glucose intolerance",
    "fructose intolerance",
    "gluten intolerance",
    "platelet transfusion refractory",
    "refractory hypertension",
    "refractory anemia",
    "steroid-refractory gvhd",
    "antibiotic-resistant infection",
    "resistance exercise",
    "resistance training",
    "intolerance to the study drug",
]


@pytest.mark.parametrize("text", NOT_OF_A_DRUG)
def test_organs_food_and_infections_fail_in_another_sense(text: str) -> None:
    assert not failures(text)


@pytest.mark.parametrize(
    "text",
    [
        "relapse after stopping imatinib",
        "recurrence after tki cessation",
        "molecular relapse upon imatinib discontinuation",
        "failure of treatment-free remission",
        "loss of mmr after stopping nilotinib",
        "relapse after allogeneic transplantation",
        "progression after hsct",
        "relapsed after bmt",
    ],
)
def test_what_comes_back_after_stopping_or_a_graft_did_not_fail_a_drug(text: str) -> None:
    assert not failures(text)


@pytest.mark.parametrize("text", ["intolerant of interferon", "resistant to interferon alfa"])
def test_interferon_alone_is_not_a_tki(text: str) -> None:
    assert not failures(text)


def test_interferon_beside_a_tki_leaves_the_tki() -> None:
    assert failures("resistant to interferon and imatinib")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chronic phase",
        "in major molecular response",
        "optimal response to imatinib",
        "tolerates imatinib well",
        "treated with imatinib for two years",
        "newly diagnosed",
    ],
)
def test_a_treatment_that_works_is_no_failure(text: str) -> None:
    assert not failures(text)


# --- something is left -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "minimal residual disease",
        "residual leukemia under imatinib",
        "mrd by pcr",
        "persistent bcr-abl transcripts",
        "detectable disease",
        "still pcr-positive",
        "remains positive by pcr",
        "bcr-abl transcripts still detectable",
        "transcripts at a plateau",
        "rising bcr-abl transcripts",
        "not in deep molecular response",
        "without mr4",
    ],
)
def test_disease_that_is_left_under_treatment(text: str) -> None:
    assert residuals(text)


@pytest.mark.parametrize(
    "text",
    [
        "no residual disease",
        "residual plasma levels of the drug",
        "residual urine volume",
        "in deep molecular response",
    ],
)
def test_what_is_not_disease_left_under_treatment(text: str) -> None:
    assert not residuals(text)


# --- it came before --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "second-line treatment",
        "third line",
        "at least two prior tkis",
        "> 1 previous tki",
        "two or more tyrosine kinase inhibitors",
        "previously treated with imatinib",
        "prior therapy with a tki",
        "pretreated with nilotinib",
        "have received imatinib",
        "has been treated with dasatinib",
        "after prior treatment with imatinib",
        "exposed to imatinib before",
    ],
)
def test_treatment_that_came_before(text: str) -> None:
    assert earlier_treatment(text)


@pytest.mark.parametrize(
    "text",
    [
        "no prior therapy with imatinib",
        "without previous treatment",
        "never previously treated",
        "first-line treatment",
        "newly diagnosed",
    ],
)
def test_treatment_that_did_not_come_before(text: str) -> None:
    assert not earlier_treatment(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("resistant to imatinib", {Shortfall.RESISTANCE}),
        ("intolerant of imatinib", {Shortfall.INTOLERANCE}),
        ("resistance or intolerance to at least one tki", set(Shortfall)),
        ("stopped dasatinib because of side effects", {Shortfall.INTOLERANCE}),
        ("no major molecular response after 18 months", {Shortfall.RESISTANCE}),
        ("no resistance to imatinib", set()),
        ("on imatinib for 12 months", set()),
        ("all toxicities from prior therapy have resolved", set()),
    ],
)
def test_which_shortfall_a_text_names(text: str, named: set[Shortfall]) -> None:
    assert shortfalls(text) == named
