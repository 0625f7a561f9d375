"""Who sees what: what an audience may not see is taken out of the findings before a word is written.

Sentences, tables, charts, file properties and the frozen numbers are all made from what `for_audience`
gives, so nothing that is held back can be in any output, whoever writes the next recipe. Numbers that
are shown are those of the team's report, under the same pointers. ``docs/audiences.md`` has the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.compose.audience_changes import changes_for_others
from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.config.settings import Audience, Config
from reportgen.document import Sentence, phrase
from reportgen.findings import (
    Assumption,
    Configuration,
    Environment,
    Findings,
    Quality,
    RunCounts,
)
from reportgen.language import tr

_ABOUT_METRICS = frozenset(("metric", "goal", "unit", "summary"))
"""Assumptions that tell nothing of settings, runs or where they lie."""
_CODE = "code"
"""The parameter that `[compare] same` makes of the code version, where configurations mix several."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SECTIONS: Mapping[Audience, frozenset[str]] = {
    "executive": frozenset(
        ("tasks", "tried", "mattered", "curves", "history", "runs", "reproduce", "method")
    ),
    "team": frozenset(),
    "public": frozenset(("runs",)),
}
_SETTINGS = frozenset(("tried", "mattered"))
"""Sections about settings: the public gets them only where the configuration says which ones tell."""


def for_audience(findings: Findings, config: Config) -> Findings:
    """Take out of *findings* what this audience may not see; counts and numbers stay as they are."""
    if config.audience == "team":
        return findings
    redacted = replace(
        findings,
        assumed=tuple(map(_assumption, findings.assumed)),
        sources=tuple((WITHHELD, kind, runs) for _, kind, runs in findings.sources),
        runs=_run_counts(findings.runs),
        constant={},
        configurations=tuple(replace(c, run_ids=()) for c in findings.configurations),
        changes=changes_for_others(
            findings, hides_names=config.audience == "public" or _CODE in findings.varied
        ),
        quality=_quality(findings.quality),
        environment=Environment(),
        effort=replace(
            findings.effort, machines=tuple((WITHHELD, runs) for _, runs in findings.effort.machines)
        ),
        rows=(),
        collapses=tuple(replace(run, run_id="") for run in findings.collapses),
    )
    if config.audience == "public":
        return _without_names(redacted, findings, config)
    if _CODE in findings.varied:  # set-ups that were taken apart by code have the commit in their names
        lettered = (_lettered(c, place) for place, c in enumerate(redacted.configurations))
        return replace(redacted, configurations=tuple(lettered))
    return redacted


def held_back(findings: Findings, config: Config) -> frozenset[str]:
    """Name the sections that this audience does not get."""
    sections = _SECTIONS[config.audience]
    return sections if config.audience != "public" or _declared(findings, config) else sections | _SETTINGS


def held_back_words(config: Config) -> Sentence:
    """Say what else there is, and who has it."""
    if config.audience == "public":
        return phrase("Single runs, and how and where they were made, are in the report for the team.")
    return phrase("Single runs, settings and method are in the report for the team.")


def _declared(findings: Findings, config: Config) -> bool:
    """Tell whether the configuration itself says which settings name the set-ups (``[compare] by``)."""
    return bool(findings.varied) and set(findings.varied) <= set(config.compare.by or ())


def _without_names(redacted: Findings, findings: Findings, config: Config) -> Findings:
    """Take out names that were taken from runs, not declared for readers: set-ups get letters, in order of rank."""
    shown = _declared(findings, config)
    own = {text for row in findings.rows for text in (row.id, row.name)}
    configurations = tuple(
        c if shown and c.label not in own else _lettered(c, place)
        for place, c in enumerate(redacted.configurations)
    )
    title = redacted.title if config.title else tr("Results")
    redacted = replace(redacted, title=title, configurations=configurations)
    if shown:
        return redacted
    return replace(
        redacted,
        varied=(WITHHELD,) * len(findings.varied),
        importance=replace(
            findings.importance, stated=False, reason="off", parameters=(), interactions=(), branches=()
        ),
    )


def _lettered(configuration: Configuration, place: int) -> Configuration:
    return replace(configuration, label=tr("Set-up {letter}", letter=_letters(place)), params={})


def _letters(place: int) -> str:
    """Count in letters: A to Z, then AA."""
    text = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, len(_LETTERS))
        text = _LETTERS[letter] + text
    return text


def _assumption(assumed: Assumption) -> Assumption:
    if assumed.what in _ABOUT_METRICS:
        return replace(assumed, change="")
    return Assumption(assumed.what, WITHHELD, "")


def _run_counts(runs: RunCounts) -> RunCounts:
    nameless = (WITHHELD, WITHHELD)
    return replace(runs, excluded=(nameless,) * len(runs.excluded), skipped=(nameless,) * len(runs.skipped))


def _quality(quality: Quality) -> Quality:
    said = tr("What is peculiar about single runs or settings is told in the report for the team.")
    return replace(
        quality,
        notes=tuple((WITHHELD, WITHHELD, count) for _, _, count in quality.notes),
        data=tuple(
            replace(version, sha256=_hidden(version.sha256), source=_hidden(version.source))
            for version in quality.data
        ),
        code=tuple(
            replace(
                version,
                commit=_hidden(version.commit),
                branch=_hidden(version.branch),
                entry_point=_hidden(version.entry_point),
            )
            for version in quality.code
        ),
        warnings=((WITHHELD, said),) if quality.warnings else (),
    )


def _hidden(text: str) -> str:
    return WITHHELD if text else text
