"""How many TKIs, which of them, how long ago, and whether a transplant may have come before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trialfinder.reading.disease import Cml, first_cml, names_other
from trialfinder.reading.drugs import BY_NAME, tkis
from trialfinder.reading.groups import NOT_ONLY_NEW
from trialfinder.reading.model import Evidence, Side
from trialfinder.reading.patterns import any_of, pattern
from trialfinder.reading.prior_treatment import Tie
from trialfinder.reading.scope import speaks_of_joining
from trialfinder.reading.text import Part, Passage
from trialfinder.vocabulary import Stance

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "1": 1, "2": 2, "3": 3, "4": 4, "both": 2,
}  # fmt: skip
_ORDINALS = {"second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
_COUNT = pattern(
    r"(?P<how>at least|(?:no|not) (?:fewer|less) than|(?:a )?minimum (?:of )?|>=?|=>"
    r"|(?:not |no )?more than|at most|up to|maximum (?:of )?|fewer than|less than|<=?|)[ =]{0,2}"
    r"\(?(?<![a-z\d])(?P<n>one|two|three|four|both|[1-4](?!-?(?:st|nd|rd|th)\b))\)?"
    r"(?! of (?:them|which|whom))(?: \(\d\))?"
    r"(?: or more| or greater|\+)?[ -](?!weeks?|days?|months?|years?|hours?|half)"
    r"(?:\w+[-/ ,()]{1,3}){0,7}?"
    r"(?:tki|tyrosine|bcr[-/: ]*abl1?[- ](?:inhib|kinase|tyros|target)|kinase inhib|abl kinase"
    r"|lines? of|prior lines)",
    r"\b(?P<n5>one|two|three|[1-3]) of (?:these:? |the following:? )?"
    r"(?:imatinib|dasatinib|nilotinib)",
    r"(?:tkis?|inhibitors?|imatinib) ?\((?:at least|>=?|=>|minimum)[ =]{0,2}"
    r"(?P<n2>one|two|three|[1-4])\b",
    r"(?:tkis?|inhibitors?)[^.;]{0,30}\b(?:received|had|taken|tried|failed) (?:at least )?"
    r"(?P<n3>one|two|three|[1-4]) or more\b",
    r"\((?P<n4>one|two|1|2) (?:if|for|in|where)[^)]{0,40}t315i",
)
_AT_MOST = ("no more than", "not more than", "at most", "up to", "maximum", "fewer", "less", "<")
_ORDINAL = pattern(
    r"(?P<n>second|third|fourth|2nd|3rd|4th)[- ](?:or (?:later|more|subsequent)[- ])?line"
)
_DEFINING = pattern(r"\bdefin(?:ed|ition)", r"recommendation", r"guideline")
"""A line of treatment named here is the one that a definition is for."""
_ANY_OF_LINES = pattern(
    r"(?:first|1st)(?:[- ]line)?[-,]? (?:\w+[-,]? )?(?:or|to|and/or) ", r"\bany line"
)
"""A first line among others: no line is asked for."""
_LINE_FAILED = pattern(
    r"(?:during|after|under|failure of|failed|failing|(?:resistan\w+|intoleran\w+) (?:to|of))"
    r" (?:(?:first|1st)[- ]{1,2}(?:line )?(?:and|&|to) )?(?:\w+ ){0,2}"
    r"(?P<n>second|third|2nd|3rd)[- ](?:or (?:later|more|subsequent)[- ])?line"
)
_OTHER_WAY_IN = pattern(
    r"[;,.]? (?:or|and) (?:in |with )?(?:any )?(?:accelerated|blast|advanced|second|subsequent)"
)
_ONE_OF_EACH = pattern(
    r"one (?:\w+ )?(?:first|second|1st|2nd)[- ]generation[^;]{0,90}? and (?:at least )?one"
    r" (?:\w+ )?(?:second|third|2nd|3rd)[- ]generation"
)
"""A TKI of one kind and a TKI of another."""
_WHATEVER_CAME = pattern(
    r"(?:irrespective of|regardless of|whatever) (?:the )?(?:number of |kind of )?"
    r"(?:prior|previous|earlier) (?:\w+ ){0,2}(?:therap|treat|tki|line|drug)",
    r"any number of (?:prior|previous|earlier) (?:therap|treat|tki|line|drug)",
)
"""A way in for which it does not matter what came before."""
_IN_THAT_PHASE = pattern(
    r"(?:accelerated|blast\w*|advanced|\b[ab]p)\b[^.;]{0,40} any (?:(?:previous|prior|earlier) )?"
    r"(?:treatment|therapy|line)",
)
"""The same, in one phase of CML."""
_T315I_INSTEAD = pattern(
    r"t315i(?: mutation)?[,;]? or (?:\w+ )?(?:progress|fail|resist|intoler|relaps)",
    r"\bor,? (?!without|not )(?:[\w'-]+ ){0,5}t315i"
    r"(?![^.;]{0,80}(?:after|following|at least|\bone\b|1 |fail))",
)
"""T315I as another way in."""
_T315I_WHATEVER_CAME = pattern(
    r"t315i[^.;]{0,60}(?:regardless|irrespective|whatever)[^.;]{0,30}(?:prior|previous|earlier"
    r"|before|number|line|treatment|therap|tki|drug)"
)
"""The same, whatever came before."""
_T315I_BEFORE_ANY = pattern(
    r"t315i[^.;]{0,20}(?:without|with no) (?:any )?(?:earlier|prior|previous)"
)
"""The same, with nothing before."""
_T315I_AFTER_ONE = pattern(
    r"t315i[^.;]{0,60}(?:after|following|failed|failing|received|at least|only|had)"
    r"(?: failing| having)? (?:one|1)\b",
    r"t315i[^.;]{0,120}after (?:treatment with )?at least (?:one|1)\b",
    r"t315i[^.;]{0,40}after (?:failure of |failing |treatment with )?(?:imatinib|an?y? tki)",
    r"t315i[^.;]{0,20}(?:received|failed|had) (?:ponatinib|asciminib|imatinib)",
)
_BOTH = pattern(
    r"(?:first|1st)[- ](?:and|&)[- ](?:second|2nd)[- ]generation",
    r"(?:imatinib|gleevec|glivec)[^.;]{0,40}?(?: and|,? followed by|,? as well as|,? then(?: with)?"
    r"|,? and (?:then|subsequently|later)) (?:(?:on|to|with) )?"
    r"(?:one other|either |to |at least one (?:of )?"
    r"|one (?:of )?|also )?(?:also )?(?:a )?(?:\(?(?:dasatinib|nilotinib|bosutinib)"
    r"|second[- ]generation|2nd[- ]generation)(?! or imatinib)",
    r"(?:resistan\w+ (?:to|or intolerant to)|fail\w+(?: of)?|intoleran\w+ (?:to|of)) (?:\w+ )?"
    r"(?:dasatinib|nilotinib|second[- ]generation tkis?)[^.;]{0,30}? after"
    r" (?:failure of |prior )?imatinib",
    r"(?:imatinib|gleevec|glivec)[^.;]{0,20}? (?:plus|and) (?:resist\w+|intoleran\w+|fail\w+)"
    r" (?:to|of)? ?(?:dasatinib|nilotinib|bosutinib|an?other|a second)",
)
_A_NAME = r"(?:imatinib|dasatinib|nilotinib|bosutinib|ponatinib|radotinib|flumatinib|asciminib)"
_ALL_OF = pattern(
    rf"(?:to|of|failed|on|with|after) (?:both |all of |all )?"
    rf"{_A_NAME}(?:(?: mesylate)?, {_A_NAME})+,? (?:and|as well as) (?:also )?{_A_NAME}"
)
"""Several TKIs, all of them; in brackets they would be examples."""
_NAME = pattern(_A_NAME)
_INTERFERON_INSTEAD = pattern(
    r"interferon[^.;]{0,15} or [^.;]{0,20}(?:sti|imatinib|gleevec)",
    r"(?:sti|imatinib|gleevec)\w* or interferon",
)
_UNTREATED = pattern(
    r"newly[- ]?diagnosed", r"(?:previously|and|or) untreated",
    r"(?:treatment|tki|therapy|drug)[- ]na[i\u00ef]ve",
    r"no prior (?:\w+ ){0,2}(?:therapy|treatment) is (?:necessary|required|needed)",
    r"de novo (?:cml|chronic|ph)",
    r"\bno (?:previous|prior) tki(?! (?:other|except|than|for|within|but))",
)  # fmt: skip
_CHRONIC_ONLY = pattern(r"chronic phase|\bcp\d?\b")
_WASH_OUT = pattern(
    r"\d+\)? (?:days?|weeks?|hours?|half[- ]li\w+)[^.;]{0,60}(?:prior|before|since|last dose|wash"
    r"|discontinu|stopped|elapsed)",
    r"(?:prior|before|since|last dose|wash-?out|discontinu\w+|stopped)[^.;]{0,60}\b\d+\)?"
    r" (?:days?|weeks?|hours?|half[- ]li)",
)
"""How long ago: days, weeks or half-lives; months on a TKI are not a wash-out."""
_TIMED = 100
"""In characters: how near a TKI stands to the time that holds for it."""
_TAKEN_BEFORE = pattern(
    r"(?:prior|previous\w*|received|exposure to|treated with|treatment with|therapy with|failed"
    r"|resistan\w+ to|intoleran\w+ (?:to|of))[^.;]{0,60}$",
)
_NOT_OF_THE_LAST_TKI = pattern(r"contracept", r"pregnan", r"interrupt")
_FOR_SOME = pattern(r"\bmay\b", r"\bincluding\b", r"\bsuch as\b", r"\be\.g\b")
"""Beside a TKI that some of those who join have had."""
_TRANSPLANT = pattern(
    r"(?:prior(?! to)|previous\w*|history of|undergone|have had|failed|following|after(?! trans))"
    r"[^.;]{0,60}(?:transplant|\bhs?ct\b|\bsct\b|\bbmt\b)",
    r"(?:transplant\w*|\bhs?ct\b|\bsct\b|\bbmt\b)[^.;]{0,40}(?:within|< ?\d|less than \d)",
)
_TRANSPLANT_STEMS = ("transplant", "hct", "sct", "bmt")
_OR = pattern(r"\bor\b|\beither\b")
"""Beside a transplant that is one of several ways in."""
_DENIED = pattern(r"(?:\bno\b|\bnot\b|without|never|must not|excluded)[^.;]{0,40}$")
_ALLOWED = pattern(
    r"(?<!not )(?:allowed|permitted|eligible|acceptable)",
    r"may have",
    r"with or without",
    r"including",
    r"regardless",
)


def smallest_number(
    passages: Sequence[Passage], found: Sequence[Tie], cml: Cml, *, transplant: bool
) -> int | None:
    """The smallest number of earlier TKIs that lets anybody in; None if none is asked for.

    A group that joins newly diagnosed makes it 0; one that may join after interferon alone, or in
    a phase that nothing is asked of, makes it None: studies of a ``transplant`` for several
    diseases ask for TKI failure in the chronic phase and for nothing in the others.
    """
    if not found or (transplant and not cml.alone and not any(map(_of_all_phases, found))):
        return None
    if any(_takes_untreated(p, cml) for p in passages):
        return 0
    weighty = [tie for tie in found if tie.strong] or list(found)
    whatever = any(_takes_whatever_came(p) for p in passages)
    if whatever or any(_INTERFERON_INSTEAD.search(tie.passage.text) for tie in weighty):
        return None
    counted = [number for tie in weighty if (number := _count(tie.passage.text)) is not None]
    counted += [
        _named(tie.passage.text)
        for tie in weighty
        if _count(tie.passage.text) is None and _one_of_several(tie.passage)
    ]
    number = min(counted or [_named(tie.passage.text) for tie in weighty])
    return _less_with_t315i(passages, number)


def _one_of_several(passage: Passage) -> bool:
    """Whether a criterion stands under a line such as "one of the following:"."""
    leads = [lead.text for lead in passage.leads]
    return any(map(_ONE_OF.search, leads)) and not any("in addition" in lead for lead in leads)


_ONE_OF = pattern(r"\b(?:one|any) of\b", r"\beither\b", r"following (?:situation|condition|state)")


def _less_with_t315i(passages: Sequence[Passage], number: int) -> int | None:
    """``number``, or what is asked of those with T315I where that is less."""
    naming = [
        p.text
        for p in passages
        if p.side is not Side.EXCLUSION and "t315i" in p.text
        if p.part is not Part.DESCRIPTION or speaks_of_joining(p)
    ]
    if any(map(_T315I_BEFORE_ANY.search, naming)):
        return None
    if any(map(_T315I_AFTER_ONE.search, naming)):
        return 1
    if any(map(_T315I_WHATEVER_CAME.search, naming)):
        return None
    return None if number > 1 and any(map(_T315I_INSTEAD.search, naming)) else number


_STARTING = re.compile(
    r"\b(?:about to|or (?:will )?(?:start|begin)|(?:starting|beginning) or)\b", re.I
)


def about_to_start(decided: Sequence[Evidence]) -> bool:
    """Whether the deciding words also take people who only now get their first TKI."""
    return any(_STARTING.search(one.quote) for one in decided)


def _of_all_phases(tie: Tie) -> bool:
    """Whether a criterion asks for TKI failure in CML as such, not in its chronic phase only."""
    text = tie.passage.text
    if not first_cml(text):
        return False
    chronic = _CHRONIC_ONLY.search(text, 0, tie.start)
    if chronic and _OTHER_WAY_IN.search(text, tie.end):
        return False
    if "only if" in text:
        return not any_of(_OTHER_STATES, text)
    return not _CHRONIC_ONLY.search(text) or "accelerated" in text


def named_for_new(titles: Sequence[Passage], cml: Cml) -> bool:
    """Whether a title names people with CML who have had no treatment yet, and nobody else."""
    return any(_takes_untreated(p, cml) and not NOT_ONLY_NEW.search(p.text) for p in titles)


_OTHER_STATES = ("accelerated", "second", "blast")


def _takes_untreated(passage: Passage, cml: Cml) -> bool:
    if passage.side is Side.EXCLUSION or not _UNTREATED.search(passage.text):
        return False
    if passage.part is Part.SUMMARY and not speaks_of_joining(passage):
        return False
    if passage.part not in (Part.TITLE, Part.CRITERIA, Part.SUMMARY):
        return False
    return cml.about(passage) and not names_other(passage.text)


def _takes_whatever_came(passage: Passage) -> bool:
    joins = passage.part is Part.CRITERIA and passage.side is not Side.EXCLUSION
    text = passage.text
    return joins and bool(_WHATEVER_CAME.search(text) or _IN_THAT_PHASE.search(text))


def _behind(text: str) -> int | None:
    """One more than the line that failed: failing a second line means that two TKIs were had."""
    match = _LINE_FAILED.search(text)
    return _ORDINALS[match["n"]] + 1 if match else None


def _count(text: str) -> int | None:
    """The number of TKIs that ``text`` asks for in so many words."""
    if _ONE_OF_EACH.search(text):
        return 2
    both = _BOTH.search(text)
    counts = []
    for match in _COUNT.finditer(text):
        how = match["how"] or ""
        if how.startswith(_AT_MOST):
            continue
        number = _NUMBERS[
            match["n"] or match["n2"] or match["n3"] or match["n4"] or match["n5"]
        ] + (how == "more than")
        beside_imatinib = both and both.start() < match.start() < both.end()
        counts.append(number + 1 if beside_imatinib else number)
    if counts:
        return min(counts)
    if (behind := _behind(text)) is not None:
        return behind
    unsaid = _DEFINING.search(text) or _ANY_OF_LINES.search(text)
    ordinal = None if unsaid else _ORDINAL.search(text)
    return _ORDINALS[ordinal["n"]] if ordinal else None


def _named(text: str) -> int:
    """The number of TKIs that ``text`` names as all needed, at least one."""
    if all_of := _ALL_OF.search(text):
        return len(_NAME.findall(all_of[0]))
    return 2 if _BOTH.search(text) and "and/or" not in text else 1


def prior_drugs(
    passages: Sequence[Passage], found: Sequence[Tie]
) -> tuple[dict[str, Stance], tuple[Evidence, ...]]:
    """TKIs that must or must not have come before, by generic name.

    REQUIRED where one drug alone is asked for, ACCEPTED where it is one of several.
    """
    stances: dict[str, Stance] = {}
    evidence: list[Evidence] = []

    def note(name: str, stance: Stance, passage: Passage, span: tuple[int, int]) -> None:
        if name not in stances:
            stances[name] = stance
            evidence.append(passage.quote(f"drug:{name}", *span))

    for tie in found:
        if tie.passage.part is Part.CRITERIA:
            named = _names(tie.passage.text, tie.start, tie.end + 80)
            alone = len(named) == 1 and not _other_tki(tie.passage.text, tie)
            alone = alone and not _FOR_SOME.search(tie.passage.text)
            for name, span in named.items():
                note(name, Stance.REQUIRED if alone else Stance.ACCEPTED, tie.passage, span)
    for passage in passages:
        text = passage.text
        barred = passage.side is Side.EXCLUSION and tkis(text)
        if barred and not _WASH_OUT.search(text):
            for name, span in _names(text, 0, len(text)).items():
                if _TAKEN_BEFORE.search(text[max(0, span[0] - 100) : span[0]]):
                    note(name, Stance.EXCLUDED, passage, span)
    return stances, tuple(evidence)


def _names(text: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    found = ((name, words.search(text, start, end)) for name, words in BY_NAME.items())
    return {name: match.span() for name, match in found if match}


def _other_tki(text: str, tie: Tie) -> bool:
    """Whether another TKI, or "a TKI", stands beside the named one: then it is one of several."""
    near = [(a, b) for a, b in tkis(text) if a >= tie.start and b <= tie.end + 80]
    return len({text[a:b] for a, b in near}) > 1


def wash_out(passages: Sequence[Passage]) -> tuple[Evidence, ...]:
    """Criteria on how long ago the last TKI must have been."""
    return tuple(
        passage.quote("wash_out", *match.span())
        for passage in passages
        if passage.part is Part.CRITERIA and tkis(passage.text)
        if not _NOT_OF_THE_LAST_TKI.search(passage.text)
        if (match := _WASH_OUT.search(passage.text)) and _near_tki(passage.text, match)
    )


def _near_tki(text: str, match: re.Match[str]) -> bool:
    first, last = match.start() - _TIMED, match.end() + _TIMED
    return any(first < start < last for start, _ in tkis(text))


def prior_transplant(passages: Sequence[Passage], cml: Cml) -> tuple[Stance, tuple[Evidence, ...]]:
    """What the criteria say of a transplant that came before; asked for: of people with CML."""
    for passage in passages:
        text = passage.text
        named = passage.part is Part.CRITERIA and any_of(_TRANSPLANT_STEMS, text)
        match = _TRANSPLANT.search(text) if named else None
        if match is None:
            continue
        around = text[max(0, match.start() - 60) : match.end() + 60]
        if _ALLOWED.search(around):
            stance = Stance.ACCEPTED
        elif passage.side is Side.EXCLUSION or _DENIED.search(text[: match.start()][-60:]):
            stance = Stance.EXCLUDED
        elif cml.about(passage) and not _OR.search(around):
            stance = Stance.REQUIRED
        else:
            continue
        return stance, (passage.quote("prior_transplant", *match.span()),)
    return Stance.SILENT, ()
