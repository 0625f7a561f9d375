"""What a report is about: the state that its answer is in, and the configuration that it speaks of."""

from __future__ import annotations

from typing import Literal

from reportgen.findings import Configuration, Findings

State = Literal[
    "no_metric",
    "no_result",
    "one_run",
    "no_direction",
    "one_setup",
    "no_baseline",
    "better",
    "nothing_better",
    "not_settled",
    "not_comparable",
]
"""What the answer is about; each has its own words."""


def choose(findings: Findings, state: State) -> Configuration | None:
    """Choose the configuration that the answer is about.

    The first of the better ones that breaks no limit; else the first that the verdict is about; else
    the first of the list.
    """
    usable = usable_of(findings)
    rivals = [c for c in usable if not c.baseline]
    if state in ("better", "not_settled"):
        verdicts = {c.key: c.verdict for c in findings.comparisons if c.metric == findings.primary}
        broken = {rail.key for rail in findings.guard_rails if rail.state == "broken"}
        fitting = [c for c in rivals if verdicts.get(c.key) == state]
        rivals = [c for c in fitting if c.key not in broken] or fitting or rivals
    return next(iter(rivals or usable), None)


def focus_of(chosen: Configuration | None, state: State) -> str | None:
    """Give the key of the configuration that stands out in tables and charts; None if none should."""
    if chosen is None or chosen.baseline or state in ("no_direction", "no_metric", "no_result"):
        return None
    return chosen.key


def focus_in(findings: Findings) -> str | None:
    """Give that key for the configuration that the answer of these findings is about."""
    state = state_of(findings)
    return focus_of(choose(findings, state), state)


def usable_of(findings: Findings) -> tuple[Configuration, ...]:
    """Give the configurations with a result, in the order of the list."""
    return tuple(c for c in findings.configurations if c.n > 0 and c.mean is not None)


def state_of(findings: Findings) -> State:
    """Find what the answer is about."""
    if findings.primary is None or findings.primary not in findings.metrics:
        return "no_metric"
    usable = usable_of(findings)
    if findings.runs.usable == 0 or not usable:
        return "no_result"
    if findings.runs.usable == 1:
        return "one_run"
    if findings.metrics[findings.primary].goal is None:
        return "no_direction"
    if len(usable) == 1:
        return "one_setup"
    return _state_against_baseline(findings)


def _state_against_baseline(findings: Findings) -> State:
    verdicts = {c.verdict for c in findings.comparisons if c.metric == findings.primary}
    if findings.baseline is None or not verdicts:
        return "no_baseline"
    if "better" in verdicts:
        return "better"
    if verdicts == {"not_comparable"}:
        return "not_comparable"
    return "not_settled" if "not_settled" in verdicts else "nothing_better"
