"""From ``find()`` to filtered tables, against the bare download of the same bytes."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

from benchmarks.subject import registry
from trialfinder import Filters, filter_trials, find, resolve
from trialfinder.registry.query import count_params, walk_params
from trialfinder.registry.snapshot import SnapshotStore
from trialfinder.vocabulary import FoundBy, Part, TrialPhase

RUNS = 9
HOUSTON = resolve("Houston, TX")
FILTERS = Filters(
    trial_phases=[TrialPhase.PHASE2], country="United States", near=HOUSTON, within_km=320
)


def main() -> None:
    """Print medians for the open part and for both parts together."""
    with registry() as url:
        print(f"registry: {url}, {RUNS} runs, medians")
        for name, parts in (("open", (Part.OPEN,)), ("open and closed", tuple(Part))):
            with tempfile.TemporaryDirectory() as folder:
                # The first run of each warms up; that of whole() also saves the readings.
                size, studies = bare(url, parts), whole(url, parts, Path(folder))
                bare_s = median(lambda parts=parts: bare(url, parts))
                again_s = median(lambda parts=parts, kept=Path(folder): whole(url, parts, kept))
            first_s = median(lambda parts=parts: first(url, parts))
            print(
                f"{name}: {studies} studies, {size / 1e6:.1f} MB of JSON; "
                f"bare download and json.loads {bare_s * 1000:.0f} ms; find() to filtered tables: "
                f"{again_s * 1000:.0f} ms with every record read before, "
                f"ratio {again_s / bare_s:.2f}; "
                f"{first_s * 1000:.0f} ms with none, ratio {first_s / bare_s:.2f}"
            )


def bare(url: str, parts: tuple[Part, ...]) -> int:
    """The same requests with nothing done to their answers but ``json.loads``; bytes of JSON."""
    size = 0
    with requests.Session() as session:
        asked: list[tuple[str, dict[str, str]]] = [("version", {})] * len(parts)
        for part in parts:
            asked += [("studies", walk_params(way, part, 1000)) for way in FoundBy]
        if Part.OPEN in parts:
            asked += [("studies", count_params(way, Part.CLOSED)) for way in FoundBy]
        for path, params in asked:
            content = session.get(f"{url}/{path}", params=params, timeout=60).content
            json.loads(content)
            size += len(content)
    return size


def whole(url: str, parts: tuple[Part, ...], folder: Path) -> int:
    """Download, parse, read, save, tables, filters; how many studies there were.

    Readings stay in ``folder``, studies do not.
    """
    found = find(*parts, base_url=url, cache_dir=folder)
    filter_trials(found.studies, found.sites, FILTERS)
    for part in parts:
        SnapshotStore(folder, url).path(part).unlink()
    return len(found.studies)


def first(url: str, parts: tuple[Part, ...]) -> int:
    """The same with nothing saved."""
    with tempfile.TemporaryDirectory() as folder:
        return whole(url, parts, Path(folder))


def median(action: Callable[[], object]) -> float:
    """Seconds that ``action`` takes, the median of `RUNS`."""
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
