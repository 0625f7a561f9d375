"""The workbook: a report as an Excel file, written with openpyxl, which only this package imports."""

from __future__ import annotations

from reportgen.render.xlsx.renderer import XlsxRenderer

__all__ = ["XlsxRenderer"]
