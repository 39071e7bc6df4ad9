"""How word lists become patterns: made for speed, they must find what the lists say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialfinder.reading.patterns import pattern, union

LIST = (
    r"\bhht\b",
    r"half[- ]dose",
    r"(?:natural killer|\bnk)[- ]cells?",
    r"halving|\bhalves",
    r"na[i]ve",
    r"\bnk",
    r"x?ray",
    r"\w+tecan",
    r"nap\(2\)|[(|]a",
    r"\bn(?:o|ot)\b",
)
WORDS = [
    "hht", "half-dose", "half dose", "natural killer cell", "nk", "nk cells", "halving", "halves",
    "naive", "xray", "ray", "irinotecan", "nap(2)", "|a", "no", "not", "note", "shht", "-", " ",
]  # fmt: skip


def spans(words: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in words.finditer(text)]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map("".join))
def test_finds_what_the_list_written_out_finds(text: str) -> None:
    assert spans(pattern(*LIST), text) == spans(
        re.compile("|".join(LIST).replace(" ", r"\s")), text
    )


def test_the_alternative_that_stands_first_wins() -> None:
    assert spans(pattern(r"ab", r"\babc", r"[a]bcd"), "abcd") == [(0, 2)]
    assert spans(pattern(r"[a]bcd", r"ab"), "abcd") == [(0, 4)]
    assert spans(pattern(r"abc", r"[a]b", r"abcd"), "abcd") == [(0, 3)]


@pytest.mark.parametrize("text", ["new drug", "new\ndrug", "new \n  drug"])
def test_a_blank_is_any_gap(text: str) -> None:
    assert pattern("new drug").fullmatch(text)


def test_a_blank_before_a_question_mark_may_be_missing() -> None:
    assert pattern("mr ?4").fullmatch("mr4")
    assert pattern("mr ?4").fullmatch("mr\n4")


def test_a_blank_in_a_class_or_behind_is_one() -> None:
    assert pattern("a[ -]b").fullmatch("a\nb")
    assert pattern("(?<!no )drug").search("my drug")
    assert not pattern("(?<!no )drug").search("no\ndrug")


def test_a_union_finds_any_of_its_patterns() -> None:
    both = union({"one": pattern("ab"), "two": pattern("cd")})
    assert spans(both, "ab cd") == [(0, 2), (3, 5)]
