"""One sheet: its cells, tables, merged areas, links, lists and pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from reportgen.check import rules
from reportgen.check.interface import Faults, Rule
from reportgen.check.names import MAX_COLUMN, MAX_ROW, Area, is_table_name, read_area, read_cell
from reportgen.check.parts import MAIN, RELATION, Package, Relation, text_of, unescaped

MAX_LIST = 255
PAGE_ROWS = 60
"""More rows than a printed page has, at any usual size."""
_SHOWN = 60
_SAYS_NOTHING = re.compile(
    r"(?:chart|picture|image|graphic|bild|diagramm|grafik)?[\s\d]*|\S+\.\w{3,4}", re.IGNORECASE
)
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_TAGS = ("row", "c", "col", "mergeCell", "dataValidation", "hyperlink", "sheetProtection")


@dataclass(slots=True)
class Book:
    """What the sheets of one workbook share."""

    package: Package
    texts: list[str]
    quoted: frozenset[str]
    """Cell styles under which Excel keeps a text that begins like a formula."""
    places: set[str]
    """Sheets and defined names that a link may lead to, case folded."""
    repeats: set[str]
    """Sheets whose headings are printed on every page."""
    faults: Faults
    tables: set[str] = field(default_factory=set)
    """Names of tables met so far, case folded."""


@dataclass(slots=True)
class _Table:
    area: Area
    address: str
    headings: list[str]
    headed: bool


class SheetCheck:
    """Checks one sheet; `run` does it."""

    def __init__(self, book: Book, name: str, part: str) -> None:
        self._book, self._name, self._part = book, name, part
        self._relations: dict[str, Relation] = book.package.relations(part)
        self._merged: list[Area] = []
        self._tables: list[_Table] = []
        self._headings: dict[tuple[int, int], str | None] = {}
        self._has_a1 = False
        self._last_row = 0

    def run(self) -> None:
        """Look at everything on the sheet."""
        for relation in self._relations.values():
            if relation.kind == "table":
                self._read_table(relation.target)
        do = {
            "c": self._cell,
            "row": self._row,
            "col": self._hidden,
            "mergeCell": self._merge,
            "dataValidation": self._list,
            "hyperlink": self._link,
            "sheetProtection": self._lock,
        }
        for element in self._book.package.elements(self._part, *(MAIN + tag for tag in _TAGS)):
            do[etree.QName(element).localname](element)
        self._check_tables()
        self._check_merged()
        if not self._has_a1 and self._last_row:
            self._add(rules.NOTHING_IN_A1)
        for relation in self._relations.values():
            if relation.kind == "drawing":
                self._drawing(relation.target)

    def _add(self, rule: Rule, address: str = "", detail: str = "") -> None:
        self._book.faults.add(rule, self._name, address, detail[:_SHOWN])

    def _read_table(self, part: str) -> None:
        root = self._book.package.root(part)
        area = read_area(root.get("ref") or "") if root is not None else None
        if root is None or area is None:
            return
        headings = [unescaped(entry.get("name") or "") for entry in root.iter(f"{MAIN}tableColumn")]
        headed = root.get("headerRowCount") != "0"
        table = _Table(area, root.get("ref") or "", headings, headed)
        name = root.get("displayName") or root.get("name") or ""
        if not is_table_name(name) or name.casefold() in self._book.tables:
            self._add(rules.TABLE_NAME, table.address, name)
        self._book.tables.add(name.casefold())
        if headed and area.bottom == area.top:
            self._add(rules.TABLE_SIZE, table.address, name)
        if any(area.meets(other.area) for other in self._tables):
            self._add(rules.TABLE_SIZE, table.address, name)
        self._tables.append(table)
        if headed:
            for column in range(area.left, min(area.right, MAX_COLUMN) + 1):
                self._headings[area.top, column] = None

    def _row(self, row: etree._Element) -> None:
        if row.get("hidden") in {"1", "true"}:
            self._add(rules.HIDDEN_CELLS, f"row {row.get('r') or ''}")
        row.clear()
        while row.getprevious() is not None:  # rows that were seen are let go: a sheet may have a million
            parent = row.getparent()
            if parent is None:
                break
            del parent[0]

    def _cell(self, cell: etree._Element) -> None:
        address, sort = cell.get("r") or "", cell.get("t") or "n"
        place = read_cell(address)
        if place is None:
            return
        if place[0] > MAX_ROW or place[1] > MAX_COLUMN:
            self._add(rules.TOO_FAR, address)
        formula, value = cell.find(f"{MAIN}f"), cell.findtext(f"{MAIN}v")
        text = self._text(cell, sort, value)
        if text or value:
            self._last_row = max(self._last_row, place[0])
            self._has_a1 = self._has_a1 or place == (1, 1)
        if place in self._headings:
            self._headings[place] = text
        if sort == "e":
            self._add(rules.ERROR_VALUE, address, value or "")
        if formula is not None:
            if "#REF!" in (formula.text or ""):
                self._add(rules.LOST_REFERENCE, address, formula.text or "")
            if not value and sort != "str":  # a result may be an empty text
                self._add(rules.NO_RESULT, address, f"={formula.text or ''}")
        elif text and self._like_a_formula(text) and (cell.get("s") or "0") not in self._book.quoted:
            self._add(rules.LIKE_A_FORMULA, address, text)

    def _text(self, cell: etree._Element, sort: str, value: str | None) -> str | None:
        """Give the text of a cell that holds one."""
        if sort == "inlineStr":
            held = cell.find(f"{MAIN}is")
            return "" if held is None else text_of(held)
        if sort == "str":
            return unescaped(value or "")
        if sort != "s" or value is None:
            return None
        number = int(value) if value.isdigit() else -1
        return self._book.texts[number] if 0 <= number < len(self._book.texts) else None

    @staticmethod
    def _like_a_formula(text: str) -> bool:
        """Tell whether editing makes a formula of it: a dash or arrow alone, or before a blank, stays a text."""
        return text[0] in "=+-@" and len(text) > 1 and (text[0] in "=@" or not text[1].isspace())

    def _hidden(self, columns: etree._Element) -> None:
        if columns.get("hidden") in {"1", "true"}:
            self._add(rules.HIDDEN_CELLS, f"column {columns.get('min') or ''}")

    def _lock(self, protection: etree._Element) -> None:
        if protection.get("sheet") in {"1", "true"}:
            self._add(rules.LOCKED)

    def _merge(self, merged: etree._Element) -> None:
        address = merged.get("ref") or ""
        area = read_area(address)
        if area is None:
            return
        if any(area.meets(table.area) for table in self._tables):
            self._add(rules.MERGED_IN_TABLE, address)
        self._merged.append(area)

    def _list(self, validation: etree._Element) -> None:
        choices = validation.findtext(f"{MAIN}formula1") or ""
        if validation.get("type") == "list" and choices.startswith('"') and len(choices) - 2 > MAX_LIST:
            self._add(rules.LONG_LIST, validation.get("sqref") or "", choices)

    def _link(self, link: etree._Element) -> None:
        address, location = link.get("ref") or "", link.get("location") or ""
        relation = self._relations.get(link.get(f"{RELATION}id") or "")
        if relation is not None and relation.outside:
            if not relation.target.casefold().startswith(("http://", "https://", "mailto:")):
                self._add(rules.ODD_LINK, address, relation.target)
        elif location:
            sheet, found, _ = location.lstrip("#").rpartition("!")
            name = sheet if found else location.lstrip("#")
            if name.startswith("'") and name.endswith("'"):
                name = name[1:-1].replace("''", "'")
            known = name.casefold() in self._book.places or (not found and read_area(name) is not None)
            if not known:
                self._add(rules.BROKEN_LINK, address, location)

    def _check_tables(self) -> None:
        for table in self._tables:
            if not table.headed:
                continue
            if table.area.bottom - table.area.top > PAGE_ROWS and self._name not in self._book.repeats:
                self._add(rules.NO_REPEATED_HEADER, table.address)
            row, columns = table.area.top, range(table.area.left, table.area.right + 1)
            there = [self._headings.get((row, column)) for column in columns]
            unique = {heading.casefold() for heading in table.headings}
            if there != table.headings or len(unique) < len(table.headings) or "" in unique:
                self._add(rules.TABLE_HEADER, table.address)

    def _check_merged(self) -> None:
        above: list[Area] = []
        for area in sorted(self._merged):
            above = [other for other in above if other.bottom >= area.top]
            if any(area.meets(other) for other in above):
                self._add(rules.MERGED_TWICE)
            above.append(area)

    def _drawing(self, part: str) -> None:
        root = self._book.package.root(part)
        for kind in ("graphicFrame", "pic"):
            for drawn in root.iter(_DRAWN + kind) if root is not None else ():
                properties = drawn.find(f".//{_DRAWN}cNvPr")
                if properties is None or any(
                    mark.get("val") in {"1", "true"} for mark in properties.iter(_DECORATIVE)
                ):
                    continue
                if _SAYS_NOTHING.fullmatch((properties.get("descr") or "").strip()):
                    self._add(rules.NO_ALT_TEXT, properties.get("name") or "")
