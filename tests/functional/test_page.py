"""The web page in a real browser: sorting, filtering, another baseline, and nothing that keeps people out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.render.html import HtmlRenderer
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.fakes.browser import opened, shown
from tests.fakes.findings import STATES
from tests.fakes.setups import START

pytestmark = pytest.mark.heavy


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_keeps_people_out(
    built_sample: BuiltSample, browser: Any, width: int, scheme: str, tmp_path: Path
) -> None:
    """No violation by axe-core, no complaint, no sideways scrolling; light and dark, phone to desk."""
    from axe_playwright_python.sync_playwright import Axe

    page, complaints = opened(
        browser,
        built_sample.files["html"],
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,  # for the checker's own script
    )
    found = Axe().run(page).response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.context.close()


def test_no_other_script_runs(built_sample: BuiltSample, browser: Any, tmp_path: Path) -> None:
    """A script that somebody smuggles into the file is refused by the page's own policy."""
    spoilt = tmp_path / "spoilt.html"
    text = built_sample.files["html"].read_text("utf-8")
    spoilt.write_text(text.replace("</main>", "</main><script>document.title = 'taken'</script>"), "utf-8")
    page, complaints = opened(browser, spoilt)
    assert page.title() == built_sample.report.meta.title
    assert any("Content Security Policy" in complaint for complaint in complaints)
    page.context.close()


def test_rows_are_sorted_by_their_numbers_and_filtered_by_words(
    built_sample: BuiltSample, browser: Any
) -> None:
    page, complaints = opened(browser, built_sample.files["html"])
    content = json.loads(built_sample.files["json"].read_text("utf-8"))
    total = content["runs"]["total"]
    before = shown(page, "table-runs", 4)
    assert len(before) == min(total, 100)
    head = page.locator("#table-runs thead th").nth(3)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    rising = [float(text) for text in shown(page, "table-runs", 4) if re.fullmatch(r"[0-9.]+", text)]
    assert rising == sorted(rising)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    falling = [float(text) for text in shown(page, "table-runs", 4) if re.fullmatch(r"[0-9.]+", text)]
    assert falling == sorted(falling, reverse=True)

    wanted = content["rows"][0]["label"]
    page.locator("#table-runs input").fill(wanted.split()[0].upper())
    names = shown(page, "table-runs", 2)
    assert names
    assert all(wanted.split()[0].lower() in name.lower() for name in names)
    page.locator("#table-runs input").fill("no such run anywhere")
    assert shown(page, "table-runs", 2) == []
    assert page.locator("#table-runs [role=status]").text_content() == f"0 of {total} rows"
    assert complaints == []
    page.context.close()


def test_all_runs_can_be_put_up(built_sample: BuiltSample, browser: Any) -> None:
    page, _ = opened(browser, built_sample.files["html"])
    total = json.loads(built_sample.files["json"].read_text("utf-8"))["runs"]["total"]
    more = page.locator("#table-runs .more")
    if more.is_visible():
        more.click()
    assert not more.is_visible()
    assert len(shown(page, "table-runs", 1)) == total
    assert page.locator("#table-runs .left-out").count() == 0
    page.context.close()


def test_another_baseline_gives_the_verdicts_that_were_worked_out(
    built_sample: BuiltSample, browser: Any
) -> None:
    page, complaints = opened(browser, built_sample.files["html"])
    content = json.loads(built_sample.files["json"].read_text("utf-8"))
    names = {
        c["key"]: " ".join(c["label"].split()) for c in content["configurations"] if c["mean"] is not None
    }
    primary, compared = content["primary"], {(c["key"], c["baseline"]) for c in content["comparisons"]}
    pairs = [
        p for p in content["pairs"] if p["metric"] == primary and (p["key"], p["baseline"]) not in compared
    ]
    words = content["verdict_words"]
    base = pairs[0]["baseline"]
    page.locator(".compare select.against").select_option(label=names[base])
    rows = page.locator(".compare tbody tr")
    found = {
        " ".join(rows.nth(n).locator("th").text_content().split()): " ".join(
            rows.nth(n).locator("td").nth(2).text_content().split()
        )
        for n in range(rows.count())
    }
    assert found[names[base]] == "● compared with"
    told = {p["key"]: p["verdict"] for p in pairs if p["baseline"] == base}
    told |= {p["baseline"]: p["other_way"] for p in pairs if p["key"] == base}
    told = {key: verdict for key, verdict in told.items() if key in names}
    assert len(told) > 1
    assert {names[key]: found[names[key]] for key in told} == {
        names[key]: words[verdict] for key, verdict in told.items()
    }
    said = page.locator(".compare .said").text_content()
    assert names[base] in said
    assert "corrected for every pair" in said
    page.locator(".compare select.against").select_option(label=names[content["comparisons"][0]["baseline"]])
    assert "corrected for every pair" not in page.locator(".compare .said").text_content()
    assert complaints == []
    page.context.close()


def test_without_scripts_it_is_a_plain_report(built_sample: BuiltSample, browser: Any) -> None:
    page, complaints = opened(browser, built_sample.files["html"], java_script_enabled=False)
    title = page.locator("h1").first.text_content().replace("\N{NO-BREAK SPACE}", " ")
    assert title == built_sample.report.sections[0].title.text
    assert not page.locator(".compare").is_visible()
    assert page.locator("#table-runs tbody tr").count() == 12
    assert page.locator("#table-runs .left-out").count() == 1
    assert complaints == []
    page.context.close()


def test_printed_from_a_browser_it_is_a_report_and_no_form(built_sample: BuiltSample, browser: Any) -> None:
    """Nothing that only a pointer can use, columns for specialists left out, marks in their own colours."""
    page, _ = opened(browser, built_sample.files["html"])
    page.emulate_media(media="print")
    for hidden in (".tools:not(.part)", ".unused", ".compare", "th.detail", "td.detail"):
        assert page.locator(hidden).count()
        assert not any(
            page.locator(hidden).nth(n).is_visible() for n in range(page.locator(hidden).count())[:20]
        )
    style = "getComputedStyle(document.querySelector('{}')).{}"
    assert page.evaluate(style.format(".spot", "fill")) == "none"
    assert page.evaluate(style.format("th .sort", "display")) == "none"
    text = "getComputedStyle(document.querySelector('thead th[data-text]'), '::before').content"
    assert "Set-up" in page.evaluate(text)
    assert page.evaluate(style.format("body", "printColorAdjust")) == "exact"
    page.context.close()


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_opens_without_a_complaint(state: str, browser: Any, tmp_path: Path) -> None:
    report = compose(STATES[state](), Config(), built_at=START, version="1")
    HtmlRenderer().render(report, load_theme(ThemeConfig()), tmp_path / "a.html")
    page, complaints = opened(browser, tmp_path / "a.html")
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    page.context.close()
