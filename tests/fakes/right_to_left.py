"""A catalogue in Hebrew letters, to see a report in a language that is written from right to left.

No translation: each Latin letter of our words became a Hebrew one. Places and signs stay, so that
lengths, numbers and names are as in a real one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from reportgen.language import catalogue

_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבצדהפגחיקכלמנופקרסתוואחיז")
_PIECE = re.compile(r"(\{[^}]*\})")


def hebrew(text: str) -> str:
    """Write a text in Hebrew letters; its places in braces stay."""
    return "".join(
        piece if piece.startswith("{") else piece.lower().translate(_LETTERS) for piece in _PIECE.split(text)
    )


@contextmanager
def hebrew_installed(folder: Path) -> Iterator[None]:
    """Let there be a language ``he``, whose catalogue lies in *folder*, until the block is left."""
    with files("reportgen").joinpath("locale", "reportgen.pot").open("rb") as file:
        made = read_po(file)
    spoken = Catalog(locale="he")
    for message in made:
        if message.id:
            texts = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            forms = [hebrew(text) for text in texts]
            forms += [forms[-1]] * (spoken.num_plurals - len(forms))
            spoken.add(message.id, forms[0] if isinstance(message.id, str) else tuple(forms))
    (folder / "locale").mkdir(parents=True, exist_ok=True)
    with (folder / "locale" / "he.po").open("wb") as target:
        write_po(target, spoken)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "files", lambda _: folder)
        catalogue.read_language.cache_clear()
        yield
    catalogue.read_language.cache_clear()
