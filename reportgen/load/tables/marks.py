"""What only the XML of an ``.xlsx`` tells: percent formats, hidden rows, error cells, formulas without a result."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from reportgen.language import mark, message

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN_PERCENT = frozenset((9, 10))
_QUOTED = re.compile(r'"[^"]*"|\\.')
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
NO_RESULT = mark("a formula without a stored result; open the file in a spreadsheet program and save it")


def add_marks(path: str, sheets: list[dict[str, Any]]) -> None:
    """Add ``percent``, ``odd`` and ``hidden_rows`` to each sheet that the workbook lists."""
    with zipfile.ZipFile(path) as archive:
        styles = _percent_styles(archive)
        for sheet, member in zip(sheets, _members(archive), strict=False):
            if member in archive.namelist():
                with archive.open(member) as file:
                    _read_sheet(file, styles, sheet)


def _members(archive: zipfile.ZipFile) -> list[str]:
    """List the members of the sheets in the order of the workbook."""
    links = {node.get("Id"): node.get("Target") for node in _nodes(archive, "xl/_rels/workbook.xml.rels")}
    found = []
    for node in _nodes(archive, "xl/workbook.xml"):
        if node.tag == f"{_MAIN}sheet":
            target = links.get(node.get(_LINK)) or ""
            found.append(target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target))
    return found


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Find the cell formats that show percent."""
    percent = set(_BUILT_IN_PERCENT)
    styles: list[int] = []
    for node in _nodes(archive, "xl/styles.xml"):
        if node.tag == f"{_MAIN}numFmt" and "%" in _QUOTED.sub("", node.get("formatCode") or ""):
            percent.add(int(node.get("numFmtId") or 0))
        parent = node.getparent()
        if node.tag == f"{_MAIN}xf" and parent is not None and parent.tag == f"{_MAIN}cellXfs":
            styles.append(int(node.get("numFmtId") or 0))
    return frozenset(at for at, number in enumerate(styles) if number in percent)


def _read_sheet(file: IO[bytes], percent_styles: frozenset[int], sheet: dict[str, Any]) -> None:
    percent, odd, hidden = [], [], []
    for row in _elements(file, f"{_MAIN}row"):
        number = int(row.get("r") or 0) - 1
        if row.get("hidden") in ("1", "true"):
            hidden.append(number)
        for cell in row.iter(f"{_MAIN}c"):
            place = _place(cell.get("r") or "")
            if place is None:
                continue
            value = cell.findtext(f"{_MAIN}v")
            if cell.get("t") == "e":
                odd.append([*place, message("the error {value}", value=value)])
            elif cell.find(f"{_MAIN}f") is not None and not value:
                odd.append([*place, NO_RESULT])
            elif value and int(cell.get("s") or 0) in percent_styles:
                percent.append(list(place))
    sheet.update({"percent": percent, "odd": odd, "hidden_rows": hidden})


def _nodes(archive: zipfile.ZipFile, member: str) -> Iterator[Any]:
    if member in archive.namelist():
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        with archive.open(member) as file:
            yield from etree.parse(file, parser).getroot().iter(etree.Element)


def _elements(file: IO[bytes], tag: str) -> Iterator[Any]:
    """Give each element when it is whole, and forget it: a sheet may be larger than memory."""
    for _, element in etree.iterparse(file, tag=tag, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _place(address: str) -> tuple[int, int] | None:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
