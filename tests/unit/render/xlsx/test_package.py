from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from reportgen.config import ThemeConfig
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from reportgen.render.xlsx.chart_parts import error_bars
from reportgen.render.xlsx.chartdata import Strip
from reportgen.render.xlsx.package import split_skeleton
from tests.fakes.reports import full_report

# openpyxl says so of bars that grow from zero, which it can carry but not read
pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported")
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    target = render(tmp_path_factory.mktemp("book") / "a.xlsx")
    with ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def render(target: Path, **changes: Any) -> Path:
    XlsxRenderer().render(full_report(**changes), load_theme(ThemeConfig()), target)
    return target


def roots(parts: dict[str, bytes], folder: str) -> list[Any]:
    found = [
        etree.fromstring(data)
        for name, data in sorted(parts.items())
        if name.startswith(folder) and name.endswith(".xml")
    ]
    assert found
    return found


def test_private_parts_of_openpyxl_are_as_expected() -> None:
    """A new openpyxl that changes what `package` overrides must fail here, and be looked at."""
    drawing: Any = SpreadsheetDrawing()
    assert openpyxl.__version__.startswith("3.1.")
    assert list(inspect.signature(ExcelWriter.write_worksheet).parameters) == ["self", "ws"]
    assert list(inspect.signature(WorksheetWriter.__init__).parameters) == ["self", "ws", "out"]
    assert list(inspect.signature(drawing._chart_frame).parameters) == ["idx"]
    source = inspect.getsource(ExcelWriter.write_worksheet)
    for line in ("ws._drawing = SpreadsheetDrawing()", "ws._rels = writer._rels", "self.manifest.append(ws)"):
        assert line in source
    assert "self.ws._hyperlinks = []" in inspect.getsource(WorksheetWriter.__init__)
    order = ErrorBars.__elements__
    assert order.index("minus") < order.index("plus"), "mended upstream: the order need not be set any more"


def test_another_form_of_sheet_is_refused_loudly() -> None:
    with pytest.raises(RuntimeError, match="pinned"):
        split_skeleton(etree.fromstring("<worksheet><rows/></worksheet>"))


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    first = render(tmp_path / "a.xlsx").read_bytes()
    assert render(tmp_path / "b.xlsx").read_bytes() == first


def test_dates_in_the_file_are_the_reports(parts: dict[str, bytes], tmp_path: Path) -> None:
    assert parts["docProps/core.xml"].count(b"2026-11-22T08:00:00Z") == 2
    with ZipFile(render(tmp_path / "a.xlsx")) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(info.extract_version < 45 for info in archive.infolist()), "some readers refuse ZIP64"


def test_properties_name_title_author_and_language(parts: dict[str, bytes], tmp_path: Path) -> None:
    core = parts["docProps/core.xml"].decode()
    assert "Digit recognition: which model should we ship?" in core
    assert ">Model team</dc:creator>" in core
    assert ">en</dc:language>" in core
    without = openpyxl.load_workbook(render(tmp_path / "b.xlsx", owner=""))
    assert without.properties.creator == "reportgen"


def test_dimensions_cover_every_cell(parts: dict[str, bytes]) -> None:
    for root in roots(parts, "xl/worksheets/sheet"):
        last = root.find(f"{MAIN}dimension").get("ref").split(":")[1]
        rows = [int(row.get("r", "0")) for row in root.iter(f"{MAIN}row") if len(row)]
        assert rows == sorted(set(rows))
        assert int("".join(filter(str.isdigit, last))) >= rows[-1]


def test_every_chart_is_titled_described_and_has_its_values(parts: dict[str, bytes]) -> None:
    charts = roots(parts, "xl/charts/chart")
    assert len(charts) == 4
    for chart in charts:
        assert chart.find(f"{CHART}chart/{CHART}title") is not None
        assert chart.find(f"{CHART}roundedCorners").get("val") == "0"
        for axis in [*chart.iter(f"{CHART}valAx"), *chart.iter(f"{CHART}catAx")]:
            hidden = axis.find(f"{CHART}delete").get("val")
            assert hidden == "1" or axis.find(f"{CHART}title") is not None
        for kind, cache in (("numRef", "numCache"), ("strRef", "strCache")):
            for reference in chart.iter(f"{CHART}{kind}"):
                assert reference.find(f"{CHART}{cache}") is not None
        assert all(smooth.get("val") == "0" for smooth in chart.iter(f"{CHART}smooth"))
    texts = [
        frame.get("descr")
        for root in roots(parts, "xl/drawings/drawing")
        for frame in root.iter(f"{DRAWING}cNvPr")
    ]
    assert len(texts) == 4
    assert "Bar chart of runs by set-up." in texts


def test_error_bars_follow_the_schema() -> None:
    strip = Strip("'Chart data'!$F$6", (0.1,))
    tree = error_bars(strip, strip, "x", "112233").to_tree()
    names = [child.tag.rpartition("}")[2] for child in tree]
    assert names.index("plus") < names.index("minus")


def test_data_bars_grow_from_zero_and_keep_the_order_of_the_sheet(parts: dict[str, bytes]) -> None:
    (root,) = (r for r in roots(parts, "xl/worksheets/sheet") if r.find(f".//{MAIN}dataBar") is not None)
    limits = [limit.get("val") for limit in root.iter(f"{MAIN}cfvo")]
    assert limits == ["0.0", "7.19"]
    order = [child.tag.rpartition("}")[2] for child in root]
    assert order.index("sheetData") < order.index("conditionalFormatting") < order.index("hyperlinks")
    assert order[-1] == "extLst"
    priorities = [rule.get("priority") for rule in root.iter(f"{MAIN}cfRule")]
    assert len(set(priorities)) == len(priorities)
