"""A site has a shape: how many pages of each kind, lists and dates, and under which addresses.

Overnight it changes a little; when half of it is another, the site was rebuilt (改版), or we read it no
longer. Then what seems to be missing may only have moved, and a person should look first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dossier.model import Capture, Page, PageFacts, Purpose, Reach

_SHRUNK = 0.5
"""Less than half of what earlier nights saw is not the same site seen again."""
_FEWEST_ITEMS, _FEWEST_OF_A_KIND, _FEWEST_ADDRESSES = 50, 8, 30
_KEPT = 0.3
"""A site that kept fewer of its addresses than this was built anew."""
_TOLD: Mapping[str, str] = {
    "kind:document": "公文页面",
    "kind:interpretation": "解读页面",
    "kind:column": "栏目页",
    "kind:article": "文章页",
    "items": "列表条目",
    "dated_items": "带日期的列表条目",
}
SAME_ADDRESSES = "same_addresses"
"""Share of an earlier night's pages that were met again under their addresses."""


def shape_of(facts: Iterable[PageFacts]) -> dict[str, float]:
    """How many pages of each kind there are, and how many entries of lists."""
    read = list(facts)
    counts = Counter(f"kind:{one.kind.value}" for one in read)
    shape = {name: float(count) for name, count in counts.items()}
    shape["items"] = float(sum(len(one.items) for one in read))
    shape["dated_items"] = float(sum(1 for one in read for item in one.items if item.date))
    return shape


def same_addresses(before: Iterable[Capture], now: Iterable[Capture]) -> float | None:
    """The share of an earlier night's pages whose addresses were asked again; None where there were too few.

    What was asked again and did not answer was still linked: an outage is no redesign.
    """
    old = {one.asked_url for one in before if one.purpose is Purpose.PAGE and one.reach is Reach.OK}
    if len(old) < _FEWEST_ADDRESSES:
        return None
    asked = {one.asked_url for one in now}
    return len(old & asked) / len(old)


def redesign(pages: Mapping[str, Page], history: Mapping[str, float]) -> str:
    """Why the site is not the one of earlier nights any more, in Chinese; empty where it is."""
    kept = history.get(SAME_ADDRESSES)
    if kept is not None and kept < _KEPT:
        return f"前几夜的网页只有 {kept:.0%} 还在原来的网址上"
    now = shape_of(page.facts for page in pages.values() if page.ok and page.facts)
    for key, name in _TOLD.items():
        usual = history.get(key, 0)
        least = _FEWEST_OF_A_KIND if key.startswith("kind:") else _FEWEST_ITEMS
        count = now.get(key, 0)
        if usual >= least and count < usual * _SHRUNK:
            return f"{name}本轮 {count:.0f} 个，往常约 {usual:.0f} 个"
    return ""
