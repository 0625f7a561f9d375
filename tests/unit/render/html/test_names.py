"""Names of set-ups are held together in pieces."""

from __future__ import annotations

import re

import lxml.html
import pytest

from reportgen.render.html import names, tables
from reportgen.render.html.names import LONG, held
from reportgen.render.templates import builtin_templates


def spans(text: str, css: str) -> list[str]:
    """The texts of the outermost spans of a class."""
    parsed = lxml.html.fragment_fromstring(str(held(text)), create_parent="p")
    own = f"contains(concat(' ', @class, ' '), ' {css} ')"
    return [str(span.text_content()) for span in parsed.xpath(f".//span[{own}][not(ancestor::span[{own}])]")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("svm (C = 10)", ["svm (C = 10)"]),
        ("mlp (learning rate 0.001, hidden 128)", ["(learning rate 0.001,", "hidden 128)"]),
        (
            "boosting (scanner A, depth 3, learning rate 0.3)",
            ["(scanner A,", "depth 3,", "learning rate 0.3)"],
        ),
        ("logreg (C = 1, scanner A)", ["(C = 1, scanner A)"]),
        (
            "Is svm (C = 10, scanner A) better than logreg (C = 1, scanner A)?",
            ["(C = 10, scanner A)", "(C = 1, scanner A)?"],
        ),
        ("Is svm (C = 10) better than logreg (C = 1)?", ["(C = 10)", "(C = 1)?"]),
        ("Is C = 100, gamma 0.1 better than C = 1, gamma 1?", ["Is C = 100,", "C = 1,", "gamma 1?"]),
        ("20261122T232533Z-51a6edcb", ["20261122T232533Z-51a6edcb"]),
        ("build --config a/b.toml for all of them", ["--config"]),
        ("forest", []),
        ("\u6a21\u578b (\u5b66 = 1)", []),
        (
            "a text of more words than any name has, so that it is prose and breaks where it may: with C = 1 in it",
            [],
        ),
    ],
)
def test_a_name_breaks_between_its_settings_only(name: str, expected: list[str]) -> None:
    assert spans(name, "held") == expected


def test_what_is_held_fits_a_telephone_and_keeps_its_text() -> None:
    wide = "WWWWWWWWWWWWWW (W = 1)"
    assert spans(wide, "held") == ["(W = 1)"]
    assert all(len(piece) <= LONG for piece in spans("M" * 40 + " (lr 0.1, <b> = 2)", "held"))
    assert re.sub(r"<[^>]*>", "", str(held("a <b> (c = 1)"))) == "a &lt;b&gt; (c = 1)"


def test_a_wide_headline_keeps_brackets_together() -> None:
    assert spans("mlp (learning rate 0.001, hidden 128)", "group") == ["(learning rate 0.001, hidden 128)"]
    assert spans("boosting (scanner A, depth 3, learning rate 0.3)", "group") == []


def test_the_page_s_script_has_the_same_limits_and_no_two_functions_of_one_name() -> None:
    """Of two, the later is called everywhere: rows and names that the script puts up would be lost."""
    script = (builtin_templates() / "page.js").read_text("utf-8")
    said = {name: int(value) for name, value in re.findall(r"\b([A-Z_]+) = (\d+)[,;]", script)}
    ours = {name: getattr(names, name) for name in ("SHORT", "LONG", "GROUP", "ID", "NAME")}
    ours |= {name: getattr(tables, name) for name in ("WORDY", "ONE_LINE")}
    assert {name: said[name] for name in ours} == ours
    functions = re.findall(r"\bfunction (\w+)\(", script)
    assert len(set(functions)) == len(functions) > 20
