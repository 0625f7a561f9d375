"""The stamp: what a file says it was made from, the same in every format, so that it can be verified alone."""

from __future__ import annotations

import json

from reportgen.document.report import Report

STAMP = "reportgen"
"""Name of the property, meta element or entry that holds the stamp."""


def stamp(report: Report) -> str:
    """Give the stamp as one line of JSON; for other audiences than the team it names no place and no command.

    Workbook, page and PDF carry it as it is. The JSON output holds the same facts in its own fields.
    """
    meta, numbers = report.meta, report.numbers
    inputs = numbers.get("inputs") or {}
    facts = {
        "digest": inputs.get("digest", ""),
        "settings": inputs.get("settings", ""),
        "built_at": numbers.get("built_at") or meta.built_at.isoformat(),
        "reportgen": meta.version,
        "title": meta.title,
        "period": meta.period,
        "audience": meta.audience,
        "language": meta.language,
        "paper": meta.paper,
        "metric": numbers.get("primary"),
        "command": inputs.get("command", ""),
        "sources": [source.get("address", "") for source in inputs.get("sources", ())],
    }
    if numbers.get("issue"):
        told = {name: value for name, value in numbers["issue"].items() if name != "partial"}
        facts["issue"] = {**told, "since": numbers["changes"].get("number")}
    return json.dumps(facts, ensure_ascii=True)
