"""Links as a visitor could follow them."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from dossier.model import Link, LinkPlace
from dossier.reading.clicks import A_PAGE, aim, clicked_target, is_bound, read_by_script, script_target
from dossier.reading.hiding import opener_of, why_hidden
from dossier.reading.regions import Regions
from dossier.reading.tree import EVERYDAY, Node, Tree, number_of

_NO_LINK = re.compile(
    r"^\s*(mailto|tel|sms|data|about|blob|weixin|mqqwpa|tencent|file|view-source|ftp):", re.IGNORECASE
)
_SCRIPT = re.compile(r"^\s*(javascript|vbscript|void|jav\s*ascript)\s*[:(]", re.IGNORECASE)
_SIMPLE = re.compile(
    r"(?:https?://[\w.\-]+(?::\d+)?/|/(?!/)|\./|(?=\w))(?:[\w\-%~]+(?:\.[\w\-%]+)*/)*(?:[\w\-%~]+(?:\.[\w\-%]+)*)?(?:\?[\w\-%=&.]*)?"
)
_FOLDER = re.compile(r"(https?://[\w.\-]+(?::\d+)?)(?:/(?:[\w.\-%~]+/)*|$)")
_FOLD = re.compile(r"[\t\r\n\f]+")
_ROUTES = re.compile(r"^!?/")
_PLAIN = frozenset(
    {"href", "target", "class", "title", "style", "id", "rel", "name", "alt", "src", "data-title"}
)
_FRAMEWORK = re.compile(r"^(data-|ng-|v-|@|:|ms-|on|x-|lay-|wire:|hx-)")


def base_of(tree: Tree, url: str) -> str:
    """The address against which a page's links are read."""
    for node in tree.tagged("base"):
        if node.i < 400 and node.get("href").strip():
            return urljoin(url, _FOLD.sub("", node.get("href")).strip())
    return url


def links_of(tree: Tree, regions: Regions, base: str) -> tuple[Link, ...]:
    """All links of a page in order; those in comments and templates do not exist."""
    found: list[Link] = []
    bases, place = _bases(base), regions.place
    for node in _linking(tree):
        tag = node.tag
        if tag == "a" or tag == "area":
            if "href" in node.attrs:
                link = (
                    None
                    if node.hidden or not EVERYDAY.issuperset(node.attrs)
                    else _plain_anchor(tree, node, place[node.i], bases)
                ) or _anchor(tree, regions, node, base)
            else:
                link = _by_handler(tree, regions, node, base) or _no_address(tree, regions, node)
        elif tag == "img":
            link = _picture(tree, regions, node, base)
        elif tag == "iframe" or tag == "frame":
            link = _plain(tree, regions, node, base, node.get("src") or node.get("data-src"), "iframe")
        elif tag == "option":
            value = node.get("value")
            link = (
                _plain(tree, regions, node, base, value, "option")
                if value.startswith(("http", "/")) or A_PAGE.fullmatch(value)
                else None
            )
        elif tag == "form":
            link = None
        elif "onclick" not in node.attrs and any(inner.get("href") for inner in tree.within(node, "a")):
            link = None  # its anchor leads there
        else:
            link = _by_handler(tree, regions, node, base)
        if link is not None:
            found.append(link)
    return tuple(found)


_LINKING = ("a", "area", "img", "iframe", "frame", "option", "form")


def _linking(tree: Tree) -> list[Node]:
    """Elements that may lead somewhere, in order: those of certain tags, and whatever says so in an unusual attribute."""
    read = read_by_script(tree)
    told = [
        node
        for node in tree.odd
        if node.tag not in _LINKING and ("onclick" in node.attrs or aim(node, read) != "")
    ]
    found = tree.tagged(*_LINKING)
    return sorted((*found, *told), key=number_of) if told else found


_ROOTED = re.compile(r"(?:https?://|/?/)\w[^\\\t\r\n\f]*")
_BESIDE = re.compile(r"[^/\\:?#;\t\r\n\f][^:\\\t\r\n\f]*")


def absolute(base: str, href: str) -> str:
    """An address as a browser would ask for it; its fragment only where it routes.

    The pages of a site carry the same links, so each is made once for all pages of the folder or the site
    against which it means the same.
    """
    href = href.strip()
    return _made(_bases(base)[_stands(href)], href) if href else ""


