"""The formats there are, and the renderer of each, imported when it is asked for.

A new renderer is one class and one line in `BUILTIN`, or an entry point of another package in the
group `ENTRY_POINTS`. Built-in names win, so that no installed package changes what they mean.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points

from reportgen.errors import MissingLibraryError, RenderError
from reportgen.render.interface import Renderer

ENTRY_POINTS = "reportgen.renderers"

BUILTIN = {
    "xlsx": "reportgen.render.xlsx:XlsxRenderer",
    "pdf": "reportgen.render.pdf:PdfRenderer",
    "html": "reportgen.render.html:HtmlRenderer",
    "json": "reportgen.render.json:JsonRenderer",
}
"""Format → dotted path of its class."""


def known_formats() -> tuple[str, ...]:
    """Name all formats, the built-in ones first."""
    others = {entry.name for entry in entry_points(group=ENTRY_POINTS)} - set(BUILTIN)
    return (*BUILTIN, *sorted(others))


def find_renderer(name: str) -> Renderer:
    """Import the renderer of a format.

    Raises:
        RenderError: There is no such format.
        MissingLibraryError: A library that it needs is not installed.
    """
    dotted = BUILTIN.get(name) or _entry_point(name)
    if dotted is None:
        raise RenderError(
            f"unknown format {name!r}",
            found=f"known are {', '.join(known_formats())}",
            do="Choose among them.",
        )
    module, _, attribute = dotted.partition(":")
    try:
        renderer: Renderer = getattr(import_module(module), attribute)()
    except ImportError as error:
        missing = error.name or str(error)
        raise MissingLibraryError(
            f"the Python package {missing!r} is not installed or broken",
            where=name,
            do="Install everything that reportgen needs with: python -m pip install --upgrade reportgen-ml",
        ) from error
    return renderer


def _entry_point(name: str) -> str | None:
    return next((entry.value for entry in entry_points(group=ENTRY_POINTS, name=name)), None)
