"""A registry that answers as scripted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.scripted import Scripted


@pytest.fixture
def registry() -> Iterator[Scripted]:
    """No network and no waiting."""
    with Scripted() as scripted, scripted.client:
        yield scripted
