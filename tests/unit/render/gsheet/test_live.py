"""The live comparison: another program works its formulas out to what the analysis found, whatever is picked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from reportgen.language import speaking
from reportgen.render.gsheet.values import one_line
from reportgen.render.live import LiveModel, named_model
from tests.unit.render.gsheet.reports import composed
from tests.unit.render.gsheet.sheets import Spreadsheet, Tab

STATE = "breaks_limit"


@pytest.fixture(scope="module")
def sheet() -> Spreadsheet:
    made = Spreadsheet()
    made.publish(composed(STATE))
    return made


@pytest.fixture(scope="module")
def model() -> LiveModel:
    found = named_model(composed(STATE), one_line)
    assert found is not None
    return found


def with_commas(formula: str) -> str:
    """Write a formula as a workbook has it: semicolons outside of texts are commas there."""
    return "".join(
        part if part.startswith(('"', "'")) else part.replace(";", ",")
        for part in re.split(r"""("[^"]*"|'[^']*')""", formula)
    )


def worked_out(sheet: Spreadsheet, folder: Path, extra: dict[str, str] | None = None) -> list[list[Any]]:
    """Let another program work out the tab of the comparison; *extra*: further formulas by cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for tab in sheet.tabs:
        page = book.create_sheet(tab.title)
        for (row, column), held in tab.cells.items():
            value = next(iter(held.values()))
            if isinstance(value, str) and ("SPARKLINE" in value or "HYPERLINK" in value):
                continue
            cell = page.cell(row + 1, column + 1, with_commas(value) if "formulaValue" in held else value)
            if "stringValue" in held:
                cell.data_type = "s"
        for place, formula in (extra or {}).items() if tab.title == "Comparison" else ():
            page[place] = with_commas(formula)
    book.save(folder / "in.xlsx")
    program = shutil.which("formualizer") or str(Path(sys.executable).with_name("formualizer"))
    command = [program, "recalc", str(folder / "in.xlsx"), "-o", str(folder / "out.xlsx"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not json.loads(done.stdout or "{}").get("unknown_functions"), done.stdout + done.stderr
    with CalamineWorkbook.from_path(folder / "out.xlsx") as workbook:
        found: list[list[Any]] = workbook.get_sheet_by_name("Comparison").to_python(skip_empty_area=False)
    return found


def pick(tab: Tab, setup: str, metric: str) -> int:
    """Choose as a person would; give the row of the inputs."""
    row, _ = tab.find("Compared with")
    tab.cells[row, 1], tab.cells[row + 1, 1] = {"stringValue": setup}, {"stringValue": metric}
    return row


@pytest.mark.parametrize(("choice", "metric"), [(0, 1), (1, 1), (0, 2), (1, 3)])
def test_a_pick_gives_values_differences_and_verdicts_of_that_pair(
    sheet: Spreadsheet, model: LiveModel, tmp_path: Path, choice: int, metric: int
) -> None:
    against, told = model.choices[choice], model.metrics[metric - 1]
    row = pick(sheet.tab("Comparison"), model.setups[against - 1], told.label)
    rows = worked_out(sheet, tmp_path)
    base = model.values[against - 1][metric - 1]
    assert base is not None
    assert rows[row + 2][1] == pytest.approx(base)
    assert rows[row + 4][1] == ("\N{EN DASH}" if told.target is None else pytest.approx(told.target))
    verdicts = model.verdicts()
    for place, values in enumerate(model.values, 1):
        found, value = rows[row + 6 + place], values[metric - 1]
        assert found[0] == model.setups[place - 1]
        assert found[1] == ("no result" if value is None else pytest.approx(value))
        gap = None if value is None else (value - base) * told.sign
        assert found[2] == ("\N{EN DASH}" if gap is None else pytest.approx(gap, abs=1e-9))
        own = "\N{BLACK CIRCLE} compared with"
        assert found[4] == (
            own if place == against else verdicts.get((metric, against, place), "not compared")
        )
        if gap is not None and told.smallest is not None:
            assert found[5] == ("yes" if abs(gap) >= told.smallest - 1e-9 else "no")


def test_people_choose_from_lists_of_what_there_is(sheet: Spreadsheet, model: LiveModel) -> None:
    tab, data = sheet.tab("Comparison"), sheet.tab("Live data")
    row, _ = tab.find("Compared with")
    for place, wanted in (
        (row, [model.setups[choice - 1] for choice in model.choices]),
        (row + 1, [metric.label for metric in model.metrics]),
    ):
        rule = tab.validations[place, 1]
        assert rule["condition"]["type"] == "ONE_OF_RANGE"
        (source,) = rule["condition"]["values"]
        found = re.fullmatch(r"='Live data'!\$A\$(\d+):\$A\$(\d+)", source["userEnteredValue"])
        assert found
        assert data.column()[int(found[1]) - 1 : int(found[2])] == wanted


def test_the_cells_to_choose_in_are_free_of_the_warning(sheet: Spreadsheet) -> None:
    tab = sheet.tab("Comparison")
    row, _ = tab.find("Compared with")
    (protection,) = tab.parts["protectedRanges"]
    free = {(area["startRowIndex"], area["startColumnIndex"]) for area in protection["unprotectedRanges"]}
    assert free == {(row, 1), (row + 1, 1)}


def test_rules_of_colour_are_true_where_the_verdict_says_so(
    sheet: Spreadsheet, model: LiveModel, tmp_path: Path
) -> None:
    tab = sheet.tab("Comparison")
    pick(tab, model.setups[model.baseline - 1], model.metrics[0].label)
    rules = {
        tone: next(r for r in tab.parts["conditionalFormats"] if f"reportgen:live-verdict-{tone}" in repr(r))
        for tone in ("good", "bad")
    }
    top = rules["good"]["ranges"][0]["startRowIndex"]
    texts = {
        tone: rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"]
        for tone, rule in rules.items()
    }
    extra = {}
    for place in range(len(model.setups)):
        for column, text in zip("JK", texts.values(), strict=True):
            extra[f"{column}{top + 1 + place}"] = text.replace(f"$E{top + 1}", f"$E{top + 1 + place}")
    rows = worked_out(sheet, tmp_path, extra)
    for row in rows[top : top + len(model.setups)]:
        assert (row[9], row[10]) == (row[4].startswith("▲"), row[4].startswith("▼"))
    assert any(row[9] for row in rows[top : top + len(model.setups)])


def test_the_whole_static_table_stands_in_a_tab_beside_it(sheet: Spreadsheet) -> None:
    titles = [tab.title for tab in sheet.tabs]
    place = titles.index("Comparison")
    assert titles[place + 1] == "Every set-up, best first"
    links = [held.get("formulaValue", "") for held in sheet.tab("Comparison").cells.values()]
    assert any(f'#gid={sheet.tabs[place + 1].id}"' in text for text in links)


def test_without_anything_to_compare_the_comparison_is_a_table() -> None:
    sheet = Spreadsheet()
    sheet.publish(composed("no_baseline"))
    assert "Live data" not in {tab.title for tab in sheet.tabs}
    assert not any(tab.validations for tab in sheet.tabs)


def test_the_sheet_speaks_the_language_of_the_report() -> None:
    report = composed("digits", language="de")
    sheet = Spreadsheet()
    sheet.publish(report)
    with speaking("de"):
        assert any(report.sections[1].short == tab.title for tab in sheet.tabs)
    words = [text for tab in sheet.tabs for text in tab.column(4)]
    assert any("▲ besser" in str(held) for tab in sheet.tabs for held in tab.cells.values()), words


def test_the_baseline_is_judged_by_no_limit(tmp_path: Path) -> None:
    made, model = Spreadsheet(), named_model(composed("too_small"), one_line)
    made.publish(composed("too_small"))
    assert model is not None
    row = pick(made.tab("Comparison"), model.setups[model.baseline - 1], model.metrics[0].label)
    rows = worked_out(made, tmp_path)[row + 7 : row + 7 + len(model.setups)]
    said = [cells[5] for cells in rows]
    assert said.pop(model.baseline - 1) == "\N{EN DASH}"
    assert set(said) <= {"yes", "no"}


def test_relative_differences_are_positive_where_it_is_better_and_points_stand_in_line(
    sheet: Spreadsheet, model: LiveModel, tmp_path: Path
) -> None:
    tab = sheet.tab("Comparison")
    metric = next(metric for metric in model.metrics if metric.sign == -1)
    row = pick(tab, model.setups[model.baseline - 1], metric.label)
    rows = worked_out(sheet, tmp_path)[row + 7 : row + 7 + len(model.setups)]
    moved = [cells for cells in rows if isinstance(cells[2], float) and cells[2]]
    assert moved
    assert all((cells[2] > 0) == (cells[3] > 0) for cells in moved)
    decimals = max(metric.shown.decimals for metric in model.metrics)
    painted = {
        body["cell"]["userEnteredFormat"]["numberFormat"]["pattern"]
        for body in tab.formats
        if body["range"]["startRowIndex"] == row + 7
        and body["range"]["startColumnIndex"] == 1
        and "numberFormat" in body["cell"]["userEnteredFormat"]
    }
    assert painted == {"#,##0." + "0" * decimals}
