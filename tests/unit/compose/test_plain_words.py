"""What is said is true of the state that it is said of, and a reader without the trade's words can follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Chart, KeyFigures, Missing, Report, Table
from reportgen.findings import Change, Changes, Reason, TradeOff, Verdict
from tests.fakes.findings import STATES, digits, digits_setups
from tests.fakes.setups import START, build


def report_on(state: str) -> Report:
    return compose(STATES[state](), Config(), built_at=START, version="1")


def said(state: str) -> str:
    report = report_on(state)
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    cells = [cell for table in tables for row in table.rows for cell in row.cells if isinstance(cell, str)]
    texts = [*(sentence.text for sentence in report.sentences()), *cells]
    return "\n".join(texts).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("state", "told", "untrue"),
    [
        ("one_setup", "1 set-up was tried in 5 runs.", "differ between them"),
        ("one_setup", "The one set-up", "The set-ups side by side"),
        ("nothing_at_all", "Nothing was tried: there are no runs.", "0 set-ups"),
        ("all_failed", "There is nothing to compare: no run gave a result.", "set-ups compared"),
        ("all_failed", "No run gave a result: 12 failed.", "Ranges hold"),
        ("all_running", "No run has given a result yet: 3 are still running.", "No run gave a result:"),
        ("single_runs", "It is not settled for any of the 7 set-ups compared.", "Ranges hold"),
        ("not_comparable", "None of the 7 other set-ups can be compared with it.", "compared cannot"),
        ("digits", "Of the 7 other set-ups, 6 are better and 1 is worse.", "set-ups compared, "),
        ("digits", "A typical run: half took longer", "The middle one"),
        ("digits", "with changes not committed", "not committed changes"),
        ("digits", "1 faulty place in the files was left out.", "left out in reading"),
        ("digits", "If the next tries were chosen by earlier results", "looks at some regions"),
        ("no_metric", "No verdicts are given, for there is no metric to judge by.", "or no direction"),
        ("no_direction", "for nobody said whether high or low Accuracy is good.", "no set-up to compare"),
        ("no_baseline", "No verdicts are given, for there is no set-up to compare with.", "whether high"),
        (
            "grid",
            "Not settled: lr 0.001, layers 1 gave no result to compare with",
            "too few repeats to compare",
        ),
        ("grid", "On Accuracy the set-ups lie from 82 to 87 %.", "so there is nothing to compare with"),
        ("unfinished", "12 of 40 planned runs have been started so far.", "were started"),
    ],
)
def test_a_state_is_told_as_it_is(state: str, told: str, untrue: str) -> None:
    text = said(state)
    assert told in text
    assert untrue not in text


@pytest.mark.parametrize(
    "verdict", ["better", "worse", "about_the_same", "too_small", "not_settled", "not_comparable"]
)
@pytest.mark.parametrize("compared", [1, 2, 7])
def test_one_verdict_of_all_is_a_sentence_for_any_count(verdict: Verdict, compared: int) -> None:
    made = digits()
    shown = [replace(c, verdict=verdict, reason=None) for c in made.comparisons[:compared]]
    report = compose(replace(made, comparisons=tuple(shown)), Config(), built_at=START, version="1")
    section = next(section for section in report.sections if section.id == "comparison")
    text = section.blocks[0].sentence.text  # type: ignore[union-attr]
    assert text.endswith(".")
    assert "compared cannot be compared" not in text
    assert "compared are not settled" not in text
    assert ("7" in text) == (compared == 7)


def test_a_table_of_changes_names_what_each_is_about() -> None:
    entries = (
        Change("first_better", "c-2", 0, 6, against="c-0"),
        Change("outside_range", "2026-W46", 0.97, 0.96, interval=(0.965, 0.975)),
    )
    changes = Changes("2026-W45", entries, 4, START)
    report = compose(replace(digits(), changes=changes), Config(), built_at=START, version="1")
    table = next(b for b in report.blocks() if isinstance(b, Table) and b.id == "changes")
    assert [row.cells[1] for row in table.rows] == [Missing("all set-ups"), "week 46 of 2026"]


def test_the_picture_of_a_trade_off_is_told_without_the_trades_words() -> None:
    charts = [b for b in report_on("digits").blocks() if isinstance(b, Chart) and b.kind == "scatter"]
    assert charts
    assert "The places follow the averages." in said("digits")
    for chart in charts:
        assert chart.alt.text.endswith(
            "mlp, hidden 256 has the best Accuracy of those that none beats in both."
        )


@pytest.mark.parametrize(
    ("reason", "verdict", "title"),
    [
        ("noise", "not_settled", "The lead may be chance"),
        ("too_few_runs", "not_settled", "The lead may be chance"),
        ("size_unclear", "not_settled", "The lead may be too small to matter"),
        ("failures", "not_settled", "Accuracy of the leading set-ups"),
        ("no_variation", "not_settled", "Accuracy of the leading set-ups"),
        (None, "too_small", "The lead is too small to matter"),
    ],
)
def test_the_chart_says_of_a_lead_what_is_open_about_it(
    reason: Reason | None, verdict: Verdict, title: str
) -> None:
    assert lead_titles(reason, verdict, 0.002) == [title]


def test_no_lead_is_told_of_where_the_difference_is_none() -> None:
    """Within pairs the first by average may be behind, and repeats may tie to the digit."""
    for difference in (0.0, -0.001):
        assert lead_titles("noise", "not_settled", difference) == ["Accuracy of the leading set-ups"]


def lead_titles(reason: Reason | None, verdict: Verdict, difference: float) -> list[str]:
    made = STATES["not_settled"]()
    changed = tuple(
        replace(c, verdict=verdict, reason=reason, difference=difference) for c in made.comparisons
    )
    report = compose(replace(made, comparisons=changed), Config(), built_at=START, version="1")
    return [b.title.text for b in report.blocks() if isinstance(b, Chart) and b.id == "page_one"]


def traded(front: tuple[str, ...], missing: tuple[str, ...] = ()) -> tuple[list[str], str]:
    """Give the titles of the charts of digits, where c-4 is the cheapest but one and c-2 the best."""
    made = digits()
    weighed = TradeOff(("val_accuracy", "fit_seconds"), front, missing=missing)
    report = compose(replace(made, trade_off=weighed), Config(), built_at=START, version="1")
    titles = [b.title.text for b in report.blocks() if isinstance(b, Chart) and b.id == "trade_off"]
    return titles, "\n".join(sentence.text for sentence in report.sentences())


def test_nothing_is_best_in_both_while_another_may_be() -> None:
    neither = ["Accuracy and Training time of each set-up"]
    assert traded(("c-2", "c-1", "c-4", "c-5"))[0] == ["No set-up has the best average in both"]
    assert traded(("c-2", "c-1"), missing=("c-3",))[0] == neither, "c-3 has one of the numbers"
    titles, told = traded(("c-4",))  # the others are on other data
    assert titles == ["No set-up has the best average in both"]
    assert "Of the set-ups that can be compared in both, knn, k 3 has the best average of Accuracy" in told


def test_a_typical_run_is_told_of_where_runs_took_different_times() -> None:
    made = STATES["digits"]()
    effort = replace(made.effort, least_s=60.0, median_s=60.0, most_s=60.0)
    report = compose(replace(made, effort=effort), Config(), built_at=START, version="1")
    table = next(b for b in report.blocks() if isinstance(b, Table) and b.id == "effort")
    assert "A typical run: half took longer" not in [row.cells[0] for row in table.rows]


def test_the_name_in_a_figure_s_note_is_no_other_s() -> None:
    """Cut for itself alone, it would lose from its middle what tells it from the leading one."""
    begin, end = "a transformer of the smaller kind, trained with", "warm restarts and a batch of 256"
    setups = [replace(s, label=f"{begin} {n} {end}") for n, s in enumerate(digits_setups())]
    report = compose(build(setups), Config(), built_at=START, version="1")
    figures = next(b for b in report.blocks() if isinstance(b, KeyFigures))
    notes = [item.note.text for item in figures.items if item.note is not None]
    assert any("…0 warm" in note for note in notes), notes
