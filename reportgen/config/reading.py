"""``reportgen.toml`` (or ``[tool.reportgen]`` of pyproject.toml) → frozen `Config`, all mistakes at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, cast, get_args

from reportgen.config.checking import Mistakes, Table
from reportgen.config.email import read_email
from reportgen.config.keylines import KeyPath, key_lines
from reportgen.config.metrics import read_metrics
from reportgen.config.schedule import read_schedule
from reportgen.config.sections import (
    read_compare,
    read_cost,
    read_outputs,
    read_select,
    read_sheet,
    read_theme,
)
from reportgen.config.settings import Audience, Config
from reportgen.errors import ConfigError
from reportgen.language import languages

CONFIG_FILE = "reportgen.toml"
PROJECT_FILE = "pyproject.toml"

_TOML_PLACE = re.compile(
    r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$"
)


def find_config(folder: Path) -> Path | None:
    """Look for a configuration in *folder*: ``reportgen.toml``, else ``[tool.reportgen]`` in pyproject.toml.

    A pyproject.toml that is not valid TOML counts as none: it may have nothing to do with reports.
    """
    own = folder / CONFIG_FILE
    if own.is_file():
        return own
    project = folder / PROJECT_FILE
    try:
        content = tomllib.loads(project.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return project if "reportgen" in content.get("tool", {}) else None


def read_config(path: Path) -> Config:
    """Read and check a configuration file.

    Args:
        path: A ``reportgen.toml``, or a pyproject.toml with a table ``[tool.reportgen]``. Addresses
            and folders in it are taken relative to its folder.

    Raises:
        ConfigError: The file cannot be read, is not TOML, or has mistakes; all are in the message.
    """
    text = _read(path)
    values = _parse(text, path)
    root: KeyPath = ()
    if path.name == PROJECT_FILE:
        root = ("tool", "reportgen")
        values = values.get("tool", {}).get("reportgen")
        if not isinstance(values, dict):
            raise ConfigError("there is no table [tool.reportgen]", where=str(path), do="Add one.")
    mistakes = Mistakes(str(path), key_lines(text))
    config = _read_root(Table(values, root, "", mistakes), path)
    mistakes.raise_all()
    return config


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            "there is no such file", where=str(path), do="`reportgen init` writes one from your runs."
        ) from error
    except IsADirectoryError as error:
        raise ConfigError(
            "this is a folder, not a configuration file", where=str(path), do=f"Name its {CONFIG_FILE}."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"byte {error.start} is not UTF-8", where=str(path), do="Save the file as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(f"it cannot be read ({error.strerror})", where=str(path)) from error


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _TOML_PLACE.match(str(error))
        if not match:
            raise ConfigError(f"not valid TOML: {error}", where=str(path)) from error
        # "end of document" is told without a line
        line = match["line"] or str(text.rstrip().count("\n") + 1)
        column = f" (column {match['column']})" if match["column"] else " (end of the file)"
        raise ConfigError(f"not valid TOML: {match['what']}{column}", where=f"{path}:{line}") from error


def _read_root(table: Table, path: Path) -> Config:
    defaults = Config()
    audience = table.choice("audience", get_args(Audience))
    config = Config(
        title=table.text("title"),
        runs=tuple(_beside(path, address) for address in table.texts("runs") or ()),
        audience=cast("Audience", audience) if audience else defaults.audience,
        owner=table.text("owner"),
        contact=table.text("contact"),
        decision=table.text("decision"),
        language=table.choice("language", languages()) or defaults.language,
        metrics=read_metrics(table.table("metrics")),
        compare=read_compare(table.table("compare")),
        select=read_select(table.table("select")),
        outputs=read_outputs(table.table("outputs"), path.parent),
        cost=read_cost(table.table("cost")),
        theme=read_theme(table.table("theme"), path.parent),
        email=read_email(table.table("email"), path.parent),
        sheet=read_sheet(table.table("sheet")),
        schedule=read_schedule(table.table("schedule")),
        stale_after_s=table.number("stale_after", above=0.0) or defaults.stale_after_s,
        path=path,
    )
    table.finish()
    return config


def _beside(path: Path, address: str) -> str:
    """An address in the file is seen from its folder; URLs and absolute paths stay as they are."""
    if "://" in address:
        return address
    return str(path.parent / Path(address).expanduser())
