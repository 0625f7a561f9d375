"""docs/weekly-mail.md runs from top to bottom, as it is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.clocks import fake_clocks
from tests.fakes.mail_server import free_port

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.timeout(300)
def test_the_guide_leads_from_nothing_to_a_scheduled_mail(tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples", target_is_directory=True)
    clocks = fake_clocks(tmp_path / "bin")
    path = os.pathsep.join((str(clocks.folder), str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c")}
    port = free_port()  # the one of the guide may be taken on this machine
    said: list[subprocess.CompletedProcess[str]] = []
    for text in BLOCK.findall((ROOT / "docs" / "weekly-mail.md").read_text("utf-8")):
        done = subprocess.run(
            ["bash", "-ec", text.replace("8025", str(port))],
            cwd=tmp_path / "weekly" if said else tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{text}\n{done.stderr}"
        said.append(done)
    _, tried, sent, installed, removed = said
    assert [line[-4:] for line in tried.stdout.splitlines()] == [".eml", ".png"]
    first, second, *mails = sent.stdout.splitlines()
    assert (json.loads(first)["state"], json.loads(second)["state"]) == ("done", "done")
    assert len(mails) == 2
    assert len(list((tmp_path / "weekly" / "mailbox" / "new").iterdir())) == 2
    assert "crontab: reportgen-weekly-" in installed.stdout
    assert "clock: crontab" in installed.stdout
    assert "2 of 2" in installed.stdout
    assert "crontab: reportgen-weekly-" in removed.stdout
    assert clocks.table.read_text() == ""


def test_the_line_in_the_crontab_is_one_that_runs(tmp_path: Path) -> None:
    """What cron would call, called by hand, in an environment as bare as cron's."""
    (tmp_path / "weekly").mkdir()
    (tmp_path / "weekly" / "reportgen.toml").write_text(
        f'runs = ["{ROOT / "samples" / "digits"}"]\n[schedule]\nevery = "day 08:00"\n'
        f'[email]\nto = "a@example.com"\nfrom = "b@example.com"\nhost = "127.0.0.1"\nport = {free_port()}\n'
        'security = "none"\nattach = []\n'
    )
    clocks = fake_clocks(tmp_path / "bin")
    path = os.pathsep.join((str(clocks.folder), os.environ["PATH"]))
    subprocess.run(
        [sys.executable, "-m", "reportgen", "schedule", "install", "--cron", "--yes"],
        cwd=tmp_path / "weekly", env={**os.environ, "PATH": path}, capture_output=True, check=True,
    )  # fmt: skip
    line = clocks.table.read_text().splitlines()[1]
    done = subprocess.run(
        ["/bin/sh", "-c", line.split(maxsplit=5)[5]],
        cwd="/", env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
