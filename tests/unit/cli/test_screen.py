from __future__ import annotations

import json
import math
import sys
from datetime import UTC, datetime

import pytest

from reportgen.cli.screen import (
    ProgressLine,
    jsonable,
    printable,
    result_json,
    show_duration,
    show_value,
    table_lines,
    text_width,
)


def test_control_characters_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31mb\nc\x9b") == "a\\x1b[31mb\\x0ac\\x9b"
    assert printable("a\nb", keep="\n") == "a\nb"


def test_a_table_is_aligned_and_fits_the_width() -> None:
    rows = [("name", "value"), ("short", "1"), ("a very long name indeed", "22.5")]
    lines = table_lines(rows, 24, right=frozenset({1}))
    assert lines == ["name               value", "short                  1", "a very long name…   22.5"]


def test_wide_and_combining_characters_keep_the_columns_straight() -> None:
    assert text_width("日本") == 4
    assert text_width("é") == 1
    lines = table_lines([("日本", "x"), ("abcd", "y")], 80)
    assert lines == ["日本  x", "abcd  y"]


def test_columns_never_shrink_to_nothing() -> None:
    lines = table_lines([("a" * 30, "b" * 30)], 5)
    assert lines == ["aaaaaaa…  bbbbbbb…"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.0, "0 s"),
        (0.1234, "0.123 s"),
        (59.94, "59.9 s"),
        (75.4, "1 min 15 s"),
        (7384, "2 h 03 min"),
    ],
)
def test_durations_show_their_two_largest_units(seconds: float | None, text: str) -> None:
    assert show_duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (0.1 + 0.2, "0.3"),
        (math.nan, "nan"),
        ([1, "a"], '[1, "a"]'),
        ("x", "x"),
    ],
)
def test_values_are_shown_on_one_line(value: object, text: str) -> None:
    assert show_value(value) == text


def test_json_holds_what_json_does_not_know_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    result_json(
        {"a": math.nan, "b": [-math.inf, 1.5], "c": datetime(2026, 1, 2, tzinfo=UTC), "d": {"e": None}}
    )
    assert json.loads(capsys.readouterr().out) == {
        "a": "nan",
        "b": ["-inf", 1.5],
        "c": "2026-01-02T00:00:00Z",
        "d": {"e": None},
    }
    assert jsonable((True, 1)) == [True, 1]


def test_progress_shows_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ProgressLine().step("reading", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = ProgressLine()
    progress.step("reading", 1, 2)
    progress.step("done")
    progress.clear()
    told = capsys.readouterr().err.split("\r")
    assert told[1] == "reading [##########..........] 1 of 2"
    assert told[2].rstrip() == "done"
    assert told[3].strip() == ""