@lru_cache(maxsize=16_384)
def _stands(href: str) -> int:
    """Against what a link is read: 0 the whole address of its page, 1 the root of its site, 2 its folder."""
    return 1 if _ROOTED.fullmatch(href) else 2 if _BESIDE.fullmatch(href) else 0


@lru_cache(maxsize=2048)
def _bases(base: str) -> tuple[str, str, str]:
    """An address, and the shortest ones that stand for it where a link begins at its root, or in its folder."""
    bare = re.split("[?#]", base, maxsplit=1)[0]
    found = re.match(r"https?://[^/]+/", bare)
    return (base, found.group(0), bare[: bare.rindex("/") + 1]) if found else (base, base, base)


_OWN_PORT = re.compile(r"^(http://[^/?#]*?):80(?=[/?#]|$)|^(https://[^/?#]*?):443(?=[/?#]|$)")
"""A port that the scheme means anyway makes no other address."""


@lru_cache(maxsize=16_384)
def _made(base: str, href: str) -> str:
    made = _joined(base, href)
    return _OWN_PORT.sub(r"\1\2", made) if ":80" in made or ":443" in made else made


def _joined(base: str, href: str) -> str:
    if _SIMPLE.fullmatch(href):
        if href[0] == "h":
            return href
        found = _FOLDER.match(base)
        if found:
            return (
                f"{found.group(1)}{href}"
                if href[0] == "/"
                else f"{found.group(0).rstrip('/')}/{href.removeprefix('./')}"
            )
    href = _FOLD.sub("", href).replace("\\", "/")
    path, mark, fragment = href.partition("#")
    try:
        made = urljoin(base, path) if path else base.partition("#")[0]
    except ValueError:
        return ""
    if mark and _ROUTES.match(fragment):
        return f"{made}#{fragment}"
    if not path:
        return ""
    return made if made.startswith(("http://", "https://")) else ""


def label_of(tree: Tree, node: Node) -> str:
    """A link's words: its text, else its title, else those of its picture."""
    text = tree.text(node)
    if not text and not node.hidden:
        text = " ".join((node.get("title") or node.get("aria-label")).split())
    if not text and node.tag == "area":
        text = " ".join(node.get("alt").split())
    if not text:
        for inner in tree.within(node, "img"):
            text = " ".join((inner.get("alt") or inner.get("title")).split())
            if text:
                break
    if not text:
        text = tree.text(node, hidden=True) or " ".join(node.get("title").split())
    return text[:400]


_told: dict[tuple[str, str, str], Link] = {}
_MOST_TOLD = 8192


def _plain_anchor(tree: Tree, node: Node, place: LinkPlace, bases: tuple[str, str, str]) -> Link | None:
    """The link of an anchor in sight that has words, an address and no handler: pages of a site share it, because nine
    in ten come again on the next. None where there is more to ask."""
    raw, text = node.get("href"), tree.text(node)
    against = _against(raw) if text else -1
    if against < 0:
        return None
    key = bases[against], raw, text
    known = _told.get(key)
    if known is not None and known.place is place and known.tag == node.tag:
        return known
    url = _made(bases[against], _of_href(raw)[0])
    if not url:
        return None
    if len(_told) >= _MOST_TOLD:
        _told.clear()
    link = _told[key] = Link(url=url, text=text[:400], place=place, tag=node.tag)
    return link


@lru_cache(maxsize=16_384)
def _against(raw: str) -> int:
    """Against what an href is read (`_stands`); -1 where it is empty or no address."""
    href, how, _ = _of_href(raw)
    return -1 if how or not href else _stands(href)


def _anchor(tree: Tree, regions: Regions, node: Node, base: str) -> Link | None:
    raw = node.get("href")
    href, how, target = _of_href(raw)
    if how == "none":
        return None
    handler = how == "acts" or (len(node.attrs) > 1 and _handled(node))
    url = absolute(base, target if how else href)
    if not url and "onclick" in node.attrs:
        target = script_target(node.get("onclick"))
        url = absolute(base, target) if target else ""
    if not url and how == "idle" and (target := aim(node, read_by_script(tree))):
        url, handler = absolute(base, target), True
    if not url and not target and href.startswith("#") and len(href) > 1:
        handler = True
    handler = handler or (not url and (_heads_a_menu(tree, node) or is_bound(tree, node)))
    different = not url or bool(target)
    return Link(
        url=url,
        text=label_of(tree, node),
        raw=raw.strip()[:200] if different else "",
        place=regions.of(node),
        tag="script" if target else node.tag,
        hidden=why_hidden(tree, node),
        handler=handler,
        at=tree.path(node) if node.hidden or (not url and not handler) else "",
        opener=opener_of(tree, node) if node.hidden else "",
    )


