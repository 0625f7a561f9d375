"""The frozen numbers and the document as JSON: the one machine-readable form of a report."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

from reportgen.document import Report
from reportgen.render.json.document import document_json
from reportgen.render.json.values import plain
from reportgen.render.theme import Theme

__all__ = ["JsonRenderer", "report_json", "report_schema"]

ORDER = (
    "schema",
    "title",
    "built_at",
    "reportgen",
    "period",
    "issue",
    "audience",
    "assumed",
    "inputs",
    "runs",
    "metrics",
    "primary",
    "configurations",
    "comparisons",
    "pairs",
    "guard_rails",
    "importance",
    "trade_off",
    "changes",
    "findings",
    "caveats",
)
"""Reading order of the top level; other keys follow by name, the document comes last."""


class JsonRenderer:
    """``<slug>.json``."""

    format: ClassVar[str] = "json"
    suffix: ClassVar[str] = ".json"

    def render(self, report: Report, theme: Theme, target: Path) -> tuple[str, ...]:  # noqa: ARG002 - no look
        """Write the whole report as JSON.

        Raises:
            RenderError: The frozen numbers hold something that JSON has no form for.
        """
        target.write_bytes(report_json(report))
        return ()


def report_json(report: Report) -> bytes:
    """Give the bytes of ``<slug>.json``: UTF-8, the same for the same report, never NaN.

    Names that came out of broken files keep their lone surrogates as JSON escapes.

    Raises:
        RenderError: The frozen numbers hold something that JSON has no form for.
    """
    numbers = plain(report.numbers, "")
    keys = [key for key in ORDER if key in numbers] + sorted(set(numbers) - set(ORDER) - {"document"})
    content = {key: numbers[key] for key in keys} | {"document": document_json(report)}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def report_schema() -> dict[str, Any]:
    """Give the published JSON Schema (draft 2020-12) of ``<slug>.json``."""
    text = files("reportgen.render.json").joinpath("report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
