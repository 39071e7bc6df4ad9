"""What one card says of a trial, and what it says against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import Alone, cards, search_near
from trialfinder.finding.search import find
from trialfinder.registry.parse import Age, PartialDate, Study
from trialfinder.vocabulary import Part

HOUSTON = "Houston, TX"
OLD = "This record was last updated more than 12 months ago."

Show = Callable[[Study], AppTest]


class Today(datetime):
    """The day on which the samples were written."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Today:
        return cls(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialfinder.ui.page.datetime", Today)


@pytest.fixture
def show(alone: Alone) -> Show:
    """The page with one study alone."""

    def with_only(study: Study) -> AppTest:
        page = alone(study)
        assert cards(page) == [study.nct_id]
        return page

    return with_only


@pytest.mark.parametrize(
    ("updated", "said"),
    [
        (PartialDate(2026, 11, 12), False),
        (PartialDate(2025, 11, 22), False),
        (PartialDate(2025, 11, 21), True),
        (PartialDate(2022, 3, 23), True),
    ],
)
def test_an_old_record_is_said(show: Show, updated: PartialDate, said: bool) -> None:
    page = show(builders.study(last_update=updated))
    assert any(OLD in remark for remark in remarks(page)) is said


def test_a_record_without_a_last_update_is_said(show: Show) -> None:
    page = show(builders.study(last_update=None))
    assert remarks(page) == ["The record does not say when it was last updated: phone first."]
    assert "Record last updated: the record does not say: ask" in lines(page)


def test_nothing_is_remarked_without_a_reason(show: Show) -> None:
    page = show(builders.study())
    assert remarks(page) == []


def test_expanded_access_is_explained(show: Show) -> None:
    page = show(sample("NCT99000033"))
    assert remarks(page) == [
        (
            "This is expanded access: a way to get a medicine outside a trial. "
            "Your doctor has to ask for it."
        )
    ]
    assert "No trial phase: this is expanded access" in lines(page)


def test_remarks_stand_together(show: Show) -> None:
    page = show(builders.study(study_type="EXPANDED_ACCESS", last_update=None))
    assert len(remarks(page)) == 1
    assert len(remarks(page)[0].split("\n\n")) == 2


@pytest.mark.parametrize(
    ("status", "words", "colour"),
    [
        ("RECRUITING", "Recruiting", "green"),
        ("NOT_YET_RECRUITING", "Not open yet", "blue"),
        ("ENROLLING_BY_INVITATION", "By invitation only", "blue"),
        ("AVAILABLE", "Expanded access: available", "blue"),
        ("ACTIVE_NOT_RECRUITING", "Running, but takes no new people", "gray"),
        ("COMPLETED", "Finished", "gray"),
        ("UNKNOWN", "Not known: not confirmed for two years or more", "gray"),
    ],
)
def test_the_badge_says_the_status(show: Show, status: str, words: str, colour: str) -> None:
    page = show(builders.study(overall_status=status))
    assert [m.value for m in page.markdown if "-badge[" in m.value] == [f":{colour}-badge[{words}]"]


def test_a_status_without_words_of_ours_is_plain_text(show: Show) -> None:
    page = show(builders.study(overall_status="NEW_STATUS"))
    assert "Status: NEW_STATUS (the registry's own word)" in lines(page)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "Age: 18 years and older · Sex: All"),
        ({"maximum_age": Age(75, "Year")}, "Age: 18 years to 75 years · Sex: All"),
        (
            {"minimum_age": None, "sex": "FEMALE"},
            "Age: no age limit in the record · Sex: Women only",
        ),
        (
            {"minimum_age": Age(1, "Month"), "maximum_age": Age(1, "Year"), "sex": "MALE"},
            "Age: 1 month to 1 year · Sex: Men only",
        ),
        ({"sex": None}, "Age: 18 years and older · Sex: the record does not say: ask"),
    ],
)
def test_age_and_sex(show: Show, given: dict[str, object], line: str) -> None:
    assert line in lines(show(builders.study(**given)))


def test_a_nearer_site_that_is_not_open_is_named_with_its_distance(show: Show) -> None:
    page = show(sample("NCT99000004"))
    search_near(page, HOUSTON)
    assert (
        "Nearest open site: Mile High Cancer Pavilion, Denver, Colorado, United States: about 87"
        in "\n".join(lines(page))
    )
    assert (
        "A nearer site is not open: Gulf Coast Leukemia Institute, Houston, Texas, United States, "
        "less than 1 mi." in lines(page)
    )


