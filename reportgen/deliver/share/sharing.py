"""Who else may see the spreadsheet: access is added, never taken away or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.deliver.share.spreadsheet import Spreadsheet

Grant = tuple[str, str]
"""A mail address, and ``reader``, ``commenter`` or ``writer``."""
_RANK = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}


@dataclass(frozen=True, slots=True)
class Sharing:
    """What became of the wish to share."""

    added: tuple[Grant, ...] = ()
    less: tuple[tuple[str, str, str], ...] = ()
    """Address, role that it has, and the higher one that was asked for: left to the owner."""


def share_with(sheet: Spreadsheet, grants: Sequence[Grant], *, notify: bool) -> Sharing:
    """Share the spreadsheet with those who have no access yet.

    Raises:
        DeliveryError: The login may not share it, or an address is refused.
    """
    if not grants:
        return Sharing()
    known = sheet.people()
    missing = [grant for grant in grants if grant[0].lower() not in known]
    for address, role in missing:
        sheet.share(address, role, notify=notify)
    less = [
        (address, known[address.lower()], role)
        for address, role in grants
        if _RANK.get(known.get(address.lower(), "owner"), 6) < _RANK[role]
    ]
    return Sharing(tuple(missing), tuple(less))
