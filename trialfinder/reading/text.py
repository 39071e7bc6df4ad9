"""A record's text as passages: sentences and criteria, each with its place in the record.

A passage keeps what it needs to be quoted letter for letter and to be understood: the field and
offsets it came from, the side of the criteria it stands on, and the lead-ins above it ("One of the
following:"). For matching, its text is lower-cased, typographic dashes and blanks are made plain
and the registry's markdown escapes are taken out; offsets lead back to the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Any

from trialfinder.reading.model import Evidence, Side
from trialfinder.reading.patterns import any_of
from trialfinder.reading.sections import sides


class Part(StrEnum):
    """Which kind of text a passage comes from."""

    TITLE = "title"
    CONDITION = "condition"
    KEYWORD = "keyword"
    SUMMARY = "summary"
    DESCRIPTION = "description"
    ARM = "arm"
    INTERVENTION = "intervention"
    CRITERIA = "criteria"


@dataclass(slots=True, eq=False)
class Field:
    """One text of the record: its path, and the same text made plain for matching.

    Never changed; not frozen, since there are a hundred a record and freezing costs more than
    making.

    ``cased`` is ``plain`` before it was lower-cased: sentences begin with capitals.

    ``removed`` holds, in order, the positions in ``plain`` before which a character of the
    original is missing.
    """

    path: str
    part: Part
    original: str
    cased: str
    plain: str
    removed: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the words that ``plain[start:end]`` stands for are in ``original``."""
        return start + bisect_right(self.removed, start), end + bisect_right(self.removed, end - 1)


@dataclass(slots=True, eq=False)
class Passage:
    """One sentence or criterion: ``text == field.plain[start:start + len(text)]``.

    Never changed, like its field.

    ``leads`` are the lines it stands under, the nearest last; ``item`` is where the criterion
    that it is a sentence of begins.
    """

    field: Field
    part: Part
    start: int
    text: str
    side: Side = Side.OTHER
    leads: tuple[Passage, ...] = ()
    item: int = 0

    def quote(self, about: str, start: int = 0, end: int | None = None) -> Evidence:
        """Evidence for ``about``: the part of the passage around ``start`` to ``end``."""
        last = len(self.text) if end is None else end
        first, last = _around(self.text, start, last)
        a, b = self.field.place(self.start + first, self.start + last)
        return Evidence(
            about,
            self.field.path,
            a,
            b,
            self.field.original[a:b],
            self.side,
            more_before=bool(self.text[:first].strip()),
            more_after=bool(self.text[last:].strip()),
        )


QUOTE_LENGTH = 400
"""The longest quote, in characters, that is not the match itself."""

_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u00ad", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\t\r", " "),
    **dict.fromkeys("\u2018\u2019", "'"),
    "\u0130": "I",  # the one letter whose lower case is longer than itself
    "\u2265": ">",
    "\u2264": "<",
}
_NOT_PLAIN = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_BULLET = re.compile(
    r"[ ]*+(?:(?P<mark>[-*+\u2022\u00b7\u25cf\u25aa\uf0b7]|o(?=[ ]))[ ]*+"
    r"|(?P<number>(?i:\(?(?:\d{1,2}(?:\.\d{1,2})*+|[a-z]|[ivx]{2,4})[.):]+))(?=[ ]|[A-Za-z(\"]))"
)
_ABBREVIATIONS = ("e.g", "i.e", " vs", " dr", " st", " no", "etc", " al", " cf", "incl", "approx")


def _capital(short: str) -> str:
    return short.title() if short.startswith(" ") else short.capitalize()


_SENTENCE_END = re.compile(
    r"[.!?]"
    + "".join(
        rf"(?<!{re.escape(short)}\.)" for one in _ABBREVIATIONS for short in (one, _capital(one))
    )
    + r"(?<!\s\d\.)(?<!\s\d\d\.)[)\"']?(?P<blank>\s+)(?=[A-Z0-9(\"'<>=*-])"
)
_RUN_ON = re.compile(r"[a-z0-9)%](?P<blank>\s+)(?=(?:No|Not|Must)\s[a-z])")
"""Where older records begin a new criterion without ending the one before."""
_LONG = 120
"""In characters: nothing shorter runs on."""
_WRAPPED = 55
"""From this length on, a line without an end mark may run on in the next one."""


