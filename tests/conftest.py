"""Fixtures that many tests share: the samples, built once a test process."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen.document import Report
from tests.fakes.google.fixture import google, google_here

__all__ = ["BuiltSample", "build_sample", "google", "google_here"]

ROOT = Path(__file__).parents[1]
SAMPLES = ("digits", "regression", "weekly", "tasks")


def pytest_configure() -> None:
    """Take signals as a terminal gives them.

    A suite run in the background has some of them ignored, and would hand that down to the programs
    whose answer to signals is tested.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGHUP", "SIGQUIT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


@dataclass(frozen=True, slots=True)
class BuiltSample:
    """One sample's report and its four files."""

    name: str
    report: Report
    files: dict[str, Path]
    """By format."""


def build_sample(name: str, directory: Path) -> BuiltSample:
    """Run the whole pipeline over one sample."""
    from reportgen import pipeline
    from reportgen.config.reading import read_config

    config = read_config(ROOT / "samples" / name / "reportgen.toml")
    result = pipeline.build(config, directory=directory, cache=False)
    assert not result.outputs.failed
    return BuiltSample(name, result.report, {made.format: made.path for made in result.outputs.made})


@pytest.fixture(scope="session", params=SAMPLES)
def built_sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BuiltSample:
    """Each sample in turn, all four outputs made from it."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1795305600")
    return build_sample(request.param, tmp_path_factory.mktemp(request.param))
