"""Figures and tables as files, through what their objects offer; no library is imported for it."""

from __future__ import annotations

import csv
import io
import os

from reportgen.collect.frames import index_columns
from reportgen.errors import LoggingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def with_suffix(name: str, suffix: str) -> str:
    """Give a name an ending, unless it has one."""
    return name if os.path.splitext(name)[1] else name + suffix


def figure_bytes(figure: Any, name: str) -> tuple[str, bytes]:
    """Draw a figure of Matplotlib (or of what builds on it), Plotly, Altair or Pillow.

    Returns:
        The name, with an ending if it had none, and the file's content.

    Raises:
        LoggingError: It is no figure.
        OSError: The library cannot draw it in this form.
    """
    try:
        return _draw(figure, name)
    except LoggingError:
        raise
    except Exception as error:  # a library's own trouble with its own figure
        raise OSError(0, f"{type(error).__name__}: {error}") from error


def _draw(figure: Any, name: str) -> tuple[str, bytes]:
    if not hasattr(figure, "savefig") and hasattr(getattr(figure, "figure", None), "savefig"):
        figure = figure.figure  # axes of Matplotlib
    buffer = io.BytesIO()
    if hasattr(figure, "savefig"):
        name = with_suffix(name, ".png")
        figure.savefig(buffer, format=_ending(name))
        return name, buffer.getvalue()
    if hasattr(figure, "to_html") and hasattr(figure, "to_json"):  # Plotly, Altair
        name = with_suffix(name, ".html")
        ending = _ending(name)
        if ending in ("html", "htm", "json"):
            text = figure.to_json() if ending == "json" else figure.to_html()
            return name, str(text).encode()
        if hasattr(figure, "to_image"):
            return name, bytes(figure.to_image(format=ending))
        figure.save(buffer, format=ending)
        return name, buffer.getvalue()
    if hasattr(figure, "save") and hasattr(figure, "mode"):  # Pillow
        name = with_suffix(name, ".png")
        figure.save(buffer, format={"jpg": "jpeg"}.get(_ending(name), _ending(name)))
        return name, buffer.getvalue()
    raise LoggingError(
        f"{type(figure).__name__} is no figure",
        where=f"log_figure {name!r}",
        found="known are figures of Matplotlib, Plotly, Altair and Pillow",
        do="Save it yourself and give the file to log_artifact.",
    )


def _ending(name: str) -> str:
    return os.path.splitext(name)[1][1:].lower()


def table_bytes(table: Any, name: str) -> tuple[str, bytes]:
    """Write a table of pandas, Polars or PyArrow, a dict of columns or a list of dicts as CSV or Parquet.

    Returns:
        The name, with ``.csv`` if it had no ending, and the file's content.

    Raises:
        LoggingError: It is no table, or the ending is another one.
        OSError: The library cannot write it.
    """
    name = with_suffix(name, ".csv")
    ending = _ending(name)
    if ending not in ("csv", "parquet"):
        raise LoggingError(
            f"{name!r} ends with {ending!r}",
            where="log_table",
            found="known are .csv and .parquet",
            do="Choose one of them, or write the file yourself and give it to log_artifact.",
        )
    try:
        content = _parquet(table) if ending == "parquet" else _csv(table)
    except Exception as error:  # a library's own trouble with its own table
        raise OSError(0, f"{type(error).__name__}: {error}") from error
    if content is None:
        raise LoggingError(
            f"{type(table).__name__} cannot be written as {ending}",
            where=f"log_table {name!r}",
            found="known are tables of pandas, Polars and PyArrow, a dict of lists, a list of dicts",
            do="Write the file yourself and give it to log_artifact.",
        )
    return name, content


def _parquet(table: Any) -> bytes | None:
    buffer = io.BytesIO()
    if hasattr(table, "iloc"):
        frame = table if hasattr(table, "columns") else table.to_frame()
        frame.to_parquet(buffer, index=bool(index_columns(frame)))
    elif hasattr(table, "write_parquet"):
        table.write_parquet(buffer)
    else:
        return None
    return buffer.getvalue()


def _csv(table: Any) -> bytes | None:
    if hasattr(table, "iloc"):
        frame = table if hasattr(table, "columns") else table.to_frame()
        return str(frame.to_csv(index=bool(index_columns(frame)), lineterminator="\n")).encode()
    if hasattr(table, "to_physical"):
        table = table.to_frame()
    if hasattr(table, "write_csv"):
        return str(table.write_csv()).encode()
    if hasattr(table, "column_names") and hasattr(table, "to_pydict"):
        table = table.to_pydict()
    if isinstance(table, dict):
        if not all(isinstance(column, (list, tuple)) for column in table.values()):
            return None
        return _csv_of(list(table), zip(*table.values(), strict=True))
    if isinstance(table, (list, tuple)) and all(isinstance(row, dict) for row in table):
        names = list(dict.fromkeys(name for row in table for name in row))
        return _csv_of(names, ([row.get(name) for name in names] for row in table))
    return None


def _csv_of(names: list[Any], rows: Any) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()
