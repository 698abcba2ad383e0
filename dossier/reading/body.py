"""The main text of a page: where the words stand thick and the links thin."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

from dossier.model import LinkPlace
from dossier.reading.dates import is_only_date
from dossier.reading.labels import CANONICAL
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree, lines_in

_KNOWN = re.compile(
    r"(?:^|\s)(?:trs_editor_view|trs_ueditor|trs_editor|zoom|zoomcon|easysitetext|cmsarticlecontent|content_article|"
    r"article[-_]content|articlecontent|article_con|article[-_]body|articlebody|conzt|contxt|print-area1|sxgzk-detail-con|news_content|newscontent|"
    r"news_con|view|zwnr|zw|wzcon|xl_con|xl-con|pages_content|ucap-content|content_body|nr|con_text|con_txt|infocontent|info_content|"
    r"detail-content|detail_con|detailcontent|text_con|artical|artcontent|art_con|ivs_content|vsb_content|v_news_content|wp_articlecontent|"
    r"bt_content|content-detail|content_txt|contenttext|newstext|js_content|rich_media_content|main-txt|nfw-cms-article|article_text|textcontent|doc_content|scroll_main|gk_content|conbox)(?:_\d+)?(?=\s|$)"
)
_SKIP_PLACES = {
    LinkPlace.NAV,
    LinkPlace.FOOTER,
    LinkPlace.HEADER,
    LinkPlace.BREADCRUMB,
    LinkPlace.PAGER,
    LinkPlace.SIDE,
}
_NOISE = re.compile(
    r"^(【?\s*(打印|关闭|收藏|分享|字体|大中小|大|中|小|纠错|返回)[^，。]{0,12}】?|分享到.{0,20}|扫一扫.{0,20}|上一[篇条页].*|下一[篇条页].*|字体大小.{0,8}|浏览次数.{0,12}|(发布(日期|时间)|来源|时间|日期)\s*[:：][^，。]{0,120}(浏览次数|字体|字号|发布者|打印|点击)[^，。]{0,60})$"
)


GREETING = re.compile(r"^(?:今天是|今日是|现在是|欢迎(?:您|您的)?(?:访问|光临|来到))[^。；]{0,60}$")
"""What the head of a page says to whoever comes: the day, and welcome. It is nobody's text and no date of publication."""


class Weights:
    """Running sums over the page's pieces: characters seen, and characters that are links."""

    def __init__(self, tree: Tree) -> None:
        sizes = tree.sizes
        linked = [0] * len(sizes)
        for node in tree.tagged("a"):
            begin, end = node.t0, min(node.t1, node.t0 + 200)
            linked[begin:end] = sizes[begin:end]
        self.seen = [0, *accumulate(sizes)]
        self.linked = [0, *accumulate(linked)]

    def chars(self, node: Node) -> int:
        """Characters a reader sees in it."""
        return self.seen[node.t1] - self.seen[node.t0]

    def link_chars(self, node: Node) -> int:
        """Those of them that are links."""
        return self.linked[node.t1] - self.linked[node.t0]


def find_body(tree: Tree, regions: Regions, weights: Weights) -> Node | None:
    """The element that holds the main text: by the names of the usual systems, else by density."""
    known = _by_name(tree, regions, weights)
    dense = _by_density(tree, regions, weights)
    if known is None:
        return dense
    if dense is None or known.i <= dense.i < known.end:
        return known
    # A known name on a small box beside a much longer text: believe the text.
    return dense if weights.chars(dense) > 6 * weights.chars(known) + 200 else known


def text_of_body(tree: Tree, regions: Regions, body: Node) -> str:
    """Paragraphs of the main text joined by newlines, without navigation and reading aids inside it."""
    skip: list[tuple[int, int]] = []
    start = regions.of(body)
    if not _SKIP_PLACES.isdisjoint(regions.place[body.i + 1 : body.end]):
        for node in tree.inside(body):
            place = regions.of(node)
            if place is not start and place in _SKIP_PLACES and (not skip or node.t0 >= skip[-1][1]):
                skip.append((node.t0, node.t1))
    kept: list[str] = []
    at = body.t0
    for begin, end in skip:
        kept.append(tree.between(at, begin))
        at = max(at, end)
    kept.append(tree.between(at, body.t1))
    return "\n".join(
        line for line in lines_in("".join(kept)) if not _NOISE.match(line) and not GREETING.match(line)
    )


