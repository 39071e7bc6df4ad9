"""A record's text is cut into sentences and criteria that can be quoted letter for letter."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.reading.records import joining, read, record
from trialfinder.reading import Side, read_study
from trialfinder.reading.text import (
    QUOTE_LENGTH,
    Part,
    Passage,
    fields,
    may_name_cml,
    passages,
    plain,
)

CRITERIA = "protocolSection.eligibilityModule.eligibilityCriteria"
SUMMARY = "protocolSection.descriptionModule.briefSummary"


def at(whole: Any, path: str) -> object:
    """What stands at a path such as "conditionsModule.conditions[1]"."""
    node = whole
    for key in path.replace("[", ".[").split("."):
        node = node[int(key[1:-1])] if key.startswith("[") else node[key]
    return node


# --- which texts are read --------------------------------------------------------------------


def test_all_texts_of_a_record_are_read_with_their_places() -> None:
    whole = record(
        "Title",
        official="Official",
        summary="Summary",
        description="Description",
        criteria="Criteria",
        conditions=("CML", "Ph+ CML"),
        keywords=("keyword",),
        arms=(("Label", "What is given"),),
        interventions=(("DRUG", "Samplinib"),),
    )

    found = fields(whole)

    assert [one.part for one in found] == [
        Part.TITLE,
        Part.TITLE,
        Part.CONDITION,
        Part.CONDITION,
        Part.KEYWORD,
        Part.SUMMARY,
        Part.ARM,
        Part.ARM,
        Part.INTERVENTION,
        Part.DESCRIPTION,
        Part.CRITERIA,
    ]
    assert [at(whole, one.path) for one in found] == [one.original for one in found]


def test_other_names_of_an_intervention_are_read_one_by_one() -> None:
    whole = record(interventions=(("DRUG", "Samplinib"),))
    drug = whole["protocolSection"]["armsInterventionsModule"]["interventions"][0]
    drug["otherNames"] = ["SMP-1", "Sample"]

    found = [one for one in fields(whole) if "otherNames" in one.path]

    assert [one.original for one in found] == ["SMP-1", "Sample"]
    assert [at(whole, one.path) for one in found] == ["SMP-1", "Sample"]


WRONG: list[Any] = [None, 7, True, "", "   ", [], {}, [None, 3], [["CML"], {}], {"a": "CML"}, "CML"]


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize(
    "module",
    [
        "identificationModule",
        "descriptionModule",
        "conditionsModule",
        "armsInterventionsModule",
        "eligibilityModule",
        "designModule",
    ],
)
def test_a_module_of_the_wrong_type_counts_as_not_there(module: str, value: Any) -> None:
    whole = record(criteria=joining("Adults with CML resistant to imatinib"), summary="About CML")
    whole["protocolSection"][module] = value

    assert read_study(whole).relevance in ("yes", "may", "no")


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_fields_of_the_wrong_type_are_passed_over(value: Any) -> None:
    whole = {
        "protocolSection": {
            "identificationModule": {"nctId": value, "briefTitle": value, "officialTitle": value},
            "descriptionModule": {"briefSummary": value, "detailedDescription": value},
            "conditionsModule": {"conditions": value, "keywords": value},
            "armsInterventionsModule": {"armGroups": value, "interventions": value},
            "eligibilityModule": {"eligibilityCriteria": value},
            "designModule": {"studyType": value},
        }
    }

    assert all(isinstance(at(whole, one.path), str) for one in fields(whole))
    assert read_study(whole).relevance in ("yes", "may", "no")


@pytest.mark.parametrize("whole", [{}, {"protocolSection": None}, {"protocolSection": []}], ids=str)
def test_a_record_without_texts_has_none(whole: dict[str, Any]) -> None:
    assert fields(whole) == []
    assert passages(fields(whole)) == []


@pytest.mark.parametrize(
    "words",
    ["CML", "chronic myeloid leukemia", "Leukemia, Myelocytic", "granulocytic", "Ph+", "BCR-ABL"],
)
def test_a_record_is_read_when_any_text_may_name_cml(words: str) -> None:
    assert may_name_cml(fields(record(conditions=(), summary=f"About {words}.")))
    assert not may_name_cml(fields(record(conditions=("Asthma",), summary="About asthma.")))


# --- letter for letter -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("original", "seen"),
    [
        (r"\>= 2 prior TKIs", ">= 2 prior tkis"),
        (r"BCR\-ABL positive", "bcr-abl positive"),
        (r"\* Adults \(18 or older\)", "* adults (18 or older)"),
        (r"1\. Adults \[a\] with \_one\_", "1. adults [a] with _one_"),
        (r"either\/or \\ both", r"either/or \ both"),
        ("T315I‑mutated", "t315i-mutated"),
        ("BCR–ABL and BCR—ABL", "bcr-abl and bcr-abl"),
        ("−7 degrees", "-7 degrees"),
        ("imatinib\u00a0400\u202fmg", "imatinib 400 mg"),
        ("imatinib\tfailed\r", "imatinib failed "),
        ("doesn’t tolerate", "doesn't tolerate"),
        ("≥2 TKIs, ≤ 3 TKIs", ">2 tkis, < 3 tkis"),
        ("İSTANBUL", "istanbul"),
        ("STRAßE, ΣΑΣ, ǅ, ﬁ", "STRAßE, ΣΑΣ, ǅ, ﬁ".lower()),
        ("naïve 白血病 😀", "naïve 白血病 😀"),
        (r"a\b and C:\data", r"a\b and c:\data"),
    ],
)
def test_text_is_made_plain_for_matching(original: str, seen: str) -> None:
    (one,) = [one for one in fields(record(summary=original)) if one.part is Part.SUMMARY]

    assert one.plain == seen
    assert one.original == original


@pytest.mark.parametrize(
    ("original", "words", "quoted"),
    [
        (r"Needs \>= 2 prior TKIs.", "2 prior", "2 prior"),
        (r"Needs \>= 2 prior TKIs.", ">= 2", r"\>= 2"),
        (r"BCR\-ABL positive CML", "bcr-abl positive", r"BCR\-ABL positive"),
        (r"\[a\] CML", "[a] cml", r"\[a\] CML"),
        (r"\[a\] CML", "cml", "CML"),
        (r"T315I\_ or \(V299L\)", "(v299l)", r"\(V299L\)"),
        ("BCR–ABL\u00a0CML", "bcr-abl cml", "BCR–ABL\u00a0CML"),
        ("İ İ İ CML", "cml", "CML"),
        (r"\*\*\*\*CML", "cml", "CML"),
        (r"CML\*", "cml", "CML"),
    ],
)
def test_words_lead_back_to_the_letters_of_the_record(
    original: str, words: str, quoted: str
) -> None:
    (one,) = [one for one in fields(record(summary=original)) if one.part is Part.SUMMARY]
    start = one.plain.index(words)

    first, last = one.place(start, start + len(words))

    # An escape belongs to the sign that follows it, so it may stand before the words.
    assert original[first:last] in (quoted, quoted.removeprefix("\\"))


def test_a_quote_says_where_it_stands() -> None:
    (one,) = [p for p in passages(fields(record(summary="For CML\\*."))) if p.part is Part.SUMMARY]

    found = one.quote("relevance")

    assert (found.about, found.field, found.side) == ("relevance", SUMMARY, Side.OTHER)
    assert found.quote == "For CML\\*."[found.start : found.end]


ODD = st.text(
    st.sampled_from("aZ 1.:;*-+o()[]\\>≥–\u00a0\t\r\nİßΣ😀é•’\"'%_") | st.characters(), max_size=60
)


@settings(max_examples=300, deadline=None)
@example("İ\\>\\\\-\n\n* \\* CML. CML")
@example("Inclusion criteria:\n1. CML. 2. CML\n\nExclusion criteria: CML: \\- a")
@given(ODD)
def test_every_passage_of_any_text_is_found_where_it_says(text: str) -> None:
    whole = record(criteria=text, summary=text)
    for passage in passages(fields(whole)):
        field = passage.field
        quote = passage.quote("relevance")
        bare, _ = plain(quote.quote)

        assert field.plain[passage.start : passage.start + len(passage.text)] == passage.text
        assert field.original[quote.start : quote.end] == quote.quote
        assert at(whole, quote.field) == field.original
        assert bare.lower().strip() in passage.text or "\\" in quote.quote


@settings(max_examples=300, deadline=None)
@given(ODD)
def test_plain_text_is_as_long_as_what_is_left_of_the_original(text: str) -> None:
    made, removed = plain(text)

    assert len(made) + len(removed) == len(text)
    assert len(made.lower()) == len(made)
    assert list(removed) == sorted(removed)


@settings(max_examples=150, deadline=None)
@given(st.lists(ODD, max_size=4), st.sampled_from(["CML", "Inclusion criteria:\n* ", "imatinib"]))
def test_any_text_is_read_without_an_error(lines: list[str], words: str) -> None:
    text = words.join(lines)
    whole = record(text, criteria=text, summary=text, description=text, keywords=lines)

    for item in read_study(whole).evidence:
        original = at(whole, item.field)
        assert isinstance(original, str)
        assert original[item.start : item.end] == item.quote


@cache
def samples() -> dict[str, dict[str, Any]]:
    folder: Path = ROOT / "fixtures" / "studies"
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.glob("*.json"))
    }


@pytest.mark.parametrize("nct_id", samples())
def test_every_quote_of_a_sample_study_stands_in_it(nct_id: str) -> None:
    whole = samples()[nct_id]
    reading = read_study(whole)

    assert reading.nct_id == nct_id
    for item in reading.evidence:
        original = at(whole, item.field)
        assert isinstance(original, str)
        assert original[item.start : item.end] == item.quote
        assert item.quote.strip() == item.quote != ""


# --- how long a quote is ---------------------------------------------------------------------


def one_passage(text: str) -> Passage:
    """A title, which is never cut."""
    (passage,) = passages(fields(record(text, conditions=())))
    return passage


def test_a_short_passage_is_quoted_whole() -> None:
    passage = one_passage("Adults with CML whose disease is resistant to imatinib.")

    assert passage.quote("relevance", 12, 15).quote == passage.field.original


@pytest.mark.parametrize("place", [0, 1, 5, 50, 99, 100])
def test_of_a_long_passage_the_words_around_a_match_are_quoted(place: int) -> None:
    words = [f"word{number:03}" for number in range(101)]
    text = " ".join(words)
    passage = one_passage(text)
    start = text.index(words[place])

    found = passage.quote("relevance", start, start + 7).quote

    assert words[place] in found.split()
    assert set(found.split()) <= set(words), "only whole words"
    assert QUOTE_LENGTH * 2 / 3 < len(found) <= QUOTE_LENGTH


def test_a_match_that_is_longer_than_a_quote_is_kept_whole() -> None:
    text = " ".join(f"word{number:03}" for number in range(101))
    start, end = text.index("word010"), text.index("word090")

    found = one_passage(text).quote("relevance", start, end).quote

    assert text[start:end].strip() in found
    assert len(found) <= end - start + 16


def test_a_passage_without_blanks_is_still_quoted() -> None:
    found = one_passage("x" * 900).quote("relevance", 400, 403).quote

    assert found
    assert len(found) <= 900


def test_quotes_begin_and_end_with_words() -> None:
    assert one_passage("  Adults with CML \n").quote("relevance").quote == "Adults with CML"


def test_a_quote_of_a_long_criterion_shows_what_decided() -> None:
    filler = "people who can come to the centre for all of the visits that are planned, and "
    text = joining(filler * 8 + "whose CML is resistant to imatinib, and " + filler * 8)

    for item in read(criteria=text).quotes("relevance"):
        assert len(item.quote) <= QUOTE_LENGTH
        assert "resistant to imatinib" in item.quote
