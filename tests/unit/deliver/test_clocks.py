from __future__ import annotations

import http.server
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.config import ScheduleConfig
from reportgen.deliver.schedule import (
    Job,
    Scope,
    crontab_lines,
    github_workflow,
    has_crontab,
    has_timer,
    install_crontab,
    install_timer,
    ping,
    run_loop,
    stopping,
    timer_configs,
    uninstall_crontab,
    uninstall_timer,
    unit_files,
)
from reportgen.errors import ScheduleError
from tests.fakes.clocks import Clocks, fake_clocks

FOREIGN = "MAILTO=ops\n# mine\n5 4 * * sun /usr/bin/true --at 10\\%\n\n"


@pytest.fixture
def clocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = fake_clocks(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{made.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return made


def job(folder: Path, name: str = "reports") -> Job:
    return Job(folder / name / "reportgen.toml", sys.executable)


def test_a_crontab_keeps_every_foreign_line(clocks: Clocks, tmp_path: Path) -> None:
    clocks.table.write_text(FOREIGN)
    install_crontab(job(tmp_path))
    assert clocks.table.read_text() == FOREIGN + crontab_lines(job(tmp_path))
    install_crontab(job(tmp_path))  # the second time changes nothing
    install_crontab(job(tmp_path, "other"))
    assert clocks.table.read_text().count(" tick --config ") == 2
    assert has_crontab(job(tmp_path))
    assert uninstall_crontab(job(tmp_path))
    assert clocks.table.read_text() == FOREIGN + crontab_lines(job(tmp_path, "other"))
    assert uninstall_crontab(job(tmp_path, "other"))
    assert clocks.table.read_text() == FOREIGN
    assert not uninstall_crontab(job(tmp_path))
    assert clocks.table.read_text() == FOREIGN


def test_a_crontab_in_another_encoding_and_with_other_line_ends_stays_as_it_is(
    clocks: Clocks, tmp_path: Path
) -> None:
    foreign = b"# gr\xfc\xdfe\r\n5 4 * * * echo caf\xe9\r\n# x\x0cy\n"
    clocks.table.write_bytes(foreign)
    install_crontab(job(tmp_path))
    assert clocks.table.read_bytes() == foreign + crontab_lines(job(tmp_path)).encode()
    assert uninstall_crontab(job(tmp_path))
    assert clocks.table.read_bytes() == foreign


def test_reports_that_are_scheduled_at_once_keep_each_others_lines(clocks: Clocks, tmp_path: Path) -> None:
    Path.home().mkdir()
    clocks.table.write_text(FOREIGN)
    jobs = [job(tmp_path, f"report{number}") for number in range(6)]
    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(install_crontab, jobs))
    assert all(has_crontab(entry) for entry in jobs)
    assert clocks.table.read_text().startswith(FOREIGN)


def test_a_crontab_without_a_last_line_break_gets_one(clocks: Clocks, tmp_path: Path) -> None:
    clocks.table.write_text("0 1 * * * true")
    install_crontab(job(tmp_path))
    assert clocks.table.read_text().startswith("0 1 * * * true\n# begin ")


def test_without_a_crontab_one_is_made(clocks: Clocks, tmp_path: Path) -> None:
    install_crontab(job(tmp_path))
    assert clocks.table.read_text() == crontab_lines(job(tmp_path))


def test_damaged_marks_are_told_and_nothing_is_changed(clocks: Clocks, tmp_path: Path) -> None:
    begin, line, _ = crontab_lines(job(tmp_path)).splitlines()
    damaged = f"{begin}\n{line}\n{FOREIGN}"
    clocks.table.write_text(damaged)
    for change in (install_crontab, uninstall_crontab):
        with pytest.raises(ScheduleError, match="marks around our lines"):
            change(job(tmp_path))
    assert clocks.table.read_text() == damaged


def test_the_line_of_cron_runs_in_a_shell_whatever_the_folder_is_called(
    clocks: Clocks, tmp_path: Path
) -> None:
    """The line is run as cron does it: what follows a bare % would be its input."""
    folder = tmp_path / '100 % of $HOME\'s "runs"'
    folder.mkdir()
    probe = tmp_path / "probe"
    probe.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n')
    probe.chmod(0o755)
    line = crontab_lines(Job(folder / "reportgen.toml", str(probe))).splitlines()[1]
    command = line.split(maxsplit=5)[5]
    assert "%" not in command.replace("\\%", "")
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("\\%", "%")], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        *(str(folder), "-m", "reportgen", "tick", "--config", str(folder / "reportgen.toml"))
    ]


