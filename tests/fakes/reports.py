"""Small reports that hold every kind of block and cell, for tests of renderers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reportgen.document import (
    INTEGER,
    Axis,
    Badge,
    Callout,
    Chart,
    Chip,
    Column,
    Glossary,
    KeyFigure,
    KeyFigures,
    Label,
    Missing,
    Number,
    NumberFormat,
    Paragraph,
    Point,
    Reference,
    Report,
    ReportMeta,
    Row,
    Section,
    Series,
    Table,
    Term,
    Tone,
    say,
)

PERCENT = NumberFormat("percent", 1)
POINTS = NumberFormat("points", 1, signed=True)
MILLISECONDS = NumberFormat("number", 1, unit="ms")

NUMBERS: dict[str, Any] = {
    "configurations": [
        {"label": "MLP, hidden 64", "mean": 0.9731, "interval": [0.9701, 0.9761], "n": 5, "latency": 1.84},
        {"label": "k-NN, k 3", "mean": 0.9688, "interval": [0.9651, 0.9725], "n": 5, "latency": 12.4},
        {
            "label": "Logistic regression",
            "mean": 0.9012,
            "interval": [0.8961, 0.9063],
            "n": 5,
            "latency": 0.2,
        },
        {"label": "SGD, rate 1e9", "mean": None, "interval": None, "n": 0, "latency": None},
    ],
    "comparisons": [{"difference": 0.0719, "interval": [0.0652, 0.0786]}, {"difference": 0.0676}],
    "runs": {"total": 20, "usable": 15},
}


def number(ref: str, how: NumberFormat) -> Number:
    """Take a number out of NUMBERS by its pointer."""
    node: Any = NUMBERS
    for part in ref.split("/")[1:]:
        node = node[int(part)] if isinstance(node, list) else node[part]
    return Number(float(node), how, ref)


def meta(**changes: Any) -> ReportMeta:
    """Describe the sample report; any field may be changed."""
    fields: dict[str, Any] = {
        "title": "Digit recognition: which model should we ship?",
        "slug": "digit-recognition",
        "built_at": datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
        "data_until": datetime(2026, 11, 21, 17, 30, tzinfo=UTC),
        "version": "0.1.0",
        "fingerprint": "7c1f09ab",
        "runs": 20,
        "language": "en",
        "audience": "team",
        "paper": "A4",
        "owner": "Model team",
        "contact": "models@example.com",
    }
    return ReportMeta(**{**fields, **changes})


def comparison_table() -> Table:
    """A table with every kind of cell."""
    return Table(
        id="comparison",
        title=say("Every set-up against ", Label("Logistic regression")),
        columns=(
            Column("setup", "Set-up"),
            Column("accuracy", "Accuracy", PERCENT, goal="maximize", field="/mean"),
            Column("difference", "Difference", POINTS, goal="maximize", bar=True),
            Column("latency", "Latency", MILLISECONDS, goal="minimize", field="/latency"),
            Column("repeats", "Repeats", INTEGER, field="/n"),
            Column("verdict", "Verdict"),
            Column("finished", "Finished", detail=True),
        ),
        rows=(
            Row(
                (
                    "MLP, hidden 64",
                    0.9731,
                    0.0719,
                    1.84,
                    5,
                    Badge("better", "good", "▲"),
                    datetime(2026, 11, 21, 17, 30, tzinfo=UTC),
                ),
                "focus",
                "/configurations/0",
                "recommended",
            ),
            Row(
                ("k-NN, k 3", 0.9688, 0.0676, 12.4, 5, Badge("better", "good", "▲"), Missing("not logged")),
                ref="/configurations/1",
            ),
            Row(
                ("Logistic regression", 0.9012, Missing("reference"), 0.2, 5, Missing("reference"), True),
                "baseline",
                "/configurations/2",
            ),
            Row(
                (
                    "SGD, rate 1e9",
                    Missing("no usable run"),
                    Missing("no usable run"),
                    Missing("no usable run"),
                    0,
                    Badge("not settled", "caution", "?"),
                    Missing("diverged"),
                ),
                ref="/configurations/3",
            ),
        ),
        note=say("Difference in percentage points; positive is better."),
    )


def charts() -> tuple[Chart, ...]:
    """One chart of each kind."""
    value = Axis("Accuracy", PERCENT)
    none = Axis("", INTEGER)
    measured: tuple[tuple[str, float, float, float, Tone], ...] = (
        ("MLP, hidden 64", 0.9731, 0.9701, 0.9761, "focus"),
        ("k-NN, k 3", 0.9688, 0.9651, 0.9725, "neutral"),
        ("Logistic regression", 0.9012, 0.8961, 0.9063, "baseline"),
    )
    dots = tuple(
        Point(mean, low=low, high=high, label=label, tone=tone) for label, mean, low, high, tone in measured
    )
    alt = say("Dot chart of accuracy by set-up; ", Label("MLP, hidden 64"), " is highest.")
    subtitle = say("Accuracy. Bars show the range of the mean.")
    learners: tuple[tuple[str, float, Tone], ...] = (
        ("MLP, hidden 64", 0.97, "focus"),
        ("MLP, hidden 16", 0.95, "neutral"),
    )
    lines = tuple(
        Series(
            label,
            tuple(
                Point(float(step), top - 0.4 / (step + 1), top - 0.42 / (step + 1), top - 0.38 / (step + 1))
                for step in range(20)
            ),
            tone,
        )
        for label, top, tone in learners
    )
    cloud = (
        Series("MLP, hidden 64", (Point(1.84, 0.9731, label="MLP, hidden 64", tone="focus"),), "focus"),
        Series("Others", (Point(12.4, 0.9688, label="k-NN, k 3"),)),
        Series(
            "Logistic regression",
            (Point(0.2, 0.9012, label="Logistic regression", tone="baseline"),),
            "baseline",
        ),
    )
    return (
        Chart(
            "dots",
            "dot_interval",
            say("The lead is larger than the spread"),
            subtitle,
            value,
            none,
            (Series("Accuracy", dots),),
            alt,
            (Reference(0.9012, "baseline"),),
            "half",
        ),
        Chart(
            "front",
            "scatter",
            say("Better, and not slow"),
            say("Up is better, left is faster."),
            Axis("Latency", MILLISECONDS, log=True),
            value,
            cloud,
            say("Scatter chart of accuracy against latency."),
            width="half",
        ),
        Chart(
            "bars",
            "bars",
            say("How many runs gave a result"),
            say("Runs by set-up."),
            Axis("Runs", INTEGER),
            none,
            (Series("Runs", (Point(5.0, label="MLP"), Point(3.0, label="k-NN"))),),
            say("Bar chart of runs by set-up."),
        ),
        Chart(
            "curves",
            "lines",
            say("Learning levels off early"),
            say("Accuracy while learning; bands show the range over repeats."),
            Axis("Step", INTEGER),
            value,
            lines,
            say("Line chart of accuracy over steps."),
            (Reference(0.97, "target", "good"),),
        ),
    )


def full_report(**changes: Any) -> Report:
    """A report with every kind of block; keyword arguments change its meta data."""
    dots, front, bars, curves = charts()
    mean = number("/configurations/0/mean", PERCENT)
    gain = number("/comparisons/0/difference", POINTS)
    answer = Section(
        "answer",
        say(Label("MLP, hidden 64"), " is better than ", Label("Logistic regression")),
        "Summary",
        (
            Paragraph(say("It scored ", mean, ", a gain of ", gain, "."), "lead"),
            KeyFigures(
                (
                    KeyFigure(
                        "Accuracy",
                        mean,
                        Chip(say(gain, " better"), "good", "▲"),
                        say("baseline ", number("/configurations/2/mean", PERCENT)),
                        (0.90, 0.92, 0.95, 0.97),
                    ),
                    KeyFigure("Latency", number("/configurations/0/latency", MILLISECONDS)),
                    KeyFigure("Cost", Missing("no price given")),
                    KeyFigure("Data", Label("digits v1")),
                )
            ),
            comparison_table(),
            dots,
            front,
            Callout("How sure are we?", (say("Sure: the gap is larger than luck."),), "good"),
            Callout("Suggested next", (say("Repeat it with fresh seeds."),), "caution", "half"),
        ),
    )
    rest = Section(
        "curves",
        say("Learning levels off early"),
        "Learning curves",
        (curves, bars, Paragraph(say("Numbers come from raw values."), "note")),
    )
    words = Section(
        "glossary",
        say("Words used in this report"),
        "Definitions",
        (Glossary((Term("Accuracy", "Share of images recognised correctly."),)),),
    )
    return Report(meta(**changes), (answer, rest, words), NUMBERS)
