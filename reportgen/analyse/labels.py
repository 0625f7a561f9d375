"""What people call a configuration: ``svm (C = 10)``, ``mlp (hidden 64)``. Short, and no two the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportgen.analyse.values import canonical, show
from reportgen.language import with_minus

MAX_LENGTH = 60
_CUT_LENGTH = 48
"""Characters of a label whose texts had to be cut: as many as a headline has room for."""
_CAPS = (32, 24, 17, 12)
"""Characters that are left of each text of a label that is too long: the first that makes it fit."""
MAX_PARTS = 4
"""Parameters that a label names; where more differ it is the run's name, or the key."""
_BARE_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "none", "null", "auto", "default", ""))
"""Text values that say nothing without the parameter's name."""


def label_configurations(
    keys: Sequence[str],
    params: Sequence[Mapping[str, Any]],
    run_names: Sequence[str | None],
    fallback: str,
) -> tuple[str, ...]:
    """Give every configuration its label.

    Args:
        keys: Their keys, the last resort.
        params: For each, the parameters that configurations are told apart by, absent ones left out.
        run_names: For each, the name that all of its runs share, if they do.
        fallback: The label where no parameter tells configurations apart.
    """
    names = list(dict.fromkeys(name for entry in params for name in entry))
    if not names:
        return _unique([fallback] * len(keys), keys)
    shared = Counter(run_names)
    usual = {name: _usual(params, name) for name in names} if len(names) > MAX_PARTS else {}
    labels: list[str] = []
    for key, entry, run_name in zip(keys, params, run_names, strict=True):
        present = [name for name in names if name in entry]
        if len(present) > MAX_PARTS:
            own_name = run_name if run_name and shared[run_name] == 1 else None
            labels.append(own_name or _by_difference(key, entry, present, usual))
        else:
            labels.append(_parts(entry, present, _short) if present else _nothing(names))
    counts = Counter(labels)
    exact = [
        _parts(entry, list(entry), _exact) if counts[label] > 1 and 0 < len(entry) <= MAX_PARTS else label
        for label, entry in zip(labels, params, strict=True)
    ]
    return _unique(exact, keys)


def _by_difference(
    key: str, entry: Mapping[str, Any], present: Sequence[str], usual: Mapping[str, tuple[str, Any] | None]
) -> str:
    """Label by what departs from the most common values, where that is little enough to name."""
    unusual = [name for name in present if canonical(entry[name]) != usual[name]]
    return _parts(entry, unusual, _short) if 1 <= len(unusual) <= MAX_PARTS else key


def _nothing(names: Sequence[str]) -> str:
    return "no " + " or ".join(_spoken(name) for name in names) if len(names) <= 2 else "none of the settings"


def _usual(params: Sequence[Mapping[str, Any]], name: str) -> tuple[str, Any] | None:
    counts = Counter(canonical(entry[name]) for entry in params if name in entry)
    best, times = max(counts.items(), key=lambda item: (item[1], str(item[0])))
    return best if times > 1 else None


def _parts(entry: Mapping[str, Any], names: Sequence[str], write: Callable[[Any], str]) -> str:
    """Write words that tell by themselves first, what needs its parameter's name behind them in brackets."""
    label = _capped(entry, names, write, None)
    if len(label) > MAX_LENGTH:
        cut = [_capped(entry, names, write, cap) for cap in _CAPS]
        label = next((short for short in cut if len(short) <= _CUT_LENGTH), cut[-1])
    return label


def _capped(
    entry: Mapping[str, Any], names: Sequence[str], write: Callable[[Any], str], cap: int | None
) -> str:
    alone, named = [], []
    for name in names:
        text = " ".join(write(entry[name]).split())
        telling = _tells(text, among_others=len(entry) > 1) and isinstance(entry[name], str)
        text = _cut(text, cap) if cap else text
        if telling:
            alone.append(text)
        else:
            named.append(f"{_spoken(name)}{' = ' if len(name) == 1 else ' '}{text or 'empty'}")
    if alone and named:
        return f"{', '.join(alone)} ({', '.join(named)})"
    return ", ".join(alone or named)


def _tells(text: str, *, among_others: bool) -> bool:
    """Tell whether a word needs no parameter's name; a lone letter among others does."""
    return not (among_others and len(text) == 1) and text.lower() not in _BARE_WORDS and not _is_numeric(text)


def _cut(text: str, cap: int) -> str:
    """Cut the middle out: the beginning and the end tell names apart."""
    head = (cap + 1) // 2
    return text if len(text) <= cap else f"{text[:head]}…{text[len(text) - (cap - 1 - head) :]}"


def _spoken(name: str) -> str:
    return " ".join(name.replace("_", " ").split()) or name


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _short(value: Any) -> str:
    return with_minus(f"{value:.4g}") if isinstance(value, float) else _exact(value)


def _exact(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return with_minus(show(value)) if is_number else show(value)


def _unique(labels: list[str], keys: Sequence[str]) -> tuple[str, ...]:
    cut = [label if len(label) <= MAX_LENGTH else label[: MAX_LENGTH - 1].rstrip() + "…" for label in labels]
    counts = Counter(cut)
    return tuple(
        label if counts[label] == 1 or label == key else f"{label} ({key})"
        for label, key in zip(cut, keys, strict=True)
    )
