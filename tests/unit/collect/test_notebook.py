"""A notebook cell that starts a run and is run again, in a real kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import reportgen
from reportgen.collect import capture, notebook
from reportgen.load import load_runs

ROOT = Path(__file__).parents[3]
START = "import reportgen\nrun = reportgen.start_run('e', capture={'command'})\nrun.log_metric('loss', 1.0)\n"

Execute = Callable[[str], str]


@pytest.fixture
def execute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Execute]:
    """Run cells in a kernel of its own; the same text is the same cell. Gives what the cell shows."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("REPORTGEN_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/digits.ipynb")
    maker: Any = nbformat.v4  # a library without types
    made = maker.new_notebook()
    client = NotebookClient(made, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})

    def run(text: str) -> str:
        places = [at for at, cell in enumerate(made.cells) if cell.source == text]
        if not places:
            made.cells.append(maker.new_code_cell(text))
            places = [len(made.cells) - 1]
        try:
            done = client.execute_cell(made.cells[places[0]], places[0])
        except CellExecutionError:
            return ""
        return "".join(part.get("text") or part["data"]["text/html"] for part in done.outputs)

    with client.setup_kernel():
        yield run


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore")
def test_a_cell_that_is_run_again_closes_the_run_it_had_started(execute: Execute, tmp_path: Path) -> None:
    loop = "runs = [reportgen.start_run('sweep', params={'k': k}, capture=False) for k in range(2)]"
    execute(START)
    execute(loop)
    execute("other = reportgen.start_run('e', capture=False)")
    execute(START)
    assert "<th>loss</th><td>1.0</td>" in execute("run")
    found = load_runs([str(tmp_path / "runs")], cache=False).runs
    assert [(run.experiment, run.status, run.reason) for run in found] == [
        ("e", "finished", "its notebook cell was run again"),
        ("sweep", "running", ""),
        ("sweep", "running", ""),
        ("e", "running", ""),  # another cell's
        ("e", "running", ""),
    ]
    assert (found[0].code["entry_point"], found[0].code["notebook"]) == ("notebook", "digits.ipynb")


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore")
def test_a_cell_that_failed_and_is_run_again_leaves_a_failed_run(execute: Execute, tmp_path: Path) -> None:
    cell = START + "assert os.environ.get('FIXED'), 'no data'\n"
    execute("import os")
    execute(cell)
    execute("os.environ['FIXED'] = '1'")
    execute(cell)
    found = load_runs([str(tmp_path / "runs")], cache=False).runs
    assert [(run.status, run.reason) for run in found] == [
        ("failed", "AssertionError: no data"),
        ("running", ""),
    ]


def test_which_runs_a_cell_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule by itself, with a stand-in for the kernel's shell; the kernel itself is asked above."""
    shell = SimpleNamespace(execution_count=1, parent={"metadata": {"cellId": "a"}}, kernel=None)
    shell.get_parent = lambda: shell.parent
    monkeypatch.setitem(__import__("sys").modules, "ipykernel", SimpleNamespace())
    monkeypatch.setattr(notebook, "_shell", lambda: shell)

    def start(cell: str, count: int, experiment: str = "e", **options: Any) -> reportgen.Run:
        shell.execution_count, shell.parent = count, {"metadata": {"cellId": cell}}
        return reportgen.start_run(experiment, directory=tmp_path, capture=False, **options)

    first, same_execution, other_experiment = start("a", 1), start("a", 1), start("a", 1, "f")
    other_cell = start("b", 2)
    again = start("a", 3)
    open_now = [run.is_open for run in (first, same_execution, other_experiment, other_cell, again)]
    assert open_now == [False, False, True, True, True]
    beside = start("a", 4, resume=again.id)  # goes on with the run that is open: that stays open
    assert again.is_open
    for run in (other_experiment, other_cell, again, beside):
        run.finish()
    shell.get_parent = None
    start("a", 5).finish()  # a shell that cannot tell


def test_a_script_whose_packages_import_those_of_notebooks_is_no_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modules = __import__("sys").modules
    monkeypatch.setattr("sys.argv", ["train.py", "--quick"])
    monkeypatch.setitem(modules, "ipykernel", SimpleNamespace())
    for shell in (None, SimpleNamespace()):  # none, and the shell of a terminal
        monkeypatch.setitem(modules, "IPython", SimpleNamespace(get_ipython=lambda shell=shell: shell))
        assert capture.entry_point().endswith("train.py --quick")
    kernels = SimpleNamespace(kernel=SimpleNamespace())
    monkeypatch.setitem(modules, "IPython", SimpleNamespace(get_ipython=lambda: kernels))
    assert capture.entry_point() == "notebook"
