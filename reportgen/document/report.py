"""The report: sections of blocks, what it is about, and the frozen numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from reportgen.document.blocks import (
    Block,
    Callout,
    Chart,
    KeyFigures,
    Paragraph,
    Table,
)
from reportgen.document.text import Sentence
from reportgen.language import period_text, tr


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with a heading: a page's worth of PDF, a sheet of the workbook."""

    id: str
    """``answer``, ``comparison``, ``tried``, ``trade_off``, ``curves``, ``history``, ``runs``,
    ``quality``, ``reproduce``, ``glossary``, ``method``; the first is always ``answer``."""
    title: Sentence
    """The finding of the section where it has one; for ``answer`` the headline of the report."""
    short: str
    """Plain name for contents and sheet tabs, at most 31 characters: "Comparison"."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ReportMeta:
    """What a reader must know of the report itself."""

    title: str
    slug: str
    """File name without suffix."""
    built_at: datetime
    data_until: datetime | None
    version: str
    """Of reportgen."""
    fingerprint: str
    """First characters of the input's digest."""
    runs: int
    language: str
    audience: Literal["executive", "team", "public"]
    paper: Literal["A4", "Letter"]
    owner: str = ""
    contact: str = ""
    decision: str = ""
    period: str = ""
    """Of an issue: its key, such as ``2026-W46``."""
    issue: int | None = None
    """Number of the issue."""
    corrects: int | None = None
    """Number of the issue that this one corrects."""
    attach: bool = False
    """Whether the PDF carries the other outputs."""
    archive: bool = False
    """Whether the PDF is made for archives (PDF/A) instead of for everybody (PDF/UA)."""
    accessible: bool = False
    """Whether a workbook leaves out frozen panes and filters."""

    @property
    def issue_name(self) -> str:
        """What an issue calls itself, in the spoken language; the period alone without a number."""
        if self.issue is None:
            return period_text(self.period)
        if self.corrects is None:
            return tr("Issue {number}, {period}", number=self.issue, period=period_text(self.period))
        return tr(
            "Issue {number}, {period}: correction of issue {corrected}",
            number=self.issue,
            period=period_text(self.period),
            corrected=self.corrects,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a renderer may know."""

    meta: ReportMeta
    sections: tuple[Section, ...]
    numbers: Mapping[str, Any]
    """The frozen numbers: JSON-able, without the document itself."""
    reader_notes: Mapping[str, str] = field(default_factory=dict)
    """What readers wrote beside runs in an earlier workbook, by run id."""

    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order."""
        for section in self.sections:
            yield from section.blocks

    @property
    def open_decision(self) -> str:
        """The decision asked for, where no box of the report says it already; else empty."""
        asked = " ".join(self.meta.decision.split())  # a box writes several lines as one
        said = (s.text for b in self.blocks() if isinstance(b, Callout) for s in b.sentences)
        return "" if any(asked in text for text in said) else asked

    def sentences(self) -> Iterator[Sentence]:
        """All sentences in reading order: titles, text, notes, alt texts."""
        for section in self.sections:
            yield section.title
            for block in section.blocks:
                yield from _sentences(block)


def _sentences(block: Block) -> Iterator[Sentence]:
    match block:
        case Paragraph():
            yield block.sentence
        case KeyFigures():
            yield from (item.note for item in block.items if item.note)
            yield from (item.change.sentence for item in block.items if item.change)
        case Table():
            yield block.title
            if block.note:
                yield block.note
        case Chart():
            yield from (block.title, block.subtitle, block.alt)
        case Callout():
            yield from block.sentences
        case _:
            return


def resolve_pointer(numbers: Mapping[str, Any], pointer: str) -> Any:
    """Follow a JSON pointer (RFC 6901) into the frozen numbers.

    Raises:
        KeyError: The pointer leads nowhere.
    """
    node: Any = numbers
    for part in pointer.split("/")[1:]:
        token = part.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(token)] if isinstance(node, (list, tuple)) else node[token]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise KeyError(pointer) from error
    return node
