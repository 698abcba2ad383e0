"""Templates that follow no portal of the others: a campus-like system, a .jhtml house and server-drawn div soup."""

from __future__ import annotations

from datetime import date
from html import escape

from practice.model import Leaf, Site
from practice.skins.base import Skin, View, crumbs, fields, footer_parts, nav, old_footer, short


def spaced(label: str) -> str:
    """A short label drawn out to four places, as typists do."""
    return label if len(label) > 3 else "　".join(label) if len(label) == 2 else " ".join(label)


class Boda(Skin):
    """A campus-like system: .htm beside a folder of the same name, pages counted backwards, dl lists, picture menus."""

    name = "boda"
    hrefs = "relative"

    def day(self, day: date) -> str:
        return f"{day.year}.{day.month:02d}.{day.day:02d}"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(
            f'<td><a href="{self.href(view.url, u)}"><img src="/images/nav_{n}.jpg" border="0" alt="{name}"></a></td>'
            if n % 3 == 2
            else f'<td><a href="{self.href(view.url, u)}" class="a1">{name}</a></td>'
            for n, (name, u) in enumerate(nav(site))
        )
        trail = "&nbsp;&nbsp;&gt;&nbsp;&nbsp;".join(
            f'<a href="{self.href(view.url, u)}" class="windowstyle67278">{n}</a>' for n, u in crumbs(view)
        )
        here = "" if view.kind == "home" else f"<tr><td>当前位置: {trail}</td></tr>"
        return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD><TITLE>{escape(view.title)}-{escape(site.unit.full_name)}</TITLE>
{self.head(view)}
<SCRIPT language="javascript" src="/images/counter.js"></SCRIPT></HEAD><BODY>
<TABLE width="1002" align="center"><TR><TD><IMG src="/images/head.jpg" usemap="#Map"><MAP name="Map">
<AREA shape="rect" coords="1,1,9,9" href="{site.home}" alt="首页"></MAP></TD></TR><TR>{bar}</TR><TR><TD>{self.search(site)}</TD></TR></TABLE>
<TABLE width="1002" align="center">{here}<TR><TD>{view.main}</TD></TR><TR><TD>{view.extra}</TD></TR></TABLE>
{self.footer(site, view.url)}</BODY></HTML>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for n, leaf in enumerate(leaves):
            day = f"<dd>{self.day(leaf.published)}</dd>" if leaf.dated and leaf.published else ""
            made.append(
                f'<dl id="lineu9_{n}"><dt><a href="{self.href(view.url, leaf.link)}" class="c41">{escape(leaf.title)}</a></dt>{day}</dl>'
            )
        return '<div class="winstyle41">' + "\n".join(made) + "</div>"

    def links(self, view: View, links: list[tuple[str, str]]) -> str:
        made = []
        for n, (name, url) in enumerate(links):
            href = self.href(view.url, url)
            if n % 4 == 3:
                made.append(
                    f'<div><a href="{href}"><img src="/images/btn_{n}.jpg" alt="{escape(name)}"></a></div>'
                )
            else:
                made.append(
                    f'<div class="node"><span onclick="window.open(\'{href}\')">{escape(name)}</span></div>'
                )
        return '<div id="tree">' + "".join(made) + "</div>"

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or number + 1 >= pages:
            return f'<div>共{pages}页 {number + 1}/{pages} <span class="NextDisabled">下页</span></div>'
        base = view.section.url.removesuffix(".htm")
        return (
            f"<div>共{pages}页 {number + 1}/{pages} "
            f'<a href="{base}/{pages - number - 1}.htm" class="Next">下页</a> <a href="{base}/1.htm">尾页</a></div>'
        )

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = ""
        if leaf.dated and leaf.published:
            day = leaf.published
            when = f"{day.year}年{day.month:02d}月{day.day:02d}日 10:12"
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'<form name="_newscontent_fromname">{box}<table class="winstyle35"><tr><td align="center" class="titlestyle35">{escape(leaf.title)}</td></tr>'
            f'<tr><td align="center"><span class="timestyle35">{when}</span><span>&nbsp;{escape(leaf.source)}&nbsp;</span>'
            f"<span>(点击:&nbsp;<script>_showDynClicks('wbnews', 1)</script>)</span></td></tr>"
            f'<tr><td class="contentstyle35"><div id="vsb_content_2"><div class="v_news_content">{body}</div></div></td></tr></table></form>'
            f"{self.attachments(view, leaf)}{foot}"
        )

    def metabox(self, leaf: Leaf) -> str:
        cells = fields(leaf, 1)
        rows = "".join(
            "<tr>"
            + "".join(f"<th>{spaced(k)}</th><td>{escape(v)}</td>" for k, v in cells[n : n + 2])
            + "</tr>"
            for n in range(0, len(cells), 2)
        )
        return f'<table class="gkml" border="1">{rows}</table>'

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        return (
            '<table width="1002" align="center" background="/images/foot.jpg"><tr><td align="center">'
            + "<br>".join(parts.values())
            + f"{old_footer(site)}</td></tr></table>"
        )


