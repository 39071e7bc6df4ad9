"""Words for a TKI that did not do enough or was not tolerated, and for what denies them.

Failure, warning and intolerance follow the ELN recommendations of 2009 to 2020 (Hochhaus et al.,
Leukemia 34:966); the wordings are those that sponsors use. Each pattern is named for its meaning.
"""

from __future__ import annotations

import re
from enum import StrEnum

from trialfinder.reading.patterns import any_of, pattern, union


class Shortfall(StrEnum):
    """The two ways in which a TKI falls short."""

    RESISTANCE = "resistance"
    INTOLERANCE = "intolerance"


_RESPONSE = r"(?:cytogen\w+|molecul\w+|h[ae]+matol\w+|respon\w+)"
_DEGREE = r"(?:complete |major |minor |partial |optimal |early |full |good )"
_SHORT_RESPONSE = r"(?:mmr|ccyr|cmr|emr|mcyr|chr|pcyr|mr[345])\b"
_ABOVE = r"(?:>|above|greater than|(?<!not )(?<!no )more than|exceed\w*) ?=? ?"
_ORGANS = (
    "heart", "cardiac", "renal", "kidney", "liver", "hepatic", "respiratory", "graft", "organ",
    "marrow", "engraftment", "ventricular", "congestive", "ovarian", "virologic", "virological",
    "growth",
)  # fmt: skip
_NOT_AN_ORGAN = "".join(rf"(?<!{organ} )" for organ in _ORGANS)

