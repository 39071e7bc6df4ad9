"""What a record says of T315I and of other mutations: required, accepted, excluded or silent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reading.records import barring, joining, read, said_by
from trialfinder.reading import Reading, Why
from trialfinder.vocabulary import Relevance, Stance

REQUIRED, ACCEPTED = Stance.REQUIRED, Stance.ACCEPTED
EXCLUDED, SILENT = Stance.EXCLUDED, Stance.SILENT


def criteria(*lines: str) -> Reading:
    """What is read from criteria on who can join, in a study of CML alone."""
    return read(criteria=joining(*lines))


# --- T315I -----------------------------------------------------------------------------------

SPELLINGS = [
    "T315I",
    "t315i",
    "T-315-I",
    "T 315 I",
    "T315-I",
    "Thr315Ile",
    "Thr-315-Ile",
    "BCR-ABL-T315I",
    "BCR::ABL1 T315I",
    "T315I‑ABL",
    "T351I",
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_t315i_is_known_in_every_spelling(name: str) -> None:
    assert criteria(f"CML with the {name} mutation").t315i is REQUIRED
    assert read(criteria=barring(f"{name} mutation")).t315i is EXCLUDED


@pytest.mark.parametrize(
    "line",
    [
        "CML with a confirmed T315I mutation",
        "CML patients must have a T315I mutation",
        "CML; documented T315I",
        "CML whose leukemia cells carry T315I",
        "CML, T315I-positive",
        "T315I-mutated CML",
        "Presence of the T315I mutation in CML",
        "Adults with CML harboring T315I after any TKI",
    ],
)
def test_t315i_is_required(line: str) -> None:
    found = criteria(line)

    assert found.t315i is REQUIRED
    assert "t315i" in said_by(found.quotes("t315i"))


@pytest.mark.parametrize(
    "line",
    [
        "CML resistant to two TKIs or with the T315I mutation",
        "CML with T315I or resistance to at least two TKIs",
        "CML, either resistant to imatinib, or T315I",
        "CML with or without T315I",
        "CML with and without T315I mutation",
        "CML regardless of T315I status",
        "CML irrespective of the T315I mutation",
        "CML, T315I positive or negative",
        "CML; T315I is allowed",
        "CML; patients with T315I are also eligible",
        "CML; patients with a T315I mutation may be enrolled",
        "CML; any mutation, including T315I",
        "CML whether or not T315I is present",
        "CML with one of the following:\n  * two prior TKIs\n  * T315I mutation",
        "CML with any of these:\n  * T315I\n  * intolerance of all TKIs",
    ],
)
def test_t315i_is_accepted_beside_others(line: str) -> None:
    found = criteria(line)

    assert found.t315i is ACCEPTED
    assert "t315i" in said_by(found.quotes("t315i"))


@pytest.mark.parametrize(
    "text",
    [
        barring("T315I mutation"),
        barring("CML with the T315I mutation"),
        barring("Known T315I"),
        barring("Presence of T315I or F317L"),
        barring("Any mutation such as T315I"),
        joining("CML without T315I mutation"),
        joining("CML with no T315I mutation"),
        joining("CML, negative for T315I"),
        joining("CML, T315I negative"),
        joining("CML; absence of the T315I mutation"),
        joining("CML with a mutation other than T315I"),
        joining("CML; T315I is excluded"),
        joining("CML; patients with T315I are not eligible"),
        joining("CML; patients must not have T315I"),
        joining("Non-T315I CML"),
        joining("CML with any mutation except T315I"),
    ],
)
def test_t315i_is_excluded(text: str) -> None:
    found = read(criteria=text)

    assert found.t315i is EXCLUDED
    assert "t315i" in said_by(found.quotes("t315i"))


@pytest.mark.parametrize(
    ("barred", "stance"),
    [
        ("Patients who do not have T315I", REQUIRED),
        ("Patients without T315I", REQUIRED),
        ("Lack of a T315I mutation", REQUIRED),
        ("Mutations other than T315I", ACCEPTED),
        ("Any mutation except T315I", ACCEPTED),
        ("No known T315I; T315I mutation", EXCLUDED),
    ],
)
def test_a_denial_in_an_exclusion_turns_it_round(barred: str, stance: Stance) -> None:
    assert read(criteria=barring(barred)).t315i is stance


@pytest.mark.parametrize(
    "given",
    [
        {"criteria": joining("CML")},
        {"criteria": joining("CML resistant to imatinib", "315 mg of iron")},
        {"criteria": joining("CML with F317L")},
        {"criteria": joining("CML with T315A")},
        {"summary": "Samplinib has activity against T315I in patients with CML."},
        {"summary": "Samplinib inhibits T315I; patients with CML join."},
        {"summary": "T315I is a mutation."},
        {"keywords": ("T315I",)},
        {"interventions": (("DRUG", "Samplinib, a T315I inhibitor"),)},
    ],
)
def test_a_record_is_silent_on_t315i_in_those_who_join(given: dict[str, Any]) -> None:
    found = read(**given)

    assert found.t315i is SILENT
    assert found.quotes("t315i") == ()


@pytest.mark.parametrize(
    "given",
    [
        {"title": "Samplinib for CML patients with the T315I mutation"},
        {"official": "Samplinib in T315I-positive CML"},
        {"conditions": ("CML with T315I Mutation", "Leukemia")},
        {"arms": (("T315I cohort", "people with the T315I mutation"),)},
        {"summary": "Patients with CML and a T315I mutation join."},
        {"description": "Patients with CML and the T315I mutation join."},
    ],
)
def test_t315i_is_read_outside_the_criteria_too(given: dict[str, Any]) -> None:
    assert read(**given).t315i is REQUIRED


def test_the_description_counts_only_where_nothing_else_speaks() -> None:
    found = read(
        criteria=barring("T315I mutation"),
        description="Patients with the T315I mutation get samplinib.",
    )

    assert found.t315i is EXCLUDED


def test_where_one_group_needs_t315i_and_another_must_not_have_it_both_are_accepted() -> None:
    found = criteria("CML, cohort A: with T315I", "CML, cohort B: without T315I")

    assert found.t315i is ACCEPTED
    assert {"cohort a: with t315i", "cohort b: without t315i"} <= {
        item.quote.lower().removeprefix("cml, ") for item in found.quotes("t315i")
    }


def test_accepted_weighs_more_than_required_or_excluded() -> None:
    assert criteria("CML resistant to two TKIs or with T315I", "CML with T315I").t315i is ACCEPTED


def test_a_denial_of_something_else_is_none_of_t315i() -> None:
    assert criteria("CML, not pregnant, with the T315I mutation").t315i is REQUIRED
    assert criteria("CML; no allergy. A T315I mutation is proven").t315i is REQUIRED
    assert criteria("CML with or without a donor; T315I mutation").t315i is REQUIRED
    assert criteria("CML with a T315I mutation; interferon is allowed").t315i is REQUIRED


def test_t315i_in_those_who_join_makes_the_study_relevant() -> None:
    found = criteria("CML with the T315I mutation")

    assert (found.relevance, found.why) == (Relevance.YES, Why.RESISTANCE_MUTATION)
    assert "t315i" in said_by(found.quotes("relevance"))
    assert read(criteria=barring("T315I mutation")).relevance is Relevance.MAY


def test_nothing_is_said_of_t315i_where_cml_is_not_taken() -> None:
    text = joining("Acute lymphoblastic leukemia with T315I", barred=("CML",))

    assert read(conditions=("Leukemia",), criteria=text).t315i is SILENT


# --- other mutations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stances"),
    [
        (joining("CML with a V299L mutation"), {"V299L": REQUIRED}),
        (joining("CML with a V299L or F317L mutation"), {"V299L": ACCEPTED, "F317L": ACCEPTED}),
        (joining("CML without the F317L mutation"), {"F317L": EXCLUDED}),
        (barring("V299L mutation"), {"V299L": EXCLUDED}),
        (
            barring("Mutations T315I, V299L, F317L"),
            {"V299L": EXCLUDED, "F317L": EXCLUDED},
        ),
        (barring("Y253H, E255K/V or F359C/V/I mutations"), {"Y253H": EXCLUDED, "E255K": EXCLUDED}),
        (joining("CML with any mutation other than E255K"), {"E255K": EXCLUDED}),
        (joining("CML with or without a G250E mutation"), {"G250E": ACCEPTED}),
        (barring("Mutations other than V299L"), {"V299L": ACCEPTED}),
        (joining("CML"), {}),
        (joining("CML with the T315I mutation"), {}),
        (joining("CML with a JAK2 V617F mutation"), {}),
        (joining("CML; a FLT3 D835Y mutation is searched for"), {}),
        (joining("CML; KIT D816V mutation"), {}),
        (joining("CML in cohort A123B"), {}),
    ],
)
def test_other_mutations_of_the_kinase_domain(text: str, stances: dict[str, Stance]) -> None:
    found = read(criteria=text)

    assert stances.items() <= found.mutations.items()
    if not stances:
        assert found.mutations == {}
    for name in stances:
        assert name.lower() in said_by(found.quotes(f"mutation:{name}"))


def test_t315i_is_not_listed_among_the_others() -> None:
    found = read(criteria=barring("T315I or V299L mutation"))

    assert found.t315i is EXCLUDED
    assert set(found.mutations) == {"V299L"}


def test_other_mutations_are_read_from_criteria_only() -> None:
    assert read(summary="Patients with CML and a V299L mutation join.").mutations == {}


def test_the_first_word_on_a_mutation_counts() -> None:
    text = joining("CML with a V299L mutation", barred=("V299L mutation in the germ line",))

    assert read(criteria=text).mutations == {"V299L": REQUIRED}
