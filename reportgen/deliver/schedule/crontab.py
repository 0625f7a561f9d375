"""A line in the user's crontab, between two marks of ours; every other line stays as it is, byte for byte."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.deliver.schedule.job import EVERY_MINUTES, Job, run_program
from reportgen.deliver.turns import in_turn
from reportgen.errors import ScheduleError

_BEGIN = re.compile(r"^# begin reportgen-[a-z0-9-]+: written by reportgen for (.+)$", re.MULTILINE)


def crontab_lines(job: Job) -> str:
    """Give the marked lines for a job."""
    begin, end = _marks(job)
    command = f"cd {shlex.quote(str(job.config.parent))} && {shlex.join(job.command)}"
    # a bare % would be a line break to cron
    line = f"*/{EVERY_MINUTES} * * * * {command}".replace("%", r"\%")
    return f"{begin}\n{line}\n{end}\n"


def install_crontab(job: Job) -> None:
    """Write the lines of a job into the crontab, in place of those that are there.

    Raises:
        ScheduleError: There is no cron, or the crontab cannot be read or written.
    """
    job.check()
    with _changing():
        rest, _ = _without(_read(), job)
        if rest and not rest.endswith("\n"):
            rest += "\n"
        _write(rest + crontab_lines(job))


def uninstall_crontab(job: Job) -> bool:
    """Take the lines of a job out of the crontab; False if there are none.

    Raises:
        ScheduleError: There is no cron, or the crontab cannot be read or written.
    """
    with _changing():
        rest, is_there = _without(_read(), job)
        if is_there:
            _write(rest)
    return is_there


def has_crontab(job: Job) -> bool:
    """Tell whether the crontab has lines of a job; False where there is no cron."""
    try:
        return _without(_read(), job)[1]
    except ScheduleError:
        return False


def crontab_configs() -> tuple[Path, ...]:
    """Give the configurations of all reports that the crontab calls; none where there is no cron."""
    try:
        text = _read()
    except ScheduleError:
        return ()
    return tuple(Path(found[1]) for found in _BEGIN.finditer(text))


@contextmanager
def _changing() -> Iterator[None]:
    """Keep others of our processes from reading before this one has written: they would undo its work.

    cron itself knows no lock; the home folder is what all processes of a user know.
    """
    try:
        with in_turn(Path.home()):
            yield
    except TimeoutError as error:
        raise ScheduleError("another process is changing the crontab", do="Try again later.") from error


def _marks(job: Job) -> tuple[str, str]:
    return f"# begin {job.name}: written by reportgen for {job.config}", f"# end {job.name}"


def _without(text: str, job: Job) -> tuple[str, bool]:
    begin, end = _marks(job)
    lines = text.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.rstrip("\n") in (begin, end)]
    if not places:
        return text, False
    marks = [lines[place].rstrip("\n") for place in places]
    if marks != [begin, end]:
        raise ScheduleError(
            "the marks around our lines in the crontab are damaged",
            found=f"expected are the lines {begin!r} and {end!r}, once each",
            do="Mend or remove them with `crontab -e`; nothing was changed.",
        )
    return "".join(lines[: places[0]] + lines[places[1] + 1 :]), True


def _read() -> str:
    done = run_program(["crontab", "-l"])
    if done.returncode == 0:
        return done.stdout
    if "no crontab" in done.stderr.lower():
        return ""
    raise ScheduleError(
        f"the crontab cannot be read ({done.stderr.strip() or f'exit code {done.returncode}'})"
    )


def _write(text: str) -> None:
    done = run_program(["crontab", "-"], text)
    if done.returncode != 0:
        raise ScheduleError(
            f"the crontab cannot be written ({done.stderr.strip() or f'exit code {done.returncode}'})",
            do="It is as it was.",
        )
