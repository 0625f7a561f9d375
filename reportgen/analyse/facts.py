"""What must be the same before runs may be compared: facts of a run, named as in ``compare.same``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from reportgen.analyse.configurations import Group
from reportgen.analyse.values import ABSENT, Canonical, canonical
from reportgen.config.settings import CompareConfig
from reportgen.errors import ConfigError
from reportgen.runs import Run

HASHES = ("sha256", "md5")
"""Facts that stand for the content of data; MD5 is what a pointer of DVC tells."""

_SHORT = 8
"""Characters of a hash that people are shown."""


class Fact(NamedTuple):
    """``data.NAME``, ``split.NAME``, ``tag.NAME`` or ``code``; *name* is empty for the last."""

    place: str
    name: str

    @property
    def text(self) -> str:
        """As it is written in the configuration."""
        return f"{self.place}.{self.name}" if self.name else self.place


def parse_fact(entry: str) -> Fact:
    """Read one entry of ``compare.same``.

    Raises:
        ConfigError: It names no fact.
    """
    place, _, name = entry.partition(".")
    if entry != "code" and (place not in ("data", "split", "tag") or not name):
        raise ConfigError(
            f"{entry!r} cannot be required to be the same",
            where="compare.same",
            found="there are data.NAME, split.NAME, tag.NAME and code",
        )
    return Fact(place, name)


def value_of(run: Run, fact: Fact) -> Canonical:
    """Give a run's value of a fact, comparable; ABSENT where it does not tell.

    A hash counts before a version. Code is its commit, and the changes that were not committed.
    """
    match fact.place:
        case "tag":
            return canonical(run.tags[fact.name]) if fact.name in run.tags else ABSENT
        case "code":
            commit = run.code.get("commit")
            return ABSENT if not commit else canonical([commit, run.code.get("diff_sha256")])
        case "split":
            return _first(run.data.get(fact.name, {}), "split")
        case _:
            return _first(run.data.get(fact.name, {}), *HASHES, "version")


def _first(facts: Mapping[str, Any], *names: str) -> Canonical:
    told = next((facts[name] for name in names if facts.get(name) is not None), None)
    return ABSENT if told is None else canonical(told)


def _shown(run: Run, fact: Fact) -> Any:
    """Give the value as a setting that people read; None where the run does not tell."""
    match fact.place:
        case "tag":
            return run.tags.get(fact.name)
        case "code":
            commit, changes = run.code.get("commit"), run.code.get("diff_sha256")
            both = str(commit)[:_SHORT] + (f" + {str(changes)[:_SHORT]}" if changes else "")
            return both if commit else None
        case "split":
            return run.data.get(fact.name, {}).get("split")
        case _:
            facts = run.data.get(fact.name, {})
            version, digest = facts.get("version"), facts.get("sha256") or facts.get("md5")
            return str(digest)[:_SHORT] if version is None and digest is not None else version


def separate_mixed(
    runs: tuple[Run, ...], groups: Sequence[Group], compare: CompareConfig
) -> tuple[tuple[Run, ...], CompareConfig] | None:
    """Make those facts parameters in which finished runs of one configuration differ; None where none do.

    Runs that do not tell the fact are without the parameter, and so a configuration of their own.
    """
    mixed = [fact for fact in map(parse_fact, compare.same) if any(_mixes(runs, g, fact) for g in groups)]
    if not mixed:
        return None
    marked = tuple(run._replace(params={**run.params, **_as_params(run, mixed)}) for run in runs)
    names = tuple(fact.text for fact in mixed)
    by = None if compare.by is None else tuple(dict.fromkeys((*compare.by, *names)))
    return marked, replace(compare, by=by)


def _mixes(runs: Sequence[Run], group: Group, fact: Fact) -> bool:
    finished = [index for index in group.members if runs[index].status == "finished"]
    return len({value_of(runs[index], fact) for index in finished}) > 1


def _as_params(run: Run, facts: Sequence[Fact]) -> dict[str, Any]:
    shown = {fact.text: _shown(run, fact) for fact in facts}
    return {name: value for name, value in shown.items() if value is not None}
