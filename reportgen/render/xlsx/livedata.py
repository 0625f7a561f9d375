"""The sheets that the live comparison reads: averages, verdicts of all pairs, and what its chart draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn

from reportgen.document import NumberFormat, excel_format
from reportgen.language import mark, tr
from reportgen.render.cellformats import number_format
from reportgen.render.live import LiveModel
from reportgen.render.measure import row_height, split_lines, text_width
from reportgen.render.sheets import sheet_address
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.chartdata import Strip
from reportgen.render.xlsx.headings import wide_enough
from reportgen.render.xlsx.livechart import AXIS_FORMAT, GROUPS, MOST_BARS, Bars, group_names, group_of
from reportgen.render.xlsx.names import UniqueNames
from reportgen.render.xlsx.rows import area, column_letter
from reportgen.render.xlsx.setup import print_head
from reportgen.render.xlsx.styles import Look
from reportgen.render.xlsx.tables import HEADING_WIDEST

LIVE_SHEET: Final = mark("Live comparison")
DATA_SHEET: Final = mark("Live data")
PAIRS_SHEET: Final = mark("All verdicts")
FIRST: Final = 12
"""First row of set-ups on the live sheet."""
TOP: Final = 6
"""First row of values on the sheets that are read."""
DASH: Final = "\N{EN DASH}"
NEARLY: Final = 1e-9
"""Two figures closer than this are the same: programs differ in the last digits of a product."""
_MOST_DECIMALS: Final = 9
QUIET: Final = Look(color="secondary")
_HEADER: Final = Look(bold=True, wrap=True, fill="tint", line="secondary")


@dataclass(frozen=True, slots=True)
class LiveNames:
    """Names of the three sheets."""

    live: str
    data: str
    pairs: str

    @classmethod
    def claim(cls, names: UniqueNames) -> LiveNames:
        """Take names that no other sheet has."""
        return cls(names.claim(tr(LIVE_SHEET)), names.claim(tr(DATA_SHEET)), names.claim(tr(PAIRS_SHEET)))


def apart(column: int) -> dict[str, Any]:
    """Give what keeps a text apart from a number that ends at its left."""
    return {"align": "left", "indent": min(column - 1, 1)}


def signed(how: NumberFormat) -> NumberFormat:
    """Give the format of a difference of numbers in a format."""
    return replace(how, signed=True)


def _limit_format(value: float, how: NumberFormat) -> str:
    """Give the format of a limit: with all the decimals that somebody typed, however few its metric has."""
    typed = (n for n in range(how.decimals, _MOST_DECIMALS) if abs(round(value, n) - value) < NEARLY)
    return excel_format(replace(how, decimals=next(typed, _MOST_DECIMALS)))


class LiveData:
    """Writes the two sheets that are read, and knows where they hold what."""

    def __init__(
        self,
        model: LiveModel,
        names: LiveNames,
        tables: UniqueNames,
        back: Callable[[Canvas, int], int],
    ) -> None:
        """*back* writes the way back to the summary into a row and gives the next one."""
        self._model, self._tables, self._back = model, tables, back
        self.sheet, self.pairs, self._live = map(sheet_address, (names.data, names.pairs, names.live))
        self._count, self._width = len(model.setups), len(model.metrics)
        self.metric_top = TOP + self._count + 3
        self.choice_top = self.metric_top + self._width + 4
        self._bar_top = self.choice_top + len(model.choices) + 4

    def head(self, canvas: Canvas, title: str, what: str) -> int:
        """Write title, line below and the way back; give the next row."""
        row = canvas.text(1, title, Look(size=18, bold=True, color="focus"))
        return self._back(canvas, canvas.text(row, what, QUIET))

    def declare(
        self, canvas: Canvas, name: str, corner: tuple[int, int], headings: Sequence[str], numbers: range
    ) -> None:
        """Write the headings, those of *numbers* at the right, and make a table of them and the rows below.

        The columns have their least widths already. *corner*: row of the headings, and number of rows below.
        """
        (top, rows), lines, scale = corner, 1, canvas.styles.text_scale
        for column, heading in enumerate(headings, 1):
            at_right = column in numbers
            beside = {"align": "right"} if at_right else apart(column)
            canvas.put(top, column, heading, replace(_HEADER, **beside))
            known = canvas.sheet.column_dimensions[column_letter(column)].width
            indent = 0 if at_right else min(column - 1, 1)
            width = wide_enough(heading, known, indent, scale, HEADING_WIDEST)
            canvas.widen(column, width)
            lines = max(lines, len(split_lines(heading, (width - 1.5) / scale, bold=True)))
        canvas.heights[top] = row_height(lines) + 3
        claimed = self._tables.claim(name)
        canvas.sheet.add_table(
            ExcelTable(
                displayName=claimed,
                name=claimed,
                ref=area((top, 1), (top + rows, len(headings))),
                tableColumns=[TableColumn(id=i, name=heading) for i, heading in enumerate(headings, 1)],
            )
        )

    def write_values(self, canvas: Canvas) -> None:
        """Write the averages, what is kept of each metric, and what can be picked."""
        model = self._model
        self.head(
            canvas, tr("What the live comparison reads"), tr("Averages of every set-up. Please do not sort.")
        )
        labels = [metric.label for metric in model.metrics]
        canvas.widen(1, 46)
        for column in range(2, max(self._width, 3) + 2):
            canvas.widen(column, 18)
        numbers = range(2, self._width + 2)
        self.declare(canvas, "live_values", (TOP - 1, self._count), (tr("Set-up"), *labels), numbers)
        formats = [metric.shown for metric in model.metrics]
        for row, (name, values) in enumerate(zip(model.setups, model.values, strict=True), TOP):
            canvas.put(row, 1, name, Look())
            for column, (value, how) in enumerate(zip(values, formats, strict=True), 2):
                shown = tr("no result") if value is None else value
                code = "General" if value is None else number_format(value, how)
                canvas.put(row, column, shown, Look(number_format=code, align="right"))
        headings = (
            tr("Metric"),
            tr("Better is (1 up, −1 down)"),
            tr("Smallest difference that matters (as shown)"),
            tr("Target (as shown)"),
        )
        self.declare(canvas, "live_metrics", (self.metric_top - 1, self._width), headings, range(2, 5))
        for row, metric in enumerate(model.metrics, self.metric_top):
            canvas.put(row, 1, metric.label, Look())
            canvas.put(row, 2, metric.sign, Look())
            for column, value in ((3, metric.smallest), (4, metric.target)):
                code = "General" if value is None else _limit_format(value, metric.shown)
                look = Look(fill="focus_tint", number_format=code, align="right")
                canvas.put(row, column, tr("none given") if value is None else value, look)
        canvas.put(self.metric_top + self._width, 1, tr("The coloured cells are yours to fill in."), QUIET)
        heading, corner = (tr("Can be compared with"),), (self.choice_top - 1, len(model.choices))
        self.declare(canvas, "live_choices", corner, heading, range(0))
        for row, place in enumerate(model.choices, self.choice_top):
            canvas.put(row, 1, model.setups[place - 1], Look())
        canvas.sheet.print_title_rows = f"{TOP - 1}:{TOP - 1}"
        print_head(canvas.sheet, TOP - 2)
        canvas.sheet.freeze_panes = f"B{TOP}"

    def bars(self, canvas: Canvas) -> Bars:
        """Write what the chart draws: each difference in the column of its verdict's colour."""
        model, top = self._model, self._bar_top
        count, names = min(self._count, MOST_BARS), group_names()
        heads = (
            tr("Bars of the chart"),
            tr("Better (unit of the metric)"),
            tr("Worse (unit of the metric)"),
            tr("Others (unit of the metric)"),
        )
        for column, name in enumerate(names, 2):  # the legend reads these
            canvas.put(top - 2, column, name, QUIET)
        self.declare(canvas, "live_bars", (top - 1, count), heads, range(2, 5))
        verdicts, gaps = model.verdicts(), [self.gap(place) for place in range(1, count + 1)]
        columns: list[list[float]] = [[], [], []]
        for place, gap in enumerate(gaps, 1):
            row, source = top + place - 1, FIRST + place - 1
            canvas.put(row, 1, model.setups[place - 1], Look())
            own = group_of(verdicts.get((1, model.baseline, place), ""))
            value, sign = f"{self._live}!$C${source}", f"LEFT({self._live}!$E${source},1)"
            other = f'{sign}<>"{GROUPS[0][1]}",{sign}<>"{GROUPS[1][1]}"'
            for group, (_, mark_of) in enumerate(GROUPS):
                is_its = f'{sign}="{mark_of}"' if mark_of else other
                shown = gap if gap is not None and group == own else 0.0
                columns[group].append(shown)
                look = Look(number_format=AXIS_FORMAT, align="right")
                formula = f"IF(AND(ISNUMBER({value}),{is_its}),{value},0)"
                canvas.formula(row, group + 2, formula, shown, look)
        canvas.reach(top + count - 1, max(self._width + 1, 4))

        def strip(column: str, row: int, values: Sequence[float | str]) -> Strip:
            last = f":${column}${row + len(values) - 1}" if len(values) > 1 else ""
            return Strip(f"{self.sheet}!${column}${row}{last}", tuple(values))

        groups = (
            (strip(column, top - 2, [name]), strip(column, top, values))
            for column, name, values in zip("BCD", names, columns, strict=True)
        )
        return Bars(strip("A", top, model.setups[:count]), tuple(groups))

    def gap(self, place: int) -> float | None:
        """Give a set-up's difference from the one that is picked at first; positive is better."""
        value, base = self._model.values[place - 1][0], self._model.values[self._model.baseline - 1][0]
        return None if value is None or base is None else (value - base) * self._model.metrics[0].sign

    def write_pairs(self, canvas: Canvas) -> None:
        """Write the verdicts, a row for each pair and metric."""
        model = self._model
        what = tr(
            "One row for each pair and metric, worked out by the rules of the report. Please do not sort."
        )
        self.head(canvas, tr("The verdicts of all pairs"), what)
        headings = (
            tr("Key"),
            tr("Metric"),
            tr("Compared with"),
            tr("Set-up"),
            tr("Difference (positive is better)"),
            tr("Verdict"),
        )
        longest = max(map(text_width, (*model.setups, tr("Compared with")))) * canvas.styles.text_scale
        for column, width in enumerate((10.0, 24.0, longest + 3, longest + 3, 16.0, 24.0), 1):
            canvas.widen(column, width)
        self.declare(canvas, "pair_verdicts", (TOP - 1, len(model.pairs)), headings, range(5, 6))
        beside = {column: Look(**apart(column)) for column in (2, 3, 4, 6)}
        formats = [signed(metric.shown) for metric in model.metrics]
        for row, pair in enumerate(model.pairs, TOP):
            canvas.put(row, 1, f"{pair.metric}|{pair.against}|{pair.setup}", QUIET)
            metric = model.metrics[pair.metric - 1]
            for column, text in (
                (2, metric.label),
                (3, model.setups[pair.against - 1]),
                (4, model.setups[pair.setup - 1]),
                (6, pair.verdict),
            ):
                canvas.put(row, column, text, beside[column])
            gap, code = DASH if pair.difference is None else pair.difference, "General"
            if pair.difference is not None:
                code = number_format(pair.difference, formats[pair.metric - 1])
            canvas.put(row, 5, gap, Look(number_format=code, align="right"))
        canvas.reach(TOP + len(model.pairs) - 1, 6)
        canvas.sheet.print_title_rows = f"{TOP - 1}:{TOP - 1}"
        print_head(canvas.sheet, TOP - 2)
        canvas.sheet.freeze_panes = f"A{TOP}"
