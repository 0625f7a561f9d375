"""One Google spreadsheet: the few calls that a report needs, each with its errors in our words."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError
from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_URL

from reportgen.deliver.share.login import Login
from reportgen.deliver.share.translation import Call, UnexpectedRefusalError, may_be_outdated, translate
from reportgen.deliver.share.transport import OutcomeUnknownError, Patience, PatientClient, RefusedError
from reportgen.errors import SheetError
from reportgen.spreadsheet import Request

_FAULTS = (RefusedError, GoogleAuthError, requests.RequestException, KeyError, TypeError, AttributeError)
"""The last three: an answer that has another form than Google's."""
_GRID_FIELDS = (
    "sheets(properties(sheetId),developerMetadata(metadataId,metadataKey,metadataValue),"
    "data(startRow,startColumn,rowData(values(userEnteredValue))))"
)
_MIME = "application/vnd.google-apps.spreadsheet"
_MOST_PAGES = 100

Connect = Callable[[Any, Patience], PatientClient]
"""Makes the client from credentials; tests lead it elsewhere."""


class Spreadsheet:
    """A spreadsheet at Google.

    Args:
        sheet_id: Its id; empty where it is still to be made.
        login: Who we are.
        patience: How waiting is done.
        connect: Makes the client.
    """

    def __init__(
        self, sheet_id: str, login: Login, patience: Patience | None = None, connect: Connect = PatientClient
    ) -> None:
        self.id = sheet_id
        self.login = login
        self.patience = patience or Patience()
        self._client = connect(login.credentials, self.patience)

    def read(self, fields: str) -> Mapping[str, Any]:
        """Read the fields of a mask, ``properties(title)`` among them, with one call."""
        with self._translated("reading the spreadsheet"):
            found: Mapping[str, Any] = self._client.fetch_sheet_metadata(self.id, {"fields": fields})
            found["properties"]["title"]  # what is another's answer has none
            return found

    def read_tabs(self, tabs: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Read values and marks of some tabs, as they are at one moment, with one call: resource by id."""
        with self._translated("reading the report's tabs"):
            answer = self._client.request(
                "post",
                f"{SPREADSHEET_URL % self.id}:getByDataFilter",
                params={"fields": _GRID_FIELDS},
                json={"dataFilters": [{"gridRange": {"sheetId": tab}} for tab in tabs]},
            ).json()
            return {int(tab["properties"].get("sheetId", 0)): tab for tab in answer.get("sheets", ())}

    def write(self, requests: Sequence[Request], *, changed: str = "Nothing was changed.") -> None:
        """Carry out all requests or none, with one call.

        Args:
            requests: What is to be done.
            changed: What is known of the spreadsheet if they are refused.

        Raises:
            OutcomeUnknownError: It may or may not have been done.
            UnexpectedRefusalError: A part of it does not fit the spreadsheet.
            DeliveryError: It was not done.
        """
        with self._translated("writing the report", changed=changed, writes=True, planned=True):
            self._client.batch_update(self.id, {"requests": list(requests)})

    def write_values(self, ranges: Sequence[Mapping[str, Any]]) -> None:
        """Write plain values as they are, with one call; errors as for `write`."""
        body = {"valueInputOption": "RAW", "data": list(ranges)}
        with self._translated("writing the values", changed=HALF, writes=True, planned=True):
            self._client.values_batch_update(self.id, body)

    def check(self) -> str:
        """Test that it can be read and written, leave nothing behind, and give its title: two calls.

        Raises:
            DeliveryError: It cannot.
        """
        title = str(self.read("properties(title)").get("properties", {}).get("title", ""))
        mark = secrets.randbelow(2**31 - 1) + 1
        made = {
            "metadataId": mark,
            "metadataKey": "reportgen.check",
            "visibility": "DOCUMENT",
            "location": {"spreadsheet": True},
        }
        found = {"developerMetadataLookup": {"metadataId": mark}}
        with self._translated("testing the access", writes=True):
            self._client.batch_update(
                self.id,
                {
                    "requests": [
                        {"createDeveloperMetadata": {"developerMetadata": made}},
                        {"deleteDeveloperMetadata": {"dataFilter": found}},
                    ]
                },
            )
        return title

    def create(self, title: str) -> str:
        """Make a new spreadsheet in the person's Drive and give its id.

        Raises:
            OutcomeUnknownError: It may or may not have been made.
            DeliveryError: It was not made.
        """
        with self._translated("making the spreadsheet"):
            made = self._client.request(
                "post",
                DRIVE_FILES_API_V3_URL,
                params={"fields": "id", "supportsAllDrives": "true"},
                json={"name": title, "mimeType": _MIME},
            ).json()
            self.id = str(made["id"])
        return self.id

    def people(self) -> dict[str, str]:
        """Give who has access: mail address in small letters → role."""
        found: dict[str, str] = {}
        token = ""
        with self._translated("reading who has access", shares=True, changed=DONE):
            for _ in range(_MOST_PAGES):
                params = {
                    "fields": "nextPageToken,permissions(emailAddress,role)",
                    "pageSize": "100",
                    "supportsAllDrives": "true",
                }
                answer = self._client.request(
                    "get", self._permissions, params=params | ({"pageToken": token} if token else {})
                ).json()
                for entry in answer.get("permissions", ()):
                    if entry.get("emailAddress"):
                        found[str(entry["emailAddress"]).lower()] = str(entry.get("role", ""))
                token = str(answer.get("nextPageToken") or "")
                if not token:
                    break
        return found

    def share(self, address: str, role: str, *, notify: bool) -> None:
        """Give somebody access."""
        with self._translated(f"sharing the spreadsheet with {address}", shares=True, changed=DONE):
            self._client.request(
                "post",
                self._permissions,
                params={
                    "fields": "id",
                    "sendNotificationEmail": "true" if notify else "false",
                    "supportsAllDrives": "true",
                },
                json={"type": "user", "role": role, "emailAddress": address},
            )

    @property
    def _permissions(self) -> str:
        return f"{DRIVE_FILES_API_V3_URL}/{self.id}/permissions"

    @contextmanager
    def _translated(
        self,
        doing: str,
        *,
        changed: str = "Nothing was changed.",
        writes: bool = False,
        shares: bool = False,
        planned: bool = False,
    ) -> Iterator[None]:
        try:
            yield
        except OutcomeUnknownError:
            raise
        except _FAULTS as error:
            call = Call(self.login, self.id, doing, changed, writes=writes, shares=shares)
            told = translate(error, call)
            if planned and isinstance(told, SheetError) and may_be_outdated(error):
                raise UnexpectedRefusalError(told) from error
            raise told from error


DONE = "The report itself is in the spreadsheet."
HALF = "The report is half written: the next publish writes all of it."
