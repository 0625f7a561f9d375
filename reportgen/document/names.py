"""Names cut to a length so that they can still be told apart, and broken between their settings only."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\ufe0e\ufe0f")
_PASSES = 8
"""How often names that read alike are parted anew."""
_WORD = 8
"""Letters that are given up for a cut between words."""

MOST_HELD = 20
"""Letters that are kept on one line at most: half a column of a table, the width of a headline on a phone."""
_GAP = "\N{NO-BREAK SPACE}"
_SETTING = re.compile(r"[^\s,()]+(?:[ ,][^\s,()]+)*")
"""What stands between commas and brackets; a comma inside of a number parts nothing."""
_EQUATION = re.compile(r"[^\s(]+ = [^\s,)]+")

Fits = Callable[[str], bool]


def held_settings(name: str, most: int = MOST_HELD) -> str:
    """Let lines end between the settings of a name, not inside of one: ``C = 10``, ``learning rate 0.01``.

    Spaces that do not break do it, for paper, charts and mails; the web page has elements for it, so that what
    is copied from there has plain spaces.

    Args:
        name: Such as ``mlp (hidden 64, learning rate 0.01)``.
        most: Letters that are kept together at most: of a short name with one setting all, of a long
            setting its end, if that is a number.
    """
    if len(name) <= most and ", " not in name:
        return name.replace(" ", _GAP)
    return _SETTING.sub(lambda match: _held(match[0], most), name)


def held_equations(text: str, most: int = MOST_HELD) -> str:
    """Let no line of any text end inside of ``C = 10``, if that has *most* letters at most."""
    if " = " not in text:
        return text
    return _EQUATION.sub(lambda match: _held(match[0], most), text)


def _held(setting: str, most: int) -> str:
    if len(setting) <= most:
        return setting.replace(" ", _GAP)
    words = setting.split(" ")
    if not any(character.isdigit() for character in words[-1]):
        return setting
    held = words.pop()
    while words and len(words[-1]) + 1 + len(held) <= most:
        held = f"{words.pop()}{_GAP}{held}"
    return " ".join([*words, held])


def told_apart(names: Sequence[str], fits: Fits) -> tuple[str, ...]:
    """Cut the names that do not fit, so that no two different ones read alike.

    A name such as ``mlp (scanner A, hidden 16)`` loses settings first, those that all of its kind
    share before the others; any other its middle, or what stands around the place where it differs.

    Args:
        names: What is shown together; equal ones stay equal.
        fits: Whether a text has the room that there is.

    Returns:
        A text for each, in their order. Where nothing of the kind fits, the names are numbered.
    """
    flat = [" ".join(name.split()) for name in names]
    cut = {name: name for name in flat}
    long = [name for name in cut if not fits(name)]
    if not long:
        return tuple(flat)
    shared = _shared_settings(cut)
    for name in long:
        cut[name] = _fewer_settings(name, shared, fits) or cut_middle(name, fits)
    for step in (_part, _part_by_middle, _part):
        for _ in range(_PASSES):
            alike = _alike(cut)
            for group in alike:
                step(group, cut, fits)
            if not alike or _alike(cut) == alike:
                break
    for group in _alike(cut):
        _number(group, cut, fits)
    return tuple(cut[name] for name in flat)


def cut_middle(name: str, fits: Fits) -> str:
    """Cut the middle out of a text: its beginning and its end are what tells names apart."""
    signs = _signs(name)
    return _largest(len(signs), lambda kept: _around(signs, kept - kept // 2, kept // 2), fits) or ELLIPSIS


def _signs(text: str) -> list[str]:
    """Give what a reader takes for one sign each: a letter with its accents, an emoji with its parts."""
    signs: list[str] = []
    for character in text:
        joined = unicodedata.category(character) in {"Mn", "Me", "Mc"} or character in _JOINERS
        if signs and (joined or signs[-1].endswith("\N{ZERO WIDTH JOINER}")):
            signs[-1] += character
        else:
            signs.append(character)
    return signs


def _largest(most: int, made: Callable[[int], str], fits: Fits) -> str:
    """Give the longest of the texts made from 1 to *most* signs that fits; empty for none."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(made(middle)) else (low, middle - 1)
    return made(low) if low else ""


