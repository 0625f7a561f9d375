"""A sign of life for a service that raises the alarm when it stays away."""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

_WAIT_S = 10.0


def ping(address: str) -> str:
    """Fetch the address; gives what went wrong, empty if nothing did. It never raises."""
    request = Request(address, headers={"User-Agent": "reportgen"})  # noqa: S310 checked to be http or https
    try:
        with urlopen(request, timeout=_WAIT_S) as answer:  # noqa: S310
            answer.read(1)
    except (URLError, OSError, ValueError, HTTPException) as error:
        return str(error) or type(error).__name__
    return ""
