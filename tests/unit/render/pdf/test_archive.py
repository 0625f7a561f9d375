"""With ``archive = true`` the PDF keeps to PDF/A-3a: by our own rules, and by PDFBox's as far as they go."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from reportgen.compose import compose
from reportgen.config import Config, ThemeConfig, read_config
from reportgen.document import Report
from reportgen.pipeline import build
from reportgen.render import render_outputs
from tests.fakes.findings import STATES
from tests.fakes.reports import full_report
from tests.fakes.setups import START
from tests.unit.render.pdf.archive_rules import broken_rules

ROOT = Path(__file__).resolve().parents[4]
JARS = (
    "preflight",
    "pdfbox2",
    "fontbox2",
    "xmpbox",
    "commons-logging",
    "jaxb-api",
    "javax.activation",
    "bcprov",
)
LATER = (
    (r"2\.2\.1 : Invalid graphics transparency", "transparency"),
    (r"4\.1\.2 : Transparency error", "transparency"),
    (r"1\.2\.9 : Body Syntax error, EmbeddedFile entry", "attachments"),
    (r"1\.4\.7 : Trailer Syntax error, EmbeddedFile entry", "attachments"),
    (r"1\.4 : Trailer Syntax error, /XRef cross reference streams", "newer syntax"),
    (r"3\.1\.11 : .*The CIDSet entry is missing", "no longer asked for"),
    (r"7\.11\.2 : Error on MetaData, part must be 1", "the claim itself"),
)
"""What PDF/A-1, which PDFBox checks, forbids or asks for and PDF/A-3 does not."""

# WeasyPrint leaves the colour profile that it embeds open
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def archived(report: Report, folder: Path) -> Path:
    meta = replace(report.meta, archive=True, attach=True)
    made = render_outputs(replace(report, meta=meta), ["pdf", "json"], folder, ThemeConfig())
    return next(output.path for output in made.made if output.format == "pdf")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archived(full_report(), tmp_path_factory.mktemp("archive"))


def test_an_archive_keeps_the_rules(whole: Path) -> None:
    assert broken_rules(whole) == []


@pytest.mark.parametrize("state", ["digits", "all_failed"])
def test_every_state_keeps_the_rules(state: str, tmp_path: Path) -> None:
    config = replace(Config(), owner="Müller & Söhne", contact="models@example.com")
    report = compose(STATES[state](), config, built_at=START, version="0.1.0")
    assert broken_rules(archived(report, tmp_path)) == []


def test_a_pdf_for_all_is_no_archive(tmp_path: Path) -> None:
    made = render_outputs(full_report(), ["pdf"], tmp_path, ThemeConfig())
    clauses = {text.split()[0] for text in broken_rules(made.made[0].path)}
    assert {"6.2.3", "6.6.4"} <= clauses


def _first_font(pdf: Any) -> Any:
    return next(
        o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Subtype") == Name.CIDFontType2
    )


def _lose_font(pdf: Any) -> None:
    del _first_font(pdf).FontDescriptor.FontFile2


def _other_widths(pdf: Any) -> None:
    font = _first_font(pdf)
    font.W = Array([3, Array([1234])])


def _no_intent(pdf: Any) -> None:
    del pdf.Root.OutputIntents


def _wrong_parts(pdf: Any) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile.N = 4


def _device_colour(pdf: Any) -> None:
    pdf.pages[0].contents_add(b"0 0 0 1 k 0 0 9 9 re f")


def _other_title(pdf: Any) -> None:
    pdf.docinfo["/Title"] = "Another"


def _other_claim(pdf: Any) -> None:
    text = pdf.Root.Metadata.read_bytes().replace(b'part="3"', b'part="1"')
    pdf.Root.Metadata.write(text)


def _own_property(pdf: Any) -> None:
    text = pdf.Root.Metadata.read_bytes()
    more = b'<rdf:Description rdf:about="" xmlns:x="urn:x" x:a="1"/></rdf:RDF>'
    pdf.Root.Metadata.write(text.replace(b"</rdf:RDF>", more))


def _script(pdf: Any) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")


def _hidden_link(pdf: Any) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]), F=2)
    pdf.pages[0].Annots = Array([link])


def _no_tags(pdf: Any) -> None:
    pdf.Root.MarkInfo.Marked = False


def _own_kind(pdf: Any) -> None:
    element = next(o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/S") == Name.P)
    element.S = Name.Sidebar


def _loose_file(pdf: Any) -> None:
    pdf.Root.AF = Array()


def _file_without(key: str) -> Callable[[Any], None]:
    def damage(pdf: Any) -> None:
        stream = pdf.Root.AF[0].EF.F
        del (stream.Params if key == "/ModDate" else stream if key == "/Subtype" else pdf.Root.AF[0])[key]

    return damage


def _foreign_filter(pdf: Any) -> None:
    packed = b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"
    pdf.Root.Something = pdf.make_indirect(pikepdf.Stream(pdf, b""))
    pdf.Root.Something.write(packed, filter=Name.LZWDecode)


def _blend(pdf: Any) -> None:
    pdf.pages[0].Resources.ExtGState["/Odd"] = Dictionary(BM=Name("/Glow"))


def _no_text(pdf: Any) -> None:
    font = next(o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Subtype") == Name.Type0)
    del font.ToUnicode


@pytest.mark.parametrize(
    ("damage", "clause"),
    [
        (_lose_font, "6.2.11.4.1"),
        (_other_widths, "6.2.11.5"),
        (_no_text, "6.2.11.7.2"),
        (_no_intent, "6.2.3"),
        (_wrong_parts, "6.2.3"),
        (_device_colour, "6.2.4.3"),
        (_blend, "6.2.10"),
        (_foreign_filter, "6.1.7.2"),
        (_other_title, "6.1.5"),
        (_other_claim, "6.6.4"),
        (_own_property, "6.6.2.3.1"),
        (_script, "6.5.1"),
        (_hidden_link, "6.3.2"),
        (_no_tags, "6.7.2"),
        (_own_kind, "6.7.3.4"),
        (_loose_file, "6.8"),
        pytest.param(_file_without("/ModDate"), "6.8", id="file-without-ModDate"),
        pytest.param(_file_without("/Subtype"), "6.8", id="file-without-Subtype"),
        pytest.param(_file_without("/AFRelationship"), "6.8", id="file-without-AFRelationship"),
    ],
)
def test_the_rules_find_damage(
    damage: Callable[[Any], None], clause: str, whole: Path, tmp_path: Path
) -> None:
    with pikepdf.open(whole) as pdf:
        damage(pdf)
        # else a forbidden filter would be mended
        as_it_is = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
        pdf.save(tmp_path / "damaged.pdf", deterministic_id=True, **as_it_is)
    assert clause in {text.split()[0] for text in broken_rules(tmp_path / "damaged.pdf")}


def preflight(path: Path) -> list[str]:
    """Give what PDFBox's validator of PDF/A-1b finds, aside from what part 3 allows."""
    jars = [Path(f"/usr/share/java/{name}.jar") for name in JARS]
    java = shutil.which("java")
    if java is None or not all(jar.exists() for jar in jars):
        assert os.environ.get("CI") != "true", "PDFBox's preflight is not installed"
        pytest.skip("PDFBox's preflight is not installed; .ci/ensure-heavy does it on Debian")
    done = subprocess.run(
        [java, "-cp", ":".join(map(str, jars)), "org.apache.pdfbox.preflight.Validator_A1b", str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert re.search(r"is (not )?a valid PDF/A-1b file", done.stdout), done.stdout + done.stderr
    found = [line for line in done.stdout.splitlines() if re.match(r"[\d.]+ : ", line)]
    return [line for line in found if not any(re.match(allowed, line) for allowed, _ in LATER)]


@pytest.mark.heavy
@pytest.mark.parametrize("sample", ["digits", "regression", "weekly", "tasks"])
def test_another_validator_finds_nothing_that_part_three_forbids(sample: str, tmp_path: Path) -> None:
    config = read_config(ROOT / "samples" / sample / "reportgen.toml")
    outputs = replace(config.outputs, formats=("xlsx", "pdf", "json"), attach=True, archive=True)
    made = build(replace(config, outputs=outputs), directory=tmp_path, cache=False).outputs.made
    path = next(output.path for output in made if output.format == "pdf")
    assert broken_rules(path) == []
    assert preflight(path) == []
