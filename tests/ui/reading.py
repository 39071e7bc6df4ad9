"""What a person would see on the page, taken from an AppTest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from trialfinder.registry.parse import Study

Alone = Callable[[Study], AppTest]
"""Opens the page with one study alone on it."""

These = Callable[..., AppTest]
"""Opens the page with the studies of these readings on it."""

_COUNT = re.compile(r"([\d,]+) trials?")


def count(page: AppTest) -> int:
    """The number in the heading above the cards."""
    found = [_COUNT.fullmatch(header.value) for header in page.header]
    return next(int(match[1].replace(",", "")) for match in found if match)


def cards(page: AppTest) -> list[str]:
    """NCT IDs of the cards on the current page, from top to bottom."""
    return [h.value for h in page.subheader if re.fullmatch(r"NCT\d{8}", h.value)]


def words(page: AppTest) -> str:
    """All text in the order of the page."""
    kinds: list[Any] = [page.text, page.markdown, page.caption, page.warning, page.error, page.info]
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def search_near(page: AppTest, place: str) -> AppTest:
    """Type a place and press "Show trials"."""
    page.text_input(key="place").set_value(place)
    return page.button(key="FormSubmitter:where-Show trials").click().run()


def ledger(page: AppTest) -> list[str]:
    """The labels of the ledger's steps."""
    return [b.label for b in page.button if str(b.key).startswith("ledger_")]