class Jhtml(Skin):
    """A .jhtml house: dates in full-width brackets, metadata in bare spans, an answer page for everything."""

    name = "jhtml"
    turn = 1

    def day(self, day: date) -> str:
        return f"【{day.year}年{day.month}月{day.day}日】"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(f'<a href="{self.href(view.url, u)}">{n}</a>' for n, u in nav(site))
        trail = " - ".join(f'<a href="{self.href(view.url, u)}">{n}</a>' for n, u in crumbs(view))
        here = "" if view.kind == "home" else f'<p class="dqwz">您的位置：{trail}</p>'
        return f"""<!DOCTYPE html>
<html><head>{self.head(view)}<title>{escape(view.title)}-{escape(site.unit.full_name)}-欢迎您</title></head>
<body><p class="top">今天是<span id="today"></span></p><p><img src="/images/banner.jpg"></p>
<p class="menu">{bar}</p><p>{self.search(site)}</p>{here}
<section>{view.main}</section><section>{view.extra}</section>
{self.footer(site, view.url)}</body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            day = f"<span>{self.day(leaf.published)}</span>" if leaf.dated and leaf.published else ""
            made.append(
                f'<p class="xxlb">{day}<a href="{self.href(view.url, leaf.link)}" title="{escape(leaf.title)}">{escape(short(leaf.title, 24))}</a></p>'
            )
        return "\n".join(made)

    def links(self, view: View, links: list[tuple[str, str]]) -> str:
        made = [
            f'<option value="{self.href(view.url, url)}">{escape(name)}</option>' for name, url in links[5:]
        ]
        tree = "".join(
            f'<p><span class="sj">▪</span><a href="{self.href(view.url, url)}">{escape(name)}</a></p>'
            for name, url in links
        )
        box = f'<select onchange="location.href=this.value"><option>请选择</option>{"".join(made)}</select>'
        return f"{tree}{box if made else ''}"

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or number + 1 >= pages:
            return f"<p>共 {pages} 页 当前第 {number + 1} 页</p>"
        after = view.section.url.replace("index.jhtml", f"index_{number + 2}.jhtml")
        return f'<p>共 {pages} 页 <a onclick="location.href=\'{after}\'" href="javascript:void(0);">下一页</a></p>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = ""
        if leaf.dated and leaf.published:
            day = leaf.published
            when = f"<span>发表日期：{day.year}年{day.month}月{day.day}日</span>"
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'<p class="wzbt">{escape(leaf.title)}</p><p class="wzxx">{when} <span>稿源：{escape(leaf.source)}</span> <span>字号：[大 中 小]</span></p>'
            f"{box}<section>{body}</section>{self.attachments(view, leaf)}{foot}"
        )

    def metabox(self, leaf: Leaf) -> str:
        made = "".join(f"<span>{spaced(k)}：</span><span>{escape(v)}</span><br>" for k, v in fields(leaf, 1))
        return f"<section>{made}</section>"

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        return f"<section>{'　'.join(parts.values())}{old_footer(site)}</section>"


class Soup(Skin):
    """Drawn on a server from components: divs in divs without a list, a heading or a word of English to go by."""

    name = "soup"
    hrefs = "root"
    mark = "data-v-7ba5bd90"

    def div(self, *inner: str) -> str:
        return f"<div {self.mark}>{''.join(inner)}</div>"

    def day(self, day: date) -> str:
        return f"{day:%Y/%m/%d}"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(
            self.div(f'<a href="{self.href(view.url, u)}"><span {self.mark}>{n}</span></a>')
            for n, u in nav(site)
        )
        trail = "".join(
            f'<span {self.mark}><a href="{self.href(view.url, u)}">{n}</a></span><i>›</i>'
            for n, u in crumbs(view)
        )
        here = "" if view.kind == "home" else self.div(trail)
        return f"""<!doctype html><html data-n-head-ssr lang="zh"><head>{self.head(view)}<title>{escape(view.title)} | {escape(site.unit.full_name)}</title>
