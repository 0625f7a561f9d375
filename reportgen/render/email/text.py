"""The mail as plain text, for terminals and for people who want no pages: lines of at most 72 signs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from reportgen.document import Chart, KeyFigure, Missing, Sentence, format_number
from reportgen.language import tr
from reportgen.render.email.content import MailContent
from reportgen.render.email.subject import plain_line
from reportgen.render.ranges import range_text, row_format

WIDTH = 72
_ROWS = 6
"""Most rows of a chart that are told."""
_FIGURES = 36
"""Signs of a line that the figures of such a row take."""


def mail_text(content: MailContent) -> str:
    """Write the same parts in the same order as the page."""
    parts: list[str] = [
        wrapped(f"{content.title} · {content.issue}"),
        _heading(content.answer.text, "="),
        *(wrapped(sentence.text) for sentence in content.lead),
    ]
    parts += [_section(box.title, _items(box.sentences)) for box in content.boxes]
    if content.figures:
        parts.append(_section(tr("Key figures"), list(_figures(content.figures))))
    parts += [wrapped(sentence.text) for sentence in content.notes]
    if content.changes:
        parts.append(_section(content.changes_title, _items(content.changes)))
    parts += [
        _section(chart.title.text, list(_rows(chart)), (chart.subtitle.text,)) for chart in content.charts
    ]
    if content.attachments:
        parts.append(wrapped(content.attachments))
    parts += ["-- ", *(wrapped(line) for line in (content.leave, " · ".join(content.facts)) if line)]
    # the two lines of a signature's border stand together, so that mail programs know it
    return "\n\n".join(part for part in parts if part).replace("-- \n\n", "-- \n") + "\n"


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Break a text into lines; no word is cut."""
    return textwrap.fill(
        plain_line(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _heading(text: str, line: str) -> str:
    body = wrapped(text)
    return f"{body}\n{line * max(map(len, body.splitlines() or ['']))}"


def _section(title: str, lines: list[str], under: Iterable[str] = ()) -> str:
    return "\n".join([_heading(title, "-"), *(wrapped(text) for text in under), *lines])


def _items(sentences: Iterable[Sentence]) -> list[str]:
    texts = [sentence.text for sentence in sentences]
    return [wrapped(text, "* ", "  ") for text in texts] if len(texts) > 1 else [wrapped(t) for t in texts]


def _figures(figures: Iterable[KeyFigure]) -> Iterator[str]:
    for item in figures:
        value = item.value.reason if isinstance(item.value, Missing) else item.value.text
        change = f"{item.change.sign} {item.change.sentence.text}".strip() if item.change else ""
        note = item.note.text if item.note else ""
        told = ", ".join(part for part in (value, change, note) if part)
        yield wrapped(f"{item.label}: {told}", "* ", "  ")


def _rows(chart: Chart) -> Iterator[str]:
    """Tell the values of a chart whose rows have names; of others the sentence for those who cannot see it."""
    if chart.kind not in ("dot_interval", "dumbbell", "bars") or len(chart.series[0].points) > _ROWS:
        yield wrapped(chart.alt.text)
        return
    points, how = chart.series[0].points, chart.x.format
    names = [plain_line(point.label) for point in points]
    longest = min(max(map(len, names)), WIDTH - _FIGURES)
    for name, point in zip(names, points, strict=True):
        figures = f"{format_number(point.x, row_format(point, how)):>10}"
        if ends := range_text(point, how):
            figures += f"  ({ends})"
        if len(name) > longest:  # in full: cut names may be equal
            yield wrapped(name, "  ", "    ")
            name = ""  # noqa: PLW2901 - said already
        yield f"  {name:<{longest}}  {figures}"
