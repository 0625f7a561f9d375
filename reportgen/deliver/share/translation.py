"""What Google or the network says, as our own errors: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError

from reportgen.deliver.share.login import DRIVE_SCOPE, FILE_SCOPE, HOW, SHEETS_SCOPE, Login
from reportgen.deliver.share.transport import RefusedError, judge
from reportgen.errors import DeliveryError, SheetError, SignInError

_LINK = re.compile(r"https://console\.[a-z.]*google\.com/[^\s\"'<>]+")
_PART = re.compile(r"requests\[(\d+)\](?:\.(\w+))?")
_TOKEN = re.compile(r"\b(?:ya29\.|1//|Bearer\s+|eyJ)[\w.~+/=-]{8,}")
_STEP_SHARE = "open it in the browser, choose Share, and add {who} as Editor"


@dataclass(frozen=True, slots=True)
class Call:
    """What was being done when the fault came."""

    login: Login
    sheet: str
    """Id of the spreadsheet, empty where there is none yet."""
    doing: str
    """Such as ``reading the spreadsheet``."""
    changed: str = "Nothing was changed."
    """What is known of the spreadsheet now."""
    writes: bool = False
    shares: bool = False


class UnexpectedRefusalError(Exception):
    """Google calls a part of a plan wrong: it is out of date, or a fault of ours. Reading again tells which."""

    def __init__(self, error: SheetError) -> None:
        """Keep what the user is told if it is a fault of ours."""
        super().__init__(error.what)
        self.error = error


def translate(error: Exception, call: Call) -> DeliveryError:
    """Give the error that the user reads for what came while *call* was made."""
    if isinstance(error, RefusedError):
        return _refused(error, call)
    if isinstance(error, RefreshError):
        return _not_let_in(error, call)
    if isinstance(error, requests.exceptions.InvalidJSONError) and not isinstance(
        error, requests.JSONDecodeError
    ):
        return SheetError(
            "the report holds a value that JSON cannot hold",
            do=f"{call.changed} This is a fault in reportgen; please report it.",
        )
    if isinstance(error, (requests.JSONDecodeError, KeyError, TypeError, AttributeError)):
        return SheetError(
            f"what answered while {call.doing} was not Google",
            do="A proxy or a sign-in page of the network may stand between: open any page in a browser, then try again.",
        )
    return _no_way(error, call)


def _refused(error: RefusedError, call: Call) -> DeliveryError:
    if error.status >= 500 or error.status == 408:
        return SheetError(
            f"Google's service does not work at the moment (HTTP {error.status})",
            do=f"{call.changed} Try again later.",
        )
    by_status = {401: _revoked, 403: _forbidden, 404: _not_there, 413: _too_large, 429: _too_often}
    return by_status.get(error.status, _invalid)(error, call)


def _revoked(_: RefusedError, call: Call) -> DeliveryError:
    return SignInError(
        f"Google no longer accepts {call.login.source}",
        do=f"The login was revoked, or the key deleted. {_anew(call.login)}",
    )


def _not_there(_: RefusedError, call: Call) -> DeliveryError:
    if not call.sheet:
        return SheetError(f"Google does not know what was asked for while {call.doing}", do=call.changed)
    return SheetError(
        f"there is no spreadsheet with the id {call.sheet!r}",
        do="Take the id from its address in the browser: the long part between /d/ and /edit. "
        f"If it is the right one, it was deleted, or {_unknown_to(call.login)}",
    )


def _too_large(_: RefusedError, call: Call) -> DeliveryError:
    return SheetError(
        "the report is too large for one call to Google",
        do=f"{call.changed} Report on fewer runs (--where and --since of `reportgen build`, [select] in reportgen.toml).",
    )


def _too_often(_: RefusedError, call: Call) -> DeliveryError:
    return SheetError(
        "Google's limit of calls a minute is used up (60 writes for each user)",
        do=f"{call.changed} Try again in a minute.",
    )


def _forbidden(error: RefusedError, call: Call) -> DeliveryError:
    said, because = error.message.lower(), error.reasons
    kinds: tuple[tuple[set[str], str, Callable[[RefusedError, Call], DeliveryError]], ...] = (
        ({"SERVICE_DISABLED", "accessNotConfigured"}, "it is disabled", _disabled),
        (set(), "quota project", _disabled),
        ({"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}, "insufficient authentication scopes", _lacks_scope),
        ({"storageQuotaExceeded"}, "storage quota", _no_storage),
        ({"rateLimitExceeded", "userRateLimitExceeded"}, "rate limit exceeded", _too_often),
    )
    for reasons, words, kind in kinds:
        if reasons & because or words in said:
            return kind(error, call)
    if call.shares:
        return SheetError(
            f"{call.login.who} may not share the spreadsheet (Google: {_words(error)})",
            do=f"Its owner can allow Editors to share it (Share > the cog), or share it by hand. {call.changed}",
        )
    if call.writes:
        return SheetError(
            f"{call.login.who} may look at the spreadsheet, but not change it",
            do=f"Make it an Editor: {_STEP_SHARE.format(who=call.login.who)}. {call.changed}",
        )
    return SheetError(
        f"{call.login.who} may not open the spreadsheet {call.sheet!r}",
        do=f"Share it: {_STEP_SHARE.format(who=call.login.who)}. {_OWN_ONLY if call.login.kind == 'person' else ''}".strip(),
    )


_OWN_ONLY = "A login that --setup made reaches only spreadsheets that reportgen made: call it without --sheet for a new one."


def _unknown_to(login: Login) -> str:
    if login.kind == "person":
        return f"it is not one of this login. {_OWN_ONLY}"
    return f"{login.who} may not know of it: share it as Editor."


def _no_storage(_: RefusedError, call: Call) -> DeliveryError:
    is_service = call.login.kind == "service account"
    return SheetError(
        "a service account has no storage, so it cannot make files"
        if is_service
        else "the Google account has no storage left",
        do="Make an empty spreadsheet in the browser (sheets.new), share it with "
        f"{call.login.who} as Editor, and give its address: --sheet ADDRESS",
    )


def _disabled(error: RefusedError, call: Call) -> DeliveryError:
    if "quota project" in error.message.lower():
        return SignInError(
            f"{call.login.source} names no project for Google to count the calls on",
            do="Name one in which the Google Sheets API is switched on: gcloud auth application-default set-quota-project PROJECT",
        )
    links = [str(value) for detail in error.details for value in _urls(detail)] + _LINK.findall(error.message)
    api = "Google Drive API" if "drive" in (error.message + " ".join(links)).lower() else "Google Sheets API"
    link = links[0].rstrip(".,") if links else "https://console.cloud.google.com/apis/library"
    return SignInError(
        f"the {api} is not switched on in the Cloud project of {call.login.source}",
        do=f"Switch it on at {link} and try again some minutes later.",
    )


def _urls(detail: object) -> list[str]:
    return _LINK.findall(str(detail))


def _lacks_scope(_: Exception, call: Call) -> DeliveryError:
    if call.shares:
        scope = FILE_SCOPE if call.login.kind == "person" else DRIVE_SCOPE
        return SignInError(
            f"this login may not share files: {call.login.source} lacks the right {scope}",
            do=f"{_anew(call.login)} Or share the spreadsheet by hand and take `share` out of [sheet].",
        )
    scope = FILE_SCOPE if call.login.kind == "person" else SHEETS_SCOPE
    return SignInError(f"{call.login.source} lacks the right {scope}", do=_anew(call.login))


def _anew(login: Login) -> str:
    return {
        "service account": "Make a new key in the Cloud console under IAM > Service accounts > Keys.",
        "person": "Sign in again: reportgen publish --setup",
        "machine": "Sign in again: gcloud auth application-default login "
        f"--scopes={SHEETS_SCOPE},{DRIVE_SCOPE},https://www.googleapis.com/auth/cloud-platform",
    }[login.kind]


_KNOWN_REFUSALS = (
    (
        ("not supported for this document", "must not be an office file"),
        "the address is that of an Excel file that was uploaded, and of no Google spreadsheet",
        "Open it in the browser, choose File > Save as Google Sheets, and give the address of the new one.",
    ),
    (
        ("10000000 cells", "10,000,000"),
        "the spreadsheet would have more than 10 million cells, which is Google's limit; empty ones count",
        "Delete tabs or empty rows that nobody needs, or give the report a spreadsheet of its own.",
    ),
    (
        ("50000 characters", "50,000 characters"),
        "a text of the report is longer than the 50,000 characters of a cell",
        "This is a fault in reportgen; please report it.",
    ),
    (
        ("protected cell", "protected range"),
        "somebody protected one of the report's tabs against us",
        "Take the protection away in the browser: Data > Protect sheets and ranges.",
    ),
)
"""Words in Google's message, what happened, what to do."""


