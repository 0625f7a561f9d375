"""gspread, unmodified, against the fake of Google through sockets."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import google.auth
import gspread
import pytest
import requests
from google.auth.exceptions import RefreshError
from gspread.exceptions import APIError, SpreadsheetNotFound

from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.world import SheetWorld

DRIVE = "https://www.googleapis.com/auth/drive"
Api = Callable[..., dict[str, Any]]
Login = Callable[..., gspread.Client]
BATCH = "spreadsheets.batchUpdate"


def rename(title: str) -> dict[str, Any]:
    return {"updateSpreadsheetProperties": {"properties": {"title": title}, "fields": "title"}}


def test_a_spreadsheet_is_opened_and_read(login: Login, world: SheetWorld) -> None:
    world.write("Sheet1", "B2", "hello")
    opened = login().open_by_key(world.spreadsheet_id)
    assert opened.title == "Team sheet"
    assert opened.sheet1.get_all_values() == [["", ""], ["", "hello"]]


def test_a_program_of_its_own_reaches_it_by_its_environment(google: FakeGoogle, world: SheetWorld) -> None:
    code = (
        "import gspread, os; k = os.environ['GOOGLE_APPLICATION_CREDENTIALS']; s = gspread.service_account(k)"
    )
    code += f"; print(s.open_by_key('{world.spreadsheet_id}').title)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=google.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Team sheet\n"


def test_values_are_written_raw_and_come_back_as_they_are(login: Login, world: SheetWorld) -> None:
    values = [["name", "score", "ok"], ["=1+1", 0.25, True], ["", 3, False]]
    body = {"valueInputOption": "RAW", "data": [{"range": "Sheet1!A1:C3", "values": values}]}
    answer = login().http_client.values_batch_update(world.spreadsheet_id, body)
    assert answer["totalUpdatedCells"] == 9
    assert world.grid("Sheet1") == values


def test_the_log_tells_method_kinds_and_scopes(google: FakeGoogle, api: Api) -> None:
    api(rename("One"), {"addSheet": {}})
    (call,) = google.calls
    assert (call.method, call.status, call.kinds) == (BATCH, 200, ("updateSpreadsheetProperties", "addSheet"))
    assert call.scopes == {"spreadsheets"}
    assert call.caller == google.client_email
    assert call.size > 100


@pytest.mark.parametrize(("role", "works"), [("writer", True), ("reader", False), (None, False)])
def test_only_an_editor_may_write(google: FakeGoogle, login: Login, role: str | None, works: bool) -> None:
    world = google.spreadsheet(role=role)
    client = login()
    if works:
        client.http_client.batch_update(world.spreadsheet_id, {"requests": [rename("One")]})
        return
    with pytest.raises(APIError) as caught:
        client.http_client.batch_update(world.spreadsheet_id, {"requests": [rename("One")]})
    assert caught.value.response.status_code == 403
    assert caught.value.error["status"] == "PERMISSION_DENIED"


def test_a_sheet_that_is_not_shared_gives_gspreads_empty_message(google: FakeGoogle, login: Login) -> None:
    world = google.spreadsheet(role=None)
    with pytest.raises(PermissionError, match=r"^$"):
        login().open_by_key(world.spreadsheet_id)


def test_an_unknown_id_is_not_found(login: Login) -> None:
    with pytest.raises(SpreadsheetNotFound):
        login().open_by_key("nobody-knows-this")


def test_a_token_without_the_scope_is_refused(login: Login, world: SheetWorld) -> None:
    client = login("https://www.googleapis.com/auth/spreadsheets.readonly")
    client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    with pytest.raises(APIError, match="insufficient authentication scopes"):
        client.http_client.batch_update(world.spreadsheet_id, {"requests": [rename("One")]})


def test_an_interface_that_is_switched_off_says_where_to_switch_it_on(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    google.disable("sheets")
    with pytest.raises(APIError) as caught:
        login().http_client.fetch_sheet_metadata(world.spreadsheet_id)
    assert caught.value.error["details"][0]["reason"] == "SERVICE_DISABLED"


def test_a_service_account_creates_no_files(google: FakeGoogle, login: Login) -> None:
    with pytest.raises(APIError, match="storage quota"):
        login(DRIVE).create("Mine")
    google.service.service_accounts_have_storage = True
    assert google.roles(login(DRIVE).create("Mine").id) == {google.client_email: "owner"}


def test_a_person_creates_and_shares_with_drive_file_alone(
    google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google_here.person_file))
    scopes = ["https://www.googleapis.com/auth/drive.file"]
    credentials, _ = google.auth.default(scopes=scopes, quota_project_id="fake-project")
    client = gspread.Client(auth=credentials)
    made = client.create("Weekly runs")
    made.share("ann@people.example", perm_type="user", role="reader", notify=False)
    assert google_here.roles(made.id) == {google_here.person: "owner", "ann@people.example": "reader"}
    assert [entry["role"] for entry in made.list_permissions()] == ["owner", "reader"]
    assert any("withLink" in text for text in google_here.service.ignored)
    with pytest.raises(SpreadsheetNotFound):
        client.open_by_key(google_here.spreadsheet().spreadsheet_id)
    client.http_client.session.close()


def test_an_expired_token_is_asked_for_again(google: FakeGoogle, login: Login, world: SheetWorld) -> None:
    client = login()
    client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    google.expire_tokens()
    client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    assert [call.status for call in google.calls] == [200, 401, 200]
    assert len(google.tokens) == 2


def test_a_key_that_is_not_accepted_gives_invalid_grant(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    google.fail("invalid_grant", at="token")
    with pytest.raises(RefreshError, match="invalid_grant"):
        login().open_by_key(world.spreadsheet_id)


def test_a_claim_is_checked(google_here: FakeGoogle, login: Login, world: SheetWorld) -> None:
    """A key of the right form that is not the account's."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    google_here.key_file.write_text(
        google_here.key_file.read_text().split('"private_key": ')[0]
        + f'"private_key": {pem.decode()!r}, '.replace("'", '"')
        + f'"client_email": "{google_here.client_email}", "token_uri": "https://oauth2.googleapis.com/token"}}'
    )
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        login().open_by_key(world.spreadsheet_id)


