"""Hard words are explained where they stand, once somebody asks."""

from __future__ import annotations

from tests.support import builders
from tests.ui.reading import These, words


def test_words_of_a_card_are_explained_on_demand(these: These) -> None:
    quote = builders.evidence("T315I or loss of major molecular response")
    reading = builders.reading(evidence=(quote,))
    page = these(reading)
    assert "One gene change" not in words(page)
    page.session_state[f"words_card_{reading.nct_id}"] = True
    page.run()
    told = words(page)
    assert "**T315I**" in told
    assert "Major molecular response" in told
    assert "We look for these words in the text above." in told


def test_words_of_an_explanation_are_explained_too(these: These) -> None:
    page = these(builders.reading())
    page.session_state["words_text_transplant"] = True
    page.run()
    assert "GVHD (graft-versus-host disease)" in words(page)
