"""A delivered file held against the runs: whole, edited by hand, and after a run has changed."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest

from reportgen.cli import main
from reportgen.verify import compare_files
from tests.conftest import ROOT
from tests.fakes.run_folders import START, run_text, wide_text, write_run

BUILT = "1795305600"
FORMATS = ("xlsx", "pdf", "html", "json")
MEANS = {"small": 0.812, "middle": 0.851, "large": 0.934}


def write_repeat(root: Path, model: str, seed: int, accuracy: float) -> None:
    name = f"run-{model}-{seed}"
    facts = [("param", "model", model), ("param", "seed", seed)]
    rows = [(START + step, step, accuracy - (5 - step) / 50) for step in range(6)]
    files = {
        "run.csv": run_text(name, started=START + seed, facts=facts),
        "metrics.csv": wide_text(["accuracy"], rows),
    }
    write_run(root / "digits" / name, files)


def write_runs(root: Path) -> None:
    for place, (model, mean) in enumerate(MEANS.items()):
        for seed in range(4):
            write_repeat(root, model, seed, mean + (seed - 1.5) / 200 + place / 1000)


@dataclass(frozen=True)
class Delivered:
    """A folder with runs, and the four files that were built from them."""

    home: Path
    files: dict[str, Path]


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    home = tmp_path_factory.mktemp("delivered")
    write_runs(home / "runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("SOURCE_DATE_EPOCH", BUILT)
        assert (
            main(["build", "runs", "--baseline", "model=small", "--title", "Which model?", "--no-cache"]) == 0
        )
    return Delivered(home, {name: home / "reports" / f"which-model.{name}" for name in FORMATS})


@pytest.fixture
def here(delivered: Delivered, monkeypatch: pytest.MonkeyPatch) -> Delivered:
    monkeypatch.chdir(delivered.home)
    return delivered


def verify(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["verify", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out or "{}")


def edit_workbook(source: Path, target: Path) -> tuple[str, str, str]:
    """Overwrite the first mean of the comparison as a person would; give sheet and cell, and both values."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        book = openpyxl.load_workbook(source)
    sheet = next(s for s in book.worksheets[1:] if s.title.startswith("Comparison"))
    cell = next(
        c for row in sheet.iter_rows(min_row=5) for c in row if isinstance(c.value, float) and c.value > 0.5
    )
    was, cell.value = cell.value, 0.9999
    book.save(target)
    return f"{sheet.title}!{cell.coordinate}", "0.9999", repr(was)


def edit_page(source: Path, target: Path) -> tuple[str, str, str]:
    text = source.read_text("utf-8")
    found = re.search(r"<td[^>]*>\s*(\d\d\.\d)\b", text)
    assert found
    target.write_text(f"{text[: found.start(1)]}99.9{text[found.end(1) :]}", "utf-8")
    return "column", "99.9", found[1]


def edit_json(source: Path, target: Path) -> tuple[str, str, str]:
    content = json.loads(source.read_text("utf-8"))
    was, content["comparisons"][0]["p_adjusted"] = content["comparisons"][0]["p_adjusted"], 0.001
    target.write_text(json.dumps(content), "utf-8")
    return "/comparisons/0/p_adjusted", "0.001", repr(was)


def edit_paper(source: Path, target: Path) -> tuple[str, str, str]:
    """Put another digit's glyph into the first number with a decimal on page one."""
    with pikepdf.open(source) as pdf:
        page = pdf.pages[0]
        fonts = {name: _glyphs(font) for name, font in page.Resources.Font.items()}
        content: list[Any] = list(pikepdf.parse_content_stream(page))
        font = ""
        for operands, operator in content:
            if str(operator) == "Tf":
                font = str(operands[0])
            if str(operator) != "TJ":
                continue
            places = [at for at, part in enumerate(operands[0]) if isinstance(part, pikepdf.String)]
            text = "".join(fonts[font].get(bytes(operands[0][at]), "?") for at in places)
            found = re.search(r"\d\d\.\d", text)
            seven = {letter: code for code, letter in fonts[font].items()}.get("7")
            if not found or not seven or found[0].endswith("7"):
                continue
            operands[0][places[found.end() - 1]] = pikepdf.String(seven)
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(content))
            pdf.save(target)
            return "page 1", f"{found[0][:-1]}7", found[0]
    raise AssertionError("no number on page one")


