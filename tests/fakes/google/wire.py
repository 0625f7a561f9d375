"""What Google makes of a message when it keeps it and when it sends it back."""

from __future__ import annotations

import math
import struct
from typing import Any

from tests.fakes.google.schema import Discovery, Obj

THEME = {
    "TEXT": (0, 0, 0),
    "BACKGROUND": (255, 255, 255),
    "ACCENT1": (66, 133, 244),
    "ACCENT2": (234, 67, 53),
    "ACCENT3": (251, 188, 4),
    "ACCENT4": (52, 168, 83),
    "ACCENT5": (255, 109, 1),
    "ACCENT6": (70, 189, 198),
    "LINK": (17, 85, 204),
}
ALWAYS_SENT = {
    "SheetProperties": {"sheetId", "index"},
    "GridRange": {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"},
    "DimensionRange": {"startIndex", "endIndex"},
    "ExtendedValue": {"numberValue", "stringValue", "boolValue"},
    "TextFormat": {"bold", "italic", "strikethrough", "underline"},
    "FilterSpec": {"columnIndex"},
    "SortSpec": {"dimensionIndex"},
    "ConditionValue": {"userEnteredValue"},
    "DeveloperMetadataLocation": {"sheetId"},
    "ChartAxisViewWindowOptions": {"viewWindowMin", "viewWindowMax"},
    "ValueRange": {"values"},
    "Color": {"alpha"},
    "EmbeddedObjectPosition": {"sheetId"},
}
"""Fields that keep a zero, a false or an empty text: everywhere else such a value is left out."""


def single(value: float) -> float:
    """Give a number as Google prints one of single precision."""
    wanted = struct.pack("f", value)
    (kept,) = struct.unpack("f", wanted)
    texts = (f"{kept:.{digits}g}" for digits in range(1, 10))
    return next(float(text) for text in texts if struct.pack("f", float(text)) == wanted)


def eight_bits(colour: Obj) -> Obj:
    """Floor the parts of a colour to 1/255, as Google stores them; a part that is 0 is left out.

    A part that is a whole number of them already stays, whatever single precision made of it.
    """
    made = {
        name: single(math.floor(colour[name] * 255 + 1e-4) / 255)
        for name in ("red", "green", "blue")
        if colour.get(name)
    }
    kept = {name: part for name, part in made.items() if part}
    return kept | ({"alpha": colour["alpha"]} if colour.get("alpha", 1) != 1 else {})


def _rgb(parts: tuple[int, int, int]) -> Obj:
    return eight_bits(dict(zip(("red", "green", "blue"), (part / 255 for part in parts), strict=True)))


def theme() -> Obj:
    """Give the theme of a new spreadsheet."""
    colours = [{"colorType": name, "color": {"rgbColor": _rgb(parts)}} for name, parts in THEME.items()]
    return {"primaryFontFamily": "Arial", "themeColors": colours}


def settled(discovery: Discovery, schema: str, value: Any) -> Any:
    """Give a message as it is kept: colours in 8 bits and each with its style, nothing that is null."""
    fields = discovery.schemas[schema].get("properties", {})
    if schema == "Color":
        return eight_bits(value)
    made: Obj = {}
    for name, entry in value.items():
        if entry is None:
            continue
        made[name] = _settled_field(discovery, fields.get(name, {}), entry)
    for name, field in fields.items():
        if field.get("$ref") == "Color" and f"{name}Style" in fields:
            _join(made, name)
    return made


def _settled_field(discovery: Discovery, field: Obj, value: Any) -> Any:
    if "$ref" in field:
        return settled(discovery, field["$ref"], value)
    if field.get("type") == "array":
        return [_settled_field(discovery, field["items"], entry) for entry in value]
    if "additionalProperties" in field:
        inner = field["additionalProperties"]
        return {key: _settled_field(discovery, inner, entry) for key, entry in value.items()}
    return value


def _join(message: Obj, name: str) -> None:
    """Make a colour and its style agree; the style has the say."""
    style = message.get(f"{name}Style")
    if style and "rgbColor" in style:
        message[name] = style["rgbColor"]
    elif style and "themeColor" in style:
        message[name] = _rgb(THEME[style["themeColor"]])
    elif name in message:
        message[f"{name}Style"] = {"rgbColor": message[name]}


def sent(discovery: Discovery, schema: str, value: Any) -> Any:
    """Give a message as it goes over the wire: without the zeros that the interface leaves out."""
    fields = discovery.schemas[schema].get("properties")
    if fields is None:
        return value
    kept = ALWAYS_SENT.get(schema, set())
    made: Obj = {}
    for name, entry in value.items():
        if name not in kept and (entry in (0, "") or entry == []) and not isinstance(entry, dict):
            continue
        made[name] = _sent_field(discovery, fields.get(name, {}), entry)
    return made


def _sent_field(discovery: Discovery, field: Obj, value: Any) -> Any:
    if "$ref" in field:
        return sent(discovery, field["$ref"], value)
    if field.get("type") == "array":
        return [_sent_field(discovery, field["items"], entry) for entry in value]
    if "additionalProperties" in field and "$ref" in field["additionalProperties"]:
        inner = field["additionalProperties"]
        return {key: _sent_field(discovery, inner, entry) for key, entry in value.items()}
    return value
