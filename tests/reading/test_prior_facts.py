"""How many TKIs, which of them, how long ago, and whether a transplant may have come before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.reading.records import joining, read, said_by
from trialfinder.reading import Reading
from trialfinder.vocabulary import Relevance, Stance

REQUIRED, ACCEPTED, EXCLUDED = Stance.REQUIRED, Stance.ACCEPTED, Stance.EXCLUDED


def asking(*lines: str, barred: Sequence[str] = (), **given: Any) -> Reading:
    """What is read of a study of a new drug in CML with these criteria."""
    usual: dict[str, Any] = {"interventions": [("DRUG", "samplinib")]}
    criteria = joining(*(lines or ("Adults with CML",)), barred=barred)
    return read("Samplinib in CML", criteria=criteria, **usual | given)


# --- the smallest number ---------------------------------------------------------------------

NUMBERS = {
    1: [
        "Resistant to imatinib",
        "Intolerant of imatinib",
        "Failed at least one TKI",
        "Failure of one or more TKIs",
        "Resistant to imatinib or dasatinib",
        "Resistant to imatinib and/or dasatinib",
        "Resistant to a second-generation TKI",
        "Resistance to imatinib 400 mg for 3 months",
        "Resistance to 600 mg of imatinib",
        "Resistant to imatinib for at least 2 months",
        "Second-line treatment after failure of imatinib",
        "Failed two TKIs, or one TKI if the T315I mutation is present",
        "Previously treated with one or more TKIs",
    ],
    2: [
        "Failed at least two TKIs",
        "Failed two TKIs",
        "Failed two (2) TKIs",
        "Failure of \u22652 TKIs",
        "Failure of \u2265 2 prior tyrosine kinase inhibitors",
        "Failure of >=2 TKIs",
        "Failure of > = 2 TKIs",
        "Resistant to two or more TKIs",
        "Failed a minimum of two prior TKIs",
        "Failure of at least two prior lines of TKI therapy",
        "Failed both imatinib and dasatinib",
        "Resistant to imatinib and dasatinib",
        "Third-line treatment after TKI failure",
        "Failure of a second-line TKI",
        "Previously treated with at least two TKIs",
    ],
    3: [
        "Failed at least 3 TKIs",
        "Failure of three prior TKIs",
        "Failure of >=3 TKIs",
        "Fourth-line treatment: TKIs failed",
    ],
}


@pytest.mark.parametrize(
    ("number", "line"), [(number, line) for number, lines in NUMBERS.items() for line in lines]
)
def test_the_number_of_earlier_tkis_that_is_asked_for(number: int, line: str) -> None:
    reading = asking(line)

    assert reading.min_prior_tkis == number
    assert line.rsplit(maxsplit=1)[-1].lower() in said_by(reading.quotes("min_prior_tkis"))


@pytest.mark.parametrize(
    "lines",
    [
        ("Cohort A: failed one TKI", "Cohort B: failed two TKIs"),
        ("Cohort A: failed two TKIs", "Cohort B: failed one TKI"),
        ("Failed three TKIs", "Or failed at least one TKI"),
    ],
)
def test_of_several_groups_the_one_that_asks_least_counts(lines: tuple[str, ...]) -> None:
    assert asking(*lines).min_prior_tkis == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("Newly diagnosed CML or CML resistant to imatinib",),
        ("Cohort 1: newly diagnosed CML", "Cohort 2: CML that failed two TKIs"),
    ],
)
def test_a_group_that_joins_newly_diagnosed_needs_no_tki(lines: tuple[str, ...]) -> None:
    reading = asking(*lines)

    assert (reading.relevance, reading.min_prior_tkis) == (Relevance.YES, 0)


@pytest.mark.parametrize(
    "lines",
    [
        ("Adults with CML",),
        ("CML in blast phase",),
        ("CML with the T315I mutation",),
        ("CML that failed imatinib or interferon",),
        ("CML that failed interferon",),
        ("Relapsed or refractory CML",),
    ],
)
def test_no_number_where_none_is_asked_for(lines: tuple[str, ...]) -> None:
    reading = asking(*lines)

    assert reading.min_prior_tkis is None
    assert not reading.quotes("min_prior_tkis")


def test_who_must_be_on_a_tki_has_had_one() -> None:
    reading = asking("On imatinib for at least a year", interventions=[("DRUG", "interferon")])

    assert (reading.relevance, reading.min_prior_tkis) == (Relevance.MAY, 1)


def grafted(*lines: str) -> int | None:
    criteria = joining("AML in first remission", *lines)
    graft = [("PROCEDURE", "stem cell transplantation")]
    conditions = ["Chronic Myeloid Leukemia", "Acute Myeloid Leukemia"]
    title = "Stem Cell Transplantation"
    return read(title, criteria=criteria, conditions=conditions, interventions=graft).min_prior_tkis


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("CML, resistant to or intolerant of TKIs",), 1),
        (("CML in chronic or accelerated phase that failed at least two TKIs",), 2),
        (("CML in first chronic phase must have failed a TKI",), None),
        (("CML in chronic phase that failed a TKI", "CML in accelerated or blast phase"), None),
    ],
)
def test_a_transplant_that_asks_for_failure_in_one_phase_only_asks_for_no_number(
    lines: tuple[str, ...], number: int | None
) -> None:
    assert grafted(*lines) == number


# --- which TKIs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "stances"),
    [
        ("Failed imatinib", {"imatinib": REQUIRED}),
        ("Resistant to Gleevec", {"imatinib": REQUIRED}),
        ("Intolerant of ponatinib", {"ponatinib": REQUIRED}),
        ("Failed imatinib or dasatinib", {"imatinib": ACCEPTED, "dasatinib": ACCEPTED}),
        ("Failed a TKI such as imatinib", {"imatinib": ACCEPTED}),
        (
            "Resistant to imatinib, intolerant of nilotinib",
            {"imatinib": ACCEPTED, "nilotinib": ACCEPTED},
        ),
        ("Failed at least one TKI", {}),
        ("Not resistant to imatinib", {}),
        ("CML that failed interferon", {}),
    ],
)
def test_tkis_that_must_or_may_have_failed(line: str, stances: dict[str, Stance]) -> None:
    reading = asking(line)

    assert reading.prior_drugs == stances
    for name in stances:
        assert reading.quotes(f"drug:{name}")


@pytest.mark.parametrize(
    ("line", "stances"),
    [
        ("Prior treatment with ponatinib", {"ponatinib": EXCLUDED}),
        ("Previous asciminib", {"asciminib": EXCLUDED}),
        ("Has received nilotinib before", {"nilotinib": EXCLUDED}),
        ("Prior ponatinib or asciminib", {"ponatinib": EXCLUDED, "asciminib": EXCLUDED}),
        ("Resistant to ponatinib", {"ponatinib": EXCLUDED}),
        ("Prior imatinib within 14 days", {}),
        ("Dasatinib less than 7 days before the first dose", {}),
        ("Allergy to imatinib", {}),
        ("Taking imatinib at the moment", {}),
        ("Prior treatment with hydroxyurea", {}),
    ],
)
def test_tkis_that_must_not_have_come_before(line: str, stances: dict[str, Stance]) -> None:
    reading = asking(barred=[line])

    assert reading.prior_drugs == stances
    assert all(reading.quotes(f"drug:{name}")[0].quote == line for name in stances)


def test_one_drug_may_be_asked_for_and_another_refused() -> None:
    reading = asking("Resistant to imatinib", barred=["Prior treatment with ponatinib"])

    assert reading.prior_drugs == {"imatinib": REQUIRED, "ponatinib": EXCLUDED}


# --- how long ago ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "At least 14 days since the last dose of imatinib",
        "Imatinib stopped at least 2 weeks before the first dose",
        "Last dose of nilotinib more than 3 days before entry",
        "Wash-out of 5 half-lives from the last TKI",
    ],
)
def test_how_long_ago_the_last_tki_must_have_been(line: str) -> None:
    assert said_by(asking("Adults with CML", line).quotes("wash_out")) == line.lower()


def test_how_long_ago_may_be_said_on_who_cannot_join() -> None:
    line = "Prior imatinib within 14 days"

    assert said_by(asking(barred=[line]).quotes("wash_out")) == line.lower()


@pytest.mark.parametrize(
    "line",
    [
        "On imatinib for at least 6 months",
        "Resistant to imatinib",
        "At least 14 days since the last operation",
        "Contraception for at least 90 days after the last dose of imatinib",
        "No surgery within 14 days",
    ],
)
def test_other_times_are_no_wash_out(line: str) -> None:
    assert not asking("Adults with CML", line).quotes("wash_out")


# --- an earlier transplant -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "stance"),
    [
        ("Relapsed after prior allogeneic transplantation", REQUIRED),
        ("Must have had an earlier, failed transplant", REQUIRED),
        ("Prior transplantation is allowed", ACCEPTED),
        ("With or without previous HSCT", ACCEPTED),
        ("Prior transplant permitted if more than 3 months ago", ACCEPTED),
        ("No prior transplantation", EXCLUDED),
        ("No history of bone marrow transplant", EXCLUDED),
        ("Not a candidate for transplantation", Stance.SILENT),
        ("Adults with a donor for transplantation", Stance.SILENT),
    ],
)
def test_what_is_asked_of_an_earlier_transplant(line: str, stance: Stance) -> None:
    reading = asking("Adults with CML", line)

    assert reading.prior_transplant is stance
    assert said_by(reading.quotes("prior_transplant")) == (
        line.lower() if stance != "silent" else ""
    )


@pytest.mark.parametrize(
    ("line", "stance"),
    [
        ("Prior allogeneic transplantation", EXCLUDED),
        ("History of bone marrow transplant", EXCLUDED),
        ("HSCT less than 3 months before entry", EXCLUDED),
        ("Candidate for transplantation", Stance.SILENT),
        ("Planned transplantation", Stance.SILENT),
    ],
)
def test_an_earlier_transplant_on_who_cannot_join(line: str, stance: Stance) -> None:
    assert asking(barred=[line]).prior_transplant is stance


def test_nothing_is_said_of_earlier_treatment_in_a_study_without_cml() -> None:
    criteria = joining("GIST resistant to imatinib", "No prior transplantation")
    reading = read("Samplinib in GIST", criteria=criteria, conditions=["GIST"])

    assert (reading.min_prior_tkis, reading.prior_drugs) == (None, {})
    assert reading.prior_transplant is Stance.SILENT


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Samplinib in Newly Diagnosed Blast Phase CML", 0),
        ("Samplinib in Newly Diagnosed or Relapsed Blast Phase CML", None),
        ("Samplinib in Blast Phase CML", None),
    ],
)
def test_in_an_advanced_phase_the_newly_diagnosed_have_had_none(
    title: str, number: int | None
) -> None:
    record = read(title, criteria=joining("CML in blast phase"))

    assert (record.relevance, record.min_prior_tkis) == (Relevance.MAY, number)
