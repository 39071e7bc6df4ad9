"""Where the sites of the listed trials are: a map of our own outlines, and the same as text.

No tile server and no other host is asked. City names are the registry's: in the list they go
through `st.text` alone, on the map they stand in the tooltip, which shows them letter for letter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, ClassVar

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from trialfinder.content.messages import counted, message
from trialfinder.finding.describe import limit_words
from trialfinder.finding.filters import Listing
from trialfinder.finding.places import Place
from trialfinder.finding.search import Found
from trialfinder.finding.site_points import (
    Box,
    box_of,
    count_unplaced,
    is_in_us,
    is_within,
    on_us_map,
    reach_of,
    ring_around,
    site_points,
)
from trialfinder.ui import state
from trialfinder.ui.search_form import Search

_HEIGHT = 420
_LAND, _BORDER, _EDGE = "#eceff2", "#aab2bb", "#5a6570"

_LOOKS = {
    "open": ("#0b5cad", "circle"),
    "shut": ("#9a4a00", "square"),
    "place": ("#1a1a1a", "M0,0L-0.8,-1.7L0.8,-1.7Z"),  # stands on its point and hides no other mark
}
"""Colour and shape of a mark; any two differ in both."""

_LEGEND = alt.Legend(
    title=None,
    orient="bottom",
    direction="vertical",
    labelLimit=400,
    labelFontSize=14,
    labelColor="#1a1a1a",
    symbolSize=110,
    rowPadding=6,
    symbolStrokeWidth=0.8,
    aria=False,
)
_MANY = 150
"""Marks: more of them are drawn smaller."""

_SHORT_LIST = 12
"""Cities: as many are listed without being asked for."""

_WIDEST = 90
"""Degrees of longitude: beyond this a part of the world is drawn as one drawn for all of it."""


class View(StrEnum):
    """What part of the world the map shows."""

    NEAR = "near"
    US = "us"
    WORLD = "world"


_OUTLINES = {
    View.NEAR: ("world", "us_states"),
    View.US: ("us_states",),
    View.WORLD: ("world",),
}


def show(listing: Listing, found: Found, search: Search) -> None:
    """Draw the map in a box of its own; it is worked out only when the box is opened."""
    if listing.studies.empty:
        return
    box = st.expander(message("map.label"), key="map", on_change="rerun")
    if box.open:
        with box:
            _opened(listing, found, search)


def _opened(listing: Listing, found: Found, search: Search) -> None:
    points = site_points(listing, found.sites)
    if state.is_on(state.SAMPLE):
        st.caption(message("sample.banner"))  # printed, a map can fill a sheet of its own
    if points.empty:
        st.text(message("map.no_points"))
    else:
        st.caption(message("map.how"))
        _map_and_lists(points, search)
    unplaced = count_unplaced(listing, found.sites)
    if unplaced.open:
        st.text(counted("map.unplaced_open", unplaced.open))
    if unplaced.not_open:
        st.text(counted("map.unplaced_shut", unplaced.not_open))


def _map_and_lists(points: pd.DataFrame, search: Search) -> None:
    place = search.filters.near
    reach = reach_of(search.filters.within_km, search.unit)
    limit = limit_words(reach, search.unit)
    view = _ask_view(points, place, limit)
    extra = []
    if view is View.NEAR and place:
        inside = is_within(points, place, reach)
        ring = _feature("LineString", ring_around(place, reach))
        projection = _centered("azimuthalEqualArea", ring, lat=place.lat, lon=place.lon)
        extra = [_ring(ring, projection)]
    elif view is View.US:
        inside = on_us_map(points)
        projection = {"type": "albersUsa"}
        place = place if place and is_in_us(place) else None
    else:
        inside = pd.Series(True, index=points.index)
        projection = _world(box_of(points, place))
    land = [_land(name, projection) for name in _OUTLINES[view]]
    drawn = alt.layer(*land, *extra, *_marks(points[inside], place)).configure_view(stroke=None)
    drawn.height = _HEIGHT
    drawn.datasets = {name: _outlines(name) for name in _OUTLINES[view]}
    st.altair_chart(drawn, alt=" ".join(_alt(view, points[inside], place, limit)))
    if view is View.NEAR and place:
        st.text(message("map.ring", limit=limit, place=place.label))
    if outside := int((~inside).sum()):
        st.text(counted("map.farther" if view is View.NEAR else "map.outside", outside))
    _lists(points[inside], "map.list_open", "map.list_shut")
    _lists(points[~inside], "map.rest_open", "map.rest_shut")


def _ask_view(points: pd.DataFrame, place: Place | None, limit: str) -> View:
    """Which part to show; asked only where there is a choice."""
    has_us = bool(on_us_map(points).any())
    views = [*([View.NEAR] if place else []), *([View.US] if has_us else []), View.WORLD]
    if len(views) == 1:
        return View.WORLD
    if place:
        usual = View.US if has_us and is_in_us(place) else View.NEAR
    else:
        usual = View.US if _all_in_us(points) else View.WORLD
    chosen = st.segmented_control(
        message("map.view"),
        views,
        default=usual,
        required=True,
        format_func=lambda view: _view_words(view, limit),
        key=f"map_view_{usual}_of_{'_'.join(views)}",
        persist_state="session",
    )
    return View(chosen)


def _all_in_us(points: pd.DataFrame) -> bool:
    """Whether all open points lie there; all points where none is open."""
    open_ones = points[points["open_trials"] > 0]
    return bool(on_us_map(points if open_ones.empty else open_ones).all())


def _view_words(view: View, limit: str) -> str:
    if view is View.NEAR:
        return message("map.view_near", limit=limit)
    return message(f"map.view_{view}")


# --- the drawing -----------------------------------------------------------------------------


class _Outlines:
    """TopoJSON that altair takes as it is; otherwise it walks through every point at each run."""

    _schema: ClassVar[dict[str, Any]] = {"type": "object"}

    def __init__(self, name: str) -> None:
        file = files("trialfinder") / "data" / f"{name}.json"
        self._topology: dict[str, Any] = json.loads(file.read_text("utf-8"))

    def to_dict(self, *_: Any, **__: Any) -> dict[str, Any]:
        return self._topology


_outlines = cache(_Outlines)


def _land(name: str, projection: dict[str, Any]) -> alt.Chart:
    """The outlines by name alone: altair copies whatever stands in a layer many times."""
    shape = alt.TopoDataFormat(type="topojson", feature="outlines")
    drawn: alt.Chart = (
        alt.Chart(alt.NamedData(name, format=shape))
        .mark_geoshape(fill=_LAND, stroke=_BORDER, strokeWidth=0.6, clip=True, aria=False)
        .project(**projection)
    )
    return drawn


def _ring(ring: dict[str, Any], projection: dict[str, Any]) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart(alt.InlineData(values=ring))
        .mark_geoshape(filled=False, stroke=_EDGE, strokeDash=[6, 4], aria=False)
        .project(**projection)
    )
    return drawn


def _world(box: Box) -> dict[str, Any]:
    """A projection of the world, or of as much of it as the box holds."""
    # Points along all sides too, because they come out curved.
    lats, lons = np.linspace(box.south, box.north, 5), np.linspace(box.west, box.east, 5)
    frame = _feature("MultiPoint", [[float(lon), float(lat)] for lon in lons for lat in lats])
    lat, lon = float(lats[2]), float(lons[2])
    if box.east - box.west > _WIDEST:
        return _centered("equalEarth", frame, lat=0, lon=lon)
    return _centered("azimuthalEqualArea", frame, lat=lat, lon=lon)


def _feature(kind: str, coordinates: list[list[float]]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def _centered(kind: str, shown: dict[str, Any], *, lat: float, lon: float) -> dict[str, Any]:
    """A projection that puts a point in the middle and ``shown`` just inside the edges."""
    size = alt.ExprRef("[width, height]")
    return {"type": kind, "rotate": [-lon, -lat], "fit": shown, "size": size}


def _marks(points: pd.DataFrame, place: Place | None) -> list[alt.Chart]:
    """One mark a point, open ones above the others and the place above all."""
    kinds = (points["open_trials"] > 0).map({True: "open", False: "shut"})
    marks = pd.DataFrame(
        {
            "lat": points["lat"],
            "lon": points["lon"],
            "kind": kinds.map(_kind_words),
            "city": [
                _or_not_said(*names)
                for names in zip(points["city"], points["state"], points["country"], strict=True)
            ],
            "open_here": points["open_trials"].map("{:,}".format),
            "shut_here": points["closed_trials"].map("{:,}".format),
        }
    )
    present = [str(kind) for kind in ("open", "shut") if kind in set(kinds)]
    if place:
        present.append("place")
    size = 70 if len(marks) <= _MANY else 30
    drawn = [_mark(marks[::-1], present, ("city", "open_here", "shut_here"), size=size)]
    if place:
        own = {"lat": place.lat, "lon": place.lon, "kind": _kind_words("place")}
        drawn.append(_mark(pd.DataFrame([own]), present, ("kind",), size=300))
    return drawn


def _mark(
    marks: pd.DataFrame, present: Sequence[str], told: Sequence[str], *, size: int
) -> alt.Chart:
    words = [_kind_words(kind) for kind in present]
    colors, shapes = zip(*(_LOOKS[kind] for kind in present), strict=True)
    drawn: alt.Chart = (
        alt.Chart(marks)
        .mark_point(
            filled=True,
            size=size,
            opacity=1,
            stroke="white",
            strokeWidth=0.8,
            clip=True,
            aria=False,
        )
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            color=alt.Color("kind:N", scale=alt.Scale(domain=words, range=colors), legend=_LEGEND),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=words, range=shapes), legend=_LEGEND),
            tooltip=[alt.Tooltip(f"{name}:N", title=message(f"map.{name}")) for name in told],
        )
    )
    return drawn


def _kind_words(kind: str) -> str:
    return message(f"map.kind_{kind}")


# --- the same in words -----------------------------------------------------------------------


def _alt(view: View, points: pd.DataFrame, place: Place | None, limit: str) -> Iterator[str]:
    if view is View.NEAR:
        yield message("map.alt.near", limit=limit)
    else:
        yield message(f"map.alt.{view}")
    open_ones = int((points["open_trials"] > 0).sum())
    yield counted("map.shown_open", open_ones)
    if shut := len(points) - open_ones:
        yield counted("map.shown_shut", shut)
    if place:
        yield message("map.place_marked", place=place.label)
    yield message("map.same_below")


def _lists(points: pd.DataFrame, if_open: str, if_shut: str) -> None:
    """Every point a line under its country: where it is, how many trials there, and which.

    A long list is opened on demand: on a phone it would bury the trials under it.
    """
    is_open = points["open_trials"] > 0
    for title, some in ((if_open, points[is_open]), (if_shut, points[~is_open])):
        if some.empty:
            continue
        short = len(some) <= _SHORT_LIST
        with st.expander(counted(title, len(some)), expanded=short, key=f"cities_{title}_{short}"):
            rows = some.to_dict("records")
            for country, there in groupby(rows, key=lambda row: _or_not_said(row["country"])):
                st.text("\n".join([country, *map(_line, there)]))


def _line(row: dict[Any, Any]) -> str:
    nct_ids = row["nct_ids"].split(", ")
    here, elsewhere = nct_ids[: row["open_trials"]], nct_ids[row["open_trials"] :]
    parts = [
        counted(key, len(some), nct_ids=", ".join(some))
        for key, some in (("map.row_open", here), ("map.row_shut", elsewhere))
        if some
    ]
    return f"• {_or_not_said(row['city'], row['state'])}: {'; '.join(parts)}"


def _or_not_said(*parts: Any) -> str:
    return ", ".join(p for p in parts if not pd.isna(p)) or message("card.not_said")
