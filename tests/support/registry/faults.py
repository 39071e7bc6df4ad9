"""What can go wrong: on the way, at the registry, and in what it says."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .answers import html, plain
from .fields import Study, names, nct_id
from .pages import Page
from .selection import RecordedRequest

HUGE_FIELD_LENGTH = 5_000_000


class Fault(StrEnum):
    """Everything that `LocalRegistry.fault` takes."""

    HTTP_429 = "http-429"
    HTTP_429_RETRY_AFTER_1 = "http-429-retry-after-1"
    HTTP_500 = "http-500"
    HTTP_503_RETRY_AFTER_1 = "http-503-retry-after-1"
    HTTP_503_RETRY_AFTER_3600 = "http-503-retry-after-3600"
    BLOCKED_403 = "blocked-403"
    HTML_200 = "html-200"
    TRUNCATED = "truncated"
    BAD_JSON = "bad-json"
    WRONG_SHAPE = "wrong-shape"
    RESET = "reset"
    SLOW = "slow"
    STALE_TOKEN = "stale-token"  # noqa: S105
    EMPTY_PAGE = "empty-page"
    ENDLESS_TOKEN = "endless-token"  # noqa: S105
    DUPLICATE = "duplicate"
    MISSING_TOTAL = "missing-total"
    WRONG_TOTAL = "wrong-total"
    REFRESH_BETWEEN_PAGES = "refresh-between-pages"
    HUGE_FIELD = "huge-field"
    MISSING_MODULES = "missing-modules"
    WRONG_TYPES = "wrong-types"
    HOSTILE_TEXT = "hostile-text"


ANSWER_FAULTS = {
    Fault.HTTP_429: plain(429, "Too Many Requests"),
    Fault.HTTP_429_RETRY_AFTER_1: plain(429, "Too Many Requests", {"Retry-After": "1"}),
    Fault.HTTP_500: plain(500, "Internal Server Error"),
    Fault.HTTP_503_RETRY_AFTER_1: plain(503, "Service Unavailable", {"Retry-After": "1"}),
    Fault.HTTP_503_RETRY_AFTER_3600: plain(503, "Service Unavailable", {"Retry-After": "3600"}),
    Fault.BLOCKED_403: html(403, "403 Forbidden"),
    Fault.HTML_200: html(200, "The site is down for maintenance"),
}
"""Said instead of the answer."""

ANY_PATH_FAULTS = frozenset(
    {
        *ANSWER_FAULTS,
        *(Fault.TRUNCATED, Fault.BAD_JSON, Fault.WRONG_SHAPE, Fault.RESET, Fault.SLOW),
    }
)
"""All other faults wait for a search."""


@dataclass
class ScheduledFault:
    """A fault that waits for its requests: as many as ``times``, to ``path`` if that is given."""

    fault: Fault
    times: int
    path: str | None

    def strikes(self, request: RecordedRequest) -> bool:
        """Whether this request can show the fault at all."""
        if self.path not in (None, request.path):
            return False
        if self.fault in ANY_PATH_FAULTS:
            return True
        match self.fault:
            case Fault.STALE_TOKEN:
                return "pageToken" in request.params
            case Fault.MISSING_TOTAL | Fault.WRONG_TOTAL:
                return "countTotal" in request.params and "pageToken" not in request.params
        return request.path == "/studies"


HOSTILE = (
    '=HYPERLINK("http://127.0.0.1/","open")<script>alert(\'x\')</script><b>bold</b>'
    "[link](javascript:alert(1)) ![image](http://127.0.0.1/x.png) **strong** $\\frac{1}{2}$ "
    ':smile: `code` ~~gone~~ | cell | :red[red] \x00\x07\x1b[31m\u202e\u2028 "quoted",\r\n'
    "@SUM(A1) "
)
"""Stands before every free text under the fault ``hostile-text``."""

FREE_TEXTS = names(
    "briefTitle officialTitle acronym fullName whyStopped name affiliation briefSummary "
    "detailedDescription conditions keywords label description otherNames term "
    "interventionModelDescription maskingDescription eligibilityCriteria studyPopulation "
    "facility city state zip country phone phoneExt email"
)


def spoil(page: Page, fault: Fault) -> None:
    """Do to a page what the fault says; faults of other kinds leave it alone."""
    match fault:
        case Fault.EMPTY_PAGE:
            page.studies, page.next = [], page.place
        case Fault.ENDLESS_TOKEN:
            page.next = replace(page.place, loops=True)
        case Fault.DUPLICATE:
            page.studies = page.studies + page.studies[:1]
        case Fault.MISSING_TOTAL:
            page.total = None
        case Fault.WRONG_TOTAL:
            page.total = (page.total or 0) + 1
        case Fault.HUGE_FIELD:
            page.studies = [*map(_with_huge_field, page.studies[:1]), *page.studies[1:]]
        case Fault.MISSING_MODULES:
            page.studies = [_only_nct_id(study) for study in page.studies]
        case Fault.WRONG_TYPES:
            odd = itertools.cycle((7, ["a list"], {"an": "object"}, True, None, 0.5))
            page.studies = [_wrong_types(study, odd) for study in page.studies]
        case Fault.HOSTILE_TEXT:
            page.studies = [_hostile(study) for study in page.studies]


def _with_huge_field(study: Study) -> Study:
    study = copy.deepcopy(study)
    description = study.setdefault("protocolSection", {}).setdefault("descriptionModule", {})
    description["briefSummary"] = "word " * (HUGE_FIELD_LENGTH // 5)
    return study


def _only_nct_id(study: Study) -> Study:
    return {"protocolSection": {"identificationModule": {"nctId": nct_id(study)}}}


def _wrong_types(node: Any, odd: Iterator[Any]) -> Any:
    """Every text and number becomes something else; lists get strange members; nctId stays."""
    if isinstance(node, dict):
        return {
            name: value if name == "nctId" else _wrong_types(value, odd)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [None, "a text", *(_wrong_types(item, odd) for item in node)]
    return next(odd) if isinstance(node, str) else "a text"


def _hostile(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: _hostile(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [_hostile(item, key) for item in node]
    return HOSTILE + node if isinstance(node, str) and key in FREE_TEXTS else node
