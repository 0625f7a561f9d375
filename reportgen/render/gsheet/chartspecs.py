"""Native charts in the words of the interface: titles, axes and series that read ranges of cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from reportgen.document import Axis, Chart, excel_factor
from reportgen.language import tr
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area
from reportgen.render.gsheet.looks import color_style
from reportgen.render.gsheet.values import one_line

Kind = Literal["LINE", "SCATTER", "BAR"]
Dash = Literal["SOLID", "MEDIUM_DASHED", "DOTTED", "INVISIBLE"]

_DAY: Final = 86_400.0
_DAYS_TO_EPOCH: Final = 25_569
"""From where the sheet counts days to 1970-01-01."""
MAX_ALT: Final = 250
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS: Final = 5
_LARGEST: Final = 1e300


@dataclass(frozen=True, slots=True)
class Drawn:
    """One series: which column it reads and how it is drawn."""

    column: int
    color: str
    width: int = 0
    """Pixels of its line; 0 draws none."""
    dash: Dash = "SOLID"
    dot: int = 0
    """Pixels of its marks; 0 draws none."""
    shape: str = "CIRCLE"
    labels: int | None = None
    """Column with the names that stand beside the marks."""
    tones: Mapping[int, str] | None = None
    """Colours of single marks, by their place."""


@dataclass(frozen=True, slots=True)
class Block:
    """The cells that one chart reads: a row of headings above the values."""

    sheet_id: int
    top: int
    bottom: int

    def column(self, column: int) -> dict[str, Any]:
        """Give one column as a chart reads it."""
        area = Area(self.top, column, self.bottom, column + 1)
        return {"sourceRange": {"sources": [area.grid(self.sheet_id)]}}


def on_axis(value: float, axis: Axis, *, log: bool = False) -> float:
    """Give the number that a cell holds for a value of an axis: days, points times 100, or a power of ten."""
    if log:
        return math.log10(value)
    if axis.dates:
        return value / _DAY + _DAYS_TO_EPOCH
    return value * excel_factor(axis.format)


def takes_log(axis: Axis, values: Iterable[float]) -> bool:
    """Tell whether an axis is drawn in powers of ten: the interface knows no such scale, so we work them out."""
    return axis.log and all(value > 0 for value in values)


def axis_title(axis: Axis, *, log: bool = False) -> str:
    """Name an axis with its unit."""
    unit = "" if axis.dates else one_line(axis.format.heading_unit)
    name = one_line(axis.label)
    name = f"{name} ({unit})" if unit and name else name
    # no digit of ours stands in the title: each number is one that the axis shows
    return tr("{axis}, in powers of ten", axis=name) if log else name


def ends(values: Sequence[float], *, percent: bool = False) -> dict[str, Any]:
    """Find limits at round numbers around the values."""
    found = [value for value in values if abs(value) < _LARGEST]
    if not found:
        return {}
    low, high = min(found), max(found)
    pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    step = _step((high - low + 2 * pad) / _TICKS)
    least, most = math.floor((low - pad) / step) * step, math.ceil((high + pad) / step) * step
    if low >= 0 > least:
        least = 0.0
    if percent and high <= 1 < most:
        most = 1.0
    return {"viewWindowMin": least, "viewWindowMax": most, "viewWindowMode": "EXPLICIT"}


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.999)


def chart_spec(
    book: Book,
    chart: Chart,
    kind: Kind,
    block: Block,
    series: Sequence[Drawn],
    axes: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Put a chart together."""
    basic = {
        "chartType": kind,
        "headerCount": 1,
        "legendPosition": "BOTTOM_LEGEND" if len(series) > 1 else "NO_LEGEND",
        "domains": [{"domain": block.column(0)}],
        "series": [_series(book, kind, block, one) for one in series],
        "axis": [_axis(book, axis) for axis in axes],
        "interpolateNulls": False,
    }
    return frame(book, one_line(chart.title.text), one_line(chart.alt.text), basic)


def frame(book: Book, title: str, alt: str, basic: Mapping[str, Any]) -> dict[str, Any]:
    """Give a chart its title, its words for people who cannot see it, and its look."""
    text = {"fontFamily": book.font, "foregroundColorStyle": color_style("ink", book.theme)}
    return {
        "title": title,
        "altText": alt[:MAX_ALT],
        "fontName": book.font,
        "titleTextFormat": {**text, "fontSize": 13, "bold": True},
        "backgroundColorStyle": color_style("paper", book.theme),
        "hiddenDimensionStrategy": "SHOW_ALL",  # the rows that it reads are hidden
        "basicChart": dict(basic),
    }


def _axis(book: Book, axis: Mapping[str, Any]) -> dict[str, Any]:
    made = {"position": axis["position"], "title": axis["title"]}
    if axis.get("window"):
        made["viewWindowOptions"] = axis["window"]
    if axis.get("value"):
        made["format"] = {
            "fontFamily": book.font,
            "fontSize": 10,
            "foregroundColorStyle": color_style("secondary", book.theme),
        }
    return made


def _series(book: Book, kind: Kind, block: Block, drawn: Drawn) -> dict[str, Any]:
    made: dict[str, Any] = {
        "series": block.column(drawn.column),
        "targetAxis": "BOTTOM_AXIS" if kind == "BAR" else "LEFT_AXIS",
        "colorStyle": color_style(drawn.color, book.theme),
    }
    if kind != "BAR":
        dash = drawn.dash if drawn.width else "INVISIBLE"
        made["lineStyle"] = {"type": dash, "width": max(drawn.width, 1)}
        if drawn.dot:
            made["pointStyle"] = {"shape": drawn.shape, "size": float(drawn.dot)}
    if drawn.labels is not None:
        small = {
            "fontFamily": book.font,
            "fontSize": 9,
            "foregroundColorStyle": color_style("ink", book.theme),
        }
        made["dataLabel"] = {
            "type": "CUSTOM",
            "customLabelData": block.column(drawn.labels),
            "placement": "RIGHT",
            "textFormat": small,
        }
    if drawn.tones:
        made["styleOverrides"] = [
            {"index": place, "colorStyle": color_style(color, book.theme)}
            for place, color in drawn.tones.items()
        ]
    return made
