"""The decision: yes, may or no, with the rule and the words that made it.

"Yes" ties joining to a TKI that failed or was not tolerated; "no" is for others: newly diagnosed
people, those who respond well and stop, healthy volunteers, people without CML. Whatever stands
between is "may". Rules are tried in the order of `_RULES`; the first that holds decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trialfinder.reading.disease import Cml, Taking, first_cml, names_philadelphia
from trialfinder.reading.drugs import tkis
from trialfinder.reading.failure import failures
from trialfinder.reading.model import Evidence, Side, Why
from trialfinder.reading.patterns import any_of, pattern
from trialfinder.reading.prior_treatment import Kind, Tie
from trialfinder.reading.text import Part, Passage
from trialfinder.vocabulary import Approach, CmlPhase, Relevance, Stance

_A_TKI = r"(?:tinib|gleevec|glivec|\btkis?\b|kinase inhib|sti ?571)"
_FEW_MONTHS = r"(?:[1-6]|one|two|three|four|six)"

NEW = pattern(
    r"newly[- ]?(?:-)?diagnos\w+", r"new(?:ly)? diagnosed", r"new diagnos[ie]s",
    r"recently diagnosed", r"\buntreated", r"for the first time",
    r"before (?:any |the )?(?:treatment|therapy|tki) (?:begins|starts|is started)",
    r"new (?:cml|cases)",
    r"(?:treatment|therapy|drug|tki|imatinib)[- ]?(?:naive|na.ve)", r"de novo (?:cml|chronic)",
    r"patients? [^.;]{0,60}at (?:the time of )?(?:initial |first |primary )?diagnosis",
    r"first[- ]?line", r"front-?[- ]?line", r"1st[- ]line", r"up-?front",
    r"initial (?:therapy|treatment)", r"primary (?:therapy|treatment) (?:of|for|in)",
    r"(?:within|less than|<|=<|in the last|no more than) ?(?:\d+ (?:weeks|days)"
    rf"|{_FEW_MONTHS} months?)[^.;]{{0,25}} diagnos",
    r"diagnos\w+[^.;]{0,30}(?:within|less than|<|in the (?:last|past|previous)|no more than) ?"
    rf"(?:the )?(?:past |last |previous )?(?:\d+ (?:weeks|days)|{_FEW_MONTHS} (?:weeks?|months?))",
    r"(?:no|not|never|without)[^.;:]{0,25} (?:prior|previous\w*|received|been treated)"
    r"[^.;:]{0,40}(?:imatinib|tki|tyrosine|treatment for cml|therapy for cml|anti-?leuk\w+)",
)  # fmt: skip
FIRST_LINE = pattern(r"first[- ]?line", r"front-?[- ]?line", r"1st[- ]line")
FIRST_LINE_BEFORE = pattern(
    r"(?:\bon|\bas|after|of|to|with|under|during|failed|failing|resistant|refractory|intolerant)"
    r" (?:(?:to|of|prior|previous|treatment|therapy|with|the|an?) ){0,3}"
    r"(?:first|front|1st)[- ]?line"
)
"""A first line that lies behind the people who join."""
NEWLY_DIAGNOSED = pattern(r"new(?:ly)?[- ]?diagnos\w+", r"untreated", r"na[i\u00ef]ve")
NOT_ONLY_NEW = pattern(
    r"(?:or|and|and/or|/|as well as) (?:\w+ ){0,3}(?:relaps|refract|resist|previously treated"
    r"|pre-?treated|intoler|recurrent|treated|advanced|switch)",
    r"(?:relaps\w+|refractory|resistant|intolerant|previously treated|recurrent)[^.;]{0,40}"
    r" (?:or|and) ",
)
STOPPING = pattern(
    r"(?:discontinu\w+|stop(?:s|ping|ped)?|cessation|withdraw\w*|interrupt\w+"
    rf"|suspen(?:sion|d\w*)|holiday)[^.;]{{0,60}}(?:{_A_TKI}|\btreatment|\btherapy)",
    r"(?:de-?escalat\w+|de-?intensif\w+|taper\w*|\breduc\w+|lower\w*|halving|intermittent\w*)"
    rf"[^.;]{{0,60}}{_A_TKI}",
    rf"(?:{_A_TKI}|\btreatment|\btherapy)\w*[^.;]{{0,40}}(?:discontinu\w+|stopping|cessation"
    r"|withdrawal|interruption|suspension|holiday|free remission)",
    rf"{_A_TKI}\w*[^.;]{{0,40}}(?:dose )?(?:de-?escalation|reduction|tapering)",
    r"treatment[- ]?free", r"\btfr\b", r"therapy[- ]free", r"drug[- ]free",
    r"stop[- ]?(?:imatinib|tki|dasat|nilo|ima)",
    r"\bhal(?:f|ve[ds]?|ving)\b[^.;]{0,40}\bdos", r"half[- ]dose",
)  # fmt: skip
DEEP = pattern(
    r"\b(?:complete|deep|undetect\w+|sustained|stable|major|optimal|durable|persistent)[^.;]{0,25}"
    r"(?:molecular|cytogenetic|remission|respon)",
    r"\b(?:mmr|cmr|dmr|mr ?4|mr ?5|ccyr|mr ?3)\b", r"undetectable", r"remission",
    r"tfr|treatment[- ]free",
)  # fmt: skip
ADDING = pattern(
    r"combination", r"consolidation", r"switch\w*", r"\badd(?:ed|ing|ition)?\b", r"add-on",
    r"\bplus\b", r"vaccin\w*", r"interferon",
)  # fmt: skip
PLAIN_FAILURE = pattern(
    r"resistan", r"\bfail", r"sub-?optimal", r"refractor", r"inadequate", r"insufficient"
)
ANY_FAILURE = pattern(
    PLAIN_FAILURE.pattern, r"intoleran", r"toxicit", r"side[- ]effect", r"attributed", r"adverse"
)
"""Criteria of stopping studies speak of changes for intolerance in those who do well since."""
STUDIED_RESISTANCE = pattern(
    r"mechanism", r"predict", r"risk", r"prevent", r"overcom", r"detect", r"emergence",
    r"development of", r"early",
)  # fmt: skip
WELL = pattern(
    r"(?:\bin|with|achieved|reached|obtained|attained|maintain\w*|stable|confirmed|sustained|have"
    r"|at least|having)(?: (?:a|an|stable|confirmed|sustained|at least|already|response"
    r"|continuous))* (?:complete cytogenetic|ccyr|mmr|major molecular|cmr|deep molecular"
    r"|complete molecular|complete remission)",
    r"(?:reached|achieved|in) a response[^.;]{0,40}(?:ccyr|mmr|complete|major)",
)
NOT_WELL = pattern(r"(?:\bnot?\b|never|without|n't|lack|fail\w*|loss|lost)[^.;]{0,30}$")
DONORS = pattern(r"\bdonors?\b")
HEALTHY = pattern(
    r"healthy (?:\w+ ){0,3}(?:volunteer|subject|male|female|participant|adult|men|women|human"
    r"|individual|people|person|japanese|chinese)",
    r"normal (?:healthy )?volunteers",
    r"in good health",
    r"bio-?equivalence",
    r"bio-?availability",
)
SAMPLES = pattern(
    r"(?:previously|already)[- ](?:collected|stored|banked)",
    r"(?:stored|banked|archived|archival) (?:\w+ ){0,3}(?:samples|specimens|tissue|sera|serum"
    r"|cells)",
    r"(?:samples|specimens|tissue)[^.;]{0,40}(?:previously|already) (?:enrolled|collected|stored"
    r"|banked)",
)
ROLL_OVER = pattern(
    r"roll-?[- ]?over",
    r"extension (?:study|protocol|trial)\b",
    r"extension of (?:the )?[^.;]{0,40}(?:study|trial|protocol)\b",
    r"(?:participants|patients|subjects) (?:of|in|from) (?:the )?\S*[\d-]\S* (?:trial|study)\b",
    r"(?<!not )(?:participat\w+|enroll?ed|completed|treated|randomi[sz]ed|included|registered"
    r"|receiv\w+|benefit\w+)[^.;]{0,60} (?:previous|parent|prior|original|preceding|core|earlier"
    r"|feeder)(?! to| (?:tki|treat|ther|line|imat|chemo|use|to))[^.;]{0,40}"
    r"(?:study|studies|trials?|protocols?)\b",
    r"(?:benefit\w*|received|response|previously|completed)[^.;]{0,60} (?:on|in|under|from)"
    r" (?:the )?(?:protocol|study|trial|novartis|pfizer|bms)[- ](?:study |trial |protocol )?"
    r"[a-z]{0,6}[-\d][\w-]*\d",
    r"(?:currently|still|already) (?:\w+ ){0,4}(?:participating|enrolled|receiving|treated|on)"
    r"[^.;]{0,80}(?:novartis|bms|pfizer|ariad|sponsored|sponsor)[^.;]{0,30}"
    r"(?:study|studies|trials?|protocols?)",
    r"long[- ]term (?:follow[- ]up|safety|extension)[^.;]{0,60}(?:previous|participat|in study"
    r"|completed|enrolled|treated in|who (?:have|were))",
)
NOT_ROLLING = pattern(r"(?:\bnot?\b|must not|never|without|except|unless|may)[^.;]{0,30}$")
TKI_BEFORE = pattern(
    r"(?:treat\w+|therap\w+|exposure|exposed|receiv\w+|use of|administration|taken)[^.;]{0,50}"
    r"(?:tinib|gleevec|glivec|tkis?\b|tyrosine)",
    r"(?:tinib|gleevec|glivec|tkis?\b|kinase inhibitors?)[^.;]{0,40}(?:treat\w+|therap\w+"
    r"|exposure)",
    r"(?:prior|previous\w*) (?:\w+ ){0,4}(?:imatinib|tkis?\b|tyrosine|gleevec|glivec|sti)",
)
BEFORE = pattern(r"prior|previous|before|pre-?treated|already|history of")
BARRED_IN_PART = pattern(
    r"within", r"\b(?:weeks?|days?|months?|hours?|half)\b", r"other than", r"except", r"unless",
    r"more than", r"greater", r"> ?\d", r"second", r"dasatinib or nilotinib", r"ponatinib",
    r"concomitant", r"concurrent", r"intoleran", r"toxicit", r"study drug", r"allow", r"permit",
    r"hypersens", r"allerg", r"at least", r"interfere", r"combination", r"resist", r"fail",
    r"respon", r"\b(?:2|3|two|three)\b", r"investigational", r"cyp(?:[- ]?[23])",
)  # fmt: skip
ON_TKI = pattern(
    r"(?:\bon|receiving|taking|under|treated with|treatment with|therapy with|received"
    rf"|respon\w+ to|prior|previous(?:ly)?)\b[^.;]{{0,40}}{_A_TKI}[^.;]{{0,60}}(?:currently"
    r"|at least|minimum|months|years|stable|achiev|respon|remission|ccyr|mmr|ongoing)",
    r"(?:currently|at least|minimum|months|years|stable|achiev\w*|respon\w*|remission|ccyr|mmr"
    r"|must (?:be|have))\b[^.;]{0,40}(?:\bon|of|receiving|taking|under|treated with"
    rf"|treatment with|therapy with|been on|received)\b[^.;]{{0,30}}{_A_TKI}",
    r"(?:patients?|cml|phase|subjects|participants)[^.;]{0,30} (?:\bon|under|receiving|taking"
    rf"|treated (?:with|by)|prescribed)\b[^.;]{{0,30}}{_A_TKI}",
    rf"^[^a-z]*(?:receiving|taking|prescribed|current\w*|under)\b[^.;]{{0,40}}{_A_TKI}",
    rf"{_A_TKI}[^.;]{{0,30}} (?:since|for) (?:at least|>|more than|minimum)",
)

_STEMS: dict[re.Pattern[str], tuple[str, ...]] = {
    NEW: (
        "new", "untreat", "first", "na", "de novo", "diagnos", "line", "front", "initial",
        "primary", "prior", "previous", "received", "1st",
    ),
    STOPPING: (
        "discontinu", "stop", "cessation", "withdraw", "interrupt", "suspen", "holiday",
        "escalat", "intensif", "taper", "reduc", "lower", "hal", "intermittent", "free",
        "tfr",
    ),
    WELL: ("cytogenetic", "ccyr", "mmr", "molecular", "cmr", "remission", "respon"),
    HEALTHY: ("healthy", "normal", "good health", "bio"),
    SAMPLES: ("collected", "stored", "banked", "archiv", "obtained", "enrolled"),
    ROLL_OVER: ("roll", "extension", "stud", "trial", "protocol", "term"),
    ON_TKI: ("tinib", "gleevec", "glivec", "tki", "kinase", "sti"),
}  # fmt: skip
"""Letters without which a pattern cannot match: a cheap look before a dear one."""

_STRONG_PARTS = (Part.TITLE, Part.CRITERIA, Part.SUMMARY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A relevance with its reason and the deciding words."""

    relevance: Relevance
    why: Why
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the other modules found in one record.

    ``tells``: the record has more than a title and names of medicines. ``joining`` holds the
    passages by part, without those on who cannot join.
    """

    tells: bool
    passages: Sequence[Passage]
    joining: Mapping[Part, Sequence[Passage]]
    cml: Cml
    ties: Sequence[Tie]
    later_lines: Sequence[Tie]
    t315i: Stance
    t315i_evidence: tuple[Evidence, ...]
    cml_phases: frozenset[CmlPhase]
    approaches: frozenset[Approach]

    @property
    def advanced(self) -> bool:
        """Whether accelerated or blast phase is accepted."""
        return bool(self.cml_phases & {CmlPhase.ACCELERATED, CmlPhase.BLAST})


def decide(facts: Facts) -> Verdict:
    """The verdict of the first rule that holds."""
    return next(verdict for rule in _RULES if (verdict := rule(facts)))


def _says_nothing(facts: Facts) -> Verdict | None:
    """A record that has lost its text, or never had any, shuts nobody out."""
    if facts.tells or facts.cml.taking is not Taking.SILENT:
        return None
    return Verdict(Relevance.MAY, Why.NOT_SAID, ())


def _without_cml(facts: Facts) -> Verdict | None:
    found = {
        Taking.SILENT: (Relevance.NO, Why.NO_CML),
        Taking.EXCLUDES: (Relevance.NO, Why.CML_EXCLUDED),
        Taking.BACKGROUND: (Relevance.NO, Why.CML_BACKGROUND),
        Taking.EXCLUDES_IN_PART: (Relevance.MAY, Why.RULED_OUT_IN_PART),
    }.get(facts.cml.taking)
    return Verdict(*found, facts.cml.evidence) if found else None


def _stored_samples(facts: Facts) -> Verdict | None:
    """Studies of samples that were taken long ago; nobody joins."""
    found = _first(facts, SAMPLES)
    only_observes = facts.approaches == {Approach.OBSERVATION_OR_SUPPORT}
    if found and (found.part is not Part.CRITERIA or only_observes):
        return _no(Why.LABORATORY, found)
    return None


def _roll_over(facts: Facts) -> Verdict | None:
    """Studies open only to those who took part in an earlier one."""
    for passage in _where(facts, ROLL_OVER, _STRONG_PARTS):
        match = ROLL_OVER.search(passage.text)
        if match and not NOT_ROLLING.search(passage.text[: match.start()]):
            if passage.part is not Part.SUMMARY or not any(tie.strong for tie in facts.ties):
                return _no(Why.ROLL_OVER, passage)
            return None
    return None


def _stopping(facts: Facts) -> Verdict | None:
    """Studies of stopping or lowering a TKI that works, unless another group's failed."""
    found = _stops(facts)
    if found is None or _plainly_failed(facts):
        return None
    if any(NEWLY_DIAGNOSED.search(p.text) for p in facts.joining.get(Part.TITLE, ())):
        return None
    if next(_where(facts, DEEP, (*_STRONG_PARTS, Part.DESCRIPTION)), None) is None:
        return None  # stopped for another reason than a good response
    if any(ADDING.search(p.text) for p in facts.joining.get(Part.TITLE, ())):
        return _may(Why.ON_TREATMENT, found)  # something is given to get deeper before stopping
    return _no(Why.STOPPING, found)


