"""Where the sites of the listed trials lie: one row per point, for the map and the list below it.

The registry gives each site the point of its city, so one point stands for a whole city.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from trialfinder.finding.filters import Listing
from trialfinder.finding.places import EARTH_RADIUS_KM, KM_PER_UNIT, Place, distance_km

UNITED_STATES = "United States"
"""As the registry and our own place labels write it."""

POINT_TYPES: Mapping[str, str] = {
    "lat": "float64",
    "lon": "float64",
    "city": "str",
    "state": "str",
    "country": "str",
    "open_trials": "int64",  # listed trials with at least one open site here
    "closed_trials": "int64",  # listed trials whose sites here are all not open
    "nct_ids": "str",  # of both, ", " between them: first those of ``open_trials``
}
"""One row per point that differs in any of its first five columns.

Those with an open site come first, then by country, state and city. A missing value means that
the record is silent.
"""

_PLACE = ["lat", "lon", "city", "state", "country"]


class Unplaced(NamedTuple):
    """How many sites of the listed trials have no point."""

    open: int
    not_open: int


def site_points(listing: Listing, sites: pd.DataFrame) -> pd.DataFrame:
    """`POINT_TYPES` for the sites of the listed trials, wherever they lie.

    ``sites`` is a table made by `tables.site_table`.
    """
    placed = _listed(listing, sites).dropna(subset=["lat", "lon"])
    # Whether each trial has an open site at each point.
    trials = placed.groupby([*_PLACE, "nct_id"], dropna=False)["open"].any().reset_index()
    trials = trials.sort_values(["open", "nct_id"], ascending=[False, True])
    points = (
        trials.groupby(_PLACE, dropna=False, sort=False)
        .agg(
            open_trials=("open", "sum"),
            trials=("open", "size"),
            nct_ids=("nct_id", ", ".join),
        )
        .reset_index()
    )
    points["closed_trials"] = points["trials"] - points["open_trials"]
    points["shut"] = points["open_trials"] == 0
    points = points.sort_values(["shut", "country", "state", "city", "lat", "lon"])
    return points[list(POINT_TYPES)].astype(dict(POINT_TYPES)).reset_index(drop=True)


def count_unplaced(listing: Listing, sites: pd.DataFrame) -> Unplaced:
    """How many sites of the listed trials `site_points` leaves out, for want of a point."""
    listed = _listed(listing, sites)
    unplaced = listed["open"][listed[["lat", "lon"]].isna().any(axis=1)]
    return Unplaced(open=int(unplaced.sum()), not_open=int((~unplaced).sum()))


def _listed(listing: Listing, sites: pd.DataFrame) -> pd.DataFrame:
    return sites[sites["nct_id"].isin(listing.studies["nct_id"])]


# --- which part of the world a map shows -------------------------------------------------------


class Box(NamedTuple):
    """Part of the world, in degrees."""

    south: float
    north: float
    west: float
    east: float


# The states that the usual map of the United States shows; it leaves out the territories.
_US_BOXES = (
    Box(24.0, 50.0, -125.5, -66.0),
    Box(51.0, 72.0, -180.0, -129.0),  # Alaska
    Box(18.5, 23.0, -161.0, -154.0),  # Hawaii
)
_MARGIN = 4.0  # degrees between the outermost points and the edge
_LEAST = 6.0  # degrees from the middle to the edge: one point alone has a country around it
_FARTHEST = 85.0  # degrees north or south

_NEAR = 500  # in the unit chosen: how far a map around a place reaches when no distance was given
_NEAR_LEAST = 100  # ... and at least when one was: less is hardly a map


def on_us_map(points: pd.DataFrame) -> pd.Series:
    """Which points the usual map of the United States shows."""
    inside = pd.Series(False, index=points.index)
    for south, north, west, east in _US_BOXES:
        inside |= points["lat"].between(south, north) & points["lon"].between(west, east)
    return inside & (points["country"] == UNITED_STATES)


def is_in_us(place: Place) -> bool:
    """Whether a place lies in one of the states, by its label."""
    return place.label.rpartition(", ")[2] == UNITED_STATES


def reach_of(within_km: float | None, unit: str) -> float:
    """How far, in km, a map around a place reaches: as far as was asked for, within reason."""
    if within_km is None:
        return _NEAR * KM_PER_UNIT[unit]
    return max(within_km, _NEAR_LEAST * KM_PER_UNIT[unit])


def is_within(points: pd.DataFrame, place: Place, km: float) -> pd.Series:
    """Which points lie no farther than ``km`` from a place."""
    lats, lons = points["lat"].to_numpy(), points["lon"].to_numpy()
    return pd.Series(distance_km(place.lat, place.lon, lats, lons) <= km, index=points.index)


def ring_around(place: Place, km: float) -> list[list[float]]:
    """Longitudes and latitudes of a closed line, every point of it ``km`` from a place."""
    lat, lon, turn = math.radians(place.lat), math.radians(place.lon), km / EARTH_RADIUS_KM
    heading = np.linspace(0, 2 * math.pi, 73)
    lats = np.arcsin(
        math.sin(lat) * math.cos(turn) + math.cos(lat) * math.sin(turn) * np.cos(heading)
    )
    lons = lon + np.arctan2(
        np.sin(heading) * math.sin(turn) * math.cos(lat),
        math.cos(turn) - math.sin(lat) * np.sin(lats),
    )
    line: list[list[float]] = np.degrees(np.column_stack([lons, lats])).round(3).tolist()
    return line


def box_of(points: pd.DataFrame, place: Place | None = None) -> Box:
    """The part of the world that holds all points, at least one, and the place."""
    lats, lons = points["lat"].to_list(), points["lon"].to_list()
    if place:
        lats, lons = [*lats, place.lat], [*lons, place.lon]
    south, north = _with_room(lats)
    return Box(max(south, -_FARTHEST), min(north, _FARTHEST), *_with_room(lons))


def _with_room(degrees: list[float]) -> tuple[float, float]:
    """From the lowest to the highest, with room at both ends."""
    low, high = min(degrees), max(degrees)
    half = max((high - low) / 2 + _MARGIN, _LEAST)
    return (low + high) / 2 - half, (low + high) / 2 + half
