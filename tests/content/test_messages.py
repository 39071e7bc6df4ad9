"""Every sentence of ours is there, is used, gets what it needs and is plain."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import trialfinder
from tests.finding.test_situation import CASES
from tests.support.wording import BANNED, KINDS_OF_PHASE
from trialfinder import errors
from trialfinder.content.messages import counted, message
from trialfinder.content.reading_grade import grade
from trialfinder.finding import describe, export
from trialfinder.finding.filters import Filters, Group, Order, Reason, StepName
from trialfinder.finding.situation import Answer, Ended, Mutation, Topic
from trialfinder.reading import Side, Why
from trialfinder.reading.drugs import TKIS
from trialfinder.registry.answer import Source
from trialfinder.ui import guide, situation_form
from trialfinder.vocabulary import (
    Approach,
    CmlPhase,
    FoundBy,
    OverallStatus,
    Relevance,
    Sex,
    Stance,
    StudyType,
    TrialPhase,
)

PACKAGE = Path(trialfinder.__file__).parent
SOURCES = [*sorted(PACKAGE.rglob("*.py")), PACKAGE.parent / "app.py"]
WORDS = PACKAGE / "content" / "en" / "messages.toml"


# --- the sentences ---------------------------------------------------------------------------


def flat(tree: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield above + name, value


@cache
def sentences() -> dict[str, str]:
    return dict(flat(tomllib.loads(WORDS.read_text(encoding="utf-8"))))


def gaps(text: str) -> set[str]:
    """The {curly} parts of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_entry_is_a_sentence_with_named_gaps() -> None:
    for key, text in sentences().items():
        assert isinstance(text, str), key
        assert text.strip() == text or key == "phase.and", key
        assert all(re.fullmatch("[a-z_]+", name) for name in gaps(text)), key


def test_every_form_for_one_has_a_form_for_many() -> None:
    for ending, other in ((".one", ".many"), (".many", ".one")):
        for key in sentences():
            if key.endswith(ending):
                assert key.removesuffix(ending) + other in sentences()


# --- looking them up -------------------------------------------------------------------------


def test_a_sentence_is_filled_in() -> None:
    assert message("cli.check.address", url="http://127.0.0.1") == "Registry: http://127.0.0.1"


def test_what_is_filled_in_is_not_read_for_gaps() -> None:
    assert message("cli.check.address", url="{url} {0}") == "Registry: {url} {0}"


def test_one_and_many() -> None:
    assert counted("results.count", 1) == "1 trial"
    assert counted("results.count", 0) == "0 trials"
    assert counted("results.count", 1234) == "1,234 trials"


@pytest.mark.parametrize("key", ["nothing", "cli.nothing", "cli", "cli.check", ""])
def test_a_sentence_that_is_not_there_is_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        message(key)


def test_a_gap_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError, match="url"):
        message("cli.check.address")


# --- families: a sentence for each value of something ----------------------------------------


def codes(kind: type[errors.TrialfinderError]) -> Iterator[str]:
    below = kind.__subclasses__()
    if not below:
        yield kind.code
    for one in below:
        yield from codes(one)


