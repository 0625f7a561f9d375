"""What a JSON report holds: every value by its pointer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportgen.verify.interface import Item

_ABOUT_SETTINGS = frozenset(("/inputs/settings",))
"""Told by itself, where it differs."""


def tree_items(path: Path) -> Iterator[Item]:
    """Give every leaf of the tree; an empty list or object counts as one."""
    for item in _leaves(json.loads(path.read_text("utf-8")), ""):
        if item.place not in _ABOUT_SETTINGS:
            yield item


def _leaves(node: Any, at: str) -> Iterator[Item]:
    if isinstance(node, dict) and node:
        for name, value in node.items():
            yield from _leaves(value, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list) and node:
        for place, value in enumerate(node):
            yield from _leaves(value, f"{at}/{place}")
    else:
        yield Item((at,), at, "nothing" if isinstance(node, dict | list) else node)
