"""The mail says the answer first, in every form, from the report's own words."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig
from reportgen.document import Callout, Chart, Label, Paragraph, Report, Section, say
from reportgen.errors import RenderError, TemplateError
from reportgen.issues import MailBody
from reportgen.render.email import render_mail
from reportgen.render.email.mail import dark_colors
from reportgen.render.email.subject import LONGEST, mail_subject, shortened
from reportgen.render.theme import Theme, load_theme
from tests.conftest import BuiltSample
from tests.fakes.findings import STATES
from tests.fakes.reports import full_report
from tests.fakes.setups import START
from tests.unit.render.hostile import hostile_report

THEME = load_theme(ThemeConfig())


@pytest.fixture(scope="module")
def sample_mail(built_sample: BuiltSample) -> MailBody:
    """The mail of each sample, written once."""
    return render_mail(built_sample.report, THEME, unsubscribe="stop@example.com")


@cache
def full_mail() -> MailBody:
    """The mail of the report with every block."""
    return render_mail(full_report(), THEME)


class Page(HTMLParser):
    """What a mail program makes of a page: its visible words, pictures and elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._inside: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag == "img":
            self.pictures.append(found)
        if tag not in ("img", "meta", "br"):
            unseen = tag in ("style", "title", "head") or "display:none" in (found.get("style") or "")
            self._inside.append((tag, unseen))

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        unseen = any(hidden for _, hidden in self._inside)
        (self.hidden if unseen else self.words).append(data)

    @property
    def text(self) -> str:
        return squeezed("".join(self.words))


def squeezed(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def with_section(report: Report, section: Section) -> Report:
    return replace(report, sections=(*report.sections, section))


def test_the_answer_is_the_subject_and_the_first_words_of_both_texts(
    built_sample: BuiltSample, sample_mail: MailBody
) -> None:
    report, body = built_sample.report, sample_mail
    answer = report.sections[0].title.text
    assert body.subject.endswith(shortened(answer, LONGEST))
    assert ("…" in body.subject) == (len(answer) > LONGEST)
    page = Page(body.html)
    heading = f"{report.meta.title} · "
    assert squeezed(page.text).startswith(squeezed(heading))
    assert 0 < page.text.index(squeezed(answer)) < 150
    assert 0 < squeezed(body.text).index(squeezed(answer)) < 150


def test_both_texts_hold_lead_figures_and_what_is_suggested(
    built_sample: BuiltSample, sample_mail: MailBody
) -> None:
    """All sentences come from the report as they stand there, and no other number is in the mail."""
    body = sample_mail
    answer = built_sample.report.sections[0]
    texts = (Page(body.html).text, squeezed(body.text.replace("\n* ", "\n")))
    wanted = [b.sentence.text for b in answer.blocks if isinstance(b, Paragraph)]
    wanted += [s.text for b in answer.blocks if isinstance(b, Callout) for s in b.sentences]
    assert len(wanted) >= 3
    for text in texts:
        assert [sentence for sentence in wanted if squeezed(sentence) not in text] == []


def test_pictures_are_large_opaque_and_told_in_words(
    built_sample: BuiltSample, sample_mail: MailBody
) -> None:
    body = sample_mail
    page = Page(body.html)
    assert [f"cid:{picture.cid}" for picture in body.pictures] == [entry["src"] for entry in page.pictures]
    on_page_one = [block for block in built_sample.report.sections[0].blocks if isinstance(block, Chart)]
    assert len(body.pictures) == len(on_page_one) == 2
    for picture, shown in zip(body.pictures, page.pictures, strict=True):
        assert picture.png.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture.png[16:24])
        assert width == 2 * picture.width
        assert 200 < height < 2 * width
        assert is_opaque_and_white(picture.png)
        assert shown["alt"]
        assert shown["width"] == str(picture.width)
        assert squeezed(shown["alt"]) == squeezed(picture.alt)
    assert sum(len(picture.png) for picture in body.pictures) < 500_000


