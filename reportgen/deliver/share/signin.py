"""Signing in as a person, once, in a browser: OAuth for desktop programs, with the least rights."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import webbrowser
from pathlib import Path
from typing import Any

import requests
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError

from reportgen.deliver.share.login import FILE_SCOPE, HOW, client_file, person_file
from reportgen.deliver.share.transport import TIMEOUT_S
from reportgen.errors import SignInError

_PATIENCE_S = 300
"""That a person has for the browser."""


class _Flow(InstalledAppFlow):  # type: ignore[misc]
    """The library's own, with an end to waiting for the token."""

    def fetch_token(self, **more: Any) -> Any:
        return super().fetch_token(timeout=TIMEOUT_S, **more)


def sign_in() -> Path:
    """Let a person sign in in the browser, keep the login for this user alone, and give its file.

    The login may do what this program does with files that it made itself, and sees no other.

    Raises:
        SignInError: There is no OAuth client, no browser, or the person did not agree.
    """
    flow = _flow(client_file())
    try:
        # the library prints the address of the page; stdout is for results
        with contextlib.redirect_stdout(sys.stderr):
            credentials = flow.run_local_server(port=0, timeout_seconds=_PATIENCE_S)
    except WSGITimeoutError as error:
        raise SignInError(
            f"nobody signed in within {_PATIENCE_S // 60} minutes", do="Try again: reportgen publish --setup"
        ) from error
    except webbrowser.Error as error:
        raise SignInError(
            "there is no browser on this machine to sign in with",
            do=f"Sign in on another machine, and copy {person_file()} here; or use a service account. {HOW}",
        ) from error
    except requests.RequestException as error:
        raise SignInError(
            f"there is no way to Google's sign-in ({type(error).__name__})",
            do="Check the network, and try again.",
        ) from error
    except (ValueError, Warning, OSError, Exception) as error:  # noqa: BLE001 - oauthlib's errors share no other root
        raise SignInError(
            f"the sign-in did not succeed ({type(error).__name__})",
            do="Try again, and agree on Google's page to what is asked.",
        ) from None
    return _keep(str(credentials.to_json("token")), person_file())


def _flow(path: Path) -> _Flow:
    try:
        flow: _Flow = _Flow.from_client_config(json.loads(path.read_text("utf-8-sig")), [FILE_SCOPE])
    except FileNotFoundError as error:
        raise SignInError(f"there is no OAuth client at {path}", do=HOW) from error
    except (OSError, ValueError, TypeError):
        raise SignInError(
            f"the file {path} is no OAuth client",
            do="Make one in the Cloud console under APIs & Services > Credentials, of the kind Desktop app, and download its JSON.",
        ) from None  # the parser's own error quotes what it read
    return flow


def _keep(text: str, path: Path) -> Path:
    """Write the login so that nobody else on this machine ever can read it, also not for a moment."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        raise SignInError(f"the login could not be kept ({error.strerror})", where=str(path)) from error
    return path
