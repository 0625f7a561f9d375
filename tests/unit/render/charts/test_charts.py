"""Charts are whole: nothing cut off, no label on another, no text taken for markup, the same bytes."""

from __future__ import annotations

import itertools
import logging
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from reportgen.config import ThemeConfig
from reportgen.document import INTEGER, Axis, Chart, Point, Reference, Series, say
from reportgen.render.charts import chart_height, chart_svg, draw_chart
from reportgen.render.charts.canvas import LABEL_PT
from reportgen.render.charts.fonts import ELLIPSIS, clean, fit, fit_apart, text_width
from reportgen.render.charts.labels import names_in_lines
from reportgen.render.theme import Theme, load_theme
from tests.fakes.reports import PERCENT, charts
from tests.unit.render.hostile import NAMES, hostile_charts

SVG = "{http://www.w3.org/2000/svg}"
ALL = (*charts(), *hostile_charts())


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ThemeConfig())


def chart(kind: str) -> Chart:
    return next(c for c in charts() if c.kind == kind)


def width_of(drawn: Chart) -> float:
    return 86.0 if drawn.width == "half" else 178.0


def texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Give each text with its box in pixels, which are quarters of a point here."""
    # in few pixels letters are moved to whole ones, and texts get wider than on paper
    figure.set_dpi(288)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    found = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text():
            found.append((text.get_text(), text.get_window_extent(canvas.get_renderer())))
    return found


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("drawn", ALL, ids=lambda c: c.id)
def test_no_text_is_cut_off_or_lies_on_another(drawn: Chart, theme: Theme) -> None:
    for width in (width_of(drawn), 92.0):
        figure = draw_chart(drawn, theme, width_mm=width)
        boxes = texts(figure)
        assert boxes
        for text, box in boxes:
            assert -1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1, (text, width)
            assert -1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1, (text, width)
        for (one, a), (other, b) in itertools.combinations(boxes, 2):
            # the boxes of lines hold air above and below the letters
            shrunk = [Bbox.from_extents(c.x0 + 2, c.y0 + 9, c.x1 - 2, c.y1 - 9) for c in (a, b)]
            assert Bbox.intersection(*shrunk) is None, (one, other, width)


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("drawn", ALL, ids=lambda c: c.id)
def test_no_mark_leaves_the_sheet(drawn: Chart, theme: Theme) -> None:
    figure = draw_chart(drawn, theme, width_mm=width_of(drawn))
    marks: list[Any] = [artist for artist in figure.artists if not isinstance(artist, Text)]
    for axes in figure.axes:
        marks += [*axes.lines, *axes.patches, *axes.collections]
    assert marks
    for mark in marks:
        box = mark.get_window_extent()
        assert -1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1, mark
        assert -1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1, mark


@pytest.mark.parametrize("drawn", ALL, ids=lambda c: c.id)
def test_svg_is_well_formed_inert_and_the_same_each_time(drawn: Chart, theme: Theme) -> None:
    svg = chart_svg(drawn, theme, width_mm=width_of(drawn))
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert svg == chart_svg(drawn, theme, width_mm=width_of(drawn))
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == drawn.alt.text
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "g", "path", "text", "use", "defs", "clipPath", "rect")
    }
    assert not any("style" in element.attrib for element in root.iter())
    links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(name.startswith(drawn.id) for name in ids)


def test_names_are_text_whatever_they_look_like(theme: Theme) -> None:
    drawn = replace(chart("scatter"), series=(Series("s", (Point(1.0, 0.9, label="$x$ <b>&</b> a_b"),)),))
    root = ET.fromstring(chart_svg(drawn, theme, width_mm=178))  # noqa: S314 - our own drawing
    assert "$x$ <b>&</b> a_b" in [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", ["dot_interval", "lines", "scatter"])
def test_texts_on_paper_begin_where_those_on_the_screen_do(theme: Theme, kind: str) -> None:
    """Each text that does not begin at its place would be a picture in the PDF, which viewers cut off at its left."""
    paper, screen = (
        ET.fromstring(chart_svg(chart(kind), theme, width_mm=86, hover=hover))  # noqa: S314 - our own drawing
        for hover in (False, True)
    )
    anchors = {element.get("text-anchor", "start") for element in paper.iter(f"{SVG}text")}
    assert anchors == {"start"}
    for one, other in zip(paper.iter(f"{SVG}text"), screen.iter(f"{SVG}text"), strict=True):
        assert one.text == other.text
        size = float(one.attrib["font-size"].removesuffix("px"))
        bold = one.get("font-weight") == "600"
        width = text_width(one.text or "", size, "bold" if bold else "normal") / 25.4 * 72
        share = {"middle": 0.5, "end": 1.0}.get(other.get("text-anchor", "start"), 0.0)
        assert float(one.attrib["x"]) == pytest.approx(float(other.attrib["x"]) - share * width, abs=0.01)


def test_text_that_runs_right_to_left_is_drawn_as_shapes(theme: Theme) -> None:
    named = replace(chart("bars"), series=(Series("r", (Point(1.0, label=NAMES[3]),)),))
    figure = draw_chart(named, theme, width_mm=86)
    assert NAMES[3] not in [text for text, _ in texts(figure)]
    shapes: list[Any] = figure.findobj(PathPatch)
    assert len(shapes) == 1
    assert figure.bbox.x0 <= shapes[0].get_window_extent().x0 < figure.bbox.x1 * 0.1


def test_a_long_name_is_cut_in_the_middle_with_an_ellipsis(theme: Theme) -> None:
    named = replace(chart("bars"), series=(Series("r", (Point(1.0, label="m" * 300),)),))
    shown = [text for text, _ in texts(draw_chart(named, theme, width_mm=86))]
    assert any(re.fullmatch(f"m+{ELLIPSIS}m+", text) for text in shown)


LONG = "a very long name that somebody gave to a set-up, with every parameter: "
ALIKE = {
    "settings": [
        f"mlp (scanner A, hidden {2**n}, learning rate 0.01, batch size 64, epochs 20)" for n in range(6)
    ],
    "end": [LONG + str(n) for n in range(6)],
    "middle": [f"{LONG}{n} and {LONG}" for n in range(6)],
    "right to left": [f"שם ארוך מאוד של מערך ניסוי מספר {n} עם הגדרות רבות מאוד בסוף" for n in range(6)],
    "CJK": [f"非常に長い名前の設定その{n}番目の構成でありながら同じ末尾の名前" for n in range(6)],
}


@pytest.mark.parametrize("names", ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize("room", [8.0, 20.0, 29.0, 60.0])
def test_long_names_that_are_shown_together_can_be_told_apart(names: list[str], room: float) -> None:
    for cut in (names_in_lines(names, room), names_in_lines(names, room, two_lines=False)):
        assert len(set(cut)) == len(names)
        assert all(text_width(first, LABEL_PT, "bold") <= room for first, _ in cut)
    short = fit_apart(names, room, LABEL_PT)
    assert len(set(short)) == len(names)
    assert all(text_width(text, LABEL_PT) <= room for text in short)


@pytest.mark.parametrize("room", [20.0, 24.0, 26.0])
def test_a_name_in_two_lines_breaks_between_its_settings(room: float) -> None:
    assert names_in_lines(["C = 100, gamma 0.001"], room) == (("C = 100,", "gamma 0.001"),)


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("names", [ALIKE[kind] for kind in ("settings", "end", "middle", "CJK")])
@pytest.mark.parametrize("kind", ["dot_interval", "bars", "dumbbell", "lines", "multiples"])
@pytest.mark.parametrize("width", [86.0, 178.0])
def test_no_two_rows_or_lines_of_a_chart_read_alike(
    kind: Any, names: list[str], width: float, theme: Theme
) -> None:
    points = [Point(0.9 + n / 100, 0.9 + n / 100, low=0.9, label=name) for n, name in enumerate(names)]
    rows: tuple[Series, ...] = (Series("Accuracy", tuple(points)),)
    if kind == "lines":
        rows = tuple(Series(name, (Point(0.0, n / 10), Point(9.0, n / 10))) for n, name in enumerate(names))
    base = chart("lines" if kind == "lines" else "dot_interval")
    drawn = replace(base, kind=kind, series=rows, references=())
    found = texts(draw_chart(drawn, theme, width_mm=width))
    begun = [
        (text, box) for text, box in found if text[:1] == names[0][:1] or (kind != "lines" and box.x0 < 9)
    ]
    ordered = [text for text, box in sorted(begun, key=lambda entry: -entry[1].y0)]
    ordered = [text for text in ordered if text not in ("Accuracy", "Accuracy (%)")]
    assert len(ordered) in (len(names), 2 * len(names))
    lines = len(ordered) // len(names)
    assert len({tuple(ordered[at : at + lines]) for at in range(0, len(ordered), lines)}) == len(names)


def test_fit_never_exceeds_the_width_and_keeps_what_fits() -> None:
    assert fit("short", 50, 8.5) == "short"
    for width in (3.0, 10.0, 25.0):
        assert text_width(fit("a long name of a set-up", width, 8.5), 8.5) <= width
    assert clean("a\n\tb\x00c\udc80  d") == "a b c d"


def test_the_colour_of_focus_marks_only_what_is_in_focus(theme: Theme) -> None:
    svg = chart_svg(chart("dot_interval"), theme, width_mm=86)
    assert theme.colors["focus"] in svg
    grey = replace(chart("dot_interval"), series=(Series("a", (Point(0.9, label="plain"),)),), references=())
    assert theme.colors["focus"] not in chart_svg(grey, theme, width_mm=86)


@pytest.mark.parametrize(("target", "said"), [(0.99, "target 99.0 % →"), (0.5, "← target 50.0 %")])
def test_a_target_far_off_is_pointed_at_and_leaves_the_rows_their_width(
    theme: Theme, target: float, said: str
) -> None:
    rows = (Point(0.90, low=0.895, high=0.905, label="a"), Point(0.91, low=0.90, high=0.915, label="b"))
    far = replace(
        chart("dot_interval"), series=(Series("a", rows),), references=(Reference(target, "target", "good"),)
    )
    figure = draw_chart(far, theme, width_mm=178)
    assert said in [text for text, _ in texts(figure)]
    lines: list[Any] = figure.findobj(Line2D)
    ranges = [line.get_window_extent() for line in lines if line.get_linewidth() == 3.6]
    spread = max(box.x1 for box in ranges) - min(box.x0 for box in ranges)
    assert spread > 0.5 * figure.bbox.width
    near = replace(far, references=(Reference(0.92, "target", "good"),))
    assert "target 92.0 %" in [text for text, _ in texts(draw_chart(near, theme, width_mm=178))]


def test_an_axis_is_titled_where_the_words_above_do_not_name_it(theme: Theme) -> None:
    dots = replace(chart("dot_interval"), title=say("The lead is large"))
    named = replace(dots, subtitle=say("Accuracy, higher is better."))
    unnamed = replace(dots, subtitle=say("Bars show the range."))
    assert dots.x.label == "Accuracy"
    titled = [
        [text for text, _ in texts(draw_chart(c, theme, width_mm=86))].count("Accuracy")
        for c in (named, unnamed)
    ]
    assert titled == [0, 1]
    assert chart_height(named, width_mm=86) < chart_height(unnamed, width_mm=86)


def test_more_rows_than_fit_are_counted_and_the_highlighted_kept(theme: Theme) -> None:
    points = tuple(
        Point(float(i), label=f"row {i}", tone="focus" if i == 58 else "neutral") for i in range(60)
    )
    drawn = replace(chart("bars"), series=(Series("r", points),))
    shown = [text for text, _ in texts(draw_chart(drawn, theme, width_mm=178))]
    assert "20 more in the tables" in shown
    assert "row 58" in shown
    assert sum(text.startswith("row ") for text in shown) == 40
    assert chart_height(drawn, width_mm=178) < 230


def test_many_marks_are_one_path(theme: Theme) -> None:
    cloud = next(c for c in hostile_charts() if c.id == "h_cloud")
    root = ET.fromstring(chart_svg(cloud, theme, width_mm=178))  # noqa: S314 - our own drawing
    assert len(list(root.iter(f"{SVG}use"))) < 10
    longest = max(len(path.attrib["d"].split("M ")) for path in root.iter(f"{SVG}path"))
    assert longest > 2000


def test_a_long_line_keeps_its_extremes_and_few_points(theme: Theme) -> None:
    values = [0.5] * 5000
    values[1234], values[4321] = 0.9, 0.1
    points = tuple(Point(float(i), v) for i, v in enumerate(values))
    drawn = replace(chart("lines"), series=(Series("s", points, "focus"),), references=())
    figure = draw_chart(drawn, theme, width_mm=178)
    lines: list[Any] = figure.findobj(Line2D)
    heights = max((list(line.get_ydata()) for line in lines), key=len)
    assert len(heights) <= 400
    assert (min(heights), max(heights)) == (0.1, 0.9)


def test_a_user_s_own_settings_do_not_change_a_chart(theme: Theme) -> None:
    before = chart_svg(chart("lines"), theme, width_mm=178)
    with mpl.rc_context({"lines.linewidth": 20, "font.size": 30, "svg.fonttype": "path", "axes.grid": True}):
        assert chart_svg(chart("lines"), theme, width_mm=178) == before
        assert mpl.rcParams["lines.linewidth"] == 20


def test_a_theme_s_font_is_named_and_cannot_break_out(theme: Theme) -> None:
    own = replace(theme, fonts={**theme.fonts, "body": "Inter\"><script>'"})
    svg = chart_svg(chart("bars"), own, width_mm=178)
    ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert "font-family=\"'Interscript'," in svg


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(finite, finite), min_size=1, max_size=4),
    st.sampled_from(("dot_interval", "bars", "lines", "scatter")),
    st.booleans(),
    st.booleans(),
)
def test_any_finite_values_can_be_drawn(
    places: list[tuple[float, float]], kind: str, log: bool, dates: bool
) -> None:
    axis = Axis("A", PERCENT if dates else INTEGER, log=log, dates=dates and not log)
    points = tuple(Point(x, y, low=min(x, y), high=max(x, y), label="p") for x, y in places)
    drawn = replace(
        chart(kind),
        x=axis,
        y=replace(axis, dates=False),
        series=(Series("s", points),),
        references=(Reference(places[0][0], "limit"),),
    )
    ET.fromstring(chart_svg(drawn, load_theme(ThemeConfig()), width_mm=86))  # noqa: S314 - our own drawing


def test_a_home_that_cannot_be_written_makes_no_noise(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where a folder is expected")
    code = (
        "from reportgen.render.charts import chart_svg; from reportgen.render.theme import load_theme;"
        "from reportgen.config import ThemeConfig; from tests.fakes.reports import charts;"
        "print(len(chart_svg(charts()[0], load_theme(ThemeConfig()), width_mm=86)) > 1000)"
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MPL"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "HOME": str(home), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_drawing_leaves_the_log_level_of_matplotlib_alone(theme: Theme) -> None:
    logger = logging.getLogger("matplotlib")
    before = logger.level
    chart_svg(charts()[0], theme, width_mm=86)
    assert logger.level == before


def test_an_alt_text_is_escaped(theme: Theme) -> None:
    svg = chart_svg(replace(chart("bars"), alt=say("a < b & c")), theme, width_mm=86)
    assert "<title>a &lt; b &amp; c</title>" in svg
