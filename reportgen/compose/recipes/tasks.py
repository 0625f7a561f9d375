"""Several tasks: ranks over all of them, and how often each set-up was ahead."""

from __future__ import annotations

from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.setup_table import P_VALUE, cell
from reportgen.compose.story import CHART_NAME, Claim, Part, Story
from reportgen.compose.wording import BASELINE_BADGE, VERDICT_BADGES, said
from reportgen.document import (
    INTEGER,
    Axis,
    Badge,
    Block,
    Chart,
    Column,
    Label,
    Missing,
    Number,
    NumberFormat,
    Paragraph,
    Point,
    Row,
    Section,
    Sentence,
    Series,
    Table,
    join_sentences,
    phrase,
    phrases,
    told_apart,
)
from reportgen.findings import TaskStanding
from reportgen.language import mark, tr

_RANK = NumberFormat("number", 2)
_NAMED = 3
"""Set-ups of which is said that a few tasks drive their average."""
CAUTION = mark("A rank says how often a set-up is ahead, and nothing about by how much.")


def tasks(story: Story) -> Part | None:
    """Show the set-ups over the tasks; None where no task was declared, or none can be ranked."""
    if len(story.findings.tasks.standings) < 2:
        return None
    said = _said(story)
    moves = _moves(story)
    blocks: list[Block] = [
        Paragraph(said),
        *([] if moves is None else [moves]),
        _ranks(story),
        _means(story),
        Paragraph(_limits(story), "note"),
    ]
    return Part(
        Section("tasks", phrase("The set-ups over all tasks"), tr("Tasks"), tuple(blocks)),
        (Claim("tasks", "info", said),),
    )


def _said(story: Story) -> Sentence:
    found, count = story.findings.tasks, story.frozen.number("/counts/tasks")
    baseline = story.findings.baseline
    rivals = [i for i, s in enumerate(found.standings) if baseline is None or s.key != baseline.key]
    best = rivals[0]
    name = story.name(found.standings[best].key)
    if baseline is None:
        return _without_baseline(story, name, count)
    against = story.name(baseline.key)
    if found.p_value is None:
        wins, ties, losses = (
            story.frozen.number(f"/tasks/standings/{best}/{e}") for e in ("wins", "ties", "losses")
        )
        return phrase(
            "Over {n} tasks, {name} was ahead of {baseline} in {wins}, level in {ties} and behind in {losses}: "
            "too few tasks for a test.",
            n=count,
            name=name,
            baseline=against,
            wins=wins,
            ties=ties,
            losses=losses,
        )
    if found.standings[best].verdict != "better":
        template = mark("Over {n} tasks, no set-up is shown to rank better than {baseline}.")
        return phrase(template, n=count, baseline=against)
    own = story.frozen.number(f"/tasks/standings/{best}/mean_rank", _RANK)
    place = next(i for i, s in enumerate(found.standings) if s.key == baseline.key)
    other = story.frozen.number(f"/tasks/standings/{place}/mean_rank", _RANK)
    return phrase(
        "Over {n} tasks, {name} ranks better than {baseline}: {own} against {other} on average.",
        n=count,
        name=name,
        baseline=against,
        own=own,
        other=other,
    )


def _without_baseline(story: Story, name: Label, count: Number) -> Sentence:
    found = story.findings.tasks
    if found.p_value is None:
        template = mark("Over {n} tasks, {name} has the best average rank; too few tasks for a test.")
        return phrase(template, n=count, name=name)
    if found.p_value < story.findings.thresholds.get("alpha", 0.0):
        return phrase("Over {n} tasks, the ranks differ by more than luck.", n=count)
    return phrase("Over {n} tasks, the ranks are not shown to differ.", n=count)


def _limits(story: Story) -> Sentence:
    said = [phrase(CAUTION)]
    if any(_differs_from_comparison(story, entry) for entry in story.findings.tasks.standings):
        said.append(
            phrase("Ranks have a test of their own, so a verdict here may differ from that on the averages.")
        )
    for place, entry in enumerate(story.findings.tasks.standings[:_NAMED]):
        if entry.driven_by_few:
            figure = story.frozen.number(f"/tasks/standings/{place}/iqm", story.primary_formats.value)
            template = mark(
                "A few tasks drive the average of {name}: over the middle half of the tasks it is {figure}."
            )
            said.append(phrase(template, name=story.name(entry.key), figure=figure))
    if story.findings.tasks.incomplete:
        said.append(
            phrases(
                "{n} set-up has no result on some task, and no rank.",
                "{n} set-ups have no result on some task, and no rank.",
                n=story.frozen.number("/counts/tasks_incomplete"),
            )
        )
    if story.findings.tasks.uneven:
        said.append(
            phrase("Runs are spread unevenly over the tasks, so compare the tasks, not the overall averages.")
        )
    return join_sentences(said)


