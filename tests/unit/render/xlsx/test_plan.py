from __future__ import annotations

from dataclasses import replace

from reportgen.document import Callout, Chart, Glossary, Label, Paragraph, Report, Section, Table, Term, say
from reportgen.render.xlsx.names import sheet_names
from reportgen.render.xlsx.plan import PagePlan, TablePlan, plan_sheets
from tests.fakes.reports import charts, comparison_table, meta

TABLE = comparison_table()
ANSWER = Section("answer", say("Yes"), "Summary", ())


def planned(*blocks: Table | Chart | Paragraph | Callout | Glossary, short: str = "Comparison") -> list[str]:
    section = Section("comparison", say("Finding"), short, blocks)
    plans = plan_sheets(Report(meta(), (ANSWER, section), {}), sheet_names())[1]
    return [f"{type(plan).__name__}: {plan.name}" for plan in plans]


def other(identity: str) -> Table:
    return replace(TABLE, id=identity)


def test_one_table_takes_the_sections_sheet_with_its_text() -> None:
    assert planned(Paragraph(say("Text.")), TABLE) == ["TablePlan: Comparison"]


def test_further_tables_get_sheets_of_their_own() -> None:
    assert planned(TABLE, other("b")) == ["TablePlan: Comparison", "TablePlan: Comparison 2"]


def test_charts_and_boxes_have_a_sheet_before_the_tables() -> None:
    apart = ["PagePlan: Comparison", "TablePlan: Comparison table"]
    assert planned(charts()[0], TABLE) == apart
    assert planned(Callout("Note", (say("Text."),)), TABLE) == apart


def test_long_text_is_not_frozen_above_a_table() -> None:
    assert planned(Paragraph(say("word " * 200)), TABLE)[0] == "PagePlan: Comparison"


def test_a_glossary_is_a_table() -> None:
    assert planned(Glossary((Term("a", "b"),))) == ["TablePlan: Comparison"]


def test_names_of_sections_come_before_names_of_tables() -> None:
    sections = (
        ANSWER,
        Section("a", say("a"), "Runs", (TABLE, other("b"))),
        Section("b", say("b"), "Runs 2", (other("c"),)),
    )
    plans = plan_sheets(Report(meta(), sections, {}), sheet_names())
    assert [plan.name for group in plans for plan in group] == ["Summary", "Runs", "Runs 3", "Runs 2"]


def test_the_answer_is_always_a_page() -> None:
    answer = Section("answer", say(Label("A")), "Summary", (TABLE,))
    first, second = plan_sheets(Report(meta(), (answer,), {}), sheet_names())[0]
    assert isinstance(first, PagePlan)
    assert isinstance(second, TablePlan)
    assert second.name == "Summary table"


def test_a_table_without_columns_leaves_only_the_text() -> None:
    assert planned(replace(TABLE, columns=(), rows=()), Paragraph(say("Nothing to show."))) == [
        "PagePlan: Comparison"
    ]
