"""Whole invented records, labelled by the definitions of the reading before it read them.

They are written as many kinds of sponsors write: a sentence that the reader gets wrong stands for
others that it will meet. What it still gets wrong is named here, not hidden.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trialfinder.reading import Reading, read_study
from trialfinder.vocabulary import Relevance

FILES = sorted((Path(__file__).parent / "invented").glob("*.jsonl"))
ACCURACY, RECALL, PRECISION = 0.92, 0.95, 0.93
"""The same figures that real records are held to."""

TYPES = ("Drug", "Biological", "Procedure", "Device", "Behavioral", "Radiation", "Other")
Labelled = dict[str, Any]


def record(label: Labelled) -> dict[str, Any]:
    """The label's text in the registry's shape."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": label["nct"], "briefTitle": label["title"]},
            "descriptionModule": {
                "briefSummary": label["summary"],
                "detailedDescription": label["description"],
            },
            "conditionsModule": {"conditions": label["conditions"]},
            "armsInterventionsModule": {
                "interventions": [intervention(name) for name in label["interventions"]]
            },
            "eligibilityModule": {"eligibilityCriteria": label["eligibility"]},
        }
    }


def intervention(name: str) -> dict[str, str]:
    """ "Procedure: Blood test", as the registry's pages write it, is a type and a name."""
    kind, colon, own = name.partition(": ")
    typed = bool(colon) and kind in TYPES
    return {"type": kind.upper() if typed else "DRUG", "name": own if typed else name}


def readings(file: Path) -> list[tuple[Labelled, Reading]]:
    labels = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [(label, read_study(record(label))) for label in labels]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_reads_invented_records_as_they_were_labelled(file: Path) -> None:
    read = readings(file)
    misses = [
        f"{label['nct']} said {reading.relevance}, label {label['accept']}: {label['evidence']}"
        for label, reading in read
        if reading.relevance not in label["accept"]
    ]
    sure = [reading for label, reading in read if label["accept"] == ["yes"]]
    said = [label for label, reading in read if reading.relevance is Relevance.YES]
    found = sum(reading.relevance is Relevance.YES for reading in sure)

    assert len(misses) <= (1 - ACCURACY) * len(read), "\n".join(misses)
    assert found >= RECALL * len(sure), "\n".join(misses)
    assert sum("yes" in label["accept"] for label in said) >= PRECISION * len(said)
    assert sum(reading.relevance is Relevance.NO for reading in sure) <= 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_yes_is_quoted(file: Path) -> None:
    for _, reading in readings(file):
        if reading.relevance is Relevance.YES:
            assert reading.quotes("relevance")
