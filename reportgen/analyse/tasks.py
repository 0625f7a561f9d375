"""Several tasks: which configuration ranks best over all of them, and is that more than luck?"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyse.configurations import Group
from reportgen.analyse.parameters import EXPERIMENT
from reportgen.analyse.statistics import Floats, holm
from reportgen.analyse.table import Table
from reportgen.analyse.thresholds import ALPHA, IQM_FAR, IQM_MIN_TASKS, TASKS_FOR_TEST
from reportgen.analyse.values import ABSENT, Canonical, canonical, show
from reportgen.errors import ConfigError
from reportgen.findings import Metric, TaskFindings, TaskStanding
from reportgen.runs import Run


@dataclass(frozen=True, slots=True)
class RankTest:
    """Friedman's test. ``f`` is None, and p exact, where every task gives the same order."""

    chi_square: float
    f: float | None
    p: float


def task_values(runs: Sequence[Run], name: str | None) -> list[Canonical] | None:
    """Give each run's task, by the parameter or else the tag *name*; None where no task is declared.

    Raises:
        ConfigError: No run has such a parameter or tag.
    """
    if name is None:
        return None
    found = [
        run.params.get(name, run.tags.get(name, run.experiment if name == EXPERIMENT else _NOTHING))
        for run in runs
    ]
    if all(value is _NOTHING for value in found):
        raise ConfigError(f"no run has a parameter or tag {name!r}", where="compare.task")
    return [ABSENT if value is _NOTHING else canonical(value) for value in found]


_NOTHING = object()


def rank_over_tasks(means: Floats, *, higher: bool) -> Floats:
    """Rank configurations on every task, 1 is best; equal means share the average of their ranks.

    Shape: (configurations, tasks), without a gap.
    """
    from scipy import stats

    return np.asarray(stats.rankdata(-means if higher else means, axis=0), dtype=np.float64)


def middle_half(means: Sequence[float]) -> float | None:
    """Give the interquartile mean: the mean without the highest and the lowest quarter; None below four tasks.

    Source: Agarwal et al. 2021, there over all runs and tasks; here over task means, since tasks may have
    different numbers of runs.
    """
    from scipy import stats

    return float(stats.trim_mean(means, 0.25)) if len(means) >= IQM_MIN_TASKS else None


def _driven_by_few(means: Sequence[float], iqm: float | None) -> bool:
    return iqm is not None and abs(math.fsum(means) / len(means) - iqm) > IQM_FAR * abs(iqm)


def friedman(ranks: Floats) -> RankTest:
    """Test whether mean ranks differ, by Iman and Davenport's F.

    Ties are not corrected for, as in the source: with ties this is a little too careful.

    Shape: (configurations, tasks).
    Source: Friedman 1937; Iman and Davenport 1980; Demšar 2006, sec. 3.2.2.
    """
    from scipy import special

    k, n = ranks.shape
    mean = ranks.mean(axis=1)
    chi_square = 12.0 * n / (k * (k + 1)) * (float(np.sum(mean**2)) - k * (k + 1) ** 2 / 4.0)
    rest = n * (k - 1) - chi_square
    if rest <= 1e-9 * n:
        return RankTest(chi_square, None, math.exp(-(n - 1) * math.lgamma(k + 1)))
    f = (n - 1) * chi_square / rest
    return RankTest(chi_square, f, float(special.fdtrc(k - 1, (k - 1) * (n - 1), max(f, 0.0))))


def against_control(ranks: Floats, control: int) -> Floats:
    """Give the two-sided p of each mean rank against the control's; NaN for the control.

    Two configurations are compared by the exact sign test over the tasks that are no ties.

    Shape: ranks (configurations, tasks).
    Source: Demšar 2006, sec. 3.2.2; the sign test by Dixon and Mood 1946.
    """
    from scipy import special, stats

    k, n = ranks.shape
    if k == 2:
        wins = int(np.sum(ranks[0] < ranks[1]))
        decided = int(np.sum(ranks[0] != ranks[1]))
        p = np.full(2, float(stats.binomtest(wins, decided).pvalue) if decided else 1.0)
    else:
        z = (ranks.mean(axis=1) - ranks[control].mean()) / math.sqrt(k * (k + 1) / (6.0 * n))
        p = np.asarray(2.0 * special.ndtr(-np.abs(z)), dtype=np.float64)
    p[control] = np.nan
    return p


