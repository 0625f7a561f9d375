"""``reportgen verify FILE``: is every number of a delivered file still what the runs say?"""

from __future__ import annotations

import contextlib
import io
import shlex
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.cli.build import command_line
from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import ProgressLine, result, result_json, say
from reportgen.cli.sources import find_source
from reportgen.config import Config, merge_command_line
from reportgen.errors import AddressError, NothingToReportError, VerificationError

if TYPE_CHECKING:
    from reportgen.pipeline import Verification
    from reportgen.verify import Claim, Difference

_WIDEST = 160
"""Characters of a text on the screen; --json has all of it."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a workbook, PDF, web page or JSON that was built"
    )
    parser.add_argument(
        "addresses",
        nargs="*",
        metavar="ADDRESS",
        help="where its runs are (default: where the file says, from this folder)",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the reportgen.toml that it was built with"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def _run(options: Namespace) -> int:
    from reportgen import pipeline
    from reportgen.verify import read_claim

    claim = read_claim(options.file)
    config = _settings(options, claim)
    progress = ProgressLine()
    try:
        found = pipeline.verify(options.file, claim, config, progress=progress.step)
    except (AddressError, NothingToReportError) as error:
        raise VerificationError(
            f"the runs of this file are not there: {error.message.rstrip('.')}",
            where=str(options.file),
            do="Say where they are: reportgen verify FILE ADDRESS, or --config FILE.",
        ) from error
    finally:
        progress.clear()
    if options.json:
        result_json(_as_json(options.file, claim, found))
    else:
        for difference in found.differences:
            result(_line(difference, found.cause))
    _tell(claim, found)
    return FAILED if found.differences else DONE


def _settings(options: Namespace, claim: Claim) -> Config:
    """Find the settings that the file was made with: by its own command, from here or from ``--config``."""
    said = _said(claim)
    if options.config is not None or options.addresses:
        config = find_source(options.addresses, options.config)
        if said is None or (options.addresses and options.config is None and said.config):
            return config
        said.addresses = []
        return merge_command_line(config, command_line(said))
    if said is None:
        raise VerificationError(
            f"the file is for the audience {claim.audience!r}, so it does not say where its runs are",
            where=str(options.file),
            do="Say it: reportgen verify FILE --config reportgen.toml, or reportgen verify FILE ADDRESS.",
        )
    if said.config is None:
        return merge_command_line(Config(), command_line(said))
    if not said.config.is_file():
        raise VerificationError(
            f"it was made with {said.config}, which is not there, seen from this folder",
            where=str(options.file),
            do=f"Say where it is: {shlex.join(['reportgen', 'verify', str(options.file)])} "
            f"--config PATH/{said.config.name}, or go to the folder that it was built from.",
        )
    return merge_command_line(find_source([], said.config), command_line(said))


def _said(claim: Claim) -> Namespace | None:
    """Read the command that the file names; None where it names none."""
    from reportgen.cli.main import build_parser
    from reportgen.verify import WITHHELD

    if claim.command in ("", WITHHELD):
        return None
    try:
        words = shlex.split(claim.command)
        with contextlib.redirect_stderr(io.StringIO()):  # an edited command is no mistake of the user's
            options, unknown = build_parser(("build",)).parse_known_args(words[1:])
    except (ValueError, SystemExit):
        return None
    return None if unknown else options


def _line(difference: Difference, kind: str) -> str:
    if difference.what == "only in the file":
        return f"{kind}: {difference.place}: {_shown(difference.in_file)} is only in the file"
    if difference.what == "missing from the file":
        return f"{kind}: {difference.place}: {_shown(difference.from_runs)} is missing from the file"
    ours, theirs = _shown(difference.in_file), _shown(difference.from_runs)
    return f"{kind}: {difference.place}: {ours} in the file, {theirs} from the runs"


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, float) else "nothing" if value is None else str(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


_MEANING = {
    "drifted": "The runs have changed since the file was made: it differs in {places}. Whether it was edited as well "
    "can only be told from the runs as they were.",
    "settings": "The runs are those that the file was made from, but these settings are others: it differs in {places}. "
    "Whether it was edited as well can only be told with the settings as they were.",
    "version": "The runs and settings are those that the file was made from, but reportgen is another: it differs in "
    "{places}. Whether it was edited as well can only be told with the version that made it.",
    "edited": "The runs and settings are those that the file was made from, so it was edited: it differs in {places}.",
}
_NOTHING = {
    "drifted": "The runs have changed since the file was made, but nothing that it says has.",
    "settings": "These settings are others than those of the file, but what it says is the same.",
}


def _tell(claim: Claim, found: Verification) -> None:
    """Say on stderr what was compared and what it means."""
    for note in found.notes:
        say(f"note: {note}")
    count = len(found.differences)
    if count:
        say(_MEANING[found.cause].format(places="1 place" if count == 1 else f"{count:,} places"))
        return
    same = f"The {claim.format} file says what the runs say: made again, no number or word differs."
    say(_NOTHING.get(found.cause, same))


def _as_json(file: Path, claim: Claim, found: Verification) -> dict[str, Any]:
    return {
        "file": str(file),
        "format": claim.format,
        "agrees": not found.differences,
        "cause": found.cause if found.differences else None,
        "runs_changed": found.cause == "drifted",
        "made": {
            "built_at": claim.built_at,
            "reportgen": claim.version,
            "title": claim.title,
            "audience": claim.audience,
            "metric": claim.metric,
            "digest": claim.digest,
        },
        "notes": list(found.notes),
        "differences": [
            {
                "kind": found.cause,
                "what": difference.what,
                "place": difference.place,
                "in_file": difference.in_file,
                "from_runs": difference.from_runs,
            }
            for difference in found.differences
        ],
    }


VERIFY = Command("verify", "hold a delivered file against the runs", _add_arguments, _run)
