"""``reportgen templates``: the files that say how a report looks, to be changed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from difflib import get_close_matches
from pathlib import Path

from reportgen.cli.interface import DONE, Command
from reportgen.cli.screen import result, say
from reportgen.errors import OutputError, UsageError

_SUFFIXES = (".j2", ".css", ".js", ".toml")
"""Fonts stay where they are: a theme names families."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=("list", "eject"), help="list the files, or copy some to change them"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which (default: all), as `list` shows them")
    parser.add_argument(
        "--to", type=Path, default=Path("templates"), metavar="FOLDER", help="where to (default: templates)"
    )


def _run(options: Namespace) -> int:
    from reportgen.render.templates import builtin_templates

    root = builtin_templates()
    known = {
        path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix in _SUFFIXES
    }
    if options.action == "list":
        for name in known:
            result(name)
        return DONE
    for name in options.names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise UsageError(
                f"there is no template {name!r}",
                found=f"nearest is {near[0]}" if near else "",
                do="`reportgen templates list` shows all.",
            )
    for name in options.names or known:
        target = options.to / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:  # what somebody changed stays as it is
                file.write(known[name].read_bytes())
        except FileExistsError:
            say(f"{target} is there already, and stays as it is")
            continue
        except OSError as error:
            raise OutputError(
                f"the template cannot be written ({error.strerror or error})", where=str(target)
            ) from error
        result(str(target))
    say(f'to use them: templates = "{options.to.as_posix()}" under [theme] in reportgen.toml')
    return DONE


TEMPLATES = Command("templates", "list the templates, or copy them to change them", _add_arguments, _run)
