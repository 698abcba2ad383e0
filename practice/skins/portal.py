"""Templates after the intensive portals: TRS, the department variant, and the big-province platform."""

from __future__ import annotations

from html import escape

from practice.model import Leaf, Site
from practice.skins.base import Skin, View, crumbs, fields, footer_parts, nav, old_footer, short


class Trs(Skin):
    """TRS: relative links, createPageHTML, a table of metadata, trs_editor_view bodies."""

    name = "trs"
    hrefs = "relative"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(f'<li><a href="{self.href(view.url, u)}">{n}</a></li>' for n, u in nav(site))
        trail = " <span>&gt;</span> ".join(
            f'<a href="{self.href(view.url, u)}">{n}</a>' for n, u in crumbs(view)
        )
        here = "" if view.kind == "home" else f'<div class="breadcrumb">当前位置：{trail}</div>'
        return f"""<!DOCTYPE html>
<html lang="zh-CN"><head>{self.head(view)}
<title>{escape(view.title)}_{escape(site.unit.full_name)}</title>
<link href="/images/style.css" rel="stylesheet"><script src="/images/jquery-1.12.4.min.js"></script></head>
<body><div class="header"><div class="top"><a href="http://www.gov.cn">中国政府网</a><a href="http://www.lianxi.gov.cn/">练溪省人民政府</a>
<a href="javascript:void(0);" onclick="StranBody()">繁体</a><a href="javascript:void(0)" id="toolbarSwitch">无障碍</a></div>
<div class="logo">{escape(site.unit.full_name)}</div>{self.search(site)}<ul class="nav">{bar}</ul></div>
{here}<div class="container main">{view.main}{view.extra}</div>
{self.footer(site, view.url)}</body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            em = f"<em>{self.day(leaf.published)}</em>" if leaf.dated and leaf.published else ""
            made.append(
                f'<li><i></i><a href="{self.href(view.url, leaf.link)}" target="_blank" title="{escape(leaf.title)}">'
                f"{escape(short(leaf.title, 34))}</a>{em}</li>"
            )
        return '<ul class="submenu-list">' + "\n".join(made) + "</ul>"

    def pager(self, view: View, number: int, pages: int) -> str:
        del view
        return (
            "<script>function createPageHTML(_nPageCount,_nCurrIndex,_sPageName,_sPageExt){}</script>"
            f'<div class="page"><script>createPageHTML({pages},{number},"index","shtml");</script></div>'
        )

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = f"发布时间：{leaf.published} 09:32" if leaf.dated and leaf.published else ""
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'{box}<div class="detail-article-title"><h1>{escape(leaf.title)}</h1></div>'
            f'<div class="detail-article-info"><span>{when}</span> <span>来源：{escape(leaf.source)}</span>'
            f'<span onclick="window.print()">【打印】</span></div>'
            f'<div class="article-body"><div class="trs_editor_view TRS_UEDITOR trs_paper_default trs_web">{body}</div></div>'
            f"{self.attachments(view, leaf)}{foot}"
        )

    def metabox(self, leaf: Leaf) -> str:
        cells = fields(leaf, 0)
        rows = [
            "<tr>"
            + "".join(f"<td><b>{k}：</b></td><td>{escape(v)}</td>" for k, v in cells[n : n + 2])
            + "</tr>"
            for n in range(0, len(cells), 2)
        ]
        decoy = "<!--<tr><td><b>索引号：</b>000747761/2016-00054</td></tr>-->"
        return f'<table class="affairs-detail-head">{decoy}{"".join(rows)}</table>'


class Shanxi(Trs):
    """The department variant: the date stands before the link, cut titles have no full form in the list."""

    name = "shanxi"
    hrefs = "relative"

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            span = f"<span>{self.day(leaf.published)}</span>" if leaf.dated and leaf.published else ""
            made.append(
                f'<li>{span}<a href="{self.href(view.url, leaf.link)}" target="_blank">{escape(short(leaf.title, 26))}</a></li>'
            )
        return '<ul class="zwgk_right_content">' + "\n\n".join(made) + "</ul>"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(
            f'<a href="{self.href(view.url, u)}" class="flex-1"><div class="header-nav-item"><div class="fw600">{n}</div></div></a>'
            for n, u in nav(site)
        )
        items = crumbs(view)
        trail = "".join(
            f'<li><span>&gt;</span><a href="{self.href(view.url, u)}" alt="{n}">{n}</a></li>'
            for n, u in items
        )
        here = "" if view.kind == "home" else f'<ul class="breadcrumbtitle">{trail}</ul>'
        side = ""
        if view.section:
            side = f'<div class="main-content-left"><a href="{self.href(view.url, view.section.url)}" id="chnl_691">{view.section.name}</a></div>'
        return f"""<!DOCTYPE html>
