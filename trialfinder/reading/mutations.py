"""T315I and other BCR::ABL1 kinase-domain mutations, and what the record says of them.

Which mutations argue against which TKI: Soverini et al., Blood 118:1208 (2011). T315I is also
written Thr315Ile. "Excluded" holds both for an exclusion criterion and for "without T315I".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trialfinder.reading.model import Evidence, Side
from trialfinder.reading.patterns import pattern
from trialfinder.reading.scope import speaks_of_joining
from trialfinder.reading.text import Part, Passage
from trialfinder.vocabulary import Stance

_T315I = pattern(r"t[- ]?315[- ]?[il1]\b", r"\bthr(?:eonine)?[- ]?315", r"t351i\b")
_OTHER = pattern(r"\b(?P<name>[acdefghiklmnpqrstvwy]\d{3}[acdefghiklmnpqrstvwy])(?:/[a-z])*\b")
_KINASE_DOMAIN = range(240, 511)
"""Positions of the ABL1 kinase domain: a letter and number outside it is something else."""
_EITHER = pattern(
    r"with (?:or|and|and/or|/) ?without", r"with/without", r"regardless", r"irrespective",
    r"with or w/o", r"positive or negative", r"presence or absence", r"whether or not",
    r"including", r"allowed", r"permitted", r"may (?:also )?(?:enter|join)",
    r"may be (?:enrolled|included|eligible)",
    r"(?:is|are|can|may|will)(?: be)? also (?:be )?\w+", r"can be (?:taken|included|enrolled)",
    r"are (?:also )?(?:eligible|admitted)", r"either", r"\b(?:is|are) (?:also )?welcome",
    r"may (?:also )?(?:enrol|participate|be considered)",
    r"and (?:\w+ )?without\b", r"\bqualif(?:y|ies)\b", r"\bcounts? as\b", r"\bor not\b",
    r"\bno(?:t an?)? (?:reason for )?exclusion", r"not (?:an )?exclusion",
)  # fmt: skip
_WITHOUT = pattern(
    r"(?:\bno\b|\bnot\b|without|negative for|absence of|non-|exclud\w+|other than"
    r"|lack\w*(?! of (?:\w+ )?respon)|except\w*|free of|never)[^.;,]{0,50}$"
)
_JUST_WITHOUT = pattern(r"\b(?:without|lacking) (?:an? |the |known )?$")
_ANOTHER_THAN = pattern(r"\bnon-$", r"(?:other than|\bbut) (?:the )?$")
"""Directly before a mutation: whatever is said of these is said of the others."""
_NO_MEDICINE = pattern(
    r"\b(?:no|without) (?:\w+ ){0,4}(?:inhibitors?|drugs?|medicines?|tkis?|treatments?|options?)\b"
)
"""What is missing is a medicine, not the mutation."""
_REFUSED_AFTER = pattern(
    r"^[^.;]{0,100}\b(?:is|are) (?:not (?:concerned|eligible(?! for)|included|allowed)|excluded)",
    r"^[^.;]{0,30}\b(?:ruled out|(?:go|goes|come|comes|taken) off)\b",
    r"^[^.;]{0,40}\b(?:can|may|will|must|should) ?not (?:take part|join|enter|participate|be\b)",
    r"^(?:(?!\b(?:where|when|if|for whom)\b)[^.;,]){0,30}"
    r"(?:negative|excluded|not eligible|ineligible|is not|are not|must not|will not)",
)
_NO_EXCLUSION = pattern(
    r"^[^.;]{0,60}\b(?:is|are|will be) (?:not|no)(?: an?)? (?:reason for )?(?:exclu|barred)",
    r"^[^.;(]{0,60}\b(?:is|are) (?:also )?(?:allowed|permitted|acceptable)",
    r"^,? (?:mutations? )?(?:included|accepted|allowed|permitted|welcome)\b",
    r"^[^.;]{0,20}\b(?:does|do) not exclude",
    r"^[^.;]{0,60}\b(?:is|are) not (?:\w+ ){0,4}(?:reason|ground|cause)s? (?:for|of) exclu",
)
"""After a mutation that is named among the exclusions and is none."""
_NOT_HAVING = pattern(
    r"(?:without|(?<!must )(?<!may )(?<!should )not hav(?:e|ing)|lack of|absence of|no)"
    r" (?:\w+ ){0,3}$"
)
_OTHER_THAN = pattern(r"(?:other than|except|unless)[^.;]{0,60}$")
_GROUP = pattern(
    r"^for (?:cml|patients|those|people)\b",
    r"cohort",
    r"\bpart \d",
    r"\bgroup [a-z\d]\b",
    r"\barm [a-z\d]\b",
)
"""Before a mutation that one group among others must have."""
_OR_BEFORE = pattern(
    r"\bor,? (?!more|greater|later|equal)"
    r"(?:(?!phase|carrying|harbo|bearing|whose|ph\+|all\b|leuk|cml|[cab]p\b)[^\s.;]{1,20} ){0,8}$",
    r"\bor (?:carrying|harbou?ring|bearing) (?:\w+ ){0,2}$",
    r"(?:resist\w+|refractory|fail\w+|intoler\w+)[^.;]{0,40} and (?:cml|patients|people|those)"
    r"[^.;]{0,30}$",
)
_OR_AFTER = pattern(r"^(?:(?!\b(?:in|by|using|chronic|accelerated)\b)[^.;]){0,40}\bor\b")
_CONDITION_BEFORE = pattern(
    r"\([^)]{0,40}\b(?:for|if|in)\b[^)]{0,40}$",
    r"\b(?:unless|if) (?:\w+ ){0,4}$",
    r"\b(?:enough|sufficient|suffices?)\b[^.;]{0,40}$",
)
_CONDITION_AFTER = pattern(
    r"^(?: mutations?)?,? (?:must|need|should|may|can|are|is)(?: only)?(?: have)?"
    r" (?:only |to have )?(?:fail|receiv|had|one|resist|intoler|required)",
    r"^(?: mutations?)?,? (?:need|require)s?\b",
    r"^[^.;]{0,30},? in which case",
    r"^[^.;]{0,60}\b(?:cohort|part|arm|group) [a-z\d]\b",
)
"""Less, or other, is asked of those with the mutation: a group among others."""
_NAMED = pattern(
    r"^\W+$",
    r"^\W*(?:for )?(?:patients|those|subjects|participants|people) (?:with|carrying)"
    r" (?:an? |the )?$",
)
_LABELLED = pattern(r"^(?: mutations?)?(?: \w+)?:")
"""Around a mutation that names a group, what is asked of it behind a colon."""
_ANOTHER_GROUP = pattern(
    r"^[^.;]{0,30}(?:;|,|\([b2]\)) ?(?:or |and )?(?:\(?[b2]\) )?"
    r"(?:cml in |patients (?:with|in) )?(?:accelerated|blast|[ab]p\b)",
)
"""After a mutation that the first of several groups must have."""
_ONE_OF = pattern(r"one of|any of|either|following|or$")
_ONE_OF_THESE = pattern(r"(?:one|any|either) of(?: the following| these| them|:)")
_PEOPLE_WITH = pattern(
    r"\b(?:patients?|subjects?|participants?|people|persons|adults?|children|those|cml|leuk\w+|ph\S*"
    r"|cohort|arm|group|part|stratum)\b[^.;]{0,250}"
    r"(?::|\b(?:with|who|whose|carry\w*|harbo\w*|bear\w*|having|ha[sd]|have|and|or|express\w*|without|if)\b)"
    r"[^.;]{0,60}$"
)
"""Before a mutation that people have, rather than one that is studied."""
_ON_THE_MARKET = pattern(r"approved", r"licen[sc]ed", r"indicated", r"marketed", r"available for")
"""Before those for whom a medicine is, whatever the study."""
_TESTED_FOR = pattern(
    r"\b(?:test|screen|analys|sequenc|monitor|search)\w*"
    r"(?:(?!positive|negative)[^.;]){0,30}\b(?:for|including)(?: an?| the)? $",
    r"\b(?:test|analys\w+|screening|sequencing) \((?:for )?$",
)
"""Before a mutation that is looked for, whoever joins."""
_EXAMPLE = pattern(r"(?:for example|e\.?g\.?|such as|including|like)[ ,]{0,2}(?:the |an? )?$")
_BEING_TESTED = pattern(
    r"^[^.;]{0,20}\b(?:is|are|will be) (?:tested|looked for|searched|sequenced|determined)",
    r"^[^.;]{0,20}\b(?:is|are|will be) recorded",
    r"^ inhibitor",
    r"^(?: mutation(?:al)?)? (?:test|analys|screen|assay|sequenc)",
)
"""The same, after a mutation."""
_TARGET = pattern(r"activity against|effective against|\binhibits?\b|\btargets?\b")
_BEFORE, _AFTER, _SENTENCE = 110, 110, 400
"""In characters: how far around a mutation words speak of it."""
_READ = (Part.CRITERIA, Part.TITLE, Part.ARM, Part.SUMMARY, Part.DESCRIPTION, Part.CONDITION)
_PROSE = (Part.SUMMARY, Part.DESCRIPTION)


def t315i(passages: Sequence[Passage]) -> tuple[Stance, tuple[Evidence, ...]]:
    """The record's stance on T315I, with the words.

    ACCEPTED where any group takes it beside others, or one group takes it and another does not.
    Where a title asks for it, prose does not make it one way among others.
    """
    naming = [p for p in passages if "315" in p.text or "351" in p.text]
    found = _stances(p for p in naming if p.part is not Part.DESCRIPTION) or _stances(naming)
    required, excluded = (found.get(s, []) for s in (Stance.REQUIRED, Stance.EXCLUDED))
    accepted = found.get(Stance.ACCEPTED, [])
    if any("Title" in one.field for one in required):
        accepted = [one for one in accepted if not one.in_prose]
    if accepted or (required and excluded):
        return Stance.ACCEPTED, (*accepted, *required, *excluded)
    if required:
        return Stance.REQUIRED, tuple(required)
    if excluded:
        return Stance.EXCLUDED, tuple(excluded)
    return Stance.SILENT, ()


def _stances(naming: Iterable[Passage]) -> dict[Stance, list[Evidence]]:
    found: dict[Stance, list[Evidence]] = {}
    for passage in naming:
        for match in _T315I.finditer(passage.text):
            if stance := _stance(passage, *match.span()):
                found.setdefault(stance, []).append(passage.quote("t315i", *match.span()))
    return found


def others(passages: Sequence[Passage]) -> tuple[dict[str, Stance], tuple[Evidence, ...]]:
    """Other named mutations that the criteria speak of, with the words."""
    stances: dict[str, Stance] = {}
    evidence: list[Evidence] = []
    for passage in passages:
        if passage.part is not Part.CRITERIA or "mutation" not in passage.text:
            continue
        for match in _OTHER.finditer(passage.text):
            name = match["name"].upper()
            if name in stances or name in ("T315I", "T351I") or not _in_kinase_domain(name):
                continue
            if stance := _stance(passage, *match.span()):
                stances[name] = stance
                evidence.append(passage.quote(f"mutation:{name}", *match.span()))
    return stances, tuple(evidence)


def _in_kinase_domain(name: str) -> bool:
    return int(name[1:4]) in _KINASE_DOMAIN


def _stance(passage: Passage, start: int, end: int) -> Stance | None:
    """What ``passage`` says of the mutation at ``start`` to ``end``; None: nothing of who joins."""
    before, after = _around(passage, start, end)
    looked_for = _TESTED_FOR.search(before) or _BEING_TESTED.search(after)
    example = passage.part is Part.DESCRIPTION and _EXAMPLE.search(before)
    told = passage.part in _PROSE and not _of_those_who_join(passage, start)
    if passage.part not in _READ or looked_for or example or told:
        return None
    if passage.side is Side.EXCLUSION:
        return Stance.ACCEPTED if _NO_EXCLUSION.search(after) else _barred(before)
    if _welcome(before, after):
        return Stance.ACCEPTED
    if _JUST_WITHOUT.search(before) and _REFUSED_AFTER.search(after):
        return Stance.REQUIRED
    without = _WITHOUT.search(before) or _ANOTHER_THAN.search(before)
    if without or _REFUSED_AFTER.search(after):
        return None if _NO_MEDICINE.search(before) else Stance.EXCLUDED
    return _wanted(passage, start, end)


def _of_those_who_join(passage: Passage, start: int) -> bool:
    """Whether a sentence of prose names the mutation at ``start`` as one of people who may join."""
    before = passage.text[max(0, start - _SENTENCE) : start]
    named = _PEOPLE_WITH.search(before) and not _ON_THE_MARKET.search(before)
    asked = speaks_of_joining(passage) or (_CONDITION_BEFORE.search(before) and "tki" in before)
    return bool(named and asked)


def _welcome(before: str, after: str) -> bool:
    """Whether people with and without the mutation may join, maybe on other terms."""
    if _ANOTHER_THAN.search(before):
        return False
    either = _EITHER.search(before) or _EITHER.search(after) or _NO_EXCLUSION.search(after)
    return bool(either or _CONDITION_BEFORE.search(before) or _CONDITION_AFTER.search(after))


def _barred(before: str) -> Stance:
    """In an exclusion "not having" it means that it is asked for."""
    if _NOT_HAVING.search(before) and "known" not in before:
        return Stance.REQUIRED
    return Stance.ACCEPTED if _OTHER_THAN.search(before) else Stance.EXCLUDED


def _wanted(passage: Passage, start: int, end: int) -> Stance | None:
    """One of several ways to join, or the only one; None where it is what a medicine acts on."""
    before, after = _around(passage, start, end)
    several = (
        _OR_BEFORE.search(before)
        or _OR_AFTER.search(after)
        or _ONE_OF.search(" ".join(lead.text for lead in passage.leads))
        or _ONE_OF_THESE.search(passage.text, max(0, start - _SENTENCE), start)
        or _ANOTHER_GROUP.search(passage.text[end : end + _AFTER])
    )
    named = not before or _NAMED.search(before)
    labels = passage.part is Part.CRITERIA and named and _LABELLED.search(after)
    if several or labels or (passage.part is Part.CRITERIA and _GROUP.search(before)):
        return Stance.ACCEPTED
    return None if _TARGET.search(before) else Stance.REQUIRED


def _around(passage: Passage, start: int, end: int) -> tuple[str, str]:
    """What stands in the same clause before and after."""
    before = _same_clause(passage.text[max(0, start - _BEFORE) : start], last=True)
    return before, _same_clause(passage.text[end : end + _AFTER], last=False)


def _same_clause(text: str, *, last: bool) -> str:
    for mark in (". ", ";"):
        text = text.rsplit(mark, 1)[-1] if last else text.split(mark, 1)[0]
    return text
