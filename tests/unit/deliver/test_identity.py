"""Whose ledger it is, at the places where it was before."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.deliver.database import open_ledger
from reportgen.deliver.identity import Nameplate, find_job, take_job
from reportgen.errors import DeliveryError


def plate_of(folder: Path, config: str = "reportgen.toml") -> Nameplate:
    return Nameplate.of(folder / config, folder / "reports" / "issues")


def take(folder: Path, config: str = "reportgen.toml") -> str:
    file = folder / "reports" / "issues" / "ledger.sqlite"
    with closing(open_ledger(file)) as connection:
        plate = plate_of(folder, config)
        job = take_job(connection, file, plate)
        assert find_job(connection, file, plate) == job
        return job


def test_a_place_is_told_by_how_the_configuration_is_seen_from_the_issues(tmp_path: Path) -> None:
    assert plate_of(tmp_path / "Our digits") == Nameplate("our-digits", "../../")
    assert plate_of(tmp_path / "digits", "pyproject.toml").seen == "../../"
    assert plate_of(tmp_path / "digits", "board.toml") == Nameplate("digits-board", "../../board")
    outside = Nameplate.of(tmp_path / "digits" / "reportgen.toml", tmp_path / "out" / "issues")
    assert outside == Nameplate("digits", "digits/")
    up = Nameplate.of(tmp_path / "digits" / "reportgen.toml", tmp_path / "digits" / ".." / "out" / "issues")
    assert up == outside
    assert Nameplate.of(None, tmp_path) == Nameplate("report", "")


def test_the_same_folder_by_another_way_is_no_copy(tmp_path: Path) -> None:
    assert take(tmp_path / "digits") == "digits"
    (tmp_path / "link").symlink_to(tmp_path / "digits", target_is_directory=True)
    assert take(tmp_path / "link") == "digits"
    assert take(tmp_path / "digits") == "digits"


@pytest.mark.parametrize("now_there", ["nothing", "no database", "a ledger of its own", "an older ledger"])
def test_what_came_where_a_report_was_does_not_hold_it_up(tmp_path: Path, now_there: str) -> None:
    assert take(tmp_path / "digits") == "digits"
    (tmp_path / "digits").rename(tmp_path / "moved")
    file = tmp_path / "digits" / "reports" / "issues" / "ledger.sqlite"
    if now_there != "nothing":
        file.parent.mkdir(parents=True)
    if now_there == "no database":
        file.write_bytes(os.urandom(8192))
    if now_there == "a ledger of its own":
        assert take(tmp_path / "digits") == "digits"
    if now_there == "an older ledger":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE period (job TEXT)")
    assert take(tmp_path / "moved") == "digits"


def test_of_two_copies_the_first_one_goes_on(tmp_path: Path) -> None:
    take(tmp_path / "digits")
    shutil.copytree(tmp_path / "digits", tmp_path / "copy")
    with pytest.raises(DeliveryError, match="is a copy"):
        take(tmp_path / "copy")
    assert take(tmp_path / "digits") == "digits"
    shutil.rmtree(tmp_path / "digits")
    assert take(tmp_path / "copy") == "digits"


def test_a_folder_of_issues_that_was_moved_is_known_by_the_name_of_its_report(tmp_path: Path) -> None:
    """As after ``directory`` was changed; another report's, and one that is still in use, are refused."""
    assert take(tmp_path / "digits") == "digits"
    (tmp_path / "out").mkdir()
    issues = (tmp_path / "digits" / "reports" / "issues").rename(tmp_path / "out" / "issues")
    file = issues / "ledger.sqlite"
    with closing(open_ledger(file)) as connection:
        with pytest.raises(DeliveryError, match="another report"):
            find_job(connection, file, Nameplate.of(tmp_path / "other" / "reportgen.toml", issues))
        plate = Nameplate.of(tmp_path / "digits" / "reportgen.toml", issues)
        assert take_job(connection, file, plate) == "digits"
        with pytest.raises(DeliveryError, match="another report"):
            find_job(connection, file, plate_of(tmp_path / "digits"))
