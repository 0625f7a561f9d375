"""How wide texts are in the font of the page's body: no font is read for it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from reportgen.render.measure import font_scale

FAMILY = "Source Sans 3"
EM_MM = 9 * 25.4 / 72
"""Of the cells of a table, on paper."""
_ASCII = (
    "200 289 426 497 497 824 609 249 303 303 418 497 249 311 249 350 497 497 497 497 497 497 497 497 497 497 249 249 "
    "497 497 497 425 847 543 588 571 615 527 494 617 652 263 479 579 486 727 647 664 566 664 569 534 536 645 515 786 "
    "513 476 539 303 350 303 497 500 542 504 553 456 555 496 292 504 544 246 247 495 255 829 547 542 555 555 347 419 "
    "338 544 467 719 446 467 425 303 241 303 497"
)
"""Thousandths of an em that characters take in its regular weight, from the blank to the tilde."""
_OTHERS = {"\N{NO-BREAK SPACE}": 200, "\N{NARROW NO-BREAK SPACE}": 120, "\N{EN DASH}": 500}
_ADVANCES = {chr(32 + place): int(width) / 1000 for place, width in enumerate(_ASCII.split())} | {
    sign: width / 1000 for sign, width in _OTHERS.items()
}
_SLACK = 1.03
"""Names in bold letters, and digits of equal width, fit as well."""


def text_em(text: str) -> float:
    """Give the width of a text in em of the page's font, rather more than less."""
    return sum(map(_character_em, text)) * _SLACK


def wider(family: str) -> float:
    """Tell how much wider than in the bundled font texts of a font are."""
    return 1.0 if family == FAMILY else max(font_scale(family), 1.0)


@lru_cache(maxsize=4096)
def _character_em(character: str) -> float:
    known = _ADVANCES.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if unicodedata.bidirectional(character) in {"R", "AL"}:
        return 0.64
    return 0.64 if character.isupper() or character == "\N{EM DASH}" else 0.52
