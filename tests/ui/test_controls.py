"""Each control changes what is shown; a control that is cut off fails its test."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import These, cards, count, ledger, search_near, words
from trialfinder.reading import Reading, Why
from trialfinder.vocabulary import Approach, CmlPhase, Relevance

HOUSTON = "Houston, TX"


OTHERS = "Also list trials written for other people"


@pytest.fixture
def four(these: These) -> AppTest:
    """Four studies: for people whose TKI failed (two), perhaps for them, for others."""
    return these(
        read(1, cml_phases=(CmlPhase.CHRONIC,), approaches=(Approach.TKI,)),
        read(2),
        read(
            3,
            relevance=Relevance.MAY,
            cml_phases=(CmlPhase.ACCELERATED, CmlPhase.BLAST),
            approaches=(Approach.CHEMOTHERAPY, Approach.TRANSPLANT),
        ),
        read(
            4,
            relevance=Relevance.NO,
            why=Why.NEWLY_DIAGNOSED,
            cml_phases=(CmlPhase.CHRONIC,),
            approaches=(Approach.TKI,),
        ),
    )


def read(number: int, **given: object) -> Reading:
    return builders.reading(builders.numbered(number), **given)


def numbers(page: AppTest) -> list[int]:
    """The cards by the numbers of their studies."""
    return [int(nct_id[-1]) for nct_id in cards(page)]


def test_the_first_screen_lists_open_studies_that_treat(page: AppTest) -> None:
    assert ledger(page) == [
        "41 open records that name CML (15 left out)",
        "41 kept for what their record says about a TKI that stopped working",
        "41 with the status you chose",
        "38 of the kinds of study you chose (3 left out)",
    ]
    assert count(page) == 38


def test_what_was_written_for_others_is_left_out_counted_and_one_tap_away(four: AppTest) -> None:
    assert numbers(four) == [1, 2, 3]
    kept = "kept for what their record says about a TKI that stopped working"
    assert f"3 {kept} (1 left out)" in ledger(four)
    assert four.checkbox(key="others").label == f"{OTHERS} (1)"
    four.checkbox(key="others").check().run()
    assert numbers(four) == [1, 2, 3, 4]
    assert not [step for step in ledger(four) if "stopped working" in step]
    four.checkbox(key="others").uncheck().run()
    assert numbers(four) == [1, 2, 3]


def test_the_count_of_what_was_written_for_others_is_what_a_tap_brings(four: AppTest) -> None:
    four.pills(key="cml_phase").set_value(["blast"]).run()
    assert four.checkbox(key="others").label == f"{OTHERS} (0)"
    four.pills(key="cml_phase").set_value(["chronic"]).run()
    assert four.checkbox(key="others").label == f"{OTHERS} (1)"
    before = count(four)
    four.checkbox(key="others").check().run()
    assert count(four) == before + 1
    assert four.checkbox(key="others").label == f"{OTHERS} (1)"


@pytest.mark.parametrize(
    ("phases", "left"),
    [
        ([], [1, 2, 3]),
        (["chronic"], [1, 2]),  # the second record is silent, which is no reason to hide it
        (["blast"], [2, 3]),
        (["chronic", "accelerated"], [1, 2, 3]),
    ],
)
def test_cml_phase(four: AppTest, phases: list[str], left: list[int]) -> None:
    four.pills(key="cml_phase").set_value(phases).run()
    assert numbers(four) == left


@pytest.mark.parametrize(
    ("approaches", "left"),
    [
        ([], [1, 2, 3]),
        (["tki"], [1]),
        (["transplant"], [3]),
        (["tki", "chemotherapy"], [1, 3]),
        (["immunotherapy"], []),
    ],
)
def test_what_is_tested(four: AppTest, approaches: list[str], left: list[int]) -> None:
    four.pills(key="approach").set_value(approaches).run()
    assert numbers(four) == left


def test_what_the_new_filters_leave_out_is_one_tap_away_with_its_reason(four: AppTest) -> None:
    four.pills(key="cml_phase").set_value(["chronic"])
    four.pills(key="approach").set_value(["transplant"]).run()
    for step, why in (
        ("relevance", "Their record was written for other people: 1"),
        ("cml_phase", "Their record names other CML phases only: 1"),
        ("approach", "Their record does not make clear what kind of treatment they test: 1"),
        ("approach", "They test another kind of treatment: 1"),
    ):
        if four.session_state["ledger_open"] != step:
            four.button(key=f"ledger_{step}").click().run()
        assert why in words(four)


def test_the_phase_of_the_disease_and_that_of_a_trial_are_told_apart(page: AppTest) -> None:
    disease, trial = page.pills(key="cml_phase"), page.pills(key="trial_phase")
    assert (disease.label, trial.label) == ("Only these CML phases", "Trial phase")
    assert not set(disease.options) & set(trial.options)


@pytest.mark.parametrize(
    ("phase", "some"), [("PHASE2", "NCT99000002"), ("EARLY_PHASE1", "NCT99000011")]
)
def test_trial_phase(page: AppTest, phase: str, some: str) -> None:
    before = count(page)
    page.pills(key="trial_phase").set_value([phase]).run()
    assert 0 < count(page) < before
    assert some in all_cards(page)


def test_choosing_phase_2_also_finds_1_2_and_2_3(page: AppTest) -> None:
    page.pills(key="trial_phase").set_value(["PHASE2"]).run()
    shown = words_of_all_cards(page)
    assert "Trial phase 1 (is it safe, and at which dose?) and 2 (does it seem to work?)" in shown
    assert "Trial phase 2 (does it seem to work?) and 3 (" in shown


def test_status(page: AppTest) -> None:
    page.multiselect(key="status").set_value(["NOT_YET_RECRUITING"]).run()
    assert count(page) == 4
    assert {badge.value for badge in page.markdown if "Not open yet" in badge.value}


def test_choosing_a_closed_status_brings_the_closed_studies(page: AppTest) -> None:
    page.multiselect(key="status").set_value(["COMPLETED"]).run()
    assert "56 records that name CML" in ledger(page)
    assert count(page) > 0
    assert "Finished" in words(page)


def test_kind_of_study(page: AppTest) -> None:
    page.multiselect(key="study_type").set_value(["OBSERVATIONAL"]).run()
    assert count(page) == 3 + 1  # one record does not say its type, so it is never left out
    assert "No trial phase: this study only observes people" in words(page)


def test_country_state_and_city_narrow_one_after_the_other(page: AppTest) -> None:
    everywhere = count(page)
    page.selectbox(key="country").set_value("United States").run()
    country = count(page)
    page.selectbox(key="state").set_value("Texas").run()
    state = count(page)
    page.selectbox(key="city").set_value("Galveston").run()
    city = count(page)
    assert everywhere > country > state > city > 0


def test_another_country_forgets_the_old_state(page: AppTest) -> None:
    page.selectbox(key="country").set_value("United States").run()
    page.selectbox(key="state").set_value("Texas").run()
    page.selectbox(key="country").set_value("Germany").run()
    assert count(page) > 0
    assert page.selectbox(key="state").value is None


def test_a_place_sorts_the_nearest_first_and_says_how_far(page: AppTest) -> None:
    by_update = cards(page)
    search_near(page, HOUSTON)
    assert "Distances are from Houston, Texas, United States." in words(page)
    assert "Houston, Texas, United States: less than 1 mi" in words(page)
    assert cards(page) != by_update
    assert count(page) == 38


def test_distance(page: AppTest) -> None:
    page.selectbox(key="within").set_value(200)
    search_near(page, HOUSTON)
    assert 12 <= count(page) < 38
    assert any("within 200 mi" in step for step in ledger(page))


def test_sites_without_coordinates_are_kept_under_a_heading_of_their_own(page: AppTest) -> None:
    page.selectbox(key="within").set_value(25)
    search_near(page, HOUSTON)
    assert f"Distance not known ({count(page) - 8})" in [h.value for h in page.subheader]
    assert "Sites whose distance is not known: " in words_of_all_cards(page)


def test_unit(page: AppTest) -> None:
    page.selectbox(key="unit").set_value("km")
    search_near(page, HOUSTON)
    assert "less than 1 km" in words(page)
    assert " mi\n" not in words(page)


def test_order(page: AppTest) -> None:
    by_update = cards(page)
    search_near(page, HOUSTON)
    page.segmented_control(key="order").set_value("updated").run()
    assert cards(page) == by_update


def test_age_marks_and_does_not_hide(page: AppTest) -> None:
    page.number_input(key="age").set_value(10).run()
    assert count(page) == 38
    assert "May not fit, by what you said (32)" in headings_of_all_pages(page)
    told = words_of_all_cards(page)
    assert "May not fit: age" in told
    assert "The record's age limits: 18 years and older." in told


def test_sex_marks_and_does_not_hide(page: AppTest) -> None:
    page.selectbox(key="sex").set_value("MALE").run()
    assert count(page) == 38
    told = words_of_all_cards(page)
    assert "May not fit: sex" in told
    assert "The record takes: Women only." in told


def test_start_over_takes_everything_back(page: AppTest) -> None:
    page.pills(key="trial_phase").set_value(["PHASE4"]).run()
    page.pills(key="cml_phase").set_value(["blast"]).run()
    page.pills(key="approach").set_value(["tki"]).run()
    page.checkbox(key="others").check().run()
    page.number_input(key="age").set_value(10).run()
    search_near(page, HOUSTON)
    assert count(page) == 0
    next(b for b in page.button if b.label == "Start over").click().run()
    assert count(page) == 38
    assert "Distances are from" not in words(page)
    assert page.number_input(key="age").value is None
    assert not page.pills(key="cml_phase").value
    assert not page.pills(key="approach").value
    assert not page.checkbox(key="others").value


def test_an_ambiguous_place_is_asked_back_and_not_guessed(page: AppTest) -> None:
    search_near(page, "Richmond")
    assert "Distances are from" not in words(page)
    choice = page.selectbox(key="which_Richmond")
    assert choice.value is None
    choice.set_value("Richmond, Virginia, United States").run()
    assert "Distances are from Richmond, Virginia, United States." in words(page)


def test_an_unknown_place_is_said_and_changes_nothing(page: AppTest) -> None:
    before = cards(page)
    search_near(page, "Xyzzyville")
    assert any("larger city nearby" in warning.value for warning in page.warning)
    assert cards(page) == before


def test_the_next_page_shows_other_trials_and_a_new_search_begins_at_the_first(
    page: AppTest,
) -> None:
    first = cards(page)
    next_page(page, 2)
    second = cards(page)
    assert not set(first) & set(second)
    page.pills(key="trial_phase").set_value(["PHASE1", "PHASE2", "PHASE3"]).run()
    assert any(c.value.startswith("Trials 1 to 10") for c in page.caption)


def test_a_screen_without_results_says_why_and_how_to_widen(page: AppTest) -> None:
    page.multiselect(key="status").set_value(["AVAILABLE"]).run()
    page.pills(key="trial_phase").set_value(["PHASE4"]).run()
    assert "There are trials, but none passes all of your filters." in words(page)
    page.button(key="widen_trial_phase").click().run()
    assert count(page) == 1


@pytest.mark.parametrize("step", ["status", "study_type", "trial_phase", "place", "distance"])
def test_each_way_to_widen_brings_studies_back(page: AppTest, step: str) -> None:
    narrow = {
        "status": {"status": ["AVAILABLE"], "trial_phase": ["PHASE1"]},
        "study_type": {"study_type": ["EXPANDED_ACCESS"], "trial_phase": ["PHASE2"]},
        "trial_phase": {"status": ["ENROLLING_BY_INVITATION"], "trial_phase": ["EARLY_PHASE1"]},
        "place": {"country": "Japan", "trial_phase": ["EARLY_PHASE1"]},
        "distance": {"place": "Honolulu, HI", "within": 25, "trial_phase": ["PHASE4"]},
    }
    for key, value in narrow[step].items():
        page.session_state[key] = value
    page.run()
    assert count(page) == 0
    page.button(key=f"widen_{step}").click().run()
    assert count(page) > 0


@pytest.mark.parametrize(("step", "back"), [("cml_phase", [3]), ("approach", [1, 2])])
def test_a_cml_phase_and_what_is_tested_can_be_taken_back(
    four: AppTest, step: str, back: list[int]
) -> None:
    four.pills(key="cml_phase").set_value(["chronic"])
    four.pills(key="approach").set_value(["transplant"]).run()
    assert count(four) == 0
    assert "widen_relevance" not in [button.key for button in four.button]  # would bring none
    four.button(key=f"widen_{step}").click().run()
    assert numbers(four) == back


def test_when_only_studies_for_others_are_left_they_are_offered(these: These) -> None:
    page = these(read(4, relevance=Relevance.NO, why=Why.HEALTHY))
    assert count(page) == 0
    button = page.button(key="widen_relevance")
    assert button.label == "Trials written for other people too: 1 trial"
    button.click().run()
    assert numbers(page) == [4]
    assert page.checkbox(key="others").value


def next_page(page: AppTest, number: int) -> None:
    page.pagination[0].set_value(number).run()


def all_cards(page: AppTest) -> list[str]:
    return [nct_id for one in every_page(page) for nct_id in one[0]]


def words_of_all_cards(page: AppTest) -> str:
    return "\n".join(one[1] for one in every_page(page))


def headings_of_all_pages(page: AppTest) -> list[str]:
    return [h for one in every_page(page) for h in one[2]]


def every_page(page: AppTest) -> list[tuple[list[str], str, list[str]]]:
    pages = []
    for number in range(1, -(-count(page) // 10) + 1):
        if number > 1:
            next_page(page, number)
        pages.append((cards(page), words(page), [h.value for h in page.subheader]))
    return pages
