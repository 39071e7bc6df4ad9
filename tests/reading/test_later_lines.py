"""An earlier TKI that a record asks for, without a word on how it went."""

from __future__ import annotations

import pytest

from tests.reading.records import joining, understood
from trialfinder.reading.prior_treatment import Kind, Tie, later_lines

ADULTS = "Adults with CML"


def asked(line: str) -> list[Tie]:
    """Where an invented record with this criterion asks for an earlier TKI."""
    return later_lines(*understood("Samplinib in CML", criteria=joining(ADULTS, line)))


@pytest.mark.parametrize(
    "line",
    [
        "Previously treated with imatinib",
        "Prior therapy with at least two TKIs",
        "Received one or more prior tyrosine kinase inhibitors",
        "Third-line treatment after two TKIs",
        "Pretreated with nilotinib",
    ],
)
def test_an_earlier_tki_that_is_asked_for(line: str) -> None:
    (tie,) = asked(line)

    assert (tie.kind, tie.strong) == (Kind.LATER_LINE, True)
    assert tie.evidence.quote == line


@pytest.mark.parametrize(
    "line",
    [
        "May have received imatinib",
        "Prior treatment with imatinib is allowed",
        "With or without prior treatment with a TKI",
        "Previously treated with imatinib for no more than two weeks",
        "No prior treatment with imatinib",
        "At least 14 days since prior imatinib",
        "Previously treated with hydroxyurea",
    ],
)
def test_an_earlier_tki_that_is_allowed_timed_or_denied_is_not_asked_for(line: str) -> None:
    assert not asked(line)


def test_an_earlier_tki_on_who_cannot_join_is_not_asked_for() -> None:
    criteria = joining(ADULTS, barred=["Previously treated with imatinib"])

    assert not later_lines(*understood("Samplinib in CML", criteria=criteria))
