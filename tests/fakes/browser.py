"""A page in headless Chromium, and what the browser complained of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


def opened(browser: Any, path: Path, **options: Any) -> tuple[Any, list[str]]:
    """Open a file; give the page, and what the browser complained of: errors, and any address but the file's own."""
    context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request", lambda request: None if request.url == path.as_uri() else complaints.append(request.url)
    )
    page.goto(path.as_uri())
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html.ready", timeout=10_000)
    return page, complaints


def shown(page: Any, table: str, column: int) -> list[str]:
    """Give the texts in a column (counted from 1) of a table, by the table's id, from top to bottom."""
    texts: list[str] = page.locator(f"#{table} tbody tr > :nth-child({column})").all_text_contents()
    return [" ".join(text.split()) for text in texts]
