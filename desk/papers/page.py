"""A paper as a single page for the browser and for print: no script, nothing fetched."""

from __future__ import annotations

import base64
from html import escape

from desk.papers.charts import bars_svg
from desk.papers.text import Bars, Grid, Pair, PaperText, Para, Shot, Sign, Turn, wide
from desk.reports.wording import chinese_date, clean, safe_link

STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm } @page wide { size: A4 landscape; margin: 28mm 35mm 26mm 37mm }
body { margin: 0 auto; max-width: 156mm; padding: 12mm; color: #111; font: 16pt/28.9pt 仿宋_GB2312, FangSong, 仿宋, "Noto Serif CJK SC", serif }
h1 { font: 22pt/36pt 方正小标宋简体, 小标宋, 华文中宋, 宋体, "Noto Serif CJK SC", serif; font-weight: 700; text-align: center; margin: 28.9pt 0 }
h2 { font: 16pt/28.9pt 黑体, SimHei, "Noto Sans CJK SC", sans-serif; margin: 0; text-indent: 2em; break-after: avoid }
h3 { font: 16pt/28.9pt 楷体_GB2312, 楷体, KaiTi, "Noto Serif CJK SC", serif; margin: 0; text-indent: 2em; break-after: avoid }
p { margin: 0; text-indent: 2em; text-align: justify } p.to { text-indent: 0 } p.number { text-align: center; text-indent: 0 }
p.note { font-size: 12pt; line-height: 20pt } p.more { padding-left: 3em } p.sign { text-align: right; text-indent: 0; break-before: avoid } p.sign span { display: inline-block; text-align: center }
figure { margin: 8pt 0; text-align: center } figcaption, caption { font: 14pt/28pt 黑体, SimHei, "Noto Sans CJK SC", sans-serif }
svg { max-width: 100%; height: auto; font-family: "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
table { border-collapse: collapse; width: calc(100% - 1pt); font-size: 10.5pt; line-height: 1.45; margin: 0 0 10pt; table-layout: fixed }
th, td { border: .5pt solid #595959; padding: 2pt 4pt; text-align: left; vertical-align: top; overflow-wrap: anywhere; text-indent: 0 }
th { background: #edebe8; font-weight: 400; text-align: center; font-family: 黑体, SimHei, "Noto Sans CJK SC", sans-serif }
thead { display: table-header-group } tr { break-inside: avoid } td.figure { text-align: right } td.small { font-size: 8pt }
tr.sum td { background: #edebe8; font-weight: 700 } .turn { break-before: page; padding-top: 12mm } .wide { page: wide }
h1.annex { margin: 0 0 12pt } h2.mark { text-indent: 0 } p.annex { margin-top: 28.9pt }
figure.pair { break-inside: avoid; display: grid; grid-template-columns: 1fr 1fr; gap: 4mm; text-align: left }
figure.pair figcaption { grid-column: 1 / 3; text-align: center } figure.pair img { width: 100%; border: .5pt solid #595959 } figure.pair p { text-indent: 0 }
@media print { body { max-width: none; padding: 0 } .turn { padding-top: 0 } }
@media screen { .wide { margin: 0 -34mm } } a { color: #1a5fb4 }
"""


def page_text(text: PaperText) -> str:
    """The paper as HTML; the same value gives the same text."""
    parts = ["<div>"]
    parts += [f'<p class="number">{_x(text.number)}</p>'] if text.number else []
    parts.append("<h1>" + "<br>".join(_x(line) for line in text.title) + "</h1>")
    for nth, block in enumerate(text.blocks):
        match block:
            case Para():
                parts.append(_para(block))
            case Grid():
                parts.append(_grid(block))
            case Bars():
                drawn = bars_svg(block, f"chart-{nth}")
                parts.append(f"<figure><figcaption>{_x(block.caption)}</figcaption>{drawn}</figure>")
            case Pair():
                halves = "".join(_shot(shot) for shot in (block.left, block.right))
                parts.append(
                    f'<figure class="pair"><figcaption>{_x(block.caption)}</figcaption>{halves}</figure>'
                )
            case Turn(landscape=landscape):
                parts.append(f'</div><div class="turn{" wide" if landscape else ""}">')
            case Sign(office=office, day=day):
                parts.append(_sign(office, chinese_date(day)))
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{_x(text.heading)}</title>'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</div></body></html>\n"
    )


def _sign(office: str, day: str) -> str:
    """The day four characters in from the right, the office centred above it; a longer office reaches further."""
    more = (wide(office) - wide(day)) / 2
    inset = 4.0 if more <= 0 else max(0.0, 4 - more)
    return f'<p>&nbsp;</p><p class="sign" style="padding-right:{inset:g}em"><span>{_x(office)}<br>{_x(day)}</span></p>'


def _shot(shot: Shot) -> str:
    kind = "png" if shot.body.startswith(b"\x89PNG") else "jpeg"
    body = base64.b64encode(shot.body).decode()
    return f'<div><p class="note">{_x(shot.words)}</p><img alt="{_x(shot.words)}" src="data:image/{kind};base64,{body}"></div>'


def _para(block: Para) -> str:
    match block.kind:
        case "head1":
            return f"<h2>{_x(block.text)}</h2>"
        case "head2":
            return f"<h3>{_x(block.text)}</h3>"
        case "annex_mark":
            return f'<h2 class="mark">{_x(block.text)}</h2>'
        case "annex_title":
            return f'<h1 class="annex">{_x(block.text)}</h1>'
        case "annex" if block.text.startswith("附件"):
            return f'<p class="annex">{_x(block.text)}</p>'
        case "annex" if not block.text.startswith("附件"):
            return f'<p class="more">{_x(block.text)}</p>'
        case "to" | "note" as kind:
            return f'<p class="{kind}">{_x(block.text)}</p>'
        case _:
            return f"<p>{_x(block.text)}</p>"


def _grid(block: Grid) -> str:
    whole = sum(block.widths)
    columns = "".join(f'<col style="width:{width / whole * 100:.1f}%">' for width in block.widths)
    heads = "".join(f"<th>{_x(head)}</th>" for head in block.heads)
    rows = []
    for nth, row in enumerate(block.rows):
        cells = "".join(_cell(block, column, cell) for column, cell in enumerate(row))
        rows.append(f'<tr class="sum">{cells}</tr>' if nth in block.bold else f"<tr>{cells}</tr>")
    caption = f"<caption>{_x(block.caption)}</caption>" if block.caption else ""
    return (
        f"<table>{caption}<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cell(block: Grid, column: int, text: str) -> str:
    names = [
        name
        for name, columns in (("figure", block.right), ("small", (*block.small, *block.links)))
        if column in columns
    ]
    mark = f' class="{" ".join(names)}"' if names else ""
    shown = _x(text)
    if column in block.links and safe_link(text):
        shown = f'<a href="{shown}">{shown}</a>'
    return f"<td{mark}>{shown}</td>"


def _x(text: str) -> str:
    return escape(clean(text), quote=True).replace("\n", "<br>")
