"""Where a list goes on, and from where it is drawn, in the ways of the usual systems."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from dossier.model import Link, LinkPlace
from dossier.reading.links import absolute
from dossier.reading.numbered import further_pages
from dossier.reading.sieve import fold
from dossier.reading.tree import Tree

PAGES_BOUND = 500
_TRS = re.compile(
    r"create(?:Page|Pager|PageNav|Paging)\w*\(\s*['\"]?(\d{1,9})['\"]?\s*,\s*['\"]?(\d{1,9})['\"]?\s*,\s*['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]",
    re.IGNORECASE,
)
_TRS_SELECTOR = re.compile(
    r"create(?:Page|Pager)\w*\(\s*['\"][^'\"]*['\"]\s*,\s*(\d{1,9})\s*,\s*(\d{1,9})\s*,\s*['\"]([^'\"]+)['\"]\s*,\s*['\"](\w+)['\"]",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"var\s+(?:countPage|pageCount|totalPage|m_nRecordCount|_nPageCount|nPageCount|totalPages)\s*=\s*['\"]?(\d{1,9})",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"var\s+(?:currentPage|curPage|nCurrIndex|_nCurrIndex|currPage)\s*=\s*['\"]?(\d{1,9})", re.IGNORECASE
)
_OF = re.compile(
    r"(?:^|[^\d/])(\d{1,4})\s*/\s*(\d{1,4})\s*页|共\s*(\d{1,4})\s*页|页次[:：]\s*(\d+)\s*/\s*(\d+)"
)
_NEXT = re.compile(r"^\s*(下一?页|后一页|下页|next|>|›|»|下一页\s*[>›»]*|>>)\s*$", re.IGNORECASE)
_NEXT_BEGINS = tuple("下后nN>›»")
_NUMBER = re.compile(r"^\s*[\[(]?\d{1,4}[\])]?\s*$")
_DATA = re.compile(
    r"""['"]([^'"\s<>]{2,300}?(?:\.json|ds_\w+\.json|dataproxy\.jsp[^'"]*|/build/unit[^'"]*|getZwgkList[^'"]*|openSearch/[^'"]*|/interface-\w+/[^'"]*|\.xml))(?:\?[^'"\s]*)?['"]""",
    re.IGNORECASE,
)
_DATA_SIGNS = (b".json", b"dataproxy", b"/build/unit", b"getzwgk", b"opensearch", b"/interface-", b".xml")
"""Parts of the words of `_DATA`, which is slow: without any of them it need not be asked."""
_AJAX = re.compile(
    r"""(?:\$\.(?:get|post|getJSON|ajax)\s*\(\s*|url\s*:\s*|axios\.(?:get|post)\s*\(\s*|fetch\s*\(\s*)['"`]([^'"`\s]{3,300})['"`]""",
    re.IGNORECASE,
)
_LOAD = re.compile(
    r"""\.load\s*\(\s*['"]([^'"]+)['"]|\$\(['"]#?\w+['"]\)\.html\(\s*['"]?([^'")]+\.html?)['"]|include\w*\(\s*['"]([^'"]+\.s?html?)['"]""",
    re.IGNORECASE,
)
_BIND = re.compile(r"^(ms-repeat|ms-for|v-for|ng-repeat|data-ng-repeat|:for|x-for|ms-controller|data-bind)$")


def next_pages(tree: Tree, links: tuple[Link, ...], url: str, *, home: bool = False) -> tuple[str, ...]:
    """Addresses of the list's further pages, in order, as far as the page tells."""
    unsaid = _unsaid(links, url, home=home)
    found: list[str] = []
    code = "\n".join(script for _, script in tree.scripts if "age" in script)
    found += _by_call(code, url)
    for link in links:
        if (link.place is LinkPlace.PAGER or link.text[:1] in _NEXT_BEGINS) and (
            link.url
            and link.tag in ("a", "script")
            and (link.place is LinkPlace.PAGER or _NEXT.match(link.text))
            and (_NUMBER.match(link.text) or _NEXT.match(link.text) or link.text in ("尾页", "末页"))
            and not _FIRST.match(link.text)
            and link.url not in unsaid
        ):
            found.append(link.url)
    found += further_pages(links, url)
    if not found:
        found += _by_count(code, url)
    unique: dict[str, None] = {}
    for address in found:
        if address and address != url and address.startswith("http"):
            unique.setdefault(address)
    return tuple(list(unique)[:PAGES_BOUND])


_SIGN = re.compile(r"\s*[>›»]+\s*")


def _unsaid(links: tuple[Link, ...], url: str, *, home: bool) -> frozenset[str]:
    """What a mere arrow (`>>`) leads to without being the next page: beside the heading of a block it means 更多. The
    next page stands in a pager, or is the only one and has a number that the page itself has not."""
    arrows = {
        link.url
        for link in links
        if link.url and link.place is not LinkPlace.PAGER and _SIGN.fullmatch(link.text)
    }
    if home or len(arrows) != 1:
        return frozenset(arrows)
    folder = url.partition("?")[0].rpartition("/")[0]
    other = next(iter(arrows))
    goes_on = other.startswith(folder) and any(char.isdigit() for char in other[len(folder) :])
    return frozenset() if goes_on else frozenset(arrows)


_FIRST = re.compile(r"^\s*[\[(]?0*1[\])]?\s*$")
"""The number of the first page, which follows no other."""


def _by_call(code: str, url: str) -> list[str]:
    match = _TRS.search(code) or _TRS_SELECTOR.search(code)
    if not match:
        return []
    count, current, name, extension = int(match.group(1)), int(match.group(2)), match.group(3), match.group(4)
    # The fifth argument of some sites is the number of records, not of pages; the first page still tells enough.
    folder = url.split("?", 1)[0].rsplit("/", 1)[0] + "/"
    return [
        f"{folder}{name or 'index'}_{n}.{extension or 'html'}"
        for n in range(current + 1, min(count, PAGES_BOUND))
    ]


def _by_count(code: str, url: str) -> list[str]:
    """`index_2.html` where only the number of pages is told (EmpireCMS counts from 2, TRS from 1)."""
    counted = _COUNT.search(code)
    path = urlsplit(url).path
    name = path.rsplit("/", 1)[-1]
    if counted and int(counted.group(1)) > 1 and "createPage" in code:
        stem, _, extension = (name or "index.shtml").partition(".")
        stem = re.sub(r"_\d+$", "", stem)
        current = _CURRENT.search(code)
        start = int(current.group(1)) if current else 0
        folder = url.split("?", 1)[0].rsplit("/", 1)[0] + "/"
        return [
            f"{folder}{stem}_{n}.{extension or 'shtml'}"
            for n in range(start + 1, min(int(counted.group(1)), PAGES_BOUND))
        ]
    return []


def includes_of(tree: Tree, base: str) -> tuple[str, ...]:
    """Parts that the page loads into itself."""
    found: dict[str, None] = {}
    for _, code in tree.scripts:
        if ".load" in code or "include" in code or ".html(" in code:
            for groups in _LOAD.findall(_live(code)):
                target = next((group for group in groups if group), "").split(" ")[0]
                address = absolute(base, target) if target else ""
                if address:
                    found.setdefault(address)
    framed = tree.tagged("iframe", "frame", "embed")
    for node in sorted({node.i: node for node in (*framed, *tree.odd)}.values(), key=lambda node: node.i):
        if node.tag in ("iframe", "frame", "embed") and not node.hidden:
            src = node.get("src")
            if src and re.search(r"\.(s?html?|jsp|aspx?|php)(\?|$)|/$", src):
                address = absolute(base, src)
                if address:
                    found.setdefault(address)
        elif "data-include" in node.attrs or "include" in node.attrs or "w3-include-html" in node.attrs:
            value = node.get("data-include") or node.get("include") or node.get("w3-include-html")
            address = absolute(base, value) if value else ""
            if address:
                found.setdefault(address)
    return tuple(found)


_SOURCES = frozenset(
    ["data", "data-url", "url", "data-src", "datasource", "data-datasource", "queryData", "querydata"]
)


_PAGE_NUMBER = re.compile(
    r"[?&](?:page|pageno|page_no|pagenum|pageindex|currentpage|curpage|p|pn)=$", re.IGNORECASE
)


def data_sources_of(tree: Tree, base: str) -> tuple[str, ...]:
    """Addresses of data from which lists are drawn, where the page names them."""
    found: dict[str, None] = {}
    whole = _shelf_is_whole(tree)
    for _, code in tree.scripts:
        if not code or (whole and "dataproxy" in code):
            continue
        live = _live(code[:200_000])
        folded = fold(live)
        for match in _DATA.findall(live) if any(sign in folded for sign in _DATA_SIGNS) else ():
            _add(found, base, match)
        if (
            "ajax" in live
            or "getJSON" in live
            or "axios" in live
            or "fetch" in live
            or "$.get" in live
            or "$.post" in live
        ):
            for match in _AJAX.finditer(live):
                asked = _spelled(live, match)
                if not _NO_DATA.search(asked):
                    _add(found, base, asked)
    for node in tree.odd:
        if _SOURCES.isdisjoint(node.attrs):
            continue
        for name in ("data", "data-url", "url", "data-src", "datasource", "data-datasource"):
            value = node.attrs.get(name)
            if value and re.search(r"\.json(\?|$)|ds_\w+|/build/unit", value):
                _add(found, base, value)
        if (node.tag == "div" and node.attrs.get("queryData")) or node.attrs.get("querydata"):
            query = _jpaas(node.get("querydata"), node.get("url"))
            if query:
                _add(found, base, query)
    return tuple(found)


_NO_DATA = re.compile(r"\.(js|css|png|jpe?g|gif|s?html?)(\?|$)", re.IGNORECASE)
_PLUS = re.compile(r"""\s*\+\s*(?:(['"])(?P<words>[^'"\s]*)\1|(?P<name>[\w$.]+)(?!\s*[\w$.(\[]))""")
_INSERT = re.compile(r"\$\{\s*([\w$.]+)\s*\}")
_SENT = re.compile(r"\s*,\s*(?:data\s*:\s*)?\{([^{}]{0,400})\}")
_PAIR = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:['"]([^'"]*)['"]|(\d+)|([A-Za-z_$][\w$.]*))\s*(?=,|$)""")
_POSTED = re.compile(r"""(?:type|method)\s*:\s*['"]post|\$\.post\(|axios\.post\(""", re.IGNORECASE)


def _spelled(code: str, match: re.Match[str]) -> str:
    """The address that a script asks, put together where it adds names whose values stand beside it."""
    address = match[1]
    if match[0].endswith("`"):
        return _INSERT.sub(lambda name: _value(code, name[1], address[: name.start()]), address)
    at = match.end()
    while more := _PLUS.match(code, at):
        address += more["words"] if more["name"] is None else _value(code, more["name"], address)
        at = more.end()
    sent = _SENT.match(code, at)
    if (
        sent
        and "?" not in address
        and not _POSTED.search(f"{match[0]}{code[match.start() : sent.end() + 120]}")
    ):
        pairs = [
            f"{key}={word or number or _value(code, name, f'?{key}=')}"
            for key, word, number, name in _PAIR.findall(sent[1].strip())
        ]
        address += f"?{'&'.join(pairs)}" if pairs else ""
    return address


def _value(code: str, name: str, before: str) -> str:
    """What a name stands for: the page shown first is the first, all else must be said in the script."""
    last = re.escape(name.rpartition(".")[2])
    said = re.search(rf"\b{last}\s*[=:]\s*(['\"]?)([\w\-/]+)\1\s*[;,\n\r)}}]", code)
    if said and (said[1] or said[2].isdigit()):
        return said[2]
    return "1" if _PAGE_NUMBER.search(before) else "{"


@lru_cache(maxsize=4096)
def _binds(name: str) -> bool:
    return name != "ms-controller" and _BIND.match(name) is not None


def script_lists(tree: Tree) -> bool:
    """A list here is filled by script and empty in the source."""
    for node in tree.odd:
        if any(map(_binds, node.attrs)):
            return True
    # Rows that a Hanweb list shows first may be kept in the page itself: such a list is seen.
    kept = _shelf_is_whole(tree) or any("<record>" in code for _, code in tree.scripts)
    return any(
        ("dataproxy.jsp" in code and not kept) or ("jpaas" in code and "<record>" not in code)
        for _, code in tree.scripts
    )


_TOTAL = re.compile(r"\btotalrecord['\"]?\s*[:=]\s*['\"]?(\d{1,9})", re.IGNORECASE)


def _shelf_is_whole(tree: Tree) -> bool:
    """Whether all rows that a Hanweb list says it has are kept in the page: asking for more brings none."""
    codes = [code for _, code in tree.scripts if "ecord" in code]
    totals = [int(found) for code in codes for found in _TOTAL.findall(code)]
    return bool(totals) and sum(code.count("<record>") for code in codes) >= sum(totals)


def _jpaas(query: str, url: str) -> str:
    if not query or not url:
        return ""
    pairs = re.findall(r"['\"]?(\w+)['\"]?\s*:\s*['\"]([^'\"]*)['\"]", query)
    return f"{url}?{'&'.join(f'{key}={value}' for key, value in pairs)}" if pairs else ""


def _add(found: dict[str, None], base: str, value: str) -> None:
    if (
        "'" in value
        or "{" in value
        or value.startswith(("data:", "javascript"))
        or value.endswith((".js", ".css"))
    ):
        return
    if value.endswith("="):
        # The script puts a number there: the first page is the one that is shown first.
        value = f"{value}1" if _PAGE_NUMBER.search(value) else ""
    address = absolute(base, value) if value else ""
    if address:
        found.setdefault(address)


def _live(code: str) -> str:
    if "/*" in code:
        code = re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)
    return re.sub(r"(?m)^\s*//.*$", "", code) if "//" in code else code
