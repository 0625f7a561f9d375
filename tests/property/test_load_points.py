"""A file gives the same numbers alone, among others, and read line by line by the judge."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.load.interface import RunFolder, merge_faults
from reportgen.load.lines import judge, number, reduce_points
from reportgen.load.parser import parse_wide
from reportgen.load.points import Piece, PointReader, read_header
from reportgen.load.table import _merged
from reportgen.runs import MetricSummary
from tests.fakes.run_folders import run_text, write_run

WIDE = b"time,step,loss,acc\n"
LONG = b"time,step,name,value\n"

ODD = {
    "clean": WIDE + b"1.0,0,0.5,0.1\n2.0,1,0.4,0.2\n3.0,2,0.3,\n",
    "torn number": WIDE + b"1.0,0,0.5,0.1\n2.0,1,0.4,0.12",
    "torn short": WIDE + b"1.0,0,0.5,0.1\n2.0,1",
    "glued lines": WIDE + b"1.0,0,0.5,0.1\n2.0,1,0.43.0,2,0.5,0.6\n4.0,3,1,2\n",
    "short row": WIDE + b"1.0,0,0.5\n2.0,1,0.4,0.2\n",
    "long first row": WIDE + b"1.0,0,0.5,0.1,9\n2.0,1,0.4,0.2\n",
    "long and short": WIDE + b"1.0,0,0.5,0.1,9\n2.0,1,0.4\n3.0,2,1,2\n",
    "blank lines": WIDE + b"\n1.0,0,0.5,0.1\n\n\n2.0,1,0.4,0.2\n\n",
    "carriage returns": WIDE.replace(b"\n", b"\r\n") + b"1.0,0,0.5,0.1\r\n2.0,1,0.4,0.2\r\n",
    "lone carriage return": WIDE + b"1.0,0,0.5,0.1\r2.0,1,0.4,0.2\n3.0,2,1,2\n",
    "byte order mark": b"\xef\xbb\xbf" + WIDE + b"1.0,0,0.5,0.1\n",
    "NUL": WIDE + b"1.0,0,0.5,0.1\n2.0,1,\x000.4,0.2\n3.0,2,1,2\n",
    "NUL tail": WIDE + b"1.0,0,0.5,0.1\n\x00\x00\x00\x00",
    "header only": WIDE,
    "header torn": b"time,step,lo",
    "empty": b"",
    "no metrics": b"time,step\n1.0,0\n2.0,1\n",
    "bad UTF-8": WIDE + b"1.0,0,0.5,0.1\n2.0,1,\xff,0.2\n3.0,2,1,2\n",
    "stray quote": WIDE + b'1.0,0,0.5,0.1\n2.0,1,"0.4,0.2\n3.0,2,1,2\n4.0,3,3,4\n',
    "quoted cells": WIDE + b'"1.0","0","0.5","0.1"\n2.0,1,"",0.2\n',
    "text": WIDE + b"1.0,0,high,0.1\n2.0,1,0.4,0.2\n",
    "not finite": WIDE + b"1.0,0,nan,inf\n2.0,1,0.4,-inf\n3.0,2,NaN,nan\n",
    "only not finite": WIDE + b"1.0,0,nan,inf\n2.0,1,nan,-inf\n",
    "nan with a tail": WIDE + b"1.0,0,nan(1),0.1\n2.0,1,0.4,0.2\n",
    "too large": WIDE + b"1.0,0,1e999,-1e999\n2.0,1,1e-400,5e-324\n",
    "odd numbers": WIDE + b"1.0,0,+1.5,.5\n2.0,1,1_0, 0.2\n3.0,2,1.,0x1f\n4.0,3,1e5,1d5\n",
    "blank steps": WIDE + b"1.0,,0.5,0.1\n2.0,,0.4,0.2\n3.0,2,0.3,0.3\n",
    "bad steps": WIDE + b"1.0,nan,0.5,0.1\n2.0,inf,0.4,0.2\n3.0,x,0.3,0.3\n",
    "large steps": WIDE + b"1.0,9007199254740993,0.5,0.1\n2.0,9007199254740995,0.4,0.2\n",
    "fractional steps": WIDE + b"1.0,0.5,0.5,0.1\n2.0,1.0,0.4,0.2\n",
    "bad times": WIDE + b",0,0.5,0.1\nnan,1,0.4,0.2\ninf,2,1,2\nx,3,1,2\n5.0,4,3,4\n",
    "times fall": WIDE + b"3.0,2,0.1,0.3\n1.0,0,0.5,0.1\n2.0,1,0.1,\n2.0,1,0.6,0.3\n",
    "repeated steps": WIDE + b"1.0,0,0.5,0.1\n2.0,1,0.4,\n3.0,1,0.3,0.2\n4.0,0,0.2,0.3\n",
    "blank column": WIDE + b"1.0,0,0.5,\n2.0,1,0.4,\n",
    "blank row": WIDE + b"1.0,0,,\n9.0,1,,\n",
    "same extremes": WIDE + b"1.0,0,1,-0.0\n2.0,1,1,0.0\n3.0,2,1,0.0\n",
    "names of the trade": b"time,step,NA,F1,time,step\n1.0,0,1,2,3,4\n2.0,1,5,6,7,8\n",
    "quoted name": b'time,step,"a,b","say ""hi"""\n1.0,0,1,2\n',
    "equal names": b"time,step,loss,loss\n1.0,0,1,2\n2.0,1,3,4\n",
    "nameless column": b"time,step,loss,\n1.0,0,1,2\n2.0,1,3,\n",
    "foreign": b"epoch,loss\n1,2\n",
    "binary": bytes(range(256)) * 20,
    "long": LONG + b"1.0,0,loss,0.5\n1.0,0,acc,0.1\n2.0,1,loss,0.4\n2.0,,NA,nan\n",
    "long with faults": LONG
    + b"1.0,0,loss,\n1.0,0,,0.1\n2.0,1,loss\n2.0,x,loss,0.4\n3.0,2,loss,high\n4.0,3,loss,1\n",
    "long with quotes": LONG + b'1.0,0,"a,b",0.5\n2.0,1,"a,b",0.4\n3.0,2,"a,0.3\n4.0,3,c,1\n',
    "long, times fall": LONG + b"3.0,2,b,1\n1.0,0,a,2\n2.0,1,b,2\n2.0,1,a,3\n1.5,1,a,3\n",
    "long, bad name": LONG + b"1.0,0,\xff,0.5\n2.0,1,b,0.4\n",
    "long by name, wide in truth": WIDE + b"1.0,0,0.5,0.1\n",
}
"""File contents by what is odd about them; those that begin with ``long`` are in the long form."""


