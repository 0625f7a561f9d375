"""Sync: bring run folders to another place and back, over any store that fsspec reaches.

    syncing.py    the way of a call: list both sides, then run by run
    interface.py  what the parts hand to one another
    local.py      a folder of this machine;  remote.py: a store behind fsspec
    listing.py    which files belong to a run, and in which order they travel
    copying.py    one file: the same, new, longer, or in conflict
    comparing.py  are two files the same, or one the beginning of the other?
    ledger.py     what was compared before and has not changed since

Run files only grow: a file replaces another only if that one is its beginning. Nothing is deleted.
"""

from __future__ import annotations

from reportgen.sync.interface import FileOutcome, SyncResult
from reportgen.sync.syncing import sync_runs

__all__ = ["FileOutcome", "SyncResult", "sync_runs"]
