"""Parts of native charts with openpyxl's defaults put right: texts, axes, error bars, cached values."""

from __future__ import annotations

from typing import Any, Final, Literal

from openpyxl.chart.axis import ChartLines, NumericAxis, TextAxis
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from reportgen.document import Axis, NumberFormat, Tone, excel_factor, excel_format
from reportgen.language import spoken, tr
from reportgen.render.cellformats import DAY_FORMAT
from reportgen.render.xlsx.chartdata import Strip, cell_value
from reportgen.render.xlsx.names import one_line
from reportgen.render.xlsx.plots import Scale

POINT: Final = 12_700
"""English metric units of one point: widths of lines."""
Dash = Literal["dash", "sysDot", "dashDot"]
_ERROR_BAR_ORDER: Final = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")
_SYMBOLS: Final[dict[Tone, Literal["circle", "diamond", "triangle", "square"]]] = {
    "neutral": "circle",
    "focus": "circle",
    "baseline": "diamond",
    "good": "triangle",
    "bad": "square",
    "caution": "square",
}


class Palette:
    """Colours and font of the charts of one workbook."""

    __slots__ = ("_colors", "font")

    def __init__(self, colors: dict[str, str], font: str) -> None:
        self._colors, self.font = colors, font

    def rgb(self, name: str) -> str:
        """Give a colour of the theme as ``RRGGBB``."""
        return self._colors[name]

    def tone(self, tone: Tone) -> str:
        """Give the colour of marks of this tone."""
        return self._colors[{"neutral": "other", "baseline": "ink"}.get(tone, tone)]

    def characters(self, size: float, color: str, *, bold: bool = False) -> CharacterProperties:
        """Describe text; a font without a size would have none."""
        return CharacterProperties(
            sz=round(size * 100), b=bold, solidFill=self.rgb(color), latin=Font(typeface=self.font)
        )

    def text(self, size: float, color: str, *, bold: bool = False, upright: bool = False) -> RichText:
        """Describe the text of ticks, labels and legends."""
        look = self.characters(size, color, bold=bold)
        body = RichTextProperties(rot=0, vert="horz") if upright else RichTextProperties()
        return RichText(bodyPr=body, p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])

    def title(self, lines: list[tuple[str, float, str, bool]], *, corner: bool = False) -> Title:
        """Make a title of lines of (text, size, colour, bold); *corner*: at the upper left of the chart.

        In a language from right to left it stands in the middle: its place is that of its left end, and how
        wide a program draws it is not known.
        """
        corner = corner and spoken().direction == "ltr"
        paragraphs = []
        for line, size, color, bold in lines:
            look = self.characters(size, color, bold=bold)
            side: Literal["l"] | None = "l" if corner else None
            paragraphs.append(
                Paragraph(
                    pPr=ParagraphProperties(algn=side, defRPr=look), r=[RegularTextRun(rPr=look, t=line)]
                )
            )
        title = Title(tx=Text(rich=RichText(bodyPr=RichTextProperties(), p=paragraphs)), overlay=False)
        if corner:
            title.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.012, y=0.015))
        return title


def line(color: str, points: float, dash: Dash | None = None) -> LineProperties:
    """Describe a line."""
    return LineProperties(w=round(points * POINT), solidFill=color, prstDash=dash)


def no_line() -> LineProperties:
    """Describe no line."""
    return LineProperties(noFill=True)


def marker(tone: Tone, palette: Palette, size: int = 8) -> Marker:
    """Make a mark; its shape says the tone too, since colour is not enough."""
    color = palette.tone(tone)
    made = Marker(symbol=_SYMBOLS[tone], size=size)
    made.graphicalProperties = GraphicalProperties(solidFill=color, ln=line(palette.rgb("paper"), 0.75))
    return made


def no_marker() -> Marker:
    """Make no mark."""
    return Marker(symbol="none")


def numbers(strip: Strip) -> NumDataSource:
    """Point at a range of numbers and keep a copy of them."""
    return NumDataSource(numRef=_num_ref(strip))


def categories(strip: Strip) -> AxDataSource:
    """Point at a range of names or numbers and keep a copy of them."""
    if all(isinstance(value, str) for value in strip.values):
        return AxDataSource(strRef=_str_ref(strip))
    return AxDataSource(numRef=_num_ref(strip))


def series_name(strip: Strip) -> SeriesLabel:
    """Point at the cell with a series's name and keep a copy of it."""
    return SeriesLabel(strRef=_str_ref(strip))


