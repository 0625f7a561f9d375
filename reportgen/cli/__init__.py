"""The command line: words in, pipeline calls, words out. The only place that prints and exits."""

from __future__ import annotations

from reportgen.cli.main import main

__all__ = ["main"]
