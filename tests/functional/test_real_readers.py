"""The outputs in the programs that people open them with: a browser and an office program."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import BuiltSample

pytestmark = pytest.mark.heavy

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FRAME = """<!doctype html><title>wait</title><iframe id=f style="width:{width}px;height:800px;border:0"
src="/report.html"></iframe><script>
f.onload = () => {{
  const page = f.contentDocument, root = page.documentElement;
  const outside = performance.getEntriesByType("resource").map(entry => entry.name);
  const inside = f.contentWindow.performance.getEntriesByType("resource").map(entry => entry.name);
  document.title = [root.scrollWidth, page.querySelector("h1").innerText, inside.length].join("|");
}};
</script>"""


class Recorder(http.server.SimpleHTTPRequestHandler):
    """Serves one folder and remembers what was asked for."""

    asked: list[str]

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, int, list[str]]]:
    """A folder served over loopback: the folder, the port, and the list of paths asked for."""
    asked: list[str] = []
    handler = type("Handler", (Recorder,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path, server.server_address[1], asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("width", [390, 760, 1280])
def test_page_fits_every_screen_and_asks_for_nothing(
    built_sample: BuiltSample, served: tuple[Path, int, list[str]], width: int
) -> None:
    """No sideways scrolling of the page, the answer as its heading, and not one request for anything else."""
    folder, port, asked = served
    shutil.copy(built_sample.files["html"], folder / "report.html")
    (folder / "frame.html").write_text(FRAME.format(width=width), "utf-8")
    browser = shutil.which("chromium")
    assert browser, "make test-all installs it"
    command = [browser, *CHROMIUM, f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000"]
    done = subprocess.run(
        [*command, "--dump-dom", f"http://127.0.0.1:{port}/frame.html"],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None
    scroll_width, heading, resources = title.group(1).rsplit("|", 2)
    assert int(scroll_width) <= width
    assert " ".join(heading.split()) == " ".join(built_sample.report.sections[0].title.text.split())
    assert int(resources) == 0
    assert set(asked) <= {"/frame.html", "/report.html", "/favicon.ico"}


def converted(source: Path, target: str, directory: Path) -> Path:
    """Let LibreOffice open a file and write it in another format."""
    office = shutil.which("soffice")
    assert office, "make test-all installs it"
    profile = f"-env:UserInstallation=file://{directory / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", target, "--outdir", str(directory), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    return directory / source.with_suffix(f".{target}").name


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore:.* extension is not supported")  # data bars, unknown to openpyxl
def test_office_program_reads_and_writes_the_workbook(built_sample: BuiltSample, tmp_path: Path) -> None:
    """LibreOffice opens it, keeps every sheet and its answer, and prints it."""
    source = built_sample.files["xlsx"]
    assert converted(source, "pdf", tmp_path).stat().st_size > 10_000
    again = converted(converted(source, "ods", tmp_path), "xlsx", tmp_path)
    kept, ours = openpyxl.load_workbook(again), openpyxl.load_workbook(source)
    assert kept.sheetnames == ours.sheetnames
    assert kept.worksheets[0]["A1"].value == built_sample.report.sections[0].title.text
