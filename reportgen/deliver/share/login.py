"""Who we are to Google: keys and logins are found where Google's own tools keep them, never in our files.

What is looked at, the first that is there:

1. ``REPORTGEN_GOOGLE_KEY``: the JSON of a key itself, for CI;
2. ``GOOGLE_APPLICATION_CREDENTIALS``: the path of one;
3. ``service_account.json``, then ``authorized_user.json`` in gspread's folder (``~/.config/gspread``);
4. what the machine offers: ``gcloud auth application-default login``, workload identity.

No message ever holds a part of a key: parsers quote what they cannot read, so their words are not passed on.
"""

from __future__ import annotations

import json
import os
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import google.auth
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.oauth2.credentials import Credentials as PersonCredentials
from google.oauth2.service_account import Credentials as ServiceCredentials
from gspread.auth import get_config_dir

from reportgen.errors import SignInError

KEY_VARIABLE = "REPORTGEN_GOOGLE_KEY"
PATH_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
FILE_SCOPE = "https://www.googleapis.com/auth/drive.file"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive"
HOW = "`reportgen publish --setup` goes through the steps; docs/google-sheet.md shows them."

Kind = Literal["service account", "person", "machine"]


@dataclass(frozen=True, slots=True)
class Login:
    """Credentials, and what may be told of them."""

    credentials: Any = field(repr=False)
    kind: Kind
    source: str
    """Where they were found, such as ``the key in /home/me/key.json``."""
    email: str = ""
    """Of a service account: whom the spreadsheet is to be shared with."""
    warnings: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """Name it in a sentence."""
        if self.email:
            return self.email
        return {"person": "your Google account", "machine": "the login of this machine"}.get(
            self.kind, "the service account"
        )


def find_login(*, shares: bool = False) -> Login:
    """Find credentials, with no more rights than are needed.

    Args:
        shares: Whether the spreadsheet is to be shared with people, which needs more.

    Raises:
        SignInError: There are none, or those found cannot be used.
    """
    scopes = [SHEETS_SCOPE, DRIVE_SCOPE] if shares else [SHEETS_SCOPE]
    text = os.environ.get(KEY_VARIABLE, "").strip()
    if text:
        return _from_text(text, f"the key in {KEY_VARIABLE}", scopes)
    stated = os.environ.get(PATH_VARIABLE, "").strip()
    if stated:
        return _from_file(Path(stated), scopes, said_by=PATH_VARIABLE)
    for path in (service_file(), person_file()):
        if path.is_file():
            return _from_file(path, scopes)
    if client_file().is_file():
        raise SignInError(
            f"nobody has signed in yet with the OAuth client in {client_file()}",
            do="Sign in once, in a browser: reportgen publish --setup",
        )
    return _from_machine(scopes)


def awaits_sign_in() -> bool:
    """Tell whether a person's login is what is used here: signing in (again) is then what helps."""
    stated = (os.environ.get(name, "").strip() for name in (KEY_VARIABLE, PATH_VARIABLE))
    return client_file().is_file() and not service_file().is_file() and not any(stated)


def service_file() -> Path:
    """Give the place of a service account's key."""
    return _folder() / "service_account.json"


def person_file() -> Path:
    """Give the place where the login of a person is kept."""
    return _folder() / "authorized_user.json"


def client_file() -> Path:
    """Give the place of the OAuth client that people sign in with."""
    return _folder() / "credentials.json"


def _folder() -> Path:
    try:
        return Path(get_config_dir())
    except (KeyError, RuntimeError):  # no %APPDATA%, or no home folder: a service that runs as nobody
        return Path(".config", "gspread")


