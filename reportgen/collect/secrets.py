"""Values that must not be written: secrets by name, credentials in URLs, secrets on a command line."""

from __future__ import annotations

from reportgen.schema import REDACTED, looks_secret, without_credentials


def without_secrets(name: str, value: object) -> object:
    """Give the value as it may be written: ``[redacted]`` where its name is a secret's, at any depth."""
    if looks_secret(name) and value is not None and not isinstance(value, bool):
        return REDACTED
    if isinstance(value, str):
        return without_credentials(str.__str__(value))
    if isinstance(value, dict):
        return {key: without_secrets(str(key), part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_secrets("", part) for part in value]
    return value


def redacted_command(words: list[str]) -> list[str]:
    """Give a command line without its secrets.

    ``--api-key abc``, ``--api-key=abc``, ``db.password=abc`` and credentials in URLs are taken out.
    """
    kept: list[str] = []
    hide_next = False
    for word in words:
        name, equals, value = word.partition("=")
        is_option = name.startswith("-")
        if hide_next and not is_option:
            kept.append(REDACTED)
            hide_next = False
            continue
        hide_next = False
        if looks_secret(name) and equals:
            kept.append(f"{name}={REDACTED}" if value else word)
            continue
        hide_next = looks_secret(name) and is_option
        kept.append(without_credentials(word))
    return kept
