"""A chart alone: with its title and subtitle, as a file for a slide or a text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reportgen.document import Chart, Sentence, Table
from reportgen.errors import RenderError
from reportgen.language import spoken
from reportgen.render.charts.canvas import Canvas, Look, Side
from reportgen.render.charts.drawing import drawn, svg_settings
from reportgen.render.charts.fonts import PT_MM, wrapped
from reportgen.render.charts.heat import heat_alt, heat_canvas
from reportgen.render.charts.pictures import readable, set_fonts
from reportgen.render.charts.svg import fragment
from reportgen.render.glyphs import font_warnings
from reportgen.render.theme import Theme

TITLE_PT: Final = 12.0
NOTE_PT: Final = 9.0
DOTS_PER_INCH: Final = 200
_EDGE: Final = 4.0
"""Millimetres of paper around the drawing."""
SUFFIXES: Final = (".svg", ".png")


def chart_file(chart: Chart | Table, theme: Theme, target: Path, width_mm: float) -> tuple[str, ...]:
    """Write a chart, or a table of shades, to a ``.svg`` or ``.png`` file; the same chart gives the same bytes.

    Returns:
        What is wrong with a picture: its letters that no font here has.

    Raises:
        RenderError: The file's name ends in something else.
        OSError: It cannot be written.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise RenderError(
            f"a chart is written as .svg or .png, not as {target.suffix or 'a file without an ending'}",
            where=str(target),
            do="Let the name of the file end in .svg or .png.",
        )
    is_picture = target.suffix.lower() == ".png"
    families: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    if is_picture:
        chart, families, missing = readable(chart)
    with svg_settings(chart.id):
        if isinstance(chart, Table):
            canvas, alt, below = heat_canvas(chart, theme, width_mm - 2 * _EDGE), heat_alt(chart), chart.note
        else:
            canvas = drawn(chart, theme, width_mm - 2 * _EDGE, None)
            alt, below = chart.alt.text, chart.subtitle
        _frame(canvas, width_mm, _title_lines(chart.title, below, width_mm))
        if is_picture:
            set_fonts(canvas.figure, families)
            canvas.figure.savefig(target, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
            return font_warnings(missing)
        content = io.StringIO()
        bare = {"Date": None, "Creator": None, "Format": None, "Type": None}
        canvas.figure.savefig(content, format="svg", metadata=bare)
    body = fragment(content.getvalue(), chart.id, alt, theme.fonts["body"])
    target.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', "utf-8", newline="\n")
    return ()


def chart_png(chart: Chart, theme: Theme, width_mm: float, pixels: int) -> bytes:
    """Draw a chart without title and subtitle on opaque paper, so many pixels wide; the same chart gives the same bytes."""
    shown, families, _ = readable(chart)
    with svg_settings(chart.id):
        canvas = drawn(shown, theme, width_mm - 2 * _EDGE, None)
        _frame(canvas, width_mm, ())
        set_fonts(canvas.figure, families)
        content = io.BytesIO()
        # half a pixel more: the width is rounded down
        dots = (pixels + 0.5) / (width_mm / 25.4)
        canvas.figure.savefig(content, format="png", dpi=dots, metadata={"Software": None})
    return content.getvalue()


def _title_lines(
    title: Sentence, below: Sentence | None, width_mm: float
) -> tuple[tuple[str, float, bool], ...]:
    """Give title and subtitle in lines: the text, its size, and whether it is bold."""
    inner = width_mm - 2 * _EDGE
    return (
        *((text, TITLE_PT, True) for text in wrapped(title.text, inner, TITLE_PT, bold=True)),
        *(
            (text, NOTE_PT, False)
            for text in wrapped(below.text if below else "", inner, NOTE_PT, bold=False)
        ),
    )


def _frame(canvas: Canvas, width_mm: float, lines: Sequence[tuple[str, float, bool]]) -> None:
    """Make the sheet larger all around, and write *lines* into the room above."""
    head = sum(size * PT_MM * 1.35 for _, size, _ in lines) + (2.0 if lines else 0.0)
    height = canvas.height + head + 2 * _EDGE
    canvas.enlarge(width_mm, height, _EDGE)
    canvas.figure.patch.set_visible(True)
    canvas.figure.patch.set_facecolor(canvas.theme.colors["paper"])
    top = canvas.height + head
    secondary = canvas.theme.colors["secondary"]
    turned = spoken().direction == "rtl"
    for text, size, bold in lines:
        top -= size * PT_MM * 1.35
        look = Look(None, "bold", size) if bold else Look(secondary, "normal", size)
        start: tuple[float, Side] = (canvas.width, "right") if turned else (0.0, "left")
        canvas.text(start[0], top + size * PT_MM * 0.5, text, start[1], look)
