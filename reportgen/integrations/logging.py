"""Python's ``logging``: warnings and errors of a training become notes of its run."""

from __future__ import annotations

import contextlib
import logging
import threading
import warnings
from types import TracebackType
from typing import Self

from reportgen.collect import Run

MAX_NOTES = 100
MAX_LENGTH = 2000


class RunHandler(logging.Handler):
    """Write warnings and errors as notes of a run; never raises, never logs about itself.

    The same message is noted once; how often it came again is noted at the end. As a ``with`` block it
    listens at the root logger, and to ``warnings.warn`` too; or add it where you like with ``addHandler``.

    Args:
        run: The run.
        level: From which level on.
        max_notes: How many messages at most; that there were more is noted.
        max_length: Characters of a message at most.
    """

    def __init__(
        self,
        run: Run,
        level: int = logging.WARNING,
        *,
        max_notes: int = MAX_NOTES,
        max_length: int = MAX_LENGTH,
    ) -> None:
        super().__init__(level)
        self._run = run
        self._max_notes, self._max_length = max_notes, max_length
        self._times: dict[str, int] = {}
        self._left_out = 0
        self._busy = threading.local()
        self._captures = False

    def emit(self, record: logging.LogRecord) -> None:
        """Note a record."""
        if getattr(self._busy, "now", False):  # what writing a note gives rise to
            return
        self._busy.now = True
        try:
            if self._is_alone(record):  # Python itself would have printed it, had nobody listened
                self._show(record)
            self._note(record)
        except Exception:  # noqa: BLE001, S110 - a finished run, a full disk, a bad format: the training goes on
            pass
        finally:
            self._busy.now = False

    @staticmethod
    def _show(record: logging.LogRecord) -> None:
        if logging.lastResort is not None and record.levelno >= logging.lastResort.level:
            logging.lastResort.handle(record)

    def _is_alone(self, record: logging.LogRecord) -> bool:
        """Tell whether nobody else shows this record."""
        place: logging.Logger | None = logging.getLogger(record.name)
        while place is not None:
            if any(not isinstance(handler, (RunHandler, logging.NullHandler)) for handler in place.handlers):
                return False
            place = place.parent if place.propagate else None
        return True

    def _note(self, record: logging.LogRecord) -> None:
        text = _short(f"{record.levelname} {record.name}: {_message(record)}", self._max_length)
        if text in self._times:
            self._times[text] += 1
        elif len(self._times) >= self._max_notes:
            self._left_out += 1
            if self._left_out == 1:
                self._run.note(f"There were more warnings: only the first {self._max_notes} are noted.")
        else:
            self._times[text] = 1
            self._run.note(text)

    def close(self) -> None:
        """Note how often messages came again, and how many were left out."""
        with contextlib.suppress(Exception):  # as in emit
            again = {text: times - 1 for text, times in self._times.items() if times > 1}
            for text, times in again.items():
                self._run.note(f"Came {times} times more: {_short(text, 200)}")
            if self._left_out > 1:
                self._run.note(f"Warnings left out: {self._left_out}.")
        self._times.clear()
        self._left_out = 0
        super().close()

    def __enter__(self) -> Self:
        """Listen at the root logger."""
        before = warnings.showwarning
        logging.captureWarnings(capture=True)
        self._captures = warnings.showwarning is not before
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self)
        if self._captures:
            logging.captureWarnings(capture=False)
        self.close()


def _message(record: logging.LogRecord) -> str:
    text = record.getMessage().strip()
    error = record.exc_info[1] if record.exc_info else None
    return text if error is None else f"{text} ({type(error).__name__}: {error})"


def _short(text: str, length: int) -> str:
    text = text.replace("\0", "")
    return text if len(text) <= length else f"{text[:length]}…"
