"""The stage that holds a delivered file against the same report, made again from the runs.

``read_claim`` says what a file was made from, by its own words; ``compare_files`` names every place in
which it differs from a fresh one. Neither knows of runs: `pipeline.verify` makes the fresh file.
"""

from __future__ import annotations

from reportgen.verify.claims import read_claim
from reportgen.verify.comparing import compare_files
from reportgen.verify.interface import Claim, Difference
from reportgen.verify.settings import WITHHELD, as_claimed, as_commanded

__all__ = ["WITHHELD", "Claim", "Difference", "as_claimed", "as_commanded", "compare_files", "read_claim"]
