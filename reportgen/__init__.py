"""From machine-learning runs to reports that people outside the team understand.

The flow: six verbs, each a folder of its own; what one hands to the next is a noun::

    training process             one machine, or many                          people
    collect --> run folders --> load --> RunSet --> analyse --> Findings --> compose --> Report
                (CSV)                    (tables)               (numbers)                (blocks)
            --> render --> Output --> deliver
                           (files, sheet)   (mail, folder, share)

In a training script only the first verb is needed::

    import reportgen

    with reportgen.start_run("digits", params={"model": "mlp", "seed": 3}) as run:
        run.log_metrics({"loss": 0.31, "val_accuracy": 0.93}, step=1)

and on the command line the rest: ``reportgen build runs/digits``; in a notebook
``reportgen.runs("runs/digits")`` gives all runs as one pandas data frame.

Importing this package loads nothing but this file: every public name is fetched at its first use.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for true; the module ``typing`` is not loaded for it
if TYPE_CHECKING:
    from reportgen.collect import Run, start_run
    from reportgen.errors import LoggingError, ReportgenError, RunStorageError
    from reportgen.load import read_table as runs

    __version__: str

__all__ = [
    "LoggingError",
    "ReportgenError",
    "Run",
    "RunStorageError",
    "__version__",
    "runs",
    "start_run",
]

_HOMES = {
    "LoggingError": "reportgen.errors",
    "ReportgenError": "reportgen.errors",
    "Run": "reportgen.collect",
    "RunStorageError": "reportgen.errors",
    "start_run": "reportgen.collect",
}
"""Where each public name lives."""

_UNINSTALLED_VERSION = "0.1.0"
"""The version said by a checkout that is not installed; a test keeps it equal to pyproject.toml's."""


if not TYPE_CHECKING:  # else a misspelt name would be a known one

    def __getattr__(name: str) -> object:
        """Fetch a public name from its home at the first use, and keep it."""
        value: object
        if name == "__version__":
            value = _installed_version()
        elif name == "runs":  # module and function in one: see there
            value = __import__("reportgen.runs", fromlist=[name])
        elif name in _HOMES:
            value = getattr(__import__(_HOMES[name], fromlist=[name]), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, also those not fetched yet."""
    return sorted({*globals(), *__all__})


def _installed_version() -> str:
    from importlib import metadata  # takes four times as long as the whole logger: only when asked for

    try:
        return metadata.version("reportgen-ml")
    except metadata.PackageNotFoundError:
        return _UNINSTALLED_VERSION
