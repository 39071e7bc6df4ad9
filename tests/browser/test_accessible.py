"""axe on every screen: no violation, no exception to the rule."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import WIDTHS, Site, settle
from tests.browser.filling import answer
from tests.browser.test_flows import choose_phase, keep, list_others, press, search_near


def first_screen(_: Page) -> None:
    """As it opens."""


def near_houston(tab: Page) -> None:
    search_near(tab, "Houston, TX", within="200")


def ledger_open(tab: Page) -> None:
    tab.get_by_role("button", name=re.compile("of the kinds of study")).click()


def details_open(tab: Page) -> None:
    tab.get_by_text(re.compile("Details of")).first.click()


def left_out_as_for_others(tab: Page) -> None:
    tab.get_by_role("button", name=re.compile("kept for what their record says")).click()
    tab.get_by_text(re.compile("Their record was written for other people")).wait_for()


def others_listed(tab: Page) -> None:
    list_others(tab)
    tab.get_by_role("button", name="Next page").click()


def cml_phase_and_approach(tab: Page) -> None:
    tab.get_by_text("More filters").click()
    for name in ("Blast phase", "TKI"):
        press(tab, name)


def trials_of_an_option(tab: Page) -> None:
    tab.locator("summary", has_text="A different TKI or another dose").first.click()
    tab.get_by_role("button", name=re.compile("tests? this$")).first.click()
    tab.get_by_role("button", name="Show all trials again").wait_for()


def options_open(tab: Page) -> None:
    for title in ("A different TKI or another dose", "About the article", "How this page works"):
        tab.locator("summary", has_text=title).first.click()


def all_filters(tab: Page) -> None:
    tab.get_by_text("More filters").click()


def ambiguous_place(tab: Page) -> None:
    tab.get_by_role("textbox", name="Where are you?").fill("Richmond")
    tab.get_by_role("button", name="Show trials").click()
    tab.get_by_text("Which place do you mean?").wait_for()


def may_not_fit(tab: Page) -> None:
    tab.get_by_text("My situation", exact=True).click()
    tab.get_by_role("spinbutton", name="Age in years").fill("10")
    tab.get_by_role("spinbutton", name="Age in years").press("Enter")


def my_situation(tab: Page) -> None:
    answer(
        tab,
        {
            "who": "For someone else",
            "tkis": {"imatinib": "It stopped working"},
            "mutation": "T315I was found",
            "cml_phase": "Chronic phase",
        },
    )
    tab.get_by_text("Point by point, with the words of NCT").first.click()
    tab.get_by_text("These lines compare words.").wait_for()


def guided_start(tab: Page) -> None:
    tab.get_by_role("button", name="Guide me: one question at a time").click()
    for _ in range(2):
        tab.get_by_role("button", name="Next", exact=True).click()
        settle(tab)
    tab.get_by_text("Question 3 of 8").wait_for()


def words_explained(tab: Page) -> None:
    tab.locator("summary", has_text="Words explained").first.click()
    tab.get_by_text("We look for these words").first.wait_for()


def map_and_pictures(tab: Page) -> None:
    for title in ("Your list in pictures", "Map of the sites"):
        tab.get_by_text(title, exact=True).click()
        settle(tab)
    tab.locator(
        "[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas"
    ).first.wait_for()


def in_spanish(tab: Page) -> None:
    tab.get_by_text("Español", exact=True).click()
    tab.get_by_role("heading", name="Buscar estudios").wait_for()


def on_my_list(tab: Page) -> None:
    keep(tab, tab.get_by_role("heading", name=re.compile(r"NCT\d{8}")).first.inner_text())


def nothing_left(tab: Page) -> None:
    choose_phase(tab, "Trial phase 4")
    search_near(tab, "Honolulu, HI", within="25")
    tab.get_by_text("No trial is left after your filters").wait_for()


SCREENS: list[Callable[[Page], None]] = [
    first_screen,
    near_houston,
    ledger_open,
    details_open,
    left_out_as_for_others,
    others_listed,
    cml_phase_and_approach,
    trials_of_an_option,
    options_open,
    all_filters,
    ambiguous_place,
    may_not_fit,
    my_situation,
    guided_start,
    words_explained,
    map_and_pictures,
    in_spanish,
    on_my_list,
    nothing_left,
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_no_violation(sample_site: Site, screen: Callable[[Page], None], width: int) -> None:
    tab = sample_site.open(width)
    screen(tab)
    settle(tab)
    assert violations(tab) == []
    assert not overflows(tab)
    assert cut_off(tab) == []
    tab.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_violation_on_real_data_and_without_a_registry(
    real_site: Site, serve: Callable[..., Site], width: int
) -> None:
    assert violations(real_site.open(width)) == []
    down = serve().open(width)
    down.get_by_text("The trials could not be loaded").wait_for(timeout=30_000)
    settle(down)
    assert violations(down) == []


def violations(tab: Page) -> list[str]:
    found = Axe().run(tab).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def overflows(tab: Page) -> bool:
    """Whether the page can be pushed sideways."""
    wider: bool = tab.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth > main.clientWidth + 1; }"
    )
    return wider


def cut_off(tab: Page) -> list[str]:
    """Labels and rows of choices of which a part cannot be seen."""
    found: list[str] = tab.evaluate(
        "() => [...document.querySelectorAll('button, button *, [data-baseweb=tag] *,"
        " [role=toolbar]')]"
        ".filter(e => (getComputedStyle(e).textOverflow === 'ellipsis'"
        " || getComputedStyle(e).overflowX !== 'visible')"
        " && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    )
    return found