def is_opaque_and_white(png: bytes) -> bool:
    from matplotlib.image import imread

    pixels = imread(io.BytesIO(png), format="png")
    return bool((pixels[0] == 1).all()) and (pixels.shape[2] == 3 or bool((pixels[:, :, 3] == 1).all()))


def test_the_page_keeps_to_what_mail_programs_know(built_sample: BuiltSample, sample_mail: MailBody) -> None:
    body = sample_mail
    assert len(body.html.encode()) < 100_000
    page = Page(body.html)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "svg", "link", "iframe", "form", "video", "base"})
    assert not re.search(r"display:\s*(?:grid|flex)|https?://(?!www\.w3\.org)|data:|position:", body.html)
    metas = {found.get("name"): found.get("content") for tag, found in page.elements if tag == "meta"}
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"
    assert "prefers-color-scheme: dark" in body.html
    widths = [
        int(found["width"] or 0) for _, found in page.elements if (found.get("width") or "").isdecimal()
    ]
    assert widths
    assert max(widths) <= 640
    tables = [found for tag, found in page.elements if tag == "table"]
    assert tables
    assert all(found.get("role") == "presentation" for found in tables)


def test_the_line_that_lists_show_under_the_subject_is_the_lead(
    built_sample: BuiltSample, sample_mail: MailBody
) -> None:
    body = sample_mail
    lead = next(b for b in built_sample.report.sections[0].blocks if isinstance(b, Paragraph))
    assert squeezed(lead.sentence.text)[:60] in squeezed("".join(Page(body.html).hidden))


def test_plain_text_fits_a_terminal(built_sample: BuiltSample, sample_mail: MailBody) -> None:
    text = sample_mail.text
    assert max(map(len, text.splitlines())) <= 72
    assert "\n-- \n" in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", text)


def test_the_figures_of_a_picture_stand_in_the_plain_text() -> None:
    text = full_mail().text
    assert re.search(r"MLP, hidden 64 +97\.3\xa0% +\(97\.0 to 97\.6\)", text)


def test_rows_with_long_names_can_be_told_apart_in_the_plain_text() -> None:
    report = full_report()
    answer = report.sections[0]
    dots = next(block for block in answer.blocks if isinstance(block, Chart))
    points = dots.series[0].points
    names = [f"{'a long name of a set-up ' * 3}{number}" for number in range(len(points))]
    renamed = tuple(replace(point, label=name) for point, name in zip(points, names, strict=True))
    chart = replace(dots, series=(replace(dots.series[0], points=renamed),))
    blocks = tuple(chart if block is dots else block for block in answer.blocks)
    body = render_mail(
        replace(report, sections=(replace(answer, blocks=blocks), *report.sections[1:])), THEME
    )
    told = squeezed(body.text)
    assert all(told.count(name) == 1 for name in names)
    assert max(map(len, body.text.splitlines())) <= 72


def test_what_changed_is_told_where_the_report_has_it_and_nothing_else() -> None:
    report = full_report()
    assert "New is" not in full_mail().text
    changes = Section(
        "changes",
        say("What changed since the last issue"),
        "Changes",
        tuple(
            Paragraph(say("New is ", Label(name), "."))
            for name in ("alpha", "beta", "gamma", "delta", "omega")
        ),
    )
    body = render_mail(with_section(report, changes), THEME)
    for text in (Page(body.html).text, squeezed(body.text)):
        assert "What changed since the last issue" in text
        assert "New is delta." in text
        assert "omega" not in text  # the most important ones only


def test_what_page_one_says_of_changes_is_told_once() -> None:
    report = full_report()
    title = say("What changed since the last issue")
    changes = Section("changes", title, "Changes", (Paragraph(say("All of it.")),))
    answer = report.sections[0]
    short = Callout(title.text, (say("The best is new."), say("A data set is new.")))
    answer = replace(answer, blocks=(*answer.blocks, short))
    body = render_mail(replace(report, sections=(answer, *report.sections[1:], changes)), THEME)
    for text in (Page(body.html).text, squeezed(body.text)):
        assert text.count("What changed since the last issue") == 1
        assert text.count("The best is new.") == 1
        assert "All of it." not in text


