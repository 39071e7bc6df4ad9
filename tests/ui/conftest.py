"""The page in process, on the invented samples or on a registry of the test's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.support import builders
from tests.support.registry import LocalRegistry
from tests.ui.reading import Alone, These
from trialfinder.reading import Reading
from trialfinder.registry.parse import Study


@pytest.fixture(autouse=True)
def empty_library() -> Iterator[None]:
    """What one test loaded is not there for the next."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record is written for people whose TKI failed, and its title says so.

    What the reader makes of a record is the business of `tests/reading`.
    """

    def read(record: Mapping[str, Any]) -> Reading:
        named = record["protocolSection"]["identificationModule"]
        title = builders.evidence(
            named.get("briefTitle", "No title"), field="protocolSection.identificationModule"
        )
        return builders.reading(named["nctId"], evidence=(title,))

    monkeypatch.setattr("trialfinder.finding.readings.read_study", read)


@pytest.fixture
def unopened(read_alike: None) -> AppTest:
    """The page before its first run."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


@pytest.fixture
def page(unopened: AppTest) -> AppTest:
    """The page in sample mode, opened."""
    unopened.session_state["sample"] = True
    unopened.run()
    assert not unopened.exception
    return unopened


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalRegistry]:
    """The samples served as the real registry would, and the page told to ask there."""
    with LocalRegistry.from_folder(ROOT / "fixtures" / "studies") as served:
        served.data_timestamp = "2026-11-20T09:00:05"
        monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", served.url)
        yield served


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without waiting."""
    monkeypatch.setattr("trialfinder.registry.client._FIRST_PAUSE", 0.0)


@pytest.fixture
def these(unopened: AppTest, monkeypatch: pytest.MonkeyPatch) -> These:
    """The page with these readings alone, each of a study that says little else."""

    def with_only(*readings: Reading) -> AppTest:
        by_id = {str(one.nct_id): one for one in readings}
        found = builders.found(*map(builders.study, by_id), readings=by_id)
        monkeypatch.setattr("trialfinder.ui.library.find", lambda *_, **__: found)
        unopened.run()
        assert not unopened.exception
        return unopened

    return with_only


@pytest.fixture
def alone(unopened: AppTest, monkeypatch: pytest.MonkeyPatch) -> Alone:
    """The page with one study alone, as if the registry had sent it, whatever its status."""

    def with_only(study: Study) -> AppTest:
        found = builders.found(study)
        monkeypatch.setattr("trialfinder.ui.library.find", lambda *_, **__: found)
        unopened.session_state["status"] = ()
        unopened.session_state["study_type"] = ()
        unopened.run()
        assert not unopened.exception
        return unopened

    return with_only
