"""What a run folder tells already: its latest facts, and how each of its writers says that it ended."""

from __future__ import annotations

import os

from reportgen.schema import RUN_FILE, SHELL_RUN_FILE, decode_value, whole_length

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = tuple[float, str, str, str, str]
    """Time, kind, name, type and value of a fact, as they stand in the file."""


class ToldRun:
    """The facts of a run folder at one moment; of each kind and name the latest, as types and texts.

    Args:
        directory: The run folder, absolute.
        rows: Its facts by file, each in the order of the file.
    """

    def __init__(self, directory: str, rows: dict[str, list[Row]]) -> None:
        self.directory = directory
        self._rows = rows
        ordered = sorted((row for name in sorted(rows) for row in rows[name]), key=lambda row: row[0])
        self._latest = {row[1:3]: row[3:5] for row in ordered}

    def text(self, kind: str, name: str) -> str:
        """Give a fact's text; empty where it is not told."""
        return self._latest.get((kind, name), ("", ""))[1]

    @property
    def id(self) -> str:
        """The run's id."""
        return self.text("run", "id") or os.path.basename(self.directory)

    @property
    def experiment(self) -> str:
        """The run's experiment."""
        return self.text("run", "experiment") or os.path.basename(os.path.dirname(self.directory))

    @property
    def is_closed(self) -> bool:
        """Whether its own writer or ``reportgen log`` has said how it ended.

        A further writer that has failed does not close it: a second attempt may go on.
        """
        rows = [*self._rows.get(RUN_FILE, ()), *self._rows.get(SHELL_RUN_FILE, ())]
        said = [row for row in rows if row[1:3] == ("status", "status")]
        return bool(said) and max(said, key=lambda row: row[0])[4] != "running"

    def contradicts(self, kind: str, name: str, cells: tuple[str, str]) -> bool:
        """Tell whether a fact is told already, with another value; 1 and 1.0 are the same.

        Args:
            kind: Kind of the fact.
            name: Its name.
            cells: Type and text of the value.
        """
        known = self._latest.get((kind, name), cells)
        if known == cells:
            return False
        try:
            return decode_value(*known) != decode_value(*cells)
        except ValueError:
            return True

    def ending_told_since(self, begun: float) -> tuple[str, str] | None:
        """Give status and reason that a further writer, or ``reportgen log``, has told since a moment.

        A process that failed, and after which another one began to log, was followed by a further
        attempt: how that one ended counts, and one that says nothing did not fail.

        Args:
            begun: Seconds since the epoch.
        """
        endings: list[tuple[float, str, str]] = []
        starts: list[float] = []
        for name, rows in self._rows.items():
            fresh = [row for row in rows if row[0] >= begun - 0.001]  # times are written rounded
            if name == RUN_FILE or not fresh:
                continue
            if name != SHELL_RUN_FILE:
                starts.append(fresh[0][0])
            said = {row[2]: row for row in fresh if row[1] == "status"}
            if "status" in said:
                reason = said["reason"][4] if "reason" in said else ""
                endings.append((said["status"][0], said["status"][4], reason))
        if not endings:
            return None
        at, status, reason = max(endings)
        is_overcome = status in ("failed", "interrupted") and any(start > at for start in starts)
        return None if is_overcome or status == "running" else (status, reason)


def read_run(directory: str) -> ToldRun | None:
    """Read the facts of a run folder; None if it is none, or cannot be read."""
    rows: dict[str, list[Row]] = {}
    try:
        for name in os.listdir(directory):
            if name == RUN_FILE or (name.startswith("run.") and name.endswith(".csv")):
                with open(os.path.join(directory, name), "rb") as file:
                    rows[name] = _rows_of(file.read())
    except OSError:
        return None
    return ToldRun(directory, rows) if RUN_FILE in rows else None


def _rows_of(data: bytes) -> list[Row]:
    """Give the rows of a file of facts that can be read; what cannot be is the loader's to judge."""
    text = data[: whole_length(data)].decode("utf-8", "replace").replace("\r\n", "\n")
    rows: list[Row] = []
    lines = text.split("\n")[1:]
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        while line.count('"') % 2 and at < len(lines):  # a newline inside of quotes ends no row
            line += "\n" + lines[at]
            at += 1
        cells = _cells(line)
        if len(cells) == 5:
            try:
                rows.append((float(cells[0]), cells[1], cells[2], cells[3], cells[4]))
            except ValueError:
                continue
    return rows


def _cells(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    import csv

    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # a cell over that module's limit, such as a very long note
        return []
