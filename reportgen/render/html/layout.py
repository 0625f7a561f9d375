"""Which blocks stand side by side, and what each needs besides itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from markupsafe import Markup

from reportgen.document import (
    Block,
    Callout,
    Chart,
    Glossary,
    KeyFigures,
    Paragraph,
    Sentence,
    Table,
)
from reportgen.render.charts import chart_height, chart_svg
from reportgen.render.charts.fonts import clean
from reportgen.render.html.letters import wider
from reportgen.render.html.marks import picture, sparkline
from reportgen.render.html.tables import Medium, TableView, table_view
from reportgen.render.html.widths import FULL_MM, HALF_MM
from reportgen.render.theme import Theme

PHONE_MM = 92.0
MOST_PAIRED = 12
"""Rows of a table that stands beside another: the two stay on one page."""
MANY_SENTENCES = 4
STACK = "blocks/stack.html.j2"


@dataclass(frozen=True, slots=True)
class Placed:
    """A block at its place: ``template`` shows it, the other fields are for that template."""

    template: str
    block: Block
    anchor: str = ""
    """The element's id: unique on the page."""
    table: TableView | None = None
    drawings: tuple[tuple[str, Markup], ...] = ()
    """Class and SVG of each version of a chart; the style sheet shows one of them."""
    sparklines: tuple[Markup, ...] = field(default=())
    stack: tuple[Placed, ...] = field(default=())
    """Blocks below one another that stand at one place."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section in rows of one or two blocks."""

    id: str
    title: Sentence
    short: str
    rows: tuple[tuple[Placed, ...], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all blocks of a page share."""

    theme: Theme
    medium: Medium
    taken: set[str] = field(default_factory=set)
    """Anchors given so far."""

    def anchor(self, name: str) -> str:
        """Give an anchor of this name, numbered where the name is taken."""
        free = (f"{name}-{number}" if number > 1 else name for number in itertools.count(1))
        anchor = next(candidate for candidate in free if candidate not in self.taken)
        self.taken.add(anchor)
        return anchor


def place_blocks(blocks: Sequence[Block], setting: Setting) -> tuple[tuple[Placed, ...], ...]:
    """Put neighbours of half width side by side; one that has no such neighbour gets the full width."""
    placed = []
    for row in _rows(blocks):
        height = _common_height(row)
        placed.append(tuple(_place(block, setting, height) for block in row))
    return tuple(placed)


def pair_tables(rows: Sequence[tuple[Placed, ...]], setting: Setting) -> tuple[tuple[Placed, ...], ...]:
    """Put small tables that follow one another into two columns, below the sentences that stand between them.

    A table behind many sentences stands beside them.
    """
    paired: list[tuple[Placed, ...]] = []
    ahead: list[Placed] = []
    run: list[Placed] = []
    behind: list[Placed] = []
    for row in rows:
        placed = row[0] if len(row) == 1 else None
        if placed and isinstance(placed.block, Paragraph) and placed.block.style == "body":
            (behind if run else ahead).append(placed)
        elif placed and placed.table and placed.table.narrow and _is_short(placed.table):
            ahead, behind = [*ahead, *behind], []
            run.append(placed)
        elif (
            placed and not run and len(ahead) >= MANY_SENTENCES and placed.table and _fits_half(placed.table)
        ):
            paired.append((_stack(ahead), _halved(placed, setting)))
            ahead = []
        else:
            paired += [*_singly(ahead), *_in_columns(run), *_singly(behind), row]
            ahead, run, behind = [], [], []
    return (*paired, *_singly(ahead), *_in_columns(run), *_singly(behind))


def _singly(blocks: Sequence[Placed]) -> list[tuple[Placed, ...]]:
    return [(placed,) for placed in blocks]


def _is_short(view: TableView) -> bool:
    return len(view.parts) == 1 and len(view.parts[0].rows) <= MOST_PAIRED


def _fits_half(view: TableView) -> bool:
    return view.halves and _is_short(view)


def _halved(placed: Placed, setting: Setting) -> Placed:
    """Share the width of one column among those of a table."""
    if not isinstance(placed.block, Table):
        return placed
    return replace(placed, table=_table_view(placed.block, setting, HALF_MM))


def _table_view(table: Table, setting: Setting, room: float = FULL_MM) -> TableView:
    return table_view(table, setting.medium, wider(setting.theme.fonts["body"]), room)


def _in_columns(run: Sequence[Placed]) -> list[tuple[Placed, ...]]:
    """Give a row of two stacks of about the same height, in the order of reading."""
    if len(run) < 2:
        return _singly(run)
    heights = [len(placed.table.parts[0].rows) + 3 if placed.table else 0 for placed in run]
    cut = min(range(1, len(run)), key=lambda at: max(sum(heights[:at]), sum(heights[at:])))
    return [(_stack(run[:cut]), _stack(run[cut:]))]


def _stack(blocks: Sequence[Placed]) -> Placed:
    return Placed(STACK, blocks[0].block, stack=tuple(blocks))


def _common_height(row: Sequence[Block]) -> float | None:
    """Give two charts side by side one height; None for anything that stands alone."""
    if len(row) < 2:
        return None
    heights = [chart_height(block, width_mm=HALF_MM) for block in row if isinstance(block, Chart)]
    return max(heights, default=1.0)


def _rows(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    waiting: Block | None = None
    for block in blocks:
        half = isinstance(block, (Chart, Callout)) and block.width == "half"
        if waiting is not None and half:
            yield (waiting, block)
            waiting = None
        else:
            if waiting is not None:
                yield (waiting,)
            waiting = block if half else None
            if not half:
                yield (block,)
    if waiting is not None:
        yield (waiting,)


def _place(block: Block, setting: Setting, height: float | None) -> Placed:
    match block:
        case Paragraph():
            return Placed("blocks/paragraph.html.j2", block)
        case KeyFigures():
            lines = tuple(sparkline(item, setting.theme) for item in block.items)
            return Placed("blocks/key_figures.html.j2", block, sparklines=lines)
        case Table():
            anchor = setting.anchor(f"table-{block.id}")
            return Placed(
                "blocks/table.html.j2",
                block,
                anchor,
                table_view(block, setting.medium, wider(setting.theme.fonts["body"])),
            )
        case Chart():
            anchor = setting.anchor(f"chart-{block.id}")
            drawings = _drawings(replace(block, id=anchor), setting, height)
            return Placed("blocks/chart.html.j2", block, anchor, drawings=drawings)
        case Callout():
            return Placed("blocks/callout.html.j2", block)
        case Glossary():
            return Placed("blocks/glossary.html.j2", block)
        case _:
            assert_never(block)


def _drawings(chart: Chart, setting: Setting, height: float | None) -> tuple[tuple[str, Markup], ...]:
    if height is not None:
        # rows that are pulled too far apart do not read as a table any more
        most = chart_height(chart, width_mm=HALF_MM) * (
            1.5 if chart.kind in {"dot_interval", "dumbbell", "bars"} else 2.0
        )
        return (("any", _svg(chart, setting, HALF_MM, min(height, most))),)
    if setting.medium == "print":
        return (("any", _svg(chart, setting, FULL_MM)),)
    # a wide chart made small for a phone could not be read
    return (("wide", _svg(chart, setting, FULL_MM)), ("narrow", _svg(chart, setting, PHONE_MM)))


def _svg(chart: Chart, setting: Setting, width_mm: float, height_mm: float | None = None) -> Markup:
    hover = setting.medium == "screen"
    svg = chart_svg(chart, setting.theme, width_mm=width_mm, height_mm=height_mm, hover=hover)
    # the drawing escapes every text that it holds
    return Markup(svg) if hover else picture(svg, clean(chart.alt.text))  # noqa: S704 - see above
