"""What a page of 10,000 runs costs its reader: its size, and the time until it can be used in Chromium.

    python benchmarks/page/run.py

The time runs from the start of the navigation until the page's script has put everything up, wall clock, the
median of five openings; then sorting all runs and filtering them, each until the rows stand.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
RUNS = 10_000


def write_page(target: Path) -> float:
    """Write the page of 10,000 runs of 100 set-ups; give the CPU seconds of the rendering."""
    import numpy as np

    from reportgen.analyse import analyse
    from reportgen.compose import compose
    from reportgen.config import Config, ThemeConfig
    from reportgen.render.html import HtmlRenderer
    from reportgen.render.theme import load_theme
    from tests.fakes.runsets import sweep
    from tests.fakes.setups import START

    source = np.random.default_rng(1)
    each = RUNS // 100
    results: dict[str, list[float | None]] = {
        f"model-{n:02}": source.normal(0.9 + n / 2_000, 0.01, each).tolist() for n in range(100)
    }
    config = Config()
    report = compose(analyse(sweep(results), config), config, built_at=START, version="benchmark")
    theme = load_theme(ThemeConfig())
    start = time.process_time()
    HtmlRenderer().render(report, theme, target)
    return time.process_time() - start


def tell(name: str, value: float, most: float, unit: str) -> None:
    """Print one figure beside its goal."""
    print(f"  {name:24} {value:7.2f} {unit} (goal: at most {most:g}; {'met' if value <= most else 'MISSED'})")


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "page.html"
        cpu = write_page(page_file)
        print(f"a page of {RUNS:,} runs")
        print(f"  {'made in':24} {cpu:7.2f} s CPU")
        tell("size", page_file.stat().st_size / 2**20, 5, "MB")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        opened = []
        for _ in range(5):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(page_file.as_uri())
            page.wait_for_selector("html.ready")
            opened.append(page.evaluate("performance.now() / 1000"))
            last = page
        tell("to interactive", median(opened), 2, "s")
        start = time.perf_counter()
        last.locator("#table-runs thead button").nth(3).click()
        print(f"  {'sort all runs':24} {time.perf_counter() - start:7.2f} s")
        start = time.perf_counter()
        last.locator("#table-runs input").fill("model-42")
        print(f"  {'filter all runs':24} {time.perf_counter() - start:7.2f} s")
        browser.close()


if __name__ == "__main__":
    main()
