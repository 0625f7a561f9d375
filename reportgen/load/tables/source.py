"""Tables kept by hand as a source of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from reportgen import schema
from reportgen.errors import AddressError
from reportgen.language import mark, message
from reportgen.load.contents import is_url
from reportgen.load.interface import Discovery, RunFolder, Series, StoredFile
from reportgen.load.tables.columns import Knows, Plan, guess_plan
from reportgen.load.tables.layout import Layout, find_layout
from reportgen.load.tables.mapping import mapping_path, mapping_text, read_mapping
from reportgen.load.tables.opening import TEXTS, is_table, open_table
from reportgen.load.tables.raw import Sheet
from reportgen.runs import TableGuess

if TYPE_CHECKING:
    import pyarrow as pa

    from reportgen.load.tables.rows import TableRuns


def _know_nothing(name: str) -> tuple[bool, bool]:
    del name
    return False, False


@dataclass(slots=True)
class TableSource:
    """Workbooks and CSV files with one row a run."""

    kind: ClassVar[str] = mark("a table kept by hand")
    knows: Knows = _know_nothing
    keeps_mapping: bool = False
    """Whether what was guessed is written beside the file, where nothing stands yet."""
    _tables: dict[str, TableRuns] = field(default_factory=dict)
    """By address; the table is read when it is discovered, and not again."""

    def accepts(self, address: str) -> bool:
        """Take addresses that end like a workbook or a CSV file, folders aside."""
        return is_table(address) and (is_url(address) or not Path(address).expanduser().is_dir())

    def discover(self, address: str) -> Discovery:
        """Read the table and tell its rows.

        Raises:
            AddressError: There is no such file, it cannot be read, or holds no table of runs.
            ConfigError: Its mapping file does not fit.
        """
        from reportgen.load.tables.rows import TableRuns, digest_of_row, rows_as_runs

        _refuse_own_files(address)
        sheets = open_table(address)
        layout, plan, kept_in = self._plan(address, sheets)
        name = address.rstrip("/").replace("\\", "/").rpartition("/")[2]
        table = TableRuns(name, name.rpartition(".")[0], rows_as_runs(layout, plan, name))
        if not table.runs:
            raise AddressError(
                f"there is no row below the headings of sheet {layout.sheet.name!r}", where=address
            )
        self._tables[address] = table
        location = address if is_url(address) else str(Path(address).expanduser().resolve())
        folders = tuple(
            RunFolder(
                f"{address}, row {run.row + 1}",
                f"{location}#{at}",
                (StoredFile(name, 0, digest_of_row(table, run)),),
                (),
            )
            for at, run in enumerate(table.runs)
        )
        told = tuple(
            message("Row {row} is no run: {why}.", row=row + 1, why=text)
            for row, text in sorted(layout.left_out.items())
        )
        plan = replace(plan, doubts=(*told, *plan.doubts))
        return Discovery(folders, (), 1, "", (_guess(address, plan, kept_in, sheets),))

    def _plan(self, address: str, sheets: Sequence[Sheet]) -> tuple[Layout, Plan, str]:
        """Take the plan of the mapping file, or guess one and keep it; tell where it is kept."""
        path = None if is_url(address) else mapping_path(Path(address).expanduser())
        if path is not None and path.is_file():
            layout, plan = read_mapping(path, sheets)
            return layout, plan, str(path)
        found = find_layout(sheets)
        if found is None:
            raise AddressError(
                "no table of experiments was found in this file",
                where=address,
                found="sheets " + ", ".join(repr(sheet.name) for sheet in sheets),
                do="It needs a row of headings with one row a run below it, numbers in some of its columns.",
            )
        plan = guess_plan(found, self.knows)
        if path is None or not self.keeps_mapping:
            return found, plan, ""
        try:
            with path.open("x", encoding="utf-8") as file:  # never over what a person wrote
                file.write(mapping_text(plan, path.name.removesuffix(".columns.toml")))
        except OSError:
            return found, plan, ""  # a folder that cannot be written: the guess is told all the same
        return found, plan, str(path)

    def summarise(self, folders: Sequence[RunFolder]) -> pa.Table:
        """Make runs of the rows."""
        from reportgen.load.tables.rows import runs_table

        address = folders[0].address.rpartition(", row ")[0]
        places = (int(folder.location.rpartition("#")[2]) for folder in folders)
        return runs_table(self._tables[address], folders, places)

    def series(self, folder: RunFolder, metrics: Iterable[str]) -> Mapping[str, Series]:
        """Give no points: a table holds one number a run and metric."""
        del folder, metrics
        return {}


def _guess(address: str, plan: Plan, kept_in: str, sheets: Sequence[Sheet]) -> TableGuess:
    uses: dict[str, list[str]] = {}
    for column in plan.columns:
        uses.setdefault(column.use, []).append(column.heading)
    others = tuple(sheet.name for sheet in sheets if sheet.name != plan.sheet and sheet.rows)
    return TableGuess(
        address,
        plan.sheet if len(sheets) > 1 or not address.lower().endswith(TEXTS) else "",
        plan.header_rows,
        {use: tuple(headings) for use, headings in uses.items()},
        others,
        plan.doubts,
        kept_in,
    )


def _refuse_own_files(address: str) -> None:
    """Say what is meant where somebody names a file inside of a run."""
    path = Path(address).expanduser()
    if not is_url(address) and path.suffix == ".csv" and (path.parent / schema.RUN_FILE).is_file():
        raise AddressError(
            "this is a file inside of a run, not a run",
            where=address,
            do=f"Give the run's folder, {path.parent}.",
        )
