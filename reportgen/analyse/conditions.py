"""One ``--where`` condition: read it, and tell whether a run meets it."""

from __future__ import annotations

import difflib
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from reportgen.analyse.values import as_number, canonical, matches
from reportgen.errors import FilterError
from reportgen.runs import Run, RunSet

Place = Literal["param", "tag", "metric", "experiment"]
_ORDERINGS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OPERATOR = re.compile(r"<=|>=|!=|==|=|<|>")
_PREFIXES: dict[str, Place] = {
    "param": "param",
    "params": "param",
    "tag": "tag",
    "tags": "tag",
    "metric": "metric",
}
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Condition:
    """A name, an operator and a value, such as ``lr<0.1``."""

    text: str
    place: Place
    name: str
    sign: str
    wanted: str
    quoted: bool
    """Written in quotation marks: compared as text only."""

    def holds(self, run: Run) -> bool:
        """Tell whether *run* meets it; a run without the name meets ``!=`` only.

        A metric counts with its last value.
        """
        value = self._value(run)
        if self.sign in _ORDERINGS:
            number, limit = as_number(value), as_number(self.wanted)
            return number is not None and limit is not None and _ORDERINGS[self.sign](number, limit)
        if value is _MISSING:
            return self.sign == "!="
        exact = canonical(value) == canonical(self.wanted)
        equal = exact or (not self.quoted and matches(value, self.wanted))
        return equal if self.sign == "=" else not equal

    def _value(self, run: Run) -> Any:
        match self.place:
            case "param":
                return run.params.get(self.name, _MISSING)
            case "tag":
                return run.tags.get(self.name, _MISSING)
            case "experiment":
                return run.experiment
            case "metric":
                summary = run.metrics.get(self.name)
                return _MISSING if summary is None else summary.last


def parse_condition(text: str, runs: RunSet) -> Condition:
    """Read one condition; its name must be a parameter, tag or metric of some run.

    Raises:
        FilterError: There is no operator, the name is unknown, or an order is asked of a non-number.
    """
    where = f"--where {text!r}"
    signs = list(_OPERATOR.finditer(text))
    if not signs:
        raise FilterError(
            "this is no condition",
            where=where,
            do="Write NAME, one of = != < <= > >=, and a value, such as lr<0.1 or model=mlp.",
        )
    known = _known_names(runs)
    sign = next((hit for hit in signs if text[: hit.start()].strip() in known), signs[0])
    name, wanted = text[: sign.start()].strip(), text[sign.end() :].strip()
    if name not in known:
        raise _unknown_name(name, known, where)
    place, bare = known[name]
    mark = sign.group().replace("==", "=")
    quoted = len(wanted) >= 2 and wanted[0] == wanted[-1] and wanted[0] in "'\""
    if quoted:
        wanted = wanted[1:-1]
    number = as_number(wanted)
    if mark in _ORDERINGS and (quoted or number is None or math.isnan(number)):
        raise FilterError(
            f"{mark} compares numbers, and {wanted!r} is none",
            where=where,
            do="Give a number, or use = or != for text.",
        )
    return Condition(text, place, bare, mark, wanted, quoted)


def _known_names(runs: RunSet) -> dict[str, tuple[Place, str]]:
    places: dict[Place, list[str]] = {"param": [], "tag": [], "metric": []}
    for run in runs.runs:
        places["param"].extend(run.params)
        places["tag"].extend(run.tags)
        places["metric"].extend(run.metrics)
    known: dict[str, tuple[Place, str]] = {}
    for place in ("param", "tag", "metric"):
        for name in dict.fromkeys(places[place]):
            known.setdefault(name, (place, name))
    known.setdefault("experiment", ("experiment", "experiment"))
    for prefix, place in _PREFIXES.items():
        for name in dict.fromkeys(places[place]):
            known.setdefault(f"{prefix}.{name}", (place, name))
    return known


def _unknown_name(name: str, known: dict[str, tuple[Place, str]], where: str) -> FilterError:
    plain = sorted(entry for entry, (_, bare) in known.items() if entry == bare)
    near = difflib.get_close_matches(name, plain, n=3) or plain
    shown = ", ".join(repr(entry) for entry in near[:10])
    more = f" and {len(near) - 10} more" if len(near) > 10 else ""
    return FilterError(
        f"no run has a parameter, tag or metric called {name!r}", where=where, found=f"found {shown}{more}"
    )