PROBLEMS = tuple(codes(errors.TrialfinderError))
AGE_UNITS = ("Year", "Month", "Week", "Day", "Hour", "Minute")
ELSEWHERE = tuple(group for group in Group if group is not Group.YES)
FAMILIES: dict[str, Sequence[str]] = {
    "errors.{}.what": PROBLEMS,
    "errors.{}.do": PROBLEMS,
    "ledger.{}": tuple(StepName),
    "reasons.{}": tuple(Reason),
    "results.widen_{}": tuple(StepName),
    "status.{}.short": tuple(OverallStatus),
    "phase.{}": tuple(TrialPhase),
    "phase.short.{}": tuple(TrialPhase),
    "study_type.{}": tuple(StudyType),
    "sex.{}": tuple(Sex),
    "form.sex_{}": (Sex.FEMALE, Sex.MALE),
    "results.group.{}.heading": tuple(Group),
    "results.group.{}.text": tuple(Group),
    "results.group.{}.one": ELSEWHERE,
    "results.group.{}.many": ELSEWHERE,
    "relevance.{}": tuple(Relevance),
    "relevance.short.{}": tuple(Relevance),
    "why.{}": tuple(Why),
    "why.short.{}": tuple(Why),
    "where.{}": (Side.INCLUSION, Side.EXCLUSION, *describe._PLACES.values(), "elsewhere"),
    "cml_phase.{}": tuple(CmlPhase),
    "approach.{}": tuple(Approach),
    "t315i.{}": tuple(Stance),
    "shortlist.download_{}": ("mine", "all"),
    "shortlist.file_{}": ("mine", "all"),
    "form.order_{}": tuple(Order),
    "age.unit.{}.{}": tuple(f"{form}.{unit}" for form in ("one", "many") for unit in AGE_UNITS),
    "csv.columns.{}": export._COLUMNS,
    "csv.filters.{}": tuple(field.name.replace("within_km", "within") for field in fields(Filters)),
    "csv.found_by.{}": tuple(FoundBy),
    "csv.source.{}": tuple(Source),
    "situation.for_{}": ("me", "other"),
    "situation.ended_{}": tuple(Ended),
    "situation.mutation_{}": tuple(Mutation),
    "situation.{}": ("cml_phase", "mutation", "transplant", "sex", "yes", "no"),
    "situation.{}_help": situation_form._HELPED,
    "tki.{}": tuple(tki.name for tki in TKIS),
    "guide.{}": tuple(name for name, _ in guide._QUESTIONS),
    "points.{}": (Answer.FITS, Answer.ASK, Answer.SILENT),
    "points.answer.{}": tuple(Answer),
    "points.topic.{}": tuple(Topic),
    "points.{}.{}": tuple(CASES),
    "cli.{}": (
        *("relevance", "phase", "cml_phase", "approach", "status", "study_type"),
        *("country", "state", "city", "near", "within"),
    ),
}
"""What the {} of an f-string can be, by the f-string."""


def family(template: str, names: Container[str] = ()) -> tuple[str, ...]:
    """The keys that an f-string stands for.

    For one that is not among `FAMILIES`: all keys that it fits with some of ``names`` in its gaps.
    """
    if template in FAMILIES:
        gap = template.replace("{}.{}", "{}")
        return tuple(gap.format(value) for value in FAMILIES[template])
    pattern = re.escape(template).replace(r"\{\}", r"([^.]+)")
    fits = ((key, re.fullmatch(pattern, key)) for key in sentences())
    return tuple(key for key, fit in fits if fit and all(name in names for name in fit.groups()))


@pytest.mark.parametrize("template", FAMILIES)
def test_every_value_has_its_words(template: str) -> None:
    assert [key for key in family(template) if key not in sentences()] == []


@pytest.mark.parametrize(
    "above",
    [
        *("reasons.", "status.", "study_type.", "csv.columns.", "csv.filters.", "csv.found_by."),
        *("relevance.short.", "why.short.", "where.", "cml_phase.", "approach.", "t315i."),
    ],
)
def test_there_are_no_words_for_values_that_nobody_has(above: str) -> None:
    (template,) = (one for one in FAMILIES if one.startswith(above))
    named = {key for key in sentences() if key.startswith(above)}

    assert named <= set(family(template))


# --- where they are used ---------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """A call of message() or counted(): the keys it can ask for and the gaps it fills."""

    where: str
    keys: tuple[str, ...]
    sure: bool  # that it can ask for each of these keys
    given: frozenset[str] | None  # None: some come from elsewhere, as **values


