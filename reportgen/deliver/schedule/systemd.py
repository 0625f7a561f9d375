"""A timer of systemd and the service that it starts, for this user or for the machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from reportgen.deliver.schedule.job import EVERY_MINUTES, Job, run_program
from reportgen.errors import ScheduleError

Scope = Literal["user", "system"]
_SYSTEM = Path("/etc/systemd/system")
_MARK = "# Written by reportgen for "


def unit_files(job: Job, scope: Scope) -> Mapping[Path, str]:
    """Give both units of a job, by where they belong."""
    folder, mark = _folder(scope), _mark(job)
    environment = "/etc/reportgen/environment" if scope == "system" else "%h/.config/reportgen/environment"
    service = f"""\
{mark}
[Unit]
Description=Issues of the report in {_plain(str(job.config.parent))}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_plain(str(job.config.parent))}
EnvironmentFile=-{environment}
ExecStart={" ".join(map(_quoted, job.command))}
"""
    timer = f"""\
{mark}
[Unit]
Description=Looks every {EVERY_MINUTES} minutes whether an issue of the report in {_plain(str(job.config.parent))} is due

[Timer]
OnCalendar=*-*-* *:00/{EVERY_MINUTES}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {folder / f"{job.name}.service": service, folder / f"{job.name}.timer": timer}


def install_timer(job: Job, scope: Scope) -> tuple[Path, ...]:
    """Write and start the timer of a job; gives the files.

    Raises:
        ScheduleError: A file of that name is not ours, it cannot be written, or systemd refuses it;
            then nothing is left of it.
    """
    job.check()
    files = unit_files(job, scope)
    for path in files:
        _refuse_foreign(path, job)
    before = {path: path.read_text("utf-8") if path.exists() else None for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        _systemctl(scope, "daemon-reload")
        _systemctl(scope, "enable", "--now", f"{job.name}.timer")
    except OSError as error:
        _put_back(before)
        raise ScheduleError(
            f"the unit cannot be written ({error.strerror or error})",
            where=str(_folder(scope)),
            do="For the whole machine that takes the rights of an administrator; --systemd user does not.",
        ) from error
    except ScheduleError:
        _put_back(before)
        raise
    return tuple(files)


def uninstall_timer(job: Job, scope: Scope) -> tuple[Path, ...]:
    """Stop the timer of a job and remove its files; gives those that were there.

    Raises:
        ScheduleError: A file of that name is not ours, or systemd refuses.
    """
    files = [path for path in unit_files(job, scope) if path.exists()]
    for path in files:
        _refuse_foreign(path, job)
    if not files:
        return ()
    _systemctl(scope, "disable", "--now", f"{job.name}.timer")
    try:
        for path in files:
            path.unlink()
    except OSError as error:
        raise ScheduleError(
            f"the unit cannot be removed ({error.strerror or error})", where=str(_folder(scope))
        ) from error
    _systemctl(scope, "daemon-reload")
    return tuple(files)


def has_timer(job: Job, scope: Scope) -> bool:
    """Tell whether the units of a job are there."""
    return all(path.exists() for path in unit_files(job, scope))


def timer_configs(scope: Scope) -> tuple[Path, ...]:
    """Give the configurations of all reports that a timer of ours calls."""
    found = []
    for path in sorted(_folder(scope).glob("reportgen-*.timer")):
        with suppress(OSError):
            found += [
                Path(line.removeprefix(_MARK))
                for line in path.read_text("utf-8", "replace").splitlines()[:1]
                if line.startswith(_MARK)
            ]
    return tuple(found)


def _folder(scope: Scope) -> Path:
    if scope == "system":
        return _SYSTEM
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def _mark(job: Job) -> str:
    return f"{_MARK}{job.config}"


def _refuse_foreign(path: Path, job: Job) -> None:
    if path.exists() and not path.read_text("utf-8", "replace").startswith(_mark(job) + "\n"):
        raise ScheduleError(
            "a unit of this name is there, and is not one of ours",
            where=str(path),
            do="Rename or remove it; nothing was changed.",
        )


def _put_back(before: Mapping[Path, str | None]) -> None:
    for path, text in before.items():
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text, "utf-8")


def _systemctl(scope: Scope, *words: str) -> None:
    done = run_program(["systemctl", f"--{scope}", *words])
    if done.returncode != 0:
        told = done.stderr.strip().splitlines()
        raise ScheduleError(
            f"systemd refused: systemctl --{scope} {' '.join(words)}: {told[0] if told else 'no reason given'}",
            do="Where systemd does not run, take --cron, or `reportgen schedule run` in a container.",
        )


def _plain(text: str) -> str:
    """Write text into a setting: % begins a specifier there."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """Write a word of a command: quotes, backslashes, variables and specifiers are no such things in it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$").replace("%", "%%")
    return f'"{escaped}"'
