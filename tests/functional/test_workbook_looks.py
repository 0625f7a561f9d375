"""The workbook as LibreOffice prints it: what is beside one another is read apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest

from reportgen.config import ThemeConfig
from reportgen.document import INTEGER, Callout, Column, Missing, Paragraph, Report, Row, Section, Table, say
from reportgen.render.grid import grid_widths
from reportgen.render.measure import pixels
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from tests.fakes.reports import meta
from tests.fakes.workbooks import as_pdf

Box = tuple[float, float, float]
"""Left and right end, and the height above the page's lower edge, in points."""


def heads(count: int) -> list[str]:
    """Make headings of two words that no other heading has, of all lengths that may fill a column."""
    return [
        f"{'n' * (4 + n // 5 % 4)}{n:02} {'u' * (3 + n // 20)}{'i' * (n % 5)}{n:02}" for n in range(count)
    ]


def boxes(path: Path, words: list[str]) -> Iterator[tuple[str, int, Box]]:
    document = pypdfium2.PdfDocument(path)
    for number in range(len(document)):
        text = document[number].get_textpage()
        for word in words:
            found = text.search(word, match_whole_word=True).get_next()
            if found:
                first, last = text.get_charbox(found[0]), text.get_charbox(found[0] + found[1] - 1)
                yield word, number, (first[0], last[2], first[1])
    document.close()


@pytest.mark.heavy
def test_each_heading_over_numbers_is_read_alone(tmp_path: Path) -> None:
    count = len(grid_widths(4)) - 1
    tables = [
        Table(
            f"t{place}",
            say("A table"),
            (Column("a", "Set-up"), *(Column(f"c{i}", name, INTEGER) for i, name in enumerate(picked))),
            (Row(("x", *range(count))), Row(("y", *(Missing("not measured"),) * count))),
        )
        for place, picked in enumerate(zip(*[iter(heads(60))] * count, strict=True))
    ]
    sections = [Section("answer", say("The answer"), "Summary", (Paragraph(say("Text.")),))]
    sections.append(Section("page", say("Small tables"), "Page", tuple(tables)))
    path = tmp_path / "report.xlsx"
    XlsxRenderer().render(Report(meta(), tuple(sections), {}), load_theme(ThemeConfig()), path)
    words = [(word, head) for head in heads(60) for word in head.split(" ")]
    owner = dict(words)
    found = list(boxes(as_pdf(path, tmp_path), list(owner)))
    assert len({word for word, _, _ in found}) > 0.9 * len(owner)
    gaps = [
        (max(one[0], two[0]) - min(one[1], two[1]), first, second)
        for (first, page, one), (second, other, two) in combinations(found, 2)
        if page == other and abs(one[2] - two[2]) < 4 and owner[first] != owner[second]
    ]
    assert min(gaps)[0] > 3.5, min(gaps)


@pytest.mark.heavy
def test_no_line_of_text_is_cut_at_the_end_of_the_paper(tmp_path: Path) -> None:
    """Letters on paper are wider than on a screen."""
    text = " ".join(["at a rate of one to a set as it is, a mean of all of it"] * 24)
    sections = (
        Section("answer", say("The answer"), "Summary", (Paragraph(say("Text.")),)),
        Section("page", say("Many words"), "Page", (Paragraph(say(text)), Callout("Box", (say(text),)))),
    )
    path = tmp_path / "report.xlsx"
    XlsxRenderer().render(Report(meta(), sections, {}), load_theme(ThemeConfig()), path)
    document = pypdfium2.PdfDocument(as_pdf(path, tmp_path))
    page = document[1].get_textpage()
    placed = [page.get_charbox(number) for number in range(page.count_chars())]
    ends = [right for _, lower, right, _ in placed if lower > 60]  # above the footer
    document.close()
    columns = sum(map(pixels, grid_widths(4))) * 0.75
    assert len(ends) > 2 * len(text)
    assert max(ends) < 36 + columns  # behind half an inch of margin
