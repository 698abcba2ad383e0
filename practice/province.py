"""The practice province: 54 invented sites that are the same for the same seed, day and size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from random import Random
from urllib.parse import urlsplit

from practice import lookalikes, outside, writing
from practice.content import fill_site
from practice.faults import plan_faults, plant
from practice.model import Account, Fault, Site, Truth, Unit
from practice.serving import Answer, SiteServer
from practice.units import SUFFIX, load_units

DEFAULT_AS_OF = date(2020, 9, 30)
DEFAULT_SEED = 2020
_SKINS = (
    ["shanxi"] * 10 + ["trs"] * 10 + ["hanweb"] * 7 + ["guangdong"] * 6 + ["empire"] * 6 + ["plainjson"] * 6
    + ["twohosts"] * 5 + ["oldgbk"] * 4
)  # fmt: skip
ACCESS = {
    "B05": "captcha",
    "B24": "521",
    "B27": "412",
    "B33": "silent",
    "B38": "no-address",
    "B41": "forbidden",
    "B42": "dead",
    "B19": "half-silent",
}
_HOST_SUBJECTS = {
    "fake-link",
    "home-stale",
    "site-code-mismatch",
    "site-search-unusable",
    "certificate-invalid",
}


_LOOKALIKES = (
    "检查发现，有的网站部分链接打开后提示“您访问的页面不存在”，有的返回404错误，已责成限期整改。",
    "报名截止时间为{y}年3月1日，面试时间另行通知，逾期不予受理。",
    "统一社会信用代码：91140100MA0K3XQ27B，项目代码：2020-140100-47-03-012345。",
    "公示名单：张某某（身份证号1401**********0012），公示期不少于5个工作日。",
    "登记编号：140100202013450017，如有异议请书面反映。",
)
"""Sentences that look like faults and are none."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a site's content is dressed; None leaves the choice to the seed."""

    skin: str | None = None
    encoding: str | None = None
    declared: bool | None = None
    script_lists: str | None = None
    include_footer: str | None = None
    not_found: str | None = None
    second_host: bool | None = None


@dataclass(eq=False)
class Province:
    seed: int
    as_of: date
    sites: dict[str, Site]
    faults: tuple[Fault, ...]
    _servers: dict[str, SiteServer] = field(default_factory=dict)

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(site.unit for site in self.sites.values())

    @cached_property
    def truth(self) -> tuple[Truth, ...]:
        """What a perfect inspector finds, in a fixed order, each thing once."""
        found: dict[tuple[str, str, str], Truth] = {}
        for site in self.sites.values():
            for row in site.truth:
                key = (row.unit_id, row.rule_id, row.subject)
                if key not in found or found[key].optional:
                    found[key] = row
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def hosts(self) -> dict[str, Site]:
        """Host names that resolve, with the site behind each."""
        found: dict[str, Site] = {}
        for site in self.sites.values():
            if site.access in ("dead", "no-address"):
                continue
            found[site.host] = found[site.platform_host] = site
            if site.bare_redirect:
                found[site.unit.domain] = site
        return found

    def tls(self, host: str) -> str:
        """How a host answers https: the state of its certificate, or nothing."""
        site = self.hosts.get(host)
        return site.tls if site is not None and host == site.host else ""

    @cached_property
    def _weibo(self) -> dict[str, Account]:
        return {a.account_id: a for s in self.sites.values() for a in s.accounts if a.channel == "weibo"}

    @cached_property
    def _feeds(self) -> dict[str, Account]:
        return {a.url: a for s in self.sites.values() for a in s.accounts if a.channel == "feed"}

    def forget(self) -> None:
        """Look at the sites as they are now, not as they were when they were first asked."""
        self._servers.clear()

    def answer(self, url: str) -> Answer | None:
        """What the invented web says to one request; None where the name does not resolve."""
        host = urlsplit(url).hostname or ""
        site = self.hosts.get(host)
        if site is not None:
            if site.unit.unit_id not in self._servers:
                self._servers[site.unit.unit_id] = SiteServer(site)
            return self._servers[site.unit.unit_id].answer(url)
        if host in ("m.weibo.cn", "weibo.com", "www.weibo.com"):
            return outside.answer_weibo(self._weibo, url)
        if host == f"feeds.{SUFFIX}":
            return (
                outside.answer_feed(self._feeds[url])
                if url in self._feeds
                else Answer(404, b"", "text/plain")
            )
        return outside.answer_outside(host, url)


