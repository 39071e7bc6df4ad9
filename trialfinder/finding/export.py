"""A CSV that a person can open in any spreadsheet and hand to a doctor.

UTF-8 with a byte order mark, so that spreadsheets read accents right; one row per trial. Cells
that a spreadsheet would take for a formula get an apostrophe in front and so stay text:
`inert` says which, `original` takes it off again.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import pandas as pd

from trialfinder.content.messages import message
from trialfinder.finding.describe import (
    age_words,
    approach_words,
    cml_phase_words,
    contact_at,
    date_words,
    deciding_quote,
    distance_words,
    intervention_words,
    joining_words,
    limit_words,
    one_age,
    phase_words,
    point_words,
    prior_tkis_words,
    quote_words,
    relevance_words,
    sex_words,
    site_words,
    status_words,
    study_type_words,
    t315i_words,
    topic_words,
    update_warning,
    where_words,
    why_words,
)
from trialfinder.finding.filters import MARKS, Filters, Step
from trialfinder.finding.search import Found, Provenance
from trialfinder.finding.situation import Answer, Situation, points
from trialfinder.finding.tables import is_open_site
from trialfinder.reading import Reading
from trialfinder.registry.answer import Source
from trialfinder.registry.parse import Site, Study
from trialfinder.vocabulary import CLOSED_STATUSES, OPEN_STATUSES, Part

_LONGEST_CELL = 30_000
"""Characters; spreadsheets cut a cell without a word at 32,767."""

RECORD_URL = "https://clinicaltrials.gov/study/{nct_id}"

# = + - @ start a formula, also in their full-width forms; a tab or line break before them is
# skipped by some spreadsheets. The apostrophe itself is part of the pattern so that text which
# already looks guarded gets a second one, and `original` is exact.
_START = r"(?:^|(?<=[;\t\n]))"  # where a cell starts, or could where ; or tab part the cells
_FORMULA = re.compile(_START + r"(?=[\s'\"]*[=+\-@＝＋－＠])")
_UNPRINTABLE = re.compile(
    r"[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_GUARDED = re.compile(_START + r"'(?=[\s'\"]*[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True)
class Row:
    """One listed or ticked trial: the study, its reading and its `filters.MARKS`."""

    study: Study
    reading: Reading
    marks: Mapping[str, Any]

    @property
    def km(self) -> float:
        """Distance to the nearest open site; not a number when it is not known."""
        return float(self.marks["distance_km"])


def inert(text: str) -> str:
    """``text``, with an apostrophe in front if a spreadsheet would run it."""
    return _FORMULA.sub("'", text)


def original(text: str) -> str:
    """``text`` as it was before `inert`."""
    return _GUARDED.sub("", text)


def rows_of(listing: pd.DataFrame, found: Found) -> list[Row]:
    """The rows of a listing (`filters.Listing.studies`), in its order."""
    return [
        Row(
            found.by_id[str(row["nct_id"])],
            found.readings[str(row["nct_id"])],
            {name: row[name] for name in MARKS},
        )
        for row in listing.to_dict("records")
    ]


def to_csv(
    listing: pd.DataFrame,
    found: Found,
    filters: Filters,
    *,
    today: date,
    unit: str = "mi",
    gone: Sequence[str] = (),
    situation: Situation | None = None,
) -> bytes:
    """A listing (`filters.Listing.studies`) as a CSV file, one line per trial under human headers.

    ``unit`` is "mi" or "km"; ``today`` decides which records count as old. Where a record is
    silent the cell says so; only columns for remarks, distances and the place of a quote can be
    empty. NCT IDs in ``gone`` get a row with a link and the remark that they are not among the
    studies loaded. What speaks against a trial is said by ``situation``; without it by the age and
    the sex of ``filters``.
    """
    person = situation or Situation(age=filters.age, sex=filters.sex)
    used = filter_words(filters, unit)
    rows = rows_of(listing, found)
    table = [_cells(row, found, person, filters=used, today=today, unit=unit) for row in rows]
    table += [_gone_cells(nct_id) for nct_id in gone]
    columns = {key: message(f"csv.columns.{key}") for key in _COLUMNS}
    frame = pd.DataFrame(table, columns=list(columns), dtype="str").fillna("")
    guarded = frame.map(inert).rename(columns=columns)
    # All quoted, so that a spreadsheet that also takes ; for a separator keeps the columns.
    quoted = guarded.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    return quoted.encode("utf-8-sig")


def to_json(listing: pd.DataFrame, found: Found, steps: Sequence[Step]) -> str:
    """A listing as JSON for other programs: where the data come from, the ledger, the studies."""
    document = {
        "data": {part.value: _provenance_json(one) for part, one in found.parts.items()},
        "closed_total": found.closed_total,
        "ledger": [
            {"step": step.name, "left": step.left, "removed": step.removed} for step in steps
        ],
        "studies": [_study_json(row) for row in rows_of(listing, found)],
    }
    return json_text(document, indent=1)


def json_text(value: object, indent: int | None = None) -> str:
    """``value`` as JSON that any terminal and any encoding takes.

    Letters stay letters; control characters and halves of characters are escaped, not lost.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def filter_words(filters: Filters, unit: str) -> str:
    """The filters in use, in words."""
    near = filters.near.label if filters.near else None
    within = limit_words(filters.within_km, unit) if filters.within_km is not None else None
    named: dict[str, Sequence[str | None]] = {
        "relevances": [message(f"relevance.short.{one}") for one in filters.relevances],
        "statuses": [status_words(status) for status in filters.statuses],
        "study_types": [study_type_words(kind) for kind in filters.study_types],
        "trial_phases": [message(f"phase.short.{phase}") for phase in filters.trial_phases],
        "cml_phases": [message(f"cml_phase.{phase}") for phase in filters.cml_phases],
        "approaches": [message(f"approach.{approach}") for approach in filters.approaches],
        "country": [filters.country],
        "state": [filters.state],
        "city": [filters.city],
        "near": [near],
        "within": [within],
        "age": [None if filters.age is None else f"{filters.age:g}"],
        "sex": [filters.sex and message(f"form.sex_{filters.sex}")],
    }
    parts = [
        message(f"csv.filters.{key}", values=", ".join(given))
        for key, values in named.items()
        if (given := [value for value in values if value])
    ]
    return "; ".join(parts) or message("csv.filters_none")


