"""Small real runs, made with the logger, and the command line called in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.cli import main
from tests.fakes.browser import chromium


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one error that was told."""
        lines = [line for line in self.err.splitlines() if "error:" in line]
        assert len(lines) == 1, self.err
        return lines[0]


Cli = Callable[..., Answer]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Call ``reportgen`` with some words; nobody ever sees a traceback."""

    def call(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return Answer(code, told.out, told.err)

    return call


def log_run(
    folder: Path,
    params: Mapping[str, object],
    metrics: Mapping[str, float],
    *,
    experiment: str = "digits",
    **more: Any,
) -> str:
    """Log one short finished run and give its id."""
    with reportgen.start_run(experiment, params=params, directory=folder, capture=False, **more) as run:
        if metrics:
            run.log_metrics(metrics, step=0)
    return str(run.id)


def log_study(folder: Path) -> None:
    """Log two models with five seeds each; the second model is clearly better."""
    for model, skill in (("logreg", 0.90), ("mlp", 0.95)):
        for seed in range(5):
            noise = 0.002 * (seed * 3 % 5 - 2)
            values = {"val_accuracy": skill + noise, "latency_ms": 5.0 + seed / 10}
            log_run(folder, {"model": model, "seed": seed}, values)


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log directory with ten runs, to be read only."""
    folder = tmp_path_factory.mktemp("study") / "runs"
    log_study(folder)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPORTGEN_DIR", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with chromium() as started:
        yield started
