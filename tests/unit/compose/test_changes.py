"""What changed since the issue before: short on page one, in full in a section of its own, absent without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reportgen.compose import compose
from reportgen.compose.recipes.changed_results import SAID_OF_RESULTS
from reportgen.compose.recipes.changed_runs import SAID_OF_RUNS, SAID_OF_SET_UPS
from reportgen.config import Config
from reportgen.document import Badge, Callout, Label, Missing, Number, Report, Table, resolve_pointer
from reportgen.findings import CHANGE_KINDS, Change, Changes
from reportgen.issues import Edition, Period
from tests.fakes.findings import digits
from tests.fakes.setups import START

BASE, FIRST, SECOND = "c-0", "c-2", "c-1"
GAP: dict[str, Any] = {"difference": 0.012, "interval": (0.004, 0.02)}
MADE = datetime(2026, 11, 16, 8, tzinfo=UTC)
SINCE = Changes("2026-W46", number=5, made=MADE)
NAMES = {FIRST: "mlp, hidden 256", SECOND: "mlp, hidden 64", BASE: "logreg"}


def report_on(*entries: Change, config: Config | None = None, **changes: Any) -> Report:
    findings = replace(digits(), changes=replace(SINCE, entries=entries, **changes))
    return compose(findings, config or Config(), built_at=START, version="1")


def said(report: Report) -> str:
    """Everything that the section on changes says."""
    section = next(section for section in report.sections if section.id == "changes")
    return plain(s.text for block in section.blocks if hasattr(block, "sentence") for s in [block.sentence])


def plain(texts: Iterable[str]) -> str:
    return "\n".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def list_on_page_one(report: Report) -> Callout | None:
    boxes = (block for block in report.sections[0].blocks if isinstance(block, Callout))
    return next((box for box in boxes if box.title.startswith("What changed")), None)


def test_a_report_that_follows_no_other_says_nothing_of_changes() -> None:
    report = compose(digits(), Config(), built_at=START, version="1")
    assert list_on_page_one(report) is None
    assert "changes" not in {section.id for section in report.sections}
    assert report.numbers["changes"] == {"since": None, "entries": []}


def test_the_section_names_the_issue_before_by_number_and_day() -> None:
    report = report_on()
    title = next(section for section in report.sections if section.id == "changes").title.text
    box = list_on_page_one(report)
    assert title == "What changed since issue 5 of 16\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026"
    assert box is not None
    assert box.title == title
    assert said(report) == "Nothing changed since the issue before."


def test_with_an_earlier_issue_nobody_says_that_there_is_none() -> None:
    few = replace(digits(), history=())
    alone = compose(few, Config(), built_at=START, version="1")
    issue = compose(replace(few, changes=SINCE), Config(), built_at=START, version="1")
    assert "there is no earlier issue" in str(alone.sections)
    assert "there is no earlier issue" not in str(issue.sections)
    assert "the runs cover fewer than three weeks." in str(issue.sections)


SAYINGS: tuple[tuple[tuple[Change, ...], dict[str, Any], str], ...] = (
    (
        (Change("new_best", FIRST, 0.96, 0.974, against=SECOND, verdict="better", **GAP),),
        {},
        (
            "New best: mlp, hidden 256, with 97.4 %. It is better than mlp, hidden 64, which led before, "
            "by 1.2 points (between 0.4 and 2.0 points)."
        ),
    ),
    (
        (Change("new_leader", FIRST, 0.96, 0.974, against=SECOND, verdict="not_settled"),),
        {},
        (
            "mlp, hidden 256 leads now, with 97.4 %. Whether it is better than mlp, hidden 64, which led before, "
            "is not settled."
        ),
    ),
    (
        (
            Change(
                "new_leader", FIRST, 0.96, 0.974, against=SECOND, verdict="not_settled", reason="size_unclear"
            ),
        ),
        {},
        "It is better than mlp, hidden 64, which led before; whether by enough to matter is not settled.",
    ),
    (
        (Change("verdict", SECOND, "better", "not_settled", against=BASE),),
        {},
        "How mlp, hidden 64 compares with logreg is not settled now.",
    ),
    (
        (Change("data", "digits", "v1", "", count=3),),
        {},
        "3 runs used data that the issue before did not have: another version of digits.",
    ),
    (
        tuple(Change("data", name, "v1", "v2", count=3) for name in ("one", "two", "three")),
        {},
        "version v2 of three.",
    ),
    (
        (Change("new_leader", FIRST, 0.96, 0.974, against=SECOND, verdict="too_small"),),
        {},
        "Its gain over mlp, hidden 64, which led before, is too small to matter.",
    ),
    (
        (Change("new_leader", FIRST, 0.96, 0.974, against_label="the old one"),),
        {},
        (
            "mlp, hidden 256 leads now, with 97.4 %. the old one, which led before, has no result here to compare it "
            "with."
        ),
    ),
    (
        (Change("regression", BASE, 0.90, 0.88, verdict="worse", difference=-0.02, interval=(-0.03, -0.01)),),
        {},
        (
            "logreg, run again, came out worse than before: 88.0 % against 90.0 %, by 2.0 points "
            "(between 1.0 and 3.0 points)."
        ),
    ),
    (
        (Change("verdict", SECOND, "not_settled", "better", against=BASE),),
        {},
        "mlp, hidden 64 is now shown to be better than logreg.",
    ),
    (
        (Change("data", "train", "v1", "v2", count=5),),
        {},
        (
            "5 runs used data that the issue before did not have: version v2 of train. These results are not compared with "
            "those on earlier data."
        ),
    ),
    (
        (Change("data", "train", "v1", "v2", count=5),),
        {"breaks": ("data",)},
        "version v2 of train. Results before and after are not compared.",
    ),
    (
        (Change("data", "train", "v1", "v2", count=5),),
        {"compared_all_the_same": True},
        "Part of any difference may come from the data.",
    ),
    (
        (Change("metric", "val_accuracy", "last", "best", label="summary"),),
        {"breaks": ("metric",)},
        "Which value of a run counts as its Accuracy changed. Results before and after are not compared.",
    ),
    (
        (Change("failures", "", 0, 10, count=10, of_added=True), Change("runs_added", "", 30, 50, count=20)),
        {},
        "20 runs were added; 50 are counted now. 10 of the 20 runs that were added gave no result.",
    ),
    (
        (Change("failures", "", 0, 5, count=5), Change("runs_added", "", 30, 35, count=5)),
        {},
        "5 runs more than before gave no result.",
    ),
    (
        (
            Change(
                "small_gain", BASE, 0.90, 0.901, verdict="too_small", difference=0.001, interval=(0.0, 0.002)
            ),
        ),
        {},
        "logreg, run again, came out better than before by 0.1 points, which is too little to matter.",
    ),
    (
        (Change("failures", "", 0, 5, count=5, of_added=True), Change("runs_added", "", 30, 35, count=5)),
        {},
        "None of the 5 runs that were added gave a result.",
    ),
    (
        (Change("data_again", "train", "v2", "v1", count=5),),
        {},
        "5 runs used version v1 of train again.",
    ),
    ((Change("vanished", "c-x", 0.9, None, label="tree"),), {}, "No longer in this report: tree."),
    ((Change("renamed", BASE, "lr", "logreg", label="lr"),), {}, "lr is called logreg now."),
    ((Change("time", "", 600.0, 1200.0),), {}, "took 20 minutes; up to the issue before it was 10 minutes."),
    ((), {"newest_age_days": 9}, "No run was added. The newest run is 9 days old."),
    (
        (Change("runs_added", "", 30, 35, count=5),),
        {"leader": FIRST},
        "No new best: mlp, hidden 256 still leads, with 97.4 %.",
    ),
    (
        (Change("target_reached", FIRST, 0.96, 0.993),),
        {},
        "mlp, hidden 256 reached the target of 99.0 % on average, with 99.3 %.",
    ),
    (
        (Change("first_better", FIRST, 0, 1, against=BASE),),
        {},
        "mlp, hidden 256 is shown to be better than logreg; in the issue before, nothing was.",
    ),
    (
        (Change("baseline", BASE, "tree", "logreg", label="tree"),),
        {},
        "The others are now compared with logreg, no longer with tree.",
    ),
    (
        (Change("outside_range", "2026-W46", 0.97, 0.96, interval=(0.965, 0.975)),),
        {},
        "The best of week 46 of 2026, 96.0 %, lies outside the usual range, 96.5 to 97.5 %.",
    ),
    (
        (Change("outside_range", "2026-W46", 0.97, 0.96, interval=(0.965, 0.9650001)),),
        {},
        "The best of week 46 of 2026, 96.0 %, lies outside the usual range.",
    ),
    (
        (Change("outside_range", "2026-W46", 0.97, 0.96538, interval=(0.9651, 0.9652)),),
        {},
        "The best of week 46 of 2026, 96.54 %, lies outside the usual range, 96.51 to 96.52 %.",
    ),
    (
        (Change("steady", BASE, 0.90, 0.901),),
        {},
        "logreg, run again, shows no change beyond the range of its repeats.",
    ),
    (
        (Change("new", FIRST, None, 0.974), Change("new", SECOND, None, None)),
        {},
        "New set-up: mlp, hidden 256 with 97.4 %. New, but without a result: mlp, hidden 64.",
    ),
    (
        (Change("code", "", "a1", "b2", count=3),),
        {},
        (
            "3 runs were made with code that the issue before did not have. Part of any difference may come from the "
            "code."
        ),
    ),
)


@pytest.mark.parametrize(("entries", "more", "expected"), SAYINGS)
def test_each_change_has_its_sentence(
    entries: tuple[Change, ...], more: dict[str, Any], expected: str
) -> None:
    assert expected in said(report_on(*entries, **more))


def test_every_kind_of_change_has_words_in_sentence_and_table() -> None:
    assert {*SAID_OF_RESULTS, *SAID_OF_SET_UPS, *SAID_OF_RUNS} == set(CHANGE_KINDS)
    covered = {entry.kind for entries, _, _ in SAYINGS for entry in entries}
    rare = {"gain", "deciding_metric", "none_better", "target_lost", "target", "runs_removed", "cost"}
    assert covered | rare == set(CHANGE_KINDS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change("gain", BASE, 0.9, 0.91, **GAP), "logreg, run again, came out better than before"),
        (Change("deciding_metric", "val_accuracy", "f1", "val_accuracy"), "Accuracy instead of f1"),
        (
            Change("none_better", "", 2, 0, against=BASE),
            "No set-up is shown to be better than logreg any more.",
        ),
        (Change("target_lost", FIRST, 0.993, 0.96), "misses the target of 99.0 % on average, with 96.0 %"),
        (Change("target", "val_accuracy", 0.96, 0.97), "The target of Accuracy is 97.0 % now, not 96.0 %."),
        (Change("target", "val_accuracy", None, 0.97), "Accuracy has a target now: 97.0 %."),
        (Change("runs_removed", "", 9, 8, count=1), "1 run of the issue before is not in this report."),
        (Change("cost", "", 1.5, 2.5), "All runs together cost 2.50"),
    ],
)
def test_rare_changes_are_said_too(change: Change, expected: str) -> None:
    assert expected in said(report_on(change))


def test_page_one_has_the_four_that_matter_most() -> None:
    report = report_on(
        Change("new_best", FIRST, 0.96, 0.974, against=SECOND, verdict="better", **GAP),
        Change("failures", "", 0, 2, count=2, of_added=True),
        Change("steady", BASE, 0.9, 0.9),
        Change("new", FIRST, None, 0.974),
        Change("runs_added", "", 30, 50, count=20),
        Change("renamed", BASE, "lr", "logreg", label="lr"),
    )
    box = list_on_page_one(report)
    assert box is not None
    first, second, third, fourth = (sentence.text for sentence in box.sentences)
    assert first.startswith("New best: mlp, hidden 256")
    assert second.startswith("2 of the 20 runs")
    assert third.startswith("logreg, run again")
    assert fourth.startswith("New set-up")


def test_what_is_wrong_with_the_issue_itself_comes_first_in_one_entry() -> None:
    added = Change("runs_added", "", 30, 50, count=20)
    findings = replace(digits(), changes=replace(SINCE, entries=(added,), newest_age_days=9))
    built_at = datetime(2026, 11, 19, 8, tzinfo=UTC)
    box = list_on_page_one(compose(findings, Config(), built_at=built_at, version="1", edition=week(7)))
    assert box is not None
    assert [sentence.text for sentence in box.sentences] == [
        "The period is not over: all numbers are so far. The newest run is 9 days old.",
    ]


def test_every_number_stands_where_it_points_to() -> None:
    for entries, more, _ in SAYINGS:
        report = report_on(*entries, **more)
        numbers = [n for s in report.sentences() for n in s.numbers if n.ref.startswith("/changes")]
        assert all(resolve_pointer(report.numbers, number.ref) == number.value for number in numbers)
    evidence = {ref for f in report.numbers["findings"] if f["id"] == "changes" for ref in f["evidence"]}
    assert evidence == {"/changes/entries/0/count"}


@pytest.mark.parametrize(
    ("change", "sides"),
    [
        (Change("metric", "val_accuracy", "last", "max", label="summary"), ("last value", "largest value")),
        (
            Change("metric", "val_accuracy", "mean of last 5", "at best loss", label="summary"),
            ("average of the last 5 values", "value where loss is best"),
        ),
        (
            Change("metric", "val_accuracy", "minimize", "maximize", label="goal"),
            ("lower is better", "higher is better"),
        ),
        (Change("metric", "val_accuracy", None, "maximize", label="goal"), ("nothing", "higher is better")),
        (Change("metric", "val_accuracy", "", "%", label="unit"), ("nothing", "%")),
        (Change("deciding_metric", "val_accuracy", "f1", "val_accuracy"), ("f1", "Accuracy")),
    ],
)
def test_the_table_says_words_of_the_configuration_as_people_do(
    change: Change, sides: tuple[str, str]
) -> None:
    table = next(b for b in report_on(change).blocks() if isinstance(b, Table) and b.id == "changes")
    cells = table.rows[0].cells[2:]
    told = [c.reason if isinstance(c, Missing) else c.text if isinstance(c, Label) else c for c in cells]
    assert told == list(sides)


def test_an_issue_without_a_number_is_named_by_its_week_in_words() -> None:
    report = report_on(number=None, made=None)
    title = next(section for section in report.sections if section.id == "changes").title.text
    assert title == "What changed since week 46 of 2026"


def test_the_table_shows_both_sides_in_the_metrics_format() -> None:
    report = report_on(
        Change("verdict", SECOND, "not_settled", "better", against=BASE), Change("new", FIRST, None, 0.974)
    )
    table = next(b for b in report.blocks() if isinstance(b, Table) and b.id == "changes")
    verdict, new = (row.cells for row in table.rows)
    assert verdict[0] == "verdict"
    assert verdict[1] == Label("mlp, hidden 64", "/configurations/1/label")
    assert new[1] == Label("mlp, hidden 256", "/configurations/0/label")
    assert verdict[2:] == (Badge("not settled", "caution", "?"), Badge("better", "good", "▲"))
    assert new[2] == Missing("not there")
    assert isinstance(new[3], Number)
    assert (new[3].text, new[3].ref) == ("97.4\N{NO-BREAK SPACE}%", "/changes/entries/1/after")


def week(number: int, **changes: Any) -> Edition:
    start = datetime(2026, 11, 16, tzinfo=UTC)
    return Edition(number, Period("2026-W47", "weekly", start, start + timedelta(days=7)), **changes)


def test_an_issue_says_its_number_period_and_what_it_corrects() -> None:
    report = compose(digits(), Config(), built_at=START, version="1", edition=week(7, corrects=6))
    assert (report.meta.issue, report.meta.corrects, report.meta.period) == (7, 6, "2026-W47")
    assert report.numbers["period"] == "2026-W47"
    assert report.numbers["issue"]["number"] == 7
    assert report.numbers["issue"]["corrects"] == 6


@pytest.mark.parametrize(("day", "is_partial"), [(19, True), (23, False)])
def test_a_period_that_is_not_over_is_said_to_be_so_far(day: int, *, is_partial: bool) -> None:
    findings = replace(digits(), changes=SINCE)
    built_at = datetime(2026, 11, day, 8, tzinfo=UTC)
    report = compose(findings, Config(), built_at=built_at, version="1", edition=week(7))
    assert ("The period is not over: all numbers are so far." in said(report)) == is_partial
    assert report.numbers["issue"]["partial"] == is_partial
