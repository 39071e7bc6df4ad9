"""A picture of the two things that are called a phase: how far a test is, how far CML is."""

from __future__ import annotations

from html import escape

import streamlit as st

from trialfinder.content.messages import message

_WIDTH, _BOX, _GAP, _TOP = 152, 48, 18, 54
_COLUMNS = (
    ("trial", ("trial_1", "trial_2", "trial_3", "trial_4"), "#0b5cad"),
    ("cml", ("cml_1", "cml_2", "cml_3"), "#7a4100"),
)
"""What stands side by side: a title, its steps from top to bottom, and a colour."""


def show() -> None:
    """Draw the picture, with the same said in words for those who do not see it."""
    st.image(svg(), alt=message("picture.alt"), width=2 * _WIDTH + 20)


def svg() -> str:
    """The picture, in the language in use. Words of ours only stand in it."""
    columns = [
        _column(title, steps, colour, left=6 + number * (_WIDTH + 8))
        for number, (title, steps, colour) in enumerate(_COLUMNS)
    ]
    height = _TOP + 4 * (_BOX + _GAP)
    width = 2 * _WIDTH + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" font-family="sans-serif" text-anchor="middle">'
        f"{''.join(columns)}</svg>"
    )


def _column(title: str, steps: tuple[str, ...], colour: str, *, left: int) -> str:
    middle = left + _WIDTH // 2
    drawn = [
        _text(middle, 18, message(f"picture.{title}"), colour, size=16, weight="bold"),
        _text(middle, 38, message(f"picture.{title}_about"), "#1a1a1a"),
    ]
    for number, step in enumerate(steps):
        top = _TOP + number * (_BOX + _GAP)
        drawn.append(
            f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{_BOX}" rx="8" fill="#fff"'
            f' stroke="{colour}" stroke-width="2"/>'
        )
        drawn.append(_text(middle, top + 29, message(f"picture.{step}"), "#1a1a1a"))
        if number and title == "trial":  # CML need not go from one phase to the next
            drawn.append(f'<path d="M{middle - 6} {top - 12} h12 l-6 9 z" fill="{colour}"/>')
    return "".join(drawn)


def _text(
    x: int, y: int, words: str, colour: str, *, size: int = 13, weight: str = "normal"
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}">'
        f"{escape(words)}</text>"
    )
