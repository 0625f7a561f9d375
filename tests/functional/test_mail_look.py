"""The page of the mail in a real browser: the answer is what is seen first, on a desk, on a phone, in the dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Chart, Report
from reportgen.render.email import render_mail
from reportgen.render.theme import load_theme
from tests.conftest import BuiltSample
from tests.fakes.findings import STATES
from tests.fakes.setups import START
from tests.unit.render.hostile import hostile_report

pytestmark = pytest.mark.heavy
THEME = load_theme(ThemeConfig())


def opened(
    browser: Any, report: Report, folder: Path, width: int, scheme: str = "light", *, pictures: bool = True
) -> Any:
    """Show the mail as a mail program does: pictures by their Content-ID, no script, no network."""
    body = render_mail(report, THEME, attach=("pdf", "xlsx"), unsubscribe="stop@example.com")
    html = body.html
    for picture in body.pictures:
        if pictures:
            (folder / f"{picture.cid}.png").write_bytes(picture.png)
        html = html.replace(f"cid:{picture.cid}", f"{picture.cid}.png")
    (folder / "mail.html").write_text(html, "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto((folder / "mail.html").as_uri())
    return page


def box(page: Any, selector: str) -> dict[str, float]:
    found: dict[str, float] = page.locator(selector).first.bounding_box()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [640, 360])
def test_the_answer_is_seen_first(
    built_sample: BuiltSample, browser: Any, width: int, scheme: str, tmp_path: Path
) -> None:
    page = opened(browser, built_sample.report, tmp_path, width, scheme)
    heading = box(page, "h1")
    assert heading["y"] < 80
    assert heading["x"] >= 0
    assert heading["x"] + heading["width"] <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('td, div, h2, p, b')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert float(page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 22
    assert min(size for size in sizes if size > 1) >= 12  # the hidden line has one pixel
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture = box(page, "img")
    assert picture["width"] >= min(560, width - 32)
    assert picture["x"] + picture["width"] <= width
    shot = tmp_path / "mail.png"
    page.screenshot(path=shot, full_page=True)
    assert shot.stat().st_size > 20_000
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_out(
    built_sample: BuiltSample, browser: Any, scheme: str, tmp_path: Path
) -> None:
    """axe-core finds no text that cannot be read, no picture without words, no table that claims to be data."""
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, built_sample.report, tmp_path, 640, scheme)
    rules = {
        "rules": {name: {"enabled": False} for name in ("landmark-one-main", "region")}
    }  # a mail has none
    found = Axe().run(page, options=rules).response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []
    page.context.close()


def test_in_the_dark_the_ground_is_dark_and_pictures_stay_white(
    built_sample: BuiltSample, browser: Any, tmp_path: Path
) -> None:
    page = opened(browser, built_sample.report, tmp_path, 640, "dark")
    ground = page.locator(".paper").evaluate("e => getComputedStyle(e).backgroundColor")
    ink = page.locator("h1").evaluate("e => getComputedStyle(e).color")
    assert [sum(map(int, text[4:-1].split(","))) for text in (ground, ink)] == [
        pytest.approx(61, abs=40),
        pytest.approx(700, abs=65),
    ]
    assert page.locator("img").first.evaluate("e => e.naturalWidth") == 1120
    page.context.close()


def test_without_pictures_their_words_are_there(
    built_sample: BuiltSample, browser: Any, tmp_path: Path
) -> None:
    """Many mail programs show pictures only when they are asked to."""
    page = opened(browser, built_sample.report, tmp_path, 640, pictures=False)
    drawn = [block for block in built_sample.report.sections[0].blocks if isinstance(block, Chart)]
    assert page.locator("img").count() == len(drawn) > 0
    for place in range(page.locator("img").count()):
        image = page.locator("img").nth(place)
        assert image.evaluate("e => e.naturalWidth") == 0
        assert len(image.get_attribute("alt") or "") > 20
    page.context.close()


@pytest.mark.parametrize("width", [640, 360])
def test_names_that_break_pages_do_not_break_the_mail(browser: Any, width: int, tmp_path: Path) -> None:
    page = opened(browser, hostile_report(), tmp_path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_fits_a_phone(state: str, browser: Any, tmp_path: Path) -> None:
    report = compose(STATES[state](), Config(), built_at=START, version="1")
    page = opened(browser, report, tmp_path, 360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert box(page, "h1")["y"] < 80
    page.context.close()
