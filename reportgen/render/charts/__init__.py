"""Charts as SVG, drawn by matplotlib in millimetres: the same chart gives the same bytes.

Importing this package loads nothing; the first drawing loads matplotlib, quietly.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.document import Chart, Table
from reportgen.render.charts.fonts import register_fonts
from reportgen.render.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["chart_height", "chart_png", "chart_svg", "draw_chart", "write_chart"]


def chart_svg(
    chart: Chart, theme: Theme, *, width_mm: float, height_mm: float | None = None, hover: bool = False
) -> str:
    """Draw a chart as an ``<svg>`` element without title and subtitle, which the page sets as text.

    Args:
        chart: What to draw.
        theme: Colours, and the family that the page uses for texts.
        width_mm: How wide it will stand; the size of texts is right at this width.
        height_mm: None takes what the kind of chart needs.
        hover: Whether marks tell their values where a pointer rests on them.

    Returns:
        The element; the same bytes for the same arguments.
    """
    register_fonts()
    from reportgen.render.charts import drawing

    return drawing.chart_svg(chart, theme, width_mm, height_mm, hover=hover)


def write_chart(chart: Chart | Table, theme: Theme, target: Path, *, width_mm: float) -> tuple[str, ...]:
    """Write a chart, or a table of shades, with its title and subtitle to a ``.svg`` or ``.png`` file.

    Returns:
        What is wrong with a picture: its letters that no font here has.

    Raises:
        RenderError: The file's name ends in something else.
        OSError: It cannot be written.
    """
    register_fonts()
    from reportgen.render.charts import standalone

    return standalone.chart_file(chart, theme, target, width_mm)


def chart_png(chart: Chart, theme: Theme, *, width_mm: float, pixels: int) -> bytes:
    """Draw a chart as a PNG on opaque paper, without title and subtitle.

    Args:
        chart: What to draw.
        theme: Colours.
        width_mm: The width that the sizes of texts are right at.
        pixels: How wide it is.
    """
    register_fonts()
    from reportgen.render.charts import standalone

    return standalone.chart_png(chart, theme, width_mm, pixels)


def draw_chart(chart: Chart, theme: Theme, *, width_mm: float, height_mm: float | None = None) -> Figure:
    """Draw a chart as a figure: one inch is an inch, one pixel a point."""
    register_fonts()
    from reportgen.render.charts import drawing

    return drawing.draw_chart(chart, theme, width_mm, height_mm)


def chart_height(chart: Chart, *, width_mm: float) -> float:
    """Give the height in millimetres that a chart takes by itself at a width."""
    register_fonts()
    from reportgen.render.charts import drawing

    return drawing.chart_height(chart, width_mm)
