"""How hard a text is to read, as a US school grade.

The formula is the published one: J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom,
"Derivation of New Readability Formulas for Navy Enlisted Personnel", Research Branch Report 8-75,
Naval Technical Training Command, 1975:

    grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59

It counts; it does not understand. A low grade is no proof that a text is clear.
"""

from __future__ import annotations

import re

_MARKER = re.compile(r"\[\^[\w-]+\]|\[\d+\]")
_PHONE_NUMBER = re.compile(r"\b\d[\d -]{7,}\d\b")
_EMPHASIS = re.compile(r"[*_`]+")
_HEADING = re.compile(r"#{1,6}\s")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+\.)\s+")
_SENTENCE_END = re.compile(r"[.!?]+[\"”’')]*(?=\s|$)")
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’.,:/-]+[A-Za-z0-9]+)*")
_APOSTROPHE = re.compile(r"['’]")
_PART = re.compile(r"[A-Za-z0-9]+")

_VOWELS = re.compile(r"[aeiouy]+")
_TWO_SOUNDS = re.compile(r"(?<![tcsgx])i[aou]|(?<![qg])ua|(?<=[a-z])y[aeiou]|[aeouy]ing$")
_SILENT_END = re.compile(r"(?:[^aeiouy]e|[^aeiouytd]ed|[^aeiouysxzcgh]es)$")
_SOUNDED_LE = re.compile(r"[^aeiouyl]le[sd]?$")


def blocks(markdown: str) -> list[str]:
    """Return the paragraphs and bullets of a Markdown text, one string each, without headings."""
    found: list[str] = []
    joined = False
    for line in markdown.splitlines():
        if not line.strip() or _HEADING.match(line):
            joined = False
            continue
        bullet = _BULLET.match(line)
        if bullet:
            found.append(line[bullet.end() :].strip())
        elif joined:
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
        joined = True
    return found


def syllables(word: str) -> int:
    """Return about how many syllables an English word has; at least one.

    Groups of vowels are counted; a few pairs that are said as two sounds add one ("trial"), a
    silent ending takes one away ("dose", "used"). Capitals, and anything with a figure in it, are
    read out sign by sign ("TKI" is three, "T315I" five, "2021" four).

    Limits: an "e" inside a compound is counted though silent ("sometimes", "likely"); "science",
    "diet" and "isn't" come out one short; names are as their letters suggest. On running text the
    errors lean to more syllables, which makes a text look harder, not easier.
    """
    count = 0
    for part in _PART.findall(_APOSTROPHE.sub("", word)):
        if (part.isupper() and len(part) > 1) or any(sign.isdigit() for sign in part):
            count += sum(3 if sign in "Ww" else 1 for sign in part)
            continue
        letters = part.lower()
        said = len(_VOWELS.findall(letters)) + len(_TWO_SOUNDS.findall(letters))
        if said > 1 and _SILENT_END.search(letters) and not _SOUNDED_LE.search(letters):
            said -= 1
        count += said
    return max(count, 1)


def sentences(
    markdown: str,
    *,
    word: re.Pattern[str] = _WORD,
    end: re.Pattern[str] = _SENTENCE_END,
) -> list[list[str]]:
    """Return the words of each sentence of a Markdown text, as `grade` counts them.

    ``word`` and ``end`` say what is a word, and what ends a sentence, in another language.
    """
    found = []
    for block in blocks(markdown):
        plain = _EMPHASIS.sub("", _PHONE_NUMBER.sub("", _MARKER.sub("", block)))
        found += [words for sentence in end.split(plain) if (words := word.findall(sentence))]
    return found


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a plain or Markdown text.

    Source markers, marks of emphasis and telephone numbers are dropped. Headings are left out:
    such short lines would make a text look easier than it is. Every paragraph and bullet ends a
    sentence, and so does every full stop before a space, abbreviations included. Medical words
    count like any word.

    Raises ValueError for a text without a word.
    """
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    if not words:
        raise ValueError("a text without words has no reading grade")
    sounds = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(found) + 11.8 * sounds / len(words) - 15.59
