"""The fake as a test holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict, Unpack

from tests.fakes.google import keys, methods_sheets
from tests.fakes.google.book import Book
from tests.fakes.google.faults import Fault, FaultKind
from tests.fakes.google.oauth import Caller
from tests.fakes.google.schema import Obj
from tests.fakes.google.server import Proxy
from tests.fakes.google.service import Call, Service
from tests.fakes.google.world import SheetWorld

EVERY_SCOPE = frozenset({"https://www.googleapis.com/auth/drive"})


class FaultOptions(TypedDict, total=False):
    """When a fault strikes: see `Fault`."""

    at: str
    times: int | None
    after: bool
    retry_after: int | None
    skip: int


class FakeGoogle:
    """Sheets, Drive and the token endpoint on loopback, under Google's own names.

    A program reaches it with nothing but its environment; see `environment`.
    """

    def __init__(self, folder: Path) -> None:
        self.service = Service()
        self.proxy = Proxy(self.service, folder)
        self.key_file = keys.write_service_account(folder)
        """A service account's key, as Google's console gives it."""
        self.person_file = keys.write_person(folder)
        """A person's login, as ``google.auth.default`` reads it; see `person_scopes`."""
        self.client_email = keys.SERVICE_ACCOUNT
        self.person = keys.PERSON

    @property
    def environment(self) -> dict[str, str]:
        """What leads a program here: for a child, or for ``monkeypatch.setenv``."""
        return {
            "HTTPS_PROXY": self.proxy.url,
            "https_proxy": self.proxy.url,
            "NO_PROXY": "",
            "no_proxy": "",
            "REQUESTS_CA_BUNDLE": str(self.proxy.bundle),
            "NO_GCE_CHECK": "true",
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.key_file),
        }

    def spreadsheet(self, title: str = "Team sheet", *, role: str | None = "writer") -> SheetWorld:
        """Let a person make a spreadsheet and share it with the service account; None for not at all."""
        book = methods_sheets.new_book(
            f"fake-sheet-{len(self.service.books) + 1:04d}-abcdefghijklmnopqrstuvwx", title
        )
        methods_sheets.grant(book, self.person, "owner")
        if role is not None:
            methods_sheets.grant(book, self.client_email, role)
        self.service.books[book.id] = book
        return self.world(book.id)

    def world(self, spreadsheet_id: str) -> SheetWorld:
        """Give a spreadsheet that is there, such as one that the program made."""

        def call(verb: str, path: str, body: Obj | None) -> Obj:
            caller = Caller(self.person, EVERY_SCOPE, is_service_account=False)
            return self.service.directly("sheets.googleapis.com", verb, path, body, caller)

        return SheetWorld(spreadsheet_id, self.environment, call)

    def book(self, spreadsheet_id: str) -> Book:
        """Give what is kept of a spreadsheet."""
        return self.service.books[spreadsheet_id]

    def roles(self, spreadsheet_id: str) -> dict[str, str]:
        """Give who may do what with a spreadsheet; ``anyone`` for everybody with the link."""
        permissions = self.book(spreadsheet_id).permissions
        return {str(entry.get("emailAddress") or entry["type"]): str(entry["role"]) for entry in permissions}

    def fail(self, kind: FaultKind, **options: Unpack[FaultOptions]) -> None:
        """Let a later call fail: ``fail("503", at="spreadsheets.batchUpdate", after=True)``."""
        self.service.faults.add(Fault(kind, **options))

    def recover(self) -> None:
        """Let everything go well again."""
        self.service.faults.clear()

    def disable(self, *apis: str) -> None:
        """Switch ``sheets`` or ``drive`` off in the program's project."""
        self.service.disabled |= set(apis)

    def expire_tokens(self) -> None:
        """Let no token that was given out so far be valid any longer."""
        self.service.office.expire_all()

    def person_agrees(self, *scopes: str) -> None:
        """Set what the person's login reaches: ``spreadsheets``, ``drive.file``."""
        begin = "https://www.googleapis.com/auth/"
        self.service.office.user_scopes = frozenset(begin + scope for scope in scopes)

    @property
    def calls(self) -> list[Call]:
        """Every call so far but those for a token, in order."""
        return [call for call in self.service.calls if call.method != "token"]

    @property
    def tokens(self) -> list[Call]:
        """Every call for a token."""
        return [call for call in self.service.calls if call.method == "token"]

    @property
    def methods(self) -> list[str]:
        """The methods of `calls`: ``["spreadsheets.get", "spreadsheets.batchUpdate"]``."""
        return [call.method for call in self.calls]

    def forget_calls(self) -> None:
        """Begin the log anew."""
        self.service.calls.clear()

    @property
    def limits(self) -> list[str]:
        """What the fake could not do; a test that leaves something here has failed."""
        return self.service.limits

    @property
    def refused_hosts(self) -> list[str]:
        """Hosts beyond Google's that were asked for."""
        return self.proxy.refused

    def check(self) -> None:
        """Fail if the program asked for more than the fake has, or for other hosts."""
        assert not self.limits, "The fake of Google met its limit:\n" + "\n".join(self.limits)
        assert not self.refused_hosts, f"Other hosts were asked for: {self.refused_hosts}"


@contextmanager
def fake_google(folder: Path) -> Iterator[FakeGoogle]:
    """Run a fake; its files lie in the folder."""
    fake = FakeGoogle(folder)
    fake.proxy.begin()
    try:
        yield fake
    finally:
        fake.proxy.end()
