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

_RETRY_SECONDS = 60
"""How long a saved or incomplete answer stands in before the registry is tried again."""


class Library:
    """Open studies, closed studies and samples, each kept while it is fresh."""

    def __init__(self) -> None:
        self._held: dict[tuple[bool, Part], tuple[float, Found]] = {}
        self._locks = {
            (sample, part): threading.Lock() for sample in (True, False) for part in Part
        }
        self._joined: tuple[Found, Found, Found] | None = None

    def has(self, part: Part, *, sample: bool) -> bool:
        """Whether ``part`` can be had without asking anyone."""
        return self._fresh(part, sample) is not None

    def get(self, part: Part, *, sample: bool, on_page: Callable[[Progress], None]) -> Found:
        """The studies of ``part``. Raises what `find` raises."""
        with self._locks[sample, part]:  # two visitors at once cause one download
            held = self._fresh(part, sample)
            if held is not None:
                return held
            found = find(part, sample=sample, on_page=on_page)
            whole = all(o.source is not Source.SAVED and o.complete for o in found.parts.values())
            until = time.monotonic() + (_FRESH_SECONDS if whole else _RETRY_SECONDS)
            self._held[sample, part] = (until, found)
            return found

    def join(self, one: Found, other: Found) -> Found:
        """Both together, worked out once."""
        joined = self._joined
        if joined is None or joined[0] is not one or joined[1] is not other:
            joined = self._joined = (one, other, join(one, other))
        return joined[2]

    def forget(self) -> None:
        """Ask the registry again at the next `get`."""
        self._held = {}

    def _fresh(self, part: Part, sample: bool) -> Found | None:
        held = self._held.get((sample, part))
        return held[1] if held and time.monotonic() < held[0] else None


@st.cache_resource
def library() -> Library:
    """The one library of this process."""
    return Library()
