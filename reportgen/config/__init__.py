"""``reportgen.toml`` as frozen values: `settings` says what there is, `reading` reads and checks it."""

from __future__ import annotations

from reportgen.config.command_line import CommandLine, merge_command_line
from reportgen.config.reading import CONFIG_FILE, find_config, read_config
from reportgen.config.settings import (
    CompareConfig,
    Config,
    CostConfig,
    EmailConfig,
    MetricConfig,
    OutputConfig,
    ScheduleConfig,
    SelectConfig,
    ThemeConfig,
)

__all__ = [
    "CONFIG_FILE",
    "CommandLine",
    "CompareConfig",
    "Config",
    "CostConfig",
    "EmailConfig",
    "MetricConfig",
    "OutputConfig",
    "ScheduleConfig",
    "SelectConfig",
    "ThemeConfig",
    "find_config",
    "merge_command_line",
    "read_config",
]
