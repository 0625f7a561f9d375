"""The whole page, for the screen or for the PDF."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from reportgen.document import NumberFormat, Report, ReportMeta, format_number, stamp
from reportgen.language import long_day_text, ntr, time_text, tr
from reportgen.render.html.balance import balanced_em
from reportgen.render.html.compare import compare_data
from reportgen.render.html.data import script_hash
from reportgen.render.html.environment import fill_template
from reportgen.render.html.layout import SectionView, Setting, pair_tables, place_blocks
from reportgen.render.html.printed import explained
from reportgen.render.html.style import logo_uri, page_script, page_style, shader
from reportgen.render.html.tables import Medium
from reportgen.render.html.words import held_text, printable
from reportgen.render.theme import Theme

__all__ = ["Medium", "page_html", "report_facts"]


def page_html(report: Report, theme: Theme, medium: Medium) -> str:
    """Give the page as HTML that refers to nothing outside of itself.

    Args:
        report: What it says.
        theme: How it looks.
        medium: ``screen`` for a browser; ``print`` for the PDF, which names the bundled font files.

    Raises:
        TemplateError: A template, a style sheet or the logo is missing or has a mistake.
    """
    setting = Setting(theme, medium)
    placed = [place_blocks(section.blocks, setting) for section in report.sections]
    if medium == "print":  # a narrow window has no room for columns, and the answer has its own order
        placed[1:] = [pair_tables(rows, setting) for rows in placed[1:]]
    sections = tuple(
        SectionView(section.id, section.title, section.short, rows)
        for section, rows in zip(report.sections, placed, strict=True)
    )
    if medium == "print":
        sections = explained(sections)
    meta = report.meta
    values = {
        "meta": meta,
        "sections": sections,
        "medium": medium,
        "style": page_style(theme, meta, medium),
        "logo": logo_uri(theme),
        "built": meta.built_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "issue": meta.issue_name or long_day_text(meta.built_at),
        "facts": report_facts(meta),
        "stamp": stamp(report),
        "decision": report.open_decision,
        "headline_em": _headline_em(report, theme) if medium == "print" else None,
        "shade": shader(theme, medium),
        **_script(report, theme, medium),
    }
    return printable(fill_template("report.html.j2", values, theme.templates))


def _headline_em(report: Report, theme: Theme) -> float | None:
    first = held_text(report.sections[0].title) if report.sections else ""
    return balanced_em(first, report.meta.paper, theme.fonts["headline"])


def _script(report: Report, theme: Theme, medium: Medium) -> dict[str, Any]:
    """Give what the page does in a browser; nothing on paper."""
    if medium == "print":
        return {"script": None, "script_hash": "", "compare": None}
    script = page_script(theme)
    return {"script": script, "script_hash": script_hash(script), "compare": compare_data(report)}


def report_facts(meta: ReportMeta) -> tuple[str, ...]:
    """Give the small print at the foot: what the report rests on and what made it."""
    counted = format_number(meta.runs, NumberFormat(grouped=True))
    runs = ntr("{n} run in all", "{n} runs in all", meta.runs, n=counted)
    until = (tr("Data up to {time}", time=time_text(meta.data_until)),) if meta.data_until else ()
    return (
        *until,
        runs,
        tr("data fingerprint {fingerprint}", fingerprint=meta.fingerprint),
        f"reportgen {meta.version}",
    )