def error_bars(minus: Strip, plus: Strip, direction: Literal["x", "y"] | None, color: str) -> ErrorBars:
    """Make error bars of their own length at each mark."""
    bars: Any = ErrorBars(  # Any: __elements__ is set on the instance
        errDir=direction,
        errBarType="both",
        errValType="cust",
        noEndCap=False,
        plus=numbers(plus),
        minus=numbers(minus),
        spPr=GraphicalProperties(ln=line(color, 1.75)),
    )
    bars.__elements__ = _ERROR_BAR_ORDER  # openpyxl writes minus before plus, against the schema
    result: ErrorBars = bars
    return result


def name_label(index: int, side: str, palette: Palette, color: str, *, bold: bool = False) -> DataLabelList:
    """Write the series's name beside its mark number *index*."""
    label = DataLabel(
        idx=index,
        dLblPos=side,
        txPr=palette.text(9, color, bold=bold),
        spPr=GraphicalProperties(noFill=True, ln=no_line()),
        **_shown("showSerName"),
    )
    return DataLabelList(dLbl=[label], **_shown(""))


def value_labels(what: str, side: str, code: str, palette: Palette) -> DataLabelList:
    """Write each mark's value beside it."""
    return DataLabelList(
        numFmt=code,
        dLblPos=side,
        txPr=palette.text(9, "ink"),
        spPr=GraphicalProperties(noFill=True, ln=no_line()),
        **_shown(what),
    )


def _shown(what: str) -> dict[str, Any]:
    names = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
    return {name: name == what for name in names}


def axis_title(axis: Axis) -> str:
    """Name an axis with its unit."""
    label = one_line(axis.label) or tr("Value")
    unit = "" if axis.dates else one_line(axis.format.heading_unit)
    return f"{label} ({unit})" if unit else label


def tick_format(axis: Axis, step: float) -> str:
    """Give the number format of ticks: as many decimals as their distance needs."""
    if axis.dates:
        return DAY_FORMAT
    if axis.log:
        return "General" if axis.format.style == "number" else excel_format(axis.format)
    shown = step * axis.format.factor
    decimals = next((d for d in range(7) if abs(round(shown, d) - shown) < abs(shown) * 1e-6), 7)
    how = axis.format
    return excel_format(NumberFormat(how.style, decimals, how.unit, how.signed, how.grouped))


def finish_value_axis(target: NumericAxis, axis: Axis, scale: Scale, palette: Palette, *, grid: bool) -> None:
    """Set everything about an axis of numbers that openpyxl leaves to chance."""
    target.delete = scale.hidden
    target.scaling.min, target.scaling.max = cell_value(scale.low, axis), cell_value(scale.high, axis)
    target.crosses = "min"
    target.tickLblPos = "low"
    target.majorTickMark, target.minorTickMark = ("none" if grid else "out"), "none"
    target.majorGridlines = (
        ChartLines(spPr=GraphicalProperties(ln=line(palette.rgb("hairline"), 0.75))) if grid else None
    )
    target.spPr = GraphicalProperties(ln=line(palette.rgb("other"), 0.75))
    target.txPr = palette.text(9, "secondary", upright=True)
    target.number_format = tick_format(axis, scale.step)
    if scale.hidden:
        return
    if scale.log:
        target.scaling.logBase = 10
    else:
        days = 86_400.0 if axis.dates else 1.0
        target.majorUnit = scale.step / days * excel_factor(axis.format)
    target.title = palette.title([(axis_title(axis), 9, "secondary", False)])


def finish_name_axis(target: TextAxis, axis: Axis, palette: Palette) -> None:
    """Set an axis of names, in reading order from the top."""
    target.delete = False
    target.scaling.orientation = "maxMin"
    target.majorTickMark = target.minorTickMark = "none"
    target.spPr = GraphicalProperties(ln=line(palette.rgb("other"), 0.75))
    target.txPr = palette.text(9, "ink", upright=True)
    target.title = palette.title([(one_line(axis.label) or tr("Name"), 9, "secondary", False)])
    target.number_format = "General"


def _num_ref(strip: Strip) -> NumRef:
    points = [NumVal(idx=i, v=value) for i, value in enumerate(strip.values) if not isinstance(value, str)]
    return NumRef(f=strip.ref, numCache=NumData(strip.code, ptCount=len(strip.values), pt=points))


def _str_ref(strip: Strip) -> StrRef:
    points = [StrVal(idx=i, v=str(value)) for i, value in enumerate(strip.values)]
    return StrRef(f=strip.ref, strCache=StrData(ptCount=len(strip.values), pt=points))
