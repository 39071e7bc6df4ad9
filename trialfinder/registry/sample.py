"""The invented studies, in the registry's exact shape. Never to be shown without saying so."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from trialfinder.installed import shipped
from trialfinder.registry.answer import Answer, Source
from trialfinder.registry.client import Record
from trialfinder.vocabulary import OPEN_STATUSES, FoundBy, Part

WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)
"""When the samples were written; stands where other answers carry the registry's date."""

_CML_NAMES = ("chronic myeloid leuk", "chronic myelogenous leuk", "cml", "bcr-abl positive")


def sample_answer(part: Part) -> Answer:
    """All sample studies of ``part``, by the way in that the registry would have used."""
    records = {}
    for path in sorted((shipped("fixtures") / "studies").glob("*.json")):
        record: Record = json.loads(path.read_text(encoding="utf-8"))
        protocol = record["protocolSection"]
        is_open = protocol["statusModule"]["overallStatus"] in OPEN_STATUSES
        if is_open == (part is Part.OPEN):
            records[protocol["identificationModule"]["nctId"]] = (_way_in(record), record)
    return Answer(records, Source.SAMPLE, None, WRITTEN)


def _way_in(record: Record) -> FoundBy:
    """What the registry's condition search looks at, searched for the names of CML."""
    protocol = record["protocolSection"]
    titles = protocol["identificationModule"]
    searched = [
        titles.get("briefTitle"),
        titles.get("officialTitle"),
        protocol.get("conditionsModule"),
        record.get("derivedSection", {}).get("conditionBrowseModule"),
    ]
    text = json.dumps(searched).casefold()
    return FoundBy.CONDITION if any(name in text for name in _CML_NAMES) else FoundBy.ELIGIBILITY
