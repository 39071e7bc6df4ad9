"""One page of a search: how long, where it starts, where the next one does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Any

from .fields import Study, asked_fields, project
from .selection import invalid

DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 1000
PAGING_PARAMETERS = frozenset({"countTotal", "pageSize", "pageToken"})
"""Those that may differ from one page to the next."""


@dataclass(frozen=True)
class Place:
    """Where a page starts, in which search; the text of it is the page token.

    ``loops`` marks a token that leads to the page it stood on, again and again.
    """

    search: str
    start: int = 0
    loops: bool = False

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Place:
        search = {name: params[name] for name in sorted(params) if name not in PAGING_PARAMETERS}
        digest = blake2s(json.dumps(search).encode(), digest_size=12).hexdigest()
        if "pageToken" not in params:
            return cls(digest)
        token = params["pageToken"]
        match = re.fullmatch(rf"{digest}-([0-9]+)(-loops)?", token)
        if match is None:
            invalid("pageToken", token)
        return cls(digest, int(match[1]), match[2] is not None)

    def token(self) -> str:
        return f"{self.search}-{self.start}{'-loops' if self.loops else ''}"


@dataclass
class Page:
    """One page of studies on its way out."""

    place: Place
    studies: list[Study]
    total: int | None
    next: Place | None

    def to_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {} if self.total is None else {"totalCount": self.total}
        body["studies"] = self.studies
        if self.next is not None:
            body["nextPageToken"] = self.next.token()
        return body


def turn_to(params: Mapping[str, str], found: Sequence[Study]) -> Page:
    """The page of ``found`` that ``params`` ask for."""
    place, size = Place.of(params), _page_size(params)
    tree = asked_fields(params)
    studies = found[place.start : place.start + size]
    following = place if place.loops else replace(place, start=place.start + size)
    return Page(
        place,
        [project(study, tree) for study in studies],
        len(found) if _wants_total(params) else None,
        # A full page leads to another one even if no study is left for that.
        following if place.loops or len(studies) == size else None,
    )


def _wants_total(params: Mapping[str, str]) -> bool:
    value = params.get("countTotal", "false")
    if value not in ("true", "false"):
        invalid("countTotal", value)
    return value == "true" and "pageToken" not in params


def _page_size(params: Mapping[str, str]) -> int:
    value = params.get("pageSize", "0")
    if not re.fullmatch(r"[0-9]{1,9}", value):
        invalid("pageSize", value)
    return min(int(value) or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
