"""Series over time: seven days of probes of every site, and each score beside the last year's and the last bulletin's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from urllib.parse import urlsplit

from flask import Blueprint, abort, render_template
from markupsafe import Markup

from desk import clock, period_papers, periods
from desk.probing import SECONDS
from desk.web.room import Room, room
from dossier import store
from dossier.model import ProbeSample, Unit

views = Blueprint("series", __name__)
LEFT, WIDE, ROW = 64, 600, 24
DAYS, ENOUGH, SHARE = "site-unreachable.days", "site-unreachable.probes_a_day", "site-unreachable.share"


@dataclass(frozen=True)
class HostSeries:
    """A week of probes of one host."""

    unit: Unit
    host: str
    counted: int
    """Probes without those that our own outage spoiled."""
    closed: int
    ours: int
    least: int
    """Probes on the day that had the fewest; a day counts only with enough."""
    picture: Markup

    @property
    def share(self) -> float:
        return 100 * self.closed / self.counted if self.counted else 0.0


@views.get("/probes")
def probes() -> str:
    here = room()
    found = [one for unit in here.installation.units for one in _of_unit(here, unit, drawn=False)]
    found.sort(key=lambda one: (-one.share, one.unit.unit_id))
    return render_template("probes.html", rows=found, **_limits(here))


@views.get("/probes/<unit_id>")
def unit(unit_id: str) -> str:
    here = room()
    one = next((each for each in here.installation.units if each.unit_id == unit_id), None)
    if one is None:
        abort(404)
    return render_template("probe_unit.html", unit=one, rows=_of_unit(here, one, drawn=True), **_limits(here))


@views.get("/compare")
def compare() -> str:
    here = room()
    sheets = periods.year_sheets(here.installation, here.kept, here.load)
    now = {unit_id: sheet.shown.score for unit_id, sheet in sheets.items()}
    year = max((sheet.final.year for sheet in sheets.values()), default=here.today.year)
    quarter = periods.quarter_of(here.today)
    named, last = period_papers.last_bulletin(here.kept, quarter)
    years = {one.unit_id: one for one in periods.compare(now, periods.closed_scores(here.kept, year - 1))}
    quarters = {one.unit_id: one for one in periods.compare(now, last)}
    return render_template(
        "compare.html",
        papers=here.load.papers,
        sheets=sheets,
        years=years,
        quarters=quarters,
        year=year,
        named=named,
        ups=sum(one.moved is not None and one.moved > 0 for one in quarters.values()),
        downs=sum(one.moved is not None and one.moved < 0 for one in quarters.values()),
    )


def _limits(here: Room) -> dict[str, object]:
    rules = here.installation.tables.rules
    return {
        "days": int(rules.threshold(DAYS)),
        "seconds": rules.threshold(SECONDS),
        "enough": int(rules.threshold(ENOUGH)),
        "most": rules.threshold(SHARE) * 100,
    }


def _of_unit(here: Room, unit: Unit, *, drawn: bool) -> list[HostSeries]:
    end = datetime.combine(here.today + timedelta(days=1), time(), clock.BEIJING)
    days = int(here.installation.tables.rules.threshold(DAYS))
    first = here.today - timedelta(days=days - 1)
    hosts = tuple(dict.fromkeys(_host(row.url) for row in unit.websites if _host(row.url)))
    if not hosts:
        return []
    by_host: dict[str, list[ProbeSample]] = defaultdict(list)
    for one in store.probes(here.kept, hosts, since=end - timedelta(days=days), until=end):
        by_host[one.host].append(one)
    found = []
    for host in hosts:
        samples = by_host.get(host, [])
        good = [one for one in samples if not one.ours]
        per_day = {first + timedelta(days=n): 0 for n in range(days)}
        for one in good:
            per_day[one.at.astimezone(clock.BEIJING).date()] += 1
        found.append(
            HostSeries(
                unit, host, len(good), sum(not one.opened for one in good), len(samples) - len(good), min(per_day.values()),
                week_svg(samples, first, days) if drawn else Markup(""),
            )
        )  # fmt: skip
    return found


def week_svg(samples: list[ProbeSample], first: date, days: int) -> Markup:
    """A line for each day, a stroke for each probe at its hour: tall and dark where it did not open, grey where the
    outage was ours. Readable in print and in grey."""
    top = 20
    high = top + days * ROW + 30
    body = [_text(LEFT + WIDE * hour / 24, 12, f"{hour}时", "middle") for hour in range(0, 25, 6)]
    by_day: dict[date, list[ProbeSample]] = defaultdict(list)
    for one in samples:
        by_day[one.at.astimezone(clock.BEIJING).date()].append(one)
    for nth in range(days):
        day, y = first + timedelta(days=nth), top + nth * ROW
        own = by_day.get(day, [])
        good = [one for one in own if not one.ours]
        shut = sum(not one.opened for one in good)
        body.append(_text(LEFT - 6, y + 16, f"{day.month}月{day.day}日", "end"))
        body.append(f'<rect x="{LEFT}" y="{y + 2}" width="{WIDE}" height="{ROW - 4}" fill="#f5f5f4"/>')
        body += [_stroke(one, y) for one in own]
        said = f"{len(good)} 次，未打开 {shut}" if good else ("没有探测" if not own else "本机故障，不计")
        body.append(_text(LEFT + WIDE + 8, y + 16, said, "start"))
    y = top + days * ROW + 10
    for x, mark, words in (
        (0, "open", "打开"),
        (90, "shut", "没有打开"),
        (210, "ours", "本机网络故障，不计入"),
    ):
        body.append(_mark(LEFT + x, y, mark))
        body.append(_text(LEFT + x + 10, y + 12, words, "start"))
    closed = sum(not one.opened and not one.ours for one in samples)
    ours = sum(one.ours for one in samples)
    said = f"{days} 天内探测 {len(samples) - ours} 次，没有打开 {closed} 次；另有 {ours} 次因本机网络故障不计"
    return Markup(  # noqa: S704 - everything put in is ours or escaped
        f'<svg viewBox="0 0 {LEFT + WIDE + 130} {high}" width="{LEFT + WIDE + 130}" height="{high}" role="img" '
        f'aria-label="{escape(said)}"><title>{escape(said)}</title>{"".join(body)}</svg>'
    )


def _stroke(one: ProbeSample, y: int) -> str:
    at = one.at.astimezone(clock.BEIJING)
    x = LEFT + WIDE * (at.hour * 60 + at.minute) / 1440
    kind = "ours" if one.ours else "open" if one.opened else "shut"
    words = f"{at:%m-%d %H:%M} " + (
        "本机网络故障，不计" if one.ours else f"打开，{one.elapsed_ms / 1000:.1f} 秒" if one.opened else f"没有打开（{one.reason or '无应答'}）"
    )  # fmt: skip
    return _mark(x, y + 3, kind, words)


def _mark(x: float, y: float, kind: str, words: str = "") -> str:
    said = f"<title>{escape(words)}</title>" if words else ""
    if kind == "shut":
        return f'<rect x="{x - 2:.1f}" y="{y}" width="5" height="18" fill="#1c1917">{said}</rect>'
    if kind == "ours":
        return f'<rect x="{x - 1.5:.1f}" y="{y + 5}" width="4" height="8" fill="#d6d3d1" stroke="#a8a29e" stroke-width=".5">{said}</rect>'
    return f'<rect x="{x - 1:.1f}" y="{y + 4}" width="3" height="10" fill="#5b8cc4">{said}</rect>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" font-size="12" text-anchor="{anchor}" fill="#44403c">{escape(words)}</text>'


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "") if "://" in url else ""
