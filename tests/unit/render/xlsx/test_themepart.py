"""The company's theme in the workbook, and the workbook without what hinders some readers."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.xml.constants import ARC_THEME

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.errors import TemplateError
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from reportgen.render.xlsx.themepart import MAX_BYTES, read_theme_part
from tests.fakes.findings import STATES
from tests.fakes.reports import full_report
from tests.fakes.setups import START

pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported")


@pytest.fixture
def theme(tmp_path: Path) -> str:
    """A theme as Office writes it, with the company's first accent and a picture as background."""
    openpyxl.Workbook().save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as archive:
        text = archive.read(ARC_THEME).decode()
    picture = (
        '<a:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:embed="rId1"/><a:stretch/></a:blipFill>'
    )
    assert "4F81BD" in text
    return text.replace("4F81BD", "AB12CD").replace("<a:bgFillStyleLst>", f"<a:bgFillStyleLst>{picture}", 1)


def office_file(path: Path, part: str, content: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, content)
    return path


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("company.thmx", "theme/theme/theme1.xml"),
        ("company.xlsx", "xl/theme/theme1.xml"),
        ("deck.potx", "ppt/theme/theme1.xml"),
        ("letter.docx", "word/theme/theme1.xml"),
    ],
)
def test_the_workbook_has_the_companys_palette_and_no_pointer_into_its_file(
    theme: str, tmp_path: Path, name: str, part: str
) -> None:
    company = office_file(tmp_path / name, part, theme)
    target = tmp_path / "report.xlsx"
    XlsxRenderer().render(full_report(), load_theme(ThemeConfig(workbook=company)), target)
    with zipfile.ZipFile(target) as archive:
        taken = archive.read(ARC_THEME).decode()
    assert "AB12CD" in taken
    assert "blip" not in taken
    assert "rId1" not in taken
    assert openpyxl.load_workbook(target).loaded_theme is not None


@pytest.mark.parametrize(
    ("part", "content", "complaint"),
    [
        ("xl/workbook.xml", "<a/>", "it holds no theme"),
        ("xl/theme/theme1.xml", "<a", "its theme is no XML"),
        ("xl/theme/theme1.xml", "<theme/>", "its theme lacks colours, fonts or formats"),
        ("xl/theme/theme1.xml", b" " * (MAX_BYTES + 1), "no theme is that large"),
        (
            "xl/theme/theme1.xml",
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "its theme lacks colours, fonts or formats",
        ),
    ],
)
def test_what_is_no_theme_is_refused(tmp_path: Path, part: str, content: str | bytes, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read_theme_part(office_file(tmp_path / "a.xlsx", part, content))


def test_a_file_that_is_none_of_office_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.thmx").write_text("no archive")
    with pytest.raises(TemplateError, match="it is no readable Office file"):
        read_theme_part(tmp_path / "a.thmx")
    with pytest.raises(TemplateError, match="No such file"):
        read_theme_part(tmp_path / "none.thmx")


def test_an_accessible_workbook_has_neither_frozen_panes_nor_filters(tmp_path: Path) -> None:
    report = compose(STATES["many"](), Config(), built_at=START, version="1")
    XlsxRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "usual.xlsx")
    meta = replace(report.meta, accessible=True)
    XlsxRenderer().render(replace(report, meta=meta), load_theme(ThemeConfig()), tmp_path / "a.xlsx")
    usual, plain = (openpyxl.load_workbook(tmp_path / name) for name in ("usual.xlsx", "a.xlsx"))
    assert any(sheet.freeze_panes for sheet in usual)
    assert any(table.autoFilter for sheet in usual for table in sheet.tables.values())
    assert not any(sheet.freeze_panes for sheet in plain)
    assert not any(table.autoFilter for sheet in plain for table in sheet.tables.values())
    assert plain.sheetnames == usual.sheetnames