def text_behind_tabs(tree: Tree, regions: Regions, body: Node | None) -> str:
    """What stands in the folded panels beside the open one that is, or holds, or lies in the main text, if there is one.

    Panels of one set are siblings of the same make, of which one is shown; a notice that pops up has no such sibling.
    Panels of links and of metadata are no text. Where the open panel is one of links, the main text is some scrap
    elsewhere: what a folded panel says at length is the text then.
    """
    found: list[str] = []
    open_panels: dict[int, set[object]] = {}
    looked = 0
    for node in tree.veiled:
        above = node.parent
        if above is None or above.hidden or node.hidden not in _FOLDED or regions.of(node) in _SKIP_PLACES:
            continue
        if node.t1 - node.t0 < 2 or not _make(node):
            continue
        looked += 1
        if looked > _MOST_PANELS:
            break
        shown = [
            one
            for one in tree.children(above)
            if not one.hidden and one.tag == node.tag and _make(one) == _make(node)
        ]
        accordion = not shown and (
            _head_opens(tree, node, above) or _other_is_open(tree, node, above, open_panels)
        )
        if accordion:
            # Each panel of an accordion lies in a box of its own, below its head.
            shown = [above.parent or above]
        if not shown:
            continue
        lines = tree.lines(node, hidden=True)
        said = sum(map(len, lines))
        apart = body is not None and not any(
            one.i <= body.i < one.end or body.i <= one.i < body.end for one in shown
        )
        if apart and body is not None and said < max(_AT_LENGTH, 2 * len(tree.text(body))):
            continue
        linked = sum(len(tree.text(link, hidden=True)) for link in tree.within(node, "a"))
        if (
            said < (_LEAST_UNFOLDED if accordion else _LEAST_BEHIND)
            or 2 * linked > said
            or labels_only(lines)
        ):
            continue
        found += [line for line in lines if not _NOISE.match(line)]
    return "\n".join(found)


def _head_opens(tree: Tree, node: Node, above: Node) -> bool:
    """Whether a link or button in the same box names the folded panel as what it opens."""
    name = node.get("id")
    return bool(name) and any(
        opener.tag in ("a", "button") and f"#{name}" in (opener.get("href"), opener.get("data-target"))
        for opener in tree.nodes[above.i + 1 : min(above.end, above.i + 1 + _HEAD)]
    )


def _other_is_open(tree: Tree, node: Node, above: Node, known: dict[int, set[object]]) -> bool:
    """Whether the box of the panel has a sibling of the same make in which such a panel is open."""
    around = above.parent
    if around is None or not _make(above):
        return False
    if around.i not in known:
        known[around.i] = {
            (box.tag, _make(box), panel.tag, _make(panel))
            for box in tree.children(around)[:_MOST_PANELS]
            if box.end - box.i > 1
            for panel in tree.children(box)[:_HEAD]
            if not panel.hidden
        }
    return (above.tag, _make(above), node.tag, _make(node)) in known[around.i]


_HEAD = 12
"""Elements at the beginning of a box among which the one that opens its panel stands."""
_MOST_PANELS = 40
"""Folded elements of a page that are looked at."""
_FOLDED = ("display-none", "hidden-attribute")
_LEAST_BEHIND, _LEAST_UNFOLDED, _AT_LENGTH = 30, 8, 200


def _make(node: Node) -> tuple[str, ...]:
    """The first of the words by which a template calls an element: `pane` of `pane on`."""
    return tuple(node.mark.split()[:1])


def text_without_frame(tree: Tree, regions: Regions) -> str:
    """What is left of a page without a main text when its menus, paths and footers are taken away."""
    kept: list[str] = []
    at = 0
    for node, place in zip(tree.nodes, regions.place, strict=True):
        if node.t0 >= at and (place in _SKIP_PLACES or node.tag == "a"):
            kept.append(tree.between(at, node.t0))
            at = node.t1
    kept.append(tree.between(at, len(tree.seen)))
    lines = lines_in("".join(kept))
    return "\n".join(
        line
        for line in lines
        if not _NOISE.match(line) and not GREETING.match(line) and not is_only_date(line)
    )[:20_000]


def _by_name(tree: Tree, regions: Regions, weights: Weights) -> Node | None:
    best: Node | None = None
    best_score = -1
    usual: list[tuple[int, Node]] = []
    for comment, node_number, _ in tree.comments:
        if (
            "content.begin" in comment or "ContentStart" in comment or "content begin" in comment.lower()
        ) and node_number < len(tree.nodes):
            node = tree.nodes[node_number].parent
            if node is not None and weights.chars(node) > 0 and node.tag not in ("body", "html"):
                return node
    for node in tree.tagged("ucapcontent"):
        return node
    for node in tree.named:
        if node.tag not in _HOLDERS or not _is_known(node.mark):
            continue
        if regions.of(node) in _SKIP_PLACES or node.hidden:
            continue
        chars = weights.chars(node)
        own = chars - weights.link_chars(node)
        if own > best_score:
            best, best_score = node, own
        usual.append((own, node))
    if best is not None and _is_block(tree, best):
        # Some templates call the block above a document by a name that others give to its text.
        beside = [
            (own, node)
            for own, node in usual
            if not (best.i <= node.i < best.end or node.i < best.i < node.end)
        ]
        if beside:
            best_score, best = max(beside, key=lambda each: each[0])
    if best is not None and best_score < 12 and not _has_media(tree, best):
        return None
    return best


