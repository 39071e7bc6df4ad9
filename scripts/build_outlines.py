# /// script
# requires-python = ">=3.11"
# ///
"""Write the outlines that the map is drawn on; same bytes on every run.

    npm pack world-atlas@2.0.2 us-atlas@3.0.1     # then unpack each with tar
    python scripts/build_outlines.py <world-atlas folder> <us-atlas folder> [target folder]

Without a target the committed files in ``trialfinder/data`` are replaced. Origin, licences and
what is left out are told in ``trialfinder/data/SOURCES.md``; the sizes there are printed by this
script. The outlines stay TopoJSON: a border that two areas share is one line, simplified once.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "trialfinder" / "data"

GRID = 100
"""Steps in a degree: points are rounded to hundredths, about 1 km."""

ANTARCTICA = "010"  # ISO 3166: no trial has a site there, and it takes up much room
TERRITORIES = ("60", "66", "69", "72", "78")  # FIPS: no place on the usual map of the states

SMALLEST = 0.01
"""Square degrees: an island below this (about 10 km across) would be less than a dot."""

Point = tuple[int, int]
Arc = list[Point]


def main(world: Path, states: Path, target: Path = DATA) -> None:
    """Write both files and say how large they came out."""
    jobs = (
        (world / "countries-110m.json", "countries", (ANTARCTICA,), 0.0, "world.json"),
        (states / "states-10m.json", "states", TERRITORIES, 0.02, "us_states.json"),
    )
    for source, name, left_out, tolerance, file in jobs:
        topology = json.loads(source.read_text(encoding="utf-8"))
        made = outlines(topology, name, left_out, tolerance)
        text = json.dumps(made, separators=(",", ":")) + "\n"
        (target / file).write_text(text, encoding="utf-8")
        areas = len(made["objects"]["outlines"]["geometries"])
        points = sum(len(arc) for arc in made["arcs"])
        print(f"{file}: {areas} areas, {points:,} points, {len(text):,} bytes")


def outlines(
    topology: dict[str, Any], name: str, left_out: tuple[str, ...], tolerance: float
) -> dict[str, Any]:
    """The areas of one object without names, on the `GRID`, simplified by ``tolerance`` degrees."""
    arcs = [simplified(arc, tolerance) for arc in decoded(topology)]
    areas = [
        kept
        for area in topology["objects"][name]["geometries"]
        if area.get("id") not in left_out and (kept := large_enough(polygons(area), arcs))
    ]
    used = sorted({own(index) for area in areas for ring in rings(area) for index in ring})
    place = {index: number for number, index in enumerate(used)}
    geometries = [
        {
            "type": "MultiPolygon",
            "arcs": [[renumbered(ring, place) for ring in polygon] for polygon in area],
        }
        for area in areas
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [1 / GRID, 1 / GRID], "translate": [0, 0]},
        "objects": {"outlines": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [encoded(arcs[index]) for index in used],
    }


def polygons(area: dict[str, Any]) -> list[list[list[int]]]:
    """The polygons of an area, each a list of rings, each a list of arc numbers."""
    single = area["type"] == "Polygon"
    return [area["arcs"]] if single else area["arcs"]


def rings(area: list[list[list[int]]]) -> Iterator[list[int]]:
    """All rings of an area."""
    for polygon in area:
        yield from polygon


def own(index: int) -> int:
    """The number of an arc; a ring that runs along it backwards names its complement."""
    return index if index >= 0 else ~index


def renumbered(ring: list[int], place: dict[int, int]) -> list[int]:
    """The ring by the new numbers of its arcs."""
    return [place[index] if index >= 0 else ~place[~index] for index in ring]


def large_enough(area: list[list[list[int]]], arcs: list[Arc]) -> list[list[list[int]]]:
    """The area without its tiny islands; its largest polygon always stays."""
    sizes = [size(polygon[0], arcs) for polygon in area]
    return [
        polygon
        for polygon, one in zip(area, sizes, strict=True)
        if one >= SMALLEST or one == max(sizes)
    ]


def size(ring: list[int], arcs: list[Arc]) -> float:
    """Square degrees inside a ring, degrees of longitude shortened as at its first point."""
    line = [point for index in ring for point in along(index, arcs)]
    double = sum(
        x * next_y - next_x * y
        for (x, y), (next_x, next_y) in zip(line, [*line[1:], line[0]], strict=True)
    )
    return abs(double) / 2 / GRID**2 * shortening(line[0])


def along(index: int, arcs: list[Arc]) -> Arc:
    """The points of an arc in the direction in which a ring runs along it."""
    return arcs[index] if index >= 0 else arcs[~index][::-1]


def decoded(topology: dict[str, Any]) -> Iterator[Arc]:
    """Each arc as points on the `GRID`, none twice in a row."""
    (scale_x, scale_y), (zero_x, zero_y) = (
        topology["transform"][k] for k in ("scale", "translate")
    )
    for steps in topology["arcs"]:
        arc: Arc = []
        x = y = 0
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            point = (
                round((x * scale_x + zero_x) * GRID),
                round((y * scale_y + zero_y) * GRID),
            )
            if not arc or arc[-1] != point:
                arc.append(point)
        yield arc if len(arc) > 1 else arc * 2


def encoded(arc: Arc) -> list[list[int]]:
    """An arc as TopoJSON wants it: the first point, then steps."""
    before = [(0, 0), *arc]
    return [[x - a, y - b] for (x, y), (a, b) in zip(arc, before, strict=False)]


def simplified(arc: Arc, tolerance: float) -> Arc:
    """The arc without points nearer than ``tolerance`` to the line they bend (Douglas-Peucker).

    A closed arc is cut at the point farthest from its start, so that it stays a ring.
    """
    if tolerance <= 0 or len(arc) < 3:
        return arc
    if arc[0] == arc[-1]:
        far = max(range(len(arc)), key=lambda i: distance(arc[i], arc[0], arc[0]))
        half, other = simplified(arc[: far + 1], tolerance), simplified(arc[far:], tolerance)
        whole = half + other[1:]
        return whole if len(whole) > 3 else arc
    keep = {0, len(arc) - 1}
    open_spans = [(0, len(arc) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        inside = range(first + 1, last)
        far = max(inside, key=lambda i: distance(arc[i], arc[first], arc[last]), default=first)
        if far != first and distance(arc[far], arc[first], arc[last]) > tolerance:
            keep.add(far)
            open_spans += [(first, far), (far, last)]
    return [arc[i] for i in sorted(keep)]


def distance(point: Point, start: Point, end: Point) -> float:
    """Degrees of latitude from a point to the line between two others."""
    shorter = shortening(point)
    px, py = (point[0] - start[0]) * shorter, point[1] - start[1]
    ex, ey = (end[0] - start[0]) * shorter, end[1] - start[1]
    length = ex * ex + ey * ey
    share = min(1.0, max(0.0, (px * ex + py * ey) / length)) if length else 0.0
    return math.hypot(px - share * ex, py - share * ey) / GRID


def shortening(point: Point) -> float:
    """How much shorter a degree of longitude is than one of latitude."""
    return math.cos(math.radians(point[1] / GRID))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
