"""``reportgen doctor``: is everything there that the outputs need, and if not, which command mends it."""

from __future__ import annotations

import platform
import re
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from importlib import metadata

from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import result
from reportgen.cli.sources import log_directory
from reportgen.errors import ReportgenError

DISTRIBUTION = "reportgen-ml"
OLDEST_PYTHON = (3, 11)

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?P<versions>[^;]*)(?P<marker>;.*)?")
_BOUND = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    what: str
    good: bool
    found: str
    mend: str = ""
    """The one command, or the one step, that mends it."""
    needed: bool = True
    """Without it something that reportgen promises cannot be made."""

    @property
    def line(self) -> str:
        """The check as one line."""
        sign = "✓" if self.good else "✗"
        return f"{sign} {self.what}: {self.found}" + (
            f" → {self.mend}" if self.mend and not self.good else ""
        )


def _add_arguments(parser: ArgumentParser) -> None:
    del parser  # it looks at this computer and at this folder, and needs no word


def _run(options: Namespace) -> int:
    del options
    checks = [check_python(), *check_packages(), check_pdf(), check_fonts(), check_cache()]
    for check in checks:
        result(check.line)
    missing = [check for check in checks if check.needed and not check.good]
    return FAILED if missing else DONE


def check_python() -> Check:
    """Look at the interpreter."""
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Check(
        "Python",
        sys.version_info >= OLDEST_PYTHON,
        f"{platform.python_version()} on {platform.system()}",
        f"install Python {oldest} or newer",
    )


def check_packages() -> list[Check]:
    """Look at every package that this version of reportgen needs, without importing it."""
    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return [Check(DISTRIBUTION, good=False, found="not installed", mend="python -m pip install .")]
    return [check for text in requirements if (check := check_requirement(text)) is not None]


def check_requirement(text: str) -> Check | None:
    """Look at one requirement such as ``numpy>=2.0``; None where it is for an extra or another system."""
    match = _REQUIREMENT.match(text)
    if match is None or match["marker"]:
        return None
    mend = f"python -m pip install '{match['name']}{match['versions'].strip()}'"
    try:
        version = metadata.version(match["name"])
    except metadata.PackageNotFoundError:
        return Check(match["name"], good=False, found="not installed", mend=mend)
    wanted = match["versions"].strip()
    found = f"{version}" if fits(version, wanted) else f"{version}, but {wanted} is needed"
    return Check(match["name"], fits(version, wanted), found, mend)


def fits(version: str, wanted: str) -> bool:
    """Tell whether a version meets conditions such as ``>=3.1.5,<3.2``; compares the numbers only."""
    own = _numbers(version)
    for sign, bound in _BOUND.findall(wanted):
        other = _numbers(bound)
        length = max(len(own), len(other))
        left, right = (numbers + (0,) * (length - len(numbers)) for numbers in (own, other))
        holds = {
            ">=": left >= right,
            "<=": left <= right,
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            ">": left > right,
        }
        if not holds[sign]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def check_pdf() -> Check:
    """Try what the PDF needs of the system: Pango and its companions."""
    what = "Pango (for the PDF)"
    try:
        from reportgen.render.pdf.library import load_weasyprint

        load_weasyprint()
    except ReportgenError as error:
        return Check(what, good=False, found=error.found or error.what, mend=error.do)
    except ImportError as error:
        return Check(what, good=False, found=f"not tried: {error}", mend="install the package first")
    return Check(what, good=True, found="found")


def check_fonts() -> Check:
    """Look for the fonts that are shipped."""
    from reportgen.render.templates import builtin_templates

    try:
        fonts = sorted((builtin_templates() / "fonts").glob("*.ttf"))
    except ReportgenError as error:
        return Check("fonts", good=False, found=error.what, mend=error.do)
    return Check("fonts", bool(fonts), f"{len(fonts)} shipped", "install reportgen-ml again")


def check_cache() -> Check:
    """Try to write where the cache would lie."""
    folder = log_directory()
    if not folder.is_dir():
        return Check(
            "cache", good=True, found=f"no folder {str(folder)!r} here; each log directory keeps its own"
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check("cache", good=True, found=f"{folder} can be written")
    except OSError as error:
        found = f"{folder} cannot be written ({error.strerror}), the cache goes to your own cache folder"
        return Check("cache", good=False, found=found, mend=f"chmod u+w {folder}", needed=False)


DOCTOR = Command("doctor", "check that everything is installed", _add_arguments, _run)