def test_each_choice_of_fewer_attachments_says_what_is_missing() -> None:
    body = render_mail(full_report(), THEME, attach=("pdf", "xlsx"))
    assert body.attached == ("pdf", "xlsx")
    by_files = {entry.attached: entry for entry in body.lighter}
    assert set(by_files) == {("pdf",), ("xlsx",), ()}
    assert "workbook is too large" not in body.text

    def told(entry: MailBody, words: str) -> bool:
        return words in squeezed(entry.text) and words in Page(entry.html).text

    assert told(body, "attached as a PDF, and all its numbers as a workbook")
    assert told(by_files["pdf",], "The workbook is too large for this mail.")
    assert told(by_files["xlsx",], "The PDF is too large for this mail.")
    assert told(by_files[()], "The PDF and the workbook are too large for this mail.")
    assert {(e.subject, e.pictures) for e in body.lighter} == {(body.subject, body.pictures)}


def test_without_attachments_none_are_spoken_of() -> None:
    body = render_mail(full_report(), THEME, attach=())
    assert body.lighter == ()
    assert "attached" not in body.text + body.html


def test_it_says_how_to_get_no_more() -> None:
    body = render_mail(full_report(), THEME, unsubscribe="stop@example.com")
    assert "mailto:stop@example.com" in body.html
    assert "stop@example.com" in body.text
    assert "Reply to it if you want no more" in squeezed(full_mail().text)


def test_it_speaks_the_language_of_the_report() -> None:
    body = render_mail(full_report(language="de"), THEME)
    assert '<html lang="de"' in body.html
    assert "22. Nov. 2026" in body.text


def test_the_same_report_gives_the_same_mail() -> None:
    assert render_mail(full_report(), THEME) == render_mail(full_report(), THEME)


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_of_a_project_makes_a_mail(state: str) -> None:
    report = compose(STATES[state](), Config(), built_at=START, version="1")
    body = render_mail(report, THEME)
    assert body.subject
    assert squeezed(report.sections[0].title.text) in Page(body.html).text
    assert max(map(len, body.text.splitlines())) <= 100  # a name without a space is not cut
    assert not re.search(r"\b(?:None|nan|Undefined)\b|\{\{|\}\}", Page(body.html).text + body.text)


def test_the_week_stands_in_the_subject_in_words() -> None:
    report = full_report(title="A title that leaves no room for the answer " * 3, period="2026-W47")
    assert render_mail(report, THEME).subject.startswith("Week 47 of 2026: ")


def test_hostile_names_stay_text() -> None:
    """Names that would be markup, headers or terminal commands come through as what they are."""
    name = "<script>alert(1)</script>\r\nBcc: x@example.com\x1b[31m\u202e"
    report = full_report(title=name, owner=name, period="2026-W47")
    report = replace(
        report, sections=(replace(report.sections[0], title=say(Label(name))), *report.sections[1:])
    )
    body = render_mail(report, THEME, prefix=name)
    assert "<script" not in body.html
    assert "\x1b" not in body.html + body.text + body.subject
    assert len(body.subject.splitlines()) == 1
    assert "\u202e" not in body.subject
    assert "\nBcc" not in body.text


def test_a_report_full_of_what_breaks_pages_makes_a_mail() -> None:
    body = render_mail(hostile_report(), THEME)
    assert "<script" not in body.html
    assert body.html.encode("utf-8").decode("utf-8") == body.html
    assert body.text.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", body.text + body.subject)


