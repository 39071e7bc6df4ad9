"""How the reader's word lists become patterns, in a form that the engine searches fast.

The lists are long and most text matches nothing, so that a pattern's cost is that of ruling out
every word at every letter. Two rewritings, neither of which changes what matches, let the engine
rule out most of them by their first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_BLANK = re.compile(r"\[[^\]]*+\]|\(\?<[!=][^)]*+\)| (?P<maybe>\?)?")
_LETTER = re.compile(r"(?P<start>\\b)?(?P<letter>[a-z])(?![?*+{])")
_TOKEN = re.compile(r"\\.|\[[^\]]*+\]|[()|]")


def pattern(*alternatives: str) -> re.Pattern[str]:
    """One pattern for any of ``alternatives``, for plain lower-case text.

    A blank stands for a few blanks or a line break: records are wrapped anywhere. In a character
    class and in a look-behind it is one of them.
    """
    spread = _BLANK.sub(_spread, "|".join(alternatives))
    return re.compile("|".join(_by_first_letter(_split(spread))))


def _spread(match: re.Match[str]) -> str:
    if match[0][0] in "[(":
        return match[0].replace(" ", r"\s")
    return r"\s{0,9}" if match["maybe"] else r"\s{1,9}"


def _split(alternatives: str) -> Iterator[str]:
    """The outermost alternatives of a pattern."""
    depth = start = 0
    for token in _TOKEN.finditer(alternatives):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "|" and not depth:
            yield alternatives[start : token.start()]
            start = token.end()
    yield alternatives[start:]


def _by_first_letter(alternatives: Iterator[str]) -> Iterator[str]:
    r"""Alternatives with those of one first letter in one group, which is ruled out at once.

    ``\bword`` becomes ``w(?<=\bw)ord``, which is the same. The order of two alternatives matters
    only where both match at one place: those of different first letters never do, and an
    alternative that begins otherwise stays where it is between the groups.
    """
    groups: dict[str, list[str]] = {}
    for one in alternatives:
        if first := _LETTER.match(one):
            rest = one[first.end() :]
            kept = rf"(?<=\b{first['letter']}){rest}" if first["start"] else rest
            groups.setdefault(first["letter"], []).append(kept)
        else:
            yield from _grouped(groups)
            groups = {}
            yield one
    yield from _grouped(groups)


def _grouped(groups: Mapping[str, list[str]]) -> Iterator[str]:
    for letter, rests in groups.items():
        yield letter + (rests[0] if len(rests) == 1 else f"(?:{'|'.join(rests)})")


def any_of(stems: tuple[str, ...], text: str) -> bool:
    """Whether one of ``stems`` is in ``text``: a cheap test before a dear pattern."""
    return any(map(text.__contains__, stems))


def union(named: Mapping[str, re.Pattern[str]]) -> re.Pattern[str]:
    """One pattern for any of ``named``."""
    return re.compile("|".join(words.pattern for words in named.values()))
