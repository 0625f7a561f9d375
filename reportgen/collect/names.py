"""Names that become files: they must work on every system and cannot lead out of their folder."""

from __future__ import annotations

from reportgen.collect.rows import checked_name
from reportgen.errors import LoggingError

MAX_PART_BYTES = 240
"""Of one part of a path; systems take 255, and a copy that is being made has a longer name."""

_FORBIDDEN = '<>:"|?*'
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"}
)


def part_problem(part: str) -> str:
    """Say why a part of a path cannot be one everywhere; empty if it can."""
    if not part.strip(" ."):
        return "has a part that is empty or only dots"
    if any(char in _FORBIDDEN for char in part):
        return f"holds one of {' '.join(_FORBIDDEN)}, which Windows does not take"
    if part != part.strip(" ") or part.endswith("."):
        return "has a part that begins with a space, or ends with a space or a dot"
    if part.partition(".")[0].rstrip(" ").lower() in _RESERVED:
        return f"has the part {part!r}, which is reserved on Windows"
    if len(part.encode("utf-8", "surrogateescape")) > MAX_PART_BYTES:
        return f"has a part of more than {MAX_PART_BYTES} bytes"
    return ""


def checked_file_name(name: object, call: str) -> str:
    """Give the name of an artifact back, with ``/`` between its parts, or refuse it.

    Raises:
        LoggingError: It leads out of the run's folder, or cannot be a file's name everywhere.
    """
    text = checked_name(name, "artifact")
    parts = text.replace("\\", "/").split("/")
    problem = next(filter(None, map(part_problem, parts)), "")
    if parts[0].startswith(".part-"):
        problem = "begins like a copy that is being made"
    if problem:
        raise LoggingError(
            f"{text!r} cannot be an artifact's name: it {problem}",
            where=call,
            do="Give a plain one with name=, such as 'model.pkl' or 'models/best.pkl'.",
        )
    return "/".join(parts)
