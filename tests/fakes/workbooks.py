"""What tests read from a workbook's sheets."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

UNSET_WIDTH = 8.43
"""Of a column whose width nobody set."""


def printed_width(sheet: Any) -> float:
    """Add up the widths of the columns of a sheet's print area, in Excel's unit."""
    _, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    known = sheet.column_dimensions
    letters = map(get_column_letter, range(1, (last or 0) + 1))
    return sum(known[letter].width if letter in known else UNSET_WIDTH for letter in letters)


def as_pdf(path: Path, folder: Path) -> Path:
    """Let LibreOffice print a workbook."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    return folder / f"{path.stem}.pdf"
