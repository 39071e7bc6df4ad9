"""How the reader's word lists become patterns, in a form that the engine searches fast.

The lists are long and most text matches nothing, so that a pattern's cost is that of ruling out
every word at every letter. Rewritings that do not change what matches let the engine rule out most
of them by their first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_BLANK = re.compile(r"\[[^\]]*+\]|\(\?<[!=][^)]*+\)| (?P<maybe>\?)?")
_TOKEN = re.compile(r"\\.|\[[^\]]*+\]|[()|]")
_GROUP = re.compile(r"(?P<start>\\b)?\(\?:")
_LETTER = re.compile(r"(?P<start>\\b)?(?P<letter>[a-z])(?![?*+{])")


def pattern(*alternatives: str) -> re.Pattern[str]:
    """One pattern for any of ``alternatives``, for plain lower-case text.

    A blank stands for a few blanks or a line break: records are wrapped anywhere. In a character
    class and in a look-behind it is one of them.
    """
    return _compiled(_BLANK.sub(_spread, one) for one in alternatives)


def union(named: Mapping[str, re.Pattern[str]]) -> re.Pattern[str]:
    """One pattern for any of ``named``."""
    return _compiled(words.pattern for words in named.values())


def any_of(stems: tuple[str, ...], text: str) -> bool:
    """Whether one of ``stems`` is in ``text``: a cheap test before a dear pattern.

    A loop, since `any` takes twice as long, and this is what reading spends most of its time on.
    """
    for stem in stems:  # noqa: SIM110
        if stem in text:
            return True
    return False


class Words:
    """A dear pattern with letters one of which it needs: a cheap look before the search."""

    def __init__(self, needs: tuple[str, ...], *alternatives: str) -> None:
        self.needs = needs
        self.pattern = pattern(*alternatives)
        self._search = self.pattern.search

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in ``text``."""
        for need in self.needs:
            if need in text:
                return self._search(text)
        return None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in ``text``."""
        return self.pattern.finditer(text) if any_of(self.needs, text) else iter(())


def _spread(match: re.Match[str]) -> str:
    if match[0][0] in "[(":
        return match[0].replace(" ", r"\s")
    return r"\s{0,9}" if match["maybe"] else r"\s{1,9}"


def _compiled(sources: Iterable[str]) -> re.Pattern[str]:
    words = (word for source in sources for word in _words(source))
    return re.compile("|".join(_by_first_letter(words)))


def _words(source: str) -> Iterator[str]:
    r"""The alternatives of ``source``, those of a group at their start written out.

    ``\b(?:he|she) said`` is ``\bhe said`` and ``\bshe said``.
    """
    for one in _split(source):
        group = _GROUP.match(one)
        inner = one[group.end() : _closing(one)] if group else ""
        rest = one[group.end() + len(inner) + 1 :] if group else ""
        if group is None or rest.startswith(("?", "*", "+", "{")) or "(?P<" in one:
            yield one
        else:
            for word in _split(inner):
                yield from _words(f"{group['start'] or ''}{word}{rest}")


def _split(source: str) -> list[str]:
    """The outermost alternatives of ``source``."""
    bars = [mark.start() for mark, depth in _marks(source) if mark[0] == "|" and not depth]
    starts, ends = [0, *(bar + 1 for bar in bars)], [*bars, len(source)]
    return [source[start:end] for start, end in zip(starts, ends, strict=True)]


def _closing(source: str) -> int:
    """Where the first outermost group of ``source`` ends."""
    return next(mark.start() for mark, depth in _marks(source) if mark[0] == ")" and not depth)


def _marks(source: str) -> Iterator[tuple[re.Match[str], int]]:
    """Parentheses and bars, each with the number of groups that it stands in."""
    depth = 0
    for mark in _TOKEN.finditer(source):
        depth -= mark[0] == ")"
        if len(mark[0]) == 1:
            yield mark, depth
        depth += mark[0] == "("


def _by_first_letter(words: Iterable[str]) -> Iterator[str]:
    r"""Words with those of one first letter in one group, which is ruled out at once.

    ``\bword`` becomes ``w(?<=\bw)ord``, which is the same. The order of two alternatives matters
    only where both match at one place: those of different first letters never do, and an
    alternative that begins otherwise stays where it is between the groups.
    """
    groups: dict[str, list[str]] = {}
    for one in words:
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
