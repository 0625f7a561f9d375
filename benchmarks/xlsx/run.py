"""What a workbook costs: a large table against openpyxl and XlsxWriter, and the whole file for 1,000 runs.

    python benchmarks/xlsx/run.py [--rounds 3] [--rows 100000]

The table has 20 typed columns (names, numbers, percentages, dates, gaps), 14 of them with a number format;
each writer has the same values in memory before its clock starts, in a process of its own. CPU seconds are
medians of interleaved rounds; memory is the peak above what the process held before it began to write.
XlsxWriter is installed into ``.venv/peers-xlsx`` at the first start; without an index it is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv" / "peers-xlsx"
GOALS = {"cpu": 0.2, "megabytes": 100.0, "whole": 1.5, "size": 2.0}

COMMON = """
import gc, json, random, sys, time
from datetime import datetime, timedelta
count, target = int(sys.argv[1]), sys.argv[2]
source, day = random.Random(1), datetime(2026, 11, 2, 8)
words = ["mlp, hidden 64", "svm, C 10", "knn, k 3", "forest, trees 200"]
rows = [
    (f"run-{i:06}", words[i % 4], "finished", source.random(), source.gauss(0, 1e-3), source.random() * 100,
     i % 7, i, source.random(), None if i % 9 == 0 else source.random(), source.random() * 1e6,
     day + timedelta(minutes=i), day + timedelta(minutes=i, seconds=30), source.random(), source.random(),
     i % 2 == 0, source.random() * 50, "none needed", f"seed {i % 5}", source.random())
    for i in range(count)
]
FORMATS = {3: "0.0%", 4: "+0.0000;-0.0000;0.0000", 5: "0.0", 6: "0", 7: "#,##0", 8: "0.0%", 9: "0.000", 10: "#,##0",
           11: "yyyy-mm-dd hh:mm", 12: "yyyy-mm-dd hh:mm", 13: "0.00", 14: "0.00", 16: "0.0", 19: "0.000"}
def status(name):
    line = next(line for line in open("/proc/self/status") if line.startswith(name))
    return int(line.split()[1]) / 1024
"""
MEASURE = """
gc.collect()
open("/proc/self/clear_refs", "w").write("5")  # the peak is counted from here on
before, start = status("VmRSS"), time.process_time()
work()
used = time.process_time() - start
peak = status("VmHWM")
print("MEASURED", json.dumps([used, max(peak - before, 0.0)]))
"""
OURS = """
from pathlib import Path
from reportgen.config import ThemeConfig
from reportgen.document import Column, Missing, NumberFormat, Paragraph, Report, Row, Section, Table, say
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
from tests.fakes.reports import meta
how = {3: ("percent", 1), 4: ("number", 4), 5: ("number", 1), 6: ("number", 0), 7: ("number", 0), 8: ("percent", 1),
       9: ("number", 3), 10: ("number", 0), 13: ("number", 2), 14: ("number", 2), 16: ("number", 1), 19: ("number", 3)}
columns = tuple(Column(f"c{i}", f"Column {i}", NumberFormat(*how[i]) if i in how else None) for i in range(20))
gap = Missing("not measured")
table = Table("listed", say("All runs"), columns, tuple(Row(tuple(gap if v is None else v for v in r)) for r in rows))
del rows
answer = Section("answer", say("The answer"), "Summary", (Paragraph(say("Text.")),))
report = Report(meta(), (answer, Section("listed", say("All runs"), "All runs", (table,))), {})
theme = load_theme(ThemeConfig())
def work():
    XlsxRenderer().render(report, theme, Path(target))
"""
OPENPYXL = """
from openpyxl import Workbook
from openpyxl.worksheet.table import Table
from openpyxl.utils import get_column_letter
def work():
    book = Workbook()
    sheet = book.active
    sheet.append([f"Column {i}" for i in range(20)])
    for number, row in enumerate(rows, 2):
        sheet.append(row)
        for column, code in FORMATS.items():
            sheet.cell(number, column + 1).number_format = code
    sheet.add_table(Table(displayName="listed", ref=f"A1:{get_column_letter(20)}{len(rows) + 1}"))
    sheet.freeze_panes = "B2"
    book.save(target)
"""
XLSXWRITER = """
import xlsxwriter
def work():
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("All runs")
    formats = {column: book.add_format({"num_format": code}) for column, code in FORMATS.items()}
    heads = [{"header": f"Column {i}"} for i in range(20)]
    sheet.add_table(0, 0, len(rows), 19, {"columns": heads})
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if column in (11, 12):
                sheet.write_datetime(number, column, value, formats[column])
            elif column == 15:
                sheet.write_boolean(number, column, value)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value, formats.get(column))
    sheet.freeze_panes(1, 1)
    book.close()
