"""The weekly sample: the digits project over six weeks, a few new configurations a week."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from samples.digit_models import load_images, rescan
from samples.digit_runs import BASELINE, Plan, make_run, tags_of

FIRST_MONDAY = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
SEEDS_A_WEEK = 5
WEEK_OF_SCANNER_B = 5
"""In this week the images came from another, worse scanner; the week after, the old one was back."""

WEEKS: tuple[tuple[Mapping[str, Any], ...], ...] = (
    ({"model": "forest", "trees": 50, "depth": 6}, {"model": "mlp", "hidden": 16, "learning_rate": 0.01}),
    ({"model": "forest", "trees": 200, "depth": 16}, {"model": "mlp", "hidden": 64, "learning_rate": 0.01}),
    ({"model": "svm", "C": 0.0}, {"model": "knn", "k": 1500}, {"model": "knn", "k": 15}),
    ({"model": "knn", "k": 9}, {"model": "boosting", "learning_rate": 0.3, "depth": 3}),
    ({"model": "svm", "C": 3.0}, {"model": "mlp", "hidden": 128, "learning_rate": 0.01}),
    ({"model": "svm", "C": 1.0}, {"model": "svm", "C": 10.0}),
)
"""New configurations by week. The third week has settings that cannot work."""


def make_weekly(directory: Path) -> None:
    """Make the runs of six weeks in ``<directory>/digits``, dated on six Mondays."""
    scans = {"A": load_images()}
    scans["B"] = rescan(scans["A"])
    for number, candidates in enumerate(WEEKS, start=1):
        monday = FIRST_MONDAY + timedelta(weeks=number - 1)
        year, week, _ = monday.isocalendar()
        scanner = "B" if number == WEEK_OF_SCANNER_B else "A"
        began = time.monotonic()
        for settings in (BASELINE, *candidates):
            for repeat in range(1, SEEDS_A_WEEK + 1):
                plan = Plan(
                    directory,
                    {**settings, "scanner": scanner, "seed": 100 * number + repeat},
                    group=f"{year}-W{week:02d}",
                    started=monday + timedelta(seconds=round(time.monotonic() - began, 3)),
                    tags=tags_of(settings) if scanner == "A" else {},
                )
                make_run(plan, scans[scanner])
