"""The reader against labelled real records; skipped where they are not beside this project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.labelled import GOLD, LABELS, LEAST, RECORDS, batch, score

pytestmark = pytest.mark.skipif(
    not (GOLD / "score.py").is_file() or not RECORDS.is_file(),
    reason="the labelled records are not beside this project",
)

SUBJECTS = [GOLD / "dev.jsonl", *sorted(LABELS.glob("*.jsonl"))]


def test_labels_are_kept_with_the_tests() -> None:
    assert len(SUBJECTS) > 4


@pytest.mark.parametrize("file", SUBJECTS, ids=lambda file: file.stem)
def test_reads_labelled_records_as_well_as_it_did(file: Path) -> None:
    figures, misses, _ = score(batch(file))
    below = {name: figures[name] for name, least in LEAST.items() if figures[name] < least}
    assert not below, "\n".join(misses)
    assert figures["yes_called_no"] <= 1
