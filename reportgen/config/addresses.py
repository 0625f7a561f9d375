"""Mail addresses as people write them: ``reports@example.com`` or ``Model team <reports@example.com>``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f\"(),:;<>@\[\\\]]+")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class MailAddress:
    """One address; nothing in it can end a line of a mail's head or bring in a second address."""

    local: str
    """What stands before the @; letters beyond ASCII need a server that takes them."""
    domain: str
    """In its ASCII form, small letters."""
    name: str = ""

    @property
    def spec(self) -> str:
        """The address alone."""
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """The same for two spellings of one mailbox."""
        return _folded(self.spec)


def mailbox_of(text: str) -> str:
    """Give what is the same for all spellings of an address, and for a text that is none as well."""
    try:
        return parse_address(text).key
    except ValueError:
        return _folded(text)


def _folded(text: str) -> str:
    # an accent may be a sign of its own: the same letters, other bytes
    return unicodedata.normalize("NFC", text.casefold())


def parse_address(text: str) -> MailAddress:
    """Read one address.

    Raises:
        ValueError: It is none, or it is more than one.
    """
    named = _NAMED.fullmatch(text)
    name, spec = (named["name"], named["address"]) if named else ("", text.strip())
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1].replace('\\"', '"')
    local, at, domain = spec.rpartition("@")
    if _CONTROL.search(text) or not at or not _LOCAL.fullmatch(local) or ".." in f".{local}.":
        raise ValueError(f"{text!r} is no mail address")
    try:
        ascii_domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"{text!r} has no domain") from error
    if not _DOMAIN.fullmatch(ascii_domain) or len(spec) > 254:
        raise ValueError(f"{text!r} has no domain")
    return MailAddress(local, ascii_domain, name)
