"""Output of a command on its way to where ours goes: unchanged, at once, and its last lines are kept."""

from __future__ import annotations

import os
import re
import threading
from collections import Counter, deque
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

    No stream drives out another: a traceback stays although the other stream, whose text was still
    buffered when the error came, said a lot after it.

    Args:
        size: Number of bytes to keep.
    """

    def __init__(self, size: int = KEPT_BYTES) -> None:
        self._size = size
        self._count = 0
        self._held: Counter[int] = Counter()
        """Number of bytes that are kept of a stream."""
        self._pieces: dict[int, deque[tuple[int, bytes]]] = {}
        """Of a stream: how many pieces had come before one, and its bytes."""
        self._cut: set[int] = set()  # streams whose first kept byte is not the first of a line
        self._mutex = threading.Lock()

    def add(self, stream: int, data: bytes) -> None:
        """Take in what came from a stream."""
        with self._mutex:
            self._count += 1
            self._pieces.setdefault(stream, deque()).append((self._count, data))
            self._held[stream] += len(data)
            while (over := self._held.total() - self._size) > 0:
                longest = max(self._held, key=self._held.__getitem__)
                self._cut_off(longest, min(over, self._held[longest] - self._size // len(self._held)))

    def _cut_off(self, stream: int, over: int) -> None:
        pieces = self._pieces[stream]
        place, first = pieces.popleft()
        over = min(over, len(first))
        self._held[stream] -= over
        if over < len(first):
            pieces.appendleft((place, first[over:]))
        (self._cut.discard if first[over - 1] == _NEWLINE else self._cut.add)(stream)

    def lines(self) -> list[str]:
        """Give the last lines as people read them: no colours, of a progress bar its last state."""
        begun: dict[int, bytes] = {}
        cut = set(self._cut)
        found: list[tuple[int, str]] = []
        pieces = sorted(
            (place, stream, data) for stream, held in self._pieces.items() for place, data in held
        )
        for _, stream, data in pieces:
            *whole, rest = (begun.get(stream, b"") + data).split(b"\n")
            begun[stream] = rest
            for line in whole:
                found.append((stream, _readable(line, is_cut=stream in cut)))
                cut.discard(stream)
        found += [(stream, _readable(line, is_cut=stream in cut)) for stream, line in begun.items() if line]
        return _last_of_each(found)


def _last_of_each(lines: Sequence[tuple[int, str]]) -> list[str]:
    """Leave out the oldest lines that are too many, of whichever stream has the most of them."""
    counts = Counter(stream for stream, _ in lines)
    dropped: Counter[int] = Counter()
    while counts.total() > KEPT_LINES:
        longest = max(counts, key=counts.__getitem__)
        counts[longest] -= 1
        dropped[longest] += 1
    kept = []
    for stream, line in lines:
        if dropped[stream]:
            dropped[stream] -= 1
        else:
            kept.append(line)
    return kept


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
