"""How large a table is, in words that workbooks and online sheets share."""

from __future__ import annotations

from reportgen.document import NumberFormat, format_number
from reportgen.language import ntr


def size_text(rows: int, columns: int) -> str:
    """Say how large a table is, for people who hear it read."""
    wide = ntr("{n} column", "{n} columns", columns, n=grouped(columns))
    return ntr(
        "One table: {n} row, {columns}.",
        "One table: {n} rows, {columns}.",
        rows,
        n=grouped(rows),
        columns=wide,
    )


def grouped(number: int) -> str:
    """Write a count with its thousands apart."""
    return format_number(number, NumberFormat(grouped=True))
