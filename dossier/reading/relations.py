"""Which 解读 a document offers, and which document a 解读 is about."""

from __future__ import annotations

import re

from dossier.model import Link, LinkPlace, PageKind
from dossier.reading.clicks import script_target
from dossier.reading.links import absolute, label_of
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree

_OFFER = re.compile(r"解读|图解|一图读懂|一图看懂|政策问答|答记者问|简明问答")
_BLOCK = re.compile(
    r"^[\s【\[\ue000-\uf8ff·•|]*((?:相关|政策|文件|关联|文字|图片|图文|图表|图解|视频|音频|专家|媒体|部门|动漫|H5|多媒体|配套|延伸)*(?:解读|图解)(?:文件|材料|信息|链接|文章|回应|稿)?|解读链接|一图读懂|政策解读)[\s】\]:：>»]*(更多)?[>»]*$"
)
_SOURCE_BLOCK = re.compile(
    r"^[\s【\[\ue000-\uf8ff·•|]*((?:相关|政策|关联|解读)*(?:原文|文件|政策|公文|稿件|链接|法规)(?:链接|原文|文件|全文)?|原文链接|文件链接|政策原文|文件原文|相关政策文件|解读依据|被解读文件|相关文件|相关政策|政策文件|关联文件|查看原文|对应政策|相关链接|相关文档|原文件)[\s】\]:：>»]*$"
)
_BLOCK_SIGN = re.compile("解读|图解|读懂")
_SOURCE_SIGN = re.compile("[原文政策公稿链法解]")
_SOURCE_LINK = re.compile(
    r"原文|文件链接|相关文件|相关政策|查看(政策|文件|原文)|政策文件|《[^》]{4,}》|〔(?:19|20)\d{2}〕\d+号|的通知$|的(意见|办法|方案|规定|决定|公告)$|关于.{4,}(意见|办法|方案|规定|决定|公告|通告|细则|规划|措施|计划|纲要|批复)$"
)
_TURN = re.compile(r"[上下前后]一?[篇条]")
_LEAD_OFFER = re.compile(r"(解读|图解|一图读懂)(链接|材料|文件|信息)?[:：]$")
_LEAD_SOURCE = re.compile(r"(原文|文件|政策|依据|链接|全文)(链接|原文|文件|全文|地址)?[:：]$")
_NOISE = re.compile(
    r"^(政策解读|解读|解读回应|文件解读|图解|政策图解|更多|更多>*|more|文字解读|图片解读|视频解读|专家解读|媒体解读|部门解读|图文解读|解读与回应|政策文件及解读)$",
    re.IGNORECASE,
)
_SHELF = re.compile(
    r"^(?:政策|政府|规范性|行政规范性|法规|其他|公文)*(?:文件|公文|政策|政策法规|法规|文件库|政策文件库)(?:公开)?(?:更多)?[>»]*$"
)
"""Names of whole columns, which a menu offers to everybody and no document in particular."""
_OUT = {LinkPlace.NAV, LinkPlace.FOOTER, LinkPlace.HEADER, LinkPlace.BREADCRUMB, LinkPlace.PAGER}


def interpretations_of(tree: Tree, regions: Regions, base: str, kind: PageKind) -> tuple[Link, ...]:
    """Links that a document's page itself offers as its 解读; a label without an address is none."""
    if kind is PageKind.INTERPRETATION:
        return ()
    blocks = _spans(tree, regions, _BLOCK, _BLOCK_SIGN)
    found: dict[str, Link] = {}
    for node in _links(tree):
        if regions.of(node) in _OUT:
            continue
        url = _target(node, base)
        if not url:
            continue
        text = label_of(tree, node)
        in_block = any(begin <= node.i < end for begin, end in blocks)
        words = f"{text} {node.get('title')}".strip()
        if in_block:
            if (
                not text
                or re.fullmatch(r"更多.{0,3}|more.{0,3}|[>»]+", text, re.IGNORECASE)
                or _is_column_link(url, text)
            ):
                continue
        elif (
            _TURN.search(_lead(tree, node))
            or (not _OFFER.search(words) and not _LEAD_OFFER.search(_lead(tree, node)))
            or (_NOISE.match(text) and (_is_column_address(url) or regions.of(node) is LinkPlace.SIDE))
            or (not in_block and regions.of(node) is LinkPlace.SIDE)
        ):
            continue
        found.setdefault(
            url, Link(url=url, text=text, place=regions.of(node), tag=node.tag, hidden=node.hidden)
        )
    return tuple(found.values())[:60]