def _plainly_failed(facts: Facts) -> bool:
    return any(
        tie.kind is Kind.FAILURE
        and (PLAIN_FAILURE if tie.passage.part is Part.CRITERIA else ANY_FAILURE).search(
            tie.passage.text
        )
        and not DEEP.search(tie.passage.text)
        for tie in facts.ties
    )


def _stops(facts: Facts) -> Passage | None:
    for part in (Part.TITLE, Part.SUMMARY, Part.CRITERIA):
        for passage in _where(facts, STOPPING, (part,)):
            tki = tkis(passage.text)
            if part is Part.TITLE and (tki or first_cml(passage.text)):
                return passage
            if tki and DEEP.search(passage.text) and not failures(passage.text):
                return passage
    return None


def _tied(facts: Facts) -> Verdict | None:
    """Joining is tied to a TKI that fell short; not by prose alone in a study for the new."""
    if not facts.ties:
        return None
    counted = facts.ties
    if _new(facts, (Part.TITLE, Part.CRITERIA)):
        counted = [tie for tie in counted if tie.strong and not _beside_new(tie)]
    if not counted:
        return None
    weighty = [tie for tie in counted if tie.kind is Kind.FAILURE] or counted
    if weighty[0].kind is not Kind.FAILURE and (well := _responds_well(facts)):
        return _may(Why.ON_TREATMENT, well)
    return _yes(Why.TKI_FAILURE, weighty)


