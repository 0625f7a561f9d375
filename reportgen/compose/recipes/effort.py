"""What the runs took: time and money over all of them, for each result, and for what was gained."""

from __future__ import annotations

from reportgen.compose.precision import duration_format
from reportgen.compose.recipes.trade_off import OTHER_MACHINES
from reportgen.compose.sentences import effort as totals
from reportgen.compose.sentences import money
from reportgen.compose.story import Story
from reportgen.document import (
    INTEGER,
    Block,
    Column,
    Number,
    Paragraph,
    Row,
    Sentence,
    Table,
    join_sentences,
    phrase,
    say,
)
from reportgen.language import mark, tr

_TIMES = (
    ("", "total_s", mark("All runs together")),
    ("per_usable_", "per_usable_s", mark("For each run with a result, failures paid for too")),
    ("median_", "median_s", mark("A typical run: half took longer")),
    ("least_", "least_s", mark("The shortest run")),
    ("most_", "most_s", mark("The longest run")),
)


def effort_blocks(story: Story) -> list[Block]:
    """Show time and money; nothing where neither was measured."""
    effort = story.findings.effort
    is_even = (
        effort.least_s is not None and effort.least_s == effort.most_s
    )  # so none took longer than another
    rows = [
        Row((tr(text), _time(story, name, seconds)))
        for name, field, text in _TIMES
        if (seconds := getattr(effort, field)) is not None and not (is_even and field == "median_s")
    ]
    rows += _costs(story)
    if not rows or not story.findings.rows:
        return []
    columns = (Column("what", tr("What")), Column("spent", tr("Spent")))
    said = join_sentences([totals(story), _gained(story), _prices(story), _machines(story)])
    blocks: list[Block] = [Paragraph(said), Table("effort", phrase("Time and money"), columns, tuple(rows))]
    return [*blocks, _machine_table(story)] if len(story.findings.effort.machines) > 1 else blocks


def _time(story: Story, name: str, seconds: float) -> Number:
    unit, how = duration_format(seconds)
    return story.frozen.number(f"/effort/{name}{unit}", how)


def _costs(story: Story) -> list[Row]:
    known = (
        ("total_cost", tr("Cost of all runs")),
        ("cost_per_usable", tr("Cost of each run with a result")),
    )
    return [
        Row((text, story.frozen.number(f"/effort/{field}", money(story))))
        for field, text in known
        if story.frozen.has(f"/effort/{field}")
    ]


def _gained(story: Story) -> Sentence:
    """Say what the gain cost to find; only where there is one."""
    gained = story.findings.effort.gained_by
    if gained is None or not story.frozen.has("/effort/cost_per_gain"):
        return say()
    price = story.frozen.number("/effort/cost_per_gain", money(story))
    name = story.name(gained)
    if story.metric.unit == "%":
        return phrase(
            "Each percentage point gained by {name} cost {price} to find; its use may cost another amount.",
            name=name,
            price=price,
        )
    return phrase(
        "Each unit of {metric} gained by {name} cost {price} to find; its use may cost another amount.",
        metric=story.metric_name,
        name=name,
        price=price,
    )


def _prices(story: Story) -> Sentence:
    if story.findings.effort.total_cost is None or not story.config.cost.as_of:
        return say()
    return phrase("Prices are those of {date}.", date=story.frozen.label("/effort/as_of"))


def _machines(story: Story) -> Sentence:
    return phrase(OTHER_MACHINES) if len(story.findings.effort.machines) > 1 else say()


def _machine_table(story: Story) -> Table:
    columns = (Column("machine", tr("Machine")), Column("runs", tr("Runs"), INTEGER, field="/runs"))
    frozen = story.frozen.get("/effort/machines")
    rows = tuple(
        Row((entry["name"], entry["runs"]), ref=f"/effort/machines/{place}")
        for place, entry in enumerate(frozen)
    )
    return Table("machines", phrase("Machines that the runs were made on"), columns, rows)
