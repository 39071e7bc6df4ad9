"""Real records through the strict stand-in for the registry, counted a second time by hand.

Neither lies in this repository; without them these tests are skipped. The counting below shares no
code with the product: it reads the raw records. All records that name CML are served, and a third
of the others: the stand-in takes its time.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import re
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from tests.conftest import SHARED
from trialfinder import cli, find, read_study
from trialfinder.finding.places import resolve
from trialfinder.finding.search import Found
from trialfinder.registry.client import RegistryClient
from trialfinder.vocabulary import FoundBy, Part, Relevance

pytestmark = pytest.mark.skipif(
    not (SHARED / "tools" / "registry.py").is_file(),
    reason="the real records are not beside this project",
)

Record = dict[str, Any]
EVERY_RELEVANCE = tuple(f"--relevance={relevance}" for relevance in Relevance)
"""What a record says is not counted by hand here, so it must not decide what is listed."""

OPEN = {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"}


# --- counted by hand -------------------------------------------------------------------------


CML = re.compile(
    r"(?<!\w)(?:cml|chronic\s+(?:myeloid|myelogenous|myelocytic|granulocytic)\s+leuka?emia"
    r"|leuka?emia,\s+(?:myelogenous|myeloid),\s+chronic)(?!\w)",
    re.IGNORECASE,
)


@cache
def records() -> dict[str, Record]:
    found = {}
    for file in sorted((SHARED / "registry").glob("*.jsonl.gz")):
        for number, line in enumerate(gzip.decompress(file.read_bytes()).decode().splitlines()):
            record = json.loads(line)
            if number % 3 == 0 or named_in_condition(record) or named_in_criteria(record):
                found[record["protocolSection"]["identificationModule"]["nctId"]] = record
    return found


def module(record: Record, name: str) -> Record:
    return record["protocolSection"].get(name, {})


def named_in_condition(record: Record) -> bool:
    titles = module(record, "identificationModule")
    conditions = module(record, "conditionsModule")
    mesh = record.get("derivedSection", {}).get("conditionBrowseModule", {})
    texts = [
        titles.get("briefTitle", ""),
        titles.get("officialTitle", ""),
        *conditions.get("conditions", []),
        *conditions.get("keywords", []),
        *(term["term"] for key in ("meshes", "ancestors") for term in mesh.get(key, [])),
    ]
    return any(CML.search(text) for text in texts)


def named_in_criteria(record: Record) -> bool:
    return bool(CML.search(module(record, "eligibilityModule").get("eligibilityCriteria", "")))


def status(record: Record) -> str:
    return module(record, "statusModule").get("overallStatus", "")


@cache
def by_hand() -> dict[str, FoundBy]:
    """Every CML record and the way in that it has."""
    found = {}
    for nct_id, record in records().items():
        if named_in_condition(record):
            found[nct_id] = FoundBy.CONDITION
        elif named_in_criteria(record):
            found[nct_id] = FoundBy.ELIGIBILITY
    return found


def miles(lat: float, lon: float, point: dict[str, float]) -> float:
    p, q = math.radians(lat), math.radians(point["lat"])
    across = math.radians(point["lon"] - lon)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h)) / 1.609344


def phase_2_near(place: str, limit: float) -> set[str]:
    """Open, giving a treatment, in phase 2, with an open US site within so many miles of a place.

    A study whose open US sites lie farther but for one without a point stays in as well.
    """
    here = resolve(place)
    found = set()
    for nct_id in by_hand():
        record = records()[nct_id]
        design = module(record, "designModule")
        if status(record) not in OPEN:
            continue
        if design.get("studyType", "INTERVENTIONAL") == "OBSERVATIONAL":
            continue
        if "PHASE2" not in design.get("phases", []):
            continue
        for site in module(record, "contactsLocationsModule").get("locations", []):
            is_open = site.get("status") in (None, "RECRUITING", status(record))
            if site.get("country") != "United States" or not is_open:
                continue
            point = site.get("geoPoint")
            if point is None or miles(here.lat, here.lon, point) <= limit:
                found.add(nct_id)
    return found


# --- asked of the stand-in -------------------------------------------------------------------


class Stand(NamedTuple):
    """The stand-in while it serves."""

    url: str
    log: Path

    def fault(self, name: str, times: int) -> None:
        root = self.url.removesuffix("/api/v2")
        requests.post(f"{root}/__fault", params={"name": name, "times": str(times)}, timeout=5)

    def stats(self) -> dict[str, Any]:
        answer = requests.get(f"{self.url.removesuffix('/api/v2')}/__stats", timeout=5)
        return dict(answer.json())


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    folder = tmp_path_factory.mktemp("stand")
    served, log = folder / "records.jsonl", folder / "requests.log"
    served.write_text("\n".join(json.dumps(record) for record in records().values()))
    script = str(SHARED / "tools" / "registry.py")
    command = [sys.executable, "-u", script, "--port", "0"]
    command += ["--data", str(folder), "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:  # noqa: S603
        try:
            assert serving.stdout is not None
            assert select.select([serving.stdout], [], [], 60)[0], "it did not start in a minute"
            yield Stand(serving.stdout.readline().split()[-1], log)
        finally:
            serving.terminate()


@pytest.fixture(scope="module")
def whole(stand: Stand, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Both parts, as find() brings them."""
    stand.fault("", 0)
    folder = tmp_path_factory.mktemp("cache")
    return find(Part.OPEN, Part.CLOSED, base_url=stand.url, cache_dir=folder)


