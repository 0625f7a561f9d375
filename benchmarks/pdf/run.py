"""What a PDF costs: the digits sample cold and warm, a large report, and the same content by other engines.

    python benchmarks/pdf/run.py

CPU seconds of the rendering alone, medians of three; the report is composed before the clock starts. Chromium
prints the very HTML that WeasyPrint sets, its start included; Typst sets the same texts, tables and charts from
a document of its own. Typst is installed into ``.venv/peers-pdf`` at the first start; what is missing is left out.
Memory is that of the whole way from the runs to the PDF, and of the process in which forests grow meanwhile.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv" / "peers-pdf"
sys.path.insert(0, str(ROOT))

RENDER = """
import gc, json, sys, time
from dataclasses import replace
from pathlib import Path
from reportgen import pipeline
from reportgen.config import Config
from reportgen.config.reading import read_config
source, target = Path(sys.argv[1]), Path(sys.argv[2])
config = read_config(source) if source.suffix == ".toml" else Config(runs=(str(source),))
report = pipeline.report(config, cache=False)
def status(name):
    line = next(line for line in open("/proc/self/status") if line.startswith(name))
    return int(line.split()[1]) / 1024
def timed(call):
    start = time.process_time()
    call()
    return time.process_time() - start
def render(shown):
    from reportgen.render.pdf import PdfRenderer
    from reportgen.render.theme import load_theme
    PdfRenderer().render(shown, load_theme(config.theme), target)
