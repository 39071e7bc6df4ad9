"""Which phases of CML the record accepts. Not the phase of the trial.

"Advanced phase" means accelerated or blast phase (ELN 2020, Hochhaus et al., Leukemia 34:966).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialfinder.reading.disease import Cml, first_cml, names_other
from trialfinder.reading.model import Evidence
from trialfinder.reading.patterns import Words, any_of, pattern
from trialfinder.reading.text import Joining, Part, Passage, among
from trialfinder.vocabulary import CmlPhase

_ABBREVIATION = r"(?:cp|ap|bp|bc|mbp|lbp)"
_LISTED = rf"(?:{_ABBREVIATION}[12]?-?\)?(?:, ?| ?/ ?| ?- ?|,?-? (?:and|or|and/or|&) )){{0,2}}"
_FOLLOWED = rf"(?:(?:, ?| ?/ ?|,? (?:and|or|and/or|&) )\(?{_ABBREVIATION}[12]?-?){{0,2}}"


def _short(own: str) -> str:
    """The abbreviation ``own`` where it can be no other: beside CML or another phase."""
    return (
        rf"\b{_LISTED}{own}[12]?-?{_FOLLOWED}[- ]{{0,2}}(?:ph\+ ?)?cml"
        rf"|(?:cml|leuk[ae]+mia)[-/ ,(]{{1,3}}(?:in )?{_LISTED}{own}\b"
        rf"|\b{_ABBREVIATION}(?:/|, ?| (?:and|or) ){own}\b"
        rf"|\b{own}(?:/|, ?| (?:and|or) ){_ABBREVIATION}\b"
        rf"|(?:phase|crisis) \({own}\d?\)|cml-?{own}"
    )


_STATE = r"(?:phase|crisis|crises|transformation|stage)s?"
_ANY = (
    r"(?:(?:whatever|irrespective of|regardless of) (?:the |disease )*(?:phase|stage)s?\b"
    r"(?! (?:of (?:the )?disease )?at (?:the time of )?(?:first )?(?:diagnos|presentation))"
    r"|\b(?:any|all|every|each) (?:disease )?(?:phase|stage|type)s?\b"
    r"(?! ?(?:[1-4]|i|of the (?:study|trial)|of (?:the )?treat)))"
    r"(?!(?: of (?:the |their )*(?:disease|leuk\w+|cml))?,?"
    r" (?:(?:that )?(?:they|patients) (?:had|were)"
    r"|when (?:the )?(?:tki|treatment|imatinib)|before))"
)
_OF_ANY_PHASE = pattern(_ANY)
_ADVANCED = (
    r"advanced[- ](?:phase|stage)s?|(?:beyond|not in|past) (?:first |1st |the )*chronic[- ]phase"
)
_ANY_NEEDS = ("any", "all", "every", "each", "whatever", "irrespective", "regardless")
_ADVANCED_NEEDS = ("advanced", "beyond", "not", "past")
_WORDS: dict[CmlPhase, Words] = {
    CmlPhase.CHRONIC: Words(
        ("chronic", "cp", *_ANY_NEEDS),
        r"chronic[- ]?(?:or |and |and/or |/ ?|, ?|to )?"
        r"(?:(?:early |late )?(?:accelerated?|advanced|blast\w*|acute)(?:[- ]phase)?"
        r"[-, ]{0,2}(?:or |and |and/or |/)?)?(?:blast\w*|acute|accelerated)?[- ]?"
        rf"{_STATE}(?! ?gvhd)",
        r"chronic(?: \(\w+\))?(?:,| and| or|/)(?: ?\w+)? ?accelerat",
        r"\bcp[12]\b", r"(?:first|1st|second|2nd|late|early) cp\b", _short("cp"), _ANY,
    ),
    CmlPhase.ACCELERATED: Words(
        ("accelerat", "ap", *_ADVANCED_NEEDS, *_ANY_NEEDS),
        r"accelerate?d?(?=[-, /)]| or| and)"
        r"(?! ?(?:approval|titration|radio|fraction|hyper|dose|partial|elim|schedule|access))",
        _short("ap"), _ADVANCED, _ANY,
    ),
    CmlPhase.BLAST: Words(
        ("blast", "acute", "transform", "evolved", "bp", "bc", *_ADVANCED_NEEDS, *_ANY_NEEDS),
        rf"(?<![a-z])blast(?:ic)?[- ]?{_STATE}", r"(?<![a-z])blastic\b",
        r"(?<![a-z])blast\b(?=,? (?:or|and) (?!basophil)|/|, (?:accel|chron|sec|first))",
        r"acute phase(?! reac| prot)",
        r"in (?:myeloid |lymphoid )?blast\b",
        r"(?:all|aml|lymphoid|myeloid|leuk[ae]+mic) transformation",
        r"(?:evolved|transformed) (?:in)?to (?:acute|blast)",
        _short("(?:mbp|lbp|bp|bc)"), _ADVANCED, _ANY,
    ),
}  # fmt: skip
_STEMS = ("phase", "stage", "types", "accelerat", "blast", "crisis", "transform", "evolved")
_SHORT = ("cml", "cp", "ap", "bp", "bc")
_ABBREVIATED = pattern(r"cml", r"\b(?:cp|ap|bp|bc|mbp|lbp)\d?\b")
_REFUSED = pattern(
    r"(?:\bnot?\b|\bnor\b|without|excluding|except|exclud\w+|other than|never|neither|absence of"
    r"|no (?:evidence|history|signs?|features) of|delay\w*|prevent\w*|candidates? for"
    r"|(?:progression|progressing|transformation|evolution|time|relapsed?) (?:in)?to"
    r"|(?:earlier|prior|previous) (?:[\w-]+ ){0,3}for$"
    r"|(?:evolv|progress|transform|develop)(?:ed|ing|ion) from|(?:worse|poorer|better) \w+ than"
    r"|may have (?:had|received)"
    r"|(?:earlier|prior|previous) (?:treatment|therapy) (?:of|for|in)"
    r"|(?:after|following|preceding|aris\w+ from|arose from)"
    r" (?:(?!in |with |or |and |at )[\w-]+ ){0,2}$)"
    r"(?! (?:in (?:first |1st )?(?:cr|remission|cyto)|more than|eligible|only|candidate|achiev"
    r"|respon|previously|suitable|optimal))(?:(?!provided|but )[^.;:]){0,65}$"
)
_LEFT_BEHIND = pattern(
    r"^[^.;]{0,60}\b(?:returned|reverted|restored|back) (?:in)?to (?:\w+ ){0,2}(?:chronic|cp)"
    r"(?! (?:phase )?or not)",
    r"^[^.;]{0,40}\bnow in (?:\w+ ){0,3}(?:chronic|cp)",
    r"^[^.;]{0,40}(?:chronic phase|cp) (?:was|is|has been) (?:restored|reached|achieved|regained)",
)
"""After a blast phase that has been overcome when people join."""
_REACHED = pattern(r"^(?:progress|transform)\w* (?:in)?to (?:\w+ )?$")
"""A criterion of its own that begins so names the phase that was reached."""
_REFUSED_AFTER = pattern(
    r"^[^.;]{0,60}\b(?:(?:is|are|will be) (?:not (?:included|eligible|allowed|enrolled|accepted)"
    r"|excluded|ineligible)|(?:will|can|may) ?not be (?:included|allowed|enrolled|accepted"
    r"|collected|recruited|taken))",
    r"^(?:(?!\b(?:eligible|may|can|but|others?|only)\b)[^.;]){0,140}\b(?:is|are|will be) not"
    r"(?: (?:taken|included|eligible(?! for)|allowed|enrolled|accepted)|\.)",
)
_PEOPLE = pattern(
    r"\b(?:patients?|subjects?|participants?|people|persons?|children|adults?|individuals)\b",
    r"\b(?:treating|those with|treatment of|cases)\b", r"including",
    r"\bare (?:included|eligible|enrolled|accepted)\b",
    r"\b(?:stratum|cohort|arm|group|part) [\w/]{1,4}\b",
)  # fmt: skip
_GENERAL = pattern(
    r"approv\w+\b(?! (?:\w+ )?(?:tki|inhibit|bcr|tyrosine|drug))",
    r"licen[sc]ed", r"\bindicated", r"(?:has|have) been (?:shown|reported|used)",
    r"reported", r"literature", r"however", r"increasing", r"stages of cml", r"standard therapy",
)  # fmt: skip
_UNDER_TERMS = pattern(r"unless", r"except", r"history", r"untreated", r"\bif\b", r"within")
"""Exclusions of some people in a phase, not of the phase."""
_RANKS = (
    (Part.TITLE, Part.SUMMARY, Part.ARM, Part.CRITERIA),
    (Part.CONDITION, Part.KEYWORD),
    (Part.DESCRIPTION,),
)
"""Where phases are looked for; what stands first speaks for the whole record."""


def cml_phases(
    passages: Joining, barring: Sequence[Passage], cml: Cml
) -> Iterator[tuple[CmlPhase, Evidence]]:
    """The CML phases that the record accepts, each with the words that say so.

    ``passages`` are on who can join, ``barring`` on who cannot: what these name is taken from
    "any phase".
    """
    for parts in _RANKS:
        found: dict[CmlPhase, Evidence] = {}
        for passage in among(parts, passages):
            if _may_name_phases(passage, cml):
                for phase, evidence in _in_passage(passage):
                    if phase not in found or passage.part is Part.CRITERIA:
                        found[phase] = evidence
        for phase in _barred(barring, cml) if any(map(_of_any, found.values())) else ():
            if phase in found and _of_any(found[phase]):
                del found[phase]
        if found:
            yield from ((phase, found[phase]) for phase in CmlPhase if phase in found)
            return


def _of_any(evidence: Evidence) -> bool:
    """Whether a phase was read from words for all of them."""
    text = evidence.quote.lower()
    named = any_of(("chronic phase", "accelerat", "blast"), text)
    return not named and bool(_OF_ANY_PHASE.search(text))


def _barred(barring: Sequence[Passage], cml: Cml) -> Iterator[CmlPhase]:
    for passage in barring:
        if _may_name_phases(passage, cml) and not _UNDER_TERMS.search(passage.text):
            yield from (phase for phase, evidence in _in_passage(passage) if not _of_any(evidence))


def _may_name_phases(passage: Passage, cml: Cml) -> bool:
    text = passage.text
    if not any_of(_STEMS, text) and not (any_of(_SHORT, text) and _ABBREVIATED.search(text)):
        return False
    if passage.part in (Part.SUMMARY, Part.DESCRIPTION) and not _enrols(passage.text):
        return False
    return cml.about(passage)


def _enrols(text: str) -> bool:
    return bool(_PEOPLE.search(text)) and not _GENERAL.search(text)


def _of_another(text: str, start: int) -> bool:
    """Whether "any phase" at ``start`` stands behind the name of another disease than CML."""
    named = first_cml(text)
    return names_other(text[named.end() if named and named.end() <= start else 0 : start])


def _in_passage(passage: Passage) -> Iterator[tuple[CmlPhase, Evidence]]:
    text = passage.text
    for phase, words in _WORDS.items():
        for match in words.finditer(text):
            if _OF_ANY_PHASE.fullmatch(match[0]) and _of_another(text, match.start()):
                continue
            before = text[max(0, match.start() - 80) : match.start()]
            reached = passage.part is Part.CRITERIA and _REACHED.search(text[: match.start()])
            if reached or not _REFUSED.search(before):
                after = text[match.end() : match.end() + 170]
                if _REFUSED_AFTER.search(after):
                    continue
                if phase is CmlPhase.BLAST and _LEFT_BEHIND.search(after):
                    continue
                yield phase, passage.quote(f"cml_phase:{phase.value}", match.start(), match.end())
                break
