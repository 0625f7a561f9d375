"""The comparisons that an output lets the reader choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from reportgen.analyse.comparability import Comparability
from reportgen.analyse.comparison import Sample, comparisons_of, contrast
from reportgen.analyse.configurations import Group
from reportgen.analyse.statistics import Integers
from reportgen.analyse.thresholds import MAX_PAIRS
from reportgen.findings import Comparison


def compare_to_baseline(
    sample: Sample,
    groups: Sequence[Group],
    baseline: int,
    comparability: Comparability,
    confirmed: Collection[int] = (),
) -> tuple[Comparison, ...]:
    """Compare every other configuration with the baseline, adjusted for all that were tried.

    Those that fresh runs speak for were picked before these runs were made: they are a family of their
    own, adjusted for their number alone.
    """
    tried = len(groups) - 1
    picked = [index for index in range(len(groups)) if index != baseline and index in confirmed]
    others = [index for index in range(len(groups)) if index != baseline and index not in confirmed]
    found: list[Comparison] = []
    for numbers, family, fresh in ((others, tried, False), (picked, len(picked), True)):
        if numbers:
            first = np.array(numbers, dtype=np.int64)
            tested = contrast(sample, first, np.full(first.shape, baseline), comparability, family)
            found += comparisons_of(tested, groups, confirmed=fresh)
    return tuple(found)


def choose_pairs(
    samples: Sequence[Sample], groups: Sequence[Group], order: Sequence[int], baseline: int | None
) -> Iterator[tuple[Sample, Integers, Integers]]:
    """Choose the pairs for each metric: better ranked first, the baseline always second.

    Args:
        samples: One a metric with a direction, the deciding one first.
        groups: The configurations.
        order: Their numbers, best first.
        baseline: The baseline's number.
    """
    count = len(groups)
    every = count * (count - 1) // 2
    if every * len(samples) <= MAX_PAIRS:
        for sample in samples:
            yield sample, *_all_pairs(order, baseline)
        return
    if every <= MAX_PAIRS:
        yield samples[0], *_all_pairs(order, baseline)
    else:
        yield samples[0], *_star_pairs(order, baseline)
    if 2 * count * len(samples[1:]) <= MAX_PAIRS:
        for sample in samples[1:]:
            yield sample, *_star_pairs(order, baseline)


def pair_findings(
    chosen: Iterator[tuple[Sample, Integers, Integers]],
    groups: Sequence[Group],
    baseline: int | None,
    comparability: Comparability,
    known: Sequence[Comparison],
) -> tuple[Comparison, ...]:
    """Test the chosen pairs; *known* comparisons with the baseline keep their verdict.

    Pairs with the baseline are one family a metric, as in the report's own comparison; all other pairs
    of the metric are another, as large as there are such pairs.
    """
    settled = {(entry.key, entry.metric): entry for entry in known}
    found: list[Comparison] = []
    count = len(groups)
    others = count * (count - 1) // 2 - (count - 1 if baseline is not None else 0)
    for sample, first, second in chosen:
        with_baseline = second == (-1 if baseline is None else baseline)
        tested: dict[int, Comparison] = {}
        for place in np.flatnonzero(with_baseline).tolist():
            entry = settled.get((groups[first[place]].key, sample.metric.name))
            if entry is not None:
                tested[place] = entry
        open_ones = np.array([place not in tested for place in range(len(first))], dtype=np.bool_)
        for mask, family in ((with_baseline, count - 1), (~with_baseline, others)):
            places = np.flatnonzero(mask & open_ones)
            if places.size:
                made = contrast(sample, first[places], second[places], comparability, family)
                tested.update(zip(places.tolist(), comparisons_of(made, groups), strict=True))
        found += (tested[place] for place in range(len(first)))
    return tuple(found)


def _all_pairs(order: Sequence[int], baseline: int | None) -> tuple[Integers, Integers]:
    ordered = np.array(order, dtype=np.int64)
    one, other = np.triu_indices(len(ordered), k=1)
    return _baseline_second(ordered[one], ordered[other], baseline)


def _star_pairs(order: Sequence[int], baseline: int | None) -> tuple[Integers, Integers]:
    """Pair every configuration with the best, and with the baseline."""
    ordered = np.array(order, dtype=np.int64)
    first, second = [np.full(len(ordered) - 1, ordered[0])], [ordered[1:]]
    if baseline is not None and baseline != ordered[0]:
        rest = ordered[(ordered != baseline) & (ordered != ordered[0])]
        first.append(rest)
        second.append(np.full(len(rest), baseline))
    return _baseline_second(np.concatenate(first), np.concatenate(second), baseline)


def _baseline_second(first: Integers, second: Integers, baseline: int | None) -> tuple[Integers, Integers]:
    if baseline is None:
        return first, second
    swap = first == baseline
    return np.where(swap, second, first), np.where(swap, first, second)
