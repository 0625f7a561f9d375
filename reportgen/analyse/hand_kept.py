"""How tables that people keep by hand were read: told like everything else that was assumed."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.findings import Assumption
from reportgen.runs import TableGuess

_TOLD = ("setting", "metric", "name", "date", "status", "data_version", "note", "tag", "nothing")
_CALLED = {
    "setting": "settings",
    "metric": "metrics",
    "name": "name",
    "date": "date",
    "status": "status",
    "data_version": "data version",
    "note": "remarks",
    "tag": "kept beside",
    "nothing": "left out",
}


def table_assumptions(guesses: Iterable[TableGuess]) -> tuple[Assumption, ...]:
    """Say of each table which sheet was read, and what each column was taken for."""
    return tuple(Assumption("table", _why(guess), _change(guess)) for guess in guesses)


def _why(guess: TableGuess) -> str:
    sheet = f", sheet {guess.sheet!r}" if guess.sheet else ""
    rows = " and ".join(map(str, guess.header_rows))
    where = f"{guess.address}{sheet}: headings in row {rows}, one run a row"
    uses = [f"{_CALLED[use]} {', '.join(guess.columns[use])}" for use in _TOLD if use in guess.columns]
    sentences = [f"{where}. Columns taken as: {'; '.join(uses)}."]
    if guess.other_sheets:
        sentences.append(f"Not read: {', '.join(map(repr, guess.other_sheets))}.")
    return " ".join([*sentences, *guess.doubts])


def _change(guess: TableGuess) -> str:
    return (
        guess.mapping
        or "save the file where reportgen may write beside it, then edit NAME.columns.toml there"
    )
