"""The registry's JSON as frozen studies and sites. Pure, and tolerant.

Nothing in a record is sure to be there or to have the right type. None, or an empty tuple, means
that the registry did not say; a value of the wrong type counts as not said. Dates keep the
precision they came with and ages keep their unit.

All text is made safe to show as text: characters that steer a terminal or turn the reading
direction around are taken out. Fields that the registry writes as markdown also lose its
backslash escapes; their bullets and line breaks stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trialfinder.vocabulary import FoundBy

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_AGE = re.compile(r"(\d{1,4})\s*(Year|Month|Week|Day|Hour|Minute)s?", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_UNKNOWN_COUNT = 99_999_999
"""What the registry holds where the number of people is not known."""

_UNITS_IN_A_YEAR = {
    "Year": 1.0,
    "Month": 12.0,
    "Week": 52.1775,
    "Day": 365.2425,
    "Hour": 365.2425 * 24,
    "Minute": 365.2425 * 1440,
}


@dataclass(frozen=True, slots=True)
class Age:
    """An age limit as the record gives it; ``unit`` is a key of `_UNITS_IN_A_YEAR`."""

    value: int
    unit: str

    @property
    def years(self) -> float:
        """The same age in years, for comparing."""
        return self.value / _UNITS_IN_A_YEAR[self.unit]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date that may lack its day, or its month and day."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> date:
        """The first day that it can mean, for sorting and for counting months."""
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone to write to or call; names without phone and e-mail are investigators."""

    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the study runs.

    ``status`` is the site's own and often missing. ``lat`` and ``lon`` are degrees, of the city
    rather than of the building; both are None when the registry has no point for the site.
    """

    facility: str | None
    status: str | None
    city: str | None
    state: str | None
    country: str | None
    lat: float | None
    lon: float | None
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that is tested or given, and what else it is called (brands, research codes)."""

    name: str | None
    other_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """One study, as far as its record says."""

    nct_id: str
    found_by: FoundBy
    brief_title: str | None
    official_title: str | None
    overall_status: str | None
    last_known_status: str | None
    why_stopped: str | None
    start_date: PartialDate | None
    completion_date: PartialDate | None
    last_update: PartialDate | None
    status_verified: PartialDate | None
    expanded_access_id: str | None
    sponsor: str | None
    collaborators: tuple[str, ...]
    brief_summary: str | None
    detailed_description: str | None
    conditions: tuple[str, ...]
    study_type: str | None
    phases: tuple[str, ...]
    allocation: str | None
    masking: str | None
    who_masked: tuple[str, ...]
    enrollment: int | None
    interventions: tuple[Intervention, ...]
    eligibility_criteria: str | None
    healthy_volunteers: bool | None
    sex: str | None
    minimum_age: Age | None
    maximum_age: Age | None
    central_contacts: tuple[Contact, ...]
    sites: tuple[Site, ...]


def parse_study(nct_id: str, found_by: FoundBy, record: Mapping[str, Any]) -> Study:
    """Read one record as the registry sends it. Never raises, whatever the record holds."""
    protocol = _node(record, "protocolSection")
    identification = _node(protocol, "identificationModule")
    status = _node(protocol, "statusModule")
    sponsors = _node(protocol, "sponsorCollaboratorsModule")
    description = _node(protocol, "descriptionModule")
    design = _node(protocol, "designModule")
    info = _node(design, "designInfo")
    eligibility = _node(protocol, "eligibilityModule")
    places = _node(protocol, "contactsLocationsModule")
    arms = _node(protocol, "armsInterventionsModule")
    return Study(
        nct_id=nct_id,
        found_by=found_by,
        brief_title=_text(identification, "briefTitle"),
        official_title=_text(identification, "officialTitle"),
        overall_status=_text(status, "overallStatus"),
        last_known_status=_text(status, "lastKnownStatus"),
        why_stopped=_text(status, "whyStopped"),
        start_date=parse_date(_node(status, "startDateStruct").get("date")),
        completion_date=parse_date(_node(status, "completionDateStruct").get("date")),
        last_update=(
            parse_date(_node(status, "lastUpdatePostDateStruct").get("date"))
            or parse_date(status.get("lastUpdateSubmitDate"))
        ),
        status_verified=parse_date(status.get("statusVerifiedDate")),
        expanded_access_id=_text(_node(status, "expandedAccessInfo"), "nctId"),
        sponsor=_text(_node(sponsors, "leadSponsor"), "name"),
        collaborators=_names(_nodes(sponsors, "collaborators")),
        brief_summary=_markdown(description, "briefSummary"),
        detailed_description=_markdown(description, "detailedDescription"),
        conditions=_texts(_node(protocol, "conditionsModule"), "conditions"),
        study_type=_text(design, "studyType"),
        phases=_texts(design, "phases"),
        allocation=_text(info, "allocation"),
        masking=_text(_node(info, "maskingInfo"), "masking"),
        who_masked=_texts(_node(info, "maskingInfo"), "whoMasked"),
        enrollment=_count(_node(design, "enrollmentInfo").get("count")),
        interventions=tuple(
            Intervention(_text(i, "name"), _texts(i, "otherNames"))
            for i in _nodes(arms, "interventions")
        ),
        eligibility_criteria=_markdown(eligibility, "eligibilityCriteria"),
        healthy_volunteers=_flag(eligibility.get("healthyVolunteers")),
        sex=_text(eligibility, "sex"),
        minimum_age=parse_age(eligibility.get("minimumAge")),
        maximum_age=parse_age(eligibility.get("maximumAge")),
        central_contacts=_contacts(places, "centralContacts"),
        sites=tuple(_site(location) for location in _nodes(places, "locations")),
    )


