"""Fixtures for tests of publishing; ``tests/conftest.py`` takes them up, so that every test has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.google.fake import FakeGoogle


@pytest.fixture
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGoogle]:
    """A fake Google; give ``google.environment`` to a child. Fails the test if the fake met a limit."""
    from tests.fakes.google.fake import fake_google

    with fake_google(tmp_path_factory.mktemp("google")) as fake:
        yield fake
    fake.check()


@pytest.fixture
def google_here(google: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> FakeGoogle:
    """The same for the test's own process."""
    for name, value in google.environment.items():
        monkeypatch.setenv(name, value)
    return google
