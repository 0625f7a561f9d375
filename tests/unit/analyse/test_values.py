from __future__ import annotations

from typing import Any

import pytest

from reportgen.analyse.values import ABSENT, as_number, canonical, canonical_text, matches, show


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.003, 3e-3),
        (1, 1.0),
        (float("nan"), float("nan")),
        ([1, 2.0], [1.0, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1.0}),
    ],
)
def test_equal_values_are_one(one: Any, other: Any) -> None:
    assert canonical(one) == canonical(other)
    assert canonical_text(one) == canonical_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("01", 1),
        ("1", 1),
        (True, 1),
        (False, 0),
        (None, "null"),
        ("", None),
        ([1], "[1]"),
        (2**53, 2**53 + 1),
        ("A", "a"),
    ],
)
def test_different_values_stay_apart(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)
    assert canonical_text(one) != canonical_text(other)


def test_absent_is_not_null() -> None:
    assert canonical(None) != ABSENT


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (0.1, "0.10", True),
        (64, "64", True),
        (True, "true", True),
        (True, "1", False),
        (None, "none", True),
        ("01", "1", False),
        ("01", "01", True),
        ("1", 1, False),
        ([1, 2], "[1, 2.0]", True),
        ([1, 2], "1,2", False),
        ("mlp", "MLP", False),
    ],
)
def test_matches_reads_what_a_command_line_can_say(value: Any, wanted: Any, expected: bool) -> None:
    assert matches(value, wanted) is expected


def test_numbers_are_read_from_text_and_nothing_else() -> None:
    assert [as_number(value) for value in (1, "0.5", True, None, "x", [1])] == [
        1.0,
        0.5,
        None,
        None,
        None,
        None,
    ]
    assert as_number(10**400) is None


def test_show_writes_values_in_full() -> None:
    assert [show(value) for value in (None, False, 0.1, "é", [1])] == ["none", "false", "0.1", "é", "[1]"]
