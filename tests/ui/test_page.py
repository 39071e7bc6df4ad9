"""What stands on the page in each of its states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.support import builders
from tests.support.registry import Fault, LocalRegistry
from tests.ui.reading import These, cards, count, ledger, words
from trialfinder.content.messages import message
from trialfinder.content.texts import options
from trialfinder.reading import Why
from trialfinder.registry.snapshot import SnapshotStore, cache_folder
from trialfinder.vocabulary import Part, Relevance


def test_sample_mode_says_so_at_the_top_and_on_every_card(page: AppTest) -> None:
    assert page.error[0].value == "SAMPLE: these are not real trials."
    marks = [c.value for c in page.caption if c.value.startswith("SAMPLE: not a real trial.")]
    assert len(marks) == len(cards(page)) == 10
    assert not page.get("link_button")


def test_leaving_the_samples_asks_the_registry(page: AppTest, registry: LocalRegistry) -> None:
    next(b for b in page.button if b.label.startswith("Leave the samples")).click().run()
    assert not page.error
    assert registry.requests
    assert "Data of ClinicalTrials.gov" in words(page)


def test_real_data_carry_their_date_and_a_link_to_each_record(
    unopened: AppTest, registry: LocalRegistry
) -> None:
    unopened.run()
    assert "Data of ClinicalTrials.gov from 20 Nov 2026." in words(unopened)
    links = [link.url for link in unopened.get("link_button")]
    assert links == [f"https://clinicaltrials.gov/study/{nct_id}" for nct_id in cards(unopened)]


def test_every_option_and_the_article_stand_beside_the_results(page: AppTest) -> None:
    titles = [box.label for box in page.expander]
    assert [text.title for text in options()] == [
        t for t in titles if t in {o.title for o in options()}
    ]
    assert "Treating CML: What Happens if a TKI Stops Working" in words(page)


def test_a_registry_that_cannot_be_reached_is_never_no_trials(
    unopened: AppTest, monkeypatch: pytest.MonkeyPatch, no_pauses: None
) -> None:
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    unopened.run()
    assert unopened.error[0].proto.title == "The trials could not be loaded"
    assert "This does not mean that there are no trials." in unopened.error[0].value
    assert options()[0].title in [box.label for box in unopened.expander]
    next(b for b in unopened.button if b.label == "Look at invented sample trials").click().run()
    assert count(unopened) == 38


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (Fault.BLOCKED_403, "refused this computer"),
        (Fault.HTTP_429, "too many requests"),
        (Fault.HTTP_500, "is down or being repaired"),
        (Fault.HTML_200, "is down or being repaired"),
        (Fault.WRONG_SHAPE, "in a form that we do not know"),
    ],
)
def test_each_failure_says_what_happened(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None, fault: Fault, what: str
) -> None:
    registry.fault(fault, times=20)
    unopened.run()
    assert what in unopened.error[0].value


def test_the_saved_answer_is_shown_and_said(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.run()
    whole = count(unopened)
    registry.data_timestamp = "2026-11-23T09:00:05"
    registry.fault(Fault.HTTP_500, times=20)
    forget(unopened)
    assert count(unopened) == whole
    assert unopened.warning[0].proto.title == "These data are not fresh"
    assert "data from 20 Nov 2026" in unopened.warning[0].value


def test_a_damaged_saved_answer_is_not_shown(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.run()
    saved = SnapshotStore(cache_folder(), registry.url).path(Part.OPEN)
    saved.write_bytes(saved.read_bytes()[:1000])
    registry.fault(Fault.HTTP_500, times=20)
    forget(unopened)
    assert unopened.error[0].proto.title == "The trials could not be loaded"
    assert Path(f"{saved}.damaged").exists()


def test_an_incomplete_answer_is_said(unopened: AppTest, registry: LocalRegistry) -> None:
    registry.fault(Fault.WRONG_TOTAL, times=20)
    unopened.run()
    assert count(unopened) == 38
    assert unopened.warning[0].proto.title == "Some trials may be missing"


def test_the_closed_studies_come_when_asked_for(unopened: AppTest, registry: LocalRegistry) -> None:
    unopened.run()
    assert "41 open records that name CML (15 left out)" in ledger(unopened)
    assert not asked_for_closed(registry)
    unopened.button(key="ledger_all").click().run()
    unopened.button(key="load_closed").click().run()
    assert asked_for_closed(registry)
    assert "56 records that name CML" in ledger(unopened)
    assert "41 with the status you chose (15 left out)" in ledger(unopened)


def test_the_open_studies_stay_when_the_closed_ones_cannot_be_had(
    unopened: AppTest, registry: LocalRegistry, no_pauses: None
) -> None:
    unopened.run()
    registry.fault(Fault.BLOCKED_403, times=20)
    unopened.button(key="ledger_all").click().run()
    unopened.button(key="load_closed").click().run()
    assert count(unopened) == 38
    assert unopened.warning[0].proto.title == "The closed trials could not be loaded"
    assert "You still see all open ones." in unopened.warning[0].value
    asked = len(registry.requests)
    unopened.pills(key="trial_phase").set_value(["PHASE2"]).run()
    assert len(registry.requests) == asked  # it is not asked again and again


def test_what_a_step_left_out_is_one_tap_away(page: AppTest) -> None:
    page.button(key="ledger_study_type").click().run()
    assert "They are another kind of study: 3" in words(page)
    listed = next(t.value for t in page.text if t.value.startswith("• NCT"))
    assert len(listed.split("\n")) == 3
    page.button(key="ledger_study_type").click().run()
    assert "They are another kind of study" not in words(page)


def test_those_whose_record_names_a_failed_tki_come_first_under_counted_headings(
    these: These,
) -> None:
    page = these(
        builders.reading("NCT99000001", relevance=Relevance.NO, why=Why.STOPPING),
        builders.reading("NCT99000002", relevance=Relevance.MAY, why=Why.ANY_LINE),
        builders.reading("NCT99000003"),
        builders.reading("NCT99000004", relevance=Relevance.MAY, why=Why.TRANSPLANT),
    )
    page.checkbox(key="others").check().run()
    groups = {group: message(f"results.group.{group}.heading") for group in ("yes", "may", "no")}
    listed = [h.value for h in page.subheader if not (h.anchor or "").startswith("about-")]
    assert listed == [
        f"{groups['yes']} (1)",
        "NCT99000003",
        f"{groups['may']} (2)",
        "NCT99000002",
        "NCT99000004",
        f"{groups['no']} (1)",
        "NCT99000001",
    ]


def test_a_study_written_for_others_says_for_whom_where_it_was_left_out(these: These) -> None:
    page = these(
        builders.reading("NCT99000001", relevance=Relevance.NO, why=Why.STOPPING),
        builders.reading("NCT99000002", relevance=Relevance.NO, why=Why.HEALTHY),
    )
    page.button(key="ledger_relevance").click().run()
    listed = next(text.value for text in page.text if text.value.startswith("• NCT"))
    assert listed.split("\n") == [
        "• NCT99000001  Sample study 01 (stopping a TKI or taking less)",
        "• NCT99000002  Sample study 02 (healthy people)",
    ]


def test_every_loaded_study_is_read_and_counted_in_one_group_or_the_ledger(
    registry: LocalRegistry,
) -> None:
    """With the real reader."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not page.exception
    for_others = int(re.search(r"\((\d+)\)", page.checkbox(key="others").label)[1])  # type: ignore[index]
    assert count(page) + for_others == 38
    quoted = [t.value for t in page.text if t.value.startswith("“")]
    unquoted = [c for c in page.caption if c.value.startswith("No words of the record")]
    assert len(quoted) + len(unquoted) == len(cards(page))
    assert quoted


