"""The map and the pictures: what they say in words, and that nothing is shown by sight alone."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import builders
from tests.support.builders import HOUSTON, numbered, reading, site, study, unplaced
from tests.support.registry import HOSTILE
from trialfinder.finding.filters import Filters, filter_trials
from trialfinder.finding.places import KM_PER_MILE, Place, resolve
from trialfinder.finding.search import Found
from trialfinder.registry.parse import Site
from trialfinder.ui.search_form import Search
from trialfinder.vocabulary import Approach

SHUT = "COMPLETED"
LYON: dict[str, Any] = {
    "city": "Lyon",
    "state": None,
    "country": "France",
    "lat": 45.74846,
    "lon": 4.84671,
}


SCRIPT = """
import streamlit as st

from trialfinder.ui import pictures, site_map, state

listing, found, search = st.session_state["given"]
state.begin()
site_map.show(listing, found, search)
pictures.show(listing, search)
"""


def draw(
    found: Found,
    near: Place | None = None,
    within_km: float | None = None,
    *,
    unit: str = "mi",
    sample: bool = False,
    is_open: bool = True,
) -> AppTest:
    """The map and the pictures of all these studies."""
    filters = Filters(**builders.ANY, near=near)
    listing = filter_trials(found.studies, found.sites, filters)
    search = Search(Filters(**builders.ANY, near=near, within_km=within_km), unit)
    page = AppTest.from_string(SCRIPT, default_timeout=30)
    page.session_state["given"] = (listing, found, search)
    page.session_state["sample"] = sample
    page.session_state["map"] = page.session_state["pictures"] = is_open
    page.run()
    assert not page.exception
    return page


def sites(*some: Site) -> Found:
    return builders.found(study(sites=some))


def texts(page: AppTest) -> list[str]:
    return [element.value for element in page.text]


def charts(page: AppTest) -> list[Any]:
    return [element.proto for element in page.get("vega_lite_chart")]


def map_of(page: AppTest) -> Any:
    return charts(page)[0]


def layers(chart: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(chart.spec)["layer"]
    return found


def projection(page: AppTest) -> str:
    kind: str = layers(map_of(page))[0]["projection"]["type"]
    return kind


# --- opened and closed -----------------------------------------------------------------------


def test_closed_boxes_cost_nothing() -> None:
    page = draw(sites(site()), is_open=False)

    assert [box.label for box in page.expander] == ["Map of the sites", "Your list in pictures"]
    assert charts(page) == []


def test_without_trials_there_is_neither_map_nor_picture() -> None:
    assert not draw(builders.found()).expander


def test_samples_are_marked_in_each_box() -> None:
    for sample, count in ((True, 2), (False, 0)):
        page = draw(sites(site()), sample=sample)
        assert sum(c.value.startswith("SAMPLE:") for c in page.caption) == count


# --- the map ---------------------------------------------------------------------------------


def test_the_map_says_in_words_what_it_shows() -> None:
    page = draw(sites(site(), site(km=100, city="Dallas"), site(**LYON, status=SHUT)))

    assert map_of(page).alt == (
        "Map of the United States. It shows 2 cities with an open site."
        " The lists below name all cities."
    )
    assert "1 more city lies outside this map. The lists below name it." in texts(page)


def test_a_map_with_a_shut_site_and_a_place_says_so_too() -> None:
    page = draw(sites(site(), site(km=100, city="Dallas", status=SHUT)), HOUSTON)

    assert map_of(page).alt == (
        "Map of the United States. It shows 1 city with an open site."
        " It shows 1 city where no site is open."
        " The place you entered is marked: Houston, Texas, United States."
        " The lists below name all cities."
    )


def test_what_is_drawn_is_hidden_from_screen_readers_which_have_the_words() -> None:
    for chart in charts(draw(sites(site(), site(**LYON, status=SHUT)), HOUSTON)):
        assert chart.alt
        for layer in layers(chart):
            assert layer["mark"]["aria"] is False


def test_open_and_shut_differ_in_shape_and_colour_and_are_named() -> None:
    page = draw(sites(site(), site(km=100, city="Dallas", status=SHUT)), HOUSTON)
    marks = layers(map_of(page))[-2]["encoding"]
    words = ["City with an open site", "City where no site is open", "The place you entered"]

    for channel in ("color", "shape"):
        scale = marks[channel]["scale"]
        assert scale["domain"] == words
        assert len(set(scale["range"])) == len(words)


def test_only_marks_that_are_there_are_in_the_legend() -> None:
    (_, marks) = layers(map_of(draw(sites(site()))))

    assert marks["encoding"]["shape"]["scale"]["domain"] == ["City with an open site"]


def test_nothing_is_fetched() -> None:
    for near in (None, HOUSTON, resolve("Lyon, France")):
        for chart in charts(draw(sites(site(), site(**LYON)), near)):
            assert '"url"' not in chart.spec
            assert "http" not in chart.spec.replace("https://vega.github.io/schema/", "")


@pytest.mark.parametrize(
    ("some", "place", "drawn"),
    [
        ([site()], None, "albersUsa"),
        ([site(), site(**LYON, status=SHUT)], None, "albersUsa"),  # all open ones
        ([site(status=SHUT)], None, "albersUsa"),
        ([site(), site(**LYON)], None, "equalEarth"),
        ([site(**LYON)], None, "azimuthalEqualArea"),
        ([site(), site(**LYON)], "Houston, TX", "albersUsa"),
        ([site(**LYON)], "Houston, TX", "azimuthalEqualArea"),
        ([site(), site(**LYON)], "Lyon, France", "azimuthalEqualArea"),
    ],
)
def test_the_part_of_the_world_follows_the_sites_and_the_place(
    some: list[Site], place: str | None, drawn: str
) -> None:
    assert projection(draw(sites(*some), place and resolve(place))) == drawn


def test_the_part_of_the_world_can_be_chosen() -> None:
    page = draw(sites(site(), site(**LYON)), resolve("Lyon, France"), 300 * KM_PER_MILE)
    (choice,) = page.segmented_control

    assert choice.label == "Part of the world"
    assert choice.options == [
        "Within 300 mi of your place",
        "The United States",
        "All sites",
    ]
    choice.set_value("us").run()
    assert projection(page) == "albersUsa"
    assert "Lyon" not in map_of(page).alt  # it lies outside
    choice.set_value("world").run()
    assert map_of(page).alt.startswith("Map of all sites. It shows 2 cities with an open site.")


def test_there_is_no_choice_where_there_is_one_map() -> None:
    assert not draw(sites(site(**LYON))).segmented_control


def test_around_a_place_the_ring_is_told_and_what_lies_beyond_it_counted() -> None:
    paris = LYON | {"city": "Paris", "lat": 48.85341, "lon": 2.3488}
    some = sites(site(**LYON), site(**paris), site())
    page = draw(some, resolve("Lyon, France"), 100, unit="km")

    assert map_of(page).alt == (
        "Map of 100 km around the place you entered. It shows 1 city with an open site."
        " The place you entered is marked: Lyon, France. The lists below name all cities."
    )
    assert texts(page)[:2] == [
        "The ring lies 100 km from Lyon, France.",
        "2 more cities lie outside the ring. The lists below name them.",
    ]


# --- the lists -------------------------------------------------------------------------------


def test_the_lists_name_every_city_with_its_trials() -> None:
    found = builders.found(
        study(numbered(1), sites=[site(), site(**LYON, status=SHUT)]),
        study(numbered(2), sites=[site(status=SHUT), site(**LYON, status=SHUT)]),
        study(numbered(3), sites=[site(city="Dallas")]),
    )
    page = draw(found)
    lists = {e.label: e.proto.expanded for e in page.expander if "cit" in e.label}

    assert lists == {
        "2 cities with an open site": True,
        "Not on this map: 1 city where no site is open": True,
    }
    assert texts(page)[1:3] == [
        (
            "United States\n"
            "• Dallas, Texas: 1 trial with an open site (NCT99000003)\n"
            "• Houston, Texas: 1 trial with an open site (NCT99000001);"
            " 1 trial whose site is not open (NCT99000002)"
        ),
        "France\n• Lyon: 2 trials whose site is not open (NCT99000001, NCT99000002)",
    ]


def test_a_long_list_of_cities_is_counted_and_opened_on_demand() -> None:
    page = draw(sites(*(site(city=f"City {number}", lat=30 + number) for number in range(13))))
    (cities,) = (e for e in page.expander if "cities" in e.label)

    assert cities.label == "13 cities with an open site"
    assert not cities.proto.expanded
    assert sum(text.count("• City ") for text in texts(page)) == 13


def test_cities_on_the_map_come_before_the_others() -> None:
    page = draw(sites(site(), site(**LYON)), HOUSTON)

    assert [text.split("\n")[0] for text in texts(page)[1:3]] == ["United States", "France"]


def test_a_site_whose_record_names_no_place_is_listed_all_the_same() -> None:
    page = draw(sites(site(city=None, state=None, country=None)))

    silent = "the record does not say: ask"
    assert f"{silent}\n• {silent}: 1 trial with an open site (NCT99000001)" in texts(page)


def test_sites_without_a_point_are_counted() -> None:
    page = draw(sites(site(), unplaced(), unplaced(), unplaced(status=SHUT)))
    words = "\n".join(texts(page))

    assert "2 open sites are not on the map or in these lists" in words
    assert "1 site that is not open is missing here too" in words


def test_without_any_point_there_is_no_map() -> None:
    page = draw(sites(unplaced()))

    assert "There is no map" in texts(page)[0]
    assert "1 open site is not on the map or in these lists" in texts(page)[1]
    assert len(charts(page)) == 2  # the pictures


def test_names_of_the_registry_are_text_and_nothing_else() -> None:
    page = draw(sites(site(city=HOSTILE, state=HOSTILE, country=HOSTILE)), HOUSTON)

    assert HOSTILE in "\n".join(texts(page))
    for kind in (page.markdown, page.caption, page.warning):
        assert not [element.value for element in kind if "HYPERLINK" in element.value]
    for chart in charts(page):
        assert "HYPERLINK" not in chart.spec  # it lies in the data, for the tooltip
        assert "HYPERLINK" not in chart.alt


# --- the outlines ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["world.json", "us_states.json"])
def test_outlines_are_sound(name: str) -> None:
    topology = json.loads(files("trialfinder").joinpath("data", name).read_text("utf-8"))
    arcs = topology["arcs"]
    areas = topology["objects"]["outlines"]["geometries"]
    rings = [ring for area in areas for polygon in area["arcs"] for ring in polygon]

    assert {index if index >= 0 else ~index for ring in rings for index in ring} == set(
        range(len(arcs))
    )
    for ring in rings:
        for one, after in zip(ring, [*ring[1:], ring[0]], strict=True):
            assert ends(arcs, one)[1] == ends(arcs, after)[0]


def test_outlines_are_small() -> None:
    folder = files("trialfinder").joinpath("data")
    both = [folder.joinpath(name).read_bytes() for name in ("world.json", "us_states.json")]

    assert sum(map(len, both)) < 250_000
    assert sum(len(gzip.compress(one)) for one in both) < 60_000


def ends(arcs: list[list[list[int]]], index: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where an arc begins and ends in the direction in which it is run along."""
    arc = arcs[index if index >= 0 else ~index]
    first, last = tuple(arc[0]), (sum(x for x, _ in arc), sum(y for _, y in arc))
    begins = (first[0], first[1])
    return (begins, last) if index >= 0 else (last, begins)


