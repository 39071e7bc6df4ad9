"""What can be said over HTTP, and how to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn


@dataclass(frozen=True)
class Answer:
    """One HTTP answer before it is compressed or spoilt on its way."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """Anything that ends in an answer other than 200."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", text.encode(), headers or {})


def html(status: int, title: str) -> Answer:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status, "text/html", page.encode())


def refuse(text: str, status: int = 400) -> NoReturn:
    raise RefusalError(plain(status, text))


def not_modelled(what: str) -> NoReturn:
    refuse(f"The real registry knows {what}, this local one does not", 501)
