"""Whether an SVG is a picture and nothing more: no script, nothing from elsewhere, and drawn in bounded time."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

MOST_DRAWN: Final = 50_000
"""Elements that are drawn, each as often as it is used: a few that use one another may stand for billions."""
_DEEPEST: Final = 100
"""Elements inside one another, or using one another; more is beyond what the PDF's engine can draw."""
_ELSEWHERE = re.compile(r"@import|(?:image|image-set|src)\(|url\(\s*+[\"']?+\s*+(?!#)", re.IGNORECASE)
_USED = re.compile(r"url\(\s*[\"']?\s*#([^\"')\s]+)")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)


class NoSvgError(ValueError):
    """The file is no SVG."""


class UnsafeSvgError(ValueError):
    """The SVG does more than to show itself; the message says what."""


def pictures_inside(content: bytes) -> Iterator[bytes]:
    """Look into an SVG, and give the pictures that it holds.

    Raises:
        NoSvgError: It is none.
        UnsafeSvgError: It holds a script, takes something from elsewhere, or takes too long to draw.
    """
    root = _parsed(content)
    for element in root.iter():
        tag = local_name(element.tag)
        if tag in {"script", "foreignObject", "iframe"}:
            raise UnsafeSvgError(f"holds a <{tag}>")
        if tag == "style":
            _look_into_style("".join(element.itertext()))
        for name, value in element.attrib.items():
            yield from _look_into_attribute(local_name(name), value)
    _Drawing.of(root).count(root, 1)


def local_name(name: object) -> str:
    """Give the name of an element or attribute without its namespace; empty for a comment."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _parsed(content: bytes) -> ET.Element:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoSvgError from error
    if "<!ENTITY" in text or "<!entity" in text:
        raise UnsafeSvgError("declares entities")
    if "<?xml-stylesheet" in text:
        raise UnsafeSvgError("takes something from elsewhere")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no entities, and no larger than a megabyte
    except (ET.ParseError, ValueError) as error:
        raise NoSvgError from error
    if local_name(root.tag) != "svg":
        raise NoSvgError
    return root


def _look_into_attribute(name: str, value: str) -> Iterator[bytes]:
    if name.lower().startswith("on"):
        raise UnsafeSvgError(f"holds a script ({name})")
    if name == "attributeName" and value.strip().endswith("href"):
        raise UnsafeSvgError("changes where it refers to")
    if name != "href":
        _look_into_style(value)
        return
    place = value.strip()
    if place.startswith("#"):
        return
    picture = _PICTURE.match(place)
    if picture is None:
        raise UnsafeSvgError("takes something from elsewhere")
    try:
        yield b64decode(place[picture.end() :])
    except (binascii.Error, ValueError) as error:
        raise UnsafeSvgError("holds a picture that cannot be read") from error


def _look_into_style(text: str) -> None:
    if _ELSEWHERE.search(_ESCAPE.sub(_meant, text)):
        raise UnsafeSvgError("takes something from elsewhere")


def _meant(escape: re.Match[str]) -> str:
    r"""Give the letter that an escape in CSS stands for: ``\75rl(`` is ``url(``."""
    if escape[1] is None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if 0 < code <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True)
class _Drawing:
    """Counts what is drawn."""

    named: Mapping[str, ET.Element]
    counted: dict[ET.Element, int] = field(default_factory=dict)

    @classmethod
    def of(cls, root: ET.Element) -> _Drawing:
        named: dict[str, ET.Element] = {}
        for element in root.iter():
            if "id" in element.attrib:
                named.setdefault(element.attrib["id"], element)
        return cls(named)

    def count(self, element: ET.Element, depth: int) -> int:
        """Count an element with all that it holds and uses."""
        if element in self.counted:
            return self.counted[element]
        if depth > _DEEPEST:  # what uses itself comes here, too
            raise UnsafeSvgError("is nested too deeply")
        parts = [*element, *(self.named[name] for name in _uses(element) if name in self.named)]
        number = 1 + sum(self.count(part, depth + 1) for part in parts)
        if number > MOST_DRAWN:
            raise UnsafeSvgError(f"draws more than {MOST_DRAWN:,} elements")
        self.counted[element] = number
        return number


def _uses(element: ET.Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if local_name(name) == "href":
            if local_name(element.tag) == "use":
                yield value.strip().removeprefix("#")
        else:
            yield from _USED.findall(value)
