"""The logo of a theme: a small picture that is what its name says, and that refers to nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from reportgen.errors import TemplateError

MOST_BYTES: Final = 1_000_000
"""The page and the PDF carry the whole file."""
MOST_PIXELS: Final = 10_000_000
"""A few bytes may unfold into a picture that fills the memory."""
_SVG: Final = "image/svg+xml"
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    ".svg": (_SVG, "SVG"),
    ".png": ("image/png", "PNG"),
    ".jpg": ("image/jpeg", "JPEG"),
    ".jpeg": ("image/jpeg", "JPEG"),
    ".gif": ("image/gif", "GIF"),
    ".webp": ("image/webp", "WEBP"),
}
_ELSEWHERE = re.compile(r"@import|url\(\s*+[\"']?+\s*+(?!#|data:image/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A logo that was looked at."""

    kind: str
    """Media type, such as ``image/png``."""
    content: bytes
    size: tuple[int, int] | None
    """Width and height in pixels; None for an SVG."""


def read_logo_file(path: Path) -> LogoFile:
    """Read a logo and look whether it can be shown.

    Raises:
        TemplateError: It cannot be read, it is no picture that pages can show or none of the kind that its name
            says, it is too large, or it is an SVG that holds a script or takes something from elsewhere.
    """
    kind, name = _KINDS.get(path.suffix.lower(), ("", ""))
    if not kind:
        raise TemplateError(
            f"the logo {path.name!r} is no picture that a page can show",
            where="[theme] logo",
            found=f"known are {', '.join(sorted(_KINDS))}",
        )
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TemplateError(
            f"the logo cannot be read ({error.strerror or error})",
            where=str(path),
            do="Correct [theme] logo in reportgen.toml.",
        ) from error
    if len(content) > MOST_BYTES:
        raise TemplateError(
            f"the logo is larger than {MOST_BYTES // 1_000:,} kB",
            where=str(path),
            do="Save it smaller: it is shown a centimetre high.",
        )
    if kind == _SVG:
        _look_into_svg(content, path)
        return LogoFile(kind, content, None)
    return LogoFile(kind, content, _pixels(content, name, path))


def _pixels(content: bytes, name: str, path: Path) -> tuple[int, int]:
    """Give a picture's size from its head; nothing is unfolded."""
    from PIL import Image, UnidentifiedImageError

    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # ours is stricter, and no warning
    try:
        with Image.open(io.BytesIO(content), formats=[name]) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _misnamed(name, path) from error
    finally:
        Image.MAX_IMAGE_PIXELS = before
    if width * height > MOST_PIXELS:
        raise TemplateError(
            f"the logo has {width:,} x {height:,} pixels",
            where=str(path),
            do="Save it smaller: it is shown a centimetre high.",
        )
    return width, height


def _look_into_svg(content: bytes, path: Path) -> None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _misnamed("SVG", path) from error
    if "<!ENTITY" in text or "<!entity" in text:
        raise _unsafe("declares entities", path)
    try:
        root = ET.fromstring(text)  # noqa: S314 - no entities, and no larger than a megabyte
    except (ET.ParseError, ValueError) as error:
        raise _misnamed("SVG", path) from error
    if _local(root.tag) != "svg":
        raise _misnamed("SVG", path)
    for element in root.iter():
        if _local(element.tag) in {"script", "foreignObject", "iframe"}:
            raise _unsafe(f"holds a <{_local(element.tag)}>", path)
        if _ELSEWHERE.search(element.text or ""):
            raise _unsafe("takes something from elsewhere", path)
        for name, value in element.attrib.items():
            if _local(name).lower().startswith("on"):
                raise _unsafe(f"holds a script ({_local(name)})", path)
            refers = _local(name) == "href" and not value.strip().startswith(("#", "data:image/"))
            if refers or _ELSEWHERE.search(value):
                raise _unsafe("takes something from elsewhere", path)


def _local(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _misnamed(name: str, path: Path) -> TemplateError:
    return TemplateError(
        f"the logo is no {name} file, though its name says so",
        where=str(path),
        do=f"Save the picture as {name}, or name it as what it is.",
    )


def _unsafe(why: str, path: Path) -> TemplateError:
    return TemplateError(
        f"the logo {why}", where=str(path), do="Save it as a plain SVG: shapes, text and colours only."
    )
