"""The layers and the one place of each heavy library are kept; the contracts stand in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONE_PLACE: dict[str, str | tuple[str, ...]] = {
    "pandas": "load",
    "pyarrow": "load",
    "fsspec": ("load", "sync"),  # the two stages that reach stores, and neither may import the other
    "openpyxl": "render/xlsx",
    "weasyprint": "render/pdf",
    "pikepdf": "render/pdf",
    "pydyf": "render/pdf",
    "matplotlib": "render/charts",
    "jinja2": "render",
    "scipy": "analyse",
    "sklearn": "analyse/forest.py",
    "cronsim": "deliver/schedule",
    "gspread": "deliver",
    "smtplib": "deliver",
}


def test_import_contracts_are_kept() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_each_heavy_library_is_imported_in_one_place() -> None:
    wrong = []
    for path in (ROOT / "reportgen").rglob("*.py"):
        inside = path.relative_to(ROOT / "reportgen").as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            else:
                continue
            for name in names:
                library = name.split(".")[0]
                place = ONE_PLACE.get(library)
                own = inside.startswith(f"integrations/{library}/")  # an integration is for users who have it
                if place and not own and not inside.startswith(place):
                    wrong.append(f"{inside}:{node.lineno} imports {name}")
    assert wrong == []


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from reportgen.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"heavy = {sorted(ONE_PLACE)!r}\n"
        "loaded = [name for name in [*heavy, 'numpy'] if name in sys.modules]\n"
        "sys.stderr.write(','.join(loaded))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
