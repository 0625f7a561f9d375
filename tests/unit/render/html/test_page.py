"""The page holds everything, itself included, and nothing in it runs or is fetched."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reportgen.config import ThemeConfig
from reportgen.document import (
    Callout,
    Chart,
    Column,
    KeyFigure,
    KeyFigures,
    Label,
    Missing,
    Number,
    NumberFormat,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    say,
)
from reportgen.errors import TemplateError
from reportgen.render.html import page_html
from reportgen.render.templates import builtin_templates
from reportgen.render.theme import load_theme
from tests.fakes.reports import POINTS, charts, full_report
from tests.unit.render.hostile import NAMES, hostile_report

THEME = load_theme(ThemeConfig())
VOID = {"meta", "img", "br", "col", "link", "input"}


class Page(HTMLParser):
    """Elements, text and attributes of a page; complains about what is not nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"style", "script"} & set(self.open):
            return
        self.words.append(data)
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    @property
    def text(self) -> str:
        """All text, single spaces between the words."""
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> Iterator[dict[str, str]]:
        """Give the attributes of all elements of a name."""
        return (attributes for name, attributes in self.tags if name == tag)


def of(*blocks: Paragraph | KeyFigures | Table | Chart | Callout) -> Report:
    return replace(full_report(), sections=(Section("answer", say("A"), "Answer", blocks),))


@pytest.fixture(scope="module")
def plain() -> str:
    return page_html(full_report(), THEME, "screen")


@pytest.fixture(scope="module")
def hostile() -> str:
    return page_html(hostile_report(), THEME, "screen")


