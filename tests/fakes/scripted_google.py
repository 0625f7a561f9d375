"""A server on loopback that answers as a script says, and a client of ours that is led to it."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from reportgen.deliver.share import Login, Patience, Spreadsheet
from reportgen.deliver.share.transport import PatientClient

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
EMAIL = "robot@project.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    status: int = 200
    body: Any = field(default_factory=dict)
    """JSON, or a text as it is."""
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: bool = False
    """Break the connection instead."""
    hang: float = 0.0
    """Seconds of silence first."""
    cut: bool = False
    """End in the middle of the body."""


def refusal(status: int, message: str, reason: str = "", **more: Any) -> Said:
    """Make an error in the form of Google's newer services."""
    details = (
        [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, **more}] if reason else []
    )
    return Said(status, {"error": {"code": status, "message": message, "details": details}})


def drive_refusal(status: int, message: str, reason: str) -> Said:
    """Make an error in the form of Drive."""
    errors = [{"reason": reason, "message": message, "domain": "usageLimits"}]
    return Said(status, {"error": {"code": status, "message": message, "errors": errors}})


@dataclass(slots=True)
class Clock:
    """A clock that moves only when somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def patience(self) -> Patience:
        return Patience(sleep=self._sleep, clock=lambda: self.now, chance=lambda: 0.5, tell=self.told.append)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass(slots=True)
class Scripted:
    """The server, what it is to say, and what it was asked."""

    base: str = ""
    script: list[Said | Callable[[str], Said]] = field(default_factory=list)
    """In order; the last one is said for ever."""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    """Method, path with its query, body."""
    clock: Clock = field(default_factory=Clock)
    timeout: float = 5.0

    def sheet(self, sheet_id: str = ID, kind: Any = "service account") -> Spreadsheet:
        """Give a spreadsheet whose calls come here."""
        login = Login(None, kind, "the key in /k.json", EMAIL if kind == "service account" else "")
        return Spreadsheet(sheet_id, login, self.clock.patience(), self.client)

    def client(self, _: Any, patience: Patience) -> PatientClient:
        made = _Led(None, patience, session=requests.Session())
        made.base = self.base
        made.set_timeout(self.timeout)
        made.session.trust_env = False
        return made

    def answer(self, method: str, path: str, body: Any) -> Said:
        self.asked.append((method, path, body))
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return said if isinstance(said, Said) else said(path)

    @property
    def writes(self) -> list[Any]:
        """Bodies of all batches that arrived."""
        return [body for _, path, body in self.asked if ":batchUpdate" in path]


class _Led(PatientClient):
    base = ""

    def _send(self, method: str, endpoint: str, words: Mapping[str, Any]) -> requests.Response:
        for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
            endpoint = endpoint.replace(host, self.base)
        return PatientClient._send(self, method, endpoint, words)


class _Handler(BaseHTTPRequestHandler):
    scripted: Scripted
    stopping: threading.Event

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body: Any = self.rfile.read(length).decode()
        if "json" in self.headers.get("Content-Type", ""):
            body = json.loads(body)
        said = self.scripted.answer(self.command, self.path, body)
        self.close_connection = True
        if said.hang:
            self.stopping.wait(said.hang)
        if said.reset:
            # no linger: the other side sees a reset, not an end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        raw = (said.body if isinstance(said.body, str) else json.dumps(said.body)).encode()
        head = [f"HTTP/1.1 {said.status} X", f"Content-Length: {len(raw)}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in said.headers.items()]
        self.connection.sendall(
            "\r\n".join(head).encode() + b"\r\n\r\n" + (raw[: len(raw) // 2] if said.cut else raw)
        )

    do_POST = do_GET  # noqa: N815 - the library asks for this name

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Close quietly what was reset already."""
        try:
            super().finish()
        except OSError:
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that has gone is meant."""


@contextmanager
def scripted_google(*script: Said | Callable[[str], Said]) -> Iterator[Scripted]:
    """Run the server."""
    scripted, stopping = Scripted(script=list(script)), threading.Event()
    handler = type("Handler", (_Handler,), {"scripted": scripted, "stopping": stopping})
    with _Server(("127.0.0.1", 0), handler) as server:
        scripted.base = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield scripted
        finally:
            stopping.set()
            server.shutdown()
            thread.join()
