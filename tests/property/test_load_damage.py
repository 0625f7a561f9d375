"""Run folders damaged at random: read without an error, and alike alone and in a batch."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reportgen.load.folders import RunFolderSource
from reportgen.load.summary import summarise
from tests.fakes.run_folders import START, run_text, wide_text, write_run

FACTS = [
    ("param", "a", 'x,"y"\nz'),
    ("note", "", "two\nlines"),
    ("param", "b", [1, 2]),
    ("env", "packages", {"a": "1"}),
]
DIRT = [b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b"nan", b"e", b"-", b"(", b"\xff", b""]


def damaged(text: str, rng: random.Random) -> bytes:
    """Cut, repeat, overwrite and insert bytes in up to five places."""
    data = bytearray(text.encode())
    for _ in range(rng.choice([0, 1, 1, 2, 5])):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del data[at : at + rng.randrange(30)]
            case 2:
                data[at:at] = rng.choice(DIRT)
            case 3:
                del data[at:]
            case _:
                data[at:at] = data[max(0, at - 50) : at]
    return bytes(data)


def damaged_run(run_id: str, rng: random.Random) -> dict[str, bytes]:
    rows = [
        (START + at + rng.random(), at, repr(rng.random()), rng.choice([None, "nan", "0.5", "inf"]))
        for at in range(20)
    ]
    names = [rng.choice(["a", "b", "loss"]) for _ in range(15)]
    points = "".join(f"{START + at},{at},{name},{rng.random()!r}\n" for at, name in enumerate(names))
    return {
        "run.csv": damaged(run_text(run_id, facts=FACTS), rng),
        "metrics.csv": damaged(wide_text(["loss", "acc"], rows), rng),
        "metrics-2.csv": damaged(wide_text(["loss", "x"], rows[::2]), rng),
        "metrics-long.csv": damaged("time,step,name,value\n" + points, rng),
    }


@pytest.mark.parametrize("seed", range(3))
def test_damage_is_read_alike_alone_and_in_a_batch(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - test data
    for at in range(120):
        write_run(tmp_path / f"r{at:03d}", damaged_run(f"r{at}", rng))
    folders = RunFolderSource().discover(str(tmp_path)).folders
    together = summarise(folders).to_pylist()
    assert len(together) == 120
    for folder, row in zip(folders, together, strict=True):
        assert repr(summarise([folder]).to_pylist()[0]) == repr(row)