def test_the_page_refers_to_nothing_outside_of_itself(hostile: str) -> None:
    page = Page(hostile)
    for _, attributes in page.tags:
        for name, value in attributes.items():
            if name in {"src", "href", "xlink:href", "action", "data", "poster", "srcset"}:
                assert value.startswith(("#", "data:", "mailto:")), value
    sheets = re.sub(r"(?s)<(?!style).*?>.*?(?=<style|$)", "", hostile)
    assert "@import" not in sheets
    assert not re.search(r"url\((?!#)", hostile.split("</head>", maxsplit=1)[0])
    policies = [m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert [re.sub(r"'sha256-[\w+/=]{44}'", "OURS", policy) for policy in policies] == [
        (
            "default-src 'none'; script-src OURS; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
            "form-action 'none'"
        )
    ]


def test_nothing_in_the_page_can_run(hostile: str) -> None:
    page = Page(hostile)
    scripts = [
        attributes for attributes in page.named("script") if attributes.get("type") != "application/json"
    ]
    assert scripts == [{}]
    assert f"<script>{(builtin_templates() / 'page.js').read_text('utf-8')}</script>" in hostile
    assert not {"iframe", "object", "embed", "link", "base", "form"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_hostile_names_are_shown_as_they_are(hostile: str) -> None:
    text = Page(hostile).text
    for name in (NAMES[0], NAMES[1], NAMES[2], NAMES[6], NAMES[10]):
        assert name in text
    assert "nul?bell? esc?" in text
    assert "? surrogate" in text
    hostile.encode("utf-8")


def test_headings_begin_at_one_and_skip_no_level(hostile: str) -> None:
    levels = [level for level, _ in Page(hostile).headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_page_says_language_title_and_how_wide_it_is(plain: str) -> None:
    page = Page(plain)
    assert [attributes["lang"] for attributes in page.named("html")] == ["en"]
    assert "<title>Digit recognition: which model should we ship?</title>" in plain
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in list(page.named("meta"))


def test_every_id_is_there_once_and_the_contents_lead_to_the_sections(hostile: str) -> None:
    page = Page(hostile)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [a["href"] for a in page.named("a") if a["href"].startswith("#")]
    assert links == ["#section-answer", "#section-curves", "#section-glossary", "#section-tried"]
    assert {link[1:] for link in links} <= set(ids)


def test_charts_that_share_an_id_keep_their_anchors_apart() -> None:
    ids = [
        attributes.get("id")
        for attributes in Page(page_html(of(charts()[2], charts()[2]), THEME, "screen")).named("figure")
    ]
    assert ids == ["chart-bars", "chart-bars-2"]


def test_head_cells_say_what_they_head(plain: str) -> None:
    scopes = [attributes["scope"] for attributes in Page(plain).named("th")]
    assert scopes == ["col"] * 7 + ["row"] * 4


def test_pictures_have_a_text_for_those_who_cannot_see_them(plain: str) -> None:
    for drawing in re.findall(r"<svg.*?</svg>", plain, re.DOTALL):
        assert 'role="img"' in drawing
        assert re.search(r"<title>[^<]+</title>", drawing)


def test_a_key_figure_shows_value_change_and_note(plain: str) -> None:
    text = Page(plain).text
    assert "Accuracy 97.3 % ▲ +7.2 points better baseline 90.1 %" in text
    assert "Cost no price given" in text
    assert "Line of Accuracy over time, from 90.0 % to 97.0 %." in text


def test_missing_cells_print_their_reason(plain: str) -> None:
    assert len(re.findall(r'class="[^"]*\bmissing"[^>]*>\s*no usable run</', plain)) == 3


def test_a_long_reason_gives_way_to_its_short_form_and_can_be_read_all_the_same() -> None:
    table = Table(
        "t", say("T"), (Column("a", "A"), Column("b", "B")), (Row(("x", Missing("it is long", "*"))),)
    )
    html = page_html(of(table), THEME, "screen")
    assert '<td class="words missing" title="it is long">*</td>' in html


def test_units_stand_in_the_heading_and_numbers_without(plain: str) -> None:
    assert '<th scope="col" class="figure">Accuracy (%)</th>' in plain
    assert re.search(r'<td class="figure" data-v="0.973[0-9]*">97.3</td>', plain.replace("\n", ""))


def test_a_number_with_a_format_of_its_own_keeps_its_unit() -> None:
    seconds = NumberFormat("number", 1, unit="s")
    table = Table(
        "t",
        say("T"),
        (Column("a", "A"), Column("b", "B", seconds)),
        (
            Row(("x", Number(1.5, seconds, ""))),
            Row(("y", Number(1.5, NumberFormat("number", 0, unit="min"), ""))),
        ),
    )
    text = Page(page_html(of(table), THEME, "screen")).text
    assert "x 1.5 y 2 min" in text.replace("\N{NO-BREAK SPACE}", " ")


_BAR = re.compile(
    r'class="bar-line (\w+)(?: before)?" style="margin-inline-(start|end):([\d.]+)%;width:[\d.]+%">[^<]*'
    r'<span class="bar-fill" style="width:([\d.]+)%"'
)


def bars(values: tuple[float, ...], column: Column) -> list[tuple[str, float, float]]:
    """Give tone, left and width of each bar of a column, in percent of the cell."""
    table = Table("t", say("T"), (Column("a", "A"), column), tuple(Row(("x", v)) for v in values))
    html = page_html(of(table), THEME, "screen")
    found = []
    for tone, side, margin, width in _BAR.findall(html):
        room = 100.0 - float(margin)
        length = float(width) * room / 100.0
        found.append((tone, float(margin) if side == "start" else room - length, length))
    return found


def test_bars_run_from_zero_to_both_sides_on_one_scale() -> None:
    (up, left_up, wide), (down, left_down, half) = bars(
        (0.04, -0.02), Column("b", "B", POINTS, goal="maximize", bar=True)
    )
    assert (up, down) == ("good", "bad")
    assert wide == pytest.approx(2 * half, abs=0.02)
    assert left_down + half == pytest.approx(left_up, abs=0.02)


@pytest.mark.parametrize(
    ("values", "reason", "style"),
    [
        ((0.04, 0.02), "reference", 'class="beside missing" style="margin-inline-start:1.00%;width:99.00%"'),
        ((0.01, -0.08), "reference", 'class="beside before missing" style="margin-inline-end:'),
        ((0.04, -0.04), "no usable run in this set-up", '<td class="words missing">no usable run in'),
    ],
)
def test_text_in_a_column_of_bars_stands_where_there_is_room(
    values: tuple[float, ...], reason: str, style: str
) -> None:
    column = Column("b", "B", POINTS, goal="maximize", bar=True)
    rows = (*(Row(("x", value)) for value in values), Row(("y", Missing(reason))))
    html = page_html(of(Table("t", say("T"), (Column("a", "A"), column), rows)), THEME, "screen")
    assert style in html


def test_bars_of_a_measure_that_should_fall_are_good_when_negative() -> None:
    assert [
        tone for tone, _, _ in bars((0.04, -0.02), Column("b", "B", POINTS, goal="minimize", bar=True))
    ] == ["bad", "good"]


def test_a_bar_is_neither_good_nor_bad_where_the_verdict_is_neither(hostile: str) -> None:
    assert set(
        re.findall(
            r'class="bar-line (\w+)',
            hostile.split('id="table-h_names"', maxsplit=1)[1].split("</table>", maxsplit=1)[0],
        )
    ) == {"neutral"}


def test_a_long_table_says_where_the_rest_is(hostile: str) -> None:
    part = hostile.split('id="table-h_long"', maxsplit=1)[1].split("</div>\n</div>", maxsplit=1)[0]
    assert part.count("<tr class=") == 130  # bars are drawn in the page itself
    paper = page_html(of(*[t for t in hostile_report().blocks() if isinstance(t, Table)]), THEME, "print")
    part = paper.split('id="table-h_long"', maxsplit=1)[1].split("</div>\n</div>", maxsplit=1)[0]
    assert part.count("<tr class=") == 30
    assert "100 more rows are in the workbook and the JSON file." in paper


def test_an_empty_table_says_so(hostile: str) -> None:
    part = hostile.split('id="table-h_none"', maxsplit=1)[1]
    assert "Nothing to list." in part[:300]


def test_all_columns_are_on_the_screen_and_those_left_out_on_paper_are_named(hostile: str) -> None:
    heads = hostile.split('id="table-h_wide"', maxsplit=1)[1].split("</thead>", maxsplit=1)[0]
    assert heads.count('scope="col"') == 26
    paper = page_html(of(*[t for t in hostile_report().blocks() if isinstance(t, Table)]), THEME, "print")
    part = paper.split('id="table-h_wide"', maxsplit=1)[1].split('id="table-h_long"', maxsplit=1)[0]
    assert part.count("<table") == 2
    assert part.count('scope="col"') == 21 + 1
    assert "Columns left out here for space: Parameter name 21," in part
    tables = re.findall(r"<thead>(.*?)</thead>", part, re.DOTALL)
    widths = [list(map(float, re.findall(r'<th[^>]* style="width:([\d.]+)%"', table))) for table in tables]
    assert sum(map(len, widths)) == 21 + 1, "one for each head"
    assert [sum(shares) for shares in widths] == pytest.approx([100, 100], abs=0.2)


def test_neighbours_of_half_width_stand_side_by_side_and_a_single_one_is_wide() -> None:
    half = Callout("H", (say("x"),), width="half")
    html = page_html(of(half, half, Paragraph(say("p")), half, charts()[0]), THEME, "screen")
    assert html.count('<div class="pair">') == 2
    assert html.count('<div class="half">') == 4
    alone = page_html(of(half, Paragraph(say("p"))), THEME, "screen")
    assert '<div class="pair">' not in alone


def test_a_wide_chart_is_drawn_for_phones_too(plain: str) -> None:
    assert plain.count('<div class="drawing wide">') == plain.count('<div class="drawing narrow">') == 2


def test_the_decision_is_asked_for_once() -> None:
    asked = "Approve the pilot by Friday."
    html = page_html(full_report(decision=asked), THEME, "screen")
    assert html.count(asked) == 1
    assert html.index("It scored") < html.index(asked) < html.index('<div class="tiles')
    alone = of(Paragraph(say("lead"), "lead"))
    assert (
        page_html(replace(alone, meta=replace(alone.meta, decision=asked)), THEME, "screen").count(asked) == 1
    )
    said = of(Callout("Decision", (say(Label(asked)),)))
    html = page_html(replace(said, meta=replace(said.meta, decision=asked)), THEME, "screen")
    assert html.count(asked) == 1


def test_the_foot_says_where_the_numbers_come_from(plain: str) -> None:
    text = Page(plain).text
    assert (
        "Data up to 21 Nov 2026, 17:30 UTC · 20 runs in all · data fingerprint 7c1f09ab · reportgen 0.1.0"
        in text
    )
    assert "Questions about this report: models@example.com" in text


def test_a_figure_without_value_or_trend_is_shown() -> None:
    html = page_html(of(KeyFigures((KeyFigure("K", Missing("none")),))), THEME, "screen")
    assert "K none" in Page(html).text
    assert "<svg" not in html


def test_the_same_report_gives_the_same_page(plain: str) -> None:
    assert page_html(full_report(), THEME, "screen") == plain


def theme_with(folder: Path, **settings: str) -> ThemeConfig:
    return ThemeConfig(templates=folder, **settings)  # type: ignore[arg-type]  # colours are not given here


def test_a_user_s_template_may_change_one_part_of_the_original(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text(
        '{% extends "builtin/report.html.j2" %}{% block foot %}<p>Company & Co</p>{{ super() }}{% endblock %}'
    )
    (tmp_path / "screen.css").write_text("body { color: red } </style><script>")
    html = page_html(full_report(), load_theme(theme_with(tmp_path)), "screen")
    assert "<p>Company & Co</p>" in html
    assert "Every set-up against" in html
    assert "color: red" in html
    assert "</style><script>" not in html


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("report.html.j2", "a\n{% if %}", r"report\.html\.j2:2: not a valid template"),
        ("report.html.j2", "a\n\n{{ nothing }}", r"report\.html\.j2:3: .*'nothing' is undefined"),
        ("report.html.j2", '{% include "no.j2" %}', r"report\.html\.j2:1: no template 'no\.j2'"),
        (
            "blocks/callout.html.j2",
            '\n{% include "/etc/passwd" %}',
            r"callout\.html\.j2:2: no template '/etc/passwd'",
        ),
        ("blocks/callout.html.j2", "{{ tr.__globals__ }}", r"callout\.html\.j2:1: .*unsafe"),
        ("blocks/callout.html.j2", "{{ placed.block.title + 1 }}", r"callout\.html\.j2:1: "),
        ("report.css", b"\xff\xfe\xfa", r"report\.css: not a UTF-8 text"),
    ],
)
def test_a_mistake_in_a_user_s_template_is_told_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TemplateError, match=message):
        page_html(full_report(), load_theme(theme_with(tmp_path)), "screen")


def test_a_logo_is_put_into_the_page(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    html = page_html(full_report(), load_theme(ThemeConfig(logo=logo)), "screen")
    assert '<img class="logo" src="data:image/svg+xml;base64,' in html


@pytest.mark.parametrize(("name", "message"), [("gone.png", "cannot be read"), ("logo.pdf", "is no picture")])
def test_a_logo_that_cannot_be_shown_is_an_error(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        page_html(full_report(), load_theme(ThemeConfig(logo=tmp_path / name)), "screen")


def test_colours_and_fonts_of_the_theme_are_used_and_cannot_break_out() -> None:
    own = ThemeConfig(colors={"focus": "#123456"}, fonts={"body": "Inter'}</style><script>"})
    html = page_html(full_report(), load_theme(own), "screen")
    assert "--focus:#123456;" in html
    assert "--body:'Interstylescript'," in html
    assert "</style><script>" not in html
