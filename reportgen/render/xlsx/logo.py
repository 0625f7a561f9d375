"""The logo on the first sheet, as the PNG file has it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from openpyxl.drawing.image import Image

from reportgen.errors import TemplateError
from reportgen.render.logo import read_logo_file

LOGO_WIDTH: Final = 24.0
"""Room kept for the logo at the right of the title, in Excel's unit of width."""
LOGO_HEIGHT: Final = 36.0
"""Points of the row in which it stands."""
_MOST_PIXELS: Final = (168, 44)


class Logo(Image):
    """A picture whose size is read from the file, so that no picture library is needed."""

    def __init__(self, content: bytes, size: tuple[int, int]) -> None:
        """Keep the file's bytes; *size*: width and height in pixels, shrunk to the room there is."""
        self._content = content
        scale = min(1.0, _MOST_PIXELS[0] / size[0], _MOST_PIXELS[1] / size[1])
        self.width, self.height = max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)
        self.format = "png"

    def _data(self) -> bytes:
        return self._content


def read_logo(path: Path | None) -> Logo | None:
    """Read the logo; None without one, or where it is of a kind that only pages show (SVG, JPEG, ...).

    Raises:
        TemplateError: It cannot be read, is no PNG file though its name says so, or is too large.
    """
    if path is None or path.suffix.lower() != ".png":
        if path is not None and not path.is_file():
            raise _unreadable(path, "no such file")
        return None
    picture = read_logo_file(path)
    if not (picture.size and all(picture.size)):
        raise TemplateError("the logo is a picture without a size", where=str(path), do="Save it anew.")
    return Logo(picture.content, picture.size)


def _unreadable(path: Path, why: str) -> TemplateError:
    return TemplateError(
        f"the logo cannot be read ({why})", where=str(path), do="Correct [theme] logo in reportgen.toml."
    )
