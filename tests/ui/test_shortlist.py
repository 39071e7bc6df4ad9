"""The list of ticked trials: what puts them on it, what takes them off, what is in its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.support.registry import LocalRegistry
from tests.ui.reading import These, cards, count, search_near, words
from trialfinder.finding.search import Found
from trialfinder.reading import Why
from trialfinder.ui.library import library
from trialfinder.vocabulary import Part, Relevance


@dataclass(frozen=True)
class File:
    """What a download button offers."""

    label: str
    name: str
    kind: str
    data: Callable[[], bytes]

    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.data().decode("utf-8-sig"))))

    def ids(self) -> list[str]:
        return [row["NCT ID"] for row in self.rows()]


class Today(datetime):
    """The day on which the samples were written."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Today:
        return cls(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, File]:
    """The files that the latest run offers, "download_mine" and "download_all"; on a fixed day."""
    offered: dict[str, File] = {}
    draw = st.download_button

    def download_button(label: str, *, data: Any, key: str, **given: Any) -> bool:
        offered[key] = File(label, given["file_name"], given["mime"], data)
        return draw(label, data=data, key=key, **given)

    monkeypatch.setattr("trialfinder.ui.page.datetime", Today)
    monkeypatch.setattr(st, "download_button", download_button)
    return offered


def test_the_list_is_empty_at_first(page: AppTest) -> None:
    assert listed(page) == []
    assert "put it on your list" in words(page)
    assert [b.key for b in page.download_button] == ["download_all"]


def test_a_tick_puts_a_trial_on_the_list(page: AppTest) -> None:
    first, second, third, *_ = cards(page)
    tick(page, second)
    assert listed(page) == [second]
    assert "1 trial on your list" in words(page)
    assert any(text.value.startswith(f"{second}  ") for text in page.text)
    tick(page, first)
    assert listed(page) == [second, first]  # in the order of the ticks
    assert "[2 trials on your list](#my-list)" in words(page)
    assert page.checkbox(key=f"keep_{second}").value
    assert not page.checkbox(key=f"keep_{third}").value


def test_taking_the_tick_away_takes_the_trial_off(page: AppTest) -> None:
    one, other, *_ = cards(page)
    tick(page, one, other)
    page.checkbox(key=f"keep_{one}").uncheck().run()
    assert listed(page) == [other]


def test_the_button_on_the_list_takes_the_tick_away_and_it_can_come_back(page: AppTest) -> None:
    one, other, *_ = cards(page)
    tick(page, one, other)
    page.button(key=f"remove_{one}").click().run()
    assert listed(page) == [other]
    assert not page.checkbox(key=f"keep_{one}").value
    tick(page, one)
    assert listed(page) == [other, one]
    assert page.checkbox(key=f"keep_{one}").value


def test_the_list_survives_filters_and_pages(page: AppTest) -> None:
    chosen = cards(page)[0]
    tick(page, chosen)
    page.pagination[0].set_value(2).run()
    assert chosen not in cards(page)
    assert listed(page) == [chosen]
    tick(page, second := cards(page)[3])
    page.multiselect(key="status").set_value(["NOT_YET_RECRUITING"]).run()
    page.run()
    assert chosen not in cards(page)
    assert listed(page) == [chosen, second]
    page.multiselect(key="status").set_value(["AVAILABLE"]).run()
    page.pills(key="trial_phase").set_value(["PHASE4"]).run()
    assert count(page) == 0
    assert listed(page) == [chosen, second]
    page.button(key="widen_status").click().run()
    page.pills(key="trial_phase").set_value([]).run()
    assert chosen in cards(page)
    assert page.checkbox(key=f"keep_{chosen}").value  # the box of a card that was away


def test_the_list_survives_sorting(page: AppTest) -> None:
    chosen = cards(page)[:2]
    tick(page, *chosen)
    search_near(page, "Tokyo, Japan")
    page.segmented_control(key="order").set_value("updated").run()
    assert listed(page) == chosen


def test_the_list_survives_start_over_and_the_closed_trials(page: AppTest) -> None:
    chosen = cards(page)[0]
    tick(page, chosen)
    page.multiselect(key="status").set_value(["COMPLETED"]).run()
    tick(page, closed := cards(page)[0])
    next(b for b in page.button if b.label == "Start over").click().run()
    assert listed(page) == [chosen, closed]


