"""Does the report claim that a setting mattered where none did, and how long does the answer take?

Prints the share of sweeps of pure noise in which a setting is named (with its 95 % Wilson interval), for
random searches and for full grids, the share of planted effects that are named rightly, and CPU seconds
for the largest sweep that is looked at in full. Everything is seeded. Exits 1 where noise is named in
more than 1 % of sweeps, or a planted one wrongly in more than 5 %.

    python benchmarks/importance/run.py [--sweeps 1000]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import sklearn  # noqa: F401 - forests then grow in this process, where they are timed and no start is paid

sys.path.insert(0, str(Path(__file__).parents[2]))

from reportgen.analyse.importance import what_mattered
from reportgen.findings import Importance

SEED = 7
GRIDS = ((4, 5), (5, 10), (3, 4, 3), (2, 2, 5, 2), (3, 3, 3, 3))
SIZES = (20, 30, 50, 100)
MOST_NAMED, MOST_WRONG = 0.01, 0.05
Sweep = Mapping[str, list[tuple[str, float]]]


def columns(settings: np.ndarray) -> Sweep:
    return {f"x{i}": [("number", float(value)) for value in column] for i, column in enumerate(settings.T)}


def judge(settings: np.ndarray, results: np.ndarray) -> Importance:
    values = columns(settings)
    return what_mattered(list(values), values, results, np.ones(len(results), dtype=bool))


def random_search(draw: np.random.Generator, number: int) -> np.ndarray:
    count = SIZES[number % len(SIZES)]
    settings = int(draw.integers(2, count // 10 + 1)) if count > 20 else 2
    return draw.random((count, settings))


def full_grid(draw: np.random.Generator, number: int) -> np.ndarray:
    del draw
    return np.array(list(np.ndindex(*GRIDS[number % len(GRIDS)])), dtype=float)


def noise(draw: np.random.Generator, number: int, count: int) -> np.ndarray:
    """Normal, heavy-tailed or skewed noise, in turn."""
    kinds = (draw.standard_normal, lambda n: draw.standard_t(3, n), lambda n: draw.exponential(size=n))
    return np.asarray(kinds[number % 3](count))


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share. Source: Wilson 1927."""
    share, z2 = hits / trials, 1.96**2
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = np.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def named_in_noise(make: Callable[[np.random.Generator, int], np.ndarray], sweeps: int) -> int:
    draw, named = np.random.default_rng(SEED), 0
    for number in range(sweeps):
        settings = make(draw, number)
        named += judge(settings, noise(draw, number, len(settings))).stated
    return named


def planted(make: Callable[[np.random.Generator, int], np.ndarray], sweeps: int) -> tuple[int, int]:
    """Count sweeps in which the planted setting is named, and those in which another one is."""
    draw, right, wrong = np.random.default_rng(SEED + 1), 0, 0
    for number in range(sweeps):
        settings = make(draw, number)
        scaled = settings / settings.max(axis=0)
        found = judge(settings, 3.0 * scaled[:, 0] + scaled[:, 1] + 0.3 * draw.standard_normal(len(settings)))
        right += found.stated and found.parameters[0].name == "x0"
        wrong += found.stated and found.parameters[0].name != "x0"
    return right, wrong


def cpu_of_the_largest() -> float:
    draw = np.random.default_rng(SEED)
    settings = draw.random((2000, 20))
    before = time.process_time()
    judge(settings, 3.0 * settings[:, 0] + settings[:, 1] + 0.3 * draw.standard_normal(2000))
    return time.process_time() - before


def main() -> int:
    """Run all parts, print their figures, and tell whether they are within the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=100, help="sweeps of each kind")
    sweeps = parser.parse_args().sweeps
    failed = False
    for name, make in (("random search", random_search), ("full grid", full_grid)):
        named = named_in_noise(make, sweeps)
        low, high = wilson(named, sweeps)
        print(f"{name}, pure noise: a setting named in {named} of {sweeps} ({low:.1%} to {high:.1%})")
        right, wrong = planted(make, sweeps // 10)
        print(f"{name}, planted: named rightly in {right} of {sweeps // 10}, wrongly in {wrong}")
        failed |= named > MOST_NAMED * sweeps or wrong > MOST_WRONG * (sweeps // 10)
    print(f"2,000 set-ups, 20 settings: {cpu_of_the_largest():.1f} s CPU")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
