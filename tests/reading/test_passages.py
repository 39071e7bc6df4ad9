"""Prose is cut into sentences, criteria into items that know what they stand under."""

from __future__ import annotations

import pytest

from tests.reading.records import joining, record
from trialfinder.reading import Side
from trialfinder.reading.text import Part, Passage, fields, passages


def cut(text: str, part: Part = Part.CRITERIA) -> list[Passage]:
    """The passages of criteria, or of a summary."""
    whole = record(criteria=text) if part is Part.CRITERIA else record(summary=text)
    return [p for p in passages(fields(whole)) if p.part is part]


def texts(text: str, part: Part = Part.CRITERIA) -> list[str]:
    return [passage.text for passage in cut(text, part)]


def leads(text: str, words: str) -> list[str]:
    """The lines that the one passage with ``words`` stands under."""
    (passage,) = [p for p in cut(text) if words in p.text]
    return [lead.text.strip() for lead in passage.leads]


# --- sentences -------------------------------------------------------------------------------


def test_prose_is_cut_into_sentences() -> None:
    text = "Imatinib failed. Did it? Yes! 2 TKIs were tried."

    assert texts(text, Part.SUMMARY) == [
        "imatinib failed.",
        "did it?",
        "yes!",
        "2 tkis were tried.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Resistant to a TKI, e.g. Dasatinib, in chronic phase",
        "A TKI, i.e. Imatinib, failed",
        "Imatinib vs. Nilotinib in CML",
        "Imatinib, nilotinib, etc. CML in any phase",
        "As written by Sample et al. CML is treated",
        "Given for approx. 2 years",
        "TKIs incl. Imatinib failed",
        "BCR-ABL above 0.1 percent",
        "No. of TKIs: 2",
        "As in step 1. CML must be confirmed",
    ],
)
def test_a_point_that_ends_no_sentence_does_not_cut(sentence: str) -> None:
    assert texts(sentence, Part.SUMMARY) == [sentence.lower()]


def test_a_sentence_may_run_over_lines() -> None:
    text = "People whose chronic myeloid leukemia did not respond well\nto imatinib can join.\nAll."

    assert texts(text, Part.SUMMARY) == [
        "people whose chronic myeloid leukemia did not respond well\nto imatinib can join.",
        "all.",
    ]


def test_a_line_that_ends_in_a_colon_leads_the_list_below_it() -> None:
    text = "Two groups join:\n* resistant to imatinib\n* intolerant of imatinib"

    found = [(p.text, [lead.text for lead in p.leads]) for p in cut(text, Part.SUMMARY)]

    assert found == [
        ("two groups join:", []),
        ("resistant to imatinib", ["two groups join:"]),
        ("intolerant of imatinib", ["two groups join:"]),
    ]


# --- criteria --------------------------------------------------------------------------------

LISTS = {
    "stars": "* Adults\n* With CML\n* In chronic phase",
    "dashes": "- Adults\n- With CML\n- In chronic phase",
    "dots": "• Adults\n• With CML\n• In chronic phase",
    "letters": "a. Adults\nb. With CML\nc. In chronic phase",
    "brackets": "(1) Adults\n(2) With CML\n(3) In chronic phase",
    "numbers": "1. Adults\n2. With CML\n3. In chronic phase",
    "escaped": "1\\. Adults\n2\\. With CML\n3\\. In chronic phase",
    "half brackets": "1) Adults\n2) With CML\n3) In chronic phase",
    "roman": "i. Adults\nii. With CML\niii. In chronic phase",
    "outline": "1.1. Adults\n1.2. With CML\n1.3. In chronic phase",
    "circles": "o Adults\no With CML\no In chronic phase",
    "blank lines": "* Adults\n\n* With CML\n\n* In chronic phase",
    "paragraphs": "Adults\n\nWith CML\n\nIn chronic phase",
    "windows lines": "* Adults\r\n* With CML\r\n* In chronic phase",
}


@pytest.mark.parametrize("kind", LISTS)
def test_each_item_of_a_list_is_a_passage(kind: str) -> None:
    found = [text.strip() for text in texts(f"Inclusion Criteria:\n\n{LISTS[kind]}")]

    assert found == ["adults", "with cml", "in chronic phase"]


def test_criteria_know_their_side() -> None:
    text = joining("Adults", "With CML", barred=("Pregnant", "Asthma"))

    assert [(p.text, p.side) for p in cut(text)] == [
        ("adults", Side.INCLUSION),
        ("with cml", Side.INCLUSION),
        ("pregnant", Side.EXCLUSION),
        ("asthma", Side.EXCLUSION),
    ]


