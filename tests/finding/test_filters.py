"""Each filter alone and with the others: what stays, what goes and why, what is only marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import (
    HOUSTON,
    KM_PER_DEGREE,
    ids,
    listed,
    marks,
    numbered,
    reading,
    silent_study,
    site,
    study,
    tables,
    unplaced,
)
from trialfinder.errors import BadFilterError
from trialfinder.finding.filters import (
    DEFAULT_STUDY_TYPES,
    Filters,
    Group,
    Listing,
    Order,
    Reason,
    StepName,
    filter_trials,
)
from trialfinder.finding.places import Place
from trialfinder.reading import Reading
from trialfinder.registry.parse import Age, PartialDate, Site, Study
from trialfinder.vocabulary import (
    OPEN_STATUSES,
    Approach,
    CmlPhase,
    OverallStatus,
    Relevance,
    Sex,
    StudyType,
    TrialPhase,
)

ONE, TWO, THREE, FOUR, FIVE, SIX = (numbered(number) for number in range(1, 7))


def removed(listing: Listing) -> dict[StepName, dict[Reason, tuple[str, ...]]]:
    """What each step left out, steps that left out nothing omitted."""
    return {step.name: step.removed for step in listing.ledger if step.removed}


def reason(listing: Listing, nct_id: str = ONE) -> Reason | None:
    """Why a study was left out; None if it was not."""
    return next(
        (why for step in listing.ledger for why, gone in step.removed.items() if nct_id in gone),
        None,
    )


# --- status, kind, trial phase ---------------------------------------------------------------


def test_at_first_open_studies_that_give_a_treatment_are_listed() -> None:
    made = [
        study(ONE),
        study(TWO, overall_status="NOT_YET_RECRUITING"),
        study(THREE, study_type="EXPANDED_ACCESS", overall_status="AVAILABLE"),
        study(FOUR, study_type="OBSERVATIONAL"),
        study(FIVE, overall_status="COMPLETED"),
    ]
    listing = listed(*made, filters=Filters())

    assert sorted(ids(listing)) == [ONE, TWO, THREE]
    assert removed(listing) == {
        StepName.STATUS: {Reason.OTHER_STATUS: (FIVE,)},
        StepName.STUDY_TYPE: {Reason.OTHER_TYPE: (FOUR,)},
    }


@pytest.mark.parametrize("status", list(OverallStatus))
def test_a_status_finds_the_studies_that_have_it(status: OverallStatus) -> None:
    made = [study(ONE, overall_status=status), study(TWO, overall_status="A_NEW_STATUS")]

    assert ids(listed(*made, statuses=[status])) == [ONE]


def test_an_unknown_status_is_another_status() -> None:
    made = study(overall_status="A_NEW_STATUS")

    assert reason(listed(made, statuses=OPEN_STATUSES)) is Reason.OTHER_STATUS


def test_silence_about_status_and_kind_removes_nothing() -> None:
    listing = listed(
        silent_study(), statuses=[OverallStatus.RECRUITING], study_types=[StudyType.INTERVENTIONAL]
    )

    assert ids(listing) == [ONE]
    assert removed(listing) == {}


@pytest.mark.parametrize(
    ("phases", "found"),
    [
        (("PHASE2",), True),
        (("PHASE1", "PHASE2"), True),
        (("PHASE2", "PHASE3"), True),
        (("PHASE1",), False),
        (("PHASE3",), False),
        (("EARLY_PHASE1",), False),
        (("NA",), False),
        (("A_NEW_PHASE",), False),
    ],
)
def test_trial_phase_2_finds_1_with_2_and_2_with_3(phases: tuple[str, ...], found: bool) -> None:
    listing = listed(study(phases=phases), trial_phases=[TrialPhase.PHASE2])

    assert reason(listing) is (None if found else Reason.OTHER_PHASE)
    assert ids(listing) == ([ONE] if found else [])


def test_trial_phase_1_does_not_find_early_phase_1() -> None:
    assert ids(listed(study(phases=("EARLY_PHASE1",)), trial_phases=[TrialPhase.PHASE1])) == []


def test_trial_phase_na_is_a_phase_of_its_own() -> None:
    made = [study(ONE, phases=("NA",)), study(TWO, phases=())]

    assert ids(listed(*made, trial_phases=[TrialPhase.NA])) == [ONE]


def test_any_of_several_trial_phases_will_do() -> None:
    made = [study(ONE, phases=("PHASE1",)), study(TWO, phases=("PHASE3",)), study(THREE)]
    wanted = [TrialPhase.PHASE1, TrialPhase.PHASE3]

    assert ids(listed(*made, trial_phases=wanted)) == [ONE, TWO]


def test_a_study_without_a_trial_phase_is_left_out_and_said_so() -> None:
    listing = listed(study(phases=()), trial_phases=[TrialPhase.PHASE2])

    assert removed(listing) == {StepName.TRIAL_PHASE: {Reason.NO_PHASE: (ONE,)}}


def test_without_filters_everything_is_listed_and_the_ledger_is_empty() -> None:
    listing = listed(study(ONE), silent_study(TWO), study(THREE, overall_status="WITHDRAWN"))

    assert sorted(ids(listing)) == [ONE, TWO, THREE]
    assert listing.ledger == ()


# --- what the record says ----------------------------------------------------------------------

SAYS = {
    nct_id: reading(nct_id, relevance=relevance)
    for nct_id, relevance in zip((ONE, TWO, THREE), Relevance, strict=True)
}
"""ONE says yes, TWO may, THREE no."""


def said(**chosen: Any) -> Listing:
    """What is left of the studies of `SAYS`."""
    return listed(*map(study, SAYS), readings=SAYS, **chosen)


def test_at_first_what_was_written_for_other_people_is_left_out_and_said_so() -> None:
    listing = said(filters=Filters())

    assert ids(listing) == [ONE, TWO]
    assert removed(listing) == {StepName.RELEVANCE: {Reason.MADE_FOR_OTHERS: (THREE,)}}


@pytest.mark.parametrize(
    ("relevances", "left", "gone"),
    [
        (["yes"], [ONE], {Reason.MADE_FOR_OTHERS: (THREE,), Reason.OTHER_RELEVANCE: (TWO,)}),
        (["no"], [THREE], {Reason.OTHER_RELEVANCE: (ONE, TWO)}),
        (["no", "yes"], [ONE, THREE], {Reason.OTHER_RELEVANCE: (TWO,)}),
        (["yes", "may", "no"], [ONE, TWO, THREE], {}),
    ],
)
def test_what_the_record_says_can_be_chosen(
    relevances: list[Any], left: list[str], gone: dict[Reason, tuple[str, ...]]
) -> None:
    listing = said(relevances=relevances)

    assert ids(listing) == left
    assert [(step.name, step.removed) for step in listing.ledger] == [(StepName.RELEVANCE, gone)]


def test_no_choice_of_what_the_record_says_means_any() -> None:
    listing = said(relevances=())

    assert ids(listing) == [ONE, TWO, THREE]
    assert listing.ledger == ()


def of_phases(*phases: CmlPhase) -> dict[str, Reading]:
    return {ONE: reading(cml_phases=phases)}


@pytest.mark.parametrize(
    ("named", "asked", "stays"),
    [
        ((), [CmlPhase.BLAST], True),  # silence is no reason to hide a study
        ((CmlPhase.BLAST,), [CmlPhase.BLAST], True),
        ((CmlPhase.ACCELERATED, CmlPhase.BLAST), [CmlPhase.BLAST], True),
        ((CmlPhase.CHRONIC,), [CmlPhase.BLAST], False),
        ((CmlPhase.CHRONIC, CmlPhase.ACCELERATED), [CmlPhase.BLAST], False),
        ((CmlPhase.CHRONIC,), [CmlPhase.BLAST, CmlPhase.CHRONIC], True),
        ((CmlPhase.CHRONIC,), [], True),
    ],
)
def test_a_cml_phase_leaves_out_records_that_name_others_only(
    named: tuple[CmlPhase, ...], asked: list[CmlPhase], stays: bool
) -> None:
    listing = listed(study(), readings=of_phases(*named), cml_phases=asked)

    assert ids(listing) == ([ONE] if stays else [])
    assert reason(listing) is (None if stays else Reason.OTHER_CML_PHASE)


@pytest.mark.parametrize(
    ("tested", "asked", "why"),
    [
        ((), [Approach.TKI], Reason.APPROACH_UNCLEAR),
        ((Approach.TKI,), [Approach.TKI], None),
        ((Approach.CHEMOTHERAPY, Approach.TKI), [Approach.TKI], None),
        ((Approach.CHEMOTHERAPY,), [Approach.TKI], Reason.OTHER_APPROACH),
        ((Approach.TRANSPLANT,), [Approach.TKI, Approach.TRANSPLANT], None),
        ((), [], None),
    ],
)
def test_an_approach_leaves_out_other_ones_and_what_is_not_clear(
    tested: tuple[Approach, ...], asked: list[Approach], why: Reason | None
) -> None:
    listing = listed(study(), readings={ONE: reading(approaches=tested)}, approaches=asked)

    assert reason(listing) is why
    assert ids(listing) == ([ONE] if why is None else [])


def test_plain_text_will_do_for_what_the_record_says() -> None:
    wishes: dict[str, Any] = {
        "relevances": ["yes"],
        "cml_phases": ["blast"],
        "approaches": ["other_targeted"],
    }

    assert Filters(**wishes) == Filters(
        relevances=[Relevance.YES],
        cml_phases=[CmlPhase.BLAST],
        approaches=[Approach.OTHER_TARGETED],
    )


@pytest.mark.parametrize(
    "wrong", [{"relevances": ["perhaps"]}, {"cml_phases": ["PHASE2"]}, {"approaches": ["diet"]}]
)
def test_what_no_record_can_say_cannot_be_asked_for(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadFilterError):
        Filters(**wrong)


# --- place -----------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [{"country": "France"}, {"state": "Ohio"}, {"city": "Lyon"}])
def test_a_place_filter_finds_sites_there(chosen: dict[str, str]) -> None:
    made = [study(ONE, sites=[site(**chosen)]), study(TWO)]
    listing = listed(*made, **chosen)

    assert ids(listing) == [ONE]
    assert removed(listing) == {StepName.PLACE: {Reason.ELSEWHERE: (TWO,)}}


@pytest.mark.parametrize(
    ("in_record", "typed"),
    [
        ("United States", "united states"),
        ("United States", "  United States\t"),
        ("Turkey (Türkiye)", "TURKEY (TÜRKIYE)"),
        ("Straße", "STRASSE"),
        ("Île-de-France", "île-de-france"),
        ("Korea, Republic of", "korea, republic of"),
    ],
)
def test_names_of_places_are_compared_without_case_and_outer_blanks(
    in_record: str, typed: str
) -> None:
    for column in ("country", "state", "city"):
        assert ids(listed(study(sites=[site(**{column: in_record})]), **{column: typed})) == [ONE]


@pytest.mark.parametrize("typed", ["United  States", "United\u00a0States", "United \u2009States"])
def test_odd_blanks_inside_a_country_do_not_matter(typed: str) -> None:
    assert ids(listed(study(), country=typed)) == [ONE]


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0"])
def test_a_blank_place_means_any_place(blank: str) -> None:
    listing = listed(study(ONE), study(TWO, sites=[]), country=blank)

    assert sorted(ids(listing)) == [ONE, TWO]


def test_a_place_name_is_compared_whole_and_as_plain_text() -> None:
    made = study(sites=[site(country="United States", city="Houston", state="Texas")])

    assert ids(listed(made, country="United")) == []
    assert ids(listed(made, city="H.*")) == []
    assert ids(listed(made, state="(")) == []


def test_accents_typed_as_two_signs_are_the_same_accents() -> None:
    made = study(sites=[site(city="Montr\u00e9al")])

    assert ids(listed(made, city="Montre\u0301al")) == [ONE]


def test_country_state_city_and_distance_must_be_met_by_one_site() -> None:
    """Each wish is met by some site of the study, but by no site are all of them met."""
    scattered = [
        site(10, city="Paris", state="Texas", country="United States"),
        site(9000, city="Paris", state="Ile-de-France", country="France"),
        site(20, city="Houston", state="Texas", country="United States"),
    ]
    wishes: dict[str, Any] = {"country": "France", "city": "Paris", "near": HOUSTON}

    assert ids(listed(study(sites=scattered), country="France", city="Paris")) == [ONE]
    assert ids(listed(study(sites=scattered), city="Paris", near=HOUSTON, within_km=50)) == [ONE]
    assert ids(listed(study(sites=scattered), country="France", city="Houston")) == []
    assert ids(listed(study(sites=scattered), **wishes, within_km=50)) == []
    assert ids(listed(study(sites=scattered), **wishes, within_km=9001)) == [ONE]


def test_country_and_open_must_be_met_by_one_site() -> None:
    made = study(sites=[site(country="France", status="COMPLETED"), site(country="Germany")])
    listing = listed(made, country="France")

    assert removed(listing) == {StepName.PLACE: {Reason.CLOSED_THERE: (ONE,)}}


def test_a_study_without_sites_says_so_in_place_and_distance() -> None:
    made = study(sites=[])

    assert reason(listed(made, country="France")) is Reason.NO_SITES
    assert reason(listed(made, near=HOUSTON, within_km=100)) is Reason.NO_SITES


def test_all_sites_of_a_closed_study_count() -> None:
    made = study(overall_status="COMPLETED", sites=[site(10, status="COMPLETED")])

    assert ids(listed(made, country="United States", near=HOUSTON, within_km=50)) == [ONE]


def test_all_sites_of_a_study_of_unknown_status_count_as_those_of_a_closed_one() -> None:
    made = study(overall_status="UNKNOWN", sites=[site(10, status="RECRUITING")])
    listing = listed(made, near=HOUSTON, within_km=50)

    assert ids(listing) == [ONE]
    assert pd.isna(marks(listing)["nearest"])


# --- distance --------------------------------------------------------------------------------


@pytest.mark.parametrize(("within", "found"), [(99.9, False), (100.1, True)])
def test_a_distance_is_a_limit(within: float, found: bool) -> None:
    listing = listed(study(sites=[site(100)]), near=HOUSTON, within_km=within)

    assert reason(listing) is (None if found else Reason.TOO_FAR)


def test_a_distance_needs_a_place() -> None:
    with pytest.raises(BadFilterError):
        Filters(within_km=100)


def test_a_place_without_a_limit_removes_nothing() -> None:
    listing = listed(study(ONE, sites=[site(9000)]), study(TWO, sites=[]), near=HOUSTON)

    assert sorted(ids(listing)) == [ONE, TWO]
    assert listing.ledger == ()
    assert marks(listing)["distance_km"] == pytest.approx(9000)


def test_a_near_site_that_is_closed_is_the_reason() -> None:
    made = [
        study(ONE, sites=[site(10, status="COMPLETED"), site(500)]),
        study(TWO, sites=[site(400, status="COMPLETED"), site(500)]),
    ]

    assert removed(listed(*made, near=HOUSTON, within_km=100)) == {
        StepName.DISTANCE: {Reason.CLOSED_NEAR: (ONE,), Reason.TOO_FAR: (TWO,)}
    }


def test_an_open_site_without_a_point_is_kept_and_marked() -> None:
    made = [
        study(ONE, sites=[unplaced()]),
        study(TWO, sites=[site(500), unplaced()]),
        study(THREE, sites=[site(10), unplaced()]),
        study(FOUR, sites=[unplaced(status="COMPLETED")]),
    ]
    listing = listed(*made, near=HOUSTON, within_km=100)

    assert sorted(ids(listing)) == [ONE, TWO, THREE]
    assert [marks(listing, one)["distance_unknown"] for one in (ONE, TWO, THREE)] == [
        True,
        True,
        False,
    ]
    assert reason(listing, FOUR) is Reason.TOO_FAR


def test_a_site_without_a_point_elsewhere_keeps_nothing() -> None:
    made = study(sites=[site(500), unplaced(country="France")])

    assert ids(listed(made, country="United States", near=HOUSTON, within_km=100)) == []


def test_a_site_without_a_point_is_not_near_when_its_country_is_far_away() -> None:
    made = [
        study(ONE, sites=[unplaced(country="France")]),
        study(TWO, sites=[unplaced(country="Mexico")]),
        study(THREE, sites=[unplaced(country="Atlantis")]),
        study(FOUR, sites=[unplaced(country=None)]),
    ]
    listing = listed(*made, near=HOUSTON, within_km=300)

    assert sorted(ids(listing)) == [TWO, THREE, FOUR]
    assert reason(listing, ONE) is Reason.TOO_FAR
    assert sorted(ids(listed(*made, near=HOUSTON))) == [ONE, TWO, THREE, FOUR]


def test_half_a_point_is_no_point() -> None:
    made = study(sites=[site(lat=None), site(lon=None)])

    assert marks(listed(made, near=HOUSTON, within_km=100))["distance_unknown"]


def test_distance_is_not_unknown_when_no_place_was_given() -> None:
    assert not marks(listed(study(sites=[unplaced()])))["distance_unknown"]


# --- nearest site ----------------------------------------------------------------------------


def test_the_nearest_site_is_an_open_one() -> None:
    made = study(sites=[site(300), site(20, status="WITHDRAWN"), site(100), site(200)])
    row = marks(listed(made, near=HOUSTON))

    assert row["nearest"] == 2
    assert row["distance_km"] == pytest.approx(100)
    assert row["closed_nearer"] == 1


def test_a_closed_site_farther_away_is_not_mentioned() -> None:
    made = study(sites=[site(20), site(300, status="WITHDRAWN")])

    assert pd.isna(marks(listed(made, near=HOUSTON))["closed_nearer"])


def test_beside_an_unknown_distance_no_site_is_called_nearer() -> None:
    made = study(sites=[unplaced(), site(300, status="WITHDRAWN"), site(200, status="COMPLETED")])
    row = marks(listed(made, near=HOUSTON))

    assert pd.isna(row["nearest"])
    assert pd.isna(row["distance_km"])
    assert pd.isna(row["closed_nearer"])
    assert row["distance_unknown"]


def test_a_closed_study_has_no_nearest_open_and_no_closed_nearer_site() -> None:
    made = study(overall_status="COMPLETED", sites=[site(20), site(10, status="COMPLETED")])
    row = marks(listed(made, near=HOUSTON))

    assert pd.isna(row["nearest"])
    assert pd.isna(row["closed_nearer"])


def test_the_nearest_site_meets_the_place_filters() -> None:
    made = study(sites=[site(10), site(800, country="Mexico")])
    row = marks(listed(made, near=HOUSTON, country="Mexico"))

    assert row["nearest"] == 1
    assert row["distance_km"] == pytest.approx(800)


def test_of_two_sites_in_one_city_the_first_is_named() -> None:
    made = study(sites=[unplaced(), site(10), site(10), site(10)])

    assert marks(listed(made, near=HOUSTON))["nearest"] == 1


def test_without_a_place_no_site_is_the_nearest() -> None:
    row = marks(listed(study(sites=[site(10)])))

    assert pd.isna(row["nearest"])
    assert pd.isna(row["distance_km"])


def test_distance_crosses_the_date_line() -> None:
    here = Place("Fiji", 0.0, 179.9)
    row = marks(listed(study(sites=[site(lat=0.0, lon=-179.9)]), near=here))

    assert row["distance_km"] == pytest.approx(0.2 * KM_PER_DEGREE)


# --- age and sex -----------------------------------------------------------------------------


def age_outside(low: Age | None, high: Age | None, age: float | None) -> bool:
    listing = listed(study(minimum_age=low, maximum_age=high), age=age)
    assert ids(listing) == [ONE]
    assert listing.ledger == ()
    return bool(marks(listing)["age_outside"])


@pytest.mark.parametrize(
    ("low", "high", "age", "outside"),
    [
        (Age(18, "Year"), Age(75, "Year"), 18, False),
        (Age(18, "Year"), Age(75, "Year"), 17, True),
        (Age(18, "Year"), Age(75, "Year"), 17.9, True),
        (Age(18, "Year"), Age(75, "Year"), 75, False),
        (Age(18, "Year"), Age(75, "Year"), 75.9, False),
        (Age(18, "Year"), Age(75, "Year"), 76, True),
        (Age(6, "Month"), Age(18, "Month"), 1, False),
        (Age(6, "Month"), Age(18, "Month"), 2, True),
        (Age(6, "Month"), None, 0.25, True),
        (Age(216, "Month"), None, 18, False),
        (Age(28, "Day"), Age(365, "Day"), 0.5, False),
        (Age(28, "Day"), Age(365, "Day"), 3, True),
        (Age(28, "Day"), None, 0.01, True),
        (Age(0, "Day"), Age(120, "Year"), 0, False),
        (None, Age(17, "Year"), 18, True),
        (Age(60, "Year"), None, 130, False),
        (None, None, 5, False),
        (Age(18, "Year"), Age(75, "Year"), None, False),
    ],
)
def test_age_limits_mark_and_hide_nothing(
    low: Age | None, high: Age | None, age: float | None, outside: bool
) -> None:
    assert age_outside(low, high, age) is outside


@pytest.mark.parametrize(
    ("taken", "asked", "outside"),
    [
        ("ALL", Sex.FEMALE, False),
        ("FEMALE", Sex.FEMALE, False),
        ("MALE", Sex.FEMALE, True),
        ("FEMALE", Sex.MALE, True),
        ("MALE", None, False),
        ("MALE", Sex.ALL, False),
        (None, Sex.MALE, False),
        ("A_NEW_SEX", Sex.MALE, False),
    ],
)
def test_sex_marks_and_hides_nothing(taken: str | None, asked: Sex | None, outside: bool) -> None:
    listing = listed(study(sex=taken), sex=asked)

    assert ids(listing) == [ONE]
    assert listing.ledger == ()
    assert bool(marks(listing)["sex_outside"]) is outside


# --- order -----------------------------------------------------------------------------------


def test_with_a_place_the_nearest_comes_first_and_unknown_distance_last() -> None:
    made = [
        study(ONE, sites=[site(300)]),
        study(TWO, sites=[unplaced()]),
        study(THREE, sites=[site(10)]),
        study(FOUR, sites=[]),
        study(FIVE, sites=[site(200)]),
    ]

    assert ids(listed(*made, near=HOUSTON))[:3] == [THREE, FIVE, ONE]
    assert sorted(ids(listed(*made, near=HOUSTON))[3:]) == [TWO, FOUR]


def test_kept_only_for_a_site_without_a_point_comes_after_what_is_near() -> None:
    made = [study(ONE, sites=[site(500), unplaced()]), study(TWO, sites=[site(90)])]

    assert ids(listed(*made, near=HOUSTON, within_km=100)) == [TWO, ONE]


def test_without_a_place_the_last_updated_comes_first_and_undated_last() -> None:
    made = [
        study(ONE, last_update=PartialDate(2025, 1, 1)),
        study(TWO, last_update=None),
        study(THREE, last_update=PartialDate(2026, 9, 1)),
        study(FOUR, last_update=PartialDate(2026, 9, 2)),
    ]

    assert ids(listed(*made)) == [FOUR, THREE, ONE, TWO]


def test_the_order_can_be_chosen() -> None:
    made = [
        study(ONE, sites=[site(300)], last_update=PartialDate(2026, 9, 1)),
        study(TWO, sites=[site(10)], last_update=PartialDate(2025, 9, 1)),
    ]

    assert ids(listed(*made, near=HOUSTON)) == [TWO, ONE]
    assert ids(listed(*made, near=HOUSTON, order=Order.NEAREST)) == [TWO, ONE]
    assert ids(listed(*made, near=HOUSTON, order=Order.UPDATED)) == [ONE, TWO]


@pytest.mark.parametrize("order", list(Order))
def test_what_may_not_fit_comes_last_in_any_order(order: Order) -> None:
    far, long_ago = [site(3000)], PartialDate(2019)
    made = [
        study(ONE, sex="MALE"),
        study(TWO, minimum_age=Age(70, "Year")),
        study(THREE, sites=far, last_update=long_ago),
    ]
    listing = listed(*made, near=HOUSTON, age=50, sex=Sex.FEMALE, order=order)

    assert ids(listing) == [THREE, ONE, TWO]


@pytest.mark.parametrize("order", list(Order))
def test_what_takes_the_mutation_comes_first_then_what_is_tied_to_a_failed_tki(
    order: Order,
) -> None:
    recent = PartialDate(2026, 9)
    made = [
        study(ONE, sites=[site(3000)], last_update=PartialDate(2019)),
        study(TWO, sites=[site(300)], last_update=PartialDate(2020)),
        study(THREE, last_update=recent),
        study(FOUR, sites=[unplaced()], last_update=recent),
        study(FIVE, sex="MALE", last_update=recent),
        study(SIX, sites=[site(4000)], last_update=PartialDate(2018)),
    ]
    listing = listed(
        *made, near=HOUSTON, sex=Sex.FEMALE, order=order, readings=SAYS, named={FIVE, SIX}
    )

    assert listing.studies["group"].to_list() == [group.value for group in Group]
    assert ids(listing) == [SIX, ONE, TWO, THREE, FOUR, FIVE]


@pytest.mark.parametrize("order", list(Order))
def test_ties_are_broken_by_nct_id(order: Order) -> None:
    studies, sites = tables([study(one) for one in (ONE, TWO, THREE, FOUR, FIVE)])
    listing = filter_trials(studies.iloc[[2, 0, 4, 1, 3]], sites, Filters(near=HOUSTON), order)

    assert ids(listing) == [ONE, TWO, THREE, FOUR, FIVE]


def test_dates_beyond_what_pandas_counts_in_nanoseconds_can_be_sorted() -> None:
    made = [
        study(ONE, last_update=PartialDate(1)),
        study(TWO, last_update=PartialDate(9999, 12, 31)),
        study(THREE, last_update=None),
        study(FOUR, last_update=PartialDate(2026)),
    ]

    assert ids(listed(*made, order=Order.UPDATED)) == [TWO, FOUR, ONE, THREE]


# --- nothing there ---------------------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    "relevances": [Relevance.YES],
    "statuses": OPEN_STATUSES,
    "study_types": DEFAULT_STUDY_TYPES,
    "trial_phases": [TrialPhase.PHASE2],
    "cml_phases": [CmlPhase.BLAST],
    "approaches": [Approach.TKI],
    "country": "United States",
    "state": "Texas",
    "city": "Houston",
    "near": HOUSTON,
    "within_km": 100,
    "age": 50,
    "sex": Sex.FEMALE,
}


@pytest.mark.parametrize("order", [None, *Order])
def test_filters_on_no_studies_leave_none(order: Order | None) -> None:
    listing = listed(**EVERYTHING, order=order)

    assert ids(listing) == []
    assert [(step.left, step.removed) for step in listing.ledger] == [(0, {})] * len(StepName)
    assert ids(listed(order=order)) == []


def test_steps_stand_in_their_order() -> None:
    assert [step.name for step in listed(study(), **EVERYTHING).ledger] == list(StepName)


def test_filters_after_one_that_left_nothing_still_stand_in_the_ledger() -> None:
    listing = listed(study(phases=("PHASE1",)), **EVERYTHING)

    assert [step.left for step in listing.ledger] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert removed(listing) == {StepName.TRIAL_PHASE: {Reason.OTHER_PHASE: (ONE,)}}


def test_the_tables_given_stay_as_they_were() -> None:
    studies, sites = tables([study(ONE), study(TWO, sites=[unplaced()])])
    before = studies.copy(), sites.copy()
    filter_trials(studies, sites, Filters(**EVERYTHING))

    pd.testing.assert_frame_equal(studies, before[0])
    pd.testing.assert_frame_equal(sites, before[1])


# --- whatever the studies and the wishes -----------------------------------------------------


def any_of(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


SITES: st.SearchStrategy[Site] = st.builds(
    site,
    any_of(0, 50, 150, 5000),
    status=any_of("RECRUITING", None, "COMPLETED", "NOT_YET_RECRUITING"),
    country=any_of("United States", "France", None),
    city=any_of("Houston", "Paris", None),
    state=any_of("Texas", None),
) | st.builds(unplaced, status=any_of("RECRUITING", "COMPLETED"), country=any_of("France", None))

STUDIES = st.lists(
    st.builds(
        study,
        st.integers(1, 12).map(numbered),
        overall_status=any_of("RECRUITING", "NOT_YET_RECRUITING", "COMPLETED", "UNKNOWN", None),
        study_type=any_of("INTERVENTIONAL", "OBSERVATIONAL", None),
        phases=any_of((), ("PHASE1", "PHASE2"), ("PHASE3",), ("NA",)),
        minimum_age=any_of(None, Age(18, "Year"), Age(6, "Month")),
        maximum_age=any_of(None, Age(75, "Year")),
        sex=any_of("ALL", "MALE", None),
        last_update=any_of(None, PartialDate(2026, 6), PartialDate(2020)),
        sites=st.lists(SITES, max_size=3),
    ),
    max_size=6,
    unique_by=lambda one: one.nct_id,
)
READINGS = st.builds(
    reading,
    relevance=any_of(*Relevance),
    cml_phases=any_of((), (CmlPhase.CHRONIC,), (CmlPhase.ACCELERATED, CmlPhase.BLAST)),
    approaches=any_of((), (Approach.TKI,), (Approach.TKI, Approach.CHEMOTHERAPY)),
)
ALL_READINGS = st.fixed_dictionaries({}, optional={numbered(n): READINGS for n in range(1, 10)})
WISHES = st.builds(
    Filters,
    relevances=any_of((), (Relevance.YES, Relevance.MAY), (Relevance.NO,)),
    cml_phases=any_of((), (CmlPhase.BLAST,)),
    approaches=any_of((), (Approach.CHEMOTHERAPY, Approach.TRANSPLANT)),
    statuses=any_of((), OPEN_STATUSES, (OverallStatus.COMPLETED,)),
    study_types=any_of((), DEFAULT_STUDY_TYPES),
    trial_phases=any_of((), (TrialPhase.PHASE2,), (TrialPhase.NA, TrialPhase.PHASE3)),
    country=any_of(None, "France", "united states"),
    state=any_of(None, "texas"),
    city=any_of(None, "Houston"),
    near=st.just(HOUSTON),
    within_km=any_of(None, 60, 200),
    age=any_of(None, 0.5, 40, 80),
    sex=any_of(None, Sex.FEMALE),
)


@settings(max_examples=40, deadline=None)
@given(STUDIES, ALL_READINGS, WISHES, any_of(None, *Order))
def test_the_ledger_adds_up(
    studies: list[Study], readings: dict[str, Reading], wishes: Filters, order: Order | None
) -> None:
    listing = listed(*studies, filters=wishes, order=order, readings=readings)
    before, gone = len(studies), []
    for step in listing.ledger:
        out = [nct_id for group in step.removed.values() for nct_id in group]
        assert step.left + len(out) == before
        before = step.left
        gone += out

    assert len(gone) == len(set(gone))
    assert len(listing.studies) == before
    assert sorted(gone + ids(listing)) == sorted(one.nct_id for one in studies)


@settings(max_examples=20, deadline=None)
@given(STUDIES, WISHES, any_of(*Order), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    studies: list[Study], wishes: Filters, order: Order, random: Any
) -> None:
    study_rows, site_rows = tables(studies)
    expected = filter_trials(study_rows, site_rows, wishes, order)
    listing = filter_trials(
        study_rows.iloc[shuffled(len(study_rows), random)],
        site_rows.iloc[shuffled(len(site_rows), random)],
        wishes,
        order,
    )

    pd.testing.assert_frame_equal(listing.studies, expected.studies)
    for one, other in zip(listing.ledger, expected.ledger, strict=True):
        assert (one.name, one.left) == (other.name, other.left)
        assert {why: set(gone) for why, gone in one.removed.items()} == {
            why: set(gone) for why, gone in other.removed.items()
        }


def shuffled(length: int, random: Any) -> Sequence[int]:
    rows = list(range(length))
    random.shuffle(rows)
    return rows


@settings(max_examples=12, deadline=None)
@given(STUDIES, WISHES)
def test_each_filter_only_takes_away(studies: list[Study], wishes: Filters) -> None:
    everything = set(ids(listed(*studies)))
    alone = [
        set(ids(listed(*studies, statuses=wishes.statuses))),
        set(ids(listed(*studies, study_types=wishes.study_types))),
        set(ids(listed(*studies, trial_phases=wishes.trial_phases))),
    ]
    together = set(ids(listed(*studies, filters=wishes)))

    assert together <= set.intersection(everything, *alone)


@settings(max_examples=25, deadline=None)
@given(STUDIES, WISHES)
def test_what_is_listed_has_a_site_that_meets_every_wish_on_the_place(
    studies: list[Study], wishes: Filters
) -> None:
    if not (wishes.country or wishes.state or wishes.city or wishes.within_km):
        return
    by_id = {one.nct_id: one for one in studies}
    for nct_id in ids(listed(*studies, filters=wishes)):
        assert any(meets(by_id[nct_id], one, wishes) for one in by_id[nct_id].sites)


def meets(of: Study, one: Site, wishes: Filters) -> bool:
    """The rule in plain Python: everything but the distance between two points on a meridian."""
    if of.overall_status in OPEN_STATUSES:
        open_here = one.status in (None, "RECRUITING", of.overall_status)
    else:
        open_here = True
    names = ((wishes.country, one.country), (wishes.state, one.state), (wishes.city, one.city))
    there = all(not want or (have or "").lower() == want.lower() for want, have in names)
    km = np.nan if one.lat is None else (one.lat - HOUSTON.lat) * KM_PER_DEGREE
    return open_here and there and not (wishes.within_km is not None and km > wishes.within_km)
