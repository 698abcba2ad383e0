"""The words of a page, whatever template they stand in."""

from __future__ import annotations

from html import escape

from practice import writing
from practice.annual import annual
from practice.model import Leaf, Site

LABELS = {
    "name": ("机构名称", "受理机构"),
    "address": ("办公地址", "通信地址"),
    "hours": ("办公时间", "受理时间"),
    "phone": ("联系电话", "咨询电话"),
    "fax": ("传真号码", "传真"),
    "internet": ("电子邮箱", "互联网联系方式"),
    "head": ("负责人", "主要负责人"),
}
ORGANS = "办公室|综合处|政策法规处|规划财务处|行业管理处|监督检查处|人事教育处|机关党委"


def paragraphs(site: Site, leaf: Leaf) -> list[str]:
    """The plain paragraphs of an article, document or interpretation."""
    if leaf.blank:
        return []
    if leaf.copy_of:
        return paragraphs(site, leaf.copy_of)
    dice = site.dice("text", leaf.key)
    unit, topic = site.unit.full_name, leaf.topic or site.unit.topics[0]
    match leaf.kind:
        case "document" if leaf.extra.get("brief"):
            return ["详见附件电子全文。"]
        case "document":
            return writing.document_text(dice, topic, unit, leaf.extra.get("form", "办法"))
        case "interpretation":
            of = leaf.partner.extra["core"] if leaf.partner else topic
            return writing.reading_text(dice, topic, unit, of) if leaf.form == "text" else []
        case "rules":
            return [writing.fill(s, dice, "政府信息公开", unit) for s in dice.sample(writing.CLAUSES, 5)]
        case _ if leaf.section.kind == "notice":
            return writing.notice_text(dice, topic, unit)
        case _ if leaf.section.kind == "news":
            return writing.news_text(dice, topic, unit, leaf.published)
    return writing.notice_text(dice, topic, unit)[1:]


def body(site: Site, leaf: Leaf) -> str:
    """The main text as HTML, without title, dates and metadata."""
    special = {
        "annual": annual,
        "guide": guide,
        "functions": functions,
        "organs": organs,
        "leaders": leaders,
        "application": application,
        "form": form,
        "contact": contact,
    }.get(leaf.kind)
    if special and not leaf.blank:
        return special(site, leaf) + "".join(leaf.inserts)
    parts = [f"<p>{escape(text)}</p>" for text in paragraphs(site, leaf)]
    if leaf.extra.get("number-in-head"):
        parts.insert(0, f'<p style="text-align:center">{escape(leaf.number)}</p>')
    if leaf.kind == "document" and parts and leaf.written and not leaf.extra.get("brief"):
        sign = f"{escape(site.unit.full_name)}<br>{writing.chinese_date(leaf.written)}"
        parts.append(f'<p style="text-align:right">{sign}</p><p>（此件公开发布）</p>')
    if leaf.kind == "interpretation" and leaf.form != "text":
        parts.append(_picture(site, leaf))
    return "\n".join(parts + leaf.inserts)


def _picture(site: Site, leaf: Leaf) -> str:
    base = "/".join(leaf.url.split("/")[:3])
    stem = site.dice("media", leaf.key).randrange(10**8, 10**9)
    name = escape(leaf.title)
    if leaf.form == "video":
        return f'<p style="text-align:center"><video src="{base}/media/V{stem}.mp4" controls></video></p>'
    if leaf.form == "h5":
        return f'<p><img src="{base}/images/W{stem}.png" alt="{name}"></p><p>点击图片或扫描二维码浏览H5作品。</p>'
    return "".join(f'<p><img src="{base}/images/W{stem}{n}.png" alt="{name}"></p>' for n in "12")


def _facts(site: Site, facts: dict[str, str], names: str, table: bool) -> str:
    turn = site.dice("labels", names).randrange(2)
    rows = [(LABELS[key][turn], facts[key]) for key in names.split() if key in facts]
    if table:
        return "<table>" + "".join(f"<tr><td>{k}</td><td>{escape(v)}</td></tr>" for k, v in rows) + "</table>"
    return "".join(f"<p>{k}：{escape(v)}</p>" for k, v in rows)


def guide(site: Site, leaf: Leaf) -> str:
    """政府信息公开指南 with the contact facts of 条例12."""
    del leaf
    unit = escape(site.unit.full_name)
    old = site.outdated
    dice = site.dice("guide-words")
    term = "15个工作日" if old == "term" else "20个工作日"
    # The full citation names the first decree too; only as the basis on its own is it out of date.
    cited = dice.choice(
        ("（国务院令第711号）", "（2007年4月5日国务院令第492号公布，2019年4月3日国务院令第711号修订）")
    )
    basis = "《中华人民共和国政府信息公开条例》" + ("（国务院令第492号）" if old == "basis" else cited)
    lines = [
        f"<p>为方便公民、法人和其他组织获取{unit}的政府信息，根据{basis}，编制本指南。</p>",
        "<h3>一、信息分类和编排体系</h3><p>主动公开的信息按机构职能、政策文件、规划计划、财政信息等类别编排。</p>",
        "<h3>二、获取方式</h3><p>可以通过本网站、政务服务大厅、档案馆和公共图书馆查阅主动公开的政府信息。</p>",
        "<h3>三、公开工作机构</h3>",
        _facts(site, site.guide, "name address hours phone fax internet", site.dice("guide").random() < 0.4),
        "<h3>四、依申请公开</h3><p>除主动公开的信息外，公民、法人和其他组织可以向本机关申请获取相关政府信息。",
    ]
    if old == "need":
        lines.append("申请人应当说明申请内容与自身生产、生活、科研等特殊需要的关系。")
    lines.append(
        f"</p><p>本机关收到申请后能够当场答复的当场答复，不能当场答复的自收到申请之日起{term}内予以答复。</p>"
    )
    if dice.random() < 0.5:
        lines.append(
            "<p>申请公开的信息涉及第三方的，第三方应当自收到征求意见书之日起15个工作日内提出意见。</p>"
        )
    free = dice.choice(("提供政府信息不收取费用。", "提供政府信息不收取检索费、复制费、邮寄费等费用。"))
    fee = "提供政府信息收取检索费、复制费、邮寄费等成本费用。" if old == "fee" else free
    lines.append(
        f"<p>{fee}</p><h3>五、监督投诉</h3><p>认为本机关未依法履行公开义务的，可以向上一级机关投诉、举报。</p>"
    )
    return "\n".join(lines)


