"""The listed trials as cards, page by page, or why none is left and what would widen the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.export import rows_of
from trialfinder.finding.filters import Filters, Listing, Order, filter_trials
from trialfinder.finding.search import Found
from trialfinder.finding.tables import SEPARATOR
from trialfinder.ui import card, search_form
from trialfinder.ui.search_form import Search
from trialfinder.vocabulary import Relevance

ORDER = "order"
"""The key of the answer to how the trials are sorted."""
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
        key=ORDER,
        persist_state="session",
    )
    return Order(chosen)


def show(listing: Listing, found: Found, search: Search, today: date, page_key: str) -> None:
    """Draw the current page of cards, or the screen without any."""
    if listing.studies.empty:
        _nothing_left(found, search)
    else:
        _cards(listing, found, search, today, page_key)


def _cards(listing: Listing, found: Found, search: Search, today: date, page_key: str) -> None:
    total = len(listing.studies)
    pages = -(-total // _PER_PAGE)
    page = 1
    if pages > 1:
        st.caption(message("results.page"))
        page = st.pagination(pages, key=page_key)
    first = (page - 1) * _PER_PAGE
    last = min(first + _PER_PAGE, total)
    st.caption(message("results.shown", first=first + 1, last=last, total=f"{total:,}"))
    sizes = listing.studies["group"].value_counts()
    above = None
    for row in rows_of(listing.studies.iloc[first:last], found):
        group = row.marks["group"]
        if group != above:
            heading = message(f"results.group.{group}.heading")
            st.subheader(f"{heading} ({sizes[group]:,})", anchor=False)
            st.caption(message(f"results.group.{group}.text"))
        above = group
        card.show(row, search, today)
    if pages > 1:
        st.markdown(f"[{message('results.to_top')}](#trials)")


def _nothing_left(found: Found, search: Search) -> None:
    """Offer to take one filter back, with what that would bring; nothing that brings nothing."""
    st.warning(message("results.none"), title=message("results.none_title"))
    wider = {
        step: len(filter_trials(found.studies, found.sites, filters).studies)
        for step, filters in search_form.wider(search.filters).items()
    }
    offered = sorted((step for step in wider if wider[step]), key=lambda step: -wider[step])
    st.markdown(message("results.widen" if offered else "results.widen_more"))
    for step in offered:
        st.button(
            f"{message(f'results.widen_{step}')}: {counted('results.count', wider[step])}",
            key=f"widen_{step}",
            on_click=search_form.widen,
            args=(step,),
            wrap=True,
        )


def count_for_others(found: Found, filters: Filters) -> int:
    """How many trials that were written for other people pass the other filters."""
    for_others = replace(filters, relevances=(Relevance.NO,))
    return len(filter_trials(found.studies, found.sites, for_others).studies)


def count_by_approach(listing: Listing, found: Found, filters: Filters) -> Mapping[str, int]:
    """How many trials would be listed of each `Approach` if it alone were asked for."""
    studies = listing.studies
    if filters.approaches:
        studies = filter_trials(found.studies, found.sites, replace(filters, approaches=())).studies
    return Counter(
        name for text in studies["approaches"].dropna() for name in text.split(SEPARATOR)
    )


def count_words(listing: Listing) -> str:
    """ "17 trials", for the heading."""
    return counted("results.count", len(listing.studies))
