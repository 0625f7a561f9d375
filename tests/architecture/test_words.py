"""What readers read goes through the catalogue: whole sentences, never glued, never made at run time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAID_BY = {"tr": 1, "phrase": 1, "message": 1, "mark": 1, "ntr": 2, "phrases": 2}
"""How many templates each function of the catalogue begins with."""


def calls(folder: str) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "reportgen" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def name_of(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)
    return call.func.id


def has_words(node: ast.AST) -> bool:
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return any(isinstance(text, str) and re.search(r"[^\W\d_]{2}", text) for text in texts)


def test_no_sentence_is_glued_from_pieces() -> None:
    """`say` puts spans together; words come from `phrase`, which can be translated."""
    glued = [
        where
        for where, call in calls("compose")
        if name_of(call) == "say"
        and any(isinstance(arg, ast.Constant | ast.JoinedStr) and has_words(arg) for arg in call.args)
    ]
    assert glued == []


def test_a_template_is_a_literal_or_a_marked_constant() -> None:
    made = [
        where
        for where, call in calls("")
        for arg in call.args[: SAID_BY.get(name_of(call), 0)]
        if isinstance(arg, ast.JoinedStr | ast.BinOp)
    ]
    assert made == []


def is_marked(value: ast.AST) -> bool:
    """Tell whether a template is a call of `mark`, or a method's choice between such calls."""
    if not isinstance(value, ast.Call):
        return False
    return isinstance(value.func, ast.Name) or all(map(is_marked, value.args))


def test_a_template_in_a_variable_is_marked() -> None:
    unmarked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "reportgen").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "template" for target in node.targets)
        and has_words(node.value)
        and not is_marked(node.value)
    ]
    assert unmarked == []


def test_headings_and_words_of_tables_come_from_the_catalogue() -> None:
    """The second text of a column is its heading; the first of a badge, a gap, a box is read by people."""
    place = {"Column": 1, "Missing": 0, "Badge": 0, "Callout": 0, "Term": 0, "KeyFigure": 0, "Reference": 1}
    bare = [
        where
        for where, call in calls("compose")
        if name_of(call) in place
        and len(call.args) > place[name_of(call)]
        and isinstance(call.args[place[name_of(call)]], ast.Constant)
        and has_words(call.args[place[name_of(call)]])
    ]
    assert bare == []