def sources_of(
    tree: Tree, regions: Regions, base: str, body: Node | None, kind: PageKind
) -> tuple[Link, ...]:
    """On a 解读: links offered as the document it explains."""
    if kind is not PageKind.INTERPRETATION:
        return ()
    blocks = _spans(tree, regions, _SOURCE_BLOCK, _SOURCE_SIGN)
    found: dict[str, Link] = {}
    for node in _links(tree):
        if regions.of(node) in _OUT:
            continue
        url = _target(node, base)
        if not url:
            continue
        text = label_of(tree, node)
        lead = _lead(tree, node)
        is_turn = bool(_TURN.search(lead))
        in_body = body is not None and body.i <= node.i < body.end
        in_block = any(begin <= node.i < end for begin, end in blocks)
        words = f"{text} {node.get('title')}".strip()
        if (
            not text
            or re.fullmatch(r"更多.{0,3}|more", text, re.IGNORECASE)
            or (_OFFER.search(words) and "原文" not in words)
            or (
                _SHELF.match(text)
                and (_is_column_address(url) or not (in_block or _LEAD_SOURCE.search(lead)))
            )
        ):
            continue
        named = (
            _SOURCE_LINK.search(words) and not is_turn and (in_body or regions.of(node) is not LinkPlace.SIDE)
        )
        led = regions.of(node) is not LinkPlace.SIDE and _LEAD_SOURCE.search(lead)
        if in_block or named or led:
            found.setdefault(
                url, Link(url=url, text=text, place=regions.of(node), tag=node.tag, hidden=node.hidden)
            )
    return tuple(found.values())[:60]


def _links(tree: Tree) -> list[Node]:
    """What leads somewhere, in document order."""
    handled = [node for node in tree.odd if node.tag not in ("a", "area") and "onclick" in node.attrs]
    every = [*tree.tagged("a", "area"), *handled]
    return sorted(every, key=lambda node: node.i) if handled else every


_HEADS = frozenset(
    "div p span h1 h2 h3 h4 h5 strong b td dt li em label a font".split()  # noqa: SIM905 - a list of tags
)
_HEAD_PIECES = 12


def _spans(
    tree: Tree, regions: Regions, label: re.Pattern[str], sign: re.Pattern[str]
) -> list[tuple[int, int]]:
    """From each label of a block to the end of the block it heads; `sign` is what every label holds."""
    spans: list[tuple[int, int]] = []
    if not sign.search(tree.shown):
        return spans
    near = tree.near(sign, _HEAD_PIECES)
    for node in tree.nodes:
        if not near[node.t0] or node.tag not in _HEADS:
            continue
        if node.t1 - node.t0 > _HEAD_PIECES or node.t1 == node.t0 or regions.of(node) in _OUT:
            continue
        text = tree.text(node)
        if not 2 <= len(text) <= 14 or not label.match(text):
            continue
        if node.tag == "a" and node.get("href"):
            continue
        if node.tag in ("td", "li", "dt", "span") and any(n.get("href") for n in tree.within(node, "a")):
            # An entry of a menu, not the head of a block.
            continue
        if any(above.tag == "a" and above.get("href") for above, _ in zip(node.up(), range(3), strict=False)):
            continue
        top = node
        while (
            top.parent is not None
            and top.parent.tag not in ("body", "html")
            and tree.text(top.parent) == text
        ):
            top = top.parent
        parent = top.parent
        if parent is None:
            continue
        end = parent.end
        if parent.tag in ("body", "html"):
            after = next((child for child in tree.children(parent) if child.i >= top.end), None)
            end = after.end if after else top.end
        if end - top.end > 250:
            after = next((child for child in tree.children(parent) if child.i >= top.end), None)
            end = after.end if after else top.end
        # The next heading of the same make ends the block.
        for child in tree.children(parent):
            if (
                child.i >= top.end
                and child.i < end
                and child.tag == top.tag
                and child.mark == top.mark
                and top.mark.strip()
                and not tree.within(child, "a")
            ):
                end = child.i
                break
        spans.append((top.end, end))
    return spans


def _lead(tree: Tree, node: Node) -> str:
    """What the line says before the link: `原文链接：`."""
    words: list[str] = []
    for i in range(node.t0 - 1, max(-1, node.t0 - 8), -1):
        if tree.seen[i] == "\n":
            break
        words.append(tree.seen[i])
    return "".join("".join(reversed(words)).split())[-16:]


def _target(node: Node, base: str) -> str:
    href = node.get("href").strip()
    if href and not href.lower().startswith("javascript"):
        return absolute(base, href)
    target = script_target(node.get("onclick") or href)
    return absolute(base, target) if target else ""


def _is_column_address(url: str) -> bool:
    path = url.split("?", 1)[0]
    return bool(re.search(r"/$|/index(_\d+)?\.\w+$|/list|/(?:channel|column|class|node|col)\w*\.\w+", path))


def _is_column_link(url: str, text: str) -> bool:
    return bool(_NOISE.match(text)) and _is_column_address(url)
