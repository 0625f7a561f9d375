"""Colours that can be read, and templates that may only lay out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import FunctionType, MethodType

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from reportgen.config import ThemeConfig
from reportgen.errors import TemplateError
from reportgen.render.colors import mixed
from reportgen.render.contrast import contrast, unreadable
from reportgen.render.email import mail as mail_module
from reportgen.render.email.mail import render_mail
from reportgen.render.html import page as page_module
from reportgen.render.html import page_html
from reportgen.render.templates import builtin_templates
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_the_ratio_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_the_shipped_colours_can_all_be_read() -> None:
    assert list(unreadable(load_theme(ThemeConfig()).colors)) == []


@pytest.mark.parametrize(
    "colors",
    [
        {"focus": "#ffcc00"},
        {"good": "#7fd4a8"},
        {"ink": "#aaaaaa"},
        {"ink": "#555555"},  # on paper it can be read, and not in a table of shades
        {"ink": "#444444", "focus": "#000000"},
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(colors: dict[str, str]) -> None:
    with pytest.raises(TemplateError) as caught:
        load_theme(ThemeConfig(colors=colors))
    found = re.fullmatch(r'The nearest that can be read is (\w+) = "(#[0-9a-f]{6})"\.', caught.value.do)
    assert found is not None
    assert "cannot be read on" in caught.value.what
    taken = {**load_theme(ThemeConfig()).colors, **colors, found[1]: found[2]}
    assert found[1] not in {name for name, _, _ in unreadable(taken)}


def test_colours_that_contradict_one_another_are_refused() -> None:
    with pytest.raises(TemplateError, match="Change paper, too"):
        load_theme(ThemeConfig(colors={"paper": "#223344"}))


@pytest.mark.parametrize("tone", ["focus", "good", "bad", "caution"])
def test_the_darkest_colour_that_is_taken_can_be_read_in_the_dark_mode_of_the_page(tone: str) -> None:
    """None is darker than black, and a share of it is mixed with white for the dark grounds."""
    dark = (builtin_templates() / "screen.css").read_text("utf-8").partition("prefers-color-scheme: dark")[2]
    share = re.search(rf"--dark-{tone}: color-mix\(in srgb, var\(--{tone}\) (\d+)%, #ffffff\)", dark)
    assert share is not None
    color = mixed("#000000", "#ffffff", int(share[1]) / 100)
    for ground in (f"{tone}-tint", "tint", "paper"):
        (found,) = re.findall(rf"--{ground}: (#[0-9a-f]{{6}});", dark)
        assert contrast(color, found) >= 4.5, ground


@pytest.mark.parametrize(
    "template",
    [
        "{{ meta.__class__.__mro__ }}",
        "{{ '{0.__class__}'.format(meta) }}",
        "{{ tr('{m.__class__.__init__.__globals__}', m=meta) }}",
        "{{ tr('{m:{m.__class__}}', m=meta) }}",
        "{{ ntr('{m.__class__.__name__}', '{m.__class__.__name__}', 2, m=meta) }}",
        "{{ shade.keywords }}",
        "{% include '/etc/passwd' %}",
        "{% include 'report.html.j2' %}",
    ],
)
def test_a_users_template_may_not_reach_beyond_what_it_is_given(tmp_path: Path, template: str) -> None:
    (tmp_path / "report.html.j2").write_text(template, "utf-8")
    with pytest.raises(TemplateError, match=r"report\.html\.j2:1"):
        page_html(full_report(), load_theme(ThemeConfig(templates=tmp_path)), "screen")


def test_a_users_template_may_change_one_part_and_say_words_with_places(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text(
        '{% extends "builtin/report.html.j2" %}{% block foot %}<p>For internal use.</p>'
        "{{ tr('Page {page} of {pages}', page=2, pages=meta.title) }}{% endblock %}",
        "utf-8",
    )
    page = page_html(full_report(), load_theme(ThemeConfig(templates=tmp_path)), "screen")
    assert f"<p>For internal use.</p>Page 2 of {full_report().meta.title}" in page


DATA = (str, bytes, int, float, bool, type(None), datetime, timedelta, tzinfo, FunctionType)


def reached(name: str, value: object, environment: SandboxedEnvironment, seen: set[int]) -> Iterator[str]:
    """Give the names of all that a template reaches from *value* and that is neither plain data nor one of our records."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, DATA):
        return
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(enumerate(value))
    elif is_dataclass(value):
        parts = [(n, getattr(value, n)) for n in dir(value) if environment.is_safe_attribute(value, n, None)]
        parts = [(n, part) for n, part in parts if not isinstance(part, MethodType)]
    else:
        yield f"{name}: {type(value).__name__}"
        return
    for key, part in parts:
        yield from reached(f"{name}.{key}", part, environment, seen)


