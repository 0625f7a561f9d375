"""Compose: what is said, in which order, in which words.

``compose`` makes one renderer-neutral `Report` out of `Findings`. Its sentences take numbers from
the frozen numbers only (`freeze`), each by its pointer.
"""

from __future__ import annotations

from reportgen.compose.composing import compose
from reportgen.compose.explanations import EXPLANATIONS
from reportgen.compose.freeze import freeze
from reportgen.compose.slug import make_slug

__all__ = ["EXPLANATIONS", "compose", "freeze", "make_slug"]
