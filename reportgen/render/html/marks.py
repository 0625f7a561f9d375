"""Drawings inside the page: sparklines, written by hand, and charts as pictures."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence

from markupsafe import Markup

from reportgen.document import KeyFigure, Number, format_number
from reportgen.language import tr
from reportgen.render.theme import Theme

_WIDTH, _HEIGHT, _PAD = 160.0, 26.0, 4.0
_MOST = 60


def sparkline(item: KeyFigure, theme: Theme) -> Markup:
    """Draw the course of a key figure; nothing where there are not two finite values."""
    values = [value for value in item.trend if math.isfinite(value)][-_MOST:]
    if len(values) < 2:
        return Markup()
    places = _places(values)
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    x, y = places[-1]
    return Markup(
        '<svg class="spark" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img">'
        "<title>{}</title>"
        '<path d="{}" fill="none" stroke="{}" stroke-width="1.6" stroke-linejoin="round"/>'
        '<circle cx="{}" cy="{}" r="3" fill="{}"/></svg>'
    ).format(
        f"{_WIDTH:g}",
        f"{_HEIGHT:g}",
        _alt(item, values),
        path,
        theme.colors["other"],
        f"{x:.1f}",
        f"{y:.1f}",
        theme.colors["focus"],
    )


def picture(svg: str, alt: str) -> Markup:
    """Put a drawing into an ``<img>``: the PDF's engine would look for styles of every line in an ``<svg>``."""
    content = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return Markup('<img alt="{}" src="data:image/svg+xml;base64,{}"/>').format(alt, content)


def _places(values: Sequence[float]) -> list[tuple[float, float]]:
    low, high = min(values), max(values)
    # halves keep the difference of two huge values finite
    span = high / 2 - low / 2
    step = (_WIDTH - 2 * _PAD) / (len(values) - 1)
    return [
        (
            _PAD + number * step,
            _HEIGHT / 2
            if span <= 0
            else _HEIGHT - _PAD - (value / 2 - low / 2) / span * (_HEIGHT - 2 * _PAD),
        )
        for number, value in enumerate(values)
    ]


def _alt(item: KeyFigure, values: Sequence[float]) -> str:
    if not isinstance(item.value, Number):
        return tr("Line of {name} over time.", name=item.label)
    first, last = (format_number(value, item.value.format) for value in (values[0], values[-1]))
    return tr("Line of {name} over time, from {first} to {last}.", name=item.label, first=first, last=last)
