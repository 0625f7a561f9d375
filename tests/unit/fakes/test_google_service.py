"""The fake of Google behind its door: files of people, tokens, limits of the fake itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import google.auth
import gspread
import pytest
import requests
from gspread.exceptions import APIError, SpreadsheetNotFound

from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.world import SheetWorld

Login = Callable[..., gspread.Client]
BATCH = "spreadsheets.batchUpdate"
SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
DRIVE = "https://www.googleapis.com/drive/v3/files"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive"
RENAME = {"updateSpreadsheetProperties": {"properties": {"title": "One"}, "fields": "title"}}


@pytest.fixture
def person(google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The session of a person who agreed to the files of this program."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google_here.person_file))
    credentials, _ = google.auth.default(quota_project_id="fake-project")
    client = gspread.Client(auth=credentials)
    with client.http_client.session as session:
        yield session


def test_a_token_that_is_refused_once_is_asked_for_again(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    google.fail("401", at=BATCH)
    login().http_client.batch_update(world.spreadsheet_id, {"requests": [RENAME]})
    assert [call.status for call in google.calls] == [401, 200]
    assert len(google.tokens) == 2


def test_tokens_may_be_refused_for_ever(google: FakeGoogle, login: Login, world: SheetWorld) -> None:
    google.fail("401", at=BATCH, times=None)
    with pytest.raises(APIError) as caught:
        login().http_client.batch_update(world.spreadsheet_id, {"requests": [RENAME]})
    assert caught.value.error["status"] == "UNAUTHENTICATED"


def test_drive_has_limits_of_its_own(google: FakeGoogle, login: Login, world: SheetWorld) -> None:
    google.fail("rate", at="permissions.list")
    client = login(DRIVE_SCOPE)
    with pytest.raises(APIError) as caught:
        client.list_permissions(world.spreadsheet_id)
    (error,) = caught.value.error["errors"]
    assert (error["reason"], error["domain"]) == ("userRateLimitExceeded", "usageLimits")
    assert len(client.list_permissions(world.spreadsheet_id)) == 2


def test_a_person_makes_a_spreadsheet_with_tabs(google_here: FakeGoogle, person: requests.Session) -> None:
    sheets: list[Any] = [
        {"properties": {"title": "First"}},
        {"properties": {"title": "Second", "sheetId": 9}},
    ]
    made = person.post(
        SHEETS, json={"properties": {"title": "Runs", "locale": "de_DE"}, "sheets": sheets}
    ).json()
    assert made["properties"]["locale"] == "de_DE"
    assert google_here.world(made["spreadsheetId"]).titles() == ["First", "Second"]
    assert google_here.roles(made["spreadsheetId"]) == {google_here.person: "owner"}
    file = person.get(f"{DRIVE}/{made['spreadsheetId']}", params={"fields": "name,mimeType"}).json()
    assert file == {"name": "Runs", "mimeType": "application/vnd.google-apps.spreadsheet"}


def test_drive_gives_few_fields_unless_asked(person: requests.Session) -> None:
    kind = "application/vnd.google-apps.spreadsheet"
    made = person.post(DRIVE, json={"name": "Runs", "mimeType": kind}).json()
    assert made == {"kind": "drive#file", "id": made["id"], "name": "Runs", "mimeType": kind}
    link = {"type": "anyone", "role": "reader"}
    assert person.post(f"{DRIVE}/{made['id']}/permissions", json=link).json()["id"] == "anyoneWithLink"
    (first, second) = person.get(f"{DRIVE}/{made['id']}/permissions").json()["permissions"]
    assert "emailAddress" not in first
    assert second["role"] == "reader"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"type": "user", "role": "boss"}, "invalid"),
        ({"type": "user", "role": "reader"}, "invalidSharingRequest"),
        ({"type": "user", "role": "owner", "emailAddress": "a@b.example"}, "forbidden"),
        ({"type": "user", "role": 7}, "badRequest"),
    ],
)
def test_sharing_is_checked(person: requests.Session, body: dict[str, Any], reason: str) -> None:
    kind = "application/vnd.google-apps.spreadsheet"
    made = person.post(DRIVE, json={"name": "Runs", "mimeType": kind}).json()
    answer = person.post(f"{DRIVE}/{made['id']}/permissions", json=body)
    assert answer.status_code in (400, 403)
    assert answer.json()["error"]["errors"][0]["reason"] == reason


def test_files_of_others_are_not_there_for_drive_file(google: FakeGoogle, person: requests.Session) -> None:
    others = google.spreadsheet().spreadsheet_id
    assert person.get(f"{DRIVE}/{others}").status_code == 404
    assert person.get(f"{SHEETS}/{others}").status_code == 404
    google.person_agrees("spreadsheets", "drive.file")
    google.expire_tokens()
    assert person.get(f"{SHEETS}/{others}").status_code == 200


def test_an_editor_may_share_and_a_reader_may_not(google: FakeGoogle, login: Login) -> None:
    client = login(DRIVE_SCOPE)
    client.insert_permission(
        google.spreadsheet().spreadsheet_id, "ann@people.example", "user", "reader", notify=False
    )
    with pytest.raises(APIError, match="sufficient permissions"):
        client.insert_permission(
            google.spreadsheet(role="reader").spreadsheet_id, "ann@people.example", "user", "reader"
        )
    with pytest.raises(SpreadsheetNotFound):
        client.open_by_key("nobody-knows-this")


@pytest.mark.parametrize(
    "do",
    [
        lambda tab: tab.append_row(["x"]),
        lambda tab: tab.update([["x"]], "A1", value_input_option="USER_ENTERED"),
        lambda tab: tab.clear(),
    ],
    ids=["append", "as typed", "clear"],
)
def test_a_call_that_the_fake_does_not_have_fails_the_test(
    google: FakeGoogle, login: Login, world: SheetWorld, do: Callable[[gspread.Worksheet], Any]
) -> None:
    tab = login().open_by_key(world.spreadsheet_id).sheet1
    with pytest.raises(requests.exceptions.ConnectionError):
        do(tab)
    with pytest.raises(AssertionError, match="The fake does not have"):
        google.check()
    google.limits.clear()


def test_an_answer_of_the_fake_that_is_wrong_fails_the_test(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    google.book(world.spreadsheet_id).properties["colour"] = "red"
    with pytest.raises(requests.exceptions.ConnectionError):
        login().http_client.fetch_sheet_metadata(world.spreadsheet_id)
    assert 'Unknown name "colour"' in google.limits[0]
    google.limits.clear()


def test_a_mistake_in_the_fake_fails_the_test(google: FakeGoogle, login: Login, world: SheetWorld) -> None:
    del google.book(world.spreadsheet_id).properties["title"]
    with pytest.raises(requests.exceptions.ConnectionError):
        login(DRIVE_SCOPE).http_client.request("get", f"{DRIVE}/{world.spreadsheet_id}")
    assert "KeyError: 'title'" in google.limits[0]
    google.limits.clear()


def test_plain_values_are_read_in_many_ranges(login: Login, world: SheetWorld) -> None:
    world.add_tab("Runs", [["loss", 0.5], ["", 2]])
    tab = login().open_by_key(world.spreadsheet_id).worksheet("Runs")
    assert tab.batch_get(["A1:B1", "B1:B2"]) == [[["loss", "0.5"]], [["0.5"], ["2"]]]
    tab.update([[1, "=x"], [None, ""]], "B2:C3")
    assert world.grid("Runs") == [["loss", 0.5], ["", 1, "=x"]]
    with pytest.raises(APIError, match="tried writing to row"):
        tab.update([[1], [2]], "A1:B1")
    with pytest.raises(APIError, match="exceeds grid limits"):
        tab.update([[1]], "A1001")


def test_an_excel_file_that_was_uploaded_is_no_spreadsheet(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    google.book(world.spreadsheet_id).is_office = True
    with pytest.raises(APIError, match="not supported for this document"):
        login().http_client.fetch_sheet_metadata(world.spreadsheet_id)


def test_a_path_that_google_does_not_have_is_a_web_page(login: Login) -> None:
    with pytest.raises(APIError) as caught:
        login().http_client.request("get", "https://sheets.googleapis.com/v4/nothing")
    assert (caught.value.code, caught.value.response.status_code) == (-1, 404)


def test_a_body_that_is_no_json_is_refused(login: Login, world: SheetWorld) -> None:
    with pytest.raises(APIError, match="a message is wanted"):
        login().http_client.request("post", f"{SHEETS}/{world.spreadsheet_id}:batchUpdate", data=b"{")
