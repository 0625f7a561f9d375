"""Configurations compared over several tasks (data sets, environments) by their ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """One configuration over all tasks. Wins, ties and losses are against the baseline, by task means."""

    key: str
    mean_rank: float
    """1 is best; equal means share a rank."""
    means: tuple[float, ...]
    """The deciding metric's mean on each task, in the order of the tasks."""
    iqm: float | None = None
    """The mean of the middle half of the task means; None below four tasks."""
    driven_by_few: bool = False
    """Mean and middle half differ by more than a quarter: a few tasks make the mean what it is."""
    wins: int = 0
    ties: int = 0
    losses: int = 0
    p_value: float | None = None
    """Of its mean rank against the baseline's; None without a test."""
    p_adjusted: float | None = None
    verdict: Literal["better", "worse", "not_settled"] | None = None
    """Whether it ranks better than the baseline; None for the baseline itself, and without a test."""


@dataclass(frozen=True, slots=True)
class TaskFindings:
    """Ranks over tasks, and whether they differ by more than luck."""

    name: str = ""
    """The parameter or tag that tells the task; empty where none was declared."""
    tasks: tuple[str, ...] = ()
    standings: tuple[TaskStanding, ...] = ()
    """Best mean rank first; configurations with a result on every task."""
    incomplete: tuple[str, ...] = ()
    """Keys of configurations without a result on some task; they are not ranked."""
    chi_square: float | None = None
    """Friedman's statistic."""
    f_statistic: float | None = None
    """Iman and Davenport's; None where all tasks agree on every rank."""
    p_value: float | None = None
    """That ranks differ at all; None below five tasks or two configurations."""
    uneven: bool = False
    """Repeats are spread over the tasks differently, so that overall means are not alike."""
