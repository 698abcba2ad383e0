"""A chart as Word draws it itself, and the same chart as plain SVG for the page: both readable in grey."""

from __future__ import annotations

from html import escape

from desk.papers.text import Bars
from desk.reports.wording import clean

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
FILLS = ("1F4E8C", "9DB7D9", "6B7280")


def chart_part(bars: Bars) -> bytes:
    """The chart part of a Word file. Its figures stand in it; no workbook is embedded."""
    font = '<a:latin typeface="Times New Roman"/><a:ea typeface="仿宋_GB2312"/>'
    text = f'<c:txPr><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000">{font}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    names = "".join(f'<c:pt idx="{n}"><c:v>{_x(name)}</c:v></c:pt>' for n, name in enumerate(bars.names))
    count = f'<c:ptCount val="{len(bars.names)}"/>'
    drawn = []
    for nth, (name, values) in enumerate(bars.series):
        points = "".join(f'<c:pt idx="{n}"><c:v>{value:g}</c:v></c:pt>' for n, value in enumerate(values))
        fill = FILLS[nth % len(FILLS)]
        drawn.append(
            f'<c:ser><c:idx val="{nth}"/><c:order val="{nth}"/><c:tx><c:strRef><c:f>表!$A${nth + 1}</c:f><c:strCache>'
            f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{_x(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
            f'<c:spPr><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill><a:ln w="6350"><a:solidFill>'
            '<a:srgbClr val="333333"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>'
            f'<c:dLbls>{text}<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
            '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
            f"<c:cat><c:strLit>{count}{names}</c:strLit></c:cat>"
            f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{points}</c:numLit></c:val></c:ser>"
        )
    legend = (
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{text}</c:legend>'
        if len(bars.series) > 1
        else ""
    )
    axis = '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        '<c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{"".join(drawn)}<c:gapWidth val="60"/><c:axId val="111"/><c:axId val="112"/></c:barChart>'
        f'<c:catAx><c:axId val="111"/>{axis}<c:axPos val="b"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{text}<c:crossAx val="112"/><c:crosses val="autoZero"/></c:catAx>'
        f'<c:valAx><c:axId val="112"/>{axis}<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{text}'
        '<c:crossAx val="111"/><c:crosses val="autoZero"/></c:valAx></c:plotArea>'
        f'{legend}<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    ).encode()


def bars_svg(bars: Bars, key: str) -> str:
    """The chart for a page."""
    left, base, high, wide = 30, 190, 160, 700
    top = max((value for _, values in bars.series for value in values), default=0) or 1
    step = wide / max(len(bars.names), 1)
    width = step * 0.76 / max(len(bars.series), 1)
    body = [f'<line x1="{left}" y1="{base}" x2="{left + wide}" y2="{base}" stroke="#6b7280"/>']
    for group, (_, values) in enumerate(bars.series):
        for nth, value in enumerate(values):
            tall = value / top * high
            x = left + nth * step + step * 0.12 + group * width
            if value:
                body.append(
                    f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{width - 2:.1f}" height="{tall:.1f}" '
                    f'fill="#{FILLS[group % 3]}" stroke="#333" stroke-width=".6"/>'
                )
                body.append(_said(x + width / 2 - 1, base - tall - 4, f"{value:g}", 12))
    body += [_said(left + (n + 0.5) * step, base + 17, name, 12) for n, name in enumerate(bars.names)]
    if len(bars.series) > 1:
        for group, (name, _) in enumerate(bars.series):
            x = left + group * 220
            body.append(
                f'<rect x="{x}" y="{base + 30}" width="14" height="12" fill="#{FILLS[group % 3]}" stroke="#333"/>'
            )
            body.append(f'<text x="{x + 20}" y="{base + 40}" font-size="12">{_x(name)}</text>')
    words = "；".join(
        f"{name}：" + "，".join(f"{label} {value:g}" for label, value in zip(bars.names, values, strict=True))
        for name, values in bars.series
    )
    return (
        f'<svg viewBox="0 0 760 {base + 50}" width="760" height="{base + 50}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-t">{_x(bars.caption)}</title><desc id="{key}-d">{_x(words)}</desc>{"".join(body)}</svg>'
    )


def _said(x: float, y: float, text: str, size: int) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}">{_x(text)}</text>'


def _x(text: str) -> str:
    return escape(clean(text), quote=True)
