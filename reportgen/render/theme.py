"""One look for all outputs: colours, fonts and what each tone looks like, from ``theme.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.config import ThemeConfig
from reportgen.document import Tone
from reportgen.errors import TemplateError
from reportgen.render.contrast import contrast, readable, unreadable
from reportgen.render.templates import template_file

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
    """Read ``theme.toml`` (the user's own if there is one) and lay the settings over it.

    Raises:
        TemplateError: A colour is no ``#rrggbb`` or cannot be read where it stands, a name is unknown, or
            the file is not TOML.
    """
    path = template_file("theme.toml", settings.templates)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"not valid TOML ({error})", where=str(path)) from error
    colors = _overlay(content.get("colors", {}), settings.colors, "colors", path)
    fonts = _overlay(content.get("fonts", {}), settings.fonts, "fonts", path)
    for name, color in colors.items():
        if not _COLOR.fullmatch(color):
            raise TemplateError(f"colour {name} is {color!r}", where=str(path), do='Write it as "#rrggbb".')
    for name, ground, least in unreadable(colors):
        found, nearest = contrast(colors[name], colors[ground]), readable(name, colors)
        raise TemplateError(
            f"colour {name} ({colors[name]}) cannot be read on {ground} ({colors[ground]}): "
            f"the contrast is {found:.1f}, and it wants {least:g}",
            where="[theme] colors" if settings.colors else str(path),
            do=f'The nearest that can be read is {name} = "{nearest}".'
            if nearest
            else f"Change {ground}, too.",
        )
    for name, family in fonts.items():
        # naming an emoji font makes Pango take the digits from it as well
        if "emoji" in family.lower():
            raise TemplateError(
                f"font {name} is {family!r}",
                where=str(path),
                do="Leave emoji fonts out: installed ones are used where they are needed.",
            )
    return Theme(colors, fonts, settings.logo, settings.templates, settings.workbook)


def _overlay(base: Mapping[str, str], own: Mapping[str, str], table: str, path: Path) -> dict[str, str]:
    unknown = sorted(set(own) - set(base))
    if unknown:
        raise TemplateError(
            f"unknown name {unknown[0]!r} in [theme] {table}",
            where=str(path),
            found=f"known are {', '.join(sorted(base))}",
        )
    return {**base, **own}
