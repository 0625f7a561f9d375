from __future__ import annotations

import pytest

from reportgen.document import NumberFormat
from reportgen.language import speaking
from reportgen.render.cellformats import number_format

PERCENT = NumberFormat("percent", 1)


@pytest.mark.parametrize(
    ("value", "how", "code"),
    [
        (0.931, PERCENT, "#,##0.0%"),
        (0.9999, PERCENT, "#,##0.00%"),
        (0.00004, PERCENT, "#,##0.000%"),
        (1.0, PERCENT, "#,##0.0%"),
        (0.0, PERCENT, "#,##0.0%"),
        (1e-12, PERCENT, "0.0E+00%"),
        (0.021, NumberFormat("points", 1, signed=True), "+#,##0.0;-#,##0.0;#,##0.0"),
        (1e-12, NumberFormat("points", 1, signed=True), "+0.0E+00;-0.0E+00;0.0E+00"),
        (1e20, NumberFormat(decimals=1), "0.000E+00"),
        (-4e14, NumberFormat(signed=True), "+0.00E+00;-0.00E+00"),
        (9e12, NumberFormat(), "#,##0"),
        (0.0004, NumberFormat(decimals=1), "#,##0.0000"),
        (2.154e-13, NumberFormat(decimals=7), "0.00E+00"),
        (0.001, NumberFormat("general"), "0.000"),
        (2.5e-7, NumberFormat("general"), "0.0E+00"),
    ],
)
def test_rounding_never_lies(value: float, how: NumberFormat, code: str) -> None:
    assert number_format(value, how) == code
    with speaking("de"):  # formats are written in English; a German Excel shows them with its own signs
        assert number_format(value, how) == code


def test_a_unit_is_quoted_in_every_part() -> None:
    points = NumberFormat("points", 1, signed=True)
    assert (
        number_format(0.1, points, with_unit=True) == '+#,##0.0" points";-#,##0.0" points";#,##0.0" points"'
    )
    assert number_format(1.0, NumberFormat(unit='in"ch'), with_unit=True) == '#,##0" inch"'
    assert number_format(0.5, PERCENT, with_unit=True) == "#,##0.0%"
