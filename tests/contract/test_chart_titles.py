"""What the titles of the curves and of the panels of every metric say is a record, the same in every output."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

from reportgen.config import ThemeConfig
from reportgen.document import Chart
from reportgen.render.charts import write_chart
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.contract.test_outputs_agree import page_of, pdf_text, squeezed, text_of, unbroken
from tests.unit.render.gsheet.sheets import Spreadsheet

CLAIMS = {"curves": "course", "every_metric": "every-metric"}


def titled(sample: BuiltSample) -> list[Chart]:
    return [b for b in sample.report.blocks() if isinstance(b, Chart) and b.id in CLAIMS]


def test_a_title_is_a_finding_of_the_frozen_numbers_and_the_same_in_every_output(
    built_sample: BuiltSample, tmp_path: Path
) -> None:
    findings = json.loads(built_sample.files["json"].read_text("utf-8"))["findings"]
    said = {record["id"]: record["text"] for record in findings}
    charts = titled(built_sample)
    page, paper = text_of(page_of(built_sample)), unbroken(pdf_text(built_sample))
    with zipfile.ZipFile(built_sample.files["xlsx"]) as parts:
        book = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    words = squeezed(re.sub("<[^>]*>", "", book))
    sheet = Spreadsheet()
    sheet.publish(built_sample.report)
    specs: list[Any] = [entry["spec"]["title"] for tab in sheet.tabs for entry in tab.parts["charts"]]
    cells = squeezed(
        "\n".join(str(held) for tab in sheet.tabs for held in tab.cells.values()) + "\n".join(specs)
    )
    theme = load_theme(ThemeConfig())
    for chart in charts:
        title = squeezed(chart.title.text)
        assert said[CLAIMS[chart.id]] == chart.title.text
        assert title in page
        assert unbroken(title) in paper
        assert title in words
        assert title in cells
        assert title in squeezed(chart.alt.text)
        write_chart(chart, theme, tmp_path / "chart.svg", width_mm=178)
        drawn = re.findall("<text[^>]*>([^<]*)</text>", (tmp_path / "chart.svg").read_text("utf-8"))
        assert title in squeezed("".join(drawn))
