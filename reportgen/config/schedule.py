"""``[schedule]``: how often there is an issue, when it is due, and how late it may be."""

from __future__ import annotations

import re
from typing import cast, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reportgen.config.checking import Table
from reportgen.config.cron import cron_mistake
from reportgen.config.settings import DAYS, Rhythm, ScheduleConfig

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_LENGTH = re.compile(r"(?P<number>\d{1,4}) (?P<unit>minute|hour|day|week)s?")
_UNIT_S = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def read_schedule(table: Table) -> ScheduleConfig:
    """Read ``[schedule]``."""
    every, cron = _every(table), _cron(table)
    if every and cron:
        table.complain("cron", "and schedule.every are both given; keep one of them")
    period = table.choice("period", get_args(Rhythm))
    if cron and not period:
        table.complain("cron", 'needs schedule.period too: "weekly", "daily", "monthly" or "every sweep"')
    by_day = every is not None and every.startswith(("day ", "weekday "))
    defaults = ScheduleConfig()
    settings = ScheduleConfig(
        every=every,
        cron=cron,
        timezone=_zone(table) or defaults.timezone,
        period=cast("Rhythm", period or ("daily" if by_day else "weekly")),
        max_late_s=_length(table, "max_late") or defaults.max_late_s,
        health=_health(table),
    )
    table.finish()
    return settings


def _every(table: Table) -> str | None:
    every = table.text("every")
    if every is None:
        return None
    day, _, clock = every.partition(" ")
    if day in DAYS and _TIME.fullmatch(clock):
        return every
    table.complain(
        "every", f"is {every!r}; write a day and a time such as 'monday 08:00'; days are {', '.join(DAYS)}"
    )
    return None


def _cron(table: Table) -> str | None:
    cron = table.text("cron")
    if cron is None:
        return None
    mistake = cron_mistake(cron)
    if mistake is None:
        return cron
    table.complain("cron", f"is {cron!r}; {mistake}")
    return None


def _zone(table: Table) -> str | None:
    name = table.text("timezone")
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.complain("timezone", f"is {name!r}; write a name such as 'Europe/Berlin' or 'UTC'")
        return None
    return name


def _length(table: Table, key: str) -> float | None:
    text = table.text(key)
    if text is None:
        return None
    match = _LENGTH.fullmatch(text)
    if match and int(match["number"]) > 0:
        return float(int(match["number"]) * _UNIT_S[match["unit"]])
    table.complain(key, f"is {text!r}; write a length of time such as '3 days', '12 hours' or '90 minutes'")
    return None


def _health(table: Table) -> str | None:
    address = table.text("health")
    if address is None:
        return None
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if known and address.isprintable() and " " not in address:
        return address
    table.complain("health", "must be an address that begins with https:// or http://")
    return None
