"""Finds what belongs together in two files, and says in what it differs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from reportgen.verify.interface import Difference, Item, Scalar

TOLERANCE = 1e-9
"""Relative difference up to which numbers are the same: another processor may round the last digits otherwise."""
_WORDS_AROUND = 3
_MOST_MATCHED = 4_000_000
"""Product of two numbers of things up to which they are matched in their order."""
_DIGIT = re.compile(r"\d")


def match_by_key(ours: Sequence[Item], theirs: Sequence[Item]) -> Iterator[Difference]:
    """Compare things of the same key; those that have no partner are matched in their order.

    Where very many have none, as after whole tables have changed, they are named one by one: to match
    them takes time in proportion to the product of their numbers.
    """
    partner = {item.key: item for item in theirs}
    lonely: list[Item] = []
    for item in ours:
        other = partner.pop(item.key, None)
        if other is None:
            lonely.append(item)
        else:
            yield from differences(item, other)
    if len(lonely) * len(partner) <= _MOST_MATCHED:
        yield from match_in_order(lonely, list(partner.values()))
        return
    yield from (Difference("only in the file", item.place, item.value, None) for item in lonely)
    yield from (
        Difference("missing from the file", item.place, None, item.value) for item in partner.values()
    )


def match_in_order(ours: Sequence[Item], theirs: Sequence[Item]) -> Iterator[Difference]:
    """Compare two sequences of texts, in which some may be new, gone or changed."""
    matcher = SequenceMatcher(None, [i.value for i in ours], [i.value for i in theirs], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        common = min(b - a, d - c)
        for item, other in zip(ours[a : a + common], theirs[c : c + common], strict=True):
            yield from differences(item, other)
        for item in ours[a + common : b]:
            yield Difference("only in the file", item.place, item.value, None)
        for other in theirs[c + common : d]:
            yield Difference("missing from the file", other.place, None, other.value)


def differences(item: Item, other: Item) -> Iterator[Difference]:
    """Say in what one thing differs: as a number, or word by word."""
    ours, theirs = item.value, other.value
    if _same(ours, theirs):
        return
    if isinstance(ours, str) and isinstance(theirs, str):
        yield from _words(item.place, ours, theirs)
    else:
        is_number = _is_number(ours) or _is_number(theirs)
        yield Difference("number" if is_number else "text", item.place, ours, theirs)


def _words(place: str, ours: str, theirs: str) -> Iterator[Difference]:
    mine, yours = ours.split(), theirs.split()
    for kind, a, b, c, d in SequenceMatcher(None, mine, yours, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = (
            [(mine[n], yours[n - a + c], n) for n in range(a, b)]
            if b - a == d - c
            else [(" ".join(mine[a:b]), " ".join(yours[c:d]), a)]
        )
        for one, another, at in pairs:
            is_number = bool(_DIGIT.search(one) or _DIGIT.search(another))
            said = (_bare(one), _bare(another)) if _bare(one) != _bare(another) else (one, another)
            yield Difference("number" if is_number else "text", f"{place}{_around(mine, at)}", *said)


def _around(words: Sequence[str], at: int) -> str:
    """Quote the words around a place, unless the place is all there is."""
    if len(words) <= 1:
        return ""
    first, last = max(0, at - _WORDS_AROUND), at + _WORDS_AROUND + 1
    start, end = "… " if first else "", " …" if last < len(words) else ""
    return f', "{start}{" ".join(words[first:last])}{end}"'


def _bare(text: str) -> str:
    return text.rstrip(".,;:)").lstrip("(") or text


def _same(one: Scalar, another: Scalar) -> bool:
    if _is_number(one) and _is_number(another):
        assert isinstance(one, int | float)  # noqa: S101 - said to the type checker
        assert isinstance(another, int | float)  # noqa: S101 - the same
        return math.isclose(one, another, rel_tol=TOLERANCE)
    return type(one) is type(another) and one == another


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
