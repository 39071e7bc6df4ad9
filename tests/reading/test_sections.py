"""Criteria are split by the record's own headings, and shown whole where those leave any doubt.

To put a rule on the wrong side turns it into its opposite, so the tests below ask for one of two
things: the right side, or no split at all.
"""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trialfinder.reading.model import Side
from trialfinder.reading.sections import Section, split_criteria

IN, OUT, OTHER = Side.INCLUSION, Side.EXCLUSION, Side.OTHER


def sides(text: str) -> list[Side]:
    return [section.side for section in split_criteria(text) or ()]


def side_of(words: str, text: str) -> Side | None:
    """The side on which ``words`` come out; None if the text was not split."""
    sections = split_criteria(text)
    if sections is None:
        return None
    (side,) = {section.side for section in sections if words in section.body}
    return side


# --- plain cases -----------------------------------------------------------------------------


def test_both_sides_with_their_headings_and_lines() -> None:
    text = "Inclusion Criteria:\n\n* Adults\n* With CML\n\nExclusion Criteria:\n\n* Pregnant"

    assert split_criteria(text) == (
        Section(IN, "Inclusion Criteria", "* Adults\n* With CML"),
        Section(OUT, "Exclusion Criteria", "* Pregnant"),
    )


def test_exclusion_may_come_first() -> None:
    assert sides("Exclusion Criteria\n* Pregnant\nInclusion Criteria\n* Adults") == [OUT, IN]


def test_what_stands_before_the_first_heading_is_on_neither_side() -> None:
    text = "Read all of this.\nInclusion Criteria:\n* Adults\nExclusion Criteria:\n* Pregnant"

    assert (split_criteria(text) or ())[0] == Section(OTHER, None, "Read all of this.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Adults with CML",
        "Inclusion Criteria:\n* Adults",
        "Exclusion Criteria:\n* Pregnant",
        "Inclusion Criteria:\n* Adults\nInclusion Criteria:\n* More adults",
        "Adults who meet the inclusion criteria and none of the exclusion criteria can join.",
    ],
)
def test_without_both_kinds_of_heading_nothing_is_split(text: str) -> None:
    assert split_criteria(text) is None


def test_headings_without_anything_below_stay() -> None:
    assert sides("Inclusion Criteria:\nExclusion Criteria:") == [IN, OUT]


# --- wordings of headings --------------------------------------------------------------------

HEADINGS = [
    "{} Criteria",
    "{} Criteria:",
    "{} criteria：",
    "{} criteria.",
    "{} Criterion:",
    "{} criteria -",
    "  {} Criteria :  ",
    "{}ary criteria:",
    "{}:",
    "{}s:",
    "{}",
    "Key {} Criteria:",
    "Main {} criteria",
    "Major {} Criteria:",
    "Patient {} Criteria",
    "Recipient {} criteria:",
    "Phase 2 part, {} criteria:",
    "Additional cohort-specific {} criteria:",
    "Loved one (friend/family) {} criteria:",
    "Subject must meet the following {} criteria:",
    "{} Criteria for Cohort A:",
    "{} criteria for trial entry",
    "{} criteria of the second part:",
    "{} Criteria (adults of 18 years or older)",
    "{} Criteria (Part B):",
    "**{} Criteria**",
    "**{} Criteria:**",
    "__{} criteria:__",
    "*{} criteria*:",
    "## {} Criteria",
    "1. {} Criteria",
    "4.2.2. {} Criteria (Part B)",
    "2) {} criteria:",
    "* {} Criteria:",
    "- {} criteria",
    "• {} criteria:",
    "> {} criteria:",
    "\t{} criteria:",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_in_many_wordings(heading: str) -> None:
    for inclusion, exclusion in (("Inclusion", "Exclusion"), ("INCLUSION", "EXCLUSION")):
        text = f"{heading.format(inclusion)}\n* Adults\n{heading.format(exclusion)}\n* Pregnant"

        assert side_of("Adults", text) is IN
        assert side_of("Pregnant", text) is OUT


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion criteria: Pregnant",
        "Exclusion criteria - Pregnant",
        "Exclusion: Pregnant",
        "**Exclusion criteria:** Pregnant",
        "Exclusion criteria for everyone: Pregnant",
    ],
)
def test_text_on_the_line_of_a_heading_belongs_below_it(heading: str) -> None:
    text = f"Inclusion criteria: Adults\n{heading}\nBreastfeeding"

    assert (split_criteria(text) or ())[-1].body.split() == ["Pregnant", "Breastfeeding"]
    assert side_of("Adults", text) is IN


def test_a_dash_starts_the_text_after_a_heading_without_a_colon() -> None:
    sections = split_criteria("Inclusion criteria – Adults\nExclusion criteria – Pregnant") or ()

    assert [section.body for section in sections] == ["Adults", "Pregnant"]


def test_headings_repeat_for_each_cohort() -> None:
    text = (
        "Cohort A\nInclusion criteria:\n* Two TKIs\nExclusion criteria:\n* T315I\n"
        "Cohort B\nInclusion criteria:\n* Three TKIs\nExclusion criteria:\n* Pregnant"
    )

    assert sides(text) == [OTHER, IN, OUT, IN, OUT]
    assert side_of("Three TKIs", text) is IN
    assert side_of("Pregnant", text) is OUT


def test_nested_criteria_keep_their_lines_and_indents() -> None:
    body = "* Blood counts:\n\n  * Neutrophils above 1\n\n    1. Without support\n  * Platelets"
    text = f"Inclusion Criteria:\n\n{body}\n\nExclusion Criteria:\n\n* Pregnant"

    assert (split_criteria(text) or ())[0].body == body