def test_all_that_a_users_template_can_reach_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No path, file, module or setting hangs on it: their methods would read and write."""
    given: dict[str, object] = {}

    def take(_: str, values: Mapping[str, object], own: Path | None) -> str:
        assert own == tmp_path
        given.update(values)
        return ""

    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    theme = load_theme(ThemeConfig(templates=tmp_path, logo=tmp_path / "a.svg"))
    for module in (page_module, mail_module):
        monkeypatch.setattr(module, "fill_template", take)
    page_html(full_report(), theme, "print")
    page_html(full_report(), theme, "screen")
    render_mail(full_report(), theme)
    assert {"shade", "sections", "meta", "content", "pictures"} <= given.keys()
    assert list(reached("", given, ImmutableSandboxedEnvironment(), set())) == []


def test_one_block_file_can_be_replaced_alone(tmp_path: Path) -> None:
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "callout.html.j2").write_text(
        '<p class="ours">{{ placed.block.title }}</p>', "utf-8"
    )
    page = page_html(full_report(), load_theme(ThemeConfig(templates=tmp_path)), "screen")
    assert '<p class="ours">' in page
    assert "<table" in page


def test_a_users_theme_file_needs_only_what_it_changes(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_text('[colors]\nfocus = "#7a1f5c"\n', "utf-8")
    theme, shipped = load_theme(ThemeConfig(templates=tmp_path)), load_theme(ThemeConfig())
    assert theme.colors == {**shipped.colors, "focus": "#7a1f5c"}
    assert theme.fonts == shipped.fonts
    (tmp_path / "theme.toml").write_text("", "utf-8")
    assert load_theme(ThemeConfig(templates=tmp_path)).colors == shipped.colors


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[colors]\nfocus = 3", r"theme\.toml: focus in \[colors\] is 3, which is no text"),
        ("colors = 3", r"theme\.toml: colors is no table"),
        ("[colours]", r"theme\.toml: unknown name 'colours'; known are colors, fonts"),
        (
            '[colors]\nfocuss = "#000000"',
            r"theme\.toml: unknown name 'focuss' in colors; .* Did you mean focus\?",
        ),
        ('[colors]\nfocus = "red"', r"theme\.toml: colour focus is 'red'"),
        ("[colors", r"theme\.toml: not valid TOML"),
    ],
)
def test_a_mistake_in_a_users_theme_file_is_told_with_its_place(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "theme.toml").write_text(content, "utf-8")
    with pytest.raises(TemplateError, match=message):
        load_theme(ThemeConfig(templates=tmp_path))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (ThemeConfig(colors={"focuss": "#000000"}), r"^\[theme\] colors: unknown name 'focuss'"),
        (
            ThemeConfig(fonts={"bodi": "Inter"}),
            r"^\[theme\] fonts: unknown name 'bodi'.* Did you mean body\?",
        ),
        (ThemeConfig(fonts={"body": "Noto Color Emoji"}), r"^\[theme\] fonts: font body"),
    ],
)
def test_a_mistake_in_the_settings_is_laid_to_the_settings(settings: ThemeConfig, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        load_theme(settings)
