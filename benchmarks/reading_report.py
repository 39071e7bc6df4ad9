"""How the reader does on labelled records: confusion table, figures, and every miss.

python -m benchmarks.reading_report [FILE ...]; without FILE all labels of this project. Needs the
real records beside the project.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.support.labelled import LABELS, batch, score
from trialfinder.vocabulary import Relevance

ABOUT = {
    "relevance": "relevance",
    "quote": "relevance",
    "cml_phases": "cml_phase:",
    "approaches": "approach:",
    "t315i": "t315i",
    "min_prior_tkis": "min_prior_tkis",
}
"""What the evidence for each labelled facet is about."""


def main(names: list[str]) -> None:
    """Print the report of ``names``, or of all labels kept here."""
    files = [Path(name) for name in names] or sorted(LABELS.glob("*.jsonl"))
    labelled = [label for file in files for label in batch(file)]
    figures, misses, readings = score(labelled)
    table = Counter(
        ("/".join(label["accept"]), reading["relevance"])
        for label, reading in zip(labelled, readings, strict=True)
    )
    said = [relevance.value for relevance in Relevance]
    print(f"{'label':>10} | " + " ".join(f"{word:>5}" for word in said))
    for accept in sorted({accept for accept, _ in table}):
        print(f"{accept:>10} | " + " ".join(f"{table[accept, word]:>5}" for word in said))
    print()
    for name, value in figures.items():
        print(f"{name:24} {value:.3f}" if isinstance(value, float) else f"{name:24} {value}")
    by_id = {reading["nct_id"]: reading for reading in readings}
    for miss in misses:
        nct_id, facet = miss.partition(":")[0].split(" ", 1)
        print(f"\n{miss}")
        for item in by_id[nct_id]["evidence"]:
            if item["about"].startswith(ABOUT[facet]):
                where = item["field"].rpartition(".")[2]
                print(f"    {item['about']} ({where}): {' '.join(item['quote'].split())}")


if __name__ == "__main__":
    main(sys.argv[1:])
