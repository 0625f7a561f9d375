"""From runs to findings: the questions in their order, each answered in a module of its own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from reportgen.analyse.baseline import find_baseline
from reportgen.analyse.changes import find_changes
from reportgen.analyse.comparability import Comparability
from reportgen.analyse.comparison import Sample
from reportgen.analyse.configurations import Group, group_runs
from reportgen.analyse.confirmation import Confirmation, confirm, waiting_notes
from reportgen.analyse.curves import (
    CurvesRead,
    choose_configurations,
    has_curve,
    learning_curves,
    single_courses,
)
from reportgen.analyse.effort import cost_of_gain, describe_environment, measure_effort
from reportgen.analyse.facts import parse_fact, separate_mixed
from reportgen.analyse.guardrails import check_limits
from reportgen.analyse.hand_kept import table_assumptions
from reportgen.analyse.history import Series, weekly_history
from reportgen.analyse.importance import what_mattered
from reportgen.analyse.luck import find_collapses, judge_luck
from reportgen.analyse.metrics import Dictionary, resolve_metrics
from reportgen.analyse.outcomes import count_runs, judge_runs
from reportgen.analyse.pace import judge_curves
from reportgen.analyse.pairs import choose_pairs, compare_to_baseline, pair_findings
from reportgen.analyse.parameters import Parameters, find_parameters
from reportgen.analyse.quality import inspect_input
from reportgen.analyse.ranking import beaten_by_baseline_comparison, leading_group, order_by_rank, rank_means
from reportgen.analyse.records import Standing, configuration_records, run_rows
from reportgen.analyse.selection import select_runs
from reportgen.analyse.statistics import Booleans
from reportgen.analyse.summary import run_values
from reportgen.analyse.table import Table
from reportgen.analyse.tasks import compare_over_tasks, task_values
from reportgen.analyse.thresholds import THRESHOLDS
from reportgen.analyse.tradeoff import weigh
from reportgen.analyse.trend import describe_trend
from reportgen.analyse.values import Canonical
from reportgen.config.settings import CompareConfig, Config
from reportgen.findings import (
    Changes,
    Collapse,
    Comparison,
    Findings,
    Importance,
    Luck,
    Mismatch,
    Period,
    Quality,
    TaskFindings,
    TradeOff,
)
from reportgen.runs import Run, RunSet

_TITLE_NAMES = 3
"""Experiments that a title lists."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def analyse(
    runs: RunSet, config: Config, now: datetime | None = None, since: Mapping[str, Any] | None = None
) -> Findings:
    """Compute every number of a report; the same runs and configuration always give the same findings.

    Args:
        runs: What was read.
        config: What to report on.
        now: Time of the report, by which its last week may not be over yet.
        since: Frozen numbers of an earlier issue, to say what changed.

    Raises:
        ReportgenError: The configuration names something that the runs do not have (a filter, metric,
            parameter or baseline), no run is left, or *since* holds no frozen numbers.
    """
    found = _analysed(runs, config, now)
    return found if since is None else replace(found, changes=find_changes(since, found, config.compare, now))


