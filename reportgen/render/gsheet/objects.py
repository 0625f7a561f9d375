"""What lies on a tab beside its cells: charts, bands, rules, filters, names, protection. Each is updated by its id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reportgen.language import tr
from reportgen.render.gsheet.book import Book
from reportgen.render.gsheet.canvas import Area, Canvas, FilterView, PlacedChart, Rule
from reportgen.render.gsheet.identity import object_id, own_id
from reportgen.render.gsheet.looks import color_style
from reportgen.render.gsheet.rules import condition, tagged
from reportgen.render.gsheet.state import FoundTab
from reportgen.spreadsheet import Request

_TAG: Final = tagged("")
_MOST_KEPT: Final = 500
"""Names of a tab that are kept with it, 24 characters each."""


@dataclass(slots=True)
class ObjectRequests:
    """The requests, and what is kept with the tab of them."""

    requests: list[Request] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)


def object_requests(
    book: Book, canvas: Canvas, found: FoundTab | None, shift: tuple[int, int] = (0, 0)
) -> ObjectRequests:
    """Plan all of them for one tab; *shift* is how many rows and columns people put between what was written."""
    made = ObjectRequests()
    _bands(book, canvas, found, made)
    _rules(canvas, found, made)
    _protect(book, canvas, found, made)
    _filter(canvas, found, made, shift)
    _views(book, canvas, found, made)
    _names(book, canvas, made)
    _charts(book, canvas, found, made, shift)
    return made


def missing_objects(book: Book, canvas: Canvas, found: FoundTab) -> bool:
    """Tell whether somebody took away what belongs to a tab's content."""
    charts = all(_own(book, canvas, f"chart:{c.key}", found.charts)[1] for c in canvas.charts)
    tags = all(any(f'"{tagged(rule.key)}"' in text for text in found.rules) for rule in canvas.rules)
    views = all(_own(book, canvas, f"view:{view.key}", found.views)[1] for view in canvas.views)
    names = all(book.range_name(canvas, name)[0] in book.inventory.names for name in canvas.names)
    return not (charts and tags and views and names)


def _own(book: Book, canvas: Canvas, key: str, own: Collection[int]) -> tuple[int, bool]:
    return own_id(lambda salt: object_id(book.report, canvas.key, key, salt), own, book.inventory.taken)


def _bands(book: Book, canvas: Canvas, found: FoundTab | None, made: ObjectRequests) -> None:
    there = dict(found.bands) if found else {}
    ours: list[int] = []
    colors = {
        "firstBandColorStyle": color_style("paper", book.theme),
        "secondBandColorStyle": color_style("tint", book.theme),
    }
    before = [int(one) for one in (found.cells.get("bands", ()) if found else ())]
    own = [_own(book, canvas, f"band:{number}", there) for number in range(len(canvas.banded))]
    mine = {*before, *(band_id for band_id, _ in own)}
    others = [area for one, area in there.items() if one not in mine]
    others += found.tables if found else ()
    for (band_id, is_there), area in zip(own, canvas.banded, strict=True):
        if any(area.meets(other) for other in others):
            continue  # people striped it themselves, or made it a table, which has stripes of its own
        ours.append(band_id)
        entry = {"bandedRangeId": band_id, "range": area.grid(canvas.sheet_id), "rowProperties": colors}
        if is_there:
            made.requests.append({"updateBanding": {"bandedRange": entry, "fields": "range,rowProperties"}})
        else:
            made.requests.append({"addBanding": {"bandedRange": entry}})
    gone = [one for one in before if one in there and one not in ours]
    made.requests[:0] = [{"deleteBanding": {"bandedRangeId": one}} for one in gone]
    made.kept["bands"] = ours