def may_be_outdated(error: Exception) -> bool:
    """Tell whether a refused plan may be right once the spreadsheet was read again."""
    return isinstance(error, RefusedError) and error.status == 400 and not any(_known(error))


def _known(error: RefusedError) -> Iterator[tuple[str, str]]:
    said = error.message.lower()
    for words, what, do in _KNOWN_REFUSALS:
        if any(word in said for word in words):
            yield what, do


def _invalid(error: RefusedError, call: Call) -> DeliveryError:
    for what, do in _known(error):
        return SheetError(what, do=f"{call.changed} {do}")
    if call.shares:
        return _sharing_refused(error)
    part = _PART.search(error.message)
    where = f"part {part[1]}" + (f" ({part[2]})" if part[2] else "") if part else "the request"
    return SheetError(
        f"Google refused {where} of what was sent while {call.doing}: {_words(error)}",
        do=f"{call.changed} This is a fault in reportgen; please report it.",
    )


def _sharing_refused(error: RefusedError) -> DeliveryError:
    if "invalidSharingRequest" in error.reasons and "notify" in error.message.lower():
        return SheetError(
            "an address of [sheet] share has no Google account, and Google shares with such only by mail",
            do="Set notify = true in [sheet], or take an address with a Google account.",
        )
    return SheetError(
        f"Google refuses to share the spreadsheet: {_words(error)}",
        do="Check the addresses of [sheet] share.",
    )


