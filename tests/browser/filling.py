"""Fills in what the page asks, as a person would."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.conftest import settle


def answer(tab: Page, person: dict[str, Any]) -> None:
    """Fill in "My situation" as a person would."""
    tab.get_by_text("My situation", exact=True).click()
    if "who" in person:
        tab.get_by_text(person["who"], exact=True).click()
        settle(tab)
    for name, why in person["tkis"].items():
        tab.get_by_role("button", name=re.compile(f"^{name}")).click()
        settle(tab)
        choose(tab, tab.get_by_role("combobox", name=re.compile(f"Why did {name} end")), why)
    for question, key in (
        ("Mutation test", "mutation"),
        ("CML phase", "cml_phase"),
        ("Had a stem cell transplant before?", "transplant"),
        ("Sex", "sex"),
    ):
        if key in person:
            box = tab.get_by_role("combobox", name=re.compile(f"{re.escape(question)}$"))
            choose(tab, box, person[key])
    if "age" in person:
        box = tab.get_by_role("spinbutton", name="Age in years")
        box.fill(person["age"])
        box.press("Enter")
        settle(tab)


def choose(tab: Page, box: Locator, words: str) -> None:
    """Choose from a list what begins with ``words``."""
    box.first.evaluate("box => box.scrollIntoView({block: 'center'})")  # it closes when scrolled
    box.first.click()
    tab.keyboard.type(words)
    tab.get_by_role("option", name=re.compile(f"^{re.escape(words)}")).first.click()
    settle(tab)
