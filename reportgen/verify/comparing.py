"""Two files of one format, place by place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from reportgen.verify.interface import Difference, Item
from reportgen.verify.matching import match_by_key, match_in_order
from reportgen.verify.page import page_items
from reportgen.verify.paper import paper_items
from reportgen.verify.tree import tree_items
from reportgen.verify.workbook import workbook_items

_ITEMS: dict[str, Callable[[Path], Iterable[Item]]] = {
    "xlsx": workbook_items,
    "html": page_items,
    "pdf": paper_items,
    "json": tree_items,
}


def compare_files(file_format: str, delivered: Path, fresh: Path) -> list[Difference]:
    """Name every place in which *delivered* says something else than *fresh*.

    Numbers count as equal within `matching.TOLERANCE`; sizes, colours and charts' own copies of their
    numbers are not looked at (a workbook's charts read their cells, which are).
    """
    if delivered.read_bytes() == fresh.read_bytes():
        return []
    read = _ITEMS[file_format]
    ours, theirs = list(read(delivered)), list(read(fresh))
    if file_format == "pdf":
        return list(match_in_order(ours, theirs))
    unstored = {item.key for item in theirs if item.key[-1] == "result"} - {item.key for item in ours}
    return list(match_by_key(ours, [item for item in theirs if item.key not in unstored]))
