"""The decision: yes, may or no, with the rule and the words that made it.

"Yes" ties joining to a TKI that failed or was not tolerated; "no" is for others: newly diagnosed
people, those who respond well and stop, healthy volunteers, people without CML. Whatever stands
between is "may". Rules are tried in the order of `_RULES`; the first that holds decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from trialfinder.reading.disease import Cml, Taking, first_cml, names_philadelphia
from trialfinder.reading.drugs import tkis
from trialfinder.reading.failure import failures
from trialfinder.reading.groups import (
    ADDING,
    ANY_FAILURE,
    AT_DIAGNOSIS,
    BARRED_IN_PART,
    BEFORE,
    DEEP,
    DONORS,
    EARLY_PHASE,
    FIRST_LINE,
    FIRST_LINE_BEFORE,
    GIVEN_BY_DONORS,
    HEALTHY,
    HEALTHY_DONORS,
    INTERFERON_FAILED,
    NEW,
    NEWLY_DIAGNOSED,
    NOT_ONLY_NEW,
    NOT_ROLLING,
    NOT_WELL,
    ON_TKI,
    PATIENTS,
    PLAIN_FAILURE,
    ROLL_OVER,
    SAMPLES,
    STOPPING,
    STUDIED_RESISTANCE,
    TKI_BEFORE,
    WELL,
)
from trialfinder.reading.model import Evidence, Side, Why
from trialfinder.reading.patterns import Words
from trialfinder.reading.prior_treatment import Kind, Tie
from trialfinder.reading.text import Joining, Part, Passage, among
from trialfinder.vocabulary import Approach, CmlPhase, Relevance, Stance

_Words = Words | re.Pattern[str]
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

    ``tells``: the record has more than a title and names of medicines. ``joining`` holds those of
    ``passages`` that are not on who cannot join.
    """

    tells: bool
    passages: Sequence[Passage]
    joining: Joining
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
    if found is None:
        return None
    of_well = found.part is Part.TITLE and DEEP.search(found.text) and not failures(found.text)
    if not of_well and _plainly_failed(facts):
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
    elsewhere = {tie.passage.part for tie in weighty}
    others = [tie for tie in counted if tie.passage.part not in elsewhere]
    verdict = _yes(Why.TKI_FAILURE, [*weighty, *others])
    return replace(verdict, evidence=(*verdict.evidence, *_beside(facts, verdict.evidence)))


def _beside(facts: Facts, quoted: Sequence[Evidence]) -> Iterator[Evidence]:
    """A criterion and a sentence of the summary that speak of failure too, in looser words."""
    places = {(one.field, one.start) for one in quoted}
    for part in (Part.CRITERIA, Part.SUMMARY):
        for passage in facts.joining.get(part, ()):
            spans = failures(passage.text) if facts.cml.about(passage) else []
            if spans and (part is Part.CRITERIA or PATIENTS.search(passage.text)):
                quote = passage.quote("relevance", *spans[0])
                if (quote.field, quote.start) not in places:
                    yield quote
                    break


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
    told_only = all(one.in_prose for one in facts.t315i_evidence)
    if told_only and _new(facts, (Part.TITLE, Part.CRITERIA)):
        return None
    places = {(one.field, one.start): one for one in facts.t315i_evidence}
    weighty = sorted(places.values(), key=lambda one: "eligibility" not in one.field)
    quotes = (replace(one, about="relevance") for one in weighty[:3])
    return Verdict(Relevance.YES, Why.RESISTANCE_MUTATION, tuple(quotes))


def _newly_diagnosed(facts: Facts) -> Verdict | None:
    at_diagnosis = next(_where(facts, AT_DIAGNOSIS, (Part.TITLE,)), None)
    if at_diagnosis and facts.approaches == {Approach.OBSERVATION_OR_SUPPORT}:
        return _no(Why.LABORATORY, at_diagnosis)
    if facts.advanced or not facts.cml.alone:
        return None
    if any(_interferon_failed(p) for p in facts.passages):
        return None
    found = _new(facts, (Part.TITLE, Part.CRITERIA, Part.SUMMARY, Part.CONDITION))
    if found and not _early_only(found, facts) and not NOT_ONLY_NEW.search(found.text):
        return _no(Why.NEWLY_DIAGNOSED, found)
    if Approach.TKI in facts.approaches and (barred := _tki_barred(facts)):
        return _no(Why.NEWLY_DIAGNOSED, barred)
    return None


def _early_only(found: Passage, facts: Facts) -> bool:
    """Whether people join soon after diagnosis, without a word on treatment since."""
    untreated = any(NEWLY_DIAGNOSED.search(p.text) for p in among(_STRONG_PARTS, facts.joining))
    return bool(EARLY_PHASE.search(found.text)) and not untreated and "no prior" not in found.text


def _interferon_failed(passage: Passage) -> bool:
    """Whether people join after interferon failed: such a group is not newly diagnosed."""
    asks = passage.part in (Part.CRITERIA, Part.TITLE) and passage.side is not Side.EXCLUSION
    return asks and bool(INTERFERON_FAILED.search(passage.text))


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
        if well := _responds_well(facts):
            return _may(Why.ON_TREATMENT, well)
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
    titles = facts.joining.get(Part.TITLE, ())
    healthy = next((p for p in titles if HEALTHY_DONORS.search(p.text)), None)
    if healthy and not any(PATIENTS.search(p.text) for p in titles):
        return _no(Why.DONORS, healthy)
    conditions = facts.joining.get(Part.CONDITION, ())
    given = next((p for p in titles if GIVEN_BY_DONORS.search(p.text)), None)
    if given and not any("patient" in p.text for p in facts.joining.get(Part.CRITERIA, ())):
        return _no(Why.DONORS, given)
    found = next((p for p in conditions if DONORS.search(p.text)), None)
    named = (*facts.joining.get(Part.TITLE, ()), *conditions)
    return (
        None if found is None or any(first_cml(p.text) for p in named) else _no(Why.DONORS, found)
    )


def _healthy(facts: Facts) -> Verdict | None:
    criteria = [p.text for p in facts.passages if p.part is Part.CRITERIA]
    if any("patient" in text or first_cml(text) for text in criteria):
        return None
    parts = (Part.TITLE, Part.CRITERIA) if criteria else (Part.TITLE, Part.SUMMARY)
    found = next((p for p in _where(facts, HEALTHY, parts) if "patient" not in p.text), None)
    return _no(Why.HEALTHY, found) if found else None


def _not_shut_out(facts: Facts) -> Verdict | None:
    """What is left takes people with CML, and says nothing of a TKI that fell short."""
    for passage in among(_STRONG_PARTS, facts.joining):
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


def _where(facts: Facts, words: _Words, parts: tuple[Part, ...]) -> Iterator[Passage]:
    """The passages of ``parts`` that ``words`` occur in, part after part, exclusions left out."""
    search = words.search
    return (p for p in among(parts, facts.joining) if search(p.text))


def _first(facts: Facts, words: _Words) -> Passage | None:
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
    quoted: dict[Part, list[Evidence]] = {}
    for tie in ties:
        quoted.setdefault(tie.passage.part, []).append(tie.evidence)
    quotes = (quote for found in quoted.values() for quote in found[:2])
    return Verdict(Relevance.YES, why, tuple(quotes))
