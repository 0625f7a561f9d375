"""A report full of what breaks pages: markup, other scripts, endless names, many columns and rows."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

from reportgen.document import (
    INTEGER,
    Axis,
    Badge,
    Block,
    Callout,
    Chart,
    Column,
    Glossary,
    KeyFigure,
    KeyFigures,
    Label,
    Missing,
    NumberFormat,
    Point,
    Reference,
    Report,
    Row,
    Section,
    Series,
    Table,
    Term,
    Tone,
    say,
)
from tests.fakes.reports import PERCENT, POINTS, charts, comparison_table, full_report

NAMES = (
    "<script>alert(1)</script>",
    "$x$ & $\\frac{1}{2}$",
    "\u0645\u0631\u062d\u0628\u0627 \u0646\u0645\u0648\u0630\u062c",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\N{ROCKET} rocket_run_under_score",
    "a" * 120,
    "{{ 7*7 }} {% if %}",
    "nul\x00bell\x07 esc\x1b",
    "\udc80 surrogate",
    "line\nbreak\ttab",
    "%s %d </style></svg>--><!--",
    "very long set-up name with many words, lr 1e-05, batch 4096, warm-up 500, cosine schedule, seed any",
)
TONES: tuple[Tone, ...] = ("focus", "neutral", "baseline", "good", "bad", "caution")


def tone(number: int) -> Tone:
    """Give every tone in turn."""
    return TONES[number % len(TONES)]


def hostile_charts() -> tuple[Chart, ...]:
    """Every kind of chart with the hostile names, and with more marks than fit."""
    chance = random.Random(1)  # noqa: S311 - marks of a picture
    dots, front, bars, curves = charts()
    rows = tuple(
        Point(0.9 - i * 0.01, low=0.88 - i * 0.01, high=0.93 - i * 0.01, label=name, tone=tone(i))
        for i, name in enumerate(NAMES)
    )
    near = (Reference(0.85, "baseline"), Reference(0.852, "target", "good"), Reference(0.9, "limit", "bad"))
    dated = tuple(
        Series(
            name,
            tuple(
                Point(1.79e9 + s * 86400.0 * 3, v := 0.5 + i * 0.001 + s * 0.001, v - 0.001, v + 0.01)
                for s in range(30)
            ),
            tone(i),
        )
        for i, name in enumerate(NAMES)
    )
    noisy = tuple(Point(float(s), math.sin(s / 300) * 1e6 + chance.random() * 3e5) for s in range(5000))
    signed = tuple(Point((-1) ** i * 0.04 * i, label=name, tone=tone(i)) for i, name in enumerate(NAMES[:8]))
    cloud = tuple(Point(10 ** chance.gauss(0, 1), 0.8 + 0.05 * chance.random()) for _ in range(2000))
    spots = tuple(
        Series("s", (Point(10 ** (-3 + i * 0.4), 0.8 + 0.01 * chance.random(), label=name, tone=tone(i)),))
        for i, name in enumerate(NAMES)
    )
    best = Series("best", (Point(1.0, 0.86, label="best one", tone="focus"),))
    return (
        replace(dots, id="h_dots", series=(Series("a", rows),), references=near),
        replace(curves, id="h_dates", width="half", series=dated, x=Axis("Date", INTEGER, dates=True)),
        replace(front, id="h_spots", series=spots),
        replace(bars, id="h_bars", width="half", series=(Series("a", signed),), x=Axis("Difference", POINTS)),
        replace(dots, id="h_rows", width="full", series=(Series("a", rows * 5),), references=()),
        replace(front, id="h_cloud", width="full", series=(Series("cloud", cloud), best)),
        replace(
            curves,
            id="h_noisy",
            series=(Series("raw", noisy, "focus"),),
            y=Axis("Loss", NumberFormat("number", 3)),
            references=(),
        ),
    )


def hostile_tables() -> tuple[Table, ...]:
    """Hostile cells, 26 columns, 130 rows, and none."""
    chance = random.Random(2)  # noqa: S311 - cells of a picture
    base = comparison_table()
    unsettled = Badge("not settled", "caution", "?")
    rows = tuple(
        Row(
            (name, 0.9 - i * 0.01, 0.05 - i * 0.02, 1.2 * i + 0.3, i, unsettled, Missing("not logged")),
            tone(i),
            sub=name,
        )
        for i, name in enumerate(NAMES)
    )
    columns = tuple(
        Column(f"c{i}", f"Parameter name {i}" if i else "Run", PERCENT if i % 3 == 1 else None, detail=i > 20)
        for i in range(26)
    )
    wide = tuple(
        Row(
            tuple(
                f"run {k}"
                if i == 0
                else chance.random()
                if i % 3 == 1
                else "adamw"
                if i % 3
                else Label("3e-05")
                for i in range(26)
            )
        )
        for k in range(4)
    )
    many = tuple(base.rows[k % 4] for k in range(130))
    return (
        replace(base, id="h_names", rows=rows),
        Table("h_wide", say("All parameters"), columns, wide),
        Table("h_long", say("Many rows"), base.columns, many, print_rows=30),
        Table("h_none", say("Nothing here"), base.columns, ()),
    )


def hostile_report(**changes: Any) -> Report:
    """The whole: the plain report's sections and one of hostile blocks."""
    plain = full_report(title=f"Hostile <b>&amp; {NAMES[2]}", contact="<a@b.example>", **changes)
    blocks: tuple[Block, ...] = (
        *hostile_tables(),
        *hostile_charts(),
        Callout(NAMES[-1], tuple(say(Label(name)) for name in NAMES), "bad"),
        Callout("x", (say("A half."),), "focus", "half"),
        KeyFigures(tuple(KeyFigure(name, Label(name)) for name in NAMES[:5])),
        Glossary(tuple(Term(name, name) for name in NAMES)),
    )
    section = Section("tried", say("Hostile ", Label(NAMES[0])), "Tried <x>", blocks)
    return replace(plain, sections=(*plain.sections, section))
