"""The report as a whole."""

from __future__ import annotations

from dataclasses import replace

from reportgen.document import Callout, say
from tests.fakes.reports import full_report


def test_decision_is_open_until_a_box_says_it() -> None:
    asked = full_report(decision="Approve the pilot.")
    assert asked.open_decision == "Approve the pilot."
    box = Callout("Decision needed", (say("Approve the pilot."),))
    section = replace(asked.sections[0], blocks=(*asked.sections[0].blocks, box))
    assert replace(asked, sections=(section,)).open_decision == ""
    in_lines = replace(asked.meta, decision="Approve\n  the pilot. ")
    assert replace(asked, meta=in_lines, sections=(section,)).open_decision == ""
    assert replace(asked, meta=in_lines).open_decision == "Approve the pilot."