<link rel="preload" href="/images/app.js" as="script"></head><body><div id="app" data-server-rendered="true">
{self.div(self.div(escape(site.unit.full_name)), self.search(site))}{self.div(bar)}{here}{self.div(self.div(view.main), self.div(view.extra))}
{self.footer(site, view.url)}</div><script>window.__DATA__={{"state":{{"list":[],"loading":false}}}}</script><script src="/images/app.js"></script></body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            day = self.div(self.day(leaf.published)) if leaf.dated and leaf.published else ""
            made.append(
                self.div(
                    self.div(f'<a href="{self.href(view.url, leaf.link)}">{escape(leaf.title)}</a>'), day
                )
            )
        return self.div("\n".join(made))

    def column(self, view: View, leaves: list[Leaf], number: int, pages: int) -> str:
        return self.div(view.title) + self.entries(view, leaves) + self.pager(view, number, pages)

    def links(self, view: View, links: list[tuple[str, str]]) -> str:
        return self.div(
            "".join(
                self.div(f'<a href="{self.href(view.url, url)}">{escape(name)}</a>') for name, url in links
            )
        )

    def block(self, view: View, name: str, url: str, inner: str) -> str:
        return self.div(
            self.div(f"<span>{name}</span>", f'<a href="{self.href(view.url, url)}">更多&gt;</a>'), inner
        )

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or pages < 2:
            return ""
        base = view.section.url
        made = "".join(
            self.div(f'<a href="{base}{"" if n == 0 else f"?page={n + 1}"}">{n + 1}</a>')
            if n != number
            else self.div(str(n + 1))
            for n in range(pages)
        )
        return self.div(made)

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = (
            f"<span {self.mark}>{self.day(leaf.published)} 09:05</span>"
            if leaf.dated and leaf.published
            else ""
        )
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return self.div(
            self.div(escape(leaf.title)), self.div(when, f"<span {self.mark}>{escape(leaf.source)}</span>"), box,
            self.div(body), self.attachments(view, leaf), foot,
        )  # fmt: skip

    def metabox(self, leaf: Leaf) -> str:
        return self.div(*(self.div(self.div(k), self.div(escape(v))) for k, v in fields(leaf, 0)))

    def related(self, view: View, label: str, links: list[tuple[str, str]]) -> str:
        made = [self.div(f'<a href="{self.href(view.url, url)}">{escape(name)}</a>') for name, url in links]
        return self.div(self.div(label), *made)

    def attachments(self, view: View, leaf: Leaf) -> str:
        if not leaf.attachments or leaf.kind == "application":
            return ""
        return self.div(
            *(
                self.div(f'<a href="{self.href(view.url, f.url)}">{escape(f.text)}</a>')
                for f in leaf.attachments
            )
        )

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        return self.div(*(self.div(part) for part in parts.values()), old_footer(site))