def texts_of(node: ast.AST | None) -> list[str]:
    """The text constants that an expression can come out as."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return texts_of(one) + texts_of(other)
        case _:
            return []


def assigned(scope: ast.AST, name: ast.Name) -> list[str]:
    """The text constants that a name can stand for: the last assigned above it, and in branches."""
    texts: list[str] = []
    column = 0
    for node in own_nodes(scope):
        if not isinstance(node, ast.Assign) or node.lineno > name.lineno:
            continue
        if name.id in (target.id for target in node.targets if isinstance(target, ast.Name)):
            in_branch = bool(texts) and node.col_offset > column
            texts = texts_of(node.value) + (texts if in_branch else [])
            column = column if in_branch else node.col_offset
    return texts


def names_in(tree: ast.AST) -> set[str]:
    """Every text constant of a module, and the values of the enumerations it may go through."""
    constants = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return constants.union(*FAMILIES.values())


def template_of(node: ast.JoinedStr) -> str:
    """An f-string with {} for each of its gaps."""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def called(node: ast.Call) -> str | None:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None


@cache
def uses() -> tuple[Use, ...]:
    found = []
    for file in SOURCES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = names_in(tree)
        for scope in ast.walk(tree):
            if not isinstance(scope, ast.FunctionDef | ast.Module):
                continue
            for node in own_nodes(scope):
                if isinstance(node, ast.Call) and called(node) in ("message", "counted"):
                    found.append(use(node, scope, names, f"{file.name}:{node.lineno}"))
    return tuple(found)


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Everything inside a scope but not inside a function of its own."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef):
            yield from own_nodes(child)


def use(node: ast.Call, scope: ast.AST, names: set[str], where: str) -> Use:
    key = node.args[0]
    forms = (".one", ".many") if called(node) == "counted" else ("",)
    template = template_of(key) if isinstance(key, ast.JoinedStr) else None
    if template is not None:
        keys = tuple(one for form in forms for one in family(template + form, names))
    else:
        plain = assigned(scope, key) if isinstance(key, ast.Name) else texts_of(key)
        keys = tuple(one + form for one in plain for form in forms)
    filled = {keyword.arg for keyword in node.keywords}
    if called(node) == "counted":
        filled.add("count")
    given = None if None in filled else frozenset(name for name in filled if name)
    sure = template is None or all(template + form in FAMILIES for form in forms)
    return Use(where, keys, sure, given)


def test_every_sentence_asked_for_is_there() -> None:
    missing = [(one.where, key) for one in uses() for key in one.keys if key not in sentences()]

    assert missing == []


def test_every_gap_is_filled() -> None:
    empty = [
        (one.where, key, gaps(sentences()[key]) - one.given)
        for one in uses()
        if one.given is not None and one.sure
        for key in one.keys
        if gaps(sentences().get(key, "")) - one.given
    ]

    assert empty == []


def test_nothing_is_given_that_no_sentence_has_a_gap_for() -> None:
    idle = []
    for one in uses():
        wanted = {name for key in one.keys for name in gaps(sentences().get(key, ""))}
        if one.keys and one.given and one.given - wanted - {"count"}:
            idle.append((one.where, one.given - wanted))

    assert idle == []


def test_every_sentence_is_used() -> None:
    """By message() or counted(), or named anywhere else in the source, as in a table of keys."""
    used = {key for one in uses() for key in one.keys}
    for file in SOURCES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = names_in(tree)
        for text in names:
            used |= {text, f"{text}.one", f"{text}.many"}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and "." in template_of(node).split("{}")[0]:
                used |= {*family(template_of(node), names)}

    assert sorted(set(sentences()) - used) == []


# --- plain -----------------------------------------------------------------------------------

SHORT = 8
"""Words: what has fewer is a label, and its grade says nothing."""

STAND_INS = {"place": "Houston", "days": "ten", "nct_id": "this", "within": "ten miles"}
_END = re.compile(r"(?<=[.!?:])[\"”’)]*\s+")


def long_sentences(text: str) -> list[str]:
    """Its sentences of some length, with a short word in each gap."""
    for name in gaps(text):
        text = text.replace(f"{{{name}}}", STAND_INS.get(name, "ten"))
    return [one for one in _END.split(text) if len(one.split()) >= SHORT]


def by_section() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, text in sentences().items():
        found.setdefault(key.split(".", 1)[0], []).extend(long_sentences(text))
    return {name: long for name, long in found.items() if long}


def graded(long: Iterable[str]) -> float:
    return grade("\n\n".join(long))


@pytest.mark.parametrize("name", by_section())
def test_the_reading_grade_of_a_section_is_eight_or_lower(name: str) -> None:
    hardest = sorted(by_section()[name], key=grade, reverse=True)[:3]

    assert graded(by_section()[name]) <= 8.0, hardest


def test_the_reading_grade_of_all_sentences_is_eight_or_lower() -> None:
    assert graded(one for long in by_section().values() for one in long) <= 8.0


PHASE = re.compile(r"(?:(\w+)[\s-]+)?\bphases?\b(?P<of_cml> of your CML)?", re.IGNORECASE)


@pytest.mark.parametrize("fault", BANNED)
def test_no_sentence_has_words_that_we_do_not_use(fault: str) -> None:
    pattern = re.compile(BANNED[fault], re.IGNORECASE)

    assert [key for key, text in sentences().items() if pattern.search(text)] == []


def test_phase_always_says_of_what() -> None:
    bare = [
        (key, found[0])
        for key, text in sentences().items()
        for found in PHASE.finditer(text.replace("{phases}", "2"))
        if (found[1] or "").lower() not in KINDS_OF_PHASE and not found["of_cml"]
    ]

    assert bare == []
