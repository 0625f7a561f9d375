"""The live comparison: pick a set-up and a metric, and values, differences and verdicts follow by formulas.

The formulas are INDEX, MATCH and IF alone, over sheets that anybody can look at, so that Excel from 2016 on,
LibreOffice and Google Sheets make the same of them. Every formula carries its result, worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn

from reportgen.language import mark, tr
from reportgen.render.live import LiveModel
from reportgen.render.measure import row_height, split_lines, text_width
from reportgen.render.sheets import sheet_address
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.chart_parts import Palette
from reportgen.render.xlsx.chartdata import Strip
from reportgen.render.xlsx.livechart import (
    GROUPS,
    MOST_BARS,
    Bars,
    add_live_chart,
    group_names,
    group_of,
)
from reportgen.render.xlsx.names import UniqueNames
from reportgen.render.xlsx.rows import area
from reportgen.render.xlsx.setup import print_head
from reportgen.render.xlsx.styles import Look

LIVE_SHEET: Final = mark("Live comparison")
DATA_SHEET: Final = mark("Live data")
PAIRS_SHEET: Final = mark("All verdicts")
FIRST: Final = 12
"""First row of set-ups on the live sheet."""
_TOP: Final = 6
"""First row of values on the data sheet."""
_HEADER: Final = Look(bold=True, wrap=True, fill="tint", line="secondary")
_INPUT: Final = Look(bold=True, fill="focus_tint", line="focus")
_QUIET: Final = Look(color="secondary")
_NUMBER: Final = "#,##0.00#"
_NAMES_WIDTHS: Final = (36.0, 46.0)
"""Of the column of set-ups, least and most; longer names take several lines."""
DASH: Final = "\N{EN DASH}"
_NEARLY: Final = "0.000000001"
NEARLY: Final = float(_NEARLY)
"""Two figures closer than this are the same: programs differ in the last digits of a product."""


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
        self._model, self._tables, self._back = model, tables, back
        self._data, self._pairs = sheet_address(names.data), sheet_address(names.pairs)
        self._count, self._width = len(model.setups), len(model.metrics)
        self._metric_top = _TOP + self._count + 3
        self._choice_top = self._metric_top + self._width + 4
        self._bar_top = self._choice_top + len(model.choices) + 4
        self._live = sheet_address(names.live)
        self._palette = palette

    def write(self, live: Canvas, data: Canvas, pairs: Canvas) -> None:
        """Fill the three sheets."""
        self._write_data(data)
        self._write_pairs(pairs)
        self._write_live(live)
        add_live_chart(live, self._bars(data), self._palette, f"I{FIRST - 1}", self._count)

    def _head(self, canvas: Canvas, title: str, what: str) -> int:
        row = canvas.text(1, title, Look(size=18, bold=True, color="focus"))
        return self._back(canvas, canvas.text(row, what, _QUIET))

    def _declare(
        self, canvas: Canvas, name: str, top: int, headings: Sequence[str], rows: int, numbers: range
    ) -> None:
        """Write the headings, those of *numbers* at the right, and make a table of them and the rows below."""
        for column, heading in enumerate(headings, 1):
            align: Literal["left", "right"] = "right" if column in numbers else "left"
            canvas.put(top, column, heading, replace(_HEADER, align=align))
        canvas.heights[top] = 47.0
        claimed = self._tables.claim(name)
        canvas.sheet.add_table(
            ExcelTable(
                displayName=claimed,
                name=claimed,
                ref=area((top, 1), (top + rows, len(headings))),
                tableColumns=[TableColumn(id=i, name=heading) for i, heading in enumerate(headings, 1)],
            )
        )

    # the sheets that are read

    def _write_data(self, canvas: Canvas) -> None:
        model = self._model
        self._head(
            canvas, tr("What the live comparison reads"), tr("Averages of every set-up. Please do not sort.")
        )
        labels = [metric.label for metric in model.metrics]
        self._declare(
            canvas, "live_values", _TOP - 1, (tr("Set-up"), *labels), self._count, range(2, self._width + 2)
        )
        for column in range(2, max(self._width, 3) + 2):
            canvas.widen(column, 18)
        for row, (name, values) in enumerate(zip(model.setups, model.values, strict=True), _TOP):
            canvas.put(row, 1, name, Look())
            for column, value in enumerate(values, 2):
                shown = tr("no result") if value is None else value
                canvas.put(row, column, shown, Look(number_format=_NUMBER, align="right"))
        headings = (
            tr("Metric"),
            tr("Better is (1 up, -1 down)"),
            tr("Smallest difference that matters (as shown)"),
            tr("Target (as shown)"),
        )
        self._declare(canvas, "live_metrics", self._metric_top - 1, headings, self._width, range(2, 5))
        for row, metric in enumerate(model.metrics, self._metric_top):
            canvas.put(row, 1, metric.label, Look())
            canvas.put(row, 2, metric.sign, Look())
            for column, value in ((3, metric.smallest), (4, metric.target)):
                look = Look(fill="focus_tint", number_format=_NUMBER, align="right")
                canvas.put(row, column, tr("none given") if value is None else value, look)
        canvas.put(self._metric_top + self._width, 1, tr("The coloured cells are yours to fill in."), _QUIET)
        self._declare(
            canvas,
            "live_choices",
            self._choice_top - 1,
            (tr("Can be compared with"),),
            len(model.choices),
            range(0),
        )
        for row, place in enumerate(model.choices, self._choice_top):
            canvas.put(row, 1, model.setups[place - 1], Look())
        canvas.widen(1, 46)
        canvas.sheet.print_title_rows = f"{_TOP - 1}:{_TOP - 1}"
        print_head(canvas.sheet, _TOP - 2)
        canvas.sheet.freeze_panes = f"B{_TOP}"

    def _bars(self, canvas: Canvas) -> Bars:
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
            canvas.put(top - 2, column, name, _QUIET)
        self._declare(canvas, "live_bars", top - 1, heads, count, range(2, 5))
        verdicts, gaps = model.verdicts(), [self._gap(place) for place in range(1, count + 1)]
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
                look = Look(number_format=f"+{_NUMBER};-{_NUMBER};0", align="right")
                formula = f"IF(AND(ISNUMBER({value}),{is_its}),{value},0)"
                canvas.formula(row, group + 2, formula, shown, look)
        canvas.reach(top + count - 1, max(self._width + 1, 4))

        def strip(column: str, row: int, values: Sequence[float | str]) -> Strip:
            last = f":${column}${row + len(values) - 1}" if len(values) > 1 else ""
            return Strip(f"{self._data}!${column}${row}{last}", tuple(values))

        groups = (
            (strip(column, top - 2, [name]), strip(column, top, values))
            for column, name, values in zip("BCD", names, columns, strict=True)
        )
        return Bars(strip("A", top, model.setups[:count]), tuple(groups))

    def _gap(self, place: int) -> float | None:
        """Give a set-up's difference from the one that is picked at first; positive is better."""
        value, base = self._model.values[place - 1][0], self._model.values[self._model.baseline - 1][0]
        return None if value is None or base is None else (value - base) * self._model.metrics[0].sign

    def _write_pairs(self, canvas: Canvas) -> None:
        model = self._model
        what = tr(
            "One row for each pair and metric, worked out by the rules of the report. Please do not sort."
        )
        self._head(canvas, tr("The verdicts of all pairs"), what)
        headings = (
            tr("Key"),
            tr("Metric"),
            tr("Compared with"),
            tr("Set-up"),
            tr("Difference (positive is better)"),
            tr("Verdict"),
        )
        self._declare(canvas, "pair_verdicts", _TOP - 1, headings, len(model.pairs), range(5, 6))
        for row, pair in enumerate(model.pairs, _TOP):
            canvas.put(row, 1, f"{pair.metric}|{pair.against}|{pair.setup}", _QUIET)
            canvas.put(row, 2, model.metrics[pair.metric - 1].label, Look())
            canvas.put(row, 3, model.setups[pair.against - 1], Look())
            canvas.put(row, 4, model.setups[pair.setup - 1], Look())
            gap = DASH if pair.difference is None else pair.difference
            canvas.put(row, 5, gap, Look(number_format=f"+{_NUMBER};-{_NUMBER};0", align="right"))
            canvas.put(row, 6, pair.verdict, Look())
        for column, width in enumerate((10, 24, 36, 36, 14, 24), 1):
            canvas.widen(column, width)
        canvas.reach(_TOP + len(model.pairs) - 1, 6)
        canvas.sheet.print_title_rows = f"{_TOP - 1}:{_TOP - 1}"
        print_head(canvas.sheet, _TOP - 2)
        canvas.sheet.freeze_panes = f"A{_TOP}"

    # the live one

    def _write_live(self, canvas: Canvas) -> None:
        model, start = self._model, self._model.baseline
        what = tr("Pick a set-up and a metric in the coloured cells: everything below follows.")
        self._head(canvas, tr("Compare with any set-up"), what)
        self._inputs(canvas)
        headings = (
            tr("Set-up"), tr("Average (unit of the metric)"), tr("Difference (positive is better)"), tr("Relative difference (%)"), tr("Verdict"),
            tr("Large enough to matter"), tr("Reaches the target"),
        )  # fmt: skip
        self._declare(canvas, "live_comparison", FIRST - 1, headings, self._count, range(2, 5))
        verdicts = model.verdicts()
        for place in range(1, self._count + 1):
            self._row(canvas, place, verdicts.get((1, start, place)))
        self._names(canvas)
        for column, width in enumerate((13, 14, 12, 20, 14, 12), 2):
            canvas.widen(column, width)
        canvas.reach(FIRST + self._count - 1, 7)
        canvas.sheet.freeze_panes = f"B{FIRST}"
        canvas.sheet.print_title_rows = f"{FIRST - 1}:{FIRST - 1}"
        self._color(canvas)

    def _inputs(self, canvas: Canvas) -> None:
        model, metric = self._model, self._model.metrics[0]
        first, last = _TOP, _TOP + self._count - 1
        canvas.put(5, 1, tr("Compared with"), Look(bold=True))
        canvas.put(5, 2, model.setups[model.baseline - 1], _INPUT)
        canvas.put(6, 1, tr("Metric"), Look(bold=True))
        canvas.put(6, 2, metric.label, _INPUT)
        names = f"{self._data}!$A${first}:$A${last}"
        labels = f"{self._data}!$A${self._metric_top}:$A${self._metric_top + self._width - 1}"
        canvas.formula(5, 7, f"MATCH($B$5,{names},0)", model.baseline, _QUIET)
        canvas.formula(6, 7, f"MATCH($B$6,{labels},0)", 1, _QUIET)
        for row in (5, 6):  # a long name flows over the cells at its right
            canvas.fill(row, range(3, 6), _INPUT)
            canvas.put(row, 6, tr("is number"), replace(_QUIET, align="right"))
        self._lookup(canvas, 7, tr("Its average"), self._table("$G$5"), model.values[model.baseline - 1][0])
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
        first = self._choice_top
        return f"{self._data}!$A${first}:$A${first + len(self._model.choices) - 1}"

    def _lookup(self, canvas: Canvas, row: int, label: str, formula: str, value: float | None) -> None:
        canvas.put(row, 1, label, Look(bold=True))
        shown = DASH if value is None else value
        canvas.formula(row, 2, formula, shown, Look(number_format=_NUMBER, align="right"))

    def _table(self, place: str | int) -> str:
        """Write the look-up of a set-up's average of the metric that is picked."""
        table = area((_TOP, 2), (_TOP + self._count - 1, self._width + 1))
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
            bold = row - FIRST + 1 == self._model.baseline
            canvas.put(row, 1, name, Look(bold=bold, wrap=lines > 1))
            if lines > 1:
                canvas.heights[row] = row_height(lines)

    def _row(self, canvas: Canvas, place: int, verdict: str | None) -> None:
        model, row = self._model, FIRST + place - 1
        metric, base = model.metrics[0], model.values[model.baseline - 1][0]
        value = model.values[place - 1][0]
        number = Look(number_format=_NUMBER, align="right")
        canvas.formula(row, 2, self._table(place), tr("no result") if value is None else value, number)
        both = f"AND(ISNUMBER(B{row}),ISNUMBER($B$7))"
        signs = f"{self._data}!$B${self._metric_top}:$B${self._metric_top + self._width - 1}"
        gap = self._gap(place)
        signed = Look(number_format=f"+{_NUMBER};-{_NUMBER};0", align="right")
        formula = f'IF({both},(B{row}-$B$7)*INDEX({signs},$G$6),"{DASH}")'
        canvas.formula(row, 3, formula, DASH if gap is None else gap, signed)
        share = None if value is None or not base or base < 0 else value / base - 1
        percent = Look(number_format="+0.0%;-0.0%;0.0%", align="right")
        formula = f'IF({both},IF($B$7>0,B{row}/$B$7-1,"{DASH}"),"{DASH}")'
        canvas.formula(row, 4, formula, DASH if share is None else share, percent)
        self._verdict(canvas, row, place, verdict)
        enough = (
            DASH if gap is None or metric.smallest is None else _yes(abs(gap) - metric.smallest >= -NEARLY)
        )
        words = f'"{_quoted(tr("yes"))}","{_quoted(tr("no"))}"'
        formula = (
            f'IF(AND(ISNUMBER(C{row}),ISNUMBER($B$8)),IF(ABS(C{row})-$B$8>=-{_NEARLY},{words}),"{DASH}")'
        )
        canvas.formula(row, 6, formula, enough, Look())
        reached = DASH
        if value is not None and metric.target is not None:
            reached = _yes((value - metric.target) * metric.sign >= -NEARLY)
        sign = f"INDEX({signs},$G$6)"
        formula = (
            f'IF(AND(ISNUMBER(B{row}),ISNUMBER($B$9)),IF((B{row}-$B$9)*{sign}>=-{_NEARLY},{words}),"{DASH}")'
        )
        canvas.formula(row, 7, formula, reached, Look())

    def _verdict(self, canvas: Canvas, row: int, place: int, verdict: str | None) -> None:
        last = _TOP + len(self._model.pairs) - 1
        keys, found = f"{self._pairs}!$A${_TOP}:$A${last}", f"{self._pairs}!$F${_TOP}:$F${last}"
        own, none = f"\N{BLACK CIRCLE} {tr('compared with')}", tr("not compared")
        key = f'$G$6&"|"&$G$5&"|{place}"'
        looked_up = f'IFERROR(INDEX({found},MATCH({key},{keys},0)),"{_quoted(none)}")'
        result = own if place == self._model.baseline else verdict or none
        canvas.formula(
            row, 5, f'IF($G$5={place},"{_quoted(own)}",{looked_up})', result, Look(indent=1, align="left")
        )

    def _choose(self, canvas: Canvas, cell: str, choices: str, prompt: str) -> None:
        picked = DataValidation(type="list", formula1=choices, allow_blank=False)
        picked.prompt, picked.showInputMessage = prompt, True
        picked.error, picked.showErrorMessage = prompt, True
        picked.add(cell)
        canvas.sheet.add_data_validation(picked)

    def _color(self, canvas: Canvas) -> None:
        cells = f"E{FIRST}:E{FIRST + self._count - 1}"
        for sign, tone in (
            ("\N{BLACK UP-POINTING TRIANGLE}", "good"),
            ("\N{BLACK DOWN-POINTING TRIANGLE}", "bad"),
        ):
            font = Font(color="FF" + canvas.styles.rgb(tone))
            rule: Any = FormulaRule  # without types
            canvas.sheet.conditional_formatting.add(cells, rule([f'LEFT($E{FIRST},1)="{sign}"'], font=font))


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the one thing that is said
    return tr("yes") if is_so else tr("no")


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"
