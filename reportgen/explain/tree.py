"""The frozen numbers, asked for what explanations need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.document import resolve_pointer
from reportgen.explain.interface import Given


class Tree:
    """A report's numbers, as ``<slug>.json`` has them.

    Args:
        numbers: The tree; that of a report for the team, since others hold no single runs.
    """

    __slots__ = ("_places", "numbers")

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self.numbers = numbers
        self._places = {c["key"]: place for place, c in enumerate(numbers["configurations"])}

    def at(self, pointer: str) -> Any:
        """Follow a pointer.

        Raises:
            KeyError: It leads nowhere.
        """
        return resolve_pointer(self.numbers, pointer)

    @property
    def primary(self) -> str:
        """The deciding metric; empty without one."""
        return self.numbers["primary"] or ""

    @property
    def has_runs(self) -> bool:
        """Whether single runs are in the tree."""
        return bool(self.numbers["rows"]) or not self.numbers["runs"]["total"]

    def configuration(self, key: str) -> Mapping[str, Any]:
        """Find a configuration."""
        found: Mapping[str, Any] = self.numbers["configurations"][self._places[key]]
        return found

    def label(self, key: str) -> str:
        """Give a configuration as people call it."""
        return " ".join(str(self.configuration(key)["label"]).split())

    def metric(self, name: str) -> str:
        """Give a metric as people call it."""
        return str(self.numbers["metrics"].get(name, {}).get("label") or name)

    def is_minimized(self, name: str) -> bool:
        """Whether low values of a metric are good."""
        return bool(self.numbers["metrics"].get(name, {}).get("goal") == "minimize")

    def threshold(self, name: str) -> float:
        """Give a limit that was fixed beforehand."""
        return float(self.numbers["thresholds"][name])

    def rows_of(self, key: str) -> list[Mapping[str, Any]]:
        """Give a configuration's runs that gave a usable number, those of a search that are set aside among them."""
        return [
            row
            for row in self.numbers["rows"]
            if row["configuration"] == key
            and row["status"] == "finished"
            and (not self.primary or row["values"].get(self.primary) is not None)
        ]

    def counted_rows(self, key: str) -> list[Mapping[str, Any]]:
        """Give the runs that count for a configuration: where fresh runs decide, these alone."""
        rows, configuration = self.rows_of(key), self.configuration(key)
        if not configuration["set_aside"]:
            return rows
        wanted, kept = list(configuration["values"]), []
        for row in reversed(rows):  # the fresh runs came last
            if wanted and row["values"][self.primary] == wanted[-1]:
                wanted.pop()
                kept.append(row)
        return kept[::-1]

    def given(self, key: str, metric: str) -> Given:
        """Give the numbers of a metric that count for a configuration."""
        return self._given(key, metric, self.counted_rows(key))

    def searched(self, key: str) -> Given:
        """Give the numbers of the deciding metric that the search itself found for a configuration."""
        rows = self.rows_of(key)
        if self.configuration(key)["set_aside"]:
            fresh = {row["id"] for row in self.counted_rows(key)}
            rows = [row for row in rows if row["id"] not in fresh]
        return self._given(key, self.primary, rows)

    def _given(self, key: str, metric: str, rows: list[Mapping[str, Any]]) -> Given:
        values = [(str(row["id"]), row["values"].get(metric)) for row in rows]
        runs = tuple((run, float(value)) for run, value in values if value is not None)
        return Given(f"{self.label(key)}, {self.metric(metric)}", runs)

    def failures(self, key: str) -> tuple[int, int] | None:
        """Count the runs that have ended and speak for a configuration, and those of them without a usable number.

        None where fresh runs decide and some run failed: whether that one was fresh is in its folder only.
        """
        c = self.configuration(key)
        rows = [row for row in self.numbers["rows"] if row["configuration"] == key]
        running = sum(row["status"] == "running" for row in rows)
        failed = c["failed"] + c["diverged"] + c["without_value"] + c["unfinished"] - running
        if c["set_aside"] and failed:
            return None
        return failed + c["n"], failed
