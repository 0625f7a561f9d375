"""``reportgen chart`` and ``reportgen templates``."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from reportgen.cli import main
from reportgen.render.templates import builtin_templates
from tests.conftest import ROOT

SAMPLE = str(ROOT / "samples" / "regression" / "reportgen.toml")


def test_the_charts_of_a_report_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chart", "--config", SAMPLE]) == 0
    names = [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert names[:2] == ["page_one", "page_one_trade_off"]
    assert "curves" in names


def test_a_chart_is_written_alone_with_its_title(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = [tmp_path / name for name in ("a.svg", "b.svg", "a.png")]
    for target in targets:
        assert (
            main(["chart", "--config", SAMPLE, "--name", "page_one", "--to", str(target), "--width", "120"])
            == 0
        )
    assert capsys.readouterr().out.split() == [str(target) for target in targets]
    assert targets[0].read_bytes() == targets[1].read_bytes()
    root = ET.fromstring(targets[0].read_bytes())  # noqa: S314 - our own drawing
    texts = " ".join(root.itertext())
    assert "ahead by more than chance" in texts
    assert float(root.attrib["viewBox"].split()[2]) == pytest.approx(120 / 25.4 * 72, rel=1e-3)
    with Image.open(targets[2]) as picture:
        assert picture.size[0] == pytest.approx(120 / 25.4 * 200, abs=1)
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--name", "pageone"], "the report has no chart 'pageone'; it has page_one"),
        (["--name", "curves", "--to", "a.gif"], "a chart is written as .svg or .png, not as .gif"),
        (
            ["--name", "curves", "--to", "no/such/folder/a.svg"],
            "cannot be written (No such file or directory)",
        ),
        (["--name", "curves", "--width", "5"], "--width is 5"),
        (["--to", "a.svg"], "--to says where, but nothing says which chart"),
    ],
)
def test_what_cannot_be_drawn_is_told_on_one_line(
    words: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["chart", "--config", SAMPLE, *words]) != 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(lines) == 1
    assert complaint in lines[0]


def test_templates_are_copied_and_nothing_of_the_users_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["templates", "list"]) == 0
    names = capsys.readouterr().out.split()
    assert {"report.html.j2", "blocks/table.html.j2", "theme.toml", "page.js"} <= set(names)
    ours = tmp_path / "ours" / "blocks" / "table.html.j2"
    ours.parent.mkdir(parents=True)
    ours.write_text("mine", "utf-8")
    assert main(["templates", "eject", "--to", str(tmp_path / "ours")]) == 0
    out, err = capsys.readouterr()
    assert ours.read_text("utf-8") == "mine"
    assert f"{ours} is there already, and stays as it is" in err
    assert len(out.split()) == len(names) - 1
    for name in names:
        if name != "blocks/table.html.j2":
            assert (tmp_path / "ours" / name).read_bytes() == (builtin_templates() / name).read_bytes()
    assert main(["templates", "eject", "blocks/tabel.html.j2"]) != 0
    assert "nearest is blocks/table.html.j2" in capsys.readouterr().err