def test_a_template_of_ones_own_is_used_and_cannot_reach_out(tmp_path: Path) -> None:
    own = tmp_path / "email.html.j2"
    theme = replace(THEME, templates=tmp_path)
    own.write_text('{% extends "builtin/email.html.j2" %}{% block foot %}House rules{% endblock %}', "utf-8")
    assert "House rules" in Page(render_mail(full_report(), theme).html).text
    own.write_text("{{ content.__class__.__mro__ }}", "utf-8")
    with pytest.raises(TemplateError):
        render_mail(full_report(), theme)
    own.write_text("x" * 100_001, "utf-8")
    with pytest.raises(RenderError, match="cut it off"):
        render_mail(full_report(), theme)


@pytest.mark.parametrize("ground", ["paper", "tint", "ground"])
def test_colours_can_be_read_on_a_dark_ground(ground: str) -> None:
    from reportgen.render.contrast import contrast

    dark = dark_colors(THEME.colors)
    for name in ("ink", "secondary", "focus", "good", "bad", "caution"):
        assert contrast(dark[name], dark[ground]) >= 4.5, name
    for name in ("focus", "good", "bad", "caution"):
        assert contrast(dark[name], dark[f"{name}_tint"]) >= 4.5, name
        assert contrast(dark["ink"], dark[f"{name}_tint"]) >= 4.5, name


LONG = "Six set-ups are better than the baseline of last year; which is best is not settled by these few runs"


@pytest.mark.parametrize(
    ("answer", "prefix", "title", "period", "subject"),
    [
        ("A is better", "", "Digits", "", "Digits: A is better"),
        ("A is better", "", "Digits", "week 47 of 2026", "Digits, week 47 of 2026: A is better"),
        ("A is better", "Weekly", "Digits", "", "Weekly: A is better"),
        ("A is better", "", "Digits: which?", "", "Digits: which? – A is better"),
        ("Not settled: A or B", "", "Digits", "", "Digits – Not settled: A or B"),
        ("A is better", "Weekly", "Digits", "week 47 of 2026", "Weekly, week 47 of 2026: A is better"),
        ("A" * 70, "", "A title too long", "week 47 of 2026", "Week 47 of 2026: " + "A" * 70),
        ("A" * 88, "", "Digits", "", "A" * 88),
        (LONG, "", "Digits", "", "Six set-ups are better than the baseline of last year…"),
        (
            LONG,
            "",
            "Digits",
            "week 47 of 2026",
            "Week 47 of 2026: Six set-ups are better than the baseline of last year…",
        ),
        ("word " * 30, "", "", "", ("word " * 18).strip() + "…"),
        ("a\r\nBcc: b@example.com", "x\ny", "", "", "x y – a Bcc: b@example.com"),
    ],
)
def test_the_subject(answer: str, prefix: str, title: str, period: str, subject: str) -> None:
    assert mail_subject(answer, prefix, title, period) == subject
    assert len(subject) <= LONGEST


def test_a_long_prefix_leaves_room_for_the_answer() -> None:
    subject = mail_subject("The model is better than the baseline by far", "P" * 80, "", "week 47 of 2026")
    assert subject.count("better") == 1
    assert "week 47 of 2026" in subject


@pytest.mark.parametrize("state", ["digits", "long_names", "many", "not_settled"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_period_of_an_issue_is_in_the_subject_whatever_the_answer(state: str, language: str) -> None:
    config = replace(Config(), language=language)
    report = compose(STATES[state](), config, built_at=START, version="1")
    issue = replace(report, meta=replace(report.meta, period="2026-W47"))
    period = {"en": "eek 47 of 2026", "de": "KW 47/2026"}[language]
    assert period in render_mail(issue, THEME).subject
    assert period in render_mail(issue, THEME, prefix="News of the model").subject


def test_no_name_is_cut_inside_its_brackets() -> None:
    text = (
        "svm (kernel rbf, C = 10, gamma = 0.001, class weights balanced, degree 3, tolerance 0.1) is better"
    )
    cut = shortened(text, 70)
    assert cut.endswith("…")


def test_theme_colours_reach_the_mail() -> None:
    theme: Theme = load_theme(ThemeConfig(colors={"good": "#1c5d2f"}))
    assert "#1c5d2f" in render_mail(full_report(), theme).html
