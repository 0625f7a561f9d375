"""Who may see what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Glossary, Label, Report, Table
from tests.fakes.findings import STATES, digits
from tests.fakes.setups import START

SECRETS = (
    "Alice Secret",
    "alice@example.com",
    "Ship it on Friday",
    "/data/alice",
    "/home/alice",
    "runs/digits",
    "0123456789abcdef",
    "wip",
    "train.py",
    "the last line was cut off",
)


def report_for(audience: Any, state: str = "digits") -> Report:
    config = Config(
        audience=audience, owner="Alice Secret", contact="alice@example.com", decision="Ship it on Friday"
    )
    return compose(STATES[state](), config, built_at=START, version="0.1.0")


def everything(report: Report) -> str:
    """All text of a report: sentences, cells, terms, numbers, meta data."""
    texts = [sentence.text for sentence in report.sentences()]
    for block in report.blocks():
        if isinstance(block, Table):
            texts += [c.text if isinstance(c, Label) else str(c) for row in block.rows for c in row.cells]
        if isinstance(block, Glossary):
            texts += [f"{entry.term} {entry.definition}" for entry in block.entries]
    return "\n".join([*texts, json.dumps(report.numbers, ensure_ascii=False), repr(report.meta)])


def test_public_report_holds_back_people_addresses_and_code() -> None:
    text = everything(report_for("public"))
    assert [secret for secret in SECRETS if secret in text] == []
    assert "fault" in text  # notes are still counted


def test_team_report_shows_them() -> None:
    text = everything(report_for("team"))
    assert [secret for secret in SECRETS if secret not in text] == []


def test_executive_report_is_short() -> None:
    ids = [section.id for section in report_for("executive").sections]
    assert ids == ["answer", "comparison", "trade_off", "quality", "glossary"]


def test_team_report_has_every_section() -> None:
    ids = [section.id for section in report_for("team").sections]
    assert ids == [
        "answer", "comparison", "tried", "mattered", "trade_off", "curves", "history", "runs", "quality", "reproduce",
        "glossary", "method",
    ]  # fmt: skip


def test_left_out_sections_are_accounted_for() -> None:
    report = report_for("team", "one_run")
    ids = {section.id for section in report.sections}
    assert {"trade_off", "curves", "history"}.isdisjoint(ids)
    text = "\n".join(sentence.text for sentence in report.sentences())
    for start in ("No trade-off:", "No learning curves:", "Nothing over time:"):
        assert start in text


@pytest.mark.parametrize("audience", ["executive", "public"])
def test_every_state_can_be_told_to_every_audience(audience: str) -> None:
    for state in STATES:
        assert report_for(audience, state).sections[0].id == "answer"


def test_meta_data_come_from_findings_and_configuration() -> None:
    meta = compose(digits(), Config(), built_at=START, version="9.9", period="2026-W46").meta
    assert (meta.runs, meta.fingerprint, meta.version, meta.period) == (45, "7c1f09ab", "9.9", "2026-W46")
    assert (meta.title, meta.slug) == ("digits: results", "digits-results")
    assert meta.data_until == digits().newest
