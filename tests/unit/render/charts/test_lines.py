"""Lines are told apart without colour, and lead to their labels without meeting one another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from reportgen.config import ThemeConfig
from reportgen.document import Chart, Point, Series, Tone
from reportgen.render.charts import draw_chart
from reportgen.render.charts.canvas import Box
from reportgen.render.charts.labels import LINE_MM
from reportgen.render.charts.leaders import lead_out
from reportgen.render.theme import Theme, load_theme
from tests.fakes.reports import charts

Place = tuple[float, float]
BOX = Box(10.0, 10.0, 110.0, 70.0)
X = 113.0


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ThemeConfig())


def lines(ends: Sequence[Place], tones: Sequence[Tone] = ()) -> Chart:
    """Draw lines from a common start to *ends*, with a point at each tenth of the way."""
    base = next(chart for chart in charts() if chart.kind == "lines")
    series = tuple(
        Series(
            f"set-up {at}",
            tuple(Point(x * k / 20, 0.2 + (y - 0.2) * k / 20) for k in range(21)),
            tones[at] if at < len(tones) else "neutral",
        )
        for at, (x, y) in enumerate(ends)
    )
    return replace(base, series=series, references=())


def marks_of(figure: Figure) -> list[tuple[str, str]]:
    """Give form and colour of the marks of each line, in order of drawing."""
    found: list[Any] = [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "None"]
    return [(line.get_marker(), line.get_color()) for line in found]


def strokes_of(figure: Figure) -> list[Any]:
    return [line for axes in figure.axes for line in axes.lines if line.get_linestyle() != "None"]


def grey(color: str) -> float:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_focus_baseline_and_others_differ_without_colour(theme: Theme) -> None:
    ends = [(40.0, 0.9), (40.0, 0.85), (40.0, 0.8), (40.0, 0.75), (40.0, 0.7)]
    figure = draw_chart(lines(ends, ["focus", "baseline"]), theme, width_mm=178)
    strokes, marks = strokes_of(figure), marks_of(figure)
    assert len(set(marks)) == len({form for form, _ in marks} | {"o of focus"}) == 5
    by_color = {line.get_color(): line for line in strokes}
    focus, baseline = by_color[theme.colors["focus"]], by_color[theme.colors["ink"]]
    others = [line for line in strokes if line not in (focus, baseline)]
    assert focus.get_linewidth() > 1.5 * max(line.get_linewidth() for line in others)
    assert not focus.is_dashed()
    assert baseline.is_dashed()
    assert not any(line.is_dashed() for line in others)  # that says that repeats have ended
    assert all(grey(focus.get_color()) < grey(line.get_color()) - 5 for line in others)
    assert len({line.get_color() for line in others}) == 2


def test_marks_stand_along_lines_of_which_there_are_several(theme: Theme) -> None:
    many = draw_chart(lines([(40.0, 0.9), (40.0, 0.5)]), theme, width_mm=178)
    found: list[Any] = [line for axes in many.axes for line in axes.lines if line.get_linestyle() == "None"]
    places = [list(line.get_xdata()) for line in found]
    assert all(len(xs) == 5 and max(xs) == 40.0 for xs in places)
    assert set(places[0][:-1]).isdisjoint(places[1][:-1])
    one = draw_chart(lines([(40.0, 0.9)]), theme, width_mm=178)
    lone: list[Any] = [line for axes in one.axes for line in axes.lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in lone] == [1]


def test_a_stretch_that_goes_on_looks_like_its_line(theme: Theme) -> None:
    chart = lines([(20.0, 0.9), (20.0, 0.5)])
    one, two = chart.series
    rest = tuple(
        Series("", (line.points[-1], Point(30.0, line.points[-1].y)), style="dashed") for line in (one, two)
    )
    behind = tuple(replace(line, style="faint") for line in (one, two))
    drawn = replace(chart, series=(behind[0], one, rest[0], behind[1], two, rest[1]))
    figure = draw_chart(drawn, theme, width_mm=178)
    colors: dict[float, set[str]] = {}
    for line in strokes_of(figure):
        ys: Any = line.get_ydata()
        colors.setdefault(round(float(ys[-1]), 6), set()).add(str(line.get_color()))
    assert [len(found) for found in colors.values()] == [1, 1]
    assert len(set.union(*colors.values())) == 2


def apart(a: Place, b: Place, c: Place, d: Place) -> float:
    """Give the least distance of two straight stretches, 0 where they cross."""
    if side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0:
        return 0.0
    return min(to_line(a, c, d), to_line(b, c, d), to_line(c, a, b), to_line(d, a, b))


def side(a: Place, b: Place, p: Place) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def to_line(p: Place, a: Place, b: Place) -> float:
    length = math.dist(a, b) ** 2
    share = 0.0 if length == 0 else ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length
    share = min(max(share, 0.0), 1.0)
    return math.dist(p, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))


ends = st.tuples(
    st.integers(0, 10).map(lambda n: BOX.left + 10.0 * n),
    st.integers(0, 24).map(lambda n: BOX.bottom + 2.5 * n),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ends, min_size=1, max_size=6))
def test_leaders_never_meet_and_labels_never_meet(places: list[Place]) -> None:
    begun, heights = lead_out(places, X, BOX)
    assert len(set(heights)) == len(places)
    for one, other in itertools.combinations(range(len(places)), 2):
        assert apart(begun[one], (X, heights[one]), begun[other], (X, heights[other])) > 0
        assert abs(heights[one] - heights[other]) > LINE_MM - 1e-6
    assert all(BOX.bottom - 1e-6 <= height <= BOX.top + 1e-6 for height in heights)
    for (x, y), (left, height) in zip(places, begun, strict=True):
        assert 0 < left - x < 4.0
        assert abs(height - y) < 1.0 * len(places)


@settings(max_examples=50, deadline=None)
@given(st.lists(ends, min_size=7, max_size=12))
def test_leaders_of_many_lines_do_not_cross(places: list[Place]) -> None:
    begun, heights = lead_out(places, X, BOX)
    for one, other in itertools.combinations(range(len(places)), 2):
        a, b, c, d = begun[one], (X, heights[one]), begun[other], (X, heights[other])
        assert not (side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0)


@pytest.mark.parametrize("width", [86.0, 178.0])
def test_leaders_of_lines_that_end_early_or_together_do_not_meet(theme: Theme, width: float) -> None:
    places = [(25.0, 0.972), (25.0, 0.971), (40.0, 0.970), (40.0, 0.9696), (25.0, 0.968)]
    figure = draw_chart(lines(places, ["focus"]), theme, width_mm=width)
    figure.set_dpi(288)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    leaders = []
    for artist in figure.findobj(Line2D):
        assert isinstance(artist, Line2D)
        if artist.get_linewidth() == 0.4:
            corners: Any = artist.get_transform().transform(artist.get_xydata())
            leaders += [
                (tuple(corners[at]), tuple(corners[at + 1])) for at in range(0, len(corners), 3)
            ]  # a gap parts each from the next
    assert len(leaders) >= 4
    for (a, b), (c, d) in itertools.combinations(leaders, 2):
        assert apart(a, b, c, d) > 0.3 / 25.4 * 288
    names = [t.get_window_extent() for t in figure.findobj(Text) if t.get_text().startswith("set-up")]
    assert len(names) == 5
    for box in names:
        assert all(max(a[0], b[0]) < box.x0 for a, b in leaders)
