"""The rules, each with what to do about it.

What is serious makes Excel repair or refuse a file ("We found a problem with some content"), or puts an
error before a reader. The rest follows the guidance for accessible spreadsheets (UK Analysis Function,
"Releasing statistics in spreadsheets"; Microsoft's accessibility checker).
"""

from __future__ import annotations

from typing import Final

from reportgen.check.interface import Rule

ERROR_VALUE: Final = Rule(
    "error-value", True, "the cell shows an error", "Mend the formula, or write why there is no value."
)
LOST_REFERENCE: Final = Rule(
    "lost-reference", True, "a formula or name points at cells that are gone (#REF!)", "Point it at cells."
)
OUTSIDE_DATA: Final = Rule(
    "outside-data",
    True,
    "the workbook takes values from other files or connections, which readers do not have",
    "Put the values in, and break the links (Data, Edit Links).",
)
MACROS: Final = Rule(
    "macros", True, "it holds macros, which mail filters stop", "Save it as a workbook without macros."
)
SHEET_NAME: Final = Rule(
    "sheet-name",
    True,
    "Excel does not take the sheet's name",
    r"At most 31 characters, none of []:*?/\, no ' at an end, not History, unique whatever the case.",
)
TABLE_NAME: Final = Rule(
    "table-name",
    True,
    "Excel does not take the table's name",
    "Letters, digits and _, unique, and not like a cell (F1, mAP50) as tbl_F1 is not.",
)
TABLE_HEADER: Final = Rule(
    "table-header",
    True,
    "the table's headings are not unique texts that stand in its first row",
    "Give every column its own heading, as text.",
)
TABLE_SIZE: Final = Rule(
    "table-size", True, "the table has no row or overlaps another table", "Give it a row and room."
)
MERGED_IN_TABLE: Final = Rule(
    "merged-in-table", True, "cells are merged inside a table", "Take the merging back."
)
MERGED_TWICE: Final = Rule("merged-twice", True, "merged areas overlap", "Take one of them back.")
LONG_LIST: Final = Rule(
    "long-list",
    True,
    "a drop-down list is longer than 255 characters",
    "Put the choices in cells and point the list at them.",
)
TOO_FAR: Final = Rule(
    "too-far", True, "a cell lies beyond Excel's 1,048,576 rows or 16,384 columns", "Use several sheets."
)
BROKEN_LINK: Final = Rule(
    "broken-link", True, "a link leads to a sheet or name that is not there", "Point it at one that is."
)
ODD_LINK: Final = Rule(
    "odd-link",
    False,
    "a link leads neither to the web, nor to a mail address, nor into the workbook",
    "Link to http(s), mailto or a cell: readers do not have your files.",
)
NO_RESULT: Final = Rule(
    "no-result",
    False,
    "a formula has no stored result: previews, phones and pandas show nothing",
    "Open and save it in Excel or LibreOffice once.",
)
LIKE_A_FORMULA: Final = Rule(
    "like-a-formula",
    False,
    "a text begins like a formula, and becomes one as soon as somebody edits it",
    "Put an apostrophe before it.",
)
NO_ALT_TEXT: Final = Rule(
    "no-alt-text",
    False,
    "a chart or picture has no alternative text that says what it shows",
    "Say it in a sentence (right click, Edit Alt Text).",
)
HIDDEN_SHEET: Final = Rule(
    "hidden-sheet", False, "the sheet is hidden, and travels with the file all the same", "Show or delete it."
)
HIDDEN_CELLS: Final = Rule(
    "hidden-cells", False, "rows or columns are hidden, and travel with the file", "Show or delete them."
)
LOCKED: Final = Rule(
    "locked", False, "it is protected, so that readers cannot filter, copy or widen", "Take that back."
)
NOTHING_IN_A1: Final = Rule(
    "nothing-in-a1",
    False,
    "cell A1 is empty, where readers and screen readers begin",
    "Put the sheet's title there.",
)
NO_REPEATED_HEADER: Final = Rule(
    "no-repeated-header",
    False,
    "it prints on several pages without its headings on each",
    "Set the rows to repeat at top (Page Layout, Print Titles).",
)
NO_TITLE: Final = Rule(
    "no-title", False, "the workbook has no title in its properties", "Set it (File, Info, Title)."
)

RULES: Final = tuple(rule for rule in list(globals().values()) if isinstance(rule, Rule))
