"""Which settings mattered: stated only where results can be predicted from settings.

On pure noise every method still credits some setting with a third of the differences. So nothing is
stated before three gates: enough configurations, enough of the differences predicted for
configurations left out, and a first setting that stays first when the configurations are drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyse.anova import as_grid, fit_grid, noise_of, resampled_shares, shares
from reportgen.analyse.features import Feature, applies_everywhere, make_features, matrix_of
from reportgen.analyse.forest import Ground, Grown, Plan
from reportgen.analyse.growing import grow_forests
from reportgen.analyse.statistics import Booleans, Floats
from reportgen.analyse.thresholds import (
    CONFIDENCE,
    FLAT_TOLERANCE,
    IMPORTANCE_FIRST_ONLY,
    IMPORTANCE_MAX_CONFIGURATIONS,
    IMPORTANCE_MIN_CONFIGURATIONS,
    IMPORTANCE_MIN_PREDICTED,
    IMPORTANCE_PER_SETTING,
    IMPORTANCE_RESAMPLES,
    IMPORTANCE_STABLE,
)
from reportgen.analyse.values import ABSENT, Canonical
from reportgen.findings import Branch, Importance, Interaction, ParameterShare, Refusal

SEED = 20_261_125
"""Fixed, so that the same runs give the same report."""
MIN_INTERACTION = 0.02
"""Share below which a pair of settings is not listed."""


@dataclass(frozen=True, slots=True)
class _Shares:
    """What a method found. Shape: point (settings,), resampled (resamples, settings)."""

    point: Floats
    resampled: Floats
    interactions: tuple[Interaction, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known before a forest answers."""

    features: tuple[Feature, ...]
    blank: Importance
    on_grid: Importance | None
    """What analysis of variance said of a full grid, without stating anything."""
    ground: Ground


@dataclass(frozen=True, slots=True)
class _Part:
    """Configurations that have conditional parameters of their own."""

    where: tuple[tuple[str, Canonical], ...]
    own: tuple[str, ...]
    judged: Importance | _Asked


def what_mattered(
    names: Sequence[str], values: Mapping[str, Sequence[Canonical]], means: Floats, usable: Booleans
) -> Importance:
    """Say which settings the differences between configurations go together with.

    Settings that apply to some configurations only are looked at among those, in a branch of their own.

    Args:
        names: The parameters that tell configurations apart.
        values: For each name, one value a configuration.
        means: The deciding metric's mean over the repeats of each configuration: a row for every
            repeat would let a model recognise configurations.
        usable: Which configurations have a mean and may be compared.

    Shape: means, usable (configurations,).
    """
    rows = np.flatnonzero(usable & np.isfinite(means)).tolist()
    columns = {name: [values[name][row] for row in rows] for name in names}
    everywhere = [name for name in names if applies_everywhere(columns[name])]
    whole = _judge(everywhere, columns, means[rows])
    parts = _parts(names, everywhere, columns, means[rows])
    found, *inside = _settled([whole, *(part.judged for part in parts)])
    branches = (
        Branch(part.where, part.own, judged)
        for part, judged in zip(parts, inside, strict=True)
        if judged.reason not in ("too_few", "one_setting")
    )
    return replace(found, branches=tuple(branches))


def _parts(
    names: Sequence[str],
    everywhere: Sequence[str],
    columns: Mapping[str, Sequence[Canonical]],
    means: Floats,
) -> list[_Part]:
    """Ask the same within each set of configurations that has conditional parameters of its own."""
    sets: dict[tuple[int, ...], list[str]] = {}
    for name in names:
        if name not in everywhere:
            has = tuple(row for row, value in enumerate(columns[name]) if value != ABSENT)
            sets.setdefault(has, []).append(name)
    found = []
    for rows, own in sets.items():
        inside = {name: [columns[name][row] for row in rows] for name in names}
        full = [name for name in names if rows and applies_everywhere(inside[name])]
        judged = _judge(full, inside, means[list(rows)])
        found.append(_Part(_marks(rows, everywhere, columns), tuple(own), judged))
    return found


def _marks(
    rows: Sequence[int], everywhere: Sequence[str], columns: Mapping[str, Sequence[Canonical]]
) -> tuple[tuple[str, Canonical], ...]:
    """Find a parameter of which these configurations, and no others, have one value."""
    inside = set(rows)
    for name in everywhere:
        shared = {columns[name][row] for row in rows}
        if len(shared) == 1:
            value = next(iter(shared))
            if {row for row, entry in enumerate(columns[name]) if entry == value} == inside:
                return ((name, value[1]),)
    return ()


