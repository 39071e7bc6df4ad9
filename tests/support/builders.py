"""Small invented studies: as the parser makes them, as tables, and as the registry sends them.

Every field has a default, so that a test names only what it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import pandas as pd

from trialfinder.finding.filters import Filters, Listing, Order, filter_trials
from trialfinder.finding.places import Place
from trialfinder.finding.search import Found, Provenance
from trialfinder.finding.tables import site_table, study_table
from trialfinder.reading import Evidence, Reading, Side, Why
from trialfinder.registry.answer import Source
from trialfinder.registry.parse import (
    Age,
    Contact,
    Intervention,
    PartialDate,
    Site,
    Study,
    parse_study,
)
from trialfinder.vocabulary import OPEN_STATUSES, FoundBy, Part, Relevance, Stance

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STAMP = "2026-11-20T09:00:05"

HOUSTON = Place("Houston, Texas, United States", 29.7633, -95.3633)
KM_PER_DEGREE = 6371.0088 * 3.141592653589793 / 180
"""Along a meridian; ``north_of`` makes distances that need no second formula to be known."""


ANY: dict[str, Any] = {"relevances": (), "statuses": (), "study_types": ()}
"""Filters that leave everything: those with a default, taken back."""


def north_of(place: Place, km: float) -> tuple[float, float]:
    """The point ``km`` due north of ``place``."""
    return place.lat + km / KM_PER_DEGREE, place.lon


def contact(name: str | None = "A. Person", **given: Any) -> Contact:
    """A contact with a telephone number."""
    return Contact(**{"name": name, "phone": "555-0100", "email": None} | given)


def site(km: float | None = None, **given: Any) -> Site:
    """A recruiting site in Houston; with ``km``, that far north of it."""
    lat, lon = (HOUSTON.lat, HOUSTON.lon) if km is None else north_of(HOUSTON, km)
    usual: dict[str, Any] = {
        "facility": "Sample Hospital",
        "status": "RECRUITING",
        "city": "Houston",
        "state": "Texas",
        "country": "United States",
        "lat": lat,
        "lon": lon,
        "contacts": (),
    }
    return Site(**usual | given)


def unplaced(**given: Any) -> Site:
    """A site for which the registry has no point on the map."""
    return site(lat=None, lon=None, **given)


EMPTY_STUDY = parse_study("NCT99000001", FoundBy.CONDITION, {})
"""A study whose record says nothing."""


def study(nct_id: str = "NCT99000001", **given: Any) -> Study:
    """A recruiting trial of phase 2 for adults, with one open site in Houston."""
    usual: dict[str, Any] = {
        "brief_title": f"Sample study {nct_id[-2:]}",
        "overall_status": "RECRUITING",
        "study_type": "INTERVENTIONAL",
        "phases": ("PHASE2",),
        "sex": "ALL",
        "minimum_age": Age(18, "Year"),
        "sponsor": "Sponsor (sample)",
        "conditions": ("Chronic Myeloid Leukemia",),
        "interventions": (Intervention("Samplinib", ()),),
        "last_update": PartialDate(2026, 6, 1),
        "sites": (site(),),
    }
    made = usual | given
    made["sites"] = tuple(made["sites"])
    return replace(EMPTY_STUDY, nct_id=nct_id, **made)


def silent_study(nct_id: str = "NCT99000001", **given: Any) -> Study:
    """A study whose record says nothing but what is given."""
    return replace(EMPTY_STUDY, nct_id=nct_id, **given)


def numbered(number: int) -> str:
    """An NCT ID that no real study has."""
    return f"NCT{99_000_000 + number}"


def evidence(quote: str = "Imatinib did not work.", **given: Any) -> Evidence:
    """Words of a summary that decide a relevance."""
    usual: dict[str, Any] = {
        "about": "relevance",
        "field": "protocolSection.descriptionModule.briefSummary",
        "start": 0,
        "end": len(quote),
        "quote": quote,
        "side": Side.OTHER,
    }
    return Evidence(**usual | given)


def reading(nct_id: str = "NCT99000001", **given: Any) -> Reading:
    """A record that names people whose TKI did not work, and says nothing else."""
    usual: dict[str, Any] = {
        "nct_id": nct_id,
        "relevance": Relevance.YES,
        "why": Why.TKI_FAILURE,
        "cml_phases": (),
        "t315i": Stance.SILENT,
        "min_prior_tkis": None,
        "approaches": (),
        "mutations": {},
        "prior_drugs": {},
        "prior_transplant": Stance.SILENT,
        "evidence": (evidence(),),
    }
    return Reading(**usual | given)


Readings = Mapping[str, Reading]


def read(studies: Sequence[Study], readings: Readings = MappingProxyType({})) -> Readings:
    """A `reading` for each study, those given first."""
    usual = {study.nct_id: reading(study.nct_id) for study in studies}
    return usual | dict(readings)


def tables(
    studies: Sequence[Study], readings: Readings = MappingProxyType({})
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables that filters work on."""
    return study_table(studies, read(studies, readings)), site_table(studies)


