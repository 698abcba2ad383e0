"""Templates after the older systems: Hanweb, EmpireCMS tables, a hash-address portal, an undeclared GBK site."""

from __future__ import annotations

from datetime import date
from html import escape

from practice.model import Leaf, Site
from practice.skins.base import Skin, View, crumbs, fields, footer_parts, nav, old_footer, short


class Hanweb(Skin):
    """Hanweb: col and art addresses, tables, a pager that speaks of dataproxy, comment marks round the body."""

    name = "hanweb"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(
            f'<td align="center"><a class="menu" href="{self.href(view.url, u)}">{n}</a></td>'
            for n, u in nav(site)
        )
        trail = " &gt;&gt; ".join(
            f'<a class="bt_link" href="{self.href(view.url, u)}">{n}</a>' for n, u in crumbs(view)
        )
        here = (
            ""
            if view.kind == "home"
            else f'<table width="1000"><tr><td>您当前的位置 ：{trail}</td></tr></table>'
        )
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>{self.head(view)}<title>{escape(site.unit.full_name)} {escape(view.title)}</title></head>
<body><div id="barrierfree_container"><table width="1000" align="center"><tr><td><img src="/images/top.png"/></td><td>{self.search(site)}</td></tr></table>
<table width="1000" align="center"><tr>{bar}</tr></table>{here}
<table width="1000" align="center"><tr><td valign="top">{view.main}</td><td>{view.extra}</td></tr></table>
{self.footer(site, view.url)}</div></body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            day = (
                f'<td class="bt_time" width="80">[{leaf.published}]</td>'
                if leaf.dated and leaf.published
                else "<td></td>"
            )
            made.append(
                f'<tr><td width="10">·</td><td><a href="{self.href(view.url, leaf.link)}" title="{escape(leaf.title)}" '
                f'class="bt_link">{escape(short(leaf.title, 36))}</a></td>{day}</tr>'
            )
        return '<table class="list" width="100%">' + "".join(made) + "</table>"

    def links(self, view: View, links: list[tuple[str, str]]) -> str:
        made = [
            f'<tr><td class="menu2" style="cursor:pointer" onclick="location.href=\'{self.href(view.url, url)}\'">{escape(name)}</td></tr>'
            for name, url in links
        ]
        return f'<table class="tree">{"".join(made)}</table>'

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or number + 1 >= pages:
            return ""
        base = view.section.url.rsplit("/", 1)[0]
        return f'<div class="pages">共{pages}页 <a href="{base}/index_{number + 1}.html" class="next">下一页</a></div>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        day = f"发布日期 : {leaf.published}" if leaf.dated and leaf.published else ""
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'{box}<table id="article" width="100%"><tr><td class="title">{escape(leaf.title)}</td></tr>'
            f'<tr><td align="center">{day}　　来源  :  {escape(leaf.source)}　　浏览次数：<script src="/images/count.js"></script></td></tr>'
            f'<tr><td class="bt_content"><div id="zoom"><!--ZJEG_RSS.content.begin-->{body}<!--ZJEG_RSS.content.end--></div>'
            f"{self.attachments(view, leaf)}</td></tr></table>{foot}"
        )

    def metabox(self, leaf: Leaf) -> str:
        rows = "".join(
            f"<tr><td class='xxgk'><b>{'&nbsp;'.join(k) if len(k) < 4 else k}：</b>{escape(v)}</td></tr>"
            for k, v in fields(leaf, 1)
        )
        return f'<table class="xxgk_table" border="0">{rows}</table>'


