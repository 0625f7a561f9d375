"""The shell examples of the logging guide run as written, and make what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from reportgen.load import load_runs
from reportgen.runs import Run

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "logging.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"^```bash\n(.*?)^```", GUIDE.partition("## From the shell")[2], re.DOTALL | re.MULTILINE
)


def follow(example: str, folder: Path) -> tuple[str, list[Run]]:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path}
    environment.pop("REPORTGEN_DIR", None)
    done = subprocess.run(
        ["bash", "-ec", example], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "reportgen: " not in done.stderr
    return done.stdout, list(load_runs([str(folder / "runs")], cache=False).runs)


def test_the_guide_has_two_examples_for_the_shell() -> None:
    assert len(EXAMPLES) == 2


def test_a_bash_script_makes_complete_runs(tmp_path: Path) -> None:
    out, runs = follow(EXAMPLES[0], tmp_path)
    assert {run.id for run in runs} == {line.split()[0] for line in out.splitlines()[1:]}
    assert [dict(run.params) for run in runs] == [{"lr": lr, "depth": 3} for lr in (0.1, 0.2)]
    for run in runs:
        assert (run.status, run.notes) == ("finished", ("Converged early.",))
        assert (run.metrics["loss"].points, run.metrics["val_accuracy"].last) == (3, 0.9)
        assert (run.data["train"]["rows"], run.artifacts["model.bin"]["kind"]) == (1, "model")
        assert run.code["entry_point"] == "./train.sh"


def test_a_python_script_within_makes_one_run(tmp_path: Path) -> None:
    _, (run,) = follow(EXAMPLES[1], tmp_path)
    assert (run.status, dict(run.params)) == ("finished", {"lr": 0.1, "depth": 3})
    assert run.metrics["loss"].points == 1


def test_links_between_the_pages_lead_to_headings() -> None:
    """As hosts of such pages make anchors: lower case, blanks to hyphens, all else left out."""
    texts = {page: (ROOT / "docs" / f"{page}.md").read_text("utf-8") for page in ("command-line", "logging")}
    anchors = {
        (page, re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
        for page, text in texts.items()
        for heading in re.findall(r"^#+ (.*)", text, re.MULTILINE)
    }
    links = {
        link
        for text in texts.values()
        for link in re.findall(r"\((command-line|logging)\.md#([^)]+)\)", text)
    }
    assert len(links) >= 2
    assert links <= anchors
