"""What a command of the command line is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

DONE = 0
FAILED = 1
"""A reportgen error; nothing half-written is left."""
WRONG_USAGE = 2
INPUT_SKIPPED = 3
"""Built, but part of the input was skipped, and ``--strict`` was given."""
INTERRUPTED = 130


class Command:
    """One command: ``reportgen NAME``.

    Args:
        name: What people type.
        summary: One line for ``reportgen --help``.
        add_arguments: Adds its words to a parser.
        run: Does it and gives the exit code; heavy libraries are imported in here only.
    """

    __slots__ = ("add_arguments", "name", "run", "summary")

    def __init__(
        self,
        name: str,
        summary: str,
        add_arguments: Callable[[ArgumentParser], None],
        run: Callable[[Namespace], int],
    ) -> None:  # written out, as `dataclasses` takes as long to import as all of `reportgen log`
        self.name = name
        self.summary = summary
        self.add_arguments = add_arguments
        self.run = run