FAILURES = {
    "resistant": pattern(
        r"resist(?:an(?:t|ce)|ing)\b(?! (?:exercise|training|band|strength))",
        r"refractor(?:y|iness)",
    ),
    "failed": pattern(
        rf"{_NOT_AN_ORGAN}\bfail(?:ed|ures?|ing|s)?\b", r"\bexhausted", r"\bused up\b"
    ),
    "intolerant": pattern(
        r"intoleran\w+", r"intolerab\w+",
        r"\b(?:un|not |in)able to (?:\w+ )?(?:tolerate|take|continue|stay on|remain on)",
        r"(?:can|could)(?: ?not|n't) (?:\w+ )?(?:stay on|remain on|continue|keep taking)",
        r"(?:(?:can|could|do|did|does)(?:\s?not|n't)|not|poorly|badly) (?:adequately )?(?:be )?"
        r"tolerat\w+",
    ),
    "side_effects": pattern(
        r"(?:unacceptable|intractable|severe|persistent|chronic|significant|troublesome|serious"
        r"|low[- ]grade|grade (?:[1-4] (?:or|to|and) )?[2-4]\S*|(?:non-?)?h[ae]+matolog\w+"
        r"|treatment[- ]related|drug[- ]related|due to|because of|for) (?:\w+ ){0,2}"
        r"(?:toxicit\w+|adverse (?:event|effect|reaction|drug)s?|side[- ]?effects?)",
        r"(?:effusion|toxicit\w+|events?|o?edema|cytopenia) (?:\w+ ){0,8}(?:attributed|related|due"
        r"|secondary) to",
        r"(?:led|leading) to (?:\w+ ){0,3}(?:change|switch\w*|discontinu\w+|stop\w*)",
        r"(?:switch\w*|chang\w+|discontinu\w+|stopp\w+) (?:\w+ ){0,6}(?:because of|due to|owing to"
        r"|for) (?:[\w-]+ ){0,6}(?:toxicit|side|adverse|intoler|lack|fail|resist|ineffic)",
    ),
    "suboptimal": pattern(
        r"sub-?\s?optimal\w*", r"\bwarning\b",
        r"(?:optimal|adequate) response (?:is |was |has )?not", r"insufficient (?:\w+ )?effect",
        r"effect\w* (?:of (?:\w+ ){1,2})?(?:is|was) (?:insufficient|inadequate|not sufficient)",
        rf"(?:respon\w+|remission|{_SHORT_RESPONSE}) (?:is|was|has been|were) not"
        r" (?:achieved|reached|obtained|attained)",
        r"(?:inadequate|insufficient|unsatisfactory|incomplete|poor|partial|minimal|slow"
        r"|less than optimal|not optimal|non-?optimal|inferior|limited|no|lack of(?: an?)?"
        r"(?: adequate| sufficient)?|lacking|absence of"
        r"|(?<!or )without(?: an?)?(?: adequate)?)(?:ly)?"
        r"(?! (?:loss|lost|history|evidence|prior|known|effect|influence|impact)) (?:\w+ ){0,3}"
        r"(?:respon\w+|control\w*|efficacy|benefit)",
    ),
    "lost_response": pattern(
        r"(?:lo(?:st|ss|ses?)|losing) (?:of )?(?:\w+ |previous(?:ly)? |\S+ ){0,5}"
        rf"(?:respon\w+|remission|{_SHORT_RESPONSE}|mr\d|effect|efficacy)",
    ),
    "not_achieved": pattern(
        r"(?:have|has|had|having|did|do|does|are|were|was|is|who|but|and)(?: ?n't| not| never)"
        r"(?: yet)?(?: been)?(?: \w+)? (?:achiev\w+|obtain\w*|reach\w*|attain\w*|come to|respon\w+"
        r"|in (?:mmr|ccyr|chr|major|complete|an? )|optim\w+|benefit\w*|effective|sufficient\w*"
        r"|adequate\w*|at (?:least )?(?:mmr|ccyr))",
        r"(?:not|never|(?<!or )without|lack\w*|fail\w+|absence of|no)"
        r"(?: (?:of|having|had|an?|the|any|yet|to))*"
        r" (?:achiev\w+|obtain\w*|reach\w*|attain\w*|in|sustained|stable|at least)? ?(?:an? |of )?"
        rf"(?:at least )?{_DEGREE}+{_RESPONSE}",
        r"(?:no|not|(?<!or )without|lack of|lacking|failing) (?:an? |to )?"
        rf"(?:achieve\w*|achieving|reach\w*|obtain\w*|in)? ?(?:an? )?{_SHORT_RESPONSE}",
    ),
    "milestone_missed": pattern(
        rf"bcr[-/: ]*abl\S*[^.;]{{0,40}}{_ABOVE}(?:0\.1|1|10)(?:\.0)? ?%",
        rf"{_ABOVE}(?:0\.1|1|10)(?:\.0)? ?%[^.;\d]{{0,15}} bcr[-/: ]*abl",
        rf"less than (?:an? )?(?:{_DEGREE}|{_SHORT_RESPONSE})",
    ),
    "unresponsive": pattern(
        r"(?:non-?|un)respon\w+", r"no longer (?:respon\w+|effective|work\w*|benefit\w*)",
        r"stop(?:s|ped)? (?:working|responding)",
        r"(?:did|does|do|has|have)(?: ?n't| not) (?:\w+ )?work(?:ed)?\b",
        r"without success", r"\bineffective",
        r"not (?:adequately |sufficiently |optimally |fully )?(?:respond\w*|controlled|benefit\w*)",
    ),
    "worse": pattern(r"(?:got|gets?|getting|became|grew|grown) worse", r"worsen\w*"),
    "progressed": pattern(
        r"(?:relaps|recur|progress|transform|convert|evolv)\w*"
        r"(?! of (?!the|cml|chronic|leuk|disease|their|ph\b|blast)| over) (?:[\w/-]+ ){0,6}"
        r"(?:on|after|during|while|despite|following|under|from|to|with|through|receiving)",
        r"clonal evolution", r"\bsalvage\b(?! (?:chemo|transplant|regimen|stem|allogen))",
        r"(?:phase|crisis|transformation) (?:that )?"
        r"(?:aris\w+|arose|develop\w+|emerg\w+|persist\w+)(?: or \w+)?"
        r" (?:on|under|during|after|despite)",
    ),
    "mutated": pattern(
        r"(?:p-loop|kinase[- ]domain) (?:point )?mutations?(?! (?:test|anal|screen|status|assess))",
    ),
    "no_option": pattern(
        r"no (?:other|further|remaining|alternative) (?:\w+ ){0,3}"
        r"(?:options?|treatments?|therap\w+) (?:\w+ ){0,2}(?:available|exists?|left|remain\w*)",
    ),
    "unsuitable": pattern(
        r"contra-?indicat\w+",
        r"(?:not|unsuitable|inappropriate|ineligible)(?: considered)?(?: an?| good)?"
        r"(?: appropriate| suitable| eligible| indicated)?(?: candidates?)? for"
        r" (?=[^.;]{0,40}(?:tinib|tki|kinase))(?![^.;]{0,30}(?:trial|stud(?:y|ies)|protocol))",
    ),
}  # fmt: skip
"""How a treatment fell short, by name."""

