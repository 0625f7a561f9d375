"""What a command of the command line is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

DONE = 0
FAILED = 1
"""A reportgen error; nothing half-written is left."""
WRONG_USAGE = 2
INPUT_SKIPPED = 3
"""Built, but part of the input was skipped, and ``--strict`` was given."""
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Command:
    """One command: ``reportgen NAME``."""

    name: str
    summary: str
    """One line for ``reportgen --help``."""
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    """Does it and gives the exit code; heavy libraries are imported in here only."""
