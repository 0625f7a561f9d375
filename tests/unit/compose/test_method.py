"""The part on method lists every limit; on paper those that verdicts depend on first."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyse.thresholds import THRESHOLDS
from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Table
from tests.fakes.findings import STATES
from tests.fakes.setups import START


def test_all_limits_are_listed_and_few_are_printed() -> None:
    findings = replace(STATES["digits"](), thresholds=THRESHOLDS)
    report = compose(findings, Config(), built_at=START, version="0.1.0")
    table = next(block for block in report.blocks() if isinstance(block, Table) and block.id == "thresholds")
    assert len(table.rows) == len(THRESHOLDS) > 30
    printed = [row.cells[0] for row in table.rows[: table.print_rows]]
    assert printed[:2] == ["Level of a range", "Chance of luck below which a gap counts, after correction"]
    assert len(printed) == 8
