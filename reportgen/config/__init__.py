"""``reportgen.toml`` as frozen values: `settings` says what there is, `reading` reads and checks it."""

from __future__ import annotations

from reportgen.config.settings import (
    CompareConfig,
    Config,
    CostConfig,
    MetricConfig,
    OutputConfig,
    SelectConfig,
    ThemeConfig,
)

__all__ = [
    "CompareConfig",
    "Config",
    "CostConfig",
    "MetricConfig",
    "OutputConfig",
    "SelectConfig",
    "ThemeConfig",
]
