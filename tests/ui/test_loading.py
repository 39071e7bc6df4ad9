"""While trials come, when somebody stops them, when they do not come, and trying again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from tests.support.registry import ALWAYS, Fault, LocalRegistry
from tests.ui.reading import cards, count, ledger, search_near, words
from trialfinder.finding.search import Found, find
from trialfinder.registry.client import Progress
from trialfinder.registry.snapshot import cache_folder
from trialfinder.ui.library import library
from trialfinder.vocabulary import Part


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, str]]:
    """How full each drawing of the progress bar was, and what it said."""
    drawn: list[tuple[float, str]] = []
    begin, advance = st.progress, DeltaGenerator.progress

    def begun(value: float, text: str) -> DeltaGenerator:
        drawn.append((value, text))
        return begin(value, text=text)

    def advanced(self: DeltaGenerator, value: float, text: str) -> DeltaGenerator:
        drawn.append((value, text))
        return advance(self, value, text=text)

    monkeypatch.setattr(st, "progress", begun)
    monkeypatch.setattr(DeltaGenerator, "progress", advanced)
    return drawn


@pytest.fixture
def stopped_by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Part], None]:
    """Let a person press "Stop loading" in the midst of the next load of a part."""
    presses: dict[str, Callable[[], None]] = {}
    impatient: list[Part] = []
    draw = st.button

    def button(label: str, **given: Any) -> bool:
        if label == "Stop loading":
            presses[given["key"]] = lambda: given["on_click"](*given["args"])
        return draw(label, **given)

    def find_until_stopped(part: Part, **given: Any) -> Found:
        if part in impatient:
            impatient.remove(part)
            presses[f"stop_{part}"]()  # as Streamlit does: the callback, then a new run
            st.rerun()
        return find(part, **given)

    monkeypatch.setattr(st, "button", button)
    monkeypatch.setattr("trialfinder.ui.library.find", find_until_stopped)
    return impatient.append


def test_the_page_does_not_move_when_loading_is_over(page: AppTest) -> None:
    """What moves is drawn anew by the browser, and forgets what stood open."""
    while_loading = places(page)
    page.run()
    assert places(page) == while_loading
    page.button(key="ledger_all").click().run()
    page.button(key="load_closed").click().run()
    assert places(page) == while_loading


def places(page: AppTest) -> list[int]:
    """Where the headings of the page stand among what is drawn."""
    return [place for place, one in page.main.children.items() if one.type == "header"]


def test_each_page_that_comes_is_told(
    unopened: AppTest, bar: list[tuple[float, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(part: Part, *, sample: bool, on_page: Callable[[Progress], None]) -> Found:
        on_page(Progress(1000, 4000, 1))
        on_page(Progress(2000, 4000, 2))
        on_page(Progress(5000, 4000, 3))  # more than was announced
        on_page(Progress(2000, None, 4))
        return find(part, sample=True)

    monkeypatch.setattr("trialfinder.ui.library.find", slowly)
    unopened.run()
    assert not unopened.exception
    assert bar[0][1].startswith("Asking ClinicalTrials.gov for all CML trials.")
    assert bar[1:] == [
        (0.25, "Page 1: 1,000 of 4,000 trials so far"),
        (0.5, "Page 2: 2,000 of 4,000 trials so far"),
        (1.0, "Page 3: 5,000 of 4,000 trials so far"),
        (0.0, "Page 4: 2,000 trials so far"),
    ]


def test_the_registry_s_own_pages_are_told(
    unopened: AppTest, registry: LocalRegistry, bar: list[tuple[float, str]]
) -> None:
    unopened.run()
    assert bar[-1] == (1.0, "Page 1: 41 of 41 trials so far")
    drawings = len(bar)
    unopened.multiselect(key="status").set_value(["COMPLETED"]).run()
    assert bar[drawings][1] == "Asking ClinicalTrials.gov for the closed CML trials too."
    drawings = len(bar)
    unopened.run()
    assert len(bar) == drawings  # what is there already needs no bar


def test_nothing_of_the_loading_stays(unopened: AppTest, registry: LocalRegistry) -> None:
    unopened.run()
    assert not unopened.progress
    assert "Stop loading" not in labels(unopened)


def test_a_stopped_load_is_said_and_never_looks_like_no_trials(
    unopened: AppTest, registry: LocalRegistry, stopped_by_hand: Callable[[Part], None]
) -> None:
    stopped_by_hand(Part.OPEN)
    unopened.run()
    assert unopened.info[0].proto.title == "You stopped loading"
    assert "This does not mean that there are none." in unopened.info[0].value
    assert not cards(unopened)
    assert not [header for header in unopened.header if header.value.endswith(" trials")]
    assert unopened.expander  # the explanations stand there all the same
    assert not unopened.progress
    assert not registry.requests
    unopened.run()
    assert not registry.requests  # not asked again until somebody says so
    try_again(unopened)
    assert count(unopened) == 38
    assert not unopened.info


def test_after_a_stop_the_questions_have_their_answers(
    unopened: AppTest, registry: LocalRegistry, stopped_by_hand: Callable[[Part], None]
) -> None:
    unopened.run()
    narrow(unopened)
    before = cards(unopened)
    library().forget()
    stopped_by_hand(Part.OPEN)
    unopened.run()
    assert unopened.info[0].proto.title == "You stopped loading"
    try_again(unopened)
    assert cards(unopened) == before
    still_narrow(unopened)


def test_stopping_the_closed_trials_keeps_the_open_ones(
    unopened: AppTest, registry: LocalRegistry, stopped_by_hand: Callable[[Part], None]
) -> None:
    unopened.run()
    stopped_by_hand(Part.CLOSED)
    load_closed(unopened)
    assert count(unopened) == 38
    assert unopened.warning[0].proto.title == "The closed trials could not be loaded"
    assert unopened.warning[0].value == "You stopped loading them. You still see all open ones."
    assert not unopened.info
    asked = len(registry.requests)
    unopened.pills(key="trial_phase").set_value(["PHASE2"]).run()
    assert len(registry.requests) == asked
    unopened.button(key="again_closed").click().run()
    assert_closed_are_there(unopened)


def test_a_failed_load_of_the_closed_trials_is_not_tried_again_until_asked_for(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.run()
    registry.fault(Fault.BLOCKED_403)
    load_closed(unopened)
    assert count(unopened) == 38
    assert unopened.warning[0].value == (
        "ClinicalTrials.gov refused this computer (403). You still see all open ones."
    )
    asked = len(registry.requests)
    for phase in ("PHASE1", "PHASE2"):
        unopened.pills(key="trial_phase").set_value([phase]).run()
        assert unopened.warning[0].proto.title == "The closed trials could not be loaded"
    assert len(registry.requests) == asked
    unopened.button(key="again_closed").click().run()
    assert_closed_are_there(unopened)


def test_the_closed_trials_can_fail_twice(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.run()
    registry.fault(Fault.BLOCKED_403, times=ALWAYS)
    load_closed(unopened)
    unopened.button(key="again_closed").click().run()
    assert count(unopened) == 38
    assert unopened.warning[0].proto.title == "The closed trials could not be loaded"


def test_filters_and_place_survive_a_failed_load(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.run()
    narrow(unopened)
    before = cards(unopened)
    library().forget()
    shutil.rmtree(cache_folder())
    registry.fault(Fault.BLOCKED_403, times=2)
    unopened.run()
    assert unopened.error[0].proto.title == "The trials could not be loaded"
    try_again(unopened)
    assert unopened.error  # the second fault
    try_again(unopened)
    assert not unopened.error
    assert cards(unopened) == before
    still_narrow(unopened)


def test_a_failure_is_not_remembered_for_the_next_run(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    registry.fault(Fault.BLOCKED_403)
    unopened.run()
    asked = len(registry.requests)
    unopened.run()
    assert len(registry.requests) > asked
    assert count(unopened) == 38


def test_going_to_the_samples_and_back_forgets_the_failure_of_the_closed_trials(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.session_state["sample"] = True
    unopened.run()
    next(b for b in unopened.button if b.label.startswith("Leave the samples")).click().run()
    registry.fault(Fault.BLOCKED_403)
    load_closed(unopened)
    assert closed_failed(unopened)
    unopened.session_state["sample"] = True
    unopened.run()
    next(b for b in unopened.button if b.label.startswith("Leave the samples")).click().run()
    assert not closed_failed(unopened)


def narrow(page: AppTest) -> None:
    page.pills(key="trial_phase").set_value(["PHASE2"])
    page.multiselect(key="status").set_value(["RECRUITING"])
    page.multiselect(key="study_type").set_value(["INTERVENTIONAL"])
    page.number_input(key="age").set_value(40)
    page.selectbox(key="sex").set_value("FEMALE")
    page.selectbox(key="country").set_value("United States").run()
    page.selectbox(key="state").set_value("Texas").run()
    page.selectbox(key="unit").set_value("km")
    page.selectbox(key="within").set_value(1000)
    search_near(page, "Houston, TX")
    assert 0 < count(page) < 38


def still_narrow(page: AppTest) -> None:
    assert page.pills(key="trial_phase").value == ["PHASE2"]
    assert page.multiselect(key="status").value == ["RECRUITING"]
    assert page.number_input(key="age").value == 40
    assert page.selectbox(key="sex").value == "FEMALE"
    assert page.selectbox(key="unit").value == "km"
    assert page.selectbox(key="within").value == 1000
    assert page.selectbox(key="country").value == "United States"
    assert page.selectbox(key="state").value == "Texas"
    assert page.text_input(key="place").value == "Houston, TX"
    assert "Distances are from Houston, Texas, United States." in words(page)


def load_closed(page: AppTest) -> None:
    page.button(key="ledger_all").click().run()
    page.button(key="load_closed").click().run()


def closed_failed(page: AppTest) -> bool:
    said = "The closed trials could not be loaded"
    return any(warning.proto.title == said for warning in page.warning)


def assert_closed_are_there(page: AppTest) -> None:
    assert not closed_failed(page)
    assert "41 with the status you chose (15 left out)" in ledger(page)
    page.pills(key="trial_phase").set_value([])
    page.multiselect(key="status").set_value(["COMPLETED"]).run()
    assert "Finished" in words(page)


def try_again(page: AppTest) -> None:
    next(b for b in page.button if b.label == "Try again").click().run()


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]
