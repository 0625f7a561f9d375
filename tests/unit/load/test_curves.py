from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import AddressError, UnknownRunError
from reportgen.load import load_runs
from reportgen.load.curves import LEAST_POINTS, thin
from tests.fakes.run_folders import START, run_text, simple_run, wide_text, write_run

VALUES = st.lists(
    st.one_of(st.floats(-100, 100), st.sampled_from([math.nan, math.inf, -math.inf])), max_size=300
)


@given(VALUES, st.integers(0, 60))
def test_thinning_keeps_first_last_lowest_highest_and_a_sign_of_trouble(
    values: list[float], most: int
) -> None:
    array = np.array(values, dtype=np.float64)
    chosen = thin(array, most)
    assert len(chosen) <= max(most, LEAST_POINTS)
    assert list(chosen) == sorted(set(chosen.tolist()))
    if values:
        assert {0, len(values) - 1} <= set(chosen.tolist())
        finite = array[np.isfinite(array)]
        kept = array[chosen]
        if len(finite):
            assert np.nanmin(kept[np.isfinite(kept)]) == finite.min()
            assert np.nanmax(kept[np.isfinite(kept)]) == finite.max()
        assert np.isfinite(array).all() == np.isfinite(kept).all()


def test_a_curve_holds_the_latest_value_of_each_step_of_all_files(tmp_path: Path) -> None:
    files = {
        "run.csv": run_text("r"),
        "metrics.csv": wide_text(
            ["loss", "acc"], [(START, 0, 9, 1), (START + 1, 1, 8, None), (START + 4, 3, "nan", 2)]
        ),
        "metrics.host-1.csv": wide_text(["loss"], [(START + 2, 1, 7), (START + 3, 2, 6)]),
        "metrics-long.csv": f"time,step,name,value\n{START + 5},0,loss,5\n{START + 5},4,other,1\n",
    }
    write_run(tmp_path / "r", files)
    curves = load_runs([str(tmp_path)]).curves.read(["r"], ["loss", "nothing", "acc"])
    assert [(curve.metric, curve.points) for curve in curves] == [("loss", 4), ("acc", 2)]
    assert repr((curves[0].steps, curves[0].values)) == repr(
        ((0.0, 1.0, 2.0, 3.0), (5.0, 7.0, 6.0, math.nan))
    )
    assert curves[0].times == (START + 5, START + 2, START + 3, START + 4)


def test_points_without_steps_come_in_order_of_time(tmp_path: Path) -> None:
    rows = [(START + 3, 1, 3), (START + 1, None, 1), (START + 2, None, 2)]
    write_run(tmp_path / "r", {"run.csv": run_text("r"), "metrics.csv": wide_text(["loss"], rows)})
    assert load_runs([str(tmp_path)]).curves.read(["r"], ["loss"])[0].values == (1.0, 2.0, 3.0)


def test_odd_files_give_the_points_that_are_in_them(tmp_path: Path) -> None:
    text = wide_text(["loss"], [(START, 0, 3), (START + 1, 1, "x"), (START + 2, 2, '"1"')]) + "9"
    write_run(tmp_path / "r", {"run.csv": run_text("r"), "metrics.csv": text})
    assert load_runs([str(tmp_path)]).curves.read(["r"], ["loss"])[0].values == (3.0, 1.0)


def test_a_long_curve_is_thinned_and_says_how_long_it_was(tmp_path: Path) -> None:
    simple_run(tmp_path, "r", losses=[math.sin(at) for at in range(3000)])
    (curve,) = load_runs([str(tmp_path)]).curves.read(["r"], ["loss"], max_points=100)
    assert curve.points == 3000
    assert 90 <= len(curve.values) <= 100


def test_a_run_that_is_unknown_or_gone_is_named(tmp_path: Path) -> None:
    folder = simple_run(tmp_path, "r")
    curves = load_runs([str(tmp_path)]).curves
    with pytest.raises(UnknownRunError, match="'x'"):
        curves.read(["x"], ["loss"])
    folder.rename(tmp_path / "gone")
    with pytest.raises(AddressError, match="no longer be read") as caught:
        curves.read(["r"], ["loss"])
    assert str(folder) in caught.value.message
