"""What a check gives: rules, and where a workbook breaks them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is wrong in a workbook wherever it occurs."""

    name: str
    """Stable, for programs."""
    serious: bool
    """Excel would repair or refuse the file, or a reader would see an error; else reading is just harder."""
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is broken, once for all its places on one sheet."""

    rule: Rule
    place: str
    """The first place: ``Sheet!B3``, a sheet's name, or "" for the workbook as a whole."""
    detail: str = ""
    """What stands there."""
    more: int = 0
    """Further places on the same sheet."""


class Faults:
    """Gathers faults, one for every rule and sheet."""

    __slots__ = ("_first", "_more")

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], Fault] = {}
        self._more: dict[tuple[str, str], int] = {}

    def add(self, rule: Rule, sheet: str = "", address: str = "", detail: str = "") -> None:
        """Note one place."""
        key = (rule.name, sheet)
        if key in self._first:
            self._more[key] += 1
            return
        self._first[key] = Fault(rule, f"{sheet}!{address}" if address else sheet, detail)
        self._more[key] = 0

    def all(self) -> tuple[Fault, ...]:
        """Give them, the serious ones first, else in the order they were met."""
        found = [
            Fault(fault.rule, fault.place, fault.detail, self._more[key])
            for key, fault in self._first.items()
        ]
        return tuple(sorted(found, key=lambda fault: not fault.rule.serious))
