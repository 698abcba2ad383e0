"""A site's pages, drawn when they are asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape

from practice import bodies
from practice.model import Leaf, Section, Site
from practice.skins import SKINS
from practice.skins.base import Skin, View

SCRIPTED = ("news", "notice", "policy", "normative", "interpretation")
_READING = ("相关解读", "政策解读", "解读材料")
_SOURCES = ("相关文件", "原文链接", "解读的文件")


def ordered(section: Section) -> list[Leaf]:
    """As lists show them: pinned first, then newest first."""
    dated = sorted(
        section.leaves, key=lambda leaf: leaf.published.toordinal() if leaf.published else 0, reverse=True
    )
    return [x for x in dated if x.pinned] + [x for x in dated if not x.pinned]


def draw_home(site: Site) -> str:
    skin = SKINS[site.skin]
    view = View(site, site.home, "home", "首页")
    blocks = []
    for key, count in (("news", 6), ("notices", 6), ("normative", 4), ("policy", 4), ("interpretations", 5)):
        section = site.sections[key]
        shown = [leaf for leaf in ordered(section) if not leaf.pinned][:count]
        blocks.append(skin.block(view, section.name, section.link, skin.entries(view, shown)))
    local = [leaf for leaf in ordered(site.sections["local"]) if not leaf.pinned][:4]
    hidden = f'<div class="tab-pane" style="display:none">{skin.entries(view, local)}</div>'
    handler = '<li><a href="javascript:;" onclick="openTopic(1)">更多专题</a></li>'
    topics = "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in site.home_extra)
    topics = f'<div class="zt"><h3>专题专栏</h3><ul><li><a href="http://www.gov.cn/">中国政府网</a></li>{topics}{handler}</ul></div>'
    friends = '<div class="friend-link"><select onchange="window.open(this.value)"><option value="">友情链接</option>'
    friends += '<option value="http://www.lianxi.gov.cn/">练溪省人民政府</option></select></div>'
    view.main = "\n".join([*blocks, hidden, topics, friends, *(_hidden(x) for x in site.hidden_links)])
    view.extra = traps(site, view, skin)
    return skin.page(view)


def _hidden(link: tuple[str, str, str]) -> str:
    text, url, how = link
    anchor = f'<a href="{url}">{text}</a>'
    style = {
        "display": "display:none",
        "zero": "width:0;height:0;overflow:hidden",
        "off": "position:absolute;left:-9999px;top:-9999px",
    }.get(how)
    return f'<div style="{style}">{anchor}</div>' if style else f"<p>{anchor}</p>"


def traps(site: Site, view: View, skin: Skin) -> str:
    """Ways in which a crawler loses itself; none of them is a fault."""
    made = []
    if "calendar" in site.traps and view.kind in ("home", "column"):
        made.append(
            f'<div class="rili"><a href="{site.home}calendar?y={site.as_of.year}&amp;m={site.as_of.month}">日历查询</a></div>'
        )
    if "session" in site.traps and view.kind == "home":
        made.append('<div><a href="/service/index.html;jsessionid=0A1B2C">网上办事大厅</a></div>')
    leaf = view.leaf
    if leaf and leaf.kind == "article" and leaf.section.kind == "news" and not leaf.inserts:
        if "print" in site.traps:
            joint = "&amp;" if "?" in leaf.url else "?"
            made.append(
                f'<div><a href="{skin.href(view.url, leaf.url)}{joint}print=1" rel="nofollow">打印本页</a></div>'
            )
        if "copies" in site.traps and "?" not in leaf.url and "." in leaf.url.rsplit("/", 1)[1]:
            stem, ext = leaf.url.rsplit(".", 1)
            made.append(f'<div><a href="{skin.href(view.url, f"{stem}_slh.{ext}")}">适老版</a></div>')
    return "".join(made)


def draw_column(site: Site, section: Section, number: int) -> str | None:
    """One page of a column; None beyond its end."""
    skin = SKINS[site.skin]
    view = View(site, section.url, "column", section.name, section=section)
    view.extra = traps(site, view, skin)
    if section.kind == "platform":
        view.main = _platform(site, view, skin)
    elif section.kind == "statutory":
        items = [(s.name, s.link) for s in site.sections.values() if s.parent == "statutory"]
        view.main = f"<h2>{section.name}</h2>" + skin.links(view, items)
    elif section.kind == "sitemap":
        own = [(s.name, s.link) for s in site.sections.values() if s.parent == "home" and s is not section]
        view.main = "<h2>网站地图</h2>" + skin.links(view, own)
    elif not section.leaves:
        view.main = f"<h2>{section.name}</h2><ul></ul>{section.text}"
    else:
        leaves = ordered(section)
        pages = -(-len(leaves) // skin.per_page)
        if number >= pages:
            return None
        if site.script_lists and section.kind in SCRIPTED:
            view.main = _loader(site, view, skin, leaves)
        else:
            view.main = skin.column(
                view, leaves[number * skin.per_page : (number + 1) * skin.per_page], number, pages
            )
    return skin.page(view) if number >= 0 else None


def _platform(site: Site, view: View, skin: Skin) -> str:
    five = [(s.name, s.link) for s in site.sections.values() if s.parent == "platform"]
    recent = site.sections["normative"]
    block = skin.block(view, "最新公开", recent.link, skin.entries(view, ordered(recent)[:4]))
    return f'<h2>政府信息公开</h2><div class="gk-nav">{skin.links(view, five)}</div>{block}'


def _loader(site: Site, view: View, skin: Skin, leaves: list[Leaf]) -> str:
    section = view.section
    assert section
    if site.script_lists == "datastore":
        rows = "".join(f"<record><![CDATA[{skin.entries(view, [leaf])}]]></record>" for leaf in leaves)
        store = f"<datastore><nextgroup><![CDATA[]]></nextgroup><recordset>{rows}</recordset></datastore>"
        return (
            f'<h2>{section.name}</h2><div id="{section.key}"></div><script type="text/xml">{store}</script>'
        )
    if site.script_lists == "datasource":
        return f'<h2>{section.name}</h2><div class="data-list" data-url="/data/ds_{section.key}.json" data-source="ds"></div>'
    call = (
        f"$.getJSON('/data/{section.key}.json', function (r) {{ $.each(r.list, function (i, e) {{ "
        "$('#list').append('<li><a href=\"' + e.url + '\">' + e.title + '</a><span>' + e.date + '</span></li>'); }); });"
    )
    return f'<h2>{section.name}</h2><ul id="list"></ul><script>{call}</script>'


def draw_data(site: Site, section: Section) -> str:
    """The data behind a list that is drawn by script."""
    rows = [
        (x.title, x.link, f"{x.published} 09:30:00" if x.dated and x.published else "")
        for x in ordered(section)
    ]
    if site.script_lists == "datasource":
        made = [
            {"contentId": f"{n:08d}", "title": t, "publishUrl": u, "publishTime": d}
            for n, (t, u, d) in enumerate(rows)
        ]
        return json.dumps({"categoryType": "normal", "datasource": made})
    return json.dumps(
        {"total": len(rows), "list": [{"title": t, "url": u, "date": d[:10]} for t, u, d in rows]},
        ensure_ascii=False,
    )


def draw_leaf(site: Site, leaf: Leaf) -> str:
    skin = SKINS[site.skin]
    own = leaf.section.page is leaf
    if leaf.extra.get("date-in-list-only"):
        leaf = replace(leaf, dated=False)
    view = View(site, leaf.url, "page" if own else "content", leaf.title, section=leaf.section, leaf=leaf)
    dice = site.dice("related", leaf.key)
    foot = ""
    if leaf.kind == "document" and leaf.dead_partner:
        foot = skin.related(
            view, _READING[dice.randrange(3)], [(leaf.extra["dead-title"], leaf.dead_partner)]
        )
    elif leaf.partner and leaf.link_out and leaf.kind == "document":
        foot = skin.related(view, _READING[dice.randrange(3)], [(leaf.partner.title, leaf.partner.link)])
    elif leaf.partner and leaf.link_out and leaf.kind == "interpretation":
        foot = skin.related(view, _SOURCES[dice.randrange(3)], [(leaf.partner.title, leaf.partner.link)])
    view.main = skin.article(view, leaf, bodies.body(site, leaf), foot)
    view.extra = traps(site, view, skin)
    return skin.page(view)


def draw_search(site: Site, query: str) -> str:
    skin = SKINS[site.skin]
    view = View(site, f"{site.home}search", "column", "搜索结果", section=site.sections["sitemap"])
    found = []
    if site.search == "works" and query:
        found = [leaf for leaf in site.leaves.values() if query in leaf.title][:20]
    said = f"<p>共找到 {len(found)} 条与“{escape(query)}”有关的结果</p>"
    view.main = said + (skin.entries(view, found) if found else "<p>没有找到相关内容</p>")
    return skin.page(view)


def draw_calendar(site: Site, year: int, month: int) -> str:
    skin = SKINS[site.skin]
    view = View(site, f"{site.home}calendar", "column", "日历查询", section=site.sections["sitemap"])
    before, after = (year * 12 + month - 2), (year * 12 + month)
    days = "".join(f"<td>{n}</td>" for n in range(1, 29))
    turns = "".join(
        f'<a href="{site.home}calendar?y={m // 12}&amp;m={m % 12 + 1}">{name}</a>'
        for name, m in (("上月", before), ("下月", after))
    )
    view.main = f"<h2>{year}年{month}月</h2><table><tr>{days}</tr></table>{turns}"
    return skin.page(view)


def draw_service(site: Site, after: str) -> str:
    """A service hall that hangs a new session on every address."""
    skin = SKINS[site.skin]
    view = View(
        site, f"{site.home}service/index.html", "column", "网上办事大厅", section=site.sections["sitemap"]
    )
    view.main = f"<h2>网上办事大厅</h2><p>提供网上申报、进度查询和结果查询。</p><a href='/service/index.html;jsessionid={after}'>刷新</a>"
    return skin.page(view)


def draw_missing(site: Site) -> str:
    """How this site says that a page is not there, when it says so in words."""
    skin = SKINS[site.skin]
    # Shown under any address, so its links must not lean on where it stands.
    view = View(site, f"{site.home}error/page.html", "other", "页面不存在")
    view.main = "<h2>您访问的页面不存在</h2><p>您访问的页面不存在或已被删除！<a href='/'>返回首页</a></p>"
    return skin.page(view)
