"""Claim records carry what was asked and found, and nothing else in a report states a comparison."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Callout, Chart, Paragraph, Report, Table, resolve_pointer
from reportgen.findings import Findings
from tests.fakes.findings import STATES
from tests.fakes.runsets import START

COMPARING = re.compile(
    r"\b(better|worse|best|highest|lowest|ahead|behind|beats?|gains?|leads?|leading|about the same|settled)\b"
)
FIXED = re.compile(
    r"(positive|positive differences|higher|lower|better) (is|are) (better|down|up)|best (first|so far|of|by)|picked the best"
)
"""What explains a table or a chart, and compares nothing."""


def made(findings: Findings) -> Report:
    return compose(findings, Config(), built_at=START, version="1")


def allowed(report: Report) -> set[str]:
    records = [*report.numbers["findings"], *report.numbers["caveats"]]
    return {sentence for record in records for sentence in sentences(record["text"])}


def sentences(text: str) -> list[str]:
    return [part.strip().rstrip(".") for part in re.split(r"(?<=[.!?]) ", text)]


@pytest.mark.parametrize("state", STATES)
def test_every_comparison_on_page_one_is_a_claim_or_follows_from_its_verdict(state: str) -> None:
    report = made(STATES[state]())
    known = allowed(report)
    first = report.sections[0]
    said = [first.title.text]
    for block in first.blocks:
        match block:
            case Paragraph():
                said.append(block.sentence.text)
            case Chart() | Table():
                said.append(block.title.text)
            case Callout():  # what to do next follows from the verdict by a fixed table: it claims nothing new
                continue
    loose = [
        sentence
        for text in said
        for sentence in sentences(text)
        if COMPARING.search(sentence.lower()) and sentence not in known and not FIXED.search(sentence.lower())
    ]
    assert [
        text for text in loose if "cannot be told apart" not in text and "leading set-ups" not in text
    ] == []


@pytest.mark.parametrize("state", STATES)
def test_a_record_holds_the_numbers_of_its_comparison(state: str) -> None:
    report = made(STATES[state]())
    for record in report.numbers["findings"]:
        assert record["question"].endswith("?")
        for ref in record["evidence"]:
            assert isinstance(resolve_pointer(report.numbers, ref), int | float)
        if record["verdict"] is not None:
            compared = [c for c in report.numbers["comparisons"] if c["difference"] == record["estimate"]]
            assert any(
                c["verdict"] == record["verdict"] and c["reason"] == record["reason"] for c in compared
            )
            assert min(record["n"]) >= 0
            assert record["m"] >= 1


def test_the_answer_says_from_how_many_runs_and_comparisons_it_comes() -> None:
    answer = made(STATES["digits"]()).numbers["findings"][0]
    assert (answer["level"], answer["verdict"], answer["question"]) == (
        "answer",
        "better",
        "Is a set-up better than logreg?",
    )
    assert answer["range"][0] < answer["estimate"] < answer["range"][1]
    assert "picked-from-many" in answer["caveats"]


def test_turning_the_direction_turns_every_verdict_word() -> None:
    """The same findings with every verdict turned: no sentence may keep the old word."""
    findings = STATES["one_candidate"]()
    (comparison,) = findings.comparisons
    assert comparison.verdict == "better"
    turned = replace(findings, comparisons=(replace(comparison, verdict="worse"),))
    title = made(turned).sections[0].title.text
    assert (" worse " in title, " better " in title) == (True, False)
