"""One trial against what the person said: in few lines on the card, point by point on demand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from trialfinder.content.messages import message
from trialfinder.finding.describe import point_words, topic_words
from trialfinder.finding.situation import Answer, Point
from trialfinder.registry.parse import Study
from trialfinder.ui import evidence

_IN_FEW_WORDS = (Answer.FITS, Answer.ASK, Answer.SILENT)


def show(study: Study, points: Sequence[Point]) -> None:
    """Draw what speaks against the trial with its words, the rest by topic, and the way to all."""
    if not points:
        return
    with st.container(key=f"against_{study.nct_id}", gap="xsmall"):
        st.markdown(f"**{message('points.heading')}**")
        for number, point in enumerate(points):
            if point.answer is Answer.CONFLICT:
                st.text(message("points.may_not_fit", topics=topic_words(point)))
                st.text(point_words(point, study))
                evidence.show_quotes(point.evidence, f"{study.nct_id}_against_{number}")
        for answer in _IN_FEW_WORDS:
            topics = dict.fromkeys(topic_words(p) for p in points if p.answer is answer)
            if topics:
                st.text(message(f"points.{answer}", topics=", ".join(topics)))
        box = st.expander(
            message("points.each", nct_id=study.nct_id),
            key=f"points_{study.nct_id}",
            on_change="rerun",
        )
        if box.open:
            with box:
                _each(study, points)


def _each(study: Study, points: Sequence[Point]) -> None:
    st.caption(message("points.how"))
    for number, point in enumerate(points):
        topic = topic_words(point)
        st.markdown(f"**{topic[0].upper()}{topic[1:]}**")
        st.text(f"{message(f'points.answer.{point.answer}')} {point_words(point, study)}")
        evidence.show_quotes(point.evidence, f"{study.nct_id}_point_{number}")
