"""The calls of Sheets v4."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.google import (
    a1,
    masks,
    reading,
    requests_cells,
    requests_charts,
    requests_objects,
    requests_tabs,
    wire,
)
from tests.fakes.google.a1 import Area
from tests.fakes.google.batch import Batch, Handler
from tests.fakes.google.book import Book, Tab
from tests.fakes.google.oauth import Caller
from tests.fakes.google.refusals import NotEmulated, Refused, bad_request, office_file, refusal
from tests.fakes.google.schema import Discovery, Obj

HANDLERS: dict[str, Handler] = {
    **requests_tabs.HANDLERS,
    **requests_cells.HANDLERS,
    **requests_objects.HANDLERS,
    **requests_charts.HANDLERS,
}
"""Kind of request → what it does: the kinds that this fake knows."""

ROLES = ("reader", "commenter", "writer", "owner")


@dataclass(frozen=True, slots=True)
class Ask:
    """One call that has passed the door: who asks for what."""

    books: dict[str, Book]
    caller: Caller
    values: Mapping[str, str]
    """What stands in the path."""
    query: Mapping[str, list[str]]
    body: Obj
    discovery: Discovery
    storage: bool
    """Whether service accounts may create files, as they once could."""

    def one(self, name: str, default: str = "") -> str:
        """Give a parameter of the query."""
        return self.query.get(name, [default])[0]

    def flag(self, name: str) -> bool:
        """Give a parameter that is true or false."""
        return self.one(name).lower() == "true"

    def book(self, role: str) -> Book:
        """Give the spreadsheet if the caller may do this much with it."""
        book = self.books.get(self.values["spreadsheetId"])
        if book is None or not sees(self.caller, book):
            raise refusal(404)
        if ROLES.index(role) > place_of(self.caller, book):
            raise refusal(403)
        if book.is_office:
            raise office_file()
        return book


def sees(caller: Caller, book: Book) -> bool:
    """Whether the scopes reach the file: ``drive.file`` means files that this program made."""
    ends = {scope.rsplit("/", 1)[-1] for scope in caller.scopes}
    return ends != {"drive.file"} or book.made_by == caller.email


def place_of(caller: Caller, book: Book) -> int:
    """Give the caller's place in the order of roles, -1 for no access."""
    places = [
        ROLES.index(entry["role"])
        for entry in book.permissions
        if entry["type"] == "anyone" or entry.get("emailAddress") == caller.email
    ]
    return max(places, default=-1)


