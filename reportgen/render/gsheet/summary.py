"""What stands on the first tab beside the report's own blocks: the time, the contents, and about the report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from reportgen.document import NumberFormat, Report, format_number
from reportgen.language import day_text, mark, ntr, period_text, tr
from reportgen.render.cellformats import DATE_FORMAT
from reportgen.render.grid import TEXT_WIDTH
from reportgen.render.gsheet.book import Book, link
from reportgen.render.gsheet.canvas import Area, Canvas, Named
from reportgen.render.gsheet.looks import Look
from reportgen.render.gsheet.pages import QUIET, Page
from reportgen.render.gsheet.values import Value, clean, one_line
from reportgen.render.measure import split_lines

AS_OF: Final = "reportgen_as_of"
"""Name of the cell with the time of publication."""
_AUDIENCES: Final = {"executive": mark("executives"), "team": mark("the team"), "public": mark("the public")}
_HEADING: Final = Look(bold=True, fill="tint")


def write_head(book: Book, report: Report, canvas: Canvas, page: Page) -> None:
    """Write what the report is, and as of when; the answer stands above it already."""
    meta = report.meta
    n = format_number(meta.runs, NumberFormat())
    runs = ntr("{n} run in all", "{n} runs in all", meta.runs, n=n)
    page.text(
        " · ".join(one_line(part) for part in (meta.title, period_text(meta.period), runs) if part), QUIET
    )
    local = _aware(meta.built_at).astimezone(book.inventory.zone)
    stamp = tr(
        "As of {day}, {time} ({zone}). reportgen writes these tabs anew; notes are safe in a tab of your own.",
        day=day_text(local),
        time=f"{local:%H:%M}",
        zone=book.inventory.zone_name,
    )
    canvas.put(page.row, 0, stamp.replace("\N{NO-BREAK SPACE}", " "), QUIET)
    canvas.volatile.add((page.row, 0))
    page.row += 1
    canvas.frozen = (0, 0) if meta.accessible else (1, 0)  # the answer stays in sight


def write_foot(
    book: Book, report: Report, canvas: Canvas, page: Page, contents: list[tuple[Canvas, str]]
) -> None:
    """Write a link to every other tab, and what one must know of the report."""
    if contents:
        _heading(canvas, page, (tr("Sheet"), tr("What it shows")))
        room = (TEXT_WIDTH - page.first_width - 4) / book.scale
        for other, shows in contents:
            canvas.put(page.row, 0, link(other, other.title), Look(color="focus", wrap="WRAP"))
            lines = split_lines(one_line(shows), room)
            canvas.put(page.row, 1, lines[0] if len(lines) == 1 else f"{lines[0]} \N{HORIZONTAL ELLIPSIS}")
            page.row += 1
        page.gap()
    _heading(canvas, page, (tr("About this report"),))
    _about(book, report, canvas, page)


def _heading(canvas: Canvas, page: Page, texts: tuple[str, ...]) -> None:
    for column, text in enumerate(texts):
        canvas.put(page.row, column, text)
    canvas.paint(Area(page.row, 0, page.row + 1, page.columns), _HEADING)
    page.row += 1


def _about(book: Book, report: Report, canvas: Canvas, page: Page) -> None:
    meta, zone = report.meta, book.inventory.zone
    name = book.inventory.zone_name
    moment = Look(code=DATE_FORMAT, align="LEFT")
    whole = Look(code="#,##0", align="LEFT")
    made = tr("Made on ({zone})", zone=name)
    until = clean(_aware(meta.data_until), zone).value if meta.data_until else None
    facts: list[tuple[str, Value, Look]] = [
        (tr("Decision asked for"), report.open_decision or None, Look()),
        (tr("Period"), period_text(meta.period) or None, Look()),
        (made, clean(_aware(meta.built_at), zone).value, moment),
        (tr("Data until ({zone})", zone=name), until, moment),
        (tr("Runs"), meta.runs, whole),
        (tr("Owner"), meta.owner or None, Look()),
        (tr("Contact"), meta.contact or None, Look()),
        (tr("Written for"), tr(_AUDIENCES[meta.audience]), Look()),
        (tr("Data fingerprint"), meta.fingerprint or None, Look()),
        (tr("Made by"), f"reportgen {meta.version}", Look()),
    ]
    for label, value, look in facts:
        if value is None:
            continue
        canvas.put(page.row, 0, label, QUIET)
        if label == made:
            canvas.volatile.add((page.row, 1))
            canvas.names[AS_OF] = Named(Area(page.row, 1, page.row + 1, 2))
        canvas.put(page.row, 1, clean(value, zone).value, look)
        page.row += 1


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
