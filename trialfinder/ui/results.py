"""The listed trials as cards, page by page, or why none is left and what would widen the search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.export import rows_of
from trialfinder.finding.filters import Listing, Order
from trialfinder.finding.notes import removed_count
from trialfinder.finding.search import Found
from trialfinder.ui import card, search_form
from trialfinder.ui.search_form import Search

_PER_PAGE = 10


def ask_order(search: Search) -> Order:
    """Ask how to sort; the nearest first is offered once a place is known."""
    if search.filters.near is None:
        return Order.UPDATED
    chosen = st.segmented_control(
        message("form.order"),
        list(Order),
        default=Order.NEAREST,
        required=True,
        format_func=lambda order: message(f"form.order_{order}"),
        key="order",
    )
    return Order(chosen)


def show(listing: Listing, found: Found, search: Search, today: date, page_key: str) -> None:
    """Draw the current page of cards, or the screen without any."""
    total = len(listing.studies)
    if found.studies.empty:
        st.warning(message("results.none_at_all"), title=message("results.none_at_all_title"))
    elif total == 0:
        _nothing_left(listing)
    else:
        _cards(listing, found, search, today, page_key)


def _cards(listing: Listing, found: Found, search: Search, today: date, page_key: str) -> None:
    total = len(listing.studies)
    pages = -(-total // _PER_PAGE)
    page = min(st.session_state.get(page_key, 1), pages)
    first = (page - 1) * _PER_PAGE
    last = min(first + _PER_PAGE, total)
    st.caption(message("results.shown", first=first + 1, last=last, total=f"{total:,}"))
    above = None
    for row in rows_of(listing.studies.iloc[first:last], found):
        group = _group(row.marks)
        if group and group != above:
            st.subheader(message(f"results.{group}_heading"), anchor=False)
            st.caption(message(f"results.{group}"))
        above = group
        card.show(row, search, today)
    if pages > 1:
        st.caption(message("results.page"))
        st.pagination(pages, key=page_key)


def _group(marks: Mapping[str, Any]) -> str | None:
    """Under which heading a trial stands; None at the top of the list."""
    if marks["age_outside"] or marks["sex_outside"]:
        return "may_not_fit"
    return "distance_unknown" if marks["distance_unknown"] else None


def _nothing_left(listing: Listing) -> None:
    st.warning(message("results.none"), title=message("results.none_title"))
    for step in listing.ledger:
        if count := removed_count(step):
            st.button(
                f"{message(f'results.widen_{step.name}')} "
                f"({message('ledger.left_out', count=f'{count:,}')})",
                key=f"widen_{step.name}",
                on_click=search_form.widen,
                args=(step.name,),
            )


def count_words(listing: Listing) -> str:
    """ "17 trials", for the heading."""
    return counted("results.count", len(listing.studies))
