"""The blocks as data: every dataclass becomes an object that says its type, fields in their order."""

from __future__ import annotations

import math
import re
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from reportgen.document import Number, Report, Sentence, format_number
from reportgen.document.formats import INTEGER
from reportgen.render.json.values import plain

_BEFORE_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def document_json(report: Report) -> dict[str, Any]:
    """Give what the report says, block by block, with what it is about."""
    return {
        "type": "document",
        "meta": _data(report.meta),
        "sections": [_data(section) for section in report.sections],
    }


def _data(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_data(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    if isinstance(value, float) and not math.isfinite(value):
        # a cell that holds no number says so in words, as every other output does
        return {"type": "missing", "reason": format_number(value, INTEGER)}
    if isinstance(value, date):
        return {"type": "datetime", "value": value.isoformat()}
    return plain(value, "/document")


def _object(value: Any) -> dict[str, Any]:
    content: dict[str, Any] = {"type": _BEFORE_CAPITAL.sub("_", type(value).__name__).lower()}
    if isinstance(value, (Number, Sentence)):
        content["text"] = value.text
    return content | {field.name: _data(getattr(value, field.name)) for field in fields(value)}
