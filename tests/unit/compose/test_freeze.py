"""The frozen numbers have the published shape and hold nothing that JSON cannot."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from reportgen.compose import compose, freeze
from reportgen.compose.numbers import Frozen, pointer, shorten
from reportgen.compose.plain import plain
from reportgen.config import Config
from reportgen.document import NumberFormat, resolve_pointer
from tests.fakes.findings import STATES, digits
from tests.fakes.setups import START

TOP = {
    "schema", "title", "built_at", "reportgen", "period", "audience", "assumed", "inputs", "runs", "metrics",
    "primary", "configurations", "comparisons", "pairs", "guard_rails", "importance", "trade_off", "changes",
    "findings", "caveats",
}  # fmt: skip
KEYS = {
    "inputs": {"digest", "sources"},
    "runs": {"total", "by_status", "diverged", "excluded", "skipped", "points"},
    "configurations": {
        "key", "label", "params", "run_ids", "n", "values", "mean", "spread", "interval", "interval_method",
        "rank", "leading", "baseline", "metrics",
    },
    "comparisons": {
        "key", "metric", "baseline", "difference", "relative", "interval", "p_value", "p_adjusted", "method",
        "verdict", "reason", "next_step",
    },
    "guard_rails": {"key", "metric", "limit", "bound", "state"},
    "importance": {"stated", "reason", "parameters"},
    "trade_off": {"metrics", "frontier"},
    "changes": {"since", "entries"},
    "findings": {"id", "level", "text", "evidence"},
    "caveats": {"id", "text"},
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_published_keys_are_there_and_json_can_hold_them(state: str) -> None:
    report = compose(STATES[state](), Config(), built_at=START, version="0.1.0")
    published = json.loads(json.dumps(report.numbers, allow_nan=False))
    assert published.keys() >= TOP
    assert published["schema"] == 1
    for name, keys in KEYS.items():
        records = published[name] if isinstance(published[name], list) else [published[name]]
        assert all(record.keys() >= keys for record in records), name


def test_freeze_numbers_are_the_findings() -> None:
    findings = digits()
    frozen = freeze(findings, Config(), title="T", built_at=START, version="1")
    assert [c["mean"] for c in frozen["configurations"]] == [c.mean for c in findings.configurations]
    assert [c["difference"] for c in frozen["comparisons"]] == [c.difference for c in findings.comparisons]
    assert set(frozen["runs"]["by_status"]) == {"finished", "failed", "interrupted", "running", "pruned"}
    assert frozen["metrics"]["val_accuracy"]["target"] == 0.99
    assert frozen["pairs"][0]["metric"] == "val_accuracy"


def test_sizes_follow_the_direction_of_the_gap() -> None:
    findings = digits()
    worse = next(c for c in findings.comparisons if c.verdict == "worse")
    frozen = freeze(findings, Config(), title="T", built_at=START, version="1")
    entry = next(c for c in frozen["comparisons"] if c["key"] == worse.key)
    assert worse.difference is not None
    assert worse.interval is not None
    assert entry["size"] == -worse.difference > 0
    assert (entry["size_low"], entry["size_high"]) == (-worse.interval[1], -worse.interval[0])


def test_counts_of_verdicts_add_up() -> None:
    counts = freeze(digits(), Config(), title="T", built_at=START, version="1")["counts"]
    verdicts = ("better", "worse", "about_the_same", "too_small", "not_settled", "not_comparable")
    assert sum(counts[v] for v in verdicts) == counts["compared"] == 7


def test_values_become_plain() -> None:
    east = timezone(timedelta(hours=2))
    assert plain(math.nan) is None
    assert plain([math.inf, -math.inf, 1.5]) == [None, None, 1.5]
    assert plain(datetime(2026, 11, 22, 10, 0, tzinfo=east)) == "2026-11-22T08:00:00Z"
    assert plain(datetime(2026, 11, 22, 8, 0, tzinfo=UTC)) == "2026-11-22T08:00:00Z"
    assert plain({1: (True, None)}) == {"1": [True, None]}
    assert json.dumps(plain({"a": np.int64(3), "b": np.float64(0.5)})) == '{"a": 3, "b": 0.5}'
    assert plain(object) == "<class 'object'>"


def test_non_finite_run_values_are_null_and_named_in_the_table() -> None:
    findings = digits()
    report = compose(findings, Config(), built_at=START, version="0.1.0")
    places = [i for i, row in enumerate(findings.rows) if row.diverged]
    assert places
    assert all(report.numbers["rows"][i]["values"].get("val_accuracy") is None for i in places)


def test_frozen_reads_by_pointer_only() -> None:
    frozen = Frozen({"a": [{"b/c": 0.25, "t": "x" * 100, "n": None, "yes": True}], "one": 1})
    number = frozen.number(pointer("a", 0, "b/c"), NumberFormat("percent"))
    assert (number.value, number.ref, number.text) == (0.25, "/a/0/b~1c", "25\N{NO-BREAK SPACE}%")
    assert frozen.label("/a/0/t", 11).text == "xxxxx…xxxxx"
    for wrong in ("/a/1", "/a/0/n", "/a/0/t", "/a/0/yes", "/nothing"):
        with pytest.raises(KeyError):
            frozen.number(wrong)
        assert not frozen.has(wrong)


def test_pointers_of_names_with_slashes_resolve() -> None:
    assert resolve_pointer({"m/~x": {"k": 2}}, pointer("m/~x", "k")) == 2


def test_shorten_keeps_both_ends() -> None:
    assert shorten("short", 10) == "short"
    assert shorten("abcdefghijklmnop", 7) == "abc…nop"
    assert len(shorten("word " * 50, 40)) <= 40


def test_first_report_has_no_changes_and_a_null_period() -> None:
    frozen = freeze(replace(digits()), Config(), title="T", built_at=START, version="1")
    assert frozen["changes"] == {"since": None, "entries": []}
    assert frozen["period"] is None
