"""The live comparison: formulas that two other programs work out to the same values, whatever is picked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.config.settings import CompareConfig, MetricConfig
from reportgen.document import Report
from reportgen.language import speaking
from reportgen.render.grid import TEXT_WIDTH
from reportgen.render.live import LiveModel, named_model
from reportgen.render.measure import split_lines, text_width
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from reportgen.render.xlsx.names import one_line
from reportgen.render.xlsx.rows import column_letter
from tests.fakes.findings import STATES
from tests.fakes.runsets import sweep
from tests.fakes.setups import START
from tests.fakes.workbooks import as_pdf, printed_width

SHEET = "Live comparison"


def report_of(state: str, **config: Any) -> Report:
    return compose(STATES[state](), Config(**config), built_at=START, version="1")


def model_of(state: str) -> LiveModel:
    found = named_model(report_of(state), one_line)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("live") / "report.xlsx"
    XlsxRenderer().render(report_of("digits"), load_theme(ThemeConfig()), path)
    return path


def values_of(path: Path) -> dict[str, Any]:
    """Give every cell of the live sheet with its stored value."""
    with CalamineWorkbook.from_path(path) as workbook:
        rows = workbook.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    return {
        f"{column_letter(column)}{row}": value
        for row, cells in enumerate(rows, 1)
        for column, value in enumerate(cells, 1)
        if value != ""
    }


def same(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert one.keys() == two.keys()
    for place, value in one.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert two[place] == pytest.approx(value, rel=1e-9, abs=1e-12), place
        else:
            assert two[place] == value, place


def picked(book: Path, target: Path, cell: str, value: str) -> Path:
    """Pick another value as a person would, by changing the cell and nothing else."""
    from reportgen.render.xlsx.clean import escape

    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w") as new:
        with CalamineWorkbook.from_path(book) as workbook:
            member = f"xl/worksheets/sheet{workbook.sheet_names.index(SHEET) + 1}.xml"
        for name in old.namelist():
            data = old.read(name)
            if name == member:
                text = data.decode()
                before = text.index(f'<c r="{cell}"')
                start, end = text.index('preserve">', before) + 10, text.index("</t>", before)
                text = text[:start] + escape(value) + text[end:]
                # without stored results every program has to work them out
                data = re.sub(r"(<f>[^<]*</f>)<v>[^<]*</v>", r"\1", text).encode()
            new.writestr(name, data)
    return target


def recalculated(path: Path, out: Path) -> dict[str, Any]:
    program = shutil.which("formualizer") or str(Path(sys.executable).with_name("formualizer"))
    command = [program, "recalc", str(path), "-o", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not json.loads(done.stdout or "{}").get("unknown_functions"), done.stdout
    return values_of(out if out.exists() else path)


def expected(model: LiveModel, against: int, metric: int) -> list[tuple[Any, Any, str]]:
    """Work out by hand what each row has to say: value, difference, verdict."""
    told, verdicts = model.metrics[metric - 1], model.verdicts()
    base = model.values[against - 1][metric - 1]
    rows: list[tuple[Any, Any, str]] = []
    for place, values in enumerate(model.values, 1):
        value = values[metric - 1]
        gap = "\N{EN DASH}" if value is None or base is None else (value - base) * told.sign
        verdict = verdicts.get((metric, against, place), "not compared")
        rows.append(
            (
                "no result" if value is None else value,
                gap,
                "\N{BLACK CIRCLE} compared with" if place == against else verdict,
            )
        )
    return rows


def test_stored_results_are_those_of_another_program(book: Path, tmp_path: Path) -> None:
    same(values_of(book), recalculated(book, tmp_path / "again.xlsx"))


@pytest.mark.parametrize(("against", "metric"), [(1, 1), (3, 1), (2, 2)])
def test_another_pick_gives_values_differences_and_verdicts_of_that_pair(
    book: Path, tmp_path: Path, against: int, metric: int
) -> None:
    model = model_of("digits")
    changed = picked(book, tmp_path / "a.xlsx", "B5", model.setups[against - 1])
    changed = picked(changed, tmp_path / "b.xlsx", "B6", model.metrics[metric - 1].label)
    found = recalculated(changed, tmp_path / "c.xlsx")
    for row, (value, gap, verdict) in enumerate(expected(model, against, metric), 12):
        assert (
            found[f"B{row}"] == pytest.approx(value)
            if isinstance(value, float)
            else found[f"B{row}"] == value
        )
        assert (
            found[f"C{row}"] == pytest.approx(gap, abs=1e-9)
            if isinstance(gap, float)
            else found[f"C{row}"] == gap
        )
        assert found[f"E{row}"] == verdict


@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # data bars, unknown to openpyxl
def test_the_chart_draws_what_is_picked_in_the_colours_of_the_verdicts(book: Path, tmp_path: Path) -> None:
    model = model_of("digits")
    sheets = openpyxl.load_workbook(book)
    (chart,) = sheets[SHEET]._charts  # type: ignore[attr-defined]
    assert chart.x_axis.tickLblPos == "low"  # else names would stand on bars that go to the left
    assert [series.tx.strRef.strCache.pt[0].v for series in chart.series] == [
        "better",
        "worse",
        "not settled, or no clear gain",
    ]
    changed = picked(book, tmp_path / "a.xlsx", "B5", model.setups[2])
    recalculated(changed, tmp_path / "b.xlsx")
    found = openpyxl.load_workbook(tmp_path / "b.xlsx", data_only=True)

    def cells(ref: str) -> list[Any]:
        sheet, _, area = ref.rpartition("!")
        return [row[0].value for row in found[sheet.strip("'")][area.replace("$", "")]]

    verdicts = model.verdicts()
    columns = [cells(series.val.numRef.f) for series in chart.series]
    for place, name in enumerate(cells(chart.series[0].cat.strRef.f), 1):
        value, base = model.values[place - 1][0], model.values[2][0]
        gap = 0.0 if value is None or base is None else (value - base) * model.metrics[0].sign
        verdict = verdicts.get((1, 3, place), "")
        group = 0 if verdict.startswith("▲") else 1 if verdict.startswith("▼") else 2
        assert name == model.setups[place - 1]
        assert columns[group][place - 1] == pytest.approx(gap, abs=1e-9)
        assert sum(abs(column[place - 1]) for column in columns) == pytest.approx(abs(gap), abs=1e-9)


def test_the_live_sheet_stands_beside_the_comparison(book: Path) -> None:
    with CalamineWorkbook.from_path(book) as workbook:
        names = workbook.sheet_names
    assert names.index(SHEET) == names.index("Comparison") + 1


@pytest.mark.heavy
@pytest.mark.parametrize("pick", ["", "second"])
def test_libreoffice_works_out_the_same(book: Path, tmp_path: Path, pick: str) -> None:
    model = model_of("digits")
    path = picked(book, tmp_path / "picked.xlsx", "B5", model.setups[1 if pick else model.baseline - 1])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = tmp_path / "out"
    command = [
        "soffice",
        "--headless",
        profile,
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=110)
    theirs = values_of(out / path.name)
    same(recalculated(path, tmp_path / "again.xlsx"), theirs)


def analysed(results: dict[str, list[float | None]], delta: float | None = None) -> LiveModel:
    """Give the model of real runs, one list of results a set-up; the first is the baseline."""
    metric = MetricConfig("accuracy", primary=True, smallest_difference=delta)
    config = Config(
        metrics={"accuracy": metric}, compare=CompareConfig(baseline={"model": next(iter(results))})
    )
    found = named_model(
        compose(analyse(sweep(results), config), config, built_at=START, version="1"), one_line
    )
    assert found is not None
    return found


def test_a_pair_reads_the_other_way_round_by_the_same_rules() -> None:
    model = analysed(
        {
            "old": [0.900, 0.901, 0.899, 0.900],
            "much": [0.950, 0.951, 0.949, 0.950],
            "little": [0.9040, 0.9041, 0.9039, 0.9040],
            "down": [0.8960, 0.8961, 0.8959, 0.8960],
        },
        delta=0.01,
    )
    place = {name: number for number, name in enumerate(model.setups, 1)}
    said = {
        (one, two): model.verdicts()[1, place[two], place[one]].split(" ", 1)[1]
        for one in place
        for two in place
        if one != two
    }
    assert said["much", "old"] == "better"
    assert said["old", "much"] == "worse"
    assert said["little", "old"] == "gain too small"
    assert said["old", "little"] == "worse"
    assert said["down", "old"] == "worse"
    assert said["old", "down"] == "gain too small"  # a small loss is no gain that matters
    assert len(said) == 12


def test_names_that_a_look_up_would_read_as_patterns_are_made_plain() -> None:
    from reportgen.render.lookups import unique_names

    names = unique_names(["a*", "A*", "what?", "~x", "n" * 300, "n" * 300, ""])
    assert len({name.casefold() for name in names}) == 7
    assert not any(sign in name for name in names for sign in "*?~")
    assert max(map(len, names)) <= 80


@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # data bars, unknown to openpyxl
def test_above_some_sixty_set_ups_those_worth_it_can_be_picked_and_no_others(tmp_path: Path) -> None:
    results: dict[str, list[float | None]] = {
        f"m{i:02}": [0.8 + i % 37 / 400 + step for step in (0.0, 0.001, 0.002)] for i in range(70)
    }
    model = analysed(results)
    verdicts = model.verdicts()
    assert 1 < len(model.choices) < 10
    assert model.baseline in model.choices
    for choice in model.choices:
        assert all((1, choice, other) in verdicts for other in range(1, 71) if other != choice)

    metric = MetricConfig("accuracy", primary=True)
    config = Config(metrics={"accuracy": metric}, compare=CompareConfig(baseline={"model": "m00"}))
    report = compose(analyse(sweep(results), config), config, built_at=START, version="1")
    XlsxRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    (rule,) = [r for r in book[SHEET].data_validations.dataValidation if "B5" in str(r.sqref)]
    sheet, cells = str(rule.formula1).rsplit("!", 1)
    offered = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
    assert offered == [model.setups[choice - 1] for choice in model.choices]


def test_up_to_sixty_set_ups_every_one_can_be_picked() -> None:
    results: dict[str, list[float | None]] = {f"m{i:02}": [0.8 + i / 400, 0.801 + i / 400] for i in range(60)}
    assert len(analysed(results).choices) == 60


@pytest.mark.parametrize("state", ["one_run", "no_direction", "no_metric", "all_failed", "nothing_at_all"])
def test_without_anything_to_compare_there_is_no_live_sheet(state: str) -> None:
    assert named_model(report_of(state), one_line) is None


def test_the_live_sheet_speaks_german(tmp_path: Path) -> None:
    report = report_of("digits", language="de")
    with speaking("de"):
        XlsxRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "r.xlsx")
    with CalamineWorkbook.from_path(tmp_path / "r.xlsx") as workbook:
        rows = workbook.get_sheet_by_name("Direktvergleich").to_python(skip_empty_area=False)
    assert rows[0][0] == "Mit jeder Variante vergleichen"
    assert "▲ besser" in {row[4] for row in rows}


def test_a_long_metric_keeps_its_unit() -> None:
    model = model_of("long_names")
    assert all(len(metric.label) <= 80 for metric in model.metrics)
    assert model.metrics[0].label.endswith(" (%)")


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_the_heads_of_sheets_that_are_read_are_printed_as_wide_as_text_may_be(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    for name in ("Live data", "All verdicts", "Chart data"):
        assert TEXT_WIDTH <= printed_width(workbook[name]) < 2 * TEXT_WIDTH, name


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_a_name_that_is_too_long_for_its_cell_takes_more_lines(tmp_path: Path) -> None:
    """The number beside it would cut it, on the screen and on paper."""
    path = tmp_path / "report.xlsx"
    XlsxRenderer().render(report_of("long_names"), load_theme(ThemeConfig()), path)
    sheet = openpyxl.load_workbook(path)[SHEET]
    room = sheet.column_dimensions["A"].width - 1
    names = [cell for cell in sheet["A"][11:] if cell.value]
    assert any(text_width(cell.value) > room for cell in names)
    for cell in names:
        lines = len(split_lines(cell.value, room))
        assert lines == 1 or cell.alignment.wrap_text
        assert (sheet.row_dimensions[cell.row].height or 15) >= 14 * lines


def rules_of(sheet: Any, cell: str) -> dict[str, str]:
    """Give the number formats that a cell may get, by condition, the first that holds counting."""
    return {
        rule.formula[0]: rule.dxf.numFmt.formatCode
        for entry in sheet.conditional_formatting
        for rule in sorted(entry.rules, key=lambda rule: rule.priority)
        if cell in [area.coord.partition(":")[0] for area in entry.sqref.ranges] and rule.dxf.numFmt
    }


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_numbers_have_the_decimals_of_the_metric_that_is_picked(book: Path) -> None:
    model, sheet = model_of("digits"), openpyxl.load_workbook(book)[SHEET]
    assert len({metric.shown.decimals for metric in model.metrics}) > 1
    for cell, sign in (("B12", ""), ("C12", "+")):
        rules = rules_of(sheet, cell)
        for place, metric in enumerate(model.metrics, 1):
            plain = "#,##0." + "0" * metric.shown.decimals if metric.shown.decimals else "#,##0"
            meant = f"+{plain};-{plain};{plain}" if sign else plain
            own = [
                code for test, code in rules.items() if f"$G$6={place})" in test or f"$G$6={place}," in test
            ]
            assert own[-1] == meant
            assert [code.count("0.") for code in own[:2]]  # what would be shown as 0 has more of them
            if place == 1:
                assert {row[0].number_format for row in sheet[f"{cell}:{cell[0]}14"]} == {meant}


@pytest.mark.parametrize("against", [1, 3])
def test_what_is_compared_with_is_neither_large_enough_nor_too_small(tmp_path: Path, against: int) -> None:
    model = model_of("too_small")
    XlsxRenderer().render(report_of("too_small"), load_theme(ThemeConfig()), tmp_path / "report.xlsx")
    changed = picked(tmp_path / "report.xlsx", tmp_path / "a.xlsx", "B5", model.setups[against - 1])
    found = recalculated(changed, tmp_path / "b.xlsx")
    said = [found[f"F{row}"] for row in range(12, 12 + len(model.setups))]
    assert said.pop(against - 1) == "\N{EN DASH}"
    assert set(said) <= {"yes", "no"}


def test_relative_differences_are_positive_where_it_is_better(book: Path, tmp_path: Path) -> None:
    model = model_of("digits")
    place = next(place for place, metric in enumerate(model.metrics, 1) if metric.sign == -1)
    changed = picked(book, tmp_path / "a.xlsx", "B6", model.metrics[place - 1].label)
    found = recalculated(changed, tmp_path / "b.xlsx")
    pairs = [(found[f"C{row}"], found[f"D{row}"]) for row in range(12, 12 + len(model.setups))]
    numbers = [(gap, share) for gap, share in pairs if isinstance(gap, float) and gap]
    assert numbers
    assert all((gap > 0) == (share > 0) for gap, share in numbers)


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_the_name_of_what_is_picked_is_bold_whatever_is_picked(book: Path) -> None:
    sheet, count = openpyxl.load_workbook(book)[SHEET], len(model_of("digits").setups)
    assert not any(sheet.cell(row, 1).font.b for row in range(12, 12 + count))
    (rule,) = next(
        entry.rules for entry in sheet.conditional_formatting if str(entry.sqref) == f"A12:A{11 + count}"
    )
    assert rule.formula == ["$G$5=ROW()-11"]
    assert rule.dxf.font.b


@pytest.mark.heavy
def test_libreoffice_shows_those_decimals_too(book: Path, tmp_path: Path) -> None:
    model = model_of("digits")
    shown: dict[int, list[str]] = {}
    for place in (1, 2):
        metric = model.metrics[place - 1]
        path = picked(book, tmp_path / f"p{place}.xlsx", "B6", metric.label)
        document = pypdfium2.PdfDocument(as_pdf(path, tmp_path))
        texts = [page.get_textpage().get_text_bounded() for page in document]
        document.close()
        text = next(text for text in texts if "everything below follows" in text)
        (line,) = [line for line in text.splitlines() if line.startswith(f"{model.setups[0]} ")]
        shown[place] = line.removeprefix(f"{model.setups[0]} ").split()[:1]
        value = model.values[0][place - 1]
        assert value is not None
        assert shown[place] == [f"{value:,.{metric.shown.decimals}f}"]
