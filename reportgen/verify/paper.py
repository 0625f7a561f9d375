"""What a PDF holds: the text of its pages, line by line, as a reader sees it.

pypdfium2 is imported here only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from reportgen.document import STAMP
from reportgen.verify.interface import Item

_MARGIN_PX = 24


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


def paper_picture(pdf: bytes, scale: float) -> bytes:
    """Give the first page as a PNG, cut below the last line that is not plain ground.

    Args:
        pdf: The file.
        scale: Pixels a point.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
    ground = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    used = ImageChops.difference(picture, ground).getbbox()
    if used is not None:
        picture = picture.crop((0, 0, picture.width, min(picture.height, used[3] + _MARGIN_PX)))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
