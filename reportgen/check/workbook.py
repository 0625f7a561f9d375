"""The workbook as a whole: what it is named, what it takes along, and each of its sheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from reportgen.check import rules
from reportgen.check.interface import Fault, Faults
from reportgen.check.names import is_sheet_name
from reportgen.check.parts import MAIN, RELATION, Package
from reportgen.check.sheets import Book, SheetCheck
from reportgen.errors import UsageError

_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def check_workbook(path: Path) -> tuple[Fault, ...]:
    """Check a workbook, anyone's; the serious faults come first.

    Raises:
        UsageError: It cannot be read.
    """
    faults = Faults()
    with Package(path) as package:
        root = package.root("xl/workbook.xml")
        if root is None:
            raise UsageError("it is no Excel workbook", where=str(path))
        sheets = _sheets(package, root)
        _check_names([name for name, _, _ in sheets], faults)
        _check_company(package, root, faults)
        book = Book(
            package,
            package.shared_texts(),
            _quoted(package),
            {name.casefold() for name, _, _ in sheets} | set(_defined(root)),
            _repeats(root, [name for name, _, _ in sheets]),
            faults,
        )
        for name, state, part in sheets:
            if state != "visible":
                faults.add(rules.HIDDEN_SHEET, name)
            if part in package.names:
                SheetCheck(book, name, part).run()
    return faults.all()


def _sheets(package: Package, root: etree._Element) -> list[tuple[str, str, str]]:
    """Give name, state and part of every sheet; a sheet that is one chart has no part that we read."""
    relations = package.relations("xl/workbook.xml")
    found = []
    for sheet in root.iter(f"{MAIN}sheet"):
        relation = relations.get(sheet.get(f"{RELATION}id") or "")
        part = relation.target if relation is not None and relation.kind == "worksheet" else ""
        found.append((sheet.get("name") or "", sheet.get("state") or "visible", part))
    return found


def _check_names(names: list[str], faults: Faults) -> None:
    seen: set[str] = set()
    for name in names:
        if not is_sheet_name(name) or name.casefold() in seen:
            faults.add(rules.SHEET_NAME, name)
        seen.add(name.casefold())


def _check_company(package: Package, root: etree._Element, faults: Faults) -> None:
    """Check what travels with the sheets."""
    kinds = {relation.kind for relation in package.relations("xl/workbook.xml").values()}
    if "externalLink" in kinds or "connections" in kinds:
        faults.add(rules.OUTSIDE_DATA)
    if "vbaProject" in kinds:
        faults.add(rules.MACROS)
    protection = root.find(f"{MAIN}workbookProtection")
    if protection is not None and protection.get("lockStructure") in {"1", "true"}:
        faults.add(rules.LOCKED)
    for entry in root.iter(f"{MAIN}definedName"):
        if "#REF!" in (entry.text or ""):
            faults.add(rules.LOST_REFERENCE, detail=f"{entry.get('name')} is {entry.text}")
    core = package.root("docProps/core.xml")
    if core is None or not (core.findtext(_TITLE) or "").strip():
        faults.add(rules.NO_TITLE)


def _quoted(package: Package) -> frozenset[str]:
    root = package.root("xl/styles.xml")
    formats = root.find(f"{MAIN}cellXfs") if root is not None else None
    return frozenset(
        str(number)
        for number, entry in enumerate(formats if formats is not None else ())
        if entry.get("quotePrefix") in {"1", "true"}
    )


def _defined(root: etree._Element) -> Iterator[str]:
    for entry in root.iter(f"{MAIN}definedName"):
        yield (entry.get("name") or "").casefold()


def _repeats(root: etree._Element, names: list[str]) -> set[str]:
    """Give the sheets that have rows to repeat at top."""
    found = set()
    for entry in root.iter(f"{MAIN}definedName"):
        number = entry.get("localSheetId") or ""
        if entry.get("name") == "_xlnm.Print_Titles" and number.isdigit() and int(number) < len(names):
            found.add(names[int(number)])
    return found
