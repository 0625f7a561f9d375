from __future__ import annotations

import os
from pathlib import Path

from reportgen.load.executors import LocalPool

PARENT = os.getpid()


def square(value: int) -> int:
    return value * value


def die_in_a_worker(request: tuple[int, int]) -> int:
    """End the process unless it is the one that asks."""
    parent, value = request
    if value == 2 and os.getpid() != parent:
        os._exit(9)
    return value * value


def pid(_: int) -> int:
    return os.getpid()


def test_results_come_in_the_order_of_the_batches() -> None:
    assert list(LocalPool(2, least_batches=1).map(square, range(6))) == [0, 1, 4, 9, 16, 25]


def test_what_a_lost_worker_leaves_undone_is_done_here(tmp_path: Path) -> None:
    batches = [(os.getpid(), value) for value in range(6)]
    assert list(LocalPool(2, least_batches=1).map(die_in_a_worker, batches)) == [0, 1, 4, 9, 16, 25]


def test_few_batches_are_done_here() -> None:
    assert set(LocalPool(4, least_batches=3).map(pid, [1, 2])) == {os.getpid()}
