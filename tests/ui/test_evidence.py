"""What was read out of a record, on the card and in the details, always beside its own words."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.ui.reading import These
from trialfinder.reading import Evidence, Side, Why
from trialfinder.vocabulary import Approach, CmlPhase, Relevance, Stance

NCT_ID = "NCT99000001"
SUMMARY = "protocolSection.descriptionModule.briefSummary"
RULES = "protocolSection.eligibilityModule.eligibilityCriteria"


def quote(about: str, words: str, **given: Any) -> Evidence:
    return builders.evidence(words, about=about, **given)


FULL: dict[str, Any] = {
    "cml_phases": (CmlPhase.CHRONIC, CmlPhase.BLAST),
    "approaches": (Approach.TKI, Approach.TRANSPLANT),
    "t315i": Stance.EXCLUDED,
    "min_prior_tkis": 2,
    "mutations": {"V299L": Stance.ACCEPTED, "F317L": Stance.EXCLUDED},
    "prior_drugs": {"ponatinib": Stance.EXCLUDED},
    "prior_transplant": Stance.EXCLUDED,
    "evidence": (
        quote("relevance", "Two TKIs did not work.", field=RULES, side=Side.INCLUSION),
        quote("cml_phase:chronic", "Chronic or blast phase", field=RULES, side=Side.INCLUSION),
        quote("cml_phase:blast", "Chronic or blast phase", field=RULES, side=Side.INCLUSION),
        quote("approach:tki", "Samplinib"),
        quote("t315i", "T315I is known", field=RULES, side=Side.EXCLUSION),
        quote("min_prior_tkis", "after two TKIs or more"),
        quote("mutation:V299L", "V299L can join"),
        quote("mutation:F317L", "not with F317L"),
        quote("drug:ponatinib", "had ponatinib", field=RULES, side=Side.EXCLUSION),
        quote("wash_out", "7 days without a TKI"),
        quote("prior_transplant", "had a transplant", field=RULES, side=Side.EXCLUSION),
        quote("response", "no major molecular response"),
        quote("current_tki", "still takes imatinib"),
        quote("good_response", "in complete response"),
    ),
}
"""A record that says all that is read, in one reading."""


# --- on the card -----------------------------------------------------------------------------


def test_the_card_says_why_with_the_words_of_the_record_and_where_they_stand(these: These) -> None:
    page = these(builders.reading(**FULL))
    assert shown(page, "The record names people whose TKI did not work well enough") == "text"
    assert shown(page, "“Two TKIs did not work.”") == "text"
    assert shown(page, "The record’s own words, under “Who can join”.") == "caption"


@pytest.mark.parametrize(
    ("field", "side", "where"),
    [
        ("protocolSection.identificationModule.officialTitle", Side.OTHER, "Title"),
        (SUMMARY, Side.OTHER, "Summary"),
        (RULES, Side.EXCLUSION, "Who cannot join"),
    ],
)
def test_the_place_of_the_quote_is_named(these: These, field: str, side: Side, where: str) -> None:
    page = these(builders.reading(evidence=(builders.evidence("Words", field=field, side=side),)))
    assert shown(page, f"The record’s own words, under “{where}”.") == "caption"


def test_a_long_quote_is_whole(these: These) -> None:
    words = " ".join(f"word{number}" for number in range(200))
    page = these(builders.reading(evidence=(builders.evidence(words),)))
    assert shown(page, f"“{words}”") == "text"


def test_the_registrys_escapes_are_no_part_of_the_words(these: These) -> None:
    words = r"failure\* as in \[ELN\], \>= 2 TKIs \n"
    page = these(builders.reading(evidence=(builders.evidence(words),)))
    assert shown(page, r"“failure* as in [ELN], >= 2 TKIs \n”") == "text"


def test_only_the_first_of_several_quotes_is_on_the_card_and_the_others_are_counted(
    these: These,
) -> None:
    three = [builders.evidence(f"Quote {number}") for number in (1, 2, 3)]
    page = these(builders.reading(evidence=tuple(three)))
    assert shown(page, "“Quote 1”") == "text"
    assert shown(page, "2 more quotes stand in the details.")
    assert shown(page, "“Quote 2”") is None
    open_details(page)
    assert shown(page, "“Quote 2”") == shown(page, "“Quote 3”") == "text"


def test_the_same_words_are_quoted_and_counted_once(these: These) -> None:
    same = [builders.evidence("Quote"), builders.evidence("Quote", start=90, end=95)]
    page = these(builders.reading(evidence=tuple(same)))
    assert shown(page, "in the details.") is None
    open_details(page)
    assert [text.value for text in page.text].count("“Quote”") == 2  # card and details


def test_what_no_words_decided_is_said(these: These) -> None:
    page = these(builders.reading(why=Why.NO_CML, evidence=()))
    assert shown(page, "The record does not name CML") == "text"
    assert shown(page, "No words of the record decided this.") == "caption"


@pytest.mark.parametrize("why", Why)
def test_each_reason_has_its_own_sentence(these: These, why: Why) -> None:
    with_it = lines(these(builders.reading(why=why)))
    assert len([line for line in with_it if line.startswith("The record ")]) == 1


def test_the_card_has_the_short_facts(these: These) -> None:
    told = lines(these(builders.reading(**FULL)))
    assert "What is tested: TKI / Transplant · CML phases: Chronic phase / Blast phase" in told
    (t315i,) = (line for line in told if "T315I" in line)
    assert t315i.startswith("The record rules out")
    assert "The record asks for at least 2 earlier TKIs." in told
    assert not [line for line in told if "does not say" in line]


def test_what_the_record_does_not_say_takes_one_line(these: These) -> None:
    told = lines(these(builders.reading(cml_phases=(CmlPhase.BLAST,))))
    assert "CML phases: Blast phase" in told
    assert "What is tested · T315I mutation · Earlier TKIs: the record does not say: ask" in told


def test_no_earlier_tki_is_not_silence(these: These) -> None:
    told = lines(these(builders.reading(min_prior_tkis=0)))
    assert "The record takes people who have had no TKI yet." in told
    assert not [line for line in told if "Earlier TKIs" in line]


# --- in the details --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("Why it is listed", ["The record names people whose TKI", "“Two TKIs did not work.”"]),
        ("CML phases", ["Chronic phase / Blast phase", "“Chronic or blast phase”"]),
        ("What is tested", ["TKI / Transplant", "“Samplinib”"]),
        ("T315I mutation", ["The record rules out", "“T315I is known”"]),
        ("Earlier TKIs", ["The record asks for at least 2", "“after two TKIs or more”"]),
        (
            "Other mutations",
            ["V299L: accepted / F317L: ruled out", "“V299L can join”", "“not with F317L”"],
        ),
        ("Earlier TKIs by name", ["ponatinib: ruled out", "“had ponatinib”"]),
        ("Time without other medicines before joining", ["“7 days without a TKI”"]),
        ("Earlier transplant", ["ruled out", "“had a transplant”"]),
        ("Response to treatment", ["“no major molecular response”"]),
        ("A TKI that is taken when joining", ["“still takes imatinib”"]),
        ("A response that must have been reached", ["“in complete response”"]),
    ],
)
def test_each_fact_stands_beside_its_quotes(these: These, fact: str, words: list[str]) -> None:
    page = open_details(these(builders.reading(**FULL)))
    told = facts(page)[fact]
    assert is_place(told[-1])
    for line, expected in zip(told[:-1], words, strict=True):
        assert line.startswith(expected)


def test_that_rules_can_err_is_said_where_they_are_used(these: These) -> None:
    page = these(builders.reading())
    assert shown(page, "by fixed rules") is None
    assert shown(open_details(page), "by fixed rules. It can miss some") == "caption"


def test_the_place_of_each_quote_is_named_in_the_details(these: These) -> None:
    told = facts(open_details(these(builders.reading(**FULL))))
    assert told["Earlier TKIs by name"][-1] == "The record’s own words, under “Who cannot join”."
    assert told["Response to treatment"][-1] == "The record’s own words, under “Summary”."


def test_quotes_from_one_place_stand_together(these: These) -> None:
    rules = {"about": "t315i", "field": RULES, "side": Side.INCLUSION}
    evidence = (
        builders.evidence("One", **rules),
        builders.evidence("Two", about="t315i"),
        builders.evidence("Three", **rules),
    )
    told = facts(open_details(these(builders.reading(evidence=evidence))))
    assert told["T315I mutation"] == [
        "“One”",
        "“Three”",
        "The record’s own words, under “Who can join”.",
        "“Two”",
        "The record’s own words, under “Summary”.",
    ]


def test_nothing_is_called_silent_when_everything_is_said(these: These) -> None:
    assert SILENT not in facts(open_details(these(builders.reading(**FULL))))


def test_what_the_record_does_not_say_is_listed_to_ask(these: These) -> None:
    told = facts(open_details(these(builders.reading())))
    (silent,) = told[SILENT]
    assert silent == (
        "• CML phases\n• What is tested\n• T315I mutation\n• Earlier TKIs\n• Other mutations\n"
        "• Earlier TKIs by name\n• Time without other medicines before joining\n"
        "• Earlier transplant\n• Response to treatment\n• A TKI that is taken when joining\n"
        "• A response that must have been reached"
    )
    assert set(told) == {"Why it is listed", SILENT}


@pytest.mark.parametrize(
    ("stance", "words"),
    [
        (Stance.REQUIRED, "asked for"),
        (Stance.ACCEPTED, "accepted"),
        (Stance.EXCLUDED, "ruled out"),
    ],
)
def test_each_stance_has_its_words(these: These, stance: Stance, words: str) -> None:
    page = these(builders.reading(prior_drugs={"imatinib": stance}, prior_transplant=stance))
    told = facts(open_details(page))
    assert told["Earlier TKIs by name"] == [f"imatinib: {words}"]
    assert told["Earlier transplant"] == [words]


def test_quotes_of_two_trials_stand_beside_each_other(these: These) -> None:
    page = these(
        builders.reading(**FULL), builders.reading("NCT99000002", relevance=Relevance.MAY, **FULL)
    )
    for nct_id in (NCT_ID, "NCT99000002"):
        open_details(page, nct_id)
    assert [text.value for text in page.text].count("“had ponatinib”") == 2


SILENT = "The record does not say: ask."


def is_place(line: str) -> bool:
    return line.startswith("The record’s own words, ")


def open_details(page: AppTest, nct_id: str = NCT_ID) -> AppTest:
    page.session_state[f"details_{nct_id}"] = True
    page.run()
    assert not page.exception
    return page


def lines(page: AppTest) -> list[str]:
    """All plain text, line by line."""
    return [line for text in page.text for line in text.value.split("\n")]


def shown(page: AppTest, words: str) -> str | None:
    """The kind of element that has these words in it; None if none has."""
    for node in page.main:
        if words in str(getattr(node, "value", "")):
            return str(node.type)
    return None


def facts(page: AppTest) -> dict[str, list[str]]:
    """The opened details: what stands under each fact, up to the next heading."""
    (box,) = (box for box in page.expander if box.label.startswith("Details of "))
    found: dict[str, list[str]] = {}
    below: list[str] | None = None
    for element in walk(box):
        if element.type == "markdown" and element.value.startswith("**"):
            below = found.setdefault(element.value.strip("*"), [])
        elif below is None:
            continue
        elif element.type == "caption" and not is_place(element.value):
            break  # the texts of the study team begin here
        else:
            below.append(element.value)
    return found


def walk(block: Any) -> Any:
    """All elements within, however deep, in the page's order."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from walk(child)
        else:
            yield child
