"""The PDF is whole, tagged, the same each time, and says in plain words why it could not be made."""

from __future__ import annotations

import builtins
import io
import logging
import re
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from reportgen.config import ThemeConfig
from reportgen.document import Callout, Chart, Column, Label, Paragraph, Report, Row, Section, Table, say
from reportgen.errors import MissingLibraryError, RenderError
from reportgen.render import render_outputs
from reportgen.render.glyphs import font_warnings, is_symbol, missing_characters, spelled, spelled_out
from reportgen.render.pdf import PdfRenderer
from reportgen.render.pdf.library import install_command
from reportgen.render.pdf.setting import allowed, set_pdf
from reportgen.render.theme import Theme, load_theme
from tests.fakes.reports import full_report
from tests.unit.render.hostile import hostile_tables

THEME = load_theme(ThemeConfig())
PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>T</h1>{}</body></html>'


def render(report: Report, folder: Path, theme: Theme = THEME) -> bytes:
    target = folder / "a.pdf"
    PdfRenderer().render(report, theme, target)
    return target.read_bytes()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return render(full_report(), tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A report of wide, long and hostile tables, with a very long title, on the other paper."""
    sections = (Section("answer", say("Tables"), "Tables", hostile_tables()),)
    report = full_report(paper="Letter", title="A title that goes on and on " * 20)
    return render(replace(report, sections=sections), tmp_path_factory.mktemp("wide"))


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(text.replace("\u00a0", " ").split())


@dataclass(frozen=True)
class Element:
    """What a test wants to know of an element of the structure tree."""

    kind: str
    alt: str
    empty: bool
    scope: str


def elements(content: bytes) -> list[Element]:
    """List the structure tree."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        stack: list[Any] = [pdf.Root.StructTreeRoot.K]
        while stack:
            node = stack.pop()
            if isinstance(node, pikepdf.Array):
                stack.extend(reversed([*node]))
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                given: Any = node.get("/A", pikepdf.Array())
                attributes = given if isinstance(given, pikepdf.Array) else [given]
                scopes = [str(a.Scope) for a in attributes if "/Scope" in a]
                found.append(
                    Element(
                        str(node.S), str(node.get("/Alt", "")), not len(node.get("/K", [])), "".join(scopes)
                    )
                )
                stack.append(node.get("/K"))
    return found


def test_the_same_report_gives_the_same_bytes(content: bytes, tmp_path: Path) -> None:
    assert render(full_report(), tmp_path) == content


def test_dates_title_language_and_author_come_from_the_report(content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Digit recognition: which model should we ship?"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122080000")
        assert str(pdf.docinfo["/Author"]) == "Model team"
        assert str(pdf.Root.Lang) == "en"
        assert pdf.check_pdf_syntax() == []


def test_all_that_the_page_says_is_on_paper(content: bytes) -> None:
    text = text_of(content)
    for words in (
        "MLP, hidden 64 is better than Logistic regression",
        "It scored 97.3 %, a gain of +7.2 points.",
        "no price given",
        "not settled",
        "Page 1 of 2",
        "Page 2 of 2",
        "Data up to 21 Nov 2026, 17:30 UTC · 20 runs in all · data fingerprint 7c1f09ab · reportgen 0.1.0",
        "target 97.0 %",
    ):
        assert words in text, words


def test_the_tags_name_headings_tables_and_pictures(content: bytes) -> None:
    found = elements(content)
    kinds = [element.kind for element in found]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P", "/Figure"} <= set(kinds)
    assert kinds.count("/Figure") == 5
    assert all(element.alt for element in found if element.kind == "/Figure")
    assert not [element for element in found if element.kind == "/Span" and element.empty]


def test_head_cells_have_the_scope_of_their_place(content: bytes) -> None:
    scopes = [element.scope for element in elements(content) if element.kind == "/TH"]
    assert scopes == ["/Column"] * 7 + ["/Row"] * 4


def test_running_heads_are_no_content(content: bytes) -> None:
    """WeasyPrint's streams are patched: this fails when they change."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        marked = [
            len(re.findall(rb"/Artifact\s<</Type /Pagination", page.Contents.read_bytes()))
            for page in pdf.pages
        ]
    assert len(marked) == 2
    assert all(count >= 2 for count in marked)


def test_links_are_printed() -> None:
    mended = set_pdf(PAGE.format('<p><a href="mailto:a@b.example">a</a></p>'), THEME).content
    with pikepdf.open(io.BytesIO(mended)) as pdf:
        assert [int(a.F) & 4 for page in pdf.pages for a in page.get("/Annots", [])] == [4]


def test_fonts_are_inside(content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
        names = {str(font.FontName).split("+")[-1] for font in fonts}
        assert all(any(f"/FontFile{n}" in font for n in ("", 2, 3)) for font in fonts)
    assert any("Source-Sans" in name or "SourceSans" in name for name in names), names
    assert any("Serif" in name for name in names), names


@pytest.mark.parametrize(("fixture", "size"), [("content", (595, 842)), ("wide", (612, 792))])
def test_the_paper_is_the_one_asked_for(
    fixture: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    pages = pypdfium2.PdfDocument(request.getfixturevalue(fixture))
    assert {tuple(map(round, page.get_size())) for page in pages} == {size}


def test_nothing_is_printed_into_the_margin(wide: bytes) -> None:
    for page in pypdfium2.PdfDocument(wide):
        width, height = page.get_size()
        text = page.get_textpage()
        for number in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number)
            assert left >= 40
            assert right <= width - 40
            assert 17 <= bottom <= top <= height - 17


def test_page_one_stands_alone_if_the_answer_fits_on_it(content: bytes) -> None:
    first, second = pypdfium2.PdfDocument(content)
    assert "Learning levels off early" not in first.get_textpage().get_text_range()
    assert "Learning levels off early" in second.get_textpage().get_text_range()


def test_the_rest_follows_an_answer_that_takes_more_than_page_one(tmp_path: Path) -> None:
    long = Paragraph(say("Words that fill the page. " * 400))
    sections = (
        Section("answer", say("A"), "A", (long,)),
        Section("method", say("The method follows"), "Method", (Paragraph(say("m")),)),
    )
    pages = pypdfium2.PdfDocument(render(replace(full_report(), sections=sections), tmp_path))
    assert len(pages) == 2
    assert "The method follows" in pages[1].get_textpage().get_text_range()


def test_a_piece_of_a_table_with_more_heads_than_cells_has_plain_first_cells(tmp_path: Path) -> None:
    table = Table("t", say("T"), (Column("a", "A"), Column("b", "B")), (Row(("x", "y")), Row(("z", "w"))))
    found = elements(
        render(replace(full_report(), sections=(Section("answer", say("A"), "A", (table,)),)), tmp_path)
    )
    assert [element.kind for element in found if element.kind in {"/TH", "/TD"}] == ["/TH"] * 2 + ["/TD"] * 4


def test_a_table_over_several_pages_repeats_its_head(wide: bytes) -> None:
    assert len(pypdfium2.PdfDocument(wide)) >= 3
    assert text_of(wide).count("Finished") >= 3
    assert "100 more rows are in the workbook and the JSON file." in text_of(wide)


UNASSIGNED = "\U000e8000\U000e8001"
"""No font has them, whatever is installed."""


def test_a_sign_that_no_font_has_is_spelled_out(tmp_path: Path) -> None:
    report = replace(
        full_report(),
        sections=(Section("answer", say(Label("\N{ROCKET} fast")), "A", (Paragraph(say("x")),)),),
    )
    text = text_of(render(report, tmp_path))
    assert ":rocket: fast" in text or "\N{ROCKET} fast" in text


def test_letters_that_no_font_has_are_written_as_their_codes_everywhere(tmp_path: Path) -> None:
    report = full_report()
    name = Label(f"set-up {UNASSIGNED}")
    chart = next(block for block in report.blocks() if isinstance(block, Chart) and block.kind == "bars")
    points = (replace(chart.series[0].points[0], label=name.text),)
    blocks = (
        Paragraph(say("It is ", name)),
        Table("t", say("T"), (Column("a", "A"), Column("b", "B")), (Row((name, UNASSIGNED[0])),)),
        replace(chart, series=(replace(chart.series[0], points=points),)),
    )
    meta = replace(report.meta, title=f"Title {UNASSIGNED}", owner=UNASSIGNED[1])
    shown = replace(report, meta=meta, sections=(Section("answer", say(name), "A", blocks),))
    warnings = PdfRenderer().render(shown, THEME, tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert text_of(content).count("[U+E8000 U+E8001]") == 5  # headline, sentence, cell, chart, running title
    assert "[U+E8000]" in text_of(content)
    assert "\ufffd" not in text_of(content)
    assert len(warnings) == 1
    assert warnings[0].startswith(
        "no installed font has characters without a name: 2 characters of this report"
    )
    assert "such as [U+E8000]" in warnings[0]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == meta.title  # needs no font, and is what was asked for


def test_a_warning_names_the_script_and_the_package_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name == "apt-get" else None)
    missing = ("\N{DEVANAGARI LETTER KA}", "\N{DEVANAGARI SIGN VIRAMA}", "\u6a21", "\N{ROCKET}")
    assert font_warnings(missing) == (
        (
            "no installed font has Devanagari: 2 characters of this report are written by name or code, "
            "such as [U+0915]. Install a font that has them: sudo apt-get install fonts-noto-core"
        ),
        (
            "no installed font has Chinese, Japanese or Korean: one character of this report is written as [U+6A21]. "
            "Install a font that has them: sudo apt-get install fonts-noto-cjk"
        ),
        (
            "no installed font has some signs: one character of this report is written as :rocket:. "
            "Install a font that has them: sudo apt-get install fonts-noto-color-emoji"
        ),
    )
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert font_warnings("\u0915")[0].endswith("Install a font that has them, such as Noto Sans.")
    assert font_warnings(()) == ()
    for script, text in {
        "Thai": "ไทย",
        "Hebrew": "שָׁלוֹם",
        "Arabic": "عَرَبٌ",
        "Old Italic": "\U00010300\U00010320",
    }.items():
        (warning,) = font_warnings(text)
        assert f"no installed font has {script}: " in warning


def test_what_weasyprint_says_of_missing_glyphs_is_understood() -> None:
    record = '.notdef glyph rendered for Unicode string unsupported by fonts: "x" (U+1F680)'
    assert missing_characters([record, record, "something else"]) == ("\N{ROCKET}",)
    assert is_symbol("\N{ROCKET}")
    assert is_symbol("\U0001faff")
    assert not is_symbol("\u6a21")
    assert not is_symbol("\U000e8000")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\N{ROCKET} go", ":rocket: go"),
        ("a\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}b", "ab"),
        ("\u6a21\u578b A \u6a21", "[U+6A21 U+578B] A [U+6A21]"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}\u6a21", "A[U+6A21]"),
        ("as it was", "as it was"),
    ],
)
def test_what_stands_in_can_be_read(text: str, shown: str) -> None:
    missing = tuple(character for character in text if not character.isascii())
    assert spelled(text, missing) == shown


def test_our_own_words_take_codes_although_those_have_digits() -> None:
    told = spelled_out(Paragraph(say("our \u6a21 words")), ("\u6a21",))
    assert told.sentence.text == "our [U+6A21] words"


@pytest.mark.parametrize(
    "element",
    [
        '<img src="gone.png" alt="x">',
        '<img src="https://example.com/x.png" alt="x">',
        '<img src="file:///etc/hostname" alt="x">',
        '<link rel="stylesheet" href="gone.css">',
        '<link rel="attachment" href="file:///etc/hostname">',
        "<style>p { colour: red }</style>",
    ],
)
def test_what_is_left_out_is_an_error(element: str) -> None:
    """WeasyPrint goes on without a missing or forbidden part and says so in its log only."""
    for _ in range(2):  # also where it was read before
        with pytest.raises(RenderError, match="could not be set as it should be"):
            set_pdf(PAGE.format(element), THEME)


def test_a_picture_that_cannot_be_shown_does_not_fill_the_screen() -> None:
    with pytest.raises(RenderError, match="Failed to load image") as told:
        set_pdf(PAGE.format(f'<img src="data:image/png;base64,{"QUJD" * 9_000}" alt="x">'), THEME)
    assert len(str(told.value)) < 400


def test_only_files_of_the_templates_may_be_loaded(tmp_path: Path) -> None:
    inside = tmp_path / "templates"
    inside.mkdir()
    (inside / "link").symlink_to("/etc")
    folders = (inside.resolve(),)
    assert allowed((inside / "logo.png").as_uri(), folders)
    assert allowed("data:image/png;base64,AAAA", folders)
    for url in (
        "file:///etc/passwd",
        f"{inside.as_uri()}/../secret",
        f"{inside.as_uri()}/%2e%2e/secret",
        f"{inside.as_uri()}/link/passwd",
        f"{inside.as_uri()}-other/x",
        "file://server/share/x",
        "http://example.com/",
        "ftp://example.com/",
        "/etc/passwd",
    ):
        assert not allowed(url, folders), url


def test_the_log_of_weasyprint_is_left_as_it_was() -> None:
    logger = logging.getLogger("weasyprint")
    before = (list(logger.handlers), logger.level, logger.propagate)
    set_pdf(PAGE.format(""), THEME)
    assert (list(logger.handlers), logger.level, logger.propagate) == before


def test_without_pango_the_other_outputs_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without_pango(name: str, *rest: Any) -> Any:
        if name == "weasyprint":
            print("a page of advice")  # noqa: T201 - as WeasyPrint does
            raise OSError("cannot load library 'libpango-1.0-0': not found\nmore")
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_pango)
    outputs = render_outputs(full_report(), ["pdf", "json"], tmp_path, ThemeConfig())
    assert [output.format for output in outputs.made] == ["json"]
    error = outputs.failed[0].error
    assert isinstance(error, MissingLibraryError)
    assert "Pango" in error.what
    assert error.found == "cannot load library 'libpango-1.0-0': not found"
    assert error.do.startswith("Install it with: ")
    assert [path.name for path in tmp_path.iterdir()] == ["digit-recognition.json"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("platform", "program", "command"),
    [
        ("linux", "apt-get", "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("linux", "dnf", "sudo dnf install pango"),
        ("linux", "pacman", "sudo pacman -S pango"),
        ("linux", "brew", "brew install pango"),
        ("darwin", "", "brew install pango"),
        ("win32", "", "pacman -S mingw-w64-ucrt-x86_64-pango"),
        ("linux", "", "your system's package manager"),
    ],
)
def test_the_command_that_installs_pango_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, platform: str, program: str, command: str
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name == program else None)
    assert install_command(platform).startswith(command)


def test_a_user_s_broken_style_names_the_trouble(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "print.css").write_text("p { colour: red }")
    report = replace(
        full_report(), sections=(Section("answer", say("A"), "A", (Callout("c", (say("x"),)),)),)
    )
    with pytest.raises(RenderError, match=r"colour.*templates of your own"):
        render(report, tmp_path, load_theme(ThemeConfig(templates=own)))
