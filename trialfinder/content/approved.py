"""Which medicines are approved for CML in the United States or the European Union.

A study can test a medicine that one may get without it. ``approved.toml`` is the table: small,
dated, with a source for each entry; what is not sure is not in it.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "es")
"""Every statement of the table is there in each of these."""

_FILE = "approved.toml"
_KEYS = {"name", "spellings", "source", "reviewed"}
_REGIONS = {"us", "eu"}
_GAP = r"[\s\-\u2010-\u2015]*"
"""Blanks and hyphens, which may stand anywhere in a name: STI571, STI-571, STI 571."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A medicine approved for CML.

    ``us`` and ``eu`` say by language what it is approved for there; empty where we do not know.
    """

    name: str
    spellings: tuple[str, ...]
    us: Mapping[str, str]
    eu: Mapping[str, str]
    source: str
    reviewed: datetime.date


@cache
def approved() -> tuple[Approved, ...]:
    """Return the table. Raises ValueError if it is malformed."""
    return parse_approved(files("trialfinder.content").joinpath(_FILE).read_text("utf-8"))


def approved_among(names: Iterable[str]) -> tuple[Approved, ...]:
    """Return the medicines that are named in any of ``names``, in the order of the table.

    A medicine is named by any of its spellings as whole words, whatever the case, hyphens and
    blanks. What the words around it say of it ("resistant to", "without") is not looked at.
    """
    listed = tuple(names)
    return tuple(
        medicine
        for medicine, pattern in _patterns()
        if any(pattern.search(name) for name in listed)
    )


def parse_approved(content: str) -> tuple[Approved, ...]:
    """Read a table of approved medicines.

    Raises ValueError that names the file, the medicine and the problem.
    """
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{_FILE}: not TOML: {error}") from error
    entries = table.get("medicines")
    if set(table) != {"medicines"} or not isinstance(entries, list) or not entries:
        raise ValueError(f"{_FILE}: is not a list of [[medicines]]")
    medicines = tuple(_medicine(number, entry) for number, entry in enumerate(entries, start=1))
    seen: set[str] = set()
    for medicine in medicines:
        for spelling in medicine.spellings:
            if _folded(spelling) in seen:
                raise ValueError(f"{_FILE}: {medicine.name}: spelling {spelling!r} is there twice")
            seen.add(_folded(spelling))
    return medicines


@cache
def _patterns() -> tuple[tuple[Approved, re.Pattern[str]], ...]:
    return tuple((medicine, _pattern(medicine.spellings)) for medicine in approved())


def _pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    written = "|".join(_GAP.join(_folded(spelling)) for spelling in spellings)
    return re.compile(rf"(?<![^\W_])(?:{written})(?![^\W_])", re.IGNORECASE)


def _folded(spelling: str) -> str:
    """The letters and digits of a spelling, by which two are the same: "sti571"."""
    return "".join(sign for sign in spelling.lower() if sign.isalnum())


def _medicine(number: int, entry: object) -> Approved:
    where = f"{_FILE}: medicine {number}"
    if not isinstance(entry, dict):
        raise ValueError(f"{where} is not a table")
    name = _words(where, "name", entry.get("name"))
    where = f"{_FILE}: {name}"
    present = set(entry)
    for problem, keys in (
        ("lacks", _KEYS - present),
        ("has unknown", present - _KEYS - _REGIONS),
        ("has none of", set() if present & _REGIONS else _REGIONS),
    ):
        if keys:
            raise ValueError(f"{where} {problem} {', '.join(sorted(keys))}")
    spellings = entry["spellings"]
    if not isinstance(spellings, list) or not spellings:
        raise ValueError(f"{where}: spellings are not a list")
    for spelling in spellings:
        if not _folded(_words(where, "spelling", spelling)):
            raise ValueError(f"{where}: spelling {spelling!r} has neither letter nor digit")
    if _folded(name) not in map(_folded, spellings):
        raise ValueError(f"{where}: its name is not among its spellings")
    reviewed = entry["reviewed"]
    if type(reviewed) is not datetime.date:
        raise ValueError(f"{where}: reviewed is not a date such as 2026-11-25")
    return Approved(
        name=name,
        spellings=tuple(spellings),
        us=_statement(where, "us", entry["us"]) if "us" in entry else {},
        eu=_statement(where, "eu", entry["eu"]) if "eu" in entry else {},
        source=_words(where, "source", entry["source"]),
        reviewed=reviewed,
    )


def _statement(where: str, region: str, by_language: object) -> dict[str, str]:
    if not isinstance(by_language, dict) or set(by_language) != set(LANGUAGES):
        raise ValueError(f"{where}: {region} is not there in {' and '.join(LANGUAGES)} alone")
    return {
        language: _words(where, f"{region}.{language}", by_language[language])
        for language in LANGUAGES
    }


def _words(where: str, what: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: {what} is not a text")
    return value
