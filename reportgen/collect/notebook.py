"""Notebooks: their name, and a cell that starts a run and is run again."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from reportgen.collect.run import Run

_cells: dict[str, tuple[str, int]] = {}
"""By run folder: the cell that started the run, and which execution of the notebook that was."""


def notebook_name() -> str:
    """Give the file name of the notebook that is run; empty where its server does not tell."""
    names = getattr(_shell(), "user_ns", {})
    path = os.environ.get("JPY_SESSION_NAME") or names.get("__vsc_ipynb_file__") or ""
    return os.path.basename(str(path))


def close_run_of_same_cell(run: Run) -> None:
    """Close the run that this very cell started when it was run before, if it is still open.

    A cell that is run again starts over: its name for the run is about to mean the new one, and the old
    one would stay open as long as the notebook. Runs that other cells started, or this cell in the same
    execution (a loop over settings), stay as they are.
    """
    place = _place()
    if place is None:
        return
    from reportgen.collect.exits import open_runs

    for other in open_runs():
        before = _cells.get(other.real_directory)
        is_same = before is not None and before[0] == place[0] and other.experiment == run.experiment
        if is_same and before != place and other.real_directory != run.real_directory:
            other.close_quietly("finished", "its notebook cell was run again")
    still_open = {other.real_directory for other in open_runs()}
    for directory in [*_cells]:
        if directory not in still_open:
            del _cells[directory]
    _cells[run.real_directory] = place


def _place() -> tuple[str, int] | None:
    """Tell the cell that is being run, by the front end's id or else by its text, and the execution."""
    shell = _shell()
    try:
        count = int(shell.execution_count)
        metadata = shell.get_parent().get("metadata", {})
        cell = metadata.get("cellId") or metadata.get("cell_id") or _cell_file()
    except Exception:  # noqa: BLE001 - a shell of another make: the run is not tied to a cell
        return None
    return (str(cell), count) if cell else None


def _cell_file() -> str:
    """Give the file name that the kernel made of the cell's text."""
    frame = sys._getframe()  # noqa: SLF001 - the only way to the cell's own frame
    while frame is not None and frame.f_globals.get("__name__") != "__main__":
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    return frame.f_code.co_filename if frame is not None else ""


def _shell() -> Any:
    """Give the notebook's shell; None outside of one."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None
