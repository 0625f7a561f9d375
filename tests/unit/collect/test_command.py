"""``reportgen run``: what it does to a command, its output and its signals, and what the run says then."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect.relay import KEPT_BYTES, KEPT_LINES, LastLines
from tests.unit.collect.shells import Shell, is_alive, wait_until

Facts = Callable[[Path], dict[tuple[str, str], Any]]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.mark.parametrize(
    ("script", "code", "status", "reason"),
    [
        ("exit 0", 0, "finished", ""),
        (
            "echo noise; echo no such data >&2; echo more noise; exit 3",
            3,
            "failed",
            "exit code 3: no such data",
        ),
        ("echo only this; exit 4", 4, "failed", "exit code 4: only this"),
        ("exit 5", 5, "failed", "exit code 5"),
        ("kill -TERM $$", -signal.SIGTERM, "interrupted", "SIGTERM"),
        ("kill -KILL $$", -signal.SIGKILL, "interrupted", "SIGKILL"),
        ("kill -SEGV $$", -signal.SIGSEGV, "failed", "SIGSEGV"),
    ],
)
def test_the_command_s_end_is_ours_and_the_run_s(
    shell: Shell, read_facts: Facts, script: str, code: int, status: str, reason: str
) -> None:
    done = shell.wrap("bash", "-c", script)
    assert done.returncode == code
    run = shell.run()
    assert (run.status, run.reason) == (status, reason)
    facts = read_facts(shell.run_folder())
    assert facts["status", "exit_code"] == (code if code >= 0 else None)
    assert facts["status", "signal"] == (signal.Signals(-code).name if code < 0 else None)
    assert 0 <= facts["status", "duration_s"] < 20


def test_a_shell_sees_128_and_the_signal(shell: Shell) -> None:
    script = "reportgen run --experiment e -- bash -c 'kill -TERM $$'; echo $?"
    done = subprocess.run(
        ["bash", "-c", script], cwd=shell.folder, env=shell.environment, capture_output=True, check=True
    )
    assert done.stdout.split()[-1:] == [b"143"]


def test_a_command_that_cannot_be_started_ends_as_in_a_shell(shell: Shell) -> None:
    shell.script("text", "no program").chmod(0o644)
    missing, forbidden = shell.wrap("no-such-program", "x"), shell.wrap("./text")
    assert (missing.returncode, forbidden.returncode) == (127, 126)
    assert missing.stderr == b"reportgen: error: command not found: no-such-program\n"
    assert b"Permission denied" in forbidden.stderr
    assert [(run.status, run.reason.split(":")[0]) for run in shell.runs()] == [
        ("failed", "command not found"),
        ("failed", "cannot be started (Permission denied)"),
    ]


def test_a_script_without_a_first_line_is_run_by_sh(shell: Shell) -> None:
    shell.script("plain.sh", "echo from sh: $1\n")
    assert shell.wrap("./plain.sh", "one").stdout == b"from sh: one\n"


def test_words_behind_the_command_are_its_own(shell: Shell) -> None:
    done = shell.wrap("printf", "%s|", "--", "--experiment", "--", "a b")
    assert done.stdout == b"--|--experiment|--|a b|"


def test_output_passes_through_to_the_byte_and_apart(shell: Shell) -> None:
    """Far more than a pipe holds, on both streams at once, binary, without a last line end."""
    program = (
        "import os, random, threading\n"
        "def send(fd):\n"
        "    data = random.Random(fd).randbytes(1 << 20)\n"
        "    for at in range(0, 16 << 20, 1 << 20):\n"
        "        view = memoryview(data)\n"
        "        while view: view = view[os.write(fd, view[:70001]):]\n"
        "threads = [threading.Thread(target=send, args=[fd]) for fd in (1, 2)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
    )
    through = shell.wrap(sys.executable, "-c", program)
    direct = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    for ours, plain in ((through.stdout, direct.stdout), (through.stderr, direct.stderr)):
        assert len(ours) == 16 << 20
        assert hashlib.sha256(ours).digest() == hashlib.sha256(plain).digest()


def test_lines_stay_in_order_where_both_streams_lead_to_the_same(shell: Shell) -> None:
    script = "for i in $(seq 300); do echo out $i; echo err $i >&2; done; echo last words >&2; exit 2"
    command = ("run", "--experiment", "e", "--no-capture", "--", "bash", "-c", script)
    process = shell.start(*command, stderr=subprocess.STDOUT)
    lines = process.communicate()[0].decode().splitlines()
    expected = [f"{word} {number}" for number in range(1, 301) for word in ("out", "err")]
    assert lines == [*expected, "last words"]
    assert shell.run().reason == "exit code 2: last words"


def test_output_comes_at_once_and_input_reaches_the_command(shell: Shell) -> None:
    process = shell.start("run", "--experiment", "e", "--", "bash", "-c", "echo ready; read x; echo got $x")
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert process.communicate(b"word\n", timeout=20)[0] == b"got word\n"
    assert process.returncode == 0


def test_memory_does_not_grow_with_the_output(shell: Shell) -> None:
    """Read slowly at first: what nobody takes yet must wait in the command, not in us."""
    process = shell.start("run", "--experiment", "e", "--", "bash", "-c", "head -c 300000000 /dev/zero")
    assert process.stdout is not None
    time.sleep(0.5)
    size = 0
    peak = 0
    while block := process.stdout.read(1 << 20):
        size += len(block)
        if is_alive(process.pid):
            status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
            peak = max(
                peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0
            )
    process.communicate()
    assert size == 300_000_000
    assert 0 < peak < 60_000  # KiB


def test_a_reader_that_goes_away_ends_the_command_as_without_us(shell: Shell) -> None:
    script = "reportgen run --experiment e -- yes | head -n 1; echo ${PIPESTATUS[0]}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=shell.folder,
        env=shell.environment,
        capture_output=True,
        check=True,
        timeout=20,
    )
    assert done.stdout.split() == [b"y", str(128 + signal.SIGPIPE).encode()]
    assert (shell.run().status, shell.run().reason) == ("interrupted", "SIGPIPE")


def test_what_runs_on_in_the_background_does_not_hold_the_run_open(shell: Shell) -> None:
    begun = time.monotonic()
    done = shell.wrap("bash", "-c", "sleep 20 & echo done; echo $!")
    assert time.monotonic() - begun < 10
    assert done.stdout.startswith(b"done\n")
    os.kill(int(done.stdout.split()[1]), signal.SIGTERM)


def test_what_writes_a_moment_after_the_end_is_still_heard(shell: Shell) -> None:
    done = shell.wrap("bash", "-c", "exec > >(sleep 0.1; cat); seq 100000")
    assert done.stdout == "".join(f"{number}\n" for number in range(1, 100_001)).encode()


def test_the_last_lines_are_kept_without_colours_and_credentials(shell: Shell, read_facts: Facts) -> None:
    script = (
        "seq 100; printf '\\e[31mred\\e[0m\\n'; printf '10%%\\r50%%\\r100%%\\n';"
        "echo https://me:pass@host/x >&2; printf 'bad \\377 byte\\0\\n'; printf 'no end'; exit 1"
    )
    shell.wrap("bash", "-c", script)
    lines = read_facts(shell.run_folder())["status", "output"].split("\n")
    assert len(lines) == KEPT_LINES
    assert {"100", "red", "100%", "https://host/x", "bad � byte", "no end"} <= set(
        lines
    )  # in whichever order
    assert shell.run().reason == "exit code 1: https://host/x"
    assert not any(b"pass" in path.read_bytes() for path in shell.run_folder().glob("*.csv"))


def test_the_kept_output_is_bounded_and_never_begins_inside_of_a_word() -> None:
    kept = LastLines()
    kept.add(1, b"https://me:" + b"secret" * KEPT_BYTES + b"@host end\n" + b"next\n")
    assert kept.lines() == ["… end", "next"]
    for number in range(100_000):
        kept.add(1, b"%d\n" % number)
    assert kept.lines() == [str(number) for number in range(100_000 - KEPT_LINES, 100_000)]
    kept.add(2, b"a line without end " * 10_000)
    assert len("".join(kept.lines())) <= KEPT_BYTES


def test_what_one_stream_still_had_in_its_buffer_does_not_drive_out_the_error_before_it() -> None:
    kept = LastLines()
    kept.add(2, b"Traceback\nValueError: no\n")
    kept.add(1, b"".join(b"epoch %d\n" % number for number in range(10_000)))
    lines = kept.lines()
    assert lines[:2] == ["Traceback", "ValueError: no"]
    assert lines[2:] == [f"epoch {number}" for number in range(10_000 - KEPT_LINES + 2, 10_000)]
    kept.add(2, b"".join(b"warning %d\n" % number for number in range(10_000)))
    assert Counter(line.split()[0] for line in kept.lines()) == {
        "epoch": KEPT_LINES // 2,
        "warning": KEPT_LINES // 2,
    }


def test_no_output_keeps_nothing_and_stands_out_of_the_way(shell: Shell, read_facts: Facts) -> None:
    done = shell.wrap("bash", "-c", "echo out; readlink /proc/self/fd/1", options=("--no-output",))
    assert done.stdout.startswith(b"out\npipe:")
    assert ("status", "output") not in read_facts(shell.run_folder())


def test_the_run_knows_the_command_and_what_was_said_of_it(shell: Shell, read_facts: Facts) -> None:
    options = ("--name", "first", "--group", "g", "--param", "lr=0.1", "--param", "code='01'", "--param", "n=3",
               "--param", "layers=[64, 64]", "--param", "zero=007", "--tag", "team=vision", "--note", "a, b",
               "--no-user")  # fmt: skip
    shell.wrap("echo", "--api-key", "abc", "https://me:pass@host/x", options=options)
    run = shell.run()
    assert (run.name, run.group, run.notes) == ("first", "g", ("a, b",))
    assert run.params == {"lr": 0.1, "code": "01", "n": 3, "layers": [64, 64], "zero": "007"}
    assert run.tags == {"team": "vision"}
    assert run.code["entry_point"] == "echo --api-key '[redacted]' https://host/x"
    assert not {"python", "packages", "host", "user"} & set(run.env)
    assert {"platform", "cpu"} <= set(run.env)


def test_the_code_is_that_of_the_current_folder(shell: Shell) -> None:
    git = ["git", "-c", "user.name=n", "-c", "user.email=e", "-C", str(shell.folder)]
    (shell.folder / "train.sh").write_text("one\n")
    for words in (["init", "-q", "-b", "trunk"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], check=True)
    (shell.folder / "train.sh").write_text("two\n")
    shell.wrap("true", options=())
    run = shell.run()
    assert (run.code["branch"], run.code["dirty"]) == ("trunk", True)
    assert "+two" in (Path(run.address) / "code.diff").read_text()


TRAP = "trap 'echo got %s; n=$((n+1)); [ $n = 2 ] && exit 9' %s; echo ready; while :; do sleep 0.05; done"


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "USR1", "QUIT"])
def test_a_signal_to_us_reaches_the_command_once(shell: Shell, name: str) -> None:
    command = ("bash", "-c", TRAP % (name, name))
    process = shell.start("run", "--experiment", "e", "--", *command, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    number = getattr(signal, f"SIG{name}")
    process.send_signal(number)
    assert process.stdout.readline() == f"got {name}\n".encode()
    time.sleep(0.3)
    assert shell.run().status == "running"
    process.send_signal(number)
    assert process.communicate(timeout=20)[0] == f"got {name}\n".encode()
    assert process.returncode == 9
    expected = ("failed", "exit code 9") if name == "USR1" else ("interrupted", f"SIG{name}, exit code 9")
    assert (shell.run().status, shell.run().reason.partition(": ")[0]) == expected


def test_a_signal_before_the_command_starts_keeps_it_from_starting(shell: Shell) -> None:
    """While code and machine are looked at: git takes its time, and that is when somebody presses Ctrl-C."""
    shell.script("git", "#!/bin/sh\necho asked > asked\nexec sleep 1\n")
    shell.environment["PATH"] = f"{shell.folder}:{shell.environment['PATH']}"
    process = shell.start("run", "--experiment", "e", "--", "touch", "started")
    wait_until((shell.folder / "asked").exists)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT
    assert (shell.run().status, shell.run().reason) == ("interrupted", "SIGINT")
    assert not (shell.folder / "started").exists()


def test_a_command_that_takes_a_signal_well_is_finished(shell: Shell) -> None:
    script = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    process = shell.start("run", "--experiment", "e", "--", "bash", "-c", script)
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=20)
    assert (process.returncode, shell.run().status) == (0, "finished")


def test_ignored_signals_stay_ignored(shell: Shell) -> None:
    """As with nohup: neither of us hears of the terminal's end."""
    script = "trap '' HUP; exec reportgen run --experiment e -- bash -c 'echo ready; read x; echo $x'"
    process = subprocess.Popen(
        ["bash", "-c", script],
        cwd=shell.folder,
        env=shell.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert process.communicate(b"still here\n", timeout=20)[0] == b"still here\n"
    assert (process.returncode, shell.run().status) == (0, "finished")


def test_stop_and_continue_reach_both(shell: Shell) -> None:
    script = "echo $$; while :; do sleep 0.05; done"
    process = shell.start("run", "--experiment", "e", "--", "bash", "-c", script, start_new_session=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())

    def are(states: str) -> Callable[[], bool]:
        return lambda: all(
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in states
            for pid in (process.pid, child)
        )

    # a group without a shell above it does not obey SIGTSTP, as nobody could wake it
    process.send_signal(signal.SIGSTOP)
    os.kill(child, signal.SIGSTOP)
    wait_until(are("T"))
    process.send_signal(signal.SIGCONT)
    wait_until(are("SR"))
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM


def test_sigkill_of_ours_leaves_an_interrupted_run_and_the_command_to_its_pipe(shell: Shell) -> None:
    script = "echo $$; while :; do sleep 0.05; echo on; done"
    process = shell.start("run", "--experiment", "e", "--", "bash", "-c", script)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    assert shell.run().status == "running"
    process.kill()
    process.wait()
    assert shell.run().status == "interrupted"
    wait_until(lambda: not is_alive(child))
    process.communicate()
