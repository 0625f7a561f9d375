"""The tables of ``reportgen.toml`` beside the metrics, each as its frozen settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from reportgen.config.checking import Table, describe, name_known
from reportgen.config.formats import unknown_formats
from reportgen.config.settings import (
    FORMATS,
    CompareConfig,
    CostConfig,
    OnMismatch,
    OutputConfig,
    Paper,
    SelectConfig,
    ThemeConfig,
)

ROLES = ("reader", "commenter", "writer")
"""What people may do with a shared sheet; the first where nothing is said."""

_ADDRESS = re.compile(r"[^@\s:]+@[^@\s:]+")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_SAME = re.compile(r"(?:data|split|tag)\..+|code")


def read_compare(table: Table) -> CompareConfig:
    """Read ``[compare]``: how runs are grouped and what they are compared with."""
    by = table.texts("by")
    if by is not None and not by:
        table.complain("by", "is empty; leave it out to compare by every parameter that varies")
    same = table.texts("same") or ()
    for index, entry in enumerate(same):
        if not _SAME.fullmatch(entry):
            table.complain(
                "same", f"holds {entry!r}; write 'data.NAME', 'split.NAME', 'tag.NAME' or 'code'", index
            )
    baseline = table.take("baseline")
    if baseline is not None and (not isinstance(baseline, dict) or not baseline):
        table.complain("baseline", 'must name parameters and values, such as { model = "logreg" }')
        baseline = None
    importance = table.flag("importance")
    on_mismatch = table.choice("on_mismatch", get_args(OnMismatch))
    settings = CompareConfig(
        by=by,
        seed=table.text("seed"),
        baseline=baseline,
        paired=bool(table.flag("paired")),
        same=same,
        on_mismatch=cast("OnMismatch", on_mismatch) if on_mismatch else "separate",
        task=table.text("task"),
        trade_off=table.texts("trade_off") or (),
        curves_over=table.text("curves_over") or "step",
        importance=True if importance is None else importance,
    )
    table.finish()
    return settings


def read_select(table: Table) -> SelectConfig:
    """Read ``[select]``: which runs are reported on."""
    settings = SelectConfig(
        experiments=table.texts("experiments") or (),
        where=table.texts("where") or (),
        since=table.moment("since"),
        until=table.moment("until"),
        exclude=_words(table.table("exclude"), "a reason, printed in the report"),
    )
    table.finish()
    return settings


def read_outputs(table: Table, folder: Path) -> OutputConfig:
    """Read ``[outputs]``: where the outputs go and which there are."""
    defaults = OutputConfig()
    paper = table.choice("paper", get_args(Paper))
    settings = OutputConfig(
        directory=_path(table, "directory", folder) or folder / defaults.directory,
        formats=_formats(table) or defaults.formats,
        paper=cast("Paper", paper) if paper else defaults.paper,
        attach=table.flag("attach") or False,
        archive=table.flag("archive") or False,
        accessible=table.flag("accessible") or False,
    )
    table.finish()
    return settings


def read_cost(table: Table) -> CostConfig:
    """Read ``[cost]``: prices an hour by machine."""
    entries = table.table("prices")
    prices: dict[str, float] = {}
    for machine in entries.names():
        price = entries.number(machine)
        if price is not None and price < 0:
            entries.complain(machine, f"must not be negative, but is {price:g}")
        prices[machine] = price or 0.0
    currency = table.text("currency")
    if prices and not currency:
        table.complain("prices", 'have no currency; add currency = "EUR"')
    # `as_of = 2026-11-01` is a date to TOML, and means the same as the text
    as_of = table.take("as_of")
    if as_of is not None and not isinstance(as_of, (str, date)):
        table.complain("as_of", f"must be a date, not {describe(as_of)}")
    table.finish()
    return CostConfig(currency=currency or "", prices=prices, as_of=str(as_of or ""))


def read_theme(table: Table, folder: Path) -> ThemeConfig:
    """Read ``[theme]``: the company's look."""
    colors = _words(table.table("colors"), 'a colour such as "#0f4c81"')
    for name, color in colors.items():
        if not _COLOR.fullmatch(color):
            table.complain("colors", f"{name} is {color!r}; write it as '#rrggbb'", name)
    logo = _path(table, "logo", folder)
    if logo and not logo.is_file():
        table.complain("logo", f"names {str(logo)!r}, and there is no such file")
    workbook = _path(table, "workbook", folder)
    if workbook and not workbook.is_file():
        table.complain("workbook", f"names {str(workbook)!r}, and there is no such file")
    templates = _path(table, "templates", folder)
    if templates and not templates.is_dir():
        table.complain("templates", f"names {str(templates)!r}, and there is no such folder")
    fonts = _words(table.table("fonts"), "the name of a font family")
    table.finish()
    return ThemeConfig(logo=logo, colors=colors, fonts=fonts, workbook=workbook, templates=templates)


def read_sheet(table: Table) -> Mapping[str, Any]:
    """Read ``[sheet]``; credentials never stand here."""
    table.refuse_secrets("Credentials belong in the environment or in the files of the sign-in tool.")
    settings = {
        "id": table.text("id"),
        "report": table.text("report"),
        "share": _shares(table),
        "notify": table.flag("notify"),
    }
    table.finish()
    return _given(settings)


def _shares(table: Table) -> tuple[tuple[str, str], ...] | None:
    """Read whom the sheet is shared with: ``ADDRESS``, who may read then, or ``ADDRESS:ROLE``."""
    entries = table.texts("share")
    shares: dict[str, tuple[str, str]] = {}
    for index, entry in enumerate(entries or ()):
        address, _, role = (part.strip() for part in entry.partition(":"))
        role = role or ROLES[0]
        if not _ADDRESS.fullmatch(address):
            table.complain(
                "share", f"holds {entry!r}; write a mail address, such as 'team@example.com:reader'", index
            )
        elif role not in ROLES:
            table.complain("share", f"gives {address} the role {role!r}; {name_known(role, ROLES)}", index)
        elif address.lower() in shares:
            table.complain("share", f"holds {address} twice", index)
        else:
            shares[address.lower()] = (address, role)
    return tuple(shares.values()) if entries is not None else None


def _formats(table: Table) -> tuple[str, ...] | None:
    formats = table.texts("formats")
    if formats is None:
        return None
    if not formats:
        table.complain("formats", f"is empty; {name_known('', FORMATS)}")
    unknown = unknown_formats(formats)
    for index, name in enumerate(formats):
        if name in unknown:
            table.complain("formats", f"holds {name!r}; {name_known(name, FORMATS)}", index)
        elif name in formats[:index]:
            table.complain("formats", f"holds {name!r} twice", index)
    return formats


def _path(table: Table, key: str, folder: Path) -> Path | None:
    text = table.text(key)
    return folder / Path(text).expanduser() if text else None


def _words(table: Table, what: str) -> dict[str, str]:
    """Read a table of the user's own names with a text each."""
    words: dict[str, str] = {}
    for name in table.names():
        value = table.take(name)
        if isinstance(value, str) and value.strip():
            words[name] = value
        else:
            table.complain(name, f"must be {what}, not {describe(value)}")
    return words


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if value is not None}
