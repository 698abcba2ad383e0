"""One text or a list, the site's first page or not, its own number or a cited one: what has to be weighed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urljoin

from dossier.model import DateSource, MetadataField
from dossier.reading.dates import any_date
from dossier.reading.headline import is_home_address
from dossier.reading.lists import Lists
from dossier.reading.metadata import value_of
from dossier.reading.numbers import number_alone, number_value
from dossier.reading.publication import signed_of
from dossier.reading.tree import Tree

_ARTICLE_ADDRESS = re.compile(
    r"/t(19|20)\d{6}_\d+|/content/post_|post_\d+|/art/(19|20)\d\d/|/c_?\d{4,}|/info/\d+/\d+|/(19|20)\d\d-\d\d-\d\d/\d+|"
    r"/\d{4,}\.s?html?$|/(19|20)\d{4}/[0-9a-f]{16,}|/[0-9a-f]{32}|/content_\d+|/detail|articleId=|/page\.html?$|/art_\d+",
    re.IGNORECASE,
)
_COLUMN_ADDRESS = re.compile(
    r"/$|/(index|list|default|node|column|col|channel)[_\-]?\d*(_\d+)?\.\w{2,5}$|/[^./]+$|/list[_/]|/node_\d+",
    re.IGNORECASE,
)
_NUMBERED = r"[一-鿿]{2,12}[〔［\[(（][12]\d{3}[〕］\])）]\d{1,5}号"
_AT_AN_END = re.compile(rf"^({_NUMBERED})|(?<=[^》])[（(]({_NUMBERED})[）)]$")
_ABOUT_A_TEXT = re.compile(r"来\s*源\s*[:：]|浏览次数|字体|字号|打印|分享")


def speaks_for_one_text(
    url: str,
    tags: dict[str, str],
    dated_by: DateSource | None,
    has_block: bool,
    text: str,
    lists: Lists,
    zone: list[str],
    *,
    paged: bool,
    linked: bool = False,
) -> bool:
    """More speaks for one text than for a list: its labels, its date line, its length, its address."""
    article = column = 0
    path = url.split("#", 1)[0]
    rows = lists.main_dated >= 3 and not tags.get("ArticleTitle") and not tags.get("PubDate")
    if tags.get("ArticleTitle"):
        article += 6
    elif any(name.startswith("Column") and value for name, value in tags.items()):
        column += 4
    article += 3 * bool(tags.get("PubDate"))
    only_row = 0 < lists.main_dated < 3 and len(text) < 40
    if not rows:  # else the date and the source under a label may be those of the first row
        article += 4 * (dated_by is DateSource.LABEL or (dated_by is DateSource.POSITION and not only_row))
        article += 3 * any(_ABOUT_A_TEXT.search(line) for line in zone)
    article += 4 * has_block
    told = 0 if linked else len(text)  # words that lead elsewhere are a list's, however many they are
    article += 2 * (told >= 120) + (told >= 500)
    if _ARTICLE_ADDRESS.search(path):
        article += 3
    elif _COLUMN_ADDRESS.search(path.split("?", 1)[0]):
        column += 3
    column += 3 * (lists.main_dated >= 3) + 2 * (lists.main_dated >= 8)
    column += 2 * (lists.main_rows >= 5 and len(text) < 200)
    column += 3 * paged + 2 * (len(text) < 40)
    article += 4 * (lists.main_rows < 3 and told >= 150)
    return article > column


def is_home(tree: Tree, url: str, tags: dict[str, str], breadcrumb: tuple[str, ...], lists: Lists) -> bool:
    """The first page of a site: by its address, or, in a folder, by its title and its many lists."""
    column = tags.get("ColumnName", "").strip()
    name = tags.get("SiteName", "")
    if tags.get("ArticleTitle") or column not in ("", "首页", "网站首页", name) or len(breadcrumb) >= 2:
        return False
    if is_home_address(url):
        # A page of one text without any way onward stands at such an address only by accident.
        return bool(lists.items) or sum(1 for node in tree.nodes if node.tag == "a" and node.get("href")) >= 8
    blocks = {item.block for item in lists.items}
    if len(blocks) < 2 or not name or tree.html_title != name:
        return False
    return re.search(r"/index\.\w{3,5}$|/$", url) is not None or _calls_itself_home(tree, url)


def _calls_itself_home(tree: Tree, url: str) -> bool:
    """Whether the link called 首页 leads to this very page, whatever its address."""
    return any(
        "".join(tree.text(node).split()) in ("首页", "网站首页") and urljoin(url, node.get("href")) == url
        for node in tree.tagged("a")
        if node.get("href")
    )


def own_number(block: tuple[MetadataField, ...], title: str, head: Iterable[str]) -> tuple[str | None, str]:
    """The page's own 发文字号 and where it stood; one that is merely cited does not count."""
    stated = value_of(block, "document_number")
    number = number_value(stated) if stated else ""
    if number:
        return number, "metadata"
    before = ""
    for line in head:
        number = number_alone(line)
        # A number right under a title in 《》 is that other document's.
        if number and not before.endswith(("》", "》：", "》:")):
            return number, "head"
        before = line
    found = _AT_AN_END.search("".join(title.split()))
    if found:
        return number_alone(found.group(1) or found.group(2)), "head"
    return None, ""


def day_of_writing(block: tuple[MetadataField, ...], text: str) -> date | None:
    """成文日期: as the block says, else under the signature."""
    stated = value_of(block, "written")
    return (any_date(stated) if stated else None) or signed_of(text)
