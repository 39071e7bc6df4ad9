"""My situation: what a person says of themselves, all of it optional. It stays in the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from trialfinder.content.language import current
from trialfinder.content.messages import message
from trialfinder.content.texts import options
from trialfinder.finding.describe import tki_words
from trialfinder.finding.situation import Ended, Mutation, Situation
from trialfinder.reading.drugs import TKIS
from trialfinder.vocabulary import CmlPhase, Sex

BLANK: dict[str, object] = {
    "who": "me",
    "age": None,
    "sex": None,
    "own_phase": None,
    "tkis": [],
    "other_tkis": [],
    "mutation": None,
    "transplant": None,
    "read_about": [],
    **{f"ended_{tki.name}": Ended.NOT_SURE for tki in TKIS},
}
"""What each question says before anyone answers it."""


_IN_USE = 9
"""The first so many of `TKIS` are approved somewhere; the others are met in trials."""


def begin() -> None:
    """Set up the answers of a first run."""
    for key, blank in BLANK.items():
        st.session_state.setdefault(key, blank)


def show() -> None:
    """Draw all questions as one form; `said` gives the answers."""
    other = st.session_state["who"] == "other"
    heading = message("situation.heading_other" if other else "situation.heading")
    with st.expander(heading, key="situation"):
        st.markdown(message("situation.intro"))
        ask_who()
        left, right = st.columns(2)
        with left:
            ask_tkis()
            ask_mutation()
        with right:
            ask_cml_phase()
            ask_transplant()
        ask_person()
        ask_reading()
        st.button(message("situation.clear"), on_click=clear)
    if said().given:
        st.caption(message("situation.marks"))


def said() -> Situation:
    """The answers given so far."""
    answers = st.session_state
    had = answers["transplant"]
    return Situation(
        age=answers["age"],
        sex=answers["sex"],
        cml_phase=answers["own_phase"],
        tkis={name: answers[f"ended_{name}"] for name in _had()},
        mutation=answers["mutation"],
        transplant=None if had is None else had == "yes",
    )


def read_about() -> tuple[str, ...]:
    """Keys of the explanations that the person wants to read."""
    return tuple(st.session_state["read_about"])


def read(text: str) -> None:
    """Open the explanation ``text`` too; for callbacks."""
    if text not in st.session_state["read_about"]:
        st.session_state["read_about"] = [*st.session_state["read_about"], text]


def _had() -> list[str]:
    """The TKIs named so far."""
    return [*st.session_state["tkis"], *st.session_state["other_tkis"]]


def clear() -> None:
    """Forget all answers; for callbacks."""
    st.session_state.update(BLANK)


def ask_who() -> None:
    """For oneself or for someone else."""
    st.radio(
        message("situation.for_whom"),
        ["me", "other"],
        format_func=lambda who: message(f"situation.for_{who}"),
        horizontal=True,
        key="who",
        persist_state="session",
    )
    if st.session_state["who"] == "other":
        st.markdown(message("situation.for_other_hint"))


def ask_tkis() -> None:
    """Which TKIs, and why each one ended."""
    names = [tki.name for tki in TKIS]
    st.pills(
        message("situation.tkis"),
        names[:_IN_USE],
        selection_mode="multi",
        format_func=tki_words,
        help=message("situation.tkis_help"),
        wrap=True,
        key="tkis",
        persist_state="session",
    )
    st.multiselect(
        message("situation.other_tkis"),
        names[_IN_USE:],
        format_func=tki_words,
        placeholder=message("situation.none"),
        filter_mode="contains",
        select_all=False,  # else Enter takes all that match
        key="other_tkis",
        persist_state="session",
    )
    for name in _had():
        st.selectbox(
            message("situation.ended", tki=name),
            list(Ended),
            format_func=lambda why: message(f"situation.ended_{why}"),
            key=f"ended_{name}",
            persist_state="session",
        )


def ask_mutation() -> None:
    """What a mutation test found."""
    _choice("mutation", list(Mutation), lambda one: message(f"situation.mutation_{one}"))


def ask_cml_phase() -> None:
    """How far the disease has gone."""
    _choice(
        "cml_phase", list(CmlPhase), lambda phase: message(f"cml_phase.{phase}"), key="own_phase"
    )


def ask_transplant() -> None:
    """Whether there was a transplant before."""
    _choice("transplant", ["yes", "no"], lambda answer: message(f"situation.{answer}"))


def ask_person() -> None:
    """Age and sex."""
    left, right = st.columns(2)
    left.number_input(
        message("situation.age"),
        min_value=0,
        max_value=130,
        value=None,
        step=1,
        placeholder=message("situation.not_sure"),
        help=message("situation.age_help"),
        key="age",
        persist_state="session",
    )
    with right:
        _choice("sex", [Sex.FEMALE, Sex.MALE], lambda sex: message(f"form.sex_{sex}"))


def ask_reading() -> None:
    """Which explanations to open."""
    titles = {text.key: text.title for text in options(current())}
    st.pills(
        message("situation.read_about"),
        list(titles),
        selection_mode="multi",
        format_func=titles.__getitem__,
        help=message("situation.read_about_help"),
        wrap=True,
        key="read_about",
        persist_state="session",
    )


def _choice(
    question: str, answers: Sequence[str], words: Callable[[str], str], *, key: str | None = None
) -> None:
    """One answer or none: "not sure" is what stands there at first."""
    helped = message(f"situation.{question}_help") if question in _HELPED else None
    st.selectbox(
        message(f"situation.{question}"),
        answers,
        index=None,
        placeholder=message("situation.not_sure"),
        format_func=words,
        help=helped,
        key=key or question,
        persist_state="session",
    )


_HELPED = ("cml_phase", "mutation", "sex")
