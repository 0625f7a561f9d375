"""The committed samples: real, complete, reproducible, and free of anything about the machine."""

from __future__ import annotations

import csv
import getpass
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.load import load_runs

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
COUNTS = {
    "digits": {"finished": 165, "failed": 5, "interrupted": 1},
    "regression": {"finished": 65},
    "weekly": {"finished": 85, "failed": 10},
    "tasks": {"finished": 84},
}
MACHINE_TRACES = re.compile(
    r"(?<![\w.])/(home|root|work|tmp|usr|var|opt|mnt|private|Users)(/|\b)"  # POSIX paths
    r"|[A-Za-z]:\\"  # Windows paths
    r"|\w+://"  # addresses of services
    r"|[\w.]+@[\w.]+\.\w"  # people
)


def run_folders(sample: str) -> list[Path]:
    return sorted(path.parent for path in (SAMPLES / sample).rglob("run.csv"))


def facts(folder: Path) -> dict[tuple[str, str], str]:
    """Read run.csv with nothing but the standard library; the latest row counts."""
    with (folder / "run.csv").open(newline="", encoding="utf-8") as file:
        return {(row["kind"], row["name"]): row["value"] for row in csv.DictReader(file)}


def series(folder: Path, metric: str) -> list[float]:
    """All values of a metric, file by file."""
    found: list[float] = []
    for path in sorted(folder.glob("metrics*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            found += [float(row[metric]) for row in csv.DictReader(file) if row.get(metric)]
    return found


def sample_files() -> Iterator[Path]:
    """Every file that belongs to the samples: run folders, configurations, texts, scripts."""
    for path in SAMPLES.rglob("*"):
        if path.is_file() and not {"__pycache__", "reports", ".reportgen"} & set(path.parts):
            yield path


@pytest.mark.parametrize("sample", COUNTS)
def test_samples_hold_the_runs_that_their_readme_promises(sample: str) -> None:
    written = Counter(facts(folder)["status", "status"] for folder in run_folders(sample))
    expected = Counter(COUNTS[sample])
    expected["running"] = expected.pop("interrupted", 0)  # a killed run has no closing status
    assert +expected == written


@pytest.mark.parametrize("sample", COUNTS)
def test_samples_are_read_without_a_fault_and_with_the_same_counts(sample: str) -> None:
    runs = load_runs([str(SAMPLES / sample)], cache=False, stale_after_s=0.0)
    assert COUNTS[sample] == Counter(run.status for run in runs.runs)
    assert runs.skipped == ()
    assert runs.notes == ()


def test_digits_compares_at_least_five_families_over_five_seeds() -> None:
    runs = [facts(folder) for folder in run_folders("digits")]
    by_family = Counter(run["param", "model"] for run in runs if run["status", "status"] == "finished")
    assert {"logreg", "knn", "svm", "forest", "boosting", "mlp", "plain-network"} == set(by_family)
    assert {"1", "2", "3", "4", "5"} == {run["param", "seed"] for run in runs}
    assert sum(by_family.values()) >= 150


def test_exactly_one_digits_configuration_is_tagged_as_the_baseline() -> None:
    tagged = [run for run in map(facts, run_folders("digits")) if ("tag", "role") in run]
    assert {("baseline", "logreg", "1.0")} == {
        (run["tag", "role"], run["param", "model"], run["param", "C"]) for run in tagged
    }
    assert len(tagged) == 5


def test_one_digits_run_diverged_from_numbers_to_not_a_number() -> None:
    last = {folder: series(folder, "val_accuracy")[-1:] for folder in run_folders("digits")}
    diverged = [folder for folder, values in last.items() if values and values[0] != values[0]]
    assert len(diverged) == 1
    assert facts(diverged[0])["status", "status"] == "finished"
    assert facts(diverged[0])["param", "model"] == "plain-network"


def test_the_killed_digits_run_stops_half_way_with_all_its_rows() -> None:
    (killed,) = [folder for folder in run_folders("digits") if facts(folder)["status", "status"] == "running"]
    assert 12 == len(series(killed, "val_accuracy")) == len(series(killed, "loss"))
    assert series(killed, "fit_seconds") == []


def test_failed_runs_tell_why() -> None:
    failed = [run for run in map(facts, run_folders("digits")) if run["status", "status"] == "failed"]
    assert all(
        "must be" in run["status", "reason"] or "n_neighbors" in run["status", "reason"] for run in failed
    )


def test_digits_runs_name_their_data_by_its_contents() -> None:
    versions = {
        run["data", "digits"] for run in map(facts, run_folders("digits")) if ("data", "digits") in run
    }
    assert len(versions) == 1
    assert re.search(r'"version":"[0-9a-f]{12}"', versions.pop())


def test_weekly_runs_lie_on_six_mondays() -> None:
    weeks: dict[str, set[str]] = {}
    for folder in run_folders("weekly"):
        days = weeks.setdefault(facts(folder)["run", "group"], set())
        for path in [folder / "run.csv", *folder.glob("metrics*.csv")]:
            with path.open(newline="", encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if row.get("kind") != "data"]
            days.update(str(datetime.fromtimestamp(float(row["time"]), UTC).date()) for row in rows)
    assert {
        "2026-W42": {"2026-10-12"},
        "2026-W43": {"2026-10-19"},
        "2026-W44": {"2026-10-26"},
        "2026-W45": {"2026-11-02"},
        "2026-W46": {"2026-11-09"},
        "2026-W47": {"2026-11-16"},
    } == weeks


def test_weekly_reference_is_rerun_each_week_and_drops_with_the_changed_data() -> None:
    means: dict[str, list[float]] = {}
    versions: dict[str, set[str]] = {}
    for folder in run_folders("weekly"):
        run = facts(folder)
        versions.setdefault(run["run", "group"], set()).add(run["data", "digits"])
        if (run["param", "model"], run.get(("param", "C"))) == ("logreg", "1.0"):
            means.setdefault(run["run", "group"], []).append(series(folder, "val_accuracy")[-1])
    assert [len(values) for values in means.values()] == [5] * 6
    worst = min(means, key=lambda week: sum(means[week]))
    assert worst == "2026-W46"
    assert [len(found) for found in versions.values()] == [1] * 6
    assert versions["2026-W46"] != versions["2026-W45"] == versions["2026-W47"]


def test_samples_hold_no_trace_of_the_machine_or_its_user() -> None:
    own = {getpass.getuser(), socket.gethostname(), socket.getfqdn(), str(Path.home()), str(ROOT)}
    for path in sample_files():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            continue  # code is reviewed; its strings are no records
        found = MACHINE_TRACES.search(text)
        assert found is None, f"{path.relative_to(ROOT)}: {found}"
        if path.suffix == ".csv":
            cells = {cell for row in csv.reader(text.splitlines()) for cell in row}
            assert set() == own & cells, path.relative_to(ROOT)


def test_run_folders_record_neither_user_nor_host_nor_absolute_entry_point() -> None:
    for sample in COUNTS:
        for folder in run_folders(sample):
            run = facts(folder)
            assert not {("env", "user"), ("env", "host")} & set(run)
            assert not Path(run.get(("code", "entry_point"), "")).is_absolute()


def test_samples_stay_small() -> None:
    files = list(sample_files())
    assert sum(path.stat().st_size for path in files) < 6_000_000
    assert len(files) < 1_400


@pytest.mark.parametrize(
    ("sample", "metric", "count"), [("regression", "rmse", 65), ("tasks", "val_accuracy", 84)]
)
def test_making_a_sample_again_gives_the_same_results(
    sample: str, metric: str, count: int, tmp_path: Path
) -> None:
    command = [sys.executable, str(SAMPLES / "make_samples.py"), "--out", str(tmp_path), sample]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    assert f"{sample}: {count} runs" in made.stderr
    assert not any(("run", "boot") in facts(path.parent) for path in tmp_path.rglob("run.csv"))

    def results(root: Path) -> dict[str, float]:
        return {
            facts(path.parent)["run", "name"]: series(path.parent, metric)[-1]
            for path in (root / sample).rglob("run.csv")
        }

    assert results(SAMPLES) == pytest.approx(results(tmp_path), rel=1e-6)


def test_a_digits_result_is_what_training_again_gives() -> None:
    """The committed numbers come from real training, not from a generator of numbers."""
    from samples.digit_models import TRAINERS, accuracy_of, load_images, split

    data = split(load_images(), seed=2)
    model, _ = TRAINERS["knn"]({"model": "knn", "k": 1, "seed": 2}, data, lambda _values, _step: None)
    (folder,) = [f for f in run_folders("digits") if facts(f)["run", "name"] == "knn, k 1, seed 2"]
    assert [accuracy_of(model, data)] == series(folder, "val_accuracy")
