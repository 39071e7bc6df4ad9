"""The saved answer: what comes back is what was saved, or nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import pytest

from tests.support.registry import FIXTURES
from tests.support.scripted import BASE, Json, study
from trialfinder.registry.snapshot import Snapshot, SnapshotStore, cache_folder
from trialfinder.vocabulary import FoundBy, Part

ODD = study(2) | {"text": "tab\t, \u2028, \ud800 and \x00", "number": 0.1, "nothing": None}
SNAPSHOT = Snapshot(
    records={
        "NCT00000001": (FoundBy.CONDITION, study(1)),
        "NCT00000002": (FoundBy.ELIGIBILITY, ODD),
    },
    unreadable=3,
    closed_total=1234,
    data_timestamp="2026-11-20T09:00:05",
    retrieved_at=datetime(2026, 11, 22, 10, 30, 15, 123456, tzinfo=UTC),
)
OTHER = Snapshot({}, 0, None, None, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "new" / "cache"


@pytest.fixture
def store(folder: Path) -> SnapshotStore:
    return SnapshotStore(folder, BASE)


@pytest.fixture
def path(store: SnapshotStore) -> Path:
    """The file of a saved snapshot."""
    assert store.save(Part.OPEN, SNAPSHOT)
    return store.path(Part.OPEN)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


# Kept


def test_what_was_saved_comes_back(store: SnapshotStore) -> None:
    assert store.load(Part.OPEN) is None
    assert store.save(Part.OPEN, SNAPSHOT)
    assert store.load(Part.OPEN) == SNAPSHOT


def test_what_is_not_known_comes_back_as_not_known(store: SnapshotStore) -> None:
    store.save(Part.OPEN, OTHER)
    assert store.load(Part.OPEN) == OTHER


def test_real_looking_records_come_back(store: SnapshotStore) -> None:
    studies = [json.loads(path.read_text("utf-8")) for path in FIXTURES.glob("*.json")]
    records = {
        one["protocolSection"]["identificationModule"]["nctId"]: (FoundBy.CONDITION, one)
        for one in studies
    }
    snapshot = Snapshot(records, 0, 0, None, SNAPSHOT.retrieved_at)
    store.save(Part.CLOSED, snapshot)
    assert store.load(Part.CLOSED) == snapshot


def test_a_later_answer_replaces_the_earlier_one(store: SnapshotStore, path: Path) -> None:
    assert store.save(Part.OPEN, OTHER)
    assert store.load(Part.OPEN) == OTHER
    assert names(path.parent) == [path.name]


def test_the_parts_do_not_share_a_file(store: SnapshotStore, path: Path) -> None:
    assert store.load(Part.CLOSED) is None
    store.save(Part.CLOSED, OTHER)
    assert store.load(Part.OPEN) == SNAPSHOT


def test_registries_do_not_share_a_file(folder: Path, path: Path) -> None:
    elsewhere = SnapshotStore(folder, "https://elsewhere.example/api/v2")
    assert elsewhere.path(Part.OPEN) != path
    assert elsewhere.load(Part.OPEN) is None
    elsewhere.save(Part.OPEN, OTHER)
    assert SnapshotStore(folder, BASE).load(Part.OPEN) == SNAPSHOT


def test_the_file_says_nothing_about_the_registrys_address(path: Path) -> None:
    assert "registry.example" not in path.name
    assert b"registry.example" not in gzip.decompress(path.read_bytes())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_file_and_folder_are_for_their_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        fresh = SnapshotStore(path.parent / "inner", BASE)
        fresh.save(Part.OPEN, OTHER)
    finally:
        os.umask(before)
    file = fresh.path(Part.OPEN)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_folder_can_be_named_in_the_environment(tmp_path: Path) -> None:
    assert cache_folder({"TRIALFINDER_CACHE_DIR": f" {tmp_path} "}) == tmp_path


@pytest.mark.parametrize("environ", [{}, {"TRIALFINDER_CACHE_DIR": " "}])
def test_otherwise_it_is_the_platforms_cache(environ: dict[str, str]) -> None:
    assert cache_folder(environ) == platformdirs.user_cache_path("trialfinder")


def test_the_environment_is_read_when_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRIALFINDER_CACHE_DIR", str(tmp_path / "other"))
    assert cache_folder() == tmp_path / "other"


# Not kept


class FullDisk:
    """An open file that takes nothing."""

    def __init__(self, handle: int, mode: str) -> None:
        os.close(handle)

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it."""

    def write(self, content: bytes) -> int:
        raise OSError(28, "No space left on device")


