"""What a spreadsheet's chart leaves out although the words below it tell of it."""

from __future__ import annotations

from reportgen.document import Chart
from reportgen.language import tr


def left_out(chart: Chart, *, most_bands: int, draws_thin: bool) -> tuple[str, ...]:
    """Say that bands, or the thin lines of single runs, are not drawn: what is below a chart is the same everywhere.

    *most_bands*: with more lines that have one, no band is drawn. *draws_thin*: thin lines are drawn.
    """
    if chart.kind != "lines":
        return ()
    said = []
    thin = {one.label for one in chart.series if one.style == "faint" and one.label}
    if thin and not draws_thin:
        said.append(tr("Thin lines are not drawn here."))
    banded = [one for one in chart.series if any(None not in (p.low, p.high) for p in one.points)]
    # where single runs are drawn, pages draw no band and speak of none
    if len(banded) > most_bands and any(one.label not in thin for one in banded):
        said.append(tr("Bands are not drawn here."))
    return tuple(said)
