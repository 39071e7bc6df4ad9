"""A sentence speaks of the people who join, or of medicine in general and of what is measured."""

from __future__ import annotations

import pytest

from tests.reading.records import record
from trialfinder.reading.scope import speaks_of_joining, speaks_of_outcomes
from trialfinder.reading.text import Part, Passage, fields, passages


def prose(sentence: str) -> Passage:
    """A summary of one sentence."""
    (found,) = [p for p in passages(fields(record(summary=sentence))) if p.part is Part.SUMMARY]
    return found


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with CML resistant to imatinib receive samplinib.",
        "People whose leukemia no longer responds to imatinib can join.",
        "Participants who failed imatinib are given samplinib.",
        "This study tests samplinib after imatinib failure.",
        "The purpose of this study is to see how safe samplinib is after imatinib.",
        "To learn how well samplinib works after failure of imatinib.",
        "Samplinib will be given to adults with imatinib-resistant CML.",
        "Eligible are those who failed imatinib.",
        "The cohort of imatinib failures gets a higher dose.",
        "Treating patients with imatinib-resistant CML.",
    ],
)
def test_sentences_on_who_joins(sentence: str) -> None:
    assert speaks_of_joining(prose(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Many patients become resistant to imatinib.",
        "Some people with CML fail imatinib.",
        "Most patients with resistance have a mutation.",
        "Patients with CML often become intolerant of imatinib.",
        "About 20% of patients with CML fail imatinib.",
        "However, patients with CML may relapse on imatinib.",
        "Although imatinib works, patients with CML relapse.",
        "Samplinib has been shown to help patients who failed imatinib.",
        "Nilotinib was approved for patients who failed imatinib.",
        "The mechanism of resistance in patients with CML is unknown.",
        "In an earlier trial patients with CML resistant to imatinib responded.",
        "Cells of patients with resistance were killed in vitro.",
        "Guidelines advise patients with resistance to change the TKI.",
        "Imatinib resistance is a major problem in patients with CML.",
        "Imatinib resistance.",
    ],
)
def test_sentences_on_medicine_in_general(sentence: str) -> None:
    assert not speaks_of_joining(prose(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Time to imatinib failure in patients with CML will be measured.",
        "Failure-free survival of patients with CML.",
        "Patients with CML will be removed from the study upon resistance to imatinib.",
        "Patients who fail imatinib go off study.",
        "The rate of resistance in patients with CML is an endpoint.",
    ],
)
def test_sentences_on_what_is_measured(sentence: str) -> None:
    assert speaks_of_outcomes(prose(sentence))
    assert not speaks_of_joining(prose(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients with CML take imatinib until failure.",
        "If imatinib fails, patients with CML will change to samplinib.",
        "In case of imatinib failure patients with CML change to samplinib.",
        "Patients with CML may cross over upon failure of imatinib.",
        "To prevent imatinib resistance in patients with CML.",
        "The incidence of imatinib resistance in patients with CML.",
        "Patients with CML are monitored for imatinib resistance.",
    ],
)
def test_what_may_happen_later_says_nothing_of_who_joins(sentence: str) -> None:
    assert not speaks_of_joining(prose(sentence))


def test_an_outcome_measured_in_people_who_failed_says_who_joins() -> None:
    sentence = "The efficacy of samplinib until progression in patients resistant to imatinib."

    assert speaks_of_joining(prose(sentence))


def test_keywords_never_say_who_joins_and_arms_do() -> None:
    words = "CML after imatinib failure"
    made = passages(fields(record(keywords=[words], arms=[(words, "")])))

    assert [p.part for p in made if speaks_of_joining(p) and p.text == words.lower()] == [Part.ARM]
