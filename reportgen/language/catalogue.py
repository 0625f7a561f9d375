"""Reads the catalogue of a language: one ``.po`` file, and the symbols of its numbers from CLDR."""

from __future__ import annotations

from functools import cache
from gettext import c2py
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from reportgen.language.language import ENGLISH, Language

if TYPE_CHECKING:
    from babel.messages.catalog import Message


def languages() -> tuple[str, ...]:
    """List the languages that a report can be written in: English, and each that has a catalogue."""
    names = (entry.name for entry in files("reportgen").joinpath("locale").iterdir())
    return (ENGLISH.code, *sorted(name.removesuffix(".po") for name in names if name.endswith(".po")))


@cache
def read_language(code: str) -> Language:
    """Read the catalogue of a language.

    Raises:
        KeyError: There is none; `languages` lists what there is.
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code not in languages():
        raise KeyError(code)
    from babel import Locale  # here, for a report in English does without it
    from babel.messages.pofile import read_po

    with files("reportgen").joinpath("locale", f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    locale = Locale.parse(code)
    symbols = locale.number_symbols["latn"]
    texts = dict(_entry(message) for message in catalogue if message.id and message.string)
    direction: Literal["ltr", "rtl"] = "rtl" if locale.character_order == "right-to-left" else "ltr"
    plural = c2py(catalogue.plural_expr)
    return Language(code, texts, plural, symbols["decimal"], symbols["group"], direction)


def _entry(message: Message) -> tuple[str, tuple[str, ...]]:
    """Give an entry by its English text (of two, the one for one thing), with all forms of the translation."""
    key = message.id if isinstance(message.id, str) else message.id[0]
    said = message.string or ()
    return key, (said,) if isinstance(said, str) else tuple(said)