def _rules(canvas: Canvas, found: FoundTab | None, made: ObjectRequests) -> None:
    """Update rules where they stand, take away what is no more, and add new ones behind everybody's."""
    there = found.rules if found else ()
    places = {rule.key: place for rule in canvas.rules if (place := _place(rule, there)) is not None}
    for rule in canvas.rules:
        if rule.key in places:
            entry = {"sheetId": canvas.sheet_id, "index": places[rule.key], "rule": _rule(canvas, rule)}
            made.requests.append({"updateConditionalFormatRule": entry})
    used = set(places.values())
    stale = [place for place, text in enumerate(there) if _TAG in text and place not in used]
    for place in reversed(stale):
        made.requests.append({"deleteConditionalFormatRule": {"sheetId": canvas.sheet_id, "index": place}})
    count = len(there) - len(stale)
    for rule in canvas.rules:
        if rule.key not in places:
            made.requests.append({"addConditionalFormatRule": {"index": count, "rule": _rule(canvas, rule)}})
            count += 1


def _place(rule: Rule, there: tuple[str, ...]) -> int | None:
    return next((n for n, text in enumerate(there) if f'"{tagged(rule.key)}"' in text), None)


def _rule(canvas: Canvas, rule: Rule) -> dict[str, Any]:
    test = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": condition(rule)}]}
    return {
        "ranges": [rule.area.grid(canvas.sheet_id)],
        "booleanRule": {"condition": test, "format": dict(rule.format)},
    }


def _protect(book: Book, canvas: Canvas, found: FoundTab | None, made: ObjectRequests) -> None:
    """Warn whoever writes into the tab; nobody is locked out."""
    protection, is_there = _own(book, canvas, "protection", found.protections if found else ())
    free = [Area(i.row, i.column, i.row + 1, i.column + 1).grid(canvas.sheet_id) for i in canvas.inputs]
    entry: dict[str, Any] = {
        "protectedRangeId": protection,
        "range": {"sheetId": canvas.sheet_id},
        "description": tr("reportgen writes this tab anew. Notes are safe in a tab of your own."),
        "warningOnly": True,
    }
    if free:
        entry["unprotectedRanges"] = free
    if not is_there:
        if found is None:  # whoever takes the warning away does not want it back
            made.requests.append({"addProtectedRange": {"protectedRange": entry}})
    elif free:
        made.requests.append(
            {"updateProtectedRange": {"protectedRange": entry, "fields": "unprotectedRanges"}}
        )


def _filter(canvas: Canvas, found: FoundTab | None, made: ObjectRequests, shift: tuple[int, int]) -> None:
    """Set the one filter that everybody sees: where there is none, or where ours lies beside the table by now.

    Whoever sorts by a filter that does not reach over all columns tears the rows apart.
    """
    there, kept = (found.filter, found.cells.get("filter")) if found else (None, None)
    made.kept["filter"] = kept
    is_ours = there is not None and kept is not None and _sides(there) in (kept, _pushed(kept, shift))
    if canvas.filter is None:
        if (
            canvas.kind == "table" and canvas.frozen == (0, 0) and is_ours
        ):  # by now for people who hear it read
            made.kept["filter"] = None
            made.requests.append({"clearBasicFilter": {"sheetId": canvas.sheet_id}})
        return
    wanted = _sides(canvas.filter)
    is_right = there is not None and _sides(there) == wanted
    if (found and found.tables) or (there is not None and not is_right and not is_ours):
        return
    made.kept["filter"] = wanted
    if not is_right:
        # open below, so that rows that are added later are in it
        area = {k: v for k, v in canvas.filter.grid(canvas.sheet_id).items() if k != "endRowIndex"}
        made.requests.append({"setBasicFilter": {"filter": {"range": area}}})


def _sides(area: Area) -> list[int]:
    return [area.top, area.left, area.right]


def _pushed(kept: Sequence[int], shift: tuple[int, int]) -> list[int]:
    """Give where a filter lies after people put rows above it, or columns into it."""
    return [kept[0] + shift[0], kept[1], kept[2] + shift[1]]


