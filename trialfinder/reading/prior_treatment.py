"""Where a record ties joining to a TKI that fell short.

A tie is a word of failure and a TKI that speak of each other in one passage, or a list item under
a line such as "resistant to:". Prose counts only where it speaks of the people who join.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trialfinder.reading.disease import Cml, first_cml, names_other
from trialfinder.reading.drugs import may_name_tki, tkis
from trialfinder.reading.failure import DEEP_RESPONSE, earlier_treatment, failures, residuals
from trialfinder.reading.model import Evidence, Side
from trialfinder.reading.patterns import Words, pattern
from trialfinder.reading.scope import speaks_of_joining, speaks_of_outcomes
from trialfinder.reading.text import Field, Part, Passage


class Kind(StrEnum):
    """How a TKI fell short; LATER_LINE: it came before, no more is said."""

    FAILURE = "failure"
    RESIDUAL = "residual"
    LATER_LINE = "later_line"


@dataclass(frozen=True, slots=True)
class Tie:
    """Words that tie joining to an earlier TKI. ``strong``: they stand in more than prose."""

    passage: Passage
    start: int
    end: int
    kind: Kind
    strong: bool

    @property
    def evidence(self) -> Evidence:
        """The words, as what decided the relevance."""
        return self.passage.quote("relevance", self.start, self.end)


_REACH = 130
"""In characters: words further apart do not speak of each other."""
_LATER_REACH = 80
"""The same for "previously treated" and a TKI, which stand closer."""
_LIST_ITEM = 40
"""In characters: how soon a drug must be named in an item that stands under "resistant to:"."""

_BREAK = re.compile(r"[.;]\s|\s-\s|\n\s*\n")
_LINK = pattern(
    r"\b(?:to|of|on|with|after|from|under|during|by|despite|following|against|for|while|prior"
    r"|previous|receiving|taking|including|at least|or|and)\b"
)
_OTHER_OBJECT = pattern(
    r"combin", r"\bplus\b", r"efficacy", r"\bsafety", r"\badding", r"addition of", r"\bwill\b",
    r"stud(?:y|ies) of", r"(?:enter|join) (?:\w+ )?other", r"\bversus\b", r"\bvs\b", r"\bgiven\b",
    r"followed by", r"discontinu",
    r"stopp", r"cessation", r"withdraw", r"treatment[- ]free", r"to receive",
    r"treatment of .{0,40} with", r"(?:transplant|hsct|chemotherap)[^;.,]{0,40}$",
    r"^[^,/]{0,40}interferon(?![^;.]{0,30}(?:\bor\b|\band\b|/|,))",
)  # fmt: skip
"""Between a failure and a TKI: what failed is something else, or the TKI is the one studied."""
_STUDY_DRUG = pattern(r"\b(?:in|for|treating|versus|vs|compared|among)\b")
_EARLIER = pattern(
    r"\b(?:after|who|have|has|had|received|taking|despite|following|prior|previous|previously"
    r"|failed|but|and (?:are|were|is)|therapy|treatment)\b"
)
"""Between a TKI and a failure: "X in patients with resistant ..." speaks of the drug studied."""
_GIVEN = pattern(
    r"(?:treated (?:[\w-]+ ){0,2}with|(?:chang|switch|conver|mov)\w+ (?:\w+ )?from"
    r"|(?:chang|switch)\w* of|ongoing|continued|existing|\bon|\bas|received|receiving"
    r"|therapy with|after|taking|prior|previous)"
    r"(?: (?:standard|first-line|frontline|daily|at least|one|two|\d+|or more|the|an?|same|only"
    r"|current|stable))* $"
)
"""Before a TKI that people have had."""
_LOOSE = pattern(
    r"(?:may|might|can|could) (?:also )?(?:have|be|receive)",
    r"(?:allowed|permitted|acceptable|permissible|regardless|irrespective|with or without"
    r"|eligible if|up to|no more than|maximum|not more than|less than|<)",
    r"within \d+ (?:days?|weeks?|hours?)", r"\d+ (?:days?|weeks?) (?:prior|before|after|since)",
    r"wash-?out", r"at least \d+ (?:days|weeks|hours)",
    r"(?:discontinued|stopped|off) (?:\w+ ){0,4}(?:at least|for|>)", r"\bany\b (?:prior|previous)",
    r"no limit", r"either",
)  # fmt: skip
"""Earlier treatment that is allowed or timed rather than asked for."""
_ACUTE = pattern(
    r"acute lympho",
    r"(?:ph\W{0,3}(?:positive)? ?|[bt]-)all\b",
    r"\(all\)",
    r"(?:\bor|\band|/|,) ?all\b(?! (?:patients|of|other|subjects|participants))",
)

_LONG_PARTS = (Part.CRITERIA, Part.SUMMARY, Part.DESCRIPTION)
"""Fields of many passages, worth one look before each passage is read."""
_TYING_PARTS = (*_LONG_PARTS, Part.TITLE, Part.ARM, Part.CONDITION)
_ASKING_PARTS = (Part.CRITERIA, Part.TITLE, Part.SUMMARY)
"""Where earlier treatment is asked for."""
_PLACES = (
    Part.CRITERIA, Part.SUMMARY, Part.TITLE, Part.ARM, Part.DESCRIPTION, Part.CONDITION,
    Part.KEYWORD, Part.INTERVENTION,
)  # fmt: skip
"""Where a quote says most, first."""


def ties(passages: Sequence[Passage], cml: Cml) -> list[Tie]:
    """Every place that ties joining to a TKI that fell short, the weightiest first."""
    without = _without_tki(p for p in passages if p.part is not Part.CRITERIA)
    found = [
        tie
        for passage in passages
        if passage.part in _TYING_PARTS and passage.side is not Side.EXCLUSION
        if passage.field not in without
        for tie in _ties_in(passage, cml)
    ]
    if cml.alone and not any(tie.strong for tie in found):
        found.extend(_across(passages, cml))
    kinds = list(Kind)
    return sorted(
        found,
        key=lambda t: (not t.strong, kinds.index(t.kind), _PLACES.index(t.passage.part)),
    )


def naming_tkis(passages: Sequence[Passage]) -> list[Passage]:
    """The passages that name a TKI, for the rules that need no more of the record."""
    asking = [p for p in passages if p.part in _ASKING_PARTS]
    without = _without_tki(asking)
    return [p for p in asking if p.field not in without and tkis(p.text)]


def _without_tki(passages: Iterable[Passage]) -> set[Field]:
    """Long fields without any TKI: one look at the whole saves one at each passage."""
    long_fields = {p.field for p in passages if p.part in _LONG_PARTS}
    return {one for one in long_fields if not may_name_tki(one.plain)}


def _across(passages: Sequence[Passage], cml: Cml) -> Iterator[Tie]:
    """Ties whose halves stand apart: one criterion asks for a TKI, another for its failure."""
    if not _asks_for_tki(passages):
        return
    for passage in passages:
        text = passage.text
        told = passage.part in (Part.SUMMARY, Part.DESCRIPTION) and _PEOPLE.search(text)
        prose = bool(told) and speaks_of_joining(passage)
        criterion = passage.part is Part.CRITERIA and passage.side is not Side.EXCLUSION
        if not (prose or criterion) or "interferon" in text or tkis(text):
            continue
        if not cml.about(passage) or speaks_of_outcomes(passage):
            continue
        for kind, spans in ((Kind.FAILURE, failures(text)), (Kind.RESIDUAL, residuals(text))):
            if spans:
                yield Tie(passage, *spans[0], _degree(text, *spans[0], kind), criterion)


_SAID_OF_TKIS = Words(
    ("optimal", "eln", "third", "fourth", "3rd", "4th", "european leuk"),
    r"sub-?optimal (?:molecular |cytogenetic )?respon\w+",
    r"\beln\b[^.;]{0,40}(?:fail|warning|resist)",
    r"(?:third|3rd|fourth|4th)[- ](?:or (?:later|more|subsequent)[- ])?line",
    r"(?:fail\w*|warning|resist\w+)[^.;]{0,40}(?:\beln\b|european leuk)",
)
"""Words that the ELN recommendations give a meaning of their own: they are said of TKIs only."""
_PEOPLE = pattern(r"\b(?:patients?|people|participants?|persons|subjects?|those)\b")
_NEED_NOT = pattern(r"^[^.;,]{0,40}\b(?:allowed|permitted|acceptable|not (?:needed|required))")
"""After a TKI that people may have had."""
_TAKEN_FOR = pattern(
    r"^(?: treatment| therapy)?(?: at)?(?: \d+ ?mg\S*)?[^.;\d]{0,30}(?:for|since|>|at least|from"
    r"|during|more than) ?=? ?[^.;]{0,12}\d+[^.;]{0,20} (?:days|weeks|months?|years?)",
    r"^[^.;]{0,30} as (?:the )?(?:\w+ )?(?:first|front|initial|only|sole|1st)\b",
)
"""After a TKI that people have taken for some time, or as their first."""


def _asks_for_tki(passages: Sequence[Passage]) -> bool:
    """Whether people must take or have taken a TKI, or a title names one that is not tested."""
    tested = " ".join(p.text for p in passages if p.part is Part.INTERVENTION)
    for passage in passages:
        for start, end in tkis(passage.text):
            if passage.part is Part.CRITERIA and passage.side is not Side.EXCLUSION:
                if _NEED_NOT.search(passage.text[end:]):
                    continue
                given = _GIVEN.search(passage.text[max(0, start - 40) : start])
                if given or (start == 0 and _TAKEN_FOR.search(passage.text[end:])):
                    return True
            elif passage.part is Part.TITLE and passage.text[start:end] not in tested:
                return bool(tested)
    return False


def later_lines(passages: Sequence[Passage], cml: Cml) -> list[Tie]:
    """Places that ask for an earlier TKI, without a word on how it went."""
    return [
        tie
        for passage in passages
        if passage.side is not Side.EXCLUSION
        for tie in _later_lines_in(passage, cml)
    ]


def _later_lines_in(passage: Passage, cml: Cml) -> Iterator[Tie]:
    text = passage.text
    earlier = earlier_treatment(text)
    if not earlier or not cml.about(passage):
        return
    if passage.part is Part.SUMMARY and not speaks_of_joining(passage):
        return
    drugs = tkis(text)
    for start, end in earlier:
        if _LOOSE.search(text, max(0, start - 60), end + 100):
            continue
        for drug in _around(drugs, start, end):
            if _near(text, start, end, drug) and abs(drug[0] - end) < _LATER_REACH:
                strong = passage.part is not Part.SUMMARY
                first, last = min(start, drug[0]), max(end, drug[1])
                yield Tie(passage, first, last, Kind.LATER_LINE, strong)
                return


def _ties_in(passage: Passage, cml: Cml) -> Iterator[Tie]:
    text = passage.text
    drugs = tkis(text)
    above = not drugs and any(tkis(lead.text) for lead in passage.leads[-2:])
    strong = passage.part in (Part.CRITERIA, Part.TITLE, Part.CONDITION)
    said = _SAID_OF_TKIS.search(text) if strong and cml.alone else None
    if not (drugs or above or said) or not _counts(passage, cml):
        return
    tied = list(_beside_tki(passage, drugs, cml, above=above, strong=strong))
    yield from tied
    if said and not tied:
        yield Tie(passage, *said.span(), Kind.FAILURE, strong)


def _beside_tki(
    passage: Passage, drugs: Sequence[tuple[int, int]], cml: Cml, *, above: bool, strong: bool
) -> Iterator[Tie]:
    """Failures that speak of a TKI in the passage, or in a line ``above`` it."""
    text = passage.text
    heading = passage.leads[-1].text if passage.leads else ""
    for kind, spans in ((Kind.FAILURE, failures(text)), (Kind.RESIDUAL, residuals(text))):
        for start, end in spans:
            close = _around(drugs, start, end)
            drug = next((drug for drug in close if _speaks_of(text, start, end, drug)), None)
            if drug is None and not above:
                continue
            first, last = (min(start, drug[0]), max(end, drug[1])) if drug else (start, end)
            if _of_acute_leukemia(text, first, last, cml):
                continue
            yield Tie(passage, first, last, _degree(text, start, end, kind), strong)
            break
    listed = drugs and drugs[0][0] <= _LIST_ITEM and len(text) <= 3 * _LIST_ITEM
    if listed and heading.endswith(":") and failures(heading[-2 * _REACH :]):
        yield Tie(passage, *drugs[0], Kind.FAILURE, strong)


def _degree(text: str, start: int, end: int, kind: Kind) -> Kind:
    """``kind``, or only residual disease where what was not reached is a deep response."""
    deep = kind is Kind.FAILURE and DEEP_RESPONSE.search(text, start, end + _LIST_ITEM // 3)
    return Kind.RESIDUAL if deep else kind


def _around(drugs: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """Those of ``drugs`` that may be in reach: cost must not grow with the square of the text."""
    first = bisect_left(drugs, (start - 2 * _REACH, 0))
    return drugs[first : bisect_left(drugs, (end + _REACH + 1, 0))]


def _counts(passage: Passage, cml: Cml) -> bool:
    """Whether the passage speaks of people with CML who join."""
    if passage.part in (Part.CRITERIA, Part.TITLE):
        if speaks_of_outcomes(passage):
            return False
    elif passage.part is not Part.CONDITION and not speaks_of_joining(passage):
        return False
    texts = (passage.text, *(lead.text for lead in passage.leads))
    return cml.about(passage) or not any(map(names_other, texts))


def _near(text: str, start: int, end: int, drug: tuple[int, int]) -> bool:
    low, high = (end, drug[0]) if drug[0] >= end else (drug[1], start)
    return high < low or (high - low <= _REACH and not _BREAK.search(text, low, high))


def _speaks_of(text: str, start: int, end: int, drug: tuple[int, int]) -> bool:
    """Whether the failure at ``start`` to ``end`` is that of the TKI at ``drug``."""
    if not _near(text, start, end, drug):
        return False
    if drug[0] >= end:
        between = text[end : drug[0]]
        linked = len(between.split()) <= 2 or bool(_LINK.search(between))
        return linked and not _OTHER_OBJECT.search(between)
    between = text[drug[1] : start]
    if "interferon" in between:
        return False
    if not _STUDY_DRUG.search(between) or _EARLIER.search(between):
        return True
    return bool(_GIVEN.search(text[max(0, drug[0] - 40) : drug[0]]))


def _of_acute_leukemia(text: str, start: int, end: int, cml: Cml) -> bool:
    """Whether the words belong to Ph+ ALL, named before them, while CML is named elsewhere."""
    if cml.alone or not first_cml(text):
        return False
    clause = text[max(0, start - 200) : end]
    after = text[end : end + 60]
    return bool(_ACUTE.search(clause)) and not first_cml(clause) and not first_cml(after)
