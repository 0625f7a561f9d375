"""One call makes all outputs; one that fails neither stops the others nor leaves anything."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pikepdf
import pytest

from reportgen.config import ThemeConfig
from reportgen.document import Report
from reportgen.errors import OutputError, RenderError, TemplateError
from reportgen.outputs import Output
from reportgen.render import build as build_module
from reportgen.render import find_renderer, known_formats, render_outputs
from reportgen.render.interface import Renderer
from reportgen.render.theme import Theme
from tests.fakes.reports import full_report


class FailingRenderer:
    """Writes something, then fails as told."""

    format: ClassVar[str] = "pdf"
    suffix: ClassVar[str] = ".pdf"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def render(self, report: Report, theme: Theme, target: Path) -> tuple[str, ...]:  # noqa: ARG002 - it fails for any
        target.write_bytes(b"half")
        raise self.error


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the PDF fail with an error."""

    def set_error(error: Exception) -> None:
        def find(name: str) -> Renderer:
            return FailingRenderer(error) if name == "pdf" else find_renderer(name)

        monkeypatch.setattr(build_module, "find_renderer", find)

    return set_error


def test_outputs_are_named_after_the_report_and_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    outputs = render_outputs(
        full_report(), ["json", "html", "json"], tmp_path / "new", ThemeConfig(), progress=told.append
    )
    expected = tuple(
        Output(name, tmp_path / "new" / f"digit-recognition.{name}") for name in ("json", "html")
    )
    assert outputs.made == expected
    assert outputs.failed == ()
    assert told == ["json", "html"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "digit-recognition.html",
        "digit-recognition.json",
    ]


def test_an_unknown_format_names_the_known_ones_and_the_others_are_made(tmp_path: Path) -> None:
    outputs = render_outputs(full_report(), ["docx", "json"], tmp_path, ThemeConfig())
    assert [output.format for output in outputs.made] == ["json"]
    assert [failed.format for failed in outputs.failed] == ["docx"]
    message = outputs.failed[0].error.message
    assert message.startswith("unknown format 'docx'; known are xlsx, pdf, html, json")


def test_a_failed_format_removes_its_stale_file_and_the_others_are_made(
    tmp_path: Path, fail: Callable[[Exception], None]
) -> None:
    fail(RenderError("a chart is missing"))
    (tmp_path / "digit-recognition.pdf").write_bytes(b"last week's")
    outputs = render_outputs(full_report(), ["pdf", "json"], tmp_path, ThemeConfig())
    assert [path.name for path in tmp_path.iterdir()] == ["digit-recognition.json"]
    assert outputs.failed[0].error.what == "a chart is missing"


def test_a_fault_in_a_renderer_becomes_an_error_that_says_so(
    tmp_path: Path, fail: Callable[[Exception], None]
) -> None:
    fail(ZeroDivisionError("division by zero"))
    outputs = render_outputs(full_report(), ["pdf", "json"], tmp_path, ThemeConfig())
    error = outputs.failed[0].error
    assert type(error) is RenderError
    assert "ZeroDivisionError: division by zero" in error.message
    assert "please report it" in error.do
    assert [output.format for output in outputs.made] == ["json"]


def test_a_stale_file_that_cannot_be_removed_is_not_passed_off_as_new(
    tmp_path: Path, fail: Callable[[Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(OSError(errno.ENOSPC, "No space left on device"))
    stale = tmp_path / "digit-recognition.pdf"
    stale.write_bytes(b"last week's")
    remove = Path.unlink

    def held(path: Path, *, missing_ok: bool = False) -> None:
        if path == stale:
            raise PermissionError(errno.EACCES, "held")
        remove(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    outputs = render_outputs(full_report(), ["pdf"], tmp_path, ThemeConfig())
    assert "from an earlier build and could not be removed" in outputs.failed[0].error.message
    assert list(tmp_path.iterdir()) == [stale]


def test_a_folder_that_cannot_be_made_fails_every_format(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    outputs = render_outputs(full_report(), ["json", "html"], tmp_path / "out", ThemeConfig())
    assert outputs.made == ()
    assert {type(failed.error) for failed in outputs.failed} == {OutputError}
    assert (tmp_path / "out").read_bytes() == b"a file"


def test_a_wrong_theme_stops_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="colour focus is 'blue'"):
        render_outputs(full_report(), ["json"], tmp_path, ThemeConfig(colors={"focus": "blue"}))
    assert list(tmp_path.iterdir()) == []


def test_every_known_format_has_a_renderer_that_says_so() -> None:
    for name in ("pdf", "html", "json"):
        renderer = find_renderer(name)
        assert (renderer.format, renderer.suffix) == (name, f".{name}")
    assert set(known_formats()) >= {"xlsx", "pdf", "html", "json"}


def test_finding_out_the_formats_imports_no_heavy_library() -> None:
    code = (
        "import sys, reportgen.render as r; r.known_formats();"
        "print([m for m in ('jinja2', 'matplotlib', 'weasyprint', 'pikepdf', 'openpyxl', 'numpy')"
        " if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_the_other_outputs_are_attached_to_the_pdf_on_wish(tmp_path: Path) -> None:
    report = full_report()
    report = replace(report, meta=replace(report.meta, attach=True))
    made = [render_outputs(report, ["pdf", "json", "xlsx"], tmp_path / n, ThemeConfig()) for n in ("a", "b")]
    paths = {output.format: output.path for output in made[0].made}
    with pikepdf.open(paths["pdf"]) as pdf:
        held = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        assert len(pdf.Root.AF) == 2
        assert pdf.Root.StructTreeRoot is not None
    assert held == {path.name: path.read_bytes() for name, path in paths.items() if name != "pdf"}
    again = next(output.path for output in made[1].made if output.format == "pdf")
    assert again.read_bytes() == paths["pdf"].read_bytes()


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its profile open
def test_a_pdf_claims_one_standard(tmp_path: Path) -> None:
    report = full_report()
    claims = []
    for number, archive in enumerate((False, True)):
        meta = replace(report.meta, archive=archive)
        made = render_outputs(replace(report, meta=meta), ["pdf"], tmp_path / str(number), ThemeConfig())
        with pikepdf.open(made.made[0].path) as pdf:
            text = pdf.Root.Metadata.read_bytes().decode()
        claims.append(("pdfuaid:part" in text, "pdfaid:part" in text))
    assert claims == [(True, False), (False, True)]
