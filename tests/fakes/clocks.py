"""Programs that behave like ``crontab`` and ``systemctl`` of a system, and keep all in one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CRONTAB = """\
#!/bin/sh
# -l lists and says so where there is none; - takes a new one, if each line has five fields or is a comment
table="{folder}/table"
case "$1" in
  -l) if [ -e "$table" ]; then cat "$table"; else echo "no crontab for user" >&2; exit 1; fi ;;
  -) cat > "$table.new"
     if grep -vE '^[[:space:]]*(#|$|[A-Za-z_]+[[:space:]]*=)' "$table.new" |
        grep -qvE '^([^[:space:]]+[[:space:]]+){{5}}[^[:space:]]'; then
       echo "errors in crontab file, can't install." >&2; exit 1
     fi
     mv "$table.new" "$table" ;;
  *) echo "usage error" >&2; exit 1 ;;
esac
"""
SYSTEMCTL = """\
#!/bin/sh
# notes each call; enables only what has a file; refuses all while {folder}/broken is there
echo "$*" >> "{folder}/calls"
if [ -e "{folder}/broken" ]; then echo "Failed to connect to bus: No medium found" >&2; exit 1; fi
for word in "$@"; do
  case "$word" in
    *.timer) if [ ! -e "$XDG_CONFIG_HOME/systemd/user/$word" ]; then
               echo "Unit file $word does not exist." >&2; exit 1
             fi ;;
  esac
done
"""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The programs' folder and what they keep."""

    folder: Path

    @property
    def table(self) -> Path:
        """The crontab."""
        return self.folder / "table"

    @property
    def calls(self) -> list[str]:
        """The words of each call of ``systemctl``."""
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def break_systemd(self) -> None:
        """Let ``systemctl`` refuse everything, as it does in a container."""
        (self.folder / "broken").touch()


def fake_clocks(folder: Path) -> Clocks:
    """Write the programs into a folder, which belongs at the beginning of PATH."""
    folder.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        path = folder / name
        path.write_text(text.format(folder=folder))
        path.chmod(0o755)
    return Clocks(folder)
