"""The registry that is measured against: the one named in the environment, or the fixtures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.registry import LocalRegistry
from trialfinder.registry.client import registry_url

FIXTURES = Path(__file__).parents[1] / "fixtures" / "studies"


@contextmanager
def registry() -> Iterator[str]:
    """The base URL of a running registry."""
    if os.environ.get("TRIALFINDER_REGISTRY_URL"):
        yield registry_url()
        return
    with LocalRegistry.from_folder(FIXTURES, copies=10) as served:
        yield served.url
