"""Every pattern of the reader stands beside examples of what it means and what it does not.

The tables in ``examples`` hold, for each pattern by its name, phrases that it must find and near
misses that it must not. The words are invented, and written as the reader sees them: lower case,
plain signs. A pattern that ends in "$" sees the text before a match, one that begins with "^" the
text after it; ``at = "start"`` marks one that is only tried where a text begins.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import trialfinder.reading
from tests.reading.records import joining, read
from trialfinder.reading import disease, drugs, failure
from trialfinder.reading.patterns import Words, any_of
from trialfinder.reading.text import plain
from trialfinder.vocabulary import CmlPhase

FOLDER = Path(__file__).with_name("examples")
IN_THEIR_OWN_CASE = ("sections", "text", "patterns")
"""Modules whose patterns are applied before text is made plain and lower case."""


class Examples(NamedTuple):
    """What one pattern must find and what it must not."""

    matches: list[str]
    misses: list[str]
    at: str = "anywhere"


def modules() -> dict[str, ModuleType]:
    return {
        found.name: importlib.import_module(f"trialfinder.reading.{found.name}")
        for found in pkgutil.iter_modules(trialfinder.reading.__path__)
    }


def own_names(module: ModuleType) -> set[str]:
    """The globals that a module makes itself, those it imports left out."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return {
        name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
    }


def patterns_in(name: str, value: object) -> Iterator[tuple[str, re.Pattern[str] | Words]]:
    """The patterns that a value is or holds, each by a name of its own."""
    if isinstance(value, re.Pattern | Words):
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from patterns_in(f"{name}.{key}", one)
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from patterns_in(f"{name}.{number}", one)


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of the reader: "failure.FAILURES.resistant" and so on."""
    return {
        name: found.pattern if isinstance(found, Words) else found
        for name, found in all_words().items()
    }


@cache
def all_words() -> dict[str, re.Pattern[str] | Words]:
    """The same, with the cheap looks that stand before some of them."""
    return {
        f"{room}.{name}": found
        for room, module in modules().items()
        for own in sorted(own_names(module))
        for name, found in patterns_in(own, getattr(module, own, None))
    }


def entries(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Examples]]:
    if "matches" in table:
        yield name, Examples(**table)
    else:
        for key, inner in table.items():
            yield from entries(f"{name}.{key}", inner)


@cache
def examples() -> dict[str, Examples]:
    """The entries of all tables, by the name of their pattern."""
    return {
        name: entry
        for file in sorted(FOLDER.glob("*.toml"))
        for name, entry in entries(file.stem, tomllib.loads(file.read_text(encoding="utf-8")))
    }


def finds(name: str, phrase: str) -> bool:
    words = patterns()[name]
    apply = words.match if examples()[name].at == "start" else words.search
    return apply(phrase) is not None


# --- the tables ------------------------------------------------------------------------------


def test_patterns_are_found_where_they_are_kept() -> None:
    """Alone, in a dictionary; private ones too; by the module that makes them."""
    names = patterns()

    for name in (
        "groups.NEW",
        "failure.FAILURES.resistant",
        "disease._CML",
        "drugs.BY_NAME.imatinib",
    ):
        assert name in names
    assert "approach._WORDS.transplant" in names
    assert "prior_facts.BY_NAME.imatinib" not in names


def test_every_pattern_has_examples() -> None:
    assert set(patterns()) - set(examples()) == set()


def test_every_example_has_its_pattern() -> None:
    assert set(examples()) - set(patterns()) == set()


@pytest.mark.parametrize("name", examples())
def test_a_pattern_has_matches_and_misses(name: str) -> None:
    entry = examples()[name]

    assert entry.matches
    assert entry.misses
    assert entry.at in ("anywhere", "start")
    assert not set(entry.matches) & set(entry.misses)
    for listed in (entry.matches, entry.misses):
        assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", examples())
def test_phrases_are_written_as_the_reader_sees_them(name: str) -> None:
    if name.startswith(tuple(f"{module}." for module in IN_THEIR_OWN_CASE)):
        return
    entry = examples()[name]

    for phrase in (*entry.matches, *entry.misses):
        assert plain(phrase)[0].lower() == phrase


# --- the patterns ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", examples())
def test_a_pattern_finds_what_it_means(name: str) -> None:
    assert [phrase for phrase in examples()[name].matches if not finds(name, phrase)] == []


@pytest.mark.parametrize("name", examples())
def test_a_pattern_leaves_what_only_looks_like_it(name: str) -> None:
    assert [phrase for phrase in examples()[name].misses if finds(name, phrase)] == []


@pytest.mark.parametrize("name", patterns())
def test_no_pattern_finds_something_in_nothing(name: str) -> None:
    """A pattern with an empty alternative would find itself in every record."""
    assert patterns()[name].search("") is None


# --- the cheap look before -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("disease._CML", disease.first_cml),
        ("drugs._ANY_TKI", drugs.tkis),
        *((name, drugs.tkis) for name in examples() if name.startswith("drugs.BY_NAME.")),
    ],
)
def test_the_cheap_look_before_a_pattern_hides_none(
    name: str, sees: Callable[[str], object]
) -> None:
    assert [phrase for phrase in examples()[name].matches if not sees(phrase)] == []


@pytest.mark.parametrize(
    ("stems", "named"),
    [
        (failure._FAILURE_STEMS, "FAILURES"),
        (failure._RESIDUAL_STEMS, "RESIDUALS"),
        (failure._EARLIER_STEMS, "EARLIER_TREATMENT"),
    ],
    ids=["failures", "residuals", "earlier"],
)
def test_the_cheap_look_for_failures_hides_none(stems: tuple[str, ...], named: str) -> None:
    for name, entry in examples().items():
        if name.startswith(f"failure.{named}."):
            assert [phrase for phrase in entry.matches if not any_of(stems, phrase)] == []


@pytest.mark.parametrize(
    "name", [name for name, words in all_words().items() if isinstance(words, Words)]
)
def test_the_cheap_look_of_a_guarded_pattern_hides_none(name: str) -> None:
    words = all_words()[name]
    assert [phrase for phrase in examples()[name].matches if not words.search(phrase)] == []


@pytest.mark.parametrize("phase", CmlPhase)
def test_the_cheap_look_for_phases_hides_none(phase: CmlPhase) -> None:
    phrases = examples()[f"cml_phase._WORDS.{phase}"].matches

    assert [
        one for one in phrases if phase not in read(criteria=joining(f"CML: {one}")).cml_phases
    ] == []