<html lang="en">
  <head>
    {self.head(view)}
    <title>{escape(view.title)} -- {escape(site.unit.full_name)}</title>
    <!-- <link rel="stylesheet" href="../images/index.css" /> -->
    <link href="/images/base.css" rel="stylesheet" />
  </head>
  <body>
<div class="header lh1"><div class="win1200"><a href="http://www.gov.cn" target="_blank">中国政府网</a>
<a href="javascript:StranBody()" id="StranLink"><em>繁</em></a><div class="logo-box"><img src="/images/logo.png" alt="" /></div>
<div class="select_content" style="display: none;"><h2>各级政府网站</h2><dl><dd><a href="http://www.gov.cn/" target="_blank">中国政府网</a></dd>
<dd><a href="http://www.lianxi.gov.cn/" target="_blank">练溪省人民政府</a></dd></dl></div>{self.search(site)}<div class="width-full flex" id="header-nav">{bar}</div></div></div>
<div class="box"><div class="main-content">{here}<div class="main-content-wrap">{side}
<div class="main-content-right">{view.main}</div></div>{view.extra}</div></div>
{self.footer(site, view.url)}
  </body>
  </html>"""

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        first = [parts[k] for k in ("organiser", "contact") if k in parts]
        second = [parts[k] for k in ("site-code", "icp", "police") if k in parts]
        marks = [parts[k] for k in ("error-report", "party-mark") if k in parts]
        return (
            f'<div class="foot_nei_bt"><dl class="clearfix"><dt>{"".join(marks)}</dt><dd>{old_footer(site)}'
            f"<span>{' &nbsp;&nbsp; '.join(first)} © 版权所有</span><span>{'</a> '.join(second)}</span>"
            f"<span>{parts.get('sitemap', '')}</span><span>如果你希望完整使用本站功能，请使用IE8.0以上版本的浏览器！</span></dd></dl></div>"
        )

    def metabox(self, leaf: Leaf) -> str:
        def wide(label: str) -> str:
            return "&ensp;".join(label) if len(label) <= 3 else label

        rows = [f"<li>{wide(k)}：<font>{escape(v)}</font></li>" for k, v in fields(leaf, 0)]
        return f'<div class="index_box"><ul class="trt-row">{"".join(rows)}</ul></div>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = f"<span><i>时间：</i>{leaf.published} 17:30</span>" if leaf.dated and leaf.published else ""
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'{box}<div class="detail-article-title"><h3>{escape(leaf.title)}</h3></div><div class="detail-article-infos">{when}'
            f'<span><i>来源：</i>{escape(leaf.source)}</span></div><!-- Main text --><div class="article-body">'
            f'<div class="trs_editor_view TRS_UEDITOR trs_paper_default trs_word">{body}</div></div><!-- /Main text -->'
            f"{self.attachments(view, leaf)}{foot}"
        )


class Guangdong(Skin):
    """The big-province platform: absolute links, class names in pairs, dl metadata, index_N.html."""

    name = "guangdong"
    hrefs = "absolute"

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(
            f'<div class="btn"><a href="{self.href(view.url, u)}">{n}</a></div>' for n, u in nav(site)
        )
        trail = "&nbsp;&gt;&nbsp;".join(
            f'<a href="{self.href(view.url, u)}">{n}</a>' for n, u in crumbs(view)
        )
        here = "" if view.kind == "home" else f'<div class="pos">{trail}</div>'
        return f"""<!DOCTYPE html>
<html lang="en">
<head>
    <title>{escape(view.title)}&nbsp;&nbsp;{escape(site.unit.full_name)}门户网站</title>
    {self.head(view)}
    <script>window._CONFIG = {{}}; window.NFCMS_SITE_ID=2;</script>
