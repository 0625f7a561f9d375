"""Which configuration the others are compared with: the one that was named, never a guess."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.analyse.configurations import Group
from reportgen.analyse.parameters import Parameters
from reportgen.analyse.values import ABSENT, canonical, matches, show
from reportgen.config.command_line import write_pairs
from reportgen.errors import BaselineError
from reportgen.findings import Assumption
from reportgen.language import message
from reportgen.runs import Run

WORDS = ("baseline", "reference", "control")
_FLAGS = (*WORDS, *(f"is_{word}" for word in WORDS))
_DENIALS = frozenset(
    ("no", "not", "non", "vs", "versus", "without", "beat", "beats", "above", "over", "minus", "than")
)
_SHOWN = 12


def find_baseline(
    runs: Sequence[Run], groups: Sequence[Group], parameters: Parameters, wanted: Mapping[str, Any] | None
) -> tuple[int | None, tuple[Assumption, ...]]:
    """Find the baseline's number among *groups*.

    Raises:
        BaselineError: What was asked for matches no configuration, or several.
    """
    if wanted is not None:
        return _asked_for(runs, groups, parameters, wanted), ()
    hits = [
        index for index, group in enumerate(groups) if any(_says_baseline(runs[i]) for i in group.members)
    ]
    change = message("--baseline 'NAME=VALUE', or baseline under [compare]")
    if len(hits) == 1 and len(groups) > 1:
        why = message(
            "The others are compared with {name}: only there does a run name, tag or parameter say that it is "
            "the baseline.",
            name=groups[hits[0]].label,
        )
        return hits[0], (Assumption("baseline", why, change),)
    if len(groups) < 2:
        return None, ()
    why = (
        message("Several configurations are called a baseline, so none is taken as the baseline.")
        if hits
        else message("No configuration is called a baseline, so none is compared with another.")
    )
    return None, (Assumption("baseline", why, change),)


def _asked_for(
    runs: Sequence[Run], groups: Sequence[Group], parameters: Parameters, wanted: Mapping[str, Any]
) -> int:
    _check_names(runs, parameters, wanted)
    exact = [
        index for index, group in enumerate(groups) if _fits(runs, group, parameters, wanted, loose=False)
    ]
    hits = exact or [
        index for index, group in enumerate(groups) if _fits(runs, group, parameters, wanted, loose=True)
    ]
    if len(hits) == 1:
        return hits[0]
    asked = ", ".join(f"{name}={show(value)}" for name, value in wanted.items()) or "nothing"
    listed = hits or range(len(groups))
    labels = [f"'{groups[index].label}'" for index in listed]
    found = (
        "found "
        + ", ".join(labels[:_SHOWN])
        + (f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else "")
    )
    what = f"{asked} fits {len(hits)} configurations" if hits else f"no configuration has {asked}"
    example = _example(runs, groups, parameters, wanted, listed)
    raise BaselineError(
        what,
        where="baseline",
        found=found,
        do=f"Name the parameter values of exactly one of them, as in {example}.",
    )


def _example(
    runs: Sequence[Run],
    groups: Sequence[Group],
    parameters: Parameters,
    wanted: Mapping[str, Any],
    candidates: Sequence[int],
) -> str:
    """Write settings that fit one of the *candidates* alone, beginning with what was asked for."""
    for at in candidates:
        own = {
            name: value
            for name, value in parameters.of(runs[groups[at].members[0]]).items()
            if value is None or isinstance(value, (str, int, float))
        }
        fits = [
            n for n in wanted if n in own and _fits(runs, groups[at], parameters, {n: own[n]}, loose=False)
        ]
        named = {n: own[n] for n in fits if matches(own[n], wanted[n])}
        rest = [i for i in candidates if _fits(runs, groups[i], parameters, named, loose=False)]
        for name in parameters.varied:
            closer = {**named, name: own.get(name)}
            fewer = [i for i in rest if _fits(runs, groups[i], parameters, closer, loose=False)]
            if len(rest) > 1 and name in own and len(fewer) < len(rest):
                named, rest = closer, fewer
        if rest == [at]:
            return write_pairs(named)
    return "model=logreg"


def _check_names(runs: Sequence[Run], parameters: Parameters, wanted: Mapping[str, Any]) -> None:
    """Refuse a parameter that no run has: a slip of the pen is more likely than an empty search."""
    known = dict.fromkeys(name for run in runs for name in parameters.of(run))
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3) or list(known)[:_SHOWN]
            raise BaselineError(
                f"no run has the parameter {name!r}",
                where="baseline",
                found="found " + ", ".join(repr(entry) for entry in near) if near else "the runs have none",
                do="Name the parameter values of exactly one configuration, as in model=logreg.",
            )


def _fits(
    runs: Sequence[Run], group: Group, parameters: Parameters, wanted: Mapping[str, Any], *, loose: bool
) -> bool:
    for name, value in wanted.items():
        for index in group.members:
            logged = parameters.value(runs[index], name)
            if logged == ABSENT:
                return False
            if logged == canonical(value):
                continue
            original = parameters.of(runs[index])[name]
            if not (loose and (matches(original, value) or matches(original, show(value)))):
                return False
    return True


def _says_baseline(run: Run) -> bool:
    if _is_called_so(run.name):
        return True
    for facts in (run.tags, run.params):
        for name, value in facts.items():
            if isinstance(value, str) and _is_called_so(value):
                return True
            if name.lower() in _FLAGS and (value is True or str(value).lower() in ("true", "yes", "1")):
                return True
    return any(run.tags.get(word) in ("", None) for word in WORDS if word in run.tags)


def _is_called_so(text: str) -> bool:
    """Tell whether a text names a baseline: ``baseline-v2``, ``resnet baseline``, ``Control 1``; not ``controlnet``."""
    if len(text) > 200:
        return False
    words = [word for word in re.split(r"[^a-z0-9]+", text.lower()) if word]
    if not words or _DENIALS.intersection(words):
        return False
    if "baseline" in (words[0], words[-1]):
        return True
    return words[0] in WORDS and all(re.fullmatch(r"(?:v|s|run|seed)?[0-9]*", word) for word in words[1:])
