"""The scenarios of publishing, in a real Google Sheet.

Never run by itself: ``REPORTGEN_LIVE_SHEET=<id or address> pytest -m live tests/live``, with the key of a service
account in ``GOOGLE_APPLICATION_CREDENTIALS`` that is an editor of that spreadsheet. Everything in it is deleted.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from tests.fakes.google.scenarios import SCENARIOS, Scenario, command_line
from tests.fakes.google.world import SheetWorld

SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]
HOST = "https://sheets.googleapis.com"
NAMED = os.environ.get("REPORTGEN_LIVE_SHEET", "")
KEY = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS", "")
PATIENCE_SECONDS = 65

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not NAMED or not Path(KEY).is_file(),
        reason="needs a spreadsheet in REPORTGEN_LIVE_SHEET and a key in GOOGLE_APPLICATION_CREDENTIALS",
    ),
]


def live_world(session: Any, spreadsheet_id: str) -> SheetWorld:
    """Let people work in the real spreadsheet, as patiently as Google wants it."""

    def call(verb: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        for _ in range(3):
            answer = session.request(verb, HOST + path, json=body, timeout=(10, 190))
            if answer.status_code != 429:
                break
            time.sleep(PATIENCE_SECONDS)
        answer.raise_for_status()
        made: dict[str, Any] = json.loads(answer.content)
        return made

    return SheetWorld(spreadsheet_id, {"GOOGLE_APPLICATION_CREDENTIALS": KEY}, call)


@pytest.fixture
def world() -> Iterator[SheetWorld]:
    """The real spreadsheet, emptied."""
    found = re.search(r"/d/([\w-]+)", NAMED)
    credentials = Credentials.from_service_account_file(KEY, scopes=SCOPES)  # type: ignore[no-untyped-call]
    with AuthorizedSession(credentials) as session:  # type: ignore[no-untyped-call]
        world = live_world(session, found[1] if found else NAMED)
        world.clear()
        yield world


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario: Scenario, world: SheetWorld) -> None:
    scenario(world, command_line(world))
