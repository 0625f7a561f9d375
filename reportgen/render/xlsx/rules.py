"""Conditional formats: bars from zero, and colours that know which way is good."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle

from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.databars import DataBar
from reportgen.render.xlsx.styles import rgb
from reportgen.render.xlsx.tables import TableSheet

BAR_STRENGTH = 0.22
"""Share of the colour in a bar; the rest is paper, so that the number on it stays readable."""


def add_rules(canvas: Canvas, table: TableSheet) -> None:
    """Add the conditional formats of a written table.

    A signed column with a goal is coloured by sign, which the number shows as well. In another column
    with a goal the best value is bold. Bars grow from zero.
    """
    for index in range(len(table)):
        column, low, high, count = table.scan(index)
        if not count:
            continue
        ref = table.column_area(index)
        signed = column.format is not None and column.format.signed
        rising = column.goal != "minimize"
        if column.bar and low < high:
            good, bad = ("good", "bad") if column.goal else ("focus", "focus")
            up, down = (good, bad) if rising else (bad, good)
            pale = {name: _pale(canvas, name if signed else "focus") for name in (up, down)}
            canvas.bars.append(DataBar(ref, pale[up], pale[down], low, high))
        if column.goal and signed:
            _add_sign_rules(canvas, ref, "good" if rising else "bad", "bad" if rising else "good")
        elif table.has_best(index):
            best = DifferentialStyle(font=Font(b=True, color="FF" + canvas.styles.rgb("good")))
            rule = Rule(type="top10", rank=1, bottom=None if rising else True, dxf=best)
            canvas.sheet.conditional_formatting.add(ref, rule)


def _add_sign_rules(canvas: Canvas, ref: str, above: str, below: str) -> None:
    for operator, color in ((">", above), ("<", below)):
        # text compares as greater than any number: "not measured" is no gain
        first = ref.partition(":")[0]
        look = DifferentialStyle(font=Font(color="FF" + canvas.styles.rgb(color), b=True))
        formula = f"AND(ISNUMBER({first}),{first}{operator}0)"
        canvas.sheet.conditional_formatting.add(ref, Rule(type="expression", formula=[formula], dxf=look))


def _pale(canvas: Canvas, name: str) -> str:
    color, paper = (bytes.fromhex(rgb(canvas.styles.theme.colors[key])) for key in (name, "paper"))
    mixed = (round(c * BAR_STRENGTH + p * (1 - BAR_STRENGTH)) for c, p in zip(color, paper, strict=True))
    return bytes(mixed).hex().upper()
