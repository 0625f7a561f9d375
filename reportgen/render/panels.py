"""Small multiples as charts of their own, for outputs whose charts have one value axis each."""

from __future__ import annotations

from dataclasses import replace

from reportgen.document import Block, Chart, Label, Paragraph, Sentence


def apart(block: Block) -> tuple[Block, ...]:
    """Give small multiples as their title and charts of their own, two side by side; other blocks as they are.

    What is said of all of them is said below the title of the first.
    """
    if not isinstance(block, Chart) or block.kind != "multiples":
        return (block,)
    panels = (
        replace(
            block,
            id=f"{block.id}_{place}",
            kind="dot_interval",
            title=Sentence((Label(series.label, ""),)),
            subtitle=block.subtitle if place == 1 else Sentence(()),
            x=series.axis or block.x,
            series=(series,),
            width="half",
        )
        for place, series in enumerate(block.series, 1)
    )
    # each panel is titled by its metric: what all of them show stands above them
    return (Paragraph(block.title, "heading"), *panels)
