"""A sheet in millimetres to draw on: texts and rules by our own measure, marks in matplotlib's axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from matplotlib.typing import ColorType, LineStyleType

from reportgen.document import Tone
from reportgen.render.charts.fonts import (
    FAMILY,
    OUTLINES,
    PT_MM,
    WEIGHTS,
    Weight,
    clean,
    in_order,
    is_bundled,
    runs_right_to_left,
    text_width,
)
from reportgen.render.charts.scale import TICK_PT, Scale
from reportgen.render.colors import mixed, tone_color
from reportgen.render.theme import Theme

LABEL_PT = 8.5
MARKERS: dict[Tone, tuple[str, float]] = {
    "neutral": ("o", 5.2),
    "focus": ("o", 7.2),
    "baseline": ("D", 5.4),
    "good": ("^", 6.4),
    "bad": ("v", 6.4),
    "caution": ("s", 5.4),
}
"""Marker and its size in points: tones differ by form too, for print in black and white."""
DASHES: dict[Tone, LineStyleType] = {
    "neutral": "-",
    "focus": "-",
    "baseline": (0, (4, 1.6)),
    "good": (0, (6, 1.6)),
    "bad": (0, (1.2, 1.4)),
    "caution": (0, (3, 1.4, 1, 1.4)),
}
Side = Literal["left", "center", "right"]
_RULES, _GAPS, _PLOTS, _SHAPES, _LINES, _MARKS, _TEXTS = 1.0, 1.5, 3.0, 5.0, 5.2, 5.3, 5.4
"""What is drawn over what, from the lowest."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres from the lower left corner of the sheet."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def meets(self, other: Box) -> bool:
        """Tell whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


@dataclass(frozen=True, slots=True)
class Look:
    """How a text looks; its colour None is that of ink."""

    color: str | None = None
    weight: Weight = "normal"
    size: float = LABEL_PT


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in millimetres from the lower left corner, and the text that tells what is there."""

    x: float
    y: float
    text: str


