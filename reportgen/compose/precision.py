"""How many decimals a number deserves: its uncertainty sets them, not its storage."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportgen.document import HUGE, MOST_DECIMALS, NumberFormat, format_number
from reportgen.findings import Configuration, Findings, Metric
from reportgen.language import tr

DIGITS_WITHOUT_MARGIN = 3
"""Significant digits of a value whose uncertainty is unknown."""
MAX_EXTRA = 2
"""Decimals beyond those that even a tiny margin (runs nearly identical) may add."""

MANY = 0.25
"""Share of the ranges that must not be hidden by rounding."""


@dataclass(frozen=True, slots=True)
class MetricFormats:
    """How one metric is shown: its values, and differences between them, with the same decimals."""

    value: NumberFormat
    difference: NumberFormat
    """With a sign, for tables."""
    size: NumberFormat
    """Of a difference whose direction the words tell."""

    @property
    def low(self) -> NumberFormat:
        """Of the first value of a range, whose second carries the unit."""
        return replace(self.value, bare=True)

    @property
    def size_low(self) -> NumberFormat:
        """Of the first difference of a range."""
        return replace(self.size, bare=True)


def margin_decimals(margin: float) -> int:
    """Decimals at which a margin shows one digit: 0.31 → 1, 0.096 → 1, 12 → 0.

    Source: one digit of the margin, value and margin ending at the same decimal (Particle Data
    Group's rule, one digit instead of one or two).
    """
    if not math.isfinite(margin) or margin <= 0:
        return 0
    digits = -math.floor(math.log10(margin))
    if round(margin, digits) >= 10 ** (1 - digits):  # 0.096 rounds up to 0.1: one decimal less
        digits -= 1
    return min(max(digits, 0), MOST_DECIMALS)


def value_decimals(value: float) -> int:
    """Decimals at which a value without a known margin shows three significant digits."""
    if not math.isfinite(value) or value == 0:
        return 0
    digits = DIGITS_WITHOUT_MARGIN - 1 - math.floor(math.log10(abs(value)))
    return min(max(digits, 0), MOST_DECIMALS)


def metric_formats(metric: Metric, decimals: int) -> MetricFormats:
    """Give a metric its formats; a unit of ``%`` means a stored fraction."""
    if metric.unit == "%":
        size = NumberFormat("points", decimals)
        return MetricFormats(NumberFormat("percent", decimals), replace(size, signed=True), size)
    plain = NumberFormat("number", decimals, unit=metric.unit)
    return MetricFormats(plain, replace(plain, signed=True), plain)


def formats_of(findings: Findings) -> dict[str, MetricFormats]:
    """Give every metric its formats: the usual margin of its configurations sets the decimals."""
    return {
        name: metric_formats(metric, _decimals(findings, metric)) for name, metric in findings.metrics.items()
    }


def _decimals(findings: Findings, metric: Metric) -> int:
    """Decimals by the usual margin; more where a settled gap would not be seen or not add up."""
    decimals = _decimals_by_margin(findings, metric)
    if metric.name != findings.primary:
        return decimals
    settled = {c.key for c in findings.comparisons if c.verdict in ("better", "worse")}
    baseline = findings.baseline
    shown = [c.mean for c in findings.configurations if c.key in settled and c.mean is not None]
    if baseline is None or baseline.mean is None:
        return decimals
    for finer in range(decimals, decimals + MAX_EXTRA + 1):
        how = metric_formats(metric, finer).value
        hidden = any(reads_the_same(mean, baseline.mean, how) for mean in shown)
        if not hidden and all(adds_up(mean, baseline.mean, how) for mean in shown[:1]):
            return finer + _leads_by_less(findings, metric, finer)
    return decimals


def _leads_by_less(findings: Findings, metric: Metric, decimals: int) -> bool:
    """Tell whether a gap told beside "0.98 against 0.97" reads as 0.004, and one more digit mends it.

    Where nothing is settled, the first set-up is told beside the baseline all the same. Only a gap that
    rounds to nothing counts: more digits than the margin deserves are no cure for a last digit.
    """
    baseline, how = findings.baseline, metric_formats(metric, decimals).value
    first = next((c.mean for c in findings.configurations if not c.baseline and c.mean is not None), None)
    if baseline is None or baseline.mean is None or first is None:
        return False
    gap = round((first - baseline.mean) * how.factor, decimals)
    return gap == 0 and not reads_the_same(first, baseline.mean, how)


def adds_up(first: float, second: float, how: NumberFormat) -> bool:
    """Tell whether the printed gap is that of the printed values, as a reader would reckon it."""
    if max(abs(first), abs(second)) * how.factor >= HUGE:
        return True  # told by powers of ten, which are not reckoned with at sight
    shown = [round(value * how.factor, how.decimals) for value in (first, second, first - second)]
    return abs(shown[0] - shown[1] - shown[2]) < 0.5 * 10.0**-how.decimals


def _decimals_by_margin(findings: Findings, metric: Metric) -> int:
    factor = 100.0 if metric.unit == "%" else 1.0
    margins = [margin * factor for margin in _margins(findings, metric.name) if margin > 0]
    values = [abs(value) * factor for value in _values(findings, metric.name) if math.isfinite(value)]
    plain = value_decimals(max(values, default=0.0))
    if not margins:
        return plain
    decimals = min(margin_decimals(statistics.median_high(margins)), plain + MAX_EXTRA)
    # others are shown without their ranges nearly everywhere
    if (
        metric.name == findings.primary
        and decimals < plain + MAX_EXTRA
        and _hides_ranges(findings, metric, decimals)
    ):
        return decimals + 1
    return decimals


def _hides_ranges(findings: Findings, metric: Metric, decimals: int) -> bool:
    """Tell whether the ranges that matter most, or many, would read as "98 to 98" while one more digit shows them."""
    told = [
        (c, interval) for c in findings.configurations if (interval := _interval(findings, c, metric.name))
    ]
    coarse, finer = (metric_formats(metric, places).value for places in (decimals, decimals + 1))
    hidden = [
        c
        for c, (low, high) in told
        if reads_the_same(low, high, coarse) and not reads_the_same(low, high, finer)
    ]
    first = next((c for c, _ in told if not c.baseline), None)
    return any(c is first or c.baseline for c in hidden) or len(hidden) > len(told) * MANY


def _margins(findings: Findings, metric: str) -> Iterable[float]:
    for configuration in findings.configurations:
        interval = _interval(findings, configuration, metric)
        if interval is not None:
            yield (interval[1] - interval[0]) / 2


def _interval(findings: Findings, configuration: Configuration, metric: str) -> tuple[float, float] | None:
    if metric == findings.primary:
        return configuration.interval
    found = configuration.metrics.get(metric)
    return found.interval if found else None


def _values(findings: Findings, metric: str) -> Iterable[float]:
    for configuration in findings.configurations:
        if metric == findings.primary and configuration.mean is not None:
            yield configuration.mean
        found = configuration.metrics.get(metric)
        if found and found.mean is not None:
            yield found.mean


def reads_the_same(first: float, second: float, how: NumberFormat) -> bool:
    """Tell whether two values print alike, so that words must not put one before the other."""
    return format_number(first, how) == format_number(second, how)


def duration_format(seconds: float) -> tuple[str, NumberFormat]:
    """Choose the unit that a person would: the name of the frozen number, and its format."""
    if seconds < 120:
        return "seconds", NumberFormat("number", 0 if seconds >= 10 else 1, unit="s")
    if seconds < 7200:
        return "minutes", NumberFormat("number", 0, unit=tr("minutes"))
    return "hours", NumberFormat("number", 0 if seconds >= 36_000 else 1, unit=tr("hours"))
