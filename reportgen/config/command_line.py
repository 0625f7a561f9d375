"""What was said on the command line, laid over the configuration file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reportgen.config.checking import as_moment, name_known
from reportgen.config.formats import unknown_formats
from reportgen.config.settings import (
    FORMATS,
    Audience,
    CompareConfig,
    Config,
    Goal,
    MetricConfig,
    OutputConfig,
    Paper,
    SelectConfig,
)
from reportgen.errors import FilterError, UsageError

_PAIR = re.compile(
    r"""\s*(?P<name>"[^"]*"|'[^']*'|[^=,]+?)\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^,]*?)\s*(?:,|$)"""
)
_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)")
_FLOAT = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "none": None}


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Options of ``reportgen build`` that change what is reported; None or empty where not given."""

    addresses: tuple[str, ...] = ()
    """Relative to the current folder, unlike those of the file."""
    title: str | None = None
    audience: Audience | None = None
    metric: str | None = None
    goal: Goal | None = None
    baseline: Mapping[str, Any] | None = None
    experiments: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    exclude: Mapping[str, str] = field(default_factory=dict)
    out: Path | None = None
    formats: tuple[str, ...] = ()
    paper: Paper | None = None


def merge_command_line(config: Config, options: CommandLine) -> Config:
    """Lay the command line over the configuration: what was said last wins.

    Conditions and exclusions add to those of the file; everything else takes their place.

    Raises:
        UsageError: A goal was given, and neither side names the metric that it is for.
    """
    return replace(
        config,
        title=(options.title or "").strip() or config.title,
        runs=options.addresses or config.runs,
        audience=options.audience or config.audience,
        metrics=_merge_metrics(config, options),
        compare=_merge_compare(config.compare, options),
        select=_merge_select(config.select, options),
        outputs=_merge_outputs(config.outputs, options),
        said=command_words(options),
    )


def command_words(options: CommandLine) -> tuple[str, ...]:
    """Write the options that change what is reported, as they are typed."""
    words = list(options.addresses)
    if options.metric is not None:
        words += ["--metric", options.metric]
    if options.goal is not None:
        words += ["--goal", options.goal]
    if options.baseline:
        words += ["--baseline", write_pairs(options.baseline)]
    for experiment in options.experiments:
        words += ["--experiment", experiment]
    for condition in options.where:
        words += ["--where", condition]
    for name, moment in (("--since", options.since), ("--until", options.until)):
        if moment is not None:
            words += [name, moment.isoformat().removesuffix("+00:00").removesuffix("T00:00:00")]
    for run, reason in options.exclude.items():
        words += ["--exclude", f"{run}={reason}"]
    if options.audience is not None:
        words += ["--audience", options.audience]
    if options.title:
        words += ["--title", options.title]
    return tuple(words)


def _name_typed(name: str) -> str:
    return f'"{name}"' if {"=", ","}.intersection(name) else name


def _typed(value: Any) -> str:
    """Write a value so that `parse_value` reads the same one back."""
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    read = parse_value(text)
    plain = type(read) is type(value) and read == value and "," not in text
    return text if plain or not isinstance(value, str) else f'"{text}"'


def _merge_metrics(config: Config, options: CommandLine) -> Mapping[str, MetricConfig]:
    metrics = dict(config.metrics)
    name = options.metric or (config.primary.name if config.primary else None)
    if options.goal and name is None:
        raise UsageError(
            f"--goal {options.goal} does not say which metric it is for",
            do="Name the deciding metric with --metric NAME.",
        )
    if options.metric:
        metrics = {key: replace(metric, primary=False) for key, metric in metrics.items()}
        metrics[options.metric] = replace(
            metrics.get(options.metric, MetricConfig(options.metric)), primary=True
        )
    if options.goal and name is not None:
        metrics[name] = replace(metrics[name], goal=options.goal)
    return metrics


def _merge_compare(compare: CompareConfig, options: CommandLine) -> CompareConfig:
    return compare if options.baseline is None else replace(compare, baseline=options.baseline)


def _merge_select(select: SelectConfig, options: CommandLine) -> SelectConfig:
    return SelectConfig(
        experiments=options.experiments or select.experiments,
        where=select.where + options.where,
        since=options.since or select.since,
        until=options.until or select.until,
        exclude={**select.exclude, **options.exclude},
    )


def _merge_outputs(outputs: OutputConfig, options: CommandLine) -> OutputConfig:
    return replace(
        outputs,
        directory=options.out or outputs.directory,
        formats=options.formats or outputs.formats,
        paper=options.paper or outputs.paper,
    )


def parse_pairs(text: str, option: str) -> dict[str, Any]:
    """Read ``model=logreg,hidden=64``: numbers, true, false and null are typed, quotes make text.

    Raises:
        UsageError: A part is no ``name=value``.
    """
    pairs: dict[str, Any] = {}
    at = 0
    while at < len(text):
        match = _PAIR.match(text, at)
        if not match:
            break
        pairs[match["name"].strip("\"'")] = parse_value(match["value"])
        at = match.end()
    if not pairs or at < len(text):
        raise UsageError(
            f"{option} {text!r} is not understood",
            do=f"Write name=value, several joined by commas: {option} 'model=logreg,hidden=64'.",
        )
    return pairs


def write_pairs(pairs: Mapping[str, Any]) -> str:
    """Write values of settings as `parse_pairs` reads them: ``model=logreg,hidden=64``."""
    return ",".join(f"{_name_typed(name)}={_typed(value)}" for name, value in pairs.items())


def parse_value(text: str) -> Any:
    """Read one value as it would have been logged: ``64`` is a number, ``"64"`` and ``064`` are texts."""
    if len(text) > 1 and text[0] in "\"'" and text[0] == text[-1]:
        return text[1:-1]
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def parse_exclusions(entries: Sequence[str]) -> dict[str, str]:
    """Read ``RUN=reason`` entries.

    Raises:
        FilterError: A run or its reason is missing.
    """
    exclusions: dict[str, str] = {}
    for entry in entries:
        run, _, reason = (part.strip() for part in entry.partition("="))
        if not run or not reason:
            raise FilterError(
                f"--exclude {entry!r} gives no reason",
                do="Write --exclude RUN=reason; the reason is printed in the report.",
            )
        exclusions[run] = reason
    return exclusions


def parse_since(text: str, option: str = "--since") -> datetime:
    """Read a day or time as an aware time in UTC.

    Raises:
        FilterError: It is none.
    """
    found = as_moment(text)
    if found is None:
        raise FilterError(f"{option} {text!r} is no date", do="Write it as 2026-11-01 or 2026-11-01T08:00.")
    return found


def parse_formats(text: str) -> tuple[str, ...]:
    """Read ``xlsx,pdf``; order and repetitions do not matter to the outputs, the first mention counts.

    Raises:
        UsageError: A format is unknown, or there is none.
    """
    formats = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    unknown = unknown_formats(formats)
    if unknown or not formats:
        word = unknown[0] if unknown else ""
        raise UsageError(f"--format {text!r}: {word!r} is no format", found=name_known(word, FORMATS))
    return formats
