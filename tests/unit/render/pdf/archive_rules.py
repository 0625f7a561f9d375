"""Rules of PDF/A-3a (ISO 19005-3) that a file of ours could break, each by its clause.

Not all of the standard: what a report has no use for (forms, signatures, optional content, films)
must simply not be there. Independent of the code that writes the files.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream

FILTERS: Final = {"/FlateDecode", "/DCTDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"}
BLENDS: Final = {
    *("/Normal", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn"),
    *(
        "/HardLight",
        "/SoftLight",
        "/Difference",
        "/Exclusion",
        "/Hue",
        "/Saturation",
        "/Color",
        "/Luminosity",
    ),
}
KINDS: Final = frozenset(
    re.findall(
        r"\w+",
        """Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI
        Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP
        Warichu WT WP Figure Formula Form""",
    )
)
"""Types of structure of PDF 1.7."""
ACTIONS: Final = {"/GoTo", "/GoToR", "/GoToE", "/URI", "/Named", "/Thread", "/SubmitForm"}
RELATIONS: Final = {"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"}
SPACES: Final = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
}
DEEPEST: Final = 28
LONGEST_STRING, LONGEST_NAME = 32767, 127


def broken_rules(path: Path) -> list[str]:
    """List what a PDF breaks of PDF/A-3a: the clause, and what was found."""
    content = path.read_bytes()
    with pikepdf.open(path) as pdf:
        checks: tuple[Callable[[Any], Iterator[str]], ...] = (
            _catalog,
            _objects,
            _intent,
            _colours,
            _states,
            _fonts,
            _annotations,
            _metadata,
            _structure,
            _attachments,
        )
        return [*_file(content, pdf), *(broken for check in checks for broken in check(pdf))]


def _file(content: bytes, pdf: Any) -> Iterator[str]:
    head, mark = content.split(b"\n", 2)[:2]
    if not re.fullmatch(rb"%PDF-1\.[0-7]", head):
        yield f"6.1.2 header {head!r}"
    if mark[:1] != b"%" or any(byte <= 127 for byte in mark[1:5]) or len(mark) < 5:
        yield "6.1.2 no binary comment after the header"
    if "/ID" not in pdf.trailer or "/Encrypt" in pdf.trailer:
        yield "6.1.3 no identifier, or encrypted"
    if content.rstrip(b"\r\n")[-5:] != b"%%EOF":
        yield "6.1.3 data after the end"


def _catalog(pdf: Any) -> Iterator[str]:
    for key in ("/OCProperties", "/AcroForm", "/AA", "/Requirements", "/Perms"):
        if key in pdf.Root:
            yield f"6.5.1, 6.9, 6.11 the catalogue has {key}"
    names = pdf.Root.get("/Names", Dictionary())
    for key in ("/AlternatePresentations", "/JavaScript"):
        if key in names:
            yield f"6.10, 6.5.1 the names have {key}"
    for page in pdf.pages:
        for key in ("/AA", "/PresSteps"):
            if key in page.obj:
                yield f"6.5.2, 6.10 a page has {key}"
    stack = [pdf.Root.get("/OpenAction"), pdf.Root.get("/Outlines")]
    while stack:
        node = stack.pop()
        if isinstance(node, Dictionary):
            yield from _action(node.get("/A", node if "/S" in node else None))
            stack += [node.get("/First"), node.get("/Next")]


def _action(action: Any) -> Iterator[str]:
    if isinstance(action, Dictionary) and str(action.get("/S")) not in ACTIONS:
        yield f"6.5.1 action {action.get('/S')}"


def _objects(pdf: Any) -> Iterator[str]:
    for thing in pdf.objects:
        yield from _limits(thing)
        if not isinstance(thing, Stream):
            continue
        for key in ("/F", "/FFilter", "/FDecodeParms"):
            if key in thing:
                yield f"6.1.7.1 a stream has {key}"
        given = thing.get("/Filter", Array())
        for used in [given] if isinstance(given, Name) else given:
            if str(used) not in FILTERS:
                yield f"6.1.7.2 filter {used}"
        kind = thing.get("/Subtype")
        if kind == Name.Image and (thing.get("/Interpolate") or "/Alternates" in thing or "/OPI" in thing):
            yield "6.2.8 an image is interpolated, or has alternates"
        if kind == Name.Form and any(key in thing for key in ("/OPI", "/PS", "/Ref")):
            yield "6.2.9 a form has /OPI, /PS or /Ref"


def _limits(thing: Any) -> Iterator[str]:
    stack = [thing]
    while stack:
        node = stack.pop()
        entries: list[Any] = []
        if isinstance(node, (Dictionary, Stream)):
            pairs = list(node.items())
            entries = [value for _, value in pairs]
            if any(len(key.encode()) > LONGEST_NAME for key, _ in pairs):
                yield "6.1.13 a name is too long"
        elif isinstance(node, Array):
            entries = list(node)
        stack += [
            e for e in entries if isinstance(e, (Dictionary, Array, pikepdf.String)) and not e.is_indirect
        ]
        if isinstance(node, pikepdf.String) and len(bytes(node)) > LONGEST_STRING:
            yield f"6.1.13 a string of {len(bytes(node))} bytes"


def _intent(pdf: Any) -> Iterator[str]:
    intents = [i for i in pdf.Root.get("/OutputIntents", Array()) if i.get("/S") == Name.GTS_PDFA1]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield "6.2.3 no output intent"
        return
    profile = intents[0].DestOutputProfile
    yield from _profile(profile, "6.2.3")
    if profile.read_bytes()[12:16] not in {b"mntr", b"prtr"}:
        yield "6.2.3 the profile is neither of a screen nor of a printer"


def _profile(profile: Any, clause: str) -> Iterator[str]:
    content = profile.read_bytes()
    parts = {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4, b"Lab ": 3}.get(content[16:20])
    if content[36:40] != b"acsp" or content[8] > 4:
        yield f"{clause} not an ICC profile of a version up to 4"
    if parts is None or int(profile.get("/N", 0)) != parts:
        yield f"{clause} /N is {profile.get('/N')} for a profile of {content[16:20]!r}"


def _resources(pdf: Any) -> Iterator[tuple[Any, Any]]:
    """Give every content stream with its resources: pages, forms, patterns."""
    for page in pdf.pages:
        page.contents_coalesce()
        yield page.Contents, page.get("/Resources", Dictionary())
    for thing in pdf.objects:
        if isinstance(thing, Stream) and (thing.get("/Subtype") == Name.Form or "/PatternType" in thing):
            yield thing, thing.get("/Resources", Dictionary())


def _colours(pdf: Any) -> Iterator[str]:
    intents = pdf.Root.get("/OutputIntents", Array())
    parts = int(intents[0].DestOutputProfile.get("/N", 0)) if len(intents) else 0
    device = {"rg": 3, "RG": 3, "k": 4, "K": 4, "g": parts or 1, "G": parts or 1}
    for stream, resources in _resources(pdf):
        depth = 0
        for instruction in pikepdf.parse_content_stream(stream):
            name = str(instruction.operator)
            depth += {"q": 1, "Q": -1}.get(name, 0)
            if depth > DEEPEST:
                yield "6.1.13 graphics states nested too deeply"
            if name in device and device[name] != parts:
                yield f"6.2.4.3 colours of a device ({name}) that the output intent does not describe"
        for space in resources.get("/ColorSpace", Dictionary()).values():
            if isinstance(space, Array) and space[0] == Name.ICCBased:
                yield from _profile(space[1], "6.2.4.2")
            if space in ({Name.DeviceRGB, Name.DeviceCMYK} if isinstance(space, Name) else ()):
                yield f"6.2.4.3 {space}"


def _states(pdf: Any) -> Iterator[str]:
    for _, resources in _resources(pdf):
        for state in resources.get("/ExtGState", Dictionary()).values():
            if "/TR" in state or state.get("/TR2", Name.Default) != Name.Default or "/HTP" in state:
                yield "6.2.5 a transfer function"
            blend = state.get("/BM", Name.Normal)
            if any(str(one) not in BLENDS for one in ([blend] if isinstance(blend, Name) else blend)):
                yield f"6.2.10 blend mode {blend}"


def _fonts(pdf: Any) -> Iterator[str]:
    for font in [o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Type") == Name.Font]:
        name = str(font.get("/BaseFont"))
        if font.Subtype == Name.Type3:
            continue
        if font.Subtype == Name.Type0:
            if str(font.Encoding) not in {"/Identity-H", "/Identity-V"}:
                yield f"6.2.11.3.3 {name}: encoding {font.Encoding}"
            yield from _unicode(font, name)
            yield from _program(font.DescendantFonts[0], name)
        elif not str(font.Subtype).startswith("/CIDFont"):
            yield f"6.2.11 {name}: a simple font, which these rules do not know"


def _unicode(font: Any, name: str) -> Iterator[str]:
    if "/ToUnicode" not in font:
        yield f"6.2.11.7.2 {name}: no Unicode"
        return
    text = font.ToUnicode.read_bytes().decode("ascii", "replace")
    for block in re.findall(r"beginbf(?:char|range)(.*?)endbf", text, re.DOTALL):
        for line in block.strip().splitlines():
            last = re.findall(r"<([0-9A-Fa-f]*)>", line)[-1]
            if last.upper() in {"", "0000", "FEFF", "FFFE"}:
                yield f"6.2.11.7.2 {name}: no character for {line}"


def _program(font: Any, name: str) -> Iterator[str]:
    described = font.get("/FontDescriptor", Dictionary())
    program = described.get("/FontFile2", described.get("/FontFile3"))
    if program is None:
        yield f"6.2.11.4.1 {name}: not embedded"
        return
    if font.Subtype == Name.CIDFontType2 and font.get("/CIDToGIDMap") != Name.Identity:
        yield f"6.2.11.3.2 {name}: CIDToGIDMap {font.get('/CIDToGIDMap')}"
    if str(font.CIDSystemInfo.Ordering) != "Identity":
        yield f"6.2.11.3.1 {name}: {font.CIDSystemInfo.Ordering}"
    held = TTFont(io.BytesIO(program.read_bytes()))
    scale = 1000 / held["head"].unitsPerEm
    widths, order = held["hmtx"], held.getGlyphOrder()
    for glyph, width in _widths(font.get("/W", Array())):
        if glyph >= len(order):
            yield f"6.2.11.4.1 {name}: glyph {glyph} is missing"
        elif abs(widths[order[glyph]][0] * scale - width) > 1:
            yield f"6.2.11.5 {name}: width of glyph {glyph}"


def _widths(entries: Any) -> Iterator[tuple[int, float]]:
    given = list(entries)
    place = 0
    while place < len(given):
        first, second = int(given[place]), given[place + 1]
        if isinstance(second, Array):
            yield from ((first + number, float(width)) for number, width in enumerate(second))
            place += 2
        else:
            width = float(given[place + 2])
            yield from ((glyph, width) for glyph in range(first, int(second) + 1))
            place += 3


def _annotations(pdf: Any) -> Iterator[str]:
    for page in pdf.pages:
        for annotation in page.get("/Annots", Array()):
            if annotation.get("/Subtype") != Name.Link:
                yield f"6.3.1 an annotation of type {annotation.get('/Subtype')}"
            flags = int(annotation.get("/F", 0))
            if not flags & 4 or flags & (1 | 2 | 32 | 256):
                yield f"6.3.2 flags {flags} of an annotation"
            if "/AA" in annotation:
                yield "6.5.2 an annotation has /AA"
            yield from _action(annotation.get("/A"))


def _metadata(pdf: Any) -> Iterator[str]:
    stream = pdf.Root.get("/Metadata")
    if stream is None:
        yield "6.6.2.1 no metadata"
        return
    packet = stream.read_bytes()
    head = packet[: packet.index(b"?>")]
    if b"bytes=" in head or b"encoding=" in head:
        yield "6.6.2.1 the packet's head has bytes or encoding"
    found: dict[str, str] = {}
    by_space = {uri: prefix for prefix, uri in SPACES.items()}
    tree = ET.fromstring(packet.decode("utf-8"))  # noqa: S314 - of our own file
    for described in tree.iter(f"{{{SPACES['rdf']}}}Description"):
        entries = [(tag, text) for tag, text in described.attrib.items()]
        entries += [(node.tag, "".join(node.itertext()).strip()) for node in described]
        for tag, text in entries:
            space, _, local = tag[1:].partition("}")
            if space not in by_space:
                yield f"6.6.2.3.1 property {tag} is not predefined"
            found[f"{by_space.get(space, space)}:{local}"] = text
    if (found.get("pdfaid:part"), found.get("pdfaid:conformance")) != ("3", "A"):
        yield f"6.6.4 claims part {found.get('pdfaid:part')}{found.get('pdfaid:conformance')}"
    yield from _same(pdf.docinfo, found)


def _same(info: Any, found: dict[str, str]) -> Iterator[str]:
    for key, name in (
        ("/Title", "dc:title"),
        ("/Author", "dc:creator"),
        ("/Subject", "dc:description"),
        ("/Keywords", "pdf:Keywords"),
        ("/Creator", "xmp:CreatorTool"),
        ("/Producer", "pdf:Producer"),
    ):
        if key in info and str(info[key]) != found.get(name):
            yield f"6.1.5 {key} is {info[key]}, {name} is {found.get(name)}"
    for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
        if key in info and _time(str(info[key])) != datetime.fromisoformat(found.get(name, "1970-01-01")):
            yield f"6.1.5 {key} is {info[key]}, {name} is {found.get(name)}"


def _time(text: str) -> datetime:
    return datetime.strptime(text.removesuffix("Z") + "+0000", "D:%Y%m%d%H%M%S%z")


def _structure(pdf: Any) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked") or "/StructTreeRoot" not in pdf.Root:
        yield "6.7.2 not tagged"
        return
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", str(pdf.Root.get("/Lang", ""))):
        yield f"6.7.4 language {pdf.Root.get('/Lang')}"
    roles = pdf.Root.StructTreeRoot.get("/RoleMap", Dictionary())
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and "/S" in thing and "/P" in thing:
            kind = str(thing.S)[1:]
            if kind not in KINDS and str(roles.get(f"/{kind}", ""))[1:] not in KINDS:
                yield f"6.7.3.4 structure of type {kind}"


def _attachments(pdf: Any) -> Iterator[str]:
    held = [file.objgen for file in pdf.Root.get("/AF", Array())]
    for file in [o for o in pdf.objects if isinstance(o, Dictionary) and "/EF" in o]:
        stream = file.EF.F
        if not re.fullmatch(r"/[\w.+-]+/[\w.+-]+", str(stream.get("/Subtype", ""))):
            yield f"6.8 media type {stream.get('/Subtype')} of {file.get('/F')}"
        if "/F" not in file or "/UF" not in file:
            yield "6.8 a file has not both names"
        if str(file.get("/AFRelationship")) not in RELATIONS:
            yield f"6.8 relation {file.get('/AFRelationship')} of {file.get('/F')}"
        if file.objgen not in held:
            yield f"6.8 {file.get('/F')} belongs to no part of the document"
        if not re.fullmatch(r"D:\d{14}.*", str(stream.get("/Params", Dictionary()).get("/ModDate", ""))):
            yield f"6.8 {file.get('/F')} has no date"
