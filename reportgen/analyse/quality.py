"""What is wrong or mixed in the input."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from reportgen.analyse.configurations import Group
from reportgen.analyse.facts import parse_fact, value_of
from reportgen.analyse.parameters import EXPERIMENT, Parameters
from reportgen.analyse.tasks import task_values
from reportgen.analyse.values import ABSENT
from reportgen.config.settings import Config
from reportgen.config.toml import toml_key
from reportgen.findings import CodeVersion, DataVersion, Quality
from reportgen.language import mark, message
from reportgen.runs import Run, RunSet

_NAMED_ALIKE = 3
"""Configurations whose repeats never differ: named one by one up to so many."""
_ALIKE = (
    mark("All repeats of {name} gave the same number; {hint}."),
    mark("All runs of {name} gave the same number; {hint}."),
)
"""On one task, and on several, where runs are no repeats."""
_MANY_ALIKE = (
    mark("In {count} set-ups, {first} and {second} among them, all repeats gave the same number; {hint}."),
    mark("In {count} set-ups, {first} and {second} among them, all runs gave the same number; {hint}."),
)
_ENOUGH_TO_SUSPECT = 3
"""Runs from which a parameter with a value of its own in every run is suspicious."""


def inspect_input(
    runs: RunSet, groups: Sequence[Group], parameters: Parameters, flat: Sequence[bool], config: Config
) -> Quality:
    """Collect faults in files, versions of data and code, and everything else a reader should hear of.

    Args:
        runs: The runs reported on.
        groups: Their configurations.
        parameters: What tells them apart.
        flat: For each configuration, whether all of its repeats gave the same number.
        config: What the user said, to be checked against the runs.
    """
    data, mixed = _data_versions(runs.runs)
    code = _code_versions(runs.runs)
    warnings = (
        *_identical_repeats(runs.runs, groups, flat, parameters),
        *_repeated_seeds(runs.runs, groups, parameters),
        *_case_only(groups),
        *_suspicious_parameters(runs.runs, parameters),
        *_left_out(runs.runs, groups, parameters),
        *_mixed_code(code),
        *_unused_settings(runs.runs, config),
    )
    return Quality(
        notes=tuple((note.run_id, note.text, note.count) for note in runs.notes),
        data=data,
        runs_without_data=sum(not run.data for run in runs.runs),
        code=code,
        runs_without_code=sum(not run.code.get("commit") for run in runs.runs),
        mixed_data=mixed,
        mixed_splits=_mixed_splits(runs.runs),
        warnings=warnings,
    )


def _data_versions(runs: Sequence[Run]) -> tuple[tuple[DataVersion, ...], tuple[str, ...]]:
    counts: Counter[tuple[str, str, str, str, str, Any]] = Counter()
    distinct: dict[tuple[str, str], set[str]] = defaultdict(set)
    for run in runs:
        for name, facts in run.data.items():
            texts = [str(facts.get(fact) or "") for fact in ("version", "sha256", "source", "split")]
            texts[1] = texts[1] or str(facts.get("md5") or "")  # all that a pointer of DVC tells
            # a table's hash and its file's are of different kinds: to differ means nothing
            kind = str(facts.get("kind") or "file") if texts[1] else "file"
            distinct[name, kind].add(texts[1] or texts[0])
            rows = facts.get("rows")
            counts[(name, texts[0], texts[1], texts[2], texts[3], rows if type(rows) is int else None)] += 1
    versions = [
        DataVersion(name, version, sha256, source, split, rows, times)
        for (name, version, sha256, source, split, rows), times in counts.items()
    ]
    versions.sort(
        key=lambda entry: (entry.name, -entry.runs, entry.version, entry.sha256, entry.source, entry.split)
    )
    mixed = {name for (name, _), found in distinct.items() if len(found - {""}) > 1}
    return tuple(versions), tuple(sorted(mixed))


def _mixed_splits(runs: Sequence[Run]) -> tuple[str, ...]:
    distinct: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        for name, facts in run.data.items():
            distinct[name].add(str(facts.get("split") or ""))
    return tuple(sorted(name for name, found in distinct.items() if len(found - {""}) > 1))


def _code_versions(runs: Sequence[Run]) -> tuple[CodeVersion, ...]:
    counts: Counter[tuple[str, str, bool | None, str]] = Counter()
    for run in runs:
        if run.code.get("commit"):
            dirty = run.code.get("dirty")
            branch, entry_point = str(run.code.get("branch") or ""), str(run.code.get("entry_point") or "")
            counts[
                (str(run.code["commit"]), branch, dirty if isinstance(dirty, bool) else None, entry_point)
            ] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(CodeVersion(*facts, runs=times) for facts, times in ordered)


def _identical_repeats(
    runs: Sequence[Run], groups: Sequence[Group], flat: Sequence[bool], parameters: Parameters
) -> Iterator[tuple[str, str]]:
    over_tasks = len(set(task_values(runs, parameters.task) or ())) > 1
    hint = (
        message("check that {seed} is used", seed=parameters.seed)
        if parameters.seed
        else message("check that a seed is used")
    )
    same = [group for group, is_flat in zip(groups, flat, strict=True) if is_flat]
    if len(same) > _NAMED_ALIKE:
        yield (
            same[0].key,
            message(
                _MANY_ALIKE[over_tasks],
                count=len(same),
                first=same[0].label,
                second=same[1].label,
                hint=hint,
            ),
        )
        return
    for group in same:
        yield group.key, message(_ALIKE[over_tasks], name=group.label, hint=hint)


def _repeated_seeds(
    runs: Sequence[Run], groups: Sequence[Group], parameters: Parameters
) -> Iterator[tuple[str, str]]:
    if parameters.seed is None:
        return
    tasks = task_values(runs, parameters.task)
    for group in groups:
        seeds = Counter(
            (tasks[i] if tasks else ABSENT, seed)
            for i in group.members
            if (seed := parameters.value(runs[i], parameters.seed)) != ABSENT
        )
        if any(times > 1 for times in seeds.values()):
            yield (
                group.key,
                message(
                    "{name} was run more than once with the same {seed}; each run counts, although such runs may "
                    "not be independent.",
                    name=group.label,
                    seed=parameters.seed,
                ),
            )


def _case_only(groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    folded: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        folded[group.label.split(" (c-")[0].casefold()].append(group)
    for alike in folded.values():
        if len(alike) > 1 and len({group.label.casefold() for group in alike}) < len(alike):
            labels = ", ".join(group.label for group in alike)
            template = mark("These differ in capital letters only and are counted apart: {names}.")
            yield alike[0].key, message(template, names=labels)


def _suspicious_parameters(runs: Sequence[Run], parameters: Parameters) -> Iterator[tuple[str, str]]:
    """Find parameters that may only name a run: a value of its own in every run, or one for each seed."""
    if len(runs) < _ENOUGH_TO_SUSPECT:
        return
    seeds = None if parameters.seed is None else [parameters.value(run, parameters.seed) for run in runs]
    seeds_vary = seeds is not None and len(set(seeds)) > 1
    for name in parameters.varied:
        values = [parameters.value(run, name) for run in runs]
        distinct = len(set(values))
        if (
            seeds is not None
            and seeds_vary
            and distinct == len(set(seeds)) == len(set(zip(seeds, values, strict=True)))
        ):
            yield (
                name,
                message(
                    "{name} changes exactly with {seed}, so their effects cannot be told apart; if {name} only "
                    "repeats a run, leave it out with by = [...] under [compare].",
                    name=name,
                    seed=parameters.seed,
                ),
            )
        elif distinct == len(runs) and (seeds_vary or len(parameters.varied) > 1) and _may_name(values):
            yield (
                name,
                message(
                    "{name} has a value of its own in every run, so no run repeats another; if it only names the "
                    "run, leave it out with by = [...] under [compare].",
                    name=name,
                ),
            )


def _may_name(values: Sequence[tuple[str, Any]]) -> bool:
    return all(kind == "text" or isinstance(content, int) for kind, content in values)


def _left_out(
    runs: Sequence[Run], groups: Sequence[Group], parameters: Parameters
) -> Iterator[tuple[str, str]]:
    for name in parameters.other:
        if any(len({parameters.value(runs[i], name) for i in group.members}) > 1 for group in groups):
            spoken = "experiment" if name == parameters.experiment == EXPERIMENT else name
            template = mark("Runs of one configuration differ in {name}, which [compare] by leaves out.")
            yield name, message(template, name=spoken)


def _mixed_code(code: Sequence[CodeVersion]) -> Iterator[tuple[str, str]]:
    if len({entry.commit for entry in code}) > 1:
        yield "code", message("The runs were made with several versions of the code.")
    if any(entry.dirty for entry in code):
        yield "code", message("Some runs were made with changes to the code that were not committed.")


def _unused_settings(runs: Sequence[Run], config: Config) -> Iterator[tuple[str, str]]:
    logged = {name for run in runs for name in run.metrics}
    for name in config.metrics:
        if name not in logged:
            near = difflib.get_close_matches(name, sorted(logged), n=1)
            table = f"[metrics.{toml_key(name)}]"
            if near:
                template = mark(
                    "{table} describes a metric that none of these runs has; the nearest that they have is {near}."
                )
                yield name, message(template, table=table, near=near[0])
            else:
                yield name, message("{table} describes a metric that none of these runs has.", table=table)
    for entry in config.compare.same:
        fact = parse_fact(entry)
        if all(value_of(run, fact) == ABSENT for run in runs):
            yield (
                entry,
                message(
                    "{entry} should be the same in all runs, but no run tells it, so it was not checked.",
                    entry=entry,
                ),
            )
