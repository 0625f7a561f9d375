"""The sdist and the wheel carry everything that an installed reportgen needs, and work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it, without asking an index."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return target


def test_wheel_carries_every_template(distributions: Path) -> None:
    wheel = next(distributions.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        f"reportgen/_templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert templates - names == set()
    assert {"reportgen/py.typed", "reportgen/render/json/report.schema.json"} - names == set()


def test_sdist_carries_tests_and_samples(distributions: Path) -> None:
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"README.md", "LICENSE", "templates/theme.toml", "samples/digits/reportgen.toml"} - names == set()


def test_installed_wheel_builds_a_report(distributions: Path, tmp_path: Path) -> None:
    """A new virtual environment with the wheel, away from the checkout, builds all outputs.

    The dependencies are those of the running environment (a path file), so nothing is downloaded.
    """
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    if not python.exists():
        python = environment / "Scripts" / "python.exe"
    wheel = next(distributions.glob("*.whl"))
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    ours = subprocess.run([sys.executable, "-c", where], check=True, capture_output=True, text=True).stdout
    theirs = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True).stdout
    # behind the wheel's own folder, so that an editable install here cannot stand in for the wheel
    Path(theirs.strip(), "dependencies.pth").write_text(ours.strip() + "\n", "utf-8")

    origin = subprocess.run(
        [python, "-c", "import reportgen; print(reportgen.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout
    assert Path(origin.strip()).is_relative_to(environment)
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    built = subprocess.run(
        [python, "-m", "reportgen", "build", str(ROOT / "samples" / "regression"), "--json", "--no-cache"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=clean,
    )
    assert built.returncode == 0, built.stderr
    made = json.loads(built.stdout)
    assert made
    suffixes = {path.suffix for path in (tmp_path / "reports").iterdir()}
    assert suffixes == {".xlsx", ".pdf", ".html", ".json"}
