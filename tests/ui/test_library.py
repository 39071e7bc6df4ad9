"""What the process keeps of the registry, for how long, and who waits for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import builders
from tests.support.registry import Fault, LocalRegistry
from trialfinder.errors import RegistryDownError
from trialfinder.finding.search import Found
from trialfinder.registry.answer import Source
from trialfinder.ui.library import Library
from trialfinder.vocabulary import Part

MINUTE = 60.0


class Clock:
    """A clock that a test sets, and a `find` that counts how often it was asked."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked: list[tuple[Part, bool]] = []
        self.found = builders.found(builders.study())

    def monotonic(self) -> float:
        return self.now

    def find(self, part: Part, *, sample: bool, on_page: object) -> Found:
        self.asked.append((part, sample))
        return self.found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("trialfinder.ui.library.time", made)
    monkeypatch.setattr("trialfinder.ui.library.find", made.find)
    return made


def test_two_visitors_at_once_cause_one_download(registry: LocalRegistry) -> None:
    get(Library())
    alone = len(registry.requests)
    registry.requests.clear()
    registry.data_timestamp = "2026-11-21T09:00:05"  # what was saved is not enough
    registry.fault(Fault.SLOW, times=2)
    shared = Library()
    brought: list[Found] = []
    visitors = [
        threading.Thread(target=lambda: brought.append(get(shared)), daemon=True) for _ in range(2)
    ]
    for visitor in visitors:
        visitor.start()
    wait_until(lambda: len(registry.requests) > 1, at_most=0.3)  # the second must not get so far
    registry.release()
    for visitor in visitors:
        visitor.join(timeout=20)
    assert len(registry.requests) == alone
    assert brought[0] is brought[1]


@pytest.mark.parametrize(
    ("held_up", "free"),
    [
        ((False, Part.OPEN), (True, Part.OPEN)),
        ((False, Part.CLOSED), (True, Part.CLOSED)),
        ((False, Part.CLOSED), (False, Part.OPEN)),
    ],
    ids=["samples", "closed samples", "open trials beside closed ones"],
)
def test_nobody_waits_for_a_download_of_something_else(
    monkeypatch: pytest.MonkeyPatch, held_up: tuple[bool, Part], free: tuple[bool, Part]
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    asked: list[tuple[bool, Part]] = []

    def slow_find(part: Part, *, sample: bool, on_page: object) -> Found:
        asked.append((sample, part))
        if (sample, part) == held_up:
            begun.set()
            go_on.wait(20)
        return builders.found(builders.study())

    monkeypatch.setattr("trialfinder.ui.library.find", slow_find)
    shared = Library()
    first = threading.Thread(target=lambda: get(shared, held_up[1], sample=held_up[0]))
    other = threading.Thread(target=lambda: get(shared, free[1], sample=free[0]))
    first.start()
    begun.wait(20)
    other.start()
    other.join(timeout=2)
    waits = other.is_alive()
    go_on.set()
    for thread in (first, other):
        thread.join(timeout=20)
    assert not waits
    assert asked == [held_up, free]


def test_whole_data_are_fresh_for_15_minutes(clock: Clock) -> None:
    assert lasts(clock) == 15 * MINUTE


@pytest.mark.parametrize(
    "less",
    [{"source": Source.SAVED, "problem": RegistryDownError("500")}, {"complete": False}],
    ids=["saved", "incomplete"],
)
def test_less_than_whole_data_stand_in_for_one_minute(clock: Clock, less: dict[str, Any]) -> None:
    clock.found = builders.changed(clock.found, **less)
    assert lasts(clock) == MINUTE


def test_what_is_not_fresh_is_asked_again(clock: Clock) -> None:
    shared = Library()
    before = get(shared)
    clock.found = builders.found(builders.study())
    clock.now += 15 * MINUTE - 1
    assert get(shared) is before
    clock.now += 1
    assert get(shared) is clock.found
    assert clock.asked == [(Part.OPEN, False)] * 2
    clock.now += 15 * MINUTE - 1
    assert shared.has(Part.OPEN, sample=False)  # counted from the second time on


def test_the_time_counts_from_the_end_of_the_download(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def long_find(part: Part, **given: object) -> Found:
        clock.now += 10 * MINUTE
        return clock.found

    monkeypatch.setattr("trialfinder.ui.library.find", long_find)
    shared = Library()
    get(shared)
    clock.now += 14 * MINUTE
    assert shared.has(Part.OPEN, sample=False)


def test_each_part_and_the_samples_are_kept_apart(clock: Clock) -> None:
    shared = Library()
    every = [(part, sample) for part in Part for sample in (True, False)]
    for number, (part, sample) in enumerate(every):
        assert not shared.has(part, sample=sample)
        get(shared, part, sample=sample)
        assert len(clock.asked) == number + 1
    assert clock.asked == every


def test_forget_asks_again(clock: Clock) -> None:
    shared = Library()
    get(shared)
    shared.forget()
    assert not shared.has(Part.OPEN, sample=False)
    get(shared)
    assert len(clock.asked) == 2


def test_a_failure_is_passed_on_kept_by_nobody_and_lets_the_next_in(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(part: Part, **given: object) -> Found:
        raise RegistryDownError("500")

    shared = Library()
    with monkeypatch.context() as broken:
        broken.setattr("trialfinder.ui.library.find", failing)
        with pytest.raises(RegistryDownError):
            get(shared)
    assert not shared.has(Part.OPEN, sample=False)
    assert get(shared) is clock.found


def test_progress_is_passed_on(registry: LocalRegistry) -> None:
    pages: list[int] = []
    Library().get(Part.OPEN, sample=False, on_page=lambda progress: pages.append(progress.found))
    assert pages[-1] == 41


def test_both_parts_together_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[tuple[Found, Found]] = []

    def join(one: Found, other: Found) -> Any:
        joined.append((one, other))
        return SimpleNamespace(parts=(one, other))

    monkeypatch.setattr("trialfinder.ui.library.join", join)
    shared = Library()
    one, other, newer = (builders.found(builders.study()) for _ in range(3))
    first = shared.join(one, other)
    assert shared.join(one, other) is first
    assert len(joined) == 1
    shared.join(newer, other)
    shared.join(newer, one)
    assert joined == [(one, other), (newer, other), (newer, one)]


def get(library: Library, part: Part = Part.OPEN, *, sample: bool = False) -> Found:
    return library.get(part, sample=sample, on_page=lambda _: None)


def lasts(clock: Clock) -> float:
    """For how many seconds, to one, the library keeps what the clock's `find` brings."""
    shared = Library()
    get(shared)
    seconds = 0.0
    while shared.has(Part.OPEN, sample=False):
        clock.now += 1
        seconds += 1
        assert seconds < 10_000
    return seconds


def wait_until(reached: Callable[[], bool], *, at_most: float) -> None:
    until = time.monotonic() + at_most
    while not reached() and time.monotonic() < until:
        time.sleep(0.01)
