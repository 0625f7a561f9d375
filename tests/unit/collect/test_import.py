from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import reportgen

ROOT = Path(__file__).parents[3]


def loaded_by(code: str) -> list[str]:
    """Names of the modules that a fresh interpreter holds after running this code."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [str(name) for name in json.loads(answer.stdout)]


def test_import_loads_nothing_but_the_package() -> None:
    own = [name for name in loaded_by("import reportgen") if name.startswith("reportgen")]
    assert own == ["reportgen"]


def test_start_run_loads_the_standard_library_only() -> None:
    """Without site-packages on the path (-S) any other import would fail; here none is even tried."""
    names = {name.partition(".")[0] for name in loaded_by("import reportgen; reportgen.start_run")}
    assert names - set(sys.stdlib_module_names) <= {"reportgen", "__main__"}


def test_start_run_loads_no_slow_module() -> None:
    slow = {
        "dataclasses",
        "typing",
        "logging",
        "subprocess",
        "pathlib",
        "importlib.metadata",
        "inspect",
        "csv",
    }
    assert slow & set(loaded_by("import reportgen; reportgen.start_run")) == set()


def test_logging_a_whole_run_needs_the_standard_library_only(tmp_path: Path) -> None:
    code = (
        "import reportgen\n"
        f"run = reportgen.start_run('e', directory={str(tmp_path)!r}, params={{'a': 1}})\n"
        "run.log_metrics({'loss': 0.5}, step=1)\nrun.finish()"
    )
    names = {name.partition(".")[0] for name in loaded_by(code)}
    assert names - set(sys.stdlib_module_names) <= {"reportgen", "__main__"}


def test_every_public_name_can_be_fetched() -> None:
    assert [name for name in reportgen.__all__ if not hasattr(reportgen, name)] == []
    assert set(reportgen.__all__) <= set(dir(reportgen))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'strat_run'"):
        _ = reportgen.strat_run  # type: ignore[attr-defined]


def test_version_of_a_checkout_is_that_of_pyproject() -> None:
    """Without site-packages (-S) nothing is installed, so the constant answers."""
    answer = subprocess.run(
        [sys.executable, "-S", "-c", "import reportgen; print(reportgen.__version__)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert answer.stdout.strip() == project["version"] == reportgen.__version__
