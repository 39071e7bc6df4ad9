"""The article's options and what to know about trials, in our own words, beside the results."""

from __future__ import annotations

import streamlit as st

from trialfinder.content.messages import message
from trialfinder.content.texts import Text, about, options
from trialfinder.finding.describe import day_words

_BESIDE = (
    "call_your_team",
    "what_is_a_trial",
    "before_you_change",
    "someone_to_talk_to",
    "the_article",
    "how_it_works",
)


def show() -> None:
    """Draw every text as something to open."""
    st.header(message("options.heading"), anchor="options")
    st.markdown(message("options.intro"))
    for text in options():
        _text(text)
    st.header(message("options.about_heading"), anchor="good-to-know")
    for key in _BESIDE:
        _text(about(key))


def _text(text: Text) -> None:
    with st.expander(text.title, key=f"text_{text.key}"):
        for section in text.sections:
            if section.heading:
                st.markdown(f"### {section.heading}")
            st.markdown(section.body)
        if text.sources:
            st.markdown(f"### {message('options.sources')}")
            lines = (
                f"{number}. {source.title}. {source.publisher}, {source.date}."
                + (f" [{_host(source.url)}]({source.url})" if source.url else "")
                for number, source in enumerate(text.sources, 1)
            )
            st.markdown("\n".join(lines))
        st.caption(message("options.reviewed", day=day_words(text.reviewed)))


def _host(url: str) -> str:
    return url.split("/")[2].removeprefix("www.")
