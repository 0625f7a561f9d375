"""Reads a workbook in a process of its own, which may be ended: a small file can ask for a terabyte.

Run as ``python -m reportgen.load.tables.child FILE``; writes JSON that `raw.sheet_from` understands. A
trouble that can be told is one line on stderr and exit code 3.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY_BYTES = 2 << 30
MAX_CELLS = 5_000_000
"""A sheet kept by hand is far smaller; more than this is a mistake or a trap."""


def main() -> int:
    """Read the file that the command line names."""
    _limit_memory()
    path = sys.argv[1]
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [_sheet(book.get_sheet_by_name(name)) for name in book.sheet_names]
        if path.lower().endswith((".xlsx", ".xlsm")):
            from reportgen.load.tables.marks import add_marks

            add_marks(path, sheets)
    except PasswordError:
        return _say("it is protected by a password; save it without one")
    except (CalamineError, ValueError, OSError) as error:
        return _say(str(error).splitlines()[0] if str(error) else type(error).__name__)
    json.dump({"sheets": sheets}, sys.stdout)
    return 0


def _say(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 3


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; there only the time is limited
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _sheet(sheet: Any) -> dict[str, Any]:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        size = f"{sheet.total_height:,} rows by {sheet.total_width:,} columns"
        raise ValueError(f"sheet {sheet.name!r} spans {size}, which is no table kept by hand")
    top, left = sheet.start or (0, 0)
    rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    try:
        ranges = sheet.merged_cell_ranges
    except Exception:  # noqa: BLE001 - formats that do not tell raise errors of several kinds
        ranges = None
    merged = None if ranges is None else [[a[0], a[1], b[0], b[1]] for a, b in ranges]
    return {"name": sheet.name, "top": top, "left": left, "rows": rows, "merged": merged}


def _plain(cell: Any) -> Any:
    match cell:
        case datetime():
            return {"time": cell.isoformat()}
        case date():
            return {"time": datetime(cell.year, cell.month, cell.day).isoformat()}  # noqa: DTZ001 - none is given
        case timedelta():
            return {"seconds": cell.total_seconds()}
        case time():
            return {"seconds": cell.hour * 3600 + cell.minute * 60 + cell.second}
        case _:
            return cell


if __name__ == "__main__":
    sys.exit(main())
