"""Forests grow in a process of their own, with the same result to the last bit, or else in this one."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from reportgen.analyse import forest, growing
from reportgen.analyse.forest import Ground, Grown, Plan, grow, pack, pack_grown, unpack_grown
from reportgen.analyse.growing import grow_forests

ROOT = Path(__file__).parents[3]


def ground(effect: float, seed: int = 1) -> Ground:
    """Forty configurations of a number and a text of three columns; the number may decide."""
    draw = np.random.default_rng(seed)
    matrix = np.hstack([draw.random((40, 1)), np.eye(3)[draw.integers(0, 3, 40)]])
    results = effect * matrix[:, 0] + 0.1 * draw.standard_normal(40)
    draws = np.random.default_rng(seed).bit_generator.state
    return Ground(Plan(seed, draws, 0.3, 2), matrix, results, np.array([1, 3]))


GROUNDS = (ground(1.0), ground(0.0, seed=2))


def here() -> bytes:
    return pack_grown(grow(entry) for entry in GROUNDS)


@pytest.fixture(scope="module")
def whole() -> bytes:
    """What all trees find."""
    return here()


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look as if scikit-learn were not loaded; its parts stay, so that it is not loaded anew."""
    import sklearn.ensemble  # noqa: F401 - loaded

    monkeypatch.delitem(sys.modules, "sklearn")


@pytest.fixture
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be quick; which process it was, the trees do not tell."""
    monkeypatch.setattr(forest, "TREES", 40)
    monkeypatch.setattr(forest, "RESAMPLED_TREES", 2)


def program(path: Path, *lines: str) -> Path:
    """Write a program that leaves its process number behind, and take it for the interpreter."""
    path.write_text("\n".join(["#!/bin/sh", f"echo $$ >> '{path}.started'", *lines]) + "\n")
    path.chmod(0o755)
    return path


def started(path: Path) -> list[int]:
    """Give the process numbers of a program's starts."""
    marks = Path(f"{path}.started")
    return [int(line) for line in marks.read_text().split()] if marks.exists() else []


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


DRIVER = """
import sys
sys.path[:] = {path!r}
from tests.unit.analyse.test_growing import GROUNDS, grow_forests, pack_grown
import base64
print(base64.b64encode(pack_grown(grow_forests(GROUNDS))).decode())
print([name for name in ("sklearn", "scipy.stats", "pandas") if name in sys.modules])
"""


def test_a_process_of_its_own_finds_the_same_bits_and_leaves_nothing_loaded(
    tmp_path: Path, whole: bytes
) -> None:
    """Libraries are found where the caller finds them, pandas is not looked for, and chatter is no answer."""
    (tmp_path / "pandas.py").write_text(f"open({str(tmp_path / 'loaded')!r}, 'w')\nraise ImportError\n")
    (tmp_path / "psutil.py").write_text("print('hello')\nraise ImportError\n")
    path = [str(tmp_path), str(ROOT), *sys.path]
    base = getattr(sys, "_base_executable", sys.executable)  # it has no libraries but those it is shown
    words = [base, "-I", "-S", "-c", DRIVER.format(path=path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    answer, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    assert base64.b64decode(answer) == whole
    assert not (tmp_path / "loaded").exists()
    assert done.stderr == ""


def test_what_is_refused_has_no_resamples(whole: bytes) -> None:
    stated, refused = unpack_grown(whole, GROUNDS)
    assert (stated.losses.shape, refused.losses.shape) == ((2, 2), (0, 2))
    assert stated.predicted > 0.3 > refused.predicted


def test_one_process_does_for_all_forests_of_an_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unloaded: None, whole: bytes
) -> None:
    python = program(tmp_path / "python", f"exec '{sys.executable}' \"$@\"")
    monkeypatch.setattr(sys, "executable", str(python))
    assert pack_grown(grow_forests(GROUNDS)) == whole
    assert len(started(python)) == 1


def test_where_scikit_learn_is_loaded_no_process_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_trees: None
) -> None:
    import sklearn.ensemble  # noqa: F401 - loaded

    python = program(tmp_path / "python")
    monkeypatch.setattr(sys, "executable", str(python))
    assert pack_grown(grow_forests(GROUNDS)) == here()
    assert started(python) == []


