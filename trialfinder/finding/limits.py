"""Whether a person's age or sex lies outside what a record allows."""

from __future__ import annotations

from trialfinder.vocabulary import Sex


def age_outside(age: float, low: float | None, high: float | None) -> bool:
    """Whether ``age`` lies outside the limits; all in years, a missing limit is none.

    A limit of "75 Years" holds until the 76th birthday, and people give whole years.
    """
    return (low is not None and age < low) or (high is not None and age // 1 > high // 1)


def sex_outside(sex: Sex, taken: str | None) -> bool:
    """Whether a study takes the other sex only, by the record's ``taken``."""
    return sex is not Sex.ALL and taken in set(Sex) - {Sex.ALL, sex}
