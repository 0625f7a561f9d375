"""The six calls in order: the only package that knows all stages. It prints nothing and decides nothing.

Stages are imported when they are called, so that listing runs loads no renderer and ``--help`` loads
nothing at all.
"""

from reportgen.pipeline.reports import (
    BuildResult,
    Cause,
    Progress,
    Verification,
    better_direction,
    build,
    build_time,
    charts,
    draft,
    ending,
    export,
    load,
    numbers,
    report,
    sync,
    verify,
    write_chart,
)

__all__ = [
    "BuildResult",
    "Cause",
    "Progress",
    "Verification",
    "better_direction",
    "build",
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
