"""``reportgen chart``: one chart of a report alone, for a slide or a text."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from difflib import get_close_matches
from pathlib import Path

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import ProgressLine, result, say
from reportgen.cli.sources import add_source_arguments, find_source
from reportgen.errors import UsageError

_NARROWEST, _WIDEST = 60.0, 600.0


def _add_arguments(parser: ArgumentParser) -> None:
    add_source_arguments(parser)
    parser.add_argument(
        "--name", metavar="CHART", help="which; without it the charts of the report are listed"
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="where to write it, as .svg or .png (default: the chart's name with .svg)",
    )
    parser.add_argument("--width", type=float, default=178.0, metavar="MM", help="its width in millimetres")


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    if not _NARROWEST <= options.width <= _WIDEST:
        raise UsageError(
            f"--width is {options.width:g}", do=f"Give {_NARROWEST:g} to {_WIDEST:g} millimetres."
        )
    if options.name is None and options.to is not None:
        raise UsageError(
            "--to says where, but nothing says which chart", do="Add --name CHART; the list has the names."
        )
    config = find_source(options.addresses, options.config)
    progress = ProgressLine()
    try:
        report = pipeline.report(config, cache=not options.no_cache, progress=progress.step)
    finally:
        progress.clear()
    charts = pipeline.charts(report)
    if options.name is None:
        for name, chart in charts.items():
            result(f"{name}: {chart.title.text}")
        return DONE
    chosen = charts.get(options.name)
    if chosen is None:
        near = get_close_matches(options.name, charts, 1)
        raise UsageError(
            f"the report has no chart {options.name!r}",
            found=f"it has {', '.join(charts) or 'none'}",
            do=f"Did you mean {near[0]}?" if near else "",
        )
    target = options.to or Path(f"{options.name}.svg")
    for text in pipeline.write_chart(chosen, config, target, width_mm=options.width):
        say(f"warning: {text}")
    result(str(target))
    return DONE


CHART = Command("chart", "write one chart of a report alone, as SVG or PNG", _add_arguments, _run)
