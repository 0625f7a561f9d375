"""The id of a spreadsheet, from what people copy: the id itself, or the address in the browser."""

from __future__ import annotations

import re

from reportgen.errors import UsageError

_IN_URL = re.compile(
    r"(?:https?://)?(?:docs\.google\.com/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/"
    r"|drive\.google\.com/(?:open\?id=|file/d/))([A-Za-z0-9_-]+)"
)
_ID = re.compile(r"[A-Za-z0-9_-]{8,}")
_PLACE = (
    "It is the long part between /d/ and /edit in the address of the spreadsheet; the whole address does too."
)


def spreadsheet_id(text: str) -> str:
    """Give the id in *text*, an id or an address such as ``https://docs.google.com/spreadsheets/d/ID/edit``.

    Raises:
        UsageError: There is none in it.
    """
    text = text.strip()
    found = _IN_URL.match(text)
    if found:
        if found[1] == "e":
            raise UsageError(
                f"{text!r} is the address of a published page, which cannot be written to",
                do="Open the spreadsheet itself and copy the address from there.",
            )
        return found[1]
    if _ID.fullmatch(text):
        return text
    raise UsageError(f"{text!r} is no id of a spreadsheet", do=_PLACE)


def spreadsheet_url(sheet_id: str, tab: int | None = None) -> str:
    """Give the address for people, opening *tab* where one is named."""
    place = "" if tab is None else f"#gid={tab}"
    return f"https://docs.google.com/spreadsheets/d/{sheet_id}/edit{place}"
