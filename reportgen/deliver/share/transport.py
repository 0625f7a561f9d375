"""Calls to Google that wait and try again where that is safe, and say so where it is not.

gspread's own retrying client is not used: it repeats writes whose outcome is not known, retries what will
never work, and its waits have no bound.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from json import dumps as to_json
from typing import Any, Literal

import requests
from google.auth.exceptions import RefreshError, TransportError
from gspread import HTTPClient

TIMEOUT_S = (10, 190)
"""To connect, and to wait for an answer: Google gives up by itself after three minutes."""
_MOST_TRIES = {"busy": 5, "unreached": 4, "unknown": 4}
_LONGEST_WAIT_S = 64.0
_PATIENCE_S = 300.0
"""No further try is begun later than this after the first."""
_FIRST_WAIT_S = {"busy": 4.0, "unreached": 1.0, "unknown": 1.0}
"""Doubled each time; four waits of a busy service outlast the minute after which Google counts anew."""
_RATE_REASONS = frozenset(("rateLimitExceeded", "userRateLimitExceeded"))
_UNREACHED = frozenset(("NewConnectionError", "NameResolutionError", "ConnectTimeoutError"))

Fault = Literal["busy", "unreached", "unknown", "final"]
"""Refused for now; never got there; sent, and nobody knows what became of it; refused for good."""


class OutcomeUnknownError(Exception):
    """A write was sent, and no answer tells whether it was carried out. Reading again tells."""

    def __init__(self, cause: Exception) -> None:
        """Keep what came instead of an answer."""
        super().__init__(str(cause))
        self.cause = cause

    @property
    def reason(self) -> str:
        """What came instead of an answer, in a word."""
        return (
            f"HTTP {self.cause.status}" if isinstance(self.cause, RefusedError) else type(self.cause).__name__
        )


class RefusedError(Exception):
    """Google answered with an error. Unlike gspread's own, it stands any body: a proxy's page, an empty one."""

    def __init__(self, response: requests.Response) -> None:
        """Take the answer apart."""
        error = _error_in(response)
        self.status = response.status_code
        self.message = str(error.get("message") or "")
        self.details = [part for part in _list(error, "details") if isinstance(part, Mapping)]
        parts = [*self.details, *(part for part in _list(error, "errors") if isinstance(part, Mapping))]
        self.reasons = frozenset(str(part["reason"]) for part in parts if "reason" in part)
        """Short ones, of both forms of Google's errors."""
        self.retry_after = str(response.headers.get("Retry-After", "")).strip()
        super().__init__(f"HTTP {self.status} {self.message}".strip())


def _error_in(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {"message": error if isinstance(error, str) else ""}


def _list(error: Mapping[str, Any], key: str) -> list[Any]:
    found = error.get(key)
    return found if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Patience:
    """How waiting is done; tests put their own clock in."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    tell: Callable[[str], None] = lambda _: None

    def wait(self, tries: int, kind: str, error: Exception | None = None) -> float:
        """Give the seconds to wait after so many tries: what the server asks for, else twice the last wait."""
        asked = _asked_wait(error)
        if asked is not None:
            return min(asked, _LONGEST_WAIT_S)
        doubled = _FIRST_WAIT_S[kind] * float(2 ** (tries - 1))
        return min(doubled, _LONGEST_WAIT_S - 1) + self.chance()


class PatientClient(HTTPClient):
    """gspread's way to Google, with our retries; each call has an end.

    Args:
        auth: Credentials of google-auth.
        patience: How waiting is done.
        session: One that is signed in already, instead of *auth*.
    """

    def __init__(
        self, auth: Any, patience: Patience | None = None, *, session: requests.Session | None = None
    ) -> None:
        super().__init__(auth, session)
        self.set_timeout(TIMEOUT_S)
        self.patience = patience or Patience()

    def request(  # noqa: PLR0913, PLR0917 - the signature is gspread's
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Any = None,
        files: Any = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request; again and again where that cannot do harm.

        Raises:
            OutcomeUnknownError: A write may or may not have been carried out.
            RefusedError: Google refused it.
            GoogleAuthError: The login does not work.
            RequestException: Google cannot be reached.
        """
        if json is not None:
            data, headers = _compact(json), {**(headers or {}), "Content-Type": "application/json"}
        words = {"params": params, "data": data, "files": files, "headers": headers}
        started, tries = self.patience.clock(), 0
        while True:
            tries += 1
            try:
                return self._send(method, endpoint, words)
            except (RefusedError, requests.RequestException, TransportError, RefreshError) as error:
                fault = judge(error)
                if fault == "unknown" and not is_repeatable(method, endpoint):
                    raise OutcomeUnknownError(error) from error
                if fault == "final" or tries >= _MOST_TRIES[fault]:
                    raise
                wait = self.patience.wait(tries, fault, error)
                if self.patience.clock() - started + wait > _PATIENCE_S:
                    raise
            self.patience.tell(f"{_in_words(fault)}; trying again in {max(1, round(wait))} s")
            self.patience.sleep(wait)

    def _send(self, method: str, endpoint: str, words: Mapping[str, Any]) -> requests.Response:
        response = self.session.request(method, endpoint, timeout=self.timeout, **words)
        if not response.ok:
            raise RefusedError(response)
        return response


def _compact(body: Any) -> bytes:
    """Write JSON without blanks and escapes, a tenth shorter; requests' own form has both."""
    try:
        return to_json(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:  # NaN, infinity, half a character
        raise requests.exceptions.InvalidJSONError(error) from error


def is_repeatable(method: str, endpoint: str) -> bool:
    """Tell whether a request does the same when it arrives twice.

    Sharing with somebody who has access already changes nothing; making a file twice makes two.
    """
    return method.lower() == "get" or endpoint.endswith((":getByDataFilter", "/permissions"))


def judge(error: Exception) -> Fault:
    """Say what a failed request means for a further try."""
    if isinstance(error, RefusedError):
        if error.status == 429 or (error.status == 403 and error.reasons & _RATE_REASONS):
            return "busy"
        return "unknown" if error.status >= 500 or error.status == 408 else "final"
    if isinstance(error, RefreshError):
        return "unreached" if error.retryable else "final"
    return _judge_network(error)


def _judge_network(error: Exception) -> Fault:
    if isinstance(error, (TransportError, requests.ConnectTimeout)):
        return "final" if _is_certificate(error) else "unreached"
    if isinstance(error, requests.ConnectionError):
        if _is_certificate(error):
            return "final"
        return "unreached" if _never_connected(error) else "unknown"
    if isinstance(error, (requests.Timeout, requests.exceptions.ChunkedEncodingError)):
        return "unknown"
    return "final"


def _never_connected(error: Exception) -> bool:
    """Tell whether a call ended before anything of it was sent.

    Not every error of a proxy means that: urllib3 calls a connection that broke behind one so, too.
    """
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    inner = getattr(reason, "original_error", reason)
    # by their names: urllib3 is none of our dependencies
    return type(inner).__name__ in _UNREACHED or "Tunnel connection failed" in str(inner)


def _is_certificate(error: Exception) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _asked_wait(error: Exception | None) -> float | None:
    text = error.retry_after if isinstance(error, RefusedError) else ""
    if text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _in_words(fault: Fault) -> str:
    return {
        "busy": "Google asks for fewer calls a minute",
        "unreached": "Google cannot be reached",
        "unknown": "Google did not answer",
    }[fault]
