"""A chart that is a picture has its letters drawn: none may be an empty box."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.config import ThemeConfig
from reportgen.document import INTEGER, Axis, Chart, Point, Series, say
from reportgen.render.charts import chart_png, write_chart
from reportgen.render.charts.fonts import register_fonts
from reportgen.render.charts.pictures import readable
from reportgen.render.theme import load_theme

THEME = load_theme(ThemeConfig())
LINEAR_B = "\U00010080\U00010081"
"""Of a script that no machine for tests has a font of."""
SCRIPT_A = "\N{MATHEMATICAL SCRIPT CAPITAL A}"
"""In a font that comes with matplotlib, and not in the two that charts know by name."""


def named(name: str) -> Chart:
    points = (Point(1.0, label=name), Point(2.0, label="plain"))
    axis = Axis("Accuracy", INTEGER)
    return Chart(
        "dots", "dot_interval", say("Two"), say("All."), axis, axis, (Series("", points),), say("Two.")
    )


def test_letters_that_no_font_has_are_spelled_out_and_told(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    (warning,) = write_chart(named(f"old {LINEAR_B}"), THEME, target, width_mm=120)
    assert warning.startswith(
        "no installed font has Linear B: 2 characters of this report are written by name or code"
    )
    spelled = tmp_path / "b.png"
    assert write_chart(named("old [U+10080 U+10081]"), THEME, spelled, width_mm=120) == ()
    assert target.read_bytes() == spelled.read_bytes()
    pictures = (
        chart_png(named(text), THEME, width_mm=120, pixels=400) for text in (LINEAR_B, "[U+10080 U+10081]")
    )
    assert len(set(pictures)) == 1


def test_fonts_of_the_system_are_asked_for_letters_that_ours_lack() -> None:
    register_fonts()
    chart = named(SCRIPT_A)
    shown, families, missing = readable(chart)
    assert shown == chart
    assert missing == ()
    assert len(families) == 1
    assert readable(named("plain")) == (named("plain"), (), ())


def test_the_reader_s_program_finds_the_fonts_of_an_svg(tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    assert write_chart(named(LINEAR_B), THEME, target, width_mm=120) == ()
    assert LINEAR_B in target.read_text("utf-8")


def test_no_font_is_complained_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Fonts of the system have not the weight of ours."""
    bold = replace(
        named(SCRIPT_A), series=(Series("", (Point(1.0, label=SCRIPT_A, tone="focus"), Point(2.0))),)
    )
    assert write_chart(bold, THEME, tmp_path / "a.png", width_mm=120) == ()
    assert caplog.records == []
