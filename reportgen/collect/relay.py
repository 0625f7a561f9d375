"""Output of a command on its way to where ours goes: unchanged, at once, and its last lines are kept."""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from time import monotonic

from reportgen.schema import without_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT_LINES = 50
KEPT_BYTES = 8 * 2**10
_BLOCK = 1 << 16
_NEWLINE = ord("\n")

_CONTROLS = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles and links
    r"|\x1b.|[\x00-\x08\x0a-\x1f\x7f-\x9f]"
)


class LastLines:
    """The last bytes of some streams, in the order in which they came; never more than is kept.

    Args:
        size: Number of bytes to keep.
    """

    def __init__(self, size: int = KEPT_BYTES) -> None:
        self._size = size
        self._held = 0
        self._pieces: deque[tuple[int, bytes]] = deque()
        self._cut: set[int] = set()  # streams whose first kept byte is not the first of a line
        self._mutex = threading.Lock()

    def add(self, stream: int, data: bytes) -> None:
        """Take in what came from a stream."""
        with self._mutex:
            self._pieces.append((stream, data))
            self._held += len(data)
            while self._held > self._size:
                oldest, first = self._pieces.popleft()
                over = min(self._held - self._size, len(first))
                self._held -= over
                if over < len(first):
                    self._pieces.appendleft((oldest, first[over:]))
                (self._cut.discard if first[over - 1] == _NEWLINE else self._cut.add)(oldest)

    def lines(self) -> list[str]:
        """Give the last lines as people read them: no colours, of a progress bar its last state."""
        begun: dict[int, bytes] = {}
        cut = set(self._cut)
        found: list[str] = []
        for stream, data in self._pieces:
            *whole, rest = (begun.get(stream, b"") + data).split(b"\n")
            begun[stream] = rest
            for line in whole:
                found.append(_readable(line, is_cut=stream in cut))
                cut.discard(stream)
        found += [_readable(line, is_cut=stream in cut) for stream, line in begun.items() if line]
        return found[-KEPT_LINES:]


def _readable(line: bytes, *, is_cut: bool) -> str:
    text = line.decode("utf-8", "replace").rstrip("\r").rpartition("\r")[2]
    text = _CONTROLS.sub("", text)
    if is_cut:  # it may begin inside of a URL's password
        text = "…" + text[len(text.split(maxsplit=1)[0]) if text.strip() else 0 :]
    return without_credentials(text).rstrip()


class Relay(threading.Thread):
    """Carries one stream of a command to its target, as fast as the target takes it.

    Args:
        source: Descriptor to read; closed at the end, also when the target takes no more, so that the
            command hears of it as it would without us.
        target: Descriptor to write.
        kept: Where the last lines are kept.
    """

    def __init__(self, source: int, target: int, kept: Sequence[LastLines]) -> None:
        super().__init__(daemon=True, name=f"reportgen-relay-{target}")
        self.must_stop = False
        self._source, self._target, self._kept = source, target, kept
        self._idle_since = 0.0
        """When it began to wait for output; 0 while it does not wait."""

    def run(self) -> None:
        """Carry until the stream ends or its target is gone."""
        try:
            while not self.must_stop:
                self._idle_since = monotonic()
                data = self._read()
                self._idle_since = 0.0
                if not data:
                    return
                for kept in self._kept:
                    kept.add(self._target, data)
                _write_all(self._target, data)
        except OSError:
            return  # nobody reads our output any more
        finally:
            os.close(self._source)

    def waits_since(self, begun: float) -> float:
        """Tell for how many seconds since a moment it has been waiting for output; 0 if it does not wait."""
        since = self._idle_since
        return monotonic() - max(since, begun) if since else 0.0

    def _read(self) -> bytes:
        try:
            return os.read(self._source, _BLOCK)
        except OSError:  # how a terminal says that its last user is gone
            return b""


def _write_all(target: int, data: bytes) -> None:
    """Write all bytes, also to a descriptor that somebody has told not to wait.

    Raises:
        OSError: The target is gone.
    """
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(target, view) :]
        except BlockingIOError:
            import select

            select.select([], [target], [])