def note_words(situation: Situation, study: Study, reading: Reading) -> str:
    """What speaks against a trial, by what the person said; empty when nothing is known to."""
    return " ".join(
        f"{topic_words(point)}: {point_words(point, study)}"
        for point in points(situation, study, reading)
        if point.answer is Answer.CONFLICT
    )


_COLUMNS = (
    "nct_id",
    "title",
    "why",
    "quote",
    "where",
    "trial_phase",
    "status",
    "study_type",
    "approach",
    "cml_phases",
    "t315i",
    "prior_tkis",
    "nearest_site",
    "distance",
    "contact",
    "age",
    "sex",
    "note",
    "tested",
    "conditions",
    "sponsor",
    "updated",
    "update_note",
    "found_by",
    "link",
    "data",
    "retrieved",
    "filters",
    "source",
    "open_sites",
)


def _cells(
    row: Row, found: Found, person: Situation, *, filters: str, today: date, unit: str
) -> dict[str, str]:
    study, reading = row.study, row.reading
    quote = deciding_quote(reading)
    silent = message("card.not_said")
    nearest = nearest_site(row)
    joining = joining_words(study)
    open_sites = [f"{site_words(s)}{joining}" for s in study.sites if is_open_site(study, s)]
    provenance = provenance_of(study, found)
    sample = provenance.source is Source.SAMPLE
    link = message("csv.sample_mark") if sample else RECORD_URL.format(nct_id=study.nct_id)
    return {
        "nct_id": study.nct_id,
        "title": study.brief_title or study.official_title or message("card.no_title"),
        "why": f"{relevance_words(reading)} {why_words(reading)}",
        "quote": quote_words(quote) if quote else message("reading.no_quote"),
        "where": where_words(quote) if quote else "",
        "trial_phase": phase_words(study),
        "status": status_words(study.overall_status),
        "study_type": study_type_words(study.study_type),
        "approach": approach_words(reading),
        "cml_phases": cml_phase_words(reading),
        "t315i": t315i_words(reading),
        "prior_tkis": prior_tkis_words(reading),
        "nearest_site": nearest_words(row),
        "distance": distance_words(row.km, unit) if nearest else "",
        "contact": contact_at(study, nearest) or message("details.no_contact"),
        "open_sites": _within_a_cell(open_sites) or message("card.no_open_site"),
        "age": age_words(study.minimum_age, study.maximum_age),
        "sex": sex_words(study.sex),
        "note": note_words(person, study, reading),
        "tested": intervention_words(study.interventions) or silent,
        "conditions": " / ".join(study.conditions) or silent,
        "sponsor": study.sponsor or silent,
        "updated": date_words(study.last_update),
        "update_note": update_warning(study, today) or "",
        "found_by": message(f"csv.found_by.{study.found_by}"),
        "link": link,
        "data": provenance.data_timestamp or message("page.data_unknown"),
        "retrieved": f"{provenance.retrieved_at.astimezone(UTC):%Y-%m-%d %H:%M}",
        "filters": filters,
        "source": message(f"csv.source.{provenance.source}"),
    }