def test_without_a_forest_no_process_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unloaded: None
) -> None:
    python = program(tmp_path / "python")
    monkeypatch.setattr(sys, "executable", str(python))
    assert grow_forests([]) == []
    assert started(python) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["exit 1"],
        ["kill -KILL $$"],
        ["exit 0"],
        ["cat >/dev/null", "echo hello"],
        ["cat"],
        ["cat >/dev/null", "head -c 100 '{answer}'"],
        ["cat >/dev/null", "cat '{wrong}'; echo"],
        ["cat >/dev/null", "cat '{other}'"],
        ["cat '{wrong}'; exit 3"],
        ["exec sleep 60"],
    ],
    ids=["fails", "killed", "silent", "junk", "echo", "torn", "more", "another", "late fault", "hangs"],
)
def test_a_process_that_brings_no_answer_is_done_without(
    lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unloaded: None, few_trees: None
) -> None:
    expected = here()
    answer, wrong, other = (tmp_path / name for name in ("answer", "wrong", "other"))
    answer.write_bytes(expected)
    wrong.write_bytes(pack_grown(Grown(0.0, np.zeros((0, 2))) for _ in GROUNDS))
    other.write_bytes(pack_grown(Grown(0.9, np.zeros((2, 5))) for _ in GROUNDS))
    python = program(
        tmp_path / "python", *(line.format(answer=answer, wrong=wrong, other=other) for line in lines)
    )
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(growing, "TIME_LIMIT_S", 3.0)
    assert pack_grown(grow_forests(GROUNDS)) == expected
    assert [is_gone(process) for process in started(python)] == [True]


@pytest.mark.parametrize("name", [None, "", "python-that-is-not-there", "folder/python"])
def test_without_an_interpreter_that_starts_it_is_done_here(
    name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unloaded: None, few_trees: None
) -> None:
    expected = here()
    (tmp_path / "folder" / "python").mkdir(parents=True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / name) if name else name)
    assert pack_grown(grow_forests(GROUNDS)) == expected


@pytest.mark.parametrize(("name", "frozen"), [("uwsgi", False), ("python", True)])
def test_a_program_that_python_is_built_into_is_not_started_again(
    name: str, frozen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unloaded: None, few_trees: None
) -> None:
    expected = here()
    application = program(tmp_path / name)
    monkeypatch.setattr(sys, "executable", str(application))
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    assert pack_grown(grow_forests(GROUNDS)) == expected
    assert started(application) == []


def test_ctrl_c_ends_both_processes(tmp_path: Path) -> None:
    python = program(tmp_path / "python", "exec sleep 60")
    code = (
        "import sys\n"
        "from tests.unit.analyse.test_growing import GROUNDS, grow_forests\n"
        f"sys.executable = {str(python)!r}\n"
        "grow_forests(GROUNDS)\n"
    )
    words = [sys.executable, "-c", code]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while not started(python) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.2)  # past the start, into the wait
        process.send_signal(signal.SIGINT)
        _, complained = process.communicate(timeout=30)
    assert complained.rstrip().endswith("KeyboardInterrupt")
    assert [is_gone(child) for child in started(python)] == [True]


def test_what_is_asked_arrives_as_it_is() -> None:
    from reportgen.analyse.forest import unpack

    odd = ground(1.0)._replace(results=np.array([-0.0, 5e-324, np.pi, 1e308]))
    for sent, arrived in zip((*GROUNDS, odd), unpack(pack((*GROUNDS, odd))), strict=True):
        assert arrived.plan == sent.plan
        for first, second in zip(sent[1:], arrived[1:], strict=True):
            assert (first.dtype, first.shape, first.tobytes()) == (
                second.dtype, second.shape, second.tobytes()
            )  # fmt: skip


def test_a_process_whose_caller_was_killed_ends_too(tmp_path: Path) -> None:
    """Nobody waits for its answer; the largest sweeps would keep a core busy for a minute."""
    python = program(tmp_path / "python", f"exec '{sys.executable}' \"$@\"")
    code = (
        f"import sys; sys.executable = {str(python)!r}; import numpy as np\n"
        "from reportgen.analyse.growing import Ground, grow_forests\n"
        "from reportgen.analyse.forest import Plan\n"
        "draw = np.random.default_rng(1); matrix = draw.normal(size=(1500, 60))\n"
        "plan = Plan(1, draw.bit_generator.state, 0.1, 200)\n"
        "grow_forests([Ground(plan, matrix, matrix[:, 0], np.ones(60, dtype=np.int64))])\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as caller:
        until = time.monotonic() + 60
        while not started(python) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(2.0)
        caller.kill()
    (child,) = started(python)
    until = time.monotonic() + 5.0
    while not is_gone(child) and time.monotonic() < until:
        time.sleep(0.1)
    ended = is_gone(child)
    if not ended:
        os.kill(child, signal.SIGKILL)
    assert ended
