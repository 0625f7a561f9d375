"""The page's style sheets: the theme's colours and fonts as variables, then the files."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from reportgen.document import ReportMeta
from reportgen.errors import TemplateError
from reportgen.render.colors import mixed
from reportgen.render.html.tables import Medium
from reportgen.render.logo import read_logo_file
from reportgen.render.shades import strength
from reportgen.render.templates import builtin_templates, template_file
from reportgen.render.theme import Theme

_FACES = (
    ("Source Sans 3", 400, "SourceSans3_400Regular.ttf"),
    ("Source Sans 3", 600, "SourceSans3_600SemiBold.ttf"),
    ("Source Serif 4", 600, "SourceSerif4_600SemiBold.ttf"),
)
_NO_FAMILY = re.compile(r"[^\w .-]+")


@dataclass(frozen=True, slots=True)
class Style:
    """What goes into the page's ``<style>`` elements."""

    report: Markup
    """For every medium."""
    screen: Markup
    print: Markup
    browser_print: Markup
    """For the web page on paper; the PDF's engine does not know all of it."""


def page_style(theme: Theme, meta: ReportMeta, medium: Medium) -> Style:
    """Read the style sheets, the user's own where there are such.

    Raises:
        TemplateError: One is missing or not UTF-8.
    """
    variables = "".join(f"--{name.replace('_', '-')}:{color};" for name, color in theme.colors.items())
    body, headline = (_NO_FAMILY.sub("", theme.fonts[name]) for name in ("body", "headline"))
    fonts = (
        f"--body:'{body}','Source Sans 3','Helvetica Neue',Arial,'Noto Sans',sans-serif;"
        f"--headline:'{headline}','Source Serif 4',Georgia,'Noto Serif',serif;"
    )
    page = f"@page{{size:{meta.paper}}}\n"
    faces = _faces() if medium == "print" else ""
    return Style(
        _inside(f"{faces}:root{{{variables}{fonts}}}\n{_sheet('report.css', theme)}"),
        _inside(_sheet("screen.css", theme)),
        _inside(f"{page}{_sheet('print.css', theme)}"),
        _inside(_sheet("browser-print.css", theme)),
    )


def page_script(theme: Theme) -> Markup:
    """Read the page's script, the user's own where there is one.

    Raises:
        TemplateError: It is missing or not UTF-8.
    """
    return Markup(_sheet("page.js", theme).replace("</script", "<\\/script"))  # noqa: S704 - ours or the user's own


def shader(theme: Theme, medium: Medium) -> Callable[[float], str]:
    """Give what styles a cell in a table of shades; the darkest still lets its number be read.

    A user's template gets the function and may look into what it is given: the colours are all that it holds.
    """
    focus, paper = theme.colors["focus"], theme.colors["paper"]

    def shade(share: float) -> str:
        if medium == "screen":  # mixed in the browser, whose dark mode has other colours
            return f"--shade:{strength(share):.0%}"
        return f"background:{mixed(focus, paper, strength(share))}"

    return shade


def logo_uri(theme: Theme) -> str:
    """Give the logo as a data URI, empty without one: no output refers to a file outside of itself.

    Raises:
        TemplateError: It cannot be read, or it is no picture that pages may show.
    """
    if theme.logo is None:
        return ""
    logo = read_logo_file(theme.logo)
    return f"data:{logo.kind};base64,{base64.b64encode(logo.content).decode('ascii')}"


def _faces() -> str:
    folder = builtin_templates() / "fonts"
    return "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};src:url('{(folder / name).as_uri()}')}}\n"
        for family, weight, name in _FACES
    )


def _sheet(name: str, theme: Theme) -> str:
    path: Path = template_file(name, theme.templates)
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise TemplateError(f"not a UTF-8 text ({error})", where=str(path), do="Save it as UTF-8.") from error


def _inside(css: str) -> Markup:
    """Let no style sheet end its element early."""
    return Markup(css.replace("</", "<\\/"))  # noqa: S704 - the theme's and the user's own style, made inert
