"""Conditional formats: bars from zero, and colours that know which way is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl.formatting.rule import ColorScaleRule, Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle

from reportgen.document import Badge, Column, Tone
from reportgen.render.colors import mixed
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.cells import show_cell
from reportgen.render.xlsx.databars import DataBar
from reportgen.render.xlsx.rows import column_letter
from reportgen.render.xlsx.styles import rgb
from reportgen.render.xlsx.tables import TableSheet

_SETTLED: Final[tuple[Tone, Tone]] = ("good", "bad")
_ANY: Final = Column("any", "any")
SHADE_STRENGTH = 0.4
"""Share of the colour in the best cell of a table of shades."""
BAR_STRENGTH = 0.22
"""Share of the colour in a bar; the rest is paper, so that the number on it stays readable."""


def add_rules(canvas: Canvas, table: TableSheet) -> None:
    """Add the conditional formats of a written table.

    A signed column with a goal is coloured by sign, which the number shows as well, but only where the
    row's verdict says so. In another column with a goal the best value is bold. Bars grow from zero.
    """
    if table.heat:
        _add_shades(canvas, table)
        return
    verdicts = _Verdicts.of(table)
    for index in range(len(table)):
        column, low, high, count = table.scan(index)
        if not count:
            continue
        ref = table.column_area(index)
        signed = column.format is not None and column.format.signed
        rising = column.goal != "minimize"
        if column.bar and low < high:
            good, bad = ("good", "bad") if column.goal else ("focus", "focus")
            if verdicts.open:  # a bar has two colours, by sign alone: they must not contradict a verdict
                good = bad = "other"
            up, down = (good, bad) if rising else (bad, good)
            pale = {name: _pale(canvas, name if signed else "focus") for name in (up, down)}
            if low < 0 < high:  # zero stands in the middle, where its line does not cross the digits
                low, high = -max(-low, high), max(-low, high)
            canvas.bars.append(DataBar(ref, pale[up], pale[down], low, high))
        if column.goal and signed:
            _add_sign_rules(canvas, ref, verdicts, rising=rising)
        elif table.has_best(index):
            best = DifferentialStyle(font=Font(b=True, color="FF" + canvas.styles.rgb("good")))
            rule = Rule(type="top10", rank=1, bottom=None if rising else True, dxf=best)
            canvas.sheet.conditional_formatting.add(ref, rule)


def _add_shades(canvas: Canvas, table: TableSheet) -> None:
    """Shade all numbers of a table on one scale, the better the darker."""
    numbered = [index for index in range(len(table)) if table.scan(index)[3]]
    if not numbered:
        return
    first, last = table.column_area(numbered[0]), table.column_area(numbered[-1])
    ends = [canvas.styles.rgb("paper"), _pale(canvas, "focus", SHADE_STRENGTH)]
    if table.heat == "minimize":
        ends.reverse()
    make: Any = ColorScaleRule  # without types
    rule = make(start_type="min", start_color=f"FF{ends[0]}", end_type="max", end_color=f"FF{ends[1]}")
    canvas.sheet.conditional_formatting.add(f"{first.partition(':')[0]}:{last.rpartition(':')[2]}", rule)


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """The column of verdicts of a table, if it has one, and the words that settle a row for good or bad."""

    column: str = ""
    words: Mapping[Tone, tuple[str, ...]] = field(default_factory=dict)
    open: bool = False
    """Whether some row is settled for neither."""

    @classmethod
    def of(cls, table: TableSheet) -> _Verdicts:
        badges = [
            (n, cell) for row in table.rows for n, cell in enumerate(row.cells) if isinstance(cell, Badge)
        ]
        if not badges:
            return cls()
        first = badges[0][0]
        own = [badge for n, badge in badges if n == first]
        words = {
            tone: tuple(dict.fromkeys(str(show_cell(b, _ANY).value) for b in own if b.tone == tone))
            for tone in _SETTLED
        }
        return cls(column_letter(first + 1), words, any(b.tone not in (*_SETTLED, "baseline") for b in own))

    def condition(self, tone: Tone, row: str) -> str:
        """Write the part of a formula that is true where the row's verdict has this tone."""
        if not self.column:
            return ""
        said = self.words.get(tone, ())
        tests = ",".join(f'${self.column}{row}="{word}"' for word in said) or "FALSE"
        return f",OR({tests})"


def _add_sign_rules(canvas: Canvas, ref: str, verdicts: _Verdicts, *, rising: bool) -> None:
    tones: tuple[Tone, Tone] = ("good", "bad") if rising else ("bad", "good")
    for operator, color in zip("><", tones, strict=True):
        # text compares as greater than any number: "not measured" is no gain
        first = ref.partition(":")[0]
        look = DifferentialStyle(font=Font(color="FF" + canvas.styles.rgb(color), b=True))
        row = first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        formula = f"AND(ISNUMBER({first}),{first}{operator}0{verdicts.condition(color, row)})"
        canvas.sheet.conditional_formatting.add(ref, Rule(type="expression", formula=[formula], dxf=look))


def _pale(canvas: Canvas, name: str, strength: float = BAR_STRENGTH) -> str:
    colors = canvas.styles.theme.colors
    return rgb(mixed(colors[name], colors["paper"], strength))
