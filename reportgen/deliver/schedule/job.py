"""What a clock starts: one report's ``reportgen tick``, under a name of its own."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ScheduleError

EVERY_MINUTES = 15
"""How often a clock fires; whether anything is due is decided by the ledger."""
_COMMAND_S = 60.0
_NO_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Job:
    """A report that is to be sent by itself."""

    config: Path
    """Its configuration, absolute."""
    python: str
    """The interpreter that has reportgen, absolute."""

    @property
    def name(self) -> str:
        """The same for the same file, and no other's: ``reportgen-digits-1f2e3d4c``."""
        folder = _NO_NAME.sub("-", self.config.parent.name.lower()).strip("-")[:40]
        digest = hashlib.sha256(str(self.config).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return "-".join(part for part in ("reportgen", folder, digest) if part)

    @property
    def command(self) -> tuple[str, ...]:
        """The words that a clock runs."""
        return (self.python, "-m", "reportgen", "tick", "--config", str(self.config))

    def check(self) -> None:
        """Refuse paths that no clock's file can hold.

        Raises:
            ScheduleError: One of them has a line break or another control character in it, or an end that
                systemd takes off or takes for a line that goes on.
        """
        for path in (str(self.config), str(self.config.parent), self.python):
            if not path.isprintable() or path.endswith(("\\", " ")):
                raise ScheduleError(
                    f"the path {path!r} has a character in it that cannot be written into a clock's file",
                    do="Move or rename the folder.",
                )


def run_program(words: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program of the system and give what it said, byte for byte: `as_bytes` turns it back.

    Raises:
        ScheduleError: It is not there, or does not end.
    """
    try:
        done = subprocess.run(  # noqa: S603 - programs of the system, no shell
            words, input=as_bytes(text), capture_output=True, timeout=_COMMAND_S, check=False
        )
    except FileNotFoundError:
        raise ScheduleError(
            f"there is no program {words[0]!r} on this system",
            do="Take another clock: --systemd, --cron, --github, or `reportgen schedule run` in a container.",
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScheduleError(f"the program {words[0]!r} cannot be run ({error})") from error
    said = done.stdout.decode("utf-8", "surrogateescape")
    return subprocess.CompletedProcess(words, done.returncode, said, done.stderr.decode("utf-8", "replace"))


def as_bytes(text: str) -> bytes:
    """Give the bytes of what a program said, whatever they mean."""
    return text.encode("utf-8", "surrogateescape")
