"""What a user can set, as frozen dataclasses with the defaults of a build without any configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Audience = Literal["executive", "team", "public"]
Paper = Literal["A4", "Letter"]
Goal = Literal["maximize", "minimize"]
Rhythm = Literal["weekly", "daily", "monthly", "every sweep"]
"""How often there is an issue."""
OnMismatch = Literal["separate", "warn", "block"]
FORMATS = ("xlsx", "pdf", "html", "json")
DAYS = ("day", "weekday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Words that `ScheduleConfig.every` may begin with."""
Security = Literal["starttls", "tls", "none"]
ATTACHABLE = ("pdf", "xlsx")
"""Formats that a mail may carry: those that a reader opens by a click, and that no mail server holds back."""


@dataclass(frozen=True, slots=True)
class MetricConfig:
    """One entry of the metrics dictionary as the user wrote it; None where nothing was said."""

    name: str
    label: str | None = None
    unit: str | None = None
    goal: Goal | None = None
    summary: str | None = None
    """``last``, ``best``, ``min``, ``max``, ``mean of last k`` (k a number), ``at best NAME``."""
    definition: str | None = None
    target: float | None = None
    smallest_difference: float | None = None
    limit: float | None = None
    """A guard-rail: this metric must not be worse than the limit."""
    test_items: int | None = None
    """Number of items that it is a share of: with one run, they alone tell how far off it may be."""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class CompareConfig:
    """How runs are grouped and compared."""

    by: tuple[str, ...] | None = None
    """Parameters that tell configurations apart; None: every parameter that varies, seeds aside."""
    seed: str | None = None
    """Name of the parameter that only repeats a run; None: found by its name."""
    baseline: Mapping[str, Any] | None = None
    """Parameter values of the configuration to compare with; must match exactly one."""
    paired: bool = False
    """Runs with the same seed share more than luck (data split, order): compare them pair by pair."""
    same: tuple[str, ...] = ()
    """``data.NAME``, ``split.NAME``, ``tag.NAME``, ``code``: must be equal before two runs may be compared."""
    on_mismatch: OnMismatch = "separate"
    """Runs that differ in it: configurations of their own, compared with a warning, or not compared."""
    task: str | None = None
    """Parameter or tag (or ``experiment``) that tells the task of a run: configurations are ranked over tasks."""
    trade_off: tuple[str, ...] = ()
    """Metrics that quality is weighed against; empty: one time, size or cost."""
    curves_over: str = "step"
    """What learning curves are drawn over: ``step``, ``time`` since the run's start, or a metric such as ``samples``."""
    importance: bool = True
    """Whether it is worked out which settings mattered."""


@dataclass(frozen=True, slots=True)
class SelectConfig:
    """Which of the runs that were read are reported on."""

    experiments: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    """Conditions such as ``lr<0.1``, all of which must hold."""
    since: datetime | None = None
    exclude: Mapping[str, str] = field(default_factory=dict)
    """Run id → the reason why it is left out, printed in the report."""
    until: datetime | None = None
    """Only runs that started before then."""


@dataclass(frozen=True, slots=True)
class OutputConfig:
    """Where the outputs go and which there are."""

    directory: Path = Path("reports")
    formats: tuple[str, ...] = FORMATS
    paper: Paper = "A4"
    attach: bool = False
    """Whether workbook and numbers are attached to the PDF."""
    archive: bool = False
    """Whether the PDF claims PDF/A for archives instead of PDF/UA for people who cannot see it."""
    accessible: bool = False
    """Whether the workbook leaves out frozen panes and filter buttons, which hinder some screen readers."""


