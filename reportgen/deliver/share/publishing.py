"""Brings a spreadsheet to the report: read, plan, write; and again where others or the network came between."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reportgen.deliver.share.spreadsheet import HALF, Spreadsheet
from reportgen.deliver.share.translation import UnexpectedRefusalError
from reportgen.deliver.share.transport import OutcomeUnknownError
from reportgen.errors import SheetEditedError, SheetError
from reportgen.spreadsheet import TAB_KEY, SheetEdit, SheetPlan, SheetState

_MOST_ROUNDS = 3
"""The first, and two more: each one reads and plans again, so that nothing is ever written twice."""
_MOST_EDITS = 5
"""Named in an error; the result has all of them."""


@dataclass(frozen=True, slots=True)
class Planning:
    """How the requests are made; comes from the renderer, which this package does not know."""

    fields: str
    """The mask of what has to be read."""
    plan: Callable[[SheetState], SheetPlan]


@dataclass(frozen=True, slots=True)
class Publication:
    """What was done, or for a dry run what would be."""

    plan: SheetPlan
    """The last one."""
    words: tuple[str, ...]
    """What was done in all, a sentence a step."""
    title: str
    """Of the spreadsheet."""
    edits: tuple[SheetEdit, ...]
    """What people had changed in our tabs, and was written over."""


def publish_to(
    sheet: Spreadsheet, planning: Planning, *, is_dry: bool = False, keeps_edits: bool = False
) -> Publication:
    """Bring *sheet* to what *planning* plans for it.

    Args:
        sheet: The spreadsheet.
        planning: What is read, and how the requests are made from it.
        is_dry: Read and plan only.
        keeps_edits: Write nothing where people changed cells of our tabs.

    Raises:
        SheetEditedError: They did, and *keeps_edits* was given.
        DeliveryError: It could not be read or written; the message says what is known of it.
    """
    edits: tuple[SheetEdit, ...] = ()
    refused: tuple[SheetPlan, UnexpectedRefusalError] | None = None
    lost: OutcomeUnknownError | None = None
    words: tuple[str, ...] = ()
    done: list[str] = []
    for number in range(1, _MOST_ROUNDS + 1):
        state = read_state(sheet, planning)
        plan = planning.plan(state)
        title = str(state.spreadsheet.get("properties", {}).get("title", ""))
        if not done:  # else what differs, or is there already, may be our own work
            edits, words = plan.edits, plan.words
            if keeps_edits and edits:
                raise _edited(edits)
        if is_dry:
            return Publication(plan, words, title, edits)
        if refused and _parts(refused[0]) == _parts(plan):
            break
        try:
            _write(sheet, plan, done)
        except OutcomeUnknownError as error:
            lost, refused = error, None
            done.append("unknown")
            if number < _MOST_ROUNDS:
                _wait_for_it(sheet, number, error)
        except UnexpectedRefusalError as error:
            refused = (plan, error)
            if number < _MOST_ROUNDS:
                sheet.patience.tell("the spreadsheet was changed meanwhile; reading it again")
        else:
            return Publication(plan, words, title, edits)
    if refused:
        raise _our_fault(*refused)
    raise SheetError(
        f"Google did not say whether the report was written, {_MOST_ROUNDS} times ({lost.reason if lost else 'no answer'})",
        do="Publish again later: what was written is found again, and nothing is doubled.",
    ) from lost


def _wait_for_it(sheet: Spreadsheet, tries: int, lost: OutcomeUnknownError) -> None:
    """Let Google finish what it may still be doing."""
    sheet.patience.tell("Google did not say whether the report was written; reading the spreadsheet again")
    sheet.patience.sleep(sheet.patience.wait(tries, "unknown", lost.cause))


def read_state(sheet: Spreadsheet, planning: Planning) -> SheetState:
    """Read what a plan needs: one call for a new spreadsheet, two where tabs of ours are there already."""
    spreadsheet = sheet.read(planning.fields)
    tabs = [tab for tab in spreadsheet.get("sheets", ()) if is_ours(tab)]
    ids = [_id_of(tab) for tab in tabs]
    if not ids:
        return SheetState(spreadsheet)
    read = sheet.read_tabs(ids)
    # marks and values of one moment: else another publisher's work between the two calls looks like an edit
    fresh = [
        tab | {"developerMetadata": read[_id_of(tab)].get("developerMetadata", [])}
        if _id_of(tab) in read
        else tab
        for tab in spreadsheet["sheets"]
    ]
    grids = {tab: values_of(resource) for tab, resource in read.items()}
    return replace(SheetState({**spreadsheet, "sheets": fresh}), grids=grids)


def is_ours(tab: Mapping[str, Any]) -> bool:
    """Tell whether a tab carries our mark."""
    return any(entry.get("metadataKey") == TAB_KEY for entry in tab.get("developerMetadata", ()))


def values_of(tab: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """Give what stands in the cells of a tab from A1 on, as typed values of the interface; None where empty."""
    rows: list[tuple[Any, ...]] = []
    for part in tab.get("data", ()):
        rows += [()] * (int(part.get("startRow", 0)) - len(rows))
        indent = (None,) * int(part.get("startColumn", 0))
        for row in part.get("rowData", ()):
            rows.append(indent + tuple(cell.get("userEnteredValue") for cell in row.get("values", ())))
    return tuple(rows)


def _id_of(tab: Mapping[str, Any]) -> int:
    return int(tab.get("properties", {}).get("sheetId", 0))  # Google leaves zeros out


def _parts(plan: SheetPlan) -> tuple[object, ...]:
    return plan.requests, plan.bulk, plan.finishing


def _write(sheet: Spreadsheet, plan: SheetPlan, done: list[str]) -> None:
    """Write the parts in their order; *done* tells of each that arrived, also where a later one is refused."""
    if plan.requests:
        sheet.write(plan.requests)
        done.append("requests")
    if plan.bulk:
        sheet.write_values(plan.bulk)
        done.append("bulk")
    if plan.finishing:
        sheet.write(plan.finishing, changed=HALF if plan.requests or plan.bulk else "Nothing was changed.")


def _edited(edits: tuple[SheetEdit, ...]) -> SheetEditedError:
    named = ", ".join(f"{edit.tab}!{edit.cell}" for edit in edits[:_MOST_EDITS])
    more = f" and {len(edits) - _MOST_EDITS} more" if len(edits) > _MOST_EDITS else ""
    return SheetEditedError(
        f"somebody changed {len(edits)} {'cell' if len(edits) == 1 else 'cells'} of the report's tabs: {named}{more}",
        do="Nothing was written. Copy what is to stay to a tab of your own, then publish without --keep-edits.",
    )


def _our_fault(plan: SheetPlan, error: UnexpectedRefusalError) -> SheetError:
    """Keep what was sent, so that the fault can be reported: the report's own words and numbers, no key."""
    handle, name = tempfile.mkstemp(prefix="reportgen-request-", suffix=".json")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(
            {"requests": plan.requests, "bulk": plan.bulk, "finishing": plan.finishing}, file, default=str
        )
    return SheetError(error.error.what, do=f"{error.error.do} What was sent is in {name}")
