"""What prose says of failing TKIs in passing ties no study to them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.reading.records import joining, read
from trialfinder.vocabulary import Relevance

ASIDES = tomllib.loads(Path(__file__).with_name("asides.toml").read_text("utf-8"))["asides"]

STUDIES: dict[str, dict[str, Any]] = {
    "Registry of Chronic Myeloid Leukemia": {"criteria": joining("CML, any treatment")},
    "Imatinib 600 mg in Newly Diagnosed Chronic Phase CML": {
        "criteria": joining("CML in chronic phase diagnosed within 6 months", barred=["Prior TKI"]),
        "interventions": [("DRUG", "imatinib")],
    },
    "Chemotherapy Plus Dasatinib in Blast Phase CML": {
        "criteria": joining("CML in blast phase, treated before or not"),
        "interventions": [("DRUG", "dasatinib")],
    },
    "Interferon for CML Patients in Complete Cytogenetic Response on Imatinib": {
        "criteria": joining("On imatinib for 2 years", "In complete cytogenetic response"),
        "interventions": [("DRUG", "interferon")],
    },
    "Stopping TKI in Deep Molecular Response of CML": {
        "criteria": joining("CML on TKI", "MR4.5 for 2 years"),
    },
}


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize("title", STUDIES)
def test_an_aside_ties_no_study_to_a_tki_that_failed(title: str, aside: str) -> None:
    told = f"The study runs for two years. {aside} Visits are monthly."

    assert read(title, description=told, **STUDIES[title]).relevance is not Relevance.YES
    assert read(title, summary=told, **STUDIES[title]).relevance is not Relevance.YES
