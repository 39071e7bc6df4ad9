"""Wordings of criteria on T315I and on the number of earlier TKIs, as sponsors write them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.reading.records import joining, read
from trialfinder.vocabulary import Relevance

TITLE = "XYZ-001 in Chronic Myeloid Leukemia Resistant or Intolerant to Prior TKIs"
BASE = ("Age 18 years or older", "Chronic myeloid leukemia in chronic phase")
NEW_DRUG: dict[str, Any] = {"interventions": [("DRUG", "samplinib")]}
WORDINGS = tomllib.loads(Path(__file__).with_name("wordings.toml").read_text("utf-8"))


def each(wordings: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(said, line) for said, lines in wordings.items() for line in lines]


@pytest.mark.parametrize(("stance", "line"), each(WORDINGS["t315i"]["who_can_join"]))
def test_t315i_among_those_who_can_join(stance: str, line: str) -> None:
    assert read(TITLE, criteria=joining(*BASE, line)).t315i == stance


@pytest.mark.parametrize(("stance", "line"), each(WORDINGS["t315i"]["who_cannot"]))
def test_t315i_among_those_who_cannot(stance: str, line: str) -> None:
    assert read(TITLE, criteria=joining(*BASE, barred=[line])).t315i == stance


@pytest.mark.parametrize(("number", "line"), each(WORDINGS["earlier_tkis"]))
def test_the_smallest_number_of_earlier_tkis(number: str, line: str) -> None:
    record = read("XYZ-001 in Chronic Myeloid Leukemia", criteria=joining(*BASE, line))

    assert record.min_prior_tkis == int(number)


@pytest.mark.parametrize(("said", "line"), each(WORDINGS["tki_fell_short"]))
def test_whether_joining_is_tied_to_a_tki_that_fell_short(said: str, line: str) -> None:
    record = read("Samplinib in CML", criteria=joining("Adults with CML", line), **NEW_DRUG)

    assert (record.relevance is Relevance.YES) is (said == "said"), record.why
