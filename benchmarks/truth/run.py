"""Does a report ever claim what its runs do not carry? Simulations of which the truth is known, all seeded.

    python benchmarks/truth/run.py           short: 60 sweeps a scenario, one to two minutes
    python benchmarks/truth/run.py --long    1,000 sweeps a scenario

1. Sweeps in which nothing is better: the share of reports that claim a gain, with its 95 % Wilson interval;
   at most 5 % (the interval must reach down to it).
2. A planted gain: the share of reports that find it against its size, beside Welch's test and Holm's
   correction done by hand on the same numbers.
3. How often the ranges hold the truth: means (95 %), differences (at their stated level), pairs, ratios.
4. Luck: the lead of the best of equals against the luck line, the shrunken estimate, healthy runs called
   far from the others.

Exits 1 where a figure is outside what is promised.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.truth.sweeps import FAIR_LEVEL, Draw, Shape, claims_a_gain, draw_results, report, runs_of
from reportgen.analyse.statistics import wilson
from reportgen.findings import Findings

Floats = npt.NDArray[np.float64]
SHORT = 60
MOST_CLAIMS = 0.05
COVERAGE = (0.93, 0.97)
GAINS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)


def unequal(draw: Draw, count: int) -> Floats:
    return np.asarray(np.exp(0.7 * draw.normal(size=count)), dtype=np.float64)


def heavy(draw: Draw, count: int) -> Floats:
    return np.asarray(draw.standard_t(3, size=count) / math.sqrt(3.0), dtype=np.float64)


def skewed(draw: Draw, count: int) -> Floats:
    return np.asarray(draw.exponential(size=count) - 1.0, dtype=np.float64)


def at_random(draw: Draw, values: Floats, _: bool) -> npt.NDArray[np.bool_]:  # noqa: FBT001 - the same shape as the others
    return np.asarray(draw.random(len(values)) < 0.1, dtype=np.bool_)


def poor_ones(draw: Draw, values: Floats, baseline: bool) -> npt.NDArray[np.bool_]:  # noqa: FBT001
    """Runs of candidates that go badly mostly crash, so that those left are flattered."""
    crash = (values < -1.0) & (draw.random(len(values)) < 0.8) & (not baseline)
    return np.asarray(crash, dtype=np.bool_)


NOTHING_BETTER = {
    "100 set-ups, 1 run each": Shape(100, 1),
    "100 set-ups, 1 run, baseline 5": Shape(100, 1, 5),
    "100 set-ups, 2 runs each": Shape(100, 2),
    "10 set-ups, 3 runs each": Shape(10, 3),
    "30 set-ups, 3 runs each": Shape(30, 3),
    "100 set-ups, 3 runs each": Shape(100, 3),
    "30 set-ups, 5 runs each": Shape(30, 5),
    "30 set-ups, 10 runs each": Shape(30, 10),
    "30 set-ups, 3 runs, baseline 10": Shape(30, 3, 10),
    "30 set-ups, 3 runs, baseline 30": Shape(30, 3, 30),
    "100 set-ups, 3 runs, baseline 30, unequal": Shape(100, 3, 30, spread=unequal),
    "30 set-ups, 3 runs, unequal spreads": Shape(30, 3, spread=unequal),
    "30 set-ups, 5 runs, unequal spreads": Shape(30, 5, spread=unequal),
    "30 set-ups, 5 runs, heavy tails": Shape(30, 5, noise=heavy),
    "30 set-ups, 5 runs, skewed": Shape(30, 5, noise=skewed),
    "30 set-ups, 5 runs, skewed, lower better": Shape(30, 5, noise=skewed, goal="minimize"),
    "30 set-ups, 5 runs, 1 in 10 fails": Shape(30, 5, fails=at_random),
    "30 set-ups, 10 runs, poor ones crash": Shape(30, 10, fails=poor_ones),
    "20 set-ups, 5 runs, paired by seed": Shape(20, 5, shared=2.0, compare={"paired": True}),
}


def main() -> int:
    """Run all parts and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--long", action="store_true", help="1,000 sweeps a scenario")
    sweeps = 1000 if parser.parse_args().long else SHORT
    start, broken = time.process_time(), []
    for part in (nothing_better, confirmed, no_baseline, planted, ranges, luck):
        print(f"\n{(part.__doc__ or '').splitlines()[0]}")
        for line, fine in part(sweeps):
            print(("  " if fine else "! ") + line)
            broken += [] if fine else [line]
    print(f"\n{time.process_time() - start:.0f} s CPU; {len(broken)} figures outside what is promised")
    return int(bool(broken))


