from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.config.toml import inline_table, toml_key, toml_value

TEXT = st.text(max_size=12)
PLAIN = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_what_is_written_reads_back(values: dict[str, Any]) -> None:
    assert tomllib.loads(f"value = {inline_table(values)}")["value"] == values


@given(TEXT)
def test_any_name_can_be_a_table(name: str) -> None:
    assert tomllib.loads(f"[metrics.{toml_key(name)}]\n") == {"metrics": {name: {}}}


@pytest.mark.parametrize("value", [None, {"a": None}, "\ud800", object()])
def test_what_toml_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"no form|surrogates"):
        toml_value(value)
