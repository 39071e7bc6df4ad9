"""The registry itself: its records behind HTTP on 127.0.0.1."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import re
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from .answers import Answer, RefusalError, html, refuse
from .faults import ANSWER_FAULTS, Fault, ScheduledFault, spoil
from .fields import Study, asked_fields, nct_id, project
from .pages import turn_to
from .selection import (
    BASE,
    SEARCH_PARAMETERS,
    RecordedRequest,
    check_names,
    invalid,
    matchers,
    normal_nct_id,
)

ALWAYS = sys.maxsize
"""For ``LocalRegistry.fault(..., times=ALWAYS)``."""

FIXTURES = Path(__file__).parents[3] / "fixtures" / "studies"
MAX_URL_LENGTH = 7000


class LocalRegistry:
    """Serves study records on 127.0.0.1 while its ``with`` block runs.

    ``url`` is the address to give to a client. ``requests`` are the requests so far.
    ``data_timestamp`` may be set at any time. ``pending`` are the faults that did not strike yet.
    """

    def __init__(self, studies: Iterable[Study], *, copies: int = 1, port: int = 0) -> None:
        self._studies = _multiplied(list(studies), copies)
        if len({nct_id(study) for study in self._studies}) != len(self._studies):
            raise ValueError("two records have the same NCT number")
        self._port = port
        self._lock = threading.RLock()
        self._released = threading.Event()
        self._scheduled: list[ScheduledFault] = []
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.requests: list[RecordedRequest] = []
        self.data_timestamp = "2026-11-20T09:00:05"

    @classmethod
    def from_folder(cls, folder: Path, *, copies: int = 1, port: int = 0) -> LocalRegistry:
        """Serve every ``*.json`` file of a folder, one record a file, in the order of names."""
        files = sorted(folder.glob("*.json"))
        if not files:
            raise ValueError(f"no records in {folder}")
        studies = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        return cls(studies, copies=copies, port=port)

    def __enter__(self) -> Self:
        self._server = _Server(self, self._port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.hang_up()
            self._server.server_close()
        self._server = self._thread = None

    def __len__(self) -> int:
        return len(self._studies)

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the registry is not serving")
        return f"http://127.0.0.1:{self._server.server_port}{BASE}"

    @property
    def pending(self) -> list[Fault]:
        return [scheduled.fault for scheduled in self._scheduled]

    def fault(self, name: Fault | str, times: int = 1, *, path: str | None = None) -> None:
        """Let the next ``times`` requests (to ``path``, such as ``/studies``) go wrong."""
        fault = Fault(name)
        if fault is Fault.SLOW:
            self._released.clear()
        with self._lock:
            self._scheduled.append(ScheduledFault(fault, times, path))

    def release(self) -> None:
        """Let the answers go that the fault ``slow`` holds back."""
        self._released.set()

    # What the server asks for

    def take(self, request: RecordedRequest) -> Fault | None:
        """Record a request; the fault it meets, if any."""
        with self._lock:
            self.requests.append(request)
            for scheduled in self._scheduled:
                if scheduled.strikes(request):
                    scheduled.times -= 1
                    if scheduled.times <= 0:
                        self._scheduled.remove(scheduled)
                    return scheduled.fault
        return None

    def answer(self, request: RecordedRequest, fault: Fault | None) -> Answer:
        if fault is Fault.SLOW:
            self._released.wait()
        if fault in ANSWER_FAULTS:
            return ANSWER_FAULTS[fault]
        try:
            with self._lock:
                body = self._body(request, fault)
        except RefusalError as refusal:
            return refusal.answer
        if fault is Fault.WRONG_SHAPE:
            body = [body]
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        if fault is Fault.BAD_JSON:
            text = text.replace(":", "=", 1)
        return Answer(200, "application/json", text.encode())

    def _body(self, request: RecordedRequest, fault: Fault | None) -> Any:
        if request.path == "/version":
            check_names(request, frozenset())
            return {"apiVersion": "2.0.5", "dataTimestamp": self.data_timestamp}
        if request.path == "/studies":
            check_names(request, SEARCH_PARAMETERS)
            return self._search(request.params, fault)
        if match := re.fullmatch(r"/studies/([^/]+)", request.path):
            check_names(request, frozenset({"fields"}))
            return project(self._one(match[1]), asked_fields(request.params))
        raise RefusalError(html(404, "404 Not Found"))

    def _one(self, wanted: str) -> Study:
        normal = normal_nct_id(wanted)
        if normal is None:
            refuse(f"NCT number {wanted} has incorrect format")
        found = [study for study in self._studies if nct_id(study) == normal]
        if not found:
            refuse(f"NCT number {wanted} not found", 404)
        return found[0]

    def _search(self, params: Mapping[str, str], fault: Fault | None) -> dict[str, Any]:
        if fault is Fault.STALE_TOKEN:
            invalid("pageToken", params["pageToken"])
        tests = matchers(params)
        found = [study for study in self._studies if all(test(study) for test in tests)]
        page = turn_to(params, found)
        if fault is Fault.REFRESH_BETWEEN_PAGES:
            self._refresh(found[page.place.start :][:1])
        elif fault is not None:
            spoil(page, fault)
        return page.to_json()

    def _refresh(self, moved: list[Study]) -> None:
        """A new data version, in which a study already sent stands at the end."""
        next_day = datetime.fromisoformat(self.data_timestamp) + timedelta(days=1)
        self.data_timestamp = next_day.isoformat()
        self._studies.sort(key=lambda study: study in moved)


def _multiplied(studies: Sequence[Study], copies: int) -> list[Study]:
    """The records, then ``copies - 1`` rounds of them under numbers from NCT98000000 on."""
    numbers = itertools.count(98_000_000)
    again = (study for _ in range(copies - 1) for study in studies)
    return [*studies, *(_with_nct_id(study, f"NCT{next(numbers)}") for study in again)]


def _with_nct_id(study: Study, new_id: str) -> Study:
    protocol = study["protocolSection"]
    identification = {**protocol["identificationModule"], "nctId": new_id}
    return {**study, "protocolSection": {**protocol, "identificationModule": identification}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        registry = self.server.registry
        request = RecordedRequest(self.path, self.headers)
        fault = registry.take(request)
        if fault is Fault.RESET:
            self._reset()
        elif len(f"http://{self.headers.get('Host', '')}{self.path}") > MAX_URL_LENGTH:
            self._send(html(414, "414 Request-URI Too Large"), cut=False)
        else:
            self._send(registry.answer(request, fault), cut=fault is Fault.TRUNCATED)

    def _send(self, answer: Answer, *, cut: bool) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        accepted = self.headers.get("Accept-Encoding", "")
        if answer.content_type == "application/json" and "gzip" in accepted:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def _reset(self) -> None:
        """Close so that the client sees "connection reset", not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """Remembers its connections, so that closing it leaves no thread and no socket behind."""

    daemon_threads = False

    def __init__(self, registry: LocalRegistry, port: int) -> None:
        self.registry = registry
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._connections_lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
