"""Read, plan, write; and what happens where others or the network come between."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.deliver.share import Planning, publish_to, share_with
from reportgen.deliver.share.publishing import values_of
from reportgen.errors import SheetEditedError, SheetError
from reportgen.spreadsheet import TAB_KEY, SheetEdit, SheetPlan, SheetState
from tests.fakes.scripted_google import Said, Scripted, refusal, scripted_google

OURS = {
    "properties": {"sheetId": 7, "title": "Runs"},
    "developerMetadata": [{"metadataId": 1, "metadataKey": TAB_KEY}],
}
THEIRS = {
    "properties": {"title": "Notes"},
    "developerMetadata": [{"metadataId": 2, "metadataKey": "other.tool"}],
}
EXISTS = refusal(400, "Invalid requests[0].addSheet: Sheet with id 7 already exists.")


def book(*tabs: Any) -> Said:
    return Said(200, {"properties": {"title": "Team"}, "sheets": list(tabs)})


def values(text: str, mark: str = "new") -> Said:
    row = {"values": [{"userEnteredValue": {"stringValue": text}}, {}]}
    marks = [{"metadataId": 1, "metadataKey": TAB_KEY, "metadataValue": mark}]
    tab = {"properties": {"sheetId": 7}, "developerMetadata": marks, "data": [{"rowData": [row]}]}
    return Said(200, {"sheets": [tab]})


def tiny_plan(state: SheetState) -> SheetPlan:
    """Add the tab, or update the one that is there and name the edit in it."""
    if not state.grids:
        return SheetPlan(({"addSheet": {"properties": {"sheetId": 7}}},), words=("adds a tab",))
    found = (state.grids[7][0][0] or {})["stringValue"]
    edits = () if found == "ours" else (SheetEdit("Runs", "A1", "ours", found),)
    return SheetPlan(({"updateCells": {}},), words=("updates a tab",), edits=edits)


TINY = Planning("properties(title),sheets", tiny_plan)


def calls(google: Scripted) -> list[str]:
    return [
        path.partition("?")[0].rpartition("/")[2].partition(":")[2] or "get" for _, path, _ in google.asked
    ]


def test_a_new_spreadsheet_takes_two_calls() -> None:
    with scripted_google(book(THEIRS), Said()) as google:
        done = publish_to(google.sheet(), TINY)
        assert calls(google) == ["get", "batchUpdate"]
        assert "fields=" in google.asked[0][1]
        assert (done.title, done.edits) == ("Team", ())


def test_a_known_one_takes_three_and_reads_our_tabs_alone() -> None:
    with scripted_google(book(THEIRS, OURS), values("ours"), Said()) as google:
        publish_to(google.sheet(), TINY)
        assert calls(google) == ["get", "getByDataFilter", "batchUpdate"]
        assert google.asked[1][2] == {"dataFilters": [{"gridRange": {"sheetId": 7}}]}


def test_marks_and_values_are_of_one_moment() -> None:
    """Between the two readings another publisher may have written: that is no edit."""
    seen: list[SheetState] = []

    def plan(state: SheetState) -> SheetPlan:
        seen.append(state)
        return SheetPlan(())

    with scripted_google(book(THEIRS, OURS), values("ours", mark="newer")) as google:
        publish_to(google.sheet(), Planning("sheets", plan))
    tabs = seen[0].spreadsheet["sheets"]
    assert tabs[1]["developerMetadata"][0]["metadataValue"] == "newer"
    assert tabs[0] == THEIRS
    assert seen[0].grids == {7: (({"stringValue": "ours"}, None),)}


def test_nothing_to_do_writes_nothing() -> None:
    with scripted_google(book()) as google:
        publish_to(google.sheet(), Planning("sheets", lambda _: SheetPlan(())))
        assert calls(google) == ["get"]


def test_an_edit_is_named_and_written_over() -> None:
    with scripted_google(book(OURS), values("theirs"), Said()) as google:
        done = publish_to(google.sheet(), TINY)
        assert done.edits == (SheetEdit("Runs", "A1", "ours", "theirs"),)
        assert len(google.writes) == 1


def test_an_edit_is_kept_where_that_is_asked_for() -> None:
    with scripted_google(book(OURS), values("theirs")) as google:
        with pytest.raises(SheetEditedError, match="1 cell of the report's tabs: Runs!A1") as caught:
            publish_to(google.sheet(), TINY, keeps_edits=True)
        assert "Nothing was written" in caught.value.do
        assert google.writes == []


def test_a_dry_run_reads_only() -> None:
    with scripted_google(book(OURS), values("theirs")) as google:
        done = publish_to(google.sheet(), TINY, is_dry=True)
        assert calls(google) == ["get", "getByDataFilter"]
        assert done.words == ("updates a tab",)


@pytest.mark.parametrize("lost", [refusal(503, "unavailable"), Said(reset=True)], ids=["503", "reset"])
@pytest.mark.parametrize("arrived", [True, False])
def test_a_write_with_an_unknown_outcome_is_read_again(lost: Said, arrived: bool) -> None:
    after = [book(OURS), values("ours")] if arrived else [book()]
    with scripted_google(book(), lost, *after, Said()) as google:
        done = publish_to(google.sheet(), TINY)
        assert done.words == ("adds a tab",)
        kinds = [next(iter(body["requests"][0])) for body in google.writes]
        assert kinds == ["addSheet", "updateCells" if arrived else "addSheet"]
        assert google.clock.slept == [1.5]
        assert "reading the spreadsheet again" in google.clock.told[0]


def test_our_own_lost_write_is_no_edit_of_somebody() -> None:
    with scripted_google(
        book(OURS), values("ours"), Said(reset=True), book(OURS), values("half"), Said()
    ) as google:
        done = publish_to(google.sheet(), TINY)
        assert done.edits == ()


def test_edits_that_were_written_over_are_told_when_a_later_part_is_refused() -> None:
    def plan(state: SheetState) -> SheetPlan:
        first = tiny_plan(state)
        chart = {"addChart": {"again": not first.edits}}
        return replace(first, bulk=({"range": "'Runs'!A1", "values": []},), finishing=(chart,))

    first = [book(OURS), values("theirs"), Said(), Said(), EXISTS]
    with scripted_google(*first, book(OURS), values("ours"), Said()) as google:
        done = publish_to(google.sheet(), Planning("sheets", plan))
        assert done.edits == (SheetEdit("Runs", "A1", "ours", "theirs"),)
        assert len(google.writes) == 6


def test_an_outcome_that_stays_unknown_ends_after_three_rounds() -> None:
    with scripted_google(*[book(), refusal(503, "unavailable")] * 3) as google:
        with pytest.raises(SheetError, match="3 times") as caught:
            publish_to(google.sheet(), TINY)
        assert "nothing is doubled" in caught.value.do
        assert len(google.writes) == 3


def test_two_publishers_at_once_end_in_one_sheet() -> None:
    """The other one was quicker: what is there by now is updated."""
    with scripted_google(book(), EXISTS, book(OURS), values("ours"), Said()) as google:
        publish_to(google.sheet(), TINY)
        assert len(google.writes) == 2
        assert "updateCells" in google.writes[1]["requests"][0]
        assert google.clock.told == ["the spreadsheet was changed meanwhile; reading it again"]


def test_the_same_plan_refused_twice_is_our_fault_and_kept_to_be_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scripted_google(book(), EXISTS, book()) as google:
        with pytest.raises(SheetError, match=r"part 0 \(addSheet\).*fault in reportgen") as caught:
            publish_to(google.sheet(), TINY)
        assert len(google.writes) == 1
    kept = next(tmp_path.iterdir())
    assert str(kept) in caught.value.message
    assert json.loads(kept.read_text("utf-8"))["requests"] == [{"addSheet": {"properties": {"sheetId": 7}}}]
    assert kept.stat().st_mode & 0o077 == 0


def test_much_is_written_in_three_parts_and_values_as_they_are() -> None:
    cells = {"range": "'Runs'!A1", "values": [["=1+1", 2]]}
    plan = SheetPlan(({"addSheet": {}},), bulk=(cells,), finishing=({"addChart": {}},))
    with scripted_google(book(), Said()) as google:
        publish_to(google.sheet(), Planning("sheets", lambda _: plan))
        assert calls(google) == ["get", "batchUpdate", "batchUpdate", "batchUpdate"]
        assert google.asked[2][2] == {"valueInputOption": "RAW", "data": [cells]}
        assert google.asked[3][2] == {"requests": [{"addChart": {}}]}


@pytest.mark.parametrize("lost", [2, 3])
def test_much_that_is_half_written_is_begun_again(lost: int) -> None:
    plan = SheetPlan(
        ({"addSheet": {}},), bulk=({"range": "A1", "values": []},), finishing=({"addChart": {}},)
    )
    script = [book(), *[Said()] * (lost - 1), refusal(503, "unavailable"), book(), Said()]
    with scripted_google(*script) as google:
        publish_to(google.sheet(), Planning("sheets", lambda _: plan))
        assert calls(google).count("get") == 2
        assert len(google.writes) == lost + 3


def test_cells_are_placed_where_the_answer_says() -> None:
    cell: dict[str, Any] = {"values": [{"userEnteredValue": {"numberValue": 1.0}}]}
    tab = {"data": [{"startRow": 1, "startColumn": 1, "rowData": [cell, {}]}]}
    assert values_of(tab) == ((), (None, {"numberValue": 1.0}), (None,))


GRANTS = (("a@example.com", "reader"), ("B@example.com", "writer"))


def people(*pairs: tuple[str, str], token: str = "") -> Said:
    found = [{"emailAddress": address, "role": role} for address, role in pairs]
    return Said(200, {"permissions": [*found, {"role": "reader"}], "nextPageToken": token})


def shared(google: Scripted) -> list[str]:
    return [body["emailAddress"] for method, _, body in google.asked if method == "POST"]


def test_access_is_added_without_a_mail_and_only_where_it_lacks() -> None:
    with scripted_google(people(("A@Example.com", "owner")), Said()) as google:
        done = share_with(google.sheet(), GRANTS, notify=False)
        assert shared(google) == ["B@example.com"]
        assert google.asked[1][2] == {"type": "user", "role": "writer", "emailAddress": "B@example.com"}
        assert "sendNotificationEmail=false" in google.asked[1][1]
        assert (done.added, done.less) == (GRANTS[1:], ())


def test_those_on_later_pages_are_known_too() -> None:
    with scripted_google(
        people(token="next"),  # noqa: S106 - of a page
        people(("a@example.com", "reader"), ("b@example.com", "writer")),
    ) as google:
        assert share_with(google.sheet(), GRANTS, notify=False).added == ()
        assert "pageToken=next" in google.asked[1][1]


def test_less_access_than_asked_for_is_told_and_left() -> None:
    with scripted_google(people(("a@example.com", "reader"), ("b@example.com", "reader"))) as google:
        done = share_with(google.sheet(), GRANTS, notify=True)
        assert shared(google) == []
        assert done.less == (("B@example.com", "reader", "writer"),)


def test_people_are_written_to_only_where_that_is_asked_for() -> None:
    with scripted_google(people(), Said()) as google:
        share_with(google.sheet(), GRANTS[:1], notify=True)
        assert "sendNotificationEmail=true" in google.asked[1][1]


def test_nobody_to_share_with_takes_no_call() -> None:
    with scripted_google(Said()) as google:
        share_with(google.sheet(), (), notify=False)
        assert google.asked == []
