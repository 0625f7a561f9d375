"""``reportgen publish --setup`` against Google on loopback: from nothing to a spreadsheet that can be written to."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.google.fake import FakeGoogle
from tests.functional.conftest import Answer, Cli

PLACES = ("REPORTGEN_GOOGLE_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG")


@pytest.fixture
def nobody(here: Path, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder and a home in which nobody has signed in; gives gspread's folder."""
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    folder = here / ".config" / "gspread"
    folder.mkdir(parents=True)
    return folder


def use_key(google: FakeGoogle, folder: Path) -> None:
    shutil.copy(google.key_file, folder / "service_account.json")
    (folder / "service_account.json").chmod(0o600)


def secrets_of(google: FakeGoogle) -> list[str]:
    """Lines of the key, the person's tokens, and every access token that was given out."""
    key = json.loads(google.key_file.read_text("utf-8"))["private_key"].splitlines()[1:-1]
    person = json.loads(google.person_file.read_text("utf-8"))
    return [*key, person["refresh_token"], person["client_secret"], *google.service.office.tokens]


def check_secrets(google: FakeGoogle, answer: Answer) -> None:
    assert not [secret for secret in secrets_of(google) if secret in answer.out + answer.err]


def test_without_a_key_the_steps_are_told_and_nothing_is_asked(cli: Cli, nobody: Path) -> None:
    answer = cli("publish", "--setup")
    assert answer.code == 1
    assert answer.out == ""
    assert "✗ nobody is signed in to Google" in answer.err
    assert "create a service account" in answer.err
    assert str(nobody / "service_account.json") in answer.err
    assert answer.err.rstrip().endswith("the missing step: sign in to Google")


def test_without_a_spreadsheet_the_address_to_share_with_is_told(
    cli: Cli, nobody: Path, google_here: FakeGoogle
) -> None:
    use_key(google_here, nobody)
    answer = cli("publish", "--setup")
    assert answer.code == 1
    assert f"add {google_here.client_email} as Editor" in answer.err
    assert answer.err.rstrip().endswith("call again with --sheet ADDRESS")
    assert google_here.calls == []
    check_secrets(google_here, answer)


def test_a_spreadsheet_is_tested_left_as_it_was_and_kept(
    cli: Cli, here: Path, nobody: Path, google_here: FakeGoogle
) -> None:
    use_key(google_here, nobody)
    sheet = google_here.spreadsheet("Board numbers")
    sheet.seed_people()
    before = sheet.read()
    (here / "reportgen.toml").write_text('# ours\ntitle = "T"   # short\n', "utf-8")
    answer = cli(
        "publish",
        "--setup",
        "--sheet",
        f"https://docs.google.com/spreadsheets/d/{sheet.spreadsheet_id}/edit#gid=0",
    )
    assert answer.code == 0, answer.err
    assert answer.out == f"https://docs.google.com/spreadsheets/d/{sheet.spreadsheet_id}/edit\n"
    assert "can read and write the spreadsheet 'Board numbers'" in answer.err
    assert sheet.read() == before
    assert (here / "reportgen.toml").read_text("utf-8") == (
        f'# ours\ntitle = "T"   # short\n\n[sheet]\nid = "{sheet.spreadsheet_id}"\n'
    )
    assert {scope for call in google_here.tokens for scope in call.scopes} == {"spreadsheets"}
    check_secrets(google_here, answer)
    again = cli("publish", "--setup")
    assert again.code == 0
    assert "its id is in" not in again.err


@pytest.mark.parametrize(
    ("role", "said"), [(None, "may not open"), ("reader", "may look at the spreadsheet, but not change it")]
)
def test_a_spreadsheet_without_the_right_to_write_is_told(
    cli: Cli, here: Path, nobody: Path, google_here: FakeGoogle, role: str | None, said: str
) -> None:
    use_key(google_here, nobody)
    sheet = google_here.spreadsheet(role=role)
    answer = cli("publish", "--setup", "--sheet", sheet.spreadsheet_id)
    assert answer.code == 1
    assert said in answer.error
    assert google_here.client_email in answer.error
    assert not (here / "reportgen.toml").exists()
    check_secrets(google_here, answer)


def test_a_person_gets_a_spreadsheet_of_their_own(
    cli: Cli, here: Path, nobody: Path, google_here: FakeGoogle
) -> None:
    shutil.copy(google_here.person_file, nobody / "authorized_user.json")
    google_here.person_agrees("drive.file")
    (here / "reportgen.toml").write_text('title = "Which model?"\n', "utf-8")
    answer = cli("publish", "--setup")
    assert answer.code == 0, answer.err
    assert "made the spreadsheet 'Which model?' in your Drive" in answer.err
    made = answer.out.split("/d/")[1].partition("/")[0]
    assert google_here.roles(made) == {google_here.person: "owner"}
    assert f'id = "{made}"' in (here / "reportgen.toml").read_text("utf-8")
    check_secrets(google_here, answer)
    google_here.forget_calls()
    assert cli("publish", "--setup").code == 0
    assert "files.create" not in google_here.methods


