"""From the parser's tree to ours: one walk, which asks each of its nodes for the least that is needed of it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Any, final

from selectolax.lexbor import LexborHTMLParser

from dossier.reading.guard import Veils, bounded, veils_of
from dossier.reading.labels import CANONICAL
from dossier.reading.repeated import BOXES, DEPTH, Marks, is_met_again, keep, part_of, put
from dossier.reading.tree import EVERYDAY, Node, Tree

NODE_BOUND = 120_000
_SKIP = frozenset({"style", "template", "noscript", "svg", "math", "head_skip", "!doctype"})
_VOID = frozenset({"br", "img", "input", "meta", "link", "hr", "area", "base", "col", "embed", "source"})
"""Elements that never hold anything."""
_OPAQUE = frozenset({"script", "title", "textarea"})
_BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "frame",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "iframe",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
        "ucaptitle",
        "ucapcontent",
        "td",
        "th",
    ]
)
"""Elements before and behind which a line ends."""
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_CONTROL = re.compile(r"[\n\r\t\f\u200b\ufeff]")
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_SIZE = re.compile(
    r"(?:^|[;\s])(?:font-size|width|height|max-width|max-height)\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?=;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"(?:^|[;\s])(?:left|top|right|margin-left|margin-top|text-indent)\s*:\s*-\s*(?:\d{4,}|[5-9]\d\d)(?:px|pt|em|rem)?|clip\s*:\s*rect\(0",
    re.IGNORECASE,
)
_LABELS = frozenset(CANONICAL) | {"时间", "日期", "来源"}
"""The words of labels that some templates draw as pictures: those of every field of a block, and of the line under a title."""
_STAMPS = frozenset(
    f"{extent}{word}"
    for word in ("有效", "失效", "废止")
    for extent in ("", "已", "已经", "现行", "继续", "全文", "部分")
) | {"已修改", "已修订", "尚未生效", "未生效", "无效"}
"""How a document stands, as some templates stamp it beside its title or in its block."""


@final
class _Kind:
    """What is to be known of a tag while the tree is made."""

    __slots__ = ("boxes", "breaks", "opaque", "skipped", "tag", "void")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.skipped = tag[0] == "-" or tag in _SKIP
        self.opaque = tag in _OPAQUE
        self.boxes = tag in BOXES
        self.breaks = tag in _BREAKS
        self.void = tag in _VOID


def grow(html: str) -> Tree:
    """The tree of a page. Bounded in time and size whatever the bytes were."""
    tree = Tree()
    html, tree.truncated = bounded(html)
    parser = LexborHTMLParser(html)
    root = parser.root
    if root is None:
        return tree
    _fill(tree, root, veils_of(html))
    tree.shown = "".join(tree.seen)
    tree.at = [0, *accumulate(map(len, tree.seen))]
    return tree


def _fill(tree: Tree, root: Any, veils: Veils) -> None:
    shy = bool(veils.hides)
    nodes, by_tag, named, odd, pieces = tree.nodes, tree.by_tag, tree.named, tree.odd, tree.pieces
    seen = pieces  # until something is hidden
    stack: list[tuple[Any, Node | None, str]] = []
    current: Any = root
    parent: Node | None = None
    veil = ""
    met: Marks | None = None
    """The box in which the walk is, and which it has met before."""
    while True:
        if current is None:
            if not stack:
                return
            assert parent is not None
            if parent.tag in _BREAKS:
                pieces.append("\n")
                if seen is not pieces:
                    seen.append("\n")
            parent.end = len(nodes)
            parent.t1 = len(pieces)
            if met is not None and met.number == parent.i:
                keep(tree, parent, met)
                met = None
            closed = parent.tag
            current, parent, veil = stack.pop()
            current = current.next if closed != "html" else None
            continue
        known: int = current.tag_id
        if known == _TEXT:
            raw: str | None = current.text_content
            if raw:
                if raw.isspace():
                    raw = " "
                elif not raw.isprintable() and _CONTROL.search(raw):
                    raw = _SPACE.sub(" ", raw)
                pieces.append(raw)
                if seen is not pieces:
                    seen.append("" if veil else raw)
            current = current.next
            continue
        kind = _KINDS.get(known) or _kind_of(current, known)
        tag = kind.tag
        if kind.skipped:
            if tag == "-comment":
                comment = current.comment_content or ""
                if "begin" in comment or "end" in comment or "Mirrored" in comment:
                    tree.comments.append((comment.strip()[:200], len(nodes), len(pieces)))
            current = current.next
            continue
        number = len(nodes)
        if number >= NODE_BOUND:
            tree.truncated = True
            _close_all(tree, parent)
            return
        if kind.boxes and met is None and not veil and len(stack) == DEPTH:
            key: tuple[str, Veils] = (current.html or "", veils)
            part = part_of(key)
            if part is not None and number + len(part.elements) < NODE_BOUND:
                put(tree, part, parent)
                seen = tree.seen
                current = current.next
                continue
            if part is None and current.first_child is not None and is_met_again(key):
                met = Marks(key, tree)
        attrs: dict[str, str | None] = current.attributes
        hidden, mark = veil, " "
        if attrs:
            mark = _mark_of(attrs.get("class"), attrs.get("id"))
            if not veil and (shy or tag == "input" or "style" in attrs or "hidden" in attrs):
                hidden = _hidden(tag, attrs, veils)
        begin = len(pieces)
        node = Node(tag, attrs, parent, number, number + 1, begin, begin, hidden, mark)
        nodes.append(node)
        same = by_tag.get(tag)
        if same is None:
            by_tag[tag] = [node]
        else:
            same.append(node)
        if attrs:
            if mark != " ":
                named.append(node)
            if not EVERYDAY.issuperset(attrs):
                odd.append(node)
        if hidden:
            tree.veiled.append(node)
            if seen is pieces:
                seen = tree.seen = pieces.copy()
        if kind.opaque:
            content = current.text() or ""
            if tag == "script":
                tree.scripts.append((node, content))
            elif tag == "title" and not tree.html_title:
                tree.html_title = " ".join(content.split())
            current = current.next
            continue
        if kind.breaks:
            pieces.append("\n")
            if seen is not pieces:
                seen.append("\n")
        elif (
            tag == "img"
            and len(attrs) > 1
            and not (parent and parent.tag == "a")
            and (drawn := _drawn_words(attrs))
        ):
            pieces.append(drawn)
            if seen is not pieces:
                seen.append("" if hidden else pieces[-1])
        child = current.first_child if not kind.void else None
        if child is not None:
            stack.append((current, parent, veil))
            parent, veil = node, hidden
            current = child
            continue
        node.t1 = len(pieces)
        current = current.next


def _drawn_words(attrs: dict[str, str | None]) -> str:
    """The label that a picture stands for (发布时间, 索引号), or the standing of a document that it is the stamp of
    (已废止); "" for any other picture."""
    word = "".join((attrs.get("title") or attrs.get("alt") or "").split()).strip("：:")
    if word in _LABELS:
        return f" {word}："
    return f" {word} " if word in _STAMPS else ""


_TEXT: int = LexborHTMLParser("<p>x").css("p")[0].first_child.tag_id  # type: ignore[union-attr]
"""The parser's number for a piece of text."""
_COMMON = 1000
"""Tags that the parser itself knows have small numbers, the same on every page."""
_KINDS: dict[int, _Kind] = {}