def summaries(files: list[tuple[str, bytes]], tmp_path: Path) -> list[tuple[object, object, object]]:
    """Read runs with one metrics file each through `summarise`, in one batch."""
    from reportgen.load.folders import RunFolderSource
    from reportgen.load.summary import summarise

    folders: list[RunFolder] = []
    for at, (name, data) in enumerate(files):
        folder = write_run(tmp_path / f"{at:04d}", {"run.csv": run_text(f"r{at}"), name: data})
        folders += RunFolderSource().discover(str(folder)).folders
    table = summarise(folders)
    found: list[tuple[object, object, object]] = []
    for row in table.to_pylist():
        numbers = zip(*(row[f"metric_{field}"] for field in MetricSummary._fields), strict=True)
        metrics = dict(zip(row["metrics"], map(comparable, numbers), strict=True))
        found.append((metrics, list(metrics), (row["faults"], comparable((row["newest_point"],)))))
    return found


def comparable(numbers: object) -> tuple[object, ...]:
    """Make NaN equal to itself, and tell 0.0 from -0.0."""
    return tuple(repr(float(value)) for value in numbers)  # type: ignore[attr-defined]  # any row of numbers


def judged(name: str, data: bytes) -> dict[str, tuple[object, ...]]:
    """Read a file's whole lines by the judge alone."""
    reader = PointReader()
    data = data.removeprefix(b"\xef\xbb\xbf")
    start, end = data.find(b"\n") + 1, data.rfind(b"\n") + 1
    header = read_header(data[:start].rstrip(b"\r\n"), is_long="-long" in name)
    if not start or header.problem:
        return {}
    body = data[start:end]
    reader._judge(header, Piece(0, 0, name, 2, body, body.count(b"\n"), is_shared=False))
    _, names, numbers = _merged(reader)
    texts = list(reader.names)
    return {texts[code]: comparable(row[:9]) for code, row in zip(names.tolist(), numbers, strict=True)}


