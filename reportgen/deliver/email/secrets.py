"""Passwords and tokens: from the environment, a command or the keyring; in no message, log or error."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Sequence

from reportgen.config import EmailConfig
from reportgen.errors import DeliveryError

PASSWORD_VARIABLE = "REPORTGEN_SMTP_PASSWORD"  # noqa: S105 - the name of the variable
_COMMAND_S = 60.0


def mail_password(settings: EmailConfig) -> str:
    """Find the account's password.

    Raises:
        DeliveryError: There is none, or the command or the keyring failed.
    """
    found = os.environ.get(PASSWORD_VARIABLE)
    if not found and settings.password_command:
        found = _printed(settings.password_command, "password_command")
    if not found:
        found = _from_keyring(settings)
    if not found:
        raise DeliveryError(
            f"there is no password for {settings.user!r} at {settings.host}",
            where="[email]",
            do=f"Set {PASSWORD_VARIABLE}, or password_command, or keep it in the keyring; "
            "docs/configuration.md says how.",
        )
    return found


def mail_token(settings: EmailConfig) -> str:
    """Run the command that prints a token of OAuth 2.

    Raises:
        DeliveryError: It failed, or printed nothing.
    """
    return _printed(settings.oauth_command, "oauth_command")


def oauth_words(user: str, token: str) -> str:
    """Give what XOAUTH2 sends."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def plain_words(user: str, password: str) -> str:
    """Give what PLAIN sends (RFC 4616)."""
    return f"\0{user}\0{password}"


def hide(text: str, user: str, secret: str) -> str:
    """Take a secret out of what a server said, as it is and as it was sent."""
    if secret:
        sent = (secret, plain_words(user, secret), oauth_words(user, secret))
        for form in (secret, *(base64.b64encode(words.encode()).decode("ascii") for words in sent)):
            text = text.replace(form, "[redacted]")
    return text


def _printed(command: Sequence[str], key: str) -> str:
    where = f"[email] {key}"
    try:
        # nothing that it prints is shown: any of it may be the secret
        done = subprocess.run(  # noqa: S603 - the user's own command, and no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise DeliveryError(
            f"the command {command[0]!r} did not end within {_COMMAND_S:g} s",
            where=where,
            do="It is run without a terminal: it must not ask for anything.",
        ) from None
    except OSError as error:
        raise DeliveryError(
            f"the command {command[0]!r} cannot be run ({error.strerror})", where=where
        ) from error
    if done.returncode != 0:
        raise DeliveryError(
            f"the command {command[0]!r} failed with exit code {done.returncode}",
            where=where,
            do="Run it by hand to see why; what it prints is not shown here.",
        )
    try:
        secret = done.stdout.decode("utf-8").splitlines()[0].strip()
    except (UnicodeDecodeError, IndexError):
        secret = ""
    if not secret:
        raise DeliveryError(f"the command {command[0]!r} printed no secret on its first line", where=where)
    return secret


def _from_keyring(settings: EmailConfig) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(f"reportgen:{settings.host}", settings.user)
    except NoKeyringError:  # a server without a desktop has none, and nothing to unlock
        return None
    except KeyringError as error:
        raise DeliveryError(
            f"the keyring of the system cannot be asked ({type(error).__name__})",
            where="[email]",
            do=f"Unlock it, or set {PASSWORD_VARIABLE}.",
        ) from error
    return found
