"""Pages of studies over HTTP. The only module that knows ``requests``.

One connection, one request at a time. What each answer calls for:

* connection errors, 429, 5xx, a maintenance page or half an answer: tried again with growing
  pauses, while the time lost that way stays within ``BUDGET`` seconds. A ``Retry-After`` is kept
  to; one that lies beyond the budget ends the attempt at once rather than at the wrong moment.
* 400, 403, 404, 414: never tried again as they are and never read as JSON; the registry answers
  these in plain text or HTML.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, LocationValueError
from urllib3.util import Retry

from trialfinder.errors import (
    AnswerChangedError,
    NotFoundError,
    QueryRejectedError,
    QueryTooLongError,
    RegistryBusyError,
    RegistryDownError,
    RegistryError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from trialfinder.registry.query import count_params, walk_params
from trialfinder.vocabulary import FoundBy, Part

Record = dict[str, Any]
"""One study as the registry sends it."""

DEFAULT_URL = "https://clinicaltrials.gov/api/v2"
PAGE_SIZE = 1000
"""The registry's own maximum."""

BUDGET = 60.0
"""Seconds that failed attempts and the pauses after them may cost, for everything a client does."""

_ATTEMPTS = 4
_FIRST_PAUSE = 0.5
_TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and between two pieces of an answer; a full page has been seen to take 8."""

_LONGEST = 120.0
"""Seconds that one answer may take in all, however steadily it drips."""

_LARGEST = 300_000_000
"""Bytes of one answer, unpacked; all CML studies together are some tens of millions."""

_MOST_PAGES = 100
_MOST_STUDIES = 10_000_000

_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?", re.ASCII)
_NCT_ID = re.compile(r"NCT\d{8}", re.ASCII)
_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,  # requests lets urllib3's own through when a host name is too long
)
_FINAL: dict[int, type[RegistryError]] = {
    400: QueryRejectedError,
    403: RegistryRefusedError,
    404: NotFoundError,
    414: QueryTooLongError,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download has come: studies so far, of how many (None: not said), on which page."""

    found: int
    total: int | None
    page: int


@dataclass(frozen=True, slots=True)
class Download:
    """All studies of one part of the query.

    ``records`` maps each NCT ID to the way that brought it and the study itself. ``complete`` is
    False when, after one more try, the number of studies still differs from the ``total`` that the
    registry announced (None: it announced none); ``unreadable`` counts entries without an NCT ID.
    """

    records: dict[str, tuple[FoundBy, Record]]
    total: int | None
    complete: bool
    unreadable: int


def registry_url(environ: Mapping[str, str] = os.environ) -> str:
    """The registry's base URL: ``TRIALFINDER_REGISTRY_URL``, or the real one."""
    return environ.get("TRIALFINDER_REGISTRY_URL", "").strip().rstrip("/") or DEFAULT_URL


