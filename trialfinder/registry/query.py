"""The one fixed CML query and the fields asked for.

Nothing that a visitor enters is ever part of it.

A study comes in by one of two ways, each a walk of its own:

* the condition search: CML by its names (the registry adds synonyms);
* the eligibility text: studies that name CML only among their criteria, such as studies in
  several blood cancers or transplant studies. Those that the condition search brings are left
  out by ``NOT AREA[ConditionSearch]``, so the two totals add up and nothing is fetched twice.

The registry refuses expressions of more than about 12 words ("Too complicated query"),
so both expressions stay below that, operators counted.
"""

from __future__ import annotations

import hashlib
import json

from trialfinder.vocabulary import CLOSED_STATUSES, OPEN_STATUSES, FoundBy, Part

CML = '"chronic myeloid leukemia" OR "chronic myelogenous leukemia" OR CML'

FIELDS = (
    "protocolSection.identificationModule",
    "protocolSection.statusModule",
    "protocolSection.sponsorCollaboratorsModule",
    "protocolSection.descriptionModule",
    "protocolSection.conditionsModule",
    "protocolSection.designModule",
    "protocolSection.armsInterventionsModule",
    "protocolSection.eligibilityModule",
    "protocolSection.contactsLocationsModule",
    "protocolSection.ipdSharingStatementModule",
    "derivedSection.conditionBrowseModule",
    "derivedSection.interventionBrowseModule",
    "derivedSection.miscInfoModule",
    "hasResults",
)

_WAYS = {
    FoundBy.CONDITION: {"query.cond": CML},
    FoundBy.ELIGIBILITY: {
        "query.term": f"AREA[EligibilityCriteria]({CML})",
        "filter.advanced": f"NOT AREA[ConditionSearch]({CML})",
    },
}
_STATUSES = {Part.OPEN: OPEN_STATUSES, Part.CLOSED: CLOSED_STATUSES}


def _selection(way: FoundBy, part: Part) -> dict[str, str]:
    return _WAYS[way] | {"filter.overallStatus": "|".join(_STATUSES[part])}


def walk_params(way: FoundBy, part: Part, page_size: int) -> dict[str, str]:
    """Parameters of a walk's first page; later pages differ only by ``pageToken``."""
    return _selection(way, part) | {
        "fields": "|".join(FIELDS),
        "pageSize": str(page_size),
        "countTotal": "true",
    }


def count_params(way: FoundBy, part: Part) -> dict[str, str]:
    """Parameters that bring a total and, because the registry knows no empty page, one NCT ID."""
    return _selection(way, part) | {"fields": "NCTId", "pageSize": "1", "countTotal": "true"}


def fingerprint(base_url: str) -> str:
    """Twelve characters that change with the registry's address or with the question asked."""
    asked = [base_url] + [walk_params(way, part, 0) for way in FoundBy for part in Part]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