def build(
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_AS_OF,
    pages_per_site: int = 40,
    faults: Iterable[Fault] | None = None,
    looks: Mapping[str, Looks] | None = None,
    units: Iterable[str] | None = None,
    access: Mapping[str, str] | None = None,
) -> Province:
    """Build the province. Without `faults` the seeded plan is planted and eight sites cannot be (wholly) seen;
    with `faults` (an empty list too) all else is healthy and every site answers, unless `access` says otherwise."""
    planned = faults is None
    wanted = None if units is None else set(units)
    barred = dict(ACCESS if planned else {}) | dict(access or {})
    spread = list(_SKINS)
    Random(f"skins/{seed}").shuffle(spread)
    sites: dict[str, Site] = {}
    for n, unit in enumerate(load_units()):
        if wanted is None or unit.unit_id in wanted:
            look = (looks or {}).get(unit.unit_id, Looks())
            sites[unit.unit_id] = _found(unit, seed, as_of, spread[n], look, barred.get(unit.unit_id, "ok"))
    for site in sites.values():
        fill_site(site, pages_per_site)
        if site.access == "half-silent":
            for key in ("notices", "local"):
                site.sections[key].hangs = True
        _open_accounts(site)
    dice = Random(f"plan/{seed}")
    seen = [u for u, s in sites.items() if s.access == "ok"]
    clean = frozenset(dice.sample(seen, min(11, len(sites) // 4, len(seen))))
    chosen = plan_faults(list(sites.values()), clean, dice) if planned else list(faults or ())
    for site in sites.values():
        plant(site, [fault for fault in chosen if fault.unit_id == site.unit.unit_id], not planned)
        _weather(site)
    if planned:
        _close_doors([sites[unit] for unit in sorted(clean)])
    return Province(seed, as_of, sites, tuple(f for site in sites.values() for f in site.faults))


def _found(unit: Unit, seed: int, as_of: date, skin: str, look: Looks, access: str) -> Site:
    """The bare site: hosts, template, manners."""
    host = f"www.{unit.domain}" if unit.unit_class == "A" else unit.domain
    site = Site(unit, str(seed), as_of, look.skin or skin, host, host)
    dice = site.dice("looks")
    rolls = [dice.random() for _ in range(8)]
    second = site.skin == "twohosts" or rolls[0] < 0.12
    if second if look.second_host is None else look.second_host:
        site.platform_host = f"zwgk.{unit.domain}"
    old = site.skin == "oldgbk"
    site.encoding = look.encoding or (
        "gb18030" if old or (site.skin == "empire" and rolls[1] < 0.3) else "utf-8"
    )
    site.declared = not old if look.declared is None else look.declared
    lists = (
        "datasource"
        if site.skin == "plainjson" and rolls[2] < 0.4
        else "json"
        if site.skin == "plainjson"
        else ""
    )
    lists = "datastore" if site.skin == "hanweb" and rolls[2] < 0.7 else lists
    site.script_lists = lists if look.script_lists is None else look.script_lists
    footer = "load" if rolls[3] < 0.12 else "iframe" if rolls[3] < 0.2 else ""
    site.include_footer = footer if look.include_footer is None else look.include_footer
    modes = ["404"] * 12 + ["says-so"] * 4 + ["error-page"] * 3 + ["home"]
    site.not_found = look.not_found or modes[int(rolls[4] * len(modes))]
    site.shown_code = site.tag_code = unit.code
    site.access = access
    site.traps = frozenset(
        t for n, t in enumerate(("calendar", "session", "print", "copies")) if dice.random() < 0.25 + n * 0.05
    )
    if rolls[5] < 0.35:
        site.robots = "User-agent: *\nDisallow: /search\nDisallow: /calendar\n"
    return site


def _close_doors(healthy: list[Site]) -> None:
    """One healthy site asks for patience, another keeps a whole column from robots: not seen is not missing."""
    for site in healthy[:1]:
        site.robots = "User-agent: *\nDisallow: /search\nCrawl-delay: 0.1\n"
    for site in healthy[1:]:
        path = urlsplit(site.sections["interpretations"].url).path
        if path.count("/") == 2 and path.endswith("/"):
            site.robots = f"User-agent: *\nDisallow: {path}\n"
            return


def _open_accounts(site: Site) -> None:
    unit, dice = site.unit, site.dice("accounts")
    name = ("" if unit.unit_class == "A" else "练溪") + unit.short_name.removeprefix("省") + "发布"
    serial = int(unit.unit_id[1:]) + (0 if unit.unit_class == "A" else 100)

    def posts(step: int) -> list[tuple[date, str]]:
        rows = []
        for n in range(12):
            text = writing.news_title(dice, unit.short_name, dice.choice(unit.topics))
            rows.append((site.as_of - timedelta(days=n * step + dice.randrange(2)), text))
        return sorted(rows, reverse=True)

    if dice.random() < 0.7 or site.access in ("412", "521", "dead", "captcha"):
        uid = str(5500000000 + serial * 1013)
        site.accounts.append(
            Account(
                "weibo", uid, name, f"http://m.weibo.cn/u/{uid}", name, f"{unit.full_name}官方微博", posts(2)
            )
        )
    if dice.random() < 0.35:
        form = ("rss", "atom", "json")[serial % 3]
        url = f"http://feeds.{SUFFIX}/{unit.unit_id.lower()}.{'json' if form == 'json' else 'xml'}"
        site.accounts.append(
            Account("feed", f"lx_{unit.unit_id.lower()}", name, url, name, "", posts(3), feed=form)
        )
    if dice.random() < 0.5:
        code = f"gh_{dice.randrange(16**10, 16**11):x}"
        account = Account("wechat", code, name, "", name, unit.full_name, posts(3))
        account.by_hand = dice.random() < 0.75
        site.accounts.append(account)


def _weather(site: Site) -> None:
    """Things that look like faults and are none: moved pages, busy moments, a closed friend."""
    dice = site.dice("weather")
    calm = [x for x in site.sections["news"].leaves if not x.extra.get("spent") and x.kind == "article"]
    if len(calm) > 3 and dice.random() < 0.4:
        calm[1].moved_from = f"{site.home}redirect/{dice.randrange(1000, 9999)}.html"
    if len(calm) > 3 and dice.random() < 0.3:
        site.flaky[calm[2].url] = dice.choice(("503", "429"))
    if len(calm) > 4 and dice.random() < 0.2:
        calm[3].inserts.append('<p>转载自<a href="http://www.jihe-closed.example.org/">集合网</a></p>')
    if len(calm) > 5 and dice.random() < 0.06:
        calm[4].inserts.append('<p>来源：<a href="http://www.jihe-slow.example.org/">慢速网</a></p>')
    said = [x for x in site.sections["notices"].leaves if not x.extra.get("spent") and x.kind == "article"]
    for leaf, text in zip(said[2:], dice.sample(_LOOKALIKES, 2), strict=False):
        leaf.inserts.append(f"<p>{text.format(y=site.as_of.year + 1)}</p>")
    lookalikes.dress(site)
    kinds = {fault.kind for fault in site.faults}
    if site.unit.unit_class == "A" and dice.random() < 0.5 and not kinds & _HOST_SUBJECTS:
        site.bare_redirect = True
