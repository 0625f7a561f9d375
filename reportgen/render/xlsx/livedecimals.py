"""Decimals that follow the metric which is picked: a format of a cell cannot look up another one."""

from __future__ import annotations

from typing import Any, Final

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat as ExcelNumberFormat

from reportgen.document import NumberFormat, excel_format
from reportgen.render.live import LiveModel
from reportgen.render.xlsx.canvas import Canvas

_FINER: Final = 2
"""Decimals more for what would be shown as 0."""
_FIRST_ID: Final = 600
"""Number of the first format; lower ones are those of cells."""
_TINY: Final = ("0.0E+00", "+0.0E+00;-0.0E+00;0")


def follow_metric(canvas: Canvas, model: LiveModel, values: str, differences: str) -> None:
    """Give cells the decimals of the metric whose number stands in G6, and more to what would be shown as 0.

    Args:
        canvas: The live sheet.
        model: Its metrics, of which the cells' own format fits the first.
        values: Cells of averages.
        differences: Cells of differences.
    """
    places: dict[int, list[int]] = {}
    for place, metric in enumerate(model.metrics, 1):
        places.setdefault(metric.shown.decimals, []).append(place)
    number = _FIRST_ID
    for cells, with_sign in ((values, False), (differences, True)):
        first = cells.replace(" ", ":").partition(":")[0]
        for decimals, own in places.items():
            picked = f"OR({','.join(f'$G$6={place}' for place in own)})"
            finer = "0." + "0" * decimals + "#" * _FINER
            codes = (
                (_below(first, decimals + _FINER), _TINY[with_sign]),
                (_below(first, decimals), f"+{finer};-{finer};0" if with_sign else finer),
                ("", excel_format(NumberFormat("number", decimals, signed=with_sign))),
            )
            for test, code in codes:
                other: Any = Rule(
                    type="expression",
                    formula=[f"AND({picked},{test})" if test else picked],
                    dxf=DifferentialStyle(numFmt=ExcelNumberFormat(numFmtId=number, formatCode=code)),
                )
                canvas.sheet.conditional_formatting.add(cells, other)
                number += 1


def _below(cell: str, decimals: int) -> str:
    """Write the condition under which a number that is not 0 would be shown as 0."""
    return f"ISNUMBER({cell}),{cell}<>0,ABS({cell})<{0.5 * 10.0**-decimals:.12f}"
