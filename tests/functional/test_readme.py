"""Every command and every example of the README runs, in order, as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_readme_runs_from_top_to_bottom(tmp_path: Path) -> None:
    """In an empty folder that has the samples beside it, as a clone has."""
    (tmp_path / "samples").symlink_to(ROOT / "samples", target_is_directory=True)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path}
    environment.pop("REPORTGEN_DIR", None)
    blocks = BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    assert [language for language, _ in blocks].count("bash") >= 3
    for language, text in blocks:
        command = [sys.executable, "-c", text] if language == "python" else ["bash", "-ec", text]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stderr}"
    made = {path.name for path in (tmp_path / "reports").iterdir()}
    assert {f"digits-results.{suffix}" for suffix in ("xlsx", "pdf", "html", "json")} <= made
    assert (tmp_path / "runs.csv").exists()


def test_readme_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#][^)]*)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []
