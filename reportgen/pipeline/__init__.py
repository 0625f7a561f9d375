"""The six calls in order: the only package that knows all stages. It prints nothing and decides nothing.

Stages are imported when they are called, so that listing runs loads no renderer and ``--help`` loads
nothing at all.
"""

from reportgen.pipeline.reports import (
    BuildResult,
    Progress,
    better_direction,
    build,
    build_issue,
    build_time,
    charts,
    draft,
    ending,
    export,
    load,
    numbers,
    report,
    sync,
    write_chart,
)
from reportgen.pipeline.verifying import Cause, Verification, verify

__all__ = [
    "BuildResult",
    "Cause",
    "Progress",
    "Verification",
    "better_direction",
    "build",
    "build_issue",
    "build_time",
    "charts",
    "draft",
    "ending",
    "export",
    "load",
    "numbers",
    "report",
    "sync",
    "verify",
    "write_chart",
]