cold = timed(lambda: render(report))
peak = status("VmHWM")
warm = sorted(timed(lambda: render(report)) for _ in range(3))[1]
alone = sorted(timed(lambda: render(replace(report, sections=report.sections[:1]))) for _ in range(3))[1]
from reportgen.document import Chart
from reportgen.render.charts import chart_svg
from reportgen.render.html import page_html
from reportgen.render.theme import load_theme
theme = load_theme(config.theme)
charts = [block for block in report.blocks() if isinstance(block, Chart)]
drawn = sorted(timed(lambda: chart_svg(chart, theme, width_mm=178)) for chart in charts for _ in range(3))
target.with_suffix(".html").write_text(page_html(report, theme, "print"), "utf-8")
render(report)
print("MEASURED", json.dumps([cold, warm, alone, drawn[len(drawn) // 2] * 1000 if drawn else 0.0, peak]))
"""
TYPST = """
import sys, typst
typst.compile(sys.argv[1], output=sys.argv[2])
"""


def measured(source: Path, folder: Path) -> dict[str, float]:
    """Render one report in a process of its own."""
    words = [sys.executable, "-c", RENDER, str(source), str(folder / "report.pdf")]
    printed, complained = folder / "stdout.txt", folder / "stderr.txt"
    with printed.open("w") as out, complained.open("w") as errors:
        process = subprocess.Popen(words, stdout=out, stderr=errors, cwd=ROOT)
        memory = watched(process)
    lines = [line for line in printed.read_text("utf-8").splitlines() if line.startswith("MEASURED")]
    if not lines:
        raise RuntimeError(complained.read_text("utf-8").strip()[-600:])
    names = ("cold", "warm", "page one", "chart ms", "peak MB")
    found = dict(zip(names, json.loads(lines[0].removeprefix("MEASURED")), strict=True))
    return {**found, **memory}


def watched(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Wait for a process; give the peak of its largest child, and of both at the same moment, in MB."""
    child, together, end = 0.0, 0.0, time.monotonic() + 600
    while process.poll() is None:
        if time.monotonic() > end:
            process.kill()
        own = proc(process.pid, "cmdline")
        children = proc(process.pid, f"task/{process.pid}/children").split()
        # between fork and exec, a child has the memory of its parent
        others = [int(pid) for pid in children if proc(int(pid), "cmdline") != own]
        child = max([child, *(status(pid, "VmHWM") for pid in others)])
        if others:
            together = max(together, sum(status(pid, "VmRSS") for pid in (process.pid, *others)))
        time.sleep(0.01)
    return {"child MB": child, "together MB": together}


def status(pid: int, name: str) -> float:
    """Give a field of a process's status in MB; 0 if the process is gone."""
    lines = (line for line in proc(pid, "status").splitlines() if line.startswith(name))
    return int(next(lines, f"{name}: 0 kB").split()[1]) / 1024


def proc(pid: int, name: str) -> str:
    """Read what Linux tells of a process; nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text("utf-8", "replace")
    except OSError:
        return ""


def cpu_of(words: list[str]) -> float:
    """Run a program; give its CPU seconds and those of its own children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        words, check=True, capture_output=True, timeout=300, env={**os.environ, "PYTHONPATH": str(PEERS)}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def typst_source(config: Path, folder: Path) -> Path:  # noqa: C901 - one case a kind of block
    """Write the report as a Typst document: the same texts and tables, and the charts as files."""
    from reportgen import pipeline
    from reportgen.config.reading import read_config
    from reportgen.document import (
        Badge,
        Callout,
        Chart,
        Glossary,
        KeyFigures,
        Label,
        Missing,
        Number,
        Paragraph,
        Table,
    )
    from reportgen.render.charts import write_chart
    from reportgen.render.theme import load_theme

    settings = read_config(config)
    report, theme = pipeline.report(settings, cache=False), load_theme(settings.theme)

    def text(value: object) -> str:
        match value:
            case Missing():
                shown = value.reason
            case Badge() | Label() | Number():
                shown = value.text
            case float():
                shown = f"{value:.4g}"
            case _:
                shown = str(value)
        return json.dumps(shown, ensure_ascii=False)

    lines = ['#set page(paper: "a4", numbering: "1 / 1")', "#set text(size: 9pt)"]
    for section in report.sections:
        lines.append(f"= #{text(section.title.text)}")
        for block in section.blocks:
            match block:
                case Paragraph():
                    lines.append(f"#{text(block.sentence.text)}\n")
                case KeyFigures():
                    cells = ", ".join(f"[#{text(item.label)} \\ #{text(item.value)}]" for item in block.items)
                    lines.append(f"#grid(columns: {max(len(block.items), 1)}, {cells})")
                case Callout():
                    lines.append(f"#{text(block.title)}\n")
                    lines += [f"- #{text(sentence.text)}" for sentence in block.sentences]
                case Glossary():
                    lines += [f"/ #{text(entry.term)}: #{text(entry.definition)}" for entry in block.entries]
                case Chart():
                    picture = folder / f"{block.id}.svg"
                    write_chart(block, theme, picture, width_mm=178)
                    lines.append(f'#image("{picture.name}", alt: {text(block.alt.text)})')
                case Table():
                    columns = [n for n, column in enumerate(block.columns) if not column.detail]
                    head = ", ".join(f"[#{text(block.columns[n].heading)}]" for n in columns)
                    rows = [
                        ", ".join(f"[#{text(row.cells[n])}]" for n in columns)
                        for row in block.rows[: block.print_rows]
                    ]
                    lines.append(f"== #{text(block.title.text)}")
                    lines.append(f"#table(columns: {len(columns)}, table.header({head}), {', '.join(rows)})")
    source = folder / "report.typ"
    source.write_text("\n".join(lines), "utf-8")
    return source


def has_typst() -> bool:
    """Install Typst aside, once; tell whether it is there."""
    if not (PEERS / "typst").is_dir():
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEERS), "typst"]
        subprocess.run(words, check=False, stderr=subprocess.DEVNULL)
    return (PEERS / "typst").is_dir()


def tell(name: str, value: float, most: float, unit: str = "s") -> None:
    """Print one figure beside its goal."""
    verdict = "met" if value <= most else "MISSED"
    print(f"  {name:28} {value:7.2f} {unit} (goal: at most {most:g}; {verdict})")


def main() -> None:
    """Measure and print."""
    from benchmarks.build.run import whole_build

    digits = ROOT / "samples" / "digits"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = measured(digits / "reportgen.toml", folder)
        print("samples/digits, CPU")
        tell("PDF, cold", found["cold"], 4)
        tell("PDF, warm", found["warm"], 2)
        tell("page one alone, warm", found["page one"], 0.8)
        tell("one chart", found["chart ms"], 40, "ms")
        page = folder / "report.html"
        print("\nthe same content, whole process, CPU")
        ours = found["cold"]
        if chromium := shutil.which("chromium"):
            words = [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={folder / 'profile'}",
            ]
            words += ["--no-pdf-header-footer", f"--print-to-pdf={folder / 'chromium.pdf'}", page.as_uri()]
            theirs = median(cpu_of(words) for _ in range(3))
            print(
                f"  Chromium {theirs:.2f} s; cold PDF / Chromium {ours / theirs:.2f}, warm {found['warm'] / theirs:.2f} (goal 2.5)"
            )
        else:
            print("  Chromium is not installed; it is left out")
        if has_typst():
            source = typst_source(digits / "reportgen.toml", folder)
            words = [sys.executable, "-c", TYPST, str(source), str(folder / "typst.pdf")]
            theirs = median(cpu_of(words) for _ in range(3))
            print(
                f"  Typst    {theirs:.2f} s; cold PDF / Typst {ours / theirs:.2f}, warm {found['warm'] / theirs:.2f}"
            )
        else:
            print("  Typst does not install here; it is left out")

        from benchmarks.load.run import write_runs

        runs = folder / "runs"
        runs.mkdir()
        write_runs(runs, 0, 1_000, 10)
        large = measured(runs, folder)
        print("\n1,000 runs")
        tell("PDF, cold", large["cold"], 6)
        tell("peak of the process", large["peak MB"], 300, "MB")
        tell("peak of the forests' process", large["child MB"], 300, "MB")
        tell("peak of both together", large["together MB"], 300, "MB")
        out = folder / "out"
        out.mkdir()
        seconds, _ = whole_build(digits, out)
        print("\nreportgen build samples/digits, all outputs, nothing cached")
        tell("CPU", seconds, 7)


if __name__ == "__main__":
    main()
