"""The words of the answer follow the verdict, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from reportgen.compose import compose
from reportgen.config import Config
from reportgen.document import Badge, Callout, Chart, KeyFigures, Report, Table
from reportgen.findings import Findings, GuardRail
from tests.fakes.findings import STATES, breaks_limit, digits, digits_setups, many, noisy, unfinished
from tests.fakes.setups import ACCURACY, START, Setup, build

HEADLINES: Mapping[str, str] = {
    "digits": "6 set-ups are better than logreg; the first 3 cannot be told apart",
    "no_baseline": "3 of 8 set-ups lead and cannot be told apart",
    "not_settled": "Not settled: no set-up is shown to be better than logreg",
    "nothing_better": "No set-up is better than mlp, hidden 64",
    "one_candidate": "mlp, hidden 64 is better than logreg",
    "all_failed": "No result: none of the 12 runs gave a usable number",
    "one_run": "One run only: mlp reached 93.1 % on Accuracy",
    "single_runs": "Not settled: too few repeats to compare the set-ups with logreg",
    "no_direction": "No ranking: nobody said whether high or low Accuracy is good",
    "no_metric": "No result: no metric to judge the runs by",
    "unfinished": "So far: 3 set-ups are better than logreg; which is best is not settled",
    "about_the_same": "No set-up is better than logreg",
    "too_small": "No set-up is better than logreg by enough to matter",
    "not_comparable": "The set-ups cannot be compared with logreg",
    "breaks_limit": "knn, k 3 is better than logreg, but breaks the Latency limit",
    "one_setup": "mlp, hidden 64 reached 97.2 % on Accuracy",
    "all_running": "No result yet: every run is still running",
    "nothing_at_all": "No result: there are no runs",
    "error_rates": "6 set-ups are better than logreg; the first 3 cannot be told apart",
    "joint_first": "2 of 3 set-ups lead and cannot be told apart",
}


def made(findings: Findings, config: Config | None = None) -> Report:
    return compose(findings, config or Config(), built_at=START, version="0.1.0")


def text_of(report: Report) -> str:
    return "\n".join(sentence.text for sentence in report.sentences()).replace("\N{NO-BREAK SPACE}", " ")


def table(report: Report, identity: str) -> Table:
    return next(b for b in report.blocks() if isinstance(b, Table) and b.id == identity)


@pytest.mark.parametrize("state", HEADLINES)
def test_headline_of_each_state(state: str) -> None:
    headline = made(STATES[state]()).sections[0].title.text
    assert headline.replace("\N{NO-BREAK SPACE}", " ") == HEADLINES[state]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("worse", "mlp, hidden 64 is worse than logreg"),
        ("about_the_same", "mlp, hidden 64 and logreg are about the same"),
        ("too_small", "mlp, hidden 64 gains too little over logreg to matter"),
        ("not_settled", "Not settled: mlp, hidden 64 may or may not be better than logreg"),
    ],
)
def test_headline_of_a_single_comparison(verdict: str, expected: str) -> None:
    findings = STATES["one_candidate"]()
    changed = replace(findings.comparisons[0], verdict=verdict, reason=None)  # type: ignore[arg-type]
    assert made(replace(findings, comparisons=(changed,))).sections[0].title.text == expected


def test_lead_states_both_means_the_gap_and_its_range() -> None:
    lead = made(STATES["one_candidate"]()).numbers["findings"][1]
    assert lead["text"].replace("\N{NO-BREAK SPACE}", " ") == (
        "mlp, hidden 64 reached 97.2 % on Accuracy against 90.0 %, 7.2 points better (between 6.7 and 7.8)."
    )
    assert "/comparisons/0/size" in lead["evidence"]


def test_flipping_the_direction_swaps_better_and_worse() -> None:
    setups = digits_setups()
    up = made(build(setups[:2]))
    down = made(build(setups[:2], primary=replace(ACCURACY, goal="minimize")))
    assert up.sections[0].title.text == "mlp, hidden 64 is better than logreg"
    assert down.sections[0].title.text == "mlp, hidden 64 is worse than logreg"
    assert [row.cells[0] for row in table(up, "comparison").rows] == ["mlp, hidden 64", "logreg"]
    assert [row.cells[0] for row in table(down, "comparison").rows] == ["logreg", "mlp, hidden 64"]
    assert "7.2 points worse" in text_of(down)
    assert "7.2 points better" in text_of(up)


def test_noise_leaves_no_claim() -> None:
    """The same sweep with equal centres: nothing is called better, the headline says not settled."""
    report = made(build(digits_setups(noise_only=True)))
    assert report.sections[0].title.text.startswith("Not settled")
    badges = {c.text for row in table(report, "comparison").rows for c in row.cells if isinstance(c, Badge)}
    assert badges == {"not settled", "compared with"}
    claims = " ".join(f["text"] for f in report.numbers["findings"])
    assert re.search(r"\d[^.]*points better \(", claims) is None


def test_printed_equal_values_are_not_ordered() -> None:
    text = text_of(made(STATES["joint_first"]()))
    assert "The first 2 both reached 97.2 % on Accuracy" in text
    assert "highest" not in text


def test_a_better_set_up_within_its_limits_is_preferred() -> None:
    """The first one breaks the limit; the answer is about the next, and says how many break it."""
    findings = digits()
    first, second = findings.configurations[:2]
    rails = tuple(replace(r, state="broken" if r.key == first.key else "kept") for r in findings.guard_rails)
    report = made(replace(findings, guard_rails=rails))
    lead = report.numbers["findings"][1]["text"]
    assert lead.startswith(second.label)
    assert "1 of the 6 better set-ups breaks a limit." in lead


def test_broken_limit_is_on_page_one_with_its_numbers() -> None:
    report = made(breaks_limit())
    claim = next(f for f in report.numbers["findings"] if f["id"] == "limit-broken")
    assert re.search(r"breaks the Latency limit of 5\.\d*\sms, with 12\.\d*\sms on average", claim["text"])
    badges = [row.cells[-1] for row in table(report, "page_one_setups").rows]
    assert Badge("better, but breaks a limit", "caution", "!") in badges


def test_run_counts_name_every_outcome() -> None:
    text = text_of(made(digits()))
    assert (
        "40 of 45 runs gave a result. Of the other 5, 3 failed, 1 gave no usable number and 1 is still running."
    ) in text
    assert "Not counted: 1 run left out and 1 folder that could not be read." in text


def test_unfinished_search_says_how_far_it_is() -> None:
    report = made(unfinished())
    assert "12 of 40 planned runs have been started so far." in text_of(report)
    assert any(caveat["id"] == "unfinished" for caveat in report.numbers["caveats"])


@pytest.mark.parametrize(
    ("state", "headline"),
    [
        ("not_settled", "Not settled so far: no set-up is shown to be better than logreg"),
        ("one_run", "One run only so far: mlp reached 93.1 % on Accuracy"),
        ("one_setup", "So far: mlp, hidden 64 reached 97.2 % on Accuracy"),
        ("all_running", "No result yet: every run is still running"),
    ],
)
def test_an_unfinished_search_says_so_far_once(state: str, headline: str) -> None:
    findings = STATES[state]()
    runs = replace(findings.runs, planned=findings.runs.total + 28)
    title = made(replace(findings, runs=runs)).sections[0].title.text
    assert title.replace("\N{NO-BREAK SPACE}", " ") == headline


def test_large_search_shows_the_first_and_says_how_many_more() -> None:
    report = made(many())
    chart = next(b for b in report.blocks() if isinstance(b, Chart))
    assert len(chart.series[0].points) == 6
    assert [p.tone for p in chart.series[0].points].count("baseline") == 1
    assert "194 more stand in the comparison." in text_of(report)
    assert "1 more stands in the comparison." in text_of(made(build(digits_setups()[:7])))
    assert len(table(report, "page_one_setups").rows) == 6
    assert len(table(report, "comparison").rows) == 200


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("best", "A run counts by its best value of Accuracy."),
        ("mean of last 5", "A run counts by this value of Accuracy: average of the last 5 values."),
    ],
)
def test_the_method_says_which_value_counts(summary: str, said: str) -> None:
    assert said in text_of(made(build(digits_setups(), primary=replace(ACCURACY, summary=summary))))


def test_nothing_but_failures_are_told_set_up_by_set_up() -> None:
    tables = [b for b in made(STATES["all_failed"]()).sections[0].blocks if isinstance(b, Table)]
    assert [column.heading for column in tables[0].columns] == ["Set-up", "Runs started", "Failed"]
    assert [row.cells[1:] for row in tables[0].rows] == [(3, 3)] * 4
    assert len(tables) == 1


@pytest.mark.parametrize("state", [state for state in STATES if state != "nothing_at_all"])
def test_what_to_do_next_stands_before_the_figures(state: str) -> None:
    kinds = [type(block) for block in made(STATES[state]()).sections[0].blocks]
    assert max(place for place, kind in enumerate(kinds) if kind is Callout) < kinds.index(KeyFigures)


def test_suggestion_is_marked_as_one() -> None:
    for state, build_findings in STATES.items():
        callouts = [b for b in made(build_findings()).sections[0].blocks if isinstance(b, Callout)]
        assert callouts[-1].title == "Suggested next step", state
        assert callouts[-1].sentences, state


def test_decision_and_owner_are_printed_as_written() -> None:
    config = Config(decision="Ship it by Friday 27 November.", owner="Model team")
    report = made(digits(), config)
    asked = next(b for b in report.blocks() if isinstance(b, Callout) and b.title == "Decision needed")
    assert asked.sentences[0].text == "Ship it by Friday 27 November."
    assert report.meta.owner == "Model team"


def test_key_figures_lead_with_the_metric_and_count_the_runs() -> None:
    figures = next(b for b in made(digits()).blocks() if isinstance(b, KeyFigures))
    assert [item.label for item in figures.items][:3] == ["Accuracy", "Latency", "Training time"]
    assert "Runs with a result" in [item.label for item in figures.items]
    assert figures.items[1].change is not None
    assert figures.items[1].change.tone == "bad"


def test_too_few_repeats_are_never_called_no_difference() -> None:
    text = text_of(made(STATES["single_runs"]()))
    assert "no difference" not in text
    assert "about the same" not in text


def test_all_set_ups_tried_once_without_baseline() -> None:
    setups = [Setup({"lr": i}, noisy(0.9, 0.01, 1, i)) for i in range(5)]
    assert made(build(setups, baseline=None)).sections[0].title.text == (
        "Not settled: 5 set-ups, each tried only once"
    )


def test_trade_off_sets_the_best_against_the_best_that_is_much_cheaper() -> None:
    report = made(digits())
    said = next(f for f in report.numbers["findings"] if f["id"] == "trade-off")
    text = said["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("3 set-ups are on the front: by the averages, none beats them in both.")
    assert "mlp, hidden 64 reached 97.2 % at 3.08 s. The runs cannot tell the two apart on Accuracy." in text
    assert text.endswith("On average the gap is 0.1 points on Accuracy, for 3.2 times the Training time.")
    assert report.numbers["trade_off"]["alternative"] == "c-1"


def test_leading_group_that_reaches_below_the_better_ones_is_not_counted_in_the_headline() -> None:
    findings = digits()
    everyone = tuple(replace(c, leading=True) for c in findings.configurations)
    title = made(replace(findings, configurations=everyone)).sections[0].title.text
    assert title == "6 set-ups are better than logreg; which is best is not settled"


def test_a_lone_leader_among_better_ones_is_named() -> None:
    findings = digits()
    alone = tuple(replace(c, leading=c.rank == 1) for c in findings.configurations)
    title = made(replace(findings, configurations=alone)).sections[0].title.text
    assert title == "6 set-ups are better than logreg; mlp, hidden 256 comes first"


def test_weeks_with_changed_data_are_not_compared() -> None:
    assert "The data changed in between" in text_of(made(digits()))


def test_settings_that_mattered_are_named_or_refused() -> None:
    stated = made(digits()).numbers["findings"]
    said = next(f["text"] for f in stated if f["id"] == "importance").replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "model made the most difference of the 5 settings varied. "
        "About 71 % of the differences went together with model."
    )
    refused = made(build(digits_setups())).numbers["findings"]
    assert "importance-refused" in [f["id"] for f in refused]


def test_repeats_that_never_differ_are_not_called_a_tie() -> None:
    """Seven levels far apart, each repeated to the digit: what is unknown is luck, not the order."""
    same = [Setup({"width": i}, (0.5 + i / 100,) * 2) for i in range(7)]
    report = made(build(same, baseline=None))
    text = text_of(report)
    assert report.sections[0].title.text == "Not settled: repeats never differ, so luck cannot be judged"
    assert "cannot be told apart" not in text
    assert "vary too much" not in text
    assert "Check what should differ between repeats: every repeat gave the same number." in text


def test_a_figure_s_arrow_is_the_direction_of_its_number_and_the_word_says_good_or_bad() -> None:
    figures = next(b for b in made(digits()).blocks() if isinstance(b, KeyFigures))
    signs = {item.label: (item.change.sign, item.change.tone) for item in figures.items if item.change}
    assert signs["Accuracy"] == ("▲", "good")
    up = digits()
    latency = next(
        p for p in up.pairs if p.metric == up.guard_rails[0].metric and p.key == up.configurations[0].key
    )
    for difference, verdict, expected in ((-3.0, "worse", ("▲", "bad")), (3.0, "better", ("▼", "good"))):
        changed = replace(latency, difference=difference, verdict=verdict, reason=None)  # type: ignore[arg-type]
        pairs = tuple(changed if p is latency else p for p in up.pairs)
        figures = next(b for b in made(replace(up, pairs=pairs)).blocks() if isinstance(b, KeyFigures))
        chip = figures.items[1].change
        assert chip is not None
        assert (chip.sign, chip.tone) == expected


def test_where_no_run_gave_a_result_page_one_says_why() -> None:
    report = made(STATES["all_failed"]())
    step = next(b for b in report.sections[0].blocks if isinstance(b, Callout))
    reason = STATES["all_failed"]().rows[0].reason
    assert reason
    assert step.sentences[0].text.startswith("The reason given")
    assert reason[:40] in step.sentences[0].text


def test_equal_numbers_everywhere_are_said_to_be_equal() -> None:
    setups = (Setup({"model": "old"}, (0.0,) * 3), Setup({"model": "new"}, (0.0,) * 3))
    found = build(setups)
    changed = tuple(replace(c, verdict="not_settled", reason="no_variation") for c in found.comparisons)
    title = made(replace(found, comparisons=changed)).sections[0].title.text
    assert title == "Not settled: new and old gave the same number each time"


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("digits", "The leaders are ahead by more than chance"),
        ("one_candidate", "1 set-up is ahead by more than chance"),
        ("not_settled", "The lead may be chance"),
        ("nothing_better", "No other set-up is ahead"),
        ("about_the_same", "The lead is too small to matter"),
    ],
)
def test_the_chart_of_the_answer_is_titled_by_what_it_shows(state: str, title: str) -> None:
    report = made(STATES[state]())
    assert title_of_chart(report) == title
    assert title in [record["text"] for record in report.numbers["findings"]]


@pytest.mark.parametrize(
    ("better", "title"),
    [
        (5, "The leaders are ahead by more than chance"),
        (2, "2 set-ups are ahead by more than chance"),
        (1, "1 set-up is ahead by more than chance"),
    ],
)
def test_as_many_are_said_to_be_ahead_as_are_better(better: int, title: str) -> None:
    """The chart has five beside the one in use."""
    assert title_of_chart(made(with_better(better))) == title


def test_none_are_counted_that_the_chart_does_not_show() -> None:
    found = with_better(2)
    last = found.configurations[-1].key
    more = tuple(replace(c, verdict="better") if c.key == last else c for c in found.comparisons)
    assert title_of_chart(made(replace(found, comparisons=more))) == "Accuracy of the leading set-ups"


def title_of_chart(report: Report) -> str:
    return next(block.title.text for block in report.sections[0].blocks if isinstance(block, Chart))


def with_better(count: int) -> Findings:
    """Give digits where the first so many are better, and of the others it is not settled."""
    found = digits()
    first = [c.key for c in found.configurations if not c.baseline][:count]
    compared = tuple(
        replace(c, verdict="better" if c.key in first else "not_settled", reason="noise")
        for c in found.comparisons
    )
    return replace(found, comparisons=compared)


def test_what_the_answer_is_about_is_on_page_one_wherever_it_stands() -> None:
    """Those before it are better, too, but break a limit."""
    found = many(12)
    rivals = [c for c in found.configurations if not c.baseline]
    rails = tuple(GuardRail(c.key, "val_accuracy", 0.5, 0.4, "broken") for c in rivals[:7])
    better = tuple(replace(c, verdict="better", reason=None) for c in found.comparisons)
    report = made(replace(found, guard_rails=rails, comparisons=better))
    assert f"Repeat {rivals[7].label} with fresh runs" in text_of(report)
    chart = next(block for block in report.sections[0].blocks if isinstance(block, Chart))
    names = [row.cells[0] for row in table(report, "page_one_setups").rows]
    assert names[:5] == [rivals[place].label for place in (0, 1, 2, 3, 7)]
    assert {row.tone for row in table(report, "page_one_setups").rows} >= {"focus", "baseline"}
    assert [(p.label, p.tone) for p in chart.series[0].points if p.tone == "focus"] == [
        (rivals[7].label, "focus")
    ]
