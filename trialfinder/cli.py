"""The command line: ``trialfinder [app] | search | read | check``.

Results go to standard output or a file; the ledger, warnings and progress to standard error.
Exit status: 0 found, or honestly none; 1 some lines were no records to read; 2 bad use; 3 the
registry could not be used and nothing was saved, or it sent less than it announced and nothing of
that is left to show; 4 answered from an older saved answer.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from trialfinder import __version__
from trialfinder.content.messages import counted, message
from trialfinder.errors import (
    BadFilterError,
    PlaceAmbiguousError,
    PlaceError,
    RegistryError,
    TrialfinderError,
)
from trialfinder.finding.describe import distance_words, status_words, timestamp_words
from trialfinder.finding.export import json_text, nearest_words, rows_of, to_csv, to_json
from trialfinder.finding.filters import (
    DEFAULT_RELEVANCES,
    DEFAULT_STUDY_TYPES,
    Filters,
    Listing,
    Order,
    filter_trials,
)
from trialfinder.finding.notes import (
    closed_not_loaded,
    error_note,
    group_words,
    left_out,
    notes_on,
    origin_words,
    step_words,
)
from trialfinder.finding.places import parse_distance, resolve
from trialfinder.finding.search import Found, find
from trialfinder.reading import read_study
from trialfinder.registry.answer import Source
from trialfinder.registry.client import Progress, RegistryClient, registry_url
from trialfinder.vocabulary import (
    CLOSED_STATUSES,
    OPEN_STATUSES,
    Approach,
    CmlPhase,
    OverallStatus,
    Part,
    Relevance,
    Sex,
    StudyType,
    TrialPhase,
)

OK, SOME_UNREAD, BAD_USE, UNREACHABLE, FROM_SAVED, INTERRUPTED = 0, 1, 2, 3, 4, 130

_LONGEST_LINE = 100_000_000
"""Bytes of one record; the largest real ones have some millions."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("--port", "--sample"):
        given.insert(0, "app")  # plain "trialfinder" starts the page
    options = _parser().parse_args(given)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except KeyboardInterrupt:
        _say(f"\n{message('cli.interrupted')}")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, such as "head", has seen enough; even the flush at exit would fail.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("trialfinder", description=message("cli.description"))
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="app | search | read | check")

    app = commands.add_parser("app", help=message("cli.app"))
    app.add_argument("--port", type=int, help=message("cli.port"))
    app.add_argument("--sample", action="store_true", help=message("cli.sample"))
    app.set_defaults(run=_app)

    search = commands.add_parser("search", help=message("cli.search"))
    for name, values in (
        ("relevance", Relevance),
        ("phase", TrialPhase),
        ("cml-phase", CmlPhase),
        ("approach", Approach),
        ("status", OverallStatus),
        ("study-type", StudyType),
    ):
        words = message(f"cli.{name.replace('-', '_')}")
        search.add_argument(
            f"--{name}", type=values, choices=list(values), action="append", help=words
        )
    for name in ("country", "state", "city", "near", "within"):
        search.add_argument(f"--{name}", help=message(f"cli.{name}"))
    search.add_argument("--age", type=_age, help=message("cli.age"))
    search.add_argument("--sex", type=Sex, choices=[Sex.FEMALE, Sex.MALE], help=message("cli.sex"))
    search.add_argument("--sort", type=Order, choices=list(Order), help=message("cli.sort"))
    search.add_argument("--sample", action="store_true", help=message("cli.sample"))
    search.add_argument(
        "--format", choices=["table", "csv", "json"], default="table", help=message("cli.format")
    )
    search.add_argument("--output", type=Path, metavar="FILE", help=message("cli.output"))
    search.set_defaults(run=_search)

    read = commands.add_parser(
        "read", help=message("cli.read.help"), description=message("cli.read.description")
    )
    read.add_argument("file", nargs="?", default="-", metavar="FILE", help=message("cli.read.file"))
    read.set_defaults(run=_read)

    check = commands.add_parser("check", help=message("cli.check.help"))
    check.set_defaults(run=_check)
    return parser


def _age(text: str) -> float:
    try:
        age = float(text)
    except ValueError:
        age = -1
    if not 0 <= age <= 130:
        raise argparse.ArgumentTypeError(message("cli.bad_age"))
    return age


def _app(options: argparse.Namespace) -> int:
    from trialfinder.ui.serve import serve  # noqa: PLC0415  slow to import, and only needed here

    serve(options.port, sample=options.sample)
    return OK


