"""The mail as it goes over the wire, read again by the library's own reader."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from reportgen.config import EmailConfig
from reportgen.config.addresses import parse_address
from reportgen.deliver.email.message import Letter, Sender, message_id, readers
from reportgen.errors import DeliveryError
from reportgen.issues import Issue, MailBody
from tests.fakes.issues import NOW, PIXEL, make_body, make_issue, make_settings

LIMIT = 15_000_000


def sender(**changes: Any) -> Sender:
    return Sender.of(make_settings(25, **changes), "Weekly digits")


def written(
    folder: Path, to: str = "ann@example.com", body: MailBody | None = None, **changes: Any
) -> tuple[bytes, EmailMessage]:
    issue, by, recipient = make_issue(folder), sender(**changes), parse_address(to)
    letter = Letter(issue, body or make_body(), by, LIMIT)
    identity = message_id(issue, "weekly", recipient, by.address.domain)
    raw = letter.to(recipient, identity, NOW)
    return raw, message_from_bytes(raw, policy=policy.default)


def kinds(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_its_parts_stand_as_mail_programs_expect(tmp_path: Path) -> None:
    raw, message = written(tmp_path)
    assert kinds(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    # a text may begin with dots, and ends no mail by one
    assert plain.get_content() == ".Grüße. Attached: pdf.\r\n.\r\n..\r\n"
    assert "Grüße" in page.get_content()
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<dots@reportgen>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == PIXEL
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "wöchentlich.pdf"
    assert attached.get_content() == make_issue(tmp_path).outputs[0].read_bytes()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()
    assert message.defects == []


def test_its_head_says_who_and_what(tmp_path: Path) -> None:
    _, message = written(
        tmp_path,
        '"Müller, Jörg" <jm@bücher.example>',
        reply_to="Team <team@example.com>",
        unsubscribe="stop@example.com",
    )
    assert message["From"].addresses[0].addr_spec == "reports@example.com"
    assert message["From"].addresses[0].display_name == "Bücher & Reports"
    (to,) = message["To"].addresses
    assert (to.addr_spec, to.display_name) == ("jm@xn--bcher-kva.example", "Müller, Jörg")
    assert message["Reply-To"].addresses[0].addr_spec == "team@example.com"
    assert message["Subject"] == make_body().subject
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<weekly-digits.example.com>"
    assert message["List-Unsubscribe"] == "<mailto:stop@example.com?subject=unsubscribe>"
    assert message["MIME-Version"] == "1.0"
    assert len(message.keys()) == len(set(message.keys()))


@pytest.mark.parametrize("length", [10, 60, 69, 70, 71, 90])
@pytest.mark.parametrize("sign", ["a", "ü", "\N{EN DASH}", "=?utf-8?q?x?="])
def test_a_subject_of_any_length_comes_back_as_it_was(tmp_path: Path, length: int, sign: str) -> None:
    body = make_body()
    subject = ("six words " * 9)[: length - 1].strip() + sign
    raw, message = written(tmp_path, body=replace(body, subject=subject))
    assert message["Subject"] == subject
    assert b":\r\n" not in raw.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 110 for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))


def test_letters_beyond_ascii_before_the_at_sign(tmp_path: Path) -> None:
    raw, _ = written(tmp_path, "jörg@example.com")
    assert "To: jörg@example.com\r\n".encode() in raw


def test_the_message_id_is_that_of_issue_and_reader(tmp_path: Path) -> None:
    issue, other = make_issue(tmp_path), make_issue(tmp_path, "2026-W48")
    ann, bob = parse_address("ann@example.com"), parse_address("bob@example.com")
    found = {
        message_id(issue, "weekly", ann, "example.com"),
        message_id(issue, "weekly", parse_address("Ann <ANN@Example.com>"), "example.com"),
    }
    assert len(found) == 1
    found |= {
        message_id(issue, "weekly", bob, "example.com"),
        message_id(other, "weekly", ann, "example.com"),
        message_id(issue, "daily", ann, "example.com"),
    }
    assert len(found) == 4


def test_the_same_mail_has_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path)[0] == written(tmp_path)[0]


def test_the_largest_attachment_is_left_out_of_a_mail_that_is_too_large(tmp_path: Path) -> None:
    issue = make_issue(tmp_path, pdf=400_000, xlsx=100_000)
    body = make_body(("pdf", "xlsx"))

    def sent(limit: int) -> tuple[list[str], str, int]:
        letter = Letter(issue, body, sender(), limit)
        raw = letter.to(parse_address("ann@example.com"), "x@example.com", NOW)
        message = message_from_bytes(raw, policy=policy.default)
        names = [str(part.get_filename()).rpartition(".")[2] for part in message.iter_attachments()]
        plain, page = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert page is not None
        told = plain.get_content().splitlines()[0].removeprefix(".")
        assert told in page.get_content()
        return names, told, len(raw)

    assert sent(LIMIT)[:2] == (["pdf", "xlsx"], "Grüße. Attached: pdf and xlsx.")
    names, told, size = sent(600_000)
    assert (names, told) == (["xlsx"], "Grüße. Attached: xlsx.")
    assert size <= 600_000
    assert sent(100_000)[:2] == ([], "Grüße. Attached: nothing.")
    with pytest.raises(DeliveryError, match="even without attachments"):
        Letter(issue, body, sender(), 1_000)


def test_its_size_is_known_before_it_is_written(tmp_path: Path) -> None:
    letter = Letter(make_issue(tmp_path), make_body(), sender(), LIMIT)
    raw = letter.to(parse_address(f'"{"ü" * 60}" <a@example.com>'), "x" * 40 + "@example.com", NOW)
    assert len(raw) <= letter.size < len(raw) + 5_000


def test_an_output_that_was_not_made_is_no_attachment(tmp_path: Path) -> None:
    issue = make_issue(tmp_path)
    without = Issue(issue.number, issue.period, issue.folder, issue.digest, issue.outputs[1:])
    with pytest.raises(
        DeliveryError, match=r"the pdf that is to be attached was not made.*wöchentlich\.xlsx"
    ):
        Letter(without, make_body(), sender(), LIMIT)
    issue.outputs[0].unlink()
    with pytest.raises(DeliveryError, match="cannot be read"):
        Letter(issue, make_body(), sender(), LIMIT)


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com, eve@example.com",
        "Ann <ann@example.com>\nBcc: eve@example.com",
        '"Ann\r\nBcc: eve@example.com" <ann@example.com>',
        "ann",
        "@example.com",
        "ann@",
        "ann@exa mple.com",
        "ann@-example.com",
        "a..b@example.com",
        "<ann@example.com> <eve@example.com>",
        "",
    ],
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(DeliveryError):
        readers([text])


def test_a_subject_cannot_bring_in_a_header(tmp_path: Path) -> None:
    body = make_body()
    bad = MailBody("a\r\nBcc: eve@example.com", body.text, body.html, ())
    with pytest.raises(ValueError, match="not one line"):
        written(tmp_path, body=bad)


def test_a_reader_who_stands_twice_in_the_list_is_one() -> None:
    found = readers(["ann@example.com", "Ann <ANN@EXAMPLE.com>", "bob@example.com"])
    assert [address.spec for address in found] == ["ann@example.com", "bob@example.com"]


@pytest.mark.parametrize(("missing", "told"), [("sender", "no 'from'"), ("host", "no 'host'")])
def test_what_is_missing_is_named(missing: str, told: str) -> None:
    with pytest.raises(DeliveryError, match=told):
        sender(**{missing: ""})


def test_a_job_of_any_name_gives_a_valid_list_id() -> None:
    assert Sender.of(EmailConfig(sender="a@b.example", host="h"), "Вес").list_id == "report.b.example"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("reports+weekly@example.com", "mailto:reports+weekly@example.com?subject=unsubscribe"),
        ("a?cc=b&x%y@example.com", "mailto:a%3Fcc%3Db%26x%25y@example.com?subject=unsubscribe"),
    ],
)
def test_the_link_for_no_more_mails_leads_to_the_address_alone(
    tmp_path: Path, address: str, link: str
) -> None:
    _, message = written(tmp_path, unsubscribe=address)
    assert message["List-Unsubscribe"] == f"<{link}>"