@pytest.mark.parametrize("kind", ["429", "500", "503"])
@pytest.mark.parametrize("after", [False, True])
def test_an_error_comes_before_or_after_the_work(
    google: FakeGoogle, world: SheetWorld, api: Api, kind: Any, after: bool
) -> None:
    google.fail(kind, at=BATCH, after=after)
    with pytest.raises(APIError) as caught:
        api(rename("One"))
    assert caught.value.response.status_code == int(kind)
    assert world.read("properties.title")["properties"]["title"] == ("One" if after else "Team sheet")
    api(rename("Two"))
    assert world.read("properties.title")["properties"]["title"] == "Two"


def test_a_limit_of_calls_says_how_long_to_wait(google: FakeGoogle, api: Api) -> None:
    google.fail("429", at=BATCH, times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(APIError) as caught:
            api(rename("One"))
        assert caught.value.response.headers["Retry-After"] == "7"
        assert caught.value.error["status"] == "RESOURCE_EXHAUSTED"
    api(rename("One"))


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_breaks_before_or_after_the_work(
    google: FakeGoogle, world: SheetWorld, api: Api, after: bool
) -> None:
    google.fail("reset", at=BATCH, after=after)
    with pytest.raises(requests.exceptions.ConnectionError):
        api(rename("One"))
    assert world.read("properties.title")["properties"]["title"] == ("One" if after else "Team sheet")
    assert google.calls[-1].status == 0


def test_a_server_that_says_nothing_runs_into_the_time_limit(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    client = login()
    client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    client.set_timeout((5, 0.2))
    google.fail("hang", at="spreadsheets.get")
    begin = time.monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    assert time.monotonic() - begin < 20


def test_an_error_may_be_a_web_page(google: FakeGoogle, api: Api) -> None:
    google.fail("html")
    with pytest.raises(APIError) as caught:
        api(rename("One"))
    assert (caught.value.code, caught.value.response.status_code) == (-1, 502)


def test_a_fault_strikes_the_call_it_is_meant_for(
    google: FakeGoogle, login: Login, world: SheetWorld
) -> None:
    google.fail("503", at="spreadsheets.get", skip=1, times=None)
    client = login()
    client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    for _ in range(2):
        with pytest.raises(APIError):
            client.http_client.fetch_sheet_metadata(world.spreadsheet_id)
    google.recover()
    client.http_client.fetch_sheet_metadata(world.spreadsheet_id)


def test_every_other_host_is_refused(google_here: FakeGoogle) -> None:
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://www.example.com/", timeout=5)
    assert google_here.refused_hosts == ["www.example.com:443"]
    with pytest.raises(AssertionError, match="Other hosts"):
        google_here.check()
    google_here.refused_hosts.clear()


@pytest.mark.parametrize(
    "request_", [{"addSlicer": {}}, {"updateEmbeddedObjectBorder": {"objectId": 1, "fields": "*"}}]
)
def test_what_the_fake_does_not_have_fails_the_test(google: FakeGoogle, api: Api, request_: Any) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        api(request_)
    with pytest.raises(AssertionError, match=f"The fake does not have the request {next(iter(request_))}"):
        google.check()
    google.limits.clear()