class RegistryClient:
    """A connection to the registry; a context manager.

    ``sleep`` and ``clock`` (seconds) come in so that tests neither wait nor depend on the time.
    Every method raises one of the `RegistryError` classes when there is no usable answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self.base_url = base_url
        self._session = session or requests.Session()
        self._sleep = sleep
        self._clock = clock
        self._page_size = page_size
        self._lost = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def data_timestamp(self) -> str | None:
        """When the registry's data were last refreshed (UTC, "2026-11-20T09:00:05"), if it says."""
        stamp = self._get("version", {}).get("dataTimestamp")
        return stamp if isinstance(stamp, str) and _STAMP.fullmatch(stamp) else None

    def count(self, part: Part) -> int | None:
        """How many studies ``part`` has, by both ways; None if the registry does not say."""
        totals = [_total(self._get("studies", count_params(way, part))) for way in FoundBy]
        return _sum_of(totals)

    def download(self, part: Part, on_page: Callable[[Progress], None]) -> Download:
        """Every study of ``part``, each NCT ID once; ``on_page`` hears of each page."""
        records: dict[str, tuple[FoundBy, Record]] = {}
        totals: list[int | None] = []
        unreadable = 0
        complete = True
        for way in FoundBy:
            walk = self._walk_to_the_end(way, part, _Tally(on_page, len(records), _sum_of(totals)))
            for nct_id, record in walk.records.items():
                records.setdefault(nct_id, (way, record))
            totals.append(walk.total)
            unreadable += walk.unreadable
            complete = complete and walk.complete
        return Download(records, _sum_of(totals), complete, unreadable)

    def _walk_to_the_end(self, way: FoundBy, part: Part, tally: _Tally) -> _Walk:
        """One way through all its pages; begun once more if it did not bring what was announced.

        The registry refreshes its data while people page through them: studies then shift between
        pages or a page token dies with a 400.
        """
        walks: list[_Walk] = []
        for _ in range(2):
            try:
                walk = self._walk(way, part, tally)
            except _TokenRefusedError:
                continue
            if walk.complete:
                return walk
            walks.append(walk)
        if not walks:
            raise RegistryDownError("its data kept changing")
        return max(walks, key=lambda walk: len(walk.records))

    def _walk(self, way: FoundBy, part: Part, tally: _Tally) -> _Walk:
        walk = _Walk({}, None, 0)
        for number, page in enumerate(self._pages(walk_params(way, part, self._page_size)), 1):
            if number == 1:
                walk.total = _total(page)
            fresh = walk.add(page["studies"])
            tally.report(walk, number)
            # A full last page carries a token to an empty page, and a faulty service can hand out
            # tokens for ever: stop as soon as a page brings nothing new or everything is here.
            if not fresh or walk.complete or number == _MOST_PAGES:
                break
        return walk

    def _pages(self, params: dict[str, str]) -> Iterator[Record]:
        page = self._studies_page(params)
        yield page
        while token := page.get("nextPageToken"):
            try:
                page = self._studies_page(params | {"pageToken": str(token)})
            except QueryRejectedError as error:
                raise _TokenRefusedError from error
            yield page

    def _studies_page(self, params: dict[str, str]) -> Record:
        page = self._get("studies", params)
        if not isinstance(page.get("studies"), list):
            raise AnswerChangedError("the answer has no list of studies")
        return page

    def _get(self, path: str, params: dict[str, str]) -> Record:
        pause = _FIRST_PAUSE
        for attempt in range(1, _ATTEMPTS + 1):
            started = self._clock()
            try:
                return self._ask(path, params)
            except _PassingError as passing:
                wait = pause if passing.retry_after is None else passing.retry_after
                self._lost += self._clock() - started
                if attempt == _ATTEMPTS or self._lost + wait > BUDGET:
                    raise passing.final from passing
                self._lost += wait
            self._sleep(wait)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, path: str, params: dict[str, str]) -> Record:
        """One request, one JSON object; `_PassingError` for whatever another try may mend."""
        try:
            answer = self._session.get(
                f"{self.base_url}/{path}",
                params=params,
                timeout=_TIMEOUT,
                stream=True,
                allow_redirects=False,  # the registry's API does not move; elsewhere is not it
            )
            content = self._read(answer)
        except _NO_ADDRESS:
            raise NotFoundError("this is no address of a registry") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            # Only the kind of error is kept: its text holds the address.
            raise _PassingError(RegistryUnreachableError(type(error).__name__)) from None
        status = answer.status_code
        if status == 429:
            raise _PassingError(RegistryBusyError("429"), _retry_after(answer))
        if status >= 500:
            raise _PassingError(RegistryDownError(str(status)), _retry_after(answer))
        if status != 200:
            raise _FINAL.get(status, AnswerChangedError)(str(status))
        if "json" not in answer.headers.get("Content-Type", "").lower():
            raise _PassingError(RegistryDownError("a web page instead of data"))
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            raise _PassingError(AnswerChangedError("the answer is not JSON")) from None
        if not isinstance(body, dict):
            raise AnswerChangedError("the answer is not a JSON object")
        return body

    def _read(self, answer: requests.Response) -> bytes:
        """The whole body, unless it takes or holds far more than any real one."""
        started, pieces, size = self._clock(), [], 0
        with answer:
            for piece in answer.iter_content(1 << 18):
                pieces.append(piece)
                size += len(piece)
                if size > _LARGEST:
                    raise AnswerChangedError("the answer is far too large")
                if self._clock() - started > _LONGEST:
                    raise RegistryUnreachableError("the answer took too long")
        return b"".join(pieces)


class _PassingError(Exception):
    """A failure that another try may mend; ``final`` is raised when none is left."""

    def __init__(self, final: RegistryError, retry_after: float | None = None) -> None:
        super().__init__()
        self.final = final
        self.retry_after = retry_after


class _TokenRefusedError(QueryRejectedError):
    """A page token died, as it does when the data are refreshed during a walk."""


@dataclass(slots=True)
class _Walk:
    """One way's studies so far."""

    records: dict[str, Record]
    total: int | None
    unreadable: int

    @property
    def complete(self) -> bool:
        return len(self.records) + self.unreadable == self.total

    def add(self, studies: list[Any]) -> int:
        """Take in a page; how many studies it brought that were not there before."""
        before = len(self.records)
        for record in studies:
            nct_id = _nct_id(record)
            if nct_id is None:
                self.unreadable += 1
            else:
                self.records.setdefault(nct_id, record)
        return len(self.records) - before


@dataclass(frozen=True, slots=True)
class _Tally:
    """Turns a walk's progress into the whole download's."""

    on_page: Callable[[Progress], None]
    found_before: int
    total_before: int | None

    def report(self, walk: _Walk, page: int) -> None:
        total = _sum_of([self.total_before, walk.total])
        self.on_page(Progress(self.found_before + len(walk.records), total, page))


def _sum_of(totals: list[int | None]) -> int | None:
    """The sum, or None as soon as one part is not known."""
    known = [total for total in totals if total is not None]
    return sum(known) if len(known) == len(totals) else None


def _total(page: Record) -> int | None:
    total = page.get("totalCount")
    if isinstance(total, bool) or not isinstance(total, int):
        return None
    return total if 0 <= total < _MOST_STUDIES else None


def _nct_id(record: object) -> str | None:
    try:
        nct_id = record["protocolSection"]["identificationModule"]["nctId"]  # type: ignore[index]
    except (KeyError, TypeError, IndexError):
        return None
    return nct_id if isinstance(nct_id, str) and _NCT_ID.fullmatch(nct_id) else None


def _retry_after(answer: requests.Response) -> float | None:
    value = answer.headers.get("Retry-After")
    try:
        return None if value is None else float(Retry().parse_retry_after(value))
    except (InvalidHeader, ValueError, OverflowError):
        return None
