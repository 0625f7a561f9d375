from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import (
    Callout,
    Chart,
    Column,
    Glossary,
    Label,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    Term,
    say,
)
from reportgen.language import speaking
from reportgen.render.xlsx.names import sheet_names
from reportgen.render.xlsx.plan import PagePlan, TablePlan, plan_sheets
from tests.fakes.findings import STATES
from tests.fakes.reports import charts, meta
from tests.fakes.setups import START

TABLE = Table("comparison", say("Comparison"), (Column("a", "A"),), (Row(("x",)), Row(("y",))))
ANSWER = Section("answer", say("Yes"), "Summary", ())


def planned(*blocks: Table | Chart | Paragraph | Callout | Glossary, short: str = "Comparison") -> list[str]:
    section = Section("comparison", say("Finding"), short, blocks)
    plans = plan_sheets(Report(meta(), (ANSWER, section), {}), sheet_names())[1]
    return [f"{type(plan).__name__}: {plan.name}" for plan in plans]


def other(identity: str) -> Table:
    return replace(TABLE, id=identity)


def large(title: str = "Every run", identity: str = "large") -> Table:
    rows = TABLE.rows * 20
    return replace(TABLE, id=identity, title=say(Label(title)), rows=rows)


def test_one_table_takes_the_sections_sheet_with_its_text() -> None:
    assert planned(Paragraph(say("Text.")), TABLE) == ["TablePlan: Comparison"]


def test_small_tables_stand_together_on_the_sections_page() -> None:
    assert planned(TABLE, other("b")) == ["PagePlan: Comparison"]
    assert planned(charts()[0], TABLE) == ["PagePlan: Comparison"]
    assert planned(Callout("Note", (say("Text."),)), TABLE) == ["PagePlan: Comparison"]


def test_tables_of_data_have_sheets_named_by_what_they_hold() -> None:
    assert planned(large(), large("Every week", "b")) == ["TablePlan: Comparison", "TablePlan: Every week"]
    assert planned(charts()[0], large()) == ["PagePlan: Comparison", "TablePlan: Every run"]


def test_a_title_that_changes_with_the_numbers_names_no_sheet() -> None:
    assert planned(charts()[0], large("The first 6 of 37", "page_one"))[1] == "TablePlan: Page one"
    assert planned(charts()[0], large("word " * 20, "page_one"))[1] == "TablePlan: Page one"


def test_a_page_keeps_its_small_tables_in_reading_order() -> None:
    blocks = (charts()[0], TABLE, Paragraph(say("Text.")), large(), other("b"))
    section = Section("comparison", say("Finding"), "Comparison", blocks)
    page, _ = plan_sheets(Report(meta(), (ANSWER, section), {}), sheet_names())[1]
    assert isinstance(page, PagePlan)
    assert page.blocks == (*blocks[:3], blocks[4])


def test_long_text_is_not_frozen_above_a_table() -> None:
    assert planned(Paragraph(say("word " * 200)), TABLE)[0] == "PagePlan: Comparison"


def test_a_glossary_is_a_table() -> None:
    assert planned(Glossary((Term("a", "b"),))) == ["TablePlan: Comparison"]


def test_names_of_sections_come_before_names_of_tables() -> None:
    sections = (
        ANSWER,
        Section("a", say("a"), "Runs", (large("x", "a"), large("Weeks", "b"))),
        Section("b", say("b"), "Weeks", (large("y", "c"),)),
    )
    plans = plan_sheets(Report(meta(), sections, {}), sheet_names())
    assert [plan.name for group in plans for plan in group] == ["Summary", "Runs", "Weeks 2", "Weeks"]


def test_the_answer_is_always_a_page() -> None:
    answer = Section("answer", say(Label("A")), "Summary", (TABLE, large()))
    first, second = plan_sheets(Report(meta(), (answer,), {}), sheet_names())[0]
    assert isinstance(first, PagePlan)
    assert first.blocks == (TABLE,)
    assert isinstance(second, TablePlan)
    assert second.name == "Every run"


def test_a_table_without_columns_leaves_only_the_text() -> None:
    assert planned(replace(TABLE, columns=(), rows=()), Paragraph(say("Nothing to show."))) == [
        "PagePlan: Comparison"
    ]


@pytest.mark.parametrize("state", sorted(STATES))
def test_a_sheet_has_no_english_name_in_a_german_workbook(state: str) -> None:
    report = compose(STATES[state](), Config(language="de"), built_at=START, version="1")
    with speaking("de"):
        names = {plan.name for plans in plan_sheets(report, sheet_names()) for plan in plans}
    ids = {block.id.replace("_", " ").capitalize() for block in report.blocks() if isinstance(block, Table)}
    assert names & {*ids, "Set-ups"} <= {"Code"}
