"""What a person says against what a record says: every case, with the words that show it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.builders import evidence, reading, study
from trialfinder.finding.describe import point_words, topic_words
from trialfinder.finding.situation import (
    Answer,
    Ended,
    Mutation,
    Point,
    Situation,
    Topic,
    naming_mutation,
    points,
    unfit,
)
from trialfinder.reading import Evidence, Reading, Why
from trialfinder.registry.parse import Age, Intervention, Study
from trialfinder.vocabulary import CmlPhase, Relevance, Sex, Stance

WORKED_NOT = {"imatinib": Ended.STOPPED_WORKING}
NOT_TOLERATED = {"imatinib": Ended.SIDE_EFFECTS}
TWO = {"imatinib": Ended.STOPPED_WORKING, "dasatinib": Ended.SIDE_EFFECTS}


def said(about: str, quote: str = "The words that say it.", **given: Any) -> Evidence:
    return evidence(quote, about=about, **given)


def names(quote: str, **given: Any) -> Reading:
    """A record that ties joining to a TKI, by these words."""
    return reading(evidence=(said("relevance", quote),), **given)


RESISTANT = names("Resistant to imatinib")
INTOLERANT = names("Intolerant of imatinib")
FOR_NEW = reading(relevance=Relevance.NO, why=Why.NEWLY_DIAGNOSED)
FOR_STOPPING = reading(relevance=Relevance.NO, why=Why.STOPPING)
FOR_HEALTHY = reading(relevance=Relevance.NO, why=Why.HEALTHY)


def number(least: int | None) -> Reading:
    return reading(min_prior_tkis=least, evidence=(said("min_prior_tkis"),))


def drug(stance: Stance) -> Reading:
    return reading(prior_drugs={"imatinib": stance}, evidence=(said("drug:imatinib"),))


def t315i(stance: Stance, **given: Any) -> Reading:
    return reading(t315i=stance, evidence=(said("t315i"),), **given)


def phases(*named: CmlPhase) -> Reading:
    return reading(cml_phases=named, evidence=tuple(said(f"cml_phase:{one}") for one in named))


def transplant(stance: Stance, quote: str = "Earlier transplant") -> Reading:
    return reading(prior_transplant=stance, evidence=(said("prior_transplant", quote),))


def asks_now(what: str) -> Reading:
    return reading(evidence=(said(what),))


MAY = reading(relevance=Relevance.MAY, why=Why.ANY_LINE)
UNNAMED = reading(relevance=Relevance.MAY, why=Why.RESISTANCE_UNNAMED)

Case = tuple[Situation, Study, Reading, Answer]
HAD, NOT_HAD = Situation(transplant=True), Situation(transplant=False)
FOUND, NONE = Situation(mutation=Mutation.T315I), Situation(mutation=Mutation.NONE_FOUND)
ANOTHER = Situation(mutation=Mutation.ANOTHER)
UNTESTED = Situation(mutation=Mutation.NEVER_TESTED)
CHRONIC = Situation(cml_phase=CmlPhase.CHRONIC)
ACCELERATED = Situation(cml_phase=CmlPhase.ACCELERATED)
IMATINIB, DASATINIB = Situation(tkis=WORKED_NOT), Situation(tkis={"dasatinib": Ended.NOT_SURE})
STILL_ON = Situation(tkis={"imatinib": Ended.STILL_ON})
ADULTS = study(minimum_age=Age(18, "Year"), maximum_age=Age(75, "Year"), sex="FEMALE")
ANYBODY = study(minimum_age=None, maximum_age=None, sex=None)
TESTS_IMATINIB = study(interventions=(Intervention("Imatinib mesylate", ()),))

CASES: dict[str, Case] = {
    "tki_ended.stopped_working_named": (IMATINIB, study(), RESISTANT, Answer.FITS),
    "tki_ended.side_effects_named": (
        Situation(tkis=NOT_TOLERATED), study(), INTOLERANT, Answer.FITS,
    ),
    "tki_ended.stopped_working_not_named": (IMATINIB, study(), INTOLERANT, Answer.ASK),
    "tki_ended.side_effects_not_named": (
        Situation(tkis=NOT_TOLERATED), study(), RESISTANT, Answer.ASK,
    ),
    "tki_ended.not_said_of_what": (IMATINIB, study(), UNNAMED, Answer.ASK),
    "tki_ended.silent": (IMATINIB, study(), MAY, Answer.SILENT),
    "number_of_tkis.enough": (Situation(tkis=TWO), study(), number(2), Answer.FITS),
    "number_of_tkis.more_needed": (IMATINIB, study(), number(2), Answer.CONFLICT),
    "number_of_tkis.none_needed": (IMATINIB, study(), number(0), Answer.ASK),
    "number_of_tkis.silent": (IMATINIB, study(), number(None), Answer.SILENT),
    "tki_before.barred_had": (IMATINIB, study(), drug(Stance.EXCLUDED), Answer.CONFLICT),
    "tki_before.barred_not_had": (DASATINIB, study(), drug(Stance.EXCLUDED), Answer.FITS),
    "tki_before.wanted_had": (IMATINIB, study(), drug(Stance.ACCEPTED), Answer.FITS),
    "tki_before.wanted_not_had": (DASATINIB, study(), drug(Stance.REQUIRED), Answer.ASK),
    "tki_tested.had": (IMATINIB, TESTS_IMATINIB, RESISTANT, Answer.ASK),
    "current_tki.still_on": (STILL_ON, study(), asks_now("current_tki"), Answer.FITS),
    "current_tki.not_on_one": (IMATINIB, study(), asks_now("current_tki"), Answer.ASK),
    "good_response.stopped_working": (IMATINIB, study(), asks_now("good_response"), Answer.ASK),
    "mutation.required": (FOUND, study(), t315i(Stance.REQUIRED), Answer.FITS),
    "mutation.accepted": (FOUND, study(), t315i(Stance.ACCEPTED), Answer.FITS),
    "mutation.excluded": (FOUND, study(), t315i(Stance.EXCLUDED), Answer.CONFLICT),
    "mutation.required_not_found": (NONE, study(), t315i(Stance.REQUIRED), Answer.CONFLICT),
    "mutation.accepted_not_found": (NONE, study(), t315i(Stance.ACCEPTED), Answer.ASK),
    "mutation.excluded_not_found": (ANOTHER, study(), t315i(Stance.EXCLUDED), Answer.FITS),
    "mutation.required_not_tested": (UNTESTED, study(), t315i(Stance.REQUIRED), Answer.ASK),
    "mutation.accepted_not_tested": (UNTESTED, study(), t315i(Stance.ACCEPTED), Answer.ASK),
    "mutation.excluded_not_tested": (UNTESTED, study(), t315i(Stance.EXCLUDED), Answer.ASK),
    "mutation.others_named": (
        ANOTHER,
        study(),
        reading(mutations={"V299L": Stance.EXCLUDED}, evidence=(said("mutation:V299L"),)),
        Answer.ASK,
    ),
    "mutation.silent": (FOUND, study(), t315i(Stance.SILENT), Answer.SILENT),
    "cml_phase.named": (CHRONIC, study(), phases(CmlPhase.CHRONIC), Answer.FITS),
    "cml_phase.others_named": (CHRONIC, study(), phases(CmlPhase.BLAST), Answer.CONFLICT),
    "cml_phase.accelerated_not_named": (
        ACCELERATED, study(), phases(CmlPhase.CHRONIC, CmlPhase.BLAST), Answer.ASK,
    ),
    "cml_phase.silent": (CHRONIC, study(), phases(), Answer.SILENT),
    "transplant.required": (HAD, study(), transplant(Stance.REQUIRED), Answer.FITS),
    "transplant.accepted": (HAD, study(), transplant(Stance.ACCEPTED), Answer.FITS),
    "transplant.excluded": (HAD, study(), transplant(Stance.EXCLUDED), Answer.CONFLICT),
    "transplant.excluded_for_a_time": (
        HAD, study(), transplant(Stance.EXCLUDED, "Transplant within 60 days"), Answer.ASK,
    ),
    "transplant.required_not_had": (
        NOT_HAD, study(), transplant(Stance.REQUIRED), Answer.CONFLICT,
    ),
    "transplant.accepted_not_had": (NOT_HAD, study(), transplant(Stance.ACCEPTED), Answer.FITS),
    "transplant.excluded_not_had": (NOT_HAD, study(), transplant(Stance.EXCLUDED), Answer.FITS),
    "transplant.silent": (HAD, study(), transplant(Stance.SILENT), Answer.SILENT),
    "age.inside": (Situation(age=75), ADULTS, MAY, Answer.FITS),
    "age.no_limit": (Situation(age=75), ANYBODY, MAY, Answer.FITS),
    "age.outside": (Situation(age=76), ADULTS, MAY, Answer.CONFLICT),
    "sex.inside": (Situation(sex=Sex.FEMALE), ADULTS, MAY, Answer.FITS),
    "sex.outside": (Situation(sex=Sex.MALE), ADULTS, MAY, Answer.CONFLICT),
    "sex.silent": (Situation(sex=Sex.MALE), ANYBODY, MAY, Answer.SILENT),
}  # fmt: skip
"""By topic and case: who meets which record, and how the record answers."""


def about(topic: str, found: tuple[Point, ...]) -> list[Point]:
    return [point for point in found if point.topic == topic]


@pytest.mark.parametrize("name", CASES)
def test_each_case(name: str) -> None:
    situation, made, record, answer = CASES[name]
    topic, case = name.split(".")

    (point,) = about(topic, points(situation, made, record))

    assert (point.case, point.answer) == (case, answer)
    assert point_words(point, made)
    assert topic_words(point)


@pytest.mark.parametrize("name", CASES)
def test_what_the_record_mentions_is_quoted(name: str) -> None:
    situation, made, record, answer = CASES[name]
    topic, _ = name.split(".")
    (point,) = about(topic, points(situation, made, record))

    of_its_own_field = topic in ("age", "sex", "tki_tested")
    if answer is Answer.SILENT or of_its_own_field:
        assert set(point.evidence) <= set(record.evidence)
    else:
        assert point.evidence
        assert set(point.evidence) <= set(record.evidence)


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_told_to_be_eligible(name: str) -> None:
    situation, made, record, _ = CASES[name]
    for point in points(situation, made, record):
        words = point_words(point, made).lower()
        assert "eligible" not in words
        assert "%" not in words


def test_who_says_nothing_gets_no_points() -> None:
    assert not Situation().given
    assert points(Situation(), study(), RESISTANT) == ()
    assert unfit(Situation(), {"NCT99000001": study()}, {"NCT99000001": FOR_HEALTHY}) == set()


@pytest.mark.parametrize(
    ("situation", "stance", "named"),
    [
        (FOUND, Stance.REQUIRED, True),
        (FOUND, Stance.ACCEPTED, True),
        (FOUND, Stance.EXCLUDED, False),
        (FOUND, Stance.SILENT, False),
        (ANOTHER, Stance.ACCEPTED, False),
        (Situation(), Stance.ACCEPTED, False),
    ],
)
def test_records_that_take_t315i_for_who_has_it(
    situation: Situation, stance: Stance, named: bool
) -> None:
    found = naming_mutation(situation, {"NCT99000001": t315i(stance)})

    assert found == ({"NCT99000001"} if named else set())


@pytest.mark.parametrize(
    ("situation", "record", "speaks_against"),
    [
        (IMATINIB, FOR_NEW, True),
        (CHRONIC, FOR_NEW, False),  # may have been diagnosed last week
        (IMATINIB, FOR_STOPPING, True),
        (Situation(tkis={"imatinib": Ended.STILL_ON}), FOR_STOPPING, False),
        (CHRONIC, FOR_HEALTHY, True),
    ],
)
def test_a_record_written_for_others(
    situation: Situation, record: Reading, speaks_against: bool
) -> None:
    found = about(Topic.FOR_WHOM, points(situation, study(), record))

    assert bool(found) is speaks_against
    if found:
        assert found[0].answer is Answer.CONFLICT
        assert found[0].evidence == record.quotes("relevance")
        assert point_words(found[0], study()).startswith("The record is for")


def test_either_reason_that_the_record_names_will_do() -> None:
    both = Situation(tkis={"imatinib": Ended.STOPPED_WORKING, "dasatinib": Ended.SIDE_EFFECTS})
    (point,) = about(Topic.TKI_ENDED, points(both, study(), INTOLERANT))

    assert point.case == "side_effects_named"


def test_another_mutation_is_held_against_both_kinds_of_words() -> None:
    record = t315i(Stance.REQUIRED, mutations={"V299L": Stance.EXCLUDED})
    cases = [point.case for point in about(Topic.MUTATION, points(ANOTHER, study(), record))]

    assert cases == ["required_not_found", "others_named"]


def test_one_drug_of_several_that_will_do_is_not_missed() -> None:
    assert about(Topic.TKI_BEFORE, points(DASATINIB, study(), drug(Stance.ACCEPTED))) == []


def test_points_stand_in_the_order_of_their_topics() -> None:
    person = Situation(
        age=50, sex=Sex.FEMALE, cml_phase=CmlPhase.CHRONIC, tkis=TWO, mutation=Mutation.T315I,
        transplant=False,
    )  # fmt: skip
    topics = [point.topic for point in points(person, TESTS_IMATINIB, RESISTANT)]

    assert topics == sorted(topics, key=list(Topic).index)
    assert len(topics) >= 7


def test_what_does_not_fit_is_named_by_its_nct_id() -> None:
    made = {one.nct_id: one for one in (ADULTS, replace(ANYBODY, nct_id="NCT99000002"))}
    read = {nct_id: replace(MAY, nct_id=nct_id) for nct_id in made}

    assert unfit(Situation(age=80), made, read) == {"NCT99000001"}


def test_a_tki_tested_under_its_research_code_is_known() -> None:
    coded = study(interventions=(Intervention("STI571 400 mg", ()),))
    (point,) = about(Topic.TKI_TESTED, points(IMATINIB, coded, RESISTANT))

    assert point.values == {"tki": "imatinib"}
    assert about(Topic.TKI_TESTED, points(DASATINIB, coded, RESISTANT)) == []
