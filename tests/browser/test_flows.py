"""What people do on the page, start to end, in a real browser."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WIDTHS, Site, settle
from tests.browser.filling import answer

COUNT = re.compile(r"^\d+ trials?$")
OTHERS = re.compile("^Also list trials written for other people")


@pytest.mark.parametrize("width", WIDTHS)
def test_find_near_houston_tick_and_take_away(
    sample_site: Site, width: int, tmp_path: Path
) -> None:
    tab = sample_site.open(width)
    search_near(tab, "Houston, TX", within="200")
    expect(tab.get_by_text("Distances are from Houston, Texas, United States.")).to_be_visible()
    first = tab.get_by_role("heading", name=re.compile(r"NCT\d{8}")).first.inner_text()
    keep(tab, first)
    choose_phase(tab, "Early trial phase 1")  # another search, another list
    expect(tab.get_by_text("1 trial on your list").first).to_be_visible()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download my list (CSV)").click()
    assert download.value.suggested_filename.startswith("SAMPLE-not-real-my-cml-list-")
    download.value.save_as(tmp_path / "list.csv")
    rows = pd.read_csv(io.BytesIO((tmp_path / "list.csv").read_bytes()), dtype="str")
    assert list(rows["NCT ID"]) == [first]
    assert rows.loc[0, "Are these real data?"] == "No. SAMPLE: invented, not a real trial"
    expect(
        tab.get_by_text("1 trial on your list").first
    ).to_be_visible()  # a download loses nothing


def test_start_over_empties_every_question(sample_site: Site) -> None:
    tab = sample_site.open()
    before = tab.get_by_role("heading", name=COUNT).inner_text()
    tab.get_by_text("More filters").click()  # first, so that it stands open when the rest is done
    list_others(tab)
    search_near(tab, "Houston, TX", within="200")
    choose_phase(tab, "Trial phase 4")
    tab.get_by_role("button", name="Start over").click()
    expect(tab.get_by_role("textbox", name="Where are you?")).to_have_value("")
    expect(tab.get_by_role("heading", name=before, exact=True)).to_be_visible()
    others = tab.get_by_role("checkbox", name=OTHERS)
    expect(others).to_have_count(1)  # while the page is drawn anew the old one stands beside it
    expect(others).not_to_be_checked()


def test_answers_stay_when_the_language_changes_and_another_is_given(sample_site: Site) -> None:
    person = {
        "tkis": {"imatinib": "It stopped working"},
        "mutation": "T315I was found",
        "cml_phase": "Chronic phase",
    }
    tab = sample_site.open()
    answer(tab, person)
    search_near(tab, "Houston, TX", within="1,000")
    count = tab.get_by_role("heading", name=COUNT).inner_text().split()[0]
    tab.get_by_text("Español", exact=True).click()
    settle(tab)
    there = re.compile(r"^\d+ estudios?$")
    expect(tab.get_by_role("heading", name=there)).to_have_text(re.compile(f"^{count} "))
    tab.get_by_role("button", name="Ver estudios").click()
    settle(tab)
    expect(tab.get_by_role("heading", name=there)).to_have_text(re.compile(f"^{count} "))
    expect(tab.get_by_role("combobox", name=re.compile("^Prueba de mutaciones"))).to_have_value(
        "Se encontró T315I"
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_every_new_control_answers_to_the_keyboard_alone(sample_site: Site, width: int) -> None:
    tab = sample_site.open(width)
    walk_to(tab, tab.get_by_role("button", name="TKI", exact=True))
    tab.keyboard.press("Space")
    settle(tab)
    walk_to(tab, tab.locator("summary", has_text="More filters"))
    tab.keyboard.press("Enter")
    control = tab.get_by_role("button", name="Blast phase", exact=True)
    walk_to(tab, tab.get_by_role("button", name="Chronic phase", exact=True))
    walk_to(tab, control, key="ArrowRight")  # one stop for Tab, arrows within
    tab.keyboard.press("Space")
    expect(control).to_have_attribute("aria-pressed", "true")
    settle(tab)
    others = tab.get_by_role("checkbox", name=OTHERS)
    walk_to(tab, others)
    tab.keyboard.press("Space")
    expect(others).to_be_checked()
    settle(tab)
    option = tab.locator("summary", has_text="A different TKI or another dose").first
    walk_to(tab, option)
    tab.keyboard.press("Enter")
    back = tab.get_by_role("button", name="Show all trials again")
    back.wait_for()
    walk_to(tab, back)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="TKI", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_the_deciding_quote_stands_whole_on_the_card(sample_site: Site, width: int) -> None:
    tab = sample_site.open(width)
    quotes = tab.locator("[class*=st-key-quote_] [data-testid=stText]")
    assert quotes.count()
    for quote in quotes.all():
        assert re.fullmatch("“.+”", quote.inner_text())
        assert quote.evaluate(
            "e => e.scrollWidth <= e.clientWidth + 1 && e.scrollHeight <= e.clientHeight + 1"
        )


@pytest.mark.parametrize("nct_id", ["NCT99000052", "NCT99000053"])
def test_details_open_in_place_and_hostile_text_stays_text(sample_site: Site, nct_id: str) -> None:
    tab = sample_site.open()
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: dialogs.append(dialog.message))
    list_others(tab)  # whatever is read out of hostile text
    while not tab.get_by_role("heading", name=nct_id).count():
        next_page(tab)
    tab.get_by_text(f"Details of {nct_id}").click()
    tab.get_by_role("heading", name="What the study is about").wait_for()
    settle(tab)
    card = tab.locator(f".st-key-card_{nct_id}")
    assert card.locator("img, script, iframe, a:not([href^='#']), .katex").count() == 0
    assert not dialogs


def test_nothing_entered_reaches_the_registry_or_the_address_bar(
    real_site: Site, served_registry: object
) -> None:
    tab = real_site.open()
    asked = len(served_registry.requests)  # type: ignore[attr-defined]
    list_others(tab)
    search_near(tab, "Houston, TX", within="200")
    choose_phase(tab, "Trial phase 2")
    press(tab, "Chemotherapy")
    tab.get_by_text("More filters").click()
    press(tab, "Chronic phase")
    answer(tab, {"tkis": {"imatinib": "Side effects"}, "mutation": "T315I was found", "age": "50"})
    assert len(served_registry.requests) == asked  # type: ignore[attr-defined]
    assert tab.url == real_site.url
    said = re.compile("houston|phase|chronic|chemo|other|imatinib|t315i|effect", re.IGNORECASE)
    assert not [url for url in real_site.requests if said.search(urlsplit(url).query)]


def test_the_page_asks_no_outside_host(sample_site: Site, real_site: Site) -> None:
    for site in (sample_site, real_site):
        tab = site.open()
        search_near(tab, "77030", within="500")
        tab.get_by_text(re.compile("Details of")).first.click()
        settle(tab)
        assert site.requests
        assert site.outside() == []


def test_the_words_of_the_record_are_marked_as_english(sample_site: Site) -> None:
    tab = sample_site.open()
    tab.get_by_text("Español", exact=True).click()
    tab.get_by_role("heading", name="Buscar estudios").wait_for()
    expect(tab.locator("html")).to_have_attribute("lang", "es")
    for words in ("quote", "title"):
        text = tab.locator(f'[class*="st-key-{words}_"] [data-testid="stText"]').first
        expect(text).to_have_attribute("lang", "en")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_guided_start_ends_at_the_trials(sample_site: Site, width: int) -> None:
    tab = sample_site.open(width)
    tab.get_by_role("button", name="Guide me: one question at a time").click()
    for number in range(2, 9):
        tab.get_by_role("button", name="Next", exact=True).click()
        expect(tab.get_by_text(f"Question {number} of 8")).to_be_visible()
    tab.get_by_role("button", name="Show the trials").click()
    heading = tab.get_by_role("heading", name=COUNT)
    expect(heading).to_be_in_viewport()
    expect(heading).to_be_focused()


def test_the_sample_mark_stays_in_sight_and_is_printed(sample_site: Site) -> None:
    tab = sample_site.open(375)
    tab.get_by_role("heading", name="My list").scroll_into_view_if_needed()
    expect(tab.get_by_text("SAMPLE: these are not real trials.")).to_be_in_viewport()
    tab.emulate_media(media="print")
    expect(tab.get_by_text("SAMPLE: these are not real trials.")).to_be_visible()


def test_an_unreachable_registry_is_said_in_the_browser_too(serve: object) -> None:
    tab = serve().open()  # type: ignore[operator]
    expect(tab.get_by_text("The trials could not be loaded")).to_be_visible(timeout=30_000)
    expect(tab.get_by_text("This does not mean that there are no trials.")).to_be_visible()


def search_near(tab: Page, place: str, within: str) -> None:
    far = tab.get_by_role("combobox", name="How far can you go?")
    far.evaluate("box => box.scrollIntoView({block: 'center'})")  # a box closes when scrolled
    far.click()
    tab.get_by_role("option", name=within, exact=True).click()
    tab.get_by_role("textbox", name="Where are you?").fill(place)
    tab.get_by_role("button", name="Show trials").click()
    tab.get_by_text("Distances are from").wait_for()
    settle(tab)


def next_page(tab: Page) -> None:
    shown = tab.get_by_text(re.compile(r"^Trials \d+ to \d+ of \d+$"))
    before = shown.inner_text()
    tab.get_by_role("button", name="Next page").click()
    expect(shown).not_to_have_text(before)
    settle(tab)


def choose_phase(tab: Page, phase: str) -> None:
    """Tap a trial phase."""
    tap_for_another_count(tab, tab.get_by_role("button", name=phase, exact=True))


def list_others(tab: Page) -> None:
    """List what was written for other people too."""
    tap_for_another_count(tab, tab.locator(".st-key-others label").first)


def press(tab: Page, name: str) -> None:
    """Tap one of the choices of a filter."""
    choice = tab.get_by_role("button", name=name, exact=True)
    choice.click()
    expect(choice).to_have_attribute("aria-pressed", "true")
    settle(tab)


def tap_for_another_count(tab: Page, control: Locator) -> None:
    """Tap and wait until another number of trials is listed."""
    count = tab.get_by_role("heading", name=COUNT)
    before = count.inner_text()
    control.click()
    expect(count).not_to_have_text(before)
    settle(tab)


def walk_to(tab: Page, target: Locator, key: str = "Tab") -> None:
    """Press ``key`` until ``target`` has the focus, from wherever it is now."""
    for _ in range(400):
        if target.evaluate("e => e === document.activeElement"):
            return
        tab.keyboard.press(key)
    raise AssertionError(f"the key {key} never gets there")


def keep(tab: Page, nct_id: str) -> None:
    tab.locator(f".st-key-keep_{nct_id} label").click()
    settle(tab)
