"""The studies that this process has loaded, shared by its visitors. Nothing of theirs is in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import streamlit as st

from trialfinder.finding.search import Found, find, join
from trialfinder.registry.answer import Source
from trialfinder.registry.client import Progress
from trialfinder.vocabulary import Part

_FRESH_SECONDS = 15 * 60
"""How long before the registry is asked again whether its data changed."""

_SAVED_SECONDS = 60
"""How long a saved answer stands in before the registry is tried again."""


class Library:
    """Open studies, or open and closed ones, kept while they are fresh."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[bool, Part], tuple[float, Found]] = {}
        self._joined: tuple[Found, Found, Found] | None = None

    def has(self, part: Part, *, sample: bool) -> bool:
        """Whether ``part`` can be had without asking anyone."""
        held = self._held.get((sample, part))
        return held is not None and time.monotonic() < held[0]

    def get(self, part: Part, *, sample: bool, on_page: Callable[[Progress], None]) -> Found:
        """The studies of ``part``. Raises what `find` raises."""
        with self._lock:  # two visitors at once cause one download
            if not self.has(part, sample=sample):
                found = find(part, sample=sample, on_page=on_page)
                saved = any(one.source is Source.SAVED for one in found.parts.values())
                until = time.monotonic() + (_SAVED_SECONDS if saved else _FRESH_SECONDS)
                self._held[sample, part] = (until, found)
            return self._held[sample, part][1]

    def join(self, one: Found, other: Found) -> Found:
        """Both together, worked out once."""
        if self._joined is None or self._joined[0] is not one or self._joined[1] is not other:
            self._joined = (one, other, join(one, other))
        return self._joined[2]

    def forget(self) -> None:
        """Ask the registry again at the next `get`."""
        with self._lock:
            self._held.clear()


@st.cache_resource
def library() -> Library:
    """The one library of this process."""
    return Library()
