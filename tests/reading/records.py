"""Invented records in the registry's exact shape, and short questions to what was read of them.

`record` says nothing but what it is given, and names CML only where a test does: that is what the
reader has to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trialfinder.reading import Evidence, Reading, read_study
from trialfinder.reading.disease import Cml, find_cml
from trialfinder.reading.prior_treatment import Tie, ties
from trialfinder.reading.text import Field, Passage, fields, passages

CML = "Chronic Myeloid Leukemia"

Intervention = tuple[str, str]
"""The registry's type of an intervention, and its name."""


def record(
    title: str = "A sample study",
    *,
    official: str = "",
    summary: str = "",
    description: str = "",
    criteria: str = "",
    conditions: Sequence[str] = (CML,),
    keywords: Sequence[str] = (),
    interventions: Sequence[Intervention] = (),
    arms: Sequence[tuple[str, str]] = (),
    study_type: str = "INTERVENTIONAL",
    nct_id: str = "NCT99000001",
) -> dict[str, Any]:
    """A study as the registry sends it; texts that are empty are left out, as there."""
    protocol: dict[str, Any] = {
        "identificationModule": _said(nctId=nct_id, briefTitle=title, officialTitle=official),
        "descriptionModule": _said(briefSummary=summary, detailedDescription=description),
        "conditionsModule": _said(conditions=list(conditions), keywords=list(keywords)),
        "designModule": _said(studyType=study_type),
        "armsInterventionsModule": _said(
            armGroups=[_said(label=label, description=text) for label, text in arms],
            interventions=[_said(type=kind, name=name) for kind, name in interventions],
        ),
        "eligibilityModule": _said(eligibilityCriteria=criteria),
    }
    return {"protocolSection": {name: module for name, module in protocol.items() if module}}


def _said(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}


def joining(*lines: str, barred: Sequence[str] = ()) -> str:
    """Eligibility criteria: who can join, and who cannot."""
    text = "Inclusion Criteria:\n\n" + "\n".join(f"* {line}" for line in lines)
    if barred:
        text += "\n\nExclusion Criteria:\n\n" + "\n".join(f"* {line}" for line in barred)
    return text


def barring(*lines: str) -> str:
    """Eligibility criteria of adults with CML, with ``lines`` on who cannot join."""
    return joining("Adults with chronic myeloid leukemia", barred=lines)


def read(title: str = "A sample study", **given: Any) -> Reading:
    """What is read out of an invented `record`."""
    return read_study(record(title, **given))


def understood(title: str = "A sample study", **given: Any) -> tuple[list[Passage], Cml]:
    """The passages of an invented `record`, and how it speaks of CML."""
    found = passages(fields(record(title, **given)))
    return found, find_cml(found)


def ties_of(title: str = "A sample study", **given: Any) -> list[Tie]:
    """Where an invented `record` ties joining to a TKI that fell short."""
    return ties(*understood(title, **given))


def said_by(evidence: Sequence[Evidence]) -> str:
    """All quotes together, in lower case."""
    return " | ".join(item.quote.lower() for item in evidence)


def passage_of(one: Field) -> Passage:
    """The whole of a field as one passage."""
    return Passage(one, one.part, 0, one.plain)
