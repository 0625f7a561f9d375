"""render: a `Report` becomes files. Renderers format values; they compute no result."""

from __future__ import annotations

from reportgen.render.build import Progress, render_outputs
from reportgen.render.interface import Renderer
from reportgen.render.registry import find_renderer, known_formats
from reportgen.render.theme import Theme, load_theme

__all__ = [
    "Progress",
    "Renderer",
    "Theme",
    "find_renderer",
    "known_formats",
    "load_theme",
    "render_outputs",
]
