"""My situation on the page: each answer changes what is marked, nothing is hidden or kept."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import These, cards, count, words
from trialfinder.finding.situation import Ended, Mutation
from trialfinder.reading import Reading, Why
from trialfinder.vocabulary import CmlPhase, Relevance, Stance


def reading(number: int, **given: Any) -> Reading:
    return builders.reading(builders.numbered(number), **given)


def said(about: str, quote: str) -> Any:
    return builders.evidence(quote, about=about)


TAKES = reading(
    1,
    t315i=Stance.ACCEPTED,
    cml_phases=(CmlPhase.CHRONIC,),
    min_prior_tkis=1,
    prior_transplant=Stance.EXCLUDED,
    evidence=(
        said("relevance", "Resistant to imatinib"),
        said("t315i", "with or without T315I"),
        said("cml_phase:chronic", "CML in chronic phase"),
        said("min_prior_tkis", "at least one TKI"),
        said("prior_transplant", "no earlier transplant"),
    ),
)
EXCLUDES = reading(
    2,
    t315i=Stance.EXCLUDED,
    evidence=(said("relevance", "Intolerant of imatinib"), said("t315i", "T315I is ruled out")),
)
SILENT = reading(3)
FOR_NEW = reading(4, relevance=Relevance.NO, why=Why.NEWLY_DIAGNOSED)


@pytest.fixture
def page(these: These) -> AppTest:
    return these(TAKES, EXCLUDES, SILENT, FOR_NEW)


def last(page: AppTest) -> str:
    return cards(page)[-1]


def test_without_answers_nothing_is_marked(page: AppTest) -> None:
    assert "What you said, and what the record says" not in words(page)
    assert "What you said is marked" not in words(page)


def test_a_mutation_that_is_ruled_out_sinks_a_trial_and_says_why(page: AppTest) -> None:
    before = count(page)
    page.selectbox(key="mutation").set_value(Mutation.T315I).run()

    assert count(page) == before
    assert last(page) == EXCLUDES.nct_id
    told = words(page)
    assert "May not fit: mutation" in told
    assert "“T315I is ruled out”" in told
    assert "May not fit, by what you said (1)" in [h.value for h in page.subheader]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("mutation", Mutation.T315I, "it fits what you said: mutation"),
        ("mutation", Mutation.NEVER_TESTED, "ask: mutation"),
        ("own_phase", CmlPhase.CHRONIC, "it fits what you said: CML phase"),
        ("own_phase", CmlPhase.BLAST, "May not fit: CML phase"),
        ("transplant", "yes", "May not fit: earlier transplant"),
        ("transplant", "no", "it fits what you said: earlier transplant"),
        ("sex", "FEMALE", "it fits what you said: sex"),
    ],
)
def test_each_choice_changes_what_is_said(page: AppTest, key: str, value: str, told: str) -> None:
    assert told not in words(page)
    page.selectbox(key=key).set_value(value).run()
    assert told in words(page)


def test_each_tki_asks_why_it_ended_and_the_answer_counts(page: AppTest) -> None:
    page.pills(key="tkis").set_value(["imatinib", "nilotinib"]).run()
    assert "it fits what you said: number of TKIs" in words(page)
    assert "why your TKI ended" not in words(page)

    page.selectbox(key="ended_imatinib").set_value(Ended.STOPPED_WORKING).run()
    assert "it fits what you said: why your TKI ended" in words(page)
    page.selectbox(key="ended_imatinib").set_value(Ended.STILL_ON).run()
    assert "why your TKI ended" not in words(page)


def test_a_tki_taken_in_a_trial_counts_too(page: AppTest) -> None:
    page.multiselect(key="other_tkis").set_value(["ELVN-001"]).run()
    assert "it fits what you said: number of TKIs" in words(page)
    assert "Why did ELVN-001 end?" in [box.label for box in page.selectbox]


def test_what_was_written_for_the_newly_diagnosed_does_not_fit_who_had_a_tki(
    page: AppTest,
) -> None:
    page.checkbox(key="others").check().run()
    assert last(page) == FOR_NEW.nct_id
    assert "May not fit" not in words(page)
    page.pills(key="tkis").set_value(["imatinib"]).run()
    assert "May not fit: who the study is for" in words(page)


def test_every_point_is_there_on_demand_with_its_quote(page: AppTest) -> None:
    page.selectbox(key="own_phase").set_value(CmlPhase.CHRONIC).run()
    assert "The record names the CML phase that you named." not in words(page)
    box = next(
        e for e in page.expander if e.label.startswith("Point by point, with the words of NCT")
    )
    assert not box.proto.expanded


def test_for_someone_else_the_page_says_so(page: AppTest) -> None:
    labels = [e.label for e in page.expander]
    assert "My situation" in labels
    page.radio(key="who").set_value("other").run()
    assert "Their situation" in [e.label for e in page.expander]
    assert "Answer for the person you help." in words(page)


def test_what_someone_wants_to_read_about_opens_where_it_stands(page: AppTest) -> None:
    def texts() -> list[tuple[str, bool]]:
        found = [(e.label, e.proto.expanded) for e in page.expander]
        return [one for one in found if one[0] in ("Stem cell transplant", "Clinical trials")]

    assert texts() == [("Clinical trials", False), ("Stem cell transplant", False)]
    page.pills(key="read_about").set_value(["transplant"]).run()
    assert texts() == [("Clinical trials", False), ("Stem cell transplant", True)]


def test_clearing_takes_every_answer_back(page: AppTest) -> None:
    page.pills(key="tkis").set_value(["imatinib"]).run()
    page.selectbox(key="mutation").set_value(Mutation.T315I).run()
    page.number_input(key="age").set_value(50).run()
    next(b for b in page.button if b.label == "Clear these answers").click().run()

    assert not page.pills(key="tkis").value
    assert page.selectbox(key="mutation").value is None
    assert page.number_input(key="age").value is None
    assert "What you said, and what the record says" not in words(page)


def test_answers_are_in_no_address(page: AppTest) -> None:
    page.selectbox(key="mutation").set_value(Mutation.T315I).run()
    assert dict(page.query_params) == {}


# --- the guided start ------------------------------------------------------------------------


def click(page: AppTest, label: str) -> None:
    next(b for b in page.button if b.label == label).click().run()
    assert not page.exception


def question(page: AppTest) -> str:
    return next(h.value for h in page.header if h.value.endswith("?") or h.value == "Age and sex")


def test_the_guide_asks_one_question_at_a_time_and_ends_at_the_trials(page: AppTest) -> None:
    click(page, "Guide me: one question at a time")
    asked = [question(page)]
    assert not cards(page)
    while "Next" in [b.label for b in page.button]:
        click(page, "Next")
        asked.append(question(page))

    assert len(asked) == len(set(asked)) == 8
    click(page, "Show the trials")
    assert len(cards(page)) == 3


def test_an_answer_given_in_the_guide_holds_and_can_be_changed_in_the_form(page: AppTest) -> None:
    click(page, "Guide me: one question at a time")
    for _ in range(3):
        click(page, "Next")
    page.selectbox(key="mutation").set_value(Mutation.T315I).run()
    click(page, "Next")
    click(page, "Back")
    assert page.selectbox(key="mutation").value == Mutation.T315I
    click(page, "Leave the guide")
    assert page.selectbox(key="mutation").value == Mutation.T315I
    assert "May not fit: mutation" in words(page)


# --- from a trial to the options -------------------------------------------------------------


def test_a_card_opens_the_explanation_of_what_its_trial_tests(these: These) -> None:
    page = these(reading(1, approaches=("tki", "transplant")))
    click(page, "Read about it: Transplant")

    expanders = [e.label for e in page.expander if e.proto.expanded]
    assert "Stem cell transplant" in expanders
    assert "[Go to: Transplant](#about-transplant)" in words(page)
    assert "about-transplant" in [heading.anchor for heading in page.subheader]
    assert "Read about it: Transplant" not in [b.label for b in page.button]
    assert "Read about it: TKI" in [b.label for b in page.button]
