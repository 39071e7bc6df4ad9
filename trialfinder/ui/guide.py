"""The guided start: the questions of the form, one a screen. Each can be left empty."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from trialfinder.content.messages import message
from trialfinder.ui import search_form, situation_form, state

_QUESTIONS: tuple[tuple[str, Callable[[], object]], ...] = (
    ("who", situation_form.ask_who),
    ("where", search_form.ask_place),
    ("tkis", situation_form.ask_tkis),
    ("mutation", situation_form.ask_mutation),
    ("cml_phase", situation_form.ask_cml_phase),
    ("transplant", situation_form.ask_transplant),
    ("person", situation_form.ask_person),
    ("read_about", situation_form.ask_reading),
)


_TO_QUESTION = """<script data-step="{step}">(() => {{
  const guide = document.querySelector('.st-key-guide');
  const question = guide && guide.querySelector('h2');
  if (question) {{
    question.tabIndex = -1;
    question.focus({{preventScroll: true}});
    guide.scrollIntoView({{block: 'start'}});
  }}
}})()</script>"""
"""Brings each new question into sight and reads it out: the button pressed stood below it."""


def show() -> None:
    """Draw the current question and the ways on, back and out."""
    step = int(st.session_state[state.GUIDE])
    name, ask = _QUESTIONS[step]
    with st.container(border=True, key="guide"):
        st.caption(message("guide.step", number=step + 1, total=len(_QUESTIONS)))
        st.header(message(f"guide.{name}"), anchor=False)
        if step == 0:
            st.markdown(message("guide.intro"))
        ask()
        with st.container(horizontal=True):
            last = step + 1 == len(_QUESTIONS)
            if step:
                st.button(message("guide.back"), on_click=state.guide_to, args=(step - 1,))
            if last:
                _out("guide.finish", primary=True)
            else:
                st.button(
                    message("guide.next"), on_click=state.guide_to, args=(step + 1,), type="primary"
                )
                _out("guide.leave")
        st.html(_TO_QUESTION.format(step=step), unsafe_allow_javascript=True)


def offer() -> None:
    """The way in."""
    st.button(message("guide.start"), on_click=state.guide_to, args=(0,))


def _out(words: str, *, primary: bool = False) -> None:
    st.button(
        message(words),
        on_click=state.guide_to,
        args=(None,),
        type="primary" if primary else "secondary",
    )
