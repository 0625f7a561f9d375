"""A report in German holds no English word: not in a sentence, a heading, an alt text or a property.

English is known by words that German does not have. Names that users gave stay as they are; the made-up
findings have none that look English.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest

from reportgen.analyse import thresholds
from reportgen.compose import compose
from reportgen.config import Config
from reportgen.config.settings import Audience, OutputConfig, ThemeConfig
from reportgen.document import Label, Number, Report, Words
from reportgen.findings import Assumption, Findings
from reportgen.language import message, speaking
from reportgen.render import render_outputs
from tests.fakes.findings import STATES

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "is",
        "are",
        "were",
        "with",
        "for",
        "to",
        "from",
        "not",
        "than",
        "each",
        "which",
        "this",
        "that",
        "there",
        "their",
        "its",
        "it",
        "they",
        "we",
        "our",
        "been",
        "has",
        "have",
        "had",
        "could",
        "can",
        "cannot",
        "would",
        "should",
        "but",
        "only",
        "other",
        "others",
        "every",
        "any",
        "all",
        "more",
        "most",
        "least",
        "less",
        "fewer",
        "few",
        "between",
        "against",
        "under",
        "over",
        "after",
        "before",
        "where",
        "when",
        "what",
        "who",
        "how",
        "why",
        "run",
        "runs",
        "set-up",
        "set-ups",
        "repeat",
        "repeats",
        "setting",
        "settings",
        "better",
        "worse",
        "best",
        "first",
        "last",
        "about",
        "same",
        "settled",
        "gain",
        "small",
        "large",
        "number",
        "numbers",
        "value",
        "values",
        "result",
        "results",
        "none",
        "unknown",
        "failed",
        "finished",
        "withheld",
        "page",
        "contents",
        "sheet",
        "notes",
        "table",
        "made",
        "until",
        "data",
        "average",
        "range",
        "lower",
        "higher",
        "highest",
        "lowest",
        "difference",
        "verdict",
        "reason",
        "started",
        "duration",
        "reach",
        "reached",
        "take",
        "took",
        "cost",
    ]
)
"""Words of our reports that are no German ones; names and technical terms of both languages are left out."""
NO_WORDS = re.compile(r"\[compare\] by|reportgen build.*|\S*/\S*|[A-Z]+\(.*\)")
"""Options, commands, paths, formulas."""
CODES = frozenset(("kind", "tone", "style", "id", "ref", "field", "key", "goal", "width", "sign", "format"))
"""Fields of the document that no reader sees."""


def german(findings: Findings, audience: Audience = "team") -> Report:
    config = Config(title="Ziffern", language="de", audience=audience)
    return compose(without_free_text(findings), config, built_at=NOW, version="1")


def without_free_text(findings: Findings) -> Findings:
    """Take out what users wrote, and messages that the made-up findings hold but no stage makes."""
    limits = {name: value for name, value in findings.thresholds.items() if hasattr(thresholds, name.upper())}
    return replace(
        findings,
        metrics={name: replace(metric, definition="") for name, metric in findings.metrics.items()},
        rows=tuple(replace(row, reason="") for row in findings.rows),
        quality=replace(findings.quality, notes=(), warnings=()),
        runs=replace(findings.runs, skipped=(), excluded=()),
        assumed=(),
        thresholds=limits,
    )


def own_words(part: object) -> Iterator[str]:
    """Give all texts of a document but those of users: names, paths and what a run said of itself."""
    match part:
        case Words():
            yield part.text
        case Label():
            return
        case Number():
            yield part.text
        case str():
            yield part
        case tuple():
            for item in part:
                yield from own_words(item)
        case _ if is_dataclass(part):
            for field in fields(part):
                if field.name not in CODES:
                    yield from own_words(getattr(part, field.name))


def english_in(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", NO_WORDS.sub(" ", text).lower())
    return set(ENGLISH.intersection(words))


@pytest.mark.parametrize("state", [state for state in STATES if state != "long_names"])
@pytest.mark.parametrize("audience", get_args(Audience))
def test_no_state_of_the_report_says_an_english_word(state: str, audience: Audience) -> None:
    report = german(STATES[state](), audience)
    told = [text for section in report.sections for text in own_words(section)]
    assert [(text, english_in(text)) for text in told if english_in(text)] == []
    said = [entry["text"] for name in ("findings", "caveats") for entry in report.numbers[name]]
    assert [(text, english_in(text)) for text in said if english_in(text)] == []


def test_the_test_knows_english() -> None:
    findings = STATES["digits"]()
    report = compose(findings, Config(title="Digits"), built_at=NOW, version="1")
    told = [text for section in report.sections for text in own_words(section)]
    known = [text for text in told if english_in(text)]
    sentences = [text for text in told if text.count(" ") > 3]
    assert len([text for text in sentences if text in known]) > 0.95 * len(sentences)


def test_numbers_are_written_as_in_german() -> None:
    report = german(STATES["digits"]())
    with speaking("de"):  # as every renderer does
        text = " ".join(sentence.text for sentence in report.sentences())
    assert re.search(r"\d,\d\N{NO-BREAK SPACE}%", text)
    assert not re.search(r"\d\.\d+\N{NO-BREAK SPACE}%", text)


def test_a_message_of_reading_is_told_in_german() -> None:
    findings = STATES["digits"]()
    why = message("Shown in percent, because all values lie between 0 and 1: {names}.", names="val_accuracy")
    change = message("unit under [metrics.NAME]")
    findings = replace(findings, assumed=(Assumption("unit", why, change),))
    report = compose(findings, Config(language="de"), built_at=NOW, version="1")
    assert report.numbers["assumed"] == [
        {
            "what": "unit",
            "why": "In Prozent gezeigt, weil alle Werte zwischen 0 und 1 liegen: val_accuracy.",
            "change": "unit unter [metrics.NAME]",
        }
    ]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("german")
    made = render_outputs(german(STATES["digits"]()), ("xlsx", "pdf", "html"), folder, ThemeConfig())
    assert made.failed == ()
    return folder


def test_the_page_holds_no_english_word(outputs: Path) -> None:
    text = (outputs / "ziffern.html").read_text("utf-8")
    assert 'lang="de"' in text
    seen = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|alt|title)="([^"]*)"', seen)
    told = [*re.split(r"<[^>]*>", seen), *spoken]
    assert [(part, english_in(html.unescape(part))) for part in told if english_in(html.unescape(part))] == []


def test_the_pdf_holds_no_english_word(outputs: Path) -> None:
    document = pypdfium2.PdfDocument(outputs / "ziffern.pdf")
    lines = [line for page in document for line in page.get_textpage().get_text_range().splitlines()]
    assert [(line, english_in(line)) for line in lines if english_in(line)] == []
    assert any(line.strip().endswith(f"Seite 1 von {len(document)}") for line in lines)


def test_the_workbook_holds_no_english_word(outputs: Path) -> None:
    found = []
    with zipfile.ZipFile(outputs / "ziffern.xlsx") as archive:
        for name in archive.namelist():
            if re.search(
                r"sharedStrings|worksheets/sheet|charts/chart|drawings/drawing|workbook\.xml$|docProps/(core|app)",
                name,
            ):
                xml = archive.read(name).decode("utf-8")
                texts = re.findall(r">([^<>]+)<", xml)
                texts += re.findall(r'(?:descr|title|tooltip|prompt|error|promptTitle)="([^"]*)"', xml)
                texts += re.findall(r'<sheet [^>]*name="([^"]*)"', xml)
                found += [(name, text, english_in(html.unescape(text))) for text in texts]
    assert [entry for entry in found if entry[2]] == []


def test_the_language_is_left_after_a_report(outputs: Path) -> None:
    del outputs
    config = Config(outputs=OutputConfig())
    report = compose(STATES["digits"](), config, built_at=NOW, version="1")
    assert "set-ups are better than" in report.sections[0].title.text
