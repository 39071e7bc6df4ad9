"""What a record asks of now: a TKI that is still taken, a response that it has reached."""

from __future__ import annotations

import pytest

from tests.reading.records import joining, read, said_by
from trialfinder.reading import Reading


def asking(*lines: str, barred: tuple[str, ...] = ()) -> Reading:
    criteria = joining("CML in chronic phase", *lines, barred=barred)
    return read("Samplinib added to a TKI in CML", criteria=criteria)


@pytest.mark.parametrize(
    "line",
    [
        "Patients must be on continuous TKI therapy",
        "Currently receiving imatinib, dasatinib or nilotinib",
        "Under treatment with nilotinib for 6 months or longer",
        "On a stable dose of imatinib",
        "Received the current TKI for at least 18 months",
        "Have been taking imatinib for two years without a major molecular response",
        "Nilotinib must be the current therapy",
    ],
)
def test_a_tki_that_must_be_taken_now_is_quoted(line: str) -> None:
    assert said_by(asking(line).quotes("current_tki")) == line.lower()


@pytest.mark.parametrize(
    "line",
    [
        "Resistant to imatinib",
        "May be receiving imatinib",
        "Previous or current treatment with imatinib",
        "Not currently on a TKI",
        "Failure of an approved TKI (currently imatinib, dasatinib and nilotinib)",
        "Will start imatinib",
    ],
)
def test_earlier_or_allowed_treatment_is_not_current(line: str) -> None:
    assert not asking(line).quotes("current_tki")


def test_an_exclusion_asks_for_no_tki() -> None:
    assert not asking(barred=("Currently taking imatinib",)).quotes("current_tki")


@pytest.mark.parametrize(
    "line",
    [
        "At least a complete cytogenetic response",
        "In complete cytogenetic remission",
        "Stable major molecular response for one year",
    ],
)
def test_a_response_that_must_have_been_reached_is_quoted(line: str) -> None:
    assert said_by(asking(f"Must be {line}").quotes("good_response")) == f"must be {line.lower()}"


@pytest.mark.parametrize(
    "line",
    [
        "No major molecular response after 12 months",
        "Loss of complete cytogenetic response",
        "In major molecular response once, then lost",
        "Patients in complete cytogenetic response are also allowed",
    ],
)
def test_a_response_that_was_missed_or_lost_is_not_asked_for(line: str) -> None:
    assert not asking(line).quotes("good_response")