def test_details_open_in_place(page: AppTest) -> None:
    nct_id = cards(page)[0]
    assert "Who cannot join" not in words(page)
    open_details(page, nct_id)
    shown = words(page)
    for part in ("What the study is about", "Who can join", "Who cannot join", "All sites"):
        assert f"#### {part}" in shown
    assert "Open sites (61)" in shown
    assert "Sites that are not open (11)" in shown


def test_undivided_criteria_are_shown_whole(page: AppTest) -> None:
    page.session_state["details_NCT99000054"] = True
    page.multiselect(key="status").set_value(["RECRUITING"]).run()
    for number in range(1, 6):
        if "NCT99000054" in cards(page):
            break
        page.pagination[0].set_value(number).run()
    assert "does not part its rules" in words(page)


def forget(page: AppTest) -> None:
    from trialfinder.ui.library import library  # noqa: PLC0415  the one the page uses

    library().forget()
    page.run()


def open_details(page: AppTest, nct_id: str) -> None:
    page.session_state[f"details_{nct_id}"] = True
    page.run()


def asked_for_closed(registry: LocalRegistry) -> bool:
    return any(
        "COMPLETED" in request.params.get("filter.overallStatus", "")
        and request.params.get("pageSize") != "1"
        for request in registry.requests
    )