def plain(original: str) -> tuple[str, tuple[int, ...]]:
    """``original`` made plain, its case kept, and where characters are missing from it."""
    text = original
    removed: tuple[int, ...] = ()
    if "\\" in original:
        gaps = [match.start() for match in _ESCAPE.finditer(original)]
        removed = tuple(gap - number for number, gap in enumerate(gaps))
        text = _ESCAPE.sub("", original)
    if not text.isascii() or "\t" in text or "\r" in text:
        text = _NOT_PLAIN.sub(lambda sign: _PLAIN[sign[0]], text)
    return text, removed


def passages(found: Iterable[Field]) -> list[Passage]:
    """The sentences and criteria of ``found``, in order. Never raises."""
    cut: list[Passage] = []
    for one in found:
        if one.part is Part.CRITERIA:
            cut.extend(_criteria(one))
        elif one.part in (Part.SUMMARY, Part.DESCRIPTION, Part.ARM):
            cut.extend(_prose(one))
        else:
            cut.append(Passage(one, one.part, 0, one.plain))
    return cut


Joining = Mapping[Part, Sequence[Passage]]
"""The passages of a record by part, in its order, without those on who cannot join."""


def joining(found: Iterable[Passage]) -> Joining:
    """`Joining` of the passages ``found``."""
    parts: dict[Part, list[Passage]] = {}
    for passage in found:
        if passage.side is not Side.EXCLUSION:
            parts.setdefault(passage.part, []).append(passage)
    return parts


def among(parts: Iterable[Part], passages: Joining) -> Iterator[Passage]:
    """Those of ``passages`` that are of ``parts``, part after part."""
    return chain.from_iterable([passages.get(part, ()) for part in parts])


_CML_STEMS = (
    "cml",
    "myel",
    "granulo",
    "adelphia",
    "adelfia",
    "bcr",
    "ph+",
    "ph +",
    "ph1",
    "ph-pos",
)


def may_name_cml(found: Iterable[Field]) -> bool:
    """Whether any text has letters that CML is written with: a cheap first look."""
    return any(any_of(_CML_STEMS, one.plain) for one in found)


def fields(record: Mapping[str, Any]) -> list[Field]:
    """The texts of one study in the registry's JSON that are read, those that are there.

    Titles, conditions, keywords, summary, arms, interventions, description and eligibility
    criteria. Never raises.
    """
    protocol = _get(record, "protocolSection")
    found: list[Field] = []
    for part, module, key in _BEFORE_ARMS:
        path = f"protocolSection.{module}.{key}"
        found.extend(_fields(part, path, _get(protocol, module).get(key)))
    arms = _get(protocol, "armsInterventionsModule")
    for part, listed, keys in _ARMS:
        values = arms.get(listed)
        for number, item in enumerate(values if isinstance(values, list) else ()):
            for key in keys if isinstance(item, Mapping) else ():
                path = f"protocolSection.armsInterventionsModule.{listed}[{number}].{key}"
                found.extend(_fields(part, path, item.get(key)))
    for part, module, key in _AFTER_ARMS:
        path = f"protocolSection.{module}.{key}"
        found.extend(_fields(part, path, _get(protocol, module).get(key)))
    return found


_BEFORE_ARMS = (
    (Part.TITLE, "identificationModule", "briefTitle"),
    (Part.TITLE, "identificationModule", "officialTitle"),
    (Part.CONDITION, "conditionsModule", "conditions"),
    (Part.KEYWORD, "conditionsModule", "keywords"),
    (Part.SUMMARY, "descriptionModule", "briefSummary"),
)
_ARMS = (
    (Part.ARM, "armGroups", ("label", "description")),
    (Part.INTERVENTION, "interventions", ("name", "description", "otherNames")),
)
_AFTER_ARMS = (
    (Part.DESCRIPTION, "descriptionModule", "detailedDescription"),
    (Part.CRITERIA, "eligibilityModule", "eligibilityCriteria"),
)