def _differs_from_comparison(story: Story, entry: TaskStanding) -> bool:
    comparison = story.compared.get(entry.key)
    return comparison is not None and entry.verdict is not None and entry.verdict != comparison.verdict


def _moves(story: Story) -> Chart | None:
    """Draw the best set-up against the one in use on every task, the largest gain first."""
    found, baseline = story.findings.tasks, story.findings.baseline
    own = next((s for s in found.standings if baseline is not None and s.key == baseline.key), None)
    place, rival = next((i, s) for i, s in enumerate(found.standings) if s is not own)
    if own is None or story.metric.goal is None:
        return None
    sign = 1.0 if story.metric.goal == "maximize" else -1.0
    moves = sorted(zip(found.tasks, own.means, rival.means, strict=True), key=lambda m: sign * (m[1] - m[2]))
    names = told_apart([task for task, _, _ in moves], lambda text: len(text) <= CHART_NAME)
    points = tuple(
        Point(after, low=before, label=name, tone="focus" if ahead else "neutral")
        for name, (_, before, after) in zip(names, moves, strict=True)
        for ahead in [sign * (after - before) > 0]
    )
    name, against = story.name(rival.key), story.name(own.key)
    wins, count = story.frozen.number(f"/tasks/standings/{place}/wins"), story.frozen.number("/counts/tasks")
    alt = phrase(
        "Dot chart: {name} is ahead of {baseline} in {wins} of {n} tasks.",
        name=name,
        baseline=against,
        wins=wins,
        n=count,
    )
    return Chart(
        "task_moves",
        "dumbbell",
        _title(story, place, name, against),
        phrase("Diamonds: {baseline}. Dots: {name}. The largest gain first.", name=name, baseline=against),
        Axis(story.metric_name.text, story.primary_formats.value),
        Axis("", INTEGER),
        (Series(name.text, points), Series(against.text, ())),
        shortest([alt, phrase("Dot chart of every task.")]),
    )


def _title(story: Story, place: int, name: Label, against: Label) -> Sentence:
    entry, count = story.findings.tasks.standings[place], story.frozen.number("/counts/tasks")
    ahead, behind = (story.frozen.number(f"/tasks/standings/{place}/{e}") for e in ("wins", "losses"))
    if entry.wins == entry.losses:
        return phrase("{name} and {baseline}, task by task", name=name, baseline=against)
    if entry.wins > entry.losses:
        template = mark("{name} is ahead of {baseline} in {wins} of {n} tasks")
        return phrase(template, name=name, baseline=against, wins=ahead, n=count)
    template = mark("{name} is behind {baseline} in {losses} of {n} tasks")
    return phrase(template, name=name, baseline=against, losses=behind, n=count)


def _ranks(story: Story) -> Table:
    columns = (
        Column("setup", tr("Set-up")),
        Column("rank", tr("Average rank"), _RANK, "minimize", field="/mean_rank"),
        Column("wins", tr("Ahead"), INTEGER, field="/wins"),
        Column("ties", tr("Level"), INTEGER, field="/ties"),
        Column("losses", tr("Behind"), INTEGER, field="/losses"),
        Column("p", tr("p, adjusted"), P_VALUE, field="/p_adjusted", detail=True),
        Column("verdict", tr("Verdict")),
    )
    rows = tuple(
        Row(
            (
                story.name(entry.key).text,
                entry.mean_rank,
                entry.wins,
                entry.ties,
                entry.losses,
                cell(entry.p_adjusted, Missing(tr("not tested"))),
                _badge(story, entry),
            ),
            ref=f"/tasks/standings/{place}",
        )
        for place, entry in enumerate(story.findings.tasks.standings)
    )
    return Table("task_ranks", phrase("Ranks over all tasks"), columns, rows)


def _badge(story: Story, entry: TaskStanding) -> Badge | Missing:
    baseline = story.findings.baseline
    if baseline is not None and entry.key == baseline.key:
        return said(BASELINE_BADGE)
    return Missing(tr("not tested")) if entry.verdict is None else said(VERDICT_BADGES[entry.verdict])


def _means(story: Story) -> Table:
    found, how, goal = story.findings.tasks, story.primary_formats.value, story.metric.goal
    columns = (
        Column("setup", tr("Set-up")),
        *(
            Column(f"task_{i}", " ".join(t.split()), how, goal, field=f"/means/{i}")
            for i, t in enumerate(found.tasks)
        ),
    )
    rows = tuple(
        Row((story.name(entry.key).text, *entry.means), ref=f"/tasks/standings/{place}")
        for place, entry in enumerate(found.standings)
    )
    return Table(
        "task_means", phrase("Average {metric} on each task", metric=story.metric_name), columns, rows
    )
