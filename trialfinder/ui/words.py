"""Hard words of a text, explained where the text stands."""

from __future__ import annotations

import streamlit as st

from trialfinder.content.glossary import words_in
from trialfinder.content.language import current
from trialfinder.content.messages import message
from trialfinder.finding.describe import day_words


def show(text: str, key: str, of: str) -> None:
    """Offer the words of ``text`` that we can explain; ``key`` tells its place from others.

    ``of`` is the name of what the text stands in, so that no two controls have one name.
    They are looked for when somebody asks, not at each drawing.
    """
    box = st.expander(message("words.heading", of=of), key=f"words_{key}", on_change="rerun")
    if not box.open:
        return
    with box:
        entries = words_in(text, current())
        st.caption(message("words.how" if entries else "words.none"))
        for entry in entries:
            st.markdown(f"**{entry.term}**")
            st.markdown(entry.meaning)
            st.caption(message("words.source", source=entry.source, day=day_words(entry.reviewed)))
