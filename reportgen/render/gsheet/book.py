"""All tabs of one report while they are put together: each finds its place, its title and its id."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from reportgen.render.gsheet.canvas import Canvas
from reportgen.render.gsheet.identity import free_id, name_id
from reportgen.render.gsheet.looks import PLAIN
from reportgen.render.gsheet.state import Inventory
from reportgen.render.gsheet.values import Formula, clean_text, one_line, quoted
from reportgen.render.measure import font_scale
from reportgen.render.sheets import back_text, sheet_address
from reportgen.render.theme import Theme

MAX_TITLE: Final = 100
"""Characters of a tab's title."""
PAGE_PLAIN: Final = replace(PLAIN, fill="")
"""Normal text of a page, whose fills are ours."""


@dataclass(slots=True)
class Book:
    """The tabs in their order, and what all of them share."""

    report: str
    """Key of the report."""
    inventory: Inventory
    theme: Theme
    tabs: list[Canvas] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the reader of the screen should know."""
    range_names: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """Tab and wanted name → id of a range, and its name as people find it."""

    @property
    def font(self) -> str:
        """Family of all texts."""
        return self.theme.fonts["workbook"]

    @property
    def scale(self) -> float:
        """How much wider texts are than `measure` says."""
        return font_scale(self.font)

    def tab(self, key: str, title: str, kind: Literal["page", "table", "data"] = "page") -> Canvas:
        """Begin a tab: the one that is there keeps the title that people gave it; a new one takes a free title."""
        found = self.inventory.tabs.get(key)
        if found is not None:
            name, sheet_id = found.title, found.sheet_id
        else:
            name = self._free_title(title)
            sheet_id = free_id(self.report, key, "tab", self.inventory.taken)
            self.inventory.taken.add(sheet_id)
            self.inventory.titles.add(name.casefold())
        canvas = Canvas(key, name, sheet_id, kind, plain=PAGE_PLAIN if kind == "page" else PLAIN)
        self.tabs.append(canvas)
        return canvas

    def range_name(self, canvas: Canvas, wanted: str) -> tuple[str, str]:
        """Give id and name of a named range: the name that people gave it, or one that is free.

        A table may come to stand on another tab than before; its names go with it.
        """
        if (canvas.key, wanted) in self.range_names:
            return self.range_names[canvas.key, wanted]
        known, given = self.inventory.names, dict(self.range_names.values())
        ids = [name_id(self.report, key, wanted) for key in (canvas.key, *self.inventory.tabs)]
        own = next((one for one in ids if one in known and one not in given), ids[0])
        name, number = wanted, 1
        if own in known:
            name = known[own].name
        else:
            taken = {one.casefold() for one in (*(held.name for held in known.values()), *given.values())}
            while name.casefold() in taken:
                number += 1
                name = f"{wanted}_{number}"
        self.range_names[canvas.key, wanted] = own, name
        return own, name

    def _free_title(self, wanted: str) -> str:
        base = one_line(clean_text(wanted)) or "reportgen"
        title, number = base[:MAX_TITLE].strip(), 1
        while title.casefold() in self.inventory.titles:
            number += 1
            ending = f" ({number})"
            title = base[: MAX_TITLE - len(ending)].rstrip() + ending
        return title


def address(canvas: Canvas, area: str) -> str:
    """Name cells of a tab as a formula of another one does."""
    return f"{sheet_address(canvas.title)}!{area}"


def back_link(book: Book) -> Formula:
    """Make a link to the first tab."""
    return link(book.tabs[0], back_text(book.tabs[0].title))


def link(canvas: Canvas, text: str) -> Formula:
    """Make a link to another tab; it goes by the tab's id, whatever people call it."""
    return Formula(f'=HYPERLINK("#gid={canvas.sheet_id}";{quoted(text)})')
