"""Where keys and logins are found, what is said where they are not, and that no part of them is ever shown."""

from __future__ import annotations

import json
import stat
import threading
import urllib.request
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from reportgen.deliver.share import find_login, sign_in
from reportgen.deliver.share.login import DRIVE_SCOPE, FILE_SCOPE, SHEETS_SCOPE
from reportgen.errors import SignInError
from tests.fakes.scripted_google import EMAIL, Said, refusal, scripted_google

SECRET = "MIIEvQ-made-up-and-never-to-be-shown"  # noqa: S105 - made up
PERSON = {
    "type": "authorized_user",
    "client_id": "client",
    "client_secret": SECRET,
    "refresh_token": SECRET,
    "token_uri": "https://oauth2.googleapis.com/token",
}


@pytest.fixture(scope="module")
def key() -> dict[str, str]:
    """A key as the Cloud console gives it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "1",
        "private_key": pem,
        "client_email": EMAIL,
        "token_uri": "https://oauth2.googleapis.com/token",
    }


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder in which nobody has signed in, on a machine that is not Google's."""
    for name in ("REPORTGEN_GOOGLE_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    return tmp_path


def put(home: Path, name: str, content: Any) -> Path:
    path = home / ".config" / "gspread" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    path.chmod(0o600)
    return path


def test_without_any_key_all_places_are_named(home: Path) -> None:
    with pytest.raises(SignInError, match="nobody is signed in to Google") as caught:
        find_login()
    for place in ("REPORTGEN_GOOGLE_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "service_account.json", "gcloud"):
        assert place in caught.value.found
    assert str(home) in caught.value.found
    assert "reportgen publish --setup" in caught.value.do


def test_a_key_is_found_at_its_usual_place_with_the_least_rights(home: Path, key: dict[str, str]) -> None:
    path = put(home, "service_account.json", key)
    login = find_login()
    assert (login.kind, login.email, login.who) == ("service account", EMAIL, EMAIL)
    assert login.source == f"the key in {path}"
    assert login.credentials.scopes == [SHEETS_SCOPE]
    assert login.warnings == ()


def test_only_who_shares_asks_for_drive(home: Path, key: dict[str, str]) -> None:
    put(home, "service_account.json", key)
    assert find_login(shares=True).credentials.scopes == [SHEETS_SCOPE, DRIVE_SCOPE]


def test_a_named_key_comes_before_the_usual_place(
    home: Path, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "service_account.json", key)
    other = home / "ci.json"
    other.write_text(json.dumps({**key, "client_email": "ci@example.com"}), "utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(other))
    assert find_login().email == "ci@example.com"
    monkeypatch.setenv("REPORTGEN_GOOGLE_KEY", json.dumps({**key, "client_email": "env@example.com"}))
    login = find_login()
    assert (login.email, login.source, login.warnings) == (
        "env@example.com",
        "the key in REPORTGEN_GOOGLE_KEY",
        (),
    )


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_may_read_is_warned_of(home: Path, key: dict[str, str], mode: int) -> None:
    path = put(home, "service_account.json", key)
    path.chmod(mode)
    assert find_login().warnings == (f"others on this machine may read {path}; close it: chmod 600 '{path}'",)


def test_a_missing_named_key_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(home / "no.json"))
    with pytest.raises(
        SignInError, match=r"no key at .*no\.json, which GOOGLE_APPLICATION_CREDENTIALS names"
    ):
        find_login()


def broken(key: dict[str, str]) -> dict[str, tuple[Any, str]]:
    """What can be wrong with the content of a key, and what is said of it."""
    damaged = {**key, "private_key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"}
    lacking = {name: value for name, value in key.items() if name != "client_email"}
    return {
        "no JSON": (f"-----BEGIN {SECRET}", "is no JSON"),
        "a list": ([SECRET], "is no JSON"),
        "lacks a field": (lacking, "client_email missing"),
        "a damaged key": (damaged, "is damaged: its private key cannot be read"),
        "no key at all": ({**key, "private_key": 5}, "is damaged"),
        "an OAuth client": ({"installed": {"client_secret": SECRET}}, "is an OAuth client"),
        "something else": ({"api_key": SECRET}, "its fields are 'api_key'"),
        "a broken login": ({"type": "authorized_user", "refresh_token": SECRET}, "is not whole"),
        "a broken federation": ({"type": "external_account", "audience": SECRET}, "cannot be used"),
    }


@pytest.mark.parametrize(
    "name",
    [
        "no JSON",
        "a list",
        "lacks a field",
        "a damaged key",
        "no key at all",
        "an OAuth client",
        "something else",
        "a broken login",
        "a broken federation",
    ],
)
def test_what_is_wrong_with_a_key_is_told_without_showing_it(
    home: Path, key: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, said = broken(key)[name]
    put(home, "service_account.json", content)
    with pytest.raises(SignInError) as caught:
        find_login()
    assert said in caught.value.message
    assert SECRET not in caught.value.message
    # the parser's own error quotes what it read
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    monkeypatch.setenv("REPORTGEN_GOOGLE_KEY", content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(SignInError, match="REPORTGEN_GOOGLE_KEY"):
        find_login()


def test_a_login_does_not_show_its_credentials(home: Path, key: dict[str, str]) -> None:
    put(home, "service_account.json", key)
    assert "credentials" not in repr(find_login())


def test_a_persons_login_keeps_the_rights_it_has(home: Path) -> None:
    put(home, "authorized_user.json", PERSON)
    login = find_login()
    assert (login.kind, login.who) == ("person", "your Google account")
    assert login.credentials.scopes is None


def test_a_client_that_nobody_signed_in_with_is_told(home: Path) -> None:
    put(home, "credentials.json", {"installed": {}})
    with pytest.raises(SignInError, match="nobody has signed in yet"):
        find_login()


class Person:
    """A browser in which somebody agrees, or does not."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: dict[str, list[str]] = {}

    def open(self, url: str, **_: Any) -> bool:
        self.asked = parse_qs(urlsplit(url).query)
        state = self.asked["state"][0]
        back = f"{self.asked['redirect_uri'][0]}?{self.answer}&state={state}"
        come_back = partial(urllib.request.urlopen, back)
        threading.Thread(target=lambda: come_back().close(), daemon=True).start()
        return True


Browse = Callable[[str], Person]


@pytest.fixture
def browse(monkeypatch: pytest.MonkeyPatch) -> Browse:
    """Put somebody before the browser."""

    def sit(answer: str) -> Person:
        person = Person(answer)
        monkeypatch.setattr(webbrowser, "get", lambda _=None: person)
        return person

    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the server on loopback has no certificate
    return sit


def client(base: str) -> dict[str, Any]:
    return {
        "installed": {
            "client_id": "client",
            "client_secret": SECRET,
            "auth_uri": f"{base}/auth",
            "token_uri": f"{base}/token",
            "redirect_uris": ["http://localhost"],
        }
    }


def test_a_person_signs_in_once_with_the_least_rights(
    home: Path, browse: Browse, capsys: pytest.CaptureFixture[str]
) -> None:
    token = {
        "access_token": "short",
        "refresh_token": "long",
        "expires_in": 3599,
        "scope": FILE_SCOPE,
        "token_type": "Bearer",
    }
    person = browse("code=4711")
    with scripted_google(Said(200, token)) as google:
        put(home, "credentials.json", client(google.base))
        path = sign_in()
    assert person.asked["scope"] == [FILE_SCOPE]
    assert "code=4711" in google.asked[0][2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        "authorized_user.json",
        "credentials.json",
    ]
    kept = json.loads(path.read_text("utf-8"))
    assert (kept["refresh_token"], kept.get("token")) == ("long", None)
    assert find_login().kind == "person"
    told = capsys.readouterr()
    assert told.out == ""
    assert SECRET not in told.err


def test_a_login_that_lay_open_is_closed_when_it_is_renewed(home: Path, browse: Browse) -> None:
    put(home, "authorized_user.json", PERSON).chmod(0o666)
    browse("code=1")
    token = {
        "access_token": "a",
        "refresh_token": "b",
        "expires_in": 1,
        "scope": FILE_SCOPE,
        "token_type": "Bearer",
    }
    with scripted_google(Said(200, token)) as google:
        put(home, "credentials.json", client(google.base))
        assert stat.S_IMODE(sign_in().stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("error=access_denied", Said()),
        ("code=1", refusal(400, "invalid_grant")),
        ("code=1", Said(200, "<html>")),
    ],
    ids=["not agreed", "refused", "no JSON"],
)
def test_a_sign_in_that_fails_is_told_and_keeps_nothing(
    home: Path, browse: Browse, answer: str, said: Said
) -> None:
    browse(answer)
    with scripted_google(said) as google:
        put(home, "credentials.json", client(google.base))
        with pytest.raises(SignInError, match="did not succeed") as caught:
            sign_in()
    assert SECRET not in caught.value.message
    assert not (home / ".config" / "gspread" / "authorized_user.json").exists()


def test_a_machine_without_a_browser_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object = None) -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    put(home, "credentials.json", client("https://127.0.0.1:9"))
    with pytest.raises(SignInError, match="no browser on this machine"):
        sign_in()


def test_nobody_at_the_browser_is_not_waited_for_without_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nobody:
        def open(self, *_: object, **__: object) -> bool:
            return True

    monkeypatch.setattr(webbrowser, "get", lambda _=None: Nobody())
    monkeypatch.setattr("reportgen.deliver.share.signin._PATIENCE_S", 0.1)
    put(home, "credentials.json", client("https://127.0.0.1:9"))
    with pytest.raises(SignInError, match="nobody signed in within"):
        sign_in()


@pytest.mark.parametrize(
    "content", ["no JSON", {"type": "service_account"}, {"installed": {"client_id": "x"}}, []]
)
def test_a_file_that_is_no_client_is_told(home: Path, content: Any) -> None:
    put(home, "credentials.json", content)
    with pytest.raises(SignInError, match="is no OAuth client"):
        sign_in()
