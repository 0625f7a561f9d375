"""Every renderer shows every block and every kind of cell, and gives the same bytes for the same report."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest

from reportgen.config import ThemeConfig
from reportgen.document import Block, Report, Section, say
from reportgen.errors import OutputError
from reportgen.render import find_renderer, known_formats
from reportgen.render.files import write_whole
from reportgen.render.registry import BUILTIN
from reportgen.render.theme import load_theme
from tests.fakes.reports import full_report

FORMATS = tuple(BUILTIN)
PLAIN = {"\N{NO-BREAK SPACE}": " ", "\n": " "}


def text_of_pdf(content: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def text_of_archive(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


READERS: dict[str, Callable[[bytes], str]] = {
    "pdf": text_of_pdf,
    "html": lambda content: re.sub(r"(?s)<script>.*?</script>", "", content.decode()),  # what people read
    "json": bytes.decode,
    "xlsx": text_of_archive,
}
"""How to find words in a file of each format: by what is in it, not by how it looks."""


def render(name: str, report: Report, target: Path) -> bytes:
    find_renderer(name).render(report, load_theme(ThemeConfig()), target)
    return target.read_bytes()


def words_in(name: str, content: bytes) -> str:
    text = unescape(READERS[name](content))
    for space, plain in PLAIN.items():
        text = text.replace(space, plain)
    return " ".join(text.split())


@pytest.fixture(scope="module", params=FORMATS)
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    """Each format in turn, made of a report with everything."""
    name: str = request.param
    return name, render(name, full_report(), tmp_path_factory.mktemp("contract") / f"a.{name}")


def test_every_known_format_is_held_to_the_contract() -> None:
    assert set(READERS) == set(FORMATS) <= set(known_formats())


def test_the_report_of_this_test_has_every_block() -> None:
    assert {type(block) for block in full_report().blocks()} == set(get_args(Block))


@pytest.mark.parametrize(
    "words",
    [
        "Digit recognition: which model should we ship?",  # the title
        "MLP, hidden 64",  # a label
        "a gain of",  # a paragraph
        "no price given",  # a missing key figure
        "digits v1",  # a key figure of words
        "k-NN, k 3",  # a cell of text
        "recommended",  # a second line
        "better",  # a badge
        "no usable run",  # a missing cell
        "Difference in percentage points; positive is better.",  # a note
        "The lead is larger than the spread",  # the title of a chart
        "How sure are we?",  # a callout
        "Sure: the gap is larger than luck.",
        "Share of images recognised correctly.",  # a definition
        "7c1f09ab",  # the fingerprint
    ],
)
def test_every_output_says(rendered: tuple[str, bytes], words: str) -> None:
    name, content = rendered
    assert words in words_in(name, content)


def test_no_output_shows_what_only_programs_know(rendered: tuple[str, bytes]) -> None:
    name, content = rendered
    text = words_in(name, content)
    for word in ("NaN", "Sentence(", "{{", "undefined", "Traceback"):
        assert word not in text, word


def test_the_same_report_gives_the_same_bytes(rendered: tuple[str, bytes], tmp_path: Path) -> None:
    name, content = rendered
    assert render(name, full_report(), tmp_path / f"b.{name}") == content


@pytest.mark.parametrize("name", FORMATS)
def test_a_disk_that_fills_while_it_is_written_is_told(name: str, tmp_path: Path) -> None:
    """Every write to this device fails as on a full disk; the message names the output, not a temporary file."""
    renderer, theme = find_renderer(name), load_theme(ThemeConfig())
    target = tmp_path / f"a.{name}"
    with pytest.raises(OutputError, match="the disk is full") as told:
        write_whole(target, lambda _: renderer.render(full_report(), theme, Path("/dev/full")))
    assert told.value.where == str(target)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_each_block_can_stand_alone(name: str, tmp_path: Path) -> None:
    """One section a block: none leans on another."""
    report = full_report()
    blocks = list(report.blocks())
    ids = ["answer", *(f"part_{number}" for number in range(1, len(blocks)))]
    sections = tuple(
        Section(section, say("Part"), f"Part {number}", (block,))
        for number, (section, block) in enumerate(zip(ids, blocks, strict=True))
    )
    assert render(name, replace(report, sections=sections), tmp_path / "a")


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_of_one_empty_section_is_rendered(name: str, tmp_path: Path) -> None:
    report = replace(full_report(), sections=(Section("answer", say("Nothing to say"), "Answer", ()),))
    assert "Nothing to say" in words_in(name, render(name, report, tmp_path / "a"))