def listed(
    *studies: Study,
    order: Order | None = None,
    filters: Filters | None = None,
    readings: Readings = MappingProxyType({}),
    named: Collection[str] = (),
    **chosen: Any,
) -> Listing:
    """What these filters leave of these studies; those with a default default to any."""
    wanted = filters or Filters(**ANY | chosen)
    return filter_trials(*tables(studies, readings), wanted, order, named=named)


def ids(listing: Listing) -> list[str]:
    """The listed NCT IDs, in their order."""
    return listing.studies["nct_id"].to_list()


def marks(listing: Listing, nct_id: str = "NCT99000001") -> dict[str, Any]:
    """The listed row of one study."""
    rows = listing.studies.set_index("nct_id", drop=False)
    return {str(name): value for name, value in rows.loc[nct_id].to_dict().items()}


def provenance(**given: Any) -> Provenance:
    """Fresh and complete data of the registry."""
    usual: dict[str, Any] = {
        "source": Source.REGISTRY,
        "data_timestamp": STAMP,
        "retrieved_at": NOW,
        "count": 1,
        "complete": True,
        "expected": 1,
        "unreadable": 0,
        "problem": None,
    }
    return Provenance(**usual | given)


def found(
    *studies: Study,
    closed_total: int | None = 0,
    readings: Readings = MappingProxyType({}),
    **given: Any,
) -> Found:
    """These studies as if they had just been found; ``given`` goes to their `provenance`."""
    parts = {
        Part.OPEN if study.overall_status in OPEN_STATUSES else Part.CLOSED for study in studies
    }
    one = {"count": len(studies), "expected": len(studies)} | given
    return Found(
        *tables(studies, readings),
        {study.nct_id: study for study in studies},
        read(studies, readings),
        {part: provenance(**one) for part in Part if part in parts or part is Part.OPEN},
        closed_total,
    )


def record(nct_id: str = "NCT99000001", **given: Any) -> dict[str, Any]:
    """A study as the registry sends it; ``given`` replaces whole modules of its protocol section.

    Beside modules by their names: ``status``, ``phases``, ``locations``, ``title``, ``criteria``
    and ``conditions``.
    """
    modules: dict[str, Any] = {
        "identificationModule": {
            "nctId": nct_id,
            "briefTitle": given.pop("title", f"CML sample {nct_id[-2:]}"),
        },
        "statusModule": {
            "overallStatus": given.pop("status", "RECRUITING"),
            "lastUpdatePostDateStruct": {"date": "2026-06-01"},
        },
        "conditionsModule": {"conditions": given.pop("conditions", ["Chronic Myeloid Leukemia"])},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": given.pop("phases", ["PHASE2"]),
        },
        "eligibilityModule": {
            "eligibilityCriteria": given.pop("criteria", "Adults with CML"),
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {"locations": given.pop("locations", [location()])},
    }
    return {"protocolSection": modules | given, "hasResults": False}


def location(**given: Any) -> dict[str, Any]:
    """A site in Houston as the registry sends it."""
    return {
        "facility": "Sample Hospital",
        "status": "RECRUITING",
        "city": "Houston",
        "state": "Texas",
        "zip": "77030",
        "country": "United States",
        "geoPoint": {"lat": HOUSTON.lat, "lon": HOUSTON.lon},
    } | given


def changed(whole: Found, **given: Any) -> Found:
    """``whole`` with other provenance for every part."""
    parts = {part: replace(one, **given) for part, one in whole.parts.items()}
    return replace(whole, parts=parts)


STUDY_FIELDS = tuple(field.name for field in fields(Study))
