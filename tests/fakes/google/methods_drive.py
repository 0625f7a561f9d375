"""The calls of Drive v3 that making and sharing a spreadsheet needs."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.fakes.google.book import Book
from tests.fakes.google.methods_sheets import Ask, grant, new_book, place_of, register, sees
from tests.fakes.google.refusals import ApiError, NotEmulated, drive_refusal, storage_full
from tests.fakes.google.schema import Obj

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
DEFAULT_FIELDS = {
    "files.create": "kind,id,name,mimeType",
    "files.get": "kind,id,name,mimeType",
    "permissions.create": "kind,id,type,role",
    "permissions.list": "kind,permissions(kind,id,type,role)",
}
"""What comes back where a call does not say what it wants."""


def _not_found(file_id: str) -> ApiError:
    return drive_refusal(404, "notFound", f"File not found: {file_id}.")


def _book(ask: Ask, *, to_share: bool = False) -> Book:
    file_id = ask.values["fileId"]
    book = ask.books.get(file_id)
    if book is None or not sees(ask.caller, book) or place_of(ask.caller, book) < 0:
        raise _not_found(file_id)
    if to_share and place_of(ask.caller, book) < 2:
        text = "The user does not have sufficient permissions for this file."
        raise drive_refusal(403, "insufficientFilePermissions", text)
    return book


def _file(book: Book) -> Obj:
    link = f"https://docs.google.com/spreadsheets/d/{book.id}/edit?usp=drivesdk"
    return {
        "kind": "drive#file",
        "id": book.id,
        "name": book.properties["title"],
        "mimeType": SPREADSHEET,
        "webViewLink": link,
        "trashed": False,
        "createdTime": "2026-11-01T08:00:00.000Z",
        "modifiedTime": "2026-11-01T08:00:00.000Z",
        "permissions": book.permissions,
        "shared": len(book.permissions) > 1,
    }


def create_file(ask: Ask) -> Obj:
    """``files.create``: people only, since service accounts have no storage."""
    if ask.body.get("mimeType") != SPREADSHEET or ask.body.get("parents"):
        raise NotEmulated(f"a file of type {ask.body.get('mimeType')}, or in a folder")
    if ask.caller.is_service_account and not ask.storage:
        raise storage_full()
    book = new_book(f"fake-{time.time_ns():x}", ask.body.get("name", "Untitled"))
    register(ask, book)
    return _file(book)


def get_file(ask: Ask) -> Obj:
    """``files.get``."""
    return _file(_book(ask))


def list_permissions(ask: Ask) -> Obj:
    """``permissions.list``."""
    return {"kind": "drive#permissionList", "permissions": _book(ask, to_share=True).permissions}


def create_permission(ask: Ask) -> Obj:
    """``permissions.create``."""
    book = _book(ask, to_share=True)
    role, kind = ask.body.get("role"), ask.body.get("type")
    if role not in ("reader", "commenter", "writer", "owner"):
        raise drive_refusal(400, "invalid", f"The specified role is invalid: {role}")
    if kind == "anyone":
        entry = {"kind": "drive#permission", "id": "anyoneWithLink", "type": "anyone", "role": role}
        book.permissions = [known for known in book.permissions if known["type"] != "anyone"] + [entry]
        return entry
    if kind not in ("user", "group"):
        raise NotEmulated(f"a permission of type {kind}")
    email = ask.body.get("emailAddress", "")
    if "@" not in email:
        raise drive_refusal(400, "invalidSharingRequest", f"The specified emailAddress is invalid: {email}")
    if role == "owner":
        raise drive_refusal(403, "forbidden", "The transferOwnership parameter must be enabled.")
    entry = grant(book, email, role)
    entry["type"] = kind
    return entry


METHODS: dict[str, Callable[[Ask], Obj]] = {
    "files.create": create_file,
    "files.get": get_file,
    "permissions.list": list_permissions,
    "permissions.create": create_permission,
}
