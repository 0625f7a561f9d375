"""What a workbook holds, cell by cell: read from its XML, since both formula and last result are wanted."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from reportgen.document import STAMP
from reportgen.verify.interface import Item, Scalar

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CORE = "{http://purl.org/dc/elements/1.1/}"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_stamp(path: Path) -> str | None:
    """Give the workbook's stamp; None without one, or where it is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = _parsed(archive, "docProps/custom.xml")
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return None
    for entry in root:
        if entry.get("name") == STAMP:
            return "".join(str(text) for text in entry.itertext())
    return None


def workbook_items(path: Path) -> Iterator[Item]:
    """Give every cell that holds something: its value, and beside it its formula where it has one.

    The result of a formula is left out where no program has stored one yet.
    """
    with zipfile.ZipFile(path) as archive:
        yield from _properties(archive)
        shared = _shared_texts(archive)
        for name, part in _sheets(archive):
            for cell in _parsed(archive, part).iter(f"{_MAIN}c"):
                yield from _cell(name, cell, shared)


def _properties(archive: zipfile.ZipFile) -> Iterator[Item]:
    """Give title and subject, which say what the report says; who saved it and when is no matter."""
    if "docProps/core.xml" not in archive.namelist():
        return
    root = _parsed(archive, "docProps/core.xml")
    for name in ("title", "subject"):
        text = root.findtext(f"{_CORE}{name}")
        if text:
            yield Item(("property", name), f"property {name}", text)


def _cell(sheet: str, cell: etree._Element, shared: list[str]) -> Iterator[Item]:
    address = cell.get("r") or ""
    place = f"{sheet}!{address}"
    formula = cell.findtext(f"{_MAIN}f")
    if formula is not None:
        yield Item((sheet, address, "formula"), f"{place} (formula)", f"={formula}")
    value = _value(cell, shared)
    if value is not None and value != "":
        # Excel works formulas out again, so a result that is not stored is no difference
        yield Item((sheet, address, "result" if formula is not None else "value"), place, value)


def _value(cell: etree._Element, shared: list[str]) -> Scalar:
    sort, text = cell.get("t") or "n", cell.findtext(f"{_MAIN}v")
    if sort == "inlineStr":
        return _unescaped("".join(t.text or "" for t in cell.iter(f"{_MAIN}t")))
    if text is None:
        return None
    if sort == "s":
        return shared[int(text)]
    if sort == "b":
        return text == "1"
    if sort == "n":
        return (
            float(text) if text else None
        )  # a program that works nothing out leaves the result of a formula empty
    return _unescaped(text)


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [
        _unescaped("".join(t.text or "" for t in entry.iter(f"{_MAIN}t")))
        for entry in _parsed(archive, "xl/sharedStrings.xml").iter(f"{_MAIN}si")
    ]


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give the sheets by name, each with the part that holds it."""
    targets = {
        str(entry.get("Id")): str(entry.get("Target"))
        for entry in _parsed(archive, "xl/_rels/workbook.xml.rels")
    }
    for sheet in _parsed(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        part = targets[str(sheet.get(_RELATION))]
        if "worksheets/" in part:
            yield str(sheet.get("name")), posixpath.normpath(posixpath.join("/xl", part)).lstrip("/")


def _parsed(archive: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(archive.read(part), parser)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
