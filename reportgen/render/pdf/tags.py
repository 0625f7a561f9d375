"""What WeasyPrint's tags lack for readers who listen: scopes of head cells, running heads as artifacts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_MARK = re.compile(rb"/[A-Za-z0-9]+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
_ARTIFACT = b"/Artifact <</Type /Pagination /Subtype /Header>> BDC"
_PRINT = 4
"""The flag of an annotation that is printed."""


def mend_tags(content: bytes, properties: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Mend the tags of a PDF and give it an identifier made from its content.

    Args:
        content: A tagged PDF as WeasyPrint 70 writes it.
        properties: Further entries of the document's information.

    Returns:
        The same pages; every head cell says whether it heads a column or a row, and what stands
        outside the structure (running heads, page numbers) is marked as such.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root.get("/StructTreeRoot")
        if root is not None:
            _drop_empty(root)
            _free_small_tables(root)
            reached = _give_scopes(root)
            numbers = dict(_numbers(root.get("/ParentTree", Dictionary())))
            for page in pdf.pages:
                _mark_artifacts(pdf, page, numbers, reached)
        _print_links(pdf)
        for name, text in properties.items():
            pdf.docinfo[f"/{name}"] = text
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return target.getvalue()


def _print_links(pdf: Any) -> None:
    """Let links show on paper as on screen."""
    for page in pdf.pages:
        for annotation in page.get("/Annots", Array()):
            annotation.F = int(annotation.get("/F", 0)) | _PRINT


def _drop_empty(root: Any) -> None:
    """Take elements without any content out of the tree: bars are drawn, and read as nothing."""
    stack = [root]
    while stack:
        node = stack.pop()
        children = node.get("/K")
        if not isinstance(children, Array):
            if isinstance(children, Dictionary):
                stack.append(children)
            continue
        kept = [child for child in children if not _is_empty(child)]
        if len(kept) < len(children):
            node.K = Array(kept)
        stack.extend(child for child in kept if isinstance(child, Dictionary) and "/S" in child)


def _is_empty(node: Any) -> bool:
    if not isinstance(node, Dictionary) or node.get("/S") not in {Name.Span, Name.NonStruct}:
        return False
    children = node.get("/K")
    return (children is None or (isinstance(children, Array) and len(children) == 0)) and "/Alt" not in node


def _free_small_tables(root: Any) -> None:
    """Let the first cells of a very small table be plain cells.

    A table's piece on a page is a table of its own in the tree. Where it has more head cells than
    others, as a piece of one row has, readers and checkers take the heads for a faulty table.
    """
    for table in [node for node in _walk(root) if _is(node, Name.Table)]:
        heads: list[Any] = []
        cells = count = 0
        for group in _walk(table):
            if _is(group, Name.THead):
                count = sum(_is(node, Name.TH) for node in _walk(group))
            elif _is(group, Name.TR):
                heads += [node for node in _children(group) if _is(node, Name.TH)]
                cells += sum(_is(node, Name.TD) for node in _children(group))
        if len(heads) > cells:
            _make_plain(table, heads[count:] if count else [])


def _make_plain(table: Any, heads: list[Any]) -> None:
    gone = {bytes(head.ID) for head in heads if "/ID" in head}
    for head in heads:
        head.S = Name.TD
        if "/ID" in head:
            del head.ID
    for node in _walk(table):
        for entry in _attributes(node):
            if "/Headers" in entry:
                entry.Headers = Array([name for name in entry.Headers if bytes(name) not in gone])


def _walk(root: Any) -> Iterator[Any]:
    """Give all elements below one, in reading order, itself aside."""
    for node in _children(root):
        yield node
        yield from _walk(node)


def _is(node: Any, kind: Any) -> bool:
    return bool(node.get("/S") == kind)


def _children(node: Any) -> list[Any]:
    children = node.get("/K")
    entries = [*children] if isinstance(children, Array) else [children]
    return [entry for entry in entries if isinstance(entry, Dictionary) and "/S" in entry]


def _attributes(node: Any) -> list[Any]:
    given = node.get("/A")
    entries = [*given] if isinstance(given, Array) else [given]
    return [entry for entry in entries if isinstance(entry, Dictionary)]


def _give_scopes(root: Any) -> set[tuple[int, int]]:
    """Give head cells their scope; return the object numbers of all elements in the tree."""
    reached: set[tuple[int, int]] = set()
    stack = [(root.get("/K"), "")]
    while stack:
        node, group = stack.pop()
        if isinstance(node, Array):
            stack.extend((child, group) for child in node)
        elif isinstance(node, Dictionary) and "/S" in node:
            if node.is_indirect:
                if node.objgen in reached:
                    continue
                reached.add(node.objgen)
            if node.S in {Name.THead, Name.TBody, Name.TFoot}:
                group = str(node.S)
            if _is(node, Name.TH):
                _give_scope(node, Name.Column if group == "/THead" else Name.Row)
            stack.append((node.get("/K"), group))
    return reached


def _give_scope(cell: Any, scope: Name) -> None:
    attributes = cell.get("/A")
    tables = attributes if isinstance(attributes, Array) else [attributes]
    for table in tables:
        if isinstance(table, Dictionary) and table.get("/O") == Name.Table:
            table.Scope = scope
            return
    mine = Dictionary(O=Name.Table, Scope=scope)
    if attributes is None:
        cell.A = mine
    else:
        cell.A = Array([*tables, mine])


def _numbers(tree: Any) -> Iterator[tuple[int, Any]]:
    """Walk a number tree."""
    entries = tree.get("/Nums")
    if entries is not None:
        for place in range(0, len(entries), 2):
            yield int(entries[place]), entries[place + 1]
    for child in tree.get("/Kids", Array()):
        yield from _numbers(child)


def _mark_artifacts(pdf: Any, page: Any, numbers: dict[int, Any], reached: set[tuple[int, int]]) -> None:
    parents = numbers.get(int(page.get("/StructParents", -1)))
    if not isinstance(parents, Array):
        return
    loose = {
        number
        for number, element in enumerate(parents)
        if isinstance(element, Dictionary) and element.objgen not in reached
    }
    if not loose:
        return

    def mark(match: re.Match[bytes]) -> bytes:
        return _ARTIFACT if int(match.group(1)) in loose else match.group(0)

    page.contents_coalesce()
    page.Contents = pdf.make_stream(_MARK.sub(mark, page.Contents.read_bytes()))