def application(site: Site, leaf: Leaf) -> str:
    """依申请公开 with its ways in."""
    del leaf
    section = site.sections["application"]
    base = "/".join(section.url.split("/")[:3])
    lines = [
        "<p>公民、法人或者其他组织可以向本机关申请公开政府信息，申请应当采用书面形式（包括信件、数据电文）。</p>",
        _facts(site, site.application, "name address hours phone fax internet", False),
        "<p>申请应当包括申请人的姓名、身份证明、联系方式，所需信息的名称、文号或者特征性描述，以及形式要求。</p>",
    ]
    if site.form_mode != "download":
        lines.append(f'<p><a href="{base}/ysqgk/form.html">在线申请</a></p>')
    files = section.page.attachments if section.page else []
    lines += [f'<p><a href="{file.url}">{escape(file.text.split("：")[-1])}</a></p>' for file in files]
    return "\n".join(lines)


def form(site: Site, leaf: Leaf) -> str:
    """The online form; what it can take is a fact of the site."""
    del leaf
    rows = [
        '<tr><td>申请人类型</td><td><select name="lx"><option>公民</option><option>法人</option></select></td></tr>'
    ]
    if "name" in site.form_fields:
        rows.append('<tr><td>姓名（名称）</td><td><input type="text" name="xm"></td></tr>')
        rows.append('<tr><td>证件号码</td><td><input type="text" name="zjhm"></td></tr>')
    if "contact" in site.form_fields:
        rows.append('<tr><td>联系电话</td><td><input type="text" name="lxdh"></td></tr>')
        rows.append('<tr><td>电子邮箱</td><td><input type="text" name="yx"></td></tr>')
    if "description" in site.form_fields:
        rows.append('<tr><td>所需信息内容描述</td><td><textarea name="nrms"></textarea></td></tr>')
    rows.append(
        '<tr><td>获取方式</td><td><input type="radio" name="fs">邮寄 <input type="radio" name="fs">自行领取</td></tr>'
    )
    return (
        '<form method="post" action="/ysqgk/submit"><table>'
        + "".join(rows)
        + '</table><input type="submit" value="提交申请"></form>'
    )


def functions(site: Site, leaf: Leaf) -> str:
    """机构职能: duties, organs and how to reach the office."""
    del leaf
    unit, facts = site.unit, site.functions
    lines = [f"<p>{escape(unit.full_name)}贯彻落实党中央、国务院和省委、省政府的方针政策。</p>"]
    if "no-duties" not in facts:
        lines.append("<h3>主要职责</h3>")
        for n, topic in enumerate(unit.topics[:5]):
            lines.append(f"<p>（{'一二三四五'[n]}）负责{topic}的组织实施和监督管理。</p>")
    if "no-organs" not in facts:
        target = site.sections["organs"].url
        lines.append(f'<h3>内设机构</h3><p><a href="{target}">查看内设机构</a></p>')
    lines.append(_facts(site, facts, "address hours phone head", site.dice("functions").random() < 0.5))
    return "\n".join(lines)


def organs(site: Site, leaf: Leaf) -> str:
    dice = site.dice("organs")
    lines = []
    for name in ORGANS.split("|"):
        work = "" if leaf.extra.get("plain") else f"<td>承担{dice.choice(site.unit.topics)}相关工作</td>"
        lines.append(f"<tr><td>{name}</td>{work}<td>0399-{dice.randrange(7000000, 8999999)}</td></tr>")
    head = "" if leaf.extra.get("plain") else "<td>职责</td>"
    return f"<table><tr><td>内设机构</td>{head}<td>电话</td></tr>" + "".join(lines) + "</table>"


def leaders(site: Site, leaf: Leaf) -> str:
    del leaf
    dice = site.dice("leaders")
    names = [site.guide.get("head") or writing.person(dice)] + [writing.person(dice) for _ in range(4)]
    posts = [site.unit.head] + ["副" + site.unit.head] * 4
    duty = "主持全面工作"
    lines = []
    for name, post in zip(names, posts, strict=True):
        lines.append(f"<p><strong>{name}</strong>　{post}</p><p>工作分工：{duty}。</p>")
        duty = f"分管{dice.choice(site.unit.topics)}、{dice.choice(site.unit.topics)}等工作"
    return "\n".join(lines)


def contact(site: Site, leaf: Leaf) -> str:
    del leaf
    dice = site.dice("contact")
    return (
        f"<p>本网站由{escape(site.unit.full_name)}主办，技术问题请与网站运维人员联系。</p>"
        f"<p>网站运维邮箱：wzyw@{site.unit.domain}</p><p>运维值班：{dice.randrange(100, 999)}室</p>"
    )
