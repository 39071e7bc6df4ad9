"""How many studies each filter left, with what it left out one tap away."""

from __future__ import annotations

import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.filters import Filters, Step
from trialfinder.finding.notes import removed_count, step_words
from trialfinder.finding.search import Found
from trialfinder.ui import state
from trialfinder.vocabulary import Part

_ALL = "all"


def show(found: Found, steps: tuple[Step, ...], filters: Filters, unit: str) -> None:
    """A button for each step and, below, what the chosen step left out."""
    st.caption(message("ledger.explain"))
    with st.container(horizontal=True, key="ledger"):
        _step_button(_ALL, _all_words(found))
        for step in steps:
            words = step_words(step, filters, unit)
            count = removed_count(step)
            left_out = message("ledger.left_out", count=f"{count:,}") if count else ""
            _step_button(step.name, f"{words} ({left_out})" if left_out else words)
    chosen = st.session_state[state.LEDGER]
    if chosen == _ALL:
        with st.container(border=True):
            _closed(found)
    for step in steps:
        if step.name == chosen:
            with st.container(border=True):
                _left_out(step, found)


def _step_button(step: str, words: str) -> None:
    st.button(words, key=f"ledger_{step}", on_click=state.toggle_ledger, args=(step,))


def _all_words(found: Found) -> str:
    loaded = len(found.studies)
    if Part.CLOSED in found.parts:
        return message("ledger.step", left=f"{loaded:,}", what=message("ledger.all"))
    if found.closed_total is None:
        return message("ledger.step", left=f"{loaded:,}", what=message("ledger.all_loaded"))
    total = f"{loaded + found.closed_total:,}"
    return message("ledger.step", left=total, what=message("ledger.all"))


def _closed(found: Found) -> None:
    if Part.CLOSED in found.parts:
        st.text(message("ledger.left_out_none"))
        return
    if found.closed_total is None:
        st.text(message("ledger.closed_unknown"))
        label = message("ledger.load_closed_unknown")
    else:
        st.text(counted("ledger.closed_not_loaded", found.closed_total))
        label = counted("ledger.load_closed", found.closed_total)
    st.button(label, key="load_closed", on_click=state.switch, args=(state.CLOSED, True))


def _left_out(step: Step, found: Found) -> None:
    if not step.removed:
        st.text(message("ledger.left_out_none"))
    for reason, nct_ids in step.removed.items():
        st.text(f"{message(f'reasons.{reason}')}: {len(nct_ids):,}")
        st.text("\n".join(_line(nct_id, found) for nct_id in nct_ids))


def _line(nct_id: str, found: Found) -> str:
    title = found.by_id[nct_id].brief_title or message("card.no_title")
    return f"• {nct_id}  {' '.join(title.split())}"