def _gone_cells(nct_id: str) -> dict[str, str]:
    url = RECORD_URL.format(nct_id=nct_id)
    return {"nct_id": nct_id, "title": message("csv.missing"), "link": url}


def _within_a_cell(items: Sequence[str]) -> str:
    """``items`` as one text that a spreadsheet takes whole; what is left out is counted."""
    length = 0
    for number, item in enumerate(items):
        length += len(item) + 3
        if length > _LONGEST_CELL:
            rest = message("csv.more_sites", count=f"{len(items) - number:,}")
            return " / ".join([*items[:number], rest])
    return " / ".join(items)


def _provenance_json(one: Provenance) -> dict[str, object]:
    return {
        "source": one.source,
        "data_timestamp": one.data_timestamp,
        "retrieved_at": one.retrieved_at.isoformat(),
        "count": one.count,
        "complete": one.complete,
        "unreadable": one.unreadable,
        "problem": one.problem.code if one.problem else None,
    }


def _study_json(row: Row) -> dict[str, object]:
    study, site = row.study, nearest_site(row)
    return {
        "nct_id": study.nct_id,
        "brief_title": study.brief_title,
        "overall_status": study.overall_status,
        "study_type": study.study_type,
        "trial_phases": study.phases,
        "minimum_age": study.minimum_age and one_age(study.minimum_age),
        "maximum_age": study.maximum_age and one_age(study.maximum_age),
        "sex": study.sex,
        "age_outside": bool(row.marks["age_outside"]),
        "sex_outside": bool(row.marks["sex_outside"]),
        "nearest_open_site": site and site_words(site),
        "distance_km": round(row.km, 1) if site else None,
        "distance_unknown": bool(row.marks["distance_unknown"]),
        "open_sites": [site_words(s) for s in study.sites if is_open_site(study, s)],
        "last_update": study.last_update and str(study.last_update),
        "found_by": study.found_by,
    } | {name: fact for name, fact in row.reading.as_dict().items() if name != "nct_id"}


def provenance_of(study: Study, found: Found) -> Provenance:
    """Where this study's data come from."""
    part = Part.OPEN if study.overall_status in OPEN_STATUSES else Part.CLOSED
    return found.parts.get(part) or next(iter(found.parts.values()))


def nearest_site(row: Row) -> Site | None:
    """The nearest open site, if a place was given and the record has a point for one."""
    return _site_at(row, "nearest")


def closed_nearer_site(row: Row) -> Site | None:
    """A site nearer than that, which is not open: people must not travel there."""
    return _site_at(row, "closed_nearer")


def _site_at(row: Row, mark: str) -> Site | None:
    number = row.marks[mark]
    return None if pd.isna(number) else row.study.sites[int(str(number))]


def nearest_words(row: Row) -> str:
    """The nearest open site in words, or why none is named."""
    site = nearest_site(row)
    if site is not None:
        return f"{site_words(site)}{joining_words(row.study)}"
    if row.study.overall_status in CLOSED_STATUSES:
        return message("card.not_open_study")
    if row.study.overall_status not in OPEN_STATUSES:
        return message("card.not_said")
    if not any(is_open_site(row.study, site) for site in row.study.sites):
        return message("card.no_open_site")
    return message("distance.unknown" if row.marks["distance_unknown"] else "csv.no_place")
