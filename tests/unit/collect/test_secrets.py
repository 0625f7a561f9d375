"""Nothing secret reaches the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.collect.secrets import redacted_command, without_secrets
from reportgen.schema import looks_secret, without_credentials


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "HF_TOKEN",
        "api-key",
        "aws.secret.access.key",
        "db password",
        "github_tokens",
        "OpenAI_ApiKey",
    ],
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "tokenizer",
        "tokenisation",
        "max_tokens",
        "num-tokens",
        "tokens_per_batch",
        "model.max_new_tokens",
        "n_tokens",
        "monkey",
        "lr",
    ],
)
def test_words_of_the_trade_are_no_secrets(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql+psycopg2://me:p@ss@host/db", "postgresql+psycopg2://host/db"),
        ("redis://:pw@host:1/0", "redis://host:1/0"),
        ("see https://u:p@h/x and ftp://a@b/c", "see https://h/x and ftp://b/c"),
        ("https://h/x?a=1&sig=abc#frag", "https://h/x?a=1&sig=[redacted]#frag"),
        ("https://h/?access_token=abc", "https://h/?access_token=[redacted]"),
        ("s3://bucket/me@home.csv", "s3://bucket/me@home.csv"),
        ("mail a@b.c", "mail a@b.c"),
    ],
)
def test_urls_lose_their_credentials(text: str, expected: str) -> None:
    assert without_credentials(text) == expected


def test_secrets_are_found_at_any_depth() -> None:
    value = {"db": {"password": "x", "hosts": [{"api_key": 1}, "ftp://u:p@h/"]}, "token": {"a": "b"}}
    assert without_secrets("config", value) == {
        "db": {"password": "[redacted]", "hosts": [{"api_key": "[redacted]"}, "ftp://h/"]},
        "token": "[redacted]",
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--api-key", "abc", "x"], ["--api-key", "[redacted]", "x"]),
        (["--api-key=abc"], ["--api-key=[redacted]"]),
        (["db.password=abc", "lr=0.1"], ["db.password=[redacted]", "lr=0.1"]),
        (["--use-token", "--lr", "1"], ["--use-token", "--lr", "1"]),
        (["--db", "mysql://u:p@h/d"], ["--db", "mysql://h/d"]),
        (["--password", "a=b"], ["--password", "[redacted]"]),
    ],
)
def test_command_lines_lose_their_secrets(words: list[str], expected: list[str]) -> None:
    assert redacted_command(words) == expected


def test_no_secret_is_anywhere_in_the_run_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_facts: Callable[[Path], dict[tuple[str, str], Any]]
) -> None:
    monkeypatch.setattr("sys.argv", ["train.py", "--api-key", "hunter2", "--db=mysql://u:hunter2@h/d"])
    with reportgen.start_run(
        "e",
        directory=tmp_path,
        params={"token": "hunter2", "deep": {"secret": ["hunter2"]}, "url": "https://hunter2@h/"},
        tags={"my_password": "hunter2"},
    ) as run:
        run.log_dataset("d", "s3://k:hunter2@b/x", version="https://u:hunter2@h")
        run.log_artifact("https://h/model?token=hunter2")
    assert [p.name for p in run.directory.rglob("run*") if b"hunter2" in p.read_bytes()] == []
    facts = read_facts(run.directory)
    assert facts["param", "token"] == "[redacted]"
    assert facts["param", "deep"] == {"secret": "[redacted]"}
    assert facts["code", "entry_point"].startswith("train.py --api-key ")
