"""A chart becomes a figure, and the figure a piece of SVG."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import assert_never

import matplotlib as mpl
from matplotlib.figure import Figure

from reportgen.document import Chart
from reportgen.render.charts.canvas import Canvas
from reportgen.render.charts.fonts import FAMILY
from reportgen.render.charts.hover import hover_elements
from reportgen.render.charts.lines import draw_lines
from reportgen.render.charts.multiples import draw_multiples, multiples_height
from reportgen.render.charts.rows import draw_rows, rows_height
from reportgen.render.charts.scatter import draw_scatter
from reportgen.render.charts.svg import fragment
from reportgen.render.theme import Theme


def chart_svg(chart: Chart, theme: Theme, width_mm: float, height_mm: float | None, *, hover: bool) -> str:
    """Draw a chart and give it as an element of a page, with what hovers on the screen only."""
    with svg_settings(f"{chart.id}-{width_mm:g}"):
        canvas = drawn(chart, theme, width_mm, height_mm, for_pdf=not hover)
        content = io.StringIO()
        canvas.figure.savefig(
            content,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    svg = fragment(content.getvalue(), f"{chart.id}-{width_mm:g}", chart.alt.text, theme.fonts["body"])
    return svg.removesuffix("</svg>") + hover_elements(canvas) + "</svg>" if hover else svg


def chart_height(chart: Chart, width_mm: float) -> float:
    """Give the height in millimetres that a chart takes by itself at a width."""
    if chart.kind == "multiples":
        return multiples_height(chart, width_mm)
    if chart.kind in {"dot_interval", "dumbbell", "bars"}:
        return rows_height(chart)
    return _plot_height(width_mm)


def draw_chart(chart: Chart, theme: Theme, width_mm: float, height_mm: float | None) -> Figure:
    """Draw a chart as a figure: one inch is an inch, one pixel a point."""
    with svg_settings(chart.id):
        return drawn(chart, theme, width_mm, height_mm).figure


def drawn(
    chart: Chart, theme: Theme, width_mm: float, height_mm: float | None, *, for_pdf: bool = False
) -> Canvas:
    """Draw a chart on a canvas of its own; to be called within `svg_settings`."""
    canvas = Canvas(width_mm, height_mm or chart_height(chart, width_mm), theme, for_pdf=for_pdf)
    match chart.kind:
        case "dot_interval" | "dumbbell" | "bars":
            draw_rows(canvas, chart)
        case "multiples":
            draw_multiples(canvas, chart)
        case "lines":
            draw_lines(canvas, chart)
        case "scatter":
            draw_scatter(canvas, chart)
        case _:
            assert_never(chart.kind)
    return canvas


def _plot_height(width_mm: float) -> float:
    return min(max(width_mm * 0.5, 46.0), 68.0)


@contextmanager
def svg_settings(salt: str) -> Iterator[None]:
    """Draw by our own settings, whatever the user's matplotlibrc says, and leave theirs as they were."""
    with mpl.rc_context(), warnings.catch_warnings(), _quiet_about_weights():
        # a glyph that the bundled font lacks is set by the reader's program in a font that has it
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": salt,
                "font.family": [FAMILY],
                "path.simplify": False,
            }
        )
        yield


@contextmanager
def _quiet_about_weights() -> Iterator[None]:
    """Keep it quiet that a font of the system has not the very weight of ours: the nearest does."""
    logger = logging.getLogger("matplotlib.font_manager")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
