"""The connection below a mail server's protocol, which can be cut at any time: before the greeting, too."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Wire:
    """A second handle of a connection: TLS takes the first one over, and the library shows it after the greeting."""

    def __init__(self) -> None:
        self._handle: socket.socket | None = None
        self._is_cut = False

    def keep(self, connection: socket.socket) -> None:
        """Know this connection."""
        self.close()
        self._handle = connection.dup()
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        """Break it: whoever waits for an answer hears that it is gone."""
        self._is_cut = True
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let it go; the connection ends when its first handle is closed, too."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Cut it where a server that answers letter by letter takes longer than this in all."""
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class PlainClient(smtplib.SMTP):
    """The library's client, over a wire that is known from its first moment on.

    Args:
        wire: Gets the connection.
        host: The server; it is connected to at once.
        port: Of the server.
        timeout: Seconds for each word of it.
    """

    def __init__(self, wire: Wire, host: str, port: int, timeout: float) -> None:
        self.wire = wire
        super().__init__(host, port, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.create_connection((host, port), timeout)
        self.wire.keep(found)
        return found

    def close(self) -> None:
        """Close both handles."""
        super().close()
        self.wire.close()


class TlsClient(smtplib.SMTP_SSL, PlainClient):
    """The same, with TLS from the beginning."""

    def __init__(self, wire: Wire, host: str, port: int, timeout: float, context: ssl.SSLContext) -> None:
        self.wire = wire
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=timeout, context=context)
