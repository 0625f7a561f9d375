"""CSV files as spreadsheets write them: the encoding and the delimiter are found out."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from reportgen.errors import AddressError
from reportgen.load.tables.raw import Sheet

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
csv.field_size_limit(1 << 20)


def read_csv(path: Path, address: str) -> Sheet:
    """Read a CSV file as one sheet of texts, empty cells as none.

    Raises:
        AddressError: It cannot be read, or is no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AddressError(f"the file cannot be read ({error.strerror})", where=address) from error
    if b"\x00" in data[:4096]:
        raise AddressError("this is no CSV file: it holds binary data", where=address)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # what Excel writes on Windows
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.splitlines())))
    except csv.Error as error:
        raise AddressError(f"this is no CSV file ({error})", where=address) from error
    return Sheet(path.stem, 0, 0, tuple(tuple(cell or None for cell in row) for row in rows))


def _delimiter(lines: list[str]) -> str:
    """Choose the delimiter that cuts most rows into the same number of cells, and into more than one."""

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines[:_SAMPLE_ROWS], delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0.0, 0
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)

    return max(DELIMITERS, key=evenness)