def refuse_to_move(self: Path, target: Path) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    ("what", "instead"), [("os.fdopen", FullDisk), ("pathlib.Path.replace", refuse_to_move)]
)
def test_a_failing_write_leaves_the_old_answer_and_nothing_else(
    store: SnapshotStore, path: Path, what: str, instead: object
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(what, instead)
        assert store.save(Part.OPEN, OTHER) is False
    assert names(path.parent) == [path.name]
    assert store.load(Part.OPEN) == SNAPSHOT


def test_an_interrupted_write_leaves_the_old_answer_and_nothing_else(
    store: SnapshotStore, path: Path
) -> None:
    def interrupt(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pathlib.Path.replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            store.save(Part.OPEN, OTHER)
    assert names(path.parent) == [path.name]
    assert store.load(Part.OPEN) == SNAPSHOT


@pytest.mark.parametrize("inside", ["file", "file/cache"])
def test_a_folder_that_cannot_be_written_costs_only_a_later_wait(
    tmp_path: Path, inside: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    store = SnapshotStore(tmp_path / inside, BASE)
    assert store.save(Part.OPEN, SNAPSHOT) is False
    assert store.load(Part.OPEN) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_folder_without_permission_to_write_keeps_nothing(
    store: SnapshotStore, path: Path
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    path.parent.chmod(0o500)
    assert store.save(Part.OPEN, OTHER) is False
    path.parent.chmod(0o700)


# Damaged


HEAD = {
    "layout": 1,
    "data_timestamp": None,
    "retrieved_at": "2026-11-22T10:30:00+00:00",
    "unreadable": 0,
    "closed_total": None,
}


def packed(head: Json, body: bytes = b"[]", digest: Json = None) -> bytes:
    """A file as it should be packed, but of a head and a body of a test's own."""
    content = json.dumps(head).encode() + b"\n" + body
    digest = hashlib.sha256(content).hexdigest() if digest is None else digest
    return gzip.compress(f"{digest}\n".encode() + content)


def with_body(body: Json) -> bytes:
    return packed(HEAD, json.dumps(body).encode())


def without(key: str) -> dict[str, Json]:
    return {name: value for name, value in HEAD.items() if name != key}


def assert_set_aside(store: SnapshotStore, path: Path) -> None:
    assert store.load(Part.OPEN) is None
    assert names(path.parent) == [f"{path.name}.damaged"]
    assert store.load(Part.OPEN) is None


def test_the_packing_of_these_tests_is_right(store: SnapshotStore, path: Path) -> None:
    path.write_bytes(with_body([["condition", study(1)]]))
    assert store.load(Part.OPEN) is not None


def flip(content: bytes, position: int) -> bytes:
    return content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[: len(content) // 2], id="half"),
        pytest.param(lambda content: content[:-1], id="without its end"),
        pytest.param(lambda content: content[:5], id="header only"),
        pytest.param(lambda content: content[len(content) // 2 :], id="second half"),
        pytest.param(gzip.decompress, id="not gzip"),
        pytest.param(lambda content: b"{}", id="plain JSON"),
        pytest.param(lambda content: content + b"more", id="something behind it"),
        pytest.param(lambda content: content + content, id="twice"),
        pytest.param(lambda content: b"\0" * len(content), id="zeros"),
        pytest.param(lambda content: flip(content, len(content) // 2), id="a bit in the middle"),
        pytest.param(lambda content: flip(content, len(content) - 6), id="a bit of its checksum"),
    ],
)
def test_a_damaged_file_is_set_aside(
    store: SnapshotStore, path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path.write_bytes(damage(path.read_bytes()))
    assert_set_aside(store, path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(b""), id="nothing packed"),
        pytest.param(gzip.compress(b"\xff\xfe\n[]"), id="no text"),
        pytest.param(gzip.compress(b"not JSON\n[]"), id="no JSON"),
        pytest.param(packed(HEAD, digest="0" * 64), id="another checksum"),
        pytest.param(packed(HEAD, digest=5), id="a number as checksum"),
        pytest.param(packed(HEAD | {"layout": 2}), id="another layout"),
        pytest.param(packed(HEAD | {"retrieved_at": "yesterday"}), id="no date"),
        pytest.param(packed(HEAD | {"retrieved_at": 5}), id="a number as date"),
        *(pytest.param(packed(without(key)), id=f"no {key}") for key in HEAD),
        *(
            pytest.param(packed(head), id=f"head {head!r}")
            for head in ([], ["layout"], "layout", 1, None, True)
        ),
        pytest.param(packed(HEAD, b""), id="no body"),
        pytest.param(packed(HEAD, b"[1"), id="half a body"),
        *(
            pytest.param(with_body(body), id=f"body {body!r}")
            for body in (
                *(5, None, {"a": 1}, "text", [1], [[]], [["condition"]]),
                *([["condition", {}]], [["condition", []]], [["condition", "NCT00000001"]]),
                *([["guess", study(1)]], [[None, study(1)]], [["condition", study(1), 3]]),
                [["condition", {"protocolSection": {"identificationModule": {"nctId": []}}}]],
            )
        ),
        pytest.param(gzip.compress(b"[" * 100_000 + b"\n[]"), id="a head without end"),
    ],
)
def test_a_file_of_another_shape_is_set_aside(
    store: SnapshotStore, path: Path, content: bytes
) -> None:
    path.write_bytes(content)
    assert_set_aside(store, path)


def test_a_folder_in_its_place_is_set_aside(store: SnapshotStore, path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").write_text("x")
    assert_set_aside(store, path)
    assert store.save(Part.OPEN, SNAPSHOT)
    assert store.load(Part.OPEN) == SNAPSHOT


def test_an_earlier_damaged_file_gives_way(store: SnapshotStore, path: Path) -> None:
    path.with_name(f"{path.name}.damaged").write_bytes(b"earlier")
    path.write_bytes(b"later")
    assert_set_aside(store, path)
    assert path.with_name(f"{path.name}.damaged").read_bytes() == b"later"


def test_what_cannot_be_set_aside_is_not_used_either(
    store: SnapshotStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"damaged")
    monkeypatch.setattr("pathlib.Path.replace", refuse_to_move)
    assert store.load(Part.OPEN) is None


def test_after_damage_a_new_answer_can_be_saved(store: SnapshotStore, path: Path) -> None:
    path.write_bytes(b"damaged")
    store.load(Part.OPEN)
    assert store.save(Part.OPEN, OTHER)
    assert store.load(Part.OPEN) == OTHER


def corrupted(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.choice((1, 1, 2, 8, 64, 512)))
    before, hit, after = content[:start], content[start:end], content[end:]
    changed = chance.choice(
        [
            bytes([hit[0] ^ 1 << chance.randrange(8)]) + hit[1:],
            chance.randbytes(len(hit)),
            chance.randbytes(len(hit)) + hit,
            bytes(len(hit)),
            hit + hit,
            b"",
        ]
    )
    return before + changed + chance.choice([after] * 5 + [b""])


def assert_nothing_wrong_comes_back(store: SnapshotStore, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    loaded = store.load(Part.OPEN)
    assert loaded in (None, SNAPSHOT)
    assert path.exists() == (loaded is not None)


@pytest.mark.parametrize("seed", range(5))
def test_random_damage_never_brings_wrong_data(store: SnapshotStore, path: Path, seed: int) -> None:
    chance, content = random.Random(seed), path.read_bytes()  # noqa: S311
    for _ in range(100):
        assert_nothing_wrong_comes_back(store, path, corrupted(content, chance))


def test_random_damage_to_the_packed_studies_never_brings_wrong_data(
    store: SnapshotStore, path: Path
) -> None:
    chance = random.Random(5)  # noqa: S311
    head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    for _ in range(200):
        content = gzip.compress(head + b"\n" + corrupted(body, chance), compresslevel=1)
        assert_nothing_wrong_comes_back(store, path, content)


def test_random_damage_to_the_packed_head_never_brings_wrong_data(
    store: SnapshotStore, path: Path
) -> None:
    chance = random.Random(6)  # noqa: S311
    head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    for _ in range(200):
        content = gzip.compress(corrupted(head, chance) + b"\n" + body, compresslevel=1)
        assert_nothing_wrong_comes_back(store, path, content)
