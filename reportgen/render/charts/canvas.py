"""A sheet in millimetres to draw on: texts and rules by our own measure, marks in matplotlib's axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from matplotlib.typing import ColorType, LineStyleType

from reportgen.document import Tone
from reportgen.render.charts.fonts import FAMILY, OUTLINES, PT_MM, WEIGHTS, Weight, clean, runs_right_to_left
from reportgen.render.charts.scale import TICK_PT, Scale
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
    """A figure with one pair of axes over all of it, whose units are millimetres."""

    def __init__(self, width_mm: float, height_mm: float, theme: Theme) -> None:
        """Make an empty, transparent sheet."""
        self.width, self.height, self.theme = width_mm, height_mm, theme
        self.figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=72)
        self.figure.patch.set_visible(False)
        self.paper: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.paper.set_xlim(0, width_mm)
        self.paper.set_ylim(0, height_mm)
        self.paper.set_axis_off()
        self.paper.set_zorder(5)
        self.spots: list[Spot] = []
        """What is told where a pointer rests, on a page."""

    def color(self, tone: Tone) -> str:
        """Give the colour of marks of a tone."""
        return self.theme.tone(tone)

    def ink(self, tone: Tone) -> str:
        """Give the colour of words of a tone: the grey of other marks is too pale to read."""
        return self.theme.colors["ink"] if tone in {"neutral", "baseline"} else self.theme.tone(tone)

    def pale(self, tone: Tone) -> str:
        """Give a paler version of a tone's colour, for intervals behind dots."""
        mark, paper = self.theme.tone(tone), self.theme.colors["paper"]
        share = 0.55
        mixed = (
            round(int(mark[i : i + 2], 16) * (1 - share) + int(paper[i : i + 2], 16) * share)
            for i in (1, 3, 5)
        )
        return "#" + "".join(f"{part:02x}" for part in mixed)

    def text(self, x: float, y: float, text: str, side: Side = "left", look: Look | None = None) -> None:
        """Write one line whose figures are centred on height *y*; *side* of it lies at *x*."""
        size, weight, color = (look.size, look.weight, look.color) if look else (LABEL_PT, "normal", None)
        text = clean(text)
        ink = color or self.theme.colors["ink"]
        baseline = y - 0.33 * size * PT_MM
        if runs_right_to_left(text):
            self._outlines((x, baseline), text, side, size, ink)
            return
        self.paper.text(
            x,
            baseline,
            text,
            ha=side,
            va="baseline",
            size=size,
            weight=WEIGHTS[weight],
            color=ink,
            family=FAMILY,
            parse_math=False,
        )

    def _outlines(self, place: tuple[float, float], text: str, side: Side, size: float, color: str) -> None:
        """Draw a text as shapes: the PDF's renderer sets the letters of a chart one by one from the left."""
        shapes = TextPath(
            (0, 0), text, size=size, prop=FontProperties(family=[FAMILY, OUTLINES]), usetex=False
        )
        width = shapes.get_extents().x1 * PT_MM
        start = place[0] - {"left": 0.0, "center": width / 2, "right": width}[side]
        moved = shapes.transformed(Affine2D().scale(PT_MM).translate(start, place[1]))
        self.paper.add_patch(PathPatch(moved, facecolor=color, linewidth=0, clip_on=False))

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
        axes = self.paper if above else self._ground()
        axes.plot(
            [start[0], end[0]],
            [start[1], end[1]],
            color=color or self.theme.colors["hairline"],
            linewidth=width,
            linestyle=style,
            solid_capstyle="butt",
            dash_capstyle="butt",
            clip_on=False,
        )

    def clear(self, box: Box) -> None:
        """Interrupt the rules behind a label."""
        self._ground().add_patch(
            Rectangle(
                (box.left, box.bottom),
                box.width,
                box.height,
                facecolor=self.theme.colors["paper"],
                linewidth=0,
                zorder=3,
                clip_on=False,
            )
        )

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
        axes.set_zorder(3)
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

    def _ground(self) -> Axes:
        for axes in self.figure.axes:
            if axes.get_label() == "ground":
                return axes
        axes = self.figure.add_axes((0, 0, 1, 1), label="ground")
        axes.set_xlim(0, self.width)
        axes.set_ylim(0, self.height)
        axes.set_axis_off()
        axes.set_zorder(1)
        return axes