def test_a_timer_is_written_started_and_removed(clocks: Clocks, tmp_path: Path) -> None:
    mine = job(tmp_path)
    foreign = tmp_path / "config" / "systemd" / "user" / "other.timer"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("[Timer]\n")
    service, timer = install_timer(mine, "user")
    assert (service.parent, timer.parent) == (foreign.parent, foreign.parent)
    assert "Persistent=true" in timer.read_text()
    assert clocks.calls == ["--user daemon-reload", f"--user enable --now {mine.name}.timer"]
    assert has_timer(mine, "user")
    install_timer(mine, "user")
    assert uninstall_timer(mine, "user") == (service, timer)
    assert clocks.calls[-2:] == [f"--user disable --now {mine.name}.timer", "--user daemon-reload"]
    assert [path.name for path in foreign.parent.iterdir()] == ["other.timer"]
    calls = len(clocks.calls)
    assert uninstall_timer(mine, "user") == ()
    assert len(clocks.calls) == calls


def test_a_unit_that_is_not_ours_is_left_alone(clocks: Clocks, tmp_path: Path) -> None:
    timer = next(path for path in unit_files(job(tmp_path), "user") if path.suffix == ".timer")
    timer.parent.mkdir(parents=True)
    timer.write_text("[Timer]\nOnCalendar=daily\n")
    for change in (install_timer, uninstall_timer):
        with pytest.raises(ScheduleError, match="not one of ours"):
            change(job(tmp_path), "user")
    assert timer.read_text() == "[Timer]\nOnCalendar=daily\n"
    assert clocks.calls == []


def test_only_our_own_timers_name_a_configuration(clocks: Clocks, tmp_path: Path) -> None:
    _, timer = install_timer(job(tmp_path), "user")
    timer.with_name("reportgen-mine.timer").write_text("[Timer]\nOnCalendar=daily\n")
    assert timer_configs("user") == (job(tmp_path).config,)


def test_where_systemd_does_not_run_nothing_is_left(clocks: Clocks, tmp_path: Path) -> None:
    clocks.break_systemd()
    with pytest.raises(ScheduleError, match=r"systemd refused.*No medium found"):
        install_timer(job(tmp_path), "user")
    assert list((tmp_path / "config" / "systemd" / "user").iterdir()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("scope", ["user", "system"])
def test_systemd_itself_finds_no_fault_with_the_units(tmp_path: Path, scope: Scope) -> None:
    folder = tmp_path / "100 % of $HOME runs"
    folder.mkdir()
    units = []
    for path, text in unit_files(Job(folder / "reportgen.toml", sys.executable), scope).items():
        units.append(tmp_path / path.name)
        units[-1].write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "reportgen" in line] == []
    calendar = next(line for line in units[1].read_text().splitlines() if line.startswith("OnCalendar="))
    told = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=4", calendar.partition("=")[2]],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    minutes = {
        line.split(":")[-2] for line in told.splitlines() if "(in UTC)" not in line and line.count(":") >= 3
    }
    assert {"00", "15", "30", "45"} <= minutes


def test_a_job_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = {job(tmp_path, name).name for name in ("reports", "Reports", "re ports", "報告")}
    assert len(names) == 4
    assert all(name.isascii() and name.startswith("reportgen-") and " " not in name for name in names)


def test_a_path_with_a_line_break_is_refused(clocks: Clocks, tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match="has a character in it"):
        install_crontab(job(tmp_path, "a\n* * * * * rm"))
    with pytest.raises(ScheduleError, match="has a character in it"):
        install_timer(job(tmp_path, "a\nExecStart=rm"), "user")
    for name in ("goes on\\", "ends with a space "):
        with pytest.raises(ScheduleError, match="has a character in it"):
            install_timer(job(tmp_path, name), "user")
    assert not clocks.table.exists()


def test_without_the_program_the_other_clocks_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ScheduleError, match=r"no program 'crontab'.*--systemd"):
        install_crontab(job(tmp_path))
    assert not has_crontab(job(tmp_path))


