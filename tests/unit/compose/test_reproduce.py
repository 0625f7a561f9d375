from __future__ import annotations

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Table
from tests.fakes.runsets import START, make_run, make_runset


def test_packages_that_paper_has_room_for_are_those_that_differ_and_those_that_train() -> None:
    others = {f"a{number:02}": "1" for number in range(20)}
    installed = [
        {**others, "numpy": "2.4", "scikit_learn": "1.9", "a07": "1", "zlib-ng": "3"},
        {**others, "numpy": "2.4", "scikit_learn": "1.9", "a07": "2", "zlib-ng": "3"},
    ]
    runs = [
        make_run(number, {"seed": number}, {"accuracy": 0.9}, env={"packages": packages})
        for number, packages in enumerate(installed)
    ]
    report = compose(analyse(make_runset(runs), Config()), Config(), built_at=START, version="0")
    (table,) = [block for block in report.blocks() if isinstance(block, Table) and block.id == "packages"]
    names = [str(getattr(row.cells[0], "text", row.cells[0])) for row in table.rows]
    assert names[:5] == ["a07", "scikit_learn", "numpy", "a00", "a01"]
    assert names[-1] == "zlib-ng"
    assert len(names) == 23
