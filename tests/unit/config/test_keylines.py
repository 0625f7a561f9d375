from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reportgen.config.keylines import KeyPath, key_lines

TEXT = '''\
# a comment with title = "x"
title = "a # b"
a.b . "c d" = 1   # behind
multi = """
fake = 1
\\""" bar""""
plain = \'\'\'
[fake]\'\'\'
list = [
  1, # one ]
  { x = 1, y = [2,
   3] },
  'a]b',
]
day = 1979-05-27 07:32:00
inner = { p = { q = 1 }, "r.s" = 2 }
[t."a.b".'c']
k = 1
[[arr]]
k = 1
[[arr]]
k = 2
[arr.sub]
z = 3
'''


def all_paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    own = [path] if path else []
    return own + [found for key, child in children for found in all_paths(child, (*path, key))]


def test_every_kind_of_key_is_found_on_its_line() -> None:
    lines = key_lines(TEXT)
    assert {path: lines[path] for path in lines if len(path) == 1} == {
        ("title",): 2,
        ("a",): 3,
        ("multi",): 4,
        ("plain",): 7,
        ("list",): 9,
        ("day",): 15,
        ("inner",): 16,
        ("t",): 17,
        ("arr",): 19,
    }
    assert lines["a", "b", "c d"] == 3
    assert lines["list", 1, "y", 1] == 12
    assert lines["list", 2] == 13
    assert lines["inner", "p", "q"] == lines["inner", "r.s"] == 16
    assert lines["t", "a.b", "c", "k"] == 18
    assert lines["arr", 1, "k"] == 22
    assert lines["arr", 1, "sub", "z"] == 24


def test_the_keys_are_those_that_tomllib_finds() -> None:
    assert set(key_lines(TEXT)) == set(all_paths(tomllib.loads(TEXT)))


def test_windows_line_ends_count_once() -> None:
    assert key_lines('a = 1\r\n\r\nb = """x\r\ny"""\r\nc = 2\r\n') == {("a",): 1, ("b",): 3, ("c",): 5}


READABLE = st.text(st.characters(exclude_categories=["C"]), max_size=8)


@given(st.dictionaries(READABLE, READABLE))
def test_any_quoted_key_is_found(entries: dict[str, str]) -> None:
    # a JSON string without escaped characters beyond ASCII is a basic string of TOML
    quoted = [[json.dumps(text, ensure_ascii=False) for text in pair] for pair in entries.items()]
    text = "".join(f"{key} = {value}\n" for key, value in quoted)
    assert key_lines(text) == {(key,): line for line, key in enumerate(tomllib.loads(text), 1)}
