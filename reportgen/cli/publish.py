"""``reportgen publish``: the report in a shared Google Sheet, in place."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import ProgressLine, result, result_json, say
from reportgen.cli.sources import add_source_arguments, find_source
from reportgen.config import Config

if TYPE_CHECKING:
    from reportgen.pipeline import PublishResult

_MOST_LINES = 10
"""Of edits on the screen; --json lists all."""


def _add_arguments(parser: ArgumentParser) -> None:
    add_source_arguments(parser)
    add = parser.add_argument
    add("--sheet", metavar="ID", help="id or address of the spreadsheet (default: that of [sheet])")
    add("--setup", action="store_true", help="go through the steps until publishing works, once")
    add("--dry-run", action="store_true", help="say what would be done, and write nothing")
    add("--keep-edits", action="store_true", help="write nothing if somebody changed the report's tabs")
    add("--json", action="store_true", help="one JSON object on stdout instead of the address")


def _run(options: Namespace) -> int:
    from reportgen import pipeline

    if options.setup:
        from reportgen.cli.sheet_setup import set_up

        return set_up(options)
    config = _with_sheet(find_source(options.addresses, options.config), options.sheet)
    progress = ProgressLine()

    def tell(text: str) -> None:
        progress.clear()
        say(text)

    try:
        done = pipeline.publish(
            config,
            is_dry=options.dry_run,
            keeps_edits=options.keep_edits,
            cache=not options.no_cache,
            progress=progress.step,
            tell=tell,
        )
    finally:
        progress.clear()
    _tell(done)
    if options.json:
        result_json(_as_json(done))
    else:
        result(done.url)
    return FAILED if done.unshared else DONE


def _with_sheet(config: Config, named: str | None) -> Config:
    """Lay ``--sheet`` over the configuration, whose list of people is about its own spreadsheet only."""
    if not named:
        return config
    sheet, stated = {**config.sheet, "id": named}, config.sheet.get("id", named)
    if (
        sheet.get("share") and stated not in named and named not in stated
    ):  # one may be the address of the other
        say("note: not shared with the people of [sheet] share, since --sheet names another spreadsheet")
        del sheet["share"]
    return replace(config, sheet=sheet)


def _tell(done: PublishResult) -> None:
    """Say on stderr what the report says, what was done, and what became of people's edits."""
    say(done.headline)
    if done.is_dry:
        say("dry run: this would be done, and nothing was written")
    for line in done.publication.words:
        say(line)
    edits = done.publication.edits
    verb = "would be written over" if done.is_dry else "written over"
    for edit in edits[:_MOST_LINES]:
        say(
            f"edited by somebody, {verb}: {edit.tab}!{edit.cell} was {edit.written!r}, they made it {edit.found!r}"
        )
    if len(edits) > _MOST_LINES:
        say(f"... and {len(edits) - _MOST_LINES} more edited cells; --json lists all")
    for note in done.publication.plan.notes:
        say(f"note: {note}")
    for address, role in done.sharing.added:
        say(f"shared with {address} as {role}")
    for address, has, asked in done.sharing.less:
        say(
            f"note: {address} has access as {has}, not {asked}; only the owner of the spreadsheet changes that"
        )
    if done.unshared:
        say(f"reportgen: error: the report is in the spreadsheet, but not shared: {done.unshared.message}")


def _as_json(done: PublishResult) -> dict[str, Any]:
    published = done.publication
    return {
        "title": done.report.meta.title,
        "headline": done.headline,
        "url": done.url,
        "sheet": done.sheet,
        "spreadsheet": published.title,
        "dry_run": done.is_dry,
        "steps": list(published.words),
        "edits": [
            {"tab": edit.tab, "cell": edit.cell, "written": edit.written, "found": edit.found}
            for edit in published.edits
        ],
        "notes": list(published.plan.notes),
        "unshared": done.unshared.message if done.unshared else None,
        "shared": [{"address": address, "role": role} for address, role in done.sharing.added],
    }


PUBLISH = Command("publish", "keep a shared Google Sheet current", _add_arguments, _run)
