"""How tables that people keep by hand were read: told like everything else that was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.findings import Assumption
from reportgen.language import mark, message
from reportgen.runs import TableGuess

_TAKEN_AS = {
    "setting": mark("Columns of {file} taken as settings: {names}."),
    "metric": mark("Columns of {file} taken as metrics: {names}."),
    "name": mark("Columns of {file} taken as the run's name: {names}."),
    "date": mark("Columns of {file} taken as the date of the run: {names}."),
    "status": mark("Columns of {file} taken as what became of the run: {names}."),
    "data_version": mark("Columns of {file} taken as the version of the data: {names}."),
    "note": mark("Columns of {file} taken as remarks: {names}."),
    "tag": mark("Columns of {file} kept and not compared: {names}."),
    "nothing": mark("Columns of {file} left out: {names}."),
}


def table_assumptions(guesses: Iterable[TableGuess]) -> tuple[Assumption, ...]:
    """Say of each table which sheet was read, and what each column was taken for."""
    return tuple(Assumption("table", why, _change(guess)) for guess in guesses for why in _told(guess))


def _told(guess: TableGuess) -> Iterator[str]:
    rows = ", ".join(map(str, guess.header_rows))
    if guess.sheet:
        template = mark(
            "{file}, sheet {sheet}: the headings stand in row {rows}, and each row below is a run."
        )
        yield message(template, file=guess.address, sheet=repr(guess.sheet), rows=rows)
    else:
        template = mark("{file}: the headings stand in row {rows}, and each row below is a run.")
        yield message(template, file=guess.address, rows=rows)
    for use, template in _TAKEN_AS.items():
        if use in guess.columns:
            yield message(template, file=guess.address, names=", ".join(guess.columns[use]))
    if guess.other_sheets:
        others = ", ".join(map(repr, guess.other_sheets))
        yield message("Sheets of {file} that were not read: {names}.", file=guess.address, names=others)
    yield from guess.doubts


def _change(guess: TableGuess) -> str:
    return guess.mapping or message(
        "save the file where reportgen may write beside it, and edit NAME.columns.toml"
    )
