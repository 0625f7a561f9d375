"""The rules that Google's documents state in words only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.google.prose_charts import CHART_RULES, CHART_UNIONS
from tests.fakes.google.schema import Discovery, Obj

Rule = Callable[[Obj], str | None]

UNIONS: dict[str, tuple[int, tuple[str, ...]]] = {
    "ExtendedValue": (0, ("boolValue", "errorValue", "formulaValue", "numberValue", "stringValue")),
    "UpdateCellsRequest": (1, ("range", "start")),
    "ConditionalFormatRule": (1, ("booleanRule", "gradientRule")),
    "ProtectedRange": (0, ("range", "namedRangeId", "tableId")),
    "FilterView": (0, ("range", "namedRangeId", "tableId")),
    "BasicFilter": (0, ("range", "tableId")),
    "DataFilter": (1, ("a1Range", "gridRange", "developerMetadataLookup")),
    "DeveloperMetadataLocation": (1, ("dimensionRange", "sheetId", "spreadsheet")),
    "ColorStyle": (0, ("rgbColor", "themeColor")),
    "ConditionValue": (1, ("relativeDate", "userEnteredValue")),
    "SortSpec": (0, ("dimensionIndex", "dataSourceColumnReference")),
    "FilterSpec": (0, ("columnIndex", "dataSourceColumnReference")),
    "FilterCriteria": (0, ("visibleBackgroundColorStyle", "visibleForegroundColorStyle")),
    **CHART_UNIONS,
}
"""Message → how many of these fields it has to have at least; more than one is never right."""

READ_ONLY = ("effectiveValue", "effectiveFormat", "formattedValue", "hyperlink")
CONDITION_VALUES = {
    "NUMBER_BETWEEN": (2, 2),
    "NUMBER_NOT_BETWEEN": (2, 2),
    "DATE_BETWEEN": (2, 2),
    "DATE_NOT_BETWEEN": (2, 2),
    "BLANK": (0, 0),
    "NOT_BLANK": (0, 0),
    "TEXT_IS_EMAIL": (0, 0),
    "TEXT_IS_URL": (0, 0),
    "DATE_IS_VALID": (0, 0),
    "BOOLEAN": (0, 2),
    "ONE_OF_LIST": (1, 500),
    "TEXT_NOT_EQ": (1, 500),
    "NUMBER_NOT_EQ": (1, 500),
}
"""Condition → how many values it takes; all others take one."""

DATE_CONDITIONS = ("DATE_BEFORE", "DATE_AFTER", "DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER")
RULE_FORMAT = {"backgroundColor", "backgroundColorStyle", "textFormat"}
RULE_TEXT = {"bold", "italic", "strikethrough", "foregroundColor", "foregroundColorStyle"}


def colour(message: Obj) -> str | None:
    """Every part of a colour lies between 0 and 1."""
    if all(0 <= part <= 1 for part in message.values()):
        return None
    return f"Invalid color: every part has to lie in [0, 1], got {message}"


def number_format(message: Obj) -> str | None:
    """A number format says its type."""
    if message.get("type", "NUMBER_FORMAT_TYPE_UNSPECIFIED") == "NUMBER_FORMAT_TYPE_UNSPECIFIED":
        return "numberFormat.type must be set"
    return None


def condition(message: Obj) -> str | None:
    """A condition takes as many values as its kind; relative dates only where dates are compared."""
    kind = message.get("type", "CONDITION_TYPE_UNSPECIFIED")
    values = message.get("values", [])
    if kind == "CONDITION_TYPE_UNSPECIFIED":
        return "A condition must have a type"
    least, most = CONDITION_VALUES.get(kind, (1, 1))
    if not least <= len(values) <= most:
        return f"ConditionType {kind} takes {least} to {most} values, got {len(values)}"
    if kind == "CUSTOM_FORMULA" and not values[0].get("userEnteredValue", "").startswith(("=", "+")):
        return "A custom formula must begin with ="
    if kind not in DATE_CONDITIONS and any("relativeDate" in value for value in values):
        return f"A relative date is not valid for {kind}"
    return None


def boolean_rule(message: Obj) -> str | None:
    """Conditional formatting knows bold, italic, strikethrough and two colours only."""
    given = message.get("format", {})
    wrong = sorted((given.keys() - RULE_FORMAT) | (given.get("textFormat", {}).keys() - RULE_TEXT))
    if wrong:
        return f"Conditional formatting does not support {wrong[0]}"
    return None if "condition" in message else "A boolean rule must have a condition"


def gradient(message: Obj) -> str | None:
    """A gradient has two ends, and each point that is no end of the data has its value."""
    if not {"minpoint", "maxpoint"} <= message.keys():
        return "A gradient rule must have a minpoint and a maxpoint"
    for name, point in message.items():
        kind = point.get("type", "INTERPOLATION_POINT_TYPE_UNSPECIFIED")
        if kind == "INTERPOLATION_POINT_TYPE_UNSPECIFIED" or not point.keys() & {"color", "colorStyle"}:
            return f"The {name} must have a type and a color"
        if kind not in ("MIN", "MAX") and not point.get("value"):
            return f"The {name} of type {kind} must have a value"
    return None


def rule_ranges(message: Obj) -> str | None:
    """A rule covers at least one range, and all of them lie on one tab."""
    ranges = message.get("ranges", [])
    if not ranges:
        return "A conditional format rule must have at least one range"
    if len({entry.get("sheetId", 0) for entry in ranges}) > 1:
        return "All the ranges of a rule must be on the same grid"
    return None


def banding(message: Obj) -> str | None:
    """Banding has rows or columns."""
    if "rowProperties" in message or "columnProperties" in message:
        return None
    return "At least one of row_properties or column_properties must be specified"


def bands(message: Obj) -> str | None:
    """Both colours that alternate are required."""
    missing = [name for name in ("firstBandColor", "secondBandColor") if name not in message]
    return f"{missing[0]} is required" if missing else None


def protected(message: Obj) -> str | None:
    """Holes are for a whole protected tab only."""
    bounded = set(message.get("range", {})) - {"sheetId"}
    if message.get("unprotectedRanges") and bounded:
        return "Unprotected ranges are only supported on protected sheets"
    if not {"range", "namedRangeId", "tableId"} & message.keys():
        return "A protected range must have a range"
    return None


def named(message: Obj) -> str | None:
    """A name begins with a letter, has no blank and looks neither like a cell nor like a boolean."""
    name = message.get("name", "")
    looks = re.fullmatch(r"(?i)[a-z]{1,3}\d+|r\d*c\d*|true|false", name)
    if len(name) > 250 or looks or not re.fullmatch(r"[^\W\d]\w*", name):
        return f"The name {name!r} of a named range is not valid"
    return None if "range" in message else "A named range must have a range"


def metadata(message: Obj) -> str | None:
    """Metadata has a key, a visibility, a location and a positive id."""
    if not message.get("metadataKey"):
        return "Developer metadata must always have a key specified"
    visibility = message.get("visibility", "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED")
    if visibility == "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED":
        return "Developer metadata must always have visibility specified"
    if "location" not in message:
        return "Developer metadata must have a location"
    return None if message.get("metadataId", 1) > 0 else "The metadata id must be positive"


def dimension(message: Obj) -> str | None:
    """Metadata of a row or column is of a single one."""
    span = message.get("dimensionRange")
    if span is None or span.get("endIndex", 0) - span.get("startIndex", 0) == 1:
        return None
    return "The dimension range must represent a single row or column"


def cell(message: Obj) -> str | None:
    """What Google computes cannot be written; runs of text belong to text, in their order."""
    for name in READ_ONLY:
        if name in message:
            return f"{name} is read-only"
    runs = message.get("textFormatRuns")
    if runs is None or "userEnteredValue" not in message:
        return None
    text = message["userEnteredValue"].get("stringValue")
    if text is None:
        return "Text format runs are only valid on strings"
    starts = [run.get("startIndex", 0) for run in runs]
    length = len(text.encode("utf-16-le")) // 2
    if starts != sorted(set(starts)) or any(not 0 <= start < max(length, 1) for start in starts):
        return f"The start indexes of text format runs must rise and lie in the text, got {starts}"
    return None


def value(message: Obj) -> str | None:
    """A formula begins with an equals sign; an error cannot be written."""
    if "errorValue" in message:
        return "error_value is read-only"
    if not message.get("formulaValue", "=").startswith(("=", "+")):
        return "A formula must begin with ="
    return None


def validation(message: Obj) -> str | None:
    """A validation rule has a condition, without relative dates."""
    if "condition" not in message:
        return "A data validation rule must have a condition"
    if any("relativeDate" in entry for entry in message["condition"].get("values", [])):
        return "Relative dates are not supported in data validation"
    return None


def pixels(message: Obj) -> str | None:
    """A row or column has a width of at least nothing."""
    return None if message.get("pixelSize", 0) >= 0 else "pixelSize must not be negative"


RULES: dict[str, Rule] = {
    "Color": colour,
    "NumberFormat": number_format,
    "BooleanCondition": condition,
    "BooleanRule": boolean_rule,
    "GradientRule": gradient,
    "ConditionalFormatRule": rule_ranges,
    "CellData": cell,
    "ExtendedValue": value,
    "DataValidationRule": validation,
    "DimensionProperties": pixels,
    "DeveloperMetadataLocation": dimension,
    **CHART_RULES,
}
"""Rules for a message wherever it stands, also in a request that updates a few fields."""

WHOLE_RULES: dict[str, Rule] = {
    "BandedRange": banding,
    "BandingProperties": bands,
    "ProtectedRange": protected,
    "NamedRange": named,
    "DeveloperMetadata": metadata,
}
"""Rules for what is kept in the end: a request that updates one field of it may leave out the rest."""


def request_problems(discovery: Discovery, schema: str, message: Any) -> Iterator[str]:
    """Everything in a request that breaks a rule."""
    yield from _walk(discovery, schema, message, RULES)


def whole_problems(discovery: Discovery, schema: str, message: Any) -> Iterator[str]:
    """Everything in a thing that breaks a rule about the whole of it."""
    yield from _walk(discovery, schema, message, WHOLE_RULES)


def _walk(discovery: Discovery, schema: str, message: Obj, rules: dict[str, Rule]) -> Iterator[str]:
    if rules is RULES and schema in UNIONS:
        least, fields = UNIONS[schema]
        given = [name for name in fields if message.get(name) is not None]
        if len(given) > 1:
            yield f"Only one of {', '.join(fields)} may be set, got {', '.join(given)}"
        if len(given) < least:
            yield f"One of {', '.join(fields)} must be set in {schema}"
    if (rule := rules.get(schema)) and (problem := rule(message)):
        yield problem
    for name, entry in message.items():
        yield from _walk_field(discovery, discovery.field(schema, name) or {}, entry, rules)


def _walk_field(discovery: Discovery, field: Obj, entry: Any, rules: dict[str, Rule]) -> Iterator[str]:
    if entry is None:
        return
    if "$ref" in field:
        yield from _walk(discovery, field["$ref"], entry, rules)
    elif field.get("type") == "array" and "$ref" in field["items"]:
        for item in entry:
            yield from _walk_field(discovery, field["items"], item, rules)
    elif "$ref" in field.get("additionalProperties", {}):
        for item in entry.values():
            yield from _walk_field(discovery, field["additionalProperties"], item, rules)
