"""The reading grade is the published formula, and its syllable rule is known, limits included."""

from __future__ import annotations

import pytest

from trialfinder.content.reading_grade import blocks, grade, syllables

# Counted by hand: words, sentences, syllables.
COUNTED = [
    ("The cat sat on the mat.", 6, 1, 6),
    ("Doctors look at your blood. They count the cells.", 9, 2, 10),
    ("A TKI is a medicine.", 5, 1, 9),
    ("Chronic myeloid leukemia begins in the bone marrow.", 8, 1, 16),
    ("- Asciminib is a pill\n- It blocks a **protein** [^pdq] [^label]", 8, 2, 12),
    ("## A heading is left out\n\nAsk your\nteam [1]. Call 1-800-422-6237.", 4, 2, 4),
]


@pytest.mark.parametrize(("text", "words", "sentences", "sounds"), COUNTED)
def test_grade_is_the_published_formula(text: str, words: int, sentences: int, sounds: int) -> None:
    expected = 0.39 * words / sentences + 11.8 * sounds / words - 15.59

    assert grade(text) == pytest.approx(expected)


def test_grade_of_a_known_sentence_to_two_places() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)


def test_a_university_sentence_is_graded_as_hard() -> None:
    sentence = (
        "Allosteric inhibition of the myristoyl pocket demonstrates considerable therapeutic "
        "potential in individuals whose disease is refractory to conventional competitive "
        "tyrosine kinase inhibitors, notwithstanding heterogeneous resistance mechanisms."
    )

    assert grade(sentence) > 12


def test_shorter_sentences_lower_the_grade() -> None:
    long = "The drug did not work for him and so the team looked for the cause of it."
    short = "The drug did not work for him. So the team looked for the cause of it."

    assert grade(short) < grade(long)


def test_a_full_stop_inside_a_word_or_number_ends_no_sentence() -> None:
    assert grade("See ClinicalTrials.gov at 0.1 now.") == pytest.approx(
        0.39 * 5 + 11.8 * (1 + 6 + 1 + 2 + 1) / 5 - 15.59
    )


@pytest.mark.parametrize("text", ["", "  \n\n", "## Only a heading", "[^pdq]"])
def test_a_text_without_words_has_no_grade(text: str) -> None:
    with pytest.raises(ValueError, match="without words"):
        grade(text)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1),
        ("the", 1),
        ("dose", 1),
        ("doses", 2),
        ("used", 1),
        ("needed", 2),
        ("changes", 2),
        ("little", 2),
        ("being", 2),
        ("trial", 2),
        ("usual", 3),
        ("people", 2),
        ("kinase", 2),
        ("patient", 2),
        ("mutation", 3),
        ("medicine", 3),
        ("asciminib", 4),
        ("interferon", 4),
        ("leukemia", 4),
        ("chemotherapy", 5),
        ("doctor's", 2),
        ("check-ups", 2),
        ("TKI", 3),
        ("WHO", 5),
        ("T315I", 5),
        ("BCR::ABL1", 7),
        ("2021", 4),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(("word", "said", "counted"), [("sometimes", 2, 3), ("science", 2, 1)])
def test_the_syllable_rule_has_the_limits_its_docstring_names(
    word: str, said: int, counted: int
) -> None:
    assert syllables(word) == counted != said


def test_blocks_are_paragraphs_and_bullets() -> None:
    markdown = "One\nparagraph.\n\n## Heading\n- first\n  goes on\n- second\n\nLast."

    assert blocks(markdown) == ["One paragraph.", "first goes on", "second", "Last."]
