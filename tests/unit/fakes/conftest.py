"""gspread as a program would use it, against the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gspread
import pytest

from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.world import SheetWorld
from tests.unit.fakes.asks import TAB

Obj = dict[str, Any]
SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
Login = Callable[..., gspread.Client]


@pytest.fixture
def login(google_here: FakeGoogle) -> Iterator[Login]:
    """Log in with the service account's key, for some scopes."""
    made: list[gspread.Client] = []

    def log_in(*scopes: str) -> gspread.Client:
        client = gspread.service_account(filename=str(google_here.key_file), scopes=scopes or (SPREADSHEETS,))
        client.set_timeout((5, 5))
        made.append(client)
        return client

    yield log_in
    for client in made:
        client.http_client.session.close()


@pytest.fixture
def world(google: FakeGoogle) -> SheetWorld:
    """A spreadsheet that is shared with the service account."""
    return google.spreadsheet()


@pytest.fixture
def api(login: Login, world: SheetWorld) -> Callable[..., Obj]:
    """Send requests of one batch as the service account, and give the answer."""
    client = login()

    def send(*requests: Obj, **more: Any) -> Obj:
        body = {"requests": list(requests)} | more
        answer: Obj = client.http_client.batch_update(world.spreadsheet_id, body)
        return answer

    return send


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SheetWorld]:
    """A spreadsheet with a tab of 20 rows and 8 columns; nothing is served."""
    fake = FakeGoogle(tmp_path)
    world = fake.spreadsheet()
    size = {"rowCount": 20, "columnCount": 8, "frozenRowCount": 1}
    small = {"gridProperties": {"rowCount": 5, "columnCount": 5}}
    world.batch(
        {"updateSheetProperties": {"properties": small, "fields": "gridProperties(rowCount,columnCount)"}},
        {"addSheet": {"properties": {"sheetId": TAB, "title": "Runs", "gridProperties": size}}},
    )
    yield world
    fake.proxy.server_close()
