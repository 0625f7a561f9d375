"""Notebooks: their name, and a cell that starts a run and is run again."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from reportgen.collect.run import Run

_cells: dict[str, tuple[str, int, str]] = {}
"""By run folder: the cell that started the run, which execution of the notebook that was, and its file."""


def is_in_notebook() -> bool:
    """Tell whether a notebook's kernel runs this code; to have its package imported does not make a notebook."""
    return hasattr(_shell(), "kernel")


def notebook_name() -> str:
    """Give the file name of the notebook that is run; empty where its server does not tell."""
    names = getattr(_shell(), "user_ns", {})
    path = os.environ.get("JPY_SESSION_NAME") or names.get("__vsc_ipynb_file__") or ""
    return os.path.basename(str(path))


def close_run_of_same_cell(run: Run) -> None:
    """Close the run that this very cell started when it was run before, if it is still open.

    A cell that is run again starts over: its name for the run is about to mean the new one, and the old
    one would stay open as long as the notebook. It failed if an exception ended the cell. Runs that other
    cells started, or this cell in the same execution (a loop over settings), stay as they are.
    """
    place = _place()
    if place is None:
        return
    from reportgen.collect.exits import open_runs, outcome

    for other in open_runs():
        before = _cells.get(other.real_directory)
        if before is None or before[0] != place[0] or before[1] == place[1]:
            continue
        if other.experiment == run.experiment and other.real_directory != run.real_directory:
            status, reason = outcome(_error_of(before[2]))
            other.close_quietly(status, reason or "its notebook cell was run again")
    still_open = {other.real_directory for other in open_runs()}
    for directory in [*_cells]:
        if directory not in still_open:
            del _cells[directory]
    _cells[run.real_directory] = place


def _place() -> tuple[str, int, str] | None:
    """Tell the cell that is being run (the front end's id, or else its file), the execution, and its file."""
    try:
        shell = _shell()
        count = int(shell.execution_count)
        metadata = shell.get_parent().get("metadata", {})
    except Exception:  # noqa: BLE001 - a shell of another make: the run is not tied to a cell
        return None
    file = _cell_file()
    cell = metadata.get("cellId") or metadata.get("cell_id") or file
    return (str(cell), count, file) if cell else None


def _error_of(file: str) -> BaseException | None:
    """Give the exception that was shown last, if it came out of this cell."""
    from reportgen.collect.exits import last_error

    error = last_error()
    if not isinstance(error, BaseException):
        return None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            return error
        trace = trace.tb_next
    return None


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
