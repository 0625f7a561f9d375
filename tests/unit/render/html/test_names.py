"""Names of set-ups are held together in pieces."""

from __future__ import annotations

import re

import pytest

from reportgen.render.html.names import LONG, held


def pieces(text: str) -> list[str]:
    """The texts that stay on one line, the outer ones."""
    marked = re.sub(r"</span>", "}", re.sub(r"<span[^>]*>", "{", str(held(text))))
    found, depth, now = [], 0, ""
    for letter in marked:
        depth += (letter == "{") - (letter == "}")
        if letter not in "{}" and depth:
            now += letter
        elif not depth and now:
            found.append(now)
            now = ""
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("svm (C = 10)", ["svm (C = 10)"]),
        ("mlp (learning rate 0.001, hidden 128)", ["(learning rate 0.001,", "hidden 128)"]),
        ("logreg (C = 1, scanner A)", ["(C = 1,", "scanner A)"]),
        ("Is svm (C = 10) better than logreg (C = 1)?", ["(C = 10)", "(C = 1)?"]),
        ("20261122T232533Z-51a6edcb", ["20261122T232533Z-51a6edcb"]),
        ("build --config a/b.toml for all of them", ["--config"]),
        ("forest", []),
        ("\u6a21\u578b (\u5b66 = 1)", []),
        ("a text of more words than any name has, with C = 1 in it somewhere", []),
    ],
)
def test_a_name_breaks_between_its_settings_only(name: str, expected: list[str]) -> None:
    assert pieces(name) == expected


def test_what_is_held_fits_a_telephone_and_keeps_its_text() -> None:
    wide = "WWWWWWWWWWWWWW (W = 1)"
    assert pieces(wide) == ["(W = 1)"]
    assert all(len(piece) <= LONG for piece in pieces("M" * 40 + " (lr 0.1, <b> = 2)"))
    assert re.sub(r"<[^>]*>", "", str(held("a <b> (c = 1)"))) == "a &lt;b&gt; (c = 1)"
