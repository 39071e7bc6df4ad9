"""The questions: where, how far, which trial phases, which status. Answers stay in the session."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from trialfinder.content.messages import message
from trialfinder.errors import PlaceAmbiguousError, PlaceUnknownError
from trialfinder.finding.describe import status_words, study_type_words
from trialfinder.finding.filters import (
    DEFAULT_RELEVANCES,
    DEFAULT_STUDY_TYPES,
    Filters,
    StepName,
)
from trialfinder.finding.places import KM_PER_UNIT, Place, resolve
from trialfinder.finding.situation import Situation
from trialfinder.ui import situation_form, state
from trialfinder.vocabulary import (
    OPEN_STATUSES,
    Approach,
    CmlPhase,
    OverallStatus,
    StudyType,
    TrialPhase,
)

_ANY_DISTANCE = 0
_DISTANCES = (_ANY_DISTANCE, 25, 50, 100, 200, 500, 1000)
_BLANK = {
    "place": "",
    "within": _ANY_DISTANCE,
    "cml_phase": (),
    "approach": (),
    "trial_phase": (),
    "others": False,
    "status": OPEN_STATUSES,
    "study_type": DEFAULT_STUDY_TYPES,
    "country": None,
    "state": None,
    "city": None,
}
"""What each question says before anyone answers it."""
ANSWERS = (*_BLANK, "unit")
"""The keys of all answers."""

_WIDER: dict[StepName, dict[str, object]] = {
    StepName.RELEVANCE: {"others": True},
    StepName.STATUS: {"status": OPEN_STATUSES},
    StepName.STUDY_TYPE: {"study_type": tuple(StudyType)},
    StepName.TRIAL_PHASE: {"trial_phase": ()},
    StepName.CML_PHASE: {"cml_phase": ()},
    StepName.APPROACH: {"approach": ()},
    StepName.PLACE: {"country": None, "state": None, "city": None},
    StepName.DISTANCE: {"within": _ANY_DISTANCE},
}
"""Which questions to answer how, so that a step leaves out less."""


@dataclass(frozen=True, slots=True)
class Search:
    """What the form says: the filters, "mi" or "km" for showing distances, and the situation."""

    filters: Filters
    unit: str
    situation: Situation = Situation()  # noqa: RUF009  frozen


def begin() -> None:
    """Set up the answers of a first run."""
    for key, blank in _BLANK.items():
        st.session_state.setdefault(key, blank)


def show(sites: pd.DataFrame) -> Search:
    """Draw the form and return what it says. ``sites`` gives the countries, states and cities."""
    st.header(message("form.heading"), anchor=False)
    with st.form("where", border=True):
        text, within, unit = _place_questions()
        st.form_submit_button(message("form.submit"), type="primary")
    near, within_km = _place(text, within, unit)
    situation_form.show()
    phases = st.pills(
        message("form.trial_phase"),
        list(TrialPhase),
        selection_mode="multi",
        format_func=lambda phase: message(f"phase.short.{phase}"),
        help=message("form.trial_phase_help"),
        wrap=True,
        key="trial_phase",
        persist_state="session",
    )
    approaches = st.pills(
        message("form.approach"),
        list(Approach),
        selection_mode="multi",
        format_func=lambda approach: message(f"approach.{approach}"),
        help=message("form.approach_help"),
        key="approach",
        persist_state="session",
    )
    with st.expander(message("form.more"), key="more"):
        cml_phases = st.pills(
            message("form.cml_phase"),
            list(CmlPhase),
            selection_mode="multi",
            format_func=lambda phase: message(f"cml_phase.{phase}"),
            help=message("form.cml_phase_help"),
            wrap=True,
            key="cml_phase",
            persist_state="session",
        )
        statuses = st.multiselect(
            message("form.status"),
            list(OverallStatus),
            format_func=status_words,
            help=message("form.status_help"),
            placeholder=message("form.any"),
            filter_mode="contains",
            select_all=False,  # else Enter takes all that match
            key="status",
            persist_state="session",
            on_change=_load_closed_if_chosen,
        )
        study_types = st.multiselect(
            message("form.study_type"),
            list(StudyType),
            format_func=study_type_words,
            help=message("form.study_type_help"),
            placeholder=message("form.any"),
            filter_mode="contains",
            select_all=False,
            key="study_type",
            persist_state="session",
        )
        country, region, city = _somewhere(sites)
        st.button(message("form.reset"), on_click=_reset)
    situation = situation_form.said()
    filters = Filters(
        relevances=() if st.session_state["others"] else DEFAULT_RELEVANCES,
        statuses=tuple(statuses),
        study_types=tuple(study_types),
        trial_phases=tuple(phases),
        cml_phases=tuple(cml_phases),
        approaches=tuple(approaches),
        country=country,
        state=region,
        city=city,
        near=near,
        within_km=within_km if near else None,
        age=situation.age,
        sex=situation.sex,
    )
    return Search(filters, unit, situation)


def ask_place() -> None:
    """The questions about the place alone, answered as they are typed."""
    _place(*_place_questions())


def widen(step: StepName) -> None:
    """Take one filter back; for the screen without results."""
    st.session_state.update(_WIDER[step])


def wider(filters: Filters) -> dict[StepName, Filters]:
    """``filters`` with one taken back, for each that `widen` can take back."""
    return {
        StepName.RELEVANCE: replace(filters, relevances=()),
        StepName.STATUS: replace(filters, statuses=OPEN_STATUSES),
        StepName.STUDY_TYPE: replace(filters, study_types=()),
        StepName.TRIAL_PHASE: replace(filters, trial_phases=()),
        StepName.CML_PHASE: replace(filters, cml_phases=()),
        StepName.APPROACH: replace(filters, approaches=()),
        StepName.PLACE: replace(filters, country=None, state=None, city=None),
        StepName.DISTANCE: replace(filters, within_km=None),
    }


def take_every_status() -> None:
    """List closed studies too."""
    st.session_state["status"] = tuple(OverallStatus)


def ask_others(count: int) -> None:
    """Offer what was written for other people: ``count`` trials. Stands beside the list."""
    st.checkbox(
        message("form.others", count=f"{count:,}"),
        help=message("form.others_help"),
        key="others",
        persist_state="session",
    )


def take_only(approach: Approach | None) -> None:
    """List only what tests ``approach``; None: whatever it tests."""
    st.session_state["approach"] = () if approach is None else (approach,)


def _place_questions() -> tuple[str, int, str]:
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    text = left.text_input(
        message("form.place"),
        placeholder=message("form.place_example"),
        help=message("form.place_help"),
        max_chars=120,
        autocomplete="off",
        key="place",
        persist_state="session",
    )
    within = middle.selectbox(
        message("form.within"),
        _DISTANCES,
        format_func=lambda n: f"{n:,}" if n else message("form.any_distance"),
        key="within",
        persist_state="session",
    )
    unit = right.selectbox(
        message("form.unit"),
        ["mi", "km"],
        format_func=lambda unit: message(f"form.{unit}"),
        key="unit",
        persist_state="session",
    )
    return text or "", within, unit


def _place(text: str, within: int, unit: str) -> tuple[Place | None, float | None]:
    """The place that ``text`` means, and how far from it, in km."""
    near = _resolve(text)
    if within != _ANY_DISTANCE and not text.strip():
        st.warning(message("form.needs_place"))
    if near:
        st.text(message("form.found_place", place=near.label))
    km = within * KM_PER_UNIT[unit]
    return near, km if within != _ANY_DISTANCE else None


def _resolve(text: str) -> Place | None:
    if not text.strip():
        return None
    try:
        return resolve(text)
    except PlaceUnknownError as error:
        st.warning(message(f"errors.{error.code}.do"), title=message(f"errors.{error.code}.what"))
    except PlaceAmbiguousError as error:
        said = st.empty()
        chosen = st.selectbox(
            message("form.which_place"),
            error.candidates,
            index=None,
            key=f"which_{text}",
        )
        if chosen:
            return resolve(chosen)
        code = error.code
        said.warning(message(f"errors.{code}.do"), title=message(f"errors.{code}.what"))
    return None


def _somewhere(sites: pd.DataFrame) -> tuple[str | None, str | None, str | None]:
    """Country, state and city, each offered from the sites that the ones before leave."""
    chosen: list[str | None] = []
    columns = st.columns(3)
    for column, name in zip(columns, ("country", "state", "city"), strict=True):
        options = sorted(sites[name].dropna().unique(), key=str.casefold)
        if st.session_state[name] not in options:
            st.session_state[name] = None  # another country has other states
        value = column.selectbox(
            message(f"form.{name}"),
            options,
            index=None,
            placeholder=message("form.any"),
            key=name,
            persist_state="session",
        )
        if value:
            sites = sites[sites[name] == value]
        chosen.append(value)
    return chosen[0], chosen[1], chosen[2]


def _load_closed_if_chosen() -> None:
    chosen = set(st.session_state["status"])
    if not chosen or chosen - set(OPEN_STATUSES):  # none chosen means: any
        state.want_closed()


def _reset() -> None:
    st.session_state.update(_BLANK)
    situation_form.clear()