_LABELLED = re.compile(r"^[【\[]?[一-鿿\s]{2,12}[】\]]?\s*[:：]")
_OF_BLOCK = re.compile(r"索\s*引\s*号|文\s*号|发文字号|成文日期|发文机关|发布机构")


def _is_block(tree: Tree, node: Node) -> bool:
    """Whether an element holds nothing but labels with their values."""
    return labels_only(tree.lines(node))


def labels_only(lines: list[str]) -> bool:
    """Whether these lines are hardly more than the labels and values of a block."""
    if len(lines) < 3 or not _OF_BLOCK.search("\0".join(lines)):
        return False
    labelled = sum(1 for line in lines if _LABELLED.match(line))
    # A label in one cell and its value in the next are two lines.
    alone = sum(1 for line in lines if _bare_label(line))
    return labelled * 4 >= len(lines) * 3 or alone * 5 >= len(lines) * 2


def _bare_label(line: str) -> bool:
    return _BARE.sub("", line) in CANONICAL


_BARE = re.compile(r"[\s:：]")


_HOLDERS = frozenset(["div", "td", "section", "article", "table"])


@lru_cache(maxsize=16_384)
def _is_known(mark: str) -> bool:
    return len(mark) >= 3 and _KNOWN.search(mark) is not None


def _has_media(tree: Tree, node: Node) -> bool:
    return any(tree.within(node, tag) for tag in ("img", "video", "embed", "iframe"))


_DENSE = frozenset(["p", "br", "div", "td", "span", "li", "section", "font", "pre", "dd"])


_HEADINGS = frozenset(["h1", "h2", "h3"])
"""A headline may hold the line under it; it never holds the text."""


_LISTS = frozenset(["ul", "ol", "dl", "table", "tbody", "div"])


def _bare(tree: Tree, holder: Node, weights: Weights) -> int:
    """Characters that stand right inside an element, in lines parted by `br` and in no paragraph of their own."""
    bare, at = 0, holder.t0
    for child in tree.children(holder):
        if child.tag in _PARTS:
            bare += weights.seen[child.t0] - weights.seen[at]
            at = child.t1
    bare += weights.seen[holder.t1] - weights.seen[at]
    return bare - (weights.linked[holder.t1] - weights.linked[holder.t0])


_PARTS = frozenset(["p", "div", "table", "ul", "ol", "dl", "section", "form", "pre", "h1", "h2", "h3", "h4"])


def _by_density(tree: Tree, regions: Regions, weights: Weights) -> Node | None:
    scores: dict[int, float] = {}
    broken: dict[int, Node] = {}
    seen, linked = weights.seen, weights.linked
    for node, place in zip(tree.nodes, regions.place, strict=True):
        tag = node.tag
        if tag not in _DENSE or node.hidden or place in _SKIP_PLACES:
            continue
        if tag == "br":
            parent = node.parent
            if parent is not None and parent.tag not in _HEADINGS:
                scores[parent.i] = scores.get(parent.i, 0) + 4
                broken[parent.i] = parent
            continue
        chars = seen[node.t1] - seen[node.t0]
        if chars < 20 or node.end - node.i > 60:
            continue
        own = chars - (linked[node.t1] - linked[node.t0])
        if own < 16 or own * 2 < chars:
            continue
        parent = node.parent
        if parent is None or parent.tag in _HEADINGS:
            continue
        if tag == "p" or tag == "pre" or node.end - node.i <= 4:
            scores[parent.i] = scores.get(parent.i, 0) + own
            grand = parent.parent
            if grand is not None:
                scores[grand.i] = scores.get(grand.i, 0) + own * 0.55
    for number, holder in broken.items():
        if holder.end - holder.i > 4 and holder.tag not in ("p", "pre"):
            own = _bare(tree, holder, weights)
            scores[number] += own
            if holder.parent is not None and own >= 16:
                scores[holder.parent.i] = scores.get(holder.parent.i, 0) + own * 0.55
    if not scores:
        return None
    best = max(scores, key=lambda i: (scores[i], -i))
    if tree.nodes[best].tag in _LISTS and _is_block(tree, tree.nodes[best]):
        # The block above a document stands as thick as a text; what else is there is the text.
        others = [i for i in scores if not (best <= i < tree.nodes[best].end or i < best < tree.nodes[i].end)]
        best = max(others, key=lambda i: (scores[i], -i), default=best)
    node = tree.nodes[best]
    if node.tag in ("html", "body"):
        inner = [
            i
            for i in scores
            if i != best and tree.nodes[i].tag not in ("html", "body") and scores[i] > 0.5 * scores[best]
        ]
        if inner:
            node = tree.nodes[max(inner, key=lambda i: scores[i])]
    while node.tag in ("p", "span", "font", "tbody", "tr") and node.parent is not None:
        node = node.parent
    return node
