"""Whatever is logged comes back as it was, read by nothing but the csv module and the format's rules."""

from __future__ import annotations

import csv
import math
import struct
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportgen
from reportgen.collect.tails import cut_torn_tail
from reportgen.errors import LoggingError
from reportgen.schema import (
    LONG_HEADER,
    RUN_HEADER,
    WIDE_KEY,
    decode_value,
    encode_value,
    is_long_file,
    name_problem,
    quote_cell,
    whole_length,
)

TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))
"""Any text but NUL and half characters: newlines, carriage returns, quotes, emoji, line separators."""

NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=250).filter(
    lambda name: "token" not in name.lower()
)
SCALARS = st.one_of(TEXT, st.integers(), st.floats(), st.booleans(), st.none())
JSON = st.recursive(
    st.one_of(TEXT, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)
POINTS = st.dictionaries(NAMES, st.floats(), min_size=1, max_size=4)
"""Any float: NaN, infinities, subnormals and minus zero too."""


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def same(left: object, right: object) -> bool:
    """Equal in type and value, NaN to NaN, and minus zero to minus zero."""
    if isinstance(left, float) and isinstance(right, float):
        return struct.pack("d", left) == struct.pack("d", right) or (math.isnan(left) and math.isnan(right))
    return type(left) is type(right) and left == right


@settings(max_examples=60, deadline=None)
@given(
    params=st.dictionaries(NAMES, st.one_of(SCALARS, st.lists(JSON, max_size=3))),
    tags=st.dictionaries(NAMES, SCALARS),
    notes=st.lists(TEXT),
)
def test_facts_come_back(params: dict[str, Any], tags: dict[str, Any], notes: list[str]) -> None:
    def is_untouched(value: object) -> bool:
        return "://" not in repr(value) and not any(
            word in repr(value).lower() for word in ("key", "token", "pass")
        )

    params = {name: value for name, value in params.items() if is_untouched((name, value))}
    tags = {name: value for name, value in tags.items() if is_untouched((name, value))}
    with tempfile.TemporaryDirectory() as home:
        with reportgen.start_run("e", directory=home, params=params, tags=tags, capture=False) as run:
            for note in notes:
                run.note(note)
        header, *rows = read_rows(run.directory / "run.csv")
    assert tuple(header) == RUN_HEADER
    found = [(kind, name, decode_value(value_type, text)) for _, kind, name, value_type, text in rows]
    for kind, values in (("param", params), ("tag", tags)):
        read = {name: value for row_kind, name, value in found if row_kind == kind}
        assert read.keys() == values.keys()
        assert [name for name, value in values.items() if not same(read[name], value)] == []
    assert [value for kind, _, value in found if kind == "note"] == notes


@settings(max_examples=60, deadline=None)
@given(calls=st.lists(st.tuples(POINTS, st.one_of(st.none(), st.integers(0, 2**53))), max_size=20))
def test_points_come_back(calls: list[tuple[dict[str, float], int | None]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        with reportgen.start_run("e", directory=home, capture=False) as run:
            for number, (values, step) in enumerate(calls):
                run.log_metrics(values, step, time=number)
        found: list[dict[str, tuple[str, float]]] = [{} for _ in calls]
        for path in run.directory.glob("metrics*.csv"):
            header, *rows = read_rows(path)
            for time, step_text, *cells in rows:
                pairs = [cells] if is_long_file(path.name) else zip(header[2:], cells, strict=True)
                for name, cell in pairs:
                    if cell:
                        assert name not in found[int(float(time))]
                        found[int(float(time))][name] = (step_text, float(cell))
            assert tuple(header) == LONG_HEADER if is_long_file(path.name) else tuple(header[:2]) == WIDE_KEY
    for (values, step), read in zip(calls, found, strict=True):
        assert read.keys() == values.keys()
        assert [name for name, value in values.items() if not same(read[name][1], value)] == []
        assert {text for text, _ in read.values()} == {"" if step is None else str(step)}


@given(before=TEXT, after=TEXT)
def test_nul_is_refused(before: str, after: str) -> None:
    with pytest.raises(ValueError, match="NUL"):
        encode_value(f"{before}\0{after}")
    with (
        tempfile.TemporaryDirectory() as home,
        reportgen.start_run("e", directory=home, capture=False) as run,
        pytest.raises(LoggingError, match="NUL"),
    ):
        run.note(f"{before}\0{after}")


@given(name=st.text(st.characters()))
def test_a_name_is_refused_or_comes_back(name: str) -> None:
    has_control = any(
        ord(char) < 32 or 127 <= ord(char) < 160 or 0xD800 <= ord(char) < 0xE000 for char in name
    )
    assert bool(name_problem(name)) == (has_control or not 1 <= len(name) <= 250)
    if not has_control:
        assert next(csv.reader([f"{quote_cell(name)},x\n"])) == [name, "x"]


@settings(deadline=None)
@given(texts=st.lists(TEXT, min_size=1, max_size=5), data=st.data())
def test_a_file_torn_anywhere_is_cut_after_its_last_whole_row(texts: list[str], data: st.DataObject) -> None:
    rows = [f"1.000,note,,str,{quote_cell(text)}\n".encode() for text in texts]
    whole = b"".join(rows)
    cut = data.draw(st.integers(0, len(whole)))
    kept = 0
    while kept < len(rows) and len(b"".join(rows[: kept + 1])) <= cut:
        kept += 1
    expected = b"".join(rows[:kept])
    assert whole_length(whole[:cut]) == len(expected)
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "run.csv"
        path.write_bytes(whole[:cut])
        cut_torn_tail(str(path), has_newlines_in_cells=True)
        assert path.read_bytes() == expected
