"""What a person says of themselves, held against what each record says.

For every point that the person answered: the record mentions it and fits, mentions it and leaves
it open, does not say, or speaks against it. A comparison of words, not a judgement of who can
join: that is the study team's. Nothing here is stored or sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from trialfinder.finding.limits import age_outside, sex_outside
from trialfinder.reading import Evidence, Reading, Why
from trialfinder.reading.drugs import BY_NAME
from trialfinder.reading.failure import Shortfall, shortfalls
from trialfinder.reading.text import plain
from trialfinder.registry.parse import Study
from trialfinder.vocabulary import CmlPhase, Relevance, Sex, Stance


class Ended(StrEnum):
    """Why a TKI ended, as the person says."""

    STOPPED_WORKING = "stopped_working"
    SIDE_EFFECTS = "side_effects"
    OTHER = "other"
    STILL_ON = "still_on"
    NOT_SURE = "not_sure"


class Mutation(StrEnum):
    """What a mutation test of BCR::ABL1 found."""

    T315I = "t315i"
    ANOTHER = "another"
    NONE_FOUND = "none_found"
    NEVER_TESTED = "never_tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A person's answers; None or empty where they gave none or are not sure.

    ``age`` is in years. ``tkis`` holds the TKIs had so far by generic name (`reading.drugs.TKIS`),
    one still taken included, each with why it ended.
    """

    age: float | None = None
    sex: Sex | None = None
    cml_phase: CmlPhase | None = None
    tkis: Mapping[str, Ended] = field(default_factory=dict)
    mutation: Mutation | None = None
    transplant: bool | None = None

    @property
    def given(self) -> bool:
        """Whether anything was answered."""
        return self != Situation()

    def ended(self, why: Ended) -> bool:
        """Whether a TKI ended for this reason."""
        return why in self.tkis.values()


class Topic(StrEnum):
    """What a point is about, in the order in which points are shown."""

    FOR_WHOM = "for_whom"
    TKI_ENDED = "tki_ended"
    NUMBER_OF_TKIS = "number_of_tkis"
    TKI_BEFORE = "tki_before"
    TKI_TESTED = "tki_tested"
    CURRENT_TKI = "current_tki"
    GOOD_RESPONSE = "good_response"
    MUTATION = "mutation"
    CML_PHASE = "cml_phase"
    TRANSPLANT = "transplant"
    AGE = "age"
    SEX = "sex"


class Answer(StrEnum):
    """How a record stands to one point."""

    CONFLICT = "conflict"  # speaks against it: may not fit
    ASK = "ask"  # mentions it, and leaves it open
    FITS = "fits"  # mentions it, and what it says fits
    SILENT = "silent"  # does not say


