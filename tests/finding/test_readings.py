"""Saved readings: exactly what the reader would say of exactly this record, or read anew."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import evidence, numbered, reading, record
from tests.test_house import MODULES, ours, room_of
from trialfinder.finding import readings
from trialfinder.finding.readings import read_all, readings_of
from trialfinder.reading import Evidence, Reading, Side, Why
from trialfinder.registry.client import Record
from trialfinder.vocabulary import Approach, CmlPhase, FoundBy, Relevance, Stance

ONE, TWO, THREE = (numbered(number) for number in range(1, 4))


def answer(*records: Record) -> dict[str, tuple[FoundBy, Record]]:
    return {
        one["protocolSection"]["identificationModule"]["nctId"]: (FoundBy.CONDITION, one)
        for one in records
    }


ANSWER = answer(record(ONE), record(TWO))


class Reader:
    """Says of a record what its title is; remembers whom it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, raw: Record) -> Reading:
        names = raw["protocolSection"]["identificationModule"]
        self.read.append(names["nctId"])
        return reading(names["nctId"], evidence=(evidence(names["briefTitle"]),))


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(readings, "read_study", made)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "readings.json.gz"


@pytest.fixture
def saved(file: Path, reader: Reader) -> Path:
    """The file after `ANSWER` was read."""
    readings_of(ANSWER, file)
    reader.read.clear()
    return file


# --- saved -------------------------------------------------------------------------------------


def test_a_record_is_read_once(file: Path, reader: Reader) -> None:
    first = readings_of(ANSWER, file)
    assert reader.read == [ONE, TWO]

    assert readings_of(ANSWER, file) == first == read_all(ANSWER)
    assert reader.read == [ONE, TWO, ONE, TWO]  # the second time by read_all alone


def test_only_a_new_or_changed_record_is_read(saved: Path, reader: Reader) -> None:
    later = answer(record(ONE), record(TWO, title="Another title"), record(THREE))
    found = readings_of(later, saved)

    assert reader.read == [TWO, THREE]
    assert readings_of(later, saved) == found
    assert reader.read == [TWO, THREE]
    assert found == read_all(later)


@pytest.mark.parametrize(
    "changed",
    [
        record(ONE, status="COMPLETED"),
        record(ONE, criteria="Adults with CML "),
        record(ONE, locations=[]),
        record(ONE) | {"hasResults": True},
        record(ONE) | {"hasResults": 0},
        record(ONE, phases=["PHASE2", "PHASE1"]),
    ],
)
def test_any_change_of_the_record_is_a_change(saved: Path, reader: Reader, changed: Record) -> None:
    readings_of(answer(changed), saved)

    assert reader.read == [ONE]


def test_another_order_of_its_keys_is_no_change(saved: Path, reader: Reader) -> None:
    turned = dict(reversed(record(ONE).items()))
    turned["protocolSection"] = dict(reversed(turned["protocolSection"].items()))
    readings_of(answer(turned), saved)

    assert reader.read == []


def test_the_studies_of_a_record_are_not_mixed_up(saved: Path) -> None:
    found = readings_of(answer(record(TWO), record(ONE)), saved)

    assert {nct_id: one.nct_id for nct_id, one in found.items()} == {TWO: TWO, ONE: ONE}


def test_what_is_no_longer_among_the_studies_is_not_kept_for_ever(
    saved: Path, reader: Reader
) -> None:
    readings_of(answer(record(THREE)), saved)
    readings_of(answer(record(ONE)), saved)

    assert reader.read == [THREE, ONE]


def test_a_file_that_would_stay_the_same_is_not_written_again(saved: Path) -> None:
    before = saved.stat().st_mtime_ns, saved.stat().st_ino
    readings_of(answer(record(ONE)), saved)

    assert (saved.stat().st_mtime_ns, saved.stat().st_ino) == before


def test_nothing_to_read_writes_nothing(file: Path) -> None:
    assert readings_of({}, file) == {}
    assert not file.exists()


def any_of(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


STANCES = st.dictionaries(st.text(max_size=8), any_of(*Stance), max_size=3)
READINGS = st.builds(
    Reading,
    nct_id=st.none() | st.text(max_size=12),
    relevance=any_of(*Relevance),
    why=any_of(*Why),
    cml_phases=st.lists(any_of(*CmlPhase), max_size=3).map(tuple),
    t315i=any_of(*Stance),
    min_prior_tkis=st.none() | st.integers(0, 9),
    approaches=st.lists(any_of(*Approach), max_size=3).map(tuple),
    mutations=STANCES,
    prior_drugs=STANCES,
    prior_transplant=any_of(*Stance),
    evidence=st.lists(
        st.builds(
            Evidence,
            st.text(max_size=9),
            st.text(max_size=9),
            st.integers(0, 10**9),
            st.integers(0, 10**9),
            st.text(st.characters() | any_of("\ud800", "\x00", "\u2028")),
            any_of(*Side),
        ),
        max_size=3,
    ).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(READINGS)
def test_every_reading_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, said: Reading
) -> None:
    file = tmp_path_factory.mktemp("readings") / "file"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "read_study", lambda _: said)
        readings_of(answer(record(ONE)), file)
        patch.setattr(readings, "read_study", lambda _: pytest.fail("it was read again"))
        (back,) = readings_of(answer(record(ONE)), file).values()

    assert back == said
    assert [type(value) for value in back.as_dict().values()] == [
        type(value) for value in said.as_dict().values()
    ]


# --- not believed ------------------------------------------------------------------------------


