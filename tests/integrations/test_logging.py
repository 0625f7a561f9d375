"""Warnings become notes: few, short, once each, and never at the cost of the training."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import reportgen
from reportgen.integrations.logging import RunHandler
from tests.integrations.conftest import ReadRun

TheRun = Callable[[], ReadRun]


@pytest.fixture
def log() -> logging.Logger:
    return logging.Logger("training")  # noqa: LOG001 - one that pytest's own handlers, which raise, do not hear


def test_warnings_and_errors_are_noted_and_no_more(
    log_directory: Path, log: logging.Logger, the_run: TheRun
) -> None:
    with reportgen.start_run("x") as run:
        log.addHandler(RunHandler(run))
        log.info("epoch 1")
        log.warning("slow disk: %d s", 3)
        log.error("left out", exc_info=ValueError("no batch"))
    assert the_run().notes == [
        "WARNING training: slow disk: 3 s",
        "ERROR training: left out (ValueError: no batch)",
    ]


def test_a_message_that_comes_again_is_noted_once_and_counted(
    log_directory: Path, log: logging.Logger, the_run: TheRun
) -> None:
    with reportgen.start_run("x") as run:
        handler = RunHandler(run)
        log.addHandler(handler)
        for _ in range(500):
            log.warning("slow")
        handler.close()
    assert the_run().notes == ["WARNING training: slow", "Came 499 times more: WARNING training: slow"]


def test_notes_are_capped_in_number_and_length(
    log_directory: Path, log: logging.Logger, the_run: TheRun
) -> None:
    with reportgen.start_run("x") as run:
        handler = RunHandler(run, max_notes=3, max_length=50)
        log.addHandler(handler)
        for number in range(10):
            log.warning("%d %s", number, "x" * 1000)
        handler.close()
    notes = the_run().notes
    assert [len(note) for note in notes[:3]] == [51, 51, 51]
    assert notes[3:] == ["There were more warnings: only the first 3 are noted.", "Warnings left out: 7."]


def test_it_never_raises_and_never_listens_to_itself(log_directory: Path, log: logging.Logger) -> None:
    class Chatty:
        def __str__(self) -> str:
            log.warning("while showing")
            raise RuntimeError("cannot be shown")

    with reportgen.start_run("x") as run:
        log.addHandler(RunHandler(run))
        log.warning("%s", Chatty())
        log.warning("wrong %d", "format")
    log.warning("the run is finished")
    assert log.handlers


def test_the_block_takes_everything_out_again(
    log_directory: Path, the_run: TheRun, capsys: pytest.CaptureFixture[str]
) -> None:
    before = logging.getLogger().handlers[:], warnings.showwarning
    with reportgen.start_run("x") as run:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            inside = warnings.showwarning
            with RunHandler(run):
                warnings.warn("inside", stacklevel=1)
            assert warnings.showwarning is inside
        logging.getLogger("other").warning("outside")
    assert (logging.getLogger().handlers[:], warnings.showwarning) == before
    (note,) = the_run().notes
    assert "UserWarning: inside" in note
