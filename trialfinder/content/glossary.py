"""Hard words in plain ones: read from ``glossary.toml``, and found in texts by their spellings.

What is found are spellings, not meanings: the "arm" of a person is found like that of a trial.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

_LANGUAGE = re.compile(r"[a-z]{2}")
_KEY = re.compile(r"[a-z]\w*", re.ASCII)
_FIELDS = {"term", "forms", "meaning", "source", "reviewed"}

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("-_‐‑‒–—―−﹣－", " "),
        **dict.fromkeys("\\\u00ad\u200b\u200c\u200d\u2060\ufeff"),  # escapes, and what is not seen
        **dict.fromkeys(map(chr, range(0x300, 0x370))),  # accents that stand alone
        **dict(zip("áéíóúüñï⁺¹²³⁴⁵·", "aeiouuni+12345.", strict=True)),
    }
)
_BLANKS = re.compile(r"\s+")
_TIMES = re.compile(r"(?<=\d)x(?=[a-z])")
_BCR_ABL = re.compile(r"\bbcr[ :/]{0,3}abl(?:1\b)?")
_LAST_WORD = re.compile(r"[^\W\d]{2,}[^\W\ds]$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word and what it means.

    ``forms`` are the spellings that are looked for, in small letters. ``source`` is one line:
    title, publisher and date, or "our own words" where nothing medical is claimed.
    """

    key: str
    term: str
    forms: tuple[str, ...]
    meaning: str
    source: str
    reviewed: datetime.date


@cache
def glossary(language: str = "en") -> tuple[Entry, ...]:
    """Return all entries, sorted by term without regard to capitals and accents.

    Raises ValueError if there is no glossary in this language, or if its file is malformed.
    """
    file = files("trialfinder.content") / language / "glossary.toml"
    if not _LANGUAGE.fullmatch(language) or not file.is_file():
        raise ValueError(f"no glossary in language {language!r}")
    return parse_glossary(f"{language}/{file.name}", file.read_text(encoding="utf-8"))


def words_in(text: str, language: str = "en") -> tuple[Entry, ...]:
    """Return the entries of which a form stands in ``text``, each once, the first found first.

    A form is found as whole words, in capitals or not; hyphens, dashes and blanks are alike, so
    are the ways to join BCR and ABL, and a plural s may follow. Where forms overlap, the longest
    is found: "blast phase" is not also "blast".

    The time it takes grows with the length of the text, whatever stands in it. Raises ValueError
    as ``glossary`` does.
    """
    pattern, owners = _index(language)
    plain = _fold(text)
    taken = bytearray(len(plain))
    found: dict[int, Entry] = {}
    for match in sorted(pattern.finditer(plain), key=lambda match: -len(match[1])):
        start, end = match.span(1)
        if not (taken[start] or taken[end - 1]):  # what was taken before is not shorter
            taken[start:end] = b"x" * (end - start)
            found[start] = owners[match[1]]
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def parse_glossary(name: str, content: str) -> tuple[Entry, ...]:
    """Read one glossary file; ``name`` is what errors call it.

    Raises ValueError that names the file and the problem.
    """
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: not TOML: {error}") from error
    if not tables:
        raise ValueError(f"{name}: no entries")
    entries = [_entry(name, key, table) for key, table in tables.items()]
    owners: dict[str, str] = {}
    for entry in entries:
        for form in entry.forms:
            owner = owners.setdefault(_fold(form), entry.key)
            if owner != entry.key:
                raise ValueError(f"{name}: {owner} and {entry.key} both have the form {form!r}")
    return tuple(sorted(entries, key=lambda entry: (_fold(entry.term), entry.key)))


def _entry(name: str, key: str, table: object) -> Entry:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{name}: key {key!r} has other than small letters, figures, underscores")
    if not isinstance(table, dict):
        raise ValueError(f"{name}: {key} is not a table")
    for problem, keys in (("lacks", _FIELDS - set(table)), ("has unknown", set(table) - _FIELDS)):
        if keys:
            raise ValueError(f"{name}: {key} {problem} {', '.join(sorted(keys))}")
    reviewed = table["reviewed"]
    if type(reviewed) is not datetime.date:
        raise ValueError(f"{name}: reviewed of {key} is not a date such as 2026-11-25")
    return Entry(
        key=key,
        term=_line(name, f"term of {key}", table["term"]),
        forms=_forms(name, key, table["forms"]),
        meaning=_line(name, f"meaning of {key}", table["meaning"]),
        source=_line(name, f"source of {key}", table["source"]),
        reviewed=reviewed,
    )


def _forms(name: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{name}: forms of {key} is not a list of texts")
    forms = tuple(_line(name, f"a form of {key}", form) for form in value)
    for form in forms:
        if form != form.lower() or not form[0].isalnum():
            raise ValueError(
                f"{name}: form {form!r} of {key} has capitals, or begins with neither letter"
                " nor figure"
            )
        if forms.count(form) > 1:
            raise ValueError(f"{name}: {key} has the form {form!r} twice")
    return forms


def _line(name: str, what: str, value: object) -> str:
    if not isinstance(value, str) or not value or value != " ".join(value.split()):
        raise ValueError(f"{name}: {what} is not one line of text")
    return value


@cache
def _index(language: str) -> tuple[re.Pattern[str], dict[str, Entry]]:
    """One pattern for the longest form at a place, as its first group, and whose the forms are.

    Every form stands in the pattern as it is, so no part of a text is looked at more often than
    there are forms. They are gathered by first letter, which rules most of them out at once.
    """
    owners = {_fold(form): entry for entry in glossary(language) for form in entry.forms}
    for form, entry in list(owners.items()):
        if _LAST_WORD.search(form):
            owners.setdefault(f"{form}s", entry)
    longest_first = sorted(owners, key=lambda form: (form[0], -len(form)))
    branches = (
        f"{letter}(?:{'|'.join(map(_rest, forms))})"
        for letter, forms in groupby(longest_first, lambda form: form[0])
    )
    return re.compile(rf"(?<!\w)(?=({'|'.join(branches)}))"), owners


def _rest(form: str) -> str:
    """What follows the first letter of a form, up to the end of a word."""
    return re.escape(form[1:]) + (r"(?!\w)" if form[-1].isalnum() else "")


def _fold(text: str) -> str:
    """Return the text in which spellings that are alike are the same."""
    plain = _BLANKS.sub(" ", text.lower().translate(_PLAIN))
    return _BCR_ABL.sub("bcr abl", _TIMES.sub(" ", plain))
