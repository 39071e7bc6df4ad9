"""Requests and their parameters: which are allowed, and which studies they select."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

from .answers import not_modelled, refuse
from .essie import (
    BASIC_SEARCH,
    CONDITION_SEARCH,
    MAX_FILTER_WORDS,
    MAX_QUERY_WORDS,
    OVERALL_STATUSES,
    Matcher,
    parse_query,
)
from .fields import PIECES, listed, names, nct_id, values

BASE = "/api/v2"

SEARCH_PARAMETERS = names(
    "query.cond query.term filter.overallStatus filter.ids filter.advanced "
    "fields countTotal pageSize pageToken"
)
UNMODELLED_PARAMETERS = names(
    "format markupFormat query.locn query.titles query.intr query.outc query.spons query.lead "
    "query.id query.patient filter.geo filter.synonyms postFilter.overallStatus postFilter.geo "
    "postFilter.ids postFilter.advanced postFilter.synonyms aggFilters geoDecay sort"
)
EXPRESSIONS = {
    "query.cond": ("Condition / disease", CONDITION_SEARCH, MAX_QUERY_WORDS),
    "query.term": ("Other terms", BASIC_SEARCH, MAX_QUERY_WORDS),
    "filter.advanced": ("filter.advanced", BASIC_SEARCH, MAX_FILTER_WORDS),
}
"""Parameters in the query language: their names in error messages, where they look, how long."""

_NCT_ID = re.compile(r"[Nn][Cc][Tt]0*[1-9]\d{0,7}", re.ASCII)
_ONLY_NCT_IDS = re.compile(r"[\s,]*(?:NCT\d{8}[\s,]*)+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it came in; ``path`` is what follows ``/api/v2``, such as ``/studies``."""

    target: str
    headers: Message

    @property
    def path(self) -> str:
        path = urlsplit(self.target).path
        return path.removeprefix(BASE) if path.startswith(f"{BASE}/") else path

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def params(self) -> dict[str, str]:
        return dict(self.pairs)


def check_names(request: RecordedRequest, allowed: frozenset[str]) -> None:
    given = [name for name, _ in request.pairs]
    for name in given:
        if name not in allowed:
            if name in UNMODELLED_PARAMETERS and request.path == "/studies":
                not_modelled(f"the parameter {name}")
            refuse(f"Invalid prefix in parameter name: {name}")
        if given.count(name) > 1:
            refuse(f"Parameter `{name}` is given more than once")


def invalid(name: str, value: str) -> NoReturn:
    refuse(f"Invalid value in parameter `{name.rpartition('.')[2]}`: `{value}`")


def normal_nct_id(text: str) -> str | None:
    return f"NCT{int(text[3:]):08}" if _NCT_ID.fullmatch(text) else None


def matchers(params: Mapping[str, str]) -> list[Matcher]:
    """One test for each query and filter of a search."""
    expressions = {
        name: parse_query(params[name], *EXPRESSIONS[name])
        for name in EXPRESSIONS
        if name in params
    }
    filters = []
    if "filter.overallStatus" in params:
        filters.append(_status_matcher(listed(params["filter.overallStatus"])))
    if "filter.ids" in params:
        filters.append(_ids_matcher(listed(params["filter.ids"])))
    for name in ("query.cond", "query.term"):
        if _ONLY_NCT_IDS.fullmatch(params.get(name, "")):
            # As the real registry does: NCT numbers as a query switch all filters off.
            return [_ids_matcher(re.findall(r"\w+", params[name]))]
    return [*expressions.values(), *filters]


def _status_matcher(statuses: list[str]) -> Matcher:
    for status in statuses:
        if status not in OVERALL_STATUSES:
            invalid("filter.overallStatus", status)
    path = PIECES["OverallStatus"].split(".")
    return lambda study: any(value in statuses for value in values(study, path))


def _ids_matcher(ids: list[str]) -> Matcher:
    wanted = {normal_nct_id(one) for one in ids}
    if None in wanted:
        refuse("Parameter `filter.ids` has incorrect format")
    return lambda study: nct_id(study) in wanted
