"""The script that makes the outlines: borders stay joined, only names and specks are lost."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_outlines", ROOT / "scripts" / "build_outlines.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def topology() -> dict[str, Any]:
    """Two squares that share a side, an island and a speck, at a tenth of a degree a step."""
    return {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [10, 0]},
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "id": "1", "arcs": [[0, 1]], "properties": {"name": "One"}},
                    {"type": "MultiPolygon", "id": "2", "arcs": [[[2, ~0]], [[3]], [[4]]]},
                    {"type": "Polygon", "id": "9", "arcs": [[5]]},
                ],
            }
        },
        "arcs": [
            [[100, 0], [0, 100]],
            [[100, 100], [-100, 0], [0, -100], [100, 0]],
            [[100, 0], [100, 0], [0, 100], [-100, 0]],
            [[300, 0], [9, 0], [0, 9], [-9, 0], [0, -9]],
            [[400, 0], [0, 1], [1, 0], [0, -1], [-1, 0]],
            [[500, 0], [0, 9], [9, 0], [0, -9], [-9, 0]],
        ],
    }


def test_only_what_is_drawn_is_kept(script: ModuleType) -> None:
    made = script.outlines(topology(), "areas", ("9",), 0.0)

    assert made["objects"]["outlines"]["geometries"] == [
        {"type": "MultiPolygon", "arcs": [[[0, 1]]]},
        {"type": "MultiPolygon", "arcs": [[[2, ~0]], [[3]], [[4]]]},
    ]
    assert len(made["arcs"]) == 5
    assert "One" not in str(made)


def test_specks_are_left_out_but_never_a_whole_area(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "SMALLEST", 0.5)
    kept = script.outlines(topology(), "areas", ("9",), 0.0)["objects"]["outlines"]["geometries"]
    assert [len(area["arcs"]) for area in kept] == [1, 2]

    monkeypatch.setattr(script, "SMALLEST", 1e9)
    kept = script.outlines(topology(), "areas", ("9",), 0.0)["objects"]["outlines"]["geometries"]
    assert [len(area["arcs"]) for area in kept] == [1, 1]


def test_points_are_hundredths_of_a_degree(script: ModuleType) -> None:
    made = script.outlines(topology(), "areas", ("9",), 0.0)

    assert made["transform"] == {"scale": [0.01, 0.01], "translate": [0, 0]}
    assert made["arcs"][0] == [[2000, 0], [0, 1000]]  # from 20° east, 0° north to 10° north


def test_a_line_keeps_its_ends_and_its_bends(script: ModuleType) -> None:
    straight = [(0, 0), (10, 1), (20, 0), (30, -1), (40, 0), (40, 50)]

    assert script.simplified(straight, 0.02) == [(0, 0), (40, 0), (40, 50)]
    assert script.simplified(straight, 0.0) == straight


def test_a_ring_stays_a_ring(script: ModuleType) -> None:
    ring = [(0, 0), (50, 1), (100, 0), (100, 100), (50, 99), (0, 100), (0, 0)]

    assert script.simplified(ring, 0.02) == [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    assert script.simplified(ring, 10.0) == ring  # nothing of it would be left
