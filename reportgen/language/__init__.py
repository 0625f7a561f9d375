"""The language of a report: its words, its numbers, its dates.

English stands in the code, always as whole sentences with named places: ``tr("Page {page} of {pages}",
page=2, pages=5)``, and in compose ``phrase`` and ``phrases`` of `reportgen.document`, which keep the spans.
``make catalogue`` collects all of it in ``reportgen/locale/reportgen.pot``. Another language is one file
beside it, ``<language>.po``, in the format of GNU gettext: nothing in the code names a language.

What is said in which language is decided once, by ``with speaking("de"):`` around a stage; outside of
it, and on the command line, everything is English.
"""

from __future__ import annotations

from reportgen.language.catalogue import languages
from reportgen.language.dates import (
    day_and_month,
    day_text,
    long_day_text,
    month_text,
    period_text,
    time_text,
)
from reportgen.language.language import Language
from reportgen.language.messages import message, retold
from reportgen.language.speaking import (
    MINUS,
    in_every_language,
    localised_digits,
    mark,
    ntr,
    places,
    speaking,
    spoken,
    tr,
    with_minus,
)

__all__ = [
    "MINUS",
    "Language",
    "day_and_month",
    "day_text",
    "in_every_language",
    "languages",
    "localised_digits",
    "long_day_text",
    "mark",
    "message",
    "month_text",
    "ntr",
    "period_text",
    "places",
    "retold",
    "speaking",
    "spoken",
    "time_text",
    "tr",
    "with_minus",
]
