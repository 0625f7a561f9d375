"""A fingerprint of the settings that numbers and sentences of a report depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from reportgen.config.settings import Config

_ASIDE = frozenset(
    (
        *(
            "title",
            "runs",
            "audience",
            "language",
            "outputs",
            "theme",
        ),  # told in the file itself, or only a look
        *("email", "sheet", "schedule", "said", "path"),  # where it goes, and where the settings lie
    )
)


def settings_digest(config: Config) -> str:
    """Give a SHA-256 (hexadecimal) of what was set; what is left at its default does not count.

    So it stays the same when a later version has more settings. Addresses, title, audience, language,
    paper and look are left out: they change no number.
    """
    told = {name: value for name, value in _told(config).items() if name not in _ASIDE}
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(settings: Any) -> dict[str, Any]:
    told = {}
    for field in fields(settings):
        value = getattr(settings, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if value != default:
            told[field.name] = _plain(value)
    return told


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _told(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
