"""How a command ended that ``reportgen run`` ran: facts of one run that no report needs, read when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.errors import AddressError
from reportgen.load.contents import Contents
from reportgen.load.facts import FactReader, NotRunFileError
from reportgen.load.folders import RunFolderSource
from reportgen.load.interface import Fault

ENDING = ("exit_code", "signal", "output")
"""Names of the facts, in the order in which people read them."""


def read_ending(address: str) -> Mapping[str, Any]:
    """Give what the run at *address* tells of its command's end; empty where it tells nothing, or is no run folder.

    ``exit_code`` is None where a signal ended the command, ``signal`` None where none did; ``output`` holds
    the last lines.
    """
    try:
        folders = RunFolderSource().discover(address).folders
    except AddressError:
        return {}
    if len(folders) != 1:
        return {}
    (folder,) = folders
    contents, faults = Contents(folders), list[Fault]()
    try:
        files = [
            (file.name, contents.whole(folder, file)) for file in folder.files if file.name.startswith("run")
        ]
        facts = FactReader().read(files, faults).of_kind("status")
    except (OSError, NotRunFileError):
        return {}
    return {name: facts[name] for name in ENDING if name in facts}