# --- the pictures ----------------------------------------------------------------------------


def pictures(page: AppTest) -> list[str]:
    """What the pictures say to those who do not see them."""
    return [chart.alt for chart in charts(page) if chart.alt.startswith("Bar chart.")]


def test_pictures_say_their_numbers_twice_in_words() -> None:
    found = builders.found(
        study(numbered(1), phases=("PHASE1", "PHASE2")),
        study(numbered(2), phases=()),
        readings={
            numbered(1): reading(numbered(1), approaches=(Approach.TKI,)),
            numbered(2): reading(numbered(2), approaches=(Approach.TKI, Approach.CHEMOTHERAPY)),
        },
    )
    page = draw(found)
    approaches, phases = pictures(page)

    assert approaches == (
        "Bar chart. Trials by what they test: TKI: 2; Immunotherapy: 0; Chemotherapy: 1;"
        " Transplant: 0; Other targeted medicine: 0; Watching or support: 0;"
        " The record does not make it clear: 0."
    )
    assert "Trial phase 1: 1; Trial phase 2: 1; " in phases
    assert texts(page)[-1].split("\n")[1:3] == [
        "• Trial phase 1: 1 trial",
        "• Trial phase 2: 1 trial",
    ]
    assert "• TKI: 2 trials" in texts(page)[-2]


