"""Every site of a listed trial is in a point or in the count of those without one."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.support.builders import (
    HOUSTON,
    KM_PER_DEGREE,
    listed,
    north_of,
    numbered,
    site,
    study,
    tables,
    unplaced,
)
from trialfinder.finding.filters import Listing
from trialfinder.finding.places import KM_PER_MILE, Place, resolve
from trialfinder.finding.search import find
from trialfinder.finding.site_points import (
    POINT_TYPES,
    box_of,
    count_unplaced,
    is_in_us,
    is_within,
    on_us_map,
    reach_of,
    ring_around,
    site_points,
)
from trialfinder.registry.parse import Site, Study
from trialfinder.vocabulary import Part

SHUT = "COMPLETED"
PARIS = {"city": "Paris", "state": None, "country": "France", "lat": 48.85341, "lon": 2.3488}
LYON = {"city": "Lyon", "state": None, "country": "France", "lat": 45.74846, "lon": 4.84671}


def points_of(*studies: Study) -> pd.DataFrame:
    return site_points(listed(*studies), tables(studies)[1])


def point_at(**place: object) -> pd.DataFrame:
    return points_of(study(sites=[site(**place)]))


def cities(points: pd.DataFrame) -> list[str]:
    return points["city"].to_list()


# --- one row per point -----------------------------------------------------------------------


def test_sites_of_one_city_are_one_point() -> None:
    points = points_of(
        study(sites=[site(facility="One"), site(facility="Other"), site(**PARIS)]),
        study(numbered(2), sites=[site()]),
    )

    assert cities(points) == ["Paris", "Houston"]
    assert points["open_trials"].to_list() == [1, 2]
    assert points["nct_ids"].to_list() == ["NCT99000001", "NCT99000001, NCT99000002"]


def test_a_trial_with_an_open_and_a_shut_site_in_a_city_is_open_there() -> None:
    (point,) = points_of(study(sites=[site(status=SHUT), site()])).to_dict("records")

    assert (point["open_trials"], point["closed_trials"]) == (1, 0)


def test_open_trials_are_named_before_those_that_are_not() -> None:
    points = points_of(
        study(numbered(1), sites=[site(status=SHUT)]),
        study(numbered(2)),
        study(numbered(3), overall_status=SHUT),
        study(numbered(4)),
    )

    (point,) = points.to_dict("records")
    assert (point["open_trials"], point["closed_trials"]) == (2, 2)
    assert point["nct_ids"] == "NCT99000002, NCT99000004, NCT99000001, NCT99000003"


def test_a_point_is_as_exact_as_the_record() -> None:
    (point,) = point_at(lat=29.7633, lon=-95.36327).to_dict("records")

    assert (point["lat"], point["lon"]) == (29.7633, -95.36327)


@pytest.mark.parametrize("column", ["city", "state", "country"])
def test_a_point_whose_record_is_silent_on_its_place_is_kept(column: str) -> None:
    (point,) = point_at(**{column: None}).to_dict("records")

    assert pd.isna(point[column])
    assert point["open_trials"] == 1


def test_open_points_come_first_then_by_country_state_and_city() -> None:
    sites = [
        site(country="United States", state="Texas", city="Houston"),
        site(country="Austria", state=None, city="Wien", status=SHUT),
        site(country=None, state=None, city="Nowhere"),
        site(country="United States", state="Texas", city="Dallas"),
        site(country="United States", state="Ohio", city="Toledo"),
        site(country="France", state=None, city="Paris"),
        site(country="France", state=None, city="Lyon"),
    ]

    assert cities(points_of(study(sites=sites))) == [
        *("Lyon", "Paris", "Toledo", "Dallas", "Houston", "Nowhere"),
        "Wien",
    ]


def test_sites_of_trials_that_are_not_listed_are_left_out() -> None:
    studies = (study(), study(numbered(2), sites=[site(**PARIS), unplaced()]))
    listing = listed(studies[0])

    assert cities(site_points(listing, tables(studies)[1])) == ["Houston"]
    assert count_unplaced(listing, tables(studies)[1]) == (0, 0)


# --- what has no point -----------------------------------------------------------------------


def test_sites_without_a_point_are_counted_open_ones_apart() -> None:
    studies = [study(sites=[unplaced(), unplaced(), unplaced(status=SHUT), site()])]
    unplaced_sites = count_unplaced(listed(*studies), tables(studies)[1])

    assert (unplaced_sites.open, unplaced_sites.not_open) == (2, 1)


def test_no_site_is_lost_between_the_points_and_the_count() -> None:
    found = find(*Part, sample=True)
    for site_count in (0, 1, len(found.sites)):
        sites = found.sites.iloc[:site_count]
        listing = Listing(found.studies, ())
        points = site_points(listing, sites)
        placed = sites.dropna(subset=["lat", "lon"])

        assert len(placed) + sum(count_unplaced(listing, sites)) == len(sites)
        assert points[["open_trials", "closed_trials"]].to_numpy().sum() == len(
            placed[["lat", "lon", "city", "state", "country", "nct_id"]].drop_duplicates()
        )


# --- types -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sites",
    [(), (unplaced(),), (site(),), (site(state=None, city=None, country=None), site(status=SHUT))],
    ids=["none", "no point", "one", "silent"],
)
def test_columns_have_one_type_however_full_the_frame(sites: tuple[Site, ...]) -> None:
    points = points_of(study(sites=sites))

    assert {name: str(kind) for name, kind in points.dtypes.items()} == dict(POINT_TYPES)
    assert points.index.to_list() == list(range(len(points)))


def test_no_trials_give_no_points() -> None:
    points = points_of()

    assert points.empty
    assert {name: str(kind) for name, kind in points.dtypes.items()} == dict(POINT_TYPES)
    assert count_unplaced(listed(), tables([])[1]) == (0, 0)
    assert on_us_map(points).to_list() == []


# --- parts of the world ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lat", "lon", "country", "shown"),
    [
        (29.76, -95.36, "United States", True),
        (61.22, -149.90, "United States", True),  # Anchorage
        (21.31, -157.86, "United States", True),  # Honolulu
        (44.80, -68.77, "United States", True),  # Bangor
        (18.47, -66.11, "United States", False),  # San Juan, as some records have it
        (18.47, -66.11, "Puerto Rico", False),
        (43.71, -79.40, "Canada", False),
        (29.76, -95.36, None, False),
    ],
)
def test_the_map_of_the_states_shows_what_lies_in_a_state(
    lat: float, lon: float, country: str | None, shown: bool
) -> None:
    assert on_us_map(point_at(lat=lat, lon=lon, country=country)).to_list() == [shown]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("77030", True),
        ("Houston, TX", True),
        ("Honolulu, HI", True),
        ("Lyon, France", False),
        ("00901", False),
    ],
)
def test_a_place_lies_in_the_states_by_its_label(text: str, there: bool) -> None:
    assert is_in_us(resolve(text)) is there


@pytest.mark.parametrize(
    ("within_km", "unit", "reach"),
    [
        (None, "mi", 500 * KM_PER_MILE),
        (None, "km", 500),
        (200 * KM_PER_MILE, "mi", 200 * KM_PER_MILE),
        (25, "km", 100),
        (25 * KM_PER_MILE, "mi", 100 * KM_PER_MILE),
    ],
)
def test_a_map_reaches_as_far_as_was_asked_but_not_less_than_a_map_needs(
    within_km: float | None, unit: str, reach: float
) -> None:
    assert reach_of(within_km, unit) == reach


def test_points_up_to_the_ring_lie_within_it() -> None:
    points = points_of(study(sites=[site(km=99.9, city="Near"), site(km=100.1, city="Far")]))

    assert cities(points[is_within(points, HOUSTON, 100)]) == ["Near"]


def test_the_ring_is_closed_and_lies_at_its_distance_all_around() -> None:
    ring = ring_around(HOUSTON, 500)
    points = pd.DataFrame(ring, columns=["lon", "lat"])

    assert ring[0] == ring[-1]
    assert ring[0][::-1] == pytest.approx(north_of(HOUSTON, 500), abs=1e-3)
    assert is_within(points, HOUSTON, 500.2).all()
    assert not is_within(points, HOUSTON, 499.8).any()


def test_the_part_of_the_world_has_room_around_its_points() -> None:
    south, north, west, east = box_of(points_of(study(sites=[site(**PARIS), site(**LYON)])))

    # A place is a row of mixed types; these are numbers.
    assert south < LYON["lat"] < PARIS["lat"] < north  # type: ignore[operator]
    assert west < PARIS["lon"] < LYON["lon"] < east  # type: ignore[operator]
    assert north - south == pytest.approx(12)
    assert east - west == pytest.approx(12)


def test_the_part_of_the_world_holds_the_place_and_ends_before_the_poles() -> None:
    far_north = Place("Far north", 89.0, 100.0)
    box = box_of(point_at(**PARIS), far_north)

    assert box.north == 85
    assert box.east > 100
    assert box.west < 2.3488


def test_kilometers_of_the_builders_are_those_of_the_map() -> None:
    points = points_of(study(sites=[site(km=KM_PER_DEGREE)]))

    assert points["lat"].to_list() == pytest.approx([HOUSTON.lat + 1])
