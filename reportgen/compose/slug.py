"""File names from titles."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_LENGTH = 60
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))})
"""Names that Windows does not allow for files."""


def make_slug(title: str) -> str:
    """Make a file name without suffix: ASCII, lower case, hyphens, at most 60 characters, never empty.

    A title of which most letters have no ASCII form gets a name from its digest, so that two such
    titles do not overwrite one another.
    """
    decomposed = unicodedata.normalize("NFKD", title.casefold())  # which writes ss for the German sharp s
    ascii_text = decomposed.encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    letters = sum(char.isalnum() for char in unicodedata.normalize("NFKC", title))
    if len(slug) > MAX_LENGTH:
        slug = (slug[: MAX_LENGTH + 1].rsplit("-", 1)[0] if "-" in slug else slug)[:MAX_LENGTH].strip("-")
    if sum(char.isalnum() for char in ascii_text) * 2 < letters or not slug or slug in RESERVED:
        return "report-" + hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:10]
    return slug