@dataclass(frozen=True, slots=True)
class Point:
    """One answer, the case that it is an instance of, and the record's own words for it.

    ``case`` names its sentence among those of the topic; ``values`` are what is said in it. Without
    ``evidence`` the answer rests on a field of its own (age, sex) or on silence.
    """

    topic: Topic
    answer: Answer
    case: str
    evidence: tuple[Evidence, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


def points(situation: Situation, study: Study, reading: Reading) -> tuple[Point, ...]:
    """Each point that the person answered, held against one record; in the order of `Topic`."""
    found = [point for rule in _RULES for point in rule(situation, study, reading)]
    order = list(Topic)
    return tuple(sorted(found, key=lambda point: order.index(point.topic)))


def unfit(
    situation: Situation, studies: Mapping[str, Study], readings: Mapping[str, Reading]
) -> frozenset[str]:
    """NCT IDs of the studies that something speaks against. They are shown last, never hidden."""
    if not situation.given:
        return frozenset()
    return frozenset(
        nct_id
        for nct_id, study in studies.items()
        if any(p.answer is Answer.CONFLICT for p in points(situation, study, readings[nct_id]))
    )


def naming_mutation(situation: Situation, readings: Mapping[str, Reading]) -> frozenset[str]:
    """NCT IDs of the studies whose records take people with T315I, for a person who has it."""
    if situation.mutation is not Mutation.T315I:
        return frozenset()
    taking = (Stance.REQUIRED, Stance.ACCEPTED)
    return frozenset(nct_id for nct_id, reading in readings.items() if reading.t315i in taking)


_Points = Iterator[Point]


def _for_whom(situation: Situation, _: Study, reading: Reading) -> _Points:
    """A record that was written for people in another situation."""
    if reading.relevance is not Relevance.NO:
        return
    if reading.why is Why.NEWLY_DIAGNOSED and not situation.tkis:
        return
    if reading.why is Why.STOPPING and not situation.ended(Ended.STOPPED_WORKING):
        return
    quotes = reading.quotes("relevance")
    yield Point(Topic.FOR_WHOM, Answer.CONFLICT, reading.why.value, quotes)


_SHORTFALL_OF = {
    Ended.STOPPED_WORKING: Shortfall.RESISTANCE,
    Ended.SIDE_EFFECTS: Shortfall.INTOLERANCE,
}


def _tki_ended(situation: Situation, _: Study, reading: Reading) -> _Points:
    """Why the TKIs ended, against the words of failure or intolerance in the record."""
    ended = [why for why in _SHORTFALL_OF if situation.ended(why)]
    if not ended or reading.relevance is Relevance.NO:
        return
    deciding = (*reading.quotes("relevance"), *reading.quotes("response"))
    named = {
        kind: tuple(e for e in _distinct(deciding) if kind in shortfalls(_plain(e)))
        for kind in Shortfall
    }
    tied = reading.relevance is Relevance.YES
    for why in ended:
        kind = _SHORTFALL_OF[why]
        if tied and named[kind]:
            yield Point(Topic.TKI_ENDED, Answer.FITS, f"{why}_named", named[kind])
            return
    why = ended[0]
    if reading.why is Why.RESISTANCE_UNNAMED:
        yield Point(Topic.TKI_ENDED, Answer.ASK, "not_said_of_what", reading.quotes("relevance"))
    elif tied:
        yield Point(Topic.TKI_ENDED, Answer.ASK, f"{why}_not_named", reading.quotes("relevance"))
    else:
        yield Point(Topic.TKI_ENDED, Answer.SILENT, "silent")


def _number_of_tkis(situation: Situation, _: Study, reading: Reading) -> _Points:
    had, asked = len(situation.tkis), reading.min_prior_tkis
    if not had:
        return
    quotes = reading.quotes("min_prior_tkis")
    values = {"had": str(had), "asked": str(asked)}
    if asked is None:
        yield Point(Topic.NUMBER_OF_TKIS, Answer.SILENT, "silent")
    elif asked == 0:
        yield Point(Topic.NUMBER_OF_TKIS, Answer.ASK, "none_needed", quotes, values)
    elif had < asked:
        yield Point(Topic.NUMBER_OF_TKIS, Answer.CONFLICT, "more_needed", quotes, values)
    else:
        yield Point(Topic.NUMBER_OF_TKIS, Answer.FITS, "enough", quotes, values)


def _tki_before(situation: Situation, _: Study, reading: Reading) -> _Points:
    """TKIs that must, may or must not have come before, by name."""
    if not situation.tkis:
        return
    for name, stance in reading.prior_drugs.items():
        quotes = reading.quotes(f"drug:{name}")
        had = name in situation.tkis
        if stance is Stance.EXCLUDED:
            answer = Answer.CONFLICT if had else Answer.FITS
            case = "barred_had" if had else "barred_not_had"
        elif had:
            answer, case = Answer.FITS, "wanted_had"
        elif stance is Stance.REQUIRED:
            answer, case = Answer.ASK, "wanted_not_had"
        else:
            continue  # one of several that will do
        yield Point(Topic.TKI_BEFORE, answer, case, quotes, {"tki": name})


def _tki_tested(situation: Situation, study: Study, reading: Reading) -> _Points:
    """A trial may test the very TKI that the person has had."""
    tested = " / ".join(one.name or "" for one in study.interventions).lower()
    for name in situation.tkis:
        if BY_NAME[name].search(tested):
            quotes = reading.quotes("approach:tki")
            yield Point(Topic.TKI_TESTED, Answer.ASK, "had", quotes, {"tki": name})


def _current_tki(situation: Situation, _: Study, reading: Reading) -> _Points:
    """A record may ask for people who still take a TKI."""
    quotes = reading.quotes("current_tki")
    if quotes and situation.tkis:
        if situation.ended(Ended.STILL_ON):
            yield Point(Topic.CURRENT_TKI, Answer.FITS, "still_on", quotes)
        else:
            yield Point(Topic.CURRENT_TKI, Answer.ASK, "not_on_one", quotes)


def _good_response(situation: Situation, _: Study, reading: Reading) -> _Points:
    """A record may ask for a response that a TKI has reached, of some groups or of all."""
    quotes = reading.quotes("good_response")
    if quotes and situation.ended(Ended.STOPPED_WORKING):
        yield Point(Topic.GOOD_RESPONSE, Answer.ASK, "stopped_working", quotes)


_NOT_T315I: Mapping[Stance, tuple[Answer, str]] = {
    Stance.REQUIRED: (Answer.CONFLICT, "required_not_found"),
    Stance.ACCEPTED: (Answer.ASK, "accepted_not_found"),
    Stance.EXCLUDED: (Answer.FITS, "excluded_not_found"),
}
"""A test was done and did not find T315I, whatever else it found."""
_T315I: Mapping[Mutation, Mapping[Stance, tuple[Answer, str]]] = {
    Mutation.T315I: {
        Stance.REQUIRED: (Answer.FITS, "required"),
        Stance.ACCEPTED: (Answer.FITS, "accepted"),
        Stance.EXCLUDED: (Answer.CONFLICT, "excluded"),
    },
    Mutation.NONE_FOUND: _NOT_T315I,
    Mutation.ANOTHER: _NOT_T315I,
    Mutation.NEVER_TESTED: {
        Stance.REQUIRED: (Answer.ASK, "required_not_tested"),
        Stance.ACCEPTED: (Answer.ASK, "accepted_not_tested"),
        Stance.EXCLUDED: (Answer.ASK, "excluded_not_tested"),
    },
}


def _mutation(situation: Situation, _: Study, reading: Reading) -> _Points:
    found = situation.mutation
    if found is None:
        return
    if case := _T315I[found].get(reading.t315i):
        yield Point(Topic.MUTATION, *case, reading.quotes("t315i"))
    if found is Mutation.ANOTHER and reading.mutations:
        quotes = tuple(e for name in reading.mutations for e in reading.quotes(f"mutation:{name}"))
        names = ", ".join(reading.mutations)
        values = {"names": names}
        yield Point(Topic.MUTATION, Answer.ASK, "others_named", _distinct(quotes), values)
    elif not case:
        yield Point(Topic.MUTATION, Answer.SILENT, "silent")


def _cml_phase(situation: Situation, _: Study, reading: Reading) -> _Points:
    phase = situation.cml_phase
    if phase is None:
        return
    if not reading.cml_phases:
        yield Point(Topic.CML_PHASE, Answer.SILENT, "silent")
    elif phase in reading.cml_phases:
        yield Point(Topic.CML_PHASE, Answer.FITS, "named", reading.quotes(f"cml_phase:{phase}"))
    else:
        quotes = (e for one in reading.cml_phases for e in reading.quotes(f"cml_phase:{one}"))
        # The WHO has dropped the accelerated phase (2022): a record may count it to another one.
        unclear = phase is CmlPhase.ACCELERATED
        yield Point(
            Topic.CML_PHASE,
            Answer.ASK if unclear else Answer.CONFLICT,
            "accelerated_not_named" if unclear else "others_named",
            _distinct(quotes),
        )


_TIMED = re.compile(r"\bwithin\b|\b(?:days?|weeks?|months?)\b|less than|<")
"""An exclusion that ends after some time."""

_TRANSPLANTED = {
    Stance.REQUIRED: (Answer.FITS, "required"),
    Stance.ACCEPTED: (Answer.FITS, "accepted"),
    Stance.EXCLUDED: (Answer.CONFLICT, "excluded"),
}
_NOT_TRANSPLANTED = {
    Stance.REQUIRED: (Answer.CONFLICT, "required_not_had"),
    Stance.ACCEPTED: (Answer.FITS, "accepted_not_had"),
    Stance.EXCLUDED: (Answer.FITS, "excluded_not_had"),
}


def _transplant(situation: Situation, _: Study, reading: Reading) -> _Points:
    if situation.transplant is None:
        return
    quotes = reading.quotes("prior_transplant")
    cases = _TRANSPLANTED if situation.transplant else _NOT_TRANSPLANTED
    answer, case = cases.get(reading.prior_transplant, (Answer.SILENT, "silent"))
    if case == "excluded" and any(_TIMED.search(_plain(one)) for one in quotes):
        answer, case = Answer.ASK, "excluded_for_a_time"
    yield Point(Topic.TRANSPLANT, answer, case, quotes)


def _age(situation: Situation, study: Study, _: Reading) -> _Points:
    if situation.age is None:
        return
    low, high = study.minimum_age, study.maximum_age
    outside = age_outside(situation.age, low.years if low else None, high.years if high else None)
    case = "outside" if outside else "inside" if low or high else "no_limit"
    yield Point(Topic.AGE, Answer.CONFLICT if outside else Answer.FITS, case)


def _sex(situation: Situation, study: Study, _: Reading) -> _Points:
    if situation.sex is None:
        return
    if study.sex is None:
        yield Point(Topic.SEX, Answer.SILENT, "silent")
    elif sex_outside(situation.sex, study.sex):
        yield Point(Topic.SEX, Answer.CONFLICT, "outside")
    else:
        yield Point(Topic.SEX, Answer.FITS, "inside")


_RULES: tuple[Callable[[Situation, Study, Reading], _Points], ...] = (
    _for_whom,
    _tki_ended,
    _number_of_tkis,
    _tki_before,
    _tki_tested,
    _current_tki,
    _good_response,
    _mutation,
    _cml_phase,
    _transplant,
    _age,
    _sex,
)


def _plain(evidence: Evidence) -> str:
    return plain(evidence.quote)[0].lower()


def _distinct(quotes: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each place once: one sentence often shows two things."""
    return tuple({(one.field, one.start, one.end): one for one in quotes}.values())
