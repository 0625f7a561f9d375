"""The id of a spreadsheet, however people copy it."""

from __future__ import annotations

import pytest

from reportgen.deliver.share import spreadsheet_id, spreadsheet_url
from reportgen.errors import UsageError

ID = "1AbC-dEf_GhIjKlMnOpQrStUvWxYz0123456789abcde"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"  {ID}\n",
        f"https://docs.google.com/spreadsheets/d/{ID}",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing#gid=0",
        f"docs.google.com/spreadsheets/d/{ID}/edit",
        f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit",
        f"https://docs.google.com/a/example.com/spreadsheets/d/{ID}/view",
        f"https://drive.google.com/open?id={ID}",
        f"https://drive.google.com/file/d/{ID}/view",
    ],
)
def test_it_is_found(text: str) -> None:
    assert spreadsheet_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my sheet",
        "short",
        "https://example.com/spreadsheets/d/x",
        f"https://docs.google.com/document/d/{ID}",
        f"https://evil.example/docs.google.com/spreadsheets/d/{ID}",
        "../../etc/passwd",
        f"{ID}:clear",
    ],
)
def test_what_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no id of a spreadsheet") as caught:
        spreadsheet_id(text)
    assert "between /d/ and /edit" in caught.value.do


def test_a_published_page_is_no_spreadsheet() -> None:
    with pytest.raises(UsageError, match="the address of a published page"):
        spreadsheet_id("https://docs.google.com/spreadsheets/d/e/2PACX-1vQ/pubhtml")


def test_the_address_for_people_opens_a_tab() -> None:
    assert spreadsheet_url(ID, 7) == f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=7"
    assert spreadsheet_id(spreadsheet_url(ID)) == ID