"""
WHOLE = """
from pathlib import Path
import reportgen
from reportgen import pipeline
from reportgen.analyse import analyse
from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.render.theme import load_theme
from reportgen.render.xlsx import XlsxRenderer
folder = Path(target).parent / "runs"
for number in range(count):
    params = {"model": words[number % 4], "lr": 10.0 ** -(number % 5), "seed": number % 10}
    with reportgen.start_run("many", params=params, directory=folder, capture=False) as run:
        for step in range(20):
            run.log_metrics({"loss": 1 / (step + 1), "accuracy": 0.9 + source.random() / 20}, step=step)
config = Config(runs=(str(folder),))
read = pipeline.load(config, cache=False)
report = compose(analyse(read, config), config, built_at=pipeline.build_time(), version="benchmark")
theme = load_theme(ThemeConfig())
def work():
    XlsxRenderer().render(report, theme, Path(target))
"""


def measure(code: str, count: int, target: Path) -> tuple[float, float]:
    """Do one writer's work in a process of its own; give CPU seconds and megabytes above the start."""
    words = [sys.executable, "-c", COMMON + code + MEASURE, str(count), str(target)]
    path = f"{ROOT}:{PEERS}"
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={"PYTHONPATH": path},
        cwd=target.parent,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("MEASURED")]
    if not lines:
        raise RuntimeError(done.stderr.strip()[-600:])
    seconds, megabytes = json.loads(lines[0].removeprefix("MEASURED"))
    return seconds, megabytes


def has_xlsxwriter() -> bool:
    """Install XlsxWriter aside, once; tell whether it is there."""
    if not (PEERS / "xlsxwriter").is_dir():
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEERS), "XlsxWriter"]
        subprocess.run(words, check=False, stderr=subprocess.DEVNULL)
    return (PEERS / "xlsxwriter").is_dir()


def _verdict(value: float, most: float) -> str:
    return f"goal: at most {most:g}; {'met' if value <= most else 'MISSED'}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000)
    told = parser.parse_args()
    writers = {"reportgen": OURS, "openpyxl": OPENPYXL}
    if has_xlsxwriter():
        writers["XlsxWriter"] = XLSXWRITER
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in writers}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(told.rounds):
            for name, code in writers.items():
                found[name].append(measure(code, told.rows, Path(folder) / f"{name}.xlsx"))
        sizes = {name: (Path(folder) / f"{name}.xlsx").stat().st_size / 2**20 for name in writers}
    cpu = {name: median(seconds for seconds, _ in rounds) for name, rounds in found.items()}
    memory = {name: median(megabytes for _, megabytes in rounds) for name, rounds in found.items()}
    print(f"{told.rows:,} rows x 20 typed columns, median of {told.rounds} rounds")
    for name in writers:
        print(
            f"  {name:10} CPU {cpu[name]:6.2f} s   peak +{memory[name]:4.0f} MB   file {sizes[name]:.1f} MB"
        )
    print(
        f"  CPU / openpyxl   {cpu['reportgen'] / cpu['openpyxl']:.3f} ({_verdict(cpu['reportgen'] / cpu['openpyxl'], GOALS['cpu'])})"
    )
    print(
        f"  peak             {memory['reportgen']:.0f} MB ({_verdict(memory['reportgen'], GOALS['megabytes'])})"
    )
    if "XlsxWriter" in cpu:
        ratio = cpu["reportgen"] / cpu["XlsxWriter"]
        print(f"  CPU / XlsxWriter {ratio:.3f} ({_verdict(ratio, 1.0)})")
    else:
        print("  XlsxWriter does not install here; it is left out")
    with tempfile.TemporaryDirectory() as folder:
        rounds = []
        for number in range(told.rounds):
            target = Path(folder) / str(number) / "report.xlsx"
            target.parent.mkdir()
            rounds.append(measure(WHOLE, 1_000, target))
            size = target.stat().st_size / 2**20
    whole = median(seconds for seconds, _ in rounds)
    print("\nwhole workbook for 1,000 runs, rendering alone")
    print(f"  CPU {whole:.2f} s ({_verdict(whole, GOALS['whole'])})")
    print(f"  file {size:.2f} MB ({_verdict(size, GOALS['size'])})")


if __name__ == "__main__":
    main()
