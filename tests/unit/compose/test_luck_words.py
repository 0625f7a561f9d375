"""What luck does to the answer is said in words, each figure by reference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Callout, Chart, Paragraph, Report, Table
from reportgen.findings import Findings, Goal
from tests.fakes.findings import STATES, digits
from tests.fakes.setups import ACCURACY, START


def report_of(findings: Findings) -> Report:
    return compose(findings, Config(), built_at=START, version="0.1.0")


def words(report: Report, section: str | None = None) -> str:
    found: list[str] = []
    for part in report.sections:
        if section in (None, part.id):
            for block in part.blocks:
                if isinstance(block, Paragraph):
                    found.append(block.sentence.text)
                elif isinstance(block, Callout):
                    found += [sentence.text for sentence in block.sentences]
                elif isinstance(block, Table):
                    found += [block.note.text] if block.note else []
                    found += [str(cell) for row in block.rows for cell in row.cells]
    return " ".join(found).replace("\N{NO-BREAK SPACE}", " ")


def test_the_lead_that_luck_alone_gives_is_said() -> None:
    said = words(report_of(STATES["picked"]()), "comparison")
    expected = (
        "We picked the best of 7 with a result to compare. It lies 3.0 points ahead of their average; "
        "about 0.2 points would be expected from luck alone."
    )
    assert expected in said


def test_a_figure_that_allows_for_luck_is_said_of_the_best() -> None:
    made = STATES["picked"]()
    assert made.luck is not None
    shrunken = next(c for c in made.configurations if c.shrunken is not None)
    said = words(report_of(replace(made, luck=replace(made.luck, key=shrunken.key))), "comparison")
    assert f"Allowing for luck, a fairer figure for {shrunken.label} is" in said


def test_a_lead_that_luck_explains_is_said_to_be_luck() -> None:
    said = words(report_of(STATES["open_search"]()), "comparison")
    assert "Luck alone would explain its lead over their average." in said
    assert "Worth a second look" in said or "worth a second look" in said


def test_fresh_runs_are_told_from_those_of_the_search() -> None:
    report = report_of(STATES["picked"]())
    said = words(report)
    assert "5 fresh runs decide on" in said
    assert "in the search it had reached" in said
    assert "Fresh runs confirm it" in said
    assert "fresh runs confirm that it is better than" in said


def test_a_gain_of_the_search_is_called_so() -> None:
    made = STATES["digits"]()
    several = replace(made, comparisons=tuple(replace(c, family=7) for c in made.comparisons))
    assert "So far it is seen only in the runs that it was picked by." in words(report_of(several), "answer")
    alone = STATES["one_candidate"]()
    assert "picked by" not in words(report_of(alone), "answer")


def test_the_next_step_tells_how_many_runs() -> None:
    assert "About 12 pairs of runs would probably do." in words(report_of(STATES["open_search"]()), "answer")
    made = STATES["not_settled"]()
    unpaired = replace(made, comparisons=tuple(replace(c, n_needed=9) for c in made.comparisons))
    assert "About 9 runs of each would probably do." in words(report_of(unpaired), "answer")


def test_runs_far_off_are_named_or_counted() -> None:
    assert "came out far worse, at" in words(report_of(STATES["picked"]()), "quality")
    said = words(report_of(STATES["open_search"]()), "quality")
    assert "3 runs came out far worse" in said
    assert "2 runs came out far better" in said


def test_one_run_tells_what_its_test_items_leave_open() -> None:
    said = words(report_of(STATES["one_tested_run"]()), "answer")
    assert "With 263 test items the figure could be between 89.4 and 95.6 %" in said
    assert "training again could change it further" in said


@pytest.mark.parametrize(
    ("summary", "goal", "said"),
    [
        ("last", "maximize", "Runs count by their last value."),
        ("best", "maximize", "Runs count by their best value, which flatters them."),
        ("max", "maximize", "Runs count by their best value, which flatters them."),
        ("min", "maximize", "Runs count by their smallest value."),
        ("min", "minimize", "Runs count by their best value, which flatters them."),
        ("at best val_loss", "maximize", "Runs count by this value: value where val_loss is best."),
    ],
)
def test_every_table_and_chart_says_which_number_counts(summary: str, goal: Goal, said: str) -> None:
    metric = replace(ACCURACY, summary=summary, goal=goal)
    made = digits()
    report = report_of(replace(made, metrics={**made.metrics, "val_accuracy": metric}))
    tables = [
        b for b in report.blocks() if isinstance(b, Table) and b.id in ("page_one_setups", "comparison")
    ]
    assert len(tables) == 2
    assert all(table.note is not None and said in table.note.text for table in tables)
    charts = [b for b in report.blocks() if isinstance(b, Chart) and b.kind == "dot_interval"]
    assert charts
    assert all(said in chart.subtitle.text for chart in charts)
    flattered = any(claim["id"] == "flattered" for claim in report.numbers["caveats"])
    assert flattered == ("best value" in said)
    assert report.numbers["metrics"]["val_accuracy"]["flattered"] == flattered


def test_a_settled_ratio_is_told_in_percent() -> None:
    assert "That is 7 % more (between 6 % and 8 %)." in words(report_of(STATES["picked"]()), "answer")
    assert "That is" not in words(report_of(STATES["open_search"]()), "answer")