def compare_over_tasks(
    table: Table, metric: Metric, name: str, tasks: Sequence[Canonical], baseline: int | None
) -> TaskFindings:
    """Rank the configurations over the declared tasks (those that the baseline has a result on)."""
    cells, counts = _cells(table, metric, tasks)
    everywhere = sorted({task for cell in cells for task in cell}, key=lambda task: str(task[1]))
    if baseline is not None:
        everywhere = [task for task in everywhere if task in cells[baseline]]
    complete = [i for i, cell in enumerate(cells) if everywhere and all(task in cell for task in everywhere)]
    shown = tuple(show(task[1]) for task in everywhere)
    incomplete = tuple(table.groups[i].key for i, cell in enumerate(cells) if cell and i not in complete)
    if len(complete) < 2:
        return TaskFindings(name, shown, incomplete=incomplete)
    means = np.array([[cells[i][task] for task in everywhere] for i in complete])
    ranks = rank_over_tasks(means, higher=metric.goal == "maximize")
    control = None if baseline is None else complete.index(baseline)
    test = friedman(ranks) if len(everywhere) >= TASKS_FOR_TEST else None
    groups = [table.groups[i] for i in complete]
    return TaskFindings(
        name=name,
        tasks=shown,
        standings=_standings(groups, means, ranks, control, test),
        incomplete=incomplete,
        chi_square=None if test is None else test.chi_square,
        f_statistic=None if test is None else test.f,
        p_value=None if test is None else test.p,
        uneven=len({tuple(counts[i][task] for task in everywhere) for i in complete}) > 1,
    )


def _cells(
    table: Table, metric: Metric, tasks: Sequence[Canonical]
) -> tuple[list[dict[Canonical, float]], list[Counter[Canonical]]]:
    """Average each configuration's usable runs on each task, and count them."""
    cells, counts = [], []
    for group in table.groups:
        values: dict[Canonical, list[float]] = defaultdict(list)
        for index in table.usable(group):
            if tasks[index] != ABSENT:
                values[tasks[index]].append(table.values[index][metric.name])
        cells.append({task: math.fsum(found) / len(found) for task, found in values.items()})
        counts.append(Counter({task: len(found) for task, found in values.items()}))
    return cells, counts


def _standings(
    groups: Sequence[Group], means: Floats, ranks: Floats, control: int | None, test: RankTest | None
) -> tuple[TaskStanding, ...]:
    count = len(groups)
    p = np.full(count, np.nan)
    if test is not None and control is not None:
        p = against_control(ranks, control)
    adjusted, _ = holm(p, max(1, count - 1))
    standings = []
    for i, group in enumerate(groups):
        wins = ties = losses = 0
        if control is not None and i != control:
            wins, losses = (int(np.sum(s * (ranks[i] - ranks[control]) < 0)) for s in (1.0, -1.0))
            ties = ranks.shape[1] - wins - losses
        own, verdict, iqm = float(ranks[i].mean()), None, middle_half(means[i].tolist())
        if not math.isnan(p[i]) and test is not None and control is not None:
            ahead = own < float(ranks[control].mean())
            claimed = adjusted[i] < ALPHA and (test.p < ALPHA or count == 2)
            verdict = ("better" if ahead else "worse") if claimed else "not_settled"
        standings.append(
            TaskStanding(
                group.key, own, tuple(means[i].tolist()), iqm, _driven_by_few(means[i].tolist(), iqm),
                wins, ties, losses,
                None if math.isnan(p[i]) else float(p[i]),
                None if math.isnan(adjusted[i]) else float(adjusted[i]),
                verdict,  # type: ignore[arg-type]  # one of the three words, or None
            )
        )  # fmt: skip
    return tuple(sorted(standings, key=lambda entry: (entry.mean_rank, entry.key)))