def share(hits: int, of: int) -> tuple[str, float]:
    """Write a share with its Wilson interval; give the interval's lower end too."""
    low, high = (float(end[0]) for end in wilson(np.array([float(hits)]), np.array([float(of)])))
    return f"{hits / of:6.1%}  ({low:.1%} to {high:.1%})", low


def verdicts(findings: Findings) -> dict[str, str]:
    """Give each candidate's verdict by its name."""
    labels = {configuration.key: configuration.label for configuration in findings.configurations}
    return {labels[entry.key]: entry.verdict for entry in findings.comparisons}


def nothing_better(sweeps: int) -> Iterator[tuple[str, bool]]:
    """Nothing is better: reports that claim a gain."""
    for number, (name, shape) in enumerate(NOTHING_BETTER.items()):
        draw = np.random.default_rng([1, number])
        hits = sum(claims_a_gain(report(runs_of(draw_results(draw, shape)), shape)) for _ in range(sweeps))
        told, low = share(hits, sweeps)
        yield f"{name:44}{told}", low <= MOST_CLAIMS


def confirmed(sweeps: int) -> Iterator[tuple[str, bool]]:
    """Nothing is better, and the best of the search is run again: fresh runs that claim a gain."""
    shape, draw, hits = Shape(30, 3, 5), np.random.default_rng(2), 0
    for _ in range(sweeps):
        search = draw_results(draw, shape)
        best = max(list(search)[1:], key=lambda name: np.mean([v for v in search[name] if v is not None]))
        again = {best: (FAIR_LEVEL + draw.normal(size=5)).tolist()}
        fresh = runs_of(again, first_seed=100, tags={"purpose": "confirmation"})
        found = report(runs_of(search) + fresh, shape).comparisons
        hits += any(entry.verdict == "better" and entry.sureness == "confirmed" for entry in found)
    told, low = share(hits, sweeps)
    yield f"{'best of 30, 5 fresh runs':44}{told}", low <= MOST_CLAIMS


def no_baseline(sweeps: int) -> Iterator[tuple[str, bool]]:
    """Nothing is better and no baseline is named: reports in which some set-up is said not to lead."""
    shapes = {
        "10 set-ups, 3 runs each": Shape(10, 3),
        "30 set-ups, 5 runs each": Shape(30, 5),
        "30 set-ups, 2 runs each": Shape(30, 2),
        "30 set-ups, 2 runs, unequal spreads": Shape(30, 2, spread=unequal),
        "30 set-ups, 3 runs, one with 10, unequal": Shape(30, 3, 10, spread=unequal),
    }
    for number, (name, shape) in enumerate(shapes.items()):
        draw = np.random.default_rng([3, number])
        hits = 0
        for _ in range(sweeps):
            found = report(runs_of(draw_results(draw, shape)), shape, baseline=False)
            hits += not all(configuration.leading for configuration in found.configurations)
        told, low = share(hits, sweeps)
        yield f"{name:44}{told}", low <= MOST_CLAIMS


def by_hand(results: dict[str, list[float]]) -> bool:
    """Welch and Holm without this package: is m1 better than m0 at 5 %?"""
    p = {
        name: float(stats.ttest_ind(values, results["m0"], equal_var=False).pvalue)
        for name, values in results.items()
        if name != "m0"
    }
    for step, name in enumerate(sorted(p, key=lambda entry: p[entry])):
        if p[name] * (len(p) - step) >= 0.05:
            return False
        if name == "m1":
            return bool(np.mean(results["m1"]) > np.mean(results["m0"]))
    return False


