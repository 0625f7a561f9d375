"""Every way in which Google or the network says no is told with what to do about it."""

from __future__ import annotations

from collections.abc import Callable

import google.auth.exceptions as refused
import pytest
import requests

from reportgen.deliver.share.translation import Call, UnexpectedRefusalError, translate
from reportgen.errors import DeliveryError, SheetError, SignInError
from tests.fakes.scripted_google import EMAIL, ID, Said, drive_refusal, refusal, scripted_google

LINK = "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=12"
DISABLED = (
    "Google Sheets API has not been used in project 12 before or it is disabled. "
    f"Enable it by visiting {LINK} then retry."
)


def told(said: Said, does: str = "read", kind: str = "service account") -> DeliveryError:
    """Give the error that one answer becomes."""
    with scripted_google(said) as google:
        sheet = google.sheet("" if does == "create" else ID, kind=kind)
        calls: dict[str, Callable[[], object]] = {
            "read": lambda: sheet.read("properties(title)"),
            "write": lambda: sheet.write([{"updateCells": {}}]),
            "create": lambda: sheet.create("Report"),
            "people": sheet.people,
            "share": lambda: sheet.share("a@example.com", "reader", notify=False),
        }
        try:
            calls[does]()
        except DeliveryError as error:
            return error
        except UnexpectedRefusalError as error:
            return error.error
    raise AssertionError("nothing was refused")


