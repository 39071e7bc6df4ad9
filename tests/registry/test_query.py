"""The fixed question: short enough for the registry, complete, and the same every time."""

from __future__ import annotations

import itertools
import re

import pytest

from trialfinder.registry import query
from trialfinder.registry.query import FIELDS, count_params, fingerprint, walk_params
from trialfinder.vocabulary import CLOSED_STATUSES, OPEN_STATUSES, FoundBy, OverallStatus, Part

MOST_WORDS = 12
QUESTIONS = list(itertools.product(FoundBy, Part))


def words(expression: str) -> list[str]:
    """Words in quotes and operators; ``AREA[...]`` counts as one."""
    return re.findall(r'[^\s"(),]+', expression)


def test_words_are_counted_as_the_registry_counts_them() -> None:
    assert len(words('NOT AREA[Phase]("a b" OR c)')) == 6


@pytest.mark.parametrize(("way", "part"), QUESTIONS)
def test_no_expression_is_too_complicated(way: FoundBy, part: Part) -> None:
    for name, value in walk_params(way, part, 1000).items():
        if name.startswith("query.") or name == "filter.advanced":
            assert 0 < len(words(value)) <= MOST_WORDS, name


@pytest.mark.parametrize(("way", "part"), QUESTIONS)
def test_expressions_have_no_loose_ends(way: FoundBy, part: Part) -> None:
    for value in walk_params(way, part, 1000).values():
        assert value.count("(") == value.count(")")
        assert value.count('"') % 2 == 0
        assert value == value.strip() != ""


def test_the_two_parts_share_all_statuses_out() -> None:
    assert len(OverallStatus) == 14
    assert sorted([*OPEN_STATUSES, *CLOSED_STATUSES]) == sorted(OverallStatus)


@pytest.mark.parametrize("way", FoundBy)
def test_the_statuses_of_the_parts_are_asked_for(way: FoundBy) -> None:
    asked = {part: walk_params(way, part, 10)["filter.overallStatus"].split("|") for part in Part}
    assert asked == {Part.OPEN: [*OPEN_STATUSES], Part.CLOSED: [*CLOSED_STATUSES]}


def test_one_way_asks_the_condition_search() -> None:
    params = walk_params(FoundBy.CONDITION, Part.OPEN, 10)
    assert params["query.cond"] == (
        '"chronic myeloid leukemia" OR "chronic myelogenous leukemia" OR CML'
    )
    assert "query.term" not in params
    assert "filter.advanced" not in params


def test_the_other_way_asks_the_eligibility_text_and_leaves_out_what_the_first_brings() -> None:
    cml = walk_params(FoundBy.CONDITION, Part.OPEN, 10)["query.cond"]
    params = walk_params(FoundBy.ELIGIBILITY, Part.OPEN, 10)
    assert params["query.term"] == f"AREA[EligibilityCriteria]({cml})"
    assert params["filter.advanced"] == f"NOT AREA[ConditionSearch]({cml})"
    assert "query.cond" not in params


def test_whole_modules_are_asked_for() -> None:
    assert "|".join(FIELDS) == (
        "protocolSection.identificationModule|protocolSection.statusModule|"
        "protocolSection.sponsorCollaboratorsModule|protocolSection.descriptionModule|"
        "protocolSection.conditionsModule|protocolSection.designModule|"
        "protocolSection.armsInterventionsModule|protocolSection.eligibilityModule|"
        "protocolSection.contactsLocationsModule|protocolSection.ipdSharingStatementModule|"
        "derivedSection.conditionBrowseModule|derivedSection.interventionBrowseModule|"
        "derivedSection.miscInfoModule|hasResults"
    )
    assert walk_params(FoundBy.CONDITION, Part.OPEN, 10)["fields"] == "|".join(FIELDS)


@pytest.mark.parametrize(("way", "part"), QUESTIONS)
def test_all_values_are_text_in_the_registrys_spelling(way: FoundBy, part: Part) -> None:
    for params in (walk_params(way, part, 1000), count_params(way, part)):
        assert {type(value) for value in params.values()} == {str}
        assert params["countTotal"] == "true"


@pytest.mark.parametrize(("way", "part"), QUESTIONS)
def test_counting_asks_the_same_question_for_as_little_as_possible(
    way: FoundBy, part: Part
) -> None:
    walk, count = walk_params(way, part, 1000), count_params(way, part)
    assert (count["fields"], count["pageSize"]) == ("NCTId", "1")
    assert walk | {"fields": "NCTId", "pageSize": "1"} == count


def test_the_fingerprint_is_short_and_stays() -> None:
    first = fingerprint("https://registry.example/api/v2")
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert fingerprint("https://registry.example/api/v2") == first


def test_the_fingerprint_changes_with_the_address() -> None:
    assert fingerprint("https://one.example/api/v2") != fingerprint("https://two.example/api/v2")


def test_the_fingerprint_changes_with_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint("https://registry.example/api/v2")
    monkeypatch.setattr(query, "FIELDS", (*FIELDS, "protocolSection.oversightModule"))
    assert fingerprint("https://registry.example/api/v2") != before