def _judge(
    names: Sequence[str], columns: Mapping[str, Sequence[Canonical]], means: Floats
) -> Importance | _Asked:
    features = make_features(names, columns)
    count = len(means)
    blank = Importance(
        stated=False, reason=None, configurations=count, available=count, settings=len(features)
    )
    obstacle = _obstacle(features, means)
    if obstacle is not None:
        return replace(blank, reason=obstacle)
    scaled = _standardised(means)
    draw = np.random.default_rng(SEED)
    grid = as_grid(features, scaled)
    on_grid = None if grid is None else _by_anova(features, grid, blank, draw)
    if on_grid is not None and on_grid.stated:
        return on_grid
    # A grid whose settings matter only in combination is not predicted by sums; a forest may do better.
    return _Asked(features, blank, on_grid, _ground(features, scaled, draw))


def _obstacle(features: Sequence[Feature], means: Floats) -> Refusal | None:
    if len(means) < max(IMPORTANCE_MIN_CONFIGURATIONS, IMPORTANCE_PER_SETTING * len(features)):
        return "too_few"
    if len(features) < 2:
        return "one_setting"
    size = float(np.max(np.abs(means)))
    if size == 0.0 or float(np.ptp(means / size)) <= FLAT_TOLERANCE:
        return "no_variation"
    return None


def _standardised(means: Floats) -> Floats:
    scaled = means / np.max(np.abs(means))
    centred = scaled - scaled.mean()
    return np.asarray(centred / centred.std())


def _by_anova(
    features: Sequence[Feature], grid: Floats, blank: Importance, draw: np.random.Generator
) -> Importance:
    model = fit_grid(grid)
    found = replace(blank, method="analysis of variance", predicted=_finite(model.predicted))
    if model.predicted < IMPORTANCE_FIRST_ONLY:
        return replace(found, reason="not_predictable")
    by_effect = shares(grid, model, noise_of(grid, model))
    again = resampled_shares(grid, model, IMPORTANCE_RESAMPLES, draw)
    mains = [(axis,) for axis in range(len(features))]
    pairs = [
        Interaction((features[first].name, features[second].name), share)
        for (first, second), share in ((e, s) for e, s in by_effect.items() if len(e) == 2)
        if share >= MIN_INTERACTION
    ]
    pairs.sort(key=lambda entry: -entry.share)
    return _gate(
        features,
        _Shares(
            np.array([by_effect[main] for main in mains]),
            np.array([[entry[main] for main in mains] for entry in again]),
            tuple(pairs),
        ),
        found,
    )


def _ground(features: Sequence[Feature], results: Floats, draw: np.random.Generator) -> Ground:
    matrix, widths = matrix_of(features)
    if len(results) > IMPORTANCE_MAX_CONFIGURATIONS:
        chosen = np.sort(draw.choice(len(results), IMPORTANCE_MAX_CONFIGURATIONS, replace=False))
        matrix, results = matrix[chosen], results[chosen]
    plan = Plan(SEED, draw.bit_generator.state, IMPORTANCE_FIRST_ONLY, IMPORTANCE_RESAMPLES)
    return Ground(plan, matrix, results, widths)


def _settled(judged: Sequence[Importance | _Asked]) -> list[Importance]:
    """Let forests answer what is open, all at once."""
    answers = iter(grow_forests([entry.ground for entry in judged if isinstance(entry, _Asked)]))
    return [_by_forest(entry, next(answers)) if isinstance(entry, _Asked) else entry for entry in judged]


def _by_forest(asked: _Asked, grown: Grown) -> Importance:
    predicted = grown.predicted
    found = replace(
        asked.blank,
        method="random forest",
        configurations=len(asked.ground.results),
        predicted=_finite(predicted),
    )
    if predicted >= IMPORTANCE_FIRST_ONLY:
        losses = np.maximum(grown.losses, 0.0)
        totals = np.maximum(losses.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        each = predicted * losses / totals
        found = _gate(asked.features, _Shares(each.mean(axis=0), each), found)
    else:
        found = replace(found, reason="not_predictable")
    return found if asked.on_grid is None or found.stated else asked.on_grid


def _gate(features: Sequence[Feature], found: _Shares, judged: Importance) -> Importance:
    """Apply the last gate, and write the shares out, largest first."""
    order = np.argsort(-found.point, kind="stable")
    top = int(order[0])
    stays = float(np.mean(np.argmax(found.resampled, axis=1) == top))
    judged = replace(judged, top_share=stays)
    if stays < IMPORTANCE_STABLE:
        return replace(judged, reason="unstable")
    weak = (judged.predicted or 0.0) < IMPORTANCE_MIN_PREDICTED
    tails = 100.0 * (1.0 - CONFIDENCE) / 2.0
    low, high = np.percentile(found.resampled, [tails, 100.0 - tails], axis=0)
    parameters = tuple(
        ParameterShare(
            name=features[i].name,
            share=float(found.point[i]),
            interval=(float(min(low[i], found.point[i])), float(max(high[i], found.point[i]))),
            along=features[i].along,
            low=features[i].ends[0],
            high=features[i].ends[1],
        )
        for i in order.tolist()
    )
    return replace(
        judged,
        stated=True,
        parameters=parameters[:1] if weak else parameters,
        first_only=weak,
        interactions=() if weak else found.interactions,
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
