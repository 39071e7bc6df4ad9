"""What is kept in the cache folder comes back whole or not at all; `test_snapshot` damages it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trialfinder.registry import kept


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "kept.gz"


@pytest.mark.parametrize("content", [b"", b"\n", b"one line", b"two\nlines\n", bytes(range(256))])
def test_any_content_comes_back(file: Path, content: bytes) -> None:
    assert kept.save(file, content)
    assert kept.load(file, bytes) == content


def test_nothing_kept_is_nothing_and_no_damage(file: Path) -> None:
    assert kept.load(file, bytes) is None
    assert not file.parent.exists()


@pytest.mark.parametrize("error", [ValueError, KeyError, TypeError, RecursionError])
def test_what_cannot_be_decoded_is_set_aside(file: Path, error: type[Exception]) -> None:
    def decode(content: bytes) -> str:
        raise error

    kept.save(file, b"[]")
    assert kept.load(file, decode) is None
    assert [entry.name for entry in file.parent.iterdir()] == ["kept.gz.damaged"]


def test_other_errors_are_ours_and_are_not_hidden(file: Path) -> None:
    kept.save(file, b"[]")
    with pytest.raises(AttributeError):
        kept.load(file, lambda content: json.loads(content).missing)
