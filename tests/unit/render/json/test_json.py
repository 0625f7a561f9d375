"""``<slug>.json`` says everything, never NaN, and always in the same bytes."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.config.settings import Audience
from reportgen.document import Column, Number, Row, Section, Table, say
from reportgen.errors import RenderError
from reportgen.render.json import report_json, report_schema
from tests.fakes.findings import STATES
from tests.fakes.reports import PERCENT, full_report
from tests.unit.render.hostile import hostile_report

COMPARISON: dict[str, Any] = {
    "key": "b",
    "metric": "accuracy",
    "baseline": "a",
    "difference": 0.02,
    "relative": 0.022,
    "interval": [0.01, 0.03],
    "p_value": 0.001,
    "p_adjusted": 0.002,
    "method": "Welch",
    "verdict": "better",
    "reason": None,
    "next_step": None,
}
NUMBERS: dict[str, Any] = {
    "schema": 1,
    "title": "T",
    "built_at": "2026-11-22T08:00:00Z",
    "reportgen": "0.1.0",
    "period": None,
    "audience": "team",
    "assumed": [{"what": "primary metric", "why": "its name"}],
    "inputs": {"digest": "7c1f", "sources": [{"address": "runs", "kind": "folder", "runs": 2}]},
    "runs": {
        "total": 2,
        "by_status": {"finished": 2, "failed": 0, "interrupted": 0, "running": 0, "pruned": 0},
        "diverged": 0,
        "excluded": [{"id": "x", "reason": "test"}],
        "skipped": [{"address": "y", "reason": "empty"}],
        "points": 40,
    },
    "metrics": {
        "accuracy": {
            "label": "Accuracy",
            "unit": "%",
            "goal": "maximize",
            "summary": "last",
            "target": None,
            "smallest_difference": 0.005,
            "definition": None,
        }
    },
    "primary": "accuracy",
    "configurations": [
        {
            "key": "b",
            "label": "B",
            "params": {"lr": 0.1, "layers": [1, 2]},
            "run_ids": ["r1"],
            "n": 1,
            "values": [0.92, None],
            "mean": 0.92,
            "spread": None,
            "interval": None,
            "interval_method": None,
            "rank": 1,
            "leading": True,
            "baseline": False,
            "metrics": {"loss": {"mean": 0.1, "interval": [0.1, None], "n": 1}},
        }
    ],
    "comparisons": [COMPARISON],
    "pairs": [COMPARISON],
    "guard_rails": [{"key": "b", "metric": "latency", "limit": 2.0, "bound": 1.8, "state": "kept"}],
    "importance": {"stated": False, "reason": "too_few", "parameters": []},
    "trade_off": None,
    "changes": {"since": None, "entries": []},
    "findings": [{"id": "answer", "level": "claim", "text": "B.", "evidence": ["/comparisons/0"]}],
    "caveats": [{"id": "c", "text": "T."}],
}


def loaded(report: Any) -> Any:
    """Read what was written, refusing what JSON does not know."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(report_json(report), parse_constant=refuse)


def test_the_schema_is_valid_and_the_numbers_fit_it() -> None:
    Draft202012Validator.check_schema(report_schema())
    content = loaded(replace(full_report(), numbers=NUMBERS))
    assert [error.message for error in Draft202012Validator(report_schema()).iter_errors(content)] == []


@pytest.mark.parametrize("audience", ["team", "executive", "public"])
def test_every_state_of_a_report_fits_the_schema(audience: Audience) -> None:
    validator = Draft202012Validator(report_schema())
    for state, findings in STATES.items():
        report = compose(
            findings(), Config(audience=audience), built_at=datetime(2026, 11, 22, tzinfo=UTC), version="1"
        )
        faults = [error.message for error in validator.iter_errors(loaded(report))]
        assert faults == [], state


def test_the_schema_allows_further_keys_but_misses_none() -> None:
    validator = Draft202012Validator(report_schema())
    content = loaded(replace(full_report(), numbers={**NUMBERS, "later": 1}))
    assert list(validator.iter_errors(content)) == []
    for key in [*NUMBERS, "document"]:
        without = {name: value for name, value in content.items() if name != key}
        assert [error.validator for error in validator.iter_errors(without)] == ["required"], key


