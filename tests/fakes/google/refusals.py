"""The answers that are no: in the bodies that Google uses."""

from __future__ import annotations

from typing import Any

Obj = dict[str, Any]
STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
MESSAGES = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
    "other valid authentication credential.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' "
    "of service 'sheets.googleapis.com' for consumer 'project_number:1'.",
    500: "Internal error encountered.",
    502: "Bad gateway.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}


class NotEmulated(Exception):  # noqa: N818 - it is no error of the program under test
    """The program asks for something that Google has and this fake does not: extend the fake."""


class Refused(Exception):  # noqa: N818 - the word of the interface
    """A request that is not valid; the batch says which one it was."""


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: Obj, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}


def refusal(status: int, message: str = "", *, details: list[Obj] | None = None) -> ApiError:
    """Make an error of Sheets."""
    error: Obj = {"code": status, "message": message or MESSAGES[status], "status": STATUS[status]}
    if details:
        error["details"] = details
    return ApiError(status, {"error": error})


def bad_request(violations: list[tuple[str, str]], message: str = "") -> ApiError:
    """Make the error of a message that its schema does not allow."""
    listed = [{"field": field, "description": text} for field, text in violations]
    joined = "\n".join("Invalid JSON payload received. " + text for _, text in violations)
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}]
    return refusal(400, message or joined, details=details)


def drive_refusal(status: int, reason: str, message: str, domain: str = "global") -> ApiError:
    """Make an error of Drive, which keeps the older form."""
    entry = {"message": message, "domain": domain, "reason": reason}
    return ApiError(status, {"error": {"code": status, "message": message, "errors": [entry]}})


def _with_reason(message: str, reason: str, metadata: Obj) -> ApiError:
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}
    return refusal(403, message, details=[info | {"domain": "googleapis.com", "metadata": metadata}])


def service_disabled(service: str) -> ApiError:
    """Make the answer of an interface that the project has not switched on."""
    name = {"sheets": "Google Sheets API", "drive": "Google Drive API"}[service]
    link = f"https://console.developers.google.com/apis/api/{service}.googleapis.com/overview?project=1"
    return _with_reason(
        f"{name} has not been used in project 1 before or it is disabled. Enable it by visiting {link} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
        "systems and retry.",
        "SERVICE_DISABLED",
        {"service": f"{service}.googleapis.com", "consumer": "projects/1", "activationUrl": link},
    )


def scope_missing(method: str) -> ApiError:
    """Make the answer to a token that was asked for with too few scopes."""
    return _with_reason(
        "Request had insufficient authentication scopes.",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        {"method": method},
    )


def office_file() -> ApiError:
    """Make the answer for an uploaded Excel file, which is no spreadsheet of Google's."""
    error = {"code": 400, "message": "This operation is not supported for this document"}
    return ApiError(400, {"error": error | {"status": "FAILED_PRECONDITION"}})


def storage_full() -> ApiError:
    """Make the answer to a service account that creates a file: it has no storage of its own."""
    text = "The user's Drive storage quota has been exceeded."
    return drive_refusal(403, "storageQuotaExceeded", text, "usageLimits")
