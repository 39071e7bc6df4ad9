"""The listed trials in small bar charts, each with the same numbers as words below it."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd
import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.counts import (
    BANDS,
    Rest,
    by_approach,
    by_distance,
    by_trial_phase,
    names_several,
)
from trialfinder.finding.filters import Listing
from trialfinder.ui import state
from trialfinder.ui.search_form import Search
from trialfinder.vocabulary import Approach, TrialPhase

_BAR, _WORDS = "#0b5cad", "#1a1a1a"
_PER_BAR = 28
"""Pixels from one bar to the next."""


def show(listing: Listing, search: Search) -> None:
    """Draw the charts in a box of their own; they are worked out only when it is opened."""
    if listing.studies.empty:
        return
    box = st.expander(message("pictures.label"), key="pictures", on_change="rerun")
    if box.open:
        with box:
            _opened(listing.studies, search)


def _opened(studies: pd.DataFrame, search: Search) -> None:
    if state.is_on(state.SAMPLE):
        st.caption(message("sample.banner"))
    approaches = {_approach_words(name): n for name, n in by_approach(studies).items()}
    _chart(message("pictures.approach"), approaches)
    if names_several(studies, "approaches"):
        st.caption(message("pictures.several_approaches"))
    phases = {_phase_words(name): n for name, n in by_trial_phase(studies).items()}
    _chart(message("pictures.trial_phase"), phases)
    if names_several(studies, "phases"):
        st.caption(message("pictures.several_phases"))
    if search.filters.near and studies["distance_km"].notna().any():
        distances = by_distance(studies, search.unit)
        named = {_distance_words(name, search.unit): n for name, n in distances.items()}
        _chart(message("pictures.distance"), named)


def _approach_words(name: str) -> str:
    if name in set(Approach):
        return message(f"approach.{name}")
    return message("pictures.approach_not_said")


def _phase_words(name: str) -> str:
    if name in set(TrialPhase):
        return message(f"phase.short.{name}")
    return message("pictures.phase_other" if name == Rest.OTHER else "pictures.phase_not_said")


def _distance_words(name: str, unit: str) -> str:
    if name == Rest.NOT_SAID:
        return message("pictures.distance_not_said")
    if name == Rest.NO_OPEN_SITE:
        return message("pictures.distance_no_open_site")
    band = int(name)
    if band == 0:
        return message("pictures.up_to", high=BANDS[0], unit=unit)
    if band == len(BANDS):
        return message("pictures.over", low=BANDS[-1], unit=unit)
    return message("pictures.between", low=BANDS[band - 1], high=BANDS[band], unit=unit)


def _chart(title: str, numbers: Mapping[str, int]) -> None:
    """A bar for each number, in the order given, and the numbers as words."""
    st.markdown(f"**{title}**")
    names = list(numbers)
    bars = alt.Chart(pd.DataFrame({"name": names, "trials": list(numbers.values())})).encode(
        x=alt.X("trials:Q", axis=None),
        y=alt.Y(
            "name:N",
            sort=names,
            axis=alt.Axis(
                title=None,
                labelLimit=200,
                labelFontSize=13,
                labelColor=_WORDS,
                ticks=False,
                domain=False,
                aria=False,
            ),
        ),
    )
    drawn = alt.layer(
        bars.mark_bar(color=_BAR, aria=False, tooltip=None),
        bars.mark_text(align="left", dx=5, fontSize=13, color=_WORDS, aria=False).encode(
            text=alt.Text("trials:Q", format=",")
        ),
    )
    said = "; ".join(f"{name}: {number:,}" for name, number in numbers.items())
    st.altair_chart(
        drawn.properties(height=_PER_BAR * len(names)).configure_view(stroke=None),
        alt=message("pictures.alt", title=title, numbers=said),
    )
    st.text("\n".join(f"• {name}: {counted('pictures.trials', n)}" for name, n in numbers.items()))
