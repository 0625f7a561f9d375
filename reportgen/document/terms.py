"""Which words of a glossary a report uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from reportgen.document.blocks import (
    Axis,
    Badge,
    Block,
    Callout,
    Cell,
    Chart,
    Glossary,
    KeyFigures,
    Missing,
    Paragraph,
    Table,
)
from reportgen.document.text import Label, Number


def used_terms(block: Glossary, texts: Iterable[str]) -> Glossary:
    """Keep the entries that one of the texts has, as whole words in one of their forms; those without forms stay."""
    whole = "\n".join(texts).casefold()
    return replace(block, entries=tuple(entry for entry in block.entries if _is_used(entry.forms, whole)))


def block_texts(block: Block) -> Iterator[str]:
    """Give all texts that a reader of a block meets; a glossary has none, for it only explains."""
    match block:
        case Paragraph():
            yield block.sentence.text
        case KeyFigures():
            for item in block.items:
                yield item.label
                yield from cell_texts(item.value)
                yield from (said.text for said in (item.note, item.change and item.change.sentence) if said)
        case Table():
            yield from (block.title.text, block.note.text if block.note else "")
            for column in block.columns:
                yield f"{column.heading} {column.format.heading_unit if column.format else ''}"
            yield from {text for row in block.rows for cell in row.cells for text in cell_texts(cell)}
        case Chart():
            yield from (block.title.text, block.subtitle.text)
            yield from _drawn(block)
        case Callout():
            yield block.title
            yield from (sentence.text for sentence in block.sentences)
        case Glossary():
            return
        case _:
            assert_never(block)


def cell_texts(cell: Cell) -> Iterator[str]:
    """Give the words of a cell; none where it is a number in the format of its column."""
    match cell:
        case str():
            yield cell
        case Label() | Badge() | Number():
            yield cell.text
        case Missing():
            yield cell.short or cell.reason
        case _:
            return


def _drawn(chart: Chart) -> Iterator[str]:
    axes: list[Axis] = [chart.x, chart.y, *(series.axis for series in chart.series if series.axis)]
    yield from (f"{axis.label} {axis.format.heading_unit}" for axis in axes)
    yield from (reference.label for reference in chart.references)
    for series in chart.series:
        yield series.label
        yield from (point.label for point in series.points)


def _is_used(forms: tuple[str, ...], text: str) -> bool:
    """Look for whole words, in capital letters or not."""
    return not forms or any(
        re.search(rf"(?<!\w){re.escape(form.casefold())}(?!\w)", text) for form in forms if form
    )
