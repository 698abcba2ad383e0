"""A unit's night is closed with a report that says how far the looking went, and why no further."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.homes import words_of
from crawler.site import Site
from dossier.model import Reach, Skipped, UnitReport

_FEWEST_FOR_BLOCKED = 5
_BLOCKED_SHARE = 0.8


def finish_of(site: Site) -> tuple[str, str]:
    """How a crawl ended, in the word that the contract of reports knows, and why, in Chinese."""
    remarks = list(site.notes)
    unseen = [
        f"首页 {home} {words_of(reach, reason)}"
        for home, (reach, reason) in site.home_reaches.items()
        if reach is not Reach.OK
    ]
    remarks += [f"{text}。" for text in unseen]
    if site.late:
        return "budget", "".join(["达到单个单位的时间上限，没有看完。", *remarks])
    turned_away = sum(site.refused_run.values())
    if any(why == "blocked" for why in site.closed.values()) or (
        turned_away >= _FEWEST_FOR_BLOCKED and turned_away >= _BLOCKED_SHARE * max(1, site.asked)
    ):
        return "blocked", "".join(["检查途中网站开始拒绝访问，没有看完。", *remarks])
    if site.frontier.over_budget:
        return "budget", "".join(["达到单个单位的页数上限，没有看完。", *remarks])
    if site.frontier.skipped_counts.get("not-tried"):
        return "budget", "".join(["检查途中网站（或其中一部分）不再应答，没有看完。", *remarks])
    return "finished", "".join(remarks)


def report_of(
    site: Site, started: datetime, finish: str, because: str, certificates: dict[str, str]
) -> UnitReport:
    """The closing report of one unit: what was asked, seen, skipped, and with what."""
    ways = {
        key: task.result().sign
        for key, task in site.not_found.items()
        if "|" not in key and task.done() and not task.cancelled() and task.exception() is None
    }
    skipped: tuple[Skipped, ...] = tuple(site.frontier.skipped)
    return UnitReport(
        unit_id=site.job.unit.unit_id,
        run_id=site.world.job.run_id,
        started=started,
        finished=datetime.now(UTC),
        finish=finish,
        because=because,
        asked=site.asked,
        ok=site.ok,
        bytes=site.bytes,
        carried=len(site.carried),
        skipped=skipped,
        skipped_counts=dict(site.frontier.skipped_counts),
        certificates=certificates,
        clocks={host: round(ahead) for host, ahead in site.clocks.items() if host in site.hosts},
        not_found=ways,
        browser=_browser_state(site),
        rows=site.job.unit.sites,
    )


def _browser_state(site: Site) -> str:
    if not site.world.job.settings.browser:
        return "off"
    browser = site.world.browser
    if browser is not None and any(browser.is_given_up(wanted.url) for wanted in site.shells):
        return "crashed"
    if site.rendered:
        return "used"
    return "missing" if site.shells else "unneeded"
