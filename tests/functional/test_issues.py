"""Six issues of the weekly sample: what each says that changed, and that it is archived and verified."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.deliver.archive import list_issues, read_issue, read_numbers
from reportgen.document import resolve_pointer
from reportgen.explain import Tree, explain_number, numeric_pointers
from reportgen.issues import Issue
from samples.make_issues import make_issues
from tests.functional.conftest import Cli

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "weekly"


@pytest.fixture(scope="module")
def issues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Issue]]:
    """Make all six, with the numbers and the page, once."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    made = make_issues(SAMPLE, tmp_path_factory.mktemp("archive") / "issues", ("html", "json"))
    yield {issue.key.removeprefix("2026-"): issue for issue in made}
    if before is None:
        os.environ.pop("SOURCE_DATE_EPOCH", None)
    else:
        os.environ["SOURCE_DATE_EPOCH"] = before


def kinds(issue: Issue) -> Counter[str]:
    return Counter(entry["kind"] for entry in read_numbers(issue)["changes"]["entries"])


def said(issue: Issue) -> str:
    """All that is said of changes, in reading order."""
    findings = read_numbers(issue)["findings"]
    texts = (finding["text"] for finding in findings if finding["id"] == "changes")
    return "\n".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def page_one(issue: Issue) -> Mapping[str, Any]:
    """The short list on page one."""
    document = json.loads(next(p for p in issue.outputs if p.suffix == ".json").read_text("utf-8"))[
        "document"
    ]
    blocks = document["sections"][0]["blocks"]
    found: Mapping[str, Any] = next(b for b in blocks if str(b.get("title", "")).startswith("What changed"))
    return found


def test_there_are_six_issues_each_with_its_number_and_period(issues: dict[str, Issue]) -> None:
    assert [(issue.number, issue.key) for issue in issues.values()] == [
        (1, "2026-W42"), (2, "2026-W43"), (3, "2026-W44"), (4, "2026-W45"), (5, "2026-W46"), (6, "2026-W47"),
    ]  # fmt: skip
    for issue in issues.values():
        numbers = read_numbers(issue)
        assert numbers["issue"]["number"] == issue.number
        assert numbers["period"] == issue.period.key
        assert not numbers["issue"]["partial"]
        assert read_issue(issue.folder) == issue
    assert [read_numbers(issue)["runs"]["total"] for issue in issues.values()] == [15, 30, 50, 65, 80, 95]
    archive = issues["W42"].folder.parent
    assert len(list_issues(archive)) == 6


def test_no_issue_speaks_of_runs_that_began_after_its_week(issues: dict[str, Issue]) -> None:
    for issue in issues.values():
        numbers = read_numbers(issue)
        assert numbers["runs"]["excluded"] == []
        assert all(row["started"] < numbers["issue"]["end"] for row in numbers["rows"])


def test_the_first_issue_has_nothing_to_look_back_at(issues: dict[str, Issue]) -> None:
    numbers = read_numbers(issues["W42"])
    assert numbers["changes"] == {"since": None, "entries": []}
    assert said(issues["W42"]) == ""
    page = next(p for p in issues["W42"].outputs if p.suffix == ".html").read_text("utf-8")
    assert "What changed" not in page
    assert "Issue 1, week 42 of 2026" in page


def test_week_43_has_another_leader_that_is_not_shown_to_be_better(issues: dict[str, Issue]) -> None:
    assert kinds(issues["W43"]) == {"new_leader": 1, "steady": 1, "new": 2, "runs_added": 1, "time": 1}
    text = said(issues["W43"])
    assert "forest (trees 200, depth 16) leads now" in text
    assert (
        "Whether it is better than mlp (hidden 16, learning rate 0.01), which led before, is not settled."
        in text
    )
    assert "New best" not in text


def test_week_44_has_no_improvement_and_ten_failed_runs(issues: dict[str, Issue]) -> None:
    assert kinds(issues["W44"]) == {"failures": 1, "steady": 1, "new": 3, "runs_added": 1, "time": 1}
    text = said(issues["W44"])
    assert "No new best: forest (trees 200, depth 16) still leads, with 98 %." in text
    assert "20 runs were added; 50 are counted now." in text
    assert "10 of the 20 runs that were added gave no result." in text
    assert "New, but without a result: knn (k = 1500) and svm (C = 0)." in text
    assert "logreg (C = 1), run again, shows no change beyond the range of its repeats." in text


