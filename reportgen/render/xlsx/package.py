"""Writes the file: openpyxl makes all parts but the rows, which go in between as ready text.

This leans on private parts of openpyxl (pinned, and held by a test): `ExcelWriter.write_worksheet`,
`WorksheetWriter`, `SpreadsheetDrawing._chart_frame`. The same workbook gives the same bytes: the
dates inside the archive are fixed, those of the document are the report's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from lxml.etree import _Element
from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from reportgen.language import tr
from reportgen.render.xlsx.canvas import Canvas
from reportgen.render.xlsx.clean import clean_text
from reportgen.render.xlsx.databars import add_data_bars
from reportgen.render.xlsx.rows import area
from reportgen.render.xlsx.sparklines import add_sparklines

MAX_ALT: Final = 250
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MARK: Final = b"<sheetData/>"
_SHEET_LEVEL: Final = 4
"""Rows packed at this level cost half the time of the usual 6, and are a twelfth larger."""
_CHUNK: Final = 1 << 18
"""Characters of rows written at once."""


def save(workbook: Workbook, canvases: Mapping[str, Canvas], target: Path) -> None:
    """Write the workbook to *target*; *canvases* by sheet name.

    Raises:
        OSError: The file cannot be written.
    """
    with _FixedZip(target, "w", ZIP_DEFLATED, compresslevel=_SHEET_LEVEL) as archive:
        _Writer(workbook, archive, canvases).write_data()


class _FixedZip(ZipFile):
    """An archive whose members all carry the same date."""

    def writestr(self, zinfo_or_arcname: ZipInfo | str, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(member(name), data)


def member(name: str) -> ZipInfo:
    """Describe one member of the archive, with the fixed date."""
    info = ZipInfo(name, _FIXED_DATE)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


class _Writer(ExcelWriter):
    """Writes sheets its own way and leaves everything else to openpyxl."""

    def __init__(self, workbook: Workbook, archive: ZipFile, canvases: Mapping[str, Canvas]) -> None:
        super().__init__(workbook, archive)
        self._parts: ZipFile = archive
        self._canvases = canvases

    def write_worksheet(self, ws: Any) -> None:
        canvas = self._canvases[ws.title]
        ws._drawing = _drawing(canvas)  # noqa: SLF001 - what the overridden method does
        root, relations = _skeleton(ws, canvas)
        ws._rels = relations  # noqa: SLF001 - the same
        head, tail = split_skeleton(root)
        with self._parts.open(
            ws.path[1:], "w"
        ) as part:  # by name: dated 1980 too, packed as the archive says
            part.write(head)
            for chunk in _chunks(canvas.row_texts()):
                part.write(chunk.encode())
            part.write(tail)
        self.manifest.append(ws)


def _skeleton(sheet: Worksheet, canvas: Canvas) -> tuple[_Element, Any]:
    """Let openpyxl write the sheet without rows, and put right what it cannot know."""
    buffer = BytesIO()
    writer: Any = WorksheetWriter(sheet, buffer)
    writer.ws._hyperlinks = list(canvas.links)  # noqa: SLF001 - else gathered from cells, of which there are none
    writer.write()
    root = etree.fromstring(buffer.getvalue())
    dimension = root.find(f"{{{_MAIN}}}dimension")
    if dimension is not None:
        # readers that trust it drop every row outside
        dimension.set("ref", area((1, 1), (canvas.last_row, canvas.last_column)))
    add_data_bars(root, canvas.bars)
    add_sparklines(root, canvas.sparklines)
    return root, writer._rels  # noqa: SLF001 - what the overridden method takes over


def split_skeleton(root: _Element) -> tuple[bytes, bytes]:
    """Split a sheet's XML where its rows belong."""
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    head, found, tail = text.partition(_MARK)
    if not found:
        raise RuntimeError("openpyxl wrote a sheet in another form than the pinned version does")
    return head + b"<sheetData>", b"</sheetData>" + tail


def _drawing(canvas: Canvas) -> SpreadsheetDrawing:
    """Make the sheet's drawing: the charts, each with its alternative text, and the logo.

    The frame is wrapped on the instance: a sub-class of an openpyxl element loses its content.
    """
    drawing: Any = SpreadsheetDrawing()
    charts = canvas.charts
    drawing.charts = [placed.chart for placed in charts]
    drawing.images = [canvas.logo] if canvas.logo else []
    make_frame = drawing._chart_frame  # noqa: SLF001 - the only place where a chart's properties are made

    def described_frame(number: int) -> Any:
        frame = make_frame(number)
        frame.nvGraphicFramePr.cNvPr.descr = str(clean_text(charts[number - 1].alt).value)[:MAX_ALT] or tr(
            "Chart"
        )
        return frame

    make_picture = drawing._picture_frame  # noqa: SLF001 - the same

    def described_picture(number: int) -> Any:
        picture = make_picture(number)
        picture.nvPicPr.cNvPr.descr = tr("Logo")
        return picture

    drawing._chart_frame = described_frame  # noqa: SLF001 - the same
    drawing._picture_frame = described_picture  # noqa: SLF001 - the same
    result: SpreadsheetDrawing = drawing
    return result


def _chunks(rows: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(row)
        if size > _CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
