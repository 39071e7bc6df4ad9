"""The query language: from the text of a query to a test of a study."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, NoReturn

from .answers import not_modelled, refuse
from .fields import PIECES, Study, names, values

Matcher = Callable[[Study], bool]

MAX_QUERY_WORDS = 12
MAX_FILTER_WORDS = 40
MAX_PARENTHESES = 50

OVERALL_STATUSES = names(
    "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING "
    "SUSPENDED TERMINATED WITHDRAWN AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE "
    "APPROVED_FOR_MARKETING WITHHELD UNKNOWN"
)
ENUM_AREAS = {
    "OverallStatus": OVERALL_STATUSES,
    "Phase": names("NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4"),
}
CONDITION_SEARCH = names(
    "Condition BriefTitle OfficialTitle ConditionMeshTerm ConditionAncestorTerm Keyword NCTId"
)
"""Where ``query.cond`` looks."""
BASIC_SEARCH = CONDITION_SEARCH | names(
    "BriefSummary DetailedDescription InterventionName InterventionOtherName InterventionMeshTerm"
)
"""Where ``query.term`` looks (some of it); eligibility criteria are not among them."""
AREAS = {
    "ConditionSearch": CONDITION_SEARCH,
    **{name: names(name) for name in ("EligibilityCriteria", "NCTId", *ENUM_AREAS)},
}

CML_SYNONYMS = (
    "leukemia myelogenous chronic bcr abl positive",
    "chronic myelogenous leukemia",
    "chronic myelocytic leukemia",
    "chronic granulocytic leukemia",
    "chronic myeloid leukemia",
    "cml",
)
_ANY_CML = re.compile(rf"(?<= )(?:{'|'.join(CML_SYNONYMS)})(?= )")

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<phrase>"[^"]*")
      | AREA\[(?P<area>\w*)\]
      | (?P<foreign>(?:RANGE|SEARCH|DISTANCE|COVERAGE|EXPANSION|TILT)\[
                  | (?:ALL|MISSING)(?![^\s(),"]))
      | (?P<operator>(?:AND|OR|NOT)(?![^\s(),"])|[(),])
      | (?P<word>[^\s()\[\]",]+)
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of a query; ``kind`` is a group of ``_TOKEN``."""

    kind: str
    text: str


END_OF_AND = (Token("operator", "OR"), Token("operator", ")"))


class Forms(NamedTuple):
    """A text as words between blanks: once as written, once with every name of CML as ``cml``."""

    written: str
    renamed: str


@lru_cache(maxsize=50_000)
def forms(text: str) -> Forms:
    words = re.findall(r"\w+", text.casefold().replace("leukaemia", "leukemia"))
    written = f" {' '.join(words)} "
    return Forms(written, _ANY_CML.sub("cml", written))


def text_matcher(pieces: Iterable[str], wanted: str, *, adjacent: bool) -> Matcher:
    """Whole words, side by side in one text, or (for words without quotes) anywhere in the area."""
    paths = [PIECES[piece].split(".") for piece in pieces]
    needles = forms(wanted)

    def matches(study: Study) -> bool:
        texts = [forms(str(value)) for path in paths for value in values(study, path)]
        for way, needle in enumerate(needles):
            if any(needle in text[way] for text in texts):
                return True
            words = [f" {word} " for word in needle.split()]
            if not adjacent and all(any(word in text[way] for text in texts) for word in words):
                return True
        return False

    return matches


def parse_query(text: str, label: str, pieces: frozenset[str], max_words: int) -> Matcher:
    """``label`` is what the registry calls the place of the query in its error messages."""
    return _Parser(text, label, max_words).parse(pieces)


def query_words(text: str) -> int:
    """The words of a query, inside quotes too; operators and ``AREA[...]`` count as one each."""
    return len(re.findall(r"\w+", re.sub(r"AREA\[\w*\]", " AREA ", text)))


class _Parser:
    """Recursive descent: OR over AND over NOT, parentheses, areas and terms."""

    def __init__(self, text: str, label: str, max_words: int) -> None:
        self._label = label
        if query_words(text) > max_words or text.count("(") > MAX_PARENTHESES:
            self._fail("Too complicated query")
        self._tokens = list(self._tokenize(text.rstrip()))

    def parse(self, pieces: frozenset[str]) -> Matcher:
        matcher = self._either(pieces)
        if self._tokens:
            self._fail(f"unexpected `{self._tokens[0].text}`")
        return matcher

    def _fail(self, why: str) -> NoReturn:
        refuse(f"Error parsing query in {self._label}: {why}")

    def _tokenize(self, text: str) -> Iterator[Token]:
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                self._fail(f"unexpected `{text[position:].strip()[0]}`")
            kind = str(match.lastgroup)
            if kind == "foreign":
                not_modelled(f"the operator {match[kind].rstrip('[')}")
            yield Token(kind, match[kind])
            position = match.end()

    def _accept(self, *operators: str) -> bool:
        found = bool(self._tokens) and self._tokens[0] in [Token("operator", o) for o in operators]
        if found:
            self._tokens.pop(0)
        return found

    def _either(self, pieces: frozenset[str]) -> Matcher:
        parts = [self._both(pieces)]
        while self._accept("OR"):
            parts.append(self._both(pieces))
        return lambda study: any(part(study) for part in parts)

    def _both(self, pieces: frozenset[str]) -> Matcher:
        parts = [self._single(pieces)]
        while self._tokens and self._tokens[0] not in END_OF_AND:
            self._accept("AND", ",")  # or nothing: side by side means AND
            parts.append(self._single(pieces))
        return lambda study: all(part(study) for part in parts)

    def _single(self, pieces: frozenset[str]) -> Matcher:
        if not self._tokens:
            self._fail("unexpected end")
        if self._accept("NOT"):
            denied = self._single(pieces)
            return lambda study: not denied(study)
        if self._accept("("):
            group = self._either(pieces)
            if not self._accept(")"):
                self._fail("missing `)`")
            return group
        token = self._tokens.pop(0)
        if token.kind == "area":
            if token.text not in AREAS:
                self._fail(f"Unknown area name: `{token.text}`")
            return self._single(AREAS[token.text])
        if token.kind == "operator":
            self._fail(f"unexpected `{token.text}`")
        return self._term(token, pieces)

    def _term(self, token: Token, pieces: frozenset[str]) -> Matcher:
        words = [token.text.strip('"')]
        while token.kind == "word" and self._tokens and self._tokens[0].kind == "word":
            words.append(self._tokens.pop(0).text)
        wanted = " ".join(word.removeprefix("\\") for word in words)
        if not forms(wanted).written.strip():
            self._fail("a term without words")
        for piece in pieces & ENUM_AREAS.keys():
            return self._enum_term(wanted, piece)
        return text_matcher(pieces, wanted, adjacent=token.kind == "phrase")

    def _enum_term(self, wanted: str, piece: str) -> Matcher:
        allowed = ENUM_AREAS[piece]
        if wanted not in allowed:
            choices = ", ".join(sorted(allowed))
            self._fail(f"Allowed values for enum field `{PIECES[piece]}` are {choices}")
        path = PIECES[piece].split(".")
        return lambda study: wanted in values(study, path)
