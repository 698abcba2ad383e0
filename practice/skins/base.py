"""What all content systems share: labels in the head, a way of writing links, a footer cut to measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from practice.model import Leaf, Section, Site

FIELDS = {
    "index": ("索引号", "索 引 号"),
    "issuer": ("发文机关", "发布机构"),
    "written": ("成文日期", "成文日期"),
    "title": ("标题", "名称"),
    "number": ("发文字号", "文号"),
    "published": ("发布日期", "发布日期"),
    "validity": ("有效性", "时效性"),
}


@dataclass(slots=True)
class View:
    """One page about to be drawn."""

    site: Site
    url: str
    kind: str
    """home, column, content or page (a column that is one page)."""
    title: str
    main: str = ""
    section: Section | None = None
    leaf: Leaf | None = None
    extra: str = ""
    """Traps beside the main text."""


def short(title: str, limit: int) -> str:
    return title if len(title) <= limit else title[: limit - 3] + "..."


def tags(view: View) -> list[tuple[str, str]]:
    """<meta> labels of 国办发〔2017〕47号, less what this site has lost."""
    site, section, leaf = view.site, view.section, view.leaf
    made = [("SiteName", site.unit.full_name), ("SiteDomain", site.host), ("SiteIDCode", site.tag_code)]
    if section is not None and view.kind != "home":
        made += [("ColumnName", section.name), ("ColumnType", section.name)]
        made += [("ColumnDescription", section.name), ("ColumnKeywords", section.name)]
    if leaf is not None:
        made.append(("ArticleTitle", leaf.title))
        if leaf.dated and leaf.published:
            made.append(("PubDate", f"{leaf.published.isoformat()} {9 + leaf.published.day % 8:02d}:30"))
        made.append(("ContentSource", leaf.source))
    lost = set(site.missing_tags.get("content" if view.kind == "page" else view.kind, ()))
    if view.kind == "page":
        lost |= set(site.missing_tags.get("column", ()))
    return [(name, value) for name, value in made if name not in lost]


def _written(day: date | None, turn: int) -> str:
    """Half of the systems write 成文日期 as it stands under the document."""
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日" if turn else day.isoformat()


def fields(leaf: Leaf, turn: int) -> list[tuple[str, str]]:
    """The metadata block of a document; a lost value stays as an empty field or leaves with its label."""
    values = {
        "index": leaf.index,
        "issuer": leaf.issuer,
        "written": _written(leaf.written, turn),
        "title": leaf.title,
        "number": leaf.number,
        "published": leaf.published.isoformat() if leaf.published else "",
        "validity": leaf.validity,
    }
    return [
        (FIELDS[name][turn], "" if name in leaf.empty_fields else value)
        for name, value in values.items()
        if name not in leaf.absent_fields
    ]


def footer_parts(site: Site) -> dict[str, str]:
    """Each footer element in one of the ways in which real sites write it."""
    dice = site.dice("footer")
    code, unit = site.shown_code, escape(site.unit.full_name)
    known = site.unit.code
    serial = dice.randrange(1000000, 9999999)
    mark = f"http://bszs.conac.cn/sitename?method=show&amp;id=1ACC49F{serial}E053012819ACEFF4"
    party = (
        f'<span id="_ideConac"><a href="{mark}" target="_blank"><img src="http://dcs.conac.cn/image/red.png"></a></span>',
        (
            '<script type="text/javascript">document.write(unescape("%3Cspan id=\'_ideConac\' %3E%3C/span%3E%3Cscript '
            "src='http://dcs.conac.cn/js/06/000/0000/40689606/CA060000000406896060001.js' "
            "type='text/javascript'%3E%3C/script%3E\"));</script>"
        ),
        f'<a class="conac" href="{mark}" title="党政机关"></a>',
    )
    report = (
        f"<script id=\"_jiucuo_\" sitecode='{known}' src='http://zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>",
        f'<img src="/images/jiucuo.png" onclick="Link(\'{known}\')" style="cursor:pointer">',
        f'<a href="http://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={known}" target="_blank">我为政府网站找错</a>',
    )
    label = dice.choice(("网站标识码：{}", "网站标识码{}", "政府网站标识码 {}", "网站标识码【{}】"))
    police = f"晋公网安备 9901{serial}号"
    wired = (
        f'<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=9901{serial}">{police}</a>'
    )
    sitemap, contact = site.sections["sitemap"], site.sections["contact"]
    parts = {
        "party-mark": party[dice.randrange(3)],
        "error-report": report[dice.randrange(3)],
        "site-code": label.format(code),
        "icp": f"晋ICP备{serial + 3:08d}号" + dice.choice(("", "-1")),
        "police": dice.choice((police, wired)),
        "sitemap": f'<a href="{sitemap.url}">{dice.choice(("网站地图", "站点地图"))}</a>',
        "organiser": f"主办单位：{unit}" + dice.choice(("", "办公室")),
        "contact": f'<a href="{contact.url}">联系我们</a>',
    }
    return {name: parts[name] for name in parts if name in site.footer}


def old_footer(site: Site) -> str:
    """The footer of years ago, still in a comment."""
    return (
        f"<!-- <div>主办单位：{site.unit.place}原信息中心 <a href='/wzdt_old/'>网站地图</a> 网站标识码：9900009999 "
        "晋ICP备00000001号 晋公网安备 00000000000001号 <a href='/old/lxwm.html'>联系我们</a></div> -->"
    )


def nav(site: Site) -> list[tuple[str, str]]:
    """What the navigation bar offers."""
    shown = [s for s in site.sections.values() if s.in_nav and (s.key != "platform" or site.platform_in_nav)]
    return [("首页", site.home), *((section.name, section.link) for section in shown)]


def crumbs(view: View) -> list[tuple[str, str]]:
    trail: list[tuple[str, str]] = []
    section = view.section
    while section is not None:
        trail.insert(0, (section.name, section.url))
        section = view.site.sections.get(section.parent)
    return [("首页", view.site.home), *trail]


class Skin:
    """A content system's templates. What is not overridden is plain."""

    name = "plain"
    hrefs = "root"
    turn = 0
    per_page = 15

    def href(self, here: str, there: str) -> str:
        """How this system writes a link from one address to another."""
        host = "/".join(here.split("/")[:3])
        if not there.startswith(host + "/"):
            return escape(there)
        folder = here.rsplit("/", 1)[0] + "/"
        if self.hrefs == "relative" and there.startswith(folder):
            return "./" + escape(there[len(folder) :])
        return escape(there) if self.hrefs == "absolute" else escape(there[len(host) :])

    def day(self, day: date) -> str:
        return day.isoformat()

    def head(self, view: View) -> str:
        made = [f'<meta name="{n}" content="{escape(v, quote=True)}">' for n, v in tags(view)]
        declared = f'<meta charset="{self.charset(view.site)}">' if view.site.declared else ""
        return declared + "\n".join(made)

    def charset(self, site: Site) -> str:
        return "gb2312" if site.encoding == "gb18030" else site.encoding

    def footer(self, site: Site, here: str) -> str:
        """As an include where the site has it so."""
        base = "/".join(here.split("/")[:3])
        if site.include_footer == "load":
            return (
                f"<div id=\"footer\"></div><script>$('#footer').load('{base}/public/footer.html');</script>"
            )
        if site.include_footer == "iframe":
            return (
                f'<iframe src="{base}/public/footer.html" width="100%" height="160" scrolling="no"></iframe>'
            )
        return self.footer_html(site)

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        return (
            '<div class="footer">'
            + "\n".join(f"<span>{p}</span>" for p in parts.values())
            + old_footer(site)
            + "</div>"
        )

    def search(self, site: Site) -> str:
        if site.search == "none":
            return ""
        return '<form action="/search" method="get"><input type="text" name="q" placeholder="请输入关键词"><input type="submit" value="搜索"></form>'

    def page(self, view: View) -> str:
        raise NotImplementedError

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        raise NotImplementedError

    def column(self, view: View, leaves: list[Leaf], number: int, pages: int) -> str:
        return f"<h2>{view.title}</h2>{self.entries(view, leaves)}{self.pager(view, number, pages)}"

    def pager(self, view: View, number: int, pages: int) -> str:
        raise NotImplementedError

    def links(self, view: View, links: list[tuple[str, str]]) -> str:
        made = [f'<li><a href="{self.href(view.url, url)}">{escape(name)}</a></li>' for name, url in links]
        return "<ul>" + "".join(made) + "</ul>"

    def block(self, view: View, name: str, url: str, inner: str) -> str:
        return f'<div class="block"><h3><a href="{self.href(view.url, url)}">{name}</a></h3>{inner}</div>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        raise NotImplementedError

    def metabox(self, leaf: Leaf) -> str:
        raise NotImplementedError

    def attachments(self, view: View, leaf: Leaf) -> str:
        if not leaf.attachments or leaf.kind == "application":
            return ""
        made = [
            f'<p><a href="{self.href(view.url, f.url)}">{escape(f.text)}</a></p>' for f in leaf.attachments
        ]
        return '<div class="fujian">' + "".join(made) + "</div>"

    def related(self, view: View, label: str, links: list[tuple[str, str]]) -> str:
        made = [f'<li><a href="{self.href(view.url, url)}">{escape(name)}</a></li>' for name, url in links]
        return f'<div class="xgwj"><h4>{label}</h4><ul>{"".join(made)}</ul></div>'
