"""The column in which readers write beside each run, and what they had written before."""

from __future__ import annotations

from dataclasses import replace

from reportgen.document import Column, Report, Row, Section, Table, phrase
from reportgen.language import tr
from reportgen.render.xlsx.cells import NOTES_KEY

RUNS_TABLE = "runs"
"""Id of the section of runs, and of its table."""


def with_notes(report: Report) -> Report:
    """Add the column to the table of runs; notes on runs that are not in it get a table of their own."""
    return replace(report, sections=tuple(_section(section, report) for section in report.sections))


def _section(section: Section, report: Report) -> Section:
    blocks = []
    for block in section.blocks:
        if section.id != RUNS_TABLE or not isinstance(block, Table) or block.id != RUNS_TABLE:
            blocks.append(block)
            continue
        blocks.append(_table(block, report))
        known = {str(row.cells[0]) for row in block.rows}
        others = {run: note for run, note in report.reader_notes.items() if run not in known}
        if others:
            blocks.append(_others(others))
    return replace(section, blocks=tuple(blocks))


def _table(table: Table, report: Report) -> Table:
    column = Column(NOTES_KEY, tr("Notes"), detail=True)  # the last one, and not for paper
    rows = tuple(
        replace(row, cells=(*row.cells, report.reader_notes.get(str(row.cells[0]), ""))) for row in table.rows
    )
    return replace(table, columns=(*table.columns, column), rows=rows)


def _others(notes: dict[str, str]) -> Table:
    """Keep what was written on runs that this report does not have: nothing of a reader's is lost."""
    columns = (Column("run", tr("Run")), Column(NOTES_KEY, tr("Notes")))
    rows = tuple(Row((run, note)) for run, note in notes.items())
    return Table("notes_on_other_runs", phrase("Notes on runs that are not in this report"), columns, rows)