class Canvas:
    """A figure whose texts, rules and shapes are placed in millimetres from its lower left corner.

    They are put into the figure itself: axes, which make ticks and frames, take most of a chart's time.
    """

    def __init__(self, width_mm: float, height_mm: float, theme: Theme, *, for_pdf: bool = False) -> None:
        """Make an empty, transparent sheet; one *for_pdf* is set in the bundled font for sure."""
        self.width, self.height, self.theme = width_mm, height_mm, theme
        self._is_measured = for_pdf and theme.fonts["body"] == FAMILY
        self.figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=72)
        self.figure.patch.set_visible(False)
        self._inches = Affine2D().scale(1 / 25.4)
        self._placed = self._inches + self.figure.dpi_scale_trans
        self._lines: dict[tuple[object, ...], tuple[Line2D, list[float], list[float]]] = {}
        self.spots: list[Spot] = []
        """What is told where a pointer rests, on a page."""

    def enlarge(self, width_mm: float, height_mm: float, edge_mm: float) -> None:
        """Make the sheet larger; what is on it moves so far to the right and up."""
        for axes in self.figure.axes:
            box = axes.get_position()
            axes.set_position(
                (
                    (box.x0 * self.width + edge_mm) / width_mm,
                    (box.y0 * self.height + edge_mm) / height_mm,
                    box.width * self.width / width_mm,
                    box.height * self.height / height_mm,
                )
            )
        self._inches.translate(edge_mm / 25.4, edge_mm / 25.4)
        self.figure.set_size_inches(width_mm / 25.4, height_mm / 25.4)

    def color(self, tone: Tone) -> str:
        """Give the colour of marks of a tone."""
        return self.theme.tone(tone)

    def ink(self, tone: Tone) -> str:
        """Give the colour of words of a tone: the grey of other marks is too pale to read."""
        return self.theme.colors[tone_color(tone)]

    def pale(self, tone: Tone) -> str:
        """Give a paler version of a tone's colour, for intervals behind dots."""
        return mixed(self.theme.colors["paper"], self.theme.tone(tone), 0.55)

    def text(self, x: float, y: float, text: str, side: Side = "left", look: Look | None = None) -> None:
        """Write one line whose figures are centred on height *y*; *side* of it lies at *x*."""
        size, weight, color = (look.size, look.weight, look.color) if look else (LABEL_PT, "normal", None)
        text = clean(text)
        ink = color or self.theme.colors["ink"]
        baseline = y - 0.33 * size * PT_MM
        if runs_right_to_left(text):
            self._outlines((x, baseline), text, side, size, ink)
            return
        if self._is_measured and side != "left" and all(map(is_bundled, text)):
            # the PDF's engine would make a picture of its own of each text that does not begin at its place
            x -= text_width(text, size, weight) * (0.5 if side == "center" else 1.0)
            side = "left"
        written = Text(
            x,
            baseline,
            text,
            horizontalalignment=side,
            verticalalignment="baseline",
            fontsize=size,
            fontweight=WEIGHTS[weight],
            color=ink,
            fontfamily=FAMILY,
            parse_math=False,
        )
        self._put(written, _TEXTS)

    def _outlines(self, place: tuple[float, float], text: str, side: Side, size: float, color: str) -> None:
        """Draw a text as shapes: the PDF's renderer sets the letters of a chart one by one from the left."""
        shapes = TextPath(
            (0, 0), in_order(text), size=size, prop=FontProperties(family=[FAMILY, OUTLINES]), usetex=False
        )
        width = shapes.get_extents().x1 * PT_MM
        start = place[0] - {"left": 0.0, "center": width / 2, "right": width}[side]
        moved = shapes.transformed(Affine2D().scale(PT_MM).translate(start, place[1]))
        self._put(PathPatch(moved, facecolor=color, linewidth=0), _TEXTS)

    def small(self, x: float, y: float, text: str, side: Side = "left") -> None:
        """Write small print: ticks and titles of axes."""
        self.text(x, y, text, side, Look(self.theme.colors["secondary"], size=TICK_PT))

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        color: ColorType | None = None,
        width: float = 0.5,
        style: LineStyleType = "-",
        above: bool = False,
    ) -> None:
        """Draw a straight line between two places, behind the marks unless *above* them."""
        look: dict[str, Any] = {
            "color": color or self.theme.colors["hairline"],
            "linewidth": width,
            "linestyle": style,
            "solid_capstyle": "butt",
            "dash_capstyle": "butt",
        }
        self._line(start, end, look, _LINES if above else _RULES)

    def stroke(self, start: float, end: float, y: float, color: str) -> None:
        """Draw a range: a thick level line with round ends."""
        self._line(
            (start, y), (end, y), {"color": color, "linewidth": 3.6, "solid_capstyle": "round"}, _LINES
        )

    def mark(self, x: float, y: float, tone: Tone) -> None:
        """Draw the mark of a tone."""
        form, size = MARKERS[tone]
        look: dict[str, Any] = {"color": self.color(tone), "linestyle": "none", "markeredgewidth": 0}
        self._put(Line2D([x], [y], marker=form, markersize=size, **look), _MARKS)

    def bar(self, start: float, end: float, y: float, *, height: float, color: str) -> None:
        """Draw a level bar, *height* of it centred on *y*."""
        shape = Rectangle((start, y - height / 2), end - start, height, facecolor=color, edgecolor="none")
        self._put(shape, _SHAPES)

    def clear(self, box: Box) -> None:
        """Interrupt the rules behind a label."""
        shape = Rectangle(
            (box.left, box.bottom),
            box.width,
            box.height,
            facecolor=self.theme.colors["paper"],
            linewidth=0,
        )
        self._put(shape, _GAPS)

    def plot(self, box: Box, x: Scale | None, y: Scale | None) -> Axes:
        """Give axes over *box* for marks in data units; without a scale they run in millimetres."""
        axes = self.figure.add_axes(
            (
                box.left / self.width,
                box.bottom / self.height,
                box.width / self.width,
                box.height / self.height,
            )
        )
        for scale, limit, kind, ends in (
            (x, axes.set_xlim, axes.set_xscale, (box.left, box.right)),
            (y, axes.set_ylim, axes.set_yscale, (box.bottom, box.top)),
        ):
            if scale is not None and scale.log:
                kind("log")
            limit(*((scale.low, scale.high) if scale is not None else ends))
        axes.set_axis_off()
        axes.set_zorder(_PLOTS)
        return axes

    def dots(self, axes: Axes, places: list[tuple[float, float]], color: str, size_pt: float) -> None:
        """Draw many dots as one path: a marker each would cost the PDF most of its time."""
        vertices = [place for place in places for _ in (0, 1)]
        codes = [Path.MOVETO, Path.LINETO] * len(places)
        axes.add_patch(
            PathPatch(
                Path(vertices, codes),
                linewidth=size_pt,
                capstyle="round",
                edgecolor=color,
                facecolor="none",
                clip_on=False,
            )
        )

    def _line(
        self, start: tuple[float, float], end: tuple[float, float], look: dict[str, Any], order: float
    ) -> None:
        """Draw a line; all of one look are one path: the PDF's engine takes its time for each."""
        key = (order, *look.items())
        if key not in self._lines:
            self._lines[key] = (Line2D([], [], **look), [], [])
            self._put(self._lines[key][0], order)
        line, xs, ys = self._lines[key]
        gap = [math.nan] if xs else []
        xs += [*gap, start[0], end[0]]
        ys += [*gap, start[1], end[1]]
        line.set_data(xs, ys)

    def _put(self, artist: Artist, order: float) -> None:
        artist.set_transform(self._placed)
        artist.set_clip_on(False)
        artist.set_zorder(order)
        self.figure.add_artist(artist)