def file_name(title: str) -> str:
    return "metrics-long.csv" if title.startswith("long") else "metrics.csv"


def test_odd_files_read_the_same_alone_together_and_by_the_judge(tmp_path: Path) -> None:
    files = [(file_name(title), data) for title, data in ODD.items()]
    together = summaries(files, tmp_path / "together")
    for at, title in enumerate(ODD):
        alone = summaries([files[at]], tmp_path / "alone" / str(at))[0]
        assert together[at] == alone, title
        assert together[at][0] == judged(*files[at]), title


def test_odd_files_lose_no_good_row() -> None:
    """What the judge keeps of some odd files, worked out by hand: points of each metric."""
    expected = {
        "torn number": {"loss": 1, "acc": 1},
        "glued lines": {"loss": 2, "acc": 2},
        "stray quote": {"loss": 3, "acc": 3},
        "text": {"loss": 1, "acc": 2},
        "NUL": {"loss": 2, "acc": 3},
        "bad UTF-8": {"loss": 2, "acc": 2},
        "bad times": {"loss": 1, "acc": 1},
        "bad steps": {"loss": 3, "acc": 3},
        "blank column": {"loss": 2},
        "names of the trade": {"NA": 2, "F1": 2, "time": 2, "step": 2},
        "equal names": {"loss": 4},
        "long with faults": {"loss": 2},
        "long with quotes": {"a,b": 2, "c": 1},
    }
    for title, points in expected.items():
        found = judged(file_name(title), ODD[title])
        assert {name: int(float(str(row[0]))) for name, row in found.items()} == points, title


CELLS = st.one_of(
    st.floats(width=64).map(repr),
    st.sampled_from(
        ["", "nan", "inf", "-inf", "+1", "1.", "x", " 2", '"3"', "1e5", "-0.0", "(", "\t", "1_0"]
    ),
)
ROWS = st.lists(
    st.tuples(st.integers(0, 9), st.one_of(st.just(""), st.integers(0, 9).map(str)), CELLS, CELLS),
    max_size=12,
)


@given(st.lists(ROWS, min_size=1, max_size=4), st.integers(0, 10_000), st.binary(min_size=0, max_size=2))
@settings(max_examples=60, deadline=None)
def test_damaged_files_read_the_same_in_a_batch_as_by_the_judge(
    runs: list[list[tuple[int, str, str, str]]], cut: int, dirt: bytes
) -> None:
    reader = PointReader()
    files = []
    for at, rows in enumerate(runs):
        body = "".join(f"{time}.5,{step},{a},{b}\n" for time, step, a, b in rows).encode()
        if at == 0 and body:
            place = cut % len(body)
            body = body[:place] + dirt + body[place + 1 :]
            body = body[: body.rfind(b"\n") + 1]
        files.append(body)
    header = read_header(WIDE.strip(), is_long=False)
    for at, body in enumerate(files):
        reader.add(WIDE, header, Piece(at, 0, "metrics.csv", 2, body, body.count(b"\n"), is_shared=False))
    reader.finish()
    found_runs, names, numbers = _merged(reader)
    texts = list(reader.names)
    for at, body in enumerate(files):
        verdict = judge(header, body, "metrics.csv", 2)
        expected = {name: comparable(reduce_points(points)) for (_, name), points in verdict.series.items()}
        found = {
            texts[names[row]]: comparable(numbers[row]) for row in range(len(names)) if found_runs[row] == at
        }
        assert found == expected
        assert merge_faults(reader.faults.get(at, [])) == merge_faults(verdict.faults)
        assert reader.newest.get(at, -1.0) == (-1.0 if math.isnan(verdict.newest) else verdict.newest)


@given(st.text(alphabet="0123456789+-.eEnaifNIF xX_ \t()", min_size=1, max_size=8))
@settings(max_examples=400, deadline=None)
def test_whatever_the_parser_takes_for_a_number_the_judge_reads_the_same(text: str) -> None:
    table = parse_wide(f"1.5,0,{text}\n".encode(), 1, 1)
    if table is not None and "(" not in text and not table._columns[0].null_count:
        assert comparable(table.column(0)[0]) == comparable([number(text)])


@pytest.mark.parametrize("text", ["1_0", "\u0661", "0x1", "", "1 2", "\x001", "1\r", "\x0b1"])
def test_the_judge_refuses_what_only_python_calls_a_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|float"):
        number(text)