def _from_file(path: Path, scopes: list[str], said_by: str = "") -> Login:
    source = f"the key in {path}" + (f" (named by {said_by})" if said_by else "")
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise SignInError(
            f"there is no key at {path}" + (f", which {said_by} names" if said_by else ""), do=HOW
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SignInError(f"{source} cannot be read ({reason})", do=HOW) from error
    return _from_text(text, source, scopes, _open_to_others(path))


def _open_to_others(path: Path) -> tuple[str, ...]:
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return (f"others on this machine may read {path}; close it: chmod 600 '{path}'",)
    return ()


def _from_text(text: str, source: str, scopes: list[str], warned: tuple[str, ...] = ()) -> Login:
    try:
        info = json.loads(text)
    except ValueError:
        info = None
    if not isinstance(info, dict):
        raise SignInError(
            f"{source} is no JSON, so it is no key", do=f"Download the key anew, as JSON. {HOW}"
        ) from None  # the parser's own error quotes what it read
    kind = info.get("type")
    if kind == "service_account" or ("private_key" in info and kind is None):
        return _service(info, source, scopes, warned)
    if kind == "authorized_user" or ("refresh_token" in info and kind is None):
        return _person(info, source, warned)
    if "installed" in info or "web" in info:
        raise SignInError(
            f"{source} is an OAuth client, and no key of a service account",
            do=f"To sign in as a person, put it at {client_file()} and run `reportgen publish --setup`; for a service account, "
            "make a key under IAM > Service accounts > Keys.",
        )
    if kind in ("external_account", "external_account_authorized_user", "impersonated_service_account"):
        return _machine(info, source, scopes, warned)
    raise SignInError(
        f"{source} is not the key of a service account",
        found=_fields_found(info),
        do=f"Download a key as JSON. {HOW}",
    )


def _service(info: dict[str, Any], source: str, scopes: list[str], warned: tuple[str, ...]) -> Login:
    missing = [name for name in ("client_email", "private_key", "token_uri") if not info.get(name)]
    if missing:
        raise SignInError(
            f"{source} is not a whole key of a service account: {' and '.join(missing)} missing",
            do=f"Download the key anew, as JSON. {HOW}",
        )
    try:
        credentials = ServiceCredentials.from_service_account_info(info, scopes=scopes)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, GoogleAuthError):
        raise SignInError(
            f"{source} is damaged: its private key cannot be read",
            do="Make a new key in the Cloud console under IAM > Service accounts > Keys, and delete this one there.",
        ) from None  # what the parser says may quote the key
    return Login(credentials, "service account", source, str(info["client_email"]), warned)


def _person(info: dict[str, Any], source: str, warned: tuple[str, ...]) -> Login:
    try:
        # without scopes of ours: the login keeps the rights that the person gave when signing in
        credentials = PersonCredentials.from_authorized_user_info(info)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, AttributeError, GoogleAuthError):
        raise SignInError(
            f"{source.replace('the key', 'the login')} is not whole",
            do="Sign in again: reportgen publish --setup",
        ) from None
    return Login(credentials, "person", source.replace("the key", "the login"), "", warned)


def _machine(info: Mapping[str, Any], source: str, scopes: list[str], warned: tuple[str, ...]) -> Login:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the file decides the kind of login is meant here
        try:
            credentials, _ = google.auth.load_credentials_from_dict(dict(info), scopes=scopes)  # type: ignore[no-untyped-call]
        except (GoogleAuthError, ValueError, TypeError, KeyError, OSError):
            raise SignInError(f"{source} cannot be used", do=HOW) from None
    return Login(
        credentials, "machine", source, str(getattr(credentials, "service_account_email", None) or ""), warned
    )


def _from_machine(scopes: list[str]) -> Login:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            credentials, _ = google.auth.default(scopes=scopes)
        except (DefaultCredentialsError, OSError) as error:
            raise SignInError("nobody is signed in to Google", found=_nothing_in(), do=HOW) from error
    email = str(getattr(credentials, "service_account_email", None) or "")
    return Login(credentials, "machine", "the login of this machine", "" if email == "default" else email)


def _nothing_in() -> str:
    return (
        f"there is no key in {KEY_VARIABLE}, none at {PATH_VARIABLE}, no {service_file()}, no {person_file()}, "
        "and no login of gcloud or of this machine"
    )


def _fields_found(info: Mapping[str, Any]) -> str:
    """Name its fields, never their values."""
    names = ", ".join(repr(str(name)) for name in list(info)[:6])
    return f"its fields are {names}" if names else "it is empty"
