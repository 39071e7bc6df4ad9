"""The language that the page speaks now: each visit has its own, and the command line the first."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}
"""What each language is called by those who speak it, by its code in ISO 639-1."""

_current: ContextVar[str] = ContextVar("language", default="en")


def current() -> str:
    """The code of the language in use."""
    return _current.get()


def speak(language: str) -> None:
    """Use ``language``, one of `LANGUAGES`, in this thread from now on."""
    if language not in LANGUAGES:
        raise ValueError(f"no words in language {language!r}")
    _current.set(language)
