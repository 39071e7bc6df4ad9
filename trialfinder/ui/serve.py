"""Starts the page's server in this very process, so that whoever stops one stops the other."""

from __future__ import annotations

from streamlit.web.cli import main

from trialfinder.installed import shipped

# Said on the command line, because what stands there outranks the settings of whoever runs it.
_PRIVATE = ("--server.address=localhost", "--browser.gatherUsageStats=false")


def serve(port: int | None, *, sample: bool) -> None:
    """Serve the page until interrupted. The settings lie beside the script, in `.streamlit`."""
    arguments = ["run", str(shipped("app.py")), *_PRIVATE]
    if port is not None:
        arguments.append(f"--server.port={port}")
    if sample:
        arguments += ["--", "--sample"]
    main.main(args=arguments, prog_name="streamlit", standalone_mode=False)
