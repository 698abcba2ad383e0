"""What a page calls itself: its headline, the path above it, and the name of its site."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from dossier.model import LinkPlace
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree

_CUT = re.compile(r"\s*(?:--+|——+|[|｜_—–])\s*|\s+-\s+|(?<=[\u4e00-\u9fff）》])-(?=[\u4e00-\u9fff])")
_TITLE_NAME = re.compile(
    r"(?:^|[\s_\-])(?:(?:article|content|news|detail|main|doc|info|art|page|text|xl|zw|wz|nr|con|view|cont|bt|gk|list|show|arc|d)?[_\-]?(?:title|tit|titles|headline|biaoti|bt|heading|name)|ucaptitle|h1|xxgk_bt|main-title|arti_title|titlebox|pagetitle)(?:[_\-]?\w{0,8})?(?=\s|$)"
)
_HIDDEN_TITLE = re.compile(
    r"newsarticletitle|articletitle|news_title|^title$|hidtitle|wxtitle|share_?title", re.IGNORECASE
)
_CRUMB_LABEL = re.compile(
    r"^[\W_]{0,4}(您?(当前|现在|目前)?(的|所在的?|在)?位置(是)?|当前(页面|栏目)?|现在位置|您现在的位置|你的位置|您的位置|你现在(的)?位置|所在位置|您所在的位置|当前位置是|您访问的(位置|页面)?)\s*[:：]?\s*"
)
_STEP_SIGN = re.compile(r"\s*(?:[>»›→＞﹥▶]+|-{2,}|\s-\s|\s/\s|(?<=\S)\|(?=\S)|\s·\s|\\|::)\s*")
_TRIMMINGS = re.compile(r"^[\s\ue000-\uf8ff:：]+|[\s\ue000-\uf8ff:：]+$")
_SITE_END = re.compile(
    r"(人民政府|委员会|厅|局|办公室|办公厅|政府网|门户网站|网站|政府|网|门户|中心|研究院|管理处|平台)$"
)
_PLAIN_STEP = re.compile(r"正文|列表|详情|内容|浏览|信息列表|文章列表|栏目列表|正文内容|>+")
_ABOUT_TEXT = re.compile(
    r"\s*(?:[（(\[【]?\s*(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}|[【\[(（]?\s*(?:发布(?:时间|日期)|信息来源|来源|日期|时间|字号|字体)\s*[:：])"
)
"""Where the lines about a text begin that some templates put into the headline's own element."""
_AWFUL = re.compile(
    r"^(无标题|untitled|document|公司网站|新建网页|首页|index|home|title|网页|详情页?|内容页?|列表页?|文章页?|正文|信息公开目录)$",
    re.IGNORECASE,
)


def breadcrumb_of(tree: Tree, regions: Regions) -> tuple[str, ...]:
    """The steps of the path (当前位置), the site's first page first."""
    best: tuple[str, ...] = ()
    for node in regions.crumbs:
        if node.hidden:
            continue
        steps = _steps(tree, node)
        if len(steps) > len(best) and len(steps) <= 12:
            best = steps
            if len(best) >= 2 and re.search("首页|主页|门户|网站", best[0]):
                break
    return best


def _steps(tree: Tree, node: Node) -> tuple[str, ...]:
    linked = [n for n in tree.within(node, "a") if tree.text(n)]
    text = tree.text(node)
    text = _CRUMB_LABEL.sub("", text)
    if not text or len(text) > 300:
        return ()
    for_links = [tree.text(n) for n in linked]
    if linked and any(mark in text for mark in (">", "»", "›", "→", "＞", "/", "-", "﹥", "|", "·", "\\")):
        steps = [step.strip() for step in _STEP_SIGN.split(text)]
    elif len(entries := [tree.text(n) for n in tree.within(node, "li")]) >= 2:
        # The sign between the steps is drawn by the style sheet.
        steps = entries
    elif linked:
        steps = list(for_links)
        tail = text.rsplit(for_links[-1], 1)[-1].strip(" 　>-/:：")
        if tail and len(tail) < 80:
            steps.append(tail)
    elif any(mark in text for mark in (">", "»", "›", "→", "＞", "﹥")):
        steps = [step.strip() for step in re.split(r"\s*[>»›→＞﹥]+\s*", text)]
    else:
        steps = []
    if len(linked) > 1 and len(steps) < len(linked):
        steps = list(for_links)
    clean = [_TRIMMINGS.sub("", step) for step in steps]
    return tuple(step for step in clean if step and len(step) < 100)


