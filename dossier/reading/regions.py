"""Which part of a page is header, navigation, path, list pager, side block or footer."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from dossier.model import LinkPlace
from dossier.reading.dates import FULL
from dossier.reading.foot import closes_the_page
from dossier.reading.misnamed import HEAD_PIECES, OWN_PLACE, misnamed_box, starts_path
from dossier.reading.tree import Node, Tree

_SPLIT = re.compile(r"[\s_\-]+")
_FOOT = re.compile(
    r"^(foot\w*|footer\w*|bottom|bot|copyright\w*|copy|dibu|\w*foot(er)?|page_?bottom|web_?bottom|ft|bottom(box|con|wrap|main|bar)|dy_bot|indexbot)\d*$"
)
_HEAD = re.compile(
    r"^(header\w*|head\d*|headcon|headbox|topbar|top|top_?box|topnav|topcon|banner\w*|logo\w*|site_?head|webhead|toper|topmenu)\d*$"
)
_NAV = re.compile(
    r"^(nav\w*|menu\w*|\w*nav|\w*menu|mainnav\w*|daohang|dh|dhl|submenu\w*|navbar\w*|subnav\w*|topnav)\d*$"
)
_CRUMB = re.compile(
    r"^(\w*crumbs?\w*|position\w*|location|\w*weizhi|curmb\w*|dqwz|pos|curpath|sitepath|nowplace|dangqian\w*|currentpos\w*|wz|wzs?|local|loc|mbx|path|bread\w*|address_nav|where|place|currmenu|current_?nav|lm_?wz|bt_?wz)\d*$"
)
_PAGER = re.compile(
    r"^(page|pages|pager|paging|pagination\w*|digg|fenye|fy|pagediv|page_?div|turnpage|pagenav|pagelist|page_num|jspindex\w*|pagebar|pagebox|changepage|ewb_page|pagestyle)\d*$"
)
_SIDE = re.compile(
    r"^(side\w*|sidebar\w*|aside\w*|xgwz|xgxx|xgjd|xgyd|related\w*|relate|hot|hotnews|rightbar|leftbar|leftmenu|left_?nav|phb|xglj|xgbd|tuijian|recommend\w*|share\w*|bdsharebuttonbox)\d*$"
)
_NOT_HEAD = re.compile(r"(?:article|content|news|detail|title|info|text|zw|wz|xl|doc|list|con|main)")
_CRUMB_SIGN = re.compile("[位当所页]")
"""Without one of these there is no beginning of a path."""
_TURNS_PAGES = re.compile(
    r"[上下前后]一?页|[尾末]页|共\s*\d+\s*[页条]|\d+\s*/\s*\d+\s*页|\b\d+\s+\d+\s+\d+\b|条记录"
)
"""How the words of a pager read; what says more than a few words without them is content under a pager's name."""


@dataclass
class Regions:
    """The place of each element, by its number."""

    place: list[LinkPlace]
    footers: list[Node] = field(default_factory=list)
    crumbs: list[Node] = field(default_factory=list)

    def of(self, node: Node) -> LinkPlace:
        """The region in which an element stands."""
        return self.place[node.i]


def regions_of(tree: Tree) -> Regions:
    """Every element's region: its own where its name or content says so, else its parent's.

    Where nearly all that a page says stands in its frame, a name was misread: the box is believed and not its name.
    """
    disbelieved: set[int] = set()
    for _ in range(_MOST_MISNAMED):
        regions = _regions(tree, disbelieved)
        misnamed = misnamed_box(tree, regions.place, regions.crumbs)
        if misnamed is None:
            return regions
        disbelieved.add(misnamed.i)
    return _regions(tree, disbelieved)


_MOST_MISNAMED = 4


def _regions(tree: Tree, disbelieved: Set[int]) -> Regions:
    place: list[LinkPlace] = []
    regions = Regions(place)
    total = max(1, len(tree.pieces))
    crumbs = tree.near(_CRUMB_SIGN, HEAD_PIECES)
    clocks = tree.near(_CLOCK_SIGN, HEAD_PIECES)
    body, nav = LinkPlace.BODY, LinkPlace.NAV
    for node in tree.nodes:
        parent = node.parent
        inherited = place[parent.i] if parent is not None else body
        tag = node.tag
        if inherited is not body and (inherited in _SETTLED or (inherited is nav and tag not in _IN_MENUS)):
            place.append(inherited)
            continue
        role = node.attrs.get("role")
        found = (
            (_ROLES.get(role) if role else None)
            or (OWN_PLACE.get(tag) if tag not in _OF_ITS_ARTICLE or not _in_article(node) else None)
            or (_name_says(node.mark) if node.mark != " " and tag in _NAMED else None)
        )
        if found is not None and (node.i in disbelieved or not _fits(tree, node, found, total)):
            found = None
        if crumbs[node.t0] and (
            (found is nav or (found is None and tag in _TEXTED)) and _is_crumb(tree, node)
        ):
            found = LinkPlace.BREADCRUMB
        if found is None and clocks[node.t0] and tag in _TEXTED and _is_clock(tree, node):
            found = LinkPlace.HEADER
        if found is None:
            place.append(inherited)
            continue
        if inherited is not body and inherited is not LinkPlace.SIDE and found is not LinkPlace.BREADCRUMB:
            # Inside a menu there are only paths, inside a header also menus.
            found = nav if inherited is LinkPlace.HEADER and found is nav else inherited
        if found is LinkPlace.FOOTER:
            regions.footers.append(node)
        elif found is LinkPlace.BREADCRUMB:
            regions.crumbs.append(node)
        place.append(found)
    return regions


