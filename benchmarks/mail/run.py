"""What it costs to bring one issue to 1,000 readers: a real report, a real server on loopback, one mail each.

    python benchmarks/mail/run.py

The mail is that of samples/digits with its PDF and its two pictures; the server (aiosmtpd) runs in a process of
its own and takes every mail whole. The ledger lies on the disk of the temporary folder, with full syncs: two
commits a reader. Wall clock, once. Beside it: the same bytes sent by smtplib alone, without a ledger.
"""

from __future__ import annotations

import json
import smtplib
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
READERS = 1_000
GOAL_S = 60.0


def serve() -> None:
    """Be the server: tell the port, take mails until the input ends, tell how many came for how many."""
    from tests.fakes.mail_server import MailServer

    with tempfile.TemporaryDirectory() as folder, MailServer(Path(folder)) as server:
        print(server.port, flush=True)
        sys.stdin.read()
        counts = server.by_recipient
        print(json.dumps({"readers": len(counts), "most": max(counts.values(), default=0)}), flush=True)


def main() -> int:
    """Measure and print; 1 where a goal was missed."""
    from reportgen import pipeline
    from reportgen.config import EmailConfig
    from reportgen.config.reading import read_config
    from reportgen.deliver.email import Ledger, send_issue
    from reportgen.issues import Issue, Period
    from reportgen.render.email import render_mail
    from reportgen.render.theme import load_theme

    readers = [f"reader{number}@example.com" for number in range(READERS)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = read_config(ROOT / "samples" / "digits" / "reportgen.toml")
        config = replace(config, outputs=replace(config.outputs, formats=("pdf",)))
        built = pipeline.build(config, directory=folder / "2026-W47", cache=False)
        start = time.perf_counter()
        body = render_mail(built.report, load_theme(config.theme))
        rendered = time.perf_counter() - start
        outputs = tuple(made.path for made in built.outputs.made)
        issue = Issue(1, Period("2026-W47", "weekly", None, None), folder / "2026-W47", "0" * 64, outputs)
        with subprocess.Popen(
            [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            port = int(server.stdout.readline())
            settings = EmailConfig(sender="a@example.com", host="127.0.0.1", port=port, security="none")
            with Ledger(folder / "ledger.sqlite", "digits") as ledger:
                start = time.perf_counter()
                done = send_issue(issue, body, readers, settings, ledger)
                ours = time.perf_counter() - start
            server.stdin.close()
            came = json.loads(server.stdout.read())
        assert {entry.state for entry in done} == {"sent"}
        assert came == {"readers": READERS, "most": 1}
        size, plain = bare(issue, body, readers)
    print(f"one issue to {READERS:,} readers, {size / 1e6:.2f} MB each")
    print(f"  mail rendered once     {rendered:7.2f} s")
    print(
        f"  sent, with the ledger  {ours:7.2f} s (goal: at most {GOAL_S:g}; {'met' if ours <= GOAL_S else 'MISSED'})"
    )
    print(f"  smtplib alone          {plain:7.2f} s (ratio {ours / plain:.2f})")
    return int(ours > GOAL_S)


def bare(issue: object, body: object, readers: list[str]) -> tuple[int, float]:
    """Send the same mail by the library alone."""
    from reportgen.config import EmailConfig
    from reportgen.config.addresses import parse_address
    from reportgen.deliver.email.message import Letter, Sender
    from reportgen.issues import Issue, MailBody

    assert isinstance(issue, Issue)
    assert isinstance(body, MailBody)
    letter = Letter(issue, body, Sender.of(EmailConfig(sender="a@example.com", host="x"), "digits"), 1 << 40)
    mail = letter.to(parse_address(readers[0]), "x@example.com", datetime.now(UTC))
    with subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        port = int(server.stdout.readline())
        start = time.perf_counter()
        with smtplib.SMTP("127.0.0.1", port) as client:
            for reader in readers:
                client.sendmail("a@example.com", [reader], mail)
        took = time.perf_counter() - start
        server.stdin.close()
        server.stdout.read()
    return len(mail), took


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        sys.exit(main())
