"""A registry that says what a test wants, and a client of it whose time the test owns."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests
import responses

from trialfinder.registry.client import Download, Progress, RegistryClient
from trialfinder.vocabulary import Part

BASE = "https://registry.example/api/v2"
VERSION = f"{BASE}/version"
STUDIES = f"{BASE}/studies"
STAMP = {"apiVersion": "2.0.5", "dataTimestamp": "2026-11-20T09:00:05"}
MANY_REQUESTS = 40
"""More than any test has a reason for."""

Json = Any
Script = list[Json]
"""Answers in their order, the last one again and again; a number stands for that HTTP status."""


def study(number: int) -> Json:
    return {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08}"}}}


def page(*numbers: int, total: int | None = None, more: str | None = None) -> Json:
    body: Json = {"studies": [study(number) for number in numbers]}
    if total is not None:
        body["totalCount"] = total
    if more is not None:
        body["nextPageToken"] = more
    return body


NOTHING = page(total=0)


class Scripted(responses.RequestsMock):
    """A registry that says what a test wants, and a client of it whose time the test owns."""

    def __init__(self) -> None:
        super().__init__(assert_all_requests_are_fired=False)
        self.now = 0.0
        self.sleeps: list[float] = []
        self.client = RegistryClient(BASE, sleep=self.sleep, clock=lambda: self.now, page_size=2)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds

    def download(self, on_page: Callable[[Progress], None] = lambda _: None) -> Download:
        return self.client.download(Part.OPEN, on_page)

    def script(self, condition: Script, eligibility: Script | None = None) -> None:
        """Let each of the two ways bring its own answers."""
        left = {"query.cond": [*condition], "query.term": [*(eligibility or [NOTHING])]}

        def reply(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
            if len(self.calls) > MANY_REQUESTS:
                raise AssertionError("the client does not come to an end")
            answers = left["query.cond" if "query.cond=" in str(request.url) else "query.term"]
            body = answers.pop(0) if len(answers) > 1 else answers[0]
            return (body, {}, "no") if isinstance(body, int) else (200, {}, json.dumps(body))

        self.add_callback("GET", STUDIES, reply, content_type="application/json")

    def fail(self, url: str, *failures: Json) -> None:
        """Failures in their order: a status, an exception, or a complete answer."""
        for failure in failures:
            if isinstance(failure, int):
                self.get(url, status=failure, body="no")
            elif isinstance(failure, Exception):
                self.get(url, body=failure)
            else:
                self.get(url, **failure)
