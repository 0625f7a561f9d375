"""``reportgen schedule``: the clock that fires ``reportgen tick``, and how the issues stand."""

from __future__ import annotations

import shlex
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import result, result_json, say, screen_width, table_lines
from reportgen.cli.sources import find_source
from reportgen.errors import ConfigError, ReportgenError, UsageError

if TYPE_CHECKING:
    from reportgen.config import Config, ScheduleConfig
    from reportgen.deliver.schedule import Job, Scope
    from reportgen.pipeline import Standing


_ADD_SCHEDULE = 'add [schedule] with every = "monday 08:00"'


def _add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "action",
        choices=("show", "install", "uninstall", "run"),
        help="show how the issues stand; install or remove a clock; or be the clock, in the foreground",
    )
    add("--config", type=Path, metavar="FILE", help="a reportgen.toml (default: that of this folder)")
    add(
        "--systemd",
        nargs="?",
        const="user",
        choices=("user", "system"),
        help="the clock is a timer of systemd: for this user, or for the machine",
    )
    add("--cron", action="store_true", help="the clock is a line in the crontab")
    add("--github", action="store_true", help="print a workflow for GitHub Actions, and write nothing")
    add("--yes", action="store_true", help="do not ask")
    add(
        "--json",
        action="store_true",
        help="show: one JSON object, and exit with 1 if the last issue is not done",
    )


def _run(options: Namespace) -> int:
    actions = {"show": _show, "install": _install, "uninstall": _uninstall, "run": _loop}
    return actions[options.action](options)


def _show(options: Namespace) -> int:
    from reportgen import pipeline

    config = find_source([], options.config)
    found = pipeline.standing(config, datetime.now(UTC))
    clocks = [] if config.path is None else _clocks(_job(config))
    if options.json:
        result_json(_as_json(found, clocks))
        return DONE if found.is_done else FAILED
    if not config.schedule.is_set:
        result(f"next: no issue; {_ADD_SCHEDULE}")
    for line in _next_lines(config.schedule, found):
        result(line)
    result(f"clock: {', '.join(clocks) or 'none on this machine; reportgen schedule install'}")
    if found.past:
        rows = [("ISSUE", "DUE (UTC)", "OUTCOME", "MAILS SENT", "DETAIL")]
        rows += [
            (
                past.period,
                f"{past.due:%Y-%m-%d %H:%M}",
                past.state,
                f"{sum(entry.state == 'sent' for entry in past.deliveries)} of {len(past.deliveries)}",
                past.detail,
            )
            for past in found.past
        ]
        for line in table_lines(rows, screen_width(), whole=frozenset((0,))):
            result(line)
    if found.trouble:
        say(f"warning: {found.trouble}")
    _tell_of_lost_clocks()
    return DONE


def _install(options: Namespace) -> int:
    from reportgen import pipeline
    from reportgen.deliver.schedule import crontab_lines, install_crontab, install_timer, unit_files

    config, job = _scheduled(options)
    pipeline.check_mail(config)
    before = pipeline.standing(config, datetime.now(UTC))
    for line in _next_lines(config.schedule, before):
        say(line)
    if options.github:
        for line in _workflow(config).splitlines():
            result(line)
        return DONE
    scope = _scope(options)
    if scope is None:
        say(f"this goes into the crontab:\n{crontab_lines(job).rstrip()}")
    else:
        for path, text in unit_files(job, scope).items():
            say(f"{path}:\n{text.rstrip()}\n")
    if not _agreed(options):
        say("nothing was changed")
        return DONE
    _tell_of_lost_clocks()
    had_one = bool(_clocks(job))
    if scope is None:
        install_crontab(job)
        result(f"crontab: {job.name}")
    else:
        for path in install_timer(job, scope):
            result(str(path))
        if scope == "user":
            say("note: it fires while you are logged in; `loginctl enable-linger` lets it fire always")
    pipeline.begin_schedule(config, datetime.now(UTC), had_one=had_one)
    if before.overdue and not had_one:
        say(
            f"note: {before.overdue} was due before and is not sent by itself; reportgen send --period {before.overdue}"
        )
    return DONE


def _scope(options: Namespace) -> Scope | None:
    """Give whose timer of systemd is meant; None for cron."""
    scope: Scope | None = options.systemd
    if scope is None and not options.cron:
        scope = "user" if shutil.which("systemctl") else None
    return scope