def clean_title(html_title: str, site: str | None) -> str:
    """A <title> without the names of the column and the site behind it."""
    parts = [part.strip() for part in _CUT.split(html_title) if part.strip()]
    if not parts:
        return ""
    if len(parts) == 1 and site and parts[0].endswith(site) and parts[0] != site:
        # Some templates put only spaces between the headline and the site's name.
        return parts[0].removesuffix(site).strip() or parts[0]
    if len(parts) > 1 and site and _same(parts[0], site):
        # The site's name first: the way down from it, so that the last is the page; a long one is a headline anywhere.
        longest = max(parts[1:], key=len)
        return longest if len(longest) >= _HEADLINE else parts[-1]
    return parts[0]


_HEADLINE = 14
"""Characters from which on a part of a <title> is the headline of a text; names of columns are shorter."""


def site_name_of(tags: dict[str, str], html_title: str, *, home: bool) -> str | None:
    """The site's own name: its label, else the last part of the title that reads like one."""
    if tags.get("SiteName"):
        return tags["SiteName"]
    parts = [part.strip() for part in _CUT.split(html_title) if part.strip()]
    if home and parts:
        named = [part for part in parts if _SITE_END.search(part)]
        return named[0] if named else None
    if len(parts) > 1 and _SITE_END.search(parts[-1]) and len(parts[-1]) <= 30:
        return parts[-1]
    return None


_CUT_TITLE = 12
"""Characters of a headline that may be cut without a sign of it; the shorter head of a menu is another name."""


def _goes_on(full: str, head: str) -> bool:
    """Whether a title's first words are only a part of its own, as 政府信息公开 is of 政府信息公开指南."""
    return len(head) < _CUT_TITLE and bool(re.match(r"[一-鿿]", full[len(head) : len(head) + 1]))


_STAMP = re.compile(
    r"(?<=\S)\s+[（(\[【]?((?:现行|继续|全文|部分|已经?)?(?:有效|失效|废止)|已修[改订]|尚?未生效)[）)\]】]?$"
)


def unstamped(headline: str | None) -> tuple[str | None, str]:
    """A headline without the word set apart behind it that says how the document stands, and that word."""
    found = _STAMP.search(headline or "")
    return (headline[: found.start()], found[1]) if headline and found else (headline, "")


_LEVEL = {"h1": 6, "h2": 4, "h3": 3, "h4": 1, "h5": 1, "ucaptitle": 9}
_TITLED = frozenset(
    ["div", "p", "span", "td", "h1", "h2", "h3", "h4", "h5", "dt", "li", "strong", "b", "font", "section"]
)
_LABEL = re.compile(r"[:：]$|^(来源|发布|时间|日期|作者|字体|索引号)")
_NO_TITLE = frozenset(
    [LinkPlace.FOOTER, LinkPlace.NAV, LinkPlace.SIDE, LinkPlace.PAGER, LinkPlace.BREADCRUMB]
)


@lru_cache(maxsize=16_384)
def _named_title(mark: str) -> bool:
    return len(mark) > 2 and _TITLE_NAME.search(mark) is not None


