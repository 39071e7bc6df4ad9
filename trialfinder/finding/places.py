"""Turns what a person types ("77030", "Houston, TX", "Wien") into a point, without the network.

Rules: a US ZIP code, or a city with an optional state, province or country. When several places
bear a name, all are offered; none is ever picked for its size. Points are those of towns and ZIP
areas, so every distance is "about" (see ``data/SOURCES.md`` for origin and accuracy).
Nothing here logs or keeps what was typed, and no error carries it.
"""

from __future__ import annotations

import bisect
import csv
import functools
import gzip
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trialfinder.errors import BadFilterError, PlaceAmbiguousError, PlaceUnknownError

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the WGS 84 ellipsoid."""

KM_PER_MILE = 1.609344
"""The international mile, exact."""

SAME_TOWN_KM = 40
"""A city's point and the mean of its ZIP codes' points lie within this; farther is another town."""

_LONGEST_TEXT = 120
KM_PER_UNIT = {"km": 1.0, "mi": KM_PER_MILE}

# Territories that people, and their post, also count to a larger country.
_PART_OF = dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US") | dict.fromkeys(("HK", "MO"), "CN")

# Letters that Unicode does not decompose into a plain letter and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ə": "a"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("'’‘ʻʼ`´")
)
_SHORT_WORDS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west"}

_NEAR = re.compile(r"\(near ([^)]*)\)", re.IGNORECASE)
_ZIP = re.compile(r"(?<![0-9])([0-9]{5})(?:[-– ]?[0-9]{4})?(?![0-9])")
_DISTANCE = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?)"
    r"\s*(?:(mi|miles?)|km|kms|kilomet(?:er|re)s?)\s*",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A point to measure from: degrees north and east, and a label to show for it."""

    label: str
    lat: float
    lon: float


class _Area(NamedTuple):
    """A country (ISO 3166 alpha-2) and a state, province or nation in it; "" stands for any."""

    country: str
    admin1: str

    def contains(self, other: _Area) -> bool:
        countries = ("", other.country, _PART_OF.get(other.country))
        return self.country in countries and self.admin1 in ("", other.admin1)


_ANYWHERE = _Area("", "")


class _Match(NamedTuple):
    """A place found in the tables, with what it takes to rank it."""

    thousands: int  # of people
    place: Place


def resolve(text: str) -> Place:
    """Find the one place that ``text`` names.

    Takes US ZIP codes ("77030", "77030-1234", "Houston, TX 77030") and cities ("Houston, TX",
    "Houston TX", "St. Louis, Missouri, USA", "Wien", "München, Germany"), in any case, with or
    without accents. A bare number is read as a US ZIP code and as nothing else.

    Raises:
        PlaceUnknownError: nothing has this name, or nothing was typed.
        PlaceAmbiguousError: several places have it. ``candidates`` holds the label of every one,
            largest first; each label resolves to one place.
    """
    if len(text) > _LONGEST_TEXT:
        raise PlaceUnknownError
    if code := _ZIP.search(text):
        return _resolve_zip(code[1], f"{text[: code.start()]} {text[code.end() :]}")
    found = {
        match.place.label: match
        for name, near, areas in _readings(text)
        for match in _find(name, near, areas)
    }
    if not found:
        raise PlaceUnknownError
    matches = sorted(found.values(), key=lambda match: (-match.thousands, match.place.label))
    if len(matches) > 1:
        raise PlaceAmbiguousError([match.place.label for match in matches])
    return matches[0].place