def _around(signs: Sequence[str], head: int, tail: int) -> str:
    """Give so many signs of the beginning and of the end, cut between words where one ends nearby."""
    end, start = head, len(signs) - tail
    if end >= start:
        return "".join(signs)
    blanks = [place for place in range(max(end - _WORD, end // 2, 1), end + 1) if signs[place] == " "]
    end = blanks[-1] if blanks else end
    blanks = [place for place in range(start, min(start + _WORD, start + tail // 2)) if signs[place] == " "]
    start = blanks[0] + 1 if blanks and signs[start - 1] != " " else start
    return "".join(signs[:end]).rstrip(" ,") + ELLIPSIS + "".join(signs[start:]).lstrip(" ,")


def _settings(name: str) -> tuple[str, tuple[str, ...]]:
    """Part ``mlp (scanner A, hidden 16)`` into its head and its settings; of any other name, no settings."""
    head, bracket, rest = name.partition(" (")
    return (head, tuple(rest[:-1].split(", "))) if bracket and rest.endswith(")") else (name, ())


def _shared_settings(names: Iterable[str]) -> Mapping[str, AbstractSet[str]]:
    """Give by their head the settings that all of several names with this head share."""
    kin: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for name in names:
        head, settings = _settings(name)
        kin[head].append(frozenset(settings))
    return {head: frozenset.intersection(*own) for head, own in kin.items() if len(own) > 1}


def _fewer_settings(name: str, shared: Mapping[str, AbstractSet[str]], fits: Fits) -> str:
    """Leave settings out until the name fits, first those that all of its kind share; empty if it never does."""
    head, settings = _settings(name)
    common = shared.get(head, frozenset())
    ranked = sorted(range(len(settings)), key=lambda place: (settings[place] in common, place))
    for count in range(len(settings) - 1, 0, -1):
        kept = [settings[place] for place in sorted(ranked[:count])]
        text = f"{head} ({', '.join(kept)}, {ELLIPSIS})"
        if fits(text):
            return text
    return ""


def _alike(cut: dict[str, str]) -> list[list[str]]:
    """Give the names that read alike, each group in the order of the names."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in cut.items():
        groups[text].append(name)
    return [group for group in groups.values() if len(group) > 1]


def _part(group: Sequence[str], cut: dict[str, str], fits: Fits) -> None:
    """Cut names that read alike so that the place where they differ is seen."""
    written = [_signs(name) for name in group]
    shortest = min(map(len, written))
    first = next((at for at in range(shortest) if len({signs[at] for signs in written}) > 1), shortest)
    for name, signs in zip(group, written, strict=True):
        if cut[name] != name:
            cut[name] = _showing(signs, first, fits)


def _part_by_middle(group: Sequence[str], cut: dict[str, str], fits: Fits) -> None:
    for name in group:
        if cut[name] != name:
            cut[name] = cut_middle(name, fits)


def _showing(signs: Sequence[str], first: int, fits: Fits) -> str:
    """Give the beginning of a name, and what stands from the place where it differs on."""
    start = max((at + 1 for at in range(max(first - _WORD, 0), first) if signs[at] == " "), default=first)
    rest = signs[start:]

    def made(kept: int) -> str:
        """Two thirds of the room are for what differs."""
        told = min(len(rest), kept - kept // 3)
        head = min(kept - told, start)
        before = "".join(signs[:head]).rstrip(" ,") + ELLIPSIS if head < start else "".join(signs[:start])
        after = ELLIPSIS if told < len(rest) else ""
        return before + "".join(rest[:told]) + after

    return _largest(len(signs), made, fits) or ELLIPSIS


def _number(group: Sequence[str], cut: dict[str, str], fits: Fits) -> None:
    """Number names that nothing else tells apart in the room that there is."""
    taken = set(cut.values())
    number = 0
    for name in (name for name in group if cut[name] != name):
        while cut[name] in taken:
            number += 1
            cut[name] = _ended(_signs(name), f"{ELLIPSIS} {number}", fits)
        taken.add(cut[name])


def _ended(signs: Sequence[str], ending: str, fits: Fits) -> str:
    """Give as much of the beginning as fits before this ending; the ending alone where nothing does."""
    return _largest(len(signs), lambda kept: "".join(signs[:kept]).rstrip() + ending, fits) or ending
