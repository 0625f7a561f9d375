"""The mapping file beside a table: what was guessed of its columns, to be looked at and changed by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reportgen.config.toml import inline_table, toml_key, toml_value
from reportgen.errors import ConfigError
from reportgen.language import message
from reportgen.load.tables.columns import USES, ColumnPlan, Plan
from reportgen.load.tables.layout import Layout, layout_at
from reportgen.load.tables.raw import Sheet

SUFFIX = ".columns.toml"
_HEAD = """\
# How reportgen reads {file}: one row of it is one run.
# Change what is wrong, and build again. Delete this file to have everything guessed anew.
#
# use = "setting"       what was chosen for the run, the seed too
#       "metric"        what was measured; percent = true: the numbers are written in percent
#       "name"          what the run is called      "date"    when it ran
#       "status"        finished, failed, running   "note"    a remark
#       "data_version"  the version of the data     "tag"     kept, but not compared
#       "nothing"       left out
"""


def mapping_path(table: Path) -> Path:
    """Give the place of a table's mapping file."""
    return table.with_name(table.stem + SUFFIX)


def mapping_text(plan: Plan, file: str) -> str:
    """Write a plan as the text of a mapping file."""
    lines = [_HEAD.format(file=file)]
    lines.append(f"sheet = {toml_value(plan.sheet)}")
    lines.append(f"header_rows = {toml_value(list(plan.header_rows))}")
    lines.append(f"decimal = {toml_value(plan.decimal)}")
    lines.append("\n[columns]")
    for column in plan.columns:
        told: dict[str, Any] = {"use": column.use}
        if column.use in ("metric", "setting", "tag") and column.name != column.heading:
            told["name"] = column.name
        if column.percent:
            told["percent"] = True
        lines.append(f"{toml_key(column.heading)} = {inline_table(told)}")
    return "\n".join(lines) + "\n"


def read_mapping(path: Path, sheets: Sequence[Sheet]) -> tuple[Layout, Plan]:
    """Read a mapping file and lay the table out as it says.

    Raises:
        ConfigError: It cannot be read, or does not fit the table; names the file and the key.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"the mapping file cannot be read: {error}", where=str(path), do=_DELETE) from error
    layout = _layout(path, told, sheets)
    decimal = told.get("decimal", ".")
    if decimal not in (".", ","):
        raise _wrong(path, "decimal", f"must be '.' or ',', not {decimal!r}")
    columns = told.get("columns")
    if not isinstance(columns, dict):
        raise _wrong(path, "columns", "must be a table with an entry for each column")
    headings = set(layout.names.values())
    for heading in columns:
        if heading not in headings:
            near = get_close_matches(heading, headings, 1) or sorted(headings)
            raise _wrong(
                path, f"columns.{heading}", f"the table has no such column; it has {', '.join(near)}"
            )
    plans = tuple(_column(path, heading, columns.get(heading)) for heading in layout.names.values())
    rows = (layout.header + 1,) if layout.groups is None else (layout.groups + 1, layout.header + 1)
    new = [heading for heading in layout.names.values() if heading not in columns]
    doubts = (
        (
            message(
                "{file} does not say what {names} is: left out.",
                file=path.name,
                names=", ".join(map(repr, new)),
            ),
        )
        if new
        else ()
    )
    return layout, Plan(layout.sheet.name, rows, decimal, plans, doubts)


_DELETE = "Mend it, or delete it to have everything guessed anew."


def _layout(path: Path, told: dict[str, Any], sheets: Sequence[Sheet]) -> Layout:
    name = told.get("sheet")
    sheet = next((sheet for sheet in sheets if sheet.name == name), None)
    if sheet is None:
        there = ", ".join(repr(sheet.name) for sheet in sheets)
        raise _wrong(path, "sheet", f"there is no sheet {name!r}; there are {there}")
    rows = told.get("header_rows")
    if not isinstance(rows, list) or not rows or not all(type(row) is int and row > 0 for row in rows):
        raise _wrong(path, "header_rows", f"must be one or two row numbers, not {rows!r}")
    if max(rows) > sheet.height:
        raise _wrong(path, "header_rows", f"the sheet has only {sheet.height} rows")
    return layout_at(sheet, rows[-1] - 1, rows[0] - 1 if len(rows) > 1 else None, look_above=False)


def _column(path: Path, heading: str, told: Any) -> ColumnPlan:
    if told is None:
        return ColumnPlan(heading, "nothing", heading)
    where = f"columns.{heading}"
    if not isinstance(told, dict) or told.get("use") not in USES:
        raise _wrong(path, where, f'must be such as {{ use = "setting" }}; use is one of {", ".join(USES)}')
    unknown = sorted(set(told) - {"use", "name", "percent"})
    if unknown:
        raise _wrong(path, where, f"has the unknown key {unknown[0]!r}; there are use, name and percent")
    name, percent = told.get("name") or heading, told.get("percent", False)
    if not isinstance(name, str) or not isinstance(percent, bool):
        raise _wrong(path, where, "name must be text, percent true or false")
    return ColumnPlan(heading, told["use"], name, percent)


def _wrong(path: Path, key: str, text: str) -> ConfigError:
    return ConfigError(f"{key}: {text}", where=str(path), do=_DELETE)
