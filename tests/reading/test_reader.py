"""One record in, one reading out: whatever comes in, what goes out has one shape and its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reading.records import joining, read, record, said_by
from trialfinder.reading import Reading, Side, Why, read_study
from trialfinder.reading.text import QUOTE_LENGTH
from trialfinder.vocabulary import Approach, CmlPhase, Relevance, Stance

Path = tuple[str | int, ...]
"""Keys and places from the top of a record to a value in it."""

FULL = record(
    "Samplinib in CML",
    official="A Study of Samplinib in Chronic Phase CML",
    summary="Patients with CML who failed imatinib receive samplinib.",
    description="Samplinib is given to patients with CML in blast phase too.",
    criteria=joining(
        "CML in chronic phase",
        "Resistant to imatinib and dasatinib",
        "At least 14 days since the last dose of dasatinib",
        "V299L mutation allowed",
        barred=["T315I mutation", "Prior transplantation", "Prior ponatinib"],
    ),
    keywords=["CML"],
    interventions=[("DRUG", "samplinib"), ("DRUG", "cytarabine")],
    arms=[("Samplinib", "Samplinib 10 mg for people with CML resistant to imatinib")],
)
"""A record that says something of everything that is read."""


def places(node: object, above: Path = ()) -> Iterator[Path]:
    """Every place in a record, the top first."""
    yield above
    inner: list[tuple[str | int, object]] = []
    if isinstance(node, dict):
        inner = list(node.items())
    elif isinstance(node, list):
        inner = list(enumerate(node))
    for key, value in inner:
        yield from places(value, (*above, key))


def at(node: Any, path: Path) -> Any:
    for key in path:
        node = node[key]
    return node


def with_value(path: Path, value: object) -> Any:
    """`FULL` with another value at ``path``."""
    if not path:
        return value
    made = deepcopy(FULL)
    at(made, path[:-1])[path[-1]] = value
    return made


def found_at(whole: Any, field: str) -> str:
    """The text that the path of an evidence leads to."""
    keys = [int(key) if key.isdigit() else key for key in re.findall(r"[^.\[\]]+", field)]
    text = at(whole, tuple(keys))
    assert isinstance(text, str)
    return text


def assert_sound(reading: Reading, whole: object) -> None:
    """Types, the shape written out, and every quote letter for letter."""
    assert isinstance(reading.relevance, Relevance)
    assert isinstance(reading.why, Why)
    assert isinstance(reading.t315i, Stance)
    assert set(reading.cml_phases) <= set(CmlPhase)
    assert set(reading.approaches) <= set(Approach)
    assert reading.min_prior_tkis is None or 0 <= reading.min_prior_tkis <= 4
    for item in reading.evidence:
        assert found_at(whole, item.field)[item.start : item.end] == item.quote
        assert item.quote == item.quote.strip() != ""
    json.loads(json.dumps(reading.as_dict()))


# --- anything may come in --------------------------------------------------------------------

WRONG = {
    "nothing": None,
    "truth": True,
    "number": 17,
    "fraction": float("nan"),
    "empty text": "",
    "blanks": " \n\t\u00a0 ",
    "text": "CML resistant to imatinib",
    "half a character": "CML \ud800 resistant \udfff to imatinib",
    "empty list": [],
    "numbers": [1, 2.5, None, True],
    "texts": ["CML", "resistant to imatinib"],
    "nested lists": [[["CML", [None, ["imatinib"]]]], []],
    "empty object": {},
    "object": {"CML": "imatinib", "briefTitle": 1, "type": None},
    "list of objects": [{"name": "imatinib"}, {"name": ["CML"]}, {"name": {"CML": 1}}, {}],
    "keys that are no text": {None: "CML", 5: ["CML"], ("a",): 1},
}


@pytest.mark.parametrize("path", list(places(FULL)), ids=lambda path: ".".join(map(str, path)))
def test_any_value_at_any_place_is_read_without_an_error(path: Path) -> None:
    for value in WRONG.values():
        whole = with_value(path, value)

        assert_sound(read_study(whole), whole)


@pytest.mark.parametrize("path", [path for path in places(FULL) if path], ids=str)
def test_anything_may_be_missing(path: Path) -> None:
    whole = deepcopy(FULL)
    del at(whole, path[:-1])[path[-1]]

    assert_sound(read_study(whole), whole)


@pytest.mark.parametrize("name", [name for name in WRONG if name != "text"])
def test_a_value_of_the_wrong_type_counts_as_not_said(name: str) -> None:
    place = ("protocolSection", "identificationModule", "nctId")
    value = WRONG[name]
    nct_id = read_study(with_value(place, value)).nct_id

    assert nct_id == (value if isinstance(value, str) else None)


def test_text_in_the_place_of_a_module_is_not_read() -> None:
    whole = with_value(("protocolSection", "eligibilityModule"), "CML resistant to imatinib")

    assert not [e for e in read_study(whole).evidence if "eligibility" in e.field]


@pytest.mark.parametrize("whole", [{}, {"protocolSection": {}}, {"hasResults": True}])
def test_a_record_without_any_text_shuts_nobody_out(whole: dict[str, Any]) -> None:
    reading = read_study(whole)

    assert (reading.relevance, reading.why, reading.evidence) == (Relevance.MAY, Why.NOT_SAID, ())


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=20)
    | st.sampled_from(["CML", "imatinib failed", "Inclusion Criteria:\n* CML resistant to TKI"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(places(FULL), key=str)), VALUES, max_size=5))
@example({(): None})
def test_any_values_at_any_places_are_read_without_an_error(values: dict[Path, object]) -> None:
    whole: Any = deepcopy(FULL)
    for path, value in values.items():
        try:
            at(whole, path[:-1])[path[-1]] = value
        except (KeyError, IndexError, TypeError, ValueError):
            continue  # another value stands where the path led through, or it is the top

    assert_sound(read_study(whole), whole)


@pytest.mark.parametrize(
    "text",
    [
        "cml" * 40_000,
        "CML " + "a" * 100_000,
        "CML " + "resistant-to-imatinib-" * 5_000,
        "CML \U0001f600" * 10_000,
        "CML " + "\u0130" * 50_000,
        "CML" + "\n" * 100_000 + "imatinib failed",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_words_of_a_hundred_thousand_letters_are_read_without_an_error(text: str) -> None:
    whole = record("CML", criteria=joining(text))

    assert_sound(read_study(whole), whole)


# --- what goes out ---------------------------------------------------------------------------


def test_a_full_record_says_something_of_everything() -> None:
    reading = read_study(FULL)

    assert_sound(reading, FULL)
    assert reading.as_dict() | {"evidence": None} == {
        "nct_id": "NCT99000001",
        "relevance": "yes",
        "why": "tki_failure",
        "cml_phases": ["chronic"],
        "t315i": "excluded",
        "min_prior_tkis": 2,
        "approaches": ["chemotherapy", "other_targeted"],
        "mutations": {"V299L": "accepted"},
        "prior_drugs": {"imatinib": "accepted", "dasatinib": "accepted", "ponatinib": "excluded"},
        "prior_transplant": "excluded",
        "evidence": None,
    }


def test_every_fact_has_its_words() -> None:
    reading = read_study(FULL)
    words = {
        "relevance": "resistant to imatinib",
        "cml_phase:chronic": "chronic phase",
        "t315i": "t315i",
        "min_prior_tkis": "imatinib and dasatinib",
        "approach:chemotherapy": "cytarabine",
        "approach:other_targeted": "samplinib",
        "mutation:V299L": "v299l",
        "drug:ponatinib": "ponatinib",
        "wash_out": "14 days",
        "prior_transplant": "prior transplantation",
        "response": "imatinib",
    }

    assert {about for about, words in words.items() if words in said_by(reading.quotes(about))} == (
        set(words)
    )


def test_the_evidence_has_the_contracts_keys() -> None:
    (first, *_) = read_study(FULL).as_dict()["evidence"]

    assert {"about", "field", "start", "end", "quote"} <= set(first)
    types = {key: type(first[key]) for key in ("about", "field", "start", "end", "quote")}
    assert types == {"about": str, "field": str, "start": int, "end": int, "quote": str}


def test_a_path_leads_into_lists() -> None:
    whole = record("A", conditions=["GIST", "CML resistant to imatinib"])

    (item, *_) = read_study(whole).quotes("relevance")
    assert item.field == "protocolSection.conditionsModule.conditions[1]"


def test_a_quote_stands_on_its_side_of_the_criteria() -> None:
    reading = read_study(FULL)

    assert {e.side for e in reading.quotes("relevance") if "eligibility" in e.field} == {
        Side.INCLUSION
    }
    assert {e.side for e in reading.quotes("t315i")} == {Side.EXCLUSION}


@pytest.mark.parametrize("about", ["relevance", "t315i", "drug:dasatinib", "nothing"])
def test_quotes_for_one_fact_keep_their_order(about: str) -> None:
    reading = read_study(FULL)

    assert reading.quotes(about) == tuple(e for e in reading.evidence if e.about == about)


def test_reading_twice_gives_the_same_and_leaves_the_record_alone() -> None:
    before = deepcopy(FULL)
    first = read_study(FULL)
    for other in ("imatinib", "CML resistant to nilotinib", ""):
        read(other, summary=other)

    assert read_study(deepcopy(FULL)) == first
    assert before == FULL


def test_the_order_of_keys_changes_nothing() -> None:
    def turned(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: turned(node[key]) for key in reversed(node)}
        return [turned(item) for item in node] if isinstance(node, list) else node

    assert read_study(turned(FULL)) == read_study(FULL)


# --- the words that decided ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "line", "words"),
    [
        ("Samplinib in CML", "Resistant to imatinib", "resistant to imatinib"),
        ("Samplinib in CML", "Failure of two prior TKIs", "failure of two prior tkis"),
        ("Samplinib After Imatinib Failure in CML", "Adults", "imatinib failure"),
        ("Samplinib in CML", "T315I mutation in BCR-ABL1", "t315i"),
        ("Second-Line Nilotinib in CML", "Previously treated with a TKI", "treated with a tki"),
    ],
)
def test_a_yes_quotes_the_words_that_decided_it(title: str, line: str, words: str) -> None:
    given_drugs = [("DRUG", "nilotinib")]
    reading = read(title, criteria=joining("CML", line), interventions=given_drugs)
    quotes = reading.quotes("relevance")

    assert reading.relevance is Relevance.YES
    assert words in said_by(quotes)
    assert all(item.side is not Side.EXCLUSION for item in quotes)


@pytest.mark.parametrize(("before", "after"), [*product((0, 1, 8), repeat=2)])
def test_a_long_criterion_is_quoted_around_the_words_that_decided_it(
    before: int, after: int
) -> None:
    far = "and who lives within reach of one of the hospitals that take part in it "
    line = f"An adult {far * before}and whose CML is resistant to imatinib {far * after}and so on"

    (quote, *_) = read("CML", criteria=joining(line)).quotes("relevance")
    assert "resistant to imatinib" in quote.quote
    assert len(quote.quote) <= QUOTE_LENGTH
    assert (quote.more_before, quote.more_after) == (
        not quote.quote.startswith("An adult"),
        not quote.quote.endswith("and so on"),
    )


@pytest.mark.parametrize(
    ("title", "line", "words"),
    [
        ("Samplinib in Newly Diagnosed CML", "Adults", "newly diagnosed"),
        ("Stopping Imatinib in CML", "Deep molecular response", "stopping imatinib"),
        ("Roll-Over Study of Samplinib in CML", "Adults", "roll-over"),
        ("Samplinib in Healthy Men", "Healthy men", "healthy"),
        ("Samplinib in CML", "CML refractory to treatment", "refractory"),
        ("Yoga in CML", "On imatinib for at least a year", "on imatinib"),
    ],
)
def test_a_may_or_a_no_quotes_its_words_too(title: str, line: str, words: str) -> None:
    reading = read(title, criteria=joining(line))

    assert reading.relevance is not Relevance.YES
    assert words in said_by(reading.quotes("relevance"))


def test_what_the_record_does_not_say_has_no_quote() -> None:
    assert read("Samplinib in Asthma", conditions=["Asthma"]).evidence == ()
