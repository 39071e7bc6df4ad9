"""What one visit remembers. All of it lives in the session and ends with it."""

from __future__ import annotations

import sys

import streamlit as st

SAMPLE = "sample"
CLOSED = "closed"
CLOSED_PROBLEM = "closed_problem"
STOPPED = "stopped"
LEDGER = "ledger_open"
GUIDE = "guide_step"
_TO_TRIALS = "to_trials"
_LIST = "shortlist"
_LAST_SEARCH = "last_search"
_SEARCHES = "searches"


def begin() -> None:
    """Set up what a first run needs; ``app.py -- --sample`` starts with the samples."""
    st.session_state.setdefault(SAMPLE, "--sample" in sys.argv[1:])
    st.session_state.setdefault(CLOSED, False)
    st.session_state.setdefault(CLOSED_PROBLEM, None)
    st.session_state.setdefault(STOPPED, False)
    st.session_state.setdefault(LEDGER, None)
    st.session_state.setdefault(GUIDE, None)
    st.session_state.setdefault(_LIST, {})


def is_on(key: str) -> bool:
    """Whether a flag such as `SAMPLE` is set."""
    return bool(st.session_state[key])


def switch(key: str, value: bool) -> None:
    """Set a flag; for callbacks."""
    st.session_state[key] = value


def set_sample(value: bool) -> None:
    """Go to the samples or leave them. The list is emptied: the two must never mix."""
    st.session_state[SAMPLE] = value
    st.session_state[_LIST] = {}
    st.session_state[CLOSED] = False
    st.session_state[CLOSED_PROBLEM] = None


def want_closed() -> None:
    """Load the closed studies from now on."""
    st.session_state[CLOSED] = True
    st.session_state[CLOSED_PROBLEM] = None


def give_up_closed(why: str) -> None:
    """Go on without the closed studies, and remember why; the open ones stay as they are."""
    st.session_state[CLOSED] = False
    st.session_state[CLOSED_PROBLEM] = why


def toggle_ledger(step: str) -> None:
    """Open what a step left out, or close it again."""
    st.session_state[LEDGER] = None if st.session_state[LEDGER] == step else step


def guide_to(step: int | None) -> None:
    """Go to a question of the guided start; None: leave it, for the trials."""
    st.session_state[GUIDE] = step
    st.session_state[_TO_TRIALS] = step is None


def coming_to_trials() -> bool:
    """Whether the guided start was left just now; once."""
    return bool(st.session_state.pop(_TO_TRIALS, False))


def shortlist() -> tuple[str, ...]:
    """NCT IDs on the list, in the order in which they were ticked."""
    return tuple(st.session_state[_LIST])


def keep_key(nct_id: str) -> str:
    """The key of a trial's box; set from the list before each drawing, so that the two agree."""
    key = f"keep_{nct_id}"
    st.session_state[key] = nct_id in st.session_state[_LIST]
    return key


def keep(nct_id: str) -> None:
    """Do what the trial's box says now."""
    if st.session_state[f"keep_{nct_id}"]:
        st.session_state[_LIST][nct_id] = True
    else:
        unlist(nct_id)


def unlist(nct_id: str) -> None:
    """Take a trial off the list."""
    st.session_state[_LIST].pop(nct_id, None)


def page_key(search: object) -> str:
    """The key of the page control: a new one for each new search, so that it begins at page 1."""
    if st.session_state.get(_LAST_SEARCH) != search:
        st.session_state[_LAST_SEARCH] = search
        st.session_state[_SEARCHES] = st.session_state.get(_SEARCHES, 0) + 1
    return f"page_{st.session_state[_SEARCHES]}"
