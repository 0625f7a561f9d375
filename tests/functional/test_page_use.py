"""The web page as people use it: with a finger, with the keyboard, in a system's own colours, and on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Badge, Cell, Column, Missing, Report, Row, Section, Table, say
from reportgen.render.html import HtmlRenderer
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.fakes.browser import opened, shown
from tests.fakes.findings import STATES
from tests.fakes.reports import comparison_table, full_report
from tests.fakes.setups import START
from tests.unit.render.hostile import hostile_report

pytestmark = pytest.mark.heavy

STARTED: tuple[Cell, ...] = (
    datetime(2026, 11, 9, 8, tzinfo=UTC),
    datetime(2026, 12, 3, 8, tzinfo=UTC),
    Missing("not logged"),
    datetime(2026, 11, 22, 8, tzinfo=UTC),
)
GAPS: tuple[Cell, ...] = (-0.5, Missing("no result"), 3.0, 20.0)
WORDS: tuple[Cell, ...] = ("alone", "tuned", Missing("none given"), "by hand")


def rows_table(rows: int, print_rows: int = 60) -> Table:
    """A table of runs with names that end in numbers, dates, numbers and gaps."""
    return Table(
        id="all",
        title=say("All runs"),
        columns=(
            Column("run", "Run"),
            Column("started", "Started"),
            Column("points", "Points"),
            Column("note", "Note"),
            Column("outcome", "Status"),
        ),
        rows=tuple(
            Row(
                (f"run-{n + 1}", STARTED[n % 4], GAPS[n % 4], WORDS[n % 4], Badge("finished", "neutral", "●"))
            )
            for n in range(rows)
        ),
        print_rows=print_rows,
    )


def written(target: Path, *tables: Table) -> Path:
    """Write a page with these tables behind the sample report."""
    report: Report = full_report()
    section = Section("more", say("More"), "More", tables)
    HtmlRenderer().render(
        replace(report, sections=(*report.sections, section)), load_theme(ThemeConfig()), target
    )
    return target


def head(page: Any, column: int) -> Any:
    return page.locator("#table-all thead th").nth(column - 1)


@pytest.mark.parametrize("print_rows", [60, 3], ids=["in the page", "put up by the script"])
def test_dates_gaps_and_names_are_sorted_as_people_would(
    print_rows: int, browser: Any, tmp_path: Path
) -> None:
    page, complaints = opened(browser, written(tmp_path / "a.html", rows_table(12, print_rows)))
    names = [f"run-{n}" for n in range(1, 13)]
    assert shown(page, "table-all", 1) == names

    gaps = {2: "not logged", 3: "no result", 4: "none given"}
    for column in (1, 2, 3, 4):
        head(page, column).locator("button").click()
        rising = shown(page, "table-all", column)
        head(page, column).locator("button").click()
        falling = shown(page, "table-all", column)
        if column == 1:
            assert rising == names
            assert falling == names[::-1]
            continue
        assert rising[-3:] == falling[-3:] == [gaps[column]] * 3
        assert falling[:-3] == rising[-4::-1]
        if column == 2:
            assert [text.split(",")[0] for text in rising[:9:3]] == [
                "9 Nov 2026",
                "22 Nov 2026",
                "3 Dec 2026",
            ]
        else:
            in_order = {3: ["\N{MINUS SIGN}0.5", "3", "20"], 4: ["alone", "by hand", "tuned"]}
            assert rising[:9:3] == in_order[column]
    head(page, 4).locator("button").click()
    assert head(page, 4).get_attribute("aria-sort") is None
    assert shown(page, "table-all", 1) == names  # the third time: as it was
    assert complaints == []
    page.context.close()


def test_the_filter_takes_what_a_keyboard_has_and_says_what_it_found(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(240, 12)))
    said, field = page.locator("#table-all [role=status]"), page.locator("#table-all input")
    assert said.text_content() == "240 of 240 rows, of which the first 100 are shown"
    field.fill("nov 2026 -0.5")  # a hyphen for the minus sign, a space for the one that does not break
    assert said.text_content() == "60 of 240 rows"
    field.fill("finished")
    assert said.text_content() == "240 of 240 rows, of which the first 100 are shown"
    field.press("Escape")
    assert field.input_value() == ""
    assert len(shown(page, "table-all", 1)) == 100
    field.fill("run-24")
    assert shown(page, "table-all", 1) == ["run-24", "run-240"]
    page.context.close()


def test_a_short_table_says_from_the_start_how_many_rows_it_has(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(12)))
    assert page.locator("#table-all [role=status]").text_content() == "12 of 12 rows"
    page.context.close()


def test_a_new_order_is_told_to_those_who_do_not_see_it(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(8)))
    said, button = page.locator(".spoken[role=status]"), head(page, 3).locator("button")
    told = []
    for _ in range(3):
        button.press("Enter")
        told.append(said.text_content())
        assert page.evaluate("document.activeElement.textContent") == "Points"
    assert told == ["Sorted by Points, rising.", "Sorted by Points, falling.", "In the first order again."]
    page.emulate_media(media="print")
    assert not said.is_visible()
    page.context.close()


def test_controls_of_several_tables_are_told_apart_by_their_names(browser: Any, tmp_path: Path) -> None:
    more = replace(rows_table(150, 12), id="more", title=say("More runs"))
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(120, 12), more))
    for title in ("All runs", "More runs"):
        assert page.get_by_role("searchbox", name=f"Filter rows: {title}", exact=True).count() == 1
        assert page.get_by_role("button", name=f"Show more rows {title}", exact=True).count() == 1
    page.context.close()


def test_the_keyboard_goes_on_in_the_table_when_all_rows_are_put_up(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(120, 12)))
    page.locator("#table-all .more").focus()
    page.keyboard.press("Enter")
    assert not page.locator("#table-all .more").is_visible()
    assert page.evaluate("document.activeElement.matches('#table-all .scroll')")
    page.context.close()


def test_a_very_wide_logo_stays_within_the_page(browser: Any, tmp_path: Path) -> None:
    Image.new("L", (9_000, 40)).save(tmp_path / "a.png")
    theme = load_theme(ThemeConfig(logo=tmp_path / "a.png"))
    HtmlRenderer().render(full_report(), theme, tmp_path / "a.html")
    page, _ = opened(browser, tmp_path / "a.html", viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


def test_the_head_of_a_tall_table_stays_where_it_is_seen(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(80, 12)))
    box = page.locator("#table-all .scroll")
    assert box.bounding_box()["height"] <= 0.8 * 900 + 1
    box.evaluate("box => box.scrollTop = 900")
    top = head(page, 1).bounding_box()["y"] - box.bounding_box()["y"]
    assert 0 <= top < 2
    page.context.close()


@pytest.mark.parametrize("width", [360, 1440])
def test_only_boxes_that_scroll_are_stops_of_the_keyboard_and_their_edges_fade(
    width: int, browser: Any, tmp_path: Path
) -> None:
    wide = Table(
        id="wide",
        title=say("Wide"),
        columns=tuple(Column(f"c{n}", f"Column {n}") for n in range(30)),
        rows=(Row(tuple(f"value {n}" for n in range(30))),),
    )
    page, _ = opened(browser, written(tmp_path / "a.html", wide), viewport={"width": width, "height": 900})
    box = page.locator("#table-wide .scroll")
    assert box.get_attribute("tabindex") == "0"
    assert "cut" in box.get_attribute("class")
    box.evaluate("box => box.scrollLeft = 100000")
    page.wait_for_function("!document.querySelector('#table-wide .scroll').classList.contains('cut')")
    stops = page.evaluate(
        "Array.from(document.querySelectorAll('.scroll'), (box) =>"
        " [box.tabIndex === 0, box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight])"
    )
    assert [stop for stop, scrolls in stops if stop != scrolls] == []
    page.context.close()


def test_marks_tell_their_values_to_a_pointer_a_finger_and_the_keyboard(
    built_sample: BuiltSample, browser: Any
) -> None:
    page, complaints = opened(
        browser, built_sample.files["html"], viewport={"width": 360, "height": 800}, has_touch=True
    )
    best = built_sample.report.numbers["configurations"][0]
    label = " ".join(best["label"].split())
    drawing, tip = page.locator(".first .drawing svg:visible").first, page.locator(".tip")
    assert not tip.is_visible()

    drawing.scroll_into_view_if_needed()
    spot = drawing.locator(".spot").first.bounding_box()
    x, y = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2
    page.touchscreen.tap(x + 9, y - 7)  # fingers miss
    assert tip.text_content().startswith(f"{label}: ")
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.touchscreen.tap(4, 4)
    assert not tip.is_visible()
    page.mouse.move(x, y)
    assert tip.text_content().startswith(f"{label}: ")

    drawing.focus()
    page.keyboard.press("Home")
    first = tip.text_content()
    page.keyboard.press("ArrowDown")
    assert tip.text_content() != first
    page.keyboard.press("ArrowLeft")
    assert tip.text_content() == first
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    assert page.locator(".spot title").count() == 0  # else a browser tells them a second time
    assert complaints == []
    page.context.close()


def test_whoever_compares_with_another_set_up_is_told_what_the_rest_compares_with(
    built_sample: BuiltSample, browser: Any
) -> None:
    page, _ = opened(browser, built_sample.files["html"])
    choice, said = page.locator(".compare select.against"), page.locator(".compare .said")
    own = choice.evaluate("choice => choice.selectedOptions[0].textContent")
    assert "Everywhere else" not in said.text_content()
    choice.select_option(
        label=next(name for name in choice.locator("option").all_text_contents() if name != own)
    )
    assert said.text_content().endswith(f"the comparison is with {own}.")
    choice.select_option(label=own)
    assert "Everywhere else" not in said.text_content()
    page.context.close()


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_that_is_pressed_is_too_small_for_a_finger(
    built_sample: BuiltSample, browser: Any, width: int
) -> None:
    """At least 24 pixels each way: WCAG 2.2, 2.5.8."""
    page, _ = opened(browser, built_sample.files["html"], viewport={"width": width, "height": 900})
    sizes = page.evaluate(
        "Array.from(document.querySelectorAll('nav a, button, select, input'))"
        ".filter((one) => one.offsetParent).map((one) => {"
        " const box = one.getBoundingClientRect(); return [one.textContent, box.width, box.height]; })"
    )
    assert len(sizes) > 20
    assert [size for size in sizes if min(size[1:]) < 23.9] == []
    page.context.close()


def test_the_verdict_is_seen_before_what_is_for_specialists(browser: Any, tmp_path: Path) -> None:
    table = comparison_table()
    columns = [replace(column, detail=column.key == "accuracy") for column in table.columns]
    moved = replace(table, id="all", columns=tuple(columns))
    page, _ = opened(browser, written(tmp_path / "a.html", moved))
    heads = page.locator("#table-all thead th").all_text_contents()
    assert heads[0] == "Set-up"
    assert heads[-1].startswith("Accuracy")
    assert shown(page, "table-all", len(heads))[0] == "97.3"
    page.context.close()


def test_a_filtered_table_says_on_paper_what_it_leaves_out(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(20)))
    page.emulate_media(media="print")
    assert not page.locator("#table-all .tools").is_visible()
    page.emulate_media(media="screen")
    page.locator("#table-all input").fill("run-1")
    page.emulate_media(media="print")
    assert page.locator("#table-all [role=status]").is_visible()
    assert page.locator("#table-all input").is_visible()
    page.emulate_media(media="screen")
    page.locator("#table-all input").fill("")
    page.emulate_media(media="print")
    assert not page.locator("#table-all .tools").is_visible()
    page.context.close()


def test_where_the_system_chooses_the_colours_charts_and_bars_keep_theirs(
    built_sample: BuiltSample, browser: Any
) -> None:
    page, _ = opened(browser, built_sample.files["html"], forced_colors="active", color_scheme="dark")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    bar, paper = (page.evaluate(style.format(name, "backgroundColor")) for name in (".bar-fill", ".page"))
    assert bar != paper
    assert page.evaluate(style.format(".drawing", "backgroundColor")) == "rgb(255, 255, 255)"
    page.context.close()


def test_the_reader_s_own_size_of_letters_counts(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html"))
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 24, "fixed": 20}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    page.context.close()


def test_columns_of_numbers_can_be_copied_into_a_sheet(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, written(tmp_path / "a.html", replace(rows_table(8), id="all")))
    copied = page.evaluate(
        "(() => { const range = document.createRange();"
        " range.selectNode(document.querySelector('#table-comparison table'));"
        " getSelection().addRange(range); return getSelection().toString(); })()"
    )
    assert "k-NN, k 3\t96.9\t+6.8\t▲ better\t12.4\t5\tnot logged\n" in copied
    page.context.close()


def test_on_paper_a_table_repeats_its_head_on_every_page(browser: Any, tmp_path: Path) -> None:
    import pypdfium2

    page, _ = opened(browser, written(tmp_path / "a.html", rows_table(200, 200)))
    page.pdf(path=str(tmp_path / "a.pdf"), format="A4")
    page.context.close()
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as paper:
        # letters come one by one from some pages
        texts = ["".join(sheet.get_textpage().get_text_range().split()) for sheet in paper]
    with_rows = [text for text in texts if "run-" in text]
    assert len(with_rows) > 2
    assert all("Started" in text for text in with_rows)
    assert "fingerprint" in texts[-1]
    assert len(texts[-1]) > 200  # the foot does not go to a page of its own


CHART_TEXTS = """() => Array.from(document.querySelectorAll('.drawing svg'), (svg) => {
  const sheet = svg.getBoundingClientRect();
  if (!sheet.width) return [];
  const texts = Array.from(svg.querySelectorAll('text'), (text) => [text.textContent, text.getBoundingClientRect()]);
  const cut = texts.filter(([, box]) => box.right > sheet.right + 1 || box.left < sheet.left - 1).map(([text]) => text);
  texts.forEach(([one, a], place) => texts.slice(place + 1).forEach(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 3) cut.push(one + ' / ' + other);
  }));
  return cut;
}).flat()"""


@pytest.mark.parametrize("width", [360, 768])
@pytest.mark.parametrize("state", ["digits", "changed", "long_names", "hostile"])
def test_texts_in_charts_hold_in_the_fonts_of_the_reader(
    state: str, width: int, browser: Any, tmp_path: Path
) -> None:
    """None is cut off, and none lies on another, where the bundled font is not installed."""
    report = (
        hostile_report()
        if state == "hostile"
        else compose(STATES[state](), Config(), built_at=START, version="1")
    )
    HtmlRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "a.html")
    page, complaints = opened(browser, tmp_path / "a.html", viewport={"width": width, "height": 800})
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    assert page.locator(".drawing svg text").count() > 10
    assert page.evaluate(CHART_TEXTS) == []
    assert complaints == []
    page.context.close()


def test_names_that_look_like_code_are_found_and_told_as_text(browser: Any, tmp_path: Path) -> None:
    HtmlRenderer().render(hostile_report(), load_theme(ThemeConfig()), tmp_path / "a.html")
    page, complaints = opened(browser, tmp_path / "a.html")
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    scripts = page.locator("script").count()
    field = page.locator("input[type=search]").first
    field.fill("<script>alert(1)</script>")
    assert "<script>alert(1)</script>" in page.locator(".tools + .scroll tbody tr").first.text_content()
    field.fill("")
    page.locator(".tools + .scroll thead button").first.click()
    for drawing in page.locator(".drawing svg[tabindex]").all():
        if drawing.is_visible():
            drawing.focus()
            page.keyboard.press("End")
    assert page.locator("script").count() == scripts
    assert page.evaluate("document.querySelectorAll('.tip *, .scroll script, .scroll img').length") == 0
    assert complaints == []
    page.context.close()