def test_week_45_is_the_first_with_something_better_and_reaches_the_target(issues: dict[str, Issue]) -> None:
    assert kinds(issues["W45"]) == {
        "first_better": 1, "target_reached": 1, "new_leader": 1, "steady": 1, "new": 2, "runs_added": 1, "time": 1,
    }  # fmt: skip
    text = said(issues["W45"])
    assert "knn (k = 9) is shown to be better than logreg (C = 1); in the issue before, nothing was." in text
    assert "knn (k = 9) reached the target of 98.0 % on average, with 98.0 %." in text


def test_week_46_has_other_data_and_compares_nothing(issues: dict[str, Issue]) -> None:
    assert kinds(issues["W46"]) == {"data": 1, "new": 3, "runs_added": 1, "time": 1, "renamed": 10}
    text = said(issues["W46"])
    assert "15 runs used data that the issue before did not have: version b43e43647118 of digits." in text
    assert "These results are not compared with those on earlier data." in text
    assert "10 set-ups have another name now: knn (k = 9), for one, is called knn (scanner A, k = 9)." in text
    for word in ("better", "worse", "leads", "No new best", "run again"):
        assert word not in text


def test_week_47_goes_back_to_the_first_scanner_and_has_a_new_leader(issues: dict[str, Issue]) -> None:
    assert kinds(issues["W47"]) == {
        "data_again": 1, "new_leader": 1, "steady": 1, "new": 2, "runs_added": 1, "time": 1,
    }  # fmt: skip
    text = said(issues["W47"])
    assert "15 runs used version 5889d26819cf of digits again." in text
    assert "svm (C = 10, scanner A) leads now, with 98.7 %." in text
    assert "Whether it is better than knn (scanner A, k = 9), which led before, is not settled." in text


@pytest.mark.parametrize("week", ["W43", "W44", "W45", "W46", "W47"])
def test_page_one_lists_at_most_four_and_names_the_issue_before(issues: dict[str, Issue], week: str) -> None:
    box = page_one(issues[week])
    number = issues[week].number - 1
    assert box["title"].startswith(f"What changed since issue {number} of ")
    assert 2 <= len(box["sentences"]) <= 4


def test_every_number_in_the_words_stands_where_its_evidence_points(issues: dict[str, Issue]) -> None:
    for key, issue in issues.items():
        numbers = read_numbers(issue)
        told = [finding for finding in numbers["findings"] if finding["id"] == "changes"]
        refs = [ref for finding in told for ref in finding["evidence"]]
        assert bool(refs) == (key != "W42"), key
        assert all(ref.startswith(("/changes/", "/configurations/", "/metrics/")) for ref in refs)
        assert [ref for ref in refs if not isinstance(resolve_pointer(numbers, ref), (int, float))] == []


def test_every_number_of_the_changes_can_be_explained(issues: dict[str, Issue]) -> None:
    numbers = read_numbers(issues["W47"])
    tree = Tree(numbers)
    told = {p: explain_number(tree, p) for p in numeric_pointers(numbers["changes"], "/changes")}
    assert told
    assert not [p for p, found in told.items() if "taken over as it was read" in found.recipe.formula]
    entries = numbers["changes"]["entries"]
    place = next(i for i, entry in enumerate(entries) if entry["kind"] == "new_leader")
    lead, pair = told[f"/changes/entries/{place}/difference"], entries[place]
    assert lead.recipe.code  # the lines of the comparison that it was taken from
    space: dict[str, Any] = {}
    exec("\n".join(lead.recipe.code), space)  # noqa: S102 - lines that we wrote ourselves
    assert space["result"] == pytest.approx(pair["difference"])


def test_an_archived_issue_is_verified_against_the_runs(issues: dict[str, Issue], cli: Cli) -> None:
    """Made again with the numbers of the issue that it follows, and without the runs of later weeks."""
    for output in issues["W46"].outputs:
        answer = cli("verify", output, "--config", SAMPLE / "reportgen.toml")
        assert answer.code == 0, answer.out
        assert "no number or word differs" in answer.out + answer.err


def test_an_issue_away_from_its_archive_is_not_called_edited(
    issues: dict[str, Issue], tmp_path: Path, cli: Cli
) -> None:
    alone = tmp_path / "inbox" / "mail.html"
    alone.parent.mkdir()
    alone.write_bytes(next(p for p in issues["W47"].outputs if p.suffix == ".html").read_bytes())
    answer = cli("verify", alone, "--config", SAMPLE / "reportgen.toml")
    assert answer.code == 2
    assert "says what changed since issue 5, whose numbers are not here" in answer.error