def _glyphs(font: Any) -> dict[bytes, str]:
    """Read which glyph is which letter."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*$", table, re.MULTILINE)
    return {bytes.fromhex(code): chr(int(letter, 16)) for code, letter in pairs}


EDITS: dict[str, Callable[[Path, Path], tuple[str, str, str]]] = {
    "xlsx": edit_workbook,
    "html": edit_page,
    "json": edit_json,
    "pdf": edit_paper,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_nobody_touched_agrees(
    here: Delivered, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = verify(capsys, here.files[name])
    assert (code, found["differences"], found["notes"]) == (0, [], [])


def test_a_workbook_that_another_program_saved_agrees(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        openpyxl.load_workbook(here.files["xlsx"]).save(tmp_path / "saved.xlsx")
    code, found = verify(capsys, tmp_path / "saved.xlsx")
    assert (code, found["differences"]) == (0, [])


@pytest.mark.parametrize("name", FORMATS)
def test_an_edited_number_is_named_alone(
    here: Delivered, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = tmp_path / f"edited.{name}"
    place, shown, was = EDITS[name](here.files[name], edited)
    code, found = verify(capsys, edited)
    assert (code, found["cause"]) == (1, "edited")
    (difference,) = found["differences"]
    assert (difference["kind"], difference["what"]) == ("edited", "number")
    assert place in difference["place"]
    assert (str(difference["in_file"]), str(difference["from_runs"])) == (shown, was)


@pytest.mark.parametrize("name", FORMATS)
def test_after_a_run_has_changed_its_numbers_have_drifted(
    here: Delivered,
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(here.home / "runs", tmp_path / "runs")
    write_repeat(tmp_path / "runs", "large", 0, 0.9345)
    monkeypatch.chdir(tmp_path)
    code, found = verify(capsys, here.files[name])
    assert code == 1
    assert found["runs_changed"]
    numbers = [d for d in found["differences"] if d["what"] == "number"]
    assert {d["kind"] for d in found["differences"]} == {"drifted"}
    assert any(_close(d["in_file"], 93.6) and _close(d["from_runs"], 93.75) for d in numbers), [
        (d["in_file"], d["from_runs"]) for d in numbers
    ]


def _close(value: Any, percent: float) -> bool:
    """Tell whether a value is so many percent, as a fraction, a percentage or a text."""
    found = re.match(r"-?[\d.]+$", str(value))
    return found is not None and any(abs(float(found[0]) * scale - percent) < 0.26 for scale in (1, 100))


@pytest.mark.parametrize("name", ["json", "xlsx"])
def test_other_settings_are_no_edit(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_runs(tmp_path / "runs")
    settings = tmp_path / "reportgen.toml"
    settings.write_text('title = "T"\n[compare]\nbaseline = {model = "small"}\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["build", "--format", name, "--no-cache"]) == 0
    file = tmp_path / "reports" / f"t.{name}"
    assert verify(capsys, file)[0] == 0
    settings.write_text('title = "T"\n[compare]\nbaseline = {model = "middle"}\n', "utf-8")
    code, found = verify(capsys, file)
    assert (code, found["cause"]) == (1, "settings")
    assert {d["kind"] for d in found["differences"]} == {"settings"}
    settings.write_text('title = "Another"\n[compare]\nbaseline = {model = "small"}\n', "utf-8")
    code, found = verify(capsys, file)
    assert (code, found["differences"]) == (0, [])
    assert found["notes"] == ["the title of the file is 'T', by these settings it is 'Another'"]


def test_settings_of_another_folder_are_found_again_or_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_runs(tmp_path / "set-up" / "runs")
    settings = tmp_path / "set-up" / "reportgen.toml"
    settings.write_text('title = "T"\n[compare]\nbaseline = {model = "small"}\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["build", "--config", "set-up/reportgen.toml", "--out", "reports", "--format", "json"]) == 0
    code, found = verify(capsys, "reports/t.json")
    assert (code, found["differences"]) == (0, [])
    monkeypatch.chdir(tmp_path / "reports")
    assert main(["verify", "t.json"]) == 2
    assert "reportgen verify t.json --config PATH/reportgen.toml" in capsys.readouterr().err
    code, found = verify(capsys, "t.json", "--config", "../set-up/reportgen.toml")
    assert (code, found["differences"]) == (0, [])


def test_runs_that_are_told_where_they_are(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, found = verify(capsys, here.files["json"], here.home / "runs")
    assert (code, found["differences"]) == (0, [])


def test_runs_that_are_gone(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["verify", str(here.files["pdf"])]) == 2
    assert "the runs of this file are not there" in capsys.readouterr().err


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_somebody_else(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / f"other.{name}"
    other.write_text('{"title": "mine"}', "utf-8")
    assert main(["verify", str(other)]) == 2
    said = capsys.readouterr().err
    assert f"this is no {name} file that reportgen made" in said
    assert "Traceback" not in said


def test_a_word_that_was_edited_is_named_too(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = here.files["html"].read_text("utf-8")
    edited = tmp_path / "edited.html"
    edited.write_text(text.replace("better than small", "worse than small", 1), "utf-8")
    code, found = verify(capsys, edited)
    assert code == 1
    said = {(d["what"], d["in_file"], d["from_runs"]) for d in found["differences"]}
    assert ("text", "worse", "better") in said


def test_a_public_report_needs_to_be_told_where_its_runs_are(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", BUILT)
    settings = tmp_path / "reportgen.toml"
    settings.write_text(
        'runs = ["RUNS"]\n[compare]\nbaseline = {model = "small"}\n'.replace("RUNS", str(here.home / "runs"))
    )
    out = tmp_path / "out"
    words = ["--config", str(settings), "--audience", "public", "--format", "html,json", "--out", str(out)]
    assert main(["build", *words, "--no-cache"]) == 0
    page = next(out.glob("*.html"))
    assert main(["verify", str(page)]) == 2
    assert "does not say where its runs are" in capsys.readouterr().err
    code, found = verify(capsys, page, "--config", settings)
    assert (code, found["differences"]) == (0, [])
    assert found["notes"] == ["the audience of the file is public, by these settings team"]


def test_every_number_of_the_page_is_looked_at(here: Delivered, tmp_path: Path) -> None:
    """Numbers anywhere in its text, the drawings' labels included, changed one by one."""
    text = here.files["html"].read_text("utf-8")
    scripts = [m.span() for m in re.finditer(r"<script.*?</script>", text, re.DOTALL)]
    found = [
        m
        for m in re.finditer(r"(?<=[>\s(])\d+(?=[.\s<])", text)
        if m.start() > text.index("<body") and not any(low < m.start() < high for low, high in scripts)
    ]
    shown = [m for m in found if text.rfind("<", 0, m.start()) < text.rfind(">", 0, m.start())]
    edited = tmp_path / "edited.html"
    for match in random.Random(7).sample(shown, 40):  # noqa: S311 - repeatable test values, no secret
        edited.write_text(f"{text[: match.start()]}{int(match[0]) + 1}{text[match.end() :]}", "utf-8")
        assert len(compare_files("html", edited, here.files["html"])) == 1, text[
            match.start() - 80 : match.end()
        ]


