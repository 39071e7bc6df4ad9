"""How many records a second one core reads: CML records and records of any condition.

Processor time, the best of three rounds; on real records where they lie beside the project, else
on the fixtures. Reading alone, and reading with parsing the JSON line.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.subject import FIXTURES
from tests.conftest import SHARED
from trialfinder import read_study

ROUNDS = 3


def main() -> None:
    """Measure and print."""
    folder = SHARED / "registry"
    files = [folder / "cml-converted.jsonl.gz", folder / "native-v2.jsonl.gz"]
    subjects = {file.name: _lines(file) for file in files if file.is_file()}
    subjects = subjects or {"fixtures": [p.read_text("utf-8") for p in FIXTURES.glob("*.json")]}
    for name, lines in subjects.items():
        parsed = [json.loads(line) for line in lines]
        alone = _best(lambda parsed=parsed: [read_study(record) for record in parsed])
        both = _best(lambda lines=lines: [read_study(json.loads(line)) for line in lines])
        print(
            f"{name}: {len(lines)} records; reading {len(lines) / alone:,.0f} a second,"
            f" with parsing {len(lines) / both:,.0f}"
        )


def _lines(file: Path) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines()


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


if __name__ == "__main__":
    main()
