"""The page in Spanish: every sentence of ours changes, what the registry says does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import These, words
from trialfinder.content.language import LANGUAGES, current, speak
from trialfinder.content.messages import message


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """No test speaks for the next."""
    yield
    speak("en")


def in_spanish(page: AppTest) -> AppTest:
    page.session_state["language"] = "es"
    page.run()
    assert not page.exception
    return page


def test_the_page_speaks_the_language_that_was_chosen(page: AppTest) -> None:
    assert "Find trials" in [h.value for h in page.header]
    headers = [h.value for h in in_spanish(page).header]
    assert "Buscar estudios" in headers
    assert "Find trials" not in headers


def test_answers_and_the_list_stay_when_the_language_changes(page: AppTest) -> None:
    page.pills(key="tkis").set_value(["imatinib"]).run()
    page.number_input(key="age").set_value(50).run()
    in_spanish(page)
    assert list(page.pills(key="tkis").value) == ["imatinib"]
    assert page.number_input(key="age").value == 50
    assert "Lo que usted dijo" in words(page) or "usted dijo" in words(page)


def test_what_the_registry_says_is_left_as_it_is(these: These) -> None:
    quote = builders.evidence("Resistant to imatinib")
    page = these(builders.reading(evidence=(quote,)))
    told = words(in_spanish(page))
    assert "“Resistant to imatinib”" in told
    assert "casi siempre en inglés" in told


def test_every_language_has_words() -> None:
    for language in LANGUAGES:
        speak(language)
        assert current() == language
        assert message("form.heading")


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        speak("xx")
    assert current() == "en"
