"""The numbers of one metric run by run, and what pairs of configurations make of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyse.statistics import Booleans, Floats, Integers, Moments, moments


@dataclass(frozen=True, slots=True)
class Results:
    """The usable runs' finite numbers, in order of configuration, then of start.

    Shape: ``runs``, ``group``, ``values`` and ``seeds`` (results,); ``start`` (configurations + 1,), the
    place of each configuration's first result. ``seeds`` holds a number for each seed, -1 for none; it is
    empty where runs are not paired by their seeds.
    """

    runs: Integers
    """Places in the table of runs."""
    group: Integers
    values: Floats
    start: Integers
    seeds: Integers

    @property
    def counts(self) -> Integers:
        """Number of results of each configuration."""
        return np.diff(self.start)

    def moments(self) -> Moments:
        """Summarise them by configuration."""
        return moments(self.group, self.values, len(self.start) - 1)

    def logarithms(self) -> Results | None:
        """Give the logarithms; None where a value is not above zero."""
        if not (self.values.size and np.all(self.values > 0.0)):
            return None
        return replace(self, values=np.log(self.values))


def collect(runs: Integers, group: Integers, values: Floats, count: int, seeds: Integers | None) -> Results:
    """Sort results by configuration; within one they stay in their order."""
    order = np.argsort(group, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=count))]).astype(np.int64)
    paired = np.zeros(0, dtype=np.int64) if seeds is None else seeds[order]
    return Results(runs[order], group[order], values[order], start, paired)


def _expand(results: Results, first: Integers) -> tuple[Integers, Integers]:
    """List the results of every pair's first configuration: the pair's number, the result's place."""
    counts = results.counts[first]
    pair = np.repeat(np.arange(len(first), dtype=np.int64), counts)
    within = np.arange(len(pair), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return pair, np.repeat(results.start[first], counts) + within


def pairings_won(results: Results, sign: float, first: Integers, second: Integers) -> Floats:
    """Count the pairings of one run of *first* with one of *second* that the first wins; ties are halves.

    It is Mann and Whitney's U. *sign* is -1 where low values win.

    Shape: (pairs,).
    """
    ranks = np.unique(results.values * sign, return_inverse=True)[1].reshape(-1).astype(np.int64)
    width = int(ranks.max(initial=0)) + 1
    ordered = np.sort(results.group * width + ranks)
    pair, place = _expand(results, first)
    wanted = second[pair] * width + ranks[place]
    below = np.searchsorted(ordered, wanted, side="left") - results.start[second[pair]]
    ties = np.searchsorted(ordered, wanted, side="right") - results.start[second[pair]] - below
    won = np.bincount(pair, weights=below + 0.5 * ties, minlength=len(first))
    return won.astype(np.float64)  # whole numbers come back where there is nothing to weigh


def beats(
    results: Results, sign: float, failed: Integers, first: Integers, second: Integers
) -> tuple[Floats, Floats]:
    """Give the share of pairings that the first wins: among results, and with failures as worst of all.

    Args:
        results: One metric.
        sign: -1 where low values win.
        failed: Ended runs without a result, per configuration.
        first: Numbers of configurations.
        second: Numbers of configurations.

    Shape: (pairs,) each; NaN where a side has nothing.
    """
    n, wins = results.counts, pairings_won(results, sign, first, second)
    mine, theirs, mine_failed, theirs_failed = n[first], n[second], failed[first], failed[second]
    all_wins = wins + mine * theirs_failed + 0.5 * mine_failed * theirs_failed
    pairings = (mine * theirs).astype(np.float64)
    everything = ((mine + mine_failed) * (theirs + theirs_failed)).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            np.where(pairings > 0, wins / pairings, np.nan),
            np.where(everything > 0, all_wins / everything, np.nan),
        )


def pair_by_seed(results: Results, first: Integers, second: Integers) -> Moments:
    """Summarise the first's number less the second's, seed by seed; ``n`` counts the complete pairs.

    Runs without a seed are in no pair; several runs with one seed count by their mean.

    Shape: first, second (pairs,).
    """
    known = np.flatnonzero(results.seeds >= 0)
    width = int(results.seeds.max(initial=0)) + 1
    keys, place = np.unique(results.group[known] * width + results.seeds[known], return_inverse=True)
    mean = moments(place.reshape(-1).astype(np.int64), results.values[known], len(keys)).mean
    group, none = keys // width, np.zeros(0, dtype=np.int64)
    start = np.searchsorted(group, np.arange(len(results.start)), side="left").astype(np.int64)
    by_seed = Results(none, group, mean, start, none)
    pair, at = _expand(by_seed, first)
    wanted = second[pair] * width + keys[at] % width
    found = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    complete: Booleans = np.zeros(0, dtype=np.bool_) if not len(keys) else keys[found] == wanted
    differences = mean[at[complete]] - mean[found[complete]]
    finite = np.isfinite(differences)
    return moments(pair[complete][finite], differences[finite], len(first))
