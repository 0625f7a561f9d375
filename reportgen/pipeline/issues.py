"""Issues of a report: which is due, made once, brought to its readers at most once, and every doubt told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reportgen.config import Config
from reportgen.errors import ArchiveError, ConfigError, DeliveryError, ReportgenError, UsageError
from reportgen.issues import Issue, Period
from reportgen.language import message
from reportgen.pipeline.correcting import Comparison, compare_with_sent
from reportgen.pipeline.desk import Desk, job_of, open_desk
from reportgen.pipeline.making import archive_of, issue_to_send, latest_issue, open_correction
from reportgen.pipeline.making import preview as make_preview
from reportgen.pipeline.notices import tell_owner
from reportgen.pipeline.reports import Progress, load
from reportgen.pipeline.results import IssueResult, IssueState, outcome
from reportgen.pipeline.standing import behind

if TYPE_CHECKING:
    from reportgen.deliver.email import Clock
    from reportgen.deliver.schedule import Due, Taken

_QUIET_S = 900.0
"""So long nothing may have been logged before a sweep counts as over: the next run may be about to start."""
_CORRECTION = re.compile(r"(.+)-(\d{1,3})")
_MAIL_EXAMPLES = {
    "to": '["ada@example.com"]',
    "from": '"Reports <reports@example.com>"',
    "host": '"smtp.example.com"',
}
_STATES: dict[str, IssueState] = {
    "done": "done",
    "busy": "busy",
    "waiting": "waiting",
    "too_late": "missed",
    "gave_up": "failed",
    "clock_behind": "clock_behind",
}


def tick(config: Config, *, clock: Clock | None = None, progress: Progress | None = None) -> IssueResult:
    """Do what is due now, once: make the issue and send it, or find that nothing is to be done.

    Args:
        config: With ``[schedule]`` and ``[email]``.
        clock: Tells the time and waits; the system's where none is given.
        progress: Told of every step.

    Raises:
        ReportgenError: There is no schedule, or the ledger cannot be used. What goes wrong with an issue
            raises nothing: it is in the result, in the ledger, and told to ``failures_to``.
    """
    from reportgen.deliver.schedule import ping

    if not config.schedule.is_set:
        raise ConfigError(
            "there is no schedule", where=_named(config), do='Add [schedule] with every = "monday 08:00".'
        )
    with open_desk(config, clock) as desk:
        if config.schedule.by_sweep:
            taken, state = _take_sweep(desk, config, progress)
        else:
            taken = desk.periods.take_due(config.schedule, desk.now())
            state = _STATES.get(taken.verdict, "nothing_due")
        result = _idle(desk, taken, state)
        try:
            if taken.verdict == "start" and taken.due:
                result = _carry_out(desk, config, taken.due.period, progress=progress)
                result = replace(result, missed=taken.missed)
            elif not result.is_news:
                result = _go_on(desk, config, progress) or result
        except Exception:  # a mistake of ours: the owner hears of what it keeps from going out, too
            for _ in tell_owner(desk, config):
                pass
            raise
        notes = list(tell_owner(desk, config))
        if result.is_news and result.state == "done" and config.schedule.health:
            trouble = ping(config.schedule.health)
            notes += [f"the sign of life could not be given: {trouble}"] if trouble else []
        return replace(result, notes=(*result.notes, *notes), duration_s=desk.duration_s())


def send(
    config: Config,
    *,
    period: str | None = None,
    correct: bool = False,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> IssueResult:
    """Send the issue of a period, at most once to each reader, whenever it was due.

    Args:
        config: With ``[email]``.
        period: Its key, such as ``2026-W46``; None: the one that was due last, or ended last.
        correct: Send a correction, which is an issue of its own.
        clock: Tells the time and waits; the system's where none is given.
        progress: Told of every step.

    Raises:
        ReportgenError: There is no such period, or the issue cannot be made or sent at all.
    """
    with open_desk(config, clock) as desk:
        wanted = _period(config, period, desk.now(), progress)
        key = _key_in_ledger(desk, config, wanted, correct=correct)
        due = _due(config, wanted, desk.now())
        taken = desk.periods.take_by_hand(replace(due, period=replace(wanted, key=key)), desk.now())
        if taken.verdict != "start":
            state: IssueState = "busy" if taken.verdict == "busy" else "done"
            result = IssueResult(desk.job, key, state, deliveries=desk.ledger.deliveries(key))
        else:
            desk.ledger.hasten(key)  # who asks may have mended what was wrong
            result = _carry_out(desk, config, wanted, key=key, correct=correct, progress=progress)
            if not correct and wanted.end is not None and wanted.end > desk.now():
                early = f"{wanted.key} is not over; this is its one issue, unless you send a correction"
                result = replace(result, notes=(*result.notes, early))
        return replace(result, duration_s=desk.duration_s())


def preview(
    config: Config,
    *,
    period: str | None = None,
    correct: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[Path, Path]:
    """Write the mail of a period's issue as ``.eml`` and ``.png``; nothing is sent, archived or noted.

    Raises:
        ReportgenError: It cannot be made.
    """
    check_mail(config)
    wanted = _period(config, period, now or datetime.now(UTC), progress)
    return make_preview(config, wanted, correct=correct, progress=progress, job=job_of(config))


def resend(
    config: Config,
    address: str,
    *,
    period: str | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> IssueResult:
    """Send an issue once more to one reader whose mail did not surely come in: a person has looked.

    Raises:
        ReportgenError: No such mail is recorded, or it was sent, or a process is at the issue just now.
    """
    with open_desk(config, clock) as desk:
        wanted = _period(config, period, desk.now(), progress)
        key = _recorded_key(config, wanted)
        if desk.periods.is_busy(key, desk.now()):
            raise _busy(key)
        desk.ledger.resend(key, address, desk.clock.timestamp())
        due = _due(config, wanted, desk.now())
        taken = desk.periods.take_by_hand(
            replace(due, period=replace(wanted, key=key)), desk.now(), again=True
        )
        if taken.verdict == "busy":
            raise _busy(key)
        result = _carry_out(desk.once_more(key, address), config, wanted, key=key, progress=progress)
        return replace(result, duration_s=desk.duration_s())


def mark_sent(
    config: Config, address: str, *, period: str | None = None, clock: Clock | None = None
) -> IssueResult:
    """Keep, by the word of a person, that a reader has the mail.

    Raises:
        ReportgenError: No such mail is recorded, or it was sent.
    """
    with open_desk(config, clock) as desk:
        key = _recorded_key(config, _period(config, period, desk.now(), None))
        desk.ledger.mark_sent(key, address, desk.clock.timestamp())
        deliveries = desk.to_readers(desk.ledger.deliveries(key))
        state = outcome(deliveries)
        desk.periods.restate(key, state, desk.now())
        issue = _issue_at(config, key)
        if issue is not None:
            desk.note_sent(issue, deliveries)
        return IssueResult(desk.job, key, state, deliveries=deliveries, is_news=True)


def _carry_out(
    desk: Desk,
    config: Config,
    period: Period,
    *,
    key: str | None = None,
    correct: bool = False,
    progress: Progress | None = None,
) -> IssueResult:
    """Make and send an issue that this process has taken, and write how it ended."""
    key = key or period.key
    issue: Issue | None = None
    try:
        with desk.holding(key):
            check_mail(config)
            found, known_keys = Comparison(), desk.ledger.known_keys()
            if correct and not open_correction(config, period):
                found = compare_with_sent(config, period, known_keys, progress)
            if found.same is not None:
                return _without_news(desk, key, found.same)
            issue, body, lacks = issue_to_send(
                config, period, correct=correct, progress=progress, known_keys=known_keys
            )
            if progress:
                progress("sending", 0, 0)
            deliveries = desk.bring(issue, body)
    except (ReportgenError, OSError) as error:  # a disk that is full now may not be so at the next try
        detail = error.message if isinstance(error, ReportgenError) else str(error)
        return _put_off(desk, key, detail, issue.folder if issue else None)
    except BaseException as error:
        desk.periods.finish(
            key, "retry", desk.now(), message("it was broken off ({what})", what=type(error).__name__)
        )
        raise
    state = outcome(deliveries)
    detail = "; ".join(dict.fromkeys(entry.detail for entry in deliveries if entry.state != "sent"))
    later = [entry.not_before.timestamp() for entry in deliveries if not entry.is_settled]
    kept = desk.periods.finish(key, state, desk.now(), detail, not_before=min(later, default=None))
    if state in ("failed", "unknown") and not desk.ledger.untold(issue.key):
        desk.periods.tell([key], desk.now())  # the notice on its mails has told of it
    return IssueResult(
        desk.job,
        key,
        state if kept else "taken_over",
        folder=issue.folder,
        deliveries=deliveries,
        detail=detail,
        notes=(*found.notes, *lacks),
        is_news=True,
    )


def _put_off(desk: Desk, key: str, detail: str, folder: Path | None = None) -> IssueResult:
    """Leave an issue for the next try, with what hindered it."""
    desk.periods.finish(key, "retry", desk.now(), detail)
    return IssueResult(desk.job, key, "retry", folder=folder, detail=detail, is_news=True)


def _without_news(desk: Desk, key: str, same: Issue) -> IssueResult:
    """Send no correction where readers have all that it would say."""
    desk.periods.drop(key)
    deliveries = desk.to_readers(desk.ledger.deliveries(same.key))
    return IssueResult(
        desk.job, same.key, "unchanged", folder=same.folder, deliveries=deliveries, is_news=True
    )


def _go_on(desk: Desk, config: Config, progress: Progress | None) -> IssueResult | None:
    """Try again what a person sent and what could not be sent to all then; None where there is no such issue."""
    key = desk.periods.take_open(desk.now(), config.schedule.max_late_s)
    if key is None:
        return None
    match = _CORRECTION.fullmatch(key)
    try:
        issue = _issue_at(config, key)
        corrected = _issue_at(config, match[1]) if match and issue is None else None
    except ArchiveError as error:
        return _put_off(desk, key, error.message)
    if corrected is not None and corrected.period.rhythm != config.schedule.period:
        corrected = None  # a day of a month whose issue is archived too: no correction of it
    known = issue or corrected
    try:
        period = known.period if known is not None else _period(config, key, desk.now(), progress)
    except ReportgenError as error:  # the schedule has other periods by now
        desk.periods.finish(key, "failed", desk.now(), error.message)
        return IssueResult(desk.job, key, "failed", detail=error.message, is_news=True)
    return _carry_out(desk, config, period, key=key, correct=corrected is not None, progress=progress)


def _idle(desk: Desk, taken: Taken, state: IssueState) -> IssueResult:
    """Say what there is to say where nothing was begun; how an issue ended is told once, and kept."""
    key = taken.due.period.key if taken.due else ""
    if taken.verdict == "clock_behind":
        detail = behind(desk.periods.last_written(), desk.now())
        return IssueResult(desk.job, key, state, detail=detail, is_news=True)
    is_news = taken.verdict in ("too_late", "gave_up") or bool(taken.missed)
    record = desk.periods.record(key) if key and is_news else None
    detail = "" if record is None else record.detail
    return IssueResult(desk.job, key, state, missed=taken.missed, detail=detail, is_news=is_news)


def _take_sweep(desk: Desk, config: Config, progress: Progress | None) -> tuple[Taken, IssueState]:
    """Take the issue of all runs, if they are closed and the time of day has come."""
    from reportgen.deliver.schedule import Due, Taken, latest_time, sweep_period

    now, schedule = desk.now(), config.schedule
    if schedule.expression is not None:
        at = latest_time(schedule, now)
        newest = max((record.due for record in desk.periods.records()), default=0.0)
        is_open = any(record.state in ("working", "retry") for record in desk.periods.records())
        if at is None or (newest >= at.timestamp() and not is_open):
            return Taken("nothing_due", None), "nothing_due"
    runs = load(config, parallel=True, progress=progress)
    ended = max((run.ended for run in runs.runs if run.ended is not None), default=None)
    is_quiet = ended is None or (now - ended).total_seconds() >= _QUIET_S
    if any(run.status == "running" for run in runs.runs) or not is_quiet:
        return Taken("nothing_due", None), "running"
    taken = desk.periods.take_sweep(Due(sweep_period(runs.digest), now), now, schedule.max_late_s)
    return taken, _STATES.get(taken.verdict, "nothing_due")


def _period(config: Config, key: str | None, now: datetime, progress: Progress | None) -> Period:
    """Find the period that is meant."""
    from reportgen.deliver.schedule import current_period, period_named, sweep_period

    schedule = config.schedule
    if key is None:
        if schedule.by_sweep:
            return sweep_period(load(config, parallel=True, progress=progress).digest)
        return current_period(schedule, now)
    issue = _issue_at(config, key)
    if issue is not None:
        return issue.period
    match = _CORRECTION.fullmatch(key)
    issue = _issue_at(config, match[1]) if match else None
    if (
        issue is not None and issue.period.rhythm == schedule.period
    ):  # 2026-11-02 is a day, and corrects no month
        raise UsageError(
            f"there is no issue {key!r}", found=f"there is {issue.folder.name!r}", do="Write that one."
        )
    period = period_named(key, schedule.period, ZoneInfo(schedule.timezone))
    if period.start is not None and period.start > now:
        raise UsageError(f"the period {key} has not begun yet", do="Name one that has.")
    return period


def _issue_at(config: Config, key: str) -> Issue | None:
    from reportgen.deliver.archive import list_issues

    return next((issue for issue in list_issues(archive_of(config)) if issue.folder.name == key), None)


def _due(config: Config, period: Period, now: datetime) -> Due:
    from reportgen.deliver.schedule import Due, due_of

    return Due(period, now if period.start is None else due_of(config.schedule, period))


def _key_in_ledger(desk: Desk, config: Config, period: Period, *, correct: bool) -> str:
    """Give the name under which an issue is in the ledger: that of its folder."""
    from reportgen.deliver.archive import plan_issue

    if correct and not open_correction(config, period):
        known_keys = desk.ledger.known_keys()
        return plan_issue(archive_of(config), period, correct=True, known_keys=known_keys).folder.name
    return _recorded_key(config, period)


def _recorded_key(config: Config, period: Period) -> str:
    latest = latest_issue(config, period)
    return period.key if latest is None else latest.folder.name


def check_mail(config: Config) -> None:
    """Say what is missing before anything is made.

    Raises:
        DeliveryError: There are no readers, no sender or no server.
    """
    email, examples = config.email, []
    for key, value in (("to", email.to), ("from", email.sender), ("host", email.host)):
        if not value:
            examples.append((key, _MAIL_EXAMPLES[key]))
    if examples:
        raise DeliveryError(
            f"there is no {' and no '.join(repr(key) for key, _ in examples)} under [email]",
            where=_named(config),
            do=f"Add there, such as: {', '.join(f'{key} = {example}' for key, example in examples)}.",
        )


def _busy(key: str) -> DeliveryError:
    return DeliveryError(
        "another process is at this issue just now, so nothing was changed",
        where=key,
        do="Try again when it has ended; `reportgen schedule show` tells.",
    )


def _named(config: Config) -> str:
    return str(config.path or "reportgen.toml")
