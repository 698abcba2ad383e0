"""One entry of a list: the title that leads somewhere, its date, its number, and whether it is pinned."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from dossier.model import Item
from dossier.reading import dates
from dossier.reading.clicks import clicked_target, script_target
from dossier.reading.links import absolute
from dossier.reading.numbers import number_in_row
from dossier.reading.rowdates import Months, date_in, date_in_titles, last_of, split_date
from dossier.reading.rows import LONGEST_SORT, NEAR, OPENS, cards_of, is_address, row_of
from dossier.reading.tree import Node, Tree, lines_in

_MORE = re.compile(
    r"^[\[【(（<《]?\s*(更多|more|查看|查看详情|详情|详细|详细内容|阅读全文|全文|查看更多|点击查看|下载|\+|>+|»|进入|\.\.\.|…)\s*[>»]*\s*[\]】)）>》+]?[>»]*$",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"^(上一页|下一页|首页|尾页|末页|上页|下页|前一页|后一页|第?\d{1,4}页?|[<>«»]+|跳转|GO|返回.*|上一[篇条].*|下一[篇条].*)$",
    re.IGNORECASE,
)
_TOOL = re.compile(
    r"^[\[【(（]?\s*(打印(本页|页面|文章|此页|正文|预览)?|关闭(窗口|本页|当前页面|页面)?|收藏(本页|本站|网站)?|加入收藏|添加收藏|设为首页|"
    r"分享(到.{0,8}|至.{0,8})?|纠错|我要纠错|返回(顶部|首页|上一页|上级|列表)?|回到?顶部|大|中|小|特大|繁体|简体|无障碍(浏览|阅读)?|朗读|下载PDF)\s*[\]】)）]?$"
)
"""What a reader may do with a page: no entry of a list, whatever stands beside it."""
_NEIGHBOUR = re.compile(r"^[\s\[【<«]*[上下前后]一(?:篇|条|则)")
_PINNED = re.compile(
    r"置顶|\[顶\]|【顶】|(?:^|[\s_\-])(?:zhiding|istop|is-top|zd|sticky|pinned|totop)(?:$|[\s_\-])",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[·•●■◆▪>»\-\s\ue000-\uf8ff]+")
_DATE_TAIL = re.compile(r"\s*[\[(（【]?(?:19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?[\])）】]?$")
_DATE_HEAD = re.compile(r"[\[(（【]?(?:19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?")
_CUT = re.compile(r"(\.{2,}|…+|\s)$")


@dataclass
class Row:
    """An entry where it stands."""

    node: Node
    link: Node
    item: Item
    container: Node


def rows_of(tree: Tree, anchors: list[Node], base: str, as_of: date) -> list[Row]:
    """The entries behind these links, in order, each with its title, its address and what stands beside it."""
    counts = [0] * (len(tree.nodes) + 1)
    titled: list[tuple[Node, str, str]] = []
    opening: list[Node] = []
    for node in anchors:
        text = tree.text(node, hidden=bool(node.hidden))
        title = _title(tree, node, text)
        if OPENS.match(title) and not node.get("title"):
            opening.append(node)
            continue
        if (
            not title
            or _TURN.match(title)
            or _TOOL.match(title)
            or (_MORE.match(title) and not node.get("title"))
        ):
            continue
        titled.append((node, title, node.get("href").strip()))
    often = Counter(href for _node, title, href in titled if len(title) <= LONGEST_SORT and is_address(href))
    # `[通知]` before each title leads to one place from all rows: a sort of entries, and no entry.
    titled = [
        (node, title, href)
        for node, title, href in titled
        if len(title) > LONGEST_SORT
        or (often[href] < 3 and not (title[0] in "[【" and absolute(base, href) == base))
    ]
    previous: tuple[Node, str] | None = None
    for node, _title_seen, href in titled:
        if (
            previous is not None
            and previous[1] == href
            and is_address(href)
            and node.i - previous[0].i < NEAR
        ):
            previous = (node, href)
            continue
        counts[node.i + 1] += 1
        previous = (node, href)
    counts = list(itertools.accumulate(counts))
    rows: dict[int, Row] = {}
    months = Months(tree)
    for node, title, href in titled:
        row = row_of(node, counts)
        if _NEIGHBOUR.match(tree.between(row.t0, node.t1)[:40]):
            continue
        container = _container_of(row)
        if container is None:
            continue
        url = absolute(base, href) if is_address(href) else ""
        if not url:
            target = clicked_target(node) or script_target(href)
            url = absolute(base, target) if target else ""
        item = _item(tree, row, node, title, url, as_of, months)
        old = rows.get(row.i)
        if old is None or (len(item.title) > len(old.item.title) and not (old.item.url and not item.url)):
            rows[row.i] = Row(row, node, item, container)
    for row, node, title in cards_of(tree, opening, titled):
        url = absolute(base, node.get("href").strip())
        container = _container_of(row)
        if row.i not in rows and container is not None:
            rows[row.i] = Row(row, node, _item(tree, row, node, title, url, as_of, months), container)
    return [rows[i] for i in sorted(rows)]


def _container_of(row: Node) -> Node | None:
    above = row.parent
    return above.parent if above is not None and above.tag in ("tbody", "thead") else above


def _title(tree: Tree, node: Node, text: str) -> str:
    attr = " ".join(node.get("title").split())
    if dates.is_only_date(text):
        return ""
    # A date before or after the title inside the link is not part of the title.
    whole = tree.lines(node, hidden=bool(node.hidden)) if node.end > node.i + 1 else [text] if text else []
    lines = [line for line in whole if not dates.is_only_date(line)]
    if len(lines) > 1:
        long = [line for line in lines if len(line) >= 6]
        text = long[0] if long and len(long[0]) >= 10 else " ".join(lines)
    elif lines:
        text = lines[0]
    if node.tag != "a":
        text = _DATE_HEAD.sub("", text, count=1).strip() if _DATE_HEAD.match(text) else text
    text = _BULLET.sub("", text)
    if text and text[-1] in "0123456789日])）】":
        text = _DATE_TAIL.sub("", text) or text
    if attr and len(attr) < 300:
        stem = _CUT.sub("", text)[:4]
        if (
            not text
            or (len(attr) > len(_CUT.sub("", text)) and attr.startswith(stem))
            or (stem and stem in attr and text.endswith(("...", "…")))
        ):
            return attr.removeprefix("标题：").removeprefix("标题:").strip()
    return text


_BESIDE = 300
"""Pieces of text before and behind a link, within its row, among which its date is looked for. Rows nested in rows without end
would otherwise be read as often as there are links in them."""


def _item(tree: Tree, row: Node, link: Node, title: str, url: str, as_of: date, months: Months) -> Item:
    last = _detail_of(tree, row) or row
    begin, end = max(row.t0, link.t0 - _BESIDE), min(last.t1, link.t1 + _BESIDE)
    if row.hidden:
        before, after = "".join(tree.pieces[begin : link.t0]), "".join(tree.pieces[link.t1 : end])
    else:
        before, after = tree.between(begin, link.t0), tree.between(link.t1, end)
    head = _day_above(tree, row, as_of)
    lines = lines_in(f"{head}\n{before}\n{after}")
    said = (tree.pieces if row.hidden else tree.seen)[begin : min(row.t1, end)]
    found = date_in_titles(tree, row) or last_of(said, as_of) or date_in(lines, as_of, url)
    found = found or split_date(lines)
    if found is None:
        inner = tree.lines(link, hidden=bool(link.hidden))
        if len(inner) > 1:
            found = date_in([line for line in inner if line != title], as_of, url)
        alone = [piece.strip() for piece in said if not piece.isspace() and piece]
        found = found or split_date(alone) or date_in(list(filter(dates.is_only_date, alone)), as_of, url)
        if found is None and inner:
            tail = _DATE_TAIL.search(inner[-1]) or _DATE_HEAD.match(inner[0])
            found = dates.first_date(tail.group(0)) if tail else None
        found = found or months.day_under(alone, tree.at[row.t0])
    number = ""
    for line in lines:
        number = number_in_row(line) if "号" in line and len(line) < 60 else ""
        if number:
            break
    if not number:
        for node in tree.nodes[row.i + 1 : min(row.end, row.i + 21)]:
            if node.attrs and node.tag in ("span", "td", "em") and "号" in (node.attrs.get("title") or ""):
                number = number_in_row(node.get("title"))
    pinned = _says_pinned(" ".join((row.mark, *lines[:3]))) or any(
        n.attrs and n.tag in _PIN_TAGS and _says_pinned(f"{n.mark} {n.get('alt')} {n.get('title')}")
        for n in tree.nodes[row.i + 1 : min(row.end, row.i + 13)]
    )
    return Item(title=title[:300], url=url, date=found, number=number, pinned=pinned, hidden=bool(row.hidden))


_PIN_TAGS = ("img", "i", "em", "span")
_PIN_SIGNS = ("顶", "zh", "top", "zd", "cky", "nned")
"""Parts of the words of `_PINNED`: without any of them it need not be asked."""


def _says_pinned(words: str) -> bool:
    low = words.lower()
    return any(sign in low for sign in _PIN_SIGNS) and _PINNED.search(words) is not None


def _day_above(tree: Tree, row: Node, as_of: date) -> str:
    """The day in the dt above an entry in a dd; empty where the dt says anything else."""
    if row.tag != "dd" or row.parent is None:
        return ""
    above = [child for child in tree.children(row.parent) if child.tag == "dt" and child.i < row.i]
    said = tree.text(above[-1], hidden=bool(row.hidden)) if above else ""
    return said if dates.is_only_date(said) or dates.row_date(said, as_of) else ""


def _detail_of(tree: Tree, row: Node) -> Node | None:
    """The last dd that belongs to an entry in a dt, where they say something and lead nowhere."""
    if row.tag != "dt" or row.parent is None:
        return None
    last = None
    for child in tree.children(row.parent):
        if child.i >= row.end:
            if child.tag != "dd" or tree.within(child, "a"):
                break
            last = child
    return last
