"""How easy a Spanish text is to read, on the INFLESZ scale.

The formula is the published one of F. Szigriszt Pazos, "Sistemas predictivos de legibilidad del
mensaje escrito: fórmula de perspicuidad", doctoral thesis, Universidad Complutense de Madrid, 1993:

    ease = 206.835 - 62.3 * syllables per word - words per sentence

Its levels are those of the INFLESZ scale, made for texts for patients: I. M. Barrio-Cantalejo,
P. Simón-Lorda and others, "Validación de la Escala INFLESZ para evaluar la legibilidad de los
textos dirigidos a pacientes", Anales del Sistema Sanitario de Navarra 31(2), 2008, pages 135-152.

It counts; it does not understand. A high figure is no proof that a text is clear.
"""

from __future__ import annotations

import re

from trialfinder.content.reading_grade import sentences

LEVELS = (
    (80.0, "muy fácil"),
    (65.0, "bastante fácil"),
    (55.0, "normal"),
    (40.0, "algo difícil"),
)
"""The names of the INFLESZ scale by their lower ends; what is below is "muy difícil"."""

FAIRLY_EASY = 65.0
NORMAL = 55.0

_SENTENCE_END = re.compile(r"[.!?…]+[\"”’')]*(?=\s|$)")
_WORD = re.compile(r"[^\W_]+(?:['’.,:/-]+[^\W_]+)*")
_PART = re.compile(r"[^\W_]+")

_VOWELS = re.compile(r"(?:[aeiouáéíóúü]|y(?![aeiouáéíóúü]))+")
_STRONG = re.compile(r"[aeoáéíóú]")
_TWO_SYLLABLES = frozenset("FHJLMNÑRSVXZ0145789")


def syllables(word: str) -> int:
    """Return how many syllables a Spanish word has by the rules of spelling; at least one.

    Each of a, e, o and each vowel with an accent is one; i, u, ü, and y before no vowel, join a
    vowel that they touch ("cien-cia", "muy"), and are one syllable where they touch only each other
    ("ciu-dad"). An accent parts them ("dí-a"). Capitals, and anything with a figure in it, are read
    out sign by sign ("LMC", ele-eme-ce, is five; "2021" six).

    Limits: vowels on both sides of an h are counted apart ("prohi-bir" is three); a word that
    capitals spell but nobody spells out counts as if ("ZIP" is four); numbers and names of other
    languages are as their signs suggest. The errors lean to more syllables, which makes a text look
    harder, not easier.
    """
    count = 0
    for part in _PART.findall(word):
        if (part.isupper() and len(part) > 1) or any(sign.isdigit() for sign in part):
            signs = part.upper()
            count += len(signs) + sum(sign in _TWO_SYLLABLES for sign in signs)
            count += 2 * signs.count("W")
            continue
        for group in _VOWELS.findall(part.lower()):
            count += max(len(_STRONG.findall(group)), 1)
    return max(count, 1)


def ease(text: str) -> float:
    """Return the ease of a plain or Markdown text: from about 0, very hard, to 100, very easy.

    Source markers, marks of emphasis and telephone numbers are dropped. Headings are left out:
    such short lines would make a text look easier than it is. Every paragraph and bullet ends a
    sentence, and so does every full stop before a space, abbreviations included; colons and
    semicolons do not. Medical words count like any word.

    Raises ValueError for a text without a word.
    """
    found = sentences(text, word=_WORD, end=_SENTENCE_END)
    words = [word for sentence in found for word in sentence]
    if not words:
        raise ValueError("a text without words has no ease of reading")
    sounds = sum(syllables(word) for word in words)
    return 206.835 - 62.3 * sounds / len(words) - len(words) / len(found)


def level(figure: float) -> str:
    """Return the name that the INFLESZ scale has for an ease."""
    return next((name for lowest, name in LEVELS if figure >= lowest), "muy difícil")
