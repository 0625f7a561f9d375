"""The stage that says how a number was made: the runs that went in, the formula, the library call, the rule.

It reads the frozen numbers alone (a ``<slug>.json``, or the same tree made from runs just now) and computes
nothing: the calls are written out with the real values, for a person to run. A test runs them all.
"""

from __future__ import annotations

from reportgen.explain.explaining import explain_number, numeric_pointers
from reportgen.explain.interface import Explanation, Given
from reportgen.explain.tree import Tree

__all__ = ["Explanation", "Given", "Tree", "explain_number", "numeric_pointers"]
