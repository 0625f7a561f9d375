"""On paper, small tables that follow one another share the width, below what is said between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
import pytest

from reportgen.config import ThemeConfig
from reportgen.document import (
    Block,
    Column,
    Glossary,
    NumberFormat,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    Term,
    say,
)
from reportgen.render.html import page_html
from reportgen.render.html.layout import MOST_PAIRED, Placed, Setting, pair_tables, place_blocks
from reportgen.render.html.widths import HALF_MM, column_rooms
from reportgen.render.pdf.setting import set_pdf
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report

THEME = load_theme(ThemeConfig())
LONG = "a sentence of a table that does not fit into half of the width of the page on one line, nor on two of them"


def small(name: str, rows: int = 2) -> Table:
    columns = (Column("a", "What"), Column("n", "Runs", NumberFormat()))
    return Table(name, say(name), columns, tuple(Row((f"{name} {n}", n)) for n in range(rows)))


def wide(name: str) -> Table:
    return replace(small(name), rows=(Row((LONG * 2, 1)),))


def sentence(text: str, style: str = "body") -> Paragraph:
    return Paragraph(say(text), "note" if style == "note" else "body")


def names(placed: Placed) -> list[str]:
    blocks = [part.block for part in placed.stack] or [placed.block]
    tables = {number: block.id for number, block in enumerate(blocks) if isinstance(block, Table)}
    said = {n: block.sentence.text for n, block in enumerate(blocks) if isinstance(block, Paragraph)}
    return [name for _, name in sorted({**tables, **said}.items())]


def rows_of(blocks: Sequence[Block]) -> list[list[list[str]]]:
    """Tell what stands side by side in each row of a section."""
    setting = Setting(THEME, "print")
    placed = pair_tables(place_blocks(blocks, setting), setting)
    return [[names(part) for part in row] for row in placed]


def test_two_small_tables_stand_side_by_side() -> None:
    assert rows_of([small("a"), small("b"), wide("c")]) == [[["a"], ["b"]], [["c"]]]


def test_more_are_split_where_both_columns_are_about_as_high() -> None:
    assert rows_of([small("a", 1), small("b", 2), small("c", 8)]) == [[["a", "b"], ["c"]]]
    assert rows_of([small("a", 8), small("b", 2), small("c", 1)]) == [[["a"], ["b", "c"]]]


def test_what_is_said_between_them_comes_first_and_what_is_said_behind_stays_behind() -> None:
    blocks: list[Block] = [sentence("x"), small("a"), sentence("y"), small("b"), sentence("z")]
    assert rows_of(blocks) == [[["x"]], [["y"]], [["a"], ["b"]], [["z"]]]


def test_a_note_belongs_to_the_table_before_it() -> None:
    blocks: list[Block] = [small("a"), sentence("about a", "note"), small("b")]
    assert rows_of(blocks) == [[["a"]], [["about a"]], [["b"]]]


@pytest.mark.parametrize("other", [wide("b"), small("b", MOST_PAIRED + 1)])
def test_a_table_that_is_wide_or_long_stands_alone(other: Table) -> None:
    assert rows_of([small("a"), other]) == [[["a"]], [["b"]]]


def test_many_sentences_stand_beside_the_table_that_follows_them() -> None:
    sentences = [sentence(f"sentence {n}") for n in "abcd"]
    said_of = [block.sentence.text for block in sentences]
    rules = replace(small("rules"), rows=(Row((LONG[:70], 1)),))
    assert rows_of([*sentences, rules]) == [[said_of, ["rules"]]]
    assert rows_of([*sentences[1:], rules]) == [*([[text]] for text in said_of[1:]), [["rules"]]]
    assert rows_of([*sentences, wide("wide")]) == [*([[text]] for text in said_of), [["wide"]]]


def test_a_table_beside_sentences_shares_the_width_of_its_own_column() -> None:
    """Else the share of its short column, which is enough of the whole page, would break a heading there."""
    sentences = [sentence(f"sentence {n}") for n in "abcd"]
    rules = replace(small("rules"), rows=(Row((LONG[:80], 1)),))
    setting = Setting(THEME, "print")
    ((_, placed),) = pair_tables(place_blocks([*sentences, rules], setting), setting)
    assert placed.table
    share = float(placed.table.parts[0].heads[1].width.removesuffix("%"))
    assert share * HALF_MM / 100 >= column_rooms(rules.columns, rules.rows)[1].whole - 0.1


def report_of(*blocks: Block) -> Report:
    answer = Section("answer", say("The answer"), "Answer", (sentence("Said."),))
    later = Section("later", say("A later section"), "Later", blocks)
    return replace(full_report(), sections=(answer, later))


def test_only_paper_has_columns_and_page_one_keeps_its_order() -> None:
    report = report_of(small("a"), small("b"))
    assert page_html(report, THEME, "print").count('<div class="half">') == 2
    assert '<div class="half">' not in page_html(report, THEME, "screen")
    answer = replace(report.sections[1], id="answer")
    first = replace(report, sections=(answer, replace(report.sections[0], id="other")))
    assert '<div class="half">' not in page_html(first, THEME, "print")


def pages_of(report: Report) -> list[str]:
    document = pypdfium2.PdfDocument(set_pdf(page_html(report, THEME, "print"), THEME).content)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


TERMS = Glossary(tuple(Term(f"Term {n}", "What it means. " * 9) for n in range(8)))


@pytest.mark.parametrize(
    ("end", "mark"),
    [
        ([sentence("First."), sentence("Second."), small("a", 5), small("b", 5)], "a 0"),
        ([sentence("A note.", "note"), TERMS], "What it means."),
    ],
    ids=["sentences before tables", "a note before the glossary"],
)
def test_no_heading_stays_behind_with_what_only_leads_to_the_rest(end: list[Block], mark: str) -> None:
    """However long what stands before is, the heading of a section is on the page of its first table or terms."""
    filled = replace(small("filled"), rows=tuple(Row((f"row {n}", n)) for n in range(24)))
    for more in (2, 4, 6, 7):
        rows = (*filled.rows, *(Row((f"more {n}", n)) for n in range(more)))
        report = report_of(replace(filled, rows=rows))
        report = replace(
            report, sections=(*report.sections, Section("end", say("The last one"), "E", tuple(end)))
        )
        page = next(page for page in pages_of(report) if "The last one" in page)
        assert mark in page, more
