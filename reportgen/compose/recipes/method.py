"""How the numbers and verdicts were made, in plain words, with every threshold."""

from __future__ import annotations

import math

from reportgen.compose.numbers import pointer
from reportgen.compose.story import Part, Story
from reportgen.compose.wording import summary_words
from reportgen.document import (
    Block,
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
    phrase,
)
from reportgen.language import mark, tr

_RULES = {
    "confidence": mark("Level of a range"),
    "alpha": mark("Chance of luck below which a gap counts, after correction"),
    "equivalence_confidence": mark("Level of the range that must fit for about the same"),
    "guard_confidence": mark("Level at which a limit is checked"),
    "min_runs": mark("Fewest runs of a set-up for a range or a comparison"),
    "failure_share": mark("Share of failed runs from which a set-up is not judged"),
    "min_pairs": mark("Fewest pairs of runs to compare runs in pairs"),
    "min_fresh_runs": mark("Fewest fresh runs that decide on a set-up alone"),
    "luck_min_configurations": mark("Fewest set-ups to say what luck does for the best"),
    "luck_min_df": mark("Fewest runs beyond the first of each set-up, over all, to say so"),
    "shrink_min_configurations": mark("Fewest set-ups for a figure that allows for luck"),
    "collapse_spreads": mark("Robust standard deviations within which a run is never called far off"),
    "power": mark("Chance of seeing the gap with as many runs as are suggested"),
    "max_runs_needed": mark("Most runs of a set-up that are ever suggested"),
    "flat_tolerance": mark("Relative difference below which results count as identical"),
    "max_pairs": mark("Most comparisons to choose from"),
    "curve_configurations": mark("Most set-ups whose learning curves are read"),
    "curve_min_steps": mark("Fewest steps of a learning curve"),
    "curve_max_points": mark("Most points of a learning curve"),
    "curve_max_drawn_runs": mark("Most runs of a set-up that are drawn one by one"),
    "curve_skewed": mark("Skewness of the last values from which a curve shows the median"),
    "curve_min_to_smooth": mark("Fewest points of a curve that is smoothed for the eye"),
    "curve_restless": mark("Ups and downs, in ranges of the curve, from which it is smoothed"),
    "curve_smoothed_over": mark("Share of its points that the smoothing averages over"),
    "curve_tail": mark(
        "Share of its steps, at the end, in which a curve must gain to be called still improving"
    ),
    "curve_matters": mark(
        "Share of its range that counts along a curve, where no smallest difference is given"
    ),
    "history_min_weeks": mark("Fewest weeks for results over time"),
    "trend_min_periods": mark("Fewest whole weeks to speak of a trend"),
    "tasks_for_test": mark("Fewest tasks to test ranks over tasks"),
    "iqm_min_tasks": mark("Fewest tasks for the mean of the middle half"),
    "iqm_far": mark("Share by which it may differ from the mean before that is said"),
    "importance_min_configurations": mark("Fewest set-ups to say which setting mattered"),
    "importance_per_setting": mark("Fewest set-ups for each setting to say so"),
    "importance_min_predicted": mark("Share of the differences that settings must predict to be ranked"),
    "importance_first_only": mark("The same, to name the first setting alone"),
    "importance_stable": mark("Share of redraws in which the first setting must stay first"),
    "importance_resamples": mark("Number of redraws of the set-ups"),
    "importance_max_configurations": mark("Most set-ups looked at for what mattered"),
}
"""Thresholds in plain words; one that is not known here is shown by its name."""
PRINTED_RULES = 8
"""Rows on paper: those that decide on ranges and verdicts come first; the workbook lists all."""


def method(story: Story) -> Part:
    """Explain averages, ranges, comparisons and refusals."""
    blocks: list[Block] = [Paragraph(sentence) for sentence in _explained(story)]
    if story.findings.thresholds:
        blocks.append(_thresholds(story))
    return Part(Section("method", phrase("How the numbers were made"), tr("Method"), tuple(blocks)))


