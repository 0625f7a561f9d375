"""A real S3 server on loopback, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PYTHON = Path(__file__).parents[2] / ".venv" / "s3-server" / "bin" / "python"

SECRET = "a-secret-that-nobody-may-print"  # noqa: S105 - not one: the server takes any


@contextlib.contextmanager
def s3_server(log: Path) -> Iterator[str]:
    """Run the server and give its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"PATH": os.defpath, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": SECRET}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(PYTHON), "-m", "moto.server", "-p", str(port)],
            stdout=output,
            stderr=output,
            env=environment,
        )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the S3 server did not start")
