"""The page of the small report, part by part as it was approved.

Styles, the script and drawings are left out: they have tests of their own, and another version of a library draws
otherwise. After a change that is meant, look at the page, then copy the file that the failing test
names over the expected one.
"""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.config import ThemeConfig
from reportgen.render.html import page_html
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report

EXPECTED = Path(__file__).parent / "html" / "full_report.html"
SCRUBS = (
    (re.compile(r"(?s)<style(.*?)>.*?</style>"), r"<style\1></style>"),
    (re.compile(r"(?s)<script>.*?</script>"), "<script></script>"),
    (re.compile(r"sha256-[\w+/=]{44}"), "sha256-"),
    (re.compile(r"(?s)(<svg)[^>]*>(<title>.*?</title>).*?(</svg>)"), r"\1>\2\3"),
)


def test_the_page_is_as_approved(tmp_path: Path) -> None:
    page = page_html(full_report(decision="Approve the pilot."), load_theme(ThemeConfig()), "screen")
    for pattern, kept in SCRUBS:
        page = pattern.sub(kept, page)
    actual = tmp_path / "full_report.html"
    actual.write_text(page, "utf-8")
    assert page == EXPECTED.read_text("utf-8"), f"compare {actual} with {EXPECTED}"
