from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reportgen.load.arrays import shared_texts, texts


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_come_back_as_they_were(values: list[str]) -> None:
    assert texts(values).to_pylist() == values
    assert shared_texts(values).to_pylist() == values
