"""The options beside the results, and the way from an option to the trials that test it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import These, cards, words
from trialfinder.content.texts import options
from trialfinder.reading import Reading
from trialfinder.ui import explanations
from trialfinder.vocabulary import Approach, CmlPhase

BOTH = (Approach.TKI, Approach.TRANSPLANT)


@pytest.fixture
def three(these: These) -> AppTest:
    """Three studies: two test a TKI, one of them a transplant too, one says nothing of it."""
    return these(
        read(1, approaches=BOTH, cml_phases=(CmlPhase.CHRONIC,)),
        read(2, approaches=(Approach.TKI,), cml_phases=(CmlPhase.BLAST,)),
        read(3),
    )


def read(number: int, **given: object) -> Reading:
    return builders.reading(builders.numbered(number), **given)


def test_every_option_that_a_trial_can_test_is_an_option_of_the_article() -> None:
    assert set(explanations._TESTED_AS) == {text.key for text in options()} - {"clinical_trials"}


def test_an_option_says_how_many_listed_trials_test_it(three: AppTest) -> None:
    assert labels(three) == {
        "only_tki": "Show the 2 trials that test this",
        "only_transplant": "Show the 1 trial that tests this",
    }
    assert words(three).count("No trial that passes your filters tests this.") == 4


def test_the_other_filters_count(three: AppTest) -> None:
    three.pills(key="cml_phase").set_value(["blast"]).run()
    assert labels(three) == {"only_tki": "Show the 1 trial that tests this"}


def test_one_tap_lists_them_and_another_lists_all_again(three: AppTest) -> None:
    three.button(key="only_transplant").click().run()
    assert [nct_id[-1] for nct_id in cards(three)] == ["1"]
    assert list(three.pills(key="approach").value) == ["transplant"]
    assert (
        "The list shows only trials that test this. [Go to the list of trials](#trials)"
        in words(three)
    )
    assert labels(three) == {
        "only_tki": "Show the 2 trials that test this",  # as many as this tap would list
        "only_transplant": "Show all trials again",
    }
    three.button(key="only_transplant").click().run()
    assert len(cards(three)) == 3
    assert not three.pills(key="approach").value


def test_without_trials_the_options_stand_there_without_counts(
    unopened: AppTest, monkeypatch: pytest.MonkeyPatch, no_pauses: None
) -> None:
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    unopened.run()
    assert options()[0].title in [box.label for box in unopened.expander]
    assert labels(unopened) == {}
    assert "tests this" not in words(unopened)


def labels(page: AppTest) -> dict[str, str]:
    """The buttons inside the options."""
    return {str(b.key): b.label for b in page.button if str(b.key).startswith("only_")}
