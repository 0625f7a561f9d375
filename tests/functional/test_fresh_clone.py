"""What a new user does: clone, `make demo`, and look at the reports."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

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
    samples = [folder for folder in (clone / "samples").iterdir() if (folder / "reportgen.toml").is_file()]
    assert len(made) == 4 * len(samples)
    assert {Path(name).suffix for name in made} == {".xlsx", ".pdf", ".html", ".json"}
    assert all(name in done.stdout for name in made)
