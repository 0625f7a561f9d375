"""Reports for the sheet's tests."""

from __future__ import annotations

import pytest

from reportgen.document import Report
from tests.unit.render.gsheet.reports import composed


@pytest.fixture(scope="session")
def digits() -> Report:
    """A whole report with a baseline, a trade-off, curves and weeks."""
    return composed("digits")
