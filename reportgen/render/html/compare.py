"""The comparison with another set-up in the page: texts and verdicts, all worked out before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup

from reportgen.document import NumberFormat, Report, Tone, format_number
from reportgen.language import tr
from reportgen.render.html.data import data_script
from reportgen.render.live import LiveModel, compared_model

SECTION: Final = "comparison"
_TONES: Final[Mapping[str, Tone]] = {
    "\N{BLACK UP-POINTING TRIANGLE}": "good",
    "\N{BLACK DOWN-POINTING TRIANGLE}": "bad",
    "?": "caution",
}


def compare_data(report: Report) -> Markup | None:
    """Give what the page needs to compare with any set-up; None where there is nothing to compare."""
    model = compared_model(report)
    if model is None:
        return None
    values = [metric.format for metric in model.metrics]
    gaps = [_gap_format(how, model, place) for place, how in enumerate(values)]
    words: dict[str, int] = {}
    pairs = {}
    for pair in model.pairs:
        word = words.setdefault(pair.verdict, len(words))
        metric = model.metrics[pair.metric - 1]
        gap = "\N{EN DASH}"
        if pair.difference is not None:
            gap = format_number(pair.difference / metric.factor, gaps[pair.metric - 1], with_unit=False)
        pairs[f"{pair.metric - 1},{pair.against - 1},{pair.setup - 1}"] = [word, gap]
    return data_script(
        {
            "setups": model.setups,
            "choices": [place - 1 for place in model.choices],
            "baseline": model.baseline - 1,
            "named": any(c.get("baseline") for c in report.numbers["configurations"]),
            "metrics": [metric.label for metric in model.metrics],
            "values": [
                [_value(row[place], model, place, how) for row in model.values]
                for place, how in enumerate(values)
            ],
            "pairs": pairs,
            "words": [_word(word) for word in words],
            "own": {"sign": "\N{BLACK CIRCLE}", "text": tr("compared with"), "tone": "neutral"},
            "none": {"sign": "", "text": tr("not compared"), "tone": "neutral"},
        }
    )


def _gap_format(how: NumberFormat, model: LiveModel, place: int) -> NumberFormat:
    style = "points" if model.metrics[place].factor != 1.0 else how.style
    return replace(how, style=style, signed=True, decimals=how.decimals + (how.style != "percent"))


def _value(value: float | None, model: LiveModel, place: int, how: NumberFormat) -> str:
    if value is None:
        return tr("no result")
    return format_number(value / model.metrics[place].factor, how, with_unit=False)


def _word(word: str) -> dict[str, Any]:
    sign, _, text = word.partition(" ")
    return (
        {"sign": sign, "text": text, "tone": _TONES.get(sign, "neutral")}
        if text
        else {
            "sign": "",
            "text": word,
            "tone": "neutral",
        }
    )