def test_the_workflow_has_its_parts_in_place() -> None:
    text = github_workflow('Digits: "best" model #1', "reports of ours/reportgen.toml", "reports/issues")
    assert 'name: "Digits: \\"best\\" model #1"' in text
    assert "- run: \"reportgen tick --json --config 'reports of ours/reportgen.toml'\"" in text
    assert "${{ secrets.REPORTGEN_SMTP_PASSWORD }}" in text
    assert text.count('"reports/issues"') == 2


def test_the_workflow_keeps_the_ledger_and_hides_no_failure(tmp_path: Path) -> None:
    """Its last step, as GitHub runs it: what was sent is pushed, or the run fails."""
    script = textwrap.dedent(github_workflow("Digits", "reportgen.toml", "issues").partition("run: |\n")[2])
    home = tmp_path / "issues"

    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=me", "-c", "user.email=me@localhost", *words]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    def step() -> int:
        return subprocess.run(["bash", "-ec", script], cwd=home, capture_output=True, check=False).returncode

    git("init", "--bare", "--quiet", "remote")
    git("clone", "--quiet", "remote", "issues")
    git("-C", "issues", "commit", "--quiet", "--allow-empty", "--message", "Begin")
    git("-C", "issues", "push", "--quiet", "--set-upstream", "origin", "HEAD")
    (home / "ledger.sqlite").write_text("sent")
    assert step() == 0
    assert git("-C", "remote", "log", "--all", "--format=%s").splitlines() == ["Issues", "Begin"]
    assert step() == 0  # nothing is new
    hook = home / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (home / "ledger.sqlite").write_text("sent to more")
    assert step() != 0


class _Answer(http.server.BaseHTTPRequestHandler):
    paths: list[str] = []  # noqa: RUF012 a record of the one test

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(200 if self.path == "/ok" else 500)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def test_a_sign_of_life_says_what_went_wrong_and_never_raises() -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        assert ping(f"{address}/ok") == ""
        assert "500" in ping(f"{address}/bad")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert _Answer.paths == ["/ok", "/bad"]
    assert "refused" in ping(f"{address}/ok")


def test_a_service_that_answers_nonsense_is_no_reason_to_stop() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-something\r\n\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        assert "SSH" in ping(f"http://127.0.0.1:{listening.getsockname()[1]}/ok")
        thread.join()


def test_a_service_that_answers_letter_by_letter_holds_nothing_up() -> None:
    """Each letter comes well within the patience for one; all of them together never end."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def trickle() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not ended.wait(0.05):
                    connection.sendall(b"a")

        thread = threading.Thread(target=trickle)
        thread.start()
        began = time.monotonic()
        told = ping(f"http://127.0.0.1:{listening.getsockname()[1]}/ok", longest_s=0.5)
        took_s = time.monotonic() - began
        ended.set()
        thread.join()
    assert told == "it did not answer within 0.5 s"
    assert took_s < 5


def test_the_loop_reads_the_clock_again_at_least_once_a_minute() -> None:
    """A machine that slept from Sunday to Wednesday is noticed when it wakes."""
    times = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        times.append(
            times[-1] + timedelta(seconds=seconds) + (timedelta(days=3) if len(waits) == 2 else timedelta())
        )
        return len(waits) == 4

    ticks: list[datetime] = []
    run_loop(ticks.append, ScheduleConfig("monday 08:00"), lambda: times[-1], wait)
    assert waits == [60.0, 60.0, 60.0, 60.0]
    assert ticks[2] == datetime(2026, 11, 25, 12, 2, tzinfo=UTC)


def test_the_loop_wakes_when_something_is_due() -> None:
    now = datetime(2026, 11, 23, 7, 59, 40, tzinfo=UTC)
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return True

    run_loop(lambda _: None, ScheduleConfig("monday 08:00"), lambda: now, wait)
    assert waits == [20.0]


def test_sigterm_ends_the_loop_after_the_job_and_cuts_the_sleep_short() -> None:
    done: list[str] = []

    def tick(_: datetime) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("finished all the same")

    before = signal.getsignal(signal.SIGTERM)
    with stopping() as wait:
        run_loop(tick, ScheduleConfig(), lambda: datetime.now(UTC), wait)
    assert done == ["finished all the same"]
    assert signal.getsignal(signal.SIGTERM) == before

    with stopping() as wait:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert wait(60.0)
