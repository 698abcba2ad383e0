"""Pictures that survive a grey office printer: plain SVG, each with a title and a description in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from desk.reports.wording import clean, fixed, points

INK = "#1f2937"
DIM = "#6b7280"
RULE = "#d6d3d1"
PALE = "#dbe5f1"
DEEP = "#1f4e8c"
HATCH = (
    '<pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#ffffff"/><rect width="2.4" height="6" fill="#4b5563"/></pattern>'
)


@dataclass(frozen=True)
class HeatRow:
    """One unit's losses over the level-1 indicators."""

    name: str
    href: str
    cells: tuple[tuple[Decimal, Decimal], ...]
    """(weight, lost) for each indicator; major deductions stand last with weight 0."""


def level_bars(levels: Sequence[tuple[str, Decimal, Decimal, bool]], *, key: str) -> str:
    """Each level-1 indicator as a bar as long as its weight; the dark end is what is suggested to be lost."""
    heaviest = max((weight for _, weight, _, _ in levels), default=Decimal(1)) or Decimal(1)
    left, full, line = 112, 470, 30
    body = []
    for nth, (name, weight, lost, online) in enumerate(levels):
        y = 8 + nth * line
        long = float(weight / heaviest) * full
        dark = float(lost / heaviest) * full
        fill = PALE if online else f"url(#{key}-hatch)"
        body.append(_text(left - 10, y + 15, name, anchor="end"))
        body.append(
            f'<rect x="{left}" y="{y}" width="{long:.1f}" height="20" fill="{fill}" stroke="{DIM}" stroke-width=".6"/>'
        )
        if dark:
            body.append(
                f'<rect x="{left + long - dark:.1f}" y="{y}" width="{dark:.1f}" height="20" fill="{DEEP}"/>'
            )
        said = f"{points(weight - lost)} / {points(weight)}" if online else f"{points(weight)}（线下考核）"
        if lost:
            said += f"，建议扣 {points(lost)}"
        body.append(_text(left + long + 8, y + 15, said, size=12, fill=DIM if not lost else INK))
    height = 8 + len(levels) * line + 26
    body.append(
        _key(
            left,
            height - 14,
            [(PALE, "建议得分"), (DEEP, "建议扣分"), (f"url(#{key}-hatch)", "不在网上检查范围")],
        )
    )
    words = "；".join(f"{n} 权重 {points(w)}，建议扣 {points(g)}" for n, w, g, _ in levels)
    return _svg(760, height, body, key=key, title="各一级指标建议得分", desc=words, hatch=True)


def loss_heat(names: Sequence[str], rows: Sequence[HeatRow], *, key: str, title: str) -> str:
    """Units down, level-1 indicators across; the darker a cell, the larger the share of its weight that is lost."""
    left = 16 + 12 * max(
        (len(row.name) for row in rows), default=6
    )  # a Chinese character is as wide as its size
    cell, line = 92, 22
    body = [
        _text(left + nth * cell + cell / 2, 16, name, anchor="middle", size=12, fill=DIM)
        for nth, name in enumerate(names)
    ]
    for nth, row in enumerate(rows):
        y = 26 + nth * line
        body.append(_link(row.href, _text(left - 8, y + 15, row.name, anchor="end", size=12)))
        for place, (weight, lost) in enumerate(row.cells):
            x = left + place * cell
            share = float(lost / weight) if weight else (1.0 if lost else 0.0)
            fill, ink = _shade(share)
            box = f'<rect x="{x + 1}" y="{y}" width="{cell - 2}" height="{line - 2}" fill="{fill}" stroke="{RULE}" stroke-width=".6"/>'
            said = _text(
                x + cell / 2, y + 15, fixed(lost) if lost else "·", anchor="middle", size=12, fill=ink
            )
            tip = f"<title>{_esc(row.name)}｜{_esc(names[place])}：建议扣 {points(lost)} 分</title>"
            anchor = row.href.partition("#")[0] + f"#level-{place + 1}"
            body.append(_link(anchor, tip + box + said))
    height = 26 + len(rows) * line + 8
    words = f"{len(rows)} 个单位在 {len(names)} 个指标上的建议扣分；颜色越深，扣去权重的比例越大。"
    return _svg(left + cell * len(names) + 8, height, body, key=key, title=title, desc=words)


