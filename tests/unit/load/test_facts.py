from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import schema
from reportgen.load.facts import MEMBER_KINDS, FactReader, NotRunFileError, split_cells
from reportgen.load.interface import Fault
from tests.fakes.run_folders import START, fact_line, run_text

HEADER = ",".join(schema.RUN_HEADER) + "\n"


def read(text: str | bytes, *more: str) -> tuple[dict[str, dict[str, object]], list[tuple[str, int | None]]]:
    faults: list[Fault] = []
    files = [text if isinstance(text, bytes) else text.encode(), *(part.encode() for part in more)]
    facts = FactReader().read([(f"run.{at}.csv", data) for at, data in enumerate(files)], faults)
    by_kind = {kind: facts.of_kind(kind) for kind in schema.KINDS}
    assert all(json.loads(facts.object_of(kind)) == by_kind[kind] for kind in MEMBER_KINDS)
    return by_kind, [(fault.kind, fault.line) for fault in faults]


VALUES = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.integers(-(2**80), 2**80), st.floats(allow_nan=False), st.booleans(), st.none(),
    st.lists(st.integers(), max_size=3),
)  # fmt: skip


@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), VALUES, max_size=6)
)
def test_every_value_comes_back_as_it_was(values: dict[str, object]) -> None:
    body = "".join(
        fact_line("param", name, value, START + at % 2) for at, (name, value) in enumerate(values.items())
    )
    found, faults = read(HEADER + body)
    assert found["param"] == values
    assert faults == []


@given(
    st.lists(
        st.sampled_from(["1.0", "2.0", "param", "a", "str", ",", '"', '""', "\n", "\r", "x", ""]), max_size=40
    )
)
def test_damage_never_raises_and_is_always_told(parts: list[str]) -> None:
    body = "".join(parts)
    good = fact_line("param", "kept", 1)
    found, faults = read(HEADER + good + body)
    assert found["param"]["kept"] == 1
    leftover = body.replace("\r\n", "\n").replace("\n", "")
    assert faults or not leftover or len(found["param"]) > 1 or set(leftover) == {"\r"}


def test_a_stray_quote_costs_its_own_line_only() -> None:
    torn = '1.0,note,,str,"a note that was cut\n'
    found, faults = read(
        HEADER + torn + fact_line("param", "a", 'with "quotes"\nand lines') + fact_line("param", "b", 2)
    )
    assert found["param"] == {"a": 'with "quotes"\nand lines', "b": 2}
    assert faults == [("bad_row", 2)]


def test_the_latest_row_counts_over_all_files() -> None:
    first = HEADER + fact_line("param", "lr", 1, START) + fact_line("param", "lr", 3, START + 2)
    other = HEADER + fact_line("param", "lr", 2, START + 1)
    assert read(first, other)[0]["param"] == {"lr": 3}


def test_windows_line_ends_and_a_byte_order_mark_are_fine() -> None:
    text = b"\xef\xbb\xbf" + run_text("r", facts=[("param", "a", "b\nc")]).replace("\n", "\r\n").encode()
    found, faults = read(text)
    assert found["run"]["id"] == "r"
    assert found["param"]["a"] == "b\r\nc"  # inside of quotes it is part of the value
    assert faults == []


def test_bad_utf8_is_kept_readable_and_told() -> None:
    found, faults = read(HEADER.encode() + b"1.0,param,a,str,caf\xe9\n")
    assert found["param"]["a"] == "caf\ufffd"
    assert faults == [("other", 2)]


def test_a_very_long_cell_is_read_whole() -> None:
    text = 'x"y' * 200_000
    assert (
        read(HEADER + fact_line("note", "", "-") + fact_line("param", "long", text))[0]["param"]["long"]
        == text
    )


def test_another_header_is_refused_with_what_it_is() -> None:
    with pytest.raises(NotRunFileError, match="a,b,c"):
        read("a,b,c\n1,2,3\n")


@given(st.text(alphabet='ab,"\n ', max_size=12))
def test_cells_split_as_the_standard_reader_splits_them(row: str) -> None:
    cells = split_cells(row)
    if cells and "\n" not in row and not row.startswith(" "):
        assert cells == (next(csv.reader([row], strict=True)) if row else [""])
