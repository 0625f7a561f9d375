"""Reads a batch of run folders into a table: the one function that also runs on other machines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from reportgen import schema
from reportgen.language import mark, message
from reportgen.load.contents import CHUNK_BYTES, Contents
from reportgen.load.facts import BOM, FactReader, NotRunFileError, RunFacts, encode_json
from reportgen.load.interface import Fault, RunFolder
from reportgen.load.lines import Header
from reportgen.load.points import Piece, PointReader
from reportgen.load.table import NO_SCALARS, RunRow, build_table, stamp_of

MAX_LINE_BYTES = 4 << 20
"""A file whose lines are longer is no metrics file: it is not kept in memory."""

AHEAD_BYTES = 8 << 20
AHEAD_RUNS = 512
"""Files are read ahead up to whichever is reached first."""

_NEWLINE = ord("\n")
_RUN_NAMES = ("id", "name", "experiment", "group", "parent", "boot")
_PIECES_A_FILE = 14  # bits


def is_run_file(name: str) -> bool:
    """Tell whether a file of a run folder holds facts."""
    return name.startswith("run") and name.endswith(".csv")


def summarise(folders: Sequence[RunFolder]) -> pa.Table:
    """Read all facts and points of a batch of runs; no point is kept.

    Pure and picklable. A batch gives the same rows as its runs alone.

    Returns:
        A table of `table.SCHEMA`, one row a folder, in their order. What cannot be read is said in
        ``problem`` (the run is to be skipped) or ``faults`` (the rest of it was read).
    """
    reader = _BatchReader(folders)
    rows: list[RunRow] = []
    for group in _groups(folders):
        rows += reader.read(len(rows), group)
    reader.points.finish()
    return build_table(rows, reader.points)


def _groups(folders: Sequence[RunFolder]) -> Iterator[list[RunFolder]]:
    """Give runs whose files are read ahead together."""
    group: list[RunFolder] = []
    size = 0
    for folder in folders:
        group.append(folder)
        size += sum([file.size for file in folder.files])
        if size >= AHEAD_BYTES or len(group) >= AHEAD_RUNS:
            yield group
            group, size = [], 0
    if group:
        yield group


class _Begun(NamedTuple):
    """A run whose points have not been read yet."""

    folder: RunFolder
    stamp: str
    digest: hashlib._Hash
    problem: str
    facts: RunFacts
    faults: list[Fault]


class _BatchReader:
    """What reading one batch needs, and what equal runs of it share."""

    def __init__(self, folders: Sequence[RunFolder]) -> None:
        self.points = PointReader()
        self._contents = Contents(folders)
        self._facts = FactReader()
        self._texts: dict[tuple[int, ...], str] = {}

    def read(self, first: int, folders: Sequence[RunFolder]) -> list[RunRow]:
        """Read some runs, `first` being the place of the first one in the batch; points wait in `points`.

        One kind of work after the other, which is quicker than run by run.
        """
        self._contents.read_ahead(folders)
        begun = [self._begin(folder) for folder in folders]
        return [self._end(at, run) for at, run in enumerate(begun, start=first)]

    def _begin(self, folder: RunFolder) -> _Begun:
        """Read the facts of a run."""
        digest = hashlib.sha256()
        faults: list[Fault] = []
        stamp = stamp_of(folder)
        try:
            facts = self._read_facts(folder, digest, faults)
            problem = _schema_problem(facts)
        except OSError as error:
            problem, facts = (
                message("its run files cannot be read ({error})", error=error.strerror or error),
                RunFacts(),
            )
            stamp = ""
        except NotRunFileError as error:
            problem, facts = (
                message("this is no run folder that reportgen wrote: {problem}", problem=error),
                RunFacts(),
            )
        return _Begun(folder, stamp, digest, problem, facts, faults)

    def _end(self, at: int, run: _Begun) -> RunRow:
        """Read the points of a run."""
        folder, stamp, digest, problem, facts, faults = run
        if problem:
            return RunRow(folder, stamp, digest.hexdigest(), problem, NO_SCALARS, "[]", "{}", "{}", [])
        if not self._read_points(at, folder, digest, faults):
            stamp = ""
        scalars = _scalars(folder, facts, faults)
        notes = encode_json(facts.notes) if facts.notes else "[]"
        param, tag, data, artifact = map(facts.object_of, ("param", "tag", "data", "artifact"))
        text = f"[{param},{tag},{notes},{data},{artifact}]"
        code, env = self._shared(facts, "code"), self._shared(facts, "env")
        return RunRow(folder, stamp, digest.hexdigest(), "", scalars, text, code, env, faults)

    def _read_facts(self, folder: RunFolder, digest: hashlib._Hash, faults: list[Fault]) -> RunFacts:
        files = []
        for file in folder.files:
            name = file[0]
            if is_run_file(name):
                data = self._contents.whole(folder, file)
                digest.update(f"{name}\n{len(data)}\n".encode() + data)
                files.append((name, data))
        return self._facts.read(files, faults)

    def _read_points(self, at: int, folder: RunFolder, digest: hashlib._Hash, faults: list[Fault]) -> bool:
        """Read the metrics files; tell whether all could be."""
        is_whole = True
        files = [file for file in folder.files if not is_run_file(file[0])]
        for number, file in enumerate(files):
            pieces = _PieceCutter(at, number, file.name, is_shared=len(files) > 1)
            digest.update(f"{file.name}\n".encode())
            try:
                if file.size <= CHUNK_BYTES:
                    data = self._contents.whole(folder, file)
                    digest.update(data)
                    pieces.add(data, self.points, is_last=True)
                else:
                    for chunk in self._contents.chunks(folder, file):
                        digest.update(chunk)
                        pieces.add(chunk, self.points, is_last=False)
            except OSError as error:
                text = message(
                    "{file} cannot be read ({error}); what it holds is missing",
                    file=file.name,
                    error=error.strerror or error,
                )
                faults.append(Fault("missing_metrics", file.name, None, 1, text))
                is_whole = False
            pieces.finish(self.points, faults)
            digest.update(f"\n{pieces.size}\n".encode())
        return is_whole

    def _shared(self, facts: RunFacts, kind: str) -> str:
        """Write facts that most runs of a batch have in common, once for all of them."""
        key = facts.ordinals(kind)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = encode_json(facts.of_kind(kind))
        return text


class _PieceCutter:
    """Cuts the bytes of one metrics file into pieces of whole lines."""

    __slots__ = (
        "_header",
        "_is_shared",
        "_line",
        "_name",
        "_next_line",
        "_number",
        "_pieces",
        "_problem",
        "_rest",
        "_run",
        "size",
    )

    def __init__(self, run: int, number: int, name: str, *, is_shared: bool) -> None:
        self.size = 0
        self._run, self._number, self._name = run, number, name
        self._is_shared = is_shared
        self._line = b""
        self._header: Header | None = None
        self._rest = b""
        self._next_line = 1
        self._pieces = 0
        self._problem = ""

    def add(self, chunk: bytes, points: PointReader, *, is_last: bool) -> None:
        """Take in the next bytes of the file."""
        self.size += len(chunk)
        if self._problem:
            return
        data = self._rest + chunk if self._rest else chunk
        start = 0
        header = self._header
        if header is None:
            start = data.find(b"\n") + 1
            if not start:
                self._keep_rest(data)
                return
            self._line = data[:start].removeprefix(BOM).rstrip(b"\n").removesuffix(b"\r")
            header = points.header(self._line, is_long=schema.is_long_file(self._name))
            self._header = header
            self._problem = header.problem
            if self._problem:
                return
            self._next_line = 2
        end = data.rfind(b"\n") + 1
        if end > start:
            body = data[start:end]
            rows = int(np.count_nonzero(np.frombuffer(body, np.uint8) == _NEWLINE))  # body.count: 4 x slower
            order = (self._number << _PIECES_A_FILE) + self._pieces
            shared = self._is_shared or not is_last or self._pieces > 0
            piece = Piece(self._run, order, self._name, self._next_line, body, rows, shared)
            points.add(self._line, header, piece)
            self._next_line += rows
            self._pieces += 1
        if len(data) > max(end, start):
            self._keep_rest(data[max(end, start) :])
        else:
            self._rest = b""

    def finish(self, points: PointReader, faults: list[Fault]) -> None:
        """Tell what is wrong with the file as a whole."""
        if not self._problem and not self._rest:
            return
        name = self._name
        if not self._problem and self._next_line == 1 and self._rest:
            line = self._rest.removeprefix(BOM)
            is_cut_header = _is_cut_header(line)
            if not is_cut_header:
                self._problem = points.header(line[:200], is_long=False).problem
        if self._problem:
            text = message(
                "{file} is no metrics file of ours ({problem}); what it holds from there on is missing",
                file=name,
                problem=self._problem,
            )
            faults.append(Fault("missing_metrics", name, 1, 1, text))
        else:
            line_number = self._next_line
            text = message(
                "{file}, line {line}: the last line was cut off; it is left out", file=name, line=line_number
            )
            faults.append(Fault("torn_line", name, line_number, 1, text))

    def _keep_rest(self, rest: bytes) -> None:
        if len(rest) > MAX_LINE_BYTES:
            self._problem = message(
                "line {line} is longer than {size} MiB", line=self._next_line, size=MAX_LINE_BYTES >> 20
            )
            rest = b""
        self._rest = rest


def _is_cut_header(line: bytes) -> bool:
    """Tell whether a file that has no line end yet begins like one of ours."""
    start = ",".join(schema.WIDE_KEY).encode() + b","
    return line.startswith(start) or start.startswith(line)


def _scalars(folder: RunFolder, facts: RunFacts, faults: list[Fault]) -> tuple[object, ...]:
    """Give the columns `table.SCALARS` of one run."""
    get = facts.latest["run"].get
    run_id, name, experiment, group, parent, boot = [
        None if (fact := get(key)) is None else fact[2] for key in _RUN_NAMES
    ]
    if not run_id or not experiment:
        parts = ["", *folder.location.replace("\\", "/").rstrip("/").split("/")]
        missing = ", ".join(what for what, value in (("id", run_id), ("experiment", experiment)) if not value)
        template = mark("{file} does not tell the run's {what}; taken from the name of its folder")
        text = message(template, file=schema.RUN_FILE, what=missing)
        faults.append(Fault("other", schema.RUN_FILE, None, 1, text))
        run_id, experiment = run_id or parts[-1], experiment or parts[-2]
    return (
        str(run_id),
        str(experiment),
        str(name or run_id),
        "" if group is None else str(group),
        "" if parent is None else str(parent),
        facts.started,
        facts.closing_status,
        facts.status_time,
        facts.reason,
        "" if boot is None else str(boot),
        facts.first_time,
        facts.newest_time,
    )


def _schema_problem(facts: RunFacts) -> str:
    fact = facts.latest["run"].get("schema")
    version = schema.FORMAT_VERSION if fact is None else fact.value
    if isinstance(version, int) and version <= schema.FORMAT_VERSION:
        return ""
    return message(
        "it is written in format {version}, and this reportgen reads up to {known}: upgrade with pip install "
        "--upgrade reportgen-ml",
        version=version,
        known=schema.FORMAT_VERSION,
    )
