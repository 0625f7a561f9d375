"""Messages of the stages before, in the language of the report: retold once, before anything is composed."""

from __future__ import annotations

from dataclasses import replace

from reportgen.findings import Assumption, Comparison, Findings
from reportgen.language import retold


def retell(findings: Findings) -> Findings:
    """Put every message in *findings* in the spoken language; names and free texts of runs stay as they are."""
    runs, quality = findings.runs, findings.quality
    return replace(
        findings,
        assumed=tuple(map(_assumption, findings.assumed)),
        comparisons=tuple(map(_comparison, findings.comparisons)),
        pairs=tuple(map(_comparison, findings.pairs)),
        sources=tuple((address, retold(kind), count) for address, kind, count in findings.sources),
        runs=replace(
            runs,
            excluded=tuple((run, retold(reason)) for run, reason in runs.excluded),
            skipped=tuple((address, retold(reason)) for address, reason in runs.skipped),
        ),
        quality=replace(
            quality,
            warnings=tuple((name, retold(text)) for name, text in quality.warnings),
            notes=tuple((run, retold(text), count) for run, text, count in quality.notes),
        ),
    )


def _assumption(assumed: Assumption) -> Assumption:
    return replace(assumed, why=retold(assumed.why), change=retold(assumed.change))


def _comparison(comparison: Comparison) -> Comparison:
    return replace(comparison, next_step=retold(comparison.next_step)) if comparison.next_step else comparison