def _explained(story: Story) -> list[Sentence]:
    level = story.frozen.number("/interval_level", NumberFormat("percent"))
    said = [
        phrase(
            story.unless_tasks(
                mark(
                    "Runs that are equal in every setting but the seed are repeats of one set-up. "
                    "A set-up's result is the average of its repeats."
                ),
                mark(
                    "Runs that are equal in every setting but the seed and the task belong to one set-up. "
                    "A set-up's result is the average of all its runs."
                ),
            )
        ),
        phrase(
            story.unless_tasks(
                mark(
                    "A range is the {level} range of the average by Student's t. "
                    "It needs three repeats; fewer give no range."
                ),
                mark(
                    "A range is the {level} range of the average by Student's t, wide where tasks differ. "
                    "It needs three runs; fewer give no range."
                ),
            ),
            level=level,
        ),
        phrase(
            "Failed, interrupted and diverged runs are counted and listed. "
            "They have no number that could enter an average."
        ),
    ]
    if story.findings.primary is not None:
        said.insert(0, _metric(story))
    if story.comparisons:
        said.append(_test(story))
    if any(comparison.pairs is None for comparison in story.comparisons):
        said.append(
            phrase(
                "Where one side has fewer runs than the other, the test is stricter. "
                "A few runs that lie close together by chance are not taken for precise."
            )
        )
    if not story.comparisons:
        said.append(_no_verdicts(story))
    if story.findings.luck is not None:
        said.append(
            phrase(
                "What luck gives the best of many is worked out from the spread of repeats. "
                "A fairer figure draws each average towards the average of all set-ups."
            )
        )
    said.append(phrase("Numbers are rounded to one digit of their margin. The workbook holds them in full."))
    return said


def _no_verdicts(story: Story) -> Sentence:
    if story.state == "no_metric":
        return phrase("No verdicts are given, for there is no metric to judge by.")
    if story.metric.goal is None:
        return phrase(
            "No verdicts are given, for nobody said whether high or low {metric} is good.",
            metric=story.metric_name,
        )
    return phrase("No verdicts are given, for there is no set-up to compare with.")


def _test(story: Story) -> Sentence:
    in_pairs = [comparison.pairs is not None for comparison in story.comparisons]
    if all(in_pairs):
        return phrase(
            "Set-ups are compared by a t test of the differences within pairs of runs, corrected by Holm's method "
            "for the number compared. A verdict is given by fixed rules; nobody chooses it."
        )
    if any(in_pairs):
        return phrase(
            "Set-ups are compared by Welch's t test, or where runs make pairs by one of the differences within "
            "them, corrected by Holm's method for the number compared. A verdict is given by fixed rules; nobody "
            "chooses it."
        )
    return phrase(
        "Set-ups are compared by Welch's t test, corrected by Holm's method for the number compared. "
        "A verdict is given by fixed rules; nobody chooses it."
    )


def _metric(story: Story) -> Sentence:
    summary = Label(summary_words(story.metric.summary))
    if " " in story.metric.summary:  # "mean of last 5", "at best loss"
        return phrase(
            "A run counts by this value of {metric}: {summary}.", metric=story.metric_name, summary=summary
        )
    match story.metric.summary:
        case "best":
            return phrase("A run counts by its best value of {metric}.", metric=story.metric_name)
        case "min":
            return phrase("A run counts by its smallest value of {metric}.", metric=story.metric_name)
        case "max":
            return phrase("A run counts by its largest value of {metric}.", metric=story.metric_name)
        case _:
            return phrase("A run counts by its last value of {metric}.", metric=story.metric_name)


def _thresholds(story: Story) -> Table:
    thresholds = story.findings.thresholds
    rows = tuple(
        Row(
            (tr(_RULES[name]) if name in _RULES else name.replace("_", " "), _limit(story, name, value)),
            ref=pointer("thresholds", name),
        )
        for name, value in thresholds.items()
    )
    columns = (Column("rule", tr("Rule")), Column("value", tr("Value"), NumberFormat("number", 2)))
    title = phrase("Limits that verdicts depend on")
    return Table("thresholds", title, columns, rows, print_rows=PRINTED_RULES)


def _limit(story: Story, name: str, value: float) -> Cell:
    """Show a limit with the decimals that it has."""
    if not math.isfinite(value):
        return Missing(tr("none"))
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return story.frozen.number(pointer("thresholds", name), NumberFormat("number", decimals))
