"""The size of files and functions is kept in bounds, so that the code stays easy to read."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "reportgen").rglob("*.py"))
MAX_FILE_LINES = 400
MEDIAN_FILE_LINES = 130
MAX_FUNCTION_LINES = 60
P90_FUNCTION_LINES = 25


def functions(path: Path) -> list[tuple[str, int]]:
    """Give each function's name and its number of lines, docstring aside."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
            found.append((node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - docstring))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES


def test_half_of_the_files_are_short() -> None:
    lines = [len(path.read_text("utf-8").splitlines()) for path in MODULES]
    assert statistics.median(lines) <= MEDIAN_FILE_LINES


def test_functions_are_short() -> None:
    sizes = [(f"{path.name}:{name}", size) for path in MODULES for name, size in functions(path)]
    assert [entry for entry in sizes if entry[1] > MAX_FUNCTION_LINES] == []
    assert statistics.quantiles([size for _, size in sizes], n=10)[8] <= P90_FUNCTION_LINES