def _beside_new(tie: Tie) -> bool:
    """Whether a title names resistance as what is studied, in people who were just diagnosed."""
    text = tie.passage.text
    return tie.passage.part is Part.TITLE and bool(STUDIED_RESISTANCE.search(text))


def _responds_well(facts: Facts) -> Passage | None:
    """Where the record says, in so many words, that those who join respond well."""
    for passage in _where(facts, WELL, _STRONG_PARTS):
        match = WELL.search(passage.text)
        if match is None or not facts.cml.about(passage):
            continue
        if not NOT_WELL.search(passage.text[max(0, match.start() - 40) : match.start() + 4]):
            return passage
    return None


def _mutation(facts: Facts) -> Verdict | None:
    if facts.t315i not in (Stance.REQUIRED, Stance.ACCEPTED):
        return None
    quotes = (replace(item, about="relevance") for item in facts.t315i_evidence[:3])
    return Verdict(Relevance.YES, Why.RESISTANCE_MUTATION, tuple(quotes))


def _newly_diagnosed(facts: Facts) -> Verdict | None:
    if facts.advanced or not facts.cml.alone:
        return None
    if any(_interferon_failed(p) for p in facts.passages):
        return None
    found = _new(facts, (Part.TITLE, Part.CRITERIA, Part.SUMMARY, Part.CONDITION))
    if found and not NOT_ONLY_NEW.search(found.text):
        return _no(Why.NEWLY_DIAGNOSED, found)
    if Approach.TKI in facts.approaches and (barred := _tki_barred(facts)):
        return _no(Why.NEWLY_DIAGNOSED, barred)
    return None


