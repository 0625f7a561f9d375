"""Messages are English where they are made and in every file, and are said again in the report's language."""

from __future__ import annotations

from reportgen.language import message, retold, speaking

TORN = "metrics.csv, line 7: the last line was cut off; it is left out"


def test_a_message_is_plain_english_text() -> None:
    made = message(
        "{file}, line {line}: the last line was cut off; it is left out", file="metrics.csv", line=7
    )
    assert made == TORN
    assert retold(made) == TORN


def test_a_message_that_went_through_a_file_is_known_again() -> None:
    with speaking("de"):
        assert (
            retold(TORN) == "metrics.csv, Zeile 7: Die letzte Zeile war abgeschnitten; sie wird ausgelassen"
        )
        assert retold("left out on request") == "auf Wunsch ausgelassen"


def test_a_message_inside_of_a_message_is_retold_too_and_a_name_never() -> None:
    with speaking("de"):
        assert retold("run.csv, line 3: its quotes do not fit; the row is left out") == (
            "run.csv, Zeile 3: die Anführungszeichen passen nicht; die Zeile wird ausgelassen"
        )
        told = "run id none is also that of yes, with other contents; the folder with the newest rows is read"
        assert retold(told).startswith("die Kennung none hat auch yes,")
        assert retold("CUDA out of memory") == "CUDA out of memory"
        assert retold("") == ""