READING = [
    (
        refusal(403, "The caller does not have permission"),
        "may not open the spreadsheet",
        f"add {EMAIL} as Editor",
    ),
    (refusal(403, DISABLED, "SERVICE_DISABLED"), "the Google Sheets API is not switched on", LINK),
    (
        refusal(403, "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        "lacks the right https://www.googleapis.com/auth/spreadsheets",
        "Make a new key",
    ),
    (
        refusal(404, "Requested entity was not found."),
        f"no spreadsheet with the id '{ID}'",
        "between /d/ and /edit",
    ),
    (
        refusal(401, "Request had invalid authentication credentials."),
        "no longer accepts the key in /k.json",
        "revoked",
    ),
    (
        refusal(400, "This operation is not supported for this document"),
        "an Excel file that was uploaded",
        "Save as Google Sheets",
    ),
    (refusal(413, "Request Entity Too Large"), "too large for one call", "fewer runs"),
]
WRITING = [
    (
        refusal(403, "The caller does not have permission"),
        "may look at the spreadsheet, but not change it",
        "Make it an Editor",
    ),
    (
        refusal(
            400,
            "Invalid requests[0].addSheet: This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
        ),
        "more than 10 million cells",
        "Delete tabs or empty rows",
    ),
    (
        refusal(400, "Your input contains more than the maximum of 50000 characters in a single cell."),
        "longer than the 50,000 characters",
        "fault in reportgen",
    ),
    (
        refusal(400, "Invalid requests[1].updateCells: You are trying to edit a protected cell or object."),
        "somebody protected",
        "Take the protection away",
    ),
]
DRIVE = [
    (
        "create",
        drive_refusal(403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded"),
        "a service account has no storage",
        "sheets.new",
    ),
    (
        "create",
        drive_refusal(
            403,
            "Google Drive API has not been used in project 12 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/drive.googleapis.com/overview?project=12",
            "accessNotConfigured",
        ),
        "the Google Drive API is not switched on",
        "drive.googleapis.com",
    ),
    (
        "people",
        refusal(403, "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        "lacks the right https://www.googleapis.com/auth/drive",
        "take `share` out",
    ),
    (
        "share",
        drive_refusal(
            403, "The user does not have sufficient permissions for this file.", "insufficientFilePermissions"
        ),
        "may not share the spreadsheet",
        "Its owner can allow",
    ),
    (
        "share",
        drive_refusal(
            400,
            'You are trying to invite a@example.com. Since there is no Google account associated with this email address, you must check the "Notify people" box to invite this recipient.',
            "invalidSharingRequest",
        ),
        "has no Google account",
        "notify = true",
    ),
    (
        "share",
        drive_refusal(400, "The specified emailAddress is invalid.", "invalid"),
        "refuses to share the spreadsheet: The specified",
        "Check the addresses",
    ),
]


@pytest.mark.parametrize(("said", "what", "do"), READING, ids=[str(n) for n in range(len(READING))])
def test_a_refused_reading_is_told(said: Said, what: str, do: str) -> None:
    error = told(said)
    assert what in error.what
    assert do in error.do


@pytest.mark.parametrize(("said", "what", "do"), WRITING, ids=[str(n) for n in range(len(WRITING))])
def test_a_refused_writing_is_told_with_the_state_of_the_sheet(said: Said, what: str, do: str) -> None:
    error = told(said, "write")
    assert what in error.what
    assert do in error.do
    assert "Nothing was changed." in error.do


@pytest.mark.parametrize(("does", "said", "what", "do"), DRIVE, ids=[str(n) for n in range(len(DRIVE))])
def test_a_refusal_of_drive_is_told(does: str, said: Said, what: str, do: str) -> None:
    error = told(said, does)
    assert what in error.what
    assert do in error.do
    if does in ("people", "share") and "lacks" not in what and error.do.startswith("Its"):
        assert "The report itself is in the spreadsheet." in error.do


def test_a_person_is_told_to_sign_in_again_and_a_full_drive_is_theirs() -> None:
    scopes = refusal(403, "Request had insufficient authentication scopes.")
    assert "Sign in again" in told(scopes, "people", "person").do
    assert "drive.file" in told(scopes, "people", "person").what
    full = drive_refusal(403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded")
    assert "the Google account has no storage left" in told(full, "create", "person").what


def test_a_person_is_told_which_spreadsheets_the_login_reaches() -> None:
    for said in (
        refusal(404, "Requested entity was not found."),
        refusal(403, "The caller does not have permission"),
    ):
        assert "reaches only spreadsheets that reportgen made" in told(said, "read", "person").do


def test_a_login_without_a_project_to_count_on_is_told() -> None:
    said = refusal(
        403,
        "The sheets.googleapis.com API requires a quota project, which is not set by default.",
        "SERVICE_DISABLED",
    )
    assert "set-quota-project" in told(said, "read", "machine").do


def network(error: Exception, kind: str = "service account") -> DeliveryError:
    with scripted_google(Said()) as google:
        return translate(error, Call(google.sheet(kind=kind).login, ID, "reading the spreadsheet"))


RefreshError: Callable[..., Exception] = refused.RefreshError
TransportError: Callable[..., Exception] = refused.TransportError
NETWORK = [
    (requests.ConnectTimeout("timed out"), "did not answer in time"),
    (requests.ReadTimeout("Read timed out."), "did not answer in time"),
    (
        requests.exceptions.ProxyError("Tunnel connection failed: 403 Forbidden"),
        "the proxy does not let us through",
    ),
    (requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "is not trusted"),
    (requests.ConnectionError("Connection refused"), "there is no way to Google"),
    (TransportError("Connection refused"), "there is no way to Google"),
    (requests.exceptions.InvalidJSONError("Out of range float values"), "a value that JSON cannot hold"),
    (requests.TooManyRedirects("30"), "the call to Google failed"),
]


@pytest.mark.parametrize(("error", "what"), NETWORK, ids=[str(n) for n in range(len(NETWORK))])
def test_faults_of_the_network_are_told(error: Exception, what: str) -> None:
    found = network(error)
    assert isinstance(found, SheetError)
    assert what in found.what
    assert found.do


@pytest.mark.parametrize(
    ("kind", "do"),
    [("service account", "is the clock"), ("person", "seven days"), ("machine", "gcloud auth")],
)
def test_a_login_that_is_not_accepted_is_told_with_its_checks(kind: str, do: str) -> None:
    said = "('invalid_grant: Token has been expired or revoked.', {'error': 'invalid_grant'})"
    found = network(RefreshError(said), kind)
    assert isinstance(found, SignInError)
    assert "does not accept the key in /k.json (invalid_grant)" in found.what
    assert do in found.do


def test_a_sign_in_that_is_down_for_now_is_no_wrong_key() -> None:
    assert "does not work at the moment" in network(RefreshError("503", retryable=True)).what


def test_scopes_that_the_account_may_not_have_are_told() -> None:
    assert "lacks the right" in network(RefreshError("invalid_scope: Invalid OAuth scope")).what


def test_what_looks_like_a_token_is_not_passed_on() -> None:
    secret = "ya29.a0AfH6SMBx-very-secret"  # noqa: S105 - made up
    error = told(refusal(400, f"Bad header Bearer {secret} in request", ""), "share")
    assert "redacted" in error.message
    assert secret not in error.message


def test_a_part_that_is_refused_for_an_unknown_reason_is_named() -> None:
    error = told(refusal(400, "Invalid requests[3].addBanding: You must set the first band color."), "write")
    assert "part 3 (addBanding)" in error.what
    assert "You must set the first band color" in error.what
    assert "fault in reportgen" in error.do
