from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from reportgen.errors import TemplateError
from reportgen.render.logo import MOST_BYTES, read_logo_file

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def picture(name: str, size: tuple[int, int] = (20, 10)) -> bytes:
    content = io.BytesIO()
    Image.new("L", size).save(content, name)
    return content.getvalue()


@pytest.mark.parametrize(
    ("file", "kind"),
    [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.gif", "GIF"), ("a.webp", "WEBP")],
)
def test_a_small_picture_is_taken_as_it_is(tmp_path: Path, file: str, kind: str) -> None:
    (tmp_path / file).write_bytes(picture(kind))
    logo = read_logo_file(tmp_path / file)
    assert (logo.kind, logo.content, logo.size) == (f"image/{kind.lower()}", picture(kind), (20, 10))


def test_a_plain_svg_is_taken_with_what_it_refers_to_inside_itself(tmp_path: Path) -> None:
    inside = (
        '<defs><linearGradient id="g"/></defs><rect fill="url(#g)" style="fill: url( \'#g\')"/>'
        '<use xlink:href="#g" href="#g"/><image href="data:image/png;base64,AAAA"/><style>rect { fill: red }</style>'
    )
    (tmp_path / "a.svg").write_text(f'<?xml version="1.0"?>{SVG.format(inside)}', "utf-8")
    assert read_logo_file(tmp_path / "a.svg").kind == "image/svg+xml"


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "holds a <script>"),
        ("<g><foreignObject/></g>", "holds a <foreignObject>"),
        ('<rect onclick="alert(1)"/>', "holds a script (onclick)"),
        ('<image xlink:href="http://example.com/a.png"/>', "takes something from elsewhere"),
        ('<image href="file:///etc/passwd"/>', "takes something from elsewhere"),
        ('<a href="javascript:alert(1)"/>', "takes something from elsewhere"),
        ("<style>@import 'a.css'</style>", "takes something from elsewhere"),
        ('<rect style="fill: URL( &quot;//example.com/a&quot;)"/>', "takes something from elsewhere"),
    ],
)
def test_an_svg_that_does_or_fetches_something_is_refused(tmp_path: Path, inside: str, why: str) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(inside), "utf-8")
    with pytest.raises(TemplateError) as told:
        read_logo_file(tmp_path / "a.svg")
    assert f"the logo {why}" in str(told.value)
    assert "a.svg" in str(told.value)


def test_an_svg_that_declares_entities_is_refused_before_they_unfold(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + SVG.format("<text>&b;</text>")
    (tmp_path / "a.svg").write_text(bomb, "utf-8")
    with pytest.raises(TemplateError, match="declares entities"):
        read_logo_file(tmp_path / "a.svg")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.png", b"<html><script>alert(1)</script>"),
        ("a.png", picture("GIF")),
        ("a.gif", b"GIF89a"),
        ("a.jpg", b""),
        ("a.svg", b"GIF89a" + SVG.format("").encode()),
        ("a.svg", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
        ("a.svg", b"\xff\xfe\x00"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, file: str, content: bytes) -> None:
    (tmp_path / file).write_bytes(content)
    with pytest.raises(TemplateError, match=rf"{file}.*though its name says so"):
        read_logo_file(tmp_path / file)


def test_a_picture_that_is_too_large_is_refused_by_its_bytes_and_by_its_pixels(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture("PNG") + b"\0" * MOST_BYTES)
    with pytest.raises(TemplateError, match="larger than 1,000 kB"):
        read_logo_file(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(picture("PNG", (10_000, 1_001)))
    with pytest.raises(TemplateError, match="10,000 x 1,001 pixels"):
        read_logo_file(tmp_path / "b.png")