def _search(options: argparse.Namespace) -> int:
    try:
        filters = _filters(options)
    except (PlaceError, BadFilterError) as error:
        return _bad_place(error)
    closed = set(filters.statuses) & set(CLOSED_STATUSES)
    open_ones = set(filters.statuses) & set(OPEN_STATUSES)
    parts = [p for p, wanted in ((Part.OPEN, open_ones), (Part.CLOSED, closed)) if wanted]
    with _ProgressLine() as progress:
        try:
            found = find(*parts, sample=options.sample, on_page=progress)
        except RegistryError as error:
            progress.clear()
            return _registry_failed(error)
    listing = filter_trials(found.studies, found.sites, filters, options.sort)
    unit = "km" if "k" in (options.within or "").lower() else "mi"
    _tell(found, listing, filters, unit)
    try:
        _write(options, found, listing, filters, unit)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        _say(message("cli.cannot_write", reason=error.strerror))
        return BAD_USE
    return _status(found, listing)


def _filters(options: argparse.Namespace) -> Filters:
    return Filters(
        relevances=options.relevance or DEFAULT_RELEVANCES,
        statuses=options.status or OPEN_STATUSES,
        study_types=options.study_type or DEFAULT_STUDY_TYPES,
        trial_phases=options.phase or (),
        cml_phases=options.cml_phase or (),
        approaches=options.approach or (),
        country=options.country,
        state=options.state,
        city=options.city,
        near=resolve(options.near) if options.near else None,
        within_km=parse_distance(options.within) if options.within else None,
        age=options.age,
        sex=options.sex,
    )


def _bad_place(error: TrialfinderError) -> int:
    _say(message(f"errors.{error.code}.what"))
    if isinstance(error, PlaceAmbiguousError):
        _say(message("cli.candidates"))
        for candidate in error.candidates:
            _say(f"  {candidate}")
    else:
        _say(message(f"errors.{error.code}.do"))
    return BAD_USE


def _registry_failed(error: RegistryError) -> int:
    note = error_note(error)
    _say(f"{note.title}. {note.text}")
    return UNREACHABLE


def _tell(found: Found, listing: Listing, filters: Filters, unit: str) -> None:
    """Origin, warnings and ledger, to standard error."""
    _say(origin_words(found))
    if _is_sample(found):
        _say(message("cli.sample_warning"))
    for note in notes_on(found, datetime.now(UTC)):
        _say(f"{note.title}: {note.text}")
    loaded, closed = sum(one.count for one in found.parts.values()), closed_not_loaded(found)
    if Part.OPEN not in found.parts:
        _say(message("cli.closed_loaded", count=f"{loaded:,}"))
    elif closed is None:
        _say(message("cli.all_loaded", count=f"{loaded:,}"))
    else:
        _say(message("cli.all_records", count=f"{loaded + closed:,}"))
    if closed:
        _say(f"→ {message('cli.all_loaded', count=f'{loaded:,}')} ({_left_out_words(closed)})")
        _say(f"    {counted('cli.closed_not_loaded', closed)}")
    for step in listing.ledger:
        _say(f"→ {step_words(step, filters, unit)} ({_left_out_words(left_out(step))})")
        for reason, ids in step.removed.items():
            _say(f"    {message(f'reasons.{reason}')}: {len(ids):,}")
    for words in group_words(listing):
        _say(words)
    if listing.studies.empty:
        _say(message("cli.none"))


def _left_out_words(count: int) -> str:
    return (
        message("ledger.left_out", count=f"{count:,}") if count else message("ledger.left_out_none")
    )


def _write(
    options: argparse.Namespace, found: Found, listing: Listing, filters: Filters, unit: str
) -> None:
    today = datetime.now(UTC).date()
    if options.format == "csv":
        content = to_csv(listing.studies, found, filters, today=today, unit=unit)
    elif options.format == "json":
        content = to_json(listing.studies, found, listing.ledger).encode() + b"\n"
    else:
        content = _table(found, listing, unit).encode()
    if options.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    options.output.write_bytes(content)
    _say(counted("cli.written", len(listing.studies), file=options.output))


