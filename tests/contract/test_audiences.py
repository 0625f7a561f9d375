"""What an audience does not get is nowhere in its files: not in a cell, a property, an alt text or a tag."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pypdfium2
import pytest

from reportgen import pipeline
from reportgen.config import Config
from reportgen.config.settings import Audience, CompareConfig, OutputConfig
from tests.fakes.run_folders import START, fact_line, run_text, wide_text, write_run

NEVER = ("qzhost", "qzuser", "qznote", "qzartifact", "qzremote", "qztag", "qzenvironment", "qzowntag")
"""In no report for anybody: who ran where, notes and links stay in the run folders."""
TEAM_ONLY = (
    "qzrunid", "qzrunname", "qzreason", "qztraceback", "qzsource", "qzsha", "qzcommit", "qzbranch", "qzentry",
    "qzconstant", "qzconstname", "qzpackage", "qzplatform", "qzmachine", "qzexclude", "qzfolder",
)  # fmt: skip
NOT_PUBLIC = ("qzvaried", "qzsetting", "qzexperiment", "qzowner", "qzcontact", "qzdecision")


def marked_facts(setup: str, seed: int) -> list[tuple[str, str, Any]]:
    """All that a run can carry, each with a word that occurs nowhere else."""
    return [
        ("param", "qzsetting", setup),
        ("param", "qzconstname", "/home/qzconstant/data"),
        ("param", "seed", seed),
        ("tag", "machine", f"qzmachine-{seed % 2}"),
        ("tag", "qztag", "qzowntag"),
        ("note", "", "qznote: ask at the desk"),
        ("code", "commit", "qzcommit0123456789"),
        ("code", "branch", "qzbranch"),
        ("code", "remote", "https://qzremote.example/code.git"),
        ("code", "entry_point", "/srv/qzentry.py"),
        ("code", "dirty", True),
        ("env", "python", "3.11.9"),
        ("env", "platform", "qzplatform"),
        ("env", "host", "qzhost"),
        ("env", "user", "qzuser"),
        ("env", "qzenvironment", "qzenvironment"),
        ("env", "packages", {"qzpackage": "1.0"}),
        (
            "data",
            "train",
            {
                "version": "v7",
                "sha256": "qzsha" * 8,
                "rows": 100,
                "source": "s3://qzsource/train",
                "split": "fixed",
            },
        ),
        ("artifact", "model", {"uri": "https://qzartifact.example/model", "path": "/qzartifact/model"}),
    ]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two set-ups with three repeats each, a failed run, a broken one and one to leave out."""
    root = tmp_path_factory.mktemp("marked") / "qzfolder"
    for place in range(8):
        setup, name = "qzvaried-one" if place % 2 else "qzvaried-two", f"qzrunid-{place}"
        started = START + place * 1000
        facts = [*marked_facts(setup, place // 2), ("run", "name", f"qzrunname-{place}")]
        text = run_text(
            name, "qzexperiment", started=started, ended=started + 60, facts=facts,
            status="failed" if place == 6 else "finished",
        )  # fmt: skip
        if place == 6:
            text += fact_line("status", "reason", "ValueError: qzreason in /opt/qztraceback.py", started + 60)
        rows = [(started + step, step, 0.8 + place % 2 / 10 + place / 1000) for step in range(6)]
        table = wide_text(["accuracy"], rows) + ("1,2,torn" if place == 1 else "")
        write_run(root / "qzexperiment" / name, {"run.csv": text, "metrics.csv": table})
    write_run(root / "qzexperiment" / "qzrunid-broken", {"run.csv": b"\xff\xfe no run of qzrunid"})
    return root


def build(runs: Path, audience: Audience, directory: Path, **changes: Any) -> dict[str, Path]:
    from reportgen.config import CommandLine, merge_command_line

    formats = changes.pop("formats", ("xlsx", "pdf", "html", "json"))
    config = Config(
        runs=(str(runs),), audience=audience, owner="qzowner", contact="qzcontact@example.com",
        decision="qzdecision by Friday?", outputs=OutputConfig(directory, formats), **changes,
    )  # fmt: skip
    said = CommandLine(exclude={"qzrunid-7": "qzexclude: wrong data"})
    built = pipeline.build(merge_command_line(config, said), cache=False)
    assert not built.outputs.failed
    return {made.format: made.path for made in built.outputs.made}


def contents(path: Path) -> str:
    """Give all that a file holds as one text without blanks, in small letters."""
    texts = [path.name, *_READERS[path.suffix](path)]
    return re.sub(r"\s+", "", "\n".join(texts)).lower()


def _workbook(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name
            yield html.unescape(archive.read(name).decode("utf-8", "replace"))


def _pdf(path: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(path)
    yield from (page.get_textpage().get_text_bounded() for page in document)
    document.close()
    with pikepdf.open(path) as pdf:
        assert not pdf.attachments
        for thing in pdf.objects:
            yield from _strings(thing)


def _strings(thing: Any) -> Iterator[str]:
    """All strings of an object, tags and alternative texts included, and streams that are text."""
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        for item in thing:
            if not getattr(item, "is_indirect", False):
                yield from _strings(item)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name in thing.keys():  # noqa: SIM118 - a stream is no mapping
            item = thing[name]
            if not getattr(item, "is_indirect", False):
                yield from _strings(item)
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") != pikepdf.Name.Image:
            yield thing.read_bytes().decode("utf-8", "replace")


def _plain(path: Path) -> Iterator[str]:
    yield html.unescape(path.read_text("utf-8"))


_READERS = {".xlsx": _workbook, ".pdf": _pdf, ".html": _plain, ".json": _plain}


@pytest.fixture(scope="module")
def built(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    return {
        audience: build(runs, audience, tmp_path_factory.mktemp(audience)) for audience in get_args(Audience)
    }


@pytest.mark.parametrize("output", ["xlsx", "pdf", "html", "json"])
@pytest.mark.parametrize(
    ("audience", "held"),
    [
        ("team", NEVER),
        ("executive", NEVER + TEAM_ONLY),
        ("public", NEVER + TEAM_ONLY + NOT_PUBLIC),
    ],
)
def test_what_is_held_back_is_nowhere_in_the_file(
    built: dict[str, dict[str, Path]], audience: str, held: tuple[str, ...], output: str
) -> None:
    text = contents(built[audience][output])
    assert [word for word in held if word in text] == []


def test_the_team_gets_all_of_it(built: dict[str, dict[str, Path]]) -> None:
    """Which also shows that the search finds what is there."""
    text = contents(built["team"]["xlsx"])
    assert [word for word in (*TEAM_ONLY, *NOT_PUBLIC) if word not in text] == []
    in_pdf = contents(built["team"]["pdf"])
    assert [word for word in ("qzreason", "qzvaried", "qzowner", "qzcommit") if word not in in_pdf] == []


def test_executives_get_names_owner_and_decision(built: dict[str, dict[str, Path]]) -> None:
    text = contents(built["executive"]["html"])
    assert [word for word in ("qzvaried", "qzowner", "qzdecision") if word not in text] == []


def test_the_public_reads_of_set_ups_by_letter(built: dict[str, dict[str, Path]]) -> None:
    text = built["public"]["html"].read_text("utf-8")
    assert "Set-up A" in text
    assert "Set-up B" in text
    assert "are in the report for the team" in text


def test_settings_that_are_declared_name_the_set_ups_for_the_public_too(runs: Path, tmp_path: Path) -> None:
    files = build(
        runs, "public", tmp_path, compare=CompareConfig(by=("qzsetting",)), formats=("json", "html")
    )
    for path in files.values():
        text = contents(path)
        assert "qzvaried-one" in text
        held = (*NEVER, *TEAM_ONLY, "qzexperiment", "qzowner")
        assert [word for word in held if word in text] == []


def test_a_commit_that_takes_set_ups_apart_is_no_name_for_executives(tmp_path: Path) -> None:
    for place in range(8):
        facts = [
            ("param", "model", "ab"[place % 2]),
            ("param", "seed", place),
            ("code", "commit", f"{place // 4}qzcom" * 5),
        ]
        name = f"qzrunid-{place}"
        text = run_text(name, started=START + place, facts=facts)
        write_run(
            tmp_path / "runs" / name,
            {"run.csv": text, "metrics.csv": wide_text(["accuracy"], [(START, 0, 0.8 + place / 100)])},
        )
    compare = CompareConfig(same=("code",))
    team = build(tmp_path / "runs", "team", tmp_path / "team", compare=compare, formats=("json",))
    assert "qzcom" in json.loads(team["json"].read_text("utf-8"))["configurations"][0]["label"]
    files = build(tmp_path / "runs", "executive", tmp_path / "out", compare=compare, formats=("json", "html"))
    assert [path.name for path in files.values() if "qzcom" in contents(path)] == []


@pytest.mark.parametrize("audience", ["executive", "public"])
def test_numbers_that_are_shown_are_those_of_the_team(
    built: dict[str, dict[str, Path]], audience: str
) -> None:
    team, shown = (json.loads(built[who]["json"].read_text("utf-8")) for who in ("team", audience))
    numbers = dict(numbers_in({key: shown[key] for key in shown if key != "document"}, ""))
    told = dict(numbers_in({key: team[key] for key in team if key != "document"}, ""))
    assert len(numbers) > 100
    assert {at: value for at, value in numbers.items() if told.get(at) != value} == {}


def numbers_in(node: Any, at: str) -> Iterator[tuple[str, float]]:
    """All numbers of a tree by their pointers."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from numbers_in(value, f"{at}/{name}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from numbers_in(value, f"{at}/{place}")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield at, node
