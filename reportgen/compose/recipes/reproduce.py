"""How to get the same numbers again: code, data, environment, sources, command."""

from __future__ import annotations

from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.compose.story import Part, Story
from reportgen.document import (
    INTEGER,
    Block,
    Cell,
    Column,
    Label,
    Missing,
    Paragraph,
    Row,
    Section,
    Table,
    phrase,
)
from reportgen.findings import CodeVersion, DataVersion
from reportgen.language import tr

PRINTED_PACKAGES = 8
"""Rows on paper; the workbook lists all packages."""
_TRAINING = (
    *("torch", "lightning", "pytorch-lightning", "tensorflow", "keras", "jax", "flax", "transformers"),
    *("scikit-learn", "xgboost", "lightgbm", "catboost", "statsmodels", "numpy", "scipy", "pandas", "polars"),
)
"""What results come from, nearly always: in a long list they stand first, in this order."""


def reproduce(story: Story) -> Part:
    """Show where the runs came from and how they were made."""
    frozen = story.frozen
    blocks: list[Block] = []
    if story.findings.digest:
        digest = frozen.label("/inputs/digest")
        blocks.append(Paragraph(phrase("Fingerprint of everything that was read: {digest}", digest=digest)))
    if not story.public:
        blocks.append(
            Paragraph(
                phrase("This report is made again by: {command}", command=frozen.label("/inputs/command"))
            )
        )
    tables = (_code(story), _data(story), _sources(story), _environment(story), _packages(story))
    blocks += [table for table in tables if table is not None]
    if not blocks:
        blocks.append(Paragraph(phrase("The runs say nothing of their code, data or environment.")))
    return Part(
        Section(
            "reproduce", phrase("How to get the same numbers again"), tr("How to reproduce"), tuple(blocks)
        )
    )


def _text(value: str, missing: str, *, hidden: bool = False) -> Cell:
    if not value:
        return Missing(missing)
    return tr(WITHHELD) if hidden else Label(value)


def _state(version: CodeVersion) -> Cell:
    if version.dirty is None:
        return Missing(tr("unknown"))
    return tr("with changes not committed") if version.dirty else tr("clean")


def _code(story: Story) -> Table | None:
    hidden = story.public
    rows = tuple(
        Row(
            (
                _text(v.commit, tr("unknown"), hidden=hidden),
                _text(v.branch, tr("unknown"), hidden=hidden),
                _state(v),
                _text(v.entry_point, tr("unknown"), hidden=hidden),
                v.runs,
            ),
            ref=f"/quality/code/{place}",
        )
        for place, v in enumerate(story.findings.quality.code)
    )
    columns = (
        Column("commit", tr("Commit")),
        Column("branch", tr("Branch")),
        Column("changes", tr("State")),
        Column("entry_point", tr("Started by")),
        Column("runs", tr("Runs"), INTEGER, field="/runs"),
    )
    return Table("code", phrase("Code"), columns, rows) if rows else None


def _data_row(version: DataVersion, place: int, *, hidden: bool) -> Row:
    return Row(
        (
            Label(version.name),
            _text(version.version, tr("unknown")),
            _text(version.split, tr("none")),
            Missing(tr("unknown")) if version.rows is None else version.rows,
            version.runs,
            _text(version.sha256, tr("unknown")),
            _text(version.source, tr("unknown"), hidden=hidden),
        ),
        ref=f"/quality/data/{place}",
    )


def _data(story: Story) -> Table | None:
    versions = story.findings.quality.data
    rows = tuple(_data_row(v, place, hidden=story.public) for place, v in enumerate(versions))
    columns = (
        Column("data", tr("Data set")),
        Column("version", tr("Version")),
        Column("split", tr("Split")),
        Column("rows", tr("Rows"), INTEGER, field="/rows"),
        Column("runs", tr("Runs"), INTEGER, field="/runs"),
        Column("sha256", tr("Fingerprint"), detail=True),
        Column("source", tr("Source"), detail=True),
    )
    return Table("data", phrase("Data"), columns, rows) if rows else None


def _sources(story: Story) -> Table | None:
    if story.public or not story.findings.sources:
        return None
    rows = tuple(
        Row((Label(address), kind, runs), ref=f"/inputs/sources/{place}")
        for place, (address, kind, runs) in enumerate(story.findings.sources)
    )
    columns = (
        Column("address", tr("Address")),
        Column("kind", tr("Kind")),
        Column("runs", tr("Runs"), INTEGER, field="/runs"),
    )
    return Table("sources", phrase("Where the runs were read from"), columns, rows)


def _environment(story: Story) -> Table | None:
    environment = story.findings.environment
    rows = [Row(("Python", Label(version), runs)) for version, runs in environment.python]
    if not story.public:
        rows += [Row((tr("Platform"), Label(name), runs)) for name, runs in environment.platform]
    columns = (Column("what", tr("What")), Column("value", tr("Value")), Column("runs", tr("Runs"), INTEGER))
    return Table("environment", phrase("Environment"), columns, tuple(rows)) if rows else None


def _packages(story: Story) -> Table | None:
    packages = story.findings.environment.packages
    names = sorted(packages, key=lambda name: _rank(name, packages[name]))
    rows = tuple(Row((Label(name), Label(str(packages[name])))) for name in names)
    columns = (Column("package", tr("Package")), Column("version", tr("Version")))
    if not rows:
        return None
    return Table("packages", phrase("Packages"), columns, rows, print_rows=PRINTED_PACKAGES)


def _rank(name: str, version: str) -> tuple[bool, int]:
    """Order a package before those that paper leaves out: several versions first, then what trains."""
    known = {package: place for place, package in enumerate(_TRAINING)}
    return ", " not in version, known.get(name.lower().replace("_", "-"), len(_TRAINING))
