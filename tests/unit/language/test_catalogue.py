"""Every sentence of a report is in the catalogue, and every language has all of them, with the same places."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from reportgen.language import languages

ROOT = Path(__file__).parents[3]
OTHERS = languages()[1:]


def messages(code: str) -> list[Message]:
    with (ROOT / "reportgen" / "locale" / f"{code}.po").open("rb") as file:
        return [message for message in read_po(file, locale=code) if message.id]


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


def names(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def test_the_catalogue_has_what_the_code_says() -> None:
    command = [sys.executable, str(ROOT / ".ci" / "catalogue"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("code", OTHERS)
def test_everything_is_translated(code: str) -> None:
    assert [message.id for message in messages(code) if not all(forms(message.string))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_places_of_its_sentence_and_no_digit(code: str) -> None:
    """The form for one thing may leave out its number."""
    for message in messages(code):
        for english, said in zip(forms(message.id), forms(message.string), strict=False):
            assert names(said) <= names(forms(message.id)[-1]), message.id
            assert names(english) - {"n"} <= names(said), message.id
            assert (english[:1] == " ", english[-1:] == " ") == (said[:1] == " ", said[-1:] == " ")
