"""The mail through Postfix into Dovecot, as in many companies, and read back over IMAP."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.config import ThemeConfig
from reportgen.deliver.email import Clock, Ledger, send_issue
from reportgen.document import Report
from reportgen.issues import Issue, Period
from reportgen.render.email import render_mail
from reportgen.render.theme import load_theme
from tests.conftest import build_sample
from tests.fakes.issues import make_settings
from tests.fakes.mail_house import MailHouse

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may start a mail server"
    ),
]
ANN, BOOK, NOBODY, OWNER = (
    "ann@example.com",
    "leser@bücher.example",
    "nobody@example.com",
    "owner@example.com",
)


@pytest.fixture(scope="module")
def house() -> Iterator[MailHouse]:
    missing = [name for name in ("postfix", "dovecot") if not shutil.which(name)]
    if missing and Path("/run/systemd/system").is_dir() and os.environ.get("CI") != "true":
        pytest.skip(
            f"not installed: {', '.join(missing)}; .ci/ensure-heavy leaves them out where systemd would start them"
        )
    assert missing == []
    with MailHouse((ANN, "leser@xn--bcher-kva.example", OWNER)) as started:
        assert started.mails(ANN) == []
        yield started


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Issue]:
    built = build_sample("digits", tmp_path_factory.mktemp("issues") / "2026-W47")
    outputs = tuple(built.files[name] for name in ("pdf", "xlsx"))
    period = Period("2026-W47", "weekly", None, None)
    return built.report, Issue(47, period, outputs[0].parent, "d" * 64, outputs)


def test_readers_find_one_mail_each_with_everything_in_it(
    house: MailHouse, digits: tuple[Report, Issue], tmp_path: Path
) -> None:
    report, issue = digits
    body = render_mail(report, load_theme(ThemeConfig()), attach=("pdf", "xlsx"))
    settings = make_settings(
        house.port, security="starttls", cafile=house.cafile, failures_to=(OWNER,), reply_to=OWNER
    )
    to = (ANN, f'"Müller, Jörg" <{BOOK}>', NOBODY)
    for _ in range(2):  # the second time nothing is left to do
        with Ledger(tmp_path / "ledger.sqlite", "digits") as ledger:
            done = send_issue(issue, body, to, settings, ledger, Clock())
    states = {entry.recipient: entry for entry in done}
    assert {name: entry.state for name, entry in states.items()} == {
        ANN: "sent",
        "leser@xn--bcher-kva.example": "sent",
        NOBODY: "refused",
    }, house.log()
    assert "unknown" in states[NOBODY].detail.lower()  # the server's word for it

    for box in (ANN, "leser@xn--bcher-kva.example"):
        (mail,) = house.mails(box, 1)
        assert mail["Subject"] == body.subject
        assert mail["To"].addresses[0].addr_spec == box
        assert mail["Message-ID"] == f"<{states[box].message_id}>"
        assert mail["From"].addresses[0].display_name == "Bücher & Reports"
        plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert page is not None
        assert plain.get_content().replace("\r\n", "\n") == body.text
        assert page.get_content().replace("\r\n", "\n") == body.html
        pictures = [part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"]
        assert pictures == [picture.png for picture in body.pictures]
        attached = {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}
        assert attached == {path.name: path.read_bytes() for path in issue.outputs}

    (notice,) = house.mails(OWNER, 1)
    told = notice.get_body(("plain",))
    assert told is not None
    assert f"{NOBODY}: refused" in told.get_content()


def test_the_limit_that_postfix_tells_is_kept(
    house: MailHouse, digits: tuple[Report, Issue], tmp_path: Path
) -> None:
    report, issue = digits
    large = tmp_path / "2026-W48" / "large.pdf"
    large.parent.mkdir()
    large.write_bytes(b"%PDF-1.7\n" + os.urandom(3_000_000))
    other = Issue(48, issue.period, large.parent, "e" * 64, (large,))
    body = render_mail(report, load_theme(ThemeConfig()), attach=("pdf",))
    settings = make_settings(house.port, security="starttls", cafile=house.cafile)
    before = len(house.mails(ANN, 0))
    with Ledger(tmp_path / "ledger.sqlite", "digits") as ledger:
        (done,) = send_issue(other, body, (ANN,), settings, ledger, Clock())
    assert done.state == "sent", done.detail
    mail = house.mails(ANN, before + 1)[-1]
    assert list(mail.iter_attachments()) == []
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "The PDF is too large for this mail." in plain.get_content()