@dataclass(frozen=True, slots=True)
class CostConfig:
    """Prices an hour, by the value of the run's tag ``machine``; ``default`` for runs without it."""

    currency: str = ""
    prices: Mapping[str, float] = field(default_factory=dict)
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class ThemeConfig:
    """Company look: what differs from ``templates/theme.toml``."""

    logo: Path | None = None
    colors: Mapping[str, str] = field(default_factory=dict)
    fonts: Mapping[str, str] = field(default_factory=dict)
    workbook: Path | None = None
    """An Office file of the company, whose theme the workbook takes over."""
    templates: Path | None = None
    """A folder with the user's own templates, looked into first."""


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """When issues are due; without `every` and `cron` nothing is by itself, sweeps aside."""

    every: str | None = None
    """A day word and a time of day: ``monday 08:00``, ``weekday 07:30``, ``day 18:00``."""
    cron: str | None = None
    """Five fields of cron instead: ``0 8 1 * *``."""
    timezone: str = "UTC"
    """Name of the zone that the time is meant in."""
    period: Rhythm = "weekly"
    """What one issue is about."""
    max_late_s: float = 3 * 86400.0
    """An issue that is later than this is not sent by itself."""
    health: str | None = None
    """An address that is fetched after every success."""

    @property
    def expression(self) -> str | None:
        """The five fields of cron that it amounts to; None where nothing is due at a time of day."""
        if self.cron or not self.every:
            return self.cron
        day, _, clock = self.every.partition(" ")
        hour, _, minute = clock.partition(":")
        days = {"day": "*", "weekday": "1-5"}.get(day) or str((DAYS.index(day) - 1) % 7)
        return f"{int(minute)} {int(hour)} * * {days}"

    @property
    def by_sweep(self) -> bool:
        """Whether an issue is about all runs as they are when the last one has closed."""
        return self.period == "every sweep"

    @property
    def is_set(self) -> bool:
        """Whether anything is ever due by itself."""
        return self.expression is not None or self.by_sweep


@dataclass(frozen=True, slots=True)
class EmailConfig:
    """Who gets the mail, and which server takes it. Secrets are never here."""

    to: tuple[str, ...] = ()
    """Readers, one mail each; an address, or ``Name <address>``."""
    sender: str = ""
    """The key ``from``."""
    reply_to: str = ""
    failures_to: tuple[str, ...] = ()
    """Who is told when a mail could not be brought to a reader."""
    unsubscribe: str = ""
    """Where a reader writes who wants no more mails."""
    subject: str = ""
    """Put before the answer in the subject line, instead of the period or the title."""
    attach: tuple[str, ...] = ("pdf",)
    max_mb: float = 15.0
    """The largest mail, as it is sent."""
    host: str = ""
    port: int | None = None
    """None: the usual one of `security`."""
    security: Security = "starttls"
    cafile: Path | None = None
    """Certificates that are trusted instead of the system's."""
    user: str = ""
    password_command: tuple[str, ...] = ()
    """Prints the password; command and arguments."""
    oauth_command: tuple[str, ...] = ()
    """Prints a token of OAuth 2; command and arguments."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that one build was told, from file and command line."""

    title: str | None = None
    runs: tuple[str, ...] = ()
    """Addresses."""
    audience: Audience = "team"
    owner: str | None = None
    contact: str | None = None
    decision: str | None = None
    language: str = "en"
    metrics: Mapping[str, MetricConfig] = field(default_factory=dict)
    compare: CompareConfig = field(default_factory=CompareConfig)
    select: SelectConfig = field(default_factory=SelectConfig)
    outputs: OutputConfig = field(default_factory=OutputConfig)
    cost: CostConfig = field(default_factory=CostConfig)
    theme: ThemeConfig = field(default_factory=ThemeConfig)
    email: EmailConfig = field(default_factory=EmailConfig)
    sheet: Mapping[str, Any] = field(default_factory=dict)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    stale_after_s: float = 3600.0
    """Age of the newest row after which a run whose lock cannot tell counts as interrupted."""
    said: tuple[str, ...] = ()
    """Words of the command line that were laid over the file: they belong to the command that makes it again."""
    path: Path | None = None
    """The file that it came from; addresses and directories in it are relative to its folder."""

    @property
    def primary(self) -> MetricConfig | None:
        """The metric that the user called primary, if any."""
        return next((m for m in self.metrics.values() if m.primary), None)
