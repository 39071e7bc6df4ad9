"""The trials that a person ticked, whatever the filters say now, and the files to take away."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import copy_context
from datetime import date

import pandas as pd
import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.export import RECORD_URL, to_csv
from trialfinder.finding.filters import Filters, Listing, filter_trials
from trialfinder.finding.search import Found
from trialfinder.ui import state
from trialfinder.ui.search_form import Search


def show(listing: Listing, found: Found, search: Search, today: date) -> None:
    """Draw the list and its downloads."""
    st.header(message("shortlist.heading"), anchor="my-list")
    listed = state.shortlist()
    if listed:
        st.markdown(counted("shortlist.count", len(listed)))
    else:
        st.markdown(message("shortlist.empty"))
    for nct_id in listed:
        _entry(nct_id, found)
    with st.container(horizontal=True):
        if listed:
            chosen = _chosen(listed, found, search.filters)
            gone = [nct_id for nct_id in listed if nct_id not in found.by_id]
            _download("mine", chosen, found, search, today, gone=gone)
        if not listing.studies.empty:
            _download("all", listing.studies, found, search, today)
    if search.situation.given or search.filters.near:
        st.caption(message("shortlist.says_too"))


def _entry(nct_id: str, found: Found) -> None:
    study = found.by_id.get(nct_id)
    with st.container(horizontal=True, vertical_alignment="center", key=f"listed_{nct_id}"):
        st.button(
            message("shortlist.remove", nct_id=nct_id),
            key=f"remove_{nct_id}",
            on_click=state.unlist,
            args=(nct_id,),
        )
        if study is None:
            st.text(message("shortlist.gone", nct_id=nct_id))
            url = RECORD_URL.format(nct_id=nct_id)
            st.link_button(message("card.official", nct_id=nct_id), url)
        else:
            st.text(f"{nct_id}  {study.brief_title or message('card.no_title')}")


def _chosen(listed: tuple[str, ...], found: Found, filters: Filters) -> pd.DataFrame:
    """The listed studies with their distances and marks; no filter takes any of them away."""
    studies = found.studies[found.studies["nct_id"].isin(listed)]
    marking = Filters(
        relevances=(),
        statuses=(),
        study_types=(),
        near=filters.near,
        age=filters.age,
        sex=filters.sex,
    )
    return filter_trials(studies, found.sites, marking).studies


def _download(
    what: str,
    studies: pd.DataFrame,
    found: Found,
    search: Search,
    today: date,
    *,
    gone: Sequence[str] = (),
) -> None:
    """Offer ``studies`` as CSV; ``what`` is "mine" or "all", ``gone`` what is no longer loaded."""
    name = message(f"shortlist.file_{what}", day=today.isoformat())
    if state.is_on(state.SAMPLE):
        name = message("shortlist.sample_file", name=name)
    here = copy_context()  # the file is made later, in another thread, and in this language
    st.download_button(
        message(f"shortlist.download_{what}", count=f"{len(studies):,}"),
        data=lambda: here.run(
            to_csv,
            studies,
            found,
            search.filters,
            today=today,
            unit=search.unit,
            gone=gone,
            situation=search.situation,
        ),
        file_name=name,
        mime="text/csv",
        key=f"download_{what}",
        on_click="ignore",
        wrap=True,
        type="primary" if what == "mine" else "secondary",
    )
