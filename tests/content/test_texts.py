"""What visitors read stays plain, sourced and our own.

``spoken()`` gathers every piece of text that the wording rules hold for; a new file of words joins
by one more loop there.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import trialfinder.content
from tests.support.wording import BANNED, KINDS_OF_PHASE
from trialfinder.content import texts
from trialfinder.content.reading_grade import blocks, grade
from trialfinder.content.texts import Section, Source, Text, parse_text

CONTENT = Path(trialfinder.content.__file__).parent / "en"
FILES = sorted(CONTENT.glob("*/*.md"))
SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "article.txt"
ARTICLE_TITLE = "Treating CML: What Happens if a TKI Stops Working"

LAST_REVIEW = datetime.date(2026, 11, 25)
"""Moves with each review round; a date after it is a slip of the pen."""

OPTIONS_BY_ROLE = [
    "another_tki",
    "clinical_trials",
    "transplant",
    "other_new_medicines",
    "chemotherapy",
    "immunotherapy",
    "care_and_observation",
]
OPTION_HEADINGS = [
    "What it is",
    "When doctors think about it",
    "What it may mean for daily life",
    "What is known today",
    "Questions to ask",
]
ABOUT = [
    "what_is_a_trial",
    "before_you_change",
    "call_your_team",
    "someone_to_talk_to",
    "the_article",
    "how_it_works",
    "trial_phase_or_cml_phase",
]

ABOUT_THIS_PROGRAM = {"how_it_works"}
"""Texts about the program itself: no medical claims, so their paragraphs need no marker."""

NO_CLAIM = {
    "911 in the US, 112 in the EU, 999 in the UK.",
    "If you cannot reach your team, call your emergency number.",
    "These groups are not part of this program. Phone numbers can change.",
    (
        "All the words here are our own. We did not copy the article. Its writers did not check or"
        " approve this page."
    ),
    (
        'The newest source in the article is from 2020. We wrote "New since the article" where'
        " newer sources say more. Some of these facts were known before, but the article does not"
        " have them."
    ),
    "The article has a list of 21 sources. We show them all below, with the numbers given here.",
}
"""Paragraphs elsewhere that state nothing about medicine: to add one is a decision."""

PHASE = re.compile(r"(?:(\w+)[\s-]+)?\bphases?\b(\s+(?:\d|[IV]+\b))?", re.IGNORECASE)


def wording_faults(text: str) -> list[str]:
    """What is wrong with the words of a text that a visitor reads; empty if nothing is."""
    faults = [
        f"{fault}: {found[0]!r}"
        for fault, pattern in BANNED.items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]
    for found in PHASE.finditer(text):
        kind = (found[1] or "").lower()
        if kind not in KINDS_OF_PHASE:
            faults.append(f"which phase: {found[0]!r}")
        elif found[2] and kind != "trial":
            faults.append(f"a number on a CML phase: {found[0]!r}")
    return faults


def parsed(file: Path) -> Text:
    return parse_text(file.name, file.read_text(encoding="utf-8"))


def body(file: Path) -> str:
    """The Markdown of a content file as written, with its source markers."""
    return file.read_text(encoding="utf-8").split("\n+++\n", 1)[1]


def spoken() -> Iterator[tuple[str, str]]:
    """Every piece of English text that a visitor reads, with a name for it."""
    for file in FILES:
        text = parsed(file)
        yield f"{text.key}: title", text.title
        for section in text.sections:
            if section.heading is not None:
                yield f"{text.key}: heading {section.heading}", section.heading
            yield f"{text.key}: {section.heading or 'opening'}", section.body


def graded() -> Iterator[tuple[str, str]]:
    """Every text that must be easy to read: each whole file, and each section of an option."""
    for file in FILES:
        yield file.stem, body(file)
    for option in texts.options():
        for section in option.sections:
            yield f"{option.key}: {section.heading}", section.body


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs_of_eight(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


def named(pairs: Iterator[tuple[str, str]]) -> list[object]:
    return [pytest.param(text, id=name) for name, text in pairs]


every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


# --- what is there ---------------------------------------------------------------------------


def test_the_options_come_in_the_order_of_their_role_today() -> None:
    assert [option.key for option in texts.options()] == OPTIONS_BY_ROLE


def test_every_about_text_is_there_and_has_its_own_place() -> None:
    about = [texts.about(key) for key in ABOUT]

    assert sorted(file.stem for file in FILES if file.parent.name == "about") == sorted(ABOUT)
    assert all(first.order < second.order for first, second in pairwise(about))


@pytest.mark.parametrize("key", OPTIONS_BY_ROLE)
def test_an_option_has_the_same_five_short_parts(key: str) -> None:
    option = next(option for option in texts.options() if option.key == key)

    assert [section.heading for section in option.sections] == OPTION_HEADINGS
    for section in option.sections:
        assert 2 <= len(blocks(section.body)) <= 5, section.heading
    assert all(question.endswith("?") for question in blocks(option.sections[-1].body))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("another_tki", "mutation test"),
        ("another_tki", "asciminib"),
        ("another_tki", "ponatinib"),
        ("another_tki", "T315I"),
        ("another_tki", "lower the dose"),
        ("clinical_trials", "not only for advanced CML"),
        ("transplant", "your own cells is no longer used"),
        ("immunotherapy", "interferon is rarely used"),
    ],
)
def test_what_is_newer_than_the_article_is_said(key: str, said: str) -> None:
    news = [
        block
        for block in blocks(body(CONTENT / "options" / f"{key}.md"))
        if block.startswith("New since the article:")
    ]

    assert any(said in block for block in news)


@every_file
def test_a_file_is_plain_markdown(file: Path) -> None:
    text = body(file)

    assert not re.search(r"[<>$`~|]|\]\(|!\[|https?:|&\w+;", text)
    assert set(re.findall(r"^ *#+ *", text, re.MULTILINE)) <= {"## "}


# --- plain -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", named(graded()))
def test_the_reading_grade_is_eight_or_lower(text: str) -> None:
    assert grade(text) <= 8.0


@pytest.mark.parametrize("text", named(spoken()))
def test_the_words_keep_the_rules(text: str) -> None:
    assert wording_faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "You are eligible.",
        "Your eligibility is clear.",
        "Two subjects joined.",
        "The control arm got imatinib.",
        "A cohort of ten people.",
        "The endpoint was met.",
        "A match score of 9.",
        "It fits you 87%.",
        "It fits 87 per cent.",
        "Good news!",
        "Good news \U0001f600",
        "You should switch.",
        "This is a phase 2 study.",
        "Which phase are you in?",
        "Phases differ.",
        "It is for blast phase 2 people.",
    ],
)
def test_the_wording_rules_can_fail(text: str) -> None:
    assert wording_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "This is a trial phase 2 study.",
        "Trial phases are not CML phases.",
        "Chronic-phase CML, accelerated phase or blast phase.",
        "A pharmacy has a swarm of alarms.",
    ],
)
def test_the_wording_rules_leave_good_words_alone(text: str) -> None:
    assert wording_faults(text) == []


# --- sourced ---------------------------------------------------------------------------------


@every_file
def test_the_review_date_is_there_and_not_in_the_future(file: Path) -> None:
    assert datetime.date(2026, 1, 1) <= parsed(file).reviewed <= LAST_REVIEW


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.stem not in ABOUT_THIS_PROGRAM], ids=lambda f: f.stem
)
def test_every_claim_ends_with_a_marker(file: Path) -> None:
    unmarked = [block for block in blocks(body(file)) if not re.search(r"\[\^[\w-]+\]$", block)]
    claims = [block for block in unmarked if not re.fullmatch(r"[^.!]*\?", block)]

    assert set(claims) <= NO_CLAIM


@every_file
def test_every_source_is_used_and_every_marker_has_one(file: Path) -> None:
    markers = re.findall(r"\[\^([\w-]+)\]", body(file))

    assert {source.id for source in parsed(file).sources} == set(markers)


def test_one_source_is_described_in_the_same_words_everywhere() -> None:
    seen: dict[str, Source] = {}
    for file in FILES:
        for source in parsed(file).sources:
            assert seen.setdefault(source.id, source) == source


def test_markers_become_numbers_in_the_order_of_the_sources() -> None:
    text = parse_text("sample.md", SAMPLE)

    assert text.sections == (
        Section(None, "Before. [2]"),
        Section("What it is", "- One. [1] [2]\n- Two?"),
    )
    for file in FILES:
        assert "[^" not in "".join(section.body for section in parsed(file).sections)


# --- our own ---------------------------------------------------------------------------------


@pytest.mark.skipif(not SEED.is_file(), reason="the article is not beside this project")
@every_file
def test_no_eight_words_in_a_row_are_the_article_s(file: Path) -> None:
    ours = " ".join([parsed(file).title, body(file).replace(ARTICLE_TITLE, "")])

    assert not runs_of_eight(ours) & runs_of_eight(SEED.read_text(encoding="utf-8"))


@pytest.mark.skipif(not SEED.is_file(), reason="the article is not beside this project")
def test_the_guard_against_copying_can_fail() -> None:
    article = SEED.read_text(encoding="utf-8")
    copied = " ".join(article.split()[100:108])

    assert runs_of_eight(copied) & runs_of_eight(article)


@pytest.mark.skipif(not SEED.is_file(), reason="the article is not beside this project")
def test_every_source_of_the_article_is_credited() -> None:
    article = SEED.read_text(encoding="utf-8")
    listed = article.split("Article sources", 1)[1].split("Featured Content", 1)[0]
    titles = re.findall(r'"([^"]+?)\.?"', listed)
    ours = [source.title for source in texts.about("the_article").sources]

    assert len(titles) == 21
    assert set(titles) <= set(ours)


def test_the_article_is_credited_by_its_title() -> None:
    assert ARTICLE_TITLE in texts.about("the_article").sections[0].body


# --- reading the files -----------------------------------------------------------------------

SAMPLE = """\
+++
title = "A title"
order = 2
reviewed = 2026-11-22

