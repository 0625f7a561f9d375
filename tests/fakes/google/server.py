"""Google's hosts on loopback: a proxy that answers for them itself, over TLS, and refuses every other host."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.fakes.google import keys
from tests.fakes.google.refusals import NotEmulated
from tests.fakes.google.service import Answer, Incoming, Service

HANG_SECONDS = 60


class Proxy(ThreadingHTTPServer):
    """Takes ``CONNECT`` for the hosts of `keys.HOSTS` and is them."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, service: Service, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = service
        self.bundle, server = keys.write_certificates(folder)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(server)
        self.refused: list[str] = []
        """Other hosts that were asked for."""
        self.closing = threading.Event()
        self.open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="fake Google")

    @property
    def url(self) -> str:
        """What ``HTTPS_PROXY`` is set to."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def begin(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def end(self) -> None:
        """Break what is open and stop."""
        self.closing.set()
        self.shutdown()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 90
    server: Proxy
    host = ""

    def setup(self) -> None:
        """Answer in one packet each, at once."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.server.open.add(self.connection)

    def finish(self) -> None:
        """Close the inner connection too."""
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()

    def handle(self) -> None:
        """Serve until the other side goes away."""
        with contextlib.suppress(OSError):
            super().handle()

    def do_CONNECT(self) -> None:
        """Open a tunnel that ends here."""
        host = self.path.rpartition(":")[0]
        if host not in keys.HOSTS:
            self.server.refused.append(self.path)
            self._send(Answer(403, b"This is not a host of the fake.", {"Content-Type": "text/plain"}))
            self.close_connection = True
            return
        self.host = host
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.server.open.discard(self.connection)
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.server.open.add(self.connection)
        self.rfile.close()
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = _Writer(self.connection)  # type: ignore[assignment]
        self.close_connection = False

    def do_GET(self) -> None:
        """Answer any request inside the tunnel."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.host:
            self.server.refused.append(self.path)
            self._send(Answer(403, b"Only tunnels are served.", {"Content-Type": "text/plain"}))
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            answer = self.server.service.answer(Incoming(self.host, self.command, self.path, token, body))
        except NotEmulated as limit:
            self.server.service.limits.append(f"The fake does not have {limit}.")
            answer = Answer(0, b"", broken="reset")
        except Exception:  # noqa: BLE001 - a mistake of the fake must fail the test, not vanish in a thread
            self.server.service.limits.append(traceback.format_exc())
            answer = Answer(0, b"", broken="reset")
        if answer.broken == "hang":
            self.server.closing.wait(HANG_SECONDS)
        if answer.broken:
            self._reset()
        else:
            self._send(answer)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names are given

    def _send(self, answer: Answer) -> None:
        headers = {**answer.headers, "Content-Length": str(len(answer.body))}
        head = f"HTTP/1.1 {answer.status} Answer\r\n" + "".join(
            f"{name}: {text}\r\n" for name, text in headers.items()
        )
        self.wfile.write(head.encode() + b"\r\n" + answer.body)

    def _reset(self) -> None:
        """Break the connection as a failing network does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.server.open.discard(self.connection)
        self.rfile.close()
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Keep quiet: `Service.calls` is the log."""


class _Writer:
    """Sends each answer whole."""

    closed = False

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, content: bytes) -> int:
        self._connection.sendall(content)
        return len(content)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """The connection is closed by whom it belongs to."""
