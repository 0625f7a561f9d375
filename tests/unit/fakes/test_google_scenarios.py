"""The scenarios of publishing notice a publisher that does not do its work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.google import scenarios
from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.scenarios import SCENARIOS, Done, Scenario
from tests.fakes.google.world import PEOPLE_TAB, SheetWorld

NAMES = [scenario.__name__ for scenario in SCENARIOS]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SheetWorld]:
    """A spreadsheet; nothing is served."""
    fake = FakeGoogle(tmp_path)
    yield fake.spreadsheet()
    fake.proxy.server_close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_a_publisher_that_does_nothing_is_noticed(scenario: Scenario, world: SheetWorld) -> None:
    def idle(*_: str) -> Done:
        return Done(0, "done")

    with pytest.raises((AssertionError, IndexError)):
        scenario(world, idle)


@pytest.mark.parametrize(
    "scenario", [one for one in SCENARIOS if one is not scenarios.a_tab_that_was_deleted_is_made_again]
)
def test_a_publisher_that_begins_anew_each_time_is_noticed(scenario: Scenario, world: SheetWorld) -> None:
    def rude(*_: str) -> Done:
        if PEOPLE_TAB in world.titles():
            world.write(PEOPLE_TAB, "A1", "rude")
        if "Runs" in world.titles():
            world.add_tab("Anything")
            world.delete("Runs")
        tab = world.add_tab("Runs", [["loss"]])
        mark = {"metadataKey": "reportgen.tab", "visibility": "DOCUMENT", "location": {"sheetId": tab}}
        world.batch({"createDeveloperMetadata": {"developerMetadata": mark}})
        return Done(0, "done")

    with pytest.raises(AssertionError):
        scenario(world, rude)


def test_a_spreadsheet_is_emptied_for_the_next_scenario(world: SheetWorld) -> None:
    world.seed_people()
    world.clear()
    assert world.titles() == ["Sheet1"]
    assert world.people()["namedRanges"] == []
    assert world.grid("Sheet1") == []