RESIDUALS = {
    "residual_disease": pattern(
        r"residual (?:leuk\w+|disease|cml|bcr|molecular)", r"\bmrd\b",
        r"\b(?:persist\w+|detectable|measurable|residual|remaining)"
        r" (?!plasma|serum|blood|drug|trough|concent|risk|heart|cardi|lung|liver|kidney|renal"
        r"|graft)"
        r"(?:\w+ ){0,4}(?:disease|transcript\w*"
        r"|bcr[-/: ]*abl\S*|leuk\w+|pcr|molecular|cytogenetic|ph\b|levels?)",
    ),
    "still_positive": pattern(
        r"(?:remain\w*|still) (?:[\w/:-]+ ){0,3}(?:positive|detectable)", r"\bpcr[- ]positiv\w+",
        r"bcr[-/: ]*abl\S* (?:\w+ ){0,3}detectable",
    ),
    "plateau": pattern(
        r"plateau\w*", r"\b(?:increas|ris)(?:e|ing) (?:\w+ ){0,2}(?:bcr|transcript|pcr)"
    ),
    "no_deep_response": pattern(
        r"(?:not|without|no|lack\w*)[^.;]{0,25} (?:(?:deep|complete|undetect\w+) molecular"
        r"|mr ?4|mr ?\(?4|cmr|dmr)",
    ),
}  # fmt: skip
"""Disease that is left under a TKI, which may be working well enough."""

NOT_ASKED_FOR = pattern(
    r"^[^.;]{0,50}\b(?:not|never) (?:needed|necessary|required|mandatory|obligatory|a condition)",
    r"^[^.;]{0,40}\b(?:including|or) none\b",
)
"""What stands after earlier treatment and says that people may join without."""

EARLIER_TREATMENT = {
    "later_line": pattern(
        r"(?:second|third|fourth|2nd|3rd|4th|later|subsequent|further|salvage|ii|iii)[- ]?"
        r"(?:or (?:later|third|subsequent|more|third)[- ])?(?:and (?:later|third)[- ])?line",
    ),
    "number_of_tkis": pattern(
        r"(?:at least|minimum of|more than|>|>=|=>) ?(?:one|two|three|1|2|3)\S*(?: \(\d\))?"
        r"(?: or more)?(?: \w+){0,3} (?:lines?|prior|previous|earlier|tkis?|tyrosine|bcr)",
        r"(?:one|two|three|1|2|3) or more (?:\w+ ){0,2}(?:prior|previous|tki|tyrosine|lines?)",
    ),
    "previously_treated": pattern(
        r"(?:previous(?:ly)?|prior|earlier|before)[- ]?(?:have )?(?:been )?"
        r"(?:treat\w+|therap\w+|exposure|exposed|use|received|line|tki)",
        r"(?:treated|therapy|treatment) (?:previously|before)", r"pre-?treated",
        r"(?:have|has|had|having) (?:already |previously )?"
        r"(?:received|been (?:previously )?(?:treated|exposed)|taken|used)",
        r"(?:received|treated|exposed) (?:\w+ ){0,4}(?:before|prior|previously)",
    ),
    "after_tki": pattern(
        r"\bafter (?:(?:any|prior|previous|at least|one|two|treatment|therapy|first|the|\d|or more"
        r"|use|of|a|with) ){1,6}",
    ),
}  # fmt: skip
"""Earlier treatment, without a word on how it went."""

