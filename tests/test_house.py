"""The plan of the house: who may import whom, who owns what, and what no file holds.

Rooms from left to right; each imports its own and what stands left of it.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "trialfinder"
ROOMS = (
    ("errors", "vocabulary", "installed"),
    ("content",),
    ("registry",),
    ("reading",),
    ("finding",),
    ("ui", "__init__"),
    ("cli",),
)
PLACE_OF = {room: place for place, rooms in enumerate(ROOMS) for room in rooms}
OWNERS = {
    "requests": ("trialfinder.registry.client",),
    "urllib3": ("trialfinder.registry.client",),
    "pandas": ("trialfinder.finding", "trialfinder.ui"),
    "numpy": ("trialfinder.finding", "trialfinder.ui"),
    "streamlit": ("trialfinder.ui",),
    "altair": ("trialfinder.ui",),
    "tomllib": ("trialfinder.content",),
    "logging": (),
    "http": (),
    "urllib": (),
    "socket": (),
    "sqlite3": (),
}
LONGEST = 450

MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts): file
    for file in sorted(PACKAGE.rglob("*.py"))
}


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def room_of(name: str) -> str:
    """The room of a module of ours: "finding" for "trialfinder.finding.tables"."""
    _, *inner = name.split(".")
    return inner[0] if inner and inner[0] in PLACE_OF else "__init__"


def imports(name: str) -> Iterator[str]:
    """Full names of what a module imports; a submodule by its own name."""
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the room"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = inner in MODULES or f"{inner}.__init__" in MODULES
                yield inner if is_module else str(node.module)


def ours(name: str) -> set[str]:
    return {one for one in imports(name) if one.split(".")[0] == "trialfinder"}


def test_every_module_stands_in_a_room() -> None:
    for name in MODULES:
        assert name.split(".")[1] in PLACE_OF, name


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_its_own_room_and_what_stands_left_of_it(name: str) -> None:
    room = room_of(name)
    wrong = {
        one
        for one in ours(name)
        if room_of(one) != room and PLACE_OF[room_of(one)] >= PLACE_OF[room]
    }
    if room in ("cli", "__init__"):
        wrong -= {"trialfinder"}  # the version

    assert wrong == set()


def test_the_floor_imports_nothing_of_ours() -> None:
    for room in ROOMS[0]:
        assert ours(f"trialfinder.{room}") == set()


def test_reading_knows_of_the_registry_only_the_parser() -> None:
    known = {
        one
        for name in MODULES
        if room_of(name) == "reading"
        for one in ours(name)
        if room_of(one) == "registry"
    }

    assert known <= {"trialfinder.registry.parse"}


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_by_its_owners_alone(library: str) -> None:
    users = {name for name in MODULES if library in {one.split(".")[0] for one in imports(name)}}

    assert {user for user in users if not user.startswith(tuple(OWNERS[library]))} == set()


def test_only_the_command_line_prints() -> None:
    prints = {
        name
        for name in MODULES
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "input", "breakpoint")
    }

    assert prints <= {"trialfinder.cli"}


CLOCKS = {("time", one) for one in ("sleep", "time", "monotonic", "perf_counter")} | {
    *(("datetime", one) for one in ("now", "today", "utcnow")),
    ("date", "today"),
}


def test_only_the_command_line_and_the_page_read_the_clock() -> None:
    """Elsewhere a clock comes in as an argument, for which it may be the default."""
    wrong = set()
    for name in MODULES:
        defaults = {
            inner
            for node in ast.walk(tree_of(name))
            if isinstance(node, ast.arguments)
            for default in [*node.defaults, *filter(None, node.kw_defaults)]
            for inner in ast.walk(default)
        }
        for node in ast.walk(tree_of(name)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                reads = (node.value.id, node.attr) in CLOCKS
                if reads and node not in defaults and room_of(name) not in ("cli", "ui"):
                    wrong.add(f"{name}:{node.lineno}")

    assert wrong == set()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_enough_to_be_read(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


# --- every file ------------------------------------------------------------------------------


@cache
def files() -> tuple[Path, ...]:
    """Every file that is kept, or would be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not in a git repository")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def texts() -> dict[Path, str]:
    found = {}
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT)] = content.decode()
    return found


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path, text in texts().items()
        if path.suffix == ".py" and text and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


# Written in pieces, so that this file does not hold what it looks for.
PACKAGE_REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
]
MACHINE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:home|root|Users|work|tmp|mnt|media|private|srv)/[\w.-]|\b[A-Z]:\\\\?Users\b"
)


@pytest.mark.parametrize("host", PACKAGE_REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert [str(path) for path, text in texts().items() if host in text] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    named = {
        str(path): found[0]
        for path, text in texts().items()
        if (found := MACHINE_PATH.search(text))
    }

    assert named == {}


def test_the_machine_paths_that_are_looked_for_are_found() -> None:
    for path in ("/ho" + "me/someone/x", "/wo" + "rk/x", '"/tm' + 'p/x"', "C:\\Us" + "ers\\x"):
        assert MACHINE_PATH.search(path), path
    for path in ("https://example.org/home/x", "/studies", "work/x", "~/tmp/x"):
        assert not MACHINE_PATH.search(path), path
