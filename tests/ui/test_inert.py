"""Text of the registry is shown letter for letter, by `st.text` alone, wherever it comes up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.support.registry import ALWAYS, HOSTILE, Fault, LocalRegistry
from tests.ui.reading import cards, count, search_near
from trialfinder.finding.describe import quote_words
from trialfinder.finding.search import Found
from trialfinder.ui.library import library
from trialfinder.vocabulary import Part, Stance

MARKS = ("HYPERLINK(", "](javascript:", "<b>bold", ":smile:", ":red[", "**strong**", "~~gone~~")
"""Pieces of `HOSTILE`; any of them outside `st.text` could become a link, a picture or bold."""

PLACES = {"country": "United States", "state": "Texas", "city": "Houston"}


@pytest.fixture
def hostile(unopened: AppTest, registry: LocalRegistry) -> AppTest:
    """Every study of the registry, closed ones too, each with hostile text in all its fields."""
    assert all(mark in HOSTILE for mark in MARKS)
    registry.fault(Fault.HOSTILE_TEXT, times=ALWAYS, path="/studies")
    unopened.run()
    unopened.multiselect(key="status").set_value([]).run()
    unopened.multiselect(key="study_type").set_value([]).run()
    assert count(unopened) == 56
    return unopened


def test_cards_and_details_of_every_trial(hostile: AppTest) -> None:
    shown = ""
    for number in pages(hostile):
        hostile.pagination[0].set_value(number).run()
        for nct_id in cards(hostile):
            hostile.session_state[f"details_{nct_id}"] = True
        hostile.run()
        assert not drawn_elsewhere(hostile)
        shown += drawn_as_text(hostile)
    for before in ("\n", "Run by: ", "Contact: ", "Full title: ", "Why it stopped: ", "• "):
        assert f"{before}=HYPERLINK(" in shown


def test_cards_with_distances(hostile: AppTest) -> None:
    search_near(hostile, "Houston, TX")
    shown = ""
    for number in pages(hostile):
        hostile.pagination[0].set_value(number).run()
        assert not drawn_elsewhere(hostile)
        shown += drawn_as_text(hostile)
    assert "Nearest open site: =HYPERLINK(" in shown
    assert "A nearer site is not open: =HYPERLINK(" in shown


def test_cards_whose_distance_is_not_known(hostile: AppTest) -> None:
    hostile.selectbox(key="within").set_value(25)
    hostile.multiselect(key="status").set_value(["RECRUITING"])
    search_near(hostile, "Honolulu, HI")
    assert "Sites whose distance is not known: =HYPERLINK(" in drawn_as_text(hostile)
    assert not drawn_elsewhere(hostile)


@pytest.mark.parametrize("step", ["all", "status", "study_type", "trial_phase", "place"])
def test_lists_of_what_a_step_left_out(hostile: AppTest, step: str) -> None:
    hostile.multiselect(key="status").set_value(["RECRUITING"]).run()
    hostile.multiselect(key="study_type").set_value(["INTERVENTIONAL"])
    hostile.pills(key="trial_phase").set_value(["PHASE2"])
    hostile.selectbox(key="country").set_value(hostile.selectbox(key="country").options[0]).run()
    hostile.button(key=f"ledger_{step}").click().run()
    assert not drawn_elsewhere(hostile)
    assert step == "all" or "• NCT99" in drawn_as_text(hostile)


def test_the_list_of_ticked_trials(hostile: AppTest) -> None:
    for nct_id in cards(hostile):
        hostile.checkbox(key=f"keep_{nct_id}").check()
    hostile.run()
    assert not drawn_elsewhere(hostile)
    for nct_id in cards(hostile):
        assert f"{nct_id}  =HYPERLINK(" in drawn_as_text(hostile)


def test_the_choice_of_places(hostile: AppTest) -> None:
    offered = hostile.selectbox(key="country").options
    assert any(MARKS[0] in one for one in offered)
    for key, chosen in PLACES.items():
        box = hostile.selectbox(key=key)
        box.set_value(next(one for one in box.options if one.endswith(chosen))).run()
        assert not hostile.exception
        assert not drawn_elsewhere(hostile)
    assert count(hostile) > 0


@pytest.mark.parametrize("stamp", ["**2026**", "2026-99-99"])
def test_the_time_of_the_data(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None, stamp: str
) -> None:
    registry.data_timestamp = stamp
    unopened.run()
    assert stamp not in all_words(unopened)
    registry.fault(Fault.HTTP_500, times=ALWAYS)
    library().forget()
    unopened.run()
    assert unopened.warning[0].proto.title == "These data are not fresh"
    assert stamp not in all_words(unopened)


def test_values_that_we_have_no_words_for(
    unopened: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = builders.study(
        overall_status=HOSTILE,
        study_type=HOSTILE,
        phases=(HOSTILE,),
        sex=HOSTILE,
        last_known_status=HOSTILE,
        sites=(builders.site(status=HOSTILE),),
    )
    show_only(builders.found(odd), unopened, monkeypatch)
    unopened.multiselect(key="status").set_value([]).run()
    unopened.multiselect(key="study_type").set_value([]).run()
    assert cards(unopened) == [odd.nct_id]
    assert not drawn_elsewhere(unopened)
    assert "Status: =HYPERLINK(" in drawn_as_text(unopened)
    assert "Sex: =HYPERLINK(" in drawn_as_text(unopened)
    assert "Last known status: =HYPERLINK(" in drawn_as_text(unopened)


def test_quotes_on_the_card_and_in_the_details(
    unopened: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = (
        "relevance",
        "cml_phase:chronic",
        "approach:tki",
        "t315i",
        "min_prior_tkis",
        "mutation:V299L",
        "drug:imatinib",
        "wash_out",
        "prior_transplant",
        "response",
        "current_tki",
        "good_response",
    )
    assert all(mark in quote_words(builders.evidence(HOSTILE)) for mark in MARKS)
    quotes = [builders.evidence(HOSTILE, about=kind, field=HOSTILE) for kind in kinds]
    odd = builders.reading(
        evidence=tuple(quotes),
        mutations={HOSTILE: Stance.ACCEPTED},
        prior_drugs={HOSTILE: Stance.EXCLUDED},
    )
    show_only(
        builders.found(builders.study(), readings={str(odd.nct_id): odd}), unopened, monkeypatch
    )
    assert not drawn_elsewhere(unopened)
    shown = drawn_as_text(unopened)
    assert shown.count(f"“{quote_words(quotes[0])}”") == 1 + len(kinds)  # to their ends


def test_criteria_whole_and_parted(unopened: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    parted = f"Inclusion Criteria for {HOSTILE}:\n\n* {HOSTILE}\n\nExclusion Criteria:\n\n* None"
    for criteria, heading in ((parted, "#### Who cannot join"), (HOSTILE, "does not part")):
        study = builders.study(eligibility_criteria=criteria)
        library().forget()
        show_only(builders.found(study), unopened, monkeypatch)
        assert heading in all_words(unopened)
        assert not drawn_elsewhere(unopened)
        assert "HYPERLINK(" in drawn_as_text(unopened)


def show_only(found: Found, page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """``found`` on the page, with all its details open."""

    def stand_in(part: Part, **given: object) -> Found:
        return replace(found, parts={part: builders.provenance()})

    monkeypatch.setattr("trialfinder.ui.library.find", stand_in)
    for nct_id in found.by_id:
        page.session_state[f"details_{nct_id}"] = True
    page.run()
    assert not page.exception


def pages(page: AppTest) -> range:
    return range(1, -(-count(page) // 10) + 1)


def drawn_as_text(page: AppTest) -> str:
    return "\n".join(element.value for element in page.text)


def all_words(page: AppTest) -> str:
    return "\n".join(words for *_, words in every_string(page))


def drawn_elsewhere(page: AppTest) -> list[tuple[str, str, str]]:
    """Type, field and words of hostile text outside `st.text` and the choice of places."""
    return [
        (kind, field, words)
        for kind, field, words in every_string(page)
        if any(mark in words for mark in MARKS)
        and kind != "text"
        and not (kind == "selectbox" and field in ("options", "raw_value"))
    ]


def every_string(page: AppTest) -> Iterator[tuple[str, str, str]]:
    """Every string that goes to the browser: the type of its element, its field, the words."""
    for node in page.main:
        if node.proto is not None:
            for field, words in strings(node.proto):
                yield node.type, field, words


def strings(message: Any) -> Iterator[tuple[str, str]]:
    """Names and values of all text fields of a protobuf message, however deep."""
    for field, value in message.ListFields():
        alone = isinstance(value, str) or not hasattr(value, "__iter__")
        for one in [value] if alone else value:
            if isinstance(one, str):
                yield field.name, one
            elif hasattr(one, "ListFields"):
                yield from strings(one)
