"""A report becomes a mail: subject, page, plain text and pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from reportgen.document import Chart, Report
from reportgen.errors import RenderError
from reportgen.issues import MailBody, Picture
from reportgen.language import period_text, speaking
from reportgen.render.charts import chart_png
from reportgen.render.colors import mixed
from reportgen.render.email.content import MailContent, attached_text, leave_text, mail_content
from reportgen.render.email.subject import mail_subject, plain_line, shortened
from reportgen.render.email.text import mail_text
from reportgen.render.html.environment import fill_template
from reportgen.render.html.words import printable
from reportgen.render.theme import Theme

TEMPLATE = "email.html.j2"
WIDTH_PX, PICTURE_PX = 640, 560
_DRAWN_MM = 112.0
"""Pictures are drawn for less room than they get on a desk, so that a phone can show them smaller."""
_LARGEST = 100_000
"""Bytes of the page; Gmail shows no more."""
_PREHEADER = 140
_DARK = {
    "ink": "#e8edf2",
    "secondary": "#aab6c1",
    "hairline": "#33404c",
    "tint": "#1b242d",
    "paper": "#12181f",
    "ground": "#0b0f14",
}
_LIGHTER = {"focus": 0.35, "good": 0.45, "bad": 0.45, "caution": 0.40}
"""Share of the theme's colour that is left of it on a dark ground; the rest is white."""


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as the template shows it."""

    chart: Chart
    cid: str
    width: int


def render_mail(
    report: Report,
    theme: Theme,
    *,
    attach: tuple[str, ...] = ("pdf",),
    prefix: str = "",
    unsubscribe: str = "",
) -> MailBody:
    """Write the mail that brings a report, in the report's language.

    Args:
        report: What it says.
        theme: Colours; its folder of templates may hold an ``email.html.j2``.
        attach: Formats that are to be attached, out of ``pdf`` and ``xlsx``.
        prefix: Put before the answer in the subject, instead of the title; the period of an issue is always there.
        unsubscribe: Address of who takes a reader off the list; none: answers go there.

    Returns:
        The mail, and in `MailBody.lighter` the same with fewer files attached.

    Raises:
        TemplateError: The template has a mistake.
        RenderError: The page is larger than mail programs show.
    """
    meta = report.meta
    with speaking(meta.language):
        content = replace(mail_content(report), leave=leave_text(unsubscribe))
        subject = mail_subject(content.answer.text, prefix, meta.title, period_text(meta.period))
        pictures = tuple(_picture(chart, theme) for chart in content.charts)
        bodies = []
        for attached in _fewer_and_fewer(attach):
            said = replace(content, attachments=attached_text(attached, attach))
            html = _page(said, report, theme, pictures)
            bodies.append(MailBody(subject, mail_text(said), html, pictures, attached))
    first, *lighter = bodies
    return replace(first, lighter=tuple(lighter))


def _picture(chart: Chart, theme: Theme) -> Picture:
    png = chart_png(chart, theme, width_mm=_DRAWN_MM, pixels=2 * PICTURE_PX)
    # by its content: mail programs may keep a picture by its name, and show an old one in the next issue
    name = f"{chart.id.replace('_', '-')}-{hashlib.sha256(png).hexdigest()[:12]}@reportgen"
    return Picture(name, png, plain_line(chart.alt.text), PICTURE_PX)


def _page(content: MailContent, report: Report, theme: Theme, pictures: tuple[Picture, ...]) -> str:
    shown = tuple(
        PictureView(chart, picture.cid, picture.width)
        for chart, picture in zip(content.charts, pictures, strict=True)
    )
    values: dict[str, Any] = {
        "meta": report.meta,
        "content": content,
        "pictures": shown,
        "preheader": shortened(plain_line(" ".join(s.text for s in content.lead)), _PREHEADER),
        "colors": theme.colors,
        "dark": dark_colors(theme.colors),
        "width": WIDTH_PX,
    }
    html = printable(fill_template(TEMPLATE, values, theme.templates))
    size = len(html.encode())
    if size > _LARGEST:
        raise RenderError(
            f"the page of the mail has {size:,} bytes, and mail programs cut it off at {_LARGEST:,}",
            where=TEMPLATE,
            do="Leave more to the attached report.",
        )
    return html


def _fewer_and_fewer(attach: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give all that may be attached, then every choice of fewer."""
    for count in range(len(attach), -1, -1):
        yield from combinations(attach, count)


def dark_colors(colors: Mapping[str, str]) -> dict[str, str]:
    """Give the colours for mail programs that show mails on a dark ground."""
    lighter = {name: mixed(colors[name], "#ffffff", share) for name, share in _LIGHTER.items()}
    tints = {f"{name}_tint": mixed(colors[name], _DARK["paper"], 0.22) for name in _LIGHTER}
    return {**_DARK, **lighter, **tints}
