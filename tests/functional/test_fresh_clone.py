"""What a new user does: clone, `make demo`, and look at the reports."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SAMPLES

ROOT = Path(__file__).parents[2]


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_demo_sets_everything_up_and_builds_the_samples(tmp_path: Path) -> None:
    """From nothing but the committed files; installs the pinned packages by their hashes."""
    clone = tmp_path / "reportgen"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    clean = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(
        ["make", "demo"], cwd=clone, env=clean, capture_output=True, text=True, check=False, timeout=880
    )
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (clone / "reports").iterdir()}
    reports = {name.partition(".")[0] for name in made}
    assert {config.parent.name for config in (clone / "samples").glob("*/reportgen.toml")} == set(SAMPLES)
    assert len(reports) == len(SAMPLES)
    assert made == {
        f"{report}{suffix}" for report in reports for suffix in (".xlsx", ".pdf", ".html", ".json")
    }
    assert all(name in done.stdout for name in made)
