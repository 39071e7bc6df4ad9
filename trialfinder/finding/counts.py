"""How many of the listed trials test what, in which trial phase, and how far away they are.

Each function gives a count for every value, in a fixed order and also where it is zero, except
for what hardly ever comes up. A trial that names several values counts for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import pandas as pd

from trialfinder.finding.places import KM_PER_UNIT
from trialfinder.finding.tables import SEPARATOR
from trialfinder.vocabulary import Approach, StudyType, TrialPhase


class Rest(StrEnum):
    """Where a trial counts that has no value of its own."""

    NOT_SAID = "not_said"  # the record does not say it
    OTHER = "other"  # the record says something that we do not know
    NO_OPEN_SITE = "no_open_site"  # so there is nothing to measure to


BANDS = (50, 100, 200, 500)
"""The upper ends of the bands of distance, each belonging to its band; the last has none."""

_WITHOUT_PHASE = (StudyType.OBSERVATIONAL, StudyType.EXPANDED_ACCESS)
_RARE = (Rest.OTHER, Rest.NO_OPEN_SITE)


def by_approach(studies: pd.DataFrame) -> Mapping[str, int]:
    """Trials by `Approach`; `Rest.NOT_SAID`: the record does not make clear what is tested."""
    named = (_values(text) or [Rest.NOT_SAID] for text in studies["approaches"].fillna(""))
    return _counted([*Approach, Rest.NOT_SAID], named)


def by_trial_phase(studies: pd.DataFrame) -> Mapping[str, int]:
    """Trials by `TrialPhase`. Studies of a kind that has none count as `TrialPhase.NA`."""
    pairs = zip(studies["phases"].fillna(""), studies["study_type"], strict=True)
    named = (_phases(text, kind) for text, kind in pairs)
    return _counted([*TrialPhase, Rest.OTHER, Rest.NOT_SAID], named)


def by_distance(studies: pd.DataFrame, unit: str) -> Mapping[str, int]:
    """Trials by the distance to the nearest open site, as in the columns of `filters.MARKS`.

    The keys of the bands are their numbers, "0" for the nearest; ``unit`` is "mi" or "km".
    """
    pairs = zip(studies["distance_km"], studies["distance_unknown"], strict=True)
    ends = [end * KM_PER_UNIT[unit] for end in BANDS]
    named = ([_band(km, unknown, ends)] for km, unknown in pairs)
    bands = [str(number) for number in range(len(BANDS) + 1)]
    return _counted([*bands, Rest.NOT_SAID, Rest.NO_OPEN_SITE], named)


def names_several(studies: pd.DataFrame, column: str) -> bool:
    """Whether any trial has more than one value in ``column``, so that it counts more than once."""
    return bool(studies[column].fillna("").str.contains(SEPARATOR, regex=False).any())


def _counted(names: list[str], named: Iterator[list[str]]) -> dict[str, int]:
    found = Counter(name for one in named for name in one)
    return {str(name): found[name] for name in names if name not in _RARE or found[name]}


def _values(text: str) -> list[str]:
    return [value for value in text.split(SEPARATOR) if value]


def _phases(text: str, study_type: str) -> list[str]:
    known = set(TrialPhase)
    # Two that we do not know are still one trial.
    named = dict.fromkeys(one if one in known else Rest.OTHER for one in _values(text))
    if named:
        return list(named)
    return [TrialPhase.NA if study_type in _WITHOUT_PHASE else Rest.NOT_SAID]


def _band(km: float, unknown: bool, ends: Sequence[float]) -> str:
    if pd.isna(km):
        return Rest.NOT_SAID if unknown else Rest.NO_OPEN_SITE
    return str(sum(km > end for end in ends))
