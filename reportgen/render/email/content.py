"""What of a report goes into its mail: the answer, what is suggested, three figures, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportgen.document import (
    Callout,
    Chart,
    KeyFigure,
    KeyFigures,
    Label,
    Paragraph,
    Report,
    Section,
    Sentence,
    Tone,
    held_equations,
    say,
)
from reportgen.language import long_day_text, tr
from reportgen.render.html.page import report_facts

FIGURES, PICTURES, CHANGES = 3, 2, 4
"""The most of each that a mail shows."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something that stands out: a decision asked for, what is suggested next."""

    title: str
    sentences: tuple[Sentence, ...]
    tone: Tone


@dataclass(frozen=True, slots=True)
class MailContent:
    """The parts of a mail in the order of reading; both texts say all of them."""

    title: str
    issue: str
    """The period, or the day."""
    answer: Sentence
    lead: tuple[Sentence, ...]
    boxes: tuple[Box, ...]
    figures: tuple[KeyFigure, ...]
    notes: tuple[Sentence, ...]
    """Small print under the figures."""
    charts: tuple[Chart, ...]
    changes_title: str
    changes: tuple[Sentence, ...]
    """What is new since the issue before; empty where there was none."""
    facts: tuple[str, ...]
    attachments: str = ""
    """What is attached and what is not."""
    leave: str = ""
    """How to get no more mails."""


def mail_content(report: Report) -> MailContent:
    """Pick the parts out of the report, as they stand there."""
    meta, answer = report.meta, report.sections[0]
    paragraphs = [block for block in answer.blocks if isinstance(block, Paragraph)]
    lead = tuple(held_together(block.sentence) for block in paragraphs if block.style == "lead")
    return MailContent(
        meta.title,
        meta.issue_name or long_day_text(meta.built_at),
        held_together(answer.title),
        lead,
        tuple(_boxes(report)),
        tuple(_figures(answer))[:FIGURES],
        tuple(held_together(block.sentence) for block in paragraphs if block.style != "lead"),
        tuple(block for block in answer.blocks if isinstance(block, Chart))[:PICTURES],
        *_changes(report),
        report_facts(meta),
    )


def held_together(sentence: Sentence) -> Sentence:
    """Let no line end inside of ``C = 10``: mails are read in narrow columns."""
    return say(
        *(
            replace(span, text=held_equations(span.text)) if isinstance(span, Label) else span
            for span in sentence.spans
        )
    )


def attached_text(attached: tuple[str, ...], asked: tuple[str, ...]) -> str:
    """Say what is attached, and what was to be and is too large."""
    match ("pdf" in attached, "xlsx" in attached):
        case (True, True):
            there = tr("The whole report is attached as a PDF, and all its numbers as a workbook for Excel.")
        case (True, False):
            there = tr("The whole report is attached as a PDF.")
        case (False, True):
            there = tr("All numbers of the report are attached as a workbook for Excel.")
        case _:
            there = ""
    match ("pdf" in asked and "pdf" not in attached, "xlsx" in asked and "xlsx" not in attached):
        case (True, True):
            lacks = tr("The PDF and the workbook are too large for this mail. Reply to it to get them.")
        case (True, False):
            lacks = tr("The PDF is too large for this mail. Reply to it to get the PDF.")
        case (False, True):
            lacks = tr("The workbook is too large for this mail. Reply to it to get the workbook.")
        case _:
            lacks = ""
    return " ".join(part for part in (there, lacks) if part)


def leave_text(unsubscribe: str) -> str:
    """Say how to get no more mails."""
    if not unsubscribe:
        return tr("You get this mail as a reader of this report. Reply to it if you want no more of them.")
    return tr(
        "You get this mail as a reader of this report. Write to {address} if you want no more of them.",
        address=unsubscribe,
    )


def _figures(answer: Section) -> Iterator[KeyFigure]:
    for block in answer.blocks:
        for item in block.items if isinstance(block, KeyFigures) else ():
            yield replace(item, note=held_together(item.note)) if item.note else item


def _boxes(report: Report) -> Iterator[Box]:
    if report.open_decision:
        yield Box(tr("Decision needed"), (say(Label(report.open_decision)),), "focus")
    news = _section_of_changes(report)
    for block in report.sections[0].blocks:
        # what changed has a place of its own
        if isinstance(block, Callout) and not (news and block.title == news.title.text):
            yield Box(block.title, tuple(map(held_together, block.sentences)), block.tone)


def _section_of_changes(report: Report) -> Section | None:
    return next((section for section in report.sections if section.id == "changes"), None)


def _changes(report: Report) -> tuple[str, tuple[Sentence, ...]]:
    """Give what changed since the issue before: as page one says it in short, else the section's own sentences."""
    news = _section_of_changes(report)
    if news is None:
        return "", ()
    title = news.title.text
    in_short = [b for b in report.sections[0].blocks if isinstance(b, Callout) and b.title == title]
    said = [sentence for block in in_short for sentence in block.sentences]
    if not said:
        said = [block.sentence for block in news.blocks if isinstance(block, Paragraph)]
    return title, tuple(map(held_together, said[:CHANGES]))
