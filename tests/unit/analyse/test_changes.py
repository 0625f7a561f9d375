"""What changed since an earlier issue: like is compared with like, and nothing is claimed that runs do not carry."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config.settings import Audience, CompareConfig, Config, CostConfig, MetricConfig
from reportgen.errors import UsageError
from reportgen.findings import Change, Changes
from reportgen.runs import Run
from tests.fakes.runsets import make_run, make_runset

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = START + timedelta(days=1)
NOISE = (-0.002, -0.001, 0.0, 0.001, 0.002)
METRIC = MetricConfig("accuracy", goal="maximize", unit="%", definition="Share of hits.", primary=True)
CONFIG = Config(metrics={"accuracy": METRIC}, compare=CompareConfig(baseline={"model": "old"}))


def runs_of(
    model: str, mean: float, *, first: int = 0, week: int = 0, noise: Sequence[float] = NOISE, **facts: Any
) -> list[Run]:
    """Repeats of one model around a mean, numbered from *first* on."""
    return [
        make_run(
            first + place,
            {"model": model, "seed": first + place},
            {"accuracy": mean + gap},
            started=START + timedelta(weeks=week, minutes=first + place),
            **facts,
        )
        for place, gap in enumerate(noise)
    ]


OLD = runs_of("old", 0.90)
NEW = runs_of("new", 0.92, first=10)
FIRST = [*OLD, *NEW]


def numbers(runs: Sequence[Run], config: Config = CONFIG) -> Mapping[str, Any]:
    """What an issue about these runs would have frozen, as it is read back."""
    report = compose(
        analyse(make_runset(runs), config, NOW), config, built_at=NOW, version="1", period="2026-W45"
    )
    found: Mapping[str, Any] = json.loads(json.dumps(report.numbers, allow_nan=False))
    return found


def changes(
    before: Sequence[Run],
    after: Sequence[Run],
    config: Config = CONFIG,
    earlier: Config | None = None,
    now: datetime | None = None,
) -> Changes:
    return analyse(make_runset(after), config, now, numbers(before, earlier or config)).changes


def kinds(found: Changes) -> list[str]:
    return [entry.kind for entry in found.entries]


def only(found: Changes, kind: str) -> Change:
    (entry,) = [entry for entry in found.entries if entry.kind == kind]
    return entry


def key_of(model: str) -> str:
    findings = analyse(make_runset([*FIRST, *runs_of("third", 0.95, first=20)]), CONFIG)
    return next(c.key for c in findings.configurations if c.params["model"] == model)


def test_without_an_earlier_issue_nothing_is_said() -> None:
    assert analyse(make_runset(FIRST), CONFIG).changes == Changes()


def test_the_same_runs_are_no_change() -> None:
    found = changes(FIRST, FIRST)
    assert found.entries == ()
    assert (found.since, found.made, found.leader) == ("2026-W45", NOW, key_of("new"))


def test_an_issue_without_a_period_is_named_by_its_day() -> None:
    told = {**numbers(FIRST), "period": None}
    assert analyse(make_runset(FIRST), CONFIG, since=told).changes.since == NOW.date().isoformat()


@pytest.mark.parametrize("wrong", [{}, {"schema": 2, "configurations": []}, {"schema": 1}])
def test_what_is_no_report_is_refused(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(UsageError, match="no frozen numbers that can be read"):
        analyse(make_runset(FIRST), CONFIG, since=wrong)


def test_a_leader_that_the_runs_show_to_be_better_is_a_new_best() -> None:
    found = changes(FIRST, [*FIRST, *runs_of("third", 0.95, first=20)])
    best = only(found, "new_best")
    assert (best.key, best.against, best.against_label) == (key_of("third"), key_of("new"), "new")
    assert best.verdict == "better"
    assert (best.before, best.after) == (pytest.approx(0.92), pytest.approx(0.95))
    assert best.difference == pytest.approx(0.03)
    assert best.interval is not None
    assert 0 < best.interval[0] < 0.03 < best.interval[1]
    assert found.leader == ""


@pytest.mark.parametrize(
    ("mean", "noise"),
    [(0.9201, NOISE), (0.95, (0.0,)), (0.95, (0.0, 0.001)), (0.93, (-0.05, 0.05, 0.0))],
    ids=["a hair ahead", "one run", "two runs", "scattered"],
)
def test_a_leader_that_may_be_luck_is_no_new_best(mean: float, noise: tuple[float, ...]) -> None:
    found = changes(FIRST, [*FIRST, *runs_of("third", mean, first=20, noise=noise)])
    assert "new_best" not in kinds(found)
    leader = only(found, "new_leader")
    assert (leader.key, leader.verdict) == (key_of("third"), "not_settled")


def test_a_leader_whose_rival_was_not_run_again_is_not_compared_with_it() -> None:
    found = changes(FIRST, [*OLD, *runs_of("third", 0.95, first=20)])
    leader = only(found, "new_leader")
    assert (leader.verdict, leader.difference, leader.against, leader.against_label) == (
        None,
        None,
        "",
        "new",
    )
    gone = only(found, "vanished")
    assert (gone.key, gone.label, gone.after) == (key_of("new"), "new", None)
    assert only(found, "runs_removed").count == 5


def test_lower_is_better_where_the_metric_says_so() -> None:
    config = replace(CONFIG, metrics={"accuracy": replace(METRIC, goal="minimize")})
    found = changes(FIRST, [*FIRST, *runs_of("third", 0.85, first=20)], config)
    assert only(found, "new_best").key == key_of("third")
    assert only(found, "new_best").difference == pytest.approx(0.05)


def test_the_first_that_is_better_than_the_baseline_is_told_and_so_is_its_loss() -> None:
    third = runs_of("third", 0.95, first=20)
    started = only(changes(OLD, [*OLD, *third]), "first_better")
    assert (started.key, started.before, started.after) == (key_of("third"), 0, 1)
    ended = only(changes([*OLD, *third], OLD), "none_better")
    assert (ended.before, ended.after) == (1, 0)
    assert "first_better" not in kinds(changes(FIRST, [*FIRST, *third]))  # there was one before


def test_a_set_up_that_came_out_worse_when_run_again_is_a_regression() -> None:
    again = runs_of("old", 0.88, first=30, week=1)
    found = changes(FIRST, [*FIRST, *again])
    worse = only(found, "regression")
    assert (worse.key, worse.verdict, worse.count) == (key_of("old"), "worse", 5)
    assert (worse.before, worse.after) == (pytest.approx(0.90), pytest.approx(0.88))
    assert worse.difference == pytest.approx(-0.02)
    assert only(changes(FIRST, [*FIRST, *runs_of("old", 0.91, first=30)]), "gain").verdict == "better"


def test_a_set_up_that_was_run_again_without_a_shown_change_is_steady() -> None:
    found = changes(FIRST, [*FIRST, *runs_of("old", 0.9005, first=30, week=1)])
    assert only(found, "steady").verdict == "not_settled"
    assert not {"regression", "gain"} & set(kinds(found))


@pytest.mark.parametrize(
    ("least", "verdict", "reason"), [(0.02, "too_small", None), (0.006, "not_settled", "size_unclear")]
)
def test_a_gain_that_is_shown_but_small_is_no_standstill(
    least: float, verdict: str, reason: str | None
) -> None:
    config = replace(CONFIG, metrics={"accuracy": replace(METRIC, smallest_difference=least)})
    found = changes(FIRST, [*FIRST, *runs_of("old", 0.905, first=30, week=1)], config)
    small = only(found, "small_gain")
    assert (small.verdict, small.reason) == (verdict, reason)
    assert "steady" not in kinds(found)


def test_many_set_ups_that_were_run_again_are_judged_together() -> None:
    """By Holm: of ten that are the same, none may be called worse because it drew the worst runs."""
    wide = (-0.02, -0.01, 0.0, 0.01, 0.02)
    before = [run for n in range(10) for run in runs_of(f"m{n}", 0.9, first=100 * n, noise=wide)]
    before += runs_of("top", 0.99, first=2000)  # so that no other one was picked
    shifted = [0.874, *[0.9] * 9]
    again = [run for n in range(10) for run in runs_of(f"m{n}", shifted[n], first=100 * n + 50, noise=wide)]
    config = replace(CONFIG, compare=CompareConfig())
    assert "regression" not in kinds(changes(before, [*before, *again], config))
    alone = [run for run in [*before, *again] if run.params["model"] == "m0"]
    assert "regression" in kinds(changes(alone[:5], alone, config))


def test_a_leader_of_several_that_falls_back_was_picked_and_is_no_regression() -> None:
    """The best of many is flattered: that a second round falls short is no change."""
    first = [*FIRST, *runs_of("third", 0.95, first=20)]
    found = changes(
        first, [*first, *runs_of("third", 0.93, first=40, week=1), *runs_of("old", 0.88, first=50)]
    )
    assert [(e.kind, e.key) for e in found.entries if e.kind in ("regression", "gain", "steady")] == [
        ("regression", key_of("old"))  # the one that all are compared with was not picked
    ]


def test_runs_that_confirm_are_no_second_round() -> None:
    fresh = runs_of("new", 0.90, first=40, week=1, tags={"purpose": "confirmation"})
    assert not {"regression", "gain", "steady"} & set(kinds(changes(FIRST, [*FIRST, *fresh])))


def test_two_new_runs_are_too_few_to_say_anything() -> None:
    found = changes(FIRST, [*FIRST, *runs_of("old", 0.80, first=30, noise=(0.0, 0.001))])
    assert kinds(found) == ["runs_added", "time"]


def test_runs_that_were_going_on_and_failed_are_not_laid_to_those_that_were_added() -> None:
    going = [make_run(40 + n, {"model": "bad", "seed": n}, status="running", started=START) for n in range(2)]
    ended = [make_run(40 + n, {"model": "bad", "seed": n}, status="failed", started=START) for n in range(2)]
    good = runs_of("third", 0.91, first=60, noise=(0.0, 0.001))
    failures = only(changes([*FIRST, *going], [*FIRST, *ended, *good]), "failures")
    assert (failures.count, failures.of_added) == (2, False)


def test_runs_are_counted_with_those_that_gave_no_result() -> None:
    bad = [make_run(40 + n, {"model": "bad", "seed": n}, status="failed", started=START) for n in range(3)]
    found = changes(FIRST, [*FIRST, *bad])
    failures, added, new = (only(found, kind) for kind in ("failures", "runs_added", "new"))
    assert (failures.before, failures.after, failures.count) == (0, 3, 3)
    assert failures.of_added
    assert (added.before, added.after, added.count) == (10, 13, 3)
    assert (new.before, new.after, new.count) == (None, None, 3)
    assert "failures" not in kinds(changes([*FIRST, *bad], [*FIRST, *bad]))


def test_a_set_up_that_gets_another_name_is_the_same_one() -> None:
    narrow = [run._replace(params={**run.params, "width": 8}) for run in FIRST]
    wide = [run._replace(params={**run.params, "width": 9}) for run in runs_of("new", 0.91, first=50)]
    found = changes(narrow, [*narrow, *wide])
    names = {entry.before: entry.after for entry in found.entries if entry.kind == "renamed"}
    assert names == {"old": "old (width 8)", "new": "new (width 8)"}
    assert only(found, "new").count == 5
    assert "vanished" not in kinds(found)


def test_a_hyphen_that_became_a_minus_sign_is_no_other_name() -> None:
    below = [run._replace(params={**run.params, "shift": -2}) for run in NEW]
    above = [run._replace(params={**run.params, "shift": 2}) for run in runs_of("new", 0.91, first=50)]
    runs = [*OLD, *below, *above]
    earlier = json.loads(json.dumps(numbers(runs)).replace("\\u2212", "-"))
    assert "new (shift -2)" in [configuration["label"] for configuration in earlier["configurations"]]
    found = analyse(make_runset(runs), CONFIG, since=earlier).changes
    assert "renamed" not in kinds(found)


def test_a_fact_that_becomes_a_setting_does_not_make_the_set_up_new() -> None:
    config = replace(CONFIG, compare=replace(CONFIG.compare, baseline=None, same=("data.train",)))
    first = runs_of("new", 0.92, data={"train": {"version": "v1"}})
    other = runs_of("new", 0.90, first=60, data={"train": {"version": "v2"}})
    found = changes(first, [*first, *other], config)
    assert len([entry for entry in found.entries if entry.kind == "new"]) == 1
    assert "vanished" not in kinds(found)
    assert only(found, "renamed").before != only(found, "renamed").after


def test_other_data_beside_the_old_ones_are_told_and_not_compared() -> None:
    first = [run._replace(data={"train": {"version": "v1"}}) for run in FIRST]
    other = runs_of("third", 0.99, first=20, data={"train": {"version": "v2"}})
    found = changes(first, [*first, *other])
    data = only(found, "data")
    assert (data.key, data.before, data.after, data.count) == ("train", "v1", "v2", 5)
    assert found.breaks == ()  # the runs on the old data are still there
    assert not {"new_best", "new_leader", "regression"} & set(kinds(found))


def test_other_data_instead_of_the_old_ones_break_the_series() -> None:
    first = [run._replace(data={"train": {"version": "v1"}}) for run in FIRST]
    second = [
        *runs_of("old", 0.70, first=60, data={"train": {"version": "v2"}}),
        *runs_of("third", 0.99, first=20, data={"train": {"version": "v2"}}),
    ]
    found = changes(first, second)
    assert found.breaks == ("data",)
    assert not {"new_best", "new_leader", "regression", "gain", "steady", "verdict"} & set(kinds(found))
    assert only(found, "vanished").before is None  # no value that could be set beside another
    warned = changes(first, second, replace(CONFIG, compare=replace(CONFIG.compare, on_mismatch="warn")))
    assert warned.breaks == ()
    assert warned.compared_all_the_same


def test_a_changed_file_behind_the_same_version_is_other_data() -> None:
    first = [run._replace(data={"train": {"version": "v1", "sha256": "aa"}}) for run in FIRST]
    other = runs_of("third", 0.99, first=20, data={"train": {"version": "v1", "sha256": "bb"}})
    assert only(changes(first, [*first, *other]), "data").count == 5


def test_a_hash_that_is_logged_from_now_on_is_no_other_data() -> None:
    first = [run._replace(data={"train": {"version": "v1"}}) for run in FIRST]
    other = runs_of("third", 0.99, first=20, data={"train": {"version": "v1", "sha256": "bb"}})
    assert "data" not in kinds(changes(first, [*first, *other]))
    silent = [run._replace(data={"train": {}}) for run in FIRST]
    assert "data" not in kinds(changes(silent, [*silent, *other]))


def test_a_data_set_for_each_task_breaks_nothing() -> None:
    config = replace(CONFIG, compare=replace(CONFIG.compare, task="task"))
    first = [run._replace(data={"d": {"version": "a"}}, params={**run.params, "task": "a"}) for run in FIRST]
    second = [run._replace(data={"d": {"version": "b"}}, params={**run.params, "task": "b"}) for run in FIRST]
    found = changes(first, second, config)
    assert (found.breaks, found.compared_all_the_same) == ((), True)


def test_going_on_with_new_data_is_no_return_where_the_issue_before_held_their_name_back() -> None:
    config = replace(CONFIG, audience="public")
    on = [run._replace(data={"train": {"sha256": "a" * 64, "rows": 100}}) for run in FIRST]
    off = runs_of("third", 0.5, first=20, data={"train": {"sha256": "b" * 64, "rows": 100}})
    first = compose(analyse(make_runset(on), config, NOW), config, built_at=NOW, version="1").numbers
    second = analyse(make_runset([*on, *off]), config, NOW, first)
    frozen = compose(second, config, built_at=NOW, version="1").numbers
    more = runs_of("fourth", 0.6, first=30, data={"train": {"sha256": "b" * 64, "rows": 100}})
    found = analyse(make_runset([*on, *off, *more]), config, NOW, frozen).changes
    assert "data_again" not in kinds(found)


def test_runs_that_go_back_to_earlier_data_are_told() -> None:
    on = [run._replace(data={"train": {"version": "v1"}}) for run in FIRST]
    off = runs_of("third", 0.5, first=20, data={"train": {"version": "v2"}})
    second = analyse(make_runset([*on, *off]), CONFIG, NOW, numbers(on))
    frozen = compose(second, CONFIG, built_at=NOW, version="1").numbers
    back = runs_of("fourth", 0.99, first=30, data={"train": {"version": "v1"}})
    found = analyse(make_runset([*on, *off, *back]), CONFIG, NOW, frozen).changes
    again = only(found, "data_again")
    assert (again.before, again.after, again.count) == ("v2", "v1", 5)
    assert only(found, "new_best").against == key_of("new")
    assert "data" not in kinds(found)


@pytest.mark.parametrize(
    ("field", "value"),
    [("definition", "Share of misses."), ("unit", ""), ("goal", "minimize"), ("summary", "best")],
)
def test_another_meaning_of_the_metric_breaks_the_series(field: str, value: str) -> None:
    config = replace(CONFIG, metrics={"accuracy": replace(METRIC, **{field: value})})  # type: ignore[arg-type]
    found = changes(FIRST, [*FIRST, *runs_of("third", 0.99, first=20)], config, CONFIG)
    entry = only(found, "metric")
    assert (entry.key, entry.label, entry.after) == ("accuracy", field, value)
    assert found.breaks == ("metric",)
    assert not {"new_best", "new_leader", "first_better", "verdict"} & set(kinds(found))


def test_another_deciding_metric_breaks_the_series() -> None:
    runs = [run._replace(metrics={**run.metrics, "f1": run.metrics["accuracy"]}) for run in FIRST]
    config = replace(CONFIG, metrics={"f1": MetricConfig("f1", goal="maximize", primary=True)})
    found = changes(runs, runs, config, CONFIG)
    assert (only(found, "deciding_metric").before, found.breaks) == ("accuracy", ("metric",))


def test_new_code_is_told_and_breaks_the_series_only_where_it_must_be_the_same() -> None:
    first = [run._replace(code={"commit": "aaaa"}) for run in FIRST]
    more = [*first, *runs_of("old", 0.88, first=30, code={"commit": "bbbb"})]
    found = changes(first, more)
    assert (only(found, "code").after, only(found, "code").count, found.breaks) == ("bbbb", 5, ())
    assert "regression" in kinds(found)
    strict = replace(CONFIG, compare=CompareConfig(same=("code",)))
    assert changes(first, more, strict).breaks == ("code",)


def test_another_baseline_is_told_and_verdicts_against_it_are_not_compared() -> None:
    other = replace(CONFIG, compare=CompareConfig(baseline={"model": "new"}))
    found = changes(FIRST, FIRST, other, CONFIG)
    entry = only(found, "baseline")
    assert (entry.key, entry.before, entry.after) == (key_of("new"), "old", "new")
    assert kinds(found) == ["baseline"]


def test_a_verdict_that_more_runs_settle_is_told() -> None:
    few = [*OLD, *runs_of("new", 0.92, first=10, noise=(0.0, 0.001))]
    entry = only(changes(few, [*few, *runs_of("new", 0.92, first=12)]), "verdict")
    assert (entry.key, entry.before, entry.after) == (key_of("new"), "not_settled", "better")
    assert entry.against == key_of("old")


@pytest.mark.parametrize(
    ("target", "expected"), [(0.95, "target_reached"), (0.94, "target_reached"), (0.96, None)]
)
def test_the_target_is_reached_once(target: float, expected: str | None) -> None:
    """A mean that equals the target has reached it, whatever the last bit says."""
    config = replace(CONFIG, metrics={"accuracy": replace(METRIC, target=target)})
    third = runs_of("third", 0.95, first=20)
    found = changes(FIRST, [*FIRST, *third], config)
    assert [kind for kind in kinds(found) if kind.startswith("target")] == ([expected] if expected else [])
    assert "target_reached" not in kinds(changes([*FIRST, *third], [*FIRST, *third], config))


def test_a_target_that_is_missed_again_or_set_anew_is_told() -> None:
    config = replace(CONFIG, metrics={"accuracy": replace(METRIC, target=0.94)})
    third = runs_of("third", 0.95, first=20)
    assert only(changes([*FIRST, *third], FIRST, config), "target_lost").after == pytest.approx(0.92)
    moved = replace(CONFIG, metrics={"accuracy": replace(METRIC, target=0.93)})
    assert (only(changes(FIRST, FIRST, moved, config), "target").after) == 0.93


def test_time_and_money_are_told_where_both_issues_know_them() -> None:
    priced = replace(CONFIG, cost=CostConfig("EUR", {"default": 6.0}))
    found = changes(OLD, FIRST, priced)
    assert (only(found, "time").before, only(found, "time").after) == (3000.0, 6000.0)
    assert (only(found, "cost").before, only(found, "cost").after) == (
        pytest.approx(5.0),
        pytest.approx(10.0),
    )
    assert "cost" not in kinds(changes(OLD, FIRST, priced, CONFIG))


@pytest.mark.parametrize(
    ("days", "added", "stale"), [(9, False, 9), (1, False, 1), (7, True, None), (9, True, 9)]
)
def test_stale_runs_are_told(days: int, stale: int | None, *, added: bool) -> None:
    before, after = (OLD, FIRST) if added else (FIRST, FIRST)
    newest = max(run.ended for run in FIRST if run.ended is not None)
    found = changes(before, after, now=newest + timedelta(days=days, hours=1))
    assert found.newest_age_days == stale


def test_only_from_eight_periods_on_a_week_lies_outside_of_the_usual_range() -> None:
    def weeks(count: int) -> list[Run]:
        found = []
        for week in range(count):
            mean = 0.80 if week == count - 1 else 0.90 + 0.001 * (week % 2)
            found += runs_of("old", mean, first=100 * week, week=week)
        return found

    far, near = weeks(9), weeks(7)
    entry = only(changes(far[:-5], far), "outside_range")
    assert entry.after == pytest.approx(0.80)
    assert entry.interval is not None
    assert entry.interval[0] > 0.80
    assert "outside_range" not in kinds(changes(near[:-5], near))
    assert "outside_range" not in kinds(changes(far, far))  # the issue before said so


@pytest.mark.parametrize("audience", ["executive", "public"])
def test_an_issue_that_holds_no_single_runs_is_compared_by_its_counts(audience: Audience) -> None:
    config = replace(CONFIG, audience=audience)
    found = changes(FIRST, [*FIRST, *runs_of("third", 0.95, first=20)], config)
    assert only(found, "new_best").key == key_of("third")
    assert only(found, "runs_added").count == 5
    assert "renamed" not in kinds(found)
    assert changes(FIRST, FIRST, config).entries == ()


def test_weeks_of_equal_set_ups_have_no_new_best_and_hardly_ever_a_change() -> None:
    """Four weeks of set-ups that are all the same, forty times: at most one issue in twenty claims anything."""
    source = random.Random(5)  # noqa: S311 - repeatable test values, no secret
    claims: Counter[str] = Counter()
    issues = 0
    for _ in range(40):
        runs: list[Run] = []
        told: Mapping[str, Any] | None = None
        for week in range(4):
            for place, model in enumerate(("old", "m00", f"m{week}1", f"m{week}2")):
                noise = [source.gauss(0.0, 0.01) for _ in range(5)]
                runs += runs_of(model, 0.9, first=1000 * week + 100 * place, week=week, noise=noise)
            found = analyse(make_runset(runs), CONFIG, NOW, told)
            told = compose(found, CONFIG, built_at=NOW, version="1").numbers
            issues += week > 0
            claims.update(kinds(found.changes))
    assert claims["new_leader"] > issues / 4  # somebody else leads by luck all the time
    assert claims["new_best"] == 0
    assert claims["regression"] + claims["gain"] <= issues / 20