def test_the_list_survives_a_failed_load(
    unopened: AppTest, registry: LocalRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    unopened.run()
    tick(unopened, chosen := cards(unopened)[0])
    good = registry.url
    library().forget()
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", good.replace("/api/v2", "/elsewhere"))
    unopened.run()
    assert unopened.error
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", good)
    next(b for b in unopened.button if b.label == "Try again").click().run()
    assert listed(unopened) == [chosen]
    assert unopened.checkbox(key=f"keep_{chosen}").value


def test_samples_and_real_trials_never_stand_on_one_list(
    page: AppTest, registry: LocalRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(page, sample := cards(page)[0])
    next(b for b in page.button if b.label.startswith("Leave the samples")).click().run()
    assert sample in cards(page)  # this registry serves the samples
    assert listed(page) == []
    assert not page.checkbox(key=f"keep_{sample}").value
    tick(page, sample)
    library().forget()
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", "http://127.0.0.1:9/nowhere")
    monkeypatch.setattr("trialfinder.registry.client._FIRST_PAUSE", 0.0)
    page.run()
    assert page.error
    next(b for b in page.button if b.label == "Look at invented sample trials").click().run()
    assert listed(page) == []
    assert not page.checkbox(key=f"keep_{sample}").value


def test_my_file_holds_exactly_the_ticked_trials_whatever_the_filters(
    page: AppTest, files: dict[str, File]
) -> None:
    chosen = cards(page)[:3]
    tick(page, *chosen)
    assert sorted(files["download_mine"].ids()) == sorted(chosen)
    page.pills(key="trial_phase").set_value(["EARLY_PHASE1"]).run()
    page.selectbox(key="country").set_value("Japan").run()
    page.number_input(key="age").set_value(3).run()
    page.selectbox(key="within").set_value(25)
    search_near(page, "Honolulu, HI")
    assert count(page) < 38
    assert sorted(files["download_mine"].ids()) == sorted(chosen)
    page.button(key=f"remove_{chosen[0]}").click().run()
    assert sorted(files["download_mine"].ids()) == sorted(chosen[1:])


def test_my_file_keeps_a_trial_that_was_written_for_other_people(
    these: These, files: dict[str, File]
) -> None:
    other = builders.reading("NCT99000002", relevance=Relevance.NO, why=Why.STOPPING)
    page = these(builders.reading(), other)
    page.checkbox(key="others").check().run()
    tick(page, "NCT99000002")
    page.checkbox(key="others").uncheck().run()
    assert cards(page) == ["NCT99000001"]
    assert files["download_mine"].ids() == ["NCT99000002"]
    assert files["download_all"].ids() == ["NCT99000001"]


def test_my_file_has_distances_remarks_and_filters(page: AppTest, files: dict[str, File]) -> None:
    tick(page, chosen := "NCT99000001")
    page.number_input(key="age").set_value(10).run()
    page.selectbox(key="unit").set_value("km")
    search_near(page, "Houston, TX")
    (row,) = files["download_mine"].rows()
    assert row["NCT ID"] == chosen
    assert row["Distance (as the crow flies)"] == "less than 1 km"
    assert row["May not fit because"].startswith("age: The record's age limits:")
    assert "near: Houston, Texas, United States" in row["Filters when downloaded"]


def test_the_other_file_holds_every_page_of_the_listing_and_nothing_else(
    page: AppTest, files: dict[str, File]
) -> None:
    tick(page, cards(page)[0])
    assert len(files["download_all"].ids()) == 38
    page.multiselect(key="status").set_value(["NOT_YET_RECRUITING"]).run()
    assert files["download_all"].label == "Download all 4 listed trials (CSV)"
    assert files["download_all"].ids() == cards(page)


def test_without_a_listed_trial_there_is_only_my_file(page: AppTest) -> None:
    tick(page, cards(page)[0])
    page.multiselect(key="status").set_value(["AVAILABLE"]).run()
    page.pills(key="trial_phase").set_value(["PHASE4"]).run()
    assert count(page) == 0
    assert [b.key for b in page.download_button] == ["download_mine"]


def test_trials_that_are_gone_keep_a_row_with_a_link(
    unopened: AppTest,
    registry: LocalRegistry,
    files: dict[str, File],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unopened.run()
    gone, stays, *_ = cards(unopened)
    tick(unopened, gone, stays)
    take_out(gone, monkeypatch)
    unopened.run()
    link = f"https://clinicaltrials.gov/study/{gone}"
    assert listed(unopened) == [gone, stays]
    assert f"{gone}: this trial is not among the trials loaded now." in words(unopened)
    assert link in [one.url for one in unopened.get("link_button")]
    kept, lost = files["download_mine"].rows()
    assert (kept["NCT ID"], lost["NCT ID"]) == (stays, gone)
    assert lost["Official record"] == link
    assert lost["Title"].startswith("This trial is not among those loaded now.")
    assert gone not in files["download_all"].ids()
    unopened.button(key=f"remove_{gone}").click().run()
    assert listed(unopened) == [stays]


def test_the_names_of_the_files(
    unopened: AppTest, registry: LocalRegistry, files: dict[str, File]
) -> None:
    unopened.run()
    tick(unopened, cards(unopened)[0])
    assert names(files) == ["all-listed-cml-trials-2026-11-22.csv", "my-cml-list-2026-11-22.csv"]
    assert {file.kind for file in files.values()} == {"text/csv"}
    assert files["download_mine"].label == "Download my list (CSV)"


def test_the_names_of_the_files_of_samples_say_so(page: AppTest, files: dict[str, File]) -> None:
    tick(page, cards(page)[0])
    assert names(files) == [
        "SAMPLE-not-real-all-listed-cml-trials-2026-11-22.csv",
        "SAMPLE-not-real-my-cml-list-2026-11-22.csv",
    ]
    assert files["download_mine"].rows()[0]["Official record"] == "SAMPLE: not a real trial"


def tick(page: AppTest, *nct_ids: str) -> None:
    for nct_id in nct_ids:
        page.checkbox(key=f"keep_{nct_id}").check().run()
        assert not page.exception


def listed(page: AppTest) -> list[str]:
    """The trials on the list, from top to bottom."""
    keys = [str(button.key) for button in page.button]
    return [key.removeprefix("remove_") for key in keys if key.startswith("remove_")]


def names(files: dict[str, File]) -> list[str]:
    return sorted(file.name for file in files.values())


def take_out(nct_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next load bring everything but this trial."""
    before = library().get(Part.OPEN, sample=False, on_page=lambda _: None)
    after = replace(
        before,
        studies=before.studies[before.studies["nct_id"] != nct_id],
        sites=before.sites[before.sites["nct_id"] != nct_id],
        by_id={key: study for key, study in before.by_id.items() if key != nct_id},
    )

    def without(part: Part, **given: object) -> Found:
        return after

    library().forget()
    monkeypatch.setattr("trialfinder.ui.library.find", without)


def test_the_page_says_that_the_files_name_what_was_said(page: AppTest) -> None:
    says = "It names your place, age and sex if you gave them."
    assert says not in words(page)
    page.number_input(key="age").set_value(50).run()
    assert says in words(page)
