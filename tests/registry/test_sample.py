"""The samples stand in for the registry's answer, and say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry import FIXTURES
from trialfinder.registry.answer import Source
from trialfinder.registry.parse import parse_study
from trialfinder.registry.sample import sample_answer
from trialfinder.vocabulary import OPEN_STATUSES, FoundBy, Part

ONLY_IN_CRITERIA = {
    *("NCT99000013", "NCT99000014", "NCT99000015", "NCT99000016", "NCT99000017", "NCT99000018"),
    *("NCT99000055", "NCT99000056"),
}
"""As the table in fixtures/README.md has it."""


def test_every_sample_is_in_exactly_one_part() -> None:
    opened, closed = (set(sample_answer(part).records) for part in (Part.OPEN, Part.CLOSED))
    assert opened | closed == {path.stem for path in FIXTURES.glob("*.json")}
    assert opened & closed == set()
    assert opened
    assert closed


@pytest.mark.parametrize("part", Part)
def test_parts_go_by_overall_status(part: Part) -> None:
    for _, record in sample_answer(part).records.values():
        status = record["protocolSection"]["statusModule"]["overallStatus"]
        assert (status in OPEN_STATUSES) == (part is Part.OPEN)


def test_samples_come_by_the_way_that_the_registry_would_use() -> None:
    found = {
        nct_id: way for part in Part for nct_id, (way, _) in sample_answer(part).records.items()
    }
    by_criteria = {nct_id for nct_id, way in found.items() if way is FoundBy.ELIGIBILITY}
    assert by_criteria == ONLY_IN_CRITERIA & found.keys()


def sample(place: str, text: str) -> dict[str, Any]:
    """A record with ``text`` in one place."""
    record: dict[str, Any] = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT99000001", "briefTitle": "A study"},
            "statusModule": {"overallStatus": "RECRUITING"},
        }
    }
    node = record
    *above, last = place.split(".")
    for step in above:
        node = node.setdefault(step, {})
    node[last] = text
    return record


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ("protocolSection.identificationModule.briefTitle", FoundBy.CONDITION),
        ("protocolSection.identificationModule.officialTitle", FoundBy.CONDITION),
        ("protocolSection.conditionsModule.conditions", FoundBy.CONDITION),
        ("protocolSection.conditionsModule.keywords", FoundBy.CONDITION),
        ("derivedSection.conditionBrowseModule.meshes", FoundBy.CONDITION),
        ("derivedSection.conditionBrowseModule.ancestors", FoundBy.CONDITION),
        ("protocolSection.eligibilityModule.eligibilityCriteria", FoundBy.ELIGIBILITY),
    ],
)
@pytest.mark.parametrize("name", ["CML", "Chronic Myeloid Leukaemia", "BCR-ABL Positive"])
def test_the_way_in_depends_on_where_cml_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str, way: FoundBy, name: str
) -> None:
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "one.json").write_text(json.dumps(sample(place, name)), "utf-8")
    monkeypatch.setattr("trialfinder.registry.sample.shipped", lambda _: tmp_path)
    ((found_by, _),) = sample_answer(Part.OPEN).records.values()
    assert found_by is way


@pytest.mark.parametrize("part", Part)
def test_samples_are_the_files_unchanged(part: Part) -> None:
    for nct_id, (_, record) in sample_answer(part).records.items():
        assert record == json.loads((FIXTURES / f"{nct_id}.json").read_text("utf-8"))


@pytest.mark.parametrize("part", Part)
def test_samples_never_pass_for_the_registrys_data(part: Part) -> None:
    answer = sample_answer(part)
    assert answer.source is Source.SAMPLE
    assert answer.data_timestamp is None
    assert answer.problem is None
    assert answer.retrieved_at.tzinfo is not None


@pytest.mark.parametrize("part", Part)
def test_samples_can_be_parsed(part: Part) -> None:
    for nct_id, (way, record) in sample_answer(part).records.items():
        study = parse_study(nct_id, way, record)
        assert study.brief_title
        assert study.overall_status
