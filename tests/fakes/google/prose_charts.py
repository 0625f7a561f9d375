"""The rules about charts that Google's documents state in words only."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.google.schema import Obj

KINDS = (
    "basicChart",
    "bubbleChart",
    "candlestickChart",
    "histogramChart",
    "orgChart",
    "pieChart",
    "scorecardChart",
    "treemapChart",
    "waterfallChart",
)
CHART_UNIONS: dict[str, tuple[int, tuple[str, ...]]] = {
    "ChartSpec": (1, KINDS),
    "ChartData": (1, ("columnReference", "sourceRange")),
    "EmbeddedObjectPosition": (1, ("newSheet", "overlayPosition", "sheetId")),
}
STACKING = ("AREA", "BAR", "COLUMN", "COMBO", "STEPPED_AREA")
UNSUPPORTED_IN_TITLES = ("strikethrough", "underline", "link")


def spec(message: Obj) -> str | None:
    """Titles are plain; filters and sorting belong to charts of data sources."""
    for name in ("titleTextFormat", "subtitleTextFormat"):
        for wrong in UNSUPPORTED_IN_TITLES:
            if wrong in message.get(name, {}):
                return f"{name}.{wrong} is not supported"
    for name in ("filterSpecs", "sortSpecs"):
        if message.get(name):
            return f"{name} are only supported for data source charts"
    return None


def data(message: Obj) -> str | None:
    """Grouping belongs to charts of data sources."""
    for name in ("aggregateType", "groupRule"):
        if name in message:
            return f"{name} is only supported for data source charts"
    return None


def basic(message: Obj) -> str | None:
    """The rules of line, area, column, bar, scatter and combined charts."""
    kind = message.get("chartType", "BASIC_CHART_TYPE_UNSPECIFIED")
    if kind == "BASIC_CHART_TYPE_UNSPECIFIED":
        return "A basic chart must have a chartType"
    if not message.get("series"):
        return "A basic chart must have at least one series"
    checks = (_domains, _axes, _stacking, _series)
    return next((problem for check in checks if (problem := check(kind, message))), None)


def _domains(kind: str, message: Obj) -> str | None:
    if len(message.get("domains", [])) > 1:
        return "Only a single domain is supported"
    if message.get("threeDimensional") and kind not in ("BAR", "COLUMN", "COMBO"):
        return f"threeDimensional is not valid for {kind}"
    return "headerCount must not be negative" if message.get("headerCount", 0) < 0 else None


def _axes(kind: str, message: Obj) -> str | None:
    positions = [axis.get("position") for axis in message.get("axis", [])]
    if len(positions) != len(set(positions)):
        return "A chart may not have more than one axis per axis position"
    if None in positions or "BASIC_CHART_AXIS_POSITION_UNSPECIFIED" in positions:
        return "An axis must have a position"
    if any("link" in axis.get("format", {}) for axis in message.get("axis", [])):
        return "The link of an axis title is not supported"
    if kind == "BAR" and "RIGHT_AXIS" in positions:
        return "RIGHT_AXIS is not valid for BAR"
    return None


def _stacking(kind: str, message: Obj) -> str | None:
    stacked = message.get("stackedType") in ("STACKED", "PERCENT_STACKED")
    if stacked and kind not in STACKING:
        return f"{message['stackedType']} is not valid for {kind}"
    if "totalDataLabel" in message and not stacked:
        return "totalDataLabel is only supported on stacked charts"
    return None


def _series(kind: str, message: Obj) -> str | None:
    for entry in message["series"]:
        own = entry.get("type")
        if "series" not in entry:
            return "A series must have its data"
        if own and kind != "COMBO":
            return f"A series type is valid only if the chartType is COMBO, not {kind}"
        if kind == "COMBO" and own not in ("LINE", "AREA", "COLUMN", "STEPPED_AREA"):
            return f"Only LINE, AREA, COLUMN and STEPPED_AREA series are supported in COMBO, got {own}"
        if problem := _style(own or kind, entry) or _target(kind, entry):
            return problem
    return None


def _style(drawn: str, entry: Obj) -> str | None:
    if drawn in ("AREA", "LINE", "SCATTER"):
        return None
    wrong = [name for name in ("lineStyle", "pointStyle") if name in entry]
    return f"{wrong[0]} is not valid for {drawn}" if wrong else None


def _target(kind: str, entry: Obj) -> str | None:
    valid = ("BOTTOM_AXIS",) if kind == "BAR" else ("LEFT_AXIS", "RIGHT_AXIS")
    if entry.get("targetAxis", valid[0]) in valid:
        return None
    return f"{entry['targetAxis']} is not a valid minor axis for {kind}"


def bubble(message: Obj) -> str | None:
    """Sizes need groups; radii are positive; opacity is a share."""
    if "bubbleSizes" in message and "groupIds" not in message:
        return "If bubble_sizes is specified, group_ids must also be specified"
    for name in ("bubbleMaxRadiusSize", "bubbleMinRadiusSize"):
        if message.get(name, 1) <= 0:
            return f"{name} must be positive"
    if not 0 <= message.get("bubbleOpacity", 1) <= 1:
        return "bubbleOpacity must lie in [0, 1]"
    return _wanted(message, "domain", "series")


def pie(message: Obj) -> str | None:
    """A pie has a domain and its one series."""
    if not 0 <= message.get("pieHole", 0) <= 1:
        return "pieHole must lie in [0, 1]"
    return _wanted(message, "domain", "series")


def histogram(message: Obj) -> str | None:
    """The bounds of buckets and outliers."""
    if message.get("bucketSize", 0) < 0:
        return "bucketSize cannot be negative"
    if not 0 <= message.get("outlierPercentile", 0) <= 0.5:
        return "outlierPercentile must be between 0.0 and 0.5"
    return None if message.get("series") else "A histogram must have a series"


def scorecard(message: Obj) -> str | None:
    """A key value; what belongs to the baseline only with one; own formats only if CUSTOM."""
    if "baselineValueData" in message and "baselineValueFormat" not in message:
        return "baselineValueFormat is needed if baselineValueData is specified"
    if "customFormatOptions" in message and message.get("numberFormatSource") != "CUSTOM":
        return "customFormatOptions is used only when numberFormatSource is CUSTOM"
    if "link" in message.get("keyValueFormat", {}).get("textFormat", {}):
        return "The link of a key value is not supported"
    return _wanted(message, "keyValueData")


def candlestick(message: Obj) -> str | None:
    """One set of data."""
    return None if len(message.get("data", [])) == 1 else "Only one CandlestickData is supported"


def label(message: Obj) -> str | None:
    """Own labels need their data, and data their kind."""
    if "link" in message.get("textFormat", {}):
        return "The link of a data label is not supported"
    if ("customLabelData" in message) != (message.get("type") == "CUSTOM"):
        return "customLabelData is needed for, and only used with, a label of type CUSTOM"
    return None


def overlay(message: Obj) -> str | None:
    """A chart has a size."""
    for name in ("heightPixels", "widthPixels"):
        if message.get(name, 1) <= 0:
            return f"{name} must be positive"
    return None


def _wanted(message: Obj, *names: str) -> str | None:
    missing = [name for name in names if name not in message]
    return f"{missing[0]} is required" if missing else None


CHART_RULES: dict[str, Callable[[Obj], str | None]] = {
    "ChartSpec": spec,
    "ChartData": data,
    "BasicChartSpec": basic,
    "BubbleChartSpec": bubble,
    "PieChartSpec": pie,
    "HistogramChartSpec": histogram,
    "ScorecardChartSpec": scorecard,
    "CandlestickChartSpec": candlestick,
    "DataLabel": label,
    "OverlayPosition": overlay,
}