def new_book(book_id: str, title: str) -> Book:
    """Make a spreadsheet as a person's browser does: one empty tab."""
    properties: Obj = {"title": title, "locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
    properties["spreadsheetTheme"] = wire.theme()
    grid = {"rowCount": requests_tabs.ROWS, "columnCount": requests_tabs.COLUMNS}
    tab = Tab({"sheetId": 0, "title": "Sheet1", "index": 0, "sheetType": "GRID", "gridProperties": grid})
    return Book(book_id, properties, [tab])


def grant(book: Book, email: str, role: str) -> Obj:
    """Let an account do something with a spreadsheet."""
    entry = {
        "id": str(10**19 + len(book.permissions)),
        "type": "user",
        "kind": "drive#permission",
        "role": role,
        "emailAddress": email,
        "displayName": email.partition("@")[0],
        "deleted": False,
        "pendingOwner": False,
    }
    book.permissions = [known for known in book.permissions if known.get("emailAddress") != email] + [entry]
    return entry


def get(ask: Ask) -> Obj:
    """``spreadsheets.get``; a mask decides alone whether cells come along."""
    book = ask.book("reader")
    selection = reading.chosen_by_ranges(book, ask.query.get("ranges", []))
    return reading.resource(book, selection=selection, grid=_wants_grid(ask, ask.flag("includeGridData")))


def _wants_grid(ask: Ask, flag: bool) -> bool:
    if "fields" not in ask.query:
        return flag
    return masks.names(masks.response_mask(ask.discovery, "Spreadsheet", ask.one("fields")), "sheets", "data")


def get_by_data_filter(ask: Ask) -> Obj:
    """``spreadsheets.getByDataFilter``."""
    book = ask.book("writer")
    selection = reading.chosen_by_filters(book, ask.body.get("dataFilters", []))
    flag = ask.body.get("includeGridData", False)
    return reading.resource(book, selection=selection, grid=_wants_grid(ask, flag))


def create(ask: Ask) -> Obj:
    """``spreadsheets.create``: people only, since service accounts have no storage."""
    if ask.caller.is_service_account and not ask.storage:
        raise refusal(403)
    extra = ask.body.keys() - {"properties", "sheets"}
    sheets = ask.body.get("sheets", [])
    if extra or any(sheet.keys() - {"properties"} for sheet in sheets):
        raise NotEmulated("creating a spreadsheet with more than properties")
    given = ask.body.get("properties", {})
    book = new_book(f"fake-{time.time_ns():x}", given.get("title", "Untitled spreadsheet"))
    book.properties |= given
    batch = Batch(book, ask.caller.email, ask.discovery)
    if sheets:
        first = book.tabs.pop()
        for sheet in sheets:
            requests_tabs.add_sheet(batch, sheet or {"properties": {"title": first.title}})
    register(ask, book)
    return reading.resource(book)


def register(ask: Ask, book: Book) -> None:
    """Take up a spreadsheet that the caller made."""
    book.made_by = ask.caller.email
    grant(book, ask.caller.email, "owner")
    ask.books[book.id] = book


def batch_update(ask: Ask) -> Obj:
    """``spreadsheets.batchUpdate``: all of it or nothing."""
    book = ask.book("writer")
    requests = ask.body.get("requests", [])
    if not requests:
        raise refusal(400, "Must specify at least one request.")
    before = book.snapshot()
    batch = Batch(book, ask.caller.email, ask.discovery)
    try:
        replies = [_apply(batch, number, request) for number, request in enumerate(requests)]
    except BaseException:
        book.restore(before)
        raise
    made: Obj = {"spreadsheetId": book.id, "replies": replies}
    if ask.body.get("includeSpreadsheetInResponse"):
        selection = reading.chosen_by_ranges(book, ask.body.get("responseRanges", []))
        grid = ask.body.get("responseIncludeGridData", False)
        made["updatedSpreadsheet"] = reading.resource(book, selection=selection, grid=grid)
    return made


def _apply(batch: Batch, number: int, request: Obj) -> Obj:
    where = f"requests[{number}]"
    if len(request) != 1:
        text = f"Invalid value at '{where}' (oneof), exactly one kind must be set, got {sorted(request)}"
        raise bad_request([(where, text)])
    ((kind, content),) = request.items()
    if kind not in HANDLERS:
        raise NotEmulated(f"the request {kind}")
    schema = batch.discovery.schemas["Request"]["properties"][kind]["$ref"]
    try:
        batch.check(schema, content)
        reply = HANDLERS[kind](batch, content)
    except Refused as no:
        raise refusal(400, f"Invalid {where}.{kind}: {no}") from no
    return {} if reply is None else {kind: reply}


def values_get(ask: Ask) -> Obj:
    """``spreadsheets.values.get``."""
    return _read_values(ask, ask.book("reader"), ask.values["range"])


def values_batch_get(ask: Ask) -> Obj:
    """``spreadsheets.values.batchGet``."""
    book = ask.book("reader")
    ranges = [_read_values(ask, book, text) for text in ask.query.get("ranges", [])]
    return {"spreadsheetId": book.id, "valueRanges": ranges}


def _read_values(ask: Ask, book: Book, text: str) -> Obj:
    tab, area = book.named_area(text)
    render = ask.one("valueRenderOption", "FORMATTED_VALUE")
    return reading.values(tab, area, render, ask.one("majorDimension", "ROWS"))


def values_update(ask: Ask) -> Obj:
    """``spreadsheets.values.update``."""
    _only_raw(ask.one("valueInputOption", "INPUT_VALUE_OPTION_UNSPECIFIED"))
    book = ask.book("writer")
    return _write_values(book, {"range": ask.values["range"]} | ask.body)


def values_batch_update(ask: Ask) -> Obj:
    """``spreadsheets.values.batchUpdate``: all of it or nothing."""
    _only_raw(ask.body.get("valueInputOption", "INPUT_VALUE_OPTION_UNSPECIFIED"))
    book = ask.book("writer")
    before = book.snapshot()
    try:
        responses = [_write_values(book, entry) for entry in ask.body.get("data", [])]
    except BaseException:
        book.restore(before)
        raise
    totals = {
        f"total{name[0].upper()}{name[1:]}": sum(response.get(name, 0) for response in responses)
        for name in ("updatedRows", "updatedColumns", "updatedCells")
    }
    sheets = {response["updatedRange"].rpartition("!")[0] for response in responses}
    return {"spreadsheetId": book.id, "responses": responses, "totalUpdatedSheets": len(sheets)} | totals


def _only_raw(option: str) -> None:
    if option == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise refusal(400, "'valueInputOption' is required but not specified")
    if option != "RAW":
        raise NotEmulated("values that are read as if a person typed them")


def _write_values(book: Book, given: Obj) -> Obj:
    tab, area = book.named_area(given.get("range", ""))
    rows: list[list[Any]] = given.get("values", [])
    if given.get("majorDimension") == "COLUMNS":
        raise NotEmulated("writing values by columns")
    height, width = len(rows), max(map(len, rows), default=0)
    # a single cell says where to begin
    if (area.bottom - area.top, area.right - area.left) == (1, 1):
        area = Area(
            area.top,
            min(area.top + height, tab.size.bottom),
            area.left,
            min(area.left + width, tab.size.right),
        )
    if area.top + height > area.bottom or area.left + width > area.right:
        raise Refused(
            f"Requested writing within range [{given['range']}], but tried writing to row "
            f"[{area.top + height}] and column [{a1.column_name(area.left + max(width, 1) - 1)}]"
        )
    count = 0
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if value is not None:
                source = {"userEnteredValue": _raw(value)}
                requests_cells.check_value(source["userEnteredValue"])
                mask: Obj = {"userEnteredValue": {}}
                requests_cells.write(tab, (area.top + down, area.left + across), source, mask)
                count += 1
    made: Obj = {"spreadsheetId": book.id, "updatedRange": a1.name_of(tab.title, area)}
    return made | ({"updatedRows": height, "updatedColumns": width, "updatedCells": count} if count else {})


def _raw(value: Any) -> Obj:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    raise refusal(400, f"Invalid values: a cell holds a text, a number or a truth value, got {value!r}")


METHODS: dict[str, Callable[[Ask], Obj]] = {
    "spreadsheets.get": get,
    "spreadsheets.getByDataFilter": get_by_data_filter,
    "spreadsheets.create": create,
    "spreadsheets.batchUpdate": batch_update,
    "spreadsheets.values.get": values_get,
    "spreadsheets.values.batchGet": values_batch_get,
    "spreadsheets.values.update": values_update,
    "spreadsheets.values.batchUpdate": values_batch_update,
}
