from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from reportgen.config import ThemeConfig
from reportgen.errors import TemplateError
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from reportgen.render.xlsx.logo import read_logo
from tests.fakes.reports import full_report


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """A black picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def saved(tmp_path: Path, content: bytes, name: str = "logo.png") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def render(tmp_path: Path, logo: Path | None) -> ZipFile:
    target = tmp_path / "a.xlsx"
    XlsxRenderer().render(full_report(), replace(load_theme(ThemeConfig()), logo=logo), target)
    return ZipFile(target)


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_the_logo_stands_on_the_first_sheet_as_it_is(tmp_path: Path) -> None:
    content = png(400, 100)
    with render(tmp_path, saved(tmp_path, content)) as book:
        assert book.read("xl/media/image1.png") == content
        drawing = book.read("xl/drawings/drawing1.xml").decode()
        assert 'descr="Logo"' in drawing
        assert "image/png" in book.read("[Content_Types].xml").decode()


def test_without_a_logo_there_is_no_picture(tmp_path: Path) -> None:
    with render(tmp_path, None) as book:
        assert not [name for name in book.namelist() if "media" in name]


@pytest.mark.parametrize(
    ("size", "shown"), [((400, 100), (168, 42)), ((20, 10), (20, 10)), ((10, 440), (1, 44))]
)
def test_a_logo_keeps_its_shape_in_the_room_there_is(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    logo = read_logo(saved(tmp_path, png(*size)))
    assert logo is not None
    assert (logo.width, logo.height) == shown


def test_a_picture_of_another_kind_is_left_to_the_pages(tmp_path: Path) -> None:
    assert read_logo(saved(tmp_path, b"<svg/>", "logo.svg")) is None


@pytest.mark.parametrize("content", [b"", b"GIF89a", png(1, 1)[:20], png(0, 5)])
def test_a_file_that_is_no_png_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TemplateError, match=r"logo\.png"):
        read_logo(saved(tmp_path, content))


@pytest.mark.parametrize("name", ["gone.png", "gone.svg"])
def test_a_logo_that_is_not_there_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(TemplateError, match=name):
        read_logo(tmp_path / name)