def _analysed(runs: RunSet, config: Config, now: datetime | None) -> Findings:
    selection = select_runs(replace(runs, runs=in_order(runs.runs)), config.select)
    kept = selection.runs.runs
    logged = frozenset(name for run in runs.runs for name in run.metrics)
    dictionary = resolve_metrics(kept, config.metrics, logged)
    values = run_values(kept, dictionary.metrics, runs.curves)
    kept, parameters, groups = _grouped(kept, config.compare, {n for run in runs.runs for n in run.params})
    tasks = task_values(kept, config.compare.task)
    seeds = parameters.pairing(kept, tasks) if config.compare.paired else None
    table = Table(kept, values, judge_runs(kept, values, dictionary.primary), groups, seeds)
    baseline, baseline_assumed = find_baseline(kept, groups, parameters, config.compare.baseline)
    confirmation = confirm(table, baseline)
    comparability = Comparability(kept, groups, config.compare.same, config.compare.on_mismatch, tasks)
    contest = _compare(confirmation.counted, dictionary, baseline, comparability)
    luck, standing = _luck(confirmation, dictionary, contest, config, repeats=not comparability.over_tasks)
    history = _history(table, dictionary, baseline, config, now)
    effort, costs = measure_effort(kept, table.outcomes, config.cost)
    records = configuration_records(confirmation.counted, contest.samples, dictionary.primary, standing)
    read = _curves(confirmation.counted, dictionary, contest, runs, config.compare.curves_over)
    return Findings(
        title=config.title or default_title(kept),
        assumed=(
            *table_assumptions(runs.guesses),
            *dictionary.assumed,
            *parameters.assumed,
            *baseline_assumed,
        ),
        digest=runs.digest,
        sources=tuple((source.address, source.kind, source.runs) for source in runs.sources),
        runs=count_runs(selection, confirmation.counted.outcomes),
        metrics=dictionary.metrics,
        primary=dictionary.primary,
        seed=parameters.seed,
        varied=parameters.varied,
        constant=parameters.constant,
        configurations=tuple(records[number] for number in contest.order),
        comparisons=contest.comparisons,
        pairs=contest.pairs,
        guard_rails=tuple(check_limits([contest.samples[name] for name in contest.samples], groups)),
        importance=_importance(table, dictionary, contest, parameters, config),
        trade_off=_trade_off(confirmation.counted, dictionary, contest, config),
        changes=Changes(),
        curves=read.curves,
        curves_left_out=read.left_out,
        history=history,
        trend=describe_trend(history),
        quality=_quality(
            inspect_input(replace(selection.runs, runs=kept), groups, parameters, contest.flat, config),
            comparability.mismatches(contest.order[0] if baseline is None else baseline),
            confirmation,
        ),
        effort=cost_of_gain(effort, contest.comparisons, dictionary.unit),
        environment=describe_environment(kept),
        rows=run_rows(table, parameters, costs, read.courses, tasks),
        newest=_newest(kept),
        thresholds=dict(THRESHOLDS),
        tasks=_tasks(table, dictionary, tasks, baseline, config),
        luck=luck,
        collapses=() if comparability.over_tasks else _collapses(confirmation.counted, dictionary, contest),
    )


def _quality(found: Quality, mismatches: tuple[Mismatch, ...], confirmation: Confirmation) -> Quality:
    warnings = (*found.warnings, *waiting_notes(confirmation))
    return replace(found, mismatches=mismatches, warnings=warnings)


def _grouped(
    runs: tuple[Run, ...], compare: CompareConfig, known: set[str]
) -> tuple[tuple[Run, ...], Parameters, tuple[Group, ...]]:
    """Group runs into configurations; where asked, those that mix what had to be the same are taken apart."""
    parameters = find_parameters(runs, compare, known)
    groups = group_runs(runs, parameters)
    separated = separate_mixed(runs, groups, compare) if compare.on_mismatch == "separate" else None
    if separated is None:
        return runs, parameters, groups
    runs, compare = separated
    parameters = find_parameters(runs, compare, {*known, *compare.same})
    return runs, parameters, group_runs(runs, parameters)