def test_a_spreadsheet_that_may_have_been_made_is_not_made_twice(
    cli: Cli, nobody: Path, google_here: FakeGoogle
) -> None:
    shutil.copy(google_here.person_file, nobody / "authorized_user.json")
    google_here.person_agrees("drive.file")
    google_here.fail("503", at="files.create", after=True)
    answer = cli("publish", "--setup")
    assert answer.code == 1
    assert "did not say whether the spreadsheet was made (HTTP 503)" in answer.error
    assert google_here.methods.count("files.create") == 1


def test_a_client_without_a_login_needs_a_terminal(cli: Cli, nobody: Path) -> None:
    (nobody / "credentials.json").write_text(json.dumps({"installed": {"client_id": "x"}}), "utf-8")
    answer = cli("publish", "--setup")
    assert answer.code == 1
    assert answer.err.rstrip().endswith("the missing step: sign in to Google, on a terminal")


def on_terminal(folder: Path) -> tuple[int, subprocess.Popen[bytes]]:
    """Call it with a terminal of its own; give our end of the terminal."""
    terminal, far = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reportgen", "publish", "--setup"],
        stdin=far,
        stdout=subprocess.PIPE,
        stderr=far,
        cwd=folder,
        env=dict(os.environ),
    )
    os.close(far)
    return terminal, process


def test_on_a_terminal_each_step_is_waited_for(here: Path, nobody: Path, google_here: FakeGoogle) -> None:
    """A person: no key at first, then a wrong address, then one that is not shared yet, then the right one."""
    private, shared = google_here.spreadsheet(role=None), google_here.spreadsheet("Shared")
    terminal, process = on_terminal(here)

    def wait_for(words: str) -> str:
        seen = ""
        while words not in seen:
            ready, _, _ = select.select([terminal], [], [], 30)
            assert ready, f"waited for {words!r}, saw {seen!r}"
            seen += os.read(terminal, 10_000).decode()
        return seen

    def answer(text: str) -> None:
        os.write(terminal, f"{text}\n".encode())

    wait_for("Press Enter when that is done")
    use_key(google_here, nobody)
    answer("")
    told = wait_for("Paste its address")
    assert google_here.client_email in told
    answer("my sheet")
    assert "is no id of a spreadsheet" in wait_for("paste another address")
    answer(private.spreadsheet_id)
    assert "may not open the spreadsheet" in wait_for("paste another address")
    answer(shared.spreadsheet_id)
    wait_for("Ready.")
    out, _ = process.communicate(timeout=30)
    os.close(terminal)
    assert process.returncode == 0
    assert shared.spreadsheet_id in out.decode()
    assert shared.spreadsheet_id in (here / "reportgen.toml").read_text("utf-8")


def test_on_a_terminal_q_ends_it(here: Path, nobody: Path) -> None:
    terminal, process = on_terminal(here)
    os.write(terminal, b"q\n")
    process.communicate(timeout=30)
    assert process.returncode == 1
    os.close(terminal)
    assert not (here / "reportgen.toml").exists()


def use_client(folder: Path) -> None:
    client = {"installed": {"client_id": "x", "auth_uri": "https://a", "token_uri": "https://b"}}
    (folder / "credentials.json").write_text(json.dumps(client), "utf-8")


@pytest.mark.parametrize("expired", [False, True])
def test_a_person_at_the_terminal_signs_in_also_again(
    cli: Cli, nobody: Path, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch, expired: bool
) -> None:
    google_here.person_agrees("drive.file")
    use_client(nobody)
    if expired:
        shutil.copy(google_here.person_file, nobody / "authorized_user.json")
        google_here.fail("invalid_grant", at="token")
    signed_in = []

    def sign_in() -> Path:
        signed_in.append(nobody)
        return Path(shutil.copy(google_here.person_file, nobody / "authorized_user.json"))

    monkeypatch.setattr("reportgen.pipeline.sign_in_to_google", sign_in)
    monkeypatch.setattr("reportgen.cli.sheet_setup._somebody_is_there", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    answer = cli("publish", "--setup", "--json")
    assert answer.code == 0, answer.err
    assert signed_in == [nobody]
    assert ("does not accept the login" in answer.err) == expired
    assert json.loads(answer.out)["spreadsheet"] == "Report"
    assert google_here.methods.count("files.create") == 1
    check_secrets(google_here, answer)


def test_a_terminal_that_says_nothing_useful_comes_to_an_end(
    cli: Cli, nobody: Path, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_key(google_here, nobody)
    monkeypatch.setattr("reportgen.cli.sheet_setup._somebody_is_there", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" * 1000))
    answer = cli("publish", "--setup")
    assert answer.code == 1
    assert answer.err.rstrip().endswith("the missing step: a spreadsheet that can be written to")


def test_the_id_is_written_into_the_table_of_pyproject(
    cli: Cli, here: Path, nobody: Path, google_here: FakeGoogle
) -> None:
    use_key(google_here, nobody)
    sheet = google_here.spreadsheet()
    (here / "pyproject.toml").write_text('[tool.reportgen]\ntitle = "T"  # ours\n', "utf-8")
    assert cli("publish", "--setup", "--sheet", sheet.spreadsheet_id).code == 0
    text = (here / "pyproject.toml").read_text("utf-8")
    assert (
        text
        == f'[tool.reportgen]\ntitle = "T"  # ours\n\n[tool.reportgen.sheet]\nid = "{sheet.spreadsheet_id}"\n'
    )
