"""The six calls in order: the only package that knows all stages. It prints nothing and decides nothing.

Stages are imported when they are called, so that listing runs loads no renderer and ``--help`` loads
nothing at all.
"""

from reportgen.pipeline.issues import check_mail, mark_sent, preview, resend, send, tick
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
from reportgen.pipeline.sheet import (
    PublishResult,
    awaits_google_sign_in,
    check_spreadsheet,
    create_spreadsheet,
    google_files,
    google_login,
    publish,
    sign_in_to_google,
)

__all__ = [
    "BuildResult",
    "Cause",
    "IssueResult",
    "Progress",
    "PublishResult",
    "Verification",
    "awaits_google_sign_in",
    "better_direction",
    "build",
    "build_issue",
    "build_time",
    "charts",
    "check_mail",
    "check_spreadsheet",
    "create_spreadsheet",
    "draft",
    "ending",
    "export",
    "google_files",
    "google_login",
    "load",
    "mark_sent",
    "numbers",
    "publish",
    "report",
    "sign_in_to_google",
    "sync",
    "tick",
    "verify",
    "write_chart",
]