def planted(sweeps: int) -> Iterator[tuple[str, bool]]:
    """One gain is planted: found by the report, and by Welch and Holm by hand, against its size in SDs."""
    for number, (configurations, repeats) in enumerate(
        ((2, 3), (2, 5), (2, 10), (10, 5), (10, 10), (30, 10))
    ):
        shape, draw = Shape(configurations, repeats), np.random.default_rng([4, number])
        found, hand = [], []
        for gain in GAINS:
            ours = theirs = 0
            for _ in range(max(50, sweeps // 2)):
                results = draw_results(draw, shape, {1: gain})
                ours += verdicts(report(runs_of(results), shape))["m1"] == "better"
                theirs += by_hand(
                    {name: [float(v or 0.0) for v in values] for name, values in results.items()}
                )
            found.append(ours)
            hand.append(theirs)
        of = max(50, sweeps // 2)
        curve = "  ".join(f"{gain:g}: {hits / of:4.0%}" for gain, hits in zip(GAINS, found, strict=True))
        fine = all(ours >= theirs for ours, theirs in zip(found, hand, strict=True))
        yield (
            f"{configurations:3} set-ups, {repeats:2} runs   {curve}   by hand {'the same' if found == hand else hand}",
            fine,
        )


def ranges(sweeps: int) -> Iterator[tuple[str, bool]]:
    """Ranges that hold the truth: of means at 95 %, of differences and ratios at their stated level."""
    for repeats in (3, 5, 10):
        draw, hits, of = np.random.default_rng([5, repeats]), 0, 0
        for _ in range(max(1, sweeps // 50)):
            shape = Shape(1000, repeats, spread=unequal)
            for entry in report(runs_of(draw_results(draw, shape)), shape, baseline=False).configurations:
                hits += entry.interval is not None and entry.interval[0] <= FAIR_LEVEL <= entry.interval[1]
                of += 1
        told = f"{f'means of {repeats} runs':44}{hits / of:6.1%}  of {of:,}"
        yield told, COVERAGE[0] <= hits / of <= COVERAGE[1]
    shapes = {
        "differences, 10 set-ups, 5 runs": Shape(10, 5),
        "differences, 10 set-ups, 5 runs, unequal": Shape(10, 5, spread=unequal),
        "differences of pairs, 10 set-ups, 5 runs": Shape(10, 5, shared=2.0, compare={"paired": True}),
    }
    for number, (name, shape) in enumerate(shapes.items()):
        yield _differences(name, shape, np.random.default_rng([6, number]), sweeps)


def _differences(name: str, shape: Shape, draw: Draw, sweeps: int) -> tuple[str, bool]:
    """Count the ranges that miss; half of the set-ups have true gains of 0 to 3 standard deviations."""
    gains = {number: (number % 4) * 1.0 for number in range(1, shape.configurations)}
    missed, allowed, of = 0, 0.0, 0
    for _ in range(sweeps):
        found = report(runs_of(draw_results(draw, shape, gains)), shape)
        truth = {entry.key: gains.get(int(entry.label[1:]), 0.0) for entry in found.configurations}
        for entry in found.comparisons:
            if entry.interval is None or entry.level is None:
                continue
            missed += not entry.interval[0] <= truth[entry.key] <= entry.interval[1]
            allowed, of = allowed + 1.0 - entry.level, of + 1
    # ranges of one sweep share the baseline's luck: three standard deviations with room for that
    room = 3.0 * math.sqrt(2.0 * allowed)
    told = f"{name:44}{1 - missed / of:6.2%}  of {of:,}; stated {1 - allowed / of:.2%} on average"
    return told, missed <= allowed + room


def luck(sweeps: int) -> Iterator[tuple[str, bool]]:
    """Luck: the best of equals against the luck line, and what the shrunken estimate leaves of its lead."""
    for number, (configurations, repeats) in enumerate(((10, 3), (20, 5), (50, 3), (100, 2))):
        shape, draw = Shape(configurations + 1, repeats), np.random.default_rng([7, number])
        leads, lines, left = [], [], []
        far = 0
        for _ in range(sweeps):
            found = report(runs_of(draw_results(draw, shape)), shape)
            far += bool(found.collapses)
            if found.luck is None:
                continue
            best = found.configuration(found.luck.key)
            leads.append(found.luck.lead)
            lines.append(found.luck.expected)
            left.append((best.shrunken or math.nan) - FAIR_LEVEL)
        gap = abs(float(np.mean(leads)) - float(np.mean(lines)))
        told = (
            f"best of {configurations:3} equals, {repeats} runs: leads by {np.mean(leads):.2f} SD, "
            f"line at {np.mean(lines):.2f}, shrunken {np.nanmean(left):.2f}"
        )
        yield told, gap < 0.02 + 3.0 * float(np.std(leads)) / math.sqrt(len(leads))
        told, low = share(far, sweeps)
        yield f"    healthy runs called far from the others {told}", low <= MOST_CLAIMS
    draw = np.random.default_rng(8)
    for between in (0.5, 1.0, 2.0):
        shape, bias = Shape(51, 3), []
        for _ in range(sweeps):
            gains = {n: float(g) for n, g in enumerate(between * draw.normal(size=50), start=1)}
            found = report(runs_of(draw_results(draw, shape, gains)), shape)
            if found.luck is not None:
                best = found.configuration(found.luck.key)
                bias.append((best.shrunken or math.nan) - FAIR_LEVEL - gains[int(best.label[1:])])
        error = 3.0 * float(np.std(bias)) / math.sqrt(len(bias))
        yield (
            f"best of 50 with true spread {between:g} SD: shrunken off by {np.mean(bias):+.3f} SD",
            abs(float(np.mean(bias))) < 0.05 + error,
        )


if __name__ == "__main__":
    sys.exit(main())