def _get(node: object, key: str) -> Mapping[str, Any]:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _fields(part: Part, path: str, value: object) -> Iterator[Field]:
    if isinstance(value, str):
        texts = [(path, value)]
    else:
        listed = enumerate(value if isinstance(value, list) else ())
        texts = [(f"{path}[{number}]", text) for number, text in listed if isinstance(text, str)]
    for own, original in texts:
        if original and not original.isspace():
            text, removed = plain(original)
            yield Field(own, part, original, text, text.lower(), removed)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` widened to whole words of at most `QUOTE_LENGTH`, blanks cut off."""
    if len(text) > QUOTE_LENGTH:
        room = max(0, QUOTE_LENGTH - (end - start))
        left = max(0, start - room // 2)
        right = min(len(text), max(end, left + QUOTE_LENGTH))
        left = max(0, min(left, right - QUOTE_LENGTH)) if end - start < QUOTE_LENGTH else start
        if left:
            blank = text.find(" ", left, start)
            left = left if blank < 0 else blank
        if right < len(text):
            blank = text.rfind(" ", end, right)
            right = right if blank < 0 else blank
        start, end = left, right
    else:
        start, end = 0, len(text)
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


@dataclass(slots=True)
class _Item:
    """Consecutive lines that are one criterion or paragraph."""

    start: int
    end: int
    indent: int
    style: str


def _items(text: str) -> Iterator[_Item]:
    """Paragraphs and list items of ``text``; lines that were only wrapped are put together."""
    item: _Item | None = None
    after = 0
    for line in text.split("\n"):
        before, after = after, after + len(line) + 1
        content = line.strip()
        if not content:
            if item:
                yield item
            item = None
            continue
        indent = len(line) - len(line.lstrip())
        bullet = _BULLET.match(line)
        start = before + (bullet.end() if bullet else indent)
        if item and not bullet and _runs_on(text, item, content):
            item.end = before + len(line)
            continue
        if item:
            yield item
            item = None
        if bullet and not line[bullet.end() :].strip():
            continue  # a bullet without words
        style = (bullet["mark"] or _style(bullet["number"])) if bullet else ""
        item = _Item(start, before + len(line), indent, style)
    if item:
        yield item


def _runs_on(text: str, item: _Item, content: str) -> bool:
    last = text.rfind("\n", item.start, item.end) + 1 or item.start
    ends = text[item.end - 1] in ".:;!?"
    return not ends and (item.end - last >= _WRAPPED or content[0].islower())


@lru_cache(maxsize=256)
def _style(number: str) -> str:
    return re.sub(r"\d+", "1", re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", number)))


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    find = text.find
    last = end - 1
    if find(".", start, last) >= 0 or find("?", start, last) >= 0 or find("!", start, last) >= 0:
        gaps = [match.span("blank") for match in _SENTENCE_END.finditer(text, start, end)]
    if end - start > _LONG and (find("No", start, end) >= 0 or find("Must", start, end) >= 0):
        gaps = sorted({*gaps, *(m.span("blank") for m in _RUN_ON.finditer(text, start, end))})
    last = start
    for first, after in (*gaps, (end, end)):
        if piece := text[last:first].strip():
            begin = text.index(piece[0], last)
            yield begin, first
        last = after


def _prose(one: Field) -> Iterator[Passage]:
    """Sentences; one that stands under a line ending in a colon has that line as its lead."""
    lead: Passage | None = None
    for item in _items(one.cased):
        spans = list(_sentences(one.cased, item.start, item.end))
        for start, end in spans:
            leads = (lead,) if lead else ()
            yield (
                passage := Passage(one, one.part, start, one.plain[start:end], Side.OTHER, leads)
            )
        if one.plain[item.end - 1] == ":":
            lead = passage
        elif not item.style:
            lead = None


def _criteria(one: Field) -> Iterator[Passage]:
    for side, begin, finish in sides(one.plain):
        above: list[_Level] = []
        for item in _items(one.cased[begin:finish]):
            first, last = begin + item.start, begin + item.end
            heading = one.plain[last - 1] == ":"
            flat = _climb(above, item, heading=heading)
            leads = tuple([level.passage for level in above])
            for start, end in _sentences(one.cased, first, last):
                yield Passage(one, one.part, start, one.plain[start:end], side, leads, first)
            if heading or (item.style and not flat):
                whole = Passage(one, one.part, first, one.plain[first:last], side, leads)
                above.append(_Level(item, whole))


@dataclass(slots=True)
class _Level:
    """A line that others stand under; ``nested``: those that do are set further in."""

    item: _Item
    passage: Passage
    nested: bool = False


def _climb(above: list[_Level], item: _Item, *, heading: bool) -> bool:
    """Leave in ``above`` the lines that ``item`` stands under.

    True where it stands under a line ending in a colon that is on its own level.
    """
    for depth, level in enumerate(above):
        if (level.item.indent, level.item.style) == (item.indent, item.style):
            flat = level.passage.text.endswith(":") and not level.nested and not heading
            del above[depth + flat :]
            return flat
    while above and not _below(item, above[-1].item):
        above.pop()
    if above:
        above[-1].nested = True
    return False


def _below(item: _Item, other: _Item) -> bool:
    if item.indent != other.indent:
        return item.indent > other.indent
    return bool(item.style) and item.style != other.style
