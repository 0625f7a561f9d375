"""One value set in the user's own file, all else left as it is."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from reportgen.config import read_config
from reportgen.config.editing import with_setting, write_setting
from reportgen.errors import ConfigError

NEW = "1AbC-new_id"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[sheet]\nid = "NEW"\n'),
        ('title = "T"   # mine\n', 'title = "T"   # mine\n\n[sheet]\nid = "NEW"\n'),
        ('title = "T"', 'title = "T"\n\n[sheet]\nid = "NEW"\n'),
        (
            '[sheet]  # who sees it\nshare = ["a@b.c"]\n',
            '[sheet]  # who sees it\nid = "NEW"\nshare = ["a@b.c"]\n',
        ),
        ("[sheet]", '[sheet]\nid = "NEW"\n'),
        ("[sheet]\nid='old' # the old one\n[theme]\n", '[sheet]\nid="NEW" # the old one\n[theme]\n'),
        ('sheet = { share = ["a@b.c"] }\n', 'sheet = { id = "NEW", share = ["a@b.c"] }\n'),
        ("sheet = {}\n", 'sheet = { id = "NEW"}\n'),
        ('sheet.share = ["a@b.c"]\n', 'sheet.id = "NEW"\nsheet.share = ["a@b.c"]\n'),
        (
            '# [sheet]\ntitle = """\n[sheet]\n"""\n',
            '# [sheet]\ntitle = """\n[sheet]\n"""\n\n[sheet]\nid = "NEW"\n',
        ),
        ("[sheet]\r\nnotify = true\r\n", '[sheet]\r\nid = "NEW"\r\nnotify = true\r\n'),
        ("\ufeff[sheet]\n", '\ufeff[sheet]\nid = "NEW"\n'),
    ],
)
def test_only_the_value_changes(before: str, after: str) -> None:
    assert with_setting(before, ("sheet",), "id", NEW) == after.replace("NEW", NEW)


def test_every_place_gives_the_value_that_was_set() -> None:
    text = '[tool.other]\nx = 1\n[tool.reportgen]\ntitle = "T"\n[tool.reportgen.sheet]\nnotify = false\n'
    edited = with_setting(text, ("tool", "reportgen", "sheet"), "id", NEW)
    assert tomllib.loads(edited)["tool"]["reportgen"]["sheet"] == {"id": NEW, "notify": False}
    assert [line for line in edited.splitlines() if line not in text.splitlines()] == [f'id = "{NEW}"']


@pytest.mark.parametrize("text", ["sheet = 5\n", "[[sheet]]\nshare = []\n", "title = \n"])
def test_what_cannot_be_edited_is_told_and_left(text: str) -> None:
    with pytest.raises(ConfigError):
        with_setting(text, ("sheet",), "id", NEW)


def test_the_file_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text('title = "T"\n', "utf-8")
    real.chmod(0o640)
    link = tmp_path / "reportgen.toml"
    link.symlink_to(real)
    write_setting(link, "sheet", "id", NEW)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert read_config(link).sheet == {"id": NEW}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real.toml", "reportgen.toml"]


def test_a_file_is_begun_where_there_is_none(tmp_path: Path) -> None:
    write_setting(tmp_path / "reportgen.toml", "sheet", "id", NEW)
    assert (tmp_path / "reportgen.toml").read_text("utf-8") == f'[sheet]\nid = "{NEW}"\n'


def test_in_pyproject_the_table_is_that_of_the_tool(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "p"  # keep\n\n[tool.reportgen]\ntitle = "T"\n', "utf-8")
    write_setting(path, "sheet", "id", NEW)
    text = path.read_text("utf-8")
    assert text.startswith('[project]\nname = "p"  # keep\n\n[tool.reportgen]\ntitle = "T"\n')
    assert read_config(path).sheet == {"id": NEW}
