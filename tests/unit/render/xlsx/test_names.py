from __future__ import annotations

import pytest

from reportgen.render.sheets import sheet_address
from reportgen.render.xlsx.names import sheet_names, table_names, unique_headers


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Comparison", "Comparison"),
        ("a[b]:c*d?e/f\\g", "a-b--c-d-e-f-g"),
        ("'quoted'", "quoted"),
        ("history", "History so far"),
        ("HISTORY", "History so far"),
        ("", "Untitled"),
        ("  two\nlines ", "two lines"),
        ("x" * 40, "x" * 30 + "…"),
        ("😀" * 20, "😀" * 15 + "…"),
        ("y" * 29 + "' z", "y" * 29 + "…"),
    ],
)
def test_sheet_names_are_made_fit(wanted: str, name: str) -> None:
    assert sheet_names().claim(wanted) == name


def test_sheet_names_are_unique_whatever_their_case_and_length() -> None:
    names = sheet_names()
    given = [names.claim(wanted) for wanted in ["Runs", "RUNS", "runs", "R" * 40, "r" * 40, "Ｒｕｎｓ"]]
    assert given[:3] == ["Runs", "RUNS 2", "runs 3"]
    assert given[5] == "Ｒｕｎｓ 4"
    assert len({name.casefold() for name in given}) == 6
    assert all(len(name) <= 31 for name in given)


@pytest.mark.parametrize("wanted", ["F1", "run12", "R1C1", "r", "with space", "1st", "ü", ""])
def test_table_names_never_look_like_cells(wanted: str) -> None:
    name = table_names().claim(wanted)
    assert name.startswith("tbl_")
    assert name.replace("_", "a").isalnum()
    assert name.isascii()


def test_table_names_are_unique_whatever_their_case() -> None:
    names = table_names()
    assert [names.claim("runs"), names.claim("RUNS")] == ["tbl_runs", "tbl_RUNS_2"]


def test_headers_are_text_and_unique_whatever_their_case() -> None:
    assert unique_headers(["F1 (%)", "f1 (%)", "", "a\nb", "\x00"]) == [
        "F1 (%)",
        "f1 (%) 2",
        "Untitled",
        "a b",
        "\N{REPLACEMENT CHARACTER}",
    ]


def test_headers_fit_the_limit_even_when_numbered() -> None:
    headers = unique_headers(["x" * 300, "x" * 300])
    assert [len(header) for header in headers] == [255, 255]
    assert headers[0] != headers[1]


def test_apostrophes_in_links_are_doubled() -> None:
    assert sheet_address("Bob's runs") == "'Bob''s runs'"
