"""The prose of a report can be read: short sentences, plain words, page one for everybody.

textstat is pinned to 7.8 (others fail without a network, or on decimals). Numbers are masked as 5 and names
as set-up A, since both would be scored as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import textstat

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Callout, Chart, Glossary, Label, Number, Paragraph, Section, Sentence, Table
from tests.conftest import BuiltSample
from tests.fakes.findings import STATES
from tests.fakes.setups import START

BANNED = re.compile(
    r"statistically|significant|equivalent|confidence interval|\bCI\b|\bp = |\bp-value|±|outperform|state of the art|"
    r"\bSOTA\b|boost|prove[sd]?\b|guarantee|never fails|doubled|\bseeds?\b|\bepochs?\b|hyperparameter|\bconfigs?\b|"
    r"\bsweeps?\b|\bbaselines?\b|importance|because|\bdue to\b|outlier",
    re.IGNORECASE,
)
"""The words that page one and titles do without; "run" is allowed."""
MOST_WORDS = 25


def masked(sentence: Sentence) -> str:
    parts = []
    for span in sentence.spans:
        match span:
            case Number():
                parts.append("5")
            case Label():
                parts.append("A")
            case _:
                parts.append(span.text)
    return "".join(parts)


def prose(section: Section) -> Iterator[str]:
    """Give what is read as text: no cells, no glossary, no alternative texts."""
    yield ended(masked(section.title))
    for block in section.blocks:
        match block:
            case Paragraph():
                yield ended(masked(block.sentence))
            case Callout():
                yield from (ended(masked(sentence)) for sentence in block.sentences)
            case Table():
                if block.note is not None:
                    yield ended(masked(block.note))
            case Chart():
                yield ended(masked(block.subtitle))
            case Glossary():
                yield from (entry.definition for entry in block.entries)


def ended(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]


def words(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text)


def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


def test_page_one_reads_like_a_newspaper(built_sample: BuiltSample) -> None:
    first = built_sample.report.sections[0]
    text = " ".join(prose(first))
    assert len(words(text)) >= 60
    assert grade(text) <= 8


def test_the_whole_report_reads_like_a_plain_letter(built_sample: BuiltSample) -> None:
    text = " ".join(part for section in built_sample.report.sections for part in prose(section))
    assert len(words(text)) >= 100
    assert grade(text) <= 10
    lengths = [len(words(sentence)) for sentence in sentences(text)]
    assert sum(lengths) / len(lengths) <= 15


def test_no_sentence_is_long(built_sample: BuiltSample) -> None:
    found = [
        sentence
        for section in built_sample.report.sections
        for part in prose(section)
        for sentence in sentences(part)
    ]
    assert [sentence for sentence in found if len(words(sentence)) > MOST_WORDS] == []


def test_page_one_and_titles_do_without_jargon(built_sample: BuiltSample) -> None:
    report = built_sample.report
    first = " ".join(prose(report.sections[0]))
    titles = [masked(section.title) for section in report.sections]
    titles += [masked(block.title) for block in report.blocks() if isinstance(block, Table | Chart)]
    assert [text for text in (first, *titles) if BANNED.search(text)] == []


def test_the_headline_is_short_and_page_one_is_a_page(built_sample: BuiltSample) -> None:
    first = built_sample.report.sections[0]
    assert len(words(masked(first.title))) <= 15
    assert len(words(" ".join(prose(first)))) <= 200


@pytest.mark.parametrize("state", [state for state in STATES if state != "long_names"])
def test_every_state_is_said_in_short_sentences(state: str) -> None:
    report = compose(STATES[state](), Config(), built_at=START, version="1")
    found = [part for section in report.sections for text in prose(section) for part in sentences(text)]
    assert [sentence for sentence in found if len(words(sentence)) > MOST_WORDS] == []
    assert len(words(masked(report.sections[0].title))) <= 15
    assert not BANNED.search(" ".join(prose(report.sections[0])))


def test_the_measure_tells_hard_from_easy() -> None:
    hard = "Statistically significant heterogeneity notwithstanding, configurational interdependencies predominate."
    assert grade(hard) > 10 > grade("The new one is better. It is also quicker.")