class Empire(Skin):
    """EmpireCMS of old: div soup and nested headers, label and value in different elements."""

    name = "empire"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(
            f'<li data-index="{n}" class="nav{n} navslide"><a href="{self.href(view.url, u)}"><i></i><b>{name}</b></a></li>'
            for n, (name, u) in enumerate(nav(site))
        )
        trail = "&nbsp;>&nbsp;".join(f'<a href="{self.href(view.url, u)}">{n}</a>' for n, u in crumbs(view))
        here = (
            ""
            if view.kind == "home"
            else f'<div class="container curmb_box"><div class="curmb"> 当前位置：\n{trail}</div></div>'
        )
        return f"""<!doctype html>
<html><head>{self.head(view)}<title>{escape(view.title)}</title><meta name="keywords" content="" />
<script>var codeName = "19";</script></head>
<body class="body_bg">
<!--header Start--><meta charset="{self.charset(site)}">
<div class="header"><div class="link"><a href="http://www.gov.cn/">中国政府网</a>  |  <a href="http://www.lianxi.gov.cn/">练溪省人民政府</a></div></div>
<div class="container"><div class="logo"><img src="/images/logo.png"><span class="navtoggle"></span></div><div class="search">{self.search(site)}</div>
<div class="mainnav home_mainHd"><ul>{bar}</ul></div></div><!--header End-->
{here}<div class="container"><div class="pageMain clearfix"><div class="mainContent">{view.main}</div><div class="sideBar">{view.extra}</div></div></div>
{self.footer(site, view.url)}
</body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for n, leaf in enumerate(leaves):
            day = f"<span>\n      {leaf.published}\n   </span>" if leaf.dated and leaf.published else ""
            made.append(
                f'<li>\n  <a target="_blank" href="{self.href(view.url, leaf.link)}" title="{escape(leaf.title)}">  {escape(short(leaf.title, 28))} </a>{day}</li>'
            )
            if n % 5 == 4:
                made.append('<div class="line1"></div>')
        return '<div class="news_list"><ul>' + "\n".join(made) + "</ul></div>"

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or pages < 2:
            return '<div class="pagediv" id="page_div"></div>'
        numbers = "".join(
            f'<a href="{self.href(view.url, view.section.url + ("" if n == 0 else f"index_{n + 1}.html"))}">{n + 1}</a>&nbsp;'
            for n in range(pages)
            if n != number
        )
        return f'<div class="pagenav"><a title="Total record">&nbsp;<b>{pages * self.per_page}</b></a>{numbers}</div>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        day = f"发布日期：<b>{leaf.published} 17:40:20</b>" if leaf.dated and leaf.published else ""
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'<div class="detail"><h2>{escape(leaf.title)}</h2><div class="sub">{day}   来源：<b> {escape(leaf.source)}</b></div>{box}'
            f'<div class="conTxt">{body}</div>{self.attachments(view, leaf)}{foot}</div>'
        )

    def metabox(self, leaf: Leaf) -> str:
        made = "　".join(f"{k}: <span>{escape(v)}</span>" for k, v in fields(leaf, 0))
        return f'<table class="wjtab"><tr><td>{made}</td></tr></table>'

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        rows = [
            ("sitemap", "contact"),
            ("organiser", "site-code"),
            ("icp", "police"),
            ("party-mark", "error-report"),
        ]
        lines = ["　|　".join(parts[k] for k in row if k in parts) for row in rows]
        return f'<div class="bottom"><table align="center"><tr><td>{"<br />".join(lines)}{old_footer(site)}</td></tr></table></div>'


class TwoHosts(Skin):
    """A portal with hashed addresses, tiles round whole list rows, slashes in dates, labels on single lines."""

    name = "twohosts"
    hrefs = "absolute"
    turn = 1

    def day(self, day: date) -> str:
        return f"{day:%Y/%m/%d}"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(f'<dd onclick="location.href=\'{u}\'"><a href="{u}">{n}</a></dd>' for n, u in nav(site))
        trail = "".join(
            f'<span class="sep">/</span><a href="{u}" class="CurrChnlCls">{n}</a>' for n, u in crumbs(view)
        )
        here = "" if view.kind == "home" else f'<div class="wz">{trail}</div>'
        return f"""<!DOCTYPE html><html><head>{self.head(view)}<title>
{escape(view.title)}
-{escape(site.unit.full_name)}
</title></head><body><div class="wrap"><div class="g-hd"><h1><a href="{site.home}">{escape(site.unit.full_name)}</a></h1>
{self.search(site)}<dl class="g-nav">{bar}</dl></div>{here}<div class="g-bd">{view.main}</div>{view.extra}
<div class="g-ft">{self.footer(site, view.url)}</div></div></body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        del view
        made = []
        for leaf in leaves:
            day = f"<i>{self.day(leaf.published)}</i>" if leaf.dated and leaf.published else ""
            made.append(
                f'<a href="{leaf.link}" class="tile"><li><div><p>{escape(leaf.title)}</p></div>{day}</li></a>'
            )
        return '<ul class="tiles">' + "".join(made) + "</ul>"

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or number + 1 >= pages:
            return f'<div class="pg">{number + 1}/{pages}页</div>'
        after = view.section.url[: -len(".html")] + f"_{number + 1}.html"
        return f'<div class="pg">{number + 1}/{pages}页 <a href="{after}">下页</a></div>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        day = f"{self.day(leaf.published)} 10:20" if leaf.dated and leaf.published else ""
        stamp = (
            f'<i><img src="/images/time.png" title="发布时间"></i><span>发布时间 {day}</span>' if day else ""
        )
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'<div class="m-art"><div class="tit">{escape(leaf.title)}</div><div class="inf">{stamp}<em>信息来源：{escape(leaf.source)}</em></div>'
            f'{box}<div class="view TRS_UEDITOR">{body}</div>{self.attachments(view, leaf)}{foot}</div>'
        )

    def metabox(self, leaf: Leaf) -> str:
        return (
            '<div class="prop">'
            + "".join(f"<p>【{k}】{escape(v)}</p>" for k, v in fields(leaf, 0))
            + "</div>"
        )


