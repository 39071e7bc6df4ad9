"""Labelled real records and their scorer, where both lie beside this project."""

from __future__ import annotations

import gzip
import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.conftest import SHARED
from trialfinder import read_study

LABELS = Path(__file__).parents[1] / "reading" / "labels"
GOLD = SHARED / "gold"
RECORDS = SHARED / "registry" / "cml-converted.jsonl.gz"

LEAST = {
    "yes_recall": 0.95,
    "yes_precision": 0.93,
    "three_way_accuracy": 0.92,
    "cml_phases_f1": 0.93,
    "t315i_accuracy": 0.97,
    "min_prior_tkis_accuracy": 0.88,
    "approaches_f1": 0.88,
    "quotes_exact": 1.0,
    "yes_with_quote": 1.0,
    "yes_quote_on_point": 0.80,
}
"""The figures that the reader must reach."""

Labelled = dict[str, Any]


@cache
def scorer() -> ModuleType:
    """The scorer that came with the labelled records."""
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def records() -> dict[str, dict[str, Any]]:
    """The real records by NCT ID."""
    with gzip.open(RECORDS, "rt", encoding="utf-8") as lines:
        found = (json.loads(line) for line in lines)
        return {r["protocolSection"]["identificationModule"]["nctId"]: r for r in found}


def batch(path: Path) -> list[Labelled]:
    """The labels of ``path`` with the records that they are about.

    A label either keeps its text, as those of the scorer do, or is an NCT ID of `RECORDS`.
    """
    labelled = []
    for line in path.read_text("utf-8").splitlines():
        label = json.loads(line)
        if "title" in label:
            record = scorer().record(label)
        else:
            record = records()[label["nct"]]
            place = label["evidence"]
            text = scorer().at(record, place["field"]) if place else ""
            label["evidence"] = text[place["start"] : place["end"]] if place else ""
            label["title"] = record["protocolSection"]["identificationModule"].get("briefTitle", "")
        labelled.append({**label, "record": record})
    return labelled


def score(labelled: list[Labelled]) -> tuple[dict[str, float], list[str], list[dict[str, Any]]]:
    """The figures, the misses and the readings of ``labelled``."""
    module = scorer()
    module.record = lambda label: label["record"]  # type: ignore[attr-defined]  # whole records
    readings = [read_study(label["record"]).as_dict() for label in labelled]
    figures, misses = module.score(labelled, readings)
    return figures, misses, readings
