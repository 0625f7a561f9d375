"""What a whole build costs, and where the time goes.

    python benchmarks/build/run.py           the digits sample, and 1,000 runs of 5 million points: a minute

CPU seconds and peak memory are those of `reportgen build` as a user starts it, all four outputs, nothing
cached, worker processes counted. The stages are timed in a second pass inside one process.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

Made = TypeVar("Made")


def whole_build(runs: Path, out: Path, *options: str) -> tuple[float, float]:
    """Build all outputs in a process of its own; give its CPU seconds and its peak memory in MB."""
    words = [sys.executable, "-m", "reportgen", "build", str(runs), "--out", str(out), "--no-cache", *options]
    silent = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    process = os.posix_spawn(
        sys.executable, words, {**os.environ, "PYTHONPATH": str(ROOT)}, file_actions=silent
    )
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the build failed"
    assert len(list(out.iterdir())) == 4, "an output is missing"
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def stages(runs: Path, out: Path) -> dict[str, float]:
    """Give the CPU seconds of each stage, imports counted where they happen, and processes that it starts."""
    found: dict[str, float] = {}

    def used() -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system

    def timed(name: str, call: Callable[[], Made]) -> Made:
        start = used()
        made = call()
        found[name] = used() - start
        return made

    def render(format_name: str) -> None:
        from reportgen.render import render_outputs

        render_outputs(report, (format_name,), out, config.theme)

    from reportgen import pipeline
    from reportgen.config import Config

    config = Config(runs=(str(runs),))
    read = timed("load", lambda: pipeline.load(config, cache=False))
    from reportgen.analyse import analyse
    from reportgen.compose import compose

    findings = timed("analyse", lambda: analyse(read, config))
    report = timed(
        "compose", lambda: compose(findings, config, built_at=pipeline.build_time(), version="benchmark")
    )
    for format_name in config.outputs.formats:
        timed(format_name, lambda: render(format_name))  # noqa: B023 - called at once
    return found


def measure(name: str, runs: Path, most_seconds: float, most_megabytes: float) -> None:
    """Measure one build and print it beside its goals."""
    with tempfile.TemporaryDirectory() as out:
        seconds, peak = whole_build(runs, Path(out))
    print(f"\n{name}")
    print(f"  CPU {seconds:.1f} s (goal: at most {most_seconds:g}; {_verdict(seconds, most_seconds)})")
    print(f"  peak {peak:.0f} MB (goal: at most {most_megabytes:g}; {_verdict(peak, most_megabytes)})")


def tell_stages(name: str, runs: Path) -> None:
    """Print where the time of one build goes."""
    with tempfile.TemporaryDirectory() as out:
        parts = stages(runs, Path(out))
    print(f"\n{name}, by stage, CPU s")
    print("  " + ", ".join(f"{stage} {used:.2f}" for stage, used in parts.items()))


def _verdict(value: float, most: float) -> str:
    return "met" if value <= most else "MISSED"


if __name__ == "__main__":
    from benchmarks.load.run import write_runs

    digits = ROOT / "samples" / "digits"
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder)
        write_runs(large, 0, 1_000, 1_000)
        # both before any stage: a child's peak counts what its parent held when it was started
        measure("samples/digits, without configuration", digits, 8, 1024)
        measure("1,000 runs x 1,000 steps x 5 metrics", large, 30, 1024)
        tell_stages("samples/digits", digits)
        tell_stages("1,000 runs", large)