def _table(found: Found, listing: Listing, unit: str) -> str:
    """Aligned columns; the title stands last, so that nothing has to be cut."""
    columns = ("nct_id", "why", "status", "trial_phase", "distance", "nearest_site", "title")
    lines = [tuple(message(f"csv.columns.{name}") for name in columns)]
    for row in rows_of(listing.studies, found):
        study = row.study
        phases = " / ".join(
            message(f"phase.short.{p}") for p in study.phases if p in set(TrialPhase)
        )
        cells = (
            study.nct_id,
            f"{row.reading.relevance}: {message(f'why.short.{row.reading.why}')}",
            status_words(study.overall_status),
            phases or "-",
            distance_words(row.km, unit) if row.km == row.km else "-",
            nearest_words(row),
            study.brief_title or message("card.no_title"),
        )
        lines.append(tuple(" ".join(cell.split()) for cell in cells))
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns) - 1)] + [0]
    rendered = ("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
    mark = f"{message('cli.sample_warning')}\n" if _is_sample(found) else ""
    return mark + "".join(f"{line.rstrip()}\n" for line in rendered)


def _status(found: Found, listing: Listing) -> int:
    provenances = found.parts.values()
    if any(one.source is Source.SAVED for one in provenances):
        return FROM_SAVED
    incomplete = any(not one.complete for one in provenances)
    return UNREACHABLE if incomplete and listing.studies.empty else OK


def _read(options: argparse.Namespace) -> int:
    from_input = options.file == "-"
    try:
        with nullcontext(sys.stdin.buffer) if from_input else Path(options.file).open("rb") as file:
            return _read_lines(file)
    except BrokenPipeError:
        raise
    except OSError as error:
        _say(message("cli.read.stopped", reason=error.strerror))
        return BAD_USE


def _read_lines(file: BinaryIO) -> int:
    status = OK
    for number, line in enumerate(_lines(file), 1):
        if line is not None and not line.strip():
            continue
        try:
            record = _record(line)
        except ValueError as error:
            written: dict[str, Any] = {"line": number, "error": str(error)}
            status = SOME_UNREAD
        else:
            written = read_study(record).as_dict()
        sys.stdout.buffer.write(json_text(written).encode() + b"\n")
        sys.stdout.flush()  # whoever sent the line may be waiting
    return status


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Each line, one in memory at a time; None for one that is longer than any record."""
    while line := stream.readline(_LONGEST_LINE):
        whole = line.endswith(b"\n") or len(line) < _LONGEST_LINE
        yield line if whole else None
        while not whole:
            rest = stream.readline(_LONGEST_LINE)
            whole = rest.endswith(b"\n") or not rest


def _record(line: bytes | None) -> dict[str, Any]:
    """The study in one line; raises ValueError with what is wrong with it."""
    if line is None:
        raise ValueError(message("cli.read.too_long"))
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(message("cli.read.not_json")) from None
    if not isinstance(record, dict):
        raise ValueError(message("cli.read.no_object"))
    if not isinstance(record.get("protocolSection"), dict):
        raise ValueError(message("cli.read.no_protocol"))
    return record


def _check(_: argparse.Namespace) -> int:
    url = registry_url()
    print(message("cli.check.address", url=url))
    with _ProgressLine() as progress, RegistryClient(url) as client:
        try:
            started = time.perf_counter()
            stamp = timestamp_words(client.data_timestamp())
            ms = round((time.perf_counter() - started) * 1000)
            key = "cli.check.version" if stamp else "cli.check.version_unknown"
            print(message(key, data=stamp, ms=ms))
            started = time.perf_counter()
            download = client.download(Part.OPEN, progress)
            seconds = f"{time.perf_counter() - started:.1f}"
            closed = client.count(Part.CLOSED)
        except RegistryError as error:
            progress.clear()
            return _registry_failed(error)
    key = "cli.check.open" if download.complete else "cli.check.open_incomplete"
    count = f"{len(download.records):,}"
    if download.total is None:
        key = "cli.check.open_unsaid"
    expected = f"{download.total:,}" if download.total is not None else None
    print(message(key, count=count, seconds=seconds, expected=expected))
    key = "cli.check.closed" if closed is not None else "cli.check.closed_unknown"
    print(message(key, count=f"{closed:,}" if closed is not None else ""))
    if not download.complete:
        return UNREACHABLE
    print(message("cli.check.fine"))
    return OK


def _is_sample(found: Found) -> bool:
    return any(one.source is Source.SAMPLE for one in found.parts.values())


def _say(line: str) -> None:
    print(line, file=sys.stderr)


class _ProgressLine:
    """One line on standard error that overwrites itself; silent unless that is a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> _ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def __call__(self, progress: Progress) -> None:
        if not self._shown:
            return
        key = "loading.page" if progress.total is not None else "loading.page_unknown"
        total = f"{progress.total:,}" if progress.total is not None else None
        words = message(key, page=progress.page, found=f"{progress.found:,}", total=total)
        print(f"\r\x1b[K{_bar(progress)}{words}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away again."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _bar(progress: Progress) -> str:
    if not progress.total:
        return ""
    done = min(progress.found * 20 // progress.total, 20)
    return f"[{'#' * done}{'.' * (20 - done)}] "


if __name__ == "__main__":
    sys.exit(main())