DENIED = pattern(
    r"(?:\bno\b|\bnot\b|n't|\bnever\b|without|\bnon-?|absence of|neither|\bnor\b|free of"
    r"|must not have|rather than|instead of|other than)"
    r"(?: (?:be|been|have|had|has|an?|any|the|known|prior|previous|previously|evidence|history|of"
    r"|signs?|primary|secondary|acquired|documented|clinical|hematologic|hematological"
    r"|cytogenetic|molecular|demonstrated|experienced|shown|developed|or|to|received|treatment"
    r"|changed|switched|because|imatinib|tki|resistance|intolerance|failure|refractoriness|were|considered|as|defined|who|with|patients|overt|current|suspected"
    r"|confirmed)){0,6} ?-?$"
)
"""What stands before a word and turns it into its opposite."""

LEFT_OUT = pattern(
    r"^[^.;]{0,40}\b(?:is|are|were|will be|must be) (?:not (?:included|eligible(?! for)|allowed"
    r"|enrolled)"
    r"|excluded|ineligible|ruled out)"
)
"""What stands after a word and says that such people do not join."""

_ALLOWED = r"\b(?:is|are|were|was|be) (?:also )?(?:allowed|permitted|acceptable|permissible)"
ALLOWED_AFTER = pattern(rf"[^.;]{{0,80}}{_ALLOWED}")
"""What stands after a word and says that such people may join as well."""

NOT_OF_A_TKI = pattern(
    r"(?:fail\w*|relaps\w*|recur\w*|loss)[^.;]{0,40}(?:discontinu|cessation|stopp"
    r"|treatment[- ]free|\btfr\b|withdraw)",
    r"(?:relaps\w*|recur\w*|progress\w*)[^.;]{0,30}(?:transplant|\bhs?ct\b|\bsct\b|\bbmt\b|graft)",
    _ALLOWED,
    r"(?:resist|intoler|refract|fail|relaps|respond|could not|benefit|controlled|did not work)\w*"
    r"(?:(?!tinib|\btki|\bsti|glee|gliv)[^.;]){0,50}"
    r" (?:to|of|on|with|from|take|tolerate),? (?:\w+ )?interferon"
    r"(?![^.;]{0,20}(?:\band\b|\bor\b|/) ?(?:\w+ )?(?:imatinib|tki|tyrosine|sti))",
    r"(?:lactose|glucose|fructose|gluten|insulin|antibiotic|steroid|antifungal|platelet"
    r"|transfusion|thrombocyt\w+|vancomycin|drug-)[- ]?\w{0,6} ?(?:intoleran|refractor|resistan)",
    r"(?:refractory|resistant) (?:to )?(?:platelet|transfus|infection|hypertens|cns|cytopeni"
    r"|nausea|ascites|effusion|gvhd|graft|arrhythm|fluid|anemi|itp|hypokal|angina)",
    r"toxicit\w+[^.;]{0,120}\b(?:recover|resol|return|subsid)",
    r"(?:recover\w*|resol\w+|return\w*)[^.;]{0,60} toxicit",
    r"toxicit\w+ (?:related to|from|of|due to)[^.;]{0,40}(?:anti-?(?:cancer|tumou?r|neoplas\w+)"
    r"|chemother)",
    r"(?:interferon|ifn|al(?:f|ph)a)-(?:refract|resist|intoler)",
    r"(?:refract|resist|intoler)\w* (?:or|and) -(?:intoler|refract|resist)",
    r"whatever (?:the |their )?(?:prior |previous |earlier )?(?:treatment|therapy|line)",
    r"de novo or (?:has |have |had )?(?:evolv|aris|progress|transform)",
    r"(?:may|can) (?:carry|go) on (?:with|taking) (?:their|the|a) ",
    r"criteria for adverse",
    r"terminology criteria",
    r"whether or not",
    r"eligible for (?:an)?other (?:[\w-]+ ){0,3}(?:stud|trial|protocol)",
    r"(?:evaluat|assess|monitor|observ|follow|check|watch)\w*[^.;]{0,20} for (?:\w+ ){0,2}toxicit",
    r"intolerance to (?:the )?(?:study drug|any of the (?:compon|ingred|excip)|contrast|lactose)",
)
"""Failure, relapse or intolerance of something that is not a TKI."""