def headings(tree: Tree, regions: Regions, body: Node | None) -> list[tuple[Node, str, int]]:
    """Elements that may be the headline, with their text and how much they look like it."""
    found: list[tuple[Node, str, int]] = []
    called = [node for node in tree.named if node.tag in _TITLED and _named_title(node.mark)]
    numbers = {node.i for node in called}
    plain = [node for tag in _LEVEL for node in tree.tagged(tag) if node.i not in numbers]
    for node in sorted(called + plain, key=lambda node: node.i) if plain else called:
        level = _LEVEL.get(node.tag, 0)
        named = 5 if node.i in numbers else 0
        place = regions.of(node)
        if node.hidden or place in _NO_TITLE:
            continue
        if node.t1 - node.t0 > 120:
            continue
        text = tree.text(node)
        if not 2 <= len(text) <= 240:
            continue
        links = len(tree.within(node, "a"))
        score = (
            level
            + named
            - (4 if links else 0)
            - (4 if links > 1 else 0)
            - (2 if place is LinkPlace.HEADER else 0)
        )
        if any(above.tag == "li" or above.tag == "a" for above in node.up()):
            score -= 5
        if body is not None:
            if node.t1 <= body.t0:
                score += 2
            elif body.t0 <= node.t0 < body.t1:
                score += 0
            else:
                score -= 4
        found.append((node, text, score))
    return found


def article_title(
    tree: Tree,
    regions: Regions,
    body: Node | None,
    tags: dict[str, str],
    site: str | None,
    block_title: str | None,
) -> tuple[str | None, Node | None]:
    """The headline of one text, and the element that shows it."""
    wanted = [
        tags.get("ArticleTitle", ""),
        block_title or "",
        _hidden_title(tree),
        clean_title(tree.html_title, site),
    ]
    known = [
        _bare(text)
        for text in wanted
        if text and not _AWFUL.match(text.strip()) and not (site and _same(text, site))
    ]
    full = _bare(tree.html_title)
    path = min((crumb.t0 for crumb in regions.crumbs if not crumb.hidden), default=0)
    best: tuple[Node, str, int] | None = None
    for candidate, text, score in headings(tree, regions, body):
        bare = _bare(text)
        if len(bare) < 2 or (site and _same(text, site)) or _AWFUL.match(text):
            continue
        for rank, name in enumerate(known):
            if bare == name:
                score += 12 - rank
                break
            if len(bare) >= 6 and (
                (name.startswith(bare.rstrip(".…")) and (len(bare) >= _CUT_TITLE or bare[-1] in ".…"))
                or (bare.startswith(name.rstrip(".…")) and len(name) >= 6)
            ):
                score += 8 - rank
                break
        else:
            if len(bare) >= 4 and full.startswith(bare) and not _goes_on(full, bare):
                score += 7
            elif candidate.t1 <= path:
                score -= 6  # what stands above the path is the site's own name or banner
        if len(bare) >= 8:
            score += 1
        if _LABEL.search(text):
            score -= 8
        if best is None or score > best[2]:
            best = (candidate, text, score)
    sure = best if best is not None and best[2] >= 5 else None
    node: Node | None = sure[0] if sure else None
    shown = _first_known(tree, sure, known) if sure else None
    if shown is not None:
        # Where the page itself has the full form of a cut headline, take that.
        for text in wanted:
            if (
                text
                and re.search(r"(\.{2,}|…+)$", shown)
                and _bare(text).startswith(_bare(shown).rstrip(".…")[:12])
                and len(text) >= len(shown) - 3
            ):
                return " ".join(text.split()), node
        matched = (
            any(_bare(shown) == name for name in known)
            or best is None
            or best[2] >= 9
            or (best[2] >= 6 and bool(_SITE_END.search(clean_title(tree.html_title, site))))
        )
        if matched:
            return shown, node
    if best is None and not any(wanted[:3]):
        # The <title> may be the same on every page of the site, and the headline no more than large print.
        printed = _printed_large(tree, regions, body)
        if printed and _bare(printed[0]) not in full:
            return printed
    for text in wanted:
        text = " ".join(text.split())
        if text and not _AWFUL.match(text) and not (site and _same(text, site)):
            if (
                best is not None
                and best[2] >= 2
                and re.search(r"(门户网站|人民政府|政府网|官方网站|网站)$", text)
            ):
                return best[1], best[0]
            return text, node
    return shown, node


_LARGE = re.compile(r"font-size\s*:\s*(?:1[6-9]|[2-4]\d)(?:\.\d+)?\s*(?:px|pt)", re.IGNORECASE)
_LARGE_FONT = re.compile(r"^(?:[4-7]|\+[1-4])$")