[[sources]]
id = "first"
title = "First source"
publisher = "Someone"
date = "2025"
url = "https://example.org/first"

[[sources]]
id = "second"
title = "Second source"
publisher = "Someone else"
date = "no date given"
+++

Before. [^second]

## What it is

- One.[^first][^second]
- Two?
"""


def test_a_text_carries_its_front_matter() -> None:
    text = parse_text("sample.md", SAMPLE)

    assert (text.key, text.title, text.order) == ("sample", "A title", 2)
    assert text.reviewed == datetime.date(2026, 11, 22)
    assert text.sources == (
        Source("first", "First source", "Someone", "2025", "https://example.org/first"),
        Source("second", "Second source", "Someone else", "no date given", None),
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        text.order = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("+++\ntitle", "title", "no front matter"),
        ("order = 2", "order = ", "not TOML"),
        ("order = 2\n", "", "lacks order"),
        ("order = 2", "order = true", "order is not a whole number"),
        ("order = 2", "order = 2\nauthor = 'x'", "has unknown author"),
        ('title = "A title"', 'title = " "', "title is not a text"),
        ("2026-11-22", '"2026-11-22"', "reviewed is not a date"),
        ("2026-11-22", "2026-11-22T08:00:00", "reviewed is not a date"),
        ('publisher = "Someone"\n', "", "source 1 lacks publisher"),
        ('date = "2025"', "date = 2025", "date of source 1 is not a text"),
        ('id = "second"', 'id = "first"', "two sources have the id 'first'"),
        ('id = "first"', 'id = "First one"', "id of source 1"),
        ("https://example.org", "javascript:example", "url of source 1"),
        ("[^second]\n\n", "[^third]\n\n", "no source has the id 'third'"),
        ("- One.[^first][^second]\n- Two?\n", "", "nothing stands under the heading"),
    ],
)
def test_a_bad_file_is_named_with_its_problem(good: str, bad: str, problem: str) -> None:
    assert good in SAMPLE
    with pytest.raises(ValueError, match=rf"^sample\.md: .*{re.escape(problem)}"):
        parse_text("sample.md", SAMPLE.replace(good, bad, 1))


@pytest.mark.parametrize("front", ["sources = []", "sources = 'none'", "sources = [1]"])
def test_sources_must_be_tables(front: str) -> None:
    content = f"+++\ntitle = 'A'\norder = 1\nreviewed = 2026-11-22\n{front}\n+++\nText.\n"

    with pytest.raises(ValueError, match=r"^sample\.md: .*(?:sources|source 1)"):
        parse_text("sample.md", content)


def test_a_file_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no text after the front matter"):
        parse_text("sample.md", SAMPLE.split("Before.", maxsplit=1)[0])


def test_texts_are_read_once() -> None:
    assert texts.about("call_your_team") is texts.about("call_your_team")


@pytest.mark.parametrize("key", ["nothing_here", "../options/transplant", "", "call_your_team.md"])
def test_an_unknown_text_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        texts.about(key)


@pytest.mark.parametrize("language", ["xx", "..", "", "en/about"])
def test_an_unknown_language_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="no content in language"):
        texts.options(language)
