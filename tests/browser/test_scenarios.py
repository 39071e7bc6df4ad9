"""Five people, from what they say to what they see: a file each in ``scenarios``.

A file says who searches and where, which trials of the samples must come first, what each says
against the answers, and which may not fit and why. The trials are invented; what is expected was
written from their records.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, settle
from tests.browser.filling import answer
from tests.browser.test_flows import search_near

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.toml"))
NCT_ID = re.compile(r"^NCT\d{8}$")


def test_there_are_five_people() -> None:
    assert len(SCENARIOS) == 5


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_person_sees_what_fits_first_and_what_may_not_fit_last(
    sample_site: Site, file: Path
) -> None:
    scenario = tomllib.loads(file.read_text(encoding="utf-8"))
    tab = sample_site.open()
    search_near(tab, scenario["place"], within=scenario["within"])
    answer(tab, scenario["person"])

    shown = scenario["says"][0]
    card = tab.locator(f".st-key-card_{shown['nct_id']}")
    for line in shown["lines"]:  # waits until the last answer has arrived
        expect(card).to_contain_text(line)

    cards = all_cards(tab)

    assert list(cards)[: len(scenario["first"])] == scenario["first"]
    for said in scenario["says"]:
        for line in said["lines"]:
            assert line in cards[said["nct_id"]], said["nct_id"]
        assert "May not fit" not in cards[said["nct_id"]]
    order = list(cards)
    fitting = [order.index(said["nct_id"]) for said in scenario["says"]]
    for unfit in scenario["may_not_fit"]:
        words = cards[unfit["nct_id"]]
        for topic in unfit["topics"]:
            assert f"May not fit: {topic}" in words, unfit["nct_id"]
        assert unfit.get("quote", "") in words
        assert order.index(unfit["nct_id"]) > max(fitting)
    tab.close()


def all_cards(tab: Page) -> dict[str, str]:
    """The text of every card, page after page, by NCT ID in the order of the list."""
    found: dict[str, str] = {}
    while True:
        headings = tab.get_by_role("heading", name=NCT_ID)
        expect(headings.first).to_be_visible()
        for heading in headings.all():
            nct_id = heading.inner_text()
            found[nct_id] = tab.locator(f".st-key-card_{nct_id}").inner_text()
        onward = tab.get_by_role("button", name="Next page")
        if onward.count() == 0 or onward.is_disabled():
            return found
        shown = tab.get_by_text(re.compile(r"^Trials \d+ to \d+ of \d+$")).inner_text()
        onward.click()
        expect(tab.get_by_text(shown, exact=True)).to_have_count(0)
        settle(tab)
