"""Every state: numbers are the frozen ones, words fit the verdict, sentences are short and plain."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache

import pytest

from reportgen.compose import EXPLANATIONS, compose
from reportgen.config import Config
from reportgen.document import (
    Callout,
    Chart,
    Chip,
    KeyFigures,
    Label,
    Number,
    Paragraph,
    Report,
    Sentence,
    Table,
    resolve_pointer,
)
from tests.fakes.findings import STATES, digits
from tests.fakes.setups import START

BANNED = re.compile(
    r"\b(statistically significant|significant|hyperparameters?|seeds?|epochs?|sweeps?|outperforms?|SOTA|boosts?|"
    r"proves?|guarantees?|baseline|equivalent|p-values?|p|loss|configs?|configurations?|because|due to)\b",
    re.IGNORECASE,
)
MAX_WORDS, MEAN_WORDS, HEADLINE_WORDS = 25, 15, 15


@cache
def report_of(state: str) -> Report:
    return compose(STATES[state](), Config(), built_at=START, version="0.1.0")


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def masked(sentence: Sentence) -> str:
    """Replace names by two words and numbers by one, as the rule for measuring text says."""
    spans = [
        "set-up A" if isinstance(s, Label) else f"{NUMBER}" if isinstance(s, Number) else s.text
        for s in sentence.spans
    ]
    return "".join(spans)


NUMBER = "5"


def spoken(report: Report) -> Iterator[Sentence]:
    """Sentences of text, without table titles and alternative texts."""
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.sentence
            elif isinstance(block, Callout):
                yield from block.sentences


def chips(report: Report) -> Iterator[Chip]:
    for block in report.blocks():
        if isinstance(block, KeyFigures):
            yield from (item.change for item in block.items if item.change)


def test_every_number_of_a_sentence_is_the_frozen_number(state: str) -> None:
    report = report_of(state)
    published = json.loads(json.dumps(report.numbers, allow_nan=False))
    numbers = [number for sentence in report.sentences() for number in sentence.numbers]
    for block in report.blocks():
        if isinstance(block, KeyFigures):
            numbers += [item.value for item in block.items if isinstance(item.value, Number)]
        if isinstance(block, Table):
            numbers += [cell for row in block.rows for cell in row.cells if isinstance(cell, Number)]
    assert numbers or state == "nothing_at_all"
    assert [n for n in numbers if resolve_pointer(published, n.ref) != n.value] == []


def test_every_table_cell_is_the_frozen_number(state: str) -> None:
    report = report_of(state)
    compared = 0
    for table in (block for block in report.blocks() if isinstance(block, Table)):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if row.ref and column.field and isinstance(cell, int | float):
                    assert resolve_pointer(report.numbers, row.ref + column.field) == cell, (
                        table.id,
                        column.key,
                    )
                    compared += 1
    assert compared > 0 or state == "nothing_at_all"


def test_every_label_with_a_pointer_stands_there(state: str) -> None:
    report = report_of(state)
    labels = [s for sentence in report.sentences() for s in sentence.spans if isinstance(s, Label) and s.ref]
    for label in labels:
        full = " ".join(str(resolve_pointer(report.numbers, label.ref)).split())
        head = label.text.split("…")[0].rstrip()
        assert label.text == full or ("…" in label.text and full.startswith(head))


def test_headline_has_at_most_fifteen_words(state: str) -> None:
    title = report_of(state).sections[0].title
    assert title.text[-1] not in ".,;"
    assert len(masked(title).split()) <= HEADLINE_WORDS


def test_sentences_are_short(state: str) -> None:
    lengths = []
    for sentence in spoken(report_of(state)):
        for part in re.split(r"(?<=[.!?])\s+|:\s", masked(sentence)):
            lengths.append(len(part.split()))
            assert lengths[-1] <= MAX_WORDS, part
    assert sum(lengths) / len(lengths) <= MEAN_WORDS


def test_page_one_and_titles_avoid_technical_words(state: str) -> None:
    report = report_of(state)
    first = Report(report.meta, report.sections[:1], report.numbers)
    said = [*first.sentences(), *(section.title for section in report.sections)]
    texts = [" ".join(s.text for s in sentence.spans if not isinstance(s, Label)) for sentence in said]
    for block in first.blocks():
        if isinstance(block, Table):
            texts += [column.heading for column in block.columns if column.format is None]
        if isinstance(block, Callout):
            texts.append(block.title)
    assert [text for text in texts if BANNED.search(text)] == []


def test_better_and_worse_need_a_comparison(state: str) -> None:
    """Without a comparison on record, no sentence of the answer may say better or worse."""
    report = report_of(state)
    verdicts = {c["verdict"] for c in [*report.numbers["comparisons"], *report.numbers["pairs"]]}
    said = " ".join(f["text"] for f in report.numbers["findings"])
    said += " ".join(chip.sentence.text for chip in chips(report))
    if not verdicts:
        assert re.search(r"\b(better|worse|beats?)\b", said.replace("Higher is better", "")) is None
    if "better" not in verdicts:
        assert re.search(r"\b(is|are) better\b", report.sections[0].title.text) is None or re.search(
            r"^(So far: )?No set-up is better", report.sections[0].title.text
        )


def test_findings_start_with_the_answer_and_point_at_their_numbers(state: str) -> None:
    report = report_of(state)
    findings = report.numbers["findings"]
    assert findings[0]["text"] == report.sections[0].title.text
    assert findings[0]["level"] == "answer"
    for finding in findings:
        assert finding["id"] in EXPLANATIONS
        for ref in finding["evidence"]:
            assert math.isfinite(resolve_pointer(report.numbers, ref))
    texts = {sentence.text for sentence in report.sentences()}
    assert all(any(f["text"].rstrip(".") in text for text in texts) for f in findings)


def test_alternative_texts_fit(state: str) -> None:
    charts = [block for block in report_of(state).blocks() if isinstance(block, Chart)]
    assert [c.id for c in charts if not 0 < len(c.alt.text) <= 250] == []


def test_ids_are_unique(state: str) -> None:
    report = report_of(state)
    ids = [block.id for block in report.blocks() if isinstance(block, Table | Chart)]
    assert len(ids) == len(set(ids))
    assert report.sections[0].id == "answer"
    assert all(len(section.short) <= 31 for section in report.sections)


def test_no_sentence_ends_up_empty_or_with_doubled_spaces(state: str) -> None:
    texts = [sentence.text for sentence in report_of(state).sentences()]
    assert [text for text in texts if not text.strip() or "  " in text or " ." in text or ".." in text] == []


def test_page_one_table_is_short(state: str) -> None:
    answer = report_of(state).sections[0]
    tables = [block for block in answer.blocks if isinstance(block, Table)]
    assert all(len(table.rows) <= 8 for table in tables)
    figures = [block for block in answer.blocks if isinstance(block, KeyFigures)]
    assert all(len(block.items) <= 5 for block in figures)


def test_same_findings_make_the_same_report() -> None:
    first, second = (compose(digits(), Config(), built_at=START, version="0.1.0") for _ in range(2))
    assert first == second
