"""Whether a night is as long as good manners make it and no longer, proven from the practice server's own log.

python -m bench.politeness [PAGES [DELAY [A01,B02 [SHARE THAT ASKS FOR A WAIT]]]]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from urllib.robotparser import RobotFileParser

from bench import ground

DELAY = 0.5
IMPATIENT = 0.03
"""The share of addresses that answer 429 with `Retry-After: 1` when first asked: twice the delay."""


def main(pages: int = 40, delay: float = DELAY, units: str = "", impatient: str = str(IMPATIENT)) -> None:
    """One crawl of all 54 sites (or of some `units`) with a delay, judged by what the server saw.

    `impatient` is the share of addresses that ask for a wait; with 0 the length of a night is that of the delays alone.

    The server has drawn all its pages before, in a crawl without delays that is not looked at: a page that is drawn
    while others wait makes what comes meanwhile look later than it was.
    """
    only = frozenset(filter(None, units.split(",")))
    built = ground.build_province(pages=pages)
    with tempfile.TemporaryDirectory() as name:
        home = ground.practice_home(Path(name) / "home", pages=pages)
        drawn = Path(name) / "drawn"
        cached = ground.kept_byte_code(Path(name))
        with ground.province(pages=pages, impatient=float(impatient), when=drawn) as proxy:
            hasty = ground.write_job(home, Path(name) / "runs" / "hasty", proxy, only=only)
            ground.crawl_once(hasty, environment=cached)
            ground.asked_log(proxy, reset=True)
            drawn.touch()
            out = Path(name) / "runs" / "polite"
            begun = time.time()
            spent = ground.crawl_once(
                ground.write_job(home, out, proxy, only=only, delay_seconds=delay, concurrency_per_host=2),
                environment=cached,
            )
            ended = begun + spent.wall
            log = [row for row in ground.asked_log(proxy) if row[0] in built.hosts]
    times: dict[str, list[float]] = defaultdict(list)
    for host, _, at, _, _, _ in log:
        times[host].append(at)
    slow = {host: _delay_of(built.hosts[host].robots, delay) for host in times}
    refusals = Counter(host for host, _, _, _, status, _ in log if status == 429)
    least = {host: len(seen) * slow[host] for host, seen in times.items()}
    asked = {host: least[host] + refusals[host] * max(0.0, 1.0 - slow[host]) for host in times}
    busiest = max(least, key=lambda host: least[host])
    gaps = [
        (later - sooner) / slow[host]
        for host, seen in times.items()
        for sooner, later in zip(sorted(seen), sorted(seen)[1:], strict=False)
    ]
    early = [gap for gap in gaps if gap < 0.95]
    print(
        f"{len(log)} requests to {len(times)} hosts in {spent.wall:.1f} s, {spent.cpu:.1f} CPU s, delay {delay} s"
    )
    ground.say(
        "length of the night / (requests of the largest site × its delay)",
        "≤ 1.1",
        f"{spent.wall / least[busiest]:.2f} ({busiest}: {len(times[busiest])} requests)",
    )
    ground.say(
        "the same with the waits added that the sites asked for (Retry-After)",
        "≤ 1.1",
        f"{spent.wall / max(asked.values()):.2f}",
    )
    seen = sorted(times[busiest])
    pauses = [later - sooner for sooner, later in pairwise(seen)]
    ground.say(
        "where the largest site's night went, s: before its first request, between, lost in gaps over 1.1 of its delay, after its last",
        "–",
        f"{seen[0] - begun:.1f}, {seen[-1] - seen[0]:.1f}, "
        f"{sum(max(0.0, pause - 1.1 * slow[busiest]) for pause in pauses):.1f}, {ended - seen[-1]:.1f}",
    )
    ground.say(
        "gaps between two requests to one host shorter than its delay (5 % slack)",
        "0",
        f"{len(early)} of {len(gaps)}; shortest {min(gaps):.2f} of the delay",
    )
    ground.say(
        "CPU of the crawl process while it waits",
        "–",
        f"{spent.cpu / spent.wall:.0%} of one core, {spent.cpu / len(log) * 1000:.1f} ms a request",
    )
    ground.say("requests a second over all hosts", "–", f"{len(log) / spent.wall:.0f}")
    ground.say("Retry-After: 1 not waited for", "0", _impatient(log))
    ground.say("addresses asked that robots.txt forbids", "0", _disobedient(log, built))


def _delay_of(robots: str, delay: float) -> float:
    for line in robots.splitlines():
        if line.lower().startswith("crawl-delay:"):
            return max(delay, float(line.partition(":")[2]))
    return delay


def _impatient(log: list[tuple[str, str, float, str, int, str]]) -> str:
    asked, early = 0, 0
    for number, (host, _, at, _, status, _) in enumerate(log):
        if status == 429:
            asked += 1
            following = [row[2] for row in log[number + 1 :] if row[0] == host]
            early += bool(following) and min(following) - at < 0.95
    return f"{early} of {asked}"


def _disobedient(log: list[tuple[str, str, float, str, int, str]], built: ground.Province) -> str:
    bad, ruled = 0, 0
    for host, path, _, agent, _, _ in log:
        text = built.hosts[host].robots
        if text:
            ruled += 1
            parser = RobotFileParser()
            parser.parse(text.splitlines())
            bad += path != "/robots.txt" and not parser.can_fetch(agent, f"http://{host}{path}")
    return f"{bad} of {ruled} requests to hosts that have a robots.txt"


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]), *(float(word) for word in sys.argv[2:3]), *sys.argv[3:5])