def _interferon_failed(passage: Passage) -> bool:
    """Whether people join after interferon failed: such a group is not newly diagnosed."""
    asks = passage.part in (Part.CRITERIA, Part.TITLE) and passage.side is not Side.EXCLUSION
    return asks and "interferon" in passage.text and bool(failures(passage.text))


def _tki_barred(facts: Facts) -> Passage | None:
    """The exclusion that lets in nobody who has had a TKI."""
    for passage in facts.passages:
        text = passage.text
        barred = passage.side is Side.EXCLUSION and TKI_BEFORE.search(text)
        if barred and BEFORE.search(text) and not BARRED_IN_PART.search(text):
            return passage
    return None


def _later_line(facts: Facts) -> Verdict | None:
    """An earlier TKI is asked for, and a medicine is tested."""
    asked = [tie for tie in facts.later_lines if tie.strong]
    medicine = not facts.approaches or facts.approaches & {Approach.TKI, Approach.OTHER_TARGETED}
    if asked and medicine and not _new(facts, (*_STRONG_PARTS, Part.CONDITION)):
        failed = [
            p.quote("relevance", *spans[0])
            for p in facts.passages
            if p.part is Part.CRITERIA and p.side is not Side.EXCLUSION and facts.cml.about(p)
            if (spans := failures(p.text))
        ]
        quotes = (*failed[:2], *(tie.evidence for tie in asked[:2]))
        return Verdict(Relevance.YES, Why.LATER_LINE, quotes)
    return None


