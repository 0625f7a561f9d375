"""Conditional formats: the best value of a column, and signs in the colour that the row's verdict gives them.

A conditional format has no id. Each of ours carries its key in its own condition, as a part that is always
true, and is found again by that.
"""

from __future__ import annotations

from typing import Any, Final

from reportgen.document import Badge, Column, Tone
from reportgen.language import mark, tr
from reportgen.render.colors import mixed
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area, Canvas, Rule
from reportgen.render.gsheet.cells import show_cell
from reportgen.render.gsheet.looks import Look, color_style
from reportgen.render.gsheet.tables import SheetTable
from reportgen.render.gsheet.values import column_letter, quoted

BEST: Final = mark("Bold green: the best value of a column.")
SHADES: Final = 5
SHADE_STRENGTH: Final = 0.4
_ANY: Final = Column("any", "any")


def tagged(key: str) -> str:
    """Give the text by which a conditional format is known again."""
    return f"reportgen:{key}"


def condition(rule: Rule) -> str:
    """Give the whole condition of a rule."""
    return f'=AND({rule.test};N("{tagged(rule.key)}")=0)'


def add_rules(book: Book, canvas: Canvas, table: SheetTable, top: int, name: str) -> tuple[str, ...]:
    """Add the conditional formats of a table whose header stands in row *top*; give what they mean in words."""
    if table.heat:
        _shade(book, canvas, table, top)
        return ()
    said = []
    for index, column in enumerate(table.columns):
        numbers = table.numbers(index)
        if not numbers or column.goal is None or column.format is None:
            continue
        if column.format.signed:
            _sign_rules(book, canvas, table, (top, index), name)
        elif not column.bar and min(numbers) != max(numbers):
            area, letter = table.area(top, index), column_letter(index)
            best = "MAX" if column.goal == "maximize" else "MIN"
            cells = f"{letter}${area.top + 1}:{letter}${area.bottom}"
            cell = f"{letter}{area.top + 1}"
            test = f"ISNUMBER({cell});{cell}={best}({cells})"
            canvas.rules.append(Rule(f"{name}-{column.key}-best", area, test, _look(book, "good")))
            said = [tr(BEST)]
    return tuple(said)


def _sign_rules(book: Book, canvas: Canvas, table: SheetTable, place: tuple[int, int], name: str) -> None:
    top, index = place
    area, column = table.area(top, index), table.columns[index]
    cell = f"{column_letter(index)}{area.top + 1}"
    tones: tuple[Tone, Tone] = ("good", "bad") if column.goal == "maximize" else ("bad", "good")
    for operator, tone in zip("><", tones, strict=True):
        test = f"ISNUMBER({cell});{cell}{operator}0{_verdict(book, table, tone, area.top + 1)}"
        canvas.rules.append(Rule(f"{name}-{column.key}-{tone}", area, test, _look(book, tone)))


def _verdict(book: Book, table: SheetTable, tone: Tone, row: int) -> str:
    """Write the part that is true where the row's verdict has this tone; nothing where the table has none."""
    zone = book.inventory.zone
    badges = [(n, c) for entry in table.rows for n, c in enumerate(entry.cells) if isinstance(c, Badge)]
    if not badges:
        return ""
    column = badges[0][0]
    own = (badge for n, badge in badges if n == column and badge.tone == tone)
    words = dict.fromkeys(str(show_cell(badge, _ANY, zone).value) for badge in own)
    letter = column_letter(column)
    # "1=0" and not FALSE, whose name is another in some languages
    tests = ";".join(f"${letter}{row}={quoted(word)}" for word in words) or "1=0"
    return f";OR({tests})"


def _look(book: Book, tone: str) -> dict[str, Any]:
    return {"textFormat": {"bold": True, "foregroundColorStyle": color_style(tone, book.theme)}}


def _shade(book: Book, canvas: Canvas, table: SheetTable, top: int) -> None:
    """Shade all numbers of a table on one scale, the better the darker: the sheet's own scales cannot be marked as ours."""
    numbers = [number for index in range(len(table.columns)) for number in table.numbers(index)]
    if not numbers or min(numbers) == max(numbers):
        return
    low, high = min(numbers), max(numbers)
    for row, shown in enumerate(table.shown, top + 1):
        for column, cell in enumerate(shown):
            if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                share = (cell.value - low) / (high - low)
                share = share if table.heat == "maximize" else 1 - share
                step = round(share * SHADES) / SHADES
                color = mixed(book.theme.colors["focus"], book.theme.colors["paper"], step * SHADE_STRENGTH)
                canvas.paint(Area(row, column, row + 1, column + 1), Look(fill=color))