class OldGbk(Skin):
    """A site of 2005 that nobody touched: capital tags, FONT, dates without separators, GBK that nobody declares."""

    name = "oldgbk"
    hrefs = "root"
    per_page = 20

    def day(self, day: date) -> str:
        return f"({day:%Y%m%d})"

    def page(self, view: View) -> str:
        site = view.site
        bar = " | ".join(
            f'<A HREF="{self.href(view.url, u)}"><FONT COLOR=#FFFFFF>{n}</FONT></A>' for n, u in nav(site)
        )
        trail = "-&gt;".join(f'<A HREF="{self.href(view.url, u)}">{n}</A>' for n, u in crumbs(view))
        here = "" if view.kind == "home" else f"<TABLE><TR><TD>现在的位置：{trail}</TD></TR></TABLE>"
        return f"""<HTML><HEAD><TITLE>{escape(site.unit.full_name)}</TITLE>
{self.head(view)}
</HEAD><BODY TOPMARGIN=0><TABLE WIDTH=780 ALIGN=CENTER><TR><TD><IMG SRC="/images/top.gif"></TD></TR>
<TR><TD BGCOLOR=#003399>{bar}</TD></TR><TR><TD>{self.search(site)}</TD></TR></TABLE>{here}
<TABLE WIDTH=780 ALIGN=CENTER><TR><TD>{view.main}</TD></TR><TR><TD>{view.extra}</TD></TR></TABLE>
{self.footer(site, view.url)}</BODY></HTML>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            day = f"<FONT SIZE=2>{self.day(leaf.published)}</FONT>" if leaf.dated and leaf.published else ""
            made.append(
                f'<TR><TD><IMG SRC="/images/dot.gif"><A HREF="{self.href(view.url, leaf.link)}" TARGET=_blank TITLE="{escape(leaf.title)}">{escape(short(leaf.title, 32))}</A> {day}</TD></TR>'
            )
        return "<TABLE WIDTH=100%>" + "\n".join(made) + "</TABLE>"

    def pager(self, view: View, number: int, pages: int) -> str:
        if not view.section or number + 1 >= pages:
            return f"第{number + 1}页/共{pages}页"
        return f'第{number + 1}页/共{pages}页 <A HREF="{self.href(view.url, view.section.url)}&amp;page={number + 2}">下一页</A>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        day = f"发布日期：{leaf.published:%Y.%m.%d}" if leaf.dated and leaf.published else ""
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f"<TABLE WIDTH=100%><TR><TD ALIGN=CENTER><FONT SIZE=5><B>{escape(leaf.title)}</B></FONT></TD></TR>"
            f"<TR><TD ALIGN=CENTER>{day} 信息来源：{escape(leaf.source)}</TD></TR><TR><TD>{box}</TD></TR>"
            f'<TR><TD CLASS="content">{body}</TD></TR></TABLE>{self.attachments(view, leaf)}{foot}'
        )

    def metabox(self, leaf: Leaf) -> str:
        rows = "".join(
            f"<TR><TD WIDTH=90 BGCOLOR=#EEEEEE><FONT SIZE=2>{k}</FONT></TD><TD><FONT SIZE=2>{escape(v)}</FONT></TD></TR>"
            for k, v in fields(leaf, 1)
        )
        return f"<TABLE BORDER=1>{rows}</TABLE>"
