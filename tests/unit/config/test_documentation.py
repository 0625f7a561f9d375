"""docs/configuration.md is true to the code: every key is in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reportgen.config import read_config
from reportgen.config.checking import Table

DOCS = Path(__file__).parents[3] / "docs" / "configuration.md"


def test_every_key_is_documented_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that reading asks for are those that the tables of the page list."""
    asked: set[str] = set()
    take = Table.take

    def watched(table: Table, key: str) -> Any:
        asked.add(key)
        return take(table, key)

    monkeypatch.setattr(Table, "take", watched)
    (tmp_path / "reportgen.toml").write_text("[metrics.loss]\n")
    read_config(tmp_path / "reportgen.toml")
    tables = {
        "metrics",
        "loss",
        "compare",
        "select",
        "outputs",
        "cost",
        "theme",
        "email",
        "sheet",
        "schedule",
    }
    text = DOCS.read_text("utf-8")
    listed = {
        key
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith("| Key")
        for cell in line.split("|")[1:3]
        if re.fullmatch(r"(?: *`[a-z_]+`,?)+ *", cell)
        for key in re.findall(r"`([a-z_]+)`", cell)
    }
    words = {"en", "executive", "team", "public", "starttls", "tls", "none", "runs", "reports"}
    assert asked - tables <= listed
    assert listed - words <= asked
    assert all(f"[{table}" in text for table in tables - {"loss"})