def _not_let_in(error: RefreshError, call: Call) -> DeliveryError:
    said = str(error)
    if error.retryable:
        return SignInError(
            "Google's sign-in does not work at the moment", do=f"{call.changed} Try again later."
        )
    if "invalid_scope" in said:
        return _lacks_scope(error, call)
    checks = {
        "service account": "Three things to check: is the key still listed in the Cloud console (IAM > Service accounts > "
        "Keys); is the service account enabled; is the clock of this machine right?",
        "person": "The login has expired or was withdrawn; while an OAuth app is in testing, that happens after seven days. "
        "Sign in again: reportgen publish --setup",
        "machine": _anew(call.login),
    }
    code = re.search(
        r"\b(invalid_grant|invalid_client|unauthorized_client|access_denied|deleted_client)\b", said
    )
    told = f" ({code[1]})" if code else ""
    return SignInError(f"Google does not accept {call.login.source}{told}", do=checks[call.login.kind])


def _no_way(error: Exception, call: Call) -> DeliveryError:
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return SheetError(
            f"the certificate of what answered while {call.doing} is not trusted",
            do="Where a company's proxy opens connections, name its certificate in REQUESTS_CA_BUNDLE.",
        )
    if isinstance(error, requests.exceptions.ProxyError) or "ProxyError" in said:
        return SheetError(
            "the proxy does not let us through to Google",
            do=f"{call.changed} Check HTTPS_PROXY, and that it allows sheets.googleapis.com and oauth2.googleapis.com.",
        )
    if isinstance(error, requests.Timeout) or "timed out" in said.lower():
        return SheetError(
            f"Google did not answer in time while {call.doing}", do=f"{call.changed} Try again later."
        )
    if isinstance(error, GoogleAuthError) and not isinstance(error, TransportError):
        return SignInError(f"{call.login.source} does not work", do=HOW)
    if judge(error) == "final":
        return SheetError(
            f"the call to Google failed ({type(error).__name__}) while {call.doing}", do=call.changed
        )
    return SheetError(
        f"there is no way to Google ({type(error).__name__})",
        do=f"{call.changed} Check the network, and try again.",
    )


def _words(error: RefusedError) -> str:
    """What Google says, on one line, without anything that looks like a token."""
    text = _TOKEN.sub("[redacted]", " ".join(error.message.split()))[:300]
    return text or f"HTTP {error.status}"
