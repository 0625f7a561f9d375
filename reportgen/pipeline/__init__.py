"""The six calls in order: the only package that knows all stages. It prints nothing and decides nothing.

Stages are imported when they are called, so that listing runs loads no renderer and ``--help`` loads
nothing at all.
"""

from reportgen.pipeline.issues import mark_sent, preview, resend, send, tick
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
from reportgen.pipeline.results import IssueResult, as_json
from reportgen.pipeline.standing import Standing, begin_schedule, standing
from reportgen.pipeline.verifying import Cause, Verification, verify

__all__ = [
    "BuildResult",
    "Cause",
    "IssueResult",
    "Progress",
    "Standing",
    "Verification",
    "as_json",
    "begin_schedule",
    "better_direction",
    "build",
    "build_issue",
    "build_time",
    "charts",
    "draft",
    "ending",
    "export",
    "load",
    "mark_sent",
    "numbers",
    "preview",
    "report",
    "resend",
    "send",
    "standing",
    "sync",
    "tick",
    "verify",
    "write_chart",
]