def test_every_number_of_the_workbook_is_looked_at(here: Delivered, tmp_path: Path) -> None:
    """Numbers of any sheet, changed one by one in the file itself."""
    with zipfile.ZipFile(here.files["xlsx"]) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    numbers = [
        (name, match.span(1))
        for name, content in parts.items()
        if name.startswith("xl/worksheets/sheet")
        for match in re.finditer(rb'<c [^>]*?(?<!t="s")><v>(-?[0-9.eE+-]+)</v>', content)
        if b't="s"' not in match[0]
    ]
    edited = tmp_path / "edited.xlsx"
    for name, (start, end) in random.Random(7).sample(numbers, 25):  # noqa: S311 - the same
        content = parts[name]
        changed = repr(float(content[start:end]) * 1.001 + 0.001).encode()
        with zipfile.ZipFile(edited, "w") as archive:
            for other, kept in parts.items():
                archive.writestr(other, kept if other != name else content[:start] + changed + content[end:])
        assert len(compare_files("xlsx", edited, here.files["xlsx"])) == 1, name


def test_properties_say_what_the_report_says(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        book = openpyxl.load_workbook(here.files["xlsx"])
    subject = book.properties.subject
    assert subject is not None
    assert subject.startswith("2 set-ups are better")
    book.properties.subject = f"1{subject[1:]}"
    book.save(tmp_path / "edited.xlsx")
    _, found = verify(capsys, tmp_path / "edited.xlsx")
    told = [(d["place"].partition(",")[0], d["in_file"], d["from_runs"]) for d in found["differences"]]
    assert told == [("property subject", "1", "2")]
    with pikepdf.open(here.files["pdf"]) as pdf:
        pdf.docinfo["/Title"] = "Which models?"
        pdf.save(tmp_path / "edited.pdf")
    _, found = verify(capsys, tmp_path / "edited.pdf")
    told = [(d["place"].partition(",")[0], d["in_file"], d["from_runs"]) for d in found["differences"]]
    assert told == [("property Title", "models?", "model?")]


@pytest.mark.heavy
def test_a_workbook_that_an_office_program_saved_agrees(
    here: Delivered, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """LibreOffice writes all parts anew, the stamp among them."""
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path),
        str(here.files["xlsx"]),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    code, found = verify(capsys, tmp_path / here.files["xlsx"].name)
    assert (code, found["differences"]) == (0, [])


@pytest.mark.heavy
@pytest.mark.parametrize("name", FORMATS)
def test_a_whole_sample_agrees(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "samples" / "digits")
    assert main(["build", "--format", name, "--out", str(tmp_path), "--no-cache"]) == 0
    (file,) = tmp_path.glob(f"*.{name}")
    code, found = verify(capsys, file)
    assert (code, found["differences"]) == (0, [])
    edited = tmp_path / f"edited.{name}"
    place, shown, was = EDITS[name](file, edited)
    code, found = verify(capsys, edited)
    (difference,) = found["differences"]
    assert place in difference["place"]
    assert (str(difference["in_file"]), str(difference["from_runs"])) == (shown, was)
