"""Experiments that people keep by hand: a workbook or a CSV file with one row a run.

    source.py    the port that `load` asks        opening.py  the file, read within limits (child.py, csvs.py)
    raw.py       cells as they stand              marks.py    what only the XML of an .xlsx tells
    layout.py    which sheet, header and rows     values.py   numbers, dates and gaps of a column
    columns.py   what each column is              mapping.py  the small file that keeps what was guessed
    rows.py      rows as runs

What is guessed is never silent: it is told on the screen and in the report, and kept in the mapping file,
where it can be changed.
"""

from __future__ import annotations
