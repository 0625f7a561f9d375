"""The schedule: periods, what is due, and what the ledger says about it. Every function is told the time."""

from __future__ import annotations

from reportgen.deliver.schedule.crontab import (
    crontab_configs,
    crontab_lines,
    has_crontab,
    install_crontab,
    uninstall_crontab,
)
from reportgen.deliver.schedule.decision import LEASE_S, PeriodRecord, State, Verdict, decide
from reportgen.deliver.schedule.due import (
    Due,
    current_period,
    due_of,
    dues_after,
    latest_due,
    latest_time,
    next_issues,
)
from reportgen.deliver.schedule.health import ping
from reportgen.deliver.schedule.job import Job
from reportgen.deliver.schedule.ledger import PeriodLedger, Taken
from reportgen.deliver.schedule.loop import run_loop, stopping
from reportgen.deliver.schedule.periods import (
    period_around,
    period_before,
    period_named,
    sweep_period,
)
from reportgen.deliver.schedule.systemd import (
    Scope,
    has_timer,
    install_timer,
    timer_configs,
    uninstall_timer,
    unit_files,
)
from reportgen.deliver.schedule.workflow import github_workflow

__all__ = [
    "LEASE_S",
    "Due",
    "Job",
    "PeriodLedger",
    "PeriodRecord",
    "Scope",
    "State",
    "Taken",
    "Verdict",
    "crontab_configs",
    "crontab_lines",
    "current_period",
    "decide",
    "due_of",
    "dues_after",
    "github_workflow",
    "has_crontab",
    "has_timer",
    "install_crontab",
    "install_timer",
    "latest_due",
    "latest_time",
    "next_issues",
    "period_around",
    "period_before",
    "period_named",
    "ping",
    "run_loop",
    "stopping",
    "sweep_period",
    "timer_configs",
    "uninstall_crontab",
    "uninstall_timer",
    "unit_files",
]
