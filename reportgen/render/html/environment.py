"""Jinja as we use it: everything escaped, every missing name an error, the user's files first."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment, SandboxedFormatter
from markupsafe import Markup

from reportgen.document import Sentence
from reportgen.errors import TemplateError
from reportgen.language import ntr, spoken, time_text, tr
from reportgen.render.html.words import isolated, linked, named, number_text, prose
from reportgen.render.measure import is_turned
from reportgen.render.templates import builtin_templates

BUILTIN = "builtin"
"""A user's file may say ``{% extends "builtin/report.html.j2" %}`` and change one part."""


def fill_template(name: str, values: Mapping[str, Any], own: Path | None) -> str:
    """Fill a template.

    Args:
        name: Its path inside the template folders.
        values: What it may use.
        own: The user's template folder, looked into first.

    Raises:
        TemplateError: It, or one that it uses, is missing or has a mistake.
    """
    environment = _environment(own) if own else _builtin_environment()
    try:
        # the environment outlives a report, and the next one may be in another language
        return environment.get_template(name).render({"direction": spoken().direction, **values})
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"not a valid template ({error.message})",
            where=f"{error.filename or error.name}:{error.lineno}",
            do="Compare it with the original: reportgen templates eject.",
        ) from error
    except TemplateNotFound as error:
        raise TemplateError(
            f"no template {error.name!r}",
            where=_place(error) or name,
            found=f"looked in {own or builtin_templates()}",
        ) from error
    except Exception as error:
        place = _place(error)
        if place is None:
            raise
        raise TemplateError(
            f"the template could not be filled ({error})",
            where=place,
            do="Compare it with the original: reportgen templates eject.",
        ) from error


@cache
def _builtin_environment() -> Environment:
    """Compile our own templates once: a user's folder may get further files at any time."""
    return _environment(None)


def _environment(own: Path | None) -> Environment:
    builtin = FileSystemLoader(builtin_templates())
    loaders: list[BaseLoader] = [builtin, PrefixLoader({BUILTIN: builtin})]
    if own:
        loaders.insert(0, FileSystemLoader(own))
    # a user's template may do no more than lay out what it is given
    environment = (ImmutableSandboxedEnvironment if own else Environment)(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update({"tr": tr, "ntr": ntr})
    if isinstance(environment, SandboxedEnvironment):
        environment.globals.update(_sandboxed_words(environment))
    environment.filters.update(
        {
            "prose": _prose,
            "named": _named,
            "isolated": isolated,
            "linked": linked,
            "when": time_text,
            "number_text": number_text,
            "turned": is_turned,
            "kind": _kind,
        }
    )
    return environment


@pass_context
def _prose(context: Context, sentence: Sentence) -> Markup:
    return prose(sentence, hold=_is_screen(context))


@pass_context
def _named(context: Context, text: str) -> Markup:
    return named(text) if _is_screen(context) else isolated(text)


def _is_screen(context: Context) -> bool:
    """Tell whether a browser will break the lines: the PDF is laid out with its own rules."""
    return bool(context.get("medium") == "screen")


def _sandboxed_words(environment: SandboxedEnvironment) -> dict[str, Callable[..., str]]:
    """Give ``tr`` and ``ntr`` for templates of users: a place such as ``{name.__class__}`` leads out of no sandbox."""
    formatter = SandboxedFormatter(environment)

    def said(text: str, values: Mapping[str, Any]) -> str:
        return formatter.vformat(text, (), values) if values else text

    def told(text: str, /, **values: object) -> str:
        return said(tr(text), values)

    def counted(one: str, many: str, count: float, /, **values: object) -> str:
        return said(ntr(one, many, count), values)

    return {"tr": told, "ntr": counted}


def _kind(value: object) -> str:
    """Name what a value is, in small letters: number, label or missing."""
    return type(value).__name__.lower()


def _place(error: BaseException) -> str | None:
    """Find the template's line that an error came from, if it came from one."""
    lines = [
        f"{frame.filename}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith(".j2")
    ]
    return lines[-1] if lines else None
