"""The command line as other programs and people rely on it: what goes where, and exit statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.builders import HOUSTON, evidence, location, numbered, reading, record
from tests.support.registry import ALWAYS, Fault, LocalRegistry
from trialfinder import __version__, cli
from trialfinder.finding import readings
from trialfinder.finding.places import resolve
from trialfinder.reading import Reading, Why, read_study
from trialfinder.registry.client import RegistryClient
from trialfinder.vocabulary import (
    Approach,
    CmlPhase,
    OverallStatus,
    Relevance,
    StudyType,
    TrialPhase,
)

ONE, TWO, THREE, FOUR, FIVE = (numbered(number) for number in range(1, 6))
LYON = {"city": "Lyon", "state": None, "country": "France", "geoPoint": {"lat": 45.75, "lon": 4.85}}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

RECORDS = [
    record(ONE, title="Near and open"),
    record(TWO, title="Far", phases=["PHASE1"], locations=[location(**LYON)]),
    record(THREE, title="Not open yet", status="NOT_YET_RECRUITING", phases=[]),
    record(FOUR, title="Finished", status="COMPLETED"),
    record(FIVE, title="No point", locations=[location(geoPoint=None)]),
]


class Ran(NamedTuple):
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def ids(self) -> list[str]:
        """The NCT IDs at the start of the lines of a table or a CSV."""
        return re.findall(r"^(NCT\d{8})", self.out, re.MULTILINE)


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RegistryClient.__init__.__kwdefaults__, "sleep", lambda _: None)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalRegistry]:
    with LocalRegistry(RECORDS) as serving:
        monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", serving.url)
        yield serving


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def ran(*arguments: str) -> Ran:
        try:
            status = cli.main(arguments)
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        return Ran(status, *capsys.readouterr())

    return ran


def process(*arguments: str, **given: Any) -> subprocess.Popen[bytes]:
    """The command line as a process of its own."""
    command = [sys.executable, "-m", "trialfinder.cli", *arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, **given)  # noqa: S603


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture(autouse=True)
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, Reading]:
    """What records say; those not named here tie joining to a failed TKI, in their title."""
    named: dict[str, Reading] = {}

    def read(raw: dict[str, Any]) -> Reading:
        names = raw["protocolSection"]["identificationModule"]
        usual = reading(names["nctId"], evidence=(evidence(str(names.get("briefTitle"))),))
        return named.get(names["nctId"], usual)

    monkeypatch.setattr(readings, "read_study", read)
    return named


# --- search: what goes where -----------------------------------------------------------------


def test_results_go_to_standard_output_and_the_rest_to_standard_error(
    registry: LocalRegistry, run: Run
) -> None:
    ran = run("search")

    assert ran.status == 0
    assert ran.ids == [ONE, TWO, THREE, FIVE]
    assert ran.out.startswith("NCT ID")
    assert "Data of ClinicalTrials.gov from 20 Nov 2026" in ran.err
    assert not re.search(r"^NCT\d", ran.err, re.MULTILINE)


def test_the_ledger_tells_every_step_and_every_reason(registry: LocalRegistry, run: Run) -> None:
    ran = run("search", "--phase", "PHASE2", "--near", "Houston, TX", "--within", "50mi")

    assert [line for line in ran.err.splitlines() if line[0] in "0123456789 →"] == [
        "5 records that name CML",
        "→ 4 open records that name CML (1 left out)",
        "    1 is closed, on hold or not confirmed, and was not loaded",
        "→ 4 kept for what their record says about a TKI that stopped working (None left out)",
        "→ 4 with the status you chose (None left out)",
        "→ 4 of the kinds of study you chose (None left out)",
        "→ 2 in the trial phases you chose (2 left out)",
        "    Their record gives no trial phase: 1",
        "    They are in another trial phase: 1",
        "→ 2 with an open site within 50 mi, or at a distance not known (None left out)",
        "1 is at a distance not known. It stands further down.",
    ]
    assert ran.ids == [ONE, FIVE]


def test_the_ledger_adds_up_whatever_was_loaded(registry: LocalRegistry, run: Run) -> None:
    """Each line that begins with an arrow says what is left of the line above it."""
    every = [f"--status={status}" for status in OverallStatus]
    for wishes in ((), ("--status", "COMPLETED"), every, ("--relevance", "no"), ("--city", "Lyon")):
        before = None
        for line in run("search", *wishes).err.splitlines():
            if counts := re.match(r"(?:→ )?(\d+) .*?(?:\((\d+|None) left out\))?$", line):
                left, out = int(counts[1]), int(counts[2]) if counts[2] not in (None, "None") else 0
                assert before is None or not line.startswith("→") or left + out == before, line
                before = left
    assert before == 1


def test_a_table_has_aligned_columns_and_whole_titles(registry: LocalRegistry, run: Run) -> None:
    header, *lines = run("search", "--near", "Houston, TX").out.splitlines()
    start = header.index("Title")

    assert [line[start:] for line in lines] == ["Near and open", "Not open yet", "Far", "No point"]
    assert all(line == line.rstrip() for line in lines)


def test_csv_and_json_have_the_same_trials_as_the_table(registry: LocalRegistry, run: Run) -> None:
    wishes = ("search", "--near", "Houston, TX", "--within", "6000mi")
    table = run(*wishes).ids

    assert [row["NCT ID"] for row in csv_rows(run(*wishes, "--format", "csv").out)] == table
    document = json.loads(run(*wishes, "--format", "json").out)
    assert [one["nct_id"] for one in document["studies"]] == table


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_file_holds_what_would_have_been_written(
    registry: LocalRegistry, run: Run, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "trials"
    file.write_text("old")
    written = run("search", "--format", form, "--output", str(file))
    shown = run("search", "--format", form)

    assert written.status == 0
    assert written.out == ""
    assert "written to" in written.err
    assert file.read_bytes().decode() == shown.out


@pytest.mark.parametrize("where", ["nowhere/trials.csv", "."])
def test_a_file_that_cannot_be_written_is_bad_use(
    registry: LocalRegistry, run: Run, tmp_path: Path, where: str
) -> None:
    ran = run("search", "--output", str(tmp_path / where))

    assert ran.status == 2
    assert ran.out == ""
    assert "The file cannot be written: " in ran.err
    assert "None" not in ran.err.splitlines()[-1]


# --- search: filters -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        (("--phase", "PHASE2"), [ONE, FIVE]),
        (("--phase", "PHASE1"), [TWO]),
        (("--phase", "PHASE1", "--phase", "PHASE2"), [ONE, TWO, FIVE]),
        (("--status", "NOT_YET_RECRUITING"), [THREE]),
        (("--status", "COMPLETED"), [FOUR]),
        (("--status", "COMPLETED", "--status", "RECRUITING"), [ONE, TWO, FOUR, FIVE]),
        (("--study-type", "OBSERVATIONAL"), []),
        (("--country", "france"), [TWO]),
        (("--state", "TEXAS"), [ONE, THREE, FIVE]),
        (("--city", "Lyon"), [TWO]),
        (("--near", "77030", "--within", "50 miles"), [ONE, THREE, FIVE]),
        (("--near", "Lyon, France", "--within", "10km"), [TWO]),
        (("--age", "5"), [ONE, TWO, THREE, FIVE]),
        (("--sex", "MALE"), [ONE, TWO, THREE, FIVE]),
        (("--near", "Lyon, France"), [TWO, ONE, THREE, FIVE]),
        (("--near", "Lyon, France", "--sort", "updated"), [ONE, TWO, THREE, FIVE]),
    ],
)
def test_filters(
    registry: LocalRegistry, run: Run, arguments: tuple[str, ...], listed: list[str]
) -> None:
    ran = run("search", *arguments)

    assert ran.status == 0
    assert ran.ids == listed


SAYS = {
    ONE: reading(ONE, relevance=Relevance.MAY, why=Why.ADVANCED_PHASE, cml_phases=tuple(CmlPhase)),
    TWO: reading(TWO, cml_phases=(CmlPhase.BLAST,), approaches=(Approach.TKI,)),
    THREE: reading(THREE, relevance=Relevance.NO, why=Why.NEWLY_DIAGNOSED),
    FIVE: reading(FIVE, cml_phases=(CmlPhase.CHRONIC,), approaches=(Approach.CHEMOTHERAPY,)),
}


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        ((), [TWO, FIVE, ONE]),
        (("--relevance", "yes"), [TWO, FIVE]),
        (("--relevance", "may"), [ONE]),
        (("--relevance", "no"), [THREE]),
        (("--relevance", "no", "--relevance", "yes"), [TWO, FIVE, THREE]),
        (("--cml-phase", "blast"), [TWO, ONE]),
        (("--cml-phase", "chronic", "--cml-phase", "blast"), [TWO, FIVE, ONE]),
        (("--relevance", "no", "--cml-phase", "accelerated"), [THREE]),
        (("--approach", "tki"), [TWO]),
        (("--approach", "tki", "--approach", "chemotherapy"), [TWO, FIVE]),
        (("--approach", "immunotherapy"), []),
    ],
)
def test_filters_on_what_the_record_says(
    registry: LocalRegistry,
    run: Run,
    says: dict[str, Reading],
    arguments: tuple[str, ...],
    listed: list[str],
) -> None:
    says |= SAYS
    ran = run("search", *arguments)

    assert ran.status == 0
    assert ran.ids == listed


def test_the_table_says_briefly_why_each_trial_is_listed(
    registry: LocalRegistry, run: Run, says: dict[str, Reading]
) -> None:
    says |= SAYS
    every = [f"--relevance={relevance}" for relevance in Relevance]
    header, *lines = run("search", *every).out.splitlines()
    start, end = header.index("Why listed"), header.index("Status")

    assert [line[start:end].strip() for line in lines] == [
        "yes: TKI did not work or was not tolerated",
        "yes: TKI did not work or was not tolerated",
        "may: accelerated or blast phase",
        "no: CML just found",
    ]


def test_what_was_written_for_other_people_is_counted_with_its_reason(
    registry: LocalRegistry, run: Run, says: dict[str, Reading]
) -> None:
    says |= SAYS
    err = run("search").err

    assert "about a TKI that stopped working (1 left out)\n" in err
    assert "    Their record was written for other people: 1\n" in err
    assert "1 does not tie joining to a TKI that stopped working. It stands further down." in err


def test_no_trial_left_is_said_and_no_error(registry: LocalRegistry, run: Run) -> None:
    for form in ("table", "csv", "json"):
        ran = run("search", "--city", "Atlantis", "--near", "Houston, TX", "--format", form)
        assert ran.status == 0
        assert ran.ids == []
        assert ran.err.endswith("No trial is left after these filters.\n")


@pytest.mark.parametrize(
    ("within", "unit"),
    [
        ("100mi", "mi"),
        ("100 Miles", "mi"),
        ("160km", "km"),
        ("160KM", "km"),
        ("160 km ", "km"),
        ("160 kms", "km"),
        ("160 kilometers", "km"),
        ("160 kilometres", "km"),
        ("160 Kilometer", "km"),
    ],
)
def test_distances_are_shown_in_the_unit_that_was_asked_for(
    registry: LocalRegistry, run: Run, within: str, unit: str
) -> None:
    ran = run("search", "--near", "Houston, TX", "--within", within)

    assert f" {unit}" in re.findall(r"within \d+( \w+)", ran.err)
    assert f"less than 1 {unit}" in ran.out


def test_the_number_of_records_is_that_of_the_registry_or_says_of_which(
    registry: LocalRegistry, run: Run
) -> None:
    """Closed studies alone are not "records that name CML"."""
    assert "5 records that name CML" in run("search").err
    both = run("search", "--status", "COMPLETED", "--status", "RECRUITING")
    assert "5 records that name CML" in both.err
    assert "1 records that name CML" not in run("search", "--status", "COMPLETED").err


# --- search: samples -------------------------------------------------------------------------


def test_samples_are_marked_in_every_format_and_ask_nothing(
    registry: LocalRegistry, run: Run
) -> None:
    table, spread, document = (
        run("search", "--sample", "--format", form) for form in ("table", "csv", "json")
    )

    assert registry.requests == []
    assert table.out.startswith("SAMPLE: ")
    assert all("SAMPLE" in row["Are these real data?"] for row in csv_rows(spread.out))
    assert json.loads(document.out)["data"]["open"]["source"] == "sample"
    assert "SAMPLE: " in table.err
    assert (table.status, spread.status, document.status) == (0, 0, 0)


# --- search: exit statuses -------------------------------------------------------------------


def test_a_registry_without_open_cml_studies_is_not_believed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = record(ONE, conditions=["Asthma"], title="Asthma", criteria="Adults")
    with LocalRegistry([other]) as empty:
        monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", empty.url)
        ran = run("search")

    assert ran.status == 3
    assert "This does not mean that there are no trials." in ran.err


def test_filters_that_leave_nothing_are_honestly_none(registry: LocalRegistry, run: Run) -> None:
    ran = run("search", "--country", "Peru")

    assert ran.status == 0
    assert "No trial is left after these filters." in ran.err


FAILURES = [
    (Fault.RESET, "did not answer", "Check that this computer is on the internet"),
    (Fault.BLOCKED_403, "refused this computer (403)", "Another network may"),
    (Fault.HTTP_429, "too many requests just now (429)", "Wait some minutes"),
    (Fault.HTTP_500, "is down", "Come back in an hour"),
    (Fault.HTTP_503_RETRY_AFTER_3600, "is down", "Come back in an hour"),
    (Fault.HTML_200, "is down", "Come back in an hour"),
    (Fault.BAD_JSON, "in a form that we do not know", "newer version of trialfinder"),
    (Fault.WRONG_SHAPE, "in a form that we do not know", "newer version of trialfinder"),
]


@pytest.mark.parametrize("command", ["search", "check"])
@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure[0])
def test_a_registry_that_cannot_be_used_ends_in_3_with_advice(
    registry: LocalRegistry, run: Run, command: str, failure: tuple[Fault, str, str]
) -> None:
    fault, what, advice = failure
    registry.fault(fault, ALWAYS)
    ran = run(command)

    assert ran.status == 3
    assert what in ran.err
    assert advice in ran.err
    assert "This does not mean that there are no trials." in ran.err
    assert "NCT" not in ran.out


@pytest.mark.parametrize("fault", [fault for fault, _, _ in FAILURES])
def test_an_older_saved_answer_ends_in_4_and_is_said(
    registry: LocalRegistry, run: Run, fault: Fault
) -> None:
    fresh = run("search")
    registry.fault(fault, ALWAYS)
    saved = run("search")

    assert saved.status == 4
    assert saved.out == fresh.out
    assert "These data are not fresh" in saved.err
    assert "These data are not fresh" not in fresh.err


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/api/v2", "not an address", "ftp://127.0.0.1/", "http://"]
)
@pytest.mark.parametrize("command", ["search", "check"])
def test_an_address_that_leads_nowhere_ends_in_3(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str, command: str
) -> None:
    monkeypatch.setenv("TRIALFINDER_REGISTRY_URL", url)

    assert run(command).status == 3


def test_less_than_announced_is_said_and_ends_in_3_if_nothing_is_left(
    registry: LocalRegistry, run: Run
) -> None:
    registry.fault(Fault.WRONG_TOTAL, ALWAYS)
    some, none = run("search"), run("search", "--city", "Atlantis")

    assert some.status == 0
    assert "Some trials may be missing" in some.err
    assert none.status == 3
    assert "Some trials may be missing" in none.err


def test_without_a_total_nobody_can_tell_and_that_is_said(
    registry: LocalRegistry, run: Run
) -> None:
    registry.fault(Fault.MISSING_TOTAL, ALWAYS)
    ran = run("search")

    assert "did not say how many trials there are" in ran.err
    assert "None" not in ran.err.replace("None left out", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("--nothing",),
        ("search", "--nothing"),
        ("search", "somewhere"),
        ("search", "--phase", "2"),
        ("search", "--phase", "phase2"),
        ("search", "--status", "OPEN"),
        ("search", "--study-type", "TRIAL"),
        ("search", "--sex", "ALL"),
        ("search", "--relevance", "perhaps"),
        ("search", "--relevance", "YES"),
        ("search", "--cml-phase", "2"),
        ("search", "--approach", "diet"),
        ("read", "one.jsonl", "two.jsonl"),
        ("read", "--nothing"),
        ("search", "--sort", "score"),
        ("search", "--format", "xlsx"),
        ("search", "--age", "old"),
        ("search", "--age", "-1"),
        ("search", "--age", "131"),
        ("search", "--age", "nan"),
        ("search", "--age", "inf"),
        ("search", "--age", ""),
        ("search", "--within", "100mi"),
        ("search", "--near", "", "--within", "100mi"),
        ("search", "--near", "77030", "--within", "100"),
        ("search", "--near", "77030", "--within", "-5mi"),
        ("search", "--near", "77030", "--within", "0km"),
        ("search", "--near", "77030", "--within", "far"),
        ("search", "--near", "Qwertyville"),
        ("search", "--near", "Richmond"),
        ("search", "--near", " "),
        ("app", "--port", "here"),
    ],
)
def test_bad_use_ends_in_2_before_anything_is_asked(
    registry: LocalRegistry, run: Run, arguments: tuple[str, ...]
) -> None:
    ran = run(*arguments)

    assert ran.status == 2
    assert ran.out == ""
    assert ran.err
    assert "Traceback" not in ran.err
    assert registry.requests == []


def test_a_distance_without_a_place_says_what_to_write(run: Run) -> None:
    assert '--near "Houston, TX" --within 200mi' in run("search", "--within", "100mi").err


def test_a_bad_age_says_what_an_age_is(run: Run) -> None:
    err = run("search", "--age", "old").err

    assert "--age" in err
    assert "_age" not in err  # the name of our function says nothing to anyone


def test_an_ambiguous_place_offers_candidates_that_work(registry: LocalRegistry, run: Run) -> None:
    ran = run("search", "--near", "Springfield")
    candidates = [line.strip() for line in ran.err.splitlines() if line.startswith("  ")]

    assert ran.status == 2
    assert len(candidates) > 3
    assert all(resolve(one).label == one for one in candidates[:5])
    assert run("search", "--near", candidates[0]).status == 0


def test_an_unknown_place_gets_advice_and_is_not_repeated(run: Run) -> None:
    ran = run("search", "--near", "Qwertyville")

    assert "larger city nearby" in ran.err
    assert "Qwertyville" not in ran.err


# --- search: nothing typed leaves this computer -----------------------------------------------

TYPED = [
    ("--near", "Houston, TX", "--within", "200mi"),
    ("--near", "77030"),
    ("--country", "France", "--state", "Ohio", "--city", "Lyon"),
    ("--age", "37", "--sex", "FEMALE"),
    ("--phase", "PHASE2", "--study-type", "EXPANDED_ACCESS"),
    ("--relevance", "yes", "--cml-phase", "blast", "--approach", "tki"),
    ("--status", "RECRUITING"),
    ("--status", "NOT_YET_RECRUITING", "--format", "json", "--sort", "nearest"),
]


def test_the_registry_and_the_disk_learn_the_same_whatever_is_typed(
    registry: LocalRegistry, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    heard, saved = [], []
    for number, typed in enumerate([(), *TYPED]):
        folder = tmp_path / str(number)
        monkeypatch.setenv("TRIALFINDER_CACHE_DIR", str(folder))
        registry.requests.clear()
        run("search", *typed)
        heard.append([(one.target, sorted(one.headers.items())) for one in registry.requests])
        saved.append([file.name for file in sorted(folder.iterdir())])

    assert len(heard[0]) > 3
    assert all(one == heard[0] for one in heard)
    assert all(one == saved[0] for one in saved)


# --- hostile text ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_control_characters_reach_the_terminal(
    registry: LocalRegistry, run: Run, form: str
) -> None:
    registry.fault(Fault.HOSTILE_TEXT, ALWAYS)
    ran = run("search", "--format", form, "--near", "Houston, TX")

    assert ONE in ran.out
    assert CONTROL.findall(ran.out + ran.err) == []


@pytest.mark.parametrize("command", [("search",), ("search", "--format", "csv"), ("check",)])
@pytest.mark.parametrize("stamp", ["\x1b[31mred", "\u202e2026", "\x9b0m", "a\nb", "\ud800"])
def test_a_hostile_timestamp_does_no_harm(
    registry: LocalRegistry,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    stamp: str,
) -> None:
    get = RegistryClient._get

    def hostile(self: RegistryClient, path: str, params: dict[str, str]) -> dict[str, Any]:
        return {"dataTimestamp": stamp} if path == "version" else get(self, path, params)

    monkeypatch.setattr(RegistryClient, "_get", hostile)
    ran = run(*command)

    assert ran.status == 0
    assert CONTROL.findall(ran.out + ran.err) == []


@pytest.mark.parametrize("fault", [Fault.MISSING_MODULES, Fault.WRONG_TYPES])
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_spoilt_records_are_listed_all_the_same(
    registry: LocalRegistry, run: Run, fault: Fault, form: str
) -> None:
    registry.fault(fault, ALWAYS)
    ran = run("search", "--format", form, "--near", "Houston, TX")

    assert ran.status == 0
    assert all(nct_id in ran.out for nct_id in (ONE, TWO, THREE, FIVE))


# --- progress --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["search", "check"])
def test_progress_is_shown_on_a_terminal_alone(
    registry: LocalRegistry, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    quiet = run(command)
    registry.data_timestamp = "2026-11-21T09:00:05"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    shown = run(command)

    assert "\r" not in quiet.err
    assert "Page 1: " in shown.err
    assert "[####################] " in shown.err
    assert "\x1b" not in shown.out


def test_progress_without_a_total_is_shown_too(
    registry: LocalRegistry, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.fault(Fault.MISSING_TOTAL, ALWAYS)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    shown = run("search").err

    assert "trials so far" in shown
    assert "None trials" not in shown
    assert " of None" not in shown


# --- read --------------------------------------------------------------------------------------


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """``trialfinder read`` with these bytes on standard input."""

    def given(content: bytes, *arguments: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return run("read", *arguments)

    return given


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def written(ran: Ran) -> list[Any]:
    assert ran.out == "" or ran.out.endswith("\n")
    return [json.loads(line) for line in ran.out.splitlines()]


def test_each_record_is_read_in_its_order(give: Run) -> None:
    ran = give(lines(*reversed(RECORDS)))

    assert (ran.status, ran.err) == (0, "")
    assert written(ran) == [read_study(one).as_dict() for one in reversed(RECORDS)]


def test_a_file_is_read_like_the_input(give: Run, tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_bytes(lines(*RECORDS))
    on_input = give(lines(*RECORDS), "-")

    assert give(b"", str(file)) == on_input == give(lines(*RECORDS))


@pytest.mark.parametrize("content", [b"", b"\n", b" \t\r\n\n"])
def test_nothing_to_read_is_nothing_written(give: Run, content: bytes) -> None:
    assert give(content) == Ran(0, "", "")


BAD_LINES = [
    *((b"not JSON", "not JSON"), (b'{"protocolSection": {', "not JSON"), (b"\xff\xfe", "not JSON")),
    *((b"[" * 100_000, "not JSON"), (b"1" * 5000, "not JSON"), (b"{}{}", "not JSON")),
    *((b'"\xed\xa0\x80"', "not JSON"), (b"{\0}\0", "not JSON")),
    *((b"[]", "not a JSON object"), (b"null", "not a JSON object"), (b'"x"', "not a JSON object")),
    *((b"{}", "no protocolSection"), (b'{"protocolSection": []}', "no protocolSection")),
]


@pytest.mark.parametrize(("line", "error"), BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_line_that_is_no_record_is_named_and_the_run_goes_on(
    give: Run, line: bytes, error: str
) -> None:
    ran = give(lines(RECORDS[0]) + b"\n" + line + b"\n" + lines(RECORDS[1]))
    first, wrong, last = written(ran)

    assert ran.status == 1
    assert wrong == {"line": 3, "error": error}
    assert (first["nct_id"], last["nct_id"]) == (ONE, TWO)


def test_a_line_that_is_far_too_long_is_not_held_in_memory(
    give: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_LONGEST_LINE", 2000)
    fits, record_line = b" " * 1999 + b"\n", lines(RECORDS[0])
    for too_long in (b"x" * 2000, b"x" * 2001, b"x" * 4000, b"x" * 9999):
        ran = give(too_long + b"\n" + fits + record_line + too_long)
        first, read, last = written(ran)
        assert first == {"line": 1, "error": "too long for a record"}
        assert read["nct_id"] == ONE
        assert last == {"line": 4, "error": "too long for a record"}
        assert ran.status == 1


def test_a_long_record_is_read(give: Run) -> None:
    long = record(ONE, title="CML " * 500_000)

    assert [one["nct_id"] for one in written(give(lines(long, RECORDS[1])))] == [ONE, TWO]


def test_a_last_line_without_an_end_and_a_mark_in_front_do_no_harm(give: Run) -> None:
    content = b"\xef\xbb\xbf" + lines(RECORDS[0], RECORDS[1]).removesuffix(b"\n")

    assert [one["nct_id"] for one in written(give(content))] == [ONE, TWO]


HOSTILE = "imatinib-resistant CML \ud800 \udfff \U0001f600 \x1b[31m\x85\u2028\u202e é漢 {nct_id} %s"


def test_any_text_is_read_and_quoted_letter_for_letter_on_one_line(give: Run) -> None:
    hostile = record(ONE, title=HOSTILE, criteria=f"Inclusion Criteria:\n\n* {HOSTILE}")
    ran = give(lines(hostile))
    (only,) = written(ran)

    assert only == read_study(hostile).as_dict()
    assert CONTROL.findall(ran.out) == []


def test_a_file_that_cannot_be_read_is_bad_use(run: Run, tmp_path: Path) -> None:
    for name in (tmp_path / "missing.jsonl", tmp_path):
        ran = run("read", str(name))
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith("The records cannot be read on: ")
        assert "None" not in ran.err


# --- check -----------------------------------------------------------------------------------


def test_check_says_address_version_counts_and_timing(registry: LocalRegistry, run: Run) -> None:
    ran = run("check")

    assert ran.status == 0
    assert ran.err == ""
    assert re.fullmatch(
        rf"Registry: {re.escape(registry.url)}\n"
        r"Data of 20 Nov 2026 \(answered in \d+ ms\)\n"
        r"4 open CML studies came in \d+\.\d s, all that were announced\n"
        r"1 closed CML studies are announced\n"
        r"All is well\.\n",
        ran.out,
    )


def test_check_reaches_the_registry_even_when_an_answer_is_saved(
    registry: LocalRegistry, run: Run
) -> None:
    run("search")
    registry.requests.clear()
    run("check")

    assert any(request.path == "/studies" for request in registry.requests)


def test_check_tells_of_an_incomplete_answer(registry: LocalRegistry, run: Run) -> None:
    registry.fault(Fault.WRONG_TOTAL, ALWAYS)
    ran = run("check")

    assert ran.status == 3
    assert "but 6 were announced" in ran.out
    assert "All is well" not in ran.out


def test_check_tells_of_a_registry_that_announces_nothing(
    registry: LocalRegistry, run: Run
) -> None:
    registry.fault(Fault.MISSING_TOTAL, ALWAYS)
    ran = run("check")

    assert ran.status == 3
    assert "None" not in ran.out


# --- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "handed_on"),
    [
        ((), []),
        (("app",), []),
        (("--port", "8600"), ["--server.port=8600"]),
        (("app", "--port", "8600"), ["--server.port=8600"]),
        (("--sample",), ["--", "--sample"]),
        (("app", "--port=8600", "--sample"), ["--server.port=8600", "--", "--sample"]),
    ],
)
def test_the_page_is_what_starts_by_itself(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    handed_on: list[str],
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        "trialfinder.ui.serve.main.main", lambda args, **_: started.append(list(args))
    )
    ran = run(*arguments)
    (command,) = started

    assert ran.status == 0
    assert command[0] == "run"
    assert Path(command[1]).is_file()
    assert command[4:] == handed_on


# --- help ------------------------------------------------------------------------------------


def test_help_names_every_command_and_every_filter(run: Run) -> None:
    whole, search = run("--help"), run("search", "--help")

    assert whole.status == search.status == 0
    assert all(f"    {command} " in whole.out for command in ("app", "search", "read", "check"))
    for value in (*TrialPhase, *OverallStatus, *StudyType, *Relevance, *CmlPhase, *Approach):
        assert value in search.out
    for option in ("country", "state", "city", "near", "within", "age", "sex", "sort", "sample"):
        assert f"--{option}" in search.out
    for option in ("relevance", "phase", "cml-phase", "approach", "status", "study-type"):
        assert f"--{option}" in search.out
    assert "exit status" in " ".join(run("read", "--help").out.split())


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out == f"{__version__}\n"


# --- as a process ----------------------------------------------------------------------------


def test_a_process_writes_a_csv_that_begins_with_its_mark() -> None:
    ran = process("search", "--sample", "--format", "csv", stdout=-1, stderr=-1)
    out, err = ran.communicate(timeout=60)

    assert ran.returncode == 0
    assert out.startswith(b'\xef\xbb\xbf"NCT ID",')
    assert "→" in err.decode()


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    ran = process("search", "--sample", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.stdout is not None
    ran.stdout.close()
    _, err = ran.communicate(timeout=60)

    assert ran.returncode == 0
    assert b"Traceback" not in err
    assert b"Broken" not in err


def test_a_reader_of_both_streams_that_has_seen_enough_is_no_error() -> None:
    ran = process("search", "--sample", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert ran.stdout is not None
    ran.stdout.close()

    assert ran.wait(timeout=60) == 0


def test_each_reading_is_written_before_the_next_record_is_asked_for() -> None:
    command = [sys.executable, "-m", "trialfinder.cli", "read"]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, stdin=-1, stdout=-1, env=environ) as reading_on:  # noqa: S603
        assert reading_on.stdin is not None
        assert reading_on.stdout is not None
        for one in RECORDS:
            reading_on.stdin.write(lines(one))
            reading_on.stdin.flush()
            assert select.select([reading_on.stdout], [], [], 60)[0]
            nct_id = one["protocolSection"]["identificationModule"]["nctId"]
            assert json.loads(reading_on.stdout.readline())["nct_id"] == nct_id
        reading_on.stdin.close()

        assert reading_on.wait(timeout=60) == 0


def test_readings_are_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_bytes(lines(record(ONE, title="CML résistante à l’imatinib")))
    environ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C", "PATH": os.defpath}
    ran = process("read", str(tmp_path / "one.jsonl"), stdout=-1, stderr=-1, env=environ)
    out, err = ran.communicate(timeout=60)

    assert (ran.returncode, err) == (0, b"")
    assert json.loads(out.decode("utf-8"))["nct_id"] == ONE


def test_a_reader_of_readings_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_bytes(lines(*RECORDS) * 200)
    ran = process("read", str(tmp_path / "many.jsonl"), stdout=-1, stderr=-1)
    assert ran.stdout is not None
    ran.stdout.readline()
    ran.stdout.close()
    _, err = ran.communicate(timeout=60)

    assert (ran.returncode, err) == (0, b"")


def test_a_terminal_of_another_encoding_gets_what_it_can_show() -> None:
    environ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PATH": os.defpath}
    ran = process("search", "--sample", stdout=-1, stderr=-1, env=environ)
    _, err = ran.communicate(timeout=60)

    assert ran.returncode == 0
    assert b"Traceback" not in err


def test_the_place_of_the_tests_is_the_place_people_mean() -> None:
    assert resolve("Houston, TX").label == HOUSTON.label
