"""Renderers are found by name, in this package and in others."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import pytest

from reportgen.errors import MissingLibraryError, RenderError
from reportgen.render import registry


def offer(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Let another package offer a renderer."""
    entries = EntryPoints([EntryPoint(name, value, registry.ENTRY_POINTS)])

    def entry_points(**parameters: Any) -> EntryPoints:
        return entries.select(**parameters)

    monkeypatch.setattr(registry, "entry_points", entry_points)


def test_a_renderer_of_another_package_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "slides", "reportgen.render.json:JsonRenderer")
    assert registry.known_formats() == ("xlsx", "pdf", "html", "json", "slides")
    assert type(registry.find_renderer("slides")).__name__ == "JsonRenderer"


def test_another_package_cannot_take_a_built_in_name(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "json", "elsewhere:Renderer")
    assert type(registry.find_renderer("json")).__name__ == "JsonRenderer"
    assert registry.known_formats() == ("xlsx", "pdf", "html", "json")


def test_a_renderer_whose_library_is_missing_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "slides", "no_such_package_here:Renderer")
    with pytest.raises(MissingLibraryError, match="'no_such_package_here' is not installed"):
        registry.find_renderer("slides")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(RenderError, match="unknown format 'PDF'"):
        registry.find_renderer("PDF")
