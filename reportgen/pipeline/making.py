"""An issue is made once: what the archive has is never made anew, and its mail lies there with it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportgen.config import Config
from reportgen.errors import ArchiveError
from reportgen.issues import Edition, Issue, MailBody, Period, Picture, Plan
from reportgen.language import speaking, tr
from reportgen.pipeline.reports import BuildResult, Progress, build_issue

MAIL = "_mail.json"
"""File of an issue that holds what its mail says."""
_ISSUES = "issues"
_WIDTH_PX, _SHARP = 640, 2.0
"""Of the picture of a mail: CSS pixels, and pixels for each of them."""


def archive_of(config: Config) -> Path:
    """Give the folder of all issues, which also holds the ledger."""
    return config.outputs.directory / _ISSUES


def issue_to_send(
    config: Config,
    period: Period,
    *,
    correct: bool,
    progress: Progress | None,
    known_keys: Iterable[str] = (),
) -> tuple[Issue, MailBody, tuple[str, ...]]:
    """Give the issue of a period as the archive has it; it is made where there is none.

    Beside the mail it gives what could not be made, where the mail does without it.

    Args:
        config: What to report on and how.
        period: What the issue is about.
        correct: Make one that corrects the period's issue, which was sent.
        progress: Told of every step.
        known_keys: Keys of issues that were sent, as the ledger has them.

    Raises:
        ReportgenError: It cannot be made, or is not as it was archived.
    """
    from reportgen.deliver.archive import plan_issue, read_issue, write_issue

    archive = archive_of(config)
    frozen = None if correct and not open_correction(config, period) else latest_issue(config, period)
    if frozen is not None:
        issue = read_issue(frozen.folder)
        return issue, _read_mail(issue), ()
    plan = plan_issue(archive, period, correct=correct, known_keys=known_keys)
    with TemporaryDirectory(prefix="reportgen-") as scratch:
        built, body, files = make(config, plan, Path(scratch), progress)
        lacks = (f"{failed.format} was not made: {failed.error.message}" for failed in built.outputs.failed)
        return write_issue(plan, built.report.numbers, files), body, tuple(lacks)


def latest_issue(config: Config, period: Period) -> Issue | None:
    """Give the latest issue of a period in the archive."""
    from reportgen.deliver.archive import list_issues

    own = [issue for issue in list_issues(archive_of(config)) if issue.period.key == period.key]
    return own[-1] if own else None


def open_correction(config: Config, period: Period) -> bool:
    """Tell whether the latest issue of a period is a correction that nobody has got yet."""
    from reportgen.deliver.archive import sent_record

    latest = latest_issue(config, period)
    return latest is not None and latest.corrects is not None and not sent_record(latest)


def preview(
    config: Config, period: Period, *, correct: bool, progress: Progress | None, job: str
) -> tuple[Path, Path]:
    """Write the mail of a period's issue as ``.eml`` and as a picture; nothing is sent or archived.

    Raises:
        ReportgenError: It cannot be made.
    """
    from reportgen.deliver.archive import plan_issue, read_issue
    from reportgen.deliver.email import mail_bytes
    from reportgen.render.files import make_folder, write_whole

    frozen = None if correct and not open_correction(config, period) else latest_issue(config, period)
    with TemporaryDirectory(prefix="reportgen-") as scratch:
        if frozen is not None:
            issue = read_issue(frozen.folder)
            body = _read_mail(issue)
        else:
            plan = plan_issue(archive_of(config), period, correct=correct)
            built, body, files = make(config, plan, Path(scratch), progress)
            digest = built.findings.digest
            issue = Issue(plan.edition.number, period, plan.folder, digest, tuple(files), plan.corrects)
        content = mail_bytes(issue, body, config.email, job)
        folder = config.outputs.directory
        make_folder(folder)
        mail, picture = (folder / f"{issue.folder.name}-preview{suffix}" for suffix in (".eml", ".png"))
        write_whole(mail, lambda path: _write(path, content))
        drawn = mail_picture(body)
        write_whole(picture, lambda path: _write(path, drawn))
    return mail, picture


def mail_picture(body: MailBody) -> bytes:
    """Draw the page of a mail as a PNG.

    Raises:
        MissingLibraryError: Pango is not installed.
    """
    from reportgen.render.pdf.sheet import set_sheet
    from reportgen.verify.paper import paper_picture

    html = body.html
    for picture in body.pictures:
        data = base64.b64encode(picture.png).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:image/png;base64,{data}")
    # a CSS pixel is three quarters of a point
    return paper_picture(set_sheet(html, _WIDTH_PX), _SHARP / 0.75)


def make(
    config: Config,
    plan: Plan,
    scratch: Path,
    progress: Progress | None,
    built_at: datetime | None = None,
) -> tuple[BuildResult, MailBody, list[Path]]:
    """Make outputs and mail of an issue in *scratch*, as they would have been at *built_at*, by default now.

    Raises:
        ReportgenError: It cannot be made.
    """
    from reportgen.deliver.archive import last_sent, read_numbers
    from reportgen.render.email import render_mail
    from reportgen.render.theme import load_theme

    before = last_sent(archive_of(config), plan.edition.period)
    built = build_issue(
        _with_attached(config),
        plan.edition,
        scratch,
        since=None if before is None else read_numbers(before),
        built_at=built_at,
        progress=progress,
    )
    needed = [failed for failed in built.outputs.failed if failed.format in config.email.attach]
    if needed:
        raise needed[0].error
    body = render_mail(
        built.report,
        load_theme(config.theme),
        attach=config.email.attach,
        prefix=_prefix(config, plan.edition),
        unsubscribe=config.email.unsubscribe,
    )
    mail = scratch / MAIL
    mail.write_text(json.dumps(_mail_told(body), ensure_ascii=False), "utf-8")
    return built, body, [*(made.path for made in built.outputs.made), mail]


def _with_attached(config: Config) -> Config:
    """Have all made that the mail brings."""
    formats = tuple(dict.fromkeys((*config.outputs.formats, *config.email.attach)))
    return replace(config, outputs=replace(config.outputs, formats=formats))


def _prefix(config: Config, edition: Edition) -> str:
    """Say in the subject that it is a correction, else what the user wants to stand there."""
    if edition.corrects is None:
        return config.email.subject
    with speaking(config.language):
        return tr("Correction of issue {number}", number=edition.corrects)


def _mail_told(body: MailBody) -> dict[str, Any]:
    return {
        "subject": body.subject,
        "text": body.text,
        "html": body.html,
        "pictures": [
            {
                "cid": picture.cid,
                "png": base64.b64encode(picture.png).decode("ascii"),
                "alt": picture.alt,
                "width": picture.width,
            }
            for picture in body.pictures
        ],
        "attached": list(body.attached),
        # they have the same pictures
        "lighter": [_mail_told(replace(lighter, pictures=())) for lighter in body.lighter],
    }


def _read_mail(issue: Issue) -> MailBody:
    place = issue.folder / MAIL
    try:
        told = json.loads(place.read_text("utf-8"))
        pictures = tuple(
            Picture(entry["cid"], base64.b64decode(entry["png"]), entry["alt"], entry["width"])
            for entry in told["pictures"]
        )
        return _mail_from(told, pictures)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            f"the mail of issue {issue.number} cannot be read ({error})",
            where=str(place),
            do="Take it from a backup, or send a correction: reportgen send --correct.",
        ) from error


def _mail_from(told: Mapping[str, Any], pictures: tuple[Picture, ...]) -> MailBody:
    return MailBody(
        subject=told["subject"],
        text=told["text"],
        html=told["html"],
        pictures=pictures,
        attached=tuple(told["attached"]),
        lighter=tuple(_mail_from(entry, pictures) for entry in told["lighter"]),
    )


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