def assert_read_anew(saved: Path, reader: Reader) -> None:
    """Nothing of the file is used, and afterwards there is a good one."""
    assert readings_of(ANSWER, saved) == read_all(ANSWER)
    assert reader.read == [ONE, TWO] * 2
    readings_of(ANSWER, saved)
    assert reader.read == [ONE, TWO] * 2


def test_what_another_version_of_the_reader_said_is_read_anew(
    saved: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "_READER", "0" * 64)
    assert_read_anew(saved, reader)
    assert [entry.name for entry in saved.parent.iterdir()] == [saved.name]  # it was no damage


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[: len(content) // 2], id="half"),
        pytest.param(lambda content: content[:-1], id="without its end"),
        pytest.param(gzip.decompress, id="not gzip"),
        pytest.param(lambda content: content + content, id="twice"),
        pytest.param(lambda content: b"\0" * len(content), id="zeros"),
        pytest.param(
            lambda content: gzip.compress(gzip.decompress(content).replace(b"yes", b"may")),
            id="another word",
        ),
    ],
)
def test_a_damaged_file_is_read_anew(
    saved: Path, reader: Reader, damage: Callable[[bytes], bytes]
) -> None:
    saved.write_bytes(damage(saved.read_bytes()))
    assert_read_anew(saved, reader)


def packed(content: bytes) -> bytes:
    digest = hashlib.sha256(content).hexdigest().encode()
    return gzip.compress(digest + b"\n" + content)


def content_of(file: Path) -> Any:
    return json.loads(gzip.decompress(file.read_bytes()).partition(b"\n")[2])


def without(whole: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != name}


SAID = reading(evidence=(evidence(),), mutations={"V299L": Stance.EXCLUDED}).as_dict()
WRONG = [
    *(without(SAID, name) for name in SAID),
    *(
        SAID | {name: wrong}
        for name, wrong in (
            *(("relevance", "perhaps"), ("why", None), ("cml_phases", ["tertiary"])),
            *(("cml_phases", 5), ("t315i", "loved"), ("approaches", ["diet"])),
            *(("mutations", [1]), ("mutations", {"V299L": "loved"}), ("evidence", 5)),
            *(("evidence", [5]), ("evidence", [{}]), ("evidence", [{"side": "inclusion"}])),
            ("evidence", [SAID["evidence"][0] | {"more": 1}]),
        )
    ),
    *(5, None, "text", [1]),
]


def test_the_packing_of_these_tests_is_right(saved: Path, reader: Reader) -> None:
    saved.write_bytes(packed(json.dumps(content_of(saved)).encode()))
    readings_of(ANSWER, saved)

    assert reader.read == []


@pytest.mark.parametrize(
    "whole",
    [
        *(5, None, [], "text", {}, {"reader": 5}),
        *({"reader": readings._READER} | more for more in ({}, {"readings": 5}, {"readings": [5]})),
    ],
)
def test_a_file_of_another_shape_is_read_anew(saved: Path, reader: Reader, whole: object) -> None:
    saved.write_bytes(packed(json.dumps(whole).encode()))
    assert_read_anew(saved, reader)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_one_reading_of_another_shape_spoils_its_file(
    saved: Path, reader: Reader, wrong: object
) -> None:
    whole = content_of(saved)
    whole["readings"]["mark"] = wrong
    saved.write_bytes(packed(json.dumps(whole).encode()))
    assert_read_anew(saved, reader)


@pytest.mark.parametrize("seed", range(3))
def test_random_damage_never_brings_a_wrong_reading(saved: Path, reader: Reader, seed: int) -> None:
    chance, whole = random.Random(seed), saved.read_bytes()  # noqa: S311
    expected = read_all(ANSWER)
    for _ in range(60):
        start = chance.randrange(len(whole))
        end = start + chance.choice((1, 1, 8, 64))
        saved.write_bytes(whole[:start] + chance.randbytes(end - start) + whole[end:])
        assert readings_of(ANSWER, saved) == expected


# --- a disk that takes nothing -----------------------------------------------------------------


@pytest.mark.parametrize("inside", ["file", "file/cache"])
def test_a_disk_that_takes_nothing_costs_only_a_later_wait(
    tmp_path: Path, reader: Reader, inside: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    expected = read_all(ANSWER)

    assert readings_of(ANSWER, tmp_path / inside / "readings") == expected


def test_a_write_that_fails_leaves_what_was_saved(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    assert set(readings_of(answer(record(THREE)), saved)) == {THREE}
    assert saved.read_bytes() == before
    assert [entry.name for entry in saved.parent.iterdir()] == [saved.name]


# --- the version of the reader -----------------------------------------------------------------


def test_the_version_covers_every_module_that_a_reading_depends_on() -> None:
    needed = {name for name in MODULES if room_of(name) == "reading"}
    while more := {one for name in needed for one in ours(name)} - needed - {"trialfinder.reading"}:
        needed |= more

    assert {MODULES[name] for name in needed} == {Path(str(one)) for one in readings._sources()}


def test_every_letter_of_the_reader_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reading").mkdir()
    for name in ("reading/one.py", "reading/two.py", "vocabulary.py"):
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "reading" / "notes.txt").write_text("no source")
    monkeypatch.setattr(readings, "_PACKAGE", tmp_path)
    versions = [readings._version()]
    for name in ("reading/one.py", "reading/two.py", "vocabulary.py"):
        (tmp_path / name).write_text("x = 2\n")
        versions.append(readings._version())
    (tmp_path / "reading" / "notes.txt").write_text("still no source")

    assert len(set(versions)) == len(versions)
    assert readings._version() == versions[-1]
