"""With which settings a file is made again: those of the runs' configuration, laid out as the file says."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.config import Config
from reportgen.verify.interface import Claim

WITHHELD = "withheld"
"""What a report for other audiences than the team says in place of a command or an address."""


def as_claimed(config: Config, claim: Claim) -> tuple[Config, list[str]]:
    """Take audience, language and paper from the file; say where the configuration says otherwise."""
    notes = []
    theirs: dict[str, str] = {
        "audience": config.audience,
        "language": config.language,
        "paper": config.outputs.paper,
    }
    claimed: dict[str, Any] = {name: getattr(claim, name) for name in theirs}
    for name, ours in theirs.items():
        if claimed[name] != ours:
            notes.append(f"the {name} of the file is {claimed[name]}, by these settings {ours}")
    outputs = replace(config.outputs, paper=claimed.pop("paper"))
    return replace(config, outputs=outputs, **claimed), notes


def as_commanded(config: Config, claim: Claim) -> Config:
    """Let the report name the command that the file names, from wherever it is verified."""
    words = shlex.split(claim.command)
    if words[2:3] == ["--config"] and len(words) > 3:
        return replace(config, path=Path(words[3]), said=tuple(words[4:]))
    return config if claim.command == WITHHELD else replace(config, path=None)
