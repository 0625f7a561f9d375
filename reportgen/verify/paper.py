"""What a PDF holds: the text of its pages, line by line, as a reader sees it.

pypdfium2 is imported here only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from reportgen.document import STAMP
from reportgen.verify.interface import Item


def read_stamp(path: Path) -> str | None:
    """Give the PDF's stamp; None without one, or where it is no PDF."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    try:
        return document.get_metadata_value(STAMP) or None
    finally:
        document.close()


def paper_items(path: Path) -> Iterator[Item]:
    """Give title, author and subject, and every line of every page."""
    document = pypdfium2.PdfDocument(path)
    try:
        for name in ("Title", "Author", "Subject"):
            if text := document.get_metadata_value(name):
                yield Item(("property", name), f"property {name}", text)
        for number, page in enumerate(document, 1):
            for place, line in enumerate(page.get_textpage().get_text_bounded().splitlines()):
                text = " ".join(line.split())
                if text:
                    yield Item((str(number), str(place)), f"page {number}", text)
    finally:
        document.close()
