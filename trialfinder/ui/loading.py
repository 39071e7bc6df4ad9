"""Brings the studies, shows how far it is, says what went wrong. Never an empty list instead."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from trialfinder.content.messages import message
from trialfinder.errors import RegistryError
from trialfinder.finding.notes import error_note
from trialfinder.finding.search import Found
from trialfinder.registry.client import Progress
from trialfinder.ui import state
from trialfinder.ui.library import library
from trialfinder.vocabulary import Part


def load() -> Found | None:
    """The studies that this visit needs, or None after saying why there are none to show."""
    sample = state.is_on(state.SAMPLE)
    # Drawn in every run, so that the page below does not move, and forget, when they are not used.
    slots = {part: st.empty() for part in Part}
    if state.is_on(state.STOPPED):
        st.info(message("loading.stopped"), title=message("loading.stopped_title"))
        st.button(message("loading.again"), on_click=state.switch, args=(state.STOPPED, False))
        return None
    try:
        found = _part(Part.OPEN, slots[Part.OPEN], sample=sample)
    except RegistryError as error:
        _failed(error)
        return None
    if not state.is_on(state.CLOSED):
        return found
    try:
        closed = _part(Part.CLOSED, slots[Part.CLOSED], sample=sample)
        return library().join(found, closed)
    except RegistryError as error:
        what = message(f"errors.{error.code}.what")
        state.give_up_closed(message("errors.closed_failed", what=what))
        return found


def _part(part: Part, slot: DeltaGenerator, *, sample: bool) -> Found:
    if library().has(part, sample=sample):
        return library().get(part, sample=sample, on_page=lambda _: None)
    with slot.container():
        key = "loading.asking" if part is Part.OPEN else "loading.asking_closed"
        bar = st.progress(0.0, text=message(key))
        st.button(message("loading.stop"), key=f"stop_{part}", on_click=_stop, args=(part,))
        try:
            return library().get(part, sample=sample, on_page=lambda p: _advance(bar, p))
        finally:
            slot.empty()


def _stop(part: Part) -> None:
    if part is Part.OPEN:
        state.switch(state.STOPPED, True)
    else:
        state.give_up_closed(message("errors.closed_stopped"))


def _advance(bar: DeltaGenerator, progress: Progress) -> None:
    found = f"{progress.found:,}"
    if progress.total:
        words = message(
            "loading.page", page=progress.page, found=found, total=f"{progress.total:,}"
        )
        bar.progress(min(progress.found / progress.total, 1.0), text=words)
    else:
        bar.progress(0.0, text=message("loading.page_unknown", page=progress.page, found=found))


def _failed(error: RegistryError) -> None:
    note = error_note(error)
    st.error(note.text, title=note.title)
    with st.container(horizontal=True):
        st.button(message("loading.again"), on_click=library().forget, type="primary")
        st.button(message("sample.start"), on_click=state.set_sample, args=(True,))
