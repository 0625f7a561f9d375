"""What is said in the language that is spoken: texts, plurals, numbers, dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reportgen.document import Label, Number, NumberFormat, format_number, phrase, phrases
from reportgen.language import (
    Language,
    day_and_month,
    day_text,
    month_text,
    ntr,
    period_text,
    speaking,
    time_text,
    tr,
)

RUNS = Number(3.0, NumberFormat(), "/runs/total")


def test_english_is_said_as_it_stands() -> None:
    assert tr("Data up to {time}", time="noon") == "Data up to noon"
    assert [ntr("{n} day", "{n} days", n, n=n) for n in (1, 2, 1.5)] == ["1 day", "2 days", "1.5 days"]
    assert phrases("{n} run", "{n} runs", n=RUNS).text == "3 runs"


def test_a_sentence_keeps_its_numbers_and_names_where_the_language_puts_them() -> None:
    said = phrase("{name} reached {n}.", name=Label("mlp", "/x"), n=RUNS)
    assert [type(span).__name__ for span in said.spans] == ["Label", "Words", "Number", "Words"]
    with pytest.raises(KeyError, match="n"):
        phrase("{name} reached {n}.", name=Label("mlp"))
    with pytest.raises(ValueError, match="must come from a finding"):
        phrase("3 runs")


def test_a_language_may_have_more_forms_than_english() -> None:
    polish = Language(
        "pl", {"{n} run": ("bieg", "biegi", "biegow")}, lambda n: 0 if n == 1 else 1 if n < 5 else 2
    )
    assert [polish.counted("{n} run", "{n} runs", n) for n in (1, 2, 7, 2.5)] == [
        "bieg",
        "biegi",
        "biegow",
        "biegow",
    ]


def test_numbers_have_the_signs_of_the_language() -> None:
    percent, big = NumberFormat("percent", 1), NumberFormat(grouped=True)
    assert (format_number(0.931, percent), format_number(12034, big)) == ("93.1\N{NO-BREAK SPACE}%", "12,034")
    with speaking("de"):
        assert (format_number(0.931, percent), format_number(12034, big)) == (
            "93,1\N{NO-BREAK SPACE}%",
            "12.034",
        )
        assert format_number(0.01, NumberFormat("points", 0)) == "1\N{NO-BREAK SPACE}Punkt"
    assert format_number(0.931, percent) == "93.1\N{NO-BREAK SPACE}%"


def test_dates_are_written_as_in_the_language() -> None:
    time = datetime(2026, 5, 21, 17, 30, tzinfo=UTC)
    plain = [text.replace("\N{NO-BREAK SPACE}", " ") for text in (day_text(time), time_text(time))]
    assert plain == ["21 May 2026", "21 May 2026, 17:30 UTC"]
    assert (day_and_month(time), month_text(time)) == ("21 May", "May 2026")
    with speaking("de"):
        assert (day_text(time), day_and_month(time), month_text(time)) == (
            "21. Mai 2026",
            "21. Mai",
            "Mai 2026",
        )


def test_a_language_without_a_catalogue_is_unknown() -> None:
    with pytest.raises(KeyError), speaking("xx"):
        pass


@pytest.mark.parametrize(
    ("key", "english"),
    [
        ("2026-W06", "week 6 of 2026"),
        ("2026-11-23", "23 November 2026"),
        ("2026-11", "Nov 2026"),
        ("2026-02-31", "2026-02-31"),
        ("sweep-0123456789ab", "sweep-0123456789ab"),
        ("the spring", "the spring"),
        ("", ""),
    ],
)
def test_a_period_is_said_as_people_say_it(key: str, english: str) -> None:
    assert period_text(key) == english
