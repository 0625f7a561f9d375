"""Counts that a reader can add up, and sentences that do not contradict a table beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.compose.sentences import listed
from reportgen.config import Config
from reportgen.document import Glossary, Report, Table, say
from reportgen.explain import Tree, explain_number
from reportgen.findings import Change, Findings, TradeOff
from tests.fakes.findings import STATES, digits
from tests.fakes.runsets import START, TableCurves, make_run, make_runset
from tests.unit.compose.test_changes import FIRST, GAP, SECOND, report_on


def report_of(findings: Findings) -> Report:
    return compose(findings, Config(), built_at=START, version="1")


def words(report: Report) -> str:
    return " ".join(s.text for s in report.sentences()).replace("\N{NO-BREAK SPACE}", " ")


def test_curves_that_were_not_read_count_among_those_not_drawn() -> None:
    values = [0.5 + n / 100 for n in range(5)]
    runs = [make_run(n, {"lr": n // 2, "seed": n % 2}, {"accuracy": values}) for n in range(24)]
    curves = TableCurves({(run.id, "accuracy"): values for run in runs})
    found = analyse(make_runset(runs, curves), Config())
    drawn = report_of(found).numbers["counts"]["lines"]
    assert len(found.curves) < 12
    assert f"The curves of {12 - drawn} more set-ups are not drawn." in words(report_of(found))


@pytest.mark.parametrize(("near", "said"), [(("c-3",), "tell it from"), (("c-3", "c-0"), "tell them from")])
def test_one_set_up_near_the_front_is_it(near: tuple[str, ...], said: str) -> None:
    weighed = TradeOff(("val_accuracy", "fit_seconds"), ("c-2", "c-1", "c-4"), near=near)
    assert said in words(report_of(replace(digits(), trade_off=weighed)))


@pytest.mark.parametrize("kind", ["new_leader", "new_best", "target_reached", "target_lost"])
def test_what_another_one_reached_before_is_not_put_beside_a_name(kind: str) -> None:
    report = report_on(Change(kind, FIRST, 0.96, 0.974, against=SECOND, **GAP))
    table = next(b for b in report.blocks() if isinstance(b, Table) and b.id == "changes")
    assert "mlp" not in str(table.rows[0].cells[1])


def test_beside_a_set_up_that_was_run_again_it_says_what_the_result_after_is_of() -> None:
    noted = "Run again: the result after is that of the new runs alone."
    assert noted in words(report_on(Change("steady", FIRST, 0.97, 0.96)))
    assert noted not in words(report_on(Change("runs_added", "", 4, 8, count=4)))


def test_too_few_of_more_says_of_how_many() -> None:
    made = STATES["not_settled"]()
    few = replace(made.importance, reason="too_few", stated=False, configurations=5)
    said = "5 of 8 set-ups have results to compare, too few to predict results from settings."
    assert said in words(report_of(replace(made, importance=few)))
    alike = replace(few, configurations=8)
    assert "8 set-ups are too few" in words(report_of(replace(made, importance=alike)))


def test_set_ups_are_about_the_same_as_the_one_compared_with_and_not_as_each_other() -> None:
    said = words(report_of(STATES["about_the_same"]()))
    assert "All 7 set-ups compared are about the same as logreg." in said


def test_names_with_commas_are_set_apart_by_semicolons() -> None:
    with_commas = [say(name) for name in ("mlp, wide", "mlp, narrow", "knn")]
    assert listed(with_commas).text == "mlp, wide; mlp, narrow and knn"
    assert listed([say(name) for name in ("mlp", "svm", "knn")]).text == "mlp, svm and knn"


def test_the_p_value_of_one_comparison_is_not_multiplied() -> None:
    made = STATES["not_settled"]()
    one, several = (
        explain_number(Tree(report_of(replace(made, comparisons=entries)).numbers), pointer).recipe
        for entries in (made.comparisons, tuple(replace(c, family=7) for c in made.comparisons))
        for pointer in ("/comparisons/0/p_adjusted",)
    )
    assert one.formula == "of one comparison, p as it is"
    assert "the next times 6" in several.formula


def test_a_front_is_explained_only_where_one_is_shown() -> None:
    weighed = TradeOff(("val_accuracy", "duration_s"), ("c-2", "c-1"))  # no metric of the report
    shown, not_shown = (report_of(replace(digits(), trade_off=t)) for t in (digits().trade_off, weighed))
    assert "Front" in terms(shown)
    assert "trade_off" not in {section.id for section in not_shown.sections}
    assert "Front" not in terms(not_shown)


def terms(report: Report) -> list[str]:
    return [entry.term for block in report.blocks() if isinstance(block, Glossary) for entry in block.entries]
