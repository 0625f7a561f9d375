"""Masks and A1 notation as the fake of Google reads them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.google import a1, masks
from tests.fakes.google.a1 import Area


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("a", {"a": {}}),
        ("a,b(c,d/e),f.g", {"a": {}, "b": {"c": {}, "d": {"e": {}}}, "f": {"g": {}}}),
        ("a.b,a.c", {"a": {"b": {}, "c": {}}}),
        ("a.b.x,a.b.y,a(b(z))", {"a": {"b": {"x": {}, "y": {}, "z": {}}}}),
        ("a.b,a", {"a": {}}),
        ("a,a.b", {"a": {}}),
        ("a.b.c,a.b", {"a": {"b": {}}}),
        (" a , b ", {"a": {}, "b": {}}),
        ("*", {"*": {}}),
    ],
)
def test_masks_are_read(text: str, mask: dict[str, Any]) -> None:
    assert masks.parse(text) == mask


@pytest.mark.parametrize("text", ["", ",", "a,", "a(", "a()", "a)", "a..b", "a b", "(a)", "a(b"])
def test_what_is_no_mask_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no mask"):
        masks.parse(text)


def test_two_masks_name_what_either_does() -> None:
    assert masks.merged({"a": {"b": {}}, "c": {}}, {"a": {"d": {}}, "c": {"e": {}}}) == {
        "a": {"b": {}, "d": {}},
        "c": {},
    }


def test_a_field_that_is_masked_and_missing_goes() -> None:
    before = {"a": {"b": 1, "c": 2}, "d": 3}
    assert masks.patch(before, {"a": {"b": 9}}, masks.parse("a(b,c),d")) == {"a": {"b": 9}}
    assert masks.patch(before, {}, masks.parse("a")) == {"d": 3}
    assert before == {"a": {"b": 1, "c": 2}, "d": 3}


@pytest.mark.parametrize(
    ("cells", "bounds"),
    [
        ("A1", (0, 1, 0, 1)),
        ("$B$2:D5", (1, 5, 1, 4)),
        ("A:C", (None, None, 0, 3)),
        ("2:3", (1, 3, None, None)),
        ("A2:B", (1, None, 0, 2)),
        ("AA10", (9, 10, 26, 27)),
    ],
)
def test_ranges_are_read(cells: str, bounds: tuple[int | None, ...]) -> None:
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    wanted = {name: bound for name, bound in zip(names, bounds, strict=True) if bound is not None}
    assert a1.bounds(cells) == wanted


@pytest.mark.parametrize("cells", ["", "A", "1", "A1:", "A1:B2:C3", "A-1", "runs", "ABCD1"])
def test_what_is_no_range_is_none(cells: str) -> None:
    assert a1.bounds(cells) is None


@pytest.mark.parametrize("title", ["Runs", 'Bo\'s "x"!A1:B2', "A!B", "''", "1", "zwei Wörter"])
def test_a_title_comes_back_from_its_quotes(title: str) -> None:
    assert a1.split(f"{a1.quoted(title)}!B2") == (title, "B2")
    assert a1.name_of(title, Area(0, 2, 0, 3)) == f"{a1.quoted(title)}!A1:C2"


def test_columns_count_on_after_z() -> None:
    assert [a1.column_name(index) for index in (0, 25, 26, 701, 702, 18_277)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "ZZZ",
    ]
    assert all(a1.column_index(a1.column_name(index)) == index for index in range(0, 18_278, 97))
