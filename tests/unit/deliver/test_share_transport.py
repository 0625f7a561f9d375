"""Calls to Google: what is tried again, how long, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from reportgen.deliver.share import OutcomeUnknownError
from reportgen.errors import DeliveryError, SheetError
from tests.fakes.scripted_google import ID, Said, drive_refusal, refusal, scripted_google

OK = Said(200, {"properties": {"title": "Team"}})
BUSY = refusal(429, "Quota exceeded", "RATE_LIMIT_EXCEEDED")
WRITE: list[dict[str, Any]] = [{"updateCells": {}}]


@pytest.mark.parametrize(
    "fault",
    [
        *(refusal(status, "Internal error encountered.") for status in (500, 502, 503, 504)),
        Said(520, "<html>Bad Gateway</html>"),
        Said(reset=True),
        Said(cut=True, body={"properties": {"title": "x" * 5000}}),
        BUSY,
        drive_refusal(403, "Rate Limit Exceeded", "userRateLimitExceeded"),
    ],
    ids=lambda said: f"{said.status}{'reset' * said.reset}{'cut' * said.cut}",
)
def test_reading_is_tried_again(fault: Said) -> None:
    with scripted_google(fault, fault, OK) as google:
        assert google.sheet().read("properties(title)")["properties"]["title"] == "Team"
        assert len(google.asked) == 3
        assert len(google.clock.told) == 2


def test_silence_is_not_waited_for_without_end() -> None:
    with scripted_google(Said(hang=30), OK) as google:
        google.timeout = 0.2
        assert google.sheet().read("properties(title)") == OK.body


def test_reading_ends_after_four_tries_and_bounded_waits() -> None:
    with scripted_google(refusal(503, "The service is currently unavailable.")) as google:
        with pytest.raises(SheetError, match="does not work at the moment"):
            google.sheet().read("properties(title)")
        assert len(google.asked) == 4
        assert google.clock.slept == [1.5, 2.5, 4.5]


def test_a_busy_service_is_waited_for_longer_than_the_minute_of_its_quota() -> None:
    with scripted_google(BUSY) as google:
        with pytest.raises(SheetError, match="limit of calls a minute"):
            google.sheet().write(WRITE)
        assert len(google.writes) == 5
        assert 60 <= sum(google.clock.slept) <= 300


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("99999", 64.0), ("soon", 4.5), ("", 4.5)])
def test_the_server_says_how_long_to_wait_within_bounds(asked: str, waited: float) -> None:
    with scripted_google(Said(429, {}, {"Retry-After": asked}), OK) as google:
        google.sheet().write(WRITE)
        assert google.clock.slept == [waited]


def test_the_server_may_name_a_time_to_wait_for() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    with scripted_google(Said(429, {}, {"Retry-After": until}), OK) as google:
        google.sheet().write(WRITE)
        assert 25 < google.clock.slept[0] <= 30


def test_no_try_begins_after_five_minutes() -> None:
    with scripted_google(OK) as google:

        def slow(_: str) -> Said:
            google.clock.now += 150
            return Said(429, {}, {"Retry-After": "64"})

        google.script = [slow]
        with pytest.raises(SheetError):
            google.sheet().write(WRITE)
        assert len(google.asked) == 2


@pytest.mark.parametrize(
    "fault",
    [
        refusal(503, "unavailable"),
        refusal(500, "internal"),
        Said(reset=True),
        Said(cut=True),
        Said(504, "<html>"),
    ],
)
def test_a_write_with_an_unknown_outcome_is_not_repeated_blindly(fault: Said) -> None:
    with scripted_google(fault, OK) as google:
        with pytest.raises(OutcomeUnknownError):
            google.sheet().write(WRITE)
        assert len(google.writes) == 1


def test_a_new_file_is_never_asked_for_twice() -> None:
    with scripted_google(refusal(503, "unavailable"), Said(200, {"id": "x"})) as google:
        with pytest.raises(OutcomeUnknownError):
            google.sheet("").create("Report")
        assert len(google.asked) == 1


def test_where_nothing_listens_nothing_was_sent_and_all_is_tried_again() -> None:
    with scripted_google(OK) as google:
        sheet = google.sheet()
    with pytest.raises(SheetError, match="there is no way to Google") as caught:
        sheet.write(WRITE)
    assert "Nothing was changed" in caught.value.do
    assert google.clock.told == [
        "Google cannot be reached; trying again in 2 s",
        "Google cannot be reached; trying again in 2 s",
        "Google cannot be reached; trying again in 4 s",
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_what_will_never_work_is_not_tried_again(status: int) -> None:
    with scripted_google(refusal(status, "no")) as google:
        with pytest.raises(DeliveryError):
            google.sheet().read("properties(title)")
        assert len(google.asked) == 1
        assert google.clock.slept == []


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", '{"error": "no"}', '{"error": {"details": 5, "errors": [1]}}', "\x00"]
)
def test_any_body_of_an_error_is_stood(body: str) -> None:
    """Gspread's own error raises another one at most of these."""
    with scripted_google(Said(400, body)) as google, pytest.raises(SheetError):
        google.sheet().read("properties(title)")


@pytest.mark.parametrize(
    "body", ["<html>Please sign in to the guest network</html>", "[]", "7", '{"sheets": 5}']
)
def test_an_answer_that_is_not_googles_is_told(body: str) -> None:
    with scripted_google(Said(200, body)) as google:
        with pytest.raises(SheetError, match="was not Google"):
            google.sheet().read("properties(title)")
        with pytest.raises(SheetError, match="was not Google"):
            google.sheet().read_tabs([1])


def test_the_paths_are_those_of_the_interfaces() -> None:
    with scripted_google(Said(200, {"id": "new-one", "properties": {"title": "Team"}})) as google:
        sheet = google.sheet()
        sheet.read("properties(title)")
        sheet.read_tabs([5])
        sheet.write(WRITE)
        sheet.write_values([{"range": "T!A1", "values": [[1]]}])
        sheet.create("Report")
        paths = [(method, path.partition("?")[0]) for method, path, _ in google.asked]
    assert paths == [
        ("GET", f"/v4/spreadsheets/{ID}"),
        ("POST", f"/v4/spreadsheets/{ID}:getByDataFilter"),
        ("POST", f"/v4/spreadsheets/{ID}:batchUpdate"),
        ("POST", f"/v4/spreadsheets/{ID}/values:batchUpdate"),
        ("POST", "/drive/v3/files"),
    ]
    assert google.asked[3][2]["valueInputOption"] == "RAW"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_hold_is_told_before_anything_is_sent(value: object) -> None:
    with scripted_google(OK) as google:
        with pytest.raises(SheetError, match="that JSON cannot hold"):
            google.sheet().write([{"updateCells": {"rows": [value]}}])
        assert google.asked == []


def test_a_batch_is_sent_without_blanks_and_escapes() -> None:
    bodies: list[bytes] = []

    with scripted_google(OK) as google:
        client = google.client(None, google.clock.patience())
        client.session.hooks["response"].append(lambda said, **_: bodies.append(said.request.body))
        client.batch_update("x", {"requests": [{"a": [1, "ü \N{GRINNING FACE}"]}]})
    assert bodies == ['{"requests":[{"a":[1,"ü \N{GRINNING FACE}"]}]}'.encode()]
