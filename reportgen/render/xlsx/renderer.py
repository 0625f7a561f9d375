"""Puts the workbook together: sheets by section, then notes and chart data, contents last of all."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import ClassVar

from openpyxl import Workbook

from reportgen.document import Column, Report, Row, Table, say
from reportgen.language import long_day_text, mark, ntr, tr
from reportgen.render.grid import LINE_WIDTH
from reportgen.render.live import COMPARISON, LiveModel, named_model
from reportgen.render.sheets import back_text
from reportgen.render.sizes import grouped, size_text
from reportgen.render.theme import Theme
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.chart_parts import Palette
from reportgen.render.xlsx.chartdata import CHART_DATA_SHEET, HEADER_ROW, ChartData
from reportgen.render.xlsx.clean import Notes
from reportgen.render.xlsx.livedata import LiveNames
from reportgen.render.xlsx.livesheets import LiveSheets
from reportgen.render.xlsx.logo import LOGO_WIDTH, read_logo
from reportgen.render.xlsx.names import one_line, sheet_names, table_names
from reportgen.render.xlsx.notes import with_notes
from reportgen.render.xlsx.package import save
from reportgen.render.xlsx.pages import BEST, Page, paragraph_look, title_look
from reportgen.render.xlsx.plan import PagePlan, SheetPlan, TablePlan, plan_sheets
from reportgen.render.xlsx.rules import add_rules
from reportgen.render.xlsx.setup import (
    leave_out_hindrances,
    print_columns,
    print_head,
    print_width,
    set_portrait,
    set_up_sheet,
    set_up_workbook,
)
from reportgen.render.xlsx.sparklines import (
    COURSES_SHEET,
    RUNS,
    TOP,
    course_format,
    courses_of,
    courses_table,
    sparklines,
    with_courses,
)
from reportgen.render.xlsx.styles import Look, Stylebook, rgb
from reportgen.render.xlsx.summary import ContentsEntry, write_about, write_contents
from reportgen.render.xlsx.tables import TableSheet
from reportgen.render.xlsx.themepart import read_theme_part

NOTES_SHEET = mark("Notes")
_LINK = Look(color="focus", underline=True)
_QUIET = Look(color="secondary")


class XlsxRenderer:
    """The Excel workbook."""

    format: ClassVar[str] = "xlsx"
    suffix: ClassVar[str] = ".xlsx"

    def render(self, report: Report, theme: Theme, target: Path) -> tuple[str, ...]:
        """Write the whole workbook to *target*; the same report gives the same bytes.

        Raises:
            OSError: The file cannot be written.
            TemplateError: The logo or the company's theme cannot be read.
        """
        book = _Book(report, theme)
        book.build()
        save(book.workbook, book.canvases, target)
        return ()


class _Book:
    """One workbook while it is put together."""

    def __init__(self, report: Report, theme: Theme) -> None:
        self.report = report
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.canvases: dict[str, Canvas] = {}
        self._styles = Stylebook(self.workbook, theme)
        colors = {name: rgb(color) for name, color in theme.colors.items()}
        self._palette = Palette(colors, theme.fonts["workbook"])
        self._logo = read_logo(theme.logo)
        self._notes = Notes()
        self._names, self._table_names = sheet_names(), table_names()
        set_up_workbook(self.workbook, report)
        if theme.workbook is not None:
            self.workbook.loaded_theme = read_theme_part(theme.workbook)

    def build(self) -> None:
        """Fill all sheets."""
        self._courses = courses_of(self.report)
        report = with_courses(self.report, self._courses) if self._courses else self.report
        planned = plan_sheets(with_notes(report), self._names)
        self._courses_sheet = self._names.claim(tr(COURSES_SHEET)) if self._courses else ""
        self._summary = planned[0][0].name
        model = named_model(self.report, one_line)
        live = None if model is None else (model, LiveNames.claim(self._names))
        data = ChartData(self._names.claim(tr(CHART_DATA_SHEET)))
        pages: list[tuple[PagePlan, Page]] = []
        contents: list[ContentsEntry] = []
        for section, plans in zip(self.report.sections, planned, strict=True):
            for plan in plans:
                contents.append(ContentsEntry(plan.name, _about_sheet(plan)))
                canvas = self._canvas(plan.name)
                if isinstance(plan, TablePlan):
                    self._write_table(canvas, plan)
                else:
                    pages.append((plan, self._write_page(canvas, plan, plans, data)))
            if live is not None and section.id == COMPARISON:  # beside what it makes alive
                self._canvas(live[1].live)
                contents.append(ContentsEntry(live[1].live, tr("Compare with any set-up")))
        contents += self._write_live(live)
        if data:
            contents.append(self._write_chart_data(data))
        if self._courses:
            contents.append(self._write_courses())
        if self._notes.counts:
            contents.append(self._write_notes())
        _, first = pages[0]
        summary = self.canvases[self._summary]
        write_contents(summary, first, contents[1:], self._table_names.claim("contents"))
        write_about(summary, first, self.report)
        self.workbook.active = 0
        if self.report.meta.accessible:
            leave_out_hindrances(self.workbook)

    def _write_live(self, live: tuple[LiveModel, LiveNames] | None) -> list[ContentsEntry]:
        if live is None:
            return []
        model, names = live
        titles = {
            names.live: tr("Compare with any set-up"),
            names.data: tr("What the live comparison reads"),
            names.pairs: tr("The verdicts of all pairs"),
        }
        new = [name for name in titles if name not in self.canvases]
        for name in new:
            self._canvas(name)
        sheets = LiveSheets(model, names, self._table_names, self._palette, self._back)
        sheets.write(*(self.canvases[name] for name in titles))
        return [ContentsEntry(name, titles[name]) for name in new]

    def _canvas(self, name: str) -> Canvas:
        sheet = self.workbook.create_sheet(name)
        set_up_sheet(sheet, self.report.meta)
        canvas = self.canvases[name] = Canvas(sheet, self._styles, self._notes)
        return canvas

    def _write_page(self, canvas: Canvas, plan: PagePlan, plans: list[SheetPlan], data: ChartData) -> Page:
        page = Page(canvas, data, self._palette, self._table_names)
        page.set_columns(plan.blocks)
        title = plan.section.title.text
        logo = self._logo if canvas.title == self._summary else None
        width = LINE_WIDTH - (LOGO_WIDTH if logo else 0.0)
        look = title_look(one_line(title), width / self._styles.text_scale)
        page.row = canvas.text(1, one_line(title) or plan.name, look, width)
        if logo:
            page.place_logo(logo)
        others = [other for other in plans if other is not plan]
        if canvas.title == self._summary:
            meta = self.report.meta
            runs = ntr("{n} run in all", "{n} runs in all", meta.runs, n=grouped(meta.runs))
            parts = [meta.title, meta.issue_name, long_day_text(meta.built_at.astimezone(UTC)), runs]
            canvas.sheet.freeze_panes = "A2"  # the answer stays in sight
            canvas.page_height = set_portrait(canvas.sheet, meta)
            page.row = canvas.text(page.row, " · ".join(part for part in parts if part), _QUIET)
        else:
            page.row = self._back(canvas, page.row)
            for other in others:
                canvas.put(page.row, 1, tr("See the table: {name}", name=other.name), _LINK)
                canvas.link(page.row, 1, other.name)
                page.row += 1
        page.gap()
        page.write(plan.blocks)
        return page

    def _write_table(self, canvas: Canvas, plan: TablePlan) -> None:
        table = TableSheet(canvas, plan.table)
        count, columns = len(plan.table.rows), len(table)
        what = [size_text(count, columns)]
        if plan.parts > 1:
            template = mark("Part {part} of {parts}: a sheet cannot hold it all.")
            what.append(tr(template, part=plan.part, parts=plan.parts))
        main = sum(1 for column in plan.table.columns if not column.detail)
        printed = print_width(table.widths, main)
        if printed < len(table.widths):
            # paper cuts what flows over its last column; widths of text are estimates
            canvas.text_width = min(LINE_WIDTH, sum(table.widths[:printed]) - 2)
            on_paper = grouped(printed)
            what.append(
                ntr(
                    "On paper: the first {n} column.", "On paper: the first {n} columns.", printed, n=on_paper
                )
            )
        if table.marks_best:
            what.append(tr(BEST))
        row = self._head(canvas, plan.title.text or plan.name, " ".join(what))
        for paragraph in plan.text:
            row = canvas.text(row, paragraph.sentence.text, paragraph_look(paragraph))
        if plan.table.title.text not in {plan.title.text, ""}:
            row = canvas.text(row, plan.table.title.text, Look(bold=True))
        if plan.table.note:
            row = canvas.text(row, plan.table.note.text, Look(italic=True, color="secondary"))
        canvas.heights[row] = 6.0
        table.write(row + 1, self._table_names.claim(plan.table.id))
        add_rules(canvas, table)
        if plan.table.id == RUNS and self._courses:
            color = self._palette.rgb("other")
            canvas.sparklines.append(
                sparklines(plan.table, row + 1, self._courses, self._courses_sheet, color)
            )
        if printed < len(table.widths):
            print_columns(canvas.sheet, printed, canvas.last_row)

    def _head(self, canvas: Canvas, title: str, what: str) -> int:
        title = one_line(title) or canvas.title
        row = canvas.text(1, title, title_look(title, canvas.text_width / self._styles.text_scale))
        row = canvas.text(row, what, _QUIET)
        return self._back(canvas, row)

    def _back(self, canvas: Canvas, row: int) -> int:
        canvas.put(row, 1, back_text(self._summary), _LINK)
        canvas.link(row, 1, self._summary)
        return row + 1

    def _write_chart_data(self, data: ChartData) -> ContentsEntry:
        canvas = self._canvas(data.sheet)
        what = tr("The charts read these rows: please do not sort or delete them.")
        self._head(canvas, tr("The numbers behind the charts"), what)
        TableSheet(canvas, data.table()).write(
            HEADER_ROW, self._table_names.claim("chart_data"), filters=False
        )
        print_head(canvas.sheet, HEADER_ROW - 1)
        canvas.sheet.sheet_properties.tabColor = "FF" + self._styles.rgb("other")
        return ContentsEntry(canvas.title, tr("The numbers behind the charts"))

    def _write_courses(self) -> ContentsEntry:
        canvas, table = (
            self._canvas(self._courses_sheet),
            courses_table(self._courses, course_format(self.report)),
        )
        self._head(canvas, table.title.text, tr("The small charts beside the runs read these rows."))
        TableSheet(canvas, table).write(TOP, self._table_names.claim(table.id), filters=False)
        print_head(canvas.sheet, TOP - 1)
        return ContentsEntry(canvas.title, table.title.text)

    def _write_notes(self) -> ContentsEntry:
        title = tr("What had to be changed to fit a workbook")
        rows = tuple(
            Row((sheet, count, tr(sentence)))
            for (sheet, sentence), count in sorted(self._notes.counts.items())
        )
        columns = (
            Column("sheet", tr("Sheet")),
            Column("cells", tr("Cells")),
            Column("change", tr("What they were")),
        )
        table = Table("notes", say(title), columns, rows)
        canvas = self._canvas(self._names.claim(tr(NOTES_SHEET)))
        row = self._head(
            canvas, title, tr("One table: how many cells of which sheet show something else than was logged.")
        )
        TableSheet(canvas, table).write(row + 1, self._table_names.claim("notes"))
        return ContentsEntry(canvas.title, title)


def _about_sheet(plan: SheetPlan) -> str:
    if isinstance(plan, PagePlan):
        return plan.section.title.text
    if plan.parts == 1:
        return plan.title.text
    template = mark("{title} ({part} of {parts})")
    return tr(template, title=plan.title.text, part=plan.part, parts=plan.parts)
