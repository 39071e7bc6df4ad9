"""Criteria are split by the record's own headings, and shown whole where those leave any doubt.

To put a rule on the wrong side turns it into its opposite, so the tests below ask for one of two
things: the right side, or no split at all. `likely_side` is what the reader takes, which has to
choose: headings in freer words, and in the midst of a line.
"""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trialfinder.reading.model import Side
from trialfinder.reading.sections import Section, split_criteria
from trialfinder.reading.sections import sides as likely_sides

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


LINE = st.text(st.sampled_from("ab1 *-_:.()\t/é"), max_size=12) | st.sampled_from(
    [
        *(heading.format(word) for heading in HEADINGS for word in ("Inclusion", "Exclusion")),
        *("Not meeting inclusion criteria", "2nd part exclusion criteria:", "inclusion", ""),
        *("Exclusion criteria: see above: below", "exclusion criteria", "Inclusion - exclusion"),
    ]
)
TEXTS = st.lists(LINE, max_size=8).map("\n".join) | st.text(max_size=80)


# --- the likeliest side, for the reader ------------------------------------------------------


def likely_side(words: str, text: str) -> Side:
    """The side that the reader takes for ``words``."""
    (side,) = {side for side, start, end in likely_sides(text) if words in text[start:end]}
    return side


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_that_split_for_people_split_for_the_reader(heading: str) -> None:
    text = f"{heading.format('Inclusion')}\n* Adults\n{heading.format('Exclusion')}\n* Pregnant"

    assert likely_side("Adults", text) is IN
    assert likely_side("Pregnant", text) is OUT


@pytest.mark.parametrize(
    ("who_can", "who_cannot"),
    [
        ("Eligibility criteria:", "Ineligible:"),
        ("Eligible patients:", "Patients are not eligible if:"),
        ("Who can join:", "You cannot join if:"),
        ("Who can take part:", "Who can not take part:"),
        ("You may participate if:", "You may not participate if you have:"),
        ("Patients eligible for this study:", "Patients excluded from this study:"),
        ("**Inclusion**:", "**Reasons for exclusion**:"),
        ("Criteria for inclusion:", "Criteria for exclusion:"),
        (
            "Eligibility：",
            "Excluded：",
        ),
        ("Adults may join:", "People will not be enrolled if:"),
        ("Inclusion criteria for everyone are:", "Exclusion criteria are as follows:"),
    ],
)
def test_freer_headings_split_for_the_reader(who_can: str, who_cannot: str) -> None:
    for text in (
        f"{who_can}\n* Adults\n\n{who_cannot}\n* Pregnant",
        f"{who_cannot}\n\n* Pregnant\n\n{who_can}\n\n* Adults",
    ):
        assert likely_side("Adults", text) is IN
        assert likely_side("Pregnant", text) is OUT


def test_one_heading_alone_is_enough_for_the_reader() -> None:
    assert likely_side("Adults", "Inclusion Criteria:\n* Adults") is IN
    assert likely_side("Pregnant", "Exclusion Criteria:\n* Pregnant") is OUT


def test_inclusion_criteria_twice_are_both_on_their_side() -> None:
    text = (
        "Inclusion Criteria:\nPart 1\nInclusion criteria:\n* Two TKIs\n"
        "Part 2\nInclusion criteria:\n* Three TKIs\nExclusion criteria:\n* Pregnant"
    )

    assert likely_side("Two TKIs", text) is IN
    assert likely_side("Three TKIs", text) is IN
    assert likely_side("Pregnant", text) is OUT


def test_exclusions_inside_inclusions_end_with_the_next_heading() -> None:
    text = (
        "Inclusion Criteria:\n* Adults\nExclusion criteria for cohort A:\n* T315I\n"
        "Inclusion criteria for cohort B:\n* Three TKIs"
    )

    assert [likely_side(words, text) for words in ("Adults", "T315I", "Three TKIs")] == [
        IN,
        OUT,
        IN,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion criteria: Adults with CML. Exclusion criteria: Pregnant.",
        "Inclusion Criteria: 1. Adults 2. CML Exclusion Criteria: 1. Pregnant",
        "INCLUSION CRITERIA: Adults; EXCLUSION CRITERIA : Pregnant",
        "Read this. Inclusion criteria: Adults (18 or older) Exclusion criterion: Pregnant",
    ],
)
def test_headings_in_one_running_line_split_it(text: str) -> None:
    assert likely_side("Adults", text) is IN
    assert likely_side("Pregnant", text) is OUT


@pytest.mark.parametrize("text", ["Adults", "* Adults\n* CML", "Adults join. Ask us.\n\nCML"])
def test_text_without_headings_is_one_stretch_of_neither_side(text: str) -> None:
    assert list(likely_sides(text)) == [(OTHER, 0, len(text))]


def test_nothing_has_no_side() -> None:
    assert list(likely_sides("")) == []


@pytest.mark.parametrize(
    "criterion",
    [
        "Eligibility is checked at the first visit",
        "Eligible for treatment with a TKI",
        "Not eligible for a transplant",
        "Excluded from another study",
        "Not meeting the inclusion criteria of the register",
        "Meets the exclusion criteria of no other study",
        "May join later; ask the team",
        "Inclusion in another study",
        "Inclusion bodies in the blood",
    ],
)
def test_a_criterion_that_only_mentions_eligibility_is_no_heading(criterion: str) -> None:
    for heading, side in (("Inclusion", IN), ("Exclusion", OUT)):
        text = f"{heading} Criteria:\n* First\n* {criterion}\n* Last"

        assert likely_side("First", text) is side
        assert likely_side("Last", text) is side


@pytest.mark.parametrize("heading", ["Inclusion/Exclusion Criteria", "Inclusion & exclusion:"])
def test_what_stands_under_both_headings_at_once_is_on_neither_side(heading: str) -> None:
    assert likely_side("Adults", f"{heading}\n* Adults") is OTHER


@settings(max_examples=300, deadline=None)
@example("Exclusion criteria: a. Inclusion criteria: b")
@given(TEXTS)
def test_stretches_come_in_order_and_lose_nothing_but_headings(text: str) -> None:
    end = 0
    for _, first, last in likely_sides(text):
        lost = text[end:first]
        assert end <= first < last <= len(text)
        assert not lost.strip() or re.search("clu|elig|join|part", lost, re.IGNORECASE)
        end = last


# --- whatever the text -----------------------------------------------------------------------


def words_of(text: str) -> list[str]:
    """Its words; numbers and bullets before a heading may go, so they do not count."""
    return re.findall(r"[^\W\d_]+", text)


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
    list(likely_sides(line))

    assert perf_counter() - started < 0.5
