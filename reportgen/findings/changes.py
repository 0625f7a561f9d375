"""What changed since an earlier issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from reportgen.findings.comparison import Interval, Reason, Verdict

Break = Literal["metric", "data", "code"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs from the issue before."""

    kind: str
    """One of `CHANGE_KINDS`."""
    key: str
    """Of a configuration of this report (``vanished``: of the earlier one); else the name of a metric, of a
    data set or of a week, or empty."""
    before: Any
    after: Any
    label: str = ""
    """What *key* was called in the earlier issue; of a metric: which part of its definition."""
    against: str = ""
    """Key of the configuration that it is compared with: the leader before, or the baseline."""
    against_label: str = ""
    """What that one was called in the earlier issue."""
    verdict: Verdict | None = None
    """Of *key* against *against*, or of the runs since against those before, by the rules of every comparison."""
    reason: Reason | None = None
    difference: float | None = None
    """Improvement: positive is better."""
    interval: Interval | None = None
    count: int | None = None
    """Runs since the earlier issue that it is about."""
    of_added: bool = False
    """Of ``failures``: whether all of them are among the runs that were added; else some went on before."""


CHANGE_KINDS = (
    "deciding_metric",  # another metric decides
    "metric",  # its definition, unit, goal or summary is another
    "data",  # the new runs used a version that the earlier issue did not have
    "data_again",  # the issue before had new data, and the new runs use those of earlier on
    "baseline",
    "first_better",  # set-ups are shown to be better than the baseline; in the earlier issue none was
    "none_better",  # the other way round
    "target_reached",
    "target_lost",
    "target",  # another target was set
    "new_best",  # another leader, shown to be better than the one before
    "new_leader",  # another leader, and the runs do not show that it is better
    "regression",  # run again, and worse than before
    "gain",  # run again, and better than before
    "small_gain",  # run again, and better than before by less than matters, or perhaps less
    "outside_range",  # the last whole period lies outside of the usual range of at least eight
    "verdict",
    "failures",
    "steady",  # run again, and no change is shown
    "new",
    "vanished",
    "runs_removed",
    "code",
    "runs_added",
    "time",
    "cost",
    "renamed",
)
"""All kinds, the most important first: the order of the entries."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since an earlier issue; ``since`` is None for a first report."""

    since: str | None = None
    """Its period, or the day it was made where it had none."""
    entries: tuple[Change, ...] = ()
    number: int | None = None
    """Number of the earlier issue."""
    made: datetime | None = None
    """When the earlier issue was made."""
    breaks: tuple[Break, ...] = ()
    """What changed so that results before and after do not compare; then no entry compares any."""
    compared_all_the_same: bool = False
    """Other data are compared with a warning, as the user asked."""
    leader: str = ""
    """Key of the leader, where it is the same as before."""
    newest_age_days: int | None = None
    """Whole days since the newest run, where that is stale."""
