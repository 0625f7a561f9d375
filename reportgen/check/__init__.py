"""The stage that looks at a workbook, anyone's, as Excel and its readers will: `check_workbook`."""

from __future__ import annotations

from reportgen.check.interface import Fault, Rule
from reportgen.check.rules import RULES
from reportgen.check.workbook import check_workbook

__all__ = ["RULES", "Fault", "Rule", "check_workbook"]