DEEP_RESPONSE = pattern(r"(?:complete|deep|full) molecular", r"\b(?:cmr|dmr|mr ?[45])", r"undetect")
"""Not having reached one of these is no failure of a TKI, only disease that is left."""

_ANY_FAILURE = union(FAILURES)
_ANY_RESIDUAL = union(RESIDUALS)
_ANY_EARLIER = union(EARLIER_TREATMENT)
_FAILURE_STEMS = (
    "resist", "refractor", "fail", "intoler", "tolerat", "toxicit", "adverse", "side", "optimal",
    "inadequate", "insufficient", "unsatisf", "incomplete", "poor", "partial", "minimal", "slow",
    "inferior", "limited", "no", "lack", "absence", "without", "los", "n't", "never", "respon",
    "stop", "relaps", "recur", "progress", "transform", "convert", "evol", "warning", "ineffect",
    "contra", "unable", "inappropriate", "discontinu", "worse", "attributed", "related to",
    "due to", "secondary", "%", "less than", "led to", "leading", "chang", "discontinu",
    "unsuitable", "ineligible", "exhausted", "p-loop", "domain", "phase", "crisis",
    "used up", "salvage",
)  # fmt: skip
_RESIDUAL_STEMS = (
    "residual", "mrd", "persist", "detectable", "measurable", "remain", "still", "plateau", "pcr",
    "positiv", "molecular", "mr", "ris", "increas",
)  # fmt: skip
_EARLIER_STEMS = (
    "line", "previous", "prior", "earlier", "before", "treated", "received", "after", "switch",
    "exposed", "least", "more", "taken", "used", "minimum", ">",
)  # fmt: skip


def failures(text: str) -> list[tuple[int, int]]:
    """Where plain ``text`` says that a treatment failed or was not tolerated, denials left out."""
    return _spans(text, _FAILURE_STEMS, _ANY_FAILURE)


_OF_INTOLERANCE = ("intolerant", "side_effects", "unsuitable")
_NAMED = {
    Shortfall.INTOLERANCE: union({name: FAILURES[name] for name in _OF_INTOLERANCE}),
    Shortfall.RESISTANCE: union(
        {name: words for name, words in FAILURES.items() if name not in _OF_INTOLERANCE}
    ),
}


def shortfalls(text: str) -> frozenset[Shortfall]:
    """Which of the two plain ``text`` names, denials left out."""
    return frozenset(kind for kind, words in _NAMED.items() if _spans(text, _FAILURE_STEMS, words))


def residuals(text: str) -> list[tuple[int, int]]:
    """Where plain ``text`` speaks of disease that is left under treatment."""
    return _spans(text, _RESIDUAL_STEMS, _ANY_RESIDUAL)


def earlier_treatment(text: str) -> list[tuple[int, int]]:
    """Where plain ``text`` asks for treatment that came before."""
    spans = _spans(text, _EARLIER_STEMS, _ANY_EARLIER)
    return [(start, end) for start, end in spans if not NOT_ASKED_FOR.search(text[end:])]


def _spans(text: str, stems: tuple[str, ...], words: re.Pattern[str]) -> list[tuple[int, int]]:
    if not any_of(stems, text):
        return []
    found = (match.span() for match in words.finditer(text))
    return [(start, end) for start, end in found if not _denied(text, start, end)]


def _denied(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 90) : start]
    around = text[max(0, start - 25) : end + 70]
    after = text[end : end + 70]
    return bool(
        LEFT_OUT.search(after)
        or DENIED.search(before)
        or ALLOWED_AFTER.match(text, start)
        or NOT_OF_A_TKI.match(text, start)
        or NOT_OF_A_TKI.search(around)
    )
