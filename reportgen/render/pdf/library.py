"""WeasyPrint needs Pango, which no Python package brings: how to install it on this system."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from types import ModuleType

from reportgen.errors import MissingLibraryError

_COMMANDS = (
    ("apt-get", "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
    ("dnf", "sudo dnf install pango"),
    ("zypper", "sudo zypper install libpango-1_0-0"),
    ("pacman", "sudo pacman -S pango"),
    ("apk", "sudo apk add pango"),
    ("brew", "brew install pango"),
)


def load_weasyprint() -> ModuleType:
    """Import WeasyPrint, when a PDF is wanted and not before.

    Raises:
        MissingLibraryError: It, or Pango, is not installed.
    """
    try:
        # without Pango it prints a page of its own advice before it raises
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            import weasyprint
    except OSError as error:
        raise MissingLibraryError(
            "the system library Pango, which sets the text of the PDF, is not installed",
            where="pdf",
            found=str(error).splitlines()[0] if str(error) else "it could not be loaded",
            do=f"Install it with: {install_command()}",
        ) from error
    module: ModuleType = weasyprint
    return module


def install_command(platform: str = sys.platform) -> str:
    """Give the one command that installs Pango here.

    Args:
        platform: As `sys.platform` names it.
    """
    if platform == "win32":
        # WeasyPrint finds the libraries of MSYS2 by this variable
        return (
            "pacman -S mingw-w64-ucrt-x86_64-pango (in an MSYS2 shell), "
            "then set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\ucrt64\\bin"
        )
    if platform == "darwin":
        return "brew install pango"
    known = (command for program, command in _COMMANDS if shutil.which(program))
    return next(known, "your system's package manager; the package is called pango")