def test_it_is_said_when_a_trial_counts_twice() -> None:
    twice = "counts for both."
    for phases, said in ((("PHASE1", "PHASE2"), True), (("PHASE2",), False)):
        page = draw(builders.found(study(phases=phases)))
        assert any(caption.value.endswith(twice) for caption in page.caption) is said


def test_distances_are_pictured_once_they_are_known() -> None:
    found = builders.found(
        study(numbered(1), sites=[site(km=10)]),
        study(numbered(2), sites=[site(km=900)]),
        study(numbered(3), sites=[unplaced()]),
    )

    assert len(pictures(draw(found))) == 2
    page = draw(found, HOUSTON, unit="km")
    assert pictures(page)[-1] == (
        "Bar chart. Trials by distance to the nearest open site: Up to 50 km: 1;"
        " Over 50 to 100 km: 0; Over 100 to 200 km: 0; Over 200 to 500 km: 0; Over 500 km: 1;"
        " Distance not known: 1."
    )
    assert "• Up to 50 km: 1 trial" in texts(page)[-1]


def test_no_picture_of_distances_where_none_is_known() -> None:
    assert len(pictures(draw(sites(unplaced()), HOUSTON))) == 2


def test_a_trial_phase_that_we_do_not_know_is_counted_as_another() -> None:
    assert "Another trial phase: 1" in pictures(draw(builders.found(study(phases=("PHASE5",)))))[1]
