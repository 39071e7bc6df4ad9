"""What must be said beside a list of trials: whose data, from when, what is missing or left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trialfinder.content.messages import counted, message
from trialfinder.errors import TrialfinderError
from trialfinder.finding.describe import day_words, limit_words, timestamp_words
from trialfinder.finding.filters import Filters, Group, Listing, Step
from trialfinder.finding.search import Found, Provenance
from trialfinder.registry.answer import Source
from trialfinder.vocabulary import Part

_OLD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person must know: a headline and a text."""

    title: str
    text: str


def error_note(error: TrialfinderError) -> Note:
    """What happened and what the person can do, for an error that left nothing to show."""
    what, do = message(f"errors.{error.code}.what"), message(f"errors.{error.code}.do")
    parts = (what, message("errors.not_none"), do, message("errors.website"))
    return Note(message("errors.title"), " ".join(parts))


def origin_words(found: Found) -> str:
    """One line on whose data these are and from when."""
    one = found.parts.get(Part.OPEN) or next(iter(found.parts.values()))
    data, retrieved = timestamp_words(one.data_timestamp), _when(one.retrieved_at)
    if one.source is Source.SAMPLE:
        return message("page.data_sample", retrieved=day_words(one.retrieved_at))
    if one.source is Source.SAVED:
        return message(
            "page.data_saved", data=data or message("page.data_unknown"), retrieved=retrieved
        )
    if data is None:
        return message("page.data_from_unknown", retrieved=retrieved)
    return message("page.data_from", data=data, retrieved=retrieved)


def notes_on(found: Found, now: datetime) -> tuple[Note, ...]:
    """Everything that makes these data less than whole and fresh. Empty when all is well."""
    notes = [note for one in found.parts.values() for note in _notes_on_part(one, now)]
    return tuple(dict.fromkeys(notes))


def step_words(step: Step, filters: Filters, unit: str) -> str:
    """What a step of the ledger kept: "164 in the trial phases you chose"."""
    within = "" if filters.within_km is None else limit_words(filters.within_km, unit)
    what = message(f"ledger.{step.name}", within=within)
    return message("ledger.step", left=f"{step.left:,}", what=what)


def group_words(listing: Listing) -> list[str]:
    """How many of the listed studies stand elsewhere than where most are looked for, and why."""
    counts = listing.studies["group"].value_counts()
    groups = [group for group in Group if group is not Group.YES]
    standing = [(group, int(counts.get(group.value, 0))) for group in groups]
    return [counted(f"results.group.{group}", count) for group, count in standing if count]


def closed_not_loaded(found: Found) -> int | None:
    """How many closed studies were left out by not being loaded; None: not known."""
    return 0 if Part.CLOSED in found.parts else found.closed_total


def left_out(step: Step) -> int:
    """How many studies a step left out; what was not loaded never came to any step."""
    return sum(len(ids) for ids in step.removed.values())


def _notes_on_part(one: Provenance, now: datetime) -> list[Note]:
    notes = []
    if one.source is Source.SAVED and one.problem is not None:
        text = message(
            "errors.saved",
            retrieved=_when(one.retrieved_at),
            data=timestamp_words(one.data_timestamp) or message("page.data_unknown"),
            what=message(f"errors.{one.problem.code}.what"),
        )
        old = now - one.retrieved_at > _OLD
        full = f"{text} {message('errors.old_day')}" if old else text
        notes.append(Note(message("errors.saved_title"), full))
    if not one.complete:
        expected = None if one.expected is None else f"{one.expected:,}"
        key = "errors.incomplete_unknown" if expected is None else "errors.incomplete"
        text = message(key, expected=expected, count=f"{one.count:,}")
        notes.append(Note(message("errors.incomplete_title"), text))
    if one.unreadable:
        text = counted("errors.unreadable", one.unreadable)
        notes.append(Note(message("errors.incomplete_title"), text))
    return notes


def _when(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{day_words(utc)}, {utc:%H:%M} UTC"
