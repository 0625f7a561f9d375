"""Make the issues of a sample as a scheduler would have made them, week by week, into an archive.

Usage: ``python samples/make_issues.py weekly OUT [--format pdf,json]``

Each issue is made on the Monday after its week, at 8:00 UTC, from the runs that began before the week was over, and says
what changed since the issue before. Nothing is sent.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from reportgen import pipeline  # noqa: E402 - from this tree, wherever it is called from
from reportgen.config import Config, read_config  # noqa: E402
from reportgen.config.settings import FORMATS  # noqa: E402
from reportgen.deliver.archive import plan_issue, read_numbers, write_issue  # noqa: E402
from reportgen.issues import Issue, Period  # noqa: E402

WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=8)
"""After midnight, when an issue is made."""
SAMPLES = ("weekly",)


def main() -> None:
    """Read the arguments and make the issues."""
    parser = argparse.ArgumentParser(description="Make the issues of a sample, week by week.")
    parser.add_argument("sample", metavar="SAMPLE", choices=SAMPLES, help=f"one of {', '.join(SAMPLES)}")
    parser.add_argument("out", metavar="OUT", type=Path, help="the archive that they go to")
    parser.add_argument("--format", default=",".join(FORMATS), help="which outputs, joined by commas")
    arguments = parser.parse_args()
    formats = tuple(arguments.format.split(","))
    for issue in make_issues(ROOT / "samples" / arguments.sample, arguments.out, formats):
        print(f"issue {issue.number}: {issue.folder}", file=sys.stderr)


def make_issues(sample: Path, archive: Path, formats: Sequence[str] = FORMATS) -> Iterator[Issue]:
    """Make one issue after the other, each compared with the one before."""
    config = read_config(sample / "reportgen.toml")
    config = replace(config, outputs=replace(config.outputs, formats=tuple(formats)))
    since: Mapping[str, Any] | None = None
    for period in weeks_of(config):
        plan = plan_issue(archive, period)
        with TemporaryDirectory(prefix="reportgen-") as folder:
            os.environ["SOURCE_DATE_EPOCH"] = str(made_at(period))
            built = pipeline.build_issue(config, plan.edition, Path(folder), since=since)
            if built.outputs.failed:
                raise built.outputs.failed[0].error
            issue = write_issue(plan, built.report.numbers, [made.path for made in built.outputs.made])
        since = read_numbers(issue)
        yield issue


def made_at(period: Period) -> int:
    """Give the time at which an issue is made, in seconds since 1970."""
    end = period.end or datetime.now(UTC)
    return int((end + HOUR).timestamp())


def weeks_of(config: Config) -> Iterator[Period]:
    """Give the ISO weeks from the first run's to the last run's."""
    starts = [run.started for run in pipeline.load(config, cache=False).runs if run.started is not None]
    day = min(starts).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    while monday <= max(starts):
        year, week, _ = monday.isocalendar()
        yield Period(f"{year}-W{week:02d}", "weekly", monday, monday + WEEK)
        monday += WEEK


if __name__ == "__main__":
    main()
