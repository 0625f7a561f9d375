"""The table ``[email]``: each key is checked when the file is read, each mistake told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.config import EmailConfig, read_config
from reportgen.config.addresses import mailbox_of, parse_address
from reportgen.config.email import is_loopback
from reportgen.errors import ConfigError


def read(folder: Path, text: str) -> EmailConfig:
    path = folder / "reportgen.toml"
    path.write_text(f"[email]\n{text}\n", "utf-8")
    return read_config(path).email


def test_everything_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-")
    found = read(
        tmp_path,
        """
to = ["Ann <ann@example.com>", "bob@example.com", "ANN@example.com"]
from = "Team <team@bücher.example>"
reply_to = "reply@example.com"
failures_to = "owner@example.com"
unsubscribe = "stop@example.com"
subject = "Weekly"
attach = ["pdf", "xlsx"]
max_mb = 8
host = "mail.example.com"
port = 2525
security = "tls"
cafile = "ca.pem"
user = "reports"
password_command = "pass show 'work mail'"
""",
    )
    assert found == EmailConfig(
        to=("Ann <ann@example.com>", "bob@example.com"),
        sender="Team <team@bücher.example>",
        reply_to="reply@example.com",
        failures_to=("owner@example.com",),
        unsubscribe="stop@example.com",
        subject="Weekly",
        attach=("pdf", "xlsx"),
        max_mb=8.0,
        host="mail.example.com",
        port=2525,
        security="tls",
        cafile=tmp_path / "ca.pem",
        user="reports",
        password_command=("pass", "show", "work mail"),
    )


def test_a_command_may_be_a_list_and_nothing_may_be_attached(tmp_path: Path) -> None:
    found = read(tmp_path, 'oauth_command = ["token", "--for", "a b"]\nuser = "u"\nattach = []')
    assert found.oauth_command == ("token", "--for", "a b")
    assert found.attach == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('to = ["a@example.com", "b"]', "email.to must be a mail address, not the text 'b'"),
        ("to = 3", "email.to must be mail addresses, not the number 3"),
        ("to = [3]", "email.to must be a mail address, not the number 3"),
        ('from = "a@b.c\\nBcc: d@e.f"', "email.from must be a mail address"),
        ('unsubscribe = ["a@b.c"]', "email.unsubscribe must be one mail address, not a list"),
        ('subject = "a\\nb"', "email.subject must be one line of text"),
        ('host = "a\\tb"', "email.host must be one line of text"),
        ('host = "a.example:587"', "is 'a.example:587'; write host = 'a.example' and port = 587"),
        ('host = "https://a.example"', "write the server's name alone, such as 'smtp.example.com'"),
        ('attach = ["docx"]', "email.attach holds 'docx'; known are 'pdf', 'xlsx'"),
        ('attach = "pdf"', 'email.attach must be a list; write ["pdf"]'),
        ("max_mb = 0", "email.max_mb must be above 0, not 0"),
        ('cafile = "no.pem"', "and there is no such file"),
        ('password_command = "pass \'x"\nuser = "u"', "email.password_command cannot be read as a command"),
        ('oauth_command = []\nuser = "u"', "email.oauth_command must be a command"),
        ('oauth_command = "token"', "email.oauth_command is of no use without user"),
        (
            'user = "u"\npassword_command = "a"\noauth_command = "b"',
            "email.oauth_command stands beside password_command",
        ),
        (
            'host = "mail.example.com"\nsecurity = "none"',
            "email.security is 'none', which would send to 'mail.example.com' in the clear",
        ),
        ('attached = ["pdf"]', "unknown key 'attached' in [email]; nearest is 'attach'"),
        ('passwort_command = "x"', "nearest is 'password_command'"),
    ],
)
def test_each_mistake_has_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert told in caught.value.message
    assert len(caught.value.message.splitlines()) == 1


def test_a_secret_in_the_file_is_refused_but_a_command_for_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"email\.smtp_password is a secret") as caught:
        read(tmp_path, 'smtp_password = "hunter2"')
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "local", "domain", "name"),
    [
        ("a@example.com", "a", "example.com", ""),
        (" a.b+c@Example.COM ", "a.b+c", "example.com", ""),
        ("Ann Lee <a@example.com>", "a", "example.com", "Ann Lee"),
        ('"Lee, Ann" <a@example.com>', "a", "example.com", "Lee, Ann"),
        ("<a@example.com>", "a", "example.com", ""),
        ("jörg@bücher.example", "jörg", "xn--bcher-kva.example", ""),
        ("root@localhost", "root", "localhost", ""),
    ],
)
def test_addresses_as_people_write_them(text: str, local: str, domain: str, name: str) -> None:
    found = parse_address(text)
    assert (found.local, found.domain, found.name) == (local, domain, name)


@pytest.mark.parametrize("text", ["a@b@c.example", "a b@c.example", '"a b"@c.example', "a@" + "b" * 260])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"no mail address|no domain"):
        parse_address(text)


def test_what_means_this_machine() -> None:
    assert [is_loopback(host) for host in ("localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]")] == [
        True
    ] * 5
    assert [is_loopback(host) for host in ("example.com", "10.0.0.1", "localhost.example.com")] == [False] * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann <ANN@Example.com>", "ann@example.com"),
        ("jo\u0308rg@example.com", "j\u00f6rg@example.com"),
        ("a@B\u00fccher.example", "A@xn--bcher-kva.example"),
        ("no address", "No Address"),
    ],
)
def test_two_spellings_are_one_mailbox(one: str, other: str) -> None:
    assert mailbox_of(one) == mailbox_of(other)
