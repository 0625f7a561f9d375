"""What the page's script is given: the comparison's data, inert, and a policy that names the script."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Column, Report, Row, Table, say
from reportgen.render.html import page_html
from reportgen.render.html.compare import compare_data
from reportgen.render.html.data import data_script
from reportgen.render.html.tables import MOST_ON_SCREEN, table_view
from reportgen.render.theme import load_theme
from tests.fakes.findings import STATES
from tests.fakes.setups import START


def report_of(state: str) -> Report:
    return compose(STATES[state](), Config(), built_at=START, version="1")


def test_no_text_ends_the_data_early() -> None:
    text = "</script><!-- \u2028 & ]]>"
    made = str(data_script({"a": text}, "rows"))
    assert made.count("<") == made.count(">") == 2
    assert json.loads(made[made.index("{") : made.rindex("}") + 1]) == {"a": text}


def test_the_policy_names_the_one_script_of_the_page() -> None:
    page = page_html(report_of("digits"), load_theme(ThemeConfig()), "screen")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in html.unescape(page)
    assert "<script" not in page_html(report_of("digits"), load_theme(ThemeConfig()), "print")


def test_the_data_are_those_of_the_report() -> None:
    report = report_of("digits")
    made = str(compare_data(report))
    told = json.loads(made[made.index("{") : made.rindex("}") + 1])
    numbers = report.numbers
    best = numbers["configurations"][0]
    assert told["setups"][0] == best["label"]
    assert told["named"]
    assert told["values"][0][0] == f"{best['mean'] * 100:.1f}"
    own = numbers["comparisons"][0]
    names = [c["key"] for c in numbers["configurations"] if c["mean"] is not None]
    word, gap = told["pairs"][f"0,{names.index(own['baseline'])},{names.index(own['key'])}"]
    said = told["words"][word]
    assert f"{said['sign']} {said['text']}" == numbers["verdict_words"][own["verdict"]]
    assert gap == f"{own['difference'] * 100:+.1f}".replace("-", "−")
    assert {one["tone"] for one in told["words"]} <= {"good", "bad", "caution", "neutral"}


def test_without_anything_to_compare_there_is_none() -> None:
    for state in ("one_run", "no_metric", "all_failed", "nothing_at_all"):
        assert compare_data(report_of(state)) is None
        assert 'class="compare"' not in page_html(report_of(state), load_theme(ThemeConfig()), "screen")


def test_a_long_table_brings_all_rows_as_data_up_to_a_limit() -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    rows = tuple(Row((f"row {n}", n)) for n in range(MOST_ON_SCREEN + 1))
    view = table_view(Table("t", say("T"), columns, rows[:100], print_rows=30), "screen")
    assert len(view.parts[0].rows) == 30
    assert view.parts[0].rows[3].cells[1].number == 3
    made = str(view.data)
    told = json.loads(made[made.index("[") : made.rindex("]") + 1])
    assert [row["cells"] for row in told] == [[f"row {n}", [str(n), n]] for n in range(100)]
    assert table_view(Table("t", say("T"), columns, rows, print_rows=30), "screen").data is None
    assert table_view(Table("t", say("T"), columns, rows[:100], print_rows=30), "print").data is None
    assert table_view(Table("t", say("T"), columns, rows[:20], print_rows=30), "screen").data is None
