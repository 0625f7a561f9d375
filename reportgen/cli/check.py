"""``reportgen check FILE``: would Excel and a reader take this workbook as it is?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli.interface import DONE, FAILED, Command
from reportgen.cli.screen import result, result_json, say

if TYPE_CHECKING:
    from reportgen.check import Fault


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a workbook (.xlsx), anyone's")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
    parser.add_argument("--json", action="store_true", help="one JSON object a file on stdout")


def _run(options: Namespace) -> int:
    from reportgen.check import RULES, check_workbook

    bad = False
    for path in options.files:
        faults = check_workbook(path)
        errors = sum(fault.rule.serious for fault in faults)
        bad = bad or errors > 0 or (options.strict and bool(faults))
        if options.json:
            result_json({"file": str(path), "faults": [_as_json(fault) for fault in faults]})
        else:
            for fault in faults:
                result(_line(path, fault))
        if faults:
            say(f"{path}: {_count(errors, 'error')}, {_count(len(faults) - errors, 'warning')}")
        else:
            say(f"{path}: nothing found, by {len(RULES)} rules; only Excel itself can say more")
    return FAILED if bad else DONE


def _line(path: Path, fault: Fault) -> str:
    grade = "error" if fault.rule.serious else "warning"
    where = f"{path}: {fault.place}" if fault.place else str(path)
    there = f" ({fault.detail})" if fault.detail else ""
    more = f", and {fault.more} more on this sheet" if fault.more else ""
    return f"{where}: {grade}: {fault.rule.what}{there}{more}. {fault.rule.do}"


def _as_json(fault: Fault) -> dict[str, object]:
    return {
        "rule": fault.rule.name,
        "grade": "error" if fault.rule.serious else "warning",
        "place": fault.place,
        "detail": fault.detail,
        "places": fault.more + 1,
        "what": fault.rule.what,
        "do": fault.rule.do,
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


CHECK = Command("check", "check a workbook as Excel and its readers will see it", _add_arguments, _run)
