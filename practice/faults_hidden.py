"""Faults that a first look does not show: a page that is gone and says so in words, a date that stands in a list alone."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from practice.faults_documents import drop, last_of_series, paired, take
from practice.faults_upkeep import ILLICIT, article
from practice.model import Fault, Leaf, Site


def interpretation_says_gone(site: Site, fault: Fault) -> None:
    """The interpretation's address answers well (200), and what it says is that nothing is there."""
    leaf = take(site, paired)
    if leaf is None or leaf.partner is None:
        return
    drop(site, leaf.partner)
    leaf.dead_partner, leaf.extra["dead-title"] = leaf.partner.url, leaf.partner.title
    leaf.partner = None
    site.gone[leaf.dead_partner] = "says-so"
    site.declare(fault.kind, "interpretation-link-broken", leaf.link)
    site.declare(fault.kind, "link-broken", leaf.dead_partner, note="implied")


def link_says_gone(site: Site, fault: Fault) -> None:
    """On a site that else answers 404, one dead address answers 200 with its regrets."""
    leaf = article(site, "news")
    if leaf is None:
        return
    url = f"{site.home}zt/{site.dice(fault.kind, leaf.key).randrange(10**5, 10**6)}.html"
    leaf.inserts.append(f'<p>专题链接：<a href="{url}">专题报道</a></p>')
    site.gone[url] = "says-so"
    site.declare(fault.kind, "link-broken", url)


def number_in_picture_name(site: Site, fault: Fault) -> None:
    """The number is nowhere but in the name of a scanned picture, where no reader sees it."""

    def whole(leaf: Leaf) -> bool:
        return last_of_series(site, leaf) and not leaf.extra.get("brief") and not leaf.blank

    leaf = take(site, whole)
    if leaf is None:
        return
    leaf.inserts.append(f'<p><img src="/images/{quote(leaf.number)}.png" width="600"></p>')
    leaf.number = ""
    leaf.absent_fields |= {"number"}
    site.declare(fault.kind, "document-number-missing", leaf.link)


def list_date_future(site: Site, fault: Fault) -> None:
    """The list dates it next year; the page itself names no day, and no more does its address."""
    leaf = article(site, "notices", 1)
    if leaf is None or leaf.published is None:
        return
    dice = site.dice(fault.kind)
    site.leaves.pop(leaf.url)
    leaf.url = f"{site.home}zt/n{dice.randrange(10**5, 10**6)}.html"
    site.leaves[leaf.url] = leaf
    leaf.published = site.as_of + timedelta(days=dice.randrange(40, 350))
    leaf.extra["date-in-list-only"] = True
    site.declare(fault.kind, "publish-date-future", leaf.link)


def illicit_in_article(site: Site, fault: Fault) -> None:
    """A line among the lines of an old report leads where no office would send anybody."""
    leaf = article(site, "local")
    if leaf is None:
        return
    text, host = site.dice(fault.kind).choice(ILLICIT)
    url = f"http://{host}/{site.unit.unit_id.lower()}-w.html"
    leaf.inserts.append(f'<p>更多内容请看<a href="{url}">{text}</a></p>')
    site.declare(fault.kind, "illicit-link", url)
