"""Issues and mails to be sent, for tests of sending."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reportgen.config import EmailConfig
from reportgen.deliver.email import Clock
from reportgen.issues import Issue, MailBody, Period, Picture

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def make_issue(folder: Path, key: str = "2026-W47", *, pdf: int = 2_000, xlsx: int = 500) -> Issue:
    """Make an issue with a PDF and a workbook of so many bytes."""
    home = folder / "issues" / key
    home.mkdir(parents=True, exist_ok=True)
    outputs = []
    for name, size in (("wöchentlich.pdf", pdf), ("wöchentlich.xlsx", xlsx)):
        (home / name).write_bytes(bytes(n % 251 for n in range(size)))
        outputs.append(home / name)
    period = Period("2026-W47", "weekly", NOW - timedelta(days=7), NOW)
    return Issue(47, period, home, hashlib.sha256(key.encode()).hexdigest(), tuple(outputs))


def make_body(attached: tuple[str, ...] = ("pdf",)) -> MailBody:
    """Make a mail whose texts name what is attached."""

    def body(files: tuple[str, ...]) -> MailBody:
        told = f"Grüße. Attached: {' and '.join(files) or 'nothing'}."
        html = f'<html><body><p>{told}</p><img src="cid:dots@reportgen" alt="Dots"></body></html>'
        pictures = (Picture("dots@reportgen", PIXEL, "Dots", 1),)
        return MailBody("Größer ist besser: mlp – 98,9 %", f".{told}\n.\n..\n", html, pictures, files)

    full = body(attached)
    fewer = [tuple(n for n in attached if n != gone) for gone in attached] if len(attached) > 1 else []
    lighter = tuple(body(files) for files in [*fewer, ()]) if attached else ()
    return MailBody(full.subject, full.text, full.html, full.pictures, attached, lighter)


def make_settings(port: int, **changes: Any) -> EmailConfig:
    """Make settings for a server on loopback; any field may be changed."""
    fields: dict[str, Any] = {
        "sender": "Bücher & Reports <reports@example.com>",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
    }
    return EmailConfig(**{**fields, **changes})


class FakeTime:
    """A clock that stands still until somebody sleeps."""

    def __init__(self, start: datetime = NOW) -> None:
        self.time, self.slept = start, list[float]()

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)

    def clock(self, **changes: Any) -> Clock:
        """Give it as sending wants it, with short patience."""
        fields: dict[str, Any] = {"connect_s": 5.0, "answer_s": 5.0, "data_s": 5.0, "lock_s": 30.0}
        return Clock(now=self.now, sleep=self.sleep, chance=lambda: 0.5, **{**fields, **changes})
