"""What a renderer is: a report and a theme in, one file out. It computes no result."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

from reportgen.document import Report
from reportgen.render.theme import Theme


class Renderer(Protocol):
    """One output format."""

    format: ClassVar[str]
    """Its name on the command line, such as ``xlsx``."""
    suffix: ClassVar[str]
    """Of its file, such as ``.xlsx``."""

    def render(self, report: Report, theme: Theme, target: Path) -> tuple[str, ...]:
        """Write the whole output to *target*, a temporary file that the caller renames.

        Returns:
            Warnings in plain words: what this output does not show as it should, and what helps.

        Raises:
            RenderError: It cannot be made; nothing at *target* counts.
        """