# --- criteria that name criteria -------------------------------------------------------------


@pytest.mark.parametrize(
    "criterion",
    [
        "Not meeting the inclusion criteria",
        "Not meeting inclusion criteria:",
        "Does not meet inclusion criteria.",
        "Anyone who does not meet all inclusion criteria",
        "Unable to meet inclusion criteria",
        "Failure to meet the inclusion criteria",
        "People without the inclusion criteria",
        "Violation of the inclusion criteria",
        "No inclusion criteria met",
        "Meets the inclusion criteria of another study",
        "Has met the inclusion criteria.",
        "Patient meets the inclusion criteria.",
        "Patient meets the inclusion criteria for trial entry",
        "Met inclusion criteria - see above",
        "Inclusion criteria not met",
        "Inclusion in another study",
        "Inclusion-body myositis",
        "Inclusion bodies in the blood",
        "Other protocol-defined inclusion/exclusion criteria may apply.",
    ],
)
def test_a_criterion_about_criteria_is_no_heading(criterion: str) -> None:
    text = f"Inclusion criteria:\n* Adults\nExclusion criteria:\n* {criterion}\n* Pregnant"

    assert side_of("Pregnant", text) in (OUT, None)
    assert side_of("Adults", text) in (IN, None)


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion criteria for patients without T315I:",
        "Exclusion criteria for people not in chronic phase:",
        "Exclusion criteria (no prior transplant):",
        "Exclusion criteria for non-CML patients:",
        "Exclusion criteria for all randomisations",
        "Exclusion criteria for any cohort",
        "EXCLUSION CRITERIA DONOR:",
        "EXCLUSION CRITERIA RECIPIENT",
        "Exclusion criteria prior to transplant:",
        "Exclusion criteria as for Cohort A, and in addition:",
        "Exclusion criteria (Cohorts 1-4) 1. Breastfeeding",
        "Exclusion criteria include the following:",
        "Other inclusion criteria may apply Exclusion criteria: see below",
        "Non-inclusion criteria:",
        "Exclusion criteria are:",
        "Criteria for exclusion:",
        "People cannot join if they meet any of the following exclusion criteria:",
        "Anyone who meets one or more of these exclusion criteria is excluded:",
        "You are not able to join this study if any of these exclusion criteria holds:",
    ],
)
def test_a_heading_in_unusual_words_is_taken_or_stops_the_split(heading: str) -> None:
    """Below such a line stand exclusions: they must not come out as "who can join"."""
    text = f"Exclusion criteria:\n* Asthma\nInclusion criteria:\n* Adults\n{heading}\n* Pregnant"

    assert side_of("Pregnant", text) in (OUT, None)


@pytest.mark.parametrize(
    "heading",
    ["Inclusion and Exclusion Criteria:", "Inclusion/Exclusion Criteria", "Inclusion & exclusion"],
)
def test_a_heading_over_both_sides_is_of_neither(heading: str) -> None:
    text = f"{heading}\nAsk the team.\nInclusion criteria:\n* Adults\nExclusion criteria:\n* Asthma"

    assert side_of("Ask the team.", text) in (OTHER, None)
    assert split_criteria(f"{heading}\n* Adults\n* Not pregnant") is None


# --- whatever the text -----------------------------------------------------------------------


def words_of(text: str) -> list[str]:
    """Its words; numbers and bullets before a heading may go, so they do not count."""
    return re.findall(r"[^\W\d_]+", text)


LINE = st.text(st.sampled_from("ab1 *-_:.()\t/é"), max_size=12) | st.sampled_from(
    [
        *(heading.format(word) for heading in HEADINGS for word in ("Inclusion", "Exclusion")),
        *("Not meeting inclusion criteria", "2nd part exclusion criteria:", "inclusion", ""),
        *("Exclusion criteria: see above: below", "exclusion criteria", "Inclusion - exclusion"),
    ]
)
TEXTS = st.lists(LINE, max_size=8).map("\n".join) | st.text(max_size=80)


@settings(max_examples=300, deadline=None)
@example("Inclusion criteria: a\r\nExclusion criteria: b\u2028c")
@given(TEXTS)
def test_all_words_are_kept_in_order(text: str) -> None:
    sections = split_criteria(text)
    if sections is None:
        return
    kept = " ".join(f"{section.heading or ''} {section.body}" for section in sections)

    assert words_of(kept) == words_of(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_split_has_both_sides_and_no_empty_part(text: str) -> None:
    sections = split_criteria(text)
    if sections is None:
        return

    assert {IN, OUT} <= {section.side for section in sections}
    assert all(section.heading or section.body.strip() for section in sections)
    assert all((section.heading is None) == (section.side is OTHER) for section in sections)


def test_a_number_at_the_start_of_a_heading_s_word_belongs_to_the_word() -> None:
    text = "2nd cohort inclusion criteria:\n* Adults\n2nd cohort exclusion criteria:\n* Asthma"
    headings = [section.heading for section in split_criteria(text) or ()]

    assert headings == ["2nd cohort inclusion criteria", "2nd cohort exclusion criteria"]


# --- however long the line -------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["1", "_", "-", ")", "1-", "1 ", "* ", "a", " ", "inclusion "])
@pytest.mark.parametrize("tail", ["", "x", " criteria", " exclusion criteria :x"])
def test_a_long_line_of_signs_takes_no_time(sign: str, tail: str) -> None:
    """Milliseconds where the work grows with the length, many seconds where with its square."""
    line = sign * 8_000 + tail
    started = perf_counter()
    split_criteria(line)

    assert perf_counter() - started < 0.5
