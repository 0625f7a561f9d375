"""The shared Google Sheet: the report of the runs, brought into a spreadsheet that keeps its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.config import Config
from reportgen.document import Report
from reportgen.errors import DeliveryError, SheetError, UsageError
from reportgen.pipeline.reports import Progress, silent
from reportgen.pipeline.reports import report as make_report

if TYPE_CHECKING:
    from reportgen.deliver.share import Login, Publication, Sharing
    from reportgen.spreadsheet import SheetPlan, SheetState

Tell = Callable[[str], None]
"""Called with what a person should know while it goes on, such as that Google is waited for."""


@dataclass(frozen=True, slots=True)
class PublishResult:
    """A report in a shared spreadsheet; for a dry run, what would be done."""

    report: Report
    url: str
    sheet: str
    """Id of the spreadsheet."""
    publication: Publication
    sharing: Sharing
    is_dry: bool
    unshared: DeliveryError | None = None
    """Why it could not be shared with all who are named; the report is in the spreadsheet all the same."""

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        return self.report.sections[0].title.text


def publish(
    config: Config,
    *,
    is_dry: bool = False,
    keeps_edits: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> PublishResult:
    """Bring the report that *config* asks for into the spreadsheet of ``[sheet]``.

    Args:
        config: What to report on, and into which spreadsheet.
        is_dry: Read the spreadsheet and say what would be done, and write nothing.
        keeps_edits: Write nothing if people changed cells of the report's tabs.
        cache: Read and keep what an earlier build has read.
        progress: Told of every step.
        tell: Told of what a person should know meanwhile.

    Raises:
        UsageError: No spreadsheet is named.
        SheetEditedError: People changed cells, and *keeps_edits* was given.
        ReportgenError: The report cannot be made, or Google not be reached or written to. That it cannot be
            shared raises nothing: it is in ``unshared``.
    """
    from reportgen.deliver.share import (
        Patience,
        Planning,
        Sharing,
        Spreadsheet,
        publish_to,
        share_with,
        spreadsheet_id,
        spreadsheet_url,
    )
    from reportgen.language import speaking
    from reportgen.render.gsheet import STATE_FIELDS, plan_sheet
    from reportgen.render.theme import load_theme

    named = config.sheet.get("id")
    if not named:
        raise UsageError(
            "no spreadsheet is named",
            do="`reportgen publish --setup` goes through the steps; or give its address: --sheet ADDRESS",
        )
    sheet_id = spreadsheet_id(named)
    shares = () if is_dry else config.sheet.get("share", ())
    login = google_login(shares=bool(shares), tell=tell)  # before the runs are read: it fails sooner
    report = make_report(config, cache=cache, progress=progress)
    theme = load_theme(config.theme)

    def plan(state: SheetState) -> SheetPlan:
        with speaking(config.language):
            return plan_sheet(report, theme, state, key=config.sheet.get("report"))

    (progress or silent)("publishing", 0, 0)
    sheet = Spreadsheet(sheet_id, login, Patience(tell=tell or _quiet))
    done = publish_to(sheet, Planning(STATE_FIELDS, plan), is_dry=is_dry, keeps_edits=keeps_edits)
    url = spreadsheet_url(sheet_id, done.plan.first_tab)
    sharing, unshared = Sharing(), None
    try:
        sharing = share_with(sheet, shares, notify=bool(config.sheet.get("notify")))
    except DeliveryError as error:
        unshared = error
    return PublishResult(report, url, sheet_id, done, sharing, is_dry, unshared)


def google_login(*, shares: bool = False, tell: Tell | None = None) -> Login:
    """Find out who we are to Google, and tell what is risky about how the key is kept.

    Raises:
        SignInError: There is no key and no login, or it cannot be used.
    """
    from reportgen.deliver.share import find_login

    login = find_login(shares=shares)
    for warning in login.warnings:
        (tell or _quiet)(f"warning: {warning}")
    return login


def google_files() -> tuple[Path, Path]:
    """Give where the key of a service account, and where an OAuth client for signing in is looked for."""
    from reportgen.deliver.share import client_file, service_file

    return service_file(), client_file()


def awaits_google_sign_in() -> bool:
    """Tell whether signing in in a browser, anew or for the first time, is what helps here."""
    from reportgen.deliver.share import awaits_sign_in

    return awaits_sign_in()


def sign_in_to_google() -> Path:
    """Let a person sign in in a browser, and give the file in which the login is kept.

    Raises:
        SignInError: That did not succeed.
    """
    from reportgen.deliver.share import sign_in

    return sign_in()


def check_spreadsheet(named: str, login: Login, *, tell: Tell | None = None) -> tuple[str, str, str]:
    """Test that a spreadsheet can be read and written, without changing it: its id, title and address.

    Raises:
        UsageError: *named* is no id and no address.
        DeliveryError: It cannot be read or written.
    """
    from reportgen.deliver.share import (
        OutcomeUnknownError,
        Patience,
        Spreadsheet,
        spreadsheet_id,
        spreadsheet_url,
    )

    sheet = Spreadsheet(spreadsheet_id(named), login, Patience(tell=tell or _quiet))
    try:
        title = sheet.check()
    except OutcomeUnknownError as error:
        raise SheetError(
            f"Google did not answer while the access was tested ({error.reason})",
            do="Try again later.",
        ) from error
    return sheet.id, title, spreadsheet_url(sheet.id)


def create_spreadsheet(title: str, login: Login, *, tell: Tell | None = None) -> str:
    """Make a new spreadsheet in the person's Drive, and give its id.

    Raises:
        DeliveryError: It was not made, or nobody knows whether it was.
    """
    from reportgen.deliver.share import OutcomeUnknownError, Patience, Spreadsheet

    try:
        return Spreadsheet("", login, Patience(tell=tell or _quiet)).create(title)
    except OutcomeUnknownError as error:
        raise SheetError(
            f"Google did not say whether the spreadsheet was made ({error.reason})",
            do=f"Look in your Drive for {title!r}: if it is there, give its address with --sheet, else try again.",
        ) from error


def _quiet(text: str) -> None:
    del text