def test_text_outside_the_criteria_is_on_neither_side() -> None:
    assert {p.side for p in cut("Exclusion criteria: CML.", Part.SUMMARY)} == {Side.OTHER}
    assert {p.side for p in cut("Adults with CML")} == {Side.OTHER}


def test_nested_criteria_stand_under_their_lead() -> None:
    text = joining(
        "Adults", "One of the following:\n  * Resistant to imatinib\n  * Intolerant of imatinib"
    )

    assert leads(text, "resistant") == ["one of the following:"]
    assert leads(text, "intolerant") == ["one of the following:"]
    assert leads(text, "adults") == []


def test_leads_of_several_levels_are_kept_nearest_last() -> None:
    text = joining(
        "Adults",
        "Disease:\n  * AML\n  * CML with one of:\n    * Resistant to imatinib\n    * T315I",
    )

    assert leads(text, "resistant") == ["disease:", "cml with one of:"]
    assert leads(text, "t315i") == ["disease:", "cml with one of:"]
    assert leads(text, "aml") == ["disease:"]
    assert leads(text, "adults") == []


def test_a_lettered_list_below_a_numbered_item_is_nested() -> None:
    text = "Inclusion Criteria:\n\n1. Fit\n2. CML, and:\na. resistant to imatinib\nb. older than 18"

    assert leads(text, "resistant") == ["cml, and:"]
    assert leads(text, "older") == ["cml, and:"]
    assert leads(text, "fit") == []


def test_an_item_leads_those_below_it_that_are_marked_otherwise() -> None:
    text = "Inclusion Criteria:\n\n1. Fit\n2. CML refractory to\na. imatinib\nb. nilotinib"

    assert leads(text, "imatinib") == leads(text, "nilotinib") == ["cml refractory to"]
    assert leads(text, "fit") == []


def test_cohorts_lead_their_own_criteria() -> None:
    text = (
        "Inclusion Criteria:\n\nCohort A:\n\n* Resistant to imatinib\n\n"
        "Cohort B:\n\n* Newly diagnosed"
    )

    assert leads(text, "resistant") == ["cohort a:"]
    assert leads(text, "newly") == ["cohort b:"]


def test_a_lead_ends_with_its_section() -> None:
    text = "Inclusion Criteria:\n\nCohort A:\n\n* Resistant\n\nExclusion Criteria:\n\n* Pregnant"

    assert leads(text, "pregnant") == []


def test_a_wrapped_criterion_is_put_together() -> None:
    text = joining(
        "Chronic myeloid leukemia that did not respond to at least\n  two different TKIs", "Adults"
    )

    assert texts(text) == [
        "chronic myeloid leukemia that did not respond to at least\n  two different tkis",
        "adults",
    ]


def test_a_paragraph_does_not_run_on_into_the_next() -> None:
    text = "Inclusion Criteria:\n\nAdults\n\nresistant to imatinib\n\n* Fit\nand well"

    assert texts(text) == ["adults", "resistant to imatinib", "fit\nand well"]


def test_the_sentences_of_one_criterion_stay_together() -> None:
    found = cut(joining("CML is proven. It is in chronic phase.", "Adults"))

    assert [p.text for p in found] == ["cml is proven.", "it is in chronic phase.", "adults"]
    assert found[0].item == found[1].item != found[2].item


@pytest.mark.parametrize("mark", ["*", "-", "•"])
def test_a_mark_without_words_is_no_criterion(mark: str) -> None:
    assert texts(f"Inclusion Criteria:\n\n{mark}\n\n* Adults") == ["adults"]


@pytest.mark.parametrize(
    "line",
    [
        "18 years or older",
        "2 TKIs failed",
        "1.5 times the upper limit",
        "I am an adult",
        "a person with CML",
        "o'clock is no bullet",
    ],
)
def test_a_line_that_only_begins_like_a_mark_keeps_its_words(line: str) -> None:
    assert texts(f"Inclusion Criteria:\n\n{line}") == [line.lower()]


def test_numbers_of_a_list_in_one_line_do_not_cut_the_criteria_apart() -> None:
    found = texts("Inclusion Criteria: 1. Adults with CML 2. Resistant to imatinib")

    assert " ".join(found).count("resistant to imatinib") == 1
