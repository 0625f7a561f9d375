"""``reportgen publish --setup``: from nothing to a shared spreadsheet, a step at a time.

Each step is looked at first and done only if it is missing, so the command may be stopped and called again.
On a terminal it waits for what a person has to do elsewhere; without one it names the step and ends.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.interface import DONE, FAILED
from reportgen.cli.screen import result, result_json, say
from reportgen.config import CONFIG_FILE, Config, find_config, read_config
from reportgen.config.editing import write_setting
from reportgen.errors import DeliveryError, SignInError, UsageError

if TYPE_CHECKING:
    from reportgen.deliver.share import Login

_MOST_ASKED = 20
"""Times that one step is asked for: a terminal that only says Enter comes to an end."""
_KEY_STEPS = """\
There are two ways to sign in to Google. Choose one:

A. A service account: for servers, CI, and teams. It is an account of its own that sees only what is shared with it.
   1. Open https://console.cloud.google.com/projectcreate and make a project (any name).
   2. Open https://console.cloud.google.com/apis/library/sheets.googleapis.com and switch the Google Sheets API on.
   3. Open https://console.cloud.google.com/iam-admin/serviceaccounts, create a service account (no roles), open it,
      and choose Keys > Add key > JSON.
   4. Put the downloaded file in place, and keep it to yourself:
      mkdir -p '{folder}' && mv DOWNLOADED.json '{service}' && chmod 600 '{service}'
      (or name it in GOOGLE_APPLICATION_CREDENTIALS; in CI, put its text into REPORTGEN_GOOGLE_KEY)

B. Your own Google account: for one person. The spreadsheet is made for you, in your Drive.
   1. Make a project as above, and switch on the Google Sheets API and the Google Drive API.
   2. Open https://console.cloud.google.com/auth/clients, create a client of the kind Desktop app, and download its JSON.
   3. Put it at '{client}'. The next step opens the browser.
"""
_SHEET_STEPS = """\
Make the spreadsheet, once:
   1. Open https://sheets.new in the browser, signed in as whoever shall own it, and give it a name.
   2. Choose Share, add {who} as Editor, and switch "Notify people" off.
   3. Copy the address from the browser."""


def set_up(options: Namespace) -> int:
    """Go through the steps; give the exit code."""
    path = options.config or find_config(Path()) or Path(CONFIG_FILE)
    config = read_config(path) if options.config or path.exists() else Config()
    walk = _Walk(has_shares=bool(config.sheet.get("share")))
    stated = config.sheet.get("id")
    try:
        login = walk.sign_in()
        say(f"✓ signed in: {login.who}, by {login.source}")
        sheet, title, url = walk.find(options.sheet or stated, config.title or "Report")
    except _MissingStepError as missing:
        say(str(missing))
        return FAILED
    say(f"✓ {walk.login.who} can read and write the spreadsheet {title!r}")
    if not stated or (options.sheet and sheet not in stated):
        write_setting(path, "sheet", "id", sheet)
        say(f"✓ its id is in {path}, under [sheet]")
    say("Ready. Look first with `reportgen publish --dry-run`, then: reportgen publish")
    if options.json:
        result_json({"url": url, "sheet": sheet, "spreadsheet": title})
    else:
        result(url)
    return DONE


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


class _MissingStepError(Exception):
    """A step that only a person can do, and nobody is there to do it now."""


class _Walk:
    """Goes through the steps; asks only where somebody can answer."""

    login: Login

    def __init__(self, *, has_shares: bool) -> None:
        self._shares = has_shares
        self._asks = _somebody_is_there()

    def sign_in(self) -> Login:
        """Find credentials, or have them made."""
        from reportgen import pipeline

        for _ in range(_MOST_ASKED):
            try:
                self.login = pipeline.google_login(shares=self._shares, tell=say)
            except SignInError as error:
                # how to go on is told right below
                say(f"✗ {error.what if '--setup' in error.do else error.message}")
                self._help_in()
            else:
                return self.login
        raise _MissingStepError("stopped; the missing step: sign in to Google")

    def _help_in(self) -> None:
        from reportgen import pipeline

        step = "sign in to Google"
        if pipeline.awaits_google_sign_in():
            self._wait(
                "Press Enter to sign in in the browser, or q and Enter to stop: ", f"{step}, on a terminal"
            )
            say("Sign in in the browser; if none opens, open the address below.")
            say(f"✓ the login is kept in {pipeline.sign_in_to_google()}, for you alone")
            return
        service, client = pipeline.google_files()
        say(_KEY_STEPS.format(folder=service.parent, service=service, client=client))
        self._wait("Press Enter when that is done, or q and Enter to stop: ", step)

    def find(self, named: str | None, title: str) -> tuple[str, str, str]:
        """Find or make a spreadsheet that can be written to: its id, title and address."""
        from reportgen import pipeline

        for _ in range(_MOST_ASKED):
            try:
                if named:
                    return pipeline.check_spreadsheet(named, self.login, tell=say)
                if self.login.kind == "person":
                    named = pipeline.create_spreadsheet(title, self.login, tell=say)
                    say(f"✓ made the spreadsheet {title!r} in your Drive")
                else:
                    say(_SHEET_STEPS.format(who=self.login.who))
                    named = self._wait(
                        "Paste its address, or q to stop: ",
                        "make and share a spreadsheet, then call again with --sheet ADDRESS",
                    )
            except (UsageError, DeliveryError) as error:
                if not self._asks:
                    raise
                say(f"✗ {error.message}")
                named = self._mend(error, named)
        raise _MissingStepError("stopped; the missing step: a spreadsheet that can be written to")

    def _mend(self, error: UsageError | DeliveryError, named: str | None) -> str | None:
        from reportgen import pipeline

        if isinstance(error, SignInError) and pipeline.awaits_google_sign_in():
            self._help_in()
            self.login = pipeline.google_login(shares=self._shares, tell=say)
            return named
        question = "Press Enter when that is done, paste another address, or q to stop: "
        return self._wait(question, "a spreadsheet that can be written to") or named

    def _wait(self, question: str, step: str) -> str:
        """Wait for a person; where there is none, end."""
        if not self._asks:
            raise _MissingStepError(f"the missing step: {step}")
        print(question, end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline()
        if not answer or answer.strip().lower() == "q":
            raise _MissingStepError(f"stopped; the missing step: {step}")
        return answer.strip()