def _donors(facts: Facts) -> Verdict | None:
    """Studies of people who give cells, not of those who get them."""
    conditions = facts.joining.get(Part.CONDITION, ())
    found = next((p for p in conditions if DONORS.search(p.text)), None)
    named = (*facts.joining.get(Part.TITLE, ()), *conditions)
    return (
        None if found is None or any(first_cml(p.text) for p in named) else _no(Why.DONORS, found)
    )


def _healthy(facts: Facts) -> Verdict | None:
    criteria = [p.text for p in facts.passages if p.part is Part.CRITERIA]
    if any("patient" in text or first_cml(text) for text in criteria):
        return None
    found = next(_where(facts, HEALTHY, (Part.TITLE, Part.CRITERIA)), None)
    return _no(Why.HEALTHY, found) if found else None


def _not_shut_out(facts: Facts) -> Verdict | None:
    """What is left takes people with CML, and says nothing of a TKI that fell short."""
    for passage in (p for part in _STRONG_PARTS for p in facts.joining.get(part, ())):
        if first_cml(passage.text) and failures(passage.text):
            return _may(Why.RESISTANCE_UNNAMED, passage)
    if facts.cml.taking is not Taking.PHILADELPHIA_ONLY and facts.cml.alone:
        found = next(_where(facts, ON_TKI, (Part.CRITERIA, Part.TITLE, Part.SUMMARY)), None)
        if found:
            return _may(Why.ON_TREATMENT, found)
    return Verdict(Relevance.MAY, _kind_of_may(facts), facts.cml.evidence)