def _printed_large(tree: Tree, regions: Regions, body: Node | None) -> tuple[str, Node] | None:
    """The first words in large print above the text, as pages have them that know no headings."""
    for node in sorted(tree.tagged("font", "span", "p", "td", "div"), key=lambda node: node.i):
        large = (
            _LARGE_FONT.match(node.get("size")) if node.tag == "font" else _LARGE.search(node.get("style"))
        )
        if (
            not large
            or node.hidden
            or (body is not None and node.t1 > body.t0 and not body.t0 <= node.t0 < body.t0 + 40)
        ):
            continue
        text = tree.text(node)
        if (
            6 <= len(text) <= 100
            and re.search(r"[一-鿿]{4}", text)
            and not _LABEL.search(text)
            and regions.of(node) not in _NO_TITLE
            and not tree.within(node, "a")
            and not any(above.tag == "a" for above in node.up())
        ):
            return text, node
    return None


def _first_known(tree: Tree, best: tuple[Node, str, int], known: list[str]) -> str:
    """The headline alone, where its element also holds a number or a subtitle."""
    if _bare(best[1]) not in known:
        for line in tree.lines(best[0]):
            if _bare(line) in known and len(line) >= 6:
                return line
        for found in _ABOUT_TEXT.finditer(best[1]):
            shorter = best[1][: found.start()]
            if _bare(shorter) in known:
                return shorter
    return best[1]


def column_title(
    tree: Tree, regions: Regions, tags: dict[str, str], site: str | None, breadcrumb: tuple[str, ...]
) -> str | None:
    """The name of a column: its label, the last step of the path, a heading, or the head of <title>."""
    name = tags.get("ColumnName", "").strip()
    steps = [step for step in breadcrumb[1:] if not _PLAIN_STEP.fullmatch(step)]
    head = clean_title(tree.html_title, site)
    if steps and _same(steps[-1], head):
        return steps[-1]
    if name and not (site and _same(name, site)):
        return name
    last = next((step for step in reversed(breadcrumb) if not _PLAIN_STEP.fullmatch(step)), "")
    upper = {_bare(step) for step in steps[:-1]}
    above = any(_bare(part) in upper for part in _CUT.split(tree.html_title)) if upper else False
    if above and _bare(last) not in _bare(tree.html_title):
        return last  # some sites give the <title> of a column to all below it
    title = head
    if title and not _AWFUL.match(title) and not (site and _same(title, site)):
        if (
            last
            and _bare(last) != _bare(title)
            and last != "首页"
            and len(breadcrumb) > 1
            and _bare(last) not in _bare(title)
        ):
            return last if len(title) > 24 or _SITE_END.search(title) else title
        return title
    if last and last != "首页":
        return last
    for _node, text, score in sorted(headings(tree, regions, None), key=lambda h: -h[2]):
        if score >= 5 and len(text) <= 30 and not (site and _same(text, site)):
            return text
    return title or None


def is_home_address(url: str) -> bool:
    """The address is that of a site's first page."""
    parts = urlsplit(url)
    path = re.sub(r"/+", "/", parts.path or "/")
    return not parts.query and bool(
        re.fullmatch(r"/?((index|default|main|home|sy|shouye)\d{0,2}\.\w{3,5})?", path, re.IGNORECASE)
    )


def _hidden_title(tree: Tree) -> str:
    for node in tree.veiled:
        if node.tag in ("div", "span", "input", "p", "h1", "textarea"):
            name = node.get("id") or node.get("name")
            if name and _HIDDEN_TITLE.search(name):
                text = node.get("value") if node.tag == "input" else tree.text(node, hidden=True)
                if 4 <= len(text) <= 240:
                    return " ".join(text.split())
    return ""


_NOT_BARE = re.compile(r"[\s\u200b\ue000-\uf8ff]+|<br\s*/?>")


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return _NOT_BARE.sub("", text)


def _same(a: str, b: str) -> bool:
    return _bare(a) == _bare(b)