def in_order(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Order runs by start, then id, so that nothing depends on how they were read."""
    return tuple(sorted(runs, key=lambda run: (_utc(run.started) or _BEGINNING, run.id, run.address)))


def default_title(runs: Sequence[Run]) -> str:
    """Make a title of the experiments' names: ``digits: results``."""
    names = sorted({run.experiment for run in runs if run.experiment.strip()})
    if not names:
        return "Results"
    if len(names) > _TITLE_NAMES:
        return f"{', '.join(names[:_TITLE_NAMES])} and more: results"
    return f"{' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)}: results"


@dataclass(frozen=True, slots=True)
class _Contest:
    """How the configurations stand against one another; numbers are places in the table's groups."""

    samples: Mapping[str, Sample]
    standing: Standing
    order: Sequence[int]
    comparisons: tuple[Comparison, ...]
    pairs: tuple[Comparison, ...]
    flat: Sequence[bool]
    comparable: Booleans
    """Which ran on the same data as the baseline, or without one as the best."""


def _compare(
    table: Table, dictionary: Dictionary, baseline: int | None, comparability: Comparability
) -> _Contest:
    """Rank the configurations, and compare them where the deciding metric has a direction."""
    groups = table.groups
    samples = {name: table.sample(metric) for name, metric in dictionary.metrics.items()}
    nobody = np.zeros(len(groups), dtype=np.bool_)
    if dictionary.primary is None or dictionary.goal is None:
        ranks: Sequence[int | None] = (None,) * len(groups)
        flat = nobody if dictionary.primary is None else samples[dictionary.primary].moments.flat
        standing = Standing(ranks, nobody, baseline)
        return _Contest(samples, standing, order_by_rank(ranks), (), (), flat.tolist(), ~nobody)
    sample = samples[dictionary.primary]
    ranks = rank_means(sample)
    order = order_by_rank(ranks)
    comparable = _comparable_with(order[0] if baseline is None else baseline, len(groups), comparability)
    order.sort(key=lambda number: not comparable[number])  # stable: those on other data come last
    comparisons: tuple[Comparison, ...] = ()
    if baseline is not None:
        comparisons = compare_to_baseline(sample, groups, baseline, comparability, table.fresh)
    place = {groups[number].key: position for position, number in enumerate(order)}
    keys = [group.key for group in groups]
    comparisons = tuple(sorted(comparisons, key=lambda entry: place[entry.key]))
    comparisons = comparability.explained(comparisons, keys)
    eligible, leading = [number for number in order if comparable[number]], nobody
    if ranks[eligible[0]] is not None:
        beaten = beaten_by_baseline_comparison(keys, eligible[0], comparisons)
        leading = leading_group(sample, eligible, comparability, beaten)
    directed = [entry for entry in samples.values() if entry.metric.goal is not None]
    chosen = choose_pairs(directed, groups, order, baseline) if len(groups) > 1 else iter(())
    pairs = comparability.explained(pair_findings(chosen, groups, baseline, comparability, comparisons), keys)
    standing, flat = Standing(_ranks_among(ranks, comparable), leading, baseline), sample.moments.flat
    return _Contest(samples, standing, order, comparisons, pairs, flat.tolist(), comparable)


def _ranks_among(ranks: Sequence[int | None], comparable: Booleans) -> tuple[int | None, ...]:
    """Rank the comparable configurations alone: those on other data have no place among them."""
    kept = [rank if fits else None for rank, fits in zip(ranks, comparable.tolist(), strict=True)]
    ordered = sorted(rank for rank in kept if rank is not None)
    return tuple(None if rank is None else bisect_left(ordered, rank) + 1 for rank in kept)


def _comparable_with(reference: int, count: int, comparability: Comparability) -> Booleans:
    everyone = np.arange(count, dtype=np.int64)
    elsewhere = comparability.differ(everyone, np.full(count, reference, dtype=np.int64))
    return np.asarray(~elsewhere | (everyone == reference), dtype=np.bool_)


def _luck(
    confirmation: Confirmation, dictionary: Dictionary, contest: _Contest, config: Config, *, repeats: bool
) -> tuple[Luck | None, Standing]:
    """Judge what luck does for the best of the search, if runs are repeats, and complete the standing by it."""
    standing = contest.standing
    if dictionary.primary is None:
        return None, standing
    said = config.metrics.get(dictionary.primary)
    standing = replace(standing, items=None if said is None else said.test_items)
    if dictionary.goal is None:
        return None, standing
    sample, groups = contest.samples[dictionary.primary], confirmation.search.groups
    if confirmation.counted.fresh:
        sample = confirmation.search.sample(dictionary.metrics[dictionary.primary])
    standing = replace(standing, search=sample.moments)
    if not repeats:
        return None, standing
    luck, shrunken = judge_luck(sample, groups, contest.comparable, standing.baseline)
    return luck, replace(standing, shrunken=shrunken)


def _collapses(table: Table, dictionary: Dictionary, contest: _Contest) -> tuple[Collapse, ...]:
    if dictionary.primary is None or dictionary.goal is None:
        return ()
    return find_collapses(contest.samples[dictionary.primary], table.groups, table.runs)


def _tasks(
    table: Table,
    dictionary: Dictionary,
    tasks: Sequence[Canonical] | None,
    baseline: int | None,
    config: Config,
) -> TaskFindings:
    if tasks is None or dictionary.primary is None or dictionary.goal is None:
        return TaskFindings(config.compare.task or "")
    metric = dictionary.metrics[dictionary.primary]
    return compare_over_tasks(table, metric, config.compare.task or "", tasks, baseline)


def _importance(
    table: Table, dictionary: Dictionary, contest: _Contest, parameters: Parameters, config: Config
) -> Importance:
    """Ask which settings mattered, among the configurations that may be compared."""
    if dictionary.primary is None or not config.compare.importance:
        return Importance(stated=False, reason="no_metric" if dictionary.primary is None else "off")
    firsts = [table.runs[group.members[0]] for group in table.groups]
    values = {name: [parameters.value(run, name) for run in firsts] for name in parameters.varied}
    means = contest.samples[dictionary.primary].moments.mean
    return what_mattered(parameters.varied, values, means, contest.comparable)


def _trade_off(table: Table, dictionary: Dictionary, contest: _Contest, config: Config) -> TradeOff:
    if dictionary.primary is None:
        return TradeOff((), ())
    wanted, configured = config.compare.trade_off, tuple(config.metrics)
    metrics, comparable = dictionary.metrics, contest.comparable
    return weigh(table, metrics, contest.samples, wanted, configured, comparable)


def _curves(table: Table, dictionary: Dictionary, contest: _Contest, runs: RunSet, over: str) -> CurvesRead:
    if dictionary.primary is None:
        return CurvesRead()
    usable = [table.usable(group) for group in table.groups]
    having = [n for n in contest.order if has_curve([table.runs[i] for i in usable[n]], dictionary.primary)]
    numbers = choose_configurations(having, contest.standing.leading.tolist(), contest.standing.baseline)
    chosen = [(table.groups[number], usable[number]) for number in numbers]
    read = learning_curves(table.runs, chosen, dictionary.primary, runs.curves, over)
    others = [run for run in table.runs if run.id not in read.courses]
    keys, shares = [group.key for group in table.groups], contest.samples[dictionary.primary].failure_share
    curves = judge_curves(
        read.curves,
        dictionary.metrics[dictionary.primary],
        [keys[number] for number in contest.order if contest.comparable[number]],
        None if contest.standing.baseline is None else keys[contest.standing.baseline],
        dict(zip(keys, shares.tolist(), strict=True)),
    )
    courses = {**single_courses(others, dictionary.primary, runs.curves), **read.courses}
    return read._replace(curves=curves, courses=courses, left_out=len(having) - len(numbers))


def _history(
    table: Table, dictionary: Dictionary, baseline: int | None, config: Config, now: datetime | None
) -> tuple[Period, ...]:
    same = tuple(parse_fact(entry) for entry in config.compare.same)
    return weekly_history(Series(table, dictionary.primary, dictionary.goal, baseline, same), now)


def _newest(runs: Sequence[Run]) -> datetime | None:
    return max((ended for run in runs if (ended := _utc(run.ended)) is not None), default=None)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
