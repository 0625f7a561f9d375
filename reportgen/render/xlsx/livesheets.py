"""The live comparison: pick a set-up and a metric, and values, differences and verdicts follow by formulas.

The formulas are INDEX, MATCH and IF alone, over sheets that anybody can look at, so that Excel from 2016 on,
LibreOffice and Google Sheets make the same of them. Every formula carries its result, worked out here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from reportgen.document import excel_format
from reportgen.language import tr
from reportgen.render.live import LiveModel
from reportgen.render.measure import row_height, split_lines, text_width
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.chart_parts import Palette
from reportgen.render.xlsx.livechart import add_live_chart
from reportgen.render.xlsx.livedata import DASH, FIRST, NEARLY, QUIET, TOP, LiveData, LiveNames, apart, signed
from reportgen.render.xlsx.livedecimals import follow_metric
from reportgen.render.xlsx.names import UniqueNames
from reportgen.render.xlsx.rows import area
from reportgen.render.xlsx.styles import Look

_INPUT: Final = Look(bold=True, fill="focus_tint", line="focus")
_NAMES_WIDTHS: Final = (36.0, 46.0)
"""Of the column of set-ups, least and most; longer names take several lines."""
_NEARLY: Final = "0.000000001"
"""`NEARLY` in a formula."""


class LiveSheets:
    """Writes the live sheet and the two that it reads."""

    def __init__(
        self,
        model: LiveModel,
        names: LiveNames,
        tables: UniqueNames,
        palette: Palette,
        back: Callable[[Canvas, int], int],
    ) -> None:
        """*back* writes the way back to the summary into a row and gives the next one."""
        self._model, self._palette = model, palette
        self._read = LiveData(model, names, tables, back)
        self._data, self._pairs, self._metric_top = self._read.sheet, self._read.pairs, self._read.metric_top
        self._count, self._width = len(model.setups), len(model.metrics)

    def write(self, live: Canvas, data: Canvas, pairs: Canvas) -> None:
        """Fill the three sheets."""
        self._read.write_values(data)
        self._read.write_pairs(pairs)
        self._write_live(live)
        add_live_chart(live, self._read.bars(data), self._palette, f"I{FIRST - 1}", self._count)

    def _write_live(self, canvas: Canvas) -> None:
        model, start = self._model, self._model.baseline
        what = tr("Pick a set-up and a metric in the coloured cells: everything below follows.")
        self._read.head(canvas, tr("Compare with any set-up"), what)
        self._inputs(canvas)
        headings = (
            tr("Set-up"), tr("Average (unit of the metric)"), tr("Difference (positive is better)"), tr("Relative difference (%)"), tr("Verdict"),
            tr("Large enough to matter"), tr("Reaches the target"),
        )  # fmt: skip
        self._names(canvas)
        for column, width in enumerate((13, 14, 12, 20, 16, 13), 2):
            canvas.widen(column, width)
        self._read.declare(canvas, "live_comparison", (FIRST - 1, self._count), headings, range(2, 5))
        verdicts = model.verdicts()
        for place in range(1, self._count + 1):
            self._row(canvas, place, verdicts.get((1, start, place)))
        canvas.reach(FIRST + self._count - 1, 7)
        canvas.sheet.freeze_panes = f"B{FIRST}"
        canvas.sheet.print_title_rows = f"{FIRST - 1}:{FIRST - 1}"
        self._color(canvas)
        last = FIRST + self._count - 1
        follow_metric(canvas, model, f"B7 B{FIRST}:B{last}", f"C{FIRST}:C{last}")

    def _inputs(self, canvas: Canvas) -> None:
        model, metric = self._model, self._model.metrics[0]
        first, last = TOP, TOP + self._count - 1
        canvas.put(5, 1, tr("Compared with"), Look(bold=True))
        canvas.put(5, 2, model.setups[model.baseline - 1], _INPUT)
        canvas.put(6, 1, tr("Metric"), Look(bold=True))
        canvas.put(6, 2, metric.label, _INPUT)
        names = f"{self._data}!$A${first}:$A${last}"
        labels = f"{self._data}!$A${self._metric_top}:$A${self._metric_top + self._width - 1}"
        canvas.formula(5, 7, f"MATCH($B$5,{names},0)", model.baseline, QUIET)
        canvas.formula(6, 7, f"MATCH($B$6,{labels},0)", 1, QUIET)
        for row in (5, 6):  # a long name flows over the cells at its right
            canvas.fill(row, range(3, 6), _INPUT)
            canvas.put(row, 6, tr("its place in the list"), replace(QUIET, align="right"))
        average, base = excel_format(metric.shown), model.values[model.baseline - 1][0]
        self._lookup(canvas, 7, tr("Its average"), self._table("$G$5"), base, average)
        for row, label, column, value in (
            (8, tr("Smallest difference that matters"), "C", metric.smallest),
            (9, tr("Target"), "D", metric.target),
        ):
            cells = (
                f"{self._data}!${column}${self._metric_top}:${column}${self._metric_top + self._width - 1}"
            )
            found = f'IF(ISNUMBER(INDEX({cells},$G$6)),INDEX({cells},$G$6),"{DASH}")'
            self._lookup(canvas, row, label, found, value)
        self._choose(canvas, "B5", self._choices(), tr("Pick one of the set-ups."))
        self._choose(canvas, "B6", labels, tr("Pick one of the metrics."))

    def _choices(self) -> str:
        """Give the cells that list the set-ups to pick from."""
        first = self._read.choice_top
        return f"{self._data}!$A${first}:$A${first + len(self._model.choices) - 1}"

    def _lookup(
        self, canvas: Canvas, row: int, label: str, formula: str, value: float | None, code: str = "General"
    ) -> None:
        canvas.put(row, 1, label, Look(bold=True))
        shown = DASH if value is None else value
        canvas.formula(row, 2, formula, shown, Look(number_format=code, align="right"))

    def _table(self, place: str | int) -> str:
        """Write the look-up of a set-up's average of the metric that is picked."""
        table = area((TOP, 2), (TOP + self._count - 1, self._width + 1))
        first, _, last = table.partition(":")
        fixed = f"{_fixed(first)}:{_fixed(last)}"
        return f"INDEX({self._data}!{fixed},{place},$G$6)"

    def _names(self, canvas: Canvas) -> None:
        """Write the set-ups in whole: the number beside a name that is too long for its cell would cut it."""
        scale, (least, most) = canvas.styles.text_scale, _NAMES_WIDTHS
        longest = max(text_width(name, bold=True) for name in self._model.setups) * scale
        width = min(max(least, longest + 2), most)
        canvas.widen(1, width)
        for row, name in enumerate(self._model.setups, FIRST):
            lines = len(split_lines(name, (width - 1.2) / scale, bold=True))
            canvas.put(row, 1, name, Look(wrap=lines > 1))
            if lines > 1:
                canvas.heights[row] = row_height(lines)

    def _row(self, canvas: Canvas, place: int, verdict: str | None) -> None:
        model, row = self._model, FIRST + place - 1
        metric, base = model.metrics[0], model.values[model.baseline - 1][0]
        value = model.values[place - 1][0]
        number = Look(number_format=excel_format(metric.shown), align="right")
        canvas.formula(row, 2, self._table(place), tr("no result") if value is None else value, number)
        both = f"AND(ISNUMBER(B{row}),ISNUMBER($B$7))"
        signs = f"{self._data}!$B${self._metric_top}:$B${self._metric_top + self._width - 1}"
        gap = self._read.gap(place)
        change = Look(number_format=excel_format(signed(metric.shown)), align="right")
        formula = f'IF({both},(B{row}-$B$7)*INDEX({signs},$G$6),"{DASH}")'
        canvas.formula(row, 3, formula, DASH if gap is None else gap, change)
        share = None if gap is None or not base or base < 0 else gap / base
        percent = Look(number_format="+0.0%;-0.0%;0.0%", align="right")
        formula = f'IF({both},IF($B$7>0,C{row}/$B$7,"{DASH}"),"{DASH}")'
        canvas.formula(row, 4, formula, DASH if share is None else share, percent)
        self._verdict(canvas, row, place, verdict)
        enough = DASH
        if gap is not None and metric.smallest is not None and place != model.baseline:
            enough = _yes(abs(gap) - metric.smallest >= -NEARLY)
        words = f'"{_quoted(tr("yes"))}","{_quoted(tr("no"))}"'
        is_other = f"AND(ISNUMBER(C{row}),ISNUMBER($B$8),$G$5<>{place})"
        formula = f'IF({is_other},IF(ABS(C{row})-$B$8>=-{_NEARLY},{words}),"{DASH}")'
        canvas.formula(row, 6, formula, enough, Look(**apart(6)))
        reached = DASH
        if value is not None and metric.target is not None:
            reached = _yes((value - metric.target) * metric.sign >= -NEARLY)
        sign = f"INDEX({signs},$G$6)"
        formula = (
            f'IF(AND(ISNUMBER(B{row}),ISNUMBER($B$9)),IF((B{row}-$B$9)*{sign}>=-{_NEARLY},{words}),"{DASH}")'
        )
        canvas.formula(row, 7, formula, reached, Look(**apart(7)))

    def _verdict(self, canvas: Canvas, row: int, place: int, verdict: str | None) -> None:
        last = TOP + len(self._model.pairs) - 1
        keys, found = f"{self._pairs}!$A${TOP}:$A${last}", f"{self._pairs}!$F${TOP}:$F${last}"
        own, none = f"\N{BLACK CIRCLE} {tr('compared with')}", tr("not compared")
        key = f'$G$6&"|"&$G$5&"|{place}"'
        looked_up = f'IFERROR(INDEX({found},MATCH({key},{keys},0)),"{_quoted(none)}")'
        result = own if place == self._model.baseline else verdict or none
        canvas.formula(row, 5, f'IF($G$5={place},"{_quoted(own)}",{looked_up})', result, Look(**apart(5)))

    def _choose(self, canvas: Canvas, cell: str, choices: str, prompt: str) -> None:
        picked = DataValidation(type="list", formula1=choices, allow_blank=False)
        picked.prompt, picked.showInputMessage = prompt, True
        picked.error, picked.showErrorMessage = prompt, True
        picked.add(cell)
        canvas.sheet.add_data_validation(picked)

    def _color(self, canvas: Canvas) -> None:
        rule: Any = FormulaRule  # without types
        picked, last = f"$G$5=ROW()-{FIRST - 1}", FIRST + self._count - 1
        canvas.sheet.conditional_formatting.add(f"A{FIRST}:A{last}", rule([picked], font=Font(b=True)))
        cells = f"E{FIRST}:E{last}"
        for sign, tone in (
            ("\N{BLACK UP-POINTING TRIANGLE}", "good"),
            ("\N{BLACK DOWN-POINTING TRIANGLE}", "bad"),
        ):
            font = Font(color="FF" + canvas.styles.rgb(tone))
            canvas.sheet.conditional_formatting.add(cells, rule([f'LEFT($E{FIRST},1)="{sign}"'], font=font))


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the one thing that is said
    return tr("yes") if is_so else tr("no")


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"
