"""Which facts of a data set tell that two configurations ran on other data."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.config.settings import CompareConfig, Config
from reportgen.findings import Findings
from tests.fakes.runsets import make_run, make_runset


def compared(old: dict[str, Any], new: dict[str, Any]) -> Findings:
    runs = [
        make_run(
            number,
            {"model": model, "seed": number % 3},
            {"accuracy": 0.8 + number / 100},
            data={"digits": facts},
        )
        for number, (model, facts) in enumerate([("old", old)] * 3 + [("new", new)] * 3)
    ]
    return analyse(make_runset(runs), Config(compare=CompareConfig(baseline={"model": "old"})))


@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        ({"sha256": "a"}, {"sha256": "b"}, True),
        ({"sha256": "a", "kind": "table"}, {"sha256": "b", "kind": "table"}, True),
        ({"sha256": "a", "kind": "table"}, {"sha256": "b", "kind": "file"}, False),
        ({"sha256": "a"}, {"sha256": "b", "kind": "file"}, True),
        ({"sha256": "a", "version": "1"}, {"sha256": "a", "version": "2"}, False),
        ({"sha256": "a", "version": "1", "kind": "table"}, {"sha256": "b", "version": "2"}, True),
        ({"md5": "a", "pointer": "dvc"}, {"md5": "b", "pointer": "dvc"}, True),
        ({"md5": "a", "version": "1"}, {"md5": "a", "version": "2"}, False),
        ({"kind": "uri", "version": "1"}, {"kind": "uri", "version": "2"}, True),
        ({"kind": "uri", "source": "s3://b/x"}, {"kind": "uri", "source": "s3://b/y"}, False),
    ],
)
def test_only_hashes_of_the_same_kind_and_else_versions_tell_data_apart(
    old: dict[str, Any], new: dict[str, Any], differ: bool
) -> None:
    found = compared(old, new)
    verdicts = {comparison.verdict for comparison in found.comparisons}
    assert ("not_comparable" in verdicts) is differ


def test_a_table_and_its_file_are_not_called_mixed_data_but_two_hashes_of_dvc_are() -> None:
    assert (
        compared({"sha256": "a", "kind": "table"}, {"sha256": "b", "kind": "file"}).quality.mixed_data == ()
    )
    found = compared({"md5": "a"}, {"md5": "b"}).quality
    assert found.mixed_data == ("digits",)
    assert {version.sha256 for version in found.data} == {"a", "b"}
