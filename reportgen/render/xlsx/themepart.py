"""The theme part of a company's own file: its palette and fonts for whatever people add to the workbook.

Only the theme is taken, never a sheet: a filled-in template would lose what openpyxl does not know.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reportgen.errors import TemplateError

MAX_BYTES: Final = 2 * 2**20
"""Real themes have some 10 kB; more is no theme."""
_PART: Final = re.compile(r"(?:theme|xl|ppt|word)/theme/theme1\.xml")
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NEEDED: Final = ("clrScheme", "fontScheme", "fmtScheme")
_DO: Final = "Give a .thmx, .xlsx, .xltx, .pptx, .potx or .docx file of your company under [theme] workbook."


def read_theme_part(path: Path) -> bytes:
    """Take the theme out of a ``.thmx`` or any Office file.

    Raises:
        TemplateError: There is no such file, it is no Office file, or its theme is none.
    """
    try:
        with ZipFile(path) as archive:
            parts = [info for info in archive.infolist() if _PART.fullmatch(info.filename)]
            if not parts:
                raise _wrong(path, "it holds no theme")
            if parts[0].file_size > MAX_BYTES:
                raise _wrong(path, f"its theme has {parts[0].file_size:,} bytes, and no theme is that large")
            content = archive.read(parts[0])
    except OSError as error:
        raise _wrong(path, error.strerror or str(error)) from error
    # NotImplementedError: an unknown compression; RuntimeError: it wants a password
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _wrong(path, f"it is no readable Office file: {error}") from error
    return _checked(content, path)


def _checked(content: bytes, path: Path) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _wrong(path, f"its theme is no XML: {error.msg}") from error
    elements = root.find(f"{{{_DRAWING}}}themeElements")
    if (
        root.tag != f"{{{_DRAWING}}}theme"
        or elements is None
        or any(elements.find(f"{{{_DRAWING}}}{name}") is None for name in _NEEDED)
    ):
        raise _wrong(path, "its theme lacks colours, fonts or formats")
    for fill in root.findall(f".//{{{_DRAWING}}}blipFill"):
        _make_plain(fill)
    for found in root.iter():
        for name in found.attrib:
            if str(name).startswith(f"{{{_RELATIONS}}}"):  # what it points at does not come along
                del found.attrib[name]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _make_plain(fill: etree._Element) -> None:
    """Put the plain colour where a picture was: the picture is another part of the company's file."""
    parent = fill.getparent()
    if parent is not None:
        plain = etree.SubElement(parent, f"{{{_DRAWING}}}solidFill")
        etree.SubElement(plain, f"{{{_DRAWING}}}schemeClr").set("val", "phClr")
        parent.replace(fill, plain)


def _wrong(path: Path, why: str) -> TemplateError:
    return TemplateError(f"the company's theme cannot be taken: {why}", where=str(path), do=_DO)
