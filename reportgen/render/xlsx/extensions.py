"""The list of extensions at the end of a sheet: what Excel learned after 2007, and openpyxl never."""

from __future__ import annotations

from typing import Final

from lxml import etree
from lxml.etree import _Element

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
X14: Final = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM: Final = "http://schemas.microsoft.com/office/excel/2006/main"


def add_extension(root: _Element, text: str) -> None:
    """Add one extension, given as XML, to a sheet's list, which is its last element."""
    found = root.find(f"{{{MAIN}}}extLst")
    if found is None:
        found = etree.SubElement(root, f"{{{MAIN}}}extLst")
    found.append(etree.fromstring(text))
