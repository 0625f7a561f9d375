"""Opens a workbook within limits and gives its XML parts; nothing in it is run, fetched or written."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from lxml import etree

from reportgen.errors import UsageError

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_UNPACKED = 1 << 30
MAX_RATIO = 200
"""By how much a workbook of over a megabyte may grow when it is unpacked."""
_MEGABYTE = 1 << 20
_DAMAGE = (
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # zipfile raises it for a compression that it does not know
    EOFError,
    OSError,
    RuntimeError,  # a part that is locked with a password
    ValueError,
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Relation(NamedTuple):
    """A part that another part refers to."""

    kind: str
    """The last word of its type: "worksheet", "table", "drawing", "hyperlink" …"""
    target: str
    """The part's path in the archive, or an address outside."""
    outside: bool


class Package:
    """An open workbook.

    Raises:
        UsageError: There is no such file, it is no workbook that we can read, or it is beyond our limits.
    """

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        if not path.is_file():
            raise UsageError("there is no such file", where=self._where)
        try:
            self._archive = zipfile.ZipFile(path)
        # zipfile raises NotImplementedError for a version of the format that it does not know
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise self._refusal("it is no .xlsx workbook, or is locked with a password") from error
        self.names = {name.lstrip("/"): name for name in self._archive.namelist()}
        try:
            self._check_size(path)
            if "xl/workbook.xml" not in self.names:
                raise self._refusal("it is no Excel workbook")
        except UsageError:
            self._archive.close()
            raise

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._archive.close()

    def root(self, part: str) -> etree._Element | None:
        """Give a part's whole XML; None without such a part."""
        top: etree._Element | None = None
        for element in self.elements(part):
            top = element
        return top

    def elements(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """Give a part's elements of these tags (all without any) as they end.

        Raises:
            UsageError: The part is damaged.
        """
        if part not in self.names:
            return
        try:
            with self._archive.open(self.names[part]) as stream:
                reading = etree.iterparse(
                    stream, events=("end",), tag=tags or None, resolve_entities=False, huge_tree=False
                )
                for _, element in reading:
                    yield element
        except _DAMAGE as error:
            what = " ".join(str(error).split())
            raise self._refusal(f"its part {part} is damaged ({what})") from error

    def relations(self, part: str) -> dict[str, Relation]:
        """Give what a part refers to, by id."""
        folder, name = posixpath.split(part)
        found = {}
        root = self.root(f"{folder}/_rels/{name}.rels")
        for entry in root if root is not None else ():
            outside = entry.get("TargetMode") == "External"
            target = entry.get("Target") or ""
            if not outside:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            kind = (entry.get("Type") or "").rpartition("/")[2]
            found[entry.get("Id") or ""] = Relation(kind, target, outside)
        return found

    def shared_texts(self) -> list[str]:
        """Give the texts that cells point to."""
        texts = []
        for entry in self.elements("xl/sharedStrings.xml", f"{MAIN}si"):
            texts.append(text_of(entry))
            entry.clear()
        return texts

    def _check_size(self, path: Path) -> None:
        packed = path.stat().st_size
        unpacked = sum(info.file_size for info in self._archive.infolist())
        if unpacked > MAX_UNPACKED or (unpacked > _MEGABYTE and unpacked > MAX_RATIO * packed):
            raise self._refusal(
                f"it would grow from {packed >> 10:,} KB to {unpacked >> 20:,} MB when it is unpacked"
            )

    def _refusal(self, what: str) -> UsageError:
        return UsageError(
            what,
            where=self._where,
            do="`reportgen check` reads .xlsx and .xlsm workbooks: save it as one in Excel or LibreOffice.",
        )


def text_of(element: etree._Element) -> str:
    """Give the text of a shared or inline string, the reading aids for Japanese left out."""
    runs = element.iterfind(f"{MAIN}t"), element.iterfind(f"{MAIN}r/{MAIN}t")
    return unescaped("".join(text.text or "" for group in runs for text in group))


def unescaped(text: str) -> str:
    """Undo ``_x000A_``."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
