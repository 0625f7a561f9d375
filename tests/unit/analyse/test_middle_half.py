"""The mean of the middle half of the tasks, beside a mean that a few tasks may drive."""

from __future__ import annotations

import pytest
from scipy import stats

from reportgen.analyse.tasks import middle_half


def test_the_middle_half_leaves_out_a_quarter_at_each_end() -> None:
    assert middle_half([1.0, 2.0, 3.0, 100.0]) == 2.5
    values = [0.1, 0.4, 0.5, 0.6, 0.7, 0.9, 5.0, 8.0]
    assert middle_half(values) == pytest.approx(stats.trim_mean(values, 0.25))
    assert middle_half([1.0, 2.0, 3.0]) is None