def _kind_of_may(facts: Facts) -> Why:
    if facts.cml.taking is Taking.PHILADELPHIA_ONLY:
        return Why.SEVERAL_DISEASES
    if Approach.TRANSPLANT in facts.approaches:
        return Why.TRANSPLANT
    if facts.advanced:
        return Why.ADVANCED_PHASE
    return Why.ANY_LINE if facts.cml.alone else Why.SEVERAL_DISEASES


_RULES: tuple[Callable[[Facts], Verdict | None], ...] = (
    _says_nothing,
    _without_cml,
    _stored_samples,
    _roll_over,
    _stopping,
    _tied,
    _mutation,
    _newly_diagnosed,
    _later_line,
    _donors,
    _healthy,
    _not_shut_out,
)


def _where(facts: Facts, words: re.Pattern[str], parts: tuple[Part, ...]) -> Iterator[Passage]:
    """The passages of ``parts`` that ``words`` occur in, part after part, exclusions left out."""
    stems = _STEMS.get(words, ("",))
    for part in parts:
        for passage in facts.joining.get(part, ()):
            if any_of(stems, passage.text) and words.search(passage.text):
                yield passage


def _first(facts: Facts, words: re.Pattern[str]) -> Passage | None:
    return next(_where(facts, words, _STRONG_PARTS), None)


def _new(facts: Facts, parts: tuple[Part, ...]) -> Passage | None:
    """Where the record asks for people with CML who are newly diagnosed or untreated."""
    for passage in _where(facts, NEW, parts):
        text = passage.text
        behind = passage.part is Part.CRITERIA or FIRST_LINE_BEFORE.search(text)
        if FIRST_LINE.search(text) and behind and not NEWLY_DIAGNOSED.search(text):
            continue
        if facts.cml.alone or first_cml(text) or names_philadelphia(text):
            return passage
    return None


def _no(why: Why, passage: Passage) -> Verdict:
    return Verdict(Relevance.NO, why, (passage.quote("relevance"),))


def _may(why: Why, passage: Passage) -> Verdict:
    return Verdict(Relevance.MAY, why, (passage.quote("relevance"),))


def _yes(why: Why, ties: Sequence[Tie]) -> Verdict:
    return Verdict(Relevance.YES, why, tuple(tie.evidence for tie in ties[:3]))