def _views(book: Book, canvas: Canvas, found: FoundTab | None, made: ObjectRequests) -> None:
    """Add ready filters for one's own use."""
    for view in canvas.views:
        view_id, is_there = _own(book, canvas, f"view:{view.key}", found.views if found else ())
        entry = {"filterViewId": view_id, **_view(canvas, view)}
        if is_there:  # people may have renamed it
            made.requests.append({"updateFilterView": {"filter": entry, "fields": "range,filterSpecs"}})
        else:
            made.requests.append({"addFilterView": {"filter": entry}})


def _view(canvas: Canvas, view: FilterView) -> dict[str, Any]:
    specs = [
        {"columnIndex": column, "filterCriteria": {"condition": dict(test)}}
        for column, test in view.conditions.items()
    ]
    return {"title": view.title, "range": view.area.grid(canvas.sheet_id), "filterSpecs": specs}


def _names(book: Book, canvas: Canvas, made: ObjectRequests) -> None:
    """Keep named ranges on what they name; the name itself may have been changed by people."""
    kept = {own: book.inventory.origins.get(own, "") for own in canvas.moored}
    areas = dict(canvas.moored)
    names: dict[str, str] = {}
    for wanted, named in canvas.names.items():
        own, names[own] = book.range_name(canvas, wanted)
        kept[own], areas[own] = named.origin, named.area
    for own, area in areas.items():
        entry: dict[str, Any] = {"namedRangeId": own, "range": area.grid(canvas.sheet_id)}
        if own in book.inventory.names:
            made.requests.append({"updateNamedRange": {"namedRange": entry, "fields": "range"}})
        else:
            made.requests.append({"addNamedRange": {"namedRange": {**entry, "name": names[own]}}})
    # of the rest the id alone tells that it is ours: what is kept of a tab has to fit into its mark
    made.kept["names"] = dict(list(kept.items())[:_MOST_KEPT])


def _charts(
    book: Book, canvas: Canvas, found: FoundTab | None, made: ObjectRequests, shift: tuple[int, int]
) -> None:
    """Draw charts anew in place: where somebody dragged one to, it stays; where nobody did, it moves with the text."""
    there = dict(found.charts) if found else {}
    before = found.cells.get("charts", {}) if found else {}
    kept: dict[str, list[int]] = {}
    for chart in canvas.charts:
        chart_id, is_there = _own(book, canvas, f"chart:{chart.key}", there)
        place = [chart.row, chart.column]
        if not is_there:
            entry = {"chartId": chart_id, "spec": dict(chart.spec), "position": _position(canvas, chart)}
            made.requests.append({"addChart": {"chart": entry}})
        else:
            made.requests.append({"updateChartSpec": {"chartId": chart_id, "spec": dict(chart.spec)}})
            written = before.get(str(chart_id), place)
            row, column = there[chart_id]
            pushed = [row - shift[0], column - shift[1]] == list(written)  # by rows that people put above it
            if [row, column] != list(written) and not pushed:
                place = list(written)  # dragged: the earlier place is kept, so that it stays known as dragged
            elif [row, column] != place:
                made.requests.append(_move(canvas, chart, chart_id))
        kept[str(chart_id)] = place
    gone = [int(one) for one in before if one not in kept and int(one) in there]
    made.requests += [{"deleteEmbeddedObject": {"objectId": one}} for one in gone]
    made.kept["charts"] = kept


def _position(canvas: Canvas, chart: PlacedChart) -> dict[str, Any]:
    width, height = chart.size
    return {
        "overlayPosition": {
            "anchorCell": {"sheetId": canvas.sheet_id, "rowIndex": chart.row, "columnIndex": chart.column},
            "widthPixels": width,
            "heightPixels": height,
        }
    }


def _move(canvas: Canvas, chart: PlacedChart, chart_id: int) -> Request:
    anchor = {"sheetId": canvas.sheet_id, "rowIndex": chart.row, "columnIndex": chart.column}
    return {
        "updateEmbeddedObjectPosition": {
            "objectId": chart_id,
            "newPosition": {"overlayPosition": {"anchorCell": anchor}},
            "fields": "anchorCell",
        }
    }
