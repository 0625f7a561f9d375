from __future__ import annotations

import sys

import pytest

from reportgen.cli import doctor, main
from reportgen.cli.doctor import Check, check_packages, check_requirement, fits


@pytest.mark.parametrize(
    ("version", "wanted", "answer"),
    [
        ("3.1.5", ">=3.1.5,<3.2", True),
        ("3.2.0", ">=3.1.5,<3.2", False),
        ("3.2", ">=3.2.0", True),
        ("70.0", ">=70,<71", True),
        ("2.10", ">=2.9", True),
        ("2.0.0rc1", ">=2.0", True),
        ("1.9", ">=2.0", False),
        ("1.9", "", True),
        ("1.9", "!=1.9", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, wanted: str, answer: bool) -> None:
    assert fits(version, wanted) is answer


def test_a_missing_package_is_told_with_the_command_that_installs_it() -> None:
    check = check_requirement("no-such-package-here>=2.0")
    assert check is not None
    assert check.line == (
        "✗ no-such-package-here: not installed → python -m pip install 'no-such-package-here>=2.0'"
    )


def test_an_old_package_is_told_with_both_versions() -> None:
    check = check_requirement("pytest>=999")
    assert check is not None
    assert not check.good
    assert "but >=999 is needed" in check.line


def test_requirements_of_extras_are_left_out() -> None:
    assert check_requirement('ruff>=0.14; extra == "dev"') is None
    names = {check.what for check in check_packages()}
    assert {"numpy", "openpyxl", "weasyprint"} <= names
    assert "ruff" not in names


def test_doctor_exits_with_one_if_something_needed_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line[0] in "✓✗" for line in lines)
    assert any(line.startswith("✓ Pango") for line in lines)
    monkeypatch.setattr(
        doctor, "check_pdf", lambda: Check("Pango", good=False, found="missing", mend="get it")
    )
    assert main(["doctor"]) == 1
    assert "✗ Pango: missing → get it" in capsys.readouterr().out


def test_an_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert not doctor.check_python().good