def _uninstall(options: Namespace) -> int:
    from reportgen.deliver.schedule import Job, has_crontab, has_timer, uninstall_crontab, uninstall_timer

    config: Path | None = options.config
    is_gone = config is not None and _is_gone(config)  # renamed, say: its clock still calls it
    job = Job(config.absolute(), sys.executable) if config and is_gone else _job(find_source([], config))
    named = bool(options.systemd or options.cron)
    removed = []
    scopes: tuple[Scope, ...] = ("user", "system")
    for scope in scopes:
        if options.systemd == scope or (not named and has_timer(job, scope)):
            removed += [str(path) for path in uninstall_timer(job, scope)]
    if (options.cron or (not named and has_crontab(job))) and uninstall_crontab(job):
        removed.append(f"crontab: {job.name}")
    for line in removed:
        result(line)
    if not removed and is_gone:
        find_source([], config)  # which says what is wrong with it
    if not removed:
        say("there is no clock of ours for this report")
    return DONE


def _loop(options: Namespace) -> int:
    from reportgen.cli.tick import do_tick
    from reportgen.deliver.schedule import run_loop, stopping

    config, _ = _scheduled(options)

    def tick(now: datetime) -> None:
        del now  # it reads the clock itself, at the moment that counts
        try:
            do_tick(options.config, as_json=options.json)
        except (ReportgenError, OSError) as error:  # the next time it may be mended
            say(f"reportgen: error: {error}")
        sys.stdout.flush()

    with stopping() as wait:
        run_loop(tick, config.schedule, lambda: datetime.now(UTC), wait)
    return DONE


def _scheduled(options: Namespace) -> tuple[Config, Job]:
    """Read the configuration, which must have a schedule."""
    config = find_source([], options.config)
    if not config.schedule.is_set:
        raise ConfigError(
            "there is no schedule",
            where=str(config.path or "reportgen.toml"),
            do=f"{_ADD_SCHEDULE.capitalize()}.",
        )
    return config, _job(config)


def _job(config: Config) -> Job:
    from reportgen.deliver.schedule import Job

    if config.path is None:
        raise UsageError(
            "a schedule needs a reportgen.toml", do="`reportgen init` writes one from your runs."
        )
    return Job(config.path.resolve(), sys.executable)


def _clocks(job: Job) -> list[str]:
    from reportgen.deliver.schedule import has_crontab, has_timer

    scopes: tuple[Scope, ...] = ("user", "system")
    found = [f"timer of systemd ({scope})" for scope in scopes if has_timer(job, scope)]
    return [*found, "crontab"] if has_crontab(job) else found


def _tell_of_lost_clocks() -> None:
    """Name clocks of reports that are not where they were: they fire, and find nothing."""
    from reportgen.deliver.schedule import crontab_configs, timer_configs

    for config in dict.fromkeys((*timer_configs("user"), *timer_configs("system"), *crontab_configs())):
        if _is_gone(config):
            command = shlex.join(["reportgen", "schedule", "uninstall", "--config", str(config)])
            say(f"note: a clock calls {config}, which is not there any more; {command}")


def _is_gone(config: Path) -> bool:
    try:
        config.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # it may be there, and is somebody else's
        return False
    return False


def _agreed(options: Namespace) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here", do="Look at what is shown, and add --yes.")
    say("Write this? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _next_lines(schedule: ScheduleConfig, found: Standing) -> Iterator[str]:
    """Say when the next issues are due, in the schedule's own time and in UTC."""
    if schedule.by_sweep:
        yield "next: when all runs are closed, and there are others than in the last issue"
    zone = ZoneInfo(schedule.timezone)
    for due in found.coming:
        local = due.at.astimezone(zone)
        yield (
            f"next: {due.period.key} at {local:%A %Y-%m-%d %H:%M} {schedule.timezone} ({due.at:%Y-%m-%d %H:%M} UTC)"
        )


def _workflow(config: Config) -> str:
    from reportgen.deliver.schedule import github_workflow
    from reportgen.pipeline.making import archive_of

    path = config.path or Path("reportgen.toml")
    root = next((folder for folder in path.resolve().parents if (folder / ".git").exists()), Path.cwd())
    places = [place.resolve() for place in (path, archive_of(config))]
    if not all(place.is_relative_to(root) for place in places):
        raise UsageError(
            "the configuration and its outputs are not in one repository",
            found=f"looked in {root}",
            do="Call it inside the repository.",
        )
    where, issues = (place.relative_to(root).as_posix() for place in places)
    return github_workflow(config.title or "Issues of the report", where, issues)


def _as_json(found: Standing, clocks: list[str]) -> dict[str, Any]:
    return {
        "job": found.job,
        "done": found.is_done,
        "trouble": found.trouble,
        "clocks": clocks,
        "next": [{"period": due.period.key, "due": due.at} for due in found.coming],
        "last": [
            {
                "period": past.period,
                "state": past.state,
                "due": past.due,
                "changed": past.changed,
                "attempts": past.attempts,
                "detail": past.detail,
                "deliveries": [
                    {"recipient": entry.recipient, "state": entry.state} for entry in past.deliveries
                ],
            }
            for past in found.past
        ],
    }


SCHEDULE = Command("schedule", "when issues are due, and the clock that sends them", _add_arguments, _run)
