"""A table of shades alone: one setting down, another across, the better the darker."""

from __future__ import annotations

from typing import Final

from reportgen.document import Cell, Missing, Number, Table, format_number
from reportgen.language import tr
from reportgen.render.charts.canvas import LABEL_PT, Canvas, Look
from reportgen.render.charts.fonts import fit, text_width
from reportgen.render.colors import mixed
from reportgen.render.shades import share_of, strength
from reportgen.render.theme import Theme

_ROW_MM: Final = 7.0
_HEAD_MM: Final = 6.0


def heat_canvas(table: Table, theme: Theme, width_mm: float) -> Canvas:
    """Draw a table of shades on a canvas of its own; to be called within `svg_settings`."""
    canvas = Canvas(width_mm, _HEAD_MM + _ROW_MM * len(table.rows), theme)
    names = [str(row.cells[0]) for row in table.rows]
    widest = max((text_width(name, LABEL_PT) for name in (table.columns[0].heading, *names)), default=0.0)
    label = min(widest * 1.06 + 3.0, width_mm * 0.36)
    each = (width_mm - label) / max(len(table.columns) - 1, 1)
    quiet = Look(theme.colors["secondary"])
    heads = canvas.height - _HEAD_MM / 2
    canvas.text(0.0, heads, fit(table.columns[0].heading, label - 2.0, LABEL_PT), look=quiet)
    for place, column in enumerate(table.columns[1:]):
        text = fit(column.heading, each - 2.0, LABEL_PT)
        canvas.text(label + each * (place + 0.5), heads, text, "center", quiet)
    for number, row in enumerate(table.rows):
        bottom = canvas.height - _HEAD_MM - _ROW_MM * (number + 1)
        middle = bottom + _ROW_MM / 2
        canvas.text(0.0, middle, fit(names[number], label - 2.0, LABEL_PT))
        for place, cell in enumerate(row.cells[1:]):
            left = label + each * place
            share = _share(cell, table)
            if share is not None:
                color = mixed(theme.colors["focus"], theme.colors["paper"], strength(share))
                canvas.bar(left, left + each, middle, height=_ROW_MM, color=color)
            look = Look(theme.colors["secondary"]) if isinstance(cell, Missing) else None
            text = fit(_text(cell, table, place + 1), each - 1.0, LABEL_PT)
            canvas.text(left + each / 2, middle, text, "center", look)
    return canvas


def heat_alt(table: Table) -> str:
    """Tell what a table of shades shows, for those who cannot see it."""
    found = [
        (value, row, place)
        for row in table.rows
        for place, cell in enumerate(row.cells)
        if place and (value := _value(cell)) is not None
    ]
    title = table.title.text
    if not found:
        return tr("Table of shades: {title}. No cell has a number.", title=title)
    if table.note is not None:  # it may say the unit, which the numbers then do not
        title = f"{title}. {table.note.text.removesuffix('.')}"
    pick = min if table.heat == "minimize" else max
    _, row, place = pick(found, key=lambda entry: entry[0])
    return tr(
        "Table of shades: {title}. The best is {value}, at {row} and {column}.",
        title=title,
        value=_text(row.cells[place], table, place),
        row=str(row.cells[0]),
        column=table.columns[place].heading,
    )


def _share(cell: Cell, table: Table) -> float | None:
    numbers = [n for row in table.rows for one in row.cells[1:] if (n := _value(one)) is not None]
    return share_of(_value(cell), numbers, table.heat) if table.heat else None


def _value(cell: Cell) -> float | None:
    return cell.value if isinstance(cell, Number) else None


def _text(cell: Cell, table: Table, place: int) -> str:
    if isinstance(cell, Number):
        return format_number(cell.value, table.columns[place].format or cell.format)
    return (cell.short or cell.reason) if isinstance(cell, Missing) else str(cell)