</head>
<body><div class="headerTop"><div class="right"><a href="javascript:;" onclick="robot()"><img src="/images/robot.png">智能机器人</a>
<div class="phone">手机版<div class="sjbewm"><img src="/images/ewm.png"></div></div></div></div>
<div class="head"><div class="headCon"><div class="search">{self.search(site)}</div><div class="dh">{bar}</div></div></div>
<div class="con">{here}{view.main}{view.extra}</div>
{self.footer(site, view.url)}
</body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            time = (
                f'<span class="time">{leaf.published} 08:15</span>' if leaf.dated and leaf.published else ""
            )
            old = '<!--span class="time">2018-09-30</span-->'
            made.append(
                f'<li><a href="{self.href(view.url, leaf.link)}" title="{escape(leaf.title)}">{escape(short(leaf.title, 30))}</a>{old}{time}</li>'
            )
        return '<div class="viewList"><ul>' + "".join(made) + "</ul></div>"

    def pager(self, view: View, number: int, pages: int) -> str:
        made = []
        if number + 1 < pages:
            base = view.section.url if view.section else view.url
            made.append(f'<a class="next" href="{base}index_{number + 2}.html">下一页</a>')
        return f'<div class="page"><span class="current">{number + 1}</span>{"".join(made)}</div>'

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = f"时间  :  {leaf.published} 07:35:08" if leaf.dated and leaf.published else ""
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f'<div class="viewList">{box}<h3 class="zw-title">{escape(leaf.title)}</h3><div class="zw-info">'
            f'<span class="time">{when}</span><span class="ly">来源  :  {escape(leaf.source)}</span>'
            f'<div class="right"><span class="print" onclick="javascript:window.print()">【打印】</span>'
            f'<a class="add-fav" href="javascript:;" onclick="fav()">收藏</a></div></div>'
            f'<div class="zw">{body}</div>{self.attachments(view, leaf)}{foot}</div>'
        )

    def metabox(self, leaf: Leaf) -> str:
        rows = "".join(f"<dt>{k}:</dt><dd>{escape(v)}</dd>" for k, v in fields(leaf, 1))
        return f'<dl class="classify">{rows}<dt>主题词:</dt><dd></dd></dl>'

    def footer_html(self, site: Site) -> str:
        parts = footer_parts(site)
        return (
            '<div class="footer"><ul class="foot-link">'
            + "".join(f"<li>{parts[k]}</li>" for k in ("sitemap", "contact") if k in parts)
            + "</ul><p>"
            + "　".join(parts[k] for k in ("organiser", "icp", "police", "site-code") if k in parts)
            + f"</p>{old_footer(site)}<div>"
            + "".join(parts[k] for k in ("party-mark", "error-report") if k in parts)
            + "</div></div>"
        )


class PlainJson(Guangdong):
    """Front and back parted: clean HTML5, Chinese dates, lists that usually come as data."""

    name = "plainjson"
    hrefs = "root"
    turn = 1

    def page(self, view: View) -> str:
        site = view.site
        bar = "".join(f'<a class="nav-item" href="{self.href(view.url, u)}">{n}</a>' for n, u in nav(site))
        here = ""
        if view.kind != "home":
            items = "".join(f"<li><a href='{self.href(view.url, u)}'>{n}</a></li>" for n, u in crumbs(view))
            here = f'<nav class="breadcrumb"><i class="icon"></i>您所在的位置：<ol>{items}</ol></nav>'
        return f"""<!DOCTYPE html><html><head>{self.head(view)}<title>{escape(site.unit.full_name)}</title>
<meta name="viewport" content="width=device-width"></head><body>
<header><img src="/images/banner.png" alt="{escape(site.unit.full_name)}"><nav class="nav">{bar}</nav>{self.search(site)}</header>
<main>{here}{view.main}</main><aside>{view.extra}</aside>
<footer>{self.footer(site, view.url)}</footer></body></html>"""

    def entries(self, view: View, leaves: list[Leaf]) -> str:
        made = []
        for leaf in leaves:
            time = ""
            if leaf.dated and leaf.published:
                day = leaf.published
                time = f"<time>{day.year}年{day.month:02d}月{day.day:02d}日</time>"
            made.append(
                f'<article class="row"><a href="{self.href(view.url, leaf.link)}"><p>{escape(leaf.title)}</p></a>{time}</article>'
            )
        return '<section class="list">' + "".join(made) + "</section>"

    def article(self, view: View, leaf: Leaf, body: str, foot: str) -> str:
        when = ""
        if leaf.dated and leaf.published:
            day = leaf.published
            when = f'<div class="article-inf-left">{day.year}年{day.month:02d}月{day.day:02d}日 09时32分 &nbsp;来源：{escape(leaf.source)}</div>'
        copy = f'<div id="NewsArticleTitle" style="display:none;">{escape(leaf.title)}</div>'
        box = self.metabox(leaf) if leaf.kind == "document" else ""
        return (
            f"<article><h1>{escape(leaf.title)}</h1>{copy}{when}{box}"
            f'<div id="zoom" class="content_article">{body}</div>{self.attachments(view, leaf)}{foot}</article>'
        )

    def metabox(self, leaf: Leaf) -> str:
        made = "".join(
            f"<p><span>{k}</span><span>：</span><span>{escape(v)}</span></p>" for k, v in fields(leaf, 0)
        )
        return f'<div class="meta-box">{made}</div>'