def distance_km(
    lat: float, lon: float, lats: npt.NDArray[np.float64], lons: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Great-circle distances in kilometres from one point to many (haversine on a sphere).

    Takes degrees; ``lats`` and ``lons`` have the same shape, and so has the answer. NaN in any
    coordinate gives NaN. Within 160 km of the point it is at most 0.4 km off the true ellipsoid.
    """
    phi, phis = np.radians(lat), np.radians(lats)
    half_dphi = (phis - phi) / 2
    half_dlambda = (np.radians(lons) - np.radians(lon)) / 2
    chord = np.sin(half_dphi) ** 2 + np.cos(phi) * np.cos(phis) * np.sin(half_dlambda) ** 2
    # Rounding may carry antipodes a hair above 1, where arcsin has no value.
    distances = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return np.asarray(distances, dtype=np.float64)


def country_at_least_km(place: Place, country: str) -> float:
    """How far a country is at least, in km: 0 where that is not known, or it may be near.

    ``country`` is a name as the registry writes it. Measured to the nearest of its cities in our
    table, less `COUNTRYSIDE_KM`, since villages lie between them and the border.
    """
    distances = [
        float(distance_km(place.lat, place.lon, *points).min())
        for area in _area_names().get(" ".join(_words(country)), [])
        if not area.admin1 and (points := _points_of(area.country)) is not None
    ]
    return max(0.0, min(distances, default=0.0) - COUNTRYSIDE_KM)


COUNTRYSIDE_KM = 300
"""No border is farther than this from a city of its country but in deserts and ice."""


def parse_distance(text: str) -> float:
    """Read "100mi", "200 miles", "1,000 km" or "12.5km" as kilometres.

    The unit is required: the registry takes a bare number for metres and then finds nothing.

    Raises:
        BadFilterError: no number, no unit, or not a finite distance above zero.
    """
    match = _DISTANCE.fullmatch(text)
    if match is None:
        msg = "a distance needs a number and a unit, such as 100 mi or 160 km"
        raise BadFilterError(msg)
    number = float(match[1].replace(",", ""))
    km = number * KM_PER_UNIT["mi" if match[2] else "km"]
    if not 0 < km < math.inf:
        msg = "a distance must be above zero and finite"
        raise BadFilterError(msg)
    return km


def search_key(name: str) -> str:
    """Fold a name to the form the tables are searched by: plain lower-case words.

    "St. Louis" and "Saint Louis", "São Paulo" and "sao paulo", "De Kalb" and "DeKalb" come out
    the same. The build script writes the tables' keys with this very function.
    """
    return _joined(" ".join(_words(name)))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    folded = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", folded)  # d.c. -> dc
    words = re.sub(r"[\W_]+", " ", folded).split()
    if words:
        words[0] = _DIRECTIONS.get(words[0], words[0])
    return [_SHORT_WORDS.get(word, word) for word in words]


def _joined(folded: str) -> str:
    return re.sub(r"\b(d|de|du|l|la|le|mc|o) (?=\w)", r"\1", folded)  # o fallon -> ofallon


def _resolve_zip(code: str, rest: str) -> Place:
    row = _zip_row(code)
    if row is None or not _agrees(rest, row):
        raise PlaceUnknownError
    return _zip_place(row)


def _agrees(rest: str, row: _ZipRow) -> bool:
    """Whether the words around a ZIP code, if any, name its own city or state."""
    words = _words(rest)
    if not words or _any_contains(_areas(words), row.area):
        return True
    return any(
        name == search_key(row.city) and _any_contains(areas, row.area)
        for name, _, areas in _readings(rest.strip(" ,"))
    )


def _readings(text: str) -> Iterator[tuple[str, str, set[_Area]]]:
    """Every way to read ``text``: a name, the larger city near it or "", and areas it may be in."""
    near = ""
    if hint := _NEAR.search(text):
        near = search_key(hint[1])
        text = text[: hint.start()] + text[hint.end() :]
    head, comma, tail = text.partition(",")
    words = _words(head)
    if not words:
        return
    cuts = [len(words)] if comma else range(1, len(words) + 1)
    for cut in cuts:
        if areas := _areas(_words(tail) if comma else words[cut:]):
            yield _joined(" ".join(words[:cut])), near, areas


def _areas(words: list[str]) -> set[_Area]:
    """Every area that the words can mean: "ca" is California and Canada, "tx usa" is Texas."""
    if not words:
        return {_ANYWHERE}
    names = _area_names()
    found = set(names.get(" ".join(words), ()))
    for cut in range(1, len(words)):
        for outer in names.get(" ".join(words[cut:]), ()):
            inner = names.get(" ".join(words[:cut]), ())
            found |= {area for area in inner if not outer.admin1 and outer.contains(area)}
    return found


def _any_contains(areas: set[_Area], other: _Area) -> bool:
    return any(area.contains(other) for area in areas)


def _find(name: str, near: str, areas: set[_Area]) -> Iterator[_Match]:
    cities = [city for city in _cities_named(name) if _any_contains(areas, city.area)]
    for city in cities:
        if near in ("", search_key(city.near)):
            label = _label(city.name, city.near, city.area)
            yield _Match(city.thousands, Place(label, city.lat, city.lon))
    if not near:
        for town_area, rows in _towns_named(name).items():
            rivals = [city for city in cities if city.area == town_area]
            if _any_contains(areas, town_area) and not _is_among(rows, rivals):
                yield _Match(0, _zip_place(rows[0]) if rivals else _middle(rows))


def _is_among(rows: list[_ZipRow], cities: list[_CityRow]) -> bool:
    """Whether a town of the ZIP table is one of these cities of the same name and state."""
    town = _middle(rows)
    lats, lons = np.array([city.lat for city in cities]), np.array([city.lon for city in cities])
    return bool((distance_km(town.lat, town.lon, lats, lons) <= SAME_TOWN_KM).any())


def _middle(rows: list[_ZipRow]) -> Place:
    """A town too small for the city table: the mean of its ZIP codes' points."""
    lat = sum(row.lat for row in rows) / len(rows)
    lon = sum(row.lon for row in rows) / len(rows)
    return Place(_label(rows[0].city, "", rows[0].area), round(lat, 4), round(lon, 4))


def _zip_place(row: _ZipRow) -> Place:
    return Place(f"{row.code}, {_label(row.city, '', row.area)}", row.lat, row.lon)


def _label(name: str, near: str, area: _Area) -> str:
    labels = _area_labels()
    hint = f" (near {near})" if near else ""
    parts = [name + hint, labels[area.country, ""]]
    if area.admin1:
        parts.insert(1, labels[area])
    return ", ".join(parts)


# --- the tables, read once ---------------------------------------------------------------------


class _ZipRow(NamedTuple):
    code: str
    city: str
    area: _Area
    lat: float
    lon: float


class _CityRow(NamedTuple):
    name: str
    near: str
    area: _Area
    lat: float
    lon: float
    thousands: int  # of people


class _Table(NamedTuple):
    """A table left as text, since a look-up needs a handful of its lines.

    ``keys`` has one line for each of ``lines``, holding what it is searched by.
    """

    lines: list[str]
    keys: str

    def lines_with(self, text: str) -> Iterator[str]:
        row, counted = 0, 0
        at = self.keys.find(text)
        while at >= 0:
            row += self.keys.count("\n", counted, at)
            counted = at
            yield self.lines[row]
            at = self.keys.find(text, at + 1)


def _read(name: str) -> list[str]:
    packed = (resources.files("trialfinder") / "data" / name).read_bytes()
    return gzip.decompress(packed).decode().splitlines()[1:]


@functools.cache
def _zips() -> _Table:
    lines = _read("us_zip_codes.csv.gz")
    towns = "\n".join(line.split(",", 2)[1] for line in lines)
    # For the plain names of this table this equals search_key, at a tenth of the cost.
    keys = _joined(towns.lower().replace("-", " ").replace("'", ""))
    return _Table(lines, f"\n{keys}\n")


@functools.cache
def _cities() -> _Table:
    lines = _read("cities.csv.gz")
    return _Table(lines, "\n".join(line.split(",", 3)[2] for line in lines))


def _parse_zip(line: str) -> _ZipRow:
    code, city, state, lat, lon = line.split(",")
    area = _Area("US", state) if ("US", state) in _area_labels() else _Area(state, "")
    return _ZipRow(code, city, area, float(lat), float(lon))


def _parse_city(line: str) -> _CityRow:
    name, near, _, country, admin1, lat, lon, thousands = line.split(",")
    area = _Area(country, admin1)
    return _CityRow(name, near, area, float(lat), float(lon), int(thousands))


def _zip_row(code: str) -> _ZipRow | None:
    lines = _zips().lines
    at = bisect.bisect_left(lines, code)  # sorted by code
    if at == len(lines) or not lines[at].startswith(code):
        return None
    return _parse_zip(lines[at])


def _cities_named(key: str) -> Iterator[_CityRow]:
    return map(_parse_city, _cities().lines_with(f"|{key}|"))


@functools.cache
def _points_of(country: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    """Degrees north and east of a country's cities; None if the table has none."""
    rows = (line.split(",") for line in _cities().lines if f",{country}," in line)
    points = [(float(lat), float(lon)) for *_, code, _, lat, lon, _ in rows if code == country]
    return tuple(np.array(points).T) if points else None


def _towns_named(key: str) -> dict[_Area, list[_ZipRow]]:
    towns: dict[_Area, list[_ZipRow]] = {}
    for row in map(_parse_zip, _zips().lines_with(f"\n{key}\n")):
        towns.setdefault(row.area, []).append(row)
    return towns


def area_names(text: str) -> tuple[str, ...]:
    """Full names of the countries and states that ``text`` can stand for: "TX", "USA", "UK"."""
    areas = _area_names().get(" ".join(_words(text)), [])
    return tuple(_area_labels()[area] for area in areas)


def _area_rows() -> Iterator[dict[str, str]]:
    path = resources.files("trialfinder") / "data" / "countries.csv"
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


@functools.cache
def _area_labels() -> dict[tuple[str, str], str]:
    return {_Area(row["country"], row["admin1"]): row["name"] for row in _area_rows()}


@functools.cache
def _area_names() -> dict[str, list[_Area]]:
    names: dict[str, list[_Area]] = {}
    for row in _area_rows():
        area = _Area(row["country"], row["admin1"])
        for name in [row["name"], *row["aliases"].split("|")]:
            if name:
                names.setdefault(" ".join(_words(name)), []).append(area)
    return names
