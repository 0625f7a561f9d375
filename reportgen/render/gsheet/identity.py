"""What makes a thing of ours known again: ids worked out from keys, and the mark on each tab.

Ids are chosen by us, so that a publication whose outcome is unknown is repaired by reading again, and never
makes a second copy of anything. A tab is known by its mark alone: its title belongs to people.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container
from typing import Any, Final

CELLS_KEY: Final = "reportgen.cells"
"""Key of the developer metadata with the fingerprints of a tab's cells."""
VERSION: Final = 1


def object_id(report: str, tab: str, key: str, salt: int = 0) -> int:
    """Give the id of an object: the first 31 bits of SHA-256 of its keys, never 0."""
    text = "\0".join((report, tab, key, *([str(salt)] if salt else [])))
    return (int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4], "big") >> 1) or 1


def name_id(report: str, tab: str, wanted: str) -> str:
    """Give the id of a named range by the name that was wanted for it."""
    return str(object_id(report, tab, f"name:{wanted}"))


def free_id(report: str, tab: str, key: str, taken: Container[int]) -> int:
    """Give the id of an object, worked out anew as long as another thing has it."""
    salt = 0
    while (found := object_id(report, tab, key, salt)) in taken:
        salt += 1
    return found


def own_id(make: Callable[[int], int], own: Container[int], taken: Container[int]) -> tuple[int, bool]:
    """Give an object's id and whether it is there: ids of *own* are ours, those of *taken* another's."""
    salt = 0
    while (found := make(salt)) not in own and found in taken:
        salt += 1
    return found, found in own


def tag_text(report: str, tab: str, digest: str) -> str:
    """Give the mark of a tab; without a digest it says that its publication was not finished."""
    return json.dumps({"report": report, "tab": tab, "v": VERSION, "hash": digest}, separators=(",", ":"))


def read_tag(text: object) -> dict[str, Any]:
    """Read a mark; what is none gives an empty one."""
    try:
        found = json.loads(str(text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def digest_of(content: object) -> str:
    """Give the fingerprint of JSON-able content."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
