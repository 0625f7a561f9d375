"""Run folders written by hand, as another machine's logger would have left them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reportgen import schema

START = 1_770_000_000.0
"""When the runs of the tests start, unless said otherwise (seconds since the epoch)."""

PAST_NS = 1_770_000_000_000_000_123
"""A modification time long ago: files written right now are not trusted by the cache."""


def fact_line(kind: str, name: str, value: Any, time: float = START) -> str:
    """Write one line of ``run.csv``."""
    value_type, text = schema.encode_value(value)
    return f"{time:.3f},{kind},{schema.quote_cell(name)},{value_type},{schema.quote_cell(text)}\n"


def run_text(
    run_id: str,
    experiment: str = "digits",
    *,
    started: float = START,
    status: str | None = "finished",
    ended: float = START + 60,
    facts: Iterable[tuple[str, str, Any]] = (),
) -> str:
    """Write a whole ``run.csv``; without a closing status if that is None."""
    lines = [
        ",".join(schema.RUN_HEADER) + "\n",
        fact_line("run", "schema", schema.FORMAT_VERSION, started),
        fact_line("run", "id", run_id, started),
        fact_line("run", "name", f"name of {run_id}", started),
        fact_line("run", "experiment", experiment, started),
        fact_line("run", "started", started, started),
        fact_line("status", "status", "running", started),
        *(fact_line(kind, name, value, started) for kind, name, value in facts),
    ]
    if status is not None:
        lines.append(fact_line("status", "status", status, ended))
    return "".join(lines)


def wide_text(metrics: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a wide file: each row is time, step and the values; None is a blank cell."""
    lines = [",".join(["time", "step", *map(schema.quote_cell, metrics)])]
    lines += [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def write_run(folder: Path, files: Mapping[str, str | bytes], *, mtime_ns: int | None = PAST_NS) -> Path:
    """Write the files of a run folder, with a modification time of long ago unless None."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if mtime_ns is not None:
            os.utime(path, ns=(mtime_ns, mtime_ns))
    return folder


def simple_run(
    root: Path, run_id: str, *, experiment: str = "digits", losses: Sequence[float] = (3, 1, 2)
) -> Path:
    """Write a finished run with one metric, ``loss``, one step a second."""
    rows = [(START + at, at, loss) for at, loss in enumerate(losses)]
    facts = [("param", "lr", 0.1), ("env", "host", "elsewhere")]
    files = {"run.csv": run_text(run_id, experiment, facts=facts), "metrics.csv": wide_text(["loss"], rows)}
    return write_run(root / experiment / run_id, files)
