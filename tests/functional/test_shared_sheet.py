"""The scenarios of publishing, which also run in a real sheet (tests/live), against the fake of Google."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.config import Config
from reportgen.document import Report
from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.scenarios import SCENARIOS, Done, Scenario
from tests.functional.conftest import Cli


@cache
def made_report(addresses: tuple[str, ...]) -> Report:
    return pipeline.report(Config(runs=addresses))


def study_report(config: Config, **_: object) -> Report:
    """Make the report of the study once: what is tested here begins after it."""
    return made_report(config.runs)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(
    scenario: Scenario,
    cli: Cli,
    study: Path,
    here: Path,
    google_here: FakeGoogle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setattr("reportgen.pipeline.sheet.make_report", study_report)
    world = google_here.spreadsheet()

    def publish(*options: str) -> Done:
        answer = cli("publish", study, "--sheet", world.spreadsheet_id, *options)
        return Done(answer.code, answer.out + answer.err)

    scenario(world, publish)
