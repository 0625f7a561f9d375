"""The live comparison's names, fit for look-ups in a sheet."""

from __future__ import annotations

from dataclasses import replace

from reportgen.document import Report
from reportgen.render.live import LiveModel, compared_model
from reportgen.render.lookups import unique_names, with_its_unit
from reportgen.render.xlsx.names import one_line


def live_model(report: Report) -> LiveModel | None:
    """Gather what the live sheets hold, each name once; None where there is nothing to compare."""
    model = compared_model(report)
    if model is None:
        return None
    labels = unique_names([with_its_unit(one_line(metric.label)) for metric in model.metrics])
    metrics = tuple(replace(m, label=label) for m, label in zip(model.metrics, labels, strict=True))
    return replace(model, setups=unique_names([one_line(name) for name in model.setups]), metrics=metrics)
