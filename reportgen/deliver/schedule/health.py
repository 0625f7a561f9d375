"""A sign of life for a service that raises the alarm when it stays away."""

from __future__ import annotations

import threading
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

_WAIT_S = 10.0
"""For one word of the other side."""
_LONGEST_S = 30.0
"""For all of it: a server that answers byte by byte would hold up the next issue."""


def ping(address: str, *, longest_s: float = _LONGEST_S) -> str:
    """Fetch the address; gives what went wrong, empty if nothing did. It never raises.

    Args:
        address: ``http`` or ``https``.
        longest_s: It counts as failed after so many seconds in all, finding the host and redirects included.
    """
    said: list[str] = []
    # no limit of the library is for the whole: neither that of sockets, nor any for finding the host
    thread = threading.Thread(target=lambda: said.append(_fetch(address)), name="reportgen-ping", daemon=True)
    thread.start()
    thread.join(longest_s)
    return said[0] if said else f"it did not answer within {longest_s:g} s"


def _fetch(address: str) -> str:
    try:
        request = Request(address, headers={"User-Agent": "reportgen"})  # noqa: S310 checked to be http or https
        with urlopen(request, timeout=_WAIT_S) as answer:  # noqa: S310
            answer.read(1)
    except (URLError, OSError, ValueError, HTTPException) as error:
        return str(error) or type(error).__name__
    return ""
