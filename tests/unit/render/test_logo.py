from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from reportgen.errors import TemplateError
from reportgen.render.logo import MOST_BYTES, read_logo_file

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def inside(content: bytes, kind: str = "png") -> str:
    """Give an address that holds a picture."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_plain_svg_is_taken_with_what_it_refers_to_inside_itself(tmp_path: Path, encoding: str) -> None:
    drawn = (
        '<defs><linearGradient id="g"/></defs><rect fill="url(#g)" style="fill: url( \'#g\')"/>'
        f'<use xlink:href="#g" href="#g"/><image href="{inside(picture("PNG"))}"/><style>rect {{ fill: red }}</style>'
        "<text>url(http://example.com) is a text</text>"
    )
    (tmp_path / "a.svg").write_text(f'<?xml version="1.0"?>{SVG.format(drawn)}', encoding)
    assert read_logo_file(tmp_path / "a.svg").kind == "image/svg+xml"


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        ("<script>alert(1)</script>", "holds a <script>"),
        ("<g><foreignObject/></g>", "holds a <foreignObject>"),
        ('<rect onclick="alert(1)"/>', "holds a script (onclick)"),
        ('<image xlink:href="http://example.com/a.png"/>', "takes something from elsewhere"),
        ('<image href="file:///etc/passwd"/>', "takes something from elsewhere"),
        ('<a href="javascript:alert(1)"/>', "takes something from elsewhere"),
        ("<style>@import 'a.css'</style>", "takes something from elsewhere"),
        ('<rect style="fill: URL( &quot;//example.com/a&quot;)"/>', "takes something from elsewhere"),
        ("<style>rect { fill: \\75rl(http://example.com/a) }</style>", "takes something from elsewhere"),
        ("<style>@\\69mport 'a.css'</style>", "takes something from elsewhere"),
        ("<style><g/>@import 'a.css'</style>", "takes something from elsewhere"),
        ("<style>g { cursor: image-set('//example.com/a' 1x) }</style>", "takes something from elsewhere"),
        (f'<image href="{inside(SVG.encode(), "svg+xml")}"/>', "takes something from elsewhere"),
        (f'<image href="{inside(b"GIF89a")}"/>', "holds a picture that cannot be read"),
        ('<image href="data:image/png;base64,A"/>', "holds a picture that cannot be read"),
        (f'<image href="{inside(picture("PNG", (10_000, 1_001)))}"/>', "has 10,000 x 1,001 pixels"),
        ('<a href="#b"><set attributeName="href" to="//example.com"/></a>', "changes where it refers to"),
    ],
)
def test_an_svg_that_does_or_fetches_something_is_refused(tmp_path: Path, drawn: str, why: str) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(drawn), "utf-8")
    with pytest.raises(TemplateError) as told:
        read_logo_file(tmp_path / "a.svg")
    assert f"the logo {why}" in str(told.value)
    assert "a.svg" in str(told.value)


def test_an_svg_that_declares_entities_is_refused_before_they_unfold(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + SVG.format("<text>&b;</text>")
    (tmp_path / "a.svg").write_text(bomb, "utf-8")
    with pytest.raises(TemplateError, match="declares entities"):
        read_logo_file(tmp_path / "a.svg")


def twice(number: int, element: str) -> str:
    """Give an element that is drawn as often as two to the power of *number*."""
    return "".join(element.format(own=place, other=place - 1) for place in range(1, number + 1))


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        (
            '<g id="u0"/>' + twice(20, '<g id="u{own}"><use href="#u{other}"/><use href="#u{other}"/></g>'),
            "draws more than",
        ),
        (
            twice(
                20, '<pattern id="p{own}"><g fill="url(#p{other})"/><g fill="url( \'#p{other}\')"/></pattern>'
            ),
            "draws more than",
        ),
        ('<g id="a"><use href="#a"/></g>', "is nested too deeply"),
        ("<g>" * 2_000 + "</g>" * 2_000, "is nested too deeply"),
    ],
)
def test_an_svg_that_would_be_drawn_for_ever_is_refused(tmp_path: Path, drawn: str, why: str) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(drawn), "utf-8")
    with pytest.raises(TemplateError, match=why):
        read_logo_file(tmp_path / "a.svg")


@pytest.mark.timeout(10)
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(TemplateError, match="the logo is no file"):
        read_logo_file(tmp_path / "a.png")


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
