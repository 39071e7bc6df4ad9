"""The article's options and what to know about trials, in our own words, beside the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from trialfinder.content.language import current
from trialfinder.content.messages import counted, message
from trialfinder.content.texts import Text, about, options
from trialfinder.finding.describe import day_words
from trialfinder.ui import phases_picture, search_form, words
from trialfinder.vocabulary import Approach

_BESIDE = (
    "call_your_team",
    "what_is_a_trial",
    "trial_phase_or_cml_phase",
    "before_you_change",
    "someone_to_talk_to",
    "the_article",
    "how_it_works",
)
OPTION_OF: Mapping[Approach, str] = {
    Approach.TKI: "another_tki",
    Approach.TRANSPLANT: "transplant",
    Approach.CHEMOTHERAPY: "chemotherapy",
    Approach.IMMUNOTHERAPY: "immunotherapy",
    Approach.OTHER_TARGETED: "other_new_medicines",
    Approach.OBSERVATION_OR_SUPPORT: "care_and_observation",
}
"""The text about each kind of treatment; that of clinical trials is about all of them."""
_TESTED_AS = {text: approach for approach, text in OPTION_OF.items()}


def show(
    tested: Mapping[str, int] | None = None,
    chosen: Sequence[Approach] = (),
    read_about: Sequence[str] = (),
) -> None:
    """Draw every text as something to open.

    ``tested`` counts, for each approach, the trials that would be listed if it alone were
    ``chosen``; None where there are no trials to show. Texts in ``read_about`` are open. They stay
    where they are: the order says which step is usual today.
    """
    st.header(message("options.heading"), anchor="options")
    st.markdown(message("options.intro"))
    for text in options(current()):
        asked = text.key in read_about
        with st.expander(text.title, expanded=asked, key=f"text_{text.key}_{asked}"):
            approach = _TESTED_AS.get(text.key)
            if tested is not None and approach is not None:
                _trials(approach, tested.get(approach, 0), chosen)
            _text(text)
            if tested is not None:
                st.markdown(f"[{message('options.to_list')}](#trials)")
    st.header(message("options.about_heading"), anchor="good-to-know")
    for key in _BESIDE:
        text = about(key, current())
        urgent = key == _BESIDE[0]
        with st.expander(text.title, expanded=urgent, key=f"text_{text.key}"):
            _text(text)


def _trials(approach: Approach, count: int, chosen: Sequence[Approach]) -> None:
    """One tap from an option to the trials that test it, and back."""
    key = f"only_{approach}"
    if tuple(chosen) == (approach,):
        st.markdown(f"{message('options.only')} [{message('options.to_list')}](#trials)")
        st.button(message("options.all"), key=key, on_click=search_form.take_only, args=(None,))
    elif count:
        label = counted("options.tested", count)
        st.button(label, key=key, on_click=search_form.take_only, args=(approach,), wrap=True)
    else:
        st.markdown(message("options.none"))


def anchor_of(key: str) -> str:
    """Where on the page the text of that key begins, once it is open."""
    return f"about-{key.replace('_', '-')}"


def _text(text: Text) -> None:
    with st.container(key=f"about_{text.key}"):  # in sight it is the line that opens the text
        st.subheader(text.title, anchor=anchor_of(text.key))
    if text.key == "trial_phase_or_cml_phase":
        phases_picture.show()
    for section in text.sections:
        if section.heading:
            st.markdown(f"#### {section.heading}")
        st.markdown(section.body)
    bodies = " ".join(section.body for section in text.sections)
    words.show(bodies, f"text_{text.key}", text.title)
    if text.sources:
        st.markdown(f"#### {message('options.sources')}")
        lines = (
            f"{number}. {source.title}. {source.publisher}, {source.date}."
            + (f" [{_host(source.url)}]({source.url})" if source.url else "")
            for number, source in enumerate(text.sources, 1)
        )
        st.markdown("\n".join(lines))
    st.caption(message("options.reviewed", day=day_words(text.reviewed)))


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")
