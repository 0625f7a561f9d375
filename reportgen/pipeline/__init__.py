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
from reportgen.pipeline.results import IssueResult, as_json
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
from reportgen.pipeline.standing import Standing, begin_schedule, standing
from reportgen.pipeline.verifying import Cause, Verification, verify

__all__ = [
    "BuildResult",
    "Cause",
    "IssueResult",
    "Progress",
    "PublishResult",
    "Standing",
    "Verification",
    "as_json",
    "awaits_google_sign_in",
    "begin_schedule",
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
    "preview",
    "publish",
    "report",
    "resend",
    "send",
    "sign_in_to_google",
    "standing",
    "sync",
    "tick",
    "verify",
    "write_chart",
]
