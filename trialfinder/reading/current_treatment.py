"""What a record asks of now: a TKI that is still taken, and a response that it has reached.

Someone whose TKI has stopped working may be neither on one nor in a response, though the record
speaks of failed treatment elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from trialfinder.reading.disease import Cml, first_cml, names_other
from trialfinder.reading.drugs import tkis
from trialfinder.reading.failure import failures
from trialfinder.reading.groups import NOT_WELL, WELL
from trialfinder.reading.model import Evidence, Side
from trialfinder.reading.patterns import pattern
from trialfinder.reading.text import Part, Passage

_TAKING = r"(?:on|receiv\w+|taking|treated with|under|using|undergoing)"
_NOW_BEFORE = pattern(
    rf"(?:currently|presently|still|already|now|must be|actively)(?: (?!not)\w+){{0,3}} {_TAKING}"
    r"(?: [\w-]+){0,6} $",
    rf"\b(?:are|is|been) {_TAKING}(?: [\w-]+){{0,4}} $",
    r"\b(?:undergoing|under|on) (?:(?:continuous|stable|current|ongoing|active|chronic|daily)"
    r" (?:\w+ )?)(?:treatment |therapy )?(?:with )?(?:\w+ ){0,2}$",
    r"\bunder (?:(?:treatment|therapy) with )?(?:\w+ ){0,3}$",
    r"(?<!after )(?<!while )(?<!before )\b(?:taking|using) (?:\w+ ){0,2}$",
    r"(?:cml|chronic myel\w+ leuk\w+)(?: \(?cml\)?)? (?:treated with|on|receiving|under|taking)"
    r" (?:an? |any |their )?(?:\w+ )?$",
    r"\b(?:current|ongoing) (?:\w+ ){0,3}$",
    r"\bin treatment with (?:\w+ ){0,2}$",
    r"^(?:on|receiving|taking|under) (?:\w+ ){0,4}$",
)
_NOW_AFTER = pattern(
    r"^[^.;(]{0,20} at (?:an? )?(?:unchanged|stable|constant|the same) dose",
    r"^[^.;(]{0,30}(?:must be the current|ongoing|at (?:study )?entry)",
)
_NOT_NEEDED = pattern(
    r"\bmay\b",
    r"\bif\b",
    r"\bunless\b",
    r"\bor not\b",
    r"with or without",
    r"allowed|permitted",
    r"(?:previous\w*|prior|past|former\w*) (?:or|and/or) (?:current|ongoing|present)",
    r"(?:current|ongoing|present)\w* (?:or|and/or) (?:previous|prior|past|former)",
    r"or (?:have|had|has) (?:been )?(?:previous|received|taken|treated)",
    r"\bever\b",
    r"not (?:currently|on|be)\b",
    r"no longer",
    r"discontinu",
    r"newly[- ]diagnosed",
    r"\bor currently\b",
    r"\bor (?:the )?start",
    r"\bor (?:interferon|hydroxy)",
    r"interferon or",
    r"(?:ongoing|current)[^.;]{0,30} (?:trial|study|studies|protocol)\b",
)
_LOST = pattern(r"\b(?:lost|loss|losing|then|but)\b")


def current_tki(naming: Sequence[Passage], cml: Cml) -> tuple[Evidence, ...]:
    """Words by which people must be taking a TKI when they join.

    ``naming``: the passages that name a TKI.
    """
    found = []
    for passage in naming:
        joins = passage.part in (Part.CRITERIA, Part.TITLE) and passage.side is not Side.EXCLUSION
        if not joins or _NOT_NEEDED.search(passage.text):
            continue
        if not _of_cml(passage, cml) and not first_cml(passage.text):
            continue
        for start, end in tkis(passage.text):
            before = passage.text[max(0, start - 90) : start]
            if _NOW_BEFORE.search(before) or _NOW_AFTER.search(passage.text[end : end + 60]):
                found.append(passage.quote("current_tki", start, end))
                break
    return tuple(found[:2])


def _of_cml(passage: Passage, cml: Cml) -> bool:
    """Whether people with CML are asked for it, not those with one of several diseases."""
    return cml.about(passage) and not names_other(passage.text)


def good_response(passages: Sequence[Passage], cml: Cml) -> tuple[Evidence, ...]:
    """Criteria by which a TKI must have brought a cytogenetic or molecular response."""
    found = []
    for passage in passages:
        if passage.part is not Part.CRITERIA or passage.side is Side.EXCLUSION:
            continue
        text = passage.text
        match = WELL.search(text)
        if match is None or "allowed" in text or failures(text) or not _of_cml(passage, cml):
            continue
        before = text[max(0, match.start() - 40) : match.start() + 4]
        if not NOT_WELL.search(before) and not _LOST.search(text, match.end(), match.end() + 80):
            found.append(passage.quote("good_response", *match.span()))
    return tuple(found[:2])
