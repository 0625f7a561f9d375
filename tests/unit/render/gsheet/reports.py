"""Reports made for the sheet's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import (
    Badge,
    Block,
    Cell,
    Column,
    KeyFigure,
    KeyFigures,
    Label,
    NumberFormat,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    say,
)
from tests.fakes.findings import STATES
from tests.fakes.reports import meta
from tests.fakes.setups import START

PERCENT = NumberFormat("percent", 1)
BEGIN = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def composed(state: str, **config: Any) -> Report:
    """Give the report of one of the states."""
    return compose(STATES[state](), Config(**config), built_at=START, version="1")


def later(report: Report, **changes: Any) -> Report:
    """Give the same report, built an hour later."""
    moved = {"built_at": report.meta.built_at + timedelta(hours=1), **changes}
    return replace(report, meta=replace(report.meta, **moved))


def run_row(number: int, *, value: Cell | None = None, failed: bool = False) -> Row:
    """Give one run."""
    value = 0.9 + number % 7 / 1000 if value is None else value
    status = Badge("failed", "bad", "▼") if failed else Badge("finished", "neutral", "●")
    return Row((f"run-{number:05d}", "set-up a", status, value, BEGIN + timedelta(hours=number)))


def runs_table(rows: Sequence[Row]) -> Table:
    """Give the table of runs."""
    columns = (
        Column("run", "Run"),
        Column("setup", "Set-up"),
        Column("status", "Status"),
        Column("metric_0", "Accuracy", PERCENT, "maximize"),
        Column("started", "Started"),
    )
    return Table("runs", say("Runs, oldest first"), columns, tuple(rows))


def small_report(rows: Sequence[Row], *more: Section, answer: str = "It works", **changes: Any) -> Report:
    """Give a report of a summary and a table of runs."""
    figures = KeyFigures((KeyFigure("Set-up", Label("a")),))
    first = Section("answer", say(answer), "Summary", (Paragraph(say("A sentence."), "lead"), figures))
    runs = Section("runs", say("Every run"), "All runs", (runs_table(rows),))
    return Report(meta(**changes), (first, *more, runs), {})


def section(key: str, short: str, *blocks: Block) -> Section:
    """Give a section."""
    return Section(key, say("About ", Label(short)), short, blocks)


def changed_blocks(report: Report, change: Callable[[Block], Block]) -> Report:
    """Give the report with each block changed."""
    sections = (replace(s, blocks=tuple(change(b) for b in s.blocks)) for s in report.sections)
    return replace(report, sections=tuple(sections))


def wider(report: Report, *columns: Column, value: Cell = 0.5) -> Report:
    """Give the report with further columns behind those of each table, all with the same value."""

    def change(block: Block) -> Block:
        if not isinstance(block, Table):
            return block
        rows = tuple(replace(row, cells=(*row.cells, *(value for _ in columns))) for row in block.rows)
        return replace(block, columns=(*block.columns, *columns), rows=rows)

    return changed_blocks(report, change)
