"""How many studies each filter left, with what it left out one tap away."""

from __future__ import annotations

import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.filters import Filters, Step, StepName
from trialfinder.finding.notes import closed_not_loaded, left_out, step_words
from trialfinder.finding.search import Found
from trialfinder.ui import search_form, state
from trialfinder.vocabulary import FoundBy, Part

_ALL = "all"


def show(found: Found, steps: tuple[Step, ...], filters: Filters, unit: str) -> None:
    """A button for each step and, below, what the chosen step left out."""
    st.caption(message("ledger.explain"))
    with st.container(horizontal=True, key="ledger"):
        _step_button(_ALL, _all_words(found))
        for step in steps:
            words = step_words(step, filters, unit)
            count = left_out(step)
            remark = f" ({message('ledger.left_out', count=f'{count:,}')})" if count else ""
            _step_button(step.name, words + remark)
    if problem := st.session_state[state.CLOSED_PROBLEM]:
        st.warning(problem, title=message("errors.closed_title"))
        _load_closed_button(message("loading.again"), key="again_closed")
    chosen = st.session_state[state.LEDGER]
    if chosen == _ALL:
        with st.container(border=True):
            _ways_in(found)
            _closed(found)
    for step in steps:
        if step.name == chosen:
            with st.container(border=True):
                _left_out(step, found)


def _step_button(step: str, words: str) -> None:
    st.button(words, key=f"ledger_{step}", on_click=state.toggle_ledger, args=(step,), wrap=True)


def _all_words(found: Found) -> str:
    loaded, closed = f"{len(found.studies):,}", closed_not_loaded(found)
    if closed == 0:
        return message("ledger.step", left=loaded, what=message("ledger.all"))
    remark = f" ({message('ledger.left_out', count=f'{closed:,}')})" if closed else ""
    return message("ledger.step", left=loaded, what=message("ledger.all_loaded")) + remark


def _ways_in(found: Found) -> None:
    by_rules = int((found.studies["found_by"] == FoundBy.ELIGIBILITY).sum())
    st.text(message("ledger.by_condition", count=f"{len(found.studies) - by_rules:,}"))
    st.text(message("ledger.by_rules", count=f"{by_rules:,}"))


def _closed(found: Found) -> None:
    """What was not loaded, and the way to load it; or the way to list what was."""
    closed = closed_not_loaded(found)
    if Part.CLOSED in found.parts:
        st.button(message("ledger.list_closed"), on_click=search_form.take_every_status)
    elif closed is None:
        st.text(message("ledger.closed_unknown"))
        _load_closed_button(message("ledger.load_closed_unknown"), key="load_closed")
    elif closed:
        st.text(counted("ledger.closed_not_loaded", closed))
        _load_closed_button(counted("ledger.load_closed", closed), key="load_closed")


def _load_closed_button(label: str, key: str) -> None:
    st.button(label, key=key, on_click=state.want_closed, wrap=True)


def _left_out(step: Step, found: Found) -> None:
    if step.name is StepName.STATUS:
        _closed(found)
    if not left_out(step):
        st.text(message("ledger.left_out_none"))
    for reason, nct_ids in step.removed.items():
        st.text(f"{message(f'reasons.{reason}')}: {len(nct_ids):,}")
        st.text("\n".join(_line(nct_id, step, found) for nct_id in nct_ids))


def _line(nct_id: str, step: Step, found: Found) -> str:
    title = found.by_id[nct_id].brief_title or message("card.no_title")
    line = f"• {nct_id}  {' '.join(title.split())}"
    if step.name is not StepName.RELEVANCE:
        return line
    for_whom = message(f"why.short.{found.readings[nct_id].why}")
    return f"{line} ({for_whom})"
