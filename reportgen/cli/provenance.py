"""How a report's numbers were made, as lines for a terminal."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.cli.screen import ProgressLine
from reportgen.cli.sources import find_source
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.explain import Explanation, Tree

_MOST_RUNS = 40
"""Of one set-up on the screen; the lines of Python have all of their numbers."""
_MOST_BELOW = 30
"""Numbers that are listed below a pointer that leads to several."""


def find_tree(options: Namespace) -> Tree | None:
    """Give the numbers of the report that is meant; None where nothing was named and there is nothing here.

    Raises:
        ReportgenError: What was named cannot be read.
    """
    from reportgen import pipeline
    from reportgen.explain import Tree

    if options.from_file is not None:
        return Tree(_read(options.from_file))
    try:
        config = find_source(options.addresses, options.config)
    except UsageError:
        if options.addresses or options.config:
            raise
        return None
    progress = ProgressLine()
    try:
        numbers = pipeline.numbers(
            replace(config, audience="team"), cache=not options.no_cache, progress=progress.step
        )
    finally:
        progress.clear()
    return Tree(numbers)


def _read(path: Path) -> dict[str, Any]:
    """Read the JSON of a report.

    Raises:
        UsageError: It is none, or its single runs are held back.
    """
    do = "Name the JSON that `reportgen build` made, or leave --from out to use the runs."
    try:
        numbers: dict[str, Any] = json.loads(path.read_text("utf-8"))
        runs, rows = numbers["runs"]["total"], numbers["rows"]
        numbers["configurations"], numbers["findings"], numbers["thresholds"]
    except OSError as error:
        raise UsageError(f"--from {str(path)!r} cannot be read ({error.strerror or error})", do=do) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"--from {str(path)!r} is no report's JSON", do=do) from error
    if runs and not rows:
        raise UsageError(
            f"--from {str(path)!r} is for the audience {numbers.get('audience')!r}, so it holds no single runs",
            do="Leave --from out, or name the JSON of the report for the team.",
        )
    return numbers


def tell(tree: Tree, name: str) -> list[str]:
    """Say how a number, or all numbers of a finding, were made; empty where there is no such thing."""
    place = re.match(r"/findings/(\d+)(/|$)", name)
    if name.startswith("/") and not place:
        return list(_pointer(tree, name))
    said = (*tree.numbers["findings"], *tree.numbers["caveats"])
    if place:
        said = tree.numbers["findings"][int(place[1]) :][:1]
    lines: list[str] = []
    for entry in said:
        if place or entry["id"] == name:
            lines += ["", entry["text"]]
            for pointer in entry.get("evidence", ()):
                lines += ["", *_pointer(tree, pointer)]
    return lines


def _pointer(tree: Tree, pointer: str) -> Iterator[str]:
    from reportgen.explain import explain_number, numeric_pointers

    try:
        found = explain_number(tree, pointer)
    except (KeyError, IndexError, ValueError):
        return
    if isinstance(found.value, dict | list):
        below = list(numeric_pointers(found.value, pointer))
        yield f"{pointer} holds {len(below)} numbers"
        yield from (f"  {one} = {tree.at(one)!r}" for one in below[:_MOST_BELOW])
        if len(below) > _MOST_BELOW:
            yield f"  ... and {len(below) - _MOST_BELOW} more"
    else:
        yield from _lines(found)


def _lines(found: Explanation) -> Iterator[str]:
    recipe = found.recipe
    value = found.value if isinstance(found.value, str) else json.dumps(found.value)
    yield f"{found.pointer} = {value}"
    yield f"  What: {recipe.what}"
    for given in recipe.given:
        yield f"  From: {given.label}, {len(given.runs)} runs"
        yield from (f"    {run}  {number!r}" for run, number in given.runs[:_MOST_RUNS])
        if len(given.runs) > _MOST_RUNS:
            yield f"    ... and {len(given.runs) - _MOST_RUNS} more"
    if recipe.formula:
        yield f"  Formula: {recipe.formula}"
    if recipe.code:
        yield "  In Python:"
        yield from (f"    {line}" for line in recipe.code)
        yield f"    print(result)  # {value}"
    if recipe.rule:
        yield f"  Rule: {recipe.rule}"
    if recipe.section:
        yield f'  More: docs/method.md, "{recipe.section}"'


def nearby(tree: Tree, pointer: str) -> str:
    """Say how far a pointer leads, and what is there."""
    parts = pointer.split("/")[1:]
    for count in range(len(parts) - 1, -1, -1):
        start = "".join(f"/{part}" for part in parts[:count])
        try:
            node = tree.at(start) if start else tree.numbers
        except KeyError:
            continue
        if isinstance(node, list):
            return f"{start} has {len(node)} entries, numbered from 0"
        if isinstance(node, dict):
            names = list(map(str, node))
            near = get_close_matches(parts[count], names, n=3, cutoff=0.5) or names[:8]
            return f"{start or 'the report'} has {', '.join(map(repr, near))}"
        return f"{start} is a value"
    return ""
