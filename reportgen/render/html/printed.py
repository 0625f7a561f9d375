"""What stands on paper: fewer columns and rows than on the screen, so that fewer words need an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.document import Glossary, Table, block_texts, used_terms
from reportgen.render.html.layout import Placed, SectionView
from reportgen.render.html.tables import TableView


def explained(sections: Sequence[SectionView]) -> tuple[SectionView, ...]:
    """Give the sections with their glossaries cut to words that stand in one of them."""
    texts = list(_texts(sections))
    return tuple(
        replace(
            section,
            rows=tuple(tuple(_only_used(placed, texts) for placed in row) for row in section.rows),
        )
        for section in sections
    )


def _only_used(placed: Placed, texts: Sequence[str]) -> Placed:
    if not isinstance(placed.block, Glossary):
        return placed
    return replace(placed, block=used_terms(placed.block, texts))


def _texts(sections: Sequence[SectionView]) -> Iterator[str]:
    for section in sections:
        yield section.title.text
        for placed in (one for row in section.rows for one in row):
            if placed.table is None:
                yield from block_texts(placed.block)
            else:
                yield from _cells(placed.table)
                if isinstance(placed.block, Table):
                    yield from (said.text for said in (placed.block.title, placed.block.note) if said)


def _cells(view: TableView) -> Iterator[str]:
    yield from view.left_out
    for part in view.parts:
        yield from (head.text for head in part.heads)
        yield from {cell.text for row in part.rows for cell in row.cells}