@pytest.mark.parametrize(
    ("pointer", "wrong"),
    [
        (("comparisons", 0, "verdict"), "best"),
        (("comparisons", 0, "p_value"), 1.5),
        (("configurations", 0, "mean"), "0.9"),
        (("configurations", 0, "interval"), [0.1]),
        (("runs", "by_status", "failed"), -1),
        (("schema",), 2),
        (("document", "sections"), []),
        (("document", "sections", 0, "blocks", 0, "type"), "picture"),
    ],
)
def test_the_schema_refuses_what_does_not_fit(pointer: tuple[str | int, ...], wrong: Any) -> None:
    content = loaded(replace(full_report(), numbers=NUMBERS))
    node = content
    for part in pointer[:-1]:
        node = node[part]
    node[pointer[-1]] = wrong
    assert list(Draft202012Validator(report_schema()).iter_errors(content))


def test_keys_stand_in_reading_order_and_the_document_last() -> None:
    shuffled = dict(sorted(NUMBERS.items(), reverse=True)) | {"zebra": 1, "also": 2}
    assert list(loaded(replace(full_report(), numbers=shuffled))) == [*NUMBERS, "also", "zebra", "document"]


def test_the_same_numbers_in_another_order_give_the_same_bytes() -> None:
    turned = json.loads(json.dumps(NUMBERS), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert report_json(replace(full_report(), numbers=turned)) == report_json(
        replace(full_report(), numbers=MappingProxyType(NUMBERS))
    )


def test_values_that_are_no_numbers_become_null_or_words() -> None:
    table = Table("t", say("T"), (Column("a", "A"),), tuple(Row((v,)) for v in (math.nan, -math.inf, 0.5)))
    report = replace(
        full_report(),
        numbers={"mean": math.nan, "values": (math.inf, 1.5)},
        sections=(Section("answer", say("A"), "A", (table,)),),
    )
    content = loaded(report)
    assert content["mean"] is None
    assert content["values"] == [None, 1.5]
    cells = [row["cells"][0] for row in content["document"]["sections"][0]["blocks"][0]["rows"]]
    assert cells == [
        {"type": "missing", "reason": "not a number"},
        {"type": "missing", "reason": "\N{MINUS SIGN}infinite"},
        0.5,
    ]


def test_every_kind_of_cell_and_span_says_its_type() -> None:
    content = loaded(full_report())
    lead, _, table, *_ = content["document"]["sections"][0]["blocks"]
    assert lead["sentence"]["text"] == "It scored 97.3\u00a0%, a gain of +7.2\u00a0points."
    assert [span["type"] for span in lead["sentence"]["spans"]] == [
        "words",
        "number",
        "words",
        "number",
        "words",
    ]
    assert lead["sentence"]["spans"][1]["value"] == 0.9731
    assert lead["sentence"]["spans"][1]["format"]["style"] == "percent"
    first = table["rows"][0]["cells"]
    assert first[:2] == ["MLP, hidden 64", 0.9731]
    assert first[5] == {"type": "badge", "text": "better", "tone": "good", "sign": "▲"}
    assert first[6] == {"type": "datetime", "value": "2026-11-21T17:30:00+00:00"}
    assert table["rows"][2]["cells"][2] == {"type": "missing", "reason": "reference", "short": ""}


def test_text_from_broken_files_survives() -> None:
    content = loaded(hostile_report())
    names = [row["cells"][0] for row in content["document"]["sections"][-1]["blocks"][0]["rows"]]
    assert "\udc80 surrogate" in names
    assert "nul\x00bell\x07 esc\x1b" in names


def test_what_json_has_no_form_for_is_an_error_with_its_place() -> None:
    with pytest.raises(RenderError, match=r"/a/1: a value of type object cannot"):
        report_json(replace(full_report(), numbers={"a": [1, object()]}))


def test_dates_among_the_numbers_are_written_as_text() -> None:
    when = datetime(2026, 11, 22, tzinfo=UTC)
    assert loaded(replace(full_report(), numbers={"at": when}))["at"] == "2026-11-22T00:00:00+00:00"


def test_a_number_in_a_sentence_keeps_its_text_and_pointer() -> None:
    number = Number(0.5, PERCENT, "/mean")
    report = replace(full_report(), sections=(Section("answer", say(number), "A", ()),))
    title = loaded(report)["document"]["sections"][0]["title"]
    assert title["spans"][0]["text"] == "50.0\u00a0%"
    assert title["spans"][0]["ref"] == "/mean"