def parse_age(value: object) -> Age | None:
    """ "18 Years" or "6 Months"; None for "N/A", for nothing, and for what cannot be read."""
    match = _AGE.fullmatch(value.strip()) if isinstance(value, str) else None
    return Age(int(match[1]), match[2].capitalize()) if match else None


def parse_date(value: object) -> PartialDate | None:
    """ "2026", "2026-03" or "2026-03-05", with the precision it has; None for anything else."""
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return PartialDate(year or 0, month, day)


def clean(value: str) -> str:
    """``value`` as plain text: no control characters, one kind of line break, no stray blanks."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return _LONE_SURROGATE.sub("\ufffd", _CONTROL.sub("", text)).strip()


def unescaped(value: str) -> str:
    """``value`` without the backslashes of the registry's markdown."""
    return _ESCAPED.sub(r"\1", value)


def _node(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent.get(key) if isinstance(parent, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _list(parent: Mapping[str, Any], key: str) -> list[Any]:
    value = parent.get(key)
    return value if isinstance(value, list) else []


def _nodes(parent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [item for item in _list(parent, key) if isinstance(item, Mapping)]


def _text(parent: Mapping[str, Any], key: str) -> str | None:
    """One line: a line break inside a name or title could pass for a line of ours."""
    value = parent.get(key)
    return _one_line(value) or None if isinstance(value, str) else None


def _one_line(value: str) -> str:
    return " ".join(clean(value).split())


def _texts(parent: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = (_one_line(item) for item in _list(parent, key) if isinstance(item, str))
    return tuple(text for text in texts if text)


def _names(nodes: list[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(name for node in nodes if (name := _text(node, "name")))


def _markdown(parent: Mapping[str, Any], key: str) -> str | None:
    value = parent.get(key)
    return unescaped(clean(value)) or None if isinstance(value, str) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < _UNKNOWN_COUNT else None


def _contacts(parent: Mapping[str, Any], key: str) -> tuple[Contact, ...]:
    return tuple(
        Contact(_text(c, "name"), _phone(c), _text(c, "email")) for c in _nodes(parent, key)
    )


def _phone(contact: Mapping[str, Any]) -> str | None:
    phone, extension = _text(contact, "phone"), _text(contact, "phoneExt")
    return f"{phone} ext. {extension}" if phone and extension else phone


def _site(location: Mapping[str, Any]) -> Site:
    lat, lon = _point(_node(location, "geoPoint"))
    return Site(
        facility=_text(location, "facility"),
        status=_text(location, "status"),
        city=_text(location, "city"),
        state=_text(location, "state"),
        country=_text(location, "country"),
        lat=lat,
        lon=lon,
        contacts=_contacts(location, "contacts"),
    )


def _point(point: Mapping[str, Any]) -> tuple[float | None, float | None]:
    lat, lon = _degrees(point.get("lat"), 90), _degrees(point.get("lon"), 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None, None  # 0, 0 is open sea: a gap that somebody filled with noughts
    return lat, lon


def _degrees(value: object, limit: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= limit else None
