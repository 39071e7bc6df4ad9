"""Looks up the words of ``messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from trialfinder.content.language import current


def message(key: str, **values: object) -> str:
    """The sentence at ``key`` ("form.place") in the language in use, its {curly} parts filled in.

    Raises KeyError for a key that is not there, and for a part without a value.
    """
    found: Any = _messages(current())
    for name in key.split("."):
        found = found[name]
    if not isinstance(found, str):
        raise KeyError(key)
    return found.format(**values)


def counted(key: str, count: int, **values: object) -> str:
    """The sentence at ``key`` in its form for one or for several, with {count} filled in."""
    form = "one" if count == 1 else "many"
    return message(f"{key}.{form}", count=f"{count:,}", **values)


@cache
def _messages(language: str) -> dict[str, Any]:
    text = files("trialfinder.content").joinpath(language, "messages.toml").read_text("utf-8")
    return tomllib.loads(text)
