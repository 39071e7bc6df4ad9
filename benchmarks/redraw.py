"""From a tap on a trial phase to the redrawn page, in Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import requests
from playwright.sync_api import Page, sync_playwright

from benchmarks.subject import registry

TAPS = 30
PHASES = ("Trial phase 1", "Trial phase 2", "Trial phase 3")
DRAWN = """before => {
  const headings = [...document.querySelectorAll('h2')];
  const heading = headings.find(h => /^[\\d,]+ trials?$/.test(h.innerText));
  const app = document.querySelector('[data-testid=stApp]');
  return heading && heading.innerText !== before
    && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-stale=true]');
}"""


def main() -> None:
    """Print the median and the slowest of `TAPS` redraws."""
    with registry() as url, tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        port = free_port()
        server = subprocess.Popen(  # noqa: S603  our own page
            [sys.executable, "-m", "trialfinder.cli", "app", f"--port={port}"],
            env=os.environ | {"TRIALFINDER_REGISTRY_URL": url, "TRIALFINDER_CACHE_DIR": home},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_up(port)
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://localhost:{port}/")
            page.get_by_text("How we got to this list").wait_for(timeout=60_000)
            page.get_by_role("textbox", name="Where are you?").fill("Houston, TX")
            page.get_by_role("button", name="Show trials").click()
            page.get_by_text("Distances are from").wait_for()
            taken = [redraw(page, PHASES[tap % len(PHASES)]) for tap in range(TAPS)]
            print(
                f"registry: {url}, {TAPS} taps: median {statistics.median(taken) * 1000:.0f} ms, "
                f"slowest {max(taken) * 1000:.0f} ms"
            )
            browser.close()
        finally:
            server.terminate()


def redraw(page: Page, phase: str) -> float:
    """Seconds from the tap until another count stands there and nothing is stale."""
    before = page.evaluate(
        "() => [...document.querySelectorAll('h2')]"
        ".map(h => h.innerText).find(t => /^[\\d,]+ trials?$/.test(t))"
    )
    button = page.get_by_role("button", name=phase, exact=True)
    started = time.perf_counter()
    button.click()
    page.wait_for_function(DRAWN, arg=before, polling=10)
    return time.perf_counter() - started


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_up(port: int) -> None:
    """Return once the server answers."""
    retry = requests.adapters.Retry(connect=30, backoff_factor=0.1, backoff_max=1)
    with requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
        session.get(f"http://127.0.0.1:{port}/_stcore/health", timeout=30)


if __name__ == "__main__":
    main()
