"""Which disease a passage speaks of, and whether the study takes people with CML.

Synonyms and false friends of CML: MeSH D015464 and NCI PDQ "Chronic Myeloid Leukemia Treatment"
(2025-03-13).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from trialfinder.reading.model import Evidence, Side
from trialfinder.reading.patterns import Words, any_of, pattern
from trialfinder.reading.text import Part, Passage

_MYELOID = (
    r"(?:myel[oi]+(?:id|ide|genous|genic|genious|cytic|cyte)|myelogeneous|myelo-?genous"
    r"|granulocytic)"
)
_LEUKEMIA = r"l[eu]+[kc][ae]+mi\w{1,3}"
_STATE = r"(?:phase|crisis|transformation|stage)"
_ANY_STATE = rf"(?:chronic|accelerated|acute|blast(?:ic)?|late|early|advanced)(?:[- ]{_STATE})?"
_SHORT_STATE = r"(?:cp|ap|bp|bc|mbc|lbc)"

_CML = pattern(
    rf"\bchronic(?:[- ]{_STATE})?(?:,? ?(?:and/or|or|and|/|,) {_ANY_STATE}){{0,3}},?"
    rf" (?:ph\w*[- ]?(?:positive|\+),? )?{_MYELOID}(?: \([\w+-]+\))? ?{_LEUKEMIA}",
    rf"(?:accelerated|blast(?:ic)?)[- ]{_STATE} (?:of )?{_MYELOID}(?: {_LEUKEMIA})?",
    rf"{_LEUKEMIA},? {_MYELOID},? (?:chronic|ph1?[- ]pos|bcr)",
    rf"{_MYELOID} {_LEUKEMIA},? \(?chronic",
    rf"(?:acute|lymph\w+)[^.;:]{{0,60}}? (?:and|or|/) chronic {_MYELOID}",
    rf"\bchronic[- ]{_MYELOID}\b(?= or| and|,|/| leuk)",
    rf"(?<![a-z]-)\b(?:{_SHORT_STATE}|lb|mb|ph\+?|r/r)?[-/ ]?cml(?:[-/ ]?{_SHORT_STATE}[12]?)?"
    rf"(?=\b|{_SHORT_STATE}|d)",
)
_FALSE_FRIEND = pattern(
    r"(?:atypical|juvenile)[ ,(-]{0,3}.$",
    r"\ba-.?$",
    r"(?:philadelphia|ph|bcr[-/: ]*abl1?)(?:[- ]chromosome)?[- ](?:negative|-)[ ,(]{0,3}"
    r"(?:\w+ )?.$",
)
_WITHOUT_PH = pattern(
    r" ?\(?(?:bcr[-/: ]*abl1?|ph\w*)(?: chromosome)?[- ]negative",
    r",? ?(?:atypical,? ?)\(?(?:bcr|$)",
    r", ?bcr[-/: ]*abl1?[- ]negative",
)
_ANOTHER_CML = pattern(
    r"carboxy-?\(?meth\w*\)?[- ]?l[yi]s", r"chronic myelomonocytic leuk\w+ \(cml\)"
)
_BLOOD = (
    "leuk", "leuc", "myelo", "adelphia", "bcr", "ematolog", "tinib", "transplant", "aml", "tki",
    "cml patient", "with cml", "in cml", "cml in accel", "cml in blast", "cml in chron",
    "ph+", "minib", "gleevec", "glivec",
)  # fmt: skip
"""Without any of these, the letters CML stand for something else."""

_PHILADELPHIA = Words(
    ("adel", "bcr", "ph+", "ph +", "ph1", "ph 1", "ph-", "ph p", "ph(", "ph ("),
    r"ph[il]{2,4}adel(?:ph|f)ia",
    r"\bph ?(?:1 ?)?\(?\+",
    r"\bph1?[- ]?positive",
    r"bcr[-/: ]{0,3}abl1?(?:[- ]fusion)?(?: gene)?(?:[- ]positive|\+| ?\(\+\))",
)
_PHILADELPHIA_LEUKEMIA = pattern(
    r"(?<!without )(?:ph[il]{2,4}adel(?:ph|f)ia[- ](?:chromosome|positive|\(ph|\+)|\bph ?1?\(?\+"
    r"|\bph1?[- ]pos|bcr[-/: ]{0,3}abl1?)(?![- ](?:chromosome[- ])?negative)"
    r"[^.;]{0,30}leuk[ae]+mia"
)

_ACUTE_LYMPHOBLASTIC = Words(
    ("lympho", "all"),
    r"acute[- ]lympho\w+",
    r"lympho(?:blastic|cytic|id) (?:leuk|acute)",
    r"\b(?:ph\W{0,3}(?:chromosome)?(?:[- ]?positive)? ?|[bt]-|adult |pediatric |pre-?b[- ])all\b",
    r"\(all\)",
    r"\ball[,/] ?(?:aml|cml|and|or)",
    r"(?:aml|cml|mds)[,/ ]{1,2}(?:and |or )?all\b",
    r"leukemia, lympho",
)
_OTHER = Words(
    (
        "aml", "mds", "cll", "cmml", "gist", "nhl", "mpn", "mpd", "leuk", "lymph", "myel", "cyth",
        "apla", "stromal", "carcin", "sarcoma", "solid", "melano", "mastocyt", "eosin", "hodgkin",
        "sickle", "thalass", "matolog", "acute",
    ),
    r"acute (?:myel|non-?lympho|promyel|leuk|monocyt|erythro|undiff|biphen)",
    r"\b(?:aml|mds|cll|cmml|gist|nhl|mpn|mpd)\b",
    r"myelodysplas", r"lymphoma", r"myeloma", r"chronic lympho", r"myelomonocytic",
    r"myelofibrosis", r"polycyth[ae]+mia", r"thrombocyth[ae]+mia", r"myeloproliferative",
    r"apla?stic an", r"gastrointestinal stromal", r"carcinoma", r"sarcoma", r"solid tum",
    r"melanoma", r"mastocyt", r"hypereosin", r"hodgkin", r"sickle", r"thalass",
    r"h[ae]+matologic\w* (?:malig|cancer|neopl|disea|disord)",
)  # fmt: skip
_WIDE = pattern(
    r"(?<!acute )(?<!lymphoid )(?<!myeloid )(?<!lymphoblastic )(?<!lymphocytic )leuk[ae]+mias?\b"
    r"(?!, (?:lympho|acute))",
    r"h[ae]+matolog", r"blood cancer", r"malignanc", r"myeloproliferative",
)  # fmt: skip
"""Names of groups of diseases that CML belongs to."""
_GRAFT = pattern(
    r"transplant", r"graft", r"\bgvhd\b", r"stem cell", r"marrow", r"cord blood", r"conditioning",
    r"\bhs?ct\b",
)  # fmt: skip

_REFUSING = pattern(
    r"(?:except(?:ing| for)?|excluding|exclusive of|other than|with the exception of|exclud\w+"
    r"|\bnot|\bnor?|\bnon|without|never)\b"
    r"(?! (?:in|had|been|only|more|less|eligible for|candidates? for|achiev\w*"
    r"|respon\w*|obtain\w*|tolerat\w*|other|prior (?:treat|ther|tki|\w+tinib|tyro)\w*)\b)"
    r"[^.;)]{0,50}$",
    r"\brul(?:e|es|ed|ing) out[^.;]{0,40}$",
    r"(?:must|may|can) ?not (?:be|have)\b[^.;]{0,90}$",
    r"^no\b(?! (?:more|less|other|respon\w*|treatment|prior (?:treat|ther|tki|tyro)|therapy"
    r"|evidence))[^.;]{0,100}$",
)
_REFUSED_AFTER = pattern(
    r"^[^.;]{0,60}\b(?:(?:is|are|will be) (?:excluded|not eligible|ineligible)|not eligible(?! for)"
    r"|are not allowed|excluded|ruled out)\b"
)
_BARRING_LEAD = pattern(
    r"\b(?:must|may|can|should)(?: ?not)\b", r"\bnot (?:eligible|be)\b", r"\bnone of\b", r"^no\b",
    r"exclud", r"ineligible", r"other than",
)  # fmt: skip
_ACCEPTING = pattern(
    r"(?:other than|except(?:ing| for)?|with the exception of|unless|apart from)\b[^.;]{0,70}$"
)
_UNLESS = pattern(r"^[^.;]{0,40}\bunless\b")
_IN_A_STATE = pattern(
    r"\b(?:untreated|active|uncontrolled|refractory|current)\b[^.;]{0,40} blast",
    r"\bin (?:\w+ ){0,2}blast(?:ic)?[- ](?:crisis|phase)",
    r"blast(?:ic)?[- ](?:crisis|phase) (?:of )?(?:chronic|cml)",
)
"""Said of CML among the exclusions: only those in this state may not join."""
_UNTREATED_BLAST = pattern(r"\buntreated (?:[\w-]+ ){0,4}(?:in )?blast(?:ic)?[- ](?:crisis|phase)")
"""Among the exclusions of studies of acute leukemia: those who were treated for it may join."""
_THEY_MAY = pattern(
    r"^(?:(?:such|these|those) (?:patients|people|subjects|participants)|they)"
    r" (?:may|can|are (?:allowed|eligible))\b(?! ?not)"
)
"""The sentence behind an exclusion that lets some of those in."""
_PEOPLE = pattern(
    r"\b(?:patients?|subjects?|participants?|people|persons?|children|adults?|individuals)\b",
    r"\b(?:treating|those with|treatment of|volunteers|sufferers|cases)\b", r"such as",
    r"\b(?:diseases|diagnoses|indications) ?(?:are|:|include|that)",
    r"\bare (?:included|eligible|enrolled|accepted)\b",
    r"includ(?:ing|es?)\b",
)  # fmt: skip
_PEOPLE_BESIDE = pattern(
    r"\b(?:patients?|people|subjects?|participants?|persons?|children|adults?|individuals|those|cases"
    r"|volunteers|diseases?|disorders?|malignanc\w+|cancers?|leuk\w+|such as|includ\w+|treating"
    r"|treatment of|diagnos\w+)\b[^.;]{0,100}$"
)
_PATIENTS_AFTER = pattern(r"[^.;,]{0,20}\b(?:patients|subjects|participants|people)\b")
"""Beside CML, in a record about another disease: people with it, or a list of diseases."""
_LICENCE = pattern(
    r"approv\w+", r"licen[sc]ed", r"indicated (?:for|in)", r"\bfda\b", r"commercially available",
    r"in vitro", r"cell lines?", r"tested and", r"conducted in", r"\bregistered for",
    r"in development for",
)  # fmt: skip
"""Signs of a sentence about medicine in general, in whatever record."""
_GENERAL = pattern(
    r"already (?:used|available)", r"standard (?:of care|treatment|therapy)", r"known to",
    r"was developed",
    r"(?:has|have) (?:also )?been (?:shown|used|found|demonstrated|reported|observed)",
    r"previous(?:ly)? (?:studies|reported|shown)", r"clinical(?:ly)? (?:activity|effective)",
    r"effective (?:in|for|treatment)", r"currently (?:used|marketed|available)", r"marketed",
    r"revolution", r"paradigm", r"was first", r"similar to", r"hallmark", r"is caused by",
    r"characteri[sz]ed by", r"incidence", r"is a (?:clonal|disease|cancer|disorder|myelo)",
    r"is an? (?:\w+ )?(?:treatment|therapy|drug) (?:of|for)", r"gold standard",
    r"\bmouse\b", r"\bmice\b",
)  # fmt: skip
"""The same, in a record about another disease."""


class Taking(StrEnum):
    """How a record speaks of people with CML."""

    TAKES = "takes"
    PHILADELPHIA_ONLY = "philadelphia_only"
    EXCLUDES = "excludes"
    EXCLUDES_IN_PART = "excludes_in_part"
    BACKGROUND = "background"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Cml:
    """How a record speaks of people with CML, where it says so, and of whom its passages speak.

    ``alone``: no other disease is studied, so that "refractory" can be said of CML only.
    ``scopes``: for each criterion on who can join whether it is about people with CML, by its own
    words or by those that it stands under; other passages are judged by their own words when
    asked for.
    """

    taking: Taking
    evidence: tuple[Evidence, ...]
    alone: bool
    scopes: dict[Passage, bool]

    def about(self, passage: Passage) -> bool:
        """Whether ``passage`` speaks of the people with CML, not of those with another disease."""
        if passage not in self.scopes:
            own = _own_scope(passage.text)
            self.scopes[passage] = self.alone if own is None else own
        return self.scopes[passage]


def first_cml(text: str) -> re.Match[str] | None:
    """The first mention of CML in plain ``text`` that is not one of its false friends."""
    if "cml" in text or "chronic" in text or ("myel" in text and any_of(_ADVANCED, text)):
        return _first_cml(text)
    return None


_ADVANCED = ("accelerated", "blast", "ph1")
"""Where neither CML nor "chronic" is written, one of these stands beside "myeloid"."""


@lru_cache(maxsize=1024)
def _first_cml(text: str) -> re.Match[str] | None:
    """Remembered, as every rule asks for it."""
    if _ANOTHER_CML.search(text):
        return None
    for match in _CML.finditer(text):
        start = match.start()
        if _FALSE_FRIEND.search(text, max(0, start - 45), start + 1):
            continue
        if not _WITHOUT_PH.match(text, match.end()):
            return match
    return None


def names_philadelphia(text: str) -> bool:
    """Whether plain ``text`` names the Philadelphia chromosome, in whatever leukemia."""
    return bool(_PHILADELPHIA.search(text))


def names_other(text: str) -> bool:
    """Whether plain ``text`` names a disease that is not CML."""
    return bool(_OTHER.search(text) or _ACUTE_LYMPHOBLASTIC.search(text))


_NAMING = (Part.TITLE, Part.CONDITION)
"""Where a record says which disease it is about."""


def find_cml(passages: Sequence[Passage]) -> Cml:
    """How the record speaks of CML: criteria, title and conditions count before prose."""
    silent = Cml(Taking.SILENT, (), False, {})
    if not any(
        "cml" in p.text or "leuk" in p.text or "leuc" in p.text or "bcr" in p.text for p in passages
    ):
        return silent
    if not any(any_of(_BLOOD, p.text) for p in passages):
        return silent
    named = [p for p in passages if p.part in _NAMING]
    elsewhere = _about_something_else(named)
    graft = any(_GRAFT.search(p.text) for p in named)
    found: dict[Taking, list[tuple[Passage, re.Match[str]]]] = {}
    for passage in passages:
        if match := first_cml(passage.text):
            taking = _taking(passage, match, elsewhere=elsewhere, graft=graft)
            found.setdefault(taking, []).append((passage, match))
    alone = _alone(passages, named)
    for taking in (Taking.TAKES, Taking.EXCLUDES_IN_PART, Taking.EXCLUDES):
        if taking in found:
            return Cml(taking, _quotes(found[taking]), alone, _scopes(passages))
    if loose := [p for p in passages if _philadelphia_leukemia(p)]:
        evidence = tuple(p.quote("relevance") for p in loose[:2])
        return Cml(Taking.PHILADELPHIA_ONLY, evidence, False, _scopes(passages))
    if background := found.get(Taking.BACKGROUND):
        return Cml(Taking.BACKGROUND, _quotes(background), False, {})
    return silent


def _alone(passages: Sequence[Passage], named: Sequence[Passage]) -> bool:
    """Whether no disease but CML is studied, by title and conditions, else by criteria."""
    if not any(first_cml(p.text) or names_philadelphia(p.text) for p in named):
        named = [
            *named,
            *(p for p in passages if p.part is Part.CRITERIA and p.side is not Side.EXCLUSION),
        ]
    return not any(names_other(p.text) for p in named)


def _taking(passage: Passage, match: re.Match[str], *, elsewhere: bool, graft: bool) -> Taking:
    """What one mention says of people with CML."""
    if passage.side is Side.EXCLUSION:
        before = passage.text[max(0, match.start() - 80) : match.start()]
        after = passage.text[match.end() : match.end() + 80]
        behind = passage.start + len(passage.text)
        next_words = passage.field.plain[behind : behind + 120].lstrip(" (")
        in_part = (
            _ACCEPTING.search(before)
            or _UNLESS.search(after)
            or _THEY_MAY.search(next_words)
            or _UNTREATED_BLAST.search(passage.text)
            or (graft and _IN_A_STATE.search(passage.text))
        )
        return Taking.EXCLUDES_IN_PART if in_part else Taking.EXCLUDES
    if _refused(passage, match):
        untreated = _UNTREATED_BLAST.search(passage.text)
        return Taking.EXCLUDES_IN_PART if untreated else Taking.EXCLUDES
    if passage.part in (Part.TITLE, Part.CONDITION, Part.KEYWORD, Part.CRITERIA):
        return Taking.TAKES
    told = _speaks_of_people(passage, match, elsewhere=elsewhere)
    return Taking.TAKES if told else Taking.BACKGROUND


def _speaks_of_people(passage: Passage, match: re.Match[str], *, elsewhere: bool) -> bool:
    """Whether prose that names CML speaks of those who join, not of medicine in general."""
    start, end = match.span()
    if passage.part is Part.INTERVENTION or not _PEOPLE.search(passage.text):
        return False
    if _LICENCE.search(passage.text):
        return False
    if not elsewhere:
        return True
    beside = _PEOPLE_BESIDE.search(passage.text, max(0, start - 110), start)
    named = beside or _PATIENTS_AFTER.match(passage.text, end)
    told = passage.part is not Part.DESCRIPTION and not _GENERAL.search(passage.text)
    return told and bool(named)


def _refused(passage: Passage, match: re.Match[str]) -> bool:
    """Whether the words around a mention, or the line it stands under, turn it into a refusal."""
    text, start, end = passage.text, match.start(), match.end()
    for lead in passage.leads[-1:]:
        if lead.text.endswith(":") and _BARRING_LEAD.search(lead.text[-120:]):
            return True
    return bool(
        _REFUSING.search(text[max(0, start - 110) : start])
        or _REFUSED_AFTER.search(text[end : end + 90])
    )


def _about_something_else(named: Sequence[Passage]) -> bool:
    """Whether title and conditions name a disease, or a matter, that CML does not belong to."""
    if not named or any(_WIDE.search(p.text) for p in named):
        return False
    other = any(names_other(p.text) for p in named)
    return other or not any(_GRAFT.search(p.text) for p in named)


def _philadelphia_leukemia(passage: Passage) -> bool:
    """Whether "Philadelphia-positive leukemia" may mean CML: no other leukemia is named."""
    text = passage.text
    if passage.side is Side.EXCLUSION or passage.part is Part.DESCRIPTION or "acute" in text:
        return False
    if passage.part is Part.SUMMARY and _LICENCE.search(text):
        return False
    return bool(_PHILADELPHIA_LEUKEMIA.search(text)) and not _ACUTE_LYMPHOBLASTIC.search(text)


def _quotes(found: Sequence[tuple[Passage, re.Match[str]]]) -> tuple[Evidence, ...]:
    order = (Part.CRITERIA, Part.TITLE, Part.CONDITION, Part.SUMMARY, Part.KEYWORD)
    ranked = sorted(found, key=lambda one: order.index(one[0].part) if one[0].part in order else 9)
    return tuple(p.quote("relevance", m.start(), m.end()) for p, m in ranked[:3])


_HEADING_LENGTH = 90
"""A criterion up to this long that names a disease holds for those that follow it."""


def _scopes(passages: Sequence[Passage]) -> dict[Passage, bool]:
    """Of whom each passage speaks: its own words, its item, its leads, the disease above it."""
    scopes: dict[Passage, bool] = {}
    of_leads: dict[Passage, bool | None] = {}
    topic: tuple[tuple[Passage, ...], bool] | None = None
    before: Passage | None = None
    for passage in passages:
        if passage.part is not Part.CRITERIA or passage.side is Side.EXCLUSION:
            continue
        own = _own_scope(passage.text)
        if own is not None and len(passage.text) <= _HEADING_LENGTH:
            topic = (passage.leads, own)
        if own is None and before and before.item == passage.item:
            own = scopes.get(before)
        if own is None:
            for lead in passage.leads:
                if lead not in of_leads:
                    of_leads[lead] = _own_scope(lead.text)
            above = (of_leads[lead] for lead in reversed(passage.leads))
            own = next((scope for scope in above if scope is not None), None)
        if own is None and topic and topic[0] == passage.leads:
            own = topic[1]
        if own is not None:
            scopes[passage] = own
        before = passage
    return scopes


_STATES = ("phase", "crisis")
_OF_CML_ALONE = pattern(r"(?:chronic|accelerated|blast(?:ic)?)[- ](?:phase|crisis)")
"""Said of no other disease."""


def _own_scope(text: str) -> bool | None:
    if first_cml(text) or (any_of(_STATES, text) and _OF_CML_ALONE.search(text)):
        return True
    if names_philadelphia(text):
        return not _ACUTE_LYMPHOBLASTIC.search(text)
    return False if names_other(text) else None
