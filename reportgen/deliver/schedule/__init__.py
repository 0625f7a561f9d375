"""The schedule: periods, what is due, and what the ledger says about it. Every function is told the time."""

from __future__ import annotations

from reportgen.deliver.schedule.decision import LEASE_S, PeriodRecord, State, Verdict, decide
from reportgen.deliver.schedule.due import Due, current_period, due_of, dues_after, latest_due
from reportgen.deliver.schedule.ledger import PeriodLedger, Taken
from reportgen.deliver.schedule.periods import (
    SWEEP,
    correction_of,
    period_around,
    period_before,
    period_named,
    sweep_period,
)

__all__ = [
    "LEASE_S",
    "SWEEP",
    "Due",
    "PeriodLedger",
    "PeriodRecord",
    "State",
    "Taken",
    "Verdict",
    "correction_of",
    "current_period",
    "decide",
    "due_of",
    "dues_after",
    "latest_due",
    "period_around",
    "period_before",
    "period_named",
    "sweep_period",
]