def _kind_of(node: Any, number: int) -> _Kind:
    """What a node's tag means; of common elements it is remembered, because making the same word anew is half of asking."""
    kind = _Kind(node.tag or "-")
    if number < _COMMON:
        _KINDS[number] = kind
    return kind


@lru_cache(maxsize=8192)
def _mark_of(name: str | None, identity: str | None) -> str:
    return f"{name or ''} {identity or ''}".lower()


def _close_all(tree: Tree, parent: Node | None) -> None:
    node = parent
    while node is not None:
        node.end = len(tree.nodes)
        node.t1 = len(tree.pieces)
        node = node.parent


def _hidden(tag: str, attrs: dict[str, str | None], veils: Veils) -> str:
    if tag == "body" or tag == "html":
        return ""
    if "hidden" in attrs and (attrs["hidden"] or "").lower() != "until-found":
        return "hidden-attribute"
    if tag == "input" and (attrs.get("type") or "").lower() == "hidden":
        return "hidden-attribute"
    if "style" in attrs:
        answer = _style_hides(tag, attrs["style"] or "")
        if answer is not None:
            return answer
    if veils.hides:
        names = (attrs.get("class") or "").split()
        for name in names:
            if "." + name in veils.hides and not any(
                name in opened and opened.issubset(names) for opened in veils.shows
            ):
                return "display-none"
        if "#" + (attrs.get("id") or "") in veils.hides:
            return "display-none"
    return ""


@lru_cache(maxsize=4096)
def _style_hides(tag: str, style: str) -> str | None:
    """How an element's own style hides it, empty where it says for sure that it does not; else None."""
    if _HIDES.search(style):
        return "display-none"
    if ":" in style and "0" in style and _NO_SIZE.search(style):
        return "zero-size" if _really_small(tag, style) else ""
    if "-" in style and _OFF.search(style):
        return "off-screen"
    return None


def _really_small(tag: str, style: str) -> bool:
    folded = style.lower().replace(" ", "")
    if "opacity:0" in folded or "font-size:0" in folded:
        return tag == "a" or "opacity:0" in folded
    # A box of height 0 shows its content unless it cuts what runs over.
    return "overflow:hidden" in folded or tag in ("a", "iframe", "img", "marquee")
