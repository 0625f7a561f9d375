"""The archive of issues: written once, whole or not at all, never rewritten once it was sent."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.deliver import archive as module
from reportgen.deliver.archive import (
    issues_of,
    last_sent,
    list_issues,
    plan_issue,
    read_issue,
    read_numbers,
    record_sent,
    sent_record,
    write_issue,
)
from reportgen.errors import ArchiveError
from reportgen.issues import Issue, Period, Plan, Sent

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
AT = datetime(2026, 11, 16, 8, tzinfo=UTC)


def week(number: int) -> Period:
    start = MONDAY + timedelta(weeks=number - 46)
    return Period(f"2026-W{number}", "weekly", start, start + timedelta(weeks=1))


def sweep(digest: str) -> Period:
    return Period(f"sweep-{digest}", "every sweep", None, None)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "issues"


@pytest.fixture
def outputs(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "digits.pdf", tmp_path / "digits.xlsx"]
    for path in made:
        path.write_bytes(path.name.encode())
    return made


def issue_of(archive: Path, period: Period, outputs: list[Path], *, sent: bool = True) -> Issue:
    numbers = {"schema": 1, "period": period.key}
    issue = write_issue(plan_issue(archive, period), numbers, outputs)
    if sent:
        record_sent(issue, Sent("ann@example.org", f"<{period.key}@x>", AT))
    return issue


def test_an_issue_holds_numbers_and_outputs_and_says_what_it_is(archive: Path, outputs: list[Path]) -> None:
    issue = issue_of(archive, week(46), outputs, sent=False)
    assert issue.folder == archive / "2026-W46"
    assert (issue.number, issue.key, issue.period, issue.corrects) == (1, "2026-W46", week(46), None)
    assert [path.name for path in issue.outputs] == ["digits.pdf", "digits.xlsx"]
    assert [path.read_bytes() for path in issue.outputs] == [b"digits.pdf", b"digits.xlsx"]
    assert read_issue(issue.folder) == issue
    assert read_numbers(issue) == {"schema": 1, "period": "2026-W46"}
    assert sorted(path.name for path in issue.folder.iterdir()) == [
        "_issue.json", "_numbers.json", "digits.pdf", "digits.xlsx",
    ]  # fmt: skip


def test_numbers_count_up_over_the_archive_whatever_the_period(archive: Path, outputs: list[Path]) -> None:
    made = [issue_of(archive, week(number), outputs) for number in (46, 47, 45)]
    assert [issue.number for issue in made] == [1, 2, 3]
    assert [issue.key for issue in list_issues(archive)] == ["2026-W46", "2026-W47", "2026-W45"]


def test_a_period_has_one_issue_unless_something_else_is_asked_for(
    archive: Path, outputs: list[Path]
) -> None:
    issue_of(archive, week(46), outputs, sent=False)
    with pytest.raises(ArchiveError, match=r"issue 1 is there, and was sent to nobody\. Send it "):
        plan_issue(archive, week(46))
    with pytest.raises(ArchiveError, match="a correction is for an issue that was sent"):
        plan_issue(archive, week(46), correct=True)


def test_what_was_sent_is_never_made_anew(archive: Path, outputs: list[Path]) -> None:
    issue_of(archive, week(46), outputs)
    with pytest.raises(ArchiveError, match=r"issue 1 was sent already\. .* make a correction"):
        plan_issue(archive, week(46))


def test_a_correction_names_what_it_corrects(archive: Path, outputs: list[Path]) -> None:
    issue_of(archive, week(46), outputs)
    plan = plan_issue(archive, week(46), correct=True)
    assert plan.edition.corrects == 1
    first = write_issue(plan, {"schema": 1}, outputs)
    assert (first.number, first.key, first.corrects) == (2, "2026-W46-2", "2026-W46")
    record_sent(first, Sent("ann@example.org", "<2@x>", AT))
    second = write_issue(plan_issue(archive, week(46), correct=True), {"schema": 1}, outputs)
    assert (second.number, second.key, second.corrects) == (3, "2026-W46-3", "2026-W46-2")


def test_there_is_nothing_to_correct_before_there_is_an_issue(archive: Path) -> None:
    with pytest.raises(ArchiveError, match="no issue of 2026-W46 to correct"):
        plan_issue(archive, week(46), correct=True)


@pytest.mark.parametrize("key", ["../2026-W46", "", ".hidden", "a/b"])
def test_a_period_that_cannot_name_a_folder_is_refused(archive: Path, key: str) -> None:
    with pytest.raises(ArchiveError, match="cannot name a folder"):
        plan_issue(archive, Period(key, "weekly", None, None))


@pytest.mark.parametrize("name", ["_numbers.json", "digits.pdf"])
def test_an_edited_issue_is_told(archive: Path, outputs: list[Path], name: str) -> None:
    issue = issue_of(archive, week(46), outputs)
    (issue.folder / name).write_text('{"schema": 1, "period": "2026-W46", "mean": 0.99}')
    with pytest.raises(ArchiveError, match=f"{name}: the file of issue 1 is not as it was archived"):
        read_issue(issue.folder)
    with pytest.raises(ArchiveError, match="not as it was archived"):
        last_sent(archive, week(47))


def test_a_file_that_is_gone_is_told(archive: Path, outputs: list[Path]) -> None:
    issue = issue_of(archive, week(46), outputs)
    issue.outputs[0].unlink()
    with pytest.raises(ArchiveError, match="not there any more"):
        read_issue(issue.folder)


@pytest.mark.parametrize("text", ["", "[]", '{"number": 1}', '{"number": "x", "period": {}}'])
def test_a_folder_that_does_not_say_which_issue_it_is_is_told(
    archive: Path, outputs: list[Path], text: str
) -> None:
    issue = issue_of(archive, week(46), outputs)
    (issue.folder / "_issue.json").write_text(text)
    with pytest.raises(ArchiveError, match=r"_issue\.json: this does not say which issue it is"):
        list_issues(archive)


def test_other_folders_in_the_archive_are_left_alone(archive: Path, outputs: list[Path]) -> None:
    issue_of(archive, week(46), outputs)
    (archive / "notes").mkdir()
    (archive / "notes" / "mine.txt").write_text("mine")
    assert [issue.number for issue in list_issues(archive)] == [1]
    with pytest.raises(ArchiveError, match="no issue"):
        read_issue(archive / "notes")


def test_a_foreign_folder_at_its_place_is_not_overwritten(archive: Path, outputs: list[Path]) -> None:
    plan = plan_issue(archive, week(46))
    plan.folder.mkdir(parents=True)
    (plan.folder / "mine.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="something else is in its place"):
        write_issue(plan, {"schema": 1}, outputs)
    assert [path.name for path in archive.iterdir()] == ["2026-W46"]
    assert [path.name for path in plan.folder.iterdir()] == ["mine.txt"]


def test_two_that_are_made_at_once_do_not_share_a_number(archive: Path, outputs: list[Path]) -> None:
    one, other = plan_issue(archive, week(46)), plan_issue(archive, week(47))
    write_issue(one, {"schema": 1}, outputs)
    with pytest.raises(ArchiveError, match="number 1 was taken by 2026-W46 meanwhile"):
        write_issue(other, {"schema": 1}, outputs)
    assert [path.name for path in archive.iterdir()] == ["2026-W46"]


def test_two_that_look_at_the_same_moment_do_not_share_a_number_either(
    archive: Path, outputs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = [plan_issue(archive, week(46)), plan_issue(archive, week(47))]
    both = threading.Barrier(2)

    def look(folder: Path) -> tuple[Issue, ...]:
        found = list_issues(folder)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)  # for the other one to have looked, too, if it can
        return found

    monkeypatch.setattr(module, "list_issues", look)

    def write(plan: Plan) -> str:
        try:
            return write_issue(plan, {"schema": 1}, outputs).key
        except ArchiveError as error:
            return error.message

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(write, plans))
    assert len(list_issues(archive)) == 1
    assert "number 1 was taken" in told[1] + told[0]


def test_the_same_issue_made_twice_at_once_is_there_once(archive: Path, outputs: list[Path]) -> None:
    one, other = plan_issue(archive, week(46)), plan_issue(archive, week(46))
    issue = write_issue(one, {"schema": 1, "by": "one"}, outputs)
    with pytest.raises(ArchiveError, match="something else is in its place"):
        write_issue(other, {"schema": 1, "by": "other"}, outputs)
    assert read_numbers(issue)["by"] == "one"


def test_nothing_is_left_when_an_output_cannot_be_copied(archive: Path, outputs: list[Path]) -> None:
    with pytest.raises(ArchiveError, match="cannot be written or read"):
        write_issue(
            plan_issue(archive, week(46)), {"schema": 1}, [*outputs, outputs[0].with_name("gone.pdf")]
        )
    assert list(archive.iterdir()) == []


def test_two_outputs_of_one_name_are_refused(archive: Path, outputs: list[Path]) -> None:
    with pytest.raises(ArchiveError, match="the same name"):
        write_issue(plan_issue(archive, week(46)), {"schema": 1}, [outputs[0], outputs[0]])
    assert list(archive.iterdir()) == []


def test_what_was_sent_is_added_line_by_line(archive: Path, outputs: list[Path]) -> None:
    issue = issue_of(archive, week(46), outputs, sent=False)
    mails = [
        Sent("änn@example.org", "<1@x>", AT),
        Sent("bob@example.org", "<2@x>", AT + timedelta(seconds=1)),
    ]
    assert sent_record(issue) == ()
    for mail in mails:
        record_sent(issue, mail)
    assert sent_record(issue) == tuple(mails)
    assert read_issue(issue.folder) == issue  # being sent changes nothing of what was archived
    lines = (issue.folder / "_sent.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["recipient"] for line in lines] == ["änn@example.org", "bob@example.org"]


def test_a_torn_line_counts_as_none_and_a_broken_one_is_told(archive: Path, outputs: list[Path]) -> None:
    issue = issue_of(archive, week(46), outputs)
    record = issue.folder / "_sent.jsonl"
    with record.open("a") as file:
        file.write('{"at": "2026-11-')
    assert len(sent_record(issue)) == 1
    with record.open("a") as file:
        file.write("\n")
    with pytest.raises(ArchiveError, match="line 2 is no record of a mail"):
        sent_record(issue)


def test_a_torn_line_spoils_no_later_one(archive: Path, outputs: list[Path]) -> None:
    issue = issue_of(archive, week(46), outputs, sent=False)
    first, second = (Sent(f"{name}@example.org", f"<{name}@x>", AT) for name in ("ann", "bob"))
    record_sent(issue, first)
    with (issue.folder / "_sent.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-11')
    record_sent(issue, second)
    assert sent_record(issue) == (first, second)


def test_the_last_sent_is_the_newest_that_somebody_got(archive: Path, outputs: list[Path]) -> None:
    assert last_sent(archive, week(48)) is None
    issue_of(archive, week(45), outputs)
    issue_of(archive, week(46), outputs)
    issue_of(archive, week(47), outputs, sent=False)
    found = last_sent(archive, week(48))
    assert found is not None
    assert found.key == "2026-W46"
    earlier = last_sent(archive, week(46))  # a backfill looks back from its own period
    assert earlier is not None
    assert earlier.key == "2026-W45"
    assert last_sent(archive, week(45)) is None


def test_of_a_corrected_period_the_correction_that_was_sent_counts(
    archive: Path, outputs: list[Path]
) -> None:
    issue_of(archive, week(46), outputs)
    correction = write_issue(plan_issue(archive, week(46), correct=True), {"schema": 1}, outputs)
    before = last_sent(archive, week(47))
    assert before is not None
    assert before.key == "2026-W46"
    record_sent(correction, Sent("ann@example.org", "<2@x>", AT))
    after = last_sent(archive, week(47))
    assert after is not None
    assert after.key == "2026-W46-2"


def test_sweeps_follow_one_another_by_number(archive: Path, outputs: list[Path]) -> None:
    issue_of(archive, sweep("aaaaaaaaaaaa"), outputs)
    issue_of(archive, sweep("bbbbbbbbbbbb"), outputs)
    newest = last_sent(archive, sweep("cccccccccccc"))
    assert newest is not None
    assert newest.key == "sweep-bbbbbbbbbbbb"
    before = last_sent(archive, sweep("bbbbbbbbbbbb"))
    assert before is not None
    assert before.key == "sweep-aaaaaaaaaaaa"


def test_what_a_process_left_that_died_in_the_middle_is_removed_after_a_day(archive: Path) -> None:
    old, new, other = (
        archive / name for name in (".2026-W46.0123abcd", ".2026-W46.89abcdef", ".2026-W46.mine")
    )
    for folder in (old, new, other):
        folder.mkdir(parents=True)
        (folder / "report.pdf").write_bytes(b"%PDF")
    for folder in (old, other):
        os.utime(folder, (time.time() - 2 * 86400,) * 2)
    write_issue(plan_issue(archive, week(46)), {"schema": 1}, [])
    assert sorted(path.name for path in archive.iterdir()) == [new.name, other.name, "2026-W46"]


def test_a_correction_takes_no_key_that_was_given_before(archive: Path, outputs: list[Path]) -> None:
    """Somebody removed a folder of the archive; the ledger still knows that it was sent."""
    issue_of(archive, week(46), outputs)
    known = ("2026-W45-7", "2026-W46", "2026-W46-2", "2026-W46-mine")
    assert plan_issue(archive, week(46), correct=True, known_keys=known).folder.name == "2026-W46-3"
    third = write_issue(plan_issue(archive, week(46), correct=True, known_keys=known), {}, outputs)
    record_sent(third, Sent("ann@example.org", "<3@x>", AT))
    assert plan_issue(archive, week(46), correct=True).folder.name == "2026-W46-4"


def test_days_that_were_sent_before_are_no_corrections_of_their_month() -> None:
    month = Period("2026-11", "monthly", AT, AT)
    known = ("2026-11-29", "2026-11-3", "2026-11", "2026-11-2", "2026-10-2")
    assert issues_of(known, month) == ["2026-11", "2026-11-2", "2026-11-3"]
