"""Names that are cut stay different, short, whole in their letters, and say what tells them apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.document import held_equations, held_settings, told_apart
from reportgen.document.names import Fits, cut_middle

SETTINGS = [
    "knn (scanner A, k = 9)",
    "mlp (scanner A, hidden 16, learning rate 0.01)",
    "mlp (scanner A, hidden 64, learning rate 0.01)",
    "logreg (C = 1, scanner A)",
]
LONG = "a very long name that somebody gave to a set-up in a hurry, with every parameter in it: "
ALPHABET = st.sampled_from("ab (),=1" + "é" + "e\N{COMBINING ACUTE ACCENT}" + "名שع")


def within(limit: int) -> Fits:
    return lambda text: len(text) <= limit


@pytest.mark.parametrize(
    ("names", "limit", "cut"),
    [
        (SETTINGS, 60, SETTINGS),
        (
            SETTINGS,
            24,
            ["knn (scanner A, k = 9)", "mlp (hidden 16, …)", "mlp (hidden 64, …)", "logreg (C = 1, …)"],
        ),
        (SETTINGS[:2], 30, ["knn (scanner A, k = 9)", "mlp (scanner A, hidden 16, …)"]),
        ([LONG + "1", LONG + "2"], 30, ["a very long name…in it: 1", "a very long name…in it: 2"]),
        (
            [f"{LONG}1 and {LONG}", f"{LONG}2 and {LONG}"],
            24,
            ["a very…1 and a very lon…", "a very…2 and a very lon…"],
        ),
        (["same " * 9, "same " * 9], 9, ["same…same", "same…same"]),
    ],
)
def test_names_are_cut_where_they_do_not_differ(names: list[str], limit: int, cut: list[str]) -> None:
    assert list(told_apart(names, within(limit))) == cut


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=60), min_size=1, max_size=12), st.integers(8, 40))
def test_names_that_differ_are_never_cut_to_the_same(names: list[str], limit: int) -> None:
    flat = [" ".join(name.split()) for name in names]
    cut = told_apart(names, within(limit))
    assert len({*zip(flat, cut, strict=True)}) == len(set(flat)) == len(set(cut))
    assert all(len(text) <= limit for text in cut)
    assert all(text == name for name, text in zip(flat, cut, strict=True) if len(name) <= limit)


def test_no_letter_loses_its_accent() -> None:
    name = "e\N{COMBINING ACUTE ACCENT}" * 30
    for limit in range(5, 60):
        parts = cut_middle(name, within(limit)).split("…")
        assert all(unicodedata.normalize("NFC", part).strip("é") == "" for part in parts)


def test_thousands_of_names_are_told_apart_at_once() -> None:
    names = [f"{'x' * 40}{number:05d}{'y' * 40}" for number in range(3000)]
    assert len(set(told_apart(names, within(30)))) == len(names)


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("svm (C = 10, scanner A)", "svm (C~=~10, scanner~A)"),
        ("mlp (learning rate 0.01, hidden 128)", "mlp (learning~rate~0.01, hidden~128)"),
        ("C = 100, gamma 0.1, kernel rbf", "C~=~100, gamma~0.1, kernel~rbf"),
        ("knn (k = 3)", "knn~(k~=~3)"),
        ("plain-network (learning rate 0.00031)", "plain-network (learning rate~0.00031)"),
        ("a name that somebody gave in a hurry", "a name that somebody gave in a hurry"),
    ],
)
def test_lines_end_between_settings_and_not_inside_of_one(name: str, held: str) -> None:
    assert held_settings(name).replace("\xa0", "~") == held


def test_any_text_keeps_an_equation_together() -> None:
    text = "n_neighbors = 1500, n_samples = 540 (C = 1)"
    assert held_equations(text).replace("\xa0", "~") == "n_neighbors~=~1500, n_samples~=~540 (C~=~1)"


@given(st.text(ALPHABET, max_size=60))
def test_what_is_held_together_says_the_same(name: str) -> None:
    for hold in (held_settings, held_equations):
        assert hold(name).replace("\xa0", " ") == name
