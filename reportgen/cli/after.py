"""After a run: the report is built by whichever run of a group closes last."""

from __future__ import annotations

from reportgen.cli.screen import ProgressLine, result, say
from reportgen.cli.sources import find_source
from reportgen.errors import ReportgenError


def build_when_last(group: str | None) -> None:
    """Build the report of this folder if no run of the group (of all, without one) is going on.

    A run is closed before it looks, so the one that closes last finds none; two that close at the same
    moment may both build, which gives the same files. What goes wrong is told, and changes no exit code.
    """
    from reportgen import pipeline

    progress = ProgressLine()
    try:
        config = find_source([], None)
        runs = pipeline.load(config, progress=progress.step).runs
        going_on = sum(run.status == "running" and group in (None, run.group) for run in runs)
        if going_on:
            progress.clear()
            say(f"no report yet: {going_on} {'run is' if going_on == 1 else 'runs are'} going on")
            return
        built = pipeline.build(config, progress=progress.step)
    except (ReportgenError, OSError) as error:
        progress.clear()
        say(f"reportgen: error: no report was built: {error}")
        return
    progress.clear()
    say(built.headline)
    for failed in built.outputs.failed:
        say(f"reportgen: error: {failed.format} was not made: {failed.error.message}")
    for made in built.outputs.made:
        result(str(made.path))
