"""Collect: the logger, which runs inside somebody's training and writes run folders.

Standard library only, light to import, no threads unless asked for system metrics. It raises :class:`~reportgen.errors.LoggingError`
for a wrong call at once, and never raises for its own trouble (full disk, vanished folder) unless
``strict=True`` asks for it.

    start.py    start_run: checks the arguments, makes or resumes the folder
    run.py      Run: what a training script calls
    keeping.py  the part of Run that logs data sets and artifacts
    rows.py     names and values become the cells of a row
    secrets.py  values that must not be written
    points.py   which file a row of metrics goes to
    append.py   one file, append-only, whole rows, nothing lost on a full disk
    tails.py    the ends of files that an earlier life of a run left
    alive.py    the lock that tells a running run from a dead one
    exits.py    how a run ends when nobody calls finish: exceptions, signals, exit, fork
    ranks.py    how the processes of a distributed job find one run
    extras.py   seeds.py, system.py (how busy the machine is), picture.py (a run in a notebook)
    notebook.py a cell that is run twice
    datasets.py what data tell about themselves: tables.py frames.py objects.py trees.py pointers.py
                tabular.py parquet.py;  digests.py: each file is read once
    artifacts.py  files and folders that are kept;  exhibits.py: figures and tables;  names.py
    outer.py    the run around this process, which start_run goes on with;  told.py: what its folder tells
    shell.py    what `reportgen log` writes, many processes into the same files
    command.py  `reportgen run`: any command as a run;  relay.py: its output;  signals.py: its signals
    capture.py  facts about the machine;  gpu.py: about its devices;  git.py: about the code
"""

from reportgen.collect.run import Run
from reportgen.collect.start import start_run

__all__ = ["Run", "start_run"]
