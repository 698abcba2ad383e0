"""A page as its reader has it: elements in order, with what the eye sees kept apart from what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from dossier.reading.guard import bounded, hiding_selectors

NODE_BOUND = 120_000
_SKIP = frozenset({"style", "template", "noscript", "svg", "math", "head_skip"})
_BLOCK = frozenset(
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
    ]
)
_CELL = frozenset({"td", "th"})
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
_LABEL_PICTURE = re.compile(r"^\s*(发布(时间|日期)|时间|日期|来源|信息来源|发布机构)\s*[:：]?\s*$")


class Node:
    """One element. Its text is a stretch of the page's pieces, its descendants a stretch of the page's nodes."""

    __slots__ = ("_mark", "attrs", "end", "hidden", "i", "parent", "t0", "t1", "tag")

    def __init__(
        self, tag: str, attrs: dict[str, str | None], parent: Node | None, i: int, t0: int, hidden: str
    ) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.i = i
        self.end = i + 1
        self.t0 = t0
        self.t1 = t0
        self.hidden = hidden
        self._mark: str | None = None

    def get(self, name: str) -> str:
        """An attribute, empty where it is lacking."""
        return self.attrs.get(name) or ""

    @property
    def mark(self) -> str:
        """Class and id in lower case: what a template's author called this part."""
        mark = self._mark
        if mark is None:
            attrs = self.attrs
            mark = self._mark = (
                f"{attrs.get('class') or ''} {attrs.get('id') or ''}".lower() if attrs else " "
            )
        return mark

    def up(self) -> Iterator[Node]:
        """Its parent, the parent's parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


class Tree:
    """All elements of a page in document order, its text pieces, its scripts and its comment marks."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.pieces: list[str] = []
        self.seen: list[str] = []
        """The same pieces, empty where the eye cannot see them."""
        self.scripts: list[tuple[Node, str]] = []
        self.comments: list[tuple[str, int, int]] = []
        """Comment text, with the number of nodes and pieces before it."""
        self.html_title = ""
        self.truncated = False
        self._paths: dict[int, str] = {}

    def text(self, node: Node, *, hidden: bool = False) -> str:
        """All text inside an element, white space folded to one space."""
        pieces = self.pieces if hidden else self.seen
        return " ".join("".join(pieces[node.t0 : node.t1]).split())

    def lines(self, node: Node, *, hidden: bool = False) -> list[str]:
        """Text inside an element, a line for each block; lines without text left out."""
        pieces = self.pieces if hidden else self.seen
        return [
            line
            for line in (" ".join(part.split()) for part in "".join(pieces[node.t0 : node.t1]).split("\n"))
            if line
        ]

    def inside(self, node: Node) -> list[Node]:
        """Its descendants in document order."""
        return self.nodes[node.i + 1 : node.end]

    def children(self, node: Node) -> list[Node]:
        """Elements directly inside it."""
        found, i = [], node.i + 1
        while i < node.end:
            child = self.nodes[i]
            found.append(child)
            i = child.end
        return found

    def path(self, node: Node) -> str:
        """Where the element stands, for evidence: `html/body/div[3]/a`."""
        known = self._paths.get(node.i)
        if known is not None:
            return known
        above = [node]
        for outer in node.up():
            above.append(outer)
            if outer.i in self._paths or len(above) > 80:
                break
        for current in reversed(above):
            if current.i in self._paths:
                continue
            parent = current.parent
            if parent is None or parent.i not in self._paths:
                self._paths[current.i] = current.tag
                continue
            same = [child for child in self.children(parent) if child.tag == current.tag]
            several = len(same) > 1
            for number, child in enumerate(same, 1):
                self._paths[child.i] = (
                    f"{self._paths[parent.i]}/{child.tag}{f'[{number}]' if several else ''}"
                )
        return self._paths[node.i]


def grow(html: str) -> Tree:
    """The tree of a page. Bounded in time and size whatever the bytes were."""
    tree = Tree()
    html, tree.truncated = bounded(html)
    parser = LexborHTMLParser(html)
    root = parser.root
    if root is None:
        return tree
    shy = hiding_selectors(html)
    _fill(tree, root, shy)
    return tree


def _fill(tree: Tree, root: Any, shy: frozenset[str]) -> None:
    nodes, pieces, seen = tree.nodes, tree.pieces, tree.seen
    stack: list[tuple[Any, Node | None]] = []
    current: Any = root
    parent: Node | None = None
    while True:
        if current is not None:
            tag = current.tag
            if tag == "-text":
                raw = current.text_content
                if raw:
                    if _CONTROL.search(raw):
                        raw = _SPACE.sub(" ", raw)
                    pieces.append(raw)
                    seen.append("" if parent is not None and parent.hidden else raw)
                current = current.next
                continue
            if tag == "-comment" or tag is None:
                if tag == "-comment":
                    comment = current.comment_content or ""
                    if "begin" in comment or "end" in comment or "Mirrored" in comment:
                        tree.comments.append((comment.strip()[:200], len(nodes), len(pieces)))
                current = current.next
                continue
            if tag[0] == "-" or tag in _SKIP or tag == "!doctype":
                current = current.next
                continue
            if len(nodes) >= NODE_BOUND:
                tree.truncated = True
                _close_all(tree, parent)
                return
            attrs = current.attributes
            hidden = parent.hidden if parent is not None else ""
            if not hidden and attrs and tag != "body" and tag != "html":
                hidden = _hidden(tag, attrs, shy)
            node = Node(tag, attrs, parent, len(nodes), len(pieces), hidden)
            nodes.append(node)
            if tag == "script" or tag == "title" or tag == "textarea":
                content = current.text() or ""
                if tag == "script":
                    tree.scripts.append((node, content))
                elif tag == "title" and not tree.html_title:
                    tree.html_title = " ".join(content.split())
                current = current.next
                continue
            if tag in _BLOCK or tag in _CELL:
                pieces.append("\n")
                seen.append("\n")
            elif (
                tag == "img"
                and len(attrs) > 1
                and _LABEL_PICTURE.match(attrs.get("title") or attrs.get("alt") or "")
            ):
                # Some templates draw the words 发布时间 as a picture.
                pieces.append(f" {(attrs.get('title') or attrs.get('alt') or '').strip('：: ')}：")
                seen.append("" if hidden else pieces[-1])
            child = current.first_child
            if child is not None:
                stack.append((current, parent))
                parent = node
                current = child
                continue
            node.t1 = len(pieces)
            current = current.next
            continue
        if not stack:
            return
        current, grand = stack.pop()
        assert parent is not None
        if parent.tag in _BLOCK or parent.tag in _CELL:
            pieces.append("\n")
            seen.append("\n")
        parent.end = len(nodes)
        parent.t1 = len(pieces)
        parent = grand
        current = current.next if current.tag != "html" else None


def _close_all(tree: Tree, parent: Node | None) -> None:
    node = parent
    while node is not None:
        node.end = len(tree.nodes)
        node.t1 = len(tree.pieces)
        node = node.parent


def _hidden(tag: str, attrs: dict[str, str | None], shy: frozenset[str]) -> str:
    if "hidden" in attrs and (attrs["hidden"] or "").lower() != "until-found":
        return "hidden-attribute"
    if tag == "input" and (attrs.get("type") or "").lower() == "hidden":
        return "hidden-attribute"
    style = attrs.get("style")
    if style:
        answer = _style_hides(tag, style)
        if answer is not None:
            return answer
    if shy:
        for name in (attrs.get("class") or "").split():
            if "." + name in shy:
                return "display-none"
        if "#" + (attrs.get("id") or "") in shy:
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