def test_a_nearer_site_has_its_own_distance_in_the_unit_chosen(show: Show) -> None:
    near, far = builders.site(100, status="COMPLETED", facility="Near"), builders.site(300)
    page = show(builders.study(sites=(far, near)))
    page.selectbox(key="unit").set_value("km")
    search_near(page, HOUSTON)
    shown = "\n".join(lines(page))
    assert "Sample Hospital, Houston, Texas, United States: about 300 km" in shown
    assert "A nearer site is not open: Near, Houston, Texas, United States, about 100 km." in shown


def test_closed_sites_that_are_not_nearer_are_not_named(show: Show) -> None:
    far = builders.site(300, status="COMPLETED")
    page = show(builders.study(sites=(far, builders.site(100))))
    search_near(page, HOUSTON)
    assert "A nearer site is not open" not in "\n".join(lines(page))


def test_without_a_place_the_countries_of_open_sites_are_counted(show: Show) -> None:
    page = show(
        builders.study(
            sites=(
                builders.site(),
                builders.site(country="Spain"),
                builders.site(country="Japan", status="COMPLETED"),
            )
        )
    )
    assert "Open sites: 2 open sites, in Spain, United States" in lines(page)


def test_no_open_site_is_said(show: Show) -> None:
    page = show(builders.study(sites=(builders.site(status="COMPLETED"),)))
    assert "Nearest open site: none is listed as open: ask" in lines(page)


def test_a_study_that_is_not_open_names_no_site_to_go_to(show: Show) -> None:
    page = show(sample("NCT99000046"))
    assert "Nearest open site: this study is not open" in lines(page)
    search_near(page, HOUSTON)
    assert "Nearest open site: this study is not open" in lines(page)


def test_sites_of_a_study_not_yet_open_are_qualified(show: Show) -> None:
    page = show(sample("NCT99000029"))
    assert any(line.startswith("Open sites: 7 ") for line in lines(page))
    assert any(line.endswith(" (not open yet)") for line in lines(page))
    search_near(page, HOUSTON)
    nearest = next(line for line in lines(page) if line.startswith("Nearest open site: "))
    assert " (not open yet): about " in nearest


def test_sites_of_a_study_by_invitation_are_qualified(show: Show) -> None:
    page = show(sample("NCT99000034"))
    assert any(line.endswith(" (by invitation only)") for line in lines(page))


def test_the_contact_is_that_of_the_nearest_site(show: Show) -> None:
    page = show(sample("NCT99000002"))
    search_near(page, HOUSTON)
    assert "Contact: Priya Venkataraghavan, RN, 713-555-0118, t315i@example.org" in lines(page)


def test_the_contact_of_the_whole_study_is_said_to_be_that(show: Show) -> None:
    page = show(sample("NCT99000002"))
    whole = (
        "Contact: For the whole study, not one site: Tarrant Ridge Clinical Operations, "
        "+1-800-555-0113 ext. 4, clinops@tarrantridge.example.com"
    )
    assert whole in lines(page)  # no place, so no nearest site
    search_near(page, "San Francisco, CA")  # that site has no contact of its own
    assert whole in lines(page)


def test_without_any_contact_there_is_no_line_for_one(show: Show) -> None:
    assert not [line for line in lines(show(builders.study())) if line.startswith("Contact")]


def test_title_phase_and_update_stand_on_the_card(show: Show) -> None:
    shown = lines(show(builders.study()))
    assert "Sample study 01" in shown
    assert "Trial phase 2 (does it seem to work?)" in shown
    assert "Record last updated: 1 Jun 2026" in shown


def test_what_the_record_does_not_say_is_said(show: Show) -> None:
    shown = lines(show(builders.silent_study()))
    assert "The record has no title." in shown
    assert "Trial phase: the record does not say" in shown


def test_what_may_not_fit_is_said(show: Show) -> None:
    page = show(builders.study(sex="FEMALE"))
    page.number_input(key="age").set_value(10).run()
    page.selectbox(key="sex").set_value("MALE").run()
    told = [text.value for text in page.text]
    assert (
        told[told.index("May not fit: age") + 1] == "The record's age limits: 18 years and older."
    )
    assert told[told.index("May not fit: sex") + 1] == "The record takes: Women only."


def test_the_card_of_a_real_record_links_to_it(show: Show) -> None:
    page = show(builders.study("NCT99000007"))
    (link,) = page.get("link_button")
    assert link.url == "https://clinicaltrials.gov/study/NCT99000007"
    assert link.label == "Official record of NCT99000007"
    assert not [c for c in page.caption if "SAMPLE" in c.value]


def sample(nct_id: str) -> Study:
    return find(*Part, sample=True).by_id[nct_id]


def lines(page: AppTest) -> list[str]:
    """All plain text, line by line."""
    return [line for text in page.text for line in text.value.split("\n")]


def remarks(page: AppTest) -> list[str]:
    """The warnings of the card; the page has no others here."""
    return [warning.value for warning in page.warning]
