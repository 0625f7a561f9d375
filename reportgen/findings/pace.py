"""How soon one set-up's average got to where another's ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CurveDoubt = Literal["too_few_runs", "failures", "few_steps", "restless"]
"""Why nothing is said of a curve: fewer than three repeats; repeats that failed or diverged, by the rule of the
verdicts; fewer than five points that all repeats reach; a line that goes up and down too much."""
PaceReason = Literal[
    "no_direction",
    "not_comparable",
    "too_few_runs",
    "failures",
    "few_steps",
    "restless",
    "not_reached",
    "no_sooner",
]


@dataclass(frozen=True, slots=True)
class Pace:
    """A curve held against the average that another one ended with, over the points that all repeats reach."""

    against: str
    """Key of the other: the baseline, or where it has no curve (or is the one asked about) the best of the others."""
    target: float | None
    """The other's last average."""
    end: float | None
    """The step of it."""
    step: float | None
    """The first step from which the curve's own average is as good as *target* and stays so to its end."""
    near: float | None
    """The first step from which the other's own average stays as good as *target* but for the smallest difference
    (where none is declared, for a twentieth of its range): before it, the other is not near its own end."""
    reason: PaceReason | None
    """Why nothing is said; None where *step* comes before *near*."""
