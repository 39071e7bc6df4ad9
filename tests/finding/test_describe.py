"""Plain words for what a record holds; the record's own silence and its odd values said as such."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests.support.builders import contact, evidence, reading, silent_study, site, study
from trialfinder.finding.describe import (
    age_words,
    approach_words,
    cml_phase_words,
    contact_at,
    contact_words,
    date_words,
    day_words,
    deciding_quote,
    distance_words,
    intervention_words,
    is_old,
    joining_words,
    one_age,
    phase_words,
    prior_tkis_words,
    quote_words,
    relevance_words,
    sex_words,
    site_status_words,
    site_words,
    status_words,
    study_type_words,
    t315i_words,
    timestamp_words,
    update_warning,
    where_words,
    why_words,
)
from trialfinder.finding.places import KM_PER_MILE
from trialfinder.reading import Reading, Side, Why
from trialfinder.registry.parse import Age, Intervention, PartialDate
from trialfinder.vocabulary import (
    Approach,
    CmlPhase,
    OverallStatus,
    Relevance,
    Sex,
    Stance,
    StudyType,
    TrialPhase,
)

ASK = "the record does not say: ask"
FOREIGN = "(the registry's own word)"


# --- the registry's enumerations -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (status_words, OverallStatus),
        (study_type_words, StudyType),
        (sex_words, Sex),
        (lambda phase: phase_words(study(phases=(phase,))), TrialPhase),
    ],
)
def test_every_value_we_know_has_words_of_its_own(words, known) -> None:  # type: ignore[no-untyped-def]
    said = [words(value) for value in known]

    assert len(set(said)) == len(known)
    assert not [text for text in said if FOREIGN in text or "_" in text]


@pytest.mark.parametrize("words", [status_words, study_type_words, sex_words])
def test_a_value_we_do_not_know_is_passed_on_as_the_registry_s_and_silence_said(words) -> None:  # type: ignore[no-untyped-def]
    assert words("SOMETHING_NEW") == f"SOMETHING_NEW {FOREIGN}"
    assert words("{nct_id}") == f"{{nct_id}} {FOREIGN}"
    assert words(None) == ASK


@pytest.mark.parametrize(
    ("phases", "said"),
    [
        (("PHASE1",), "Trial phase 1 (is it safe, and at which dose?)"),
        (("PHASE2", "PHASE3"), "Trial phase 2 (does it seem to work?) and 3 ("),
        (("NA",), "No trial phase (trial"),
        (("PHASE9",), f"Trial phase PHASE9 {FOREIGN}"),
    ],
)
def test_trial_phases_in_words(phases: tuple[str, ...], said: str) -> None:
    assert phase_words(study(phases=phases)).startswith(said)


@pytest.mark.parametrize(
    ("study_type", "said"),
    [
        ("OBSERVATIONAL", "only observes"),
        ("EXPANDED_ACCESS", "expanded access"),
        ("INTERVENTIONAL", "the record does not say"),
        (None, "the record does not say"),
    ],
)
def test_why_a_study_has_no_trial_phase(study_type: str | None, said: str) -> None:
    assert said in phase_words(study(phases=(), study_type=study_type))


# --- what was read out of the record ------------------------------------------------------------

SILENT = "The record does not say: ask."


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (relevance_words, [reading(relevance=one) for one in Relevance]),
        (why_words, [reading(why=one) for one in Why]),
        (cml_phase_words, [reading(cml_phases=(one,)) for one in CmlPhase]),
        (approach_words, [reading(approaches=(one,)) for one in Approach]),
        (t315i_words, [reading(t315i=one) for one in Stance]),
        (prior_tkis_words, [reading(min_prior_tkis=number) for number in range(4)]),
    ],
)
def test_everything_that_can_be_read_has_words_of_its_own(
    words: Callable[[Reading], str], made: list[Reading]
) -> None:
    said = [words(one) for one in made]

    assert len(set(said)) == len(made)
    assert not [text for text in said if "_" in text]


@pytest.mark.parametrize("words", [cml_phase_words, approach_words, t315i_words, prior_tkis_words])
def test_silence_of_the_record_is_said_and_sends_people_asking(
    words: Callable[[Reading], str],
) -> None:
    assert words(reading()) == SILENT


def test_several_values_stand_in_the_order_of_the_reading() -> None:
    made = reading(
        cml_phases=(CmlPhase.ACCELERATED, CmlPhase.BLAST),
        approaches=(Approach.TRANSPLANT, Approach.TKI),
    )

    assert cml_phase_words(made) == "Accelerated phase / Blast phase"
    assert approach_words(made) == "Transplant / TKI"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, SILENT),
        (0, "The record takes people who have had no TKI yet."),
        (1, "The record asks for at least 1 earlier TKI."),
        (2, "The record asks for at least 2 earlier TKIs."),
    ],
)
def test_none_is_silence_and_nought_is_a_number(number: int | None, said: str) -> None:
    assert prior_tkis_words(reading(min_prior_tkis=number)) == said


def test_the_deciding_quote_is_the_first_about_relevance() -> None:
    first, second = evidence("first"), evidence("second")
    made = reading(evidence=(evidence(about="t315i"), first, second))

    assert deciding_quote(made) is first
    assert deciding_quote(reading(evidence=(evidence(about="t315i"),))) is None


def test_a_quote_loses_the_registrys_escapes_and_shows_where_the_sentence_goes_on() -> None:
    assert quote_words(evidence(r"failure\* of \[two\] TKIs")) == "failure* of [two] TKIs"
    cut = evidence("failure of two", more_before=True, more_after=True)
    assert quote_words(cut) == "[…] failure of two […]"


def test_a_quote_is_shown_on_one_line_without_control_characters() -> None:
    assert quote_words(evidence("no\u202e response\r\n\tto\x1b a  TKI\ud800 ")) == (
        "no response to a TKI\ufffd"
    )


@pytest.mark.parametrize(
    ("field", "side", "said"),
    [
        ("identificationModule.briefTitle", Side.OTHER, "Title"),
        ("identificationModule.officialTitle", Side.OTHER, "Title"),
        ("conditionsModule.conditions[0]", Side.OTHER, "Conditions"),
        ("conditionsModule.keywords[12]", Side.OTHER, "Keywords"),
        ("descriptionModule.briefSummary", Side.OTHER, "Summary"),
        ("descriptionModule.detailedDescription", Side.OTHER, "Long description"),
        ("armsInterventionsModule.armGroups[1].label", Side.OTHER, "What is tested or given"),
        (
            "armsInterventionsModule.interventions[0].otherNames[2]",
            Side.OTHER,
            "What is tested or given",
        ),
        ("eligibilityModule.eligibilityCriteria", Side.INCLUSION, "Who can join"),
        ("eligibilityModule.eligibilityCriteria", Side.EXCLUSION, "Who cannot join"),
        ("eligibilityModule.eligibilityCriteria", Side.OTHER, "Rules on who can join"),
        ("aNewModule.aNewField", Side.OTHER, "Elsewhere in the record"),
    ],
)
def test_where_a_quote_stands_is_said_in_our_words(field: str, side: Side, said: str) -> None:
    assert where_words(evidence(field=f"protocolSection.{field}", side=side)) == said


# --- age -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (Age(18, "Year"), None, "18 years and older"),
        (None, Age(75, "Year"), "up to 75 years"),
        (Age(6, "Month"), Age(1, "Year"), "6 months to 1 year"),
        (Age(0, "Day"), Age(28, "Day"), "0 days to 28 days"),
        (None, None, "no age limit in the record"),
    ],
)
def test_age_limits_keep_their_units(low: Age | None, high: Age | None, said: str) -> None:
    assert age_words(low, high) == said


@pytest.mark.parametrize("unit", ["Year", "Month", "Week", "Day", "Hour", "Minute"])
def test_every_unit_of_age_has_one_and_many(unit: str) -> None:
    assert one_age(Age(1, unit)) == f"1 {unit.lower()}"
    assert one_age(Age(2, unit)) == f"2 {unit.lower()}s"


# --- distance --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("km", "unit", "said"),
    [
        (100, "km", "about 100 km"),
        (100, "mi", "about 62 mi"),
        (2000 * KM_PER_MILE, "mi", "about 2,000 mi"),
        (0.99, "km", "less than 1 km"),
        (1.5, "mi", "less than 1 mi"),
        (1.5, "km", "about 2 km"),
        (0, "mi", "less than 1 mi"),
        (None, "mi", "distance not known"),
        (float("nan"), "mi", "distance not known"),
    ],
)
def test_distances_are_about_and_in_the_asked_unit(km: float | None, unit: str, said: str) -> None:
    assert distance_words(km, unit) == said


# --- dates -----------------------------------------------------------------------------------


def test_a_date_is_as_precise_as_the_record() -> None:
    assert date_words(PartialDate(2026, 3, 5)) == "5 Mar 2026"
    assert date_words(PartialDate(2026, 12)) == "Dec 2026"
    assert date_words(PartialDate(2026)) == "2026"
    assert date_words(None) == ASK


def test_every_month_has_its_name() -> None:
    said = [date_words(PartialDate(2026, month)) for month in range(1, 13)]

    assert said[0] == "Jan 2026"
    assert said[-1] == "Dec 2026"
    assert len(set(said)) == 12


def test_a_day_may_be_a_moment() -> None:
    assert day_words(date(2026, 11, 2)) == "2 Nov 2026"
    assert day_words(datetime(2026, 11, 2, 23, 59)) == "2 Nov 2026"  # noqa: DTZ001


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        ("2026-11-20T09:00:05", "20 Nov 2026"),
        ("2026-11-20", "20 Nov 2026"),
        ("soon", None),
        ("![x](https://example.org/x.png)", None),
        (None, None),
    ],
)
def test_the_registry_s_timestamp_is_a_day_or_nothing(stamp: str | None, said: str | None) -> None:
    assert timestamp_words(stamp) == said


@pytest.mark.parametrize(
    ("updated", "today", "old"),
    [
        (PartialDate(2025, 11, 22), date(2026, 11, 22), False),
        (PartialDate(2025, 11, 21), date(2026, 11, 22), True),
        (PartialDate(2025, 12, 31), date(2026, 12, 30), False),
        (PartialDate(2025, 12), date(2026, 12, 1), False),
        (PartialDate(2025, 12), date(2026, 12, 2), True),
        (PartialDate(2025), date(2026, 2, 1), True),
        (PartialDate(2024, 2, 29), date(2025, 2, 28), False),
        (PartialDate(2024, 2, 29), date(2025, 3, 1), True),
        (PartialDate(2027), date(2026, 1, 1), False),
        (None, date(2026, 1, 1), True),
    ],
)
def test_a_record_is_old_after_more_than_twelve_months(
    updated: PartialDate | None, today: date, old: bool
) -> None:
    assert is_old(updated, today) is old


def test_an_old_record_and_an_undated_one_are_warned_of_in_other_words() -> None:
    today = date(2026, 11, 22)
    old = update_warning(study(last_update=PartialDate(2020)), today)
    undated = update_warning(silent_study(), today)

    assert update_warning(study(), today) is None
    assert None not in (old, undated)
    assert old != undated


# --- sites and people ------------------------------------------------------------------------


def test_a_site_is_named_as_far_as_the_record_goes() -> None:
    nameless = site(facility=None, state=None)
    nothing = site(facility=None, city=None, state=None, country=None)

    assert site_words(site()) == "Sample Hospital, Houston, Texas, United States"
    assert site_words(nameless) == "Houston, United States"
    assert site_words(nothing) == ASK


def test_a_site_without_a_status_of_its_own_says_so() -> None:
    assert site_status_words(site(status="WITHDRAWN")) == status_words("WITHDRAWN")
    assert site_status_words(site(status="NEW")) == f"NEW {FOREIGN}"
    assert site_status_words(site(status=None)) == "no status of its own"


def test_only_people_who_can_be_reached_are_contacts() -> None:
    investigator = contact("An Investigator", phone=None)
    writer = contact("A. Writer", phone=None, email="a@example.org")

    assert contact_words([investigator, contact(), writer]) == (
        "A. Person, 555-0100 / A. Writer, a@example.org"
    )
    assert contact_words([contact(None)]) == "555-0100"
    assert contact_words([investigator]) is None
    assert contact_words([]) is None


def test_the_study_s_contact_stands_in_for_a_site_s() -> None:
    of_site, of_study = contact("At the site"), contact("At the sponsor")
    made = study(central_contacts=(of_study,))

    assert contact_at(made, site(contacts=(of_site,))) == "At the site, 555-0100"
    of_the_whole = "For the whole study, not one site: At the sponsor, 555-0100"
    assert contact_at(made, site()) == of_the_whole
    assert contact_at(made, None) == of_the_whole
    assert contact_at(study(), None) is None


def test_what_is_tested_is_named_where_it_has_a_name() -> None:
    named = Intervention("Samplinib", ("SMP-1",))

    assert intervention_words([named, Intervention(None, ())]) == "Samplinib"
    assert intervention_words([]) is None


@pytest.mark.parametrize(
    ("status", "added"),
    [
        ("RECRUITING", ""),
        ("AVAILABLE", ""),
        ("NOT_YET_RECRUITING", " (not open yet)"),
        ("ENROLLING_BY_INVITATION", " (by invitation only)"),
    ],
)
def test_a_site_that_people_cannot_join_at_once_is_never_plainly_open(
    status: str, added: str
) -> None:
    assert joining_words(study(overall_status=status)) == added
