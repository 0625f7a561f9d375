"""One look for all outputs: colours, fonts and what each tone looks like, from ``theme.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from reportgen.config import ThemeConfig
from reportgen.document import Tone
from reportgen.errors import TemplateError
from reportgen.render.contrast import contrast, grounds, readable, unreadable
from reportgen.render.templates import builtin_templates, template_file

_TABLES = ("colors", "fonts")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (``#rrggbb``) and font families by name, a logo, and the user's files."""

    colors: Mapping[str, str]
    fonts: Mapping[str, str]
    logo: Path | None = None
    templates: Path | None = None
    """The user's template folder."""
    workbook: Path | None = None
    """An Office file whose theme the workbook takes over."""

    def tone(self, tone: Tone) -> str:
        """Give the colour of marks and words of this tone."""
        names = {"neutral": "other", "baseline": "ink"}
        return self.colors[names.get(tone, tone)]

    def tint(self, tone: Tone) -> str:
        """Give the pale background of this tone."""
        return self.colors.get(f"{tone}_tint", self.colors["tint"])


def load_theme(settings: ThemeConfig) -> Theme:
    """Read ``theme.toml``, and lay over it first the user's own, if there is one, and then the settings.

    Raises:
        TemplateError: A colour is no ``#rrggbb`` or cannot be read where it stands, a name is unknown, or
            a file is not TOML or holds something else.
    """
    tables = _read(builtin_templates() / "theme.toml")
    path = template_file("theme.toml", settings.templates)
    for table, names in _read(path).items():
        tables[table] = _overlay(tables[table], names, table, str(path))
    colors = _overlay(tables["colors"], settings.colors, "colors", "[theme] colors")
    fonts = _overlay(tables["fonts"], settings.fonts, "fonts", "[theme] fonts")
    _check_colors(colors, "[theme] colors" if settings.colors else str(path))
    for name, family in fonts.items():
        # naming an emoji font makes Pango take the digits from it as well
        if "emoji" in family.lower():
            raise TemplateError(
                f"font {name} is {family!r}",
                where="[theme] fonts" if name in settings.fonts else str(path),
                do="Leave emoji fonts out: installed ones are used where they are needed.",
            )
    return Theme(colors, fonts, settings.logo, settings.templates, settings.workbook)


def _check_colors(colors: Mapping[str, str], where: str) -> None:
    for name, color in colors.items():
        if not _COLOR.fullmatch(color):
            raise TemplateError(f"colour {name} is {color!r}", where=where, do='Write it as "#rrggbb".')
    for name, ground, least in unreadable(colors):
        behind, nearest = grounds(colors)[ground], readable(name, colors)
        raise TemplateError(
            f"colour {name} ({colors[name]}) cannot be read on {ground} ({behind}): "
            f"the contrast is {contrast(colors[name], behind):.1f}, and it wants {least:g}",
            where=where,
            do=f'The nearest that can be read is {name} = "{nearest}".'
            if nearest
            else f"Change {ground}, too.",
        )


def _read(path: Path) -> dict[str, Mapping[str, str]]:
    """Read the colours and fonts of a ``theme.toml``."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"not valid TOML ({error})", where=str(path)) from error
    unknown = sorted(set(content) - set(_TABLES))
    if unknown:
        raise TemplateError(
            f"unknown name {unknown[0]!r}", where=str(path), found=f"known are {', '.join(_TABLES)}"
        )
    for table in _TABLES:
        names = content.setdefault(table, {})
        if not isinstance(names, dict):
            raise TemplateError(f"{table} is no table", where=str(path), do=f"Begin it with [{table}].")
        for name, value in names.items():
            if not isinstance(value, str):
                raise TemplateError(
                    f"{name} in [{table}] is {value!r}, which is no text",
                    where=str(path),
                    do="Put it in quotes.",
                )
    return content


def _overlay(base: Mapping[str, str], own: Mapping[str, str], table: str, where: str) -> dict[str, str]:
    unknown = sorted(set(own) - set(base))
    if unknown:
        near = get_close_matches(unknown[0], base, 1)
        raise TemplateError(
            f"unknown name {unknown[0]!r} in {table}",
            where=where,
            found=f"known are {', '.join(sorted(base))}",
            do=f"Did you mean {near[0]}?" if near else "",
        )
    return {**base, **own}
