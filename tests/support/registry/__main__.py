"""The local registry by hand, until Ctrl+C."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from .faults import Fault
from .server import ALWAYS, FIXTURES, LocalRegistry


def wait_for_interrupt() -> None:
    threading.Event().wait()


def main(
    arguments: Sequence[str] | None = None, wait: Callable[[], None] = wait_for_interrupt
) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.registry", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--folder", type=Path, default=FIXTURES, help="one record a file")
    parser.add_argument("--copies", type=int, default=1, help="serve every record so many times")
    parser.add_argument("--fault", choices=[*Fault], help="on every request that can show it")
    given = parser.parse_args(arguments)
    registry = LocalRegistry.from_folder(given.folder, copies=given.copies, port=given.port)
    if given.fault:
        registry.fault(given.fault, ALWAYS)
    with registry, contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(f"{len(registry)} studies at {registry.url}\n")
        sys.stdout.flush()
        wait()


if __name__ == "__main__":
    main()