def fault_bars(faults: Sequence[tuple[str, int, int, str]], *, key: str) -> str:
    """The most frequent faults: (name, units, findings, address), longest bar first."""
    most = max((units for _, units, _, _ in faults), default=1) or 1
    left, full, line = 250, 380, 26
    body = []
    for nth, (name, units, findings, href) in enumerate(faults):
        y = 6 + nth * line
        long = units / most * full
        shown = name if len(name) <= 18 else name[:17] + "…"
        label = _text(left - 10, y + 14, shown, anchor="end", size=13)
        bar = f'<rect x="{left}" y="{y}" width="{long:.1f}" height="18" fill="{DEEP}"/>'
        said = _text(left + long + 8, y + 14, f"{units} 个单位，{findings} 处", size=12, fill=INK)
        body.append(_link(href, f"<title>{_esc(name)}</title>" + label + bar + said))
    words = "；".join(f"{name} {units} 个单位 {findings} 处" for name, units, findings, _ in faults)
    return _svg(800, 10 + len(faults) * line, body, key=key, title="最常见的问题（按单位数）", desc=words)


def score_histogram(scores: Sequence[tuple[str, Sequence[Decimal]]], *, key: str) -> str:
    """How many units stand in each five points of the score; one bar a class, solid and hatched."""
    every = [float(score) for _, group in scores for score in group]
    first = int(min([*every, 60.0]) // 5 * 5)
    steps = list(range(max(first, 0), 100, 5))
    counts = [[_within(group, step) for step in steps] for _, group in scores]
    top = max([max(row, default=0) for row in counts], default=0) or 1
    left, base, high = 40, 190, 160
    wide = 700 / max(len(steps), 1)
    body = [f'<line x1="{left}" y1="{base}" x2="{left + 700}" y2="{base}" stroke="{DIM}"/>']
    fills = [DEEP, f"url(#{key}-hatch)"]
    for nth, step in enumerate(steps):
        x = left + nth * wide
        for group, row in enumerate(counts):
            tall = row[nth] / top * high
            bar = wide * 0.36
            at = x + wide * 0.12 + group * bar
            if row[nth]:
                body.append(
                    f'<rect x="{at:.1f}" y="{base - tall:.1f}" width="{bar - 2:.1f}" height="{tall:.1f}" '
                    f'fill="{fills[group % 2]}" stroke="{INK}" stroke-width=".6"/>'
                )
                body.append(_text(at + bar / 2 - 1, base - tall - 4, str(row[nth]), anchor="middle", size=12))
        label = f"{step}–{step + 5}"
        body.append(_text(x + wide / 2, base + 16, label, anchor="middle", size=11, fill=DIM))
    body.append(
        _key(left, base + 36, [(fills[nth % 2], f"{name}（单位数）") for nth, (name, _) in enumerate(scores)])
    )
    words = "；".join(
        f"{name}："
        + "，".join(f"{step}至{step + 5}分 {n} 个" for step, n in zip(steps, row, strict=True) if n)
        for (name, _), row in zip(scores, counts, strict=True)
    )
    return _svg(760, base + 48, body, key=key, title="建议得分分布", desc=words, hatch=True)


def _within(scores: Sequence[Decimal], step: int) -> int:
    """Scores of [step, step+5); a full hundred belongs to the last bar, and what is below zero to the first."""
    return sum(min(max(score, Decimal(0)), Decimal("99.99")) // 5 * 5 == step for score in scores)


def _shade(share: float) -> tuple[str, str]:
    """Fill and ink for a share of the weight lost; the ink stays readable on the fill."""
    share = min(max(share, 0.0), 1.0)
    if not share:
        return "#ffffff", DIM
    pale, deep = (226, 235, 246), (22, 60, 112)
    mixed = tuple(round(a + (b - a) * share**0.7) for a, b in zip(pale, deep, strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed), ("#ffffff" if share > 0.45 else INK)


def _svg(
    width: float, height: float, body: Sequence[str], *, key: str, title: str, desc: str, hatch: bool = False
) -> str:
    defs = f"<defs>{HATCH.format(key=key)}</defs>" if hatch else ""
    return (
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-t">{_esc(title)}</title><desc id="{key}-d">{_esc(desc)}</desc>{defs}{"".join(body)}</svg>'
    )


def _text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 13, fill: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}">{_esc(said)}</text>'


def _key(x: float, y: float, entries: Sequence[tuple[str, str]]) -> str:
    drawn = []
    for fill, said in entries:
        drawn.append(
            f'<rect x="{x:.0f}" y="{y - 10:.0f}" width="14" height="12" fill="{fill}" stroke="{DIM}" stroke-width=".6"/>'
        )
        drawn.append(_text(x + 20, y, said, size=12, fill=DIM))
        x += 46 + 13 * len(said)
    return "".join(drawn)


def _link(href: str, inner: str) -> str:
    return f'<a href="{_esc(href)}">{inner}</a>' if href else inner


def _esc(text: str) -> str:
    return escape(clean(text), quote=True)
