"""The live comparison: pick a set-up and a metric, and values, differences and verdicts follow by formulas.

The formulas are INDEX, MATCH and IF alone, over two hidden tabs; no verdict is decided by a formula.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from reportgen.document import NumberFormat, Report, excel_format
from reportgen.language import mark, ntr, tr
from reportgen.render.gsheet.book import Book, address
from reportgen.render.gsheet.canvas import Area, Canvas, Input, PlacedChart, Rule
from reportgen.render.gsheet.chartspecs import Block, frame
from reportgen.render.gsheet.looks import AUTOMATIC, Look, color_style
from reportgen.render.gsheet.pages import ROW_PIXELS, Page
from reportgen.render.gsheet.tables import HEADER
from reportgen.render.gsheet.values import Formula, Value, column_letter, one_line, quoted
from reportgen.render.live import LiveModel, named_model

LIVE_DATA: Final = mark("Live data")
VERDICTS: Final = mark("All verdicts")
DASH: Final = "\N{EN DASH}"
UP, DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"
MOST_BARS: Final = 20
_NEARLY: Final = "(1/1000000000)"
"""Two figures closer than this are the same: the last digits of a product differ from place to place."""
_FIRST: Final = 6
"""First row of set-ups on the tab of values, counted from 0."""
_INPUT: Final = Look(bold=True, fill="focus_tint")


class LiveTabs:
    """Writes the live table onto the page of the comparison, and the two hidden tabs that it reads."""

    def __init__(self, book: Book, report: Report) -> None:
        self._book = book
        self._model = named_model(report, one_line)

    def __bool__(self) -> bool:
        return self._model is not None

    def write(self, page: Page, canvas: Canvas) -> None:
        """Write inputs and table below what the page holds."""
        model = self._model
        if model is None:
            return
        data = self._book.tab("live_data", tr(LIVE_DATA), "data")
        pairs = self._book.tab("all_verdicts", tr(VERDICTS), "data")
        page.text(
            tr("Pick a set-up and a metric in the coloured cells: everything below follows."), Look(bold=True)
        )
        table = _Live(self._book, model, (canvas, data, pairs), page.row)
        page.row = table.write(page.columns)


class _Live:
    """One live comparison; its first row is *top*."""

    def __init__(self, book: Book, model: LiveModel, tabs: tuple[Canvas, Canvas, Canvas], top: int) -> None:
        self._book, self._model, self._top = book, model, top
        self._canvas, self._data, self._pairs = tabs
        self._count, self._width = len(model.setups), len(model.metrics)
        self._metric_top = _FIRST + self._count + 2
        self._choice_top = self._metric_top + self._width + 2
        self._bar_top = self._choice_top + len(model.choices) + 2
        self._header = top + 6
        # a tab's formats cannot follow what is picked: one with room for every metric keeps points in line
        self._how = NumberFormat("number", max(metric.shown.decimals for metric in model.metrics))

    def write(self, columns: int) -> int:
        """Write everything; give the next free row of the page."""
        self._write_data()
        self._write_pairs()
        self._write_inputs()
        headings = (
            tr("Set-up"), tr("Average (unit of the metric)"), tr("Difference (positive is better)"),
            tr("Relative difference (%)"), tr("Verdict"), tr("Large enough to matter"), tr("Reaches the target"),
        )  # fmt: skip
        canvas = self._canvas
        canvas.put_row(self._header, headings)
        canvas.paint(Area(self._header, 0, self._header + 1, max(columns, len(headings))), HEADER)
        for place in range(1, self._count + 1):
            self._row(place)
        first, last = self._header + 1, self._header + 1 + self._count
        for column, code in ((1, excel_format(self._how)), (2, self._signed), (3, "+0.0%;-0.0%;0.0%")):
            canvas.paint(Area(first, column, last, column + 1), Look(code=code, align="RIGHT"))
        canvas.paint(Area(first, 0, last, 1), Look(wrap="WRAP"))
        canvas.paint(Area(self._header, 1, first, 4), Look(align="RIGHT"))
        canvas.paint(Area(self._header, 4, last, 5), Look(apart=True))
        self._color(Area(first, 4, last, 5))
        return self._chart(last + 1)

    # the tabs that are read

    def _write_data(self) -> None:
        model, data = self._model, self._data
        data.put(0, 0, tr("Averages of every set-up. Please do not sort."))
        names = self._names()
        labels = self._labels()
        data.put_row(1, (tr("Place of what is compared with"), Formula(f"=MATCH({self._here(0)};{names};0)")))
        data.put_row(2, (tr("Place of the metric"), Formula(f"=MATCH({self._here(1)};{labels};0)")))
        data.put_row(_FIRST - 1, (tr("Set-up"), *(metric.label for metric in model.metrics)))
        for row, (name, values) in enumerate(zip(model.setups, model.values, strict=True), _FIRST):
            shown = (tr("no result") if value is None else value for value in values)
            data.put_row(row, (name, *shown))
        data.put_row(
            self._metric_top - 1,
            (
                tr("Metric"),
                tr("Better is (1 up, −1 down)"),
                tr("Smallest difference that matters (as shown)"),
                tr("Target (as shown)"),
            ),
        )
        for row, metric in enumerate(model.metrics, self._metric_top):
            limits = (tr("none given") if v is None else v for v in (metric.smallest, metric.target))
            data.put_row(row, (metric.label, metric.sign, *limits))
        data.put(self._choice_top - 1, 0, tr("Can be compared with"))
        for row, place in enumerate(model.choices, self._choice_top):
            data.put(row, 0, model.setups[place - 1])

    def _write_pairs(self) -> None:
        model, pairs = self._model, self._pairs
        pairs.put(
            0,
            0,
            tr(
                "One row for each pair and metric, worked out by the rules of the report. Please do not sort."
            ),
        )
        headings = (
            tr("Key"), tr("Metric"), tr("Compared with"), tr("Set-up"), tr("Difference (positive is better)"),
            tr("Verdict"),
        )  # fmt: skip
        pairs.put_row(1, headings)
        for row, pair in enumerate(model.pairs, 2):
            values: tuple[Value, ...] = (
                f"{pair.metric}|{pair.against}|{pair.setup}",
                model.metrics[pair.metric - 1].label,
                model.setups[pair.against - 1],
                model.setups[pair.setup - 1],
                pair.difference,
                pair.verdict,
            )
            pairs.put_row(row, values)
        pairs.paint(Area(2, 4, 2 + len(model.pairs), 5), Look(code=self._signed))

    # the live part

    @property
    def _signed(self) -> str:
        return excel_format(replace(self._how, signed=True))

    def _here(self, place: int) -> str:
        """Name the cell of one of the two inputs."""
        return address(self._canvas, f"$B${self._top + place + 1}")

    def _names(self) -> str:
        return address(self._data, f"$A${_FIRST + 1}:$A${_FIRST + self._count}")

    def _labels(self) -> str:
        return address(self._data, f"$A${self._metric_top + 1}:$A${self._metric_top + self._width}")

    def _of_metric(self, column: str) -> str:
        """Look up what is kept of the metric that is picked."""
        first, last = self._metric_top + 1, self._metric_top + self._width
        return f"INDEX({address(self._data, f'${column}${first}:${column}${last}')};{self._metric})"

    @property
    def _metric(self) -> str:
        return address(self._data, "$B$3")

    def _average(self, place: str) -> str:
        last = column_letter(self._width)
        cells = address(self._data, f"$B${_FIRST + 1}:${last}${_FIRST + self._count}")
        return f"INDEX({cells};{place};{self._metric})"

    def _write_inputs(self) -> None:
        canvas, model, top = self._canvas, self._model, self._top
        choices = address(self._data, f"$A${self._choice_top + 1}:$A${self._choice_top + len(model.choices)}")
        setups = tuple(model.setups[place - 1] for place in model.choices)
        entries = (
            (
                tr("Compared with"),
                model.setups[model.baseline - 1],
                choices,
                setups,
                tr("Pick one of the set-ups."),
            ),
            (
                tr("Metric"),
                model.metrics[0].label,
                self._labels(),
                tuple(metric.label for metric in model.metrics),
                tr("Pick one of the metrics."),
            ),
        )
        for row, (label, value, source, allowed, prompt) in enumerate(entries, top):
            canvas.put(row, 0, label, Look(bold=True))
            canvas.put(row, 1, value)
            canvas.paint(Area(row, 1, row + 1, 4), _INPUT)
            canvas.inputs.append(Input(row, 1, value, source, allowed, prompt))
        found = [(tr("Its average"), self._average(address(self._data, "$B$2")))]
        found += (
            (label, f'IF(ISNUMBER({self._of_metric(column)});{self._of_metric(column)};"{DASH}")')
            for label, column in ((tr("Smallest difference that matters"), "C"), (tr("Target"), "D"))
        )
        for row, (label, formula) in enumerate(found, top + 2):
            canvas.put(row, 0, label, Look(bold=True))
            code = excel_format(self._how) if row == top + 2 else AUTOMATIC
            canvas.put(row, 1, Formula(f"={formula}"), Look(code=code, align="RIGHT"))

    def _row(self, place: int) -> None:
        canvas, row = self._canvas, self._header + place
        number, base = row + 1, f"$B${self._top + 3}"
        own = place == self._model.baseline
        canvas.put(row, 0, self._model.setups[place - 1], Look(bold=own))
        canvas.put(row, 1, Formula(f"={self._average(str(place))}"))
        both = f"AND(ISNUMBER(B{number});ISNUMBER({base}))"
        sign = self._of_metric("B")
        canvas.put(row, 2, Formula(f'=IF({both};(B{number}-{base})*{sign};"{DASH}")'))
        canvas.put(row, 3, Formula(f'=IF({both};IF({base}>0;C{number}/{base};"{DASH}");"{DASH}")'))
        canvas.put(row, 4, Formula(self._verdict(place)))
        words = f"{quoted(tr('yes'))};{quoted(tr('no'))}"
        least, target = f"$B${self._top + 4}", f"$B${self._top + 5}"
        is_other = f"{address(self._data, '$B$2')}<>{place}"
        given = f"AND(ISNUMBER(C{number});ISNUMBER({least});{is_other})"
        enough = f"IF(ABS(C{number})-{least}>=-{_NEARLY};{words})"
        canvas.put(row, 5, Formula(f'=IF({given};{enough};"{DASH}")'))
        given = f"AND(ISNUMBER(B{number});ISNUMBER({target}))"
        reached = f"IF((B{number}-{target})*{sign}>=-{_NEARLY};{words})"
        canvas.put(row, 6, Formula(f'=IF({given};{reached};"{DASH}")'))

    def _verdict(self, place: int) -> str:
        last = 2 + len(self._model.pairs)
        keys, found = (address(self._pairs, f"${c}$3:${c}${last}") for c in "AF")
        picked, none = address(self._data, "$B$2"), quoted(tr("not compared"))
        own = quoted(f"\N{BLACK CIRCLE} {tr('compared with')}")
        key = f'{self._metric}&"|"&{picked}&"|{place}"'
        return f"=IF({picked}={place};{own};IFERROR(INDEX({found};MATCH({key};{keys};0));{none}))"

    def _color(self, area: Area) -> None:
        cell = f"${column_letter(area.left)}{area.top + 1}"
        for sign, tone in ((UP, "good"), (DOWN, "bad")):
            look = {"textFormat": {"foregroundColorStyle": color_style(tone, self._book.theme)}}
            test = f"LEFT({cell};1)={quoted(sign)}"
            self._canvas.rules.append(Rule(f"live-verdict-{tone}", area, test, look))

    # its chart

    def _chart(self, row: int) -> int:
        """Draw the differences as bars, coloured by verdict, from cells that follow what is picked."""
        canvas, data, count = self._canvas, self._data, min(self._count, MOST_BARS)
        top, groups = self._bar_top, (("good", UP), ("bad", DOWN), ("other", ""))
        headings = (tr("Set-up"), tr("better"), tr("worse"), tr("not settled, or no clear gain"))
        data.put_row(top, headings)
        for place in range(1, count + 1):
            line = self._header + place + 1
            value, verdict = (address(canvas, f"${c}${line}") for c in "CE")
            first = f"LEFT({verdict};1)"
            other = f"{first}<>{quoted(UP)};{first}<>{quoted(DOWN)}"
            tests = [f"{first}={quoted(sign)}" if sign else other for _, sign in groups]
            bars = (Formula(f"=IF(AND(ISNUMBER({value});{test});{value};0)") for test in tests)
            data.put_row(top + place, (self._model.setups[place - 1], *bars))
        block = Block(data.sheet_id, top, top + 1 + count)
        basic: dict[str, Any] = {
            "chartType": "BAR",
            "headerCount": 1,
            "stackedType": "STACKED",
            "legendPosition": "BOTTOM_LEGEND",
            "domains": [{"domain": block.column(0)}],
            "series": [
                {
                    "series": block.column(column),
                    "targetAxis": "BOTTOM_AXIS",
                    "colorStyle": color_style(color, self._book.theme),
                }
                for column, (color, _) in enumerate(groups, 1)
            ],
            "axis": [
                {"position": "BOTTOM_AXIS", "title": tr("Positive is better (unit of the metric)")},
                {"position": "LEFT_AXIS", "title": ""},
            ],
        }
        title = tr("Difference from the set-up that is picked")
        if self._count > count:
            first_n = ntr("The first {n} in the table", "The first {n} in the table", count, n=str(count))
            title = f"{title} ({first_n})"
        alt = tr(
            "Bar chart: by how much each set-up is better than the one that is picked. "
            "The numbers stand in the table beside it."
        )
        height = 150 + 24 * count
        spec = frame(self._book, title, alt, basic)
        canvas.charts.append(PlacedChart("live", spec, row, 0, (900, height)))
        canvas.reach(row + 1, 1)
        return row + -(-height // ROW_PIXELS) + 1
