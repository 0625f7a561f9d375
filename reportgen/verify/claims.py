"""Reads what a file says it was made from: its stamp, or the fields of a JSON report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportgen.errors import VerificationError
from reportgen.issues import Edition, Period
from reportgen.verify import page, paper, workbook
from reportgen.verify.interface import Claim

_STAMPS = {"xlsx": workbook.read_stamp, "html": page.read_stamp, "pdf": paper.read_stamp}
_FORMATS = {".xlsx": "xlsx", ".pdf": "pdf", ".html": "html", ".htm": "html", ".json": "json"}


def read_claim(path: Path) -> Claim:
    """Say what the file was made from, by its own words.

    Raises:
        VerificationError: It is not there, cannot be read, or is no report of reportgen.
    """
    file_format = _FORMATS.get(path.suffix.lower())
    if file_format is None:
        raise VerificationError(
            f"{path.suffix or 'a file without a suffix'} is no format of a report",
            where=str(path),
            found=f"known are {', '.join(dict.fromkeys(_FORMATS.values()))}",
            do="Name the file that was delivered.",
        )
    if not path.is_file():
        raise VerificationError("there is no such file", where=str(path), do="Check the path.")
    try:
        facts = _json_facts(path) if file_format == "json" else _stamp_facts(_STAMPS[file_format](path))
        return _claim(file_format, facts)
    except OSError as error:
        raise VerificationError(
            f"cannot be read ({error.strerror or error})", where=str(path), do="Check its permissions."
        ) from error
    except _NoReportError as error:
        raise VerificationError(
            f"this is no {file_format} file that reportgen made ({error})",
            where=str(path),
            do="Files of other programs, and those of reportgen before it stamped its files, cannot be verified.",
        ) from error


class _NoReportError(Exception):
    """The file lacks what every report has."""


def _stamp_facts(stamp: str | None) -> Mapping[str, Any]:
    if stamp is None:
        raise _NoReportError("it carries no stamp that says what it was made from")
    try:
        facts = json.loads(stamp)
    except ValueError as error:
        raise _NoReportError("its stamp is damaged") from error
    if not isinstance(facts, dict):
        raise _NoReportError("its stamp is damaged")
    return facts


def _json_facts(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise _NoReportError(f"it is not valid JSON: {error}") from error
    try:
        meta, inputs = content["document"]["meta"], content["inputs"]
        return {
            "digest": inputs["digest"],
            "settings": inputs["settings"],
            "built_at": content["built_at"],
            "reportgen": content["reportgen"],
            "title": content["title"],
            "period": content["period"] or "",
            "audience": content["audience"],
            "language": meta["language"],
            "paper": meta["paper"],
            "metric": content["primary"],
            "command": inputs["command"],
            "sources": [source["address"] for source in inputs["sources"]],
            "issue": None
            if content.get("issue") is None
            else {**content["issue"], "since": content["changes"].get("number")},
        }
    except (KeyError, TypeError) as error:
        raise _NoReportError(
            f"it has no {error}" if isinstance(error, KeyError) else "it is no report"
        ) from error


def _claim(file_format: str, facts: Mapping[str, Any]) -> Claim:
    try:
        built_at = datetime.fromisoformat(str(facts["built_at"]))
        texts = {
            name: str(facts[name])
            for name in ("digest", "settings", "title", "period", "audience", "language", "paper", "command")
        }
        return Claim(
            format=file_format,
            built_at=built_at if built_at.tzinfo else built_at.replace(tzinfo=UTC),
            version=str(facts["reportgen"]),
            metric=None if facts["metric"] is None else str(facts["metric"]),
            sources=tuple(map(str, facts["sources"])),
            edition=_edition(facts.get("issue"), str(facts["period"])),
            since=(facts.get("issue") or {}).get("since"),
            **texts,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise _NoReportError(f"what it was made from is not complete: {error}") from error


def _edition(issue: Mapping[str, Any] | None, key: str) -> Edition | None:
    """Read what a file says of itself as an issue."""
    if issue is None:
        return None
    start, end = (
        None if issue[name] is None else datetime.fromisoformat(issue[name]) for name in ("start", "end")
    )
    return Edition(issue["number"], Period(key, issue["rhythm"], start, end), issue["corrects"])
