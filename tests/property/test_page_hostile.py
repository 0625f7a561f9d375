"""Whatever is logged, the page says it as text: nothing of it becomes an element, an attribute or a script."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.config import ThemeConfig
from reportgen.document import (
    INTEGER,
    Axis,
    Badge,
    Callout,
    Chart,
    Column,
    Label,
    Missing,
    Paragraph,
    Point,
    Report,
    Row,
    Section,
    Sentence,
    Series,
    Table,
)
from reportgen.render.charts import chart_svg
from reportgen.render.html import page_html
from reportgen.render.html.tables import Medium
from reportgen.render.texts import STEERING
from reportgen.render.theme import load_theme
from tests.fakes.reports import meta

THEME = load_theme(ThemeConfig())
NASTY = st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '" onmouseover="alert(1)',
        "javascript:alert(1)",
        "</style><style>*{display:none}",
        "<!--",
        "-->",
        "]]>",
        "&lt;b&gt;",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "\u2028",
        "\x00\x1b[31m",
        "\ud800",
        "\u202eright to left",
        "a" * 500,
        "",
        "漢字 😀",
    ]
)
TEXT = st.one_of(NASTY, st.text(st.characters(codec=None), max_size=30))
MEDIA: tuple[Medium, ...] = ("screen", "print")
OURS = {"src", "href", "xlink:href", "id", "class", "style"}


class Elements(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.data: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._inside = tag
        if tag == "script":
            self.scripts.append(dict(attrs))

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and self.scripts[-1].get("type") == "application/json":
            self.data.append(data)
        elif self._inside not in {"script", "style"}:
            self.words.append(data)


def told(text: str) -> Sentence:
    return Sentence((Label(text, ""),))


def report_of(texts: list[str]) -> Report:
    one, two, three, four = texts
    rows = tuple(
        Row((one, Badge(two, "good", "▲"), Missing(three), Label(four, ""), number)) for number in range(40)
    )
    columns = tuple(Column(f"c{n}", text) for n, text in enumerate([*texts, "Number"]))
    blocks = (
        Paragraph(told(one)),
        Callout(two, (told(three),)),
        Table("listed", told(four), columns, rows, print_rows=10),
    )
    return Report(meta(title=one or "x", owner=two), (Section("answer", told(three), four, blocks),), {})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXT, min_size=4, max_size=4))
def test_texts_stay_texts(texts: list[str]) -> None:
    page = page_html(report_of(texts), THEME, "screen")
    page.encode("utf-8")
    assert STEERING.search(page) is None
    found = Elements(page)
    plain = Elements(page_html(report_of(["a", "b", "c", "d"]), THEME, "screen"))
    assert found.names <= plain.names
    assert found.attributes <= plain.attributes | {"dir"}  # of names that run from right to left
    assert [script.get("type") for script in found.scripts] == [
        script.get("type") for script in plain.scripts
    ]
    for data in found.data:
        assert len(json.loads(data)) == 40
    said = " ".join(" ".join(found.words).split())
    for text in texts:
        shown = " ".join(text.split())
        if shown.isascii() and shown.isprintable() and shown:
            assert shown in said


@pytest.mark.parametrize("sign", ["\u202e", "\u202d", "\u2067", "\u2066"])
def test_a_name_does_not_turn_what_is_said_of_it(sign: str) -> None:
    """Nor its own digits: "9.98" is not to be read as 89.9."""
    name = f"good{sign} 9.98"
    for medium in MEDIA:
        page = page_html(report_of([name, name, name, name]), THEME, medium)
        assert sign not in page
        assert "good 9.98" in page


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXT, min_size=3, max_size=3))
def test_labels_of_charts_stay_texts(texts: list[str]) -> None:
    points = tuple(Point(float(n), float(n), label=text) for n, text in enumerate(texts))
    axis = Axis(texts[0], INTEGER)
    for kind in ("dot_interval", "bars", "scatter", "lines"):
        chart = Chart(
            "c",
            kind,
            told(texts[0]),
            told(texts[1]),
            axis,
            axis,
            (Series(texts[2], points),),
            alt=told(texts[0]),
        )
        drawn = chart_svg(chart, THEME, width_mm=120, hover=True)
        assert STEERING.search(drawn) is None
        root = ET.fromstring(drawn)  # noqa: S314 - our own drawing
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert names <= {
            "svg",
            "title",
            "g",
            "path",
            "use",
            "defs",
            "text",
            "rect",
            "clipPath",
            "circle",
            "tspan",
        }
        assert not [
            name for element in root.iter() for name in element.attrib if name.lower().startswith("on")
        ]
