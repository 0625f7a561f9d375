"""What a notebook shows of a run: status, parameters, latest metrics, folder; read from its files."""

from __future__ import annotations

import html
import os

from reportgen.schema import RUN_HEADER, decode_value, is_long_file, whole_length

_MAX_FACT_BYTES = 2**20
_TAIL_BYTES = 2**16
_SHOWN = 30
_LONGEST = 200


def run_html(directory: str, status: str) -> str:
    """Draw a run as a small table, every word of it escaped.

    Args:
        directory: The run folder.
        status: ``running`` while it is open here; empty to take it from the files.
    """
    facts = _facts(directory)
    title = facts.get(("run", "name")) or facts.get(("run", "id")) or os.path.basename(directory)
    status = status or facts.get(("status", "status"), "")
    reason = facts.get(("status", "reason"), "")
    rows = [("status", f"{status} ({reason})" if reason else status)]
    rows += _few([(name, value) for (kind, name), value in facts.items() if kind == "param"])
    rows += _few(sorted(_latest_metrics(directory).items()))
    rows.append(("folder", directory))
    cells = "".join(f"<tr><th>{_escaped(name)}</th><td>{_escaped(value)}</td></tr>" for name, value in rows)
    return f"<table><caption>Run {_escaped(title)}</caption><tbody>{cells}</tbody></table>"


def _few(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    more = len(rows) - _SHOWN
    return [*rows[:_SHOWN], ("…", f"and {more} more")] if more > 0 else rows


def _escaped(text: str) -> str:
    return html.escape(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def _facts(directory: str) -> dict[tuple[str, str], str]:
    """Read the latest value of each fact, as text."""
    import csv

    facts: dict[tuple[str, str], str] = {}
    timed: list[tuple[float, list[str]]] = []
    for name in _names(directory, "run"):
        data = _read(os.path.join(directory, name), 0, _MAX_FACT_BYTES)
        text = data[: whole_length(data)].decode("utf-8", "replace")
        rows = csv.reader(text.splitlines(keepends=True))
        timed += [
            (float(row[0]), row) for row in rows if len(row) == len(RUN_HEADER) and row != [*RUN_HEADER]
        ]
    for _, (_, kind, name, value_type, value) in sorted(timed, key=lambda pair: pair[0]):
        shown = decode_value(value_type, value) if value_type in ("null", "bool") else value
        facts[kind, name] = "" if shown is None and kind != "param" else str(shown)
    return facts


def _latest_metrics(directory: str) -> dict[str, str]:
    """Read the last row of each file of points: the values as they are written there."""
    import csv

    found: dict[str, tuple[float, str]] = {}
    for name in _names(directory, "metrics"):
        path = os.path.join(directory, name)
        head = _read(path, 0, _TAIL_BYTES).partition(b"\n")[0]
        tail = _read(path, -_TAIL_BYTES, _TAIL_BYTES)
        lines = tail[: tail.rfind(b"\n") + 1].splitlines()[1:]
        columns = next(csv.reader([head.decode("utf-8", "replace")]), [])[2:]
        rows = csv.reader([line.decode("utf-8", "replace") for line in lines])
        for time, _, *cells in (row for row in rows if len(row) > 2):
            pairs = [tuple(cells)] if is_long_file(name) else zip(columns, cells, strict=False)
            for metric, value in pairs:
                if value and float(time) >= found.get(metric, (0.0, ""))[0]:
                    found[metric] = (float(time), value)
    return {metric: value for metric, (_, value) in found.items()}


def _names(directory: str, stem: str) -> list[str]:
    try:
        names = os.listdir(directory)
    except OSError:  # it vanished, or could not be made: there is still a run to show
        return []
    return sorted(name for name in names if name.startswith(stem) and name.endswith(".csv"))


def _read(path: str, start: int, size: int) -> bytes:
    """Read a piece of a file, counted from its end if *start* is negative; nothing if it is not there."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size + start) if start < 0 else start)
            return file.read(size)
    except OSError:
        return b""
