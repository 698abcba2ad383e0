"""What nights cost when what has not changed for long waits its turn, and how late a change is seen.

    python -m bench.revisits [pages [nights [units [changed]]]]

Every night another share of the pages changes (2 %, or as told), and every second change brings a fault. The last night is compared with a
cold home's look at the same pages on the same day: what differs must be on pages that were not yet due.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from bench import ground
from bench.second_night import Night, night
from crawler.carrying import waits
from dossier import archive
from dossier.model import KnownPage, UnitReport

CHANGED = 0.02
SETTLED_FROM = 8
"""Night by which what never changes waits as long as it ever will."""


def main(pages: int = 40, nights: int = 16, units: str = "", changed: float = CHANGED) -> None:
    """A line for each night, then the delays and what differs from a cold look."""
    schedule()
    with tempfile.TemporaryDirectory() as name:
        home, cold = (ground.practice_home(Path(name) / one, pages=pages) for one in ("warm", "cold"))
        number = Path(name) / "night"
        number.write_text("1")
        print(
            f"{nights} nights, {changed:.0%} of pages changed each night, load {ground.machine().rpartition(' ')[2]}\n"
        )
        print(
            "| night | asked | waited | body bytes | CPU s | kept for an address met, B | of these in the database | for one asked | for one that waited | and by judging |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|")
        seen: list[dict[str, bool]] = []
        kept: list[float] = []
        with ground.province(pages=pages, changed=changed, night=number) as proxy:
            for now in range(1, nights + 1):
                number.write_text(str(now))
                one = night(home, proxy, units, as_of=_day(now), suggest=True)
                seen.append(_asked(home / "data" / "runs" / one.run_id))
                kept.append(_line(home, now, one))
            fresh = night(cold, proxy, units, as_of=_day(nights), suggest=True)
        settled = kept[SETTLED_FROM - 1 :]
        if settled:
            print(
                f"\nkept for an address met a night, nights {SETTLED_FROM} to {nights}: {ground.middle(settled, '.0f')} B"
            )
        _delays(seen, changed)
        _differences(one, fresh, seen[-1])


def schedule(texts: int = 1500, nights: int = 60, longest: int = 7) -> None:
    """The rule alone, without a crawl: what share of settled texts is asked, and how late a change is seen."""
    sight = [1] * texts
    body = [1] * texts
    asked: list[int] = []
    late: Counter[int] = Counter()
    for now in range(2, nights + 1):
        today = ground.AS_OF + timedelta(days=now)
        count = 0
        for one in range(texts):
            url = f"http://www.example.gov.cn/{one}.html"
            known = KnownPage(url=url, sha256="", stood=sight[one] - body[one], since=now - sight[one])
            if waits(known, today, longest):
                continue
            count += 1
            changed = ground.last_change(url, now, CHANGED)
            if changed > sight[one]:
                late[now - changed] += 1
                body[one] = now
            sight[one] = now
        asked.append(count)
    last = asked[nights // 2 :]
    total = sum(late.values())
    print(f"the rule alone: {texts} texts, {nights} nights, {CHANGED:.0%} change a night, bound {longest}")
    print(f"asked: nights 2–10 {[round(one / texts, 2) for one in asked[:9]]}, later {sum(last) / len(last) / texts:.2f} "
          f"[{min(last) / texts:.2f}–{max(last) / texts:.2f}]")  # fmt: skip
    print(
        "changes seen after n nights:",
        {n: round(late[n] / total, 2) for n in sorted(late)},
        f"({total})\n",
        flush=True,
    )


def _day(now: int) -> str:
    return (ground.AS_OF + timedelta(days=now - 1)).isoformat()


def _line(home: Path, now: int, one: Night) -> float:
    """Prints a night; what it kept for an address met, asked or not.

    What waits leaves its line in the list of what was carried, and its part of the database; all else is counted to
    what was asked: the accounts, robots files, closing report and all that changed.
    """
    reports = _reports(home / "data" / "runs" / one.run_id)
    asked, waited = sum(each.asked for each in reports), sum(each.carried for each in reports)
    met = one.pages + waited
    files, carried, database = sum(one.files.values()), one.files.get("carried", 0), one.database / met
    kept = files / met + database
    visit = (files - carried) / max(1, one.pages) + database
    wait = carried / waited + database if waited else 0.0
    print(
        f"| {now} | {asked} | {waited} | {one.bytes} | {one.cpu:.1f} | {kept:.0f} | {database:.0f} | {visit:.0f} | {wait:.0f} | {one.judging / met:.0f} |",
        flush=True,
    )
    return kept


def _reports(run: Path) -> list[UnitReport]:
    found = (archive.read_report(path.parent) for path in run.glob("*/unit.json"))
    return [each for each in found if each is not None]


def _asked(run: Path) -> dict[str, bool]:
    """Address → whether it was asked that night; false where it was met and waited."""
    found: dict[str, bool] = {}
    for path in run.glob("*/unit.json"):
        found |= {line.url: False for line, _ in archive.read_carried(path.parent)}
        found |= {
            each.asked_url: True for each in archive.read_captures(path.parent) if each.purpose == "page"
        }
    return found


def _delays(seen: list[dict[str, bool]], share: float) -> None:
    """After how many nights a change was looked at; changes that the next one overtook or that are not due yet apart."""
    late: Counter[int] = Counter()
    waiting = 0
    for change in range(2, len(seen) + 1):
        for url in seen[change - 1]:
            if ground.last_change(url, change, share) != change:
                continue
            after = next((n for n, asked in enumerate(seen[change - 1 :]) if asked.get(url)), None)
            waiting += after is None
            if after is not None:
                late[after] += 1
    print(f"\nchanges seen after n nights: {dict(sorted(late.items()))}; not due yet at the end: {waiting}")


def _differences(warm: Night, cold: Night, last: Mapping[str, bool]) -> None:
    apart = [json.loads(one) for one in set(warm.findings) ^ set(cold.findings)]
    due = [one for one in apart if not any(last.get(url) is False for url in (one[2], one[4]))]
    print(f"findings: {len(warm.findings)} warm, {len(cold.findings)} cold; {len(apart)} differ, "
          f"of these {len(due)} on pages that were asked")  # fmt: skip
    for one in due[:5]:
        print(msgspec.json.encode(one).decode())


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *sys.argv[3:4], *(float(word) for word in sys.argv[4:5]))
