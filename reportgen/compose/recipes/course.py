"""What the chart of the learning curves is titled by: the course of its averages, where there is one to tell."""

from __future__ import annotations

from reportgen.compose.numbers import pointer
from reportgen.compose.story import Story
from reportgen.document import (
    INTEGER,
    Axis,
    Label,
    Number,
    NumberFormat,
    Sentence,
    format_number,
    phrase,
    say,
)
from reportgen.findings import LearningCurve


def course_seen(story: Story, axis: Axis) -> Sentence | None:
    """Say what the record of the course holds; None where it holds no finding, or one that would not be seen."""
    match story.frozen.get("/course/kind"):
        case "improving":
            return _improving(story)
        case "sooner":
            return _sooner(story, axis)
        case "close":
            return _close(story)
    return None


def _improving(story: Story) -> Sentence:
    lines = story.frozen.number("/counts/lines")
    if lines.value == 1:
        return phrase(
            "{name} was still improving when its runs stopped",
            name=story.name(story.frozen.get("/course/key")),
        )
    if lines.value == 2:
        return phrase("Both set-ups drawn were still improving when their runs stopped")
    return phrase("All {n} set-ups drawn were still improving when their runs stopped", n=lines)


def _sooner(story: Story, axis: Axis) -> Sentence | None:
    course, frozen = story.frozen.get("/course"), story.frozen
    over = story.findings.curves[course["place"]].over
    at = pointer("curves", course["place"], "pace")
    how = _whole_or_finer(axis.format, frozen.number(f"{at}/step"), frozen.number(f"{at}/end"))
    step, end = frozen.number(f"{at}/step", how), frozen.number(f"{at}/end", how)
    if format_number(step.value, how) == format_number(end.value, how):
        return None
    parts: dict[str, Label | Number] = {
        "name": story.name(course["key"]),
        "other": story.name(course["against"]),
        "step": step,
        "end": end,
    }
    if over == "step":
        return phrase("{name} reaches by step {step} what {other} ends with at step {end}", **parts)
    if over == "time":
        return phrase("{name} reaches within {step} what {other} ends with after {end}", **parts)
    return phrase(
        "{name} reaches at {step} what {other} ends with at {end} ({axis})", **parts, axis=Label(axis.label)
    )


def _whole_or_finer(how: NumberFormat, *numbers: Number) -> NumberFormat:
    """Show short times, and steps between whole ones, with a decimal."""
    if how.style != "number" or how.decimals:
        return how
    short = how != INTEGER and max(abs(number.value) for number in numbers) < 10
    uneven = how == INTEGER and any(number.value != round(number.value) for number in numbers)
    return NumberFormat("number", 1, unit=how.unit) if short or uneven else how


def _close(story: Story) -> Sentence:
    lines = story.frozen.number("/counts/lines")
    least = story.frozen.number(
        pointer("metrics", story.metric.name, "smallest_difference"), story.primary_formats.size
    )
    if lines.value == 2:
        return phrase("Both set-ups drawn end within {least} of each other", least=least)
    return phrase("All {n} set-ups drawn end within {least} of one another", n=lines, least=least)


def over_runs(story: Story, drawn: tuple[LearningCurve, ...]) -> Sentence:
    """Say of how many runs the title tells."""
    low, high = (story.frozen.number(f"/course/{end}") for end in ("runs_low", "runs_high"))
    medians = {curve.band == "quartiles" for curve in drawn}
    if low.value != high.value:
        if medians == {False}:
            return phrase("On average over {low} to {high} runs each.", low=low, high=high)
        return phrase("Over {low} to {high} runs each.", low=low, high=high)
    if medians == {False}:
        return phrase("On average over {n} runs each.", n=low)
    return phrase("Over {n} runs each.", n=low)


def not_shown(story: Story) -> Sentence:
    """Say that getting somewhere sooner is no verdict, where the verdict on the two is another."""
    course = story.frozen.get("/course")
    if course["kind"] != "sooner" or course["verdict"] == "better":
        return say()
    return phrase("Which of the two is better is not shown.")
