"""What has to hold when a report is published into a spreadsheet that people work in.

Each scenario takes a `SheetWorld`, the fake's or a real one, and something that publishes into it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.google.world import SheetWorld

ROOT = Path(__file__).parents[3]
SCRIBBLE = "scribbled by Bo"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one publication."""

    code: int
    said: str
    """All that was printed."""


Publish = Callable[..., Done]
"""Publishes with some options of the command line: ``publish("--dry-run")``."""
Scenario = Callable[[SheetWorld, Publish], None]


def command_line(world: SheetWorld, sample: str = "digits") -> Publish:
    """Publish a sample into the spreadsheet with a process of its own."""

    def publish(*options: str) -> Done:
        config = ROOT / "samples" / sample / "reportgen.toml"
        where = ["--config", str(config), "--sheet", world.spreadsheet_id]
        done = subprocess.run(
            [sys.executable, "-m", "reportgen", "publish", *where, *options],
            env=os.environ | dict(world.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    return publish


def well(done: Done) -> Done:
    """Give what a publication said, and see that it went well."""
    assert done.code == 0, done.said
    return done


def publishing_again_changes_nothing(world: SheetWorld, publish: Publish) -> None:
    """The same runs once more: the same tabs, charts, rules, ids, sizes."""
    well(publish())
    assert world.ours()
    before = world.structure()
    well(publish())
    assert world.structure() == before


def people_are_left_alone(world: SheetWorld, publish: Publish) -> None:
    """Notes, formulas, filter views, names, rules, charts and marks of people stay as they were."""
    world.seed_people()
    before = world.people()
    for _ in range(2):
        well(publish())
        assert world.ours()
        assert world.people() == before


def a_dry_run_writes_nothing(world: SheetWorld, publish: Publish) -> None:
    """It says what it would do."""
    before = world.read()
    assert well(publish("--dry-run")).said
    assert world.read() == before
    well(publish())
    assert world.ours()


def a_tab_that_was_renamed_and_moved_is_brought_up_to_date(world: SheetWorld, publish: Publish) -> None:
    """It keeps the name and the place that a person gave it."""
    well(publish())
    first, count = world.ours()[0], len(world.ours())
    was = world.cell(first, "A1")
    world.rename(first, "Renamed by Bo")
    world.move("Renamed by Bo", len(world.titles()))
    world.write("Renamed by Bo", "A1", SCRIBBLE)
    well(publish())
    assert world.titles()[-1] == "Renamed by Bo"
    assert world.cell("Renamed by Bo", "A1") == was
    assert len(world.ours()) == count


def a_tab_that_was_deleted_is_made_again(world: SheetWorld, publish: Publish) -> None:
    """With the same content."""
    well(publish())
    ours = world.ours()
    was = world.cell(ours[0], "A1")
    world.delete(ours[0])
    well(publish())
    assert sorted(world.ours()) == sorted(ours)
    assert world.cell(ours[0], "A1") == was


def a_tab_of_a_person_with_our_title_is_not_taken(world: SheetWorld, publish: Publish) -> None:
    """Ours gets another title."""
    well(publish())
    title, count = world.ours()[0], len(world.ours())
    world.delete(title)
    world.add_tab(title, [["mine"]])
    well(publish())
    assert world.grid(title) == [["mine"]]
    assert title not in world.ours()
    assert len(world.ours()) == count


def edits_are_kept_where_that_is_asked_for(world: SheetWorld, publish: Publish) -> None:
    """Else they are written over, and named."""
    well(publish())
    first = world.ours()[0]
    was = world.cell(first, "A1")
    world.write(first, "A1", SCRIBBLE)
    refused = publish("--keep-edits")
    assert refused.code == 1
    assert f"{first}!A1" in refused.said
    assert world.cell(first, "A1") == SCRIBBLE
    assert SCRIBBLE in well(publish()).said
    assert world.cell(first, "A1") == was


SCENARIOS: tuple[Scenario, ...] = (
    publishing_again_changes_nothing,
    people_are_left_alone,
    a_dry_run_writes_nothing,
    a_tab_that_was_renamed_and_moved_is_brought_up_to_date,
    a_tab_that_was_deleted_is_made_again,
    a_tab_of_a_person_with_our_title_is_not_taken,
    edits_are_kept_where_that_is_asked_for,
)