@pytest.fixture
def run(
    stand: Stand,
    whole: Found,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """The command line in this process, without its pauses; the stand-in has its answers ready."""
    monkeypatch.setitem(RegistryClient.__init__.__kwdefaults__, "sleep", lambda _: None)
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", stand.url)

    def ran(*arguments: str) -> tuple[int, str, str]:
        return cli.main(arguments), *capsys.readouterr()

    yield ran
    stand.fault("", 0)


def test_every_cml_record_comes_once_by_the_way_that_it_has(whole: Found) -> None:
    came = {nct_id: one.found_by for nct_id, one in whole.by_id.items()}

    assert came == by_hand()
    assert whole.studies["nct_id"].to_list() == sorted(by_hand())


def test_the_parts_and_their_numbers_are_those_counted_by_hand(whole: Found) -> None:
    are_open = Counter(status(records()[nct_id]) in OPEN for nct_id in by_hand())

    assert whole.parts[Part.OPEN].count == whole.parts[Part.OPEN].expected == are_open[True]
    assert whole.parts[Part.CLOSED].count == whole.parts[Part.CLOSED].expected == are_open[False]
    assert whole.closed_total == are_open[False]
    assert all(one.complete and not one.unreadable for one in whole.parts.values())


def test_nothing_of_a_record_is_lost_on_the_way_into_the_tables(whole: Found) -> None:
    rows = whole.studies.set_index("nct_id")
    for nct_id, study in whole.by_id.items():
        record = records()[nct_id]
        locations = module(record, "contactsLocationsModule").get("locations", [])
        assert rows.loc[nct_id, "overall_status"] == status(record)
        assert list(study.phases) == module(record, "designModule").get("phases", [])
        assert len(study.sites) == len(locations)
        assert [site.lat is None for site in study.sites] == [
            "geoPoint" not in location for location in locations
        ]
    assert len(whole.sites) == sum(len(study.sites) for study in whole.by_id.values())


def test_every_study_has_the_reading_of_its_own_record(whole: Found) -> None:
    assert set(whole.readings) == set(whole.by_id)
    for nct_id, reading in whole.readings.items():
        assert reading == read_study(records()[nct_id])
        for one in reading.evidence:
            text: Any = records()[nct_id]
            for key, number in re.findall(r"(\w+)|\[(\d+)\]", one.field):
                text = text[key] if key else text[int(number)]
            assert text[one.start : one.end] == one.quote, (nct_id, one)


def test_no_open_study_is_left_out_without_a_reason(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    ended, out, _ = run("search", "--cml-phase=blast", "--approach=tki", "--format=json")
    document = json.loads(out)
    named = [one["nct_id"] for one in document["studies"]]
    named += [i for step in document["ledger"] for ids in step["removed"].values() for i in ids]

    assert ended == 0
    assert document["studies"]
    assert sorted(named) == [one for one in sorted(by_hand()) if status(records()[one]) in OPEN]


def test_no_request_was_refused_and_none_says_more_than_cml(stand: Stand, whole: Found) -> None:
    asked = stand.stats()["paths"]
    root = stand.url.removesuffix("/api/v2")

    assert len(asked) > 4
    for path in asked:
        assert requests.get(root + path, timeout=60).status_code == 200, path
    assert len(stand.log.read_text().splitlines()) >= len(asked)
    assert not re.search(r"(?i)houston|phase2|geo|locn|age=", "\n".join(asked))


def test_small_pages_bring_the_same_as_large_ones(stand: Stand, whole: Found) -> None:
    pages: list[int] = []
    with RegistryClient(stand.url, page_size=20) as client:
        download = client.download(Part.OPEN, lambda progress: pages.append(progress.page))

    assert download.complete
    assert max(pages) > 3
    assert set(download.records) == {
        nct_id for nct_id in by_hand() if status(records()[nct_id]) in OPEN
    }


def test_the_example_of_the_product_gives_what_is_counted_by_hand(
    stand: Stand, whole: Found, tmp_path: Path
) -> None:
    arguments = [
        *EVERY_RELEVANCE,
        *("--phase", "PHASE2", "--country", "United States"),
        *("--near", "Houston, TX", "--within", "200mi"),
        *("--format", "csv", "--output", str(tmp_path / "out.csv")),
    ]
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "trialfinder.cli", "search", *arguments],
        env=os.environ | {"TRIALFINDER_REGISTRY_URL": stand.url},
        capture_output=True,
        check=False,
        timeout=60,
    )
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
    listed = [line[1:12] for line in lines if re.match(r'"NCT\d{8}",', line)]

    assert (ran.returncode, ran.stdout) == (0, b"")
    assert len(listed) == len(set(listed)) > 0
    assert set(listed) == phase_2_near("Houston, TX", 200)


