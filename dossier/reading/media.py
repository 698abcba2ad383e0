"""Forms of telling other than words."""

from __future__ import annotations

import re
from itertools import islice

from dossier.model import LinkPlace
from dossier.reading.body import labels_only
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree, lines_in

_VIDEO = re.compile(
    r"\.(mp4|m3u8|flv|mov|avi|wmv|webm)\b|nfw-cms-video|prism-player|aliplayer|video-?player|ckplayer|jwplayer|v\.qq\.com|player\.youku",
    re.IGNORECASE,
)
_AUDIO = re.compile(r"\.(mp3|wav|m4a|aac)\b", re.IGNORECASE)
_H5 = re.compile(r"h5\.|/h5/|eqxiu|rabbitpre|maka\.im|ih5\.cn|mp\.weixin\.qq\.com/h5|scene", re.IGNORECASE)


_TRIMMING = re.compile(
    r"icon|logo|/fileicon|\.gif$|share|weixin|print|qrcode|ewm|blank|spacer"
    r"|/(?:time|date|clock|source|from|eye|view|dot|arrow|line|btn|tag)[\w-]*\.(?:png|svg|jpe?g)$"
)
_SIGN_WORDS = re.compile(
    r"^(?:发布|更新|成文)?(?:时间|日期)$|^(?:信息)?来源$|^(?:浏览|阅读|点击)|打印|分享|收藏|字号|二维码"
)
_SMALLEST = 48
"""A picture that is smaller on a side than this, in dots, is a sign and shows nothing."""


def _is_sign(node: Node) -> bool:
    """Whether a picture only stands for a word beside it, as a clock does for the time."""
    if _SIGN_WORDS.search(node.get("title") or node.get("alt")):
        return True
    sizes = [re.match(r"\s*(\d{1,9})\s*(?:px)?\s*$", node.get(name)) for name in ("width", "height")]
    return any(size and 0 < int(size[1]) < _SMALLEST for size in sizes)


def _shows(node: Node) -> bool:
    """Whether a picture shows something; one that is fetched when it comes into sight keeps its address beside a blank."""
    source = (node.get("data-original") or node.get("data-src") or node.get("src")).lower()
    return bool(source) and not _TRIMMING.search(source) and not _is_sign(node)


_CAPTION = re.compile(r"[一-鿿·]{2,4}")
_CAPTION_BOUND = 40


def named_by_pictures(tree: Tree, regions: Regions, said: str) -> str:
    """What portraits are called, each with the words that follow it: some pages give a name nowhere else."""
    lines: list[str] = []
    for node in tree.tagged("img"):
        name = "".join((node.get("alt") or node.get("title")).split())
        if not _CAPTION.fullmatch(name) or name in said or node.hidden or len(lines) >= _CAPTION_BOUND:
            continue
        if regions.of(node) not in (LinkPlace.BODY, LinkPlace.MAIN) or _is_sign(node):
            continue
        after = lines_in(tree.between(node.t1, node.t1 + _CAPTION_BOUND))
        lines.append(f"{name} {after[0][:_CAPTION_BOUND]}" if after else name)
    return "\n".join(lines)


_HARDLY_A_TEXT = 60
"""Characters below which a page tells by what it shows."""


def _shown_below(tree: Tree, regions: Regions, headline: Node) -> bool:
    """Whether pictures stand below the headline, outside the frame and behind no link: a text that was scanned."""
    return any(
        node.i > headline.i
        and not node.hidden
        and regions.of(node) in (LinkPlace.BODY, LinkPlace.MAIN)
        and _shows(node)
        and not any(above.tag in ("a", "li") for above in islice(node.up(), 8))
        for node in tree.tagged("img")
    )


_PLAYED = ("video", "embed", "object", "audio")
_PAINTED = re.compile(r"background[^;]*url\(", re.IGNORECASE)


def shown_without_words(tree: Tree, regions: Regions, said: int) -> tuple[str, ...]:
    """What a page that is no single text, a column or a frame within one, plays or embeds where it hardly says a word:
    a file shown in the page, a film, and where it says nothing at all a painted background. `said` is how many characters
    its own part shows."""
    if said >= _HARDLY_A_TEXT:
        return ()
    found: dict[str, None] = {}
    for node in tree.tagged(*_PLAYED):
        if not node.hidden and regions.of(node) in (LinkPlace.BODY, LinkPlace.MAIN, LinkPlace.LIST):
            found.setdefault("audio" if node.tag == "audio" else "video")
    if not tree.shown.strip() and any(_PAINTED.search(node.get("style")) for node in tree.nodes):
        found.setdefault("image")
    return tuple(found)


def media_of(
    tree: Tree, regions: Regions, body: Node | None, headline: Node | None, title: str, text: str
) -> tuple[str, ...]:
    """image, video, audio, h5, animation, interview, conference, as far as the main text shows them."""
    hardly = len(text) < _HARDLY_A_TEXT or labels_only(text.splitlines())
    scanned = headline is not None and hardly and _shown_below(tree, regions, headline)
    if body is None:
        return ("image",) if scanned else ()
    found: dict[str, None] = {}
    pictures = int(scanned)
    for node in tree.inside(body):
        if node.tag == "img":
            pictures += _shows(node)
        elif node.tag in ("video", "embed", "object") or (
            node.tag in ("div", "iframe", "a", "source")
            and _VIDEO.search(f"{node.mark} {node.get('src')} {node.get('href')}")
        ):
            found.setdefault("video")
        elif node.tag == "audio" or (
            node.tag in ("a", "source") and _AUDIO.search(f"{node.get('src')} {node.get('href')}")
        ):
            found.setdefault("audio")
        elif node.tag in ("iframe", "a") and _H5.search(node.get("src") or node.get("href")):
            found.setdefault("h5")
    if body.tag not in ("body", "html"):
        span = range(body.i, body.end)
        for node, code in tree.scripts:
            if node.i in span and _VIDEO.search(code[:20000]):
                found.setdefault("video")
    if pictures:
        found.setdefault("image")
    if re.search("动漫|动画|漫画|漫说", title):
        found.setdefault("animation")
    if re.search("访谈|专访|答记者问", title):
        found.setdefault("interview")
    if re.search("新闻发布会|发布会|吹风会", title):
        found.setdefault("conference")
    if re.search("视频", title) and "video" not in found and len(text) < 300:
        found.setdefault("video")
    return tuple(found)
