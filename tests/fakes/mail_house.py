"""Postfix and Dovecot of the distribution, on loopback, with configurations of their own and without systemd."""

from __future__ import annotations

import imaplib
import os
import shutil
import subprocess
import tempfile
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fakes.mail_server import free_port, write_certificate

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_MAIN = """\
compatibility_level = 3.6
myhostname = mail.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log/postfix.log
maillog_file_prefixes = {home}
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = example.com, xn--bcher-kva.example
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 100
message_size_limit = 2000000
smtpd_tls_cert_file = {home}/tls/ca.pem
smtpd_tls_key_file = {home}/tls/key.pem
smtpd_tls_security_level = encrypt
"""
_DOVECOT = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/imap
state_dir = {home}/imap
log_path = {home}/log/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%d/%n
first_valid_uid = 100
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password=test
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={home}/mail/%d/%n
}}
"""
_PATIENCE_S = 60.0
_UID = 5_000
"""Owns the mailboxes; no account needs to have it."""


class MailHouse:
    """Both servers with some mailboxes; use it in a ``with`` block, as root.

    Args:
        boxes: The addresses that there are; mail to others is refused.
    """

    def __init__(self, boxes: tuple[str, ...]) -> None:
        # not in pytest's folder: the servers' own users must get into it
        self.home = Path(tempfile.mkdtemp(prefix="rgmail"))
        self.home.chmod(0o755)
        self.port, self._imap = free_port(), free_port()
        self.cafile = self.home / "tls" / "ca.pem"
        self._boxes = boxes
        self._imap_server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Write the configurations and start both."""
        uid, home = _UID, self.home
        for name in ("postfix", "queue", "data", "mail", "log", "imap"):
            (home / name).mkdir()
        write_certificate(home / "tls")
        os.chown(home / "mail", uid, uid)
        shutil.chown(home / "data", "postfix")
        boxes = ", ".join(
            f"{{ {box} = {box.partition('@')[2]}/{box.partition('@')[0]}/ }}" for box in self._boxes
        )
        values = {"home": home, "uid": uid, "boxes": boxes, "port": self.port, "imap": self._imap}
        (home / "postfix" / "main.cf").write_text(_MAIN.format(**values))
        (home / "postfix" / "master.cf").write_text(_MASTER.format(**values))
        (home / "dovecot.conf").write_text(_DOVECOT.format(**values))
        self._postfix("start")
        self._imap_server = subprocess.Popen(["dovecot", "-F", "-c", str(home / "dovecot.conf")])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both and take everything away."""
        self._postfix("stop")
        if self._imap_server:
            self._imap_server.terminate()
            self._imap_server.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)

    def mails(self, box: str, at_least: int = 0) -> list[EmailMessage]:
        """Read a mailbox over IMAP, once so many mails are in it."""
        end = time.monotonic() + _PATIENCE_S
        while True:
            try:
                found = self._read(box)
            except (OSError, imaplib.IMAP4.error):  # it is just starting
                if time.monotonic() > end:
                    raise
            else:
                if len(found) >= at_least or time.monotonic() > end:
                    return found
            time.sleep(0.2)

    def log(self) -> str:
        """Give what both have logged."""
        return "\n".join(path.read_text("utf-8", "replace") for path in (self.home / "log").iterdir())

    def _read(self, box: str) -> list[EmailMessage]:
        client = imaplib.IMAP4("127.0.0.1", self._imap, timeout=10)
        try:
            client.login(box, "test")
            client.select("INBOX", readonly=True)
            _, (numbers, *_) = client.search(None, "ALL")
            found = []
            for number in numbers.split():
                _, parts = client.fetch(number.decode(), "(RFC822)")
                raw = next(part[1] for part in parts if isinstance(part, tuple))
                found.append(message_from_bytes(raw, policy=policy.default))
            return found
        finally:
            client.shutdown()

    def _postfix(self, order: str) -> None:
        done = subprocess.run(
            ["postfix", "-c", str(self.home / "postfix"), order], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"postfix {order}: {done.stdout}{done.stderr}")