@pytest.mark.parametrize(
    ("place", "limit"),
    [("Houston, TX", 575), ("Houston, TX", 1000), ("Chicago, IL", 200), ("Boston, MA", 300)],
)
def test_other_places_and_distances_give_what_is_counted_by_hand(
    run: Callable[..., tuple[int, str, str]], place: str, limit: int
) -> None:
    wishes = (*EVERY_RELEVANCE, "--phase", "PHASE2", "--country", "United States")
    ended, out, _ = run("search", *wishes, "--near", place, "--within", f"{limit}mi")

    assert ended == 0
    assert set(re.findall(r"^(NCT\d{8})", out, re.MULTILINE)) == phase_2_near(place, limit) != set()


# --- faults ----------------------------------------------------------------------------------

ALL = 1000
FAULTS = [
    *(("http-503", 2), ("reset", 2), ("truncated", 2), ("html-200", 2)),
    *(("http-503", ALL), ("http-429", ALL), ("html-200", ALL), ("blocked-403", ALL)),
    *(("reset", ALL), ("truncated", ALL), ("bad-json", ALL)),
    *(("duplicate", ALL), ("empty-page", ALL), ("endless-token", ALL)),
    *(("missing-modules", ALL), ("wrong-types", ALL), ("hostile-text", ALL)),
]


@pytest.fixture(scope="module")
def sound() -> set[str]:
    """What a search without filters lists when nothing is wrong."""
    return {
        nct_id
        for nct_id in by_hand()
        if status(records()[nct_id]) in OPEN
        and module(records()[nct_id], "designModule").get("studyType") != "OBSERVATIONAL"
    }


@pytest.mark.parametrize(("fault", "times"), FAULTS)
def test_whatever_goes_wrong_no_trial_is_missing_without_a_word(
    stand: Stand,
    run: Callable[..., tuple[int, str, str]],
    sound: set[str],
    fault: str,
    times: int,
) -> None:
    stand.fault(fault, times)
    ended, out, err = run("search", *EVERY_RELEVANCE)
    listed = set(re.findall(r"^(NCT\d{8})", out, re.MULTILINE))

    assert (
        (ended == 0 and listed >= sound)
        or (ended == 3 and "This does not mean that there are no trials." in err)
        or "Some trials may be missing" in err
    )
    assert ended == 3 or listed
    assert "\x1b" not in out + err


def test_a_fault_leaves_the_saved_answer(
    stand: Stand, run: Callable[..., tuple[int, str, str]], sound: set[str]
) -> None:
    fresh = run("search", *EVERY_RELEVANCE)
    stand.fault("blocked-403", ALL)
    ended, out, err = run("search", *EVERY_RELEVANCE)

    assert fresh[0] == 0
    assert set(re.findall(r"^(NCT\d{8})", fresh[1], re.MULTILINE)) == sound
    assert (ended, out) == (4, fresh[1])
    assert "These data are not fresh" in err
