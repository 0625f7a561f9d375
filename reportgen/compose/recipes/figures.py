"""A few big numbers on page one."""

from __future__ import annotations

from dataclasses import replace

from reportgen.compose.numbers import pointer
from reportgen.compose.precision import duration_format
from reportgen.compose.selection import short_list
from reportgen.compose.sentences import by_middle_dot, money
from reportgen.compose.story import Story
from reportgen.document import Chip, KeyFigure, KeyFigures, Label, Sentence, Tone, phrase, told_apart
from reportgen.findings import Comparison, Configuration, Goal, Verdict
from reportgen.language import mark, tr

MAX_FURTHER = 2
"""Figures of further metrics."""
MAX_FIGURES = 4
"""More would be too narrow for their notes on paper."""
TILE_NAME = 32
"""Characters of a name in a figure's note: a third of a line of the page."""
MIN_TREND = 3
"""Weeks that a sparkline needs."""

_WORDS: dict[Verdict, tuple[str, Tone]] = {
    "better": (mark("{size} better"), "good"),
    "worse": (mark("{size} worse"), "bad"),
    "too_small": (mark("{size} better, too small to matter"), "neutral"),
}


def key_figures(story: Story) -> KeyFigures | None:
    """Show the deciding metric, what it costs, how many runs carry it; None where nothing is known."""
    items: list[KeyFigure] = []
    chosen = story.chosen
    if chosen is not None and story.state not in ("no_metric", "no_result", "no_direction"):
        items.append(_primary(story, chosen))
        items.extend(_further(story, chosen))
    if story.findings.runs.total:
        items.append(_runs(story))
    if story.findings.configurations:
        items.append(KeyFigure(tr("Set-ups tried"), story.frozen.number("/counts/configurations")))
    items.extend(_effort(story))
    return KeyFigures(tuple(items[:MAX_FIGURES])) if items else None


def _runs(story: Story) -> KeyFigure:
    if story.state == "no_metric":
        return KeyFigure(tr("Runs read"), story.frozen.number("/runs/total"))
    note = phrase("of {total} started", total=story.frozen.number("/runs/total"))
    return KeyFigure(tr("Runs with a result"), story.frozen.number("/runs/usable"), note=note)


def _primary(story: Story, chosen: Configuration) -> KeyFigure:
    weeks: list[float] = []
    for period in story.findings.history:
        weeks = [] if period.breaks else weeks  # what does not compare is not joined by a line
        weeks += [] if period.best_mean is None else [period.best_mean]
    return KeyFigure(
        story.metric_name.text,
        story.mean(chosen.key),
        _chip(story, story.findings.comparisons, "comparisons", story.comparison(chosen.key)),
        _note(story, chosen, story.metric.name),
        tuple(weeks) if len(weeks) >= MIN_TREND else (),
    )


def further_metrics(story: Story) -> list[str]:
    """Metrics that page one shows beside the deciding one: guard-rails first, then the cost metric."""
    guarded = [rail.metric for rail in story.findings.guard_rails]
    names = dict.fromkeys([*guarded, *story.findings.trade_off.metrics[1:2]])
    return [n for n in names if n != story.findings.primary and n in story.findings.metrics][:MAX_FURTHER]


def _further(story: Story, chosen: Configuration) -> list[KeyFigure]:
    figures = []
    for name in further_metrics(story):
        if not story.has_mean(chosen.key, name):
            continue
        pair = _pair(story, chosen, name)
        chip = _chip(story, story.findings.pairs, "pairs", pair)
        value = story.metric_mean(chosen.key, name)
        figures.append(KeyFigure(story.metric_label(name).text, value, chip, _note(story, chosen, name)))
    return figures


def _pair(story: Story, chosen: Configuration, metric: str) -> Comparison | None:
    baseline = story.findings.baseline
    if baseline is None:
        return None
    fitting = (p for p in story.findings.pairs if p.metric == metric and p.baseline == baseline.key)
    return next((p for p in fitting if p.key == chosen.key), None)


def _chip(
    story: Story, among: tuple[Comparison, ...], where: str, comparison: Comparison | None
) -> Chip | None:
    """Say how a figure differs from the baseline's, by the verdict alone."""
    if comparison is None or comparison.metric not in story.formats:
        return None
    if comparison.verdict == "not_settled":
        return Chip(phrase("not settled"), "caution", "?")
    if comparison.verdict == "about_the_same":
        return Chip(phrase("about the same"), "neutral", "=")
    found = _WORDS.get(comparison.verdict)
    if found is None or comparison.difference is None:
        return None
    words, tone = found
    sign = _arrow(comparison.difference, story.findings.metrics[comparison.metric].goal)
    ref = pointer(where, among.index(comparison), "size")
    size = story.frozen.number(ref, story.formats[comparison.metric].size)
    return Chip(phrase(words, size=size), tone, sign)


def _arrow(difference: float, goal: Goal | None) -> str:
    """Give the arrow of the number itself: a time that got worse went up; the word says good or bad."""
    rose = difference > 0 if goal != "minimize" else difference < 0
    return "▲" if rose else "▼"


def _note(story: Story, chosen: Configuration, metric: str) -> Sentence | None:
    baseline, parts = story.findings.baseline, []
    if baseline is not None and baseline.key != chosen.key and story.has_mean(baseline.key, metric):
        mean = story.metric_mean(baseline.key, metric)
        parts.append(phrase("{mean} for {name}", mean=mean, name=_short_name(story, baseline)))
    for field, words in (("target", mark("target {value}")), ("limit", mark("limit {value}"))):
        ref = pointer("metrics", metric, field)
        if story.frozen.has(ref):
            parts.append(phrase(words, value=story.frozen.number(ref, story.formats[metric].value)))
    return by_middle_dot(parts) if parts else None


def _short_name(story: Story, wanted: Configuration) -> Label:
    """Give a name short enough for a note, and no other's on page one."""
    labels = {c.key: c.label for c in (*short_list(story.findings), wanted)}
    cut = told_apart(tuple(labels.values()), lambda text: len(text) <= TILE_NAME)
    return replace(story.name(wanted.key), text=dict(zip(labels, cut, strict=True))[wanted.key])


def _effort(story: Story) -> list[KeyFigure]:
    known, figures = story.findings.effort, []
    partly = known.metered_runs < story.findings.runs.total
    if known.total_s is not None and known.metered_runs:
        field, how = duration_format(known.total_s)
        note = phrase("at least: not all runs tell") if partly else phrase("all runs together")
        figures.append(
            KeyFigure(tr("Computing time"), story.frozen.number(f"/effort/{field}", how), note=note)
        )
    if known.total_cost is not None and known.priced_runs:
        figures.append(KeyFigure(tr("Cost"), story.frozen.number("/effort/total_cost", money(story))))
    return figures
