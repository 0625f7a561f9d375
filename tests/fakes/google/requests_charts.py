"""Requests about charts: what they draw has to lie in a grid."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.fakes.google.batch import Batch, Handler
from tests.fakes.google.refusals import NotEmulated, Refused
from tests.fakes.google.requests_objects import deletion, put
from tests.fakes.google.schema import Obj

SIZE = {"widthPixels": 600, "heightPixels": 371}
FONT = "Roboto"


def _sources(thing: Any) -> Iterator[list[Obj]]:
    """Every list of source ranges in a chart."""
    if isinstance(thing, dict):
        if "sourceRange" in thing:
            yield thing["sourceRange"].get("sources", [])
        for entry in thing.values():
            yield from _sources(entry)
    elif isinstance(thing, list):
        for entry in thing:
            yield from _sources(entry)


def _check_sources(batch: Batch, spec: Obj) -> None:
    """Each source is one row or one column wide and inside its grid; all have as many ranges."""
    counts = set()
    for sources in _sources(spec):
        if not sources:
            raise Refused("A source range must have at least one range")
        counts.add(len(sources))
        ways = set()
        for given in sources:
            _, area = batch.book.area(given)
            rows, columns = area.bottom - area.top, area.right - area.left
            if "scorecardChart" not in spec and (rows == 1) == (columns == 1):
                raise Refused("Exactly one dimension of a source range must have a length of 1")
            ways.add(rows == 1)
        if len(ways) > 1:
            raise Refused("All sources of a series must have the same dimension with length 1")
    if len(counts) > 1:
        raise Refused("The domain and all series must have the same number of source ranges")


def _kept_spec(batch: Batch, spec: Obj) -> Obj:
    """Give a specification as Google keeps it: with what it adds by itself."""
    made = batch.kept("ChartSpec", spec)
    _check_sources(batch, made)
    made.setdefault("hiddenDimensionStrategy", "SKIP_HIDDEN_ROWS_AND_COLUMNS")
    made.setdefault("fontName", FONT)
    if "title" in made:
        made["titleTextFormat"] = {"fontFamily": made["fontName"]} | made.get("titleTextFormat", {})
    return made


def _placed(batch: Batch, position: Obj) -> tuple[Obj, Obj]:
    """Give a position with its size, and the anchor, which has to be a cell of a tab."""
    if "overlayPosition" not in position:
        raise NotEmulated("a chart on a sheet of its own")
    overlay = SIZE | position["overlayPosition"]
    anchor = overlay.get("anchorCell", {})
    row, column = anchor.get("rowIndex", 0), anchor.get("columnIndex", 0)
    size = batch.book.tab(anchor.get("sheetId")).size
    if not (0 <= row < size.bottom and 0 <= column < size.right):
        raise Refused(f"The anchor cell of row {row} and column {column} lies outside of the grid")
    return {"overlayPosition": overlay}, anchor


def add_chart(batch: Batch, request: Obj) -> Obj:
    """Add a chart over a grid."""
    given = request.get("chart", {})
    position, anchor = _placed(batch, given.get("position", {}))
    made: Obj = {"spec": _kept_spec(batch, given.get("spec", {})), "position": position}
    made["chartId"] = batch.book.new_id("charts", "chartId", given.get("chartId"), "An embedded object")
    if "border" in given:
        made["border"] = batch.kept("EmbeddedObjectBorder", given["border"])
    batch.book.tab(anchor.get("sheetId")).parts["charts"].append(made)
    return {"chart": copy.deepcopy(made)}


def update_chart_spec(batch: Batch, request: Obj) -> None:
    """Draw something else, where the chart stands."""
    entries, place = batch.book.find("charts", "chartId", request.get("chartId"))
    entries[place] = entries[place] | {"spec": _kept_spec(batch, request.get("spec", {}))}


def update_embedded_object_position(batch: Batch, request: Obj) -> Obj:
    """Move a chart, or give it another size."""
    entries, place = batch.book.find("charts", "chartId", request.get("objectId"))
    mask = batch.mask("OverlayPosition", request)
    wanted = request.get("newPosition", {})
    if "overlayPosition" not in wanted:
        raise NotEmulated("a chart on a sheet of its own")
    before = entries[place]["position"]["overlayPosition"]
    overlay = batch.patched("OverlayPosition", before, wanted["overlayPosition"], mask)
    position, anchor = _placed(batch, {"overlayPosition": overlay})
    home = batch.book.tab(anchor.get("sheetId")).parts["charts"]
    put(entries, place, entries[place] | {"position": position}, home)
    return {"position": copy.deepcopy(position)}


HANDLERS: dict[str, Handler] = {
    "addChart": add_chart,
    "updateChartSpec": update_chart_spec,
    "updateEmbeddedObjectPosition": update_embedded_object_position,
    "deleteEmbeddedObject": deletion("charts", "chartId", "objectId"),
}
