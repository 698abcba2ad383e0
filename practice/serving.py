"""What each address of a site answers."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote_plus, urlsplit

from practice import bodies, files, pages
from practice.model import Attachment, Leaf, Section, Site
from practice.skins import SKINS


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    """Accepts and never answers."""
    cut: bool = False
    """States no length and ends where the body ends, which may be in its middle."""


_PAGED = (
    re.compile(r"^(?P<base>.*/)index_(?P<n>\d+)\.(?:s?html?|jhtml)$"),
    re.compile(r"^(?P<base>.*)/(?P<n>\d+)\.htm$"),
    re.compile(r"^(?P<base>.*)\?page=(?P<n>\d+)$"),
    re.compile(r"^(?P<base>.*)_(?P<n>\d+)\.html$"),
    re.compile(r"^(?P<base>.*)&page=(?P<n>\d+)$"),
)
_CHALLENGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="{a}" content="{b}" r="m">'
    "<script type=\"text/javascript\" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={{}};$_ts.nsd=8{c};$_ts.cd=\"{b}\";if($_ts.lcd)$_ts.lcd();"
    "</script></head><body></body></html><script type=\"text/javascript\" r='m'>_$cT();</script>"
)
_JSL = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+('l')+('e')+('a')+('r')+('a')+('n')+('c')+('e')+"
    "('_')+('s')+('=')+(-~0+'')+('|')+('{a}');location.href=location.pathname+location.search</script>"
)
_CAPTCHA = (
    '<html><head><meta charset="utf-8"><title>安全验证</title></head><body><form action="/waf_verify" method="post">'
    '<p>您的访问过于频繁，请输入验证码后继续访问</p><img src="/waf_captcha.png"><input name="captcha"><input type="submit" value="提交">'
    "</form></body></html>"
)


class SiteServer:
    """One site's answers, found by address and drawn on demand."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.columns: dict[str, Section] = {s.url: s for s in site.sections.values() if not s.alias}
        self.files: dict[str, tuple[Attachment, Leaf]] = {
            f.url: (f, leaf) for leaf in site.leaves.values() for f in leaf.attachments
        }
        self.moved = {leaf.moved_from: leaf.url for leaf in site.leaves.values() if leaf.moved_from}
        self.asked: dict[str, int] = {}

    def answer(self, url: str) -> Answer:
        """The answer to one request for an address of this site (without fragment)."""
        site = self.site
        parts = urlsplit(url)
        if site.bare_redirect and parts.hostname == site.unit.domain != site.host:
            return moved(f"http://{site.host}{parts.path or '/'}")
        if parts.path == "/robots.txt":
            text = site.robots
            return (
                Answer(200, text.encode(), "text/plain")
                if text and site.access == "ok"
                else self.missing(url, "404")
            )
        barred = self._barred(url)
        if barred:
            return barred
        if url in site.flaky:
            self.asked[url] = self.asked.get(url, 0) + 1
            if self.asked[url] == 1:
                late = site.flaky[url] == "429"
                return Answer(
                    429 if late else 503, b"busy", "text/plain", {"Retry-After": "1"} if late else {}
                )
        if url in site.gone:
            return self.missing(url, site.gone[url])
        return self._found(url) or self._special(url) or self.missing(url, site.not_found)

    def _barred(self, url: str) -> Answer | None:
        site = self.site
        token = hashlib.sha256(url.encode()).hexdigest()
        match site.access:
            case "silent":
                return Answer(0, hang=True)
            case "forbidden":
                return Answer(
                    403, b"<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>"
                )
            case "412":
                return Answer(412, _CHALLENGE.format(a=token[:12], b=token * 3, c=token[:4]).encode())
            case "521":
                return Answer(521, _JSL.format(a=token[:20]).encode())
            case "captcha":
                return Answer(200, _CAPTCHA.encode())
        return None

    def _found(self, url: str) -> Answer | None:
        site = self.site
        folder = re.sub(r"/index\.s?html?$", "/", url)
        if url == site.home or folder == site.home:
            return self._html(pages.draw_home(site))
        if url in self.moved:
            return moved(self.moved[url])
        leaf = site.leaves.get(url) or site.leaves.get(folder)
        section = self.columns.get(url) or self.columns.get(folder)
        if (section and section.hangs) or (leaf and leaf.section.hangs):
            return Answer(0, hang=True)
        if leaf:
            return self._html(pages.draw_leaf(site, leaf))
        if section:
            return self._html(pages.draw_column(site, section, 0))
        if url in self.files:
            return self._file(*self.files[url])
        for pattern in _PAGED:
            if found := pattern.match(url):
                drawn = self._page(found["base"], int(found["n"]))
                if drawn:
                    return drawn
        return None

    def _page(self, base: str, n: int) -> Answer | None:
        ones = ("guangdong", "plainjson", "empire", "oldgbk", "jhtml", "soup")
        first = 1 if self.site.skin in ones else 0
        for url in (base, base + "index.html", base + ".html", base + ".htm", base + "index.jhtml"):
            section = self.columns.get(url)
            if section and self.site.skin == "boda":  # the oldest page is the first
                n = -(-len(section.leaves) // SKINS["boda"].per_page) - n
            if section and not section.page and n - first > 0:
                drawn = pages.draw_column(self.site, section, n - first)
                return self._html(drawn) if drawn else None
        return None

    def _html(self, text: str | None) -> Answer:
        if text is None:
            return self.missing("", self.site.not_found)
        if self.site.encoding == "utf-8":
            return Answer(
                200, text.encode(), "text/html; charset=utf-8" if self.site.declared else "text/html"
            )
        return Answer(200, text.encode("gb18030", "replace"))

    def _file(self, file: Attachment, leaf: Leaf) -> Answer:
        if file.state == "gone":
            return self.missing(file.url, self.site.not_found)
        if file.state == "html":
            return self._html(pages.draw_missing(self.site))
        if file.body is not None:
            return Answer(200, file.body(), files.TYPES[file.form])
        title = file.text.split("：")[-1].rsplit(".", 1)[0]
        lines = [title, *(p[:44] for p in bodies.paragraphs(self.site, leaf)[:8])]
        lines += [said.replace("\t", "　") for said in file.says if file.form != "xlsx"]
        match file.form:
            case "pdf":
                body = files.pdf(lines)
            case "docx":
                fields = ["姓名（名称）：", "证件号码：", "联系方式：", "所需政府信息内容描述："]
                body = files.word(title, fields if leaf.kind == "application" else lines[1:])
            case _:
                rows = [["序号", "名称", "备注"], *([str(n), x, ""] for n, x in enumerate(lines, 1))]
                body = files.workbook("附件", rows + [said.split("\t") for said in file.says])
        return Answer(200, body, files.TYPES[file.form])

    def _special(self, url: str) -> Answer | None:
        site, parts = self.site, urlsplit(url)
        path = parts.path
        # A form sends its words in the page's own encoding, and the server takes them for that.
        query = parse_qs(parts.query, encoding=site.encoding, errors="replace")
        if path == "/public/footer.html":
            return self._html(SKINS[site.skin].footer_html(site))
        if path.startswith("/images/") and not path.startswith("/images/gone/"):
            if path.endswith((".css", ".js")):
                return Answer(200, b"/* */", "text/css" if path.endswith("css") else "application/javascript")
            return Answer(200, files.PICTURE, "image/png")
        if path.startswith("/media/"):
            return Answer(200, files.FILM, "video/mp4")
        if path == "/search" and site.search != "none":
            if site.search == "error":
                return Answer(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>")
            return self._html(pages.draw_search(site, unquote_plus(query.get("q", [""])[0])))
        if path == "/calendar" and "calendar" in site.traps:
            year, month = (int(query.get(k, ["0"])[0]) for k in ("y", "m"))
            return self._html(pages.draw_calendar(site, year, month))
        if found := re.fullmatch(r"/data/(?:ds_)?([\w-]+)\.json", path):
            section = site.sections.get(found[1])
            if section and site.script_lists and not section.hangs:
                return Answer(200, pages.draw_data(site, section).encode(), "application/json")
        if path.startswith("/service/index.html;jsessionid=") and "session" in site.traps:
            after = hashlib.sha256(url.encode()).hexdigest()[:16].upper()
            return self._html(pages.draw_service(site, after))
        if path == "/error.html" and site.not_found == "error-page":
            return self._html(pages.draw_missing(site))
        return self._copy(url)

    def _copy(self, url: str) -> Answer | None:
        """Print views and large-print copies of news pages."""
        bare = re.sub(r"[?&]print=1$", "", url)
        bare = re.sub(r"_slh\.(\w+)$", r".\1", bare)
        leaf = self.site.leaves.get(bare) if bare != url else None
        if leaf is None or leaf.section.kind != "news":
            return None
        return self._html(pages.draw_leaf(self.site, leaf))

    def missing(self, url: str, mode: str) -> Answer:
        """How this site says 'not found'."""
        del url
        site = self.site
        match mode:
            case "says-so":
                return self._html(pages.draw_missing(site))
            case "error-page":
                return moved(f"{site.home}error.html", 302)
            case "home":
                return moved(site.home, 302)
            case "410":
                return Answer(410, b"<html><head><title>410 Gone</title></head><body>410 Gone</body></html>")
        return Answer(
            404, b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
        )


def moved(where: str, status: int = 301) -> Answer:
    return Answer(status, b"", "text/html", {"Location": where})
