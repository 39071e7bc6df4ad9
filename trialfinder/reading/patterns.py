"""How the reader's word lists become patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLANK = re.compile(r"\[[^\]]*+\]|\(\?<[!=][^)]*+\)| (?P<maybe>\?)?")


def pattern(*alternatives: str) -> re.Pattern[str]:
    """One pattern for any of ``alternatives``, for plain lower-case text.

    A blank stands for a few blanks or a line break: records are wrapped anywhere. In a character
    class and in a look-behind it is one of them.
    """
    return re.compile(_BLANK.sub(_spread, "|".join(alternatives)))


def _spread(match: re.Match[str]) -> str:
    if match[0][0] in "[(":
        return match[0].replace(" ", r"\s")
    return r"\s{0,9}" if match["maybe"] else r"\s{1,9}"


def any_of(stems: tuple[str, ...], text: str) -> bool:
    """Whether one of ``stems`` is in ``text``: a cheap test before a dear pattern."""
    return any(map(text.__contains__, stems))


def union(named: Mapping[str, re.Pattern[str]]) -> re.Pattern[str]:
    """One pattern for any of ``named``."""
    return re.compile("|".join(words.pattern for words in named.values()))