_CLOCK_SIGN = re.compile("星期|农历")
_CLOCK = re.compile(
    r"^(?:今天是|现在是|今日)?[：:]?\s*(?:19|20)\d\d\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}\s*日?[\s,，]*(?:星期|周|农历)"
)


def _is_clock(tree: Tree, node: Node) -> bool:
    """The day and its weekday among the first words of a page are its clock, whatever stands beside them."""
    if node.t0 > 3 * HEAD_PIECES or node.t1 - node.t0 > 3 * HEAD_PIECES:
        return False
    text = tree.text(node)
    return len(text) <= 120 and _CLOCK.match(text) is not None


_SETTLED = frozenset({LinkPlace.FOOTER, LinkPlace.BREADCRUMB, LinkPlace.PAGER})
"""Regions in which nothing else is looked for."""
_IN_MENUS = ("div", "ul", "td")


_OF_ITS_ARTICLE = ("aside", "header")


_NEAR_ABOVE = 12


def _in_article(node: Node) -> bool:
    """The head of an article and what stands beside its text are parts of it, not of the site's frame."""
    return any(above.tag == "article" for above in islice(node.up(), _NEAR_ABOVE))


_ROLES = {
    "navigation": LinkPlace.NAV,
    "menubar": LinkPlace.NAV,
    "contentinfo": LinkPlace.FOOTER,
}
_NAMED = frozenset(
    "div ul ol table td tr section p dl span center main li h1 h2".split()  # noqa: SIM905 - a list of tags
)
_TEXTED = frozenset(["div", "p", "td", "span", "ul", "dl", "h4", "font", "section"])


@lru_cache(maxsize=16_384)
def _name_says(name: str) -> LinkPlace | None:
    if not 2 <= len(name) <= 300:
        return None
    whole = name.split()
    parts = [part for part in _SPLIT.split(name) if part]
    for token in (*whole, *parts):
        if _FOOT.match(token) and not _NOT_HEAD.search(name.replace("foot", "").replace("con", "")):
            return LinkPlace.FOOTER
        if _CRUMB.match(token):
            return LinkPlace.BREADCRUMB
        if _PAGER.match(token):
            return LinkPlace.PAGER
        if _NAV.match(token):
            return LinkPlace.NAV
        if _SIDE.match(token):
            return LinkPlace.SIDE
        if _HEAD.match(token) and not _NOT_HEAD.search(name.replace("headcon", "").replace("topcon", "")):
            return LinkPlace.HEADER
    return None


def _fits(tree: Tree, node: Node, found: LinkPlace, total: int) -> bool:
    start = node.t0 / total
    size = (node.t1 - node.t0) / total
    if found is LinkPlace.FOOTER:
        if node.tag == "footer":
            return start > 0.3
        if _dated(tree, node):
            return False
        return (start > 0.4 and (size < 0.5 or start > 0.7)) or closes_the_page(tree, node)
    if found is LinkPlace.HEADER:
        return start < 0.5 and size < 0.85 and not _dated(tree, node)
    if found is LinkPlace.NAV:
        return size < 0.8 and not _holds_titles(tree, node)
    if found is LinkPlace.BREADCRUMB:
        text = tree.text(node)
        return (
            (size < 0.3 or starts_path(tree, node)) and len(text) < 260 and _reads_as_path(tree, node, text)
        )
    if found is LinkPlace.PAGER:
        # `page_bg` and the like are round the whole page, which may be a short one.
        text = tree.text(node)
        return (
            size < 0.35
            and len(text) < 400
            and (len(text) < 40 or _TURNS_PAGES.search(text) is not None)
            and not any(len(tree.text(n)) > 30 for n in tree.within(node, "li"))
        )
    return not (found is LinkPlace.SIDE and size > 0.6)


_MOST_DATES_IN_A_FRAME = 2
"""The day at the top of a page, the last change at its foot; more make a list of them."""


def _dated(tree: Tree, node: Node) -> bool:
    return len(FULL.findall(tree.text(node))) > _MOST_DATES_IN_A_FRAME


def _reads_as_path(tree: Tree, node: Node, text: str) -> bool:
    """A path leads from the home page down, step by step; a box that is merely named like one, as the words of
    an entry of a list are on some sites, does not."""
    steps = "页" in text[:12] or any(mark in text for mark in ">»›→＞/") or starts_path(tree, node)
    return (steps or len(text) < 2) and not (len(text) > 24 and FULL.search(text))


def _holds_titles(tree: Tree, node: Node) -> bool:
    """Names of columns are short; where most links are long, it is a list, whatever it is called."""
    links = tree.within(node, "a")
    if not links:
        return False
    if FULL.search(tree.text(node, hidden=True)):
        # Menus bear no dates; a list under a menu's name does.
        return True
    long = sum(1 for n in links if len(tree.text(n, hidden=True)) >= 15)
    return long * 3 > len(links)


def _is_crumb(tree: Tree, node: Node) -> bool:
    span = node.t1 - node.t0
    if span > 90 or span == 0 or not starts_path(tree, node):
        return False
    text = tree.text(node)
    if len(text) >= 260 or not (len(text) < 60 or any(mark in text for mark in ">»›→＞/-")):
        return False
    if len(text) > 80 and FULL.search(text):
        return False
    # The innermost element that begins so is the path; what is around it is the page.
    for inner in tree.inside(node):
        if inner.tag in _PATHS and starts_path(tree, inner):
            return False
        if inner.t0 > node.t0 + 12:
            break
    return True


_PATHS = frozenset(["div", "p", "ul", "ol", "td", "dl", "section", "nav", "table"])
