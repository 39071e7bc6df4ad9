"""Counts for the pictures: every trial counts somewhere, several times where it names several."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.support.builders import HOUSTON, listed, numbered, reading, site, study, unplaced
from trialfinder.finding.counts import (
    BANDS,
    Rest,
    by_approach,
    by_distance,
    by_trial_phase,
    names_several,
)
from trialfinder.finding.places import KM_PER_MILE
from trialfinder.vocabulary import Approach, TrialPhase

NO_STUDIES = listed().studies


def trials_of(*approaches: tuple[Approach, ...]) -> pd.DataFrame:
    """A trial for each of these sets of kinds of treatment."""
    ids = [numbered(number + 1) for number in range(len(approaches))]
    readings = {
        nct_id: reading(nct_id, approaches=some)
        for nct_id, some in zip(ids, approaches, strict=True)
    }
    return listed(*map(study, ids), readings=readings).studies


def in_phases(*phases: tuple[str, ...], **given: Any) -> pd.DataFrame:
    return listed(
        *(study(numbered(n + 1), phases=some, **given) for n, some in enumerate(phases))
    ).studies


def at_distances(*kms: float) -> pd.DataFrame:
    studies = (study(numbered(n + 1), sites=[site(km=km)]) for n, km in enumerate(kms))
    return listed(*studies, near=HOUSTON).studies


def some(counts: Any) -> dict[str, int]:
    """Those that are not zero."""
    return {name: number for name, number in counts.items() if number}


# --- by what they test -----------------------------------------------------------------------


def test_a_trial_counts_for_each_kind_of_treatment_that_it_tests() -> None:
    studies = trials_of((Approach.TKI,), (Approach.TKI, Approach.TRANSPLANT))

    assert some(by_approach(studies)) == {"tki": 2, "transplant": 1}


def test_a_trial_that_does_not_say_what_it_tests_counts_as_such() -> None:
    assert some(by_approach(trials_of(()))) == {"not_said": 1}


def test_every_kind_of_treatment_is_there_in_its_order() -> None:
    assert list(by_approach(NO_STUDIES)) == [*Approach, "not_said"]
    assert some(by_approach(NO_STUDIES)) == {}


# --- by trial phase --------------------------------------------------------------------------


def test_a_trial_in_phases_1_and_2_counts_for_both() -> None:
    studies = in_phases(("PHASE1", "PHASE2"), ("PHASE2",))

    assert some(by_trial_phase(studies)) == {"PHASE1": 1, "PHASE2": 2}


@pytest.mark.parametrize(
    ("study_type", "counted_as"),
    [
        ("OBSERVATIONAL", TrialPhase.NA),
        ("EXPANDED_ACCESS", TrialPhase.NA),
        ("INTERVENTIONAL", Rest.NOT_SAID),
        ("NEW_WORD", Rest.NOT_SAID),
        (None, Rest.NOT_SAID),
    ],
)
def test_only_a_kind_of_study_without_trial_phases_has_none(
    study_type: str | None, counted_as: str
) -> None:
    assert some(by_trial_phase(in_phases((), study_type=study_type))) == {counted_as: 1}


def test_no_phase_by_its_own_word_is_no_phase() -> None:
    assert some(by_trial_phase(in_phases(("NA",)))) == {"NA": 1}


def test_a_phase_that_we_do_not_know_counts_apart_and_once() -> None:
    studies = in_phases(("PHASE5", "PHASE6"), ("PHASE1", "PHASE7"))

    assert some(by_trial_phase(studies)) == {"PHASE1": 1, "other": 2}


def test_phases_stand_in_their_order_and_an_unknown_one_only_where_there_is_one() -> None:
    assert list(by_trial_phase(NO_STUDIES)) == [*TrialPhase, "not_said"]
    assert list(by_trial_phase(in_phases(("PHASE5",)))) == [*TrialPhase, "other", "not_said"]


# --- by distance -----------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "km_per_unit"), [("km", 1.0), ("mi", KM_PER_MILE)])
def test_a_band_holds_its_upper_end(unit: str, km_per_unit: float) -> None:
    for band, end in enumerate(BANDS):
        studies = at_distances((end - 0.1) * km_per_unit, (end + 0.1) * km_per_unit)
        assert some(by_distance(studies, unit)) == {str(band): 1, str(band + 1): 1}

    exact = at_distances(1.0).assign(distance_km=BANDS[0] * km_per_unit)
    assert some(by_distance(exact, unit)) == {"0": 1}


def test_the_unit_decides_the_band() -> None:
    studies = at_distances(60.0)

    assert some(by_distance(studies, "km")) == {"1": 1}
    assert some(by_distance(studies, "mi")) == {"0": 1}


def test_a_distance_not_known_and_no_open_site_are_two_things() -> None:
    studies = listed(
        study(numbered(1), sites=[unplaced()]),
        study(numbered(2), sites=[site(status="COMPLETED")]),
        study(numbered(3), sites=()),
        near=HOUSTON,
    ).studies

    assert some(by_distance(studies, "mi")) == {"not_said": 1, "no_open_site": 2}


def test_bands_stand_in_their_order() -> None:
    assert list(by_distance(NO_STUDIES, "mi")) == ["0", "1", "2", "3", "4", "not_said"]


# --- whether any counts twice ----------------------------------------------------------------


def test_whether_any_trial_names_several_values() -> None:
    assert names_several(in_phases(("PHASE1", "PHASE2"), ()), "phases")
    assert not names_several(in_phases(("PHASE1",), ()), "phases")
    assert not names_several(NO_STUDIES, "phases")
