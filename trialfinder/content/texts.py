"""The explanations beside the trials: read from Markdown files, each with its sources and dates.

A file begins with TOML between two lines of ``+++`` (``title``, ``order``, ``reviewed`` and
``[[sources]]``); the Markdown after it names its sources with markers such as ``[^pdq]``.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

_FRONT_MATTER = re.compile(r"\+\+\+[ \t]*\n(?P<toml>.*?\n)\+\+\+[ \t]*\n(?P<body>.*)", re.DOTALL)
_HEADING = re.compile(r"^## +(.+?)\s*$", re.MULTILINE)
_MARKER = re.compile(r"\s*\[\^([\w-]+)\]")
_KEYS = {"title", "order", "reviewed", "sources"}
_SOURCE_KEYS = {"id", "title", "publisher", "date", "url"}
_NAME = re.compile(r"[a-z]\w*(?:-\w+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from; ``date`` is as its publisher writes it."""

    id: str
    title: str
    publisher: str
    date: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of a text; ``heading`` is None for what stands before the first heading.

    ``body`` is Markdown in which every source marker has become its plain number: " [1]" is the
    first of the text's sources.
    """

    heading: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Text:
    """One explanation: an option, or a page about trials or about this program."""

    key: str
    title: str
    order: int
    reviewed: datetime.date
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]


@cache
def options(language: str = "en") -> tuple[Text, ...]:
    """Return the article's options, ordered by their role today."""
    folder = _language(language) / "options"
    texts = [
        _read(file) for file in folder.iterdir() if file.is_file() and file.name.endswith(".md")
    ]
    return tuple(sorted(texts, key=lambda text: (text.order, text.key)))


@cache
def about(key: str, language: str = "en") -> Text:
    """Return one text about trials, help or this program, such as ``call_your_team``.

    Raises ValueError if there is no such text.
    """
    folder = _language(language) / "about"
    if not _NAME.fullmatch(key) or not (file := folder / f"{key}.md").is_file():
        raise ValueError(f"no text {key!r} in {folder.name}")
    return _read(file)


def parse_text(name: str, content: str) -> Text:
    """Read one content file; ``name`` is its file name, used as key and in errors.

    Raises ValueError that names the file and the problem.
    """
    match = _FRONT_MATTER.fullmatch(content)
    if match is None:
        raise ValueError(f"{name}: no front matter between lines of +++")
    try:
        front = tomllib.loads(match["toml"])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: front matter is not TOML: {error}") from error
    _expect_keys(name, "front matter", front, _KEYS)
    order, reviewed = front["order"], front["reviewed"]
    if type(order) is not int:
        raise ValueError(f"{name}: order is not a whole number")
    if type(reviewed) is not datetime.date:
        raise ValueError(f"{name}: reviewed is not a date such as 2026-11-22")
    sources = _sources(name, front["sources"])
    return Text(
        key=name.removesuffix(".md"),
        title=_words(name, "title", front["title"]),
        order=order,
        reviewed=reviewed,
        sources=sources,
        sections=_sections(name, match["body"], sources),
    )


def _language(language: str) -> Traversable:
    folder = files("trialfinder.content") / language
    if not _NAME.fullmatch(language) or not folder.is_dir():
        raise ValueError(f"no content in language {language!r}")
    return folder


def _read(file: Traversable) -> Text:
    return parse_text(file.name, file.read_text(encoding="utf-8"))


def _sources(name: str, tables: object) -> tuple[Source, ...]:
    if not isinstance(tables, list) or not tables:
        raise ValueError(f"{name}: no [[sources]]")
    sources: list[Source] = []
    for number, table in enumerate(tables, start=1):
        where = f"source {number}"
        if not isinstance(table, dict):
            raise ValueError(f"{name}: {where} is not a table")
        _expect_keys(name, where, {"url": None, **table}, _SOURCE_KEYS)
        source = Source(
            id=_words(name, f"id of {where}", table["id"]),
            title=_words(name, f"title of {where}", table["title"]),
            publisher=_words(name, f"publisher of {where}", table["publisher"]),
            date=_words(name, f"date of {where}", table["date"]),
            url=_words(name, f"url of {where}", table["url"]) if "url" in table else None,
        )
        if not _NAME.fullmatch(source.id):
            raise ValueError(
                f"{name}: id of {where} has other than small letters, figures, hyphens"
            )
        if source.url is not None and not source.url.startswith("https://"):
            raise ValueError(f"{name}: url of {where} does not begin with https://")
        if source.id in {earlier.id for earlier in sources}:
            raise ValueError(f"{name}: two sources have the id {source.id!r}")
        sources.append(source)
    return tuple(sources)


def _sections(name: str, body: str, sources: tuple[Source, ...]) -> tuple[Section, ...]:
    numbers = {source.id: number for number, source in enumerate(sources, start=1)}

    def numbered(marker: re.Match[str]) -> str:
        if marker[1] not in numbers:
            raise ValueError(f"{name}: no source has the id {marker[1]!r}")
        return f" [{numbers[marker[1]]}]"

    before, *headed = _HEADING.split(_MARKER.sub(numbered, body))
    sections = [Section(None, before.strip())] if before.strip() else []
    for heading, text in zip(headed[::2], headed[1::2], strict=True):
        if not text.strip():
            raise ValueError(f"{name}: nothing stands under the heading {heading!r}")
        sections.append(Section(heading, text.strip()))
    if not sections:
        raise ValueError(f"{name}: no text after the front matter")
    return tuple(sections)


def _expect_keys(name: str, where: str, table: dict[str, Any], expected: set[str]) -> None:
    for problem, keys in (("lacks", expected - set(table)), ("has unknown", set(table) - expected)):
        if keys:
            raise ValueError(f"{name}: {where} {problem} {', '.join(sorted(keys))}")


def _words(name: str, what: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name}: {what} is not a text")
    return value
