"""Facts about code and machine: what is captured, what is left out, and that nothing of it can break a run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.collect import capture, git
from reportgen.collect.alive import host_name

Facts = Callable[[Path], dict[tuple[str, str], Any]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, in which a script was started."""
    folder = tmp_path / "code"
    folder.mkdir()
    script = folder / "train.py"
    script.write_text("a = 1\n", encoding="utf-8")
    identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *identity, *words], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", [str(script), "--lr", "0.1"])
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    return folder


def logged(tmp_path: Path, read_facts: Facts, **options: Any) -> tuple[Path, dict[tuple[str, str], Any]]:
    run = reportgen.start_run("e", directory=tmp_path / "runs", **options)
    run.finish()
    return run.directory, read_facts(run.directory)


def test_clean_code_is_its_commit(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    folder, facts = logged(tmp_path, read_facts)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert facts["code", "commit"] == head.stdout.strip()
    assert facts["code", "branch"] == "main"
    assert facts["code", "dirty"] is False
    assert facts["code", "diff_sha256"] is None
    assert facts["code", "entry_point"] == "train.py --lr 0.1"
    assert not (folder / "code.diff").exists()


def test_changed_code_is_kept_as_a_diff(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    (repository / "train.py").write_text("a = 2\n", encoding="utf-8")
    folder, facts = logged(tmp_path, read_facts)
    diff = (folder / "code.diff").read_bytes()
    assert b"-a = 1\n+a = 2\n" in diff
    assert facts["code", "dirty"] is True
    assert facts["code", "diff_sha256"] == hashlib.sha256(diff).hexdigest()


def test_a_large_diff_is_cut_at_a_line_and_says_so(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Facts
) -> None:
    monkeypatch.setattr(git, "MAX_DIFF_BYTES", 200)
    (repository / "train.py").write_text("b = 12345678\n" * 100, encoding="utf-8")
    folder, facts = logged(tmp_path, read_facts)
    diff = (folder / "code.diff").read_bytes()
    assert diff.endswith(b"\n")
    assert len(diff) == facts["code", "diff_kept_bytes"] <= 200 == facts["code", "diff_cap_bytes"]
    assert facts["code", "diff_bytes"] > 1300


def test_a_resumed_run_keeps_both_diffs(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    (repository / "train.py").write_text("a = 2\n", encoding="utf-8")
    folder, _ = logged(tmp_path, read_facts)
    (repository / "train.py").write_text("a = 3\n", encoding="utf-8")
    _, facts = logged(tmp_path, read_facts, resume=folder.name)
    assert b"+a = 2" in (folder / "code.diff").read_bytes()
    assert b"+a = 3" in (folder / facts["code", "diff_file"]).read_bytes()


def test_machine_and_packages_are_told(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    _, facts = logged(tmp_path, read_facts)
    assert facts["env", "python"] == ".".join(str(part) for part in sys.version_info[:3])
    assert f"{os.cpu_count()} cores" in facts["env", "cpu"]
    assert facts["env", "packages"]["pytest"] == pytest.__version__
    assert facts["env", "host"] == host_name()


def test_host_and_user_can_be_left_out(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    _, facts = logged(tmp_path, read_facts, capture_user=False)
    names = {name for kind, name in facts if kind == "env"}
    assert names & {"host", "user"} == set()
    assert "python" in names


def test_a_further_writers_files_do_not_name_a_host_that_is_left_out(tmp_path: Path) -> None:
    first = reportgen.start_run("e", directory=tmp_path, capture=False)
    reportgen.start_run("e", directory=tmp_path, resume=first.id, capture=False).finish()
    first.finish()
    host = host_name().partition(".")[0]
    further = [path.name.partition(".")[2] for path in first.directory.glob("alive.*")]
    assert len(further) == 1
    assert not further[0].startswith(f"{host}-")


def test_capture_can_be_left_out_whole(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    _, facts = logged(tmp_path, read_facts, capture=False)
    assert {kind for kind, _ in facts} == {"run", "status"}


def test_nothing_in_capture_can_break_a_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Facts
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("no such thing here")

    asked = ("_code", "_platform", "_cpu", "_memory", "_packages", "_user", "_notebook", "entry_point")
    for name in (*asked, "GpuQuestion"):
        monkeypatch.setattr(capture, name, broken)
    run = reportgen.start_run("e", directory=tmp_path / "runs")
    run.finish()
    facts = read_facts(run.directory)
    assert facts["status", "status"] == "finished"
    assert facts["env", "python"]


def test_no_git_at_all_leaves_the_commit_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Facts
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train.py"])
    monkeypatch.setenv("PATH", str(tmp_path))
    _, facts = logged(tmp_path, read_facts)
    assert facts["code", "commit"] is None
    assert facts["code", "dirty"] is None


@pytest.mark.parametrize(
    ("capture", "kinds"),
    [
        ({"git"}, {"commit", "branch", "dirty", "diff_sha256"}),
        (["command", "packages"], {"entry_point", "packages"}),
        ("machine", {"python", "platform", "cpu", "memory_bytes"}),
        ({"user"}, {"host", "user"}),
        (
            {"-git", "-diff", "-packages", "-gpu"},
            {"entry_point", "python", "platform", "cpu", "memory_bytes", "host", "user"},
        ),
        ([], set()),
    ],
)
def test_each_part_of_the_capture_has_a_switch(
    repository: Path, tmp_path: Path, read_facts: Facts, capture: Any, kinds: set[str]
) -> None:
    _, facts = logged(tmp_path, read_facts, capture=capture)
    assert {name for kind, name in facts if kind in ("code", "env")} == kinds


def test_a_change_may_be_told_without_its_text(repository: Path, tmp_path: Path, read_facts: Facts) -> None:
    (repository / "train.py").write_text("password = 'x'\n", encoding="utf-8")
    folder, facts = logged(tmp_path, read_facts, capture={"-diff"})
    assert facts["code", "dirty"] is True
    assert len(facts["code", "diff_sha256"]) == 64
    assert [path.name for path in folder.iterdir() if "diff" in path.name] == []


@pytest.mark.parametrize("capture", [{"gti"}, {"git", "-diff"}, {"-nothing"}, {3}, "code", {""}])
def test_an_unknown_part_of_the_capture_is_refused(tmp_path: Path, capture: Any) -> None:
    with pytest.raises(reportgen.LoggingError, match=r"command, git, diff, machine, gpu, packages, user"):
        reportgen.start_run("e", directory=tmp_path, capture=capture)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:token@git.example/o/r.git", "https://git.example/o/r.git"),
        ("git@git.example:o/r.git", "git@git.example:o/r.git"),
        ("alice@git.example:o/r.git", "git.example:o/r.git"),
    ],
)
def test_the_remote_is_told_without_credentials(
    repository: Path, tmp_path: Path, read_facts: Facts, address: str, shown: str
) -> None:
    for name, url in (("mirror", "https://elsewhere/r.git"), ("origin", address)):
        subprocess.run(["git", "remote", "add", name, url], cwd=repository, check=True)
    _, facts = logged(tmp_path, read_facts)
    assert facts["code", "remote"] == shown


def test_changes_outside_of_the_scripts_folder_count(
    repository: Path, tmp_path: Path, read_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = repository / "jobs"
    inner.mkdir()
    monkeypatch.chdir(inner)
    monkeypatch.setattr("sys.argv", ["-c"])
    (repository / "train.py").write_text("a = 5\n", encoding="utf-8")
    folder, facts = logged(tmp_path, read_facts)
    assert facts["code", "dirty"] is True
    assert b"+a = 5" in (folder / "code.diff").read_bytes()


def test_all_installed_packages_are_told_whether_loaded_or_not(
    repository: Path, tmp_path: Path, read_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    site = tmp_path / "site"
    for name in ("never_loaded-1.5.dist-info", "Old.Egg-2.0-py3.11.egg-info", "no_version.egg-info"):
        (site / name).mkdir(parents=True)
    monkeypatch.syspath_prepend(site)
    _, facts = logged(tmp_path, read_facts, capture={"packages"})
    found = facts["env", "packages"]
    assert (found["never-loaded"], found["old-egg"]) == ("1.5", "2.0")
    for name in ("numpy", "pandas", "import-linter", "openxml-audit", "scipy-stubs"):
        assert found[name] == metadata.version(name)


def test_capture_is_quick_in_a_large_repository(
    repository: Path, tmp_path: Path, read_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The benchmark has the figure; this guards against a capture that reads every file."""
    many = repository / "many"
    many.mkdir()
    for number in range(3000):
        (many / f"{number}.txt").write_text("x" * 2000, encoding="utf-8")
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    identity = ["-c", "user.name=t", "-c", "user.email=t@t"]
    subprocess.run(["git", *identity, "commit", "-q", "-m", "many"], cwd=repository, check=True)
    before = os.times()
    _, facts = logged(tmp_path, read_facts)
    after = os.times()
    assert facts["code", "dirty"] is False
    assert sum(after[:4]) - sum(before[:4]) < 1.0
