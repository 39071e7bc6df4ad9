"""A real Chromium on the real page.

Without a browser these tests skip, except where ``TRIALFINDER_BROWSER=required`` says that one must
be there. ``TRIALFINDER_BROWSER`` can also name the browser's path.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT
from tests.support.registry import LocalRegistry

WIDTHS = (1280, 375)
_REQUIRED = "required"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--no-sandbox",  # containers run as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    wish = os.environ.get("TRIALFINDER_BROWSER", "")
    named = wish if wish and wish != _REQUIRED else None
    path = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        if wish == _REQUIRED:
            pytest.fail("no Chromium on this machine, and TRIALFINDER_BROWSER requires one")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


class Site:
    """A running page: its address, and every request that a browser tab made from it."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url = url
        self.requests: list[str] = []
        self._browser = browser

    def open(self, width: int = 1280) -> Page:
        """A new tab, settled."""
        tab = self._browser.new_page(viewport={"width": width, "height": 900})
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.goto(self.url)
        tab.get_by_role("heading", level=1).wait_for()
        settle(tab)
        return tab

    def outside(self) -> list[str]:
        """Requests that went anywhere but to this page's own server."""
        own = (self.url, self.url.replace("http", "ws"), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


def settle(tab: Page) -> None:
    """Wait until Streamlit has drawn what it is drawing."""
    tab.wait_for_function(
        "() => { const app = document.querySelector('[data-testid=stApp]');"
        " return app && app.getAttribute('data-test-script-state') === 'notRunning'; }"
    )
    tab.wait_for_function(
        "() => !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
    )


@pytest.fixture(scope="session")
def serve(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Site]]:
    """Start the page: ``serve("--sample")``, or ``serve(registry=url)``."""
    with ExitStack() as running:

        def start(*arguments: str, registry: str = "http://127.0.0.1:9/api/v2") -> Site:
            home = tmp_path_factory.mktemp("home")
            port = _free_port()
            environment = os.environ | {
                "HOME": str(home),
                "TRIALFINDER_CACHE_DIR": str(home / "cache"),
                "TRIALFINDER_REGISTRY_URL": registry,
            }
            command = [sys.executable, "-m", "trialfinder.cli", "app", f"--port={port}"]
            process = running.enter_context(
                subprocess.Popen(  # noqa: S603  our own page
                    [*command, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
                )
            )
            running.callback(process.terminate)
            _wait_until_up(port, process)
            return Site(f"http://localhost:{port}/", browser)

        yield start


@pytest.fixture(scope="session")
def sample_site(serve: Callable[..., Site]) -> Site:
    """The page on the samples, one for all tests that only look."""
    return serve("--sample")


@pytest.fixture(scope="session")
def served_registry() -> Iterator[LocalRegistry]:
    """The samples, served as the registry would."""
    with LocalRegistry.from_folder(ROOT / "fixtures" / "studies") as registry:
        yield registry


@pytest.fixture(scope="session")
def real_site(serve: Callable[..., Site], served_registry: LocalRegistry) -> Site:
    """The page on a registry, so without any sample mark."""
    return serve(registry=served_registry.url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    """Ask until the server answers; each try waits for the connection itself, not for a clock."""
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=_patient()))
    with session:
        answer = session.get(f"http://127.0.0.1:{port}/_stcore/health", timeout=30)
    assert answer.ok
    assert process.poll() is None


def _patient() -> requests.adapters.Retry:
    return requests.adapters.Retry(connect=20, backoff_factor=0.1, backoff_max=1)