_BELOW = frozenset("ul ol dl dd div table".split())  # noqa: SIM905 - a list of tags


def _heads_a_menu(tree: Tree, node: Node) -> bool:
    """Whether links stand right below an anchor, in a block of their own that it opens: `a + ul`, `dt > a` with its `dd`."""
    while (outer := node.parent) is not None:
        if node.end < outer.end:
            below = tree.nodes[node.end]
            return (
                below.tag in _BELOW
                and below.tag != node.tag
                and any(map(_leads_on, tree.within(below, "a")[:_ENOUGH]))
            )
        first = tree.nodes[outer.i + 1]
        if outer.tag in _ENTRIES or (first is not node and first.tag not in _ICONS):
            return False
        node = outer
    return False


_ENOUGH = 20
_ICONS = frozenset({"i", "img", "em", "span"})
_ENTRIES = frozenset({"li", "dd", "td", "body"})
"""Where an entry ends: what follows it is the next one and not its own menu."""


def _leads_on(node: Node) -> bool:
    href = node.get("href").strip()
    return bool(href) and not href.startswith("#") and not _SCRIPT.match(href)


_IDLE = re.compile(
    r"(javascript|vbscript)\s*:\s*(void\s*\(?\s*0?\s*\)?|;|return false;?|false)?\s*;*\s*", re.IGNORECASE
)


@lru_cache(maxsize=16_384)
def _of_href(raw: str) -> tuple[str, str, str]:
    """An href folded, how it works (empty for an address, `none`, `idle`, `acts`), and where its script leads."""
    href = _FOLD.sub("", raw).strip()
    if _NO_LINK.match(href):
        return href, "none", ""
    if not _SCRIPT.match(href):
        return href, "", ""
    return href, "idle" if _IDLE.fullmatch(href) else "acts", script_target(href)


def _by_handler(tree: Tree, regions: Regions, node: Node, base: str) -> Link | None:
    target = clicked_target(node, read_by_script(tree))
    url = absolute(base, target) if target and not _SCRIPT.match(target) else ""
    if not url:
        return None
    if not urlsplit(url).netloc:
        return None
    return Link(
        url=url,
        text=label_of(tree, node),
        raw=target[:200],
        place=regions.of(node),
        tag="script",
        hidden=why_hidden(tree, node),
        handler=True,
        at=tree.path(node) if node.hidden else "",
    )


def _no_address(tree: Tree, regions: Regions, node: Node) -> Link | None:
    """An anchor without href is a link only where a script makes it one; plain text and named places are not."""
    if not _handled(node):
        return None
    text = label_of(tree, node)
    if not text:
        return None
    return Link(
        url="",
        text=text,
        place=regions.of(node),
        hidden=why_hidden(tree, node),
        handler=True,
        at=tree.path(node),
    )


def _picture(tree: Tree, regions: Regions, node: Node, base: str) -> Link | None:
    src = node.get("src")
    lazy = node.get("data-src") or node.get("data-original") or node.get("_src") or node.get("oldsrc")
    if not src.strip() or src.startswith("data:"):
        src = lazy
    if "{{" in src or "<%" in src:
        return None
    return _plain(tree, regions, node, base, src, "img")


def _plain(tree: Tree, regions: Regions, node: Node, base: str, value: str, tag: str) -> Link | None:
    value = value.strip()
    if not value or _NO_LINK.match(value) or _SCRIPT.match(value):
        return None
    url = absolute(base, value)
    if not url:
        return None
    text = " ".join(
        (node.get("alt") or node.get("title") or (tree.text(node) if tag == "option" else "")).split()
    )
    return Link(url=url, text=text[:200], place=regions.of(node), tag=tag, hidden=why_hidden(tree, node))


def _handled(node: Node) -> bool:
    attrs = node.attrs
    return not EVERYDAY.issuperset(attrs) and any(map(_handles, attrs))


@lru_cache(maxsize=4096)
def _handles(name: str) -> bool:
    return name not in _PLAIN and _FRAMEWORK.match(name) is not None
