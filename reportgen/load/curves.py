"""Curves, read from the run folders only when they are asked for, and thinned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import AddressError, UnknownRunError
from reportgen.load.interface import RunFolder, RunSource, Series
from reportgen.load.reduce import Integers, Numbers
from reportgen.runs import Curve

LEAST_POINTS = 5
"""First, last, lowest, highest and one that is not finite."""


class FolderCurves:
    """Reads curves from the places that the runs were read from.

    Args:
        places: Source and folder of each run, by run id.
    """

    def __init__(self, places: Mapping[str, tuple[RunSource, RunFolder]]) -> None:
        """Remember where the runs are; nothing is read yet."""
        self._places = places

    def read(
        self, run_ids: Sequence[str], metrics: Sequence[str], *, max_points: int = 400
    ) -> tuple[Curve, ...]:
        """Read curves, by run and then metric as asked for; a run without the metric gives none.

        Raises:
            UnknownRunError: A run id is not among those read.
            AddressError: A run's files have gone since they were read.
        """
        wanted = tuple(dict.fromkeys(metrics))
        return tuple(curve for run_id in run_ids for curve in self._of_run(run_id, wanted, max_points))

    def _of_run(self, run_id: str, metrics: tuple[str, ...], max_points: int) -> list[Curve]:
        if run_id not in self._places:
            raise UnknownRunError(
                f"there is no run {run_id!r}",
                found=f"{len(self._places)} runs were read",
                do="Run reportgen ls to see their ids.",
            )
        source, folder = self._places[run_id]
        try:
            series = source.series(folder, metrics)
        except OSError as error:
            raise AddressError(
                f"the run's files can no longer be read ({error.strerror or error})",
                where=folder.address,
                do="Build the report again.",
            ) from error
        return [_curve(run_id, metric, series[metric], max_points) for metric in metrics if metric in series]


def _curve(run_id: str, metric: str, series: Series, max_points: int) -> Curve:
    """Make a curve: the latest value of each step, in order of steps, thinned."""
    kept = latest_by_step(series.steps)
    times, steps, values = series.times[kept], series.steps[kept], series.values[kept]
    chosen = thin(values, max_points)
    return Curve(
        run_id,
        metric,
        tuple(steps[chosen].tolist()),
        tuple(values[chosen].tolist()),
        tuple(times[chosen].tolist()),
        len(kept),
    )


def latest_by_step(steps: Numbers) -> Integers:
    """Give the places of the latest point of each step, by step; by time if some have no step.

    Shape:
        steps: (points,), in order of time, NaN where not logged; result: (points kept,).
    """
    unknown = np.isnan(steps)
    places = np.arange(len(steps))
    if not unknown.any() and (np.diff(steps) > 0).all():
        return places
    known = places[~unknown]
    _, last = np.unique(steps[known][::-1], return_index=True)
    kept = known[len(known) - 1 - last]
    return np.sort(np.concatenate([kept, places[unknown]])) if unknown.any() else kept


def thin(values: Numbers, most: int) -> Integers:
    """Choose at most so many points that the curve keeps its shape.

    Kept are the first and the last point, and of each of equally long stretches the lowest, the
    highest, and the first that is not finite (NaN marks where a run broke down).

    Shape:
        values: (points,); result: (points kept,), rising.

    Source:
        Min-max aggregation per pixel column: Jugel et al. 2014, "M4", VLDB 7(10).
    """
    most = max(most, LEAST_POINTS)
    count = len(values)
    if count <= most:
        return np.arange(count)
    finite = np.isfinite(values)
    each = 2 if finite.all() else 3
    stretches = (most - 2) // each
    edges = np.linspace(1, count - 1, stretches + 1).astype(np.int64)
    starts = edges[:-1]
    low, high = np.where(finite, values, np.inf), np.where(finite, values, -np.inf)
    chosen = [np.array([0, count - 1])]
    for part, pick in ((low, np.minimum), (high, np.maximum)):
        inner = part[1 : count - 1]
        best = np.repeat(pick.reduceat(inner, starts - 1), np.diff(edges))
        chosen.append(_first_of_each(finite[1 : count - 1] & (inner == best), starts - 1))
    if each == 3:
        chosen.append(_first_of_each(~finite[1 : count - 1], starts - 1))
    chosen[1:] = [places + 1 for places in chosen[1:]]
    return np.unique(np.concatenate(chosen))


def _first_of_each(mask: NDArray[np.bool_], starts: Integers) -> Integers:
    """Give the first true place of each stretch that has one."""
    hits = np.flatnonzero(mask)
    owner = np.searchsorted(starts, hits, side="right")
    _, first = np.unique(owner, return_index=True)
    return hits[first]
