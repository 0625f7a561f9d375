"""A table of shades as a picture alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Missing, Number, Table
from reportgen.pipeline import charts
from reportgen.render.charts import write_chart
from reportgen.render.theme import load_theme
from tests.fakes.findings import STATES
from tests.fakes.setups import START

THEME = load_theme(ThemeConfig())
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def grid() -> Table:
    report = compose(STATES["grid"](), Config(), built_at=START, version="1")
    found = charts(report)["settings_grid"]
    assert isinstance(found, Table)
    return found


def drawn(table: Table, target: Path, width: float = 120.0) -> ET.Element:
    write_chart(table, THEME, target, width_mm=width)
    return ET.fromstring(target.read_bytes())  # noqa: S314 - our own drawing


def test_every_cell_and_both_settings_stand_in_it_as_text(grid: Table, tmp_path: Path) -> None:
    texts = [text.text or "" for text in drawn(grid, tmp_path / "a.svg").iter(f"{SVG}text")]
    assert grid.title.text in " ".join(texts)
    assert {str(row.cells[0]) for row in grid.rows} <= set(texts)
    assert {column.heading for column in grid.columns} <= set(texts)
    assert "87" in texts
    assert texts.count("no result") == sum(
        isinstance(cell, Missing) and cell.reason == "no result" for row in grid.rows for cell in row.cells
    )


def test_the_better_the_darker_whichever_way_is_better(grid: Table, tmp_path: Path) -> None:
    values = [cell.value for row in grid.rows for cell in row.cells if isinstance(cell, Number)]

    def shades(table: Table, name: str) -> list[int]:
        fills = [
            path.attrib["fill"]
            for path in drawn(table, tmp_path / name).iter(f"{SVG}path")
            if path.attrib.get("fill", "none") not in {"none", "#ffffff"}
        ]
        return [sum(bytes.fromhex(fill[1:])) for fill in fills]

    up, down = shades(grid, "a.svg"), shades(replace(grid, heat="minimize"), "b.svg")
    assert len(up) == len(down) == len(values)
    assert values[up.index(min(up))] == max(values)
    assert values[down.index(min(down))] == min(values)


def test_who_cannot_see_it_is_told_the_best_cell(grid: Table, tmp_path: Path) -> None:
    title = drawn(grid, tmp_path / "a.svg").findtext(f"{SVG}title")
    assert title == (
        f"Table of shades: {grid.title.text}. Averages of repeats, in %. The darker, the better. "
        "The best is 87, at lr 1 and layers 2."
    )
    empty = replace(
        grid,
        rows=tuple(
            replace(row, cells=(row.cells[0], *[Missing("none")] * (len(row.cells) - 1))) for row in grid.rows
        ),
    )
    assert "No cell has a number" in str(drawn(empty, tmp_path / "b.svg").findtext(f"{SVG}title"))


@pytest.mark.parametrize("width", [60.0, 178.0, 600.0])
def test_nothing_is_cut_off_at_any_width(grid: Table, tmp_path: Path, width: float) -> None:
    write_chart(grid, THEME, tmp_path / "a.png", width_mm=width)
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size[0] == pytest.approx(width / 25.4 * 200, abs=1)
        grey = picture.convert("L")
        edge = [grey.crop((0, 0, 10, grey.height)), grey.crop((grey.width - 10, 0, grey.width, grey.height))]
        assert all(part.getextrema() == (255, 255) for part in edge)
