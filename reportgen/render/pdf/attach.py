"""Other outputs inside of the PDF, for readers who get one file and want the numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, AttachedFileSpec, Name

from reportgen.language import mark, tr

_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        mark("The workbook of this report"),
    ),
    "json": ("application/json", mark("The numbers of this report")),
    "html": ("text/html", mark("The web page of this report")),
}
"""By format: media type, and what it is."""


def attachable(format_name: str) -> bool:
    """Tell whether an output of this format can be attached."""
    return format_name in _KINDS


def attach_files(pdf: Path, files: Mapping[str, Path], target: Path) -> None:
    """Write a PDF again with files attached; the same files give the same bytes.

    Args:
        pdf: The PDF.
        files: By format.
        target: Where the new one goes.

    Raises:
        OSError: A file cannot be read, or *target* not be written.
    """
    with pikepdf.open(io.BytesIO(pdf.read_bytes())) as document:
        attached = []
        # the report's own time: that of the files is when they were written, which no two builds share
        made = str(document.docinfo.get("/ModDate", ""))
        for name, path in files.items():
            media_type, what = _KINDS[name]
            document.attachments[path.name] = AttachedFileSpec(
                document,
                path.read_bytes(),
                filename=path.name,
                description=tr(what),
                mime_type=media_type,
                creation_date=made,
                mod_date=made,
            )
            held = document.attachments[path.name].obj
            held.AFRelationship = Name.Data
            attached.append(held)
        document.Root.AF = Array(attached)  # PDF 2.0, section 14.13: files that belong to the document
        document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
