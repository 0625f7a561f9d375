"""What is wrong, mixed or assumed in the input, so that the reader hears of it."""

from __future__ import annotations

from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.caveats import caveats
from reportgen.compose.recipes.effort import effort_blocks
from reportgen.compose.recipes.runs import reason_cell, status_badge
from reportgen.compose.sentences import left_out, progress, run_counts
from reportgen.compose.story import Part, Story
from reportgen.compose.wording import STATUS_WORDS
from reportgen.document import (
    INTEGER,
    Block,
    Callout,
    Column,
    Missing,
    Paragraph,
    Row,
    Section,
    Table,
    join_sentences,
    phrase,
)
from reportgen.language import mark, tr

_ASSUMED = {
    "metric": mark("metric"),
    "goal": mark("direction"),
    "unit": mark("unit"),
    "summary": mark("value"),
    "seed": mark("seed"),
    "parameters": mark("settings"),
    "baseline": mark("compared with"),
    "table": mark("table"),
}
"""What an assumption is about, in a reader's words."""


def quality(story: Story) -> Part:
    """Show the counts, the troubled runs, the mixtures and the assumptions."""
    counted = join_sentences([run_counts(story), progress(story), left_out(story)])
    blocks: list[Block] = [Paragraph(counted), _status_table(story), *effort_blocks(story)]
    keep = tuple(claim.sentence for claim in caveats(story))
    if keep:
        blocks.append(Callout(tr("What to keep in mind"), keep, "caution"))
    if story.config.audience != "executive":
        tables = (_troubled(story), _excluded(story), _skipped(story), _notes(story), _assumed(story))
        blocks += [table for table in tables if table is not None]
    title = phrase("What the numbers rest on")
    return Part(Section("quality", title, tr("Data quality"), tuple(blocks)))


def _status_table(story: Story) -> Table:
    frozen = story.frozen
    counted = [(pointer("runs", "by_status", status), tr(words)) for status, words in STATUS_WORDS.items()]
    if story.state != "no_metric":  # the finished ones are told apart by what they gave
        counted[:1] = [
            ("/runs/usable", tr("gave a result")),
            ("/runs/no_number", tr("gave no usable number")),
        ]
    counts = [
        (ref, words, int(frozen.number(ref).value))
        for ref, words in (*counted, ("/runs/total", tr("all runs")))
    ]
    rows = [
        Row((words, count), ref=ref)
        for ref, words, count in counts
        if count or ref in ("/runs/usable", "/runs/total")
    ]
    columns = (Column("outcome", tr("Outcome")), Column("runs", tr("Runs"), INTEGER))
    return Table("outcomes", phrase("What became of the runs"), columns, tuple(rows))


def _troubled(story: Story) -> Table | None:
    """Runs without a result, and why."""
    labels = {c.key: " ".join(c.label.split()) for c in story.findings.configurations}
    primary = story.findings.primary
    rows = tuple(
        Row(
            (
                row.id,
                labels.get(row.configuration, row.configuration),
                status_badge(row),
                reason_cell(story, row),
            ),
            ref=f"/rows/{place}",
        )
        for place, row in enumerate(story.findings.rows)
        if row.status != "finished" or row.diverged or (primary is not None and primary not in row.values)
    )
    if not rows:
        return None
    columns = (
        Column("run", tr("Run")),
        Column("setup", tr("Set-up")),
        Column("status", tr("Status")),
        Column("reason", tr("Reason")),
    )
    return Table("runs_without_result", phrase("Runs without a result"), columns, rows)


def _excluded(story: Story) -> Table | None:
    if story.public:
        return None
    rows = tuple(
        Row((run, reason or Missing(tr("none given")))) for run, reason in story.findings.runs.excluded
    )
    columns = (Column("run", tr("Run")), Column("reason", tr("Reason")))
    return Table("runs_excluded", phrase("Runs left out"), columns, rows) if rows else None


def _skipped(story: Story) -> Table | None:
    skipped = story.findings.runs.skipped
    if not skipped or story.public:
        return None
    rows = tuple(Row((address, reason)) for address, reason in skipped)
    columns = (Column("address", tr("Address")), Column("reason", tr("Reason")))
    return Table("not_readable", phrase("Folders that could not be read"), columns, rows)


def _notes(story: Story) -> Table | None:
    notes = story.findings.quality.notes
    if not notes or story.public:
        return None
    rows = tuple(
        Row((run, text, count), ref=f"/quality/notes/{place}")
        for place, (run, text, count) in enumerate(notes)
    )
    columns = (
        Column("run", tr("Run")),
        Column("fault", tr("Fault")),
        Column("count", tr("Times"), INTEGER, field="/count"),
    )
    return Table("faults", phrase("Faults in files that were read all the same"), columns, rows)


def _assumed(story: Story) -> Table | None:
    assumed = [entry for entry in story.findings.assumed if entry.why != WITHHELD]
    if not assumed:
        return None
    rows = tuple(
        Row(
            (
                tr(_ASSUMED[a.what]) if a.what in _ASSUMED else a.what,
                a.why,
                a.change or Missing(tr("not needed")),
            )
        )
        for a in assumed
    )
    columns = (
        Column("what", tr("What")),
        Column("why", tr("What was assumed")),
        Column("change", tr("How to change it")),
    )
    return Table("assumptions", phrase("What was not said and had to be assumed"), columns, rows)
