from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportgen.errors
from reportgen.cli import main
from reportgen.cli.compare import difference_words, differing
from reportgen.cli.explain import ADVICE, error_kinds
from reportgen.cli.main import COMMANDS, build_parser, load_command
from reportgen.compose import EXPLANATIONS

DOCS = Path(__file__).parents[3] / "docs" / "command-line.md"


def options() -> Iterator[tuple[str, str]]:
    """Every command with every option of it."""
    for command in map(load_command, COMMANDS):
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        for action in parser._actions:
            yield from ((command.name, option) for option in action.option_strings if option.startswith("--"))


def section(command: str) -> str:
    text = DOCS.read_text("utf-8")
    match = re.search(rf"^## `reportgen {command}\b.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"docs/command-line.md has no section on {command}"
    return match.group()


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_every_option_is_documented_with_its_command(command: str, option: str) -> None:
    if option == "--help":
        assert "--help" in DOCS.read_text("utf-8")
        return
    text = section(command) + (section("show") if "Options as for\n`show`" in section(command) else "")
    assert option in text


def test_no_option_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"`(--[a-z-]+)", DOCS.read_text("utf-8")))
    assert documented <= {option for _, option in options()} | {"--version"}
    sections = re.findall(r"^## `reportgen ([a-z]+)", DOCS.read_text("utf-8"), re.MULTILINE)
    assert sections == list(COMMANDS)


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(re.search(rf"^ +{name}( |$)", told, re.MULTILINE) for name in COMMANDS)


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from reportgen.cli import main; main(['--help']);"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'scipy', 'openpyxl', 'jinja2', 'weasyprint', 'matplotlib', 'fsspec'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 0.3


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"reportgen {reportgen.__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["build", "--no-such-option"],
        ["build", "--goal", "up"],
        ["build", "x", "--format", "docx"],
        ["build", "x", "--baseline", "logreg"],
        ["build", "x", "--goal", "maximize"],
        ["export", "x"],
        ["export", "x", "--to", "runs.txt"],
        ["export", "x", "--to", "no/such/folder/runs.csv"],
        ["explain", "nonsense"],
    ],
)
def test_wrong_words_exit_with_two_and_one_error(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("error:") == 1
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["build", "--metrik", "x"], "build has no option '--metrik'; nearest is '--metric'."),
        (["build", "--exlude=r=why"], "build has no option '--exlude'; nearest is '--exclude'."),
        (["build", "--verbose-progress"], "build has no option '--verbose-progress'."),
        (["show", "one", "two"], "show does not know what to do with 'two'."),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest_option(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert f"`reportgen {words[0]} --help`" in line


def test_options_are_not_guessed_from_their_beginnings() -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["build", "--aud", "team"])


def test_every_error_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = [kind for kind in error_kinds() if kind.__module__ == reportgen.errors.__name__]
    assert {kind.slug for kind in kinds} == set(ADVICE)
    assert main(["explain", "baseline"]) == 0
    told = capsys.readouterr().out
    assert "exactly one configuration" in told
    assert "--baseline" in told
    assert main(["explain"]) == 0
    listed = {line.partition(":")[0] for line in capsys.readouterr().out.splitlines()}
    assert {kind.slug for kind in error_kinds()} | set(EXPLANATIONS) == listed
    assert main(["explain", "config"]) == 0
    assert "``" not in capsys.readouterr().out


def test_findings_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "not-settled"]) == 0
    assert capsys.readouterr().out.strip() == EXPLANATIONS["not-settled"]


def test_differing_keeps_types_apart_and_leaves_out_what_is_absent() -> None:
    assert differing({"a": 1, "b": 2, "c": "x"}, {"a": 1.0, "b": 2, "d": None}) == {
        "a": {"first": 1, "second": 1.0},
        "c": {"first": "x"},
        "d": {"second": None},
    }


@pytest.mark.parametrize(
    ("difference", "goal", "words"),
    [
        (0.02, "maximize", "0.02 better"),
        (0.02, "minimize", "0.02 worse"),
        (-0.02, "minimize", "0.02 better"),
        (-3.0, None, "3 lower"),
        (float("nan"), "maximize", "cannot be compared"),
        (None, "maximize", "cannot be compared"),
    ],
)
def test_a_difference_says_what_it_means_for_the_second_run(
    difference: float | None, goal: str | None, words: str
) -> None:
    assert difference_words(difference, goal) == words
