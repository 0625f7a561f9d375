"""What changed since the issue before: a short list for page one, all of it in a section of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.compose.numbers import pointer
from reportgen.compose.precision import duration_format
from reportgen.compose.recipes.changed import Said, what_changed
from reportgen.compose.recipes.tried import value_text
from reportgen.compose.sentences import money
from reportgen.compose.story import Claim, Part, Story
from reportgen.compose.wording import GOALS, VERDICT_BADGES, said, summary_words
from reportgen.document import (
    INTEGER,
    Block,
    Callout,
    Cell,
    Column,
    Label,
    Missing,
    NumberFormat,
    Paragraph,
    Row,
    Section,
    Sentence,
    Table,
    join_sentences,
    phrase,
)
from reportgen.findings import CHANGE_KINDS, Change
from reportgen.language import long_day_text, mark, period_text, tr

ON_PAGE_ONE = 4
"""Sentences of the list on page one."""
BOOKKEEPING = CHANGE_KINDS.index("runs_added")
"""From this kind on, changes stand on page one only if there are no others."""

_KINDS = {
    "deciding_metric": mark("deciding metric"),
    "metric": mark("meaning of the metric"),
    "data": mark("data"),
    "data_again": mark("earlier data again"),
    "baseline": mark("set-up compared with"),
    "first_better": mark("better set-ups"),
    "none_better": mark("better set-ups"),
    "target_reached": mark("target reached"),
    "target_lost": mark("target no longer reached"),
    "target": mark("target"),
    "new_best": mark("new best"),
    "new_leader": mark("new leader"),
    "regression": mark("run again: worse"),
    "gain": mark("run again: better"),
    "small_gain": mark("run again: a little better"),
    "outside_range": mark("outside the usual range"),
    "verdict": mark("verdict"),
    "failures": mark("runs without a result"),
    "steady": mark("run again: no change shown"),
    "new": mark("new set-up"),
    "vanished": mark("no longer there"),
    "runs_removed": mark("runs removed"),
    "code": mark("code"),
    "runs_added": mark("runs"),
    "time": mark("time of all runs"),
    "cost": mark("cost of all runs"),
    "renamed": mark("other name"),
}
_VALUES = frozenset(
    [
        "target_reached",
        "target_lost",
        "target",
        "new_best",
        "new_leader",
        "regression",
        "gain",
        "small_gain",
        "steady",
        "outside_range",
        "new",
        "vanished",
    ]
)
"""Kinds whose two sides are values of the deciding metric."""
_LEADING = frozenset(("target_reached", "target_lost", "new_best", "new_leader"))
"""Kinds that compare the set-up that led before with the one that leads now."""
_AGAIN = frozenset(("regression", "gain", "small_gain", "steady"))
"""Kinds of a set-up that was run again."""
_CONFIGURED: Mapping[str, Callable[[str], str]] = {
    "goal": lambda goal: tr(GOALS[goal]) if goal in GOALS else goal,
    "summary": summary_words,
}
"""Fields of a metric whose values are words of the configuration, and how a reader is told them."""
_COUNTS = frozenset(("first_better", "none_better", "failures", "runs_removed", "runs_added"))


def changes(story: Story) -> Part | None:
    """Say all that changed; None for a report that follows no other."""
    if story.findings.changes.since is None:
        return None
    told = what_changed(story)
    blocks: list[Block] = []
    for topic in ("results", "set-ups", "runs"):
        sentences = [entry.sentence for entry in told if entry.topic == topic]
        blocks += [Paragraph(join_sentences(sentences))] if sentences else []
    blocks += [_table(story)] if story.findings.changes.entries else []
    section = Section("changes", _title(story), tr("What changed"), tuple(blocks))
    return Part(section, tuple(Claim("changes", "info", entry.sentence) for entry in told))


def changes_in_short(story: Story) -> Callout | None:
    """Give the most important changes for page one; None for a report that follows no other."""
    if story.findings.changes.since is None:
        return None
    told = sorted(what_changed(story), key=_importance)
    weighty = [entry for entry in told if entry.importance < BOOKKEEPING] or told
    warned = join_sentences([entry.sentence for entry in weighty if entry.is_warning])
    changed = [entry.sentence for entry in weighty if not entry.is_warning]
    shown = [warned, *changed] if warned.spans else changed
    return Callout(_title(story).text, tuple(shown[:ON_PAGE_ONE]), "neutral")


def _importance(entry: Said) -> int:
    return entry.importance


def _title(story: Story) -> Sentence:
    made = story.findings.changes.made
    if made is None or story.findings.changes.number is None:
        return phrase(
            "What changed since {since}", since=Label(period_text(story.findings.changes.since or ""))
        )
    number = story.frozen.number("/changes/number")
    day = long_day_text(made).replace(
        " ", "\N{NO-BREAK SPACE}"
    )  # "issue 1 of 26" at the end of a line would be a count
    return phrase("What changed since issue {n} of {date}", n=number, date=Label(day))


def _table(story: Story) -> Table:
    columns = (
        Column("what", tr("What")),
        Column("which", tr("Which")),
        Column("before", tr("Before")),
        Column("after", tr("After")),
    )
    rows = tuple(
        Row(
            (
                tr(_KINDS[c.kind]),
                _which(story, c),
                _side(story, place, "before"),
                _side(story, place, "after"),
            ),
            ref=pointer("changes", "entries", place),
        )
        for place, c in enumerate(story.findings.changes.entries)
    )
    again = any(c.kind in _AGAIN for c in story.findings.changes.entries)
    note = phrase("Run again: the result after is that of the new runs alone.") if again else None
    return Table("changes", phrase("Before and after"), columns, rows, note)


def _which(story: Story, change: Change) -> Cell:
    """Name what a change is about; a metric and a data set by their own names."""
    if change.kind == "outside_range":
        return period_text(change.key)
    if change.kind == "first_better":  # how many there are, and not which
        return _whole(change)
    if change.kind in _LEADING:  # before, it was another one
        return Missing(tr("the first set-up"))
    if change.key in story.positions:
        return story.name(change.key)
    if change.key in story.findings.metrics:
        return story.metric_label(change.key)
    return Label(change.label or change.key) if change.label or change.key else _whole(change)


def _whole(change: Change) -> Missing:
    """Say what a change is about that is about no single thing."""
    return Missing(tr("all set-ups") if change.kind in ("first_better", "none_better") else tr("all runs"))


def _side(story: Story, place: int, side: str) -> Cell:
    change = story.findings.changes.entries[place]
    value, ref = getattr(change, side), pointer("changes", "entries", place, side)
    if value is None or value == "":
        return Missing(_missing(change, side))
    told = _in_words(story, change, value)
    if told is not None:
        return told
    if not story.frozen.has(ref):
        return Label(value_text(value))
    if change.kind == "time":
        field, how = duration_format(change.after)
        return story.frozen.number(f"{ref}_{field}", how)
    return story.frozen.number(ref, _format(story, change))


def _in_words(story: Story, change: Change, value: Any) -> Cell | None:
    """Say what is a word of ours or of the configuration; None for anything else."""
    if value == WITHHELD:
        return tr(WITHHELD)
    if change.kind == "verdict" and value in VERDICT_BADGES:
        return said(VERDICT_BADGES[value])
    if change.kind == "metric" and change.label in _CONFIGURED:
        return _CONFIGURED[change.label](value)
    if change.kind == "deciding_metric" and value in story.findings.metrics:
        return story.metric_label(value)
    return None


def _missing(change: Change, side: str) -> str:
    """Say what is not there on one side: the set-up itself, its result, or anything."""
    if change.kind == "new":
        return tr("not there") if side == "before" else tr("no result")
    if change.kind == "vanished":
        return tr("not there") if side == "after" else tr("no result")
    return tr("nothing")


def _format(story: Story, change: Change) -> NumberFormat:
    if change.kind in _VALUES:
        return story.primary_formats.value
    if change.kind == "cost":
        return money(story)
    return INTEGER if change.kind in _COUNTS else NumberFormat("general")
