"""The table ``[email]`` of ``reportgen.toml``: who gets the mail, and which server takes it."""

from __future__ import annotations

import ipaddress
import shlex
from pathlib import Path
from typing import cast, get_args

from reportgen.config.addresses import parse_address
from reportgen.config.checking import Table, describe, name_known
from reportgen.config.settings import ATTACHABLE, EmailConfig, Security

_COMMANDS = ("password_command", "oauth_command")


def read_email(table: Table, folder: Path) -> EmailConfig:
    """Read ``[email]``; a password never stands here."""
    table.refuse_secrets("A password belongs in the environment or in the keyring of the system.", _COMMANDS)
    defaults = EmailConfig()
    security = table.choice("security", get_args(Security))
    attach = _attach(table)
    settings = EmailConfig(
        to=read_addresses(table, "to") or (),
        sender=_address(table, "from"),
        reply_to=_address(table, "reply_to"),
        failures_to=read_addresses(table, "failures_to") or (),
        unsubscribe=_address(table, "unsubscribe"),
        subject=_line(table, "subject"),
        attach=defaults.attach if attach is None else attach,
        max_mb=table.number("max_mb", above=0.0) or defaults.max_mb,
        host=_host(table),
        port=_port(table),
        security=cast("Security", security) if security else defaults.security,
        cafile=_cafile(table, folder),
        user=_line(table, "user"),
        password_command=_command(table, "password_command"),
        oauth_command=_command(table, "oauth_command"),
    )
    _check_together(table, settings)
    table.finish()
    return settings


def read_addresses(table: Table, key: str) -> tuple[str, ...] | None:
    """Read mail addresses: a text, or a list of them; the same one twice is kept once."""
    value = table.take(key)
    if value is None:
        return None
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list):
        table.complain(key, f"must be mail addresses, not {describe(value)}")
        return None
    kept: dict[str, str] = {}
    for index, entry in enumerate(entries):
        try:
            kept.setdefault(parse_address(entry).key, entry)
        except (ValueError, TypeError):
            table.complain(key, f"must be a mail address, not {describe(entry)}", index)
    return tuple(kept.values())


def _address(table: Table, key: str) -> str:
    value = table.take(key)
    if value is not None and not isinstance(value, str):
        table.complain(key, f"must be one mail address, not {describe(value)}")
    elif value:
        try:
            parse_address(value)
        except ValueError:
            table.complain(key, f"must be a mail address, not {describe(value)}")
        return value
    return ""


def _line(table: Table, key: str) -> str:
    """Read text without line breaks and the like: it goes into the head of a mail or to a server."""
    value = table.text(key) or ""
    if any(not sign.isprintable() for sign in value):
        table.complain(key, "must be one line of text")
        return ""
    return value


def _host(table: Table) -> str:
    host = _line(table, "host")
    name, colon, port = host.rpartition(":")
    if colon and port.isdigit() and ":" not in name:
        table.complain("host", f"is {host!r}; write host = {name!r} and port = {port}")
        return ""
    if "/" in host:
        table.complain("host", f"is {host!r}; write the server's name alone, such as 'smtp.example.com'")
        return ""
    return host


def _port(table: Table) -> int | None:
    port = table.take("port")
    if port is not None and (isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536):
        table.complain("port", f"must be a whole number from 1 to 65535, not {describe(port)}")
        return None
    return port


def _attach(table: Table) -> tuple[str, ...] | None:
    formats = table.texts("attach")
    for index, name in enumerate(formats or ()):
        if name not in ATTACHABLE:
            table.complain("attach", f"holds {name!r}; {name_known(name, ATTACHABLE)}", index)
    return None if formats is None else tuple(dict.fromkeys(formats))


def _cafile(table: Table, folder: Path) -> Path | None:
    text = table.text("cafile")
    if not text:
        return None
    path = folder / Path(text).expanduser()
    if not path.is_file():
        table.complain("cafile", f"names {str(path)!r}, and there is no such file")
    return path


def _command(table: Table, key: str) -> tuple[str, ...]:
    """Read a command and its arguments: a text, cut as a shell would (but none runs it), or a list."""
    value = table.take(key)
    if value is None:
        return ()
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError as error:
        table.complain(key, f"cannot be read as a command ({error})")
        return ()
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        table.complain(key, f"must be a command, such as 'pass show mail', not {describe(value)}")
        return ()
    return tuple(words)


def _check_together(table: Table, settings: EmailConfig) -> None:
    if settings.security == "none" and settings.host and not is_loopback(settings.host):
        table.complain(
            "security",
            f"is 'none', which would send to {settings.host!r} in the clear; write 'starttls' or 'tls'",
        )
    if settings.password_command and settings.oauth_command:
        table.complain("oauth_command", "stands beside password_command; keep the one that the server wants")
    for key in _COMMANDS:
        if getattr(settings, key) and not settings.user:
            table.complain(key, "is of no use without user, the account's name")


def is_loopback(host: str) -> bool:
    """Tell whether a host's name means this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
