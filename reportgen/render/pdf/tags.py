"""What WeasyPrint's tags lack for readers who listen: scopes of head cells, running heads as artifacts.

It is mended in WeasyPrint's own objects before they are written: to read a whole PDF again takes far longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pydyf

_RUNNING = pydyf.Dictionary({"Type": "/Pagination", "Subtype": "/Header"})
_PRINT = 4
"""The flag of an annotation that is printed."""
_GROUPS = frozenset({"/THead", "/TBody", "/TFoot"})


def mend_tags(pdf: Any, properties: Mapping[str, str]) -> None:
    """Mend the tags of a PDF that is to be written.

    Every head cell then says whether it heads a column or a row, and what stands outside the structure
    (running heads, page numbers) is marked as such.

    Args:
        pdf: WeasyPrint's `pydyf.PDF`, tagged or not.
        properties: Further entries of the document's information.
    """
    objects = {entry.reference: entry for entry in pdf.objects}
    root = objects.get(pdf.catalog.get("StructTreeRoot"))
    if root is not None:
        tree = _Tree(objects)
        tree.drop_empty(root)
        tree.free_small_tables(root)
        reached = tree.give_scopes(root)
        numbers = objects[root["ParentTree"]]["Nums"]
        parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
        for page in _pages(pdf, objects):
            _mark_artifacts(objects[page["Contents"]], parents[page["StructParents"]], reached)
    for page in _pages(pdf, objects):
        for annotation in page.get("Annots", ()):
            _print(objects[annotation])
    for name, text in properties.items():
        pdf.info[name] = pydyf.String(text)


def write_out(pdf: Any) -> None:
    """Let every object be written out once: making the identifier asks for all of them a second time."""
    pdf.objects[:] = [entry if entry.free == "f" else _Written(entry) for entry in pdf.objects]


class _Written(pydyf.Object):  # type: ignore[misc]  # the library has no types
    """An object whose bytes are made."""

    data = b""
    compressible = False

    def __init__(self, source: Any) -> None:
        super().__init__()
        self.number, self.generation = source.number, source.generation
        self.compressible, self.data = source.compressible, source.data


def _pages(pdf: Any, objects: Mapping[bytes, Any]) -> list[Any]:
    return [objects[reference] for reference in pdf.page_references]


def _print(annotation: Any) -> None:
    """Let a link show on paper as on screen."""
    annotation["F"] = int(annotation.get("F", 0)) | _PRINT


class _Tree:
    """The structure tree: elements that refer to one another by number."""

    def __init__(self, objects: Mapping[bytes, Any]) -> None:
        self._objects = objects

    def children(self, node: Any) -> list[Any]:
        """Give the elements right below one; pieces of content and annotations are none."""
        found = [self._objects.get(child) for child in node.get("K", ()) if isinstance(child, bytes)]
        return [child for child in found if child is not None and "S" in child]

    def walk(self, root: Any) -> Iterator[Any]:
        """Give all elements below one, in reading order, itself aside."""
        for node in self.children(root):
            yield node
            yield from self.walk(node)

    def drop_empty(self, node: Any) -> None:
        """Take elements without any content out of the tree: bars are drawn, and read as nothing."""
        for child in self.children(node):
            self.drop_empty(child)
        node["K"] = pydyf.Array(child for child in node["K"] if not self._is_empty(child))

    def _is_empty(self, reference: object) -> bool:
        node = self._objects.get(reference) if isinstance(reference, bytes) else None
        return (
            node is not None
            and node.get("S") in {"/Span", "/NonStruct"}
            and not node["K"]
            and "Alt" not in node
        )

    def free_small_tables(self, root: Any) -> None:
        """Let the first cells of a very small table be plain cells.

        A table's piece on a page is a table of its own in the tree. Where it has more head cells than
        others, as a piece of one row has, readers and checkers take the heads for a faulty table.
        """
        for table in [node for node in self.walk(root) if node["S"] == "/Table"]:
            heads: list[Any] = []
            cells = count = 0
            for group in self.walk(table):
                if group["S"] == "/THead":
                    count = sum(node["S"] == "/TH" for node in self.walk(group))
                elif group["S"] == "/TR":
                    kinds = [(node["S"], node) for node in self.children(group)]
                    heads += [node for kind, node in kinds if kind == "/TH"]
                    cells += sum(kind == "/TD" for kind, _ in kinds)
            if len(heads) > cells:
                self._make_plain(table, heads[count:] if count else [])

    def _make_plain(self, table: Any, heads: list[Any]) -> None:
        gone = {head.pop("ID").data for head in heads if "ID" in head}
        for head in heads:
            head["S"] = "/TD"
        for node in self.walk(table):
            attributes = node.get("A", {})
            if "Headers" in attributes:
                attributes["Headers"] = pydyf.Array(
                    name for name in attributes["Headers"] if name.data not in gone
                )

    def give_scopes(self, root: Any) -> set[bytes]:
        """Give head cells their scope; return the references of all elements in the tree."""
        reached: set[bytes] = set()
        stack = [(root, "")]
        while stack:
            node, group = stack.pop()
            reached.add(node.reference)
            kind = node.get("S")
            if kind in _GROUPS:
                group = kind
            if kind == "/TH":
                scope = "/Column" if group == "/THead" else "/Row"
                node.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = scope
            stack += [(child, group) for child in self.children(node)]
        return reached


def _mark_artifacts(content: Any, parents: Any, reached: set[bytes]) -> None:
    """Mark the pieces of a page's content as artifacts whose elements are not in the tree."""
    loose = {number for number, element in enumerate(parents) if element not in reached}
    operations = content.stream
    for place, (tag, piece) in enumerate(pairwise(operations)):
        if isinstance(piece, pydyf.Dictionary) and piece.get("MCID") in loose and isinstance(tag, str):
            operations[place : place + 2] = ["/Artifact", _RUNNING]
