"""What a page keeps behind a tab, and text that stands bare in its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]

TITLE = "某县水利局关于做好秋冬季农田水利工作的通知"
LINE = "为做好秋冬季农田水利设施管护工作，现就有关事项通知如下，请结合实际认真抓好落实。"
HEAD = f'<html><head><title>{TITLE}</title><meta name="ArticleTitle" content="{TITLE}"></head><body>'
FIELDS = (
    "<dl><dt>索引号：</dt><dd>012345/2020-00060</dd><dt>发文机关：</dt><dd>某县水利局</dd><dt>发文字号：</dt>"
    "<dd>某水发〔2020〕60号</dd><dt>成文日期：</dt><dd>2020-11-06</dd><dt>有效性：</dt><dd>有效</dd></dl>"
)


def _tabbed(fields: str) -> str:
    return (
        f"{HEAD}<h1>{TITLE}</h1><div class='tabs'><span>正文</span><span>基本信息</span></div>"
        f"<div class='tc'><p>{LINE}</p><p>{LINE}</p><p>{LINE}</p></div>"
        f"<div class='tc' style='display:none'>{fields}</div></body></html>"
    )


def test_a_block_that_waits_behind_a_tab_is_read(page: Make) -> None:
    facts = page(_tabbed(FIELDS))
    assert facts.document_number == "某水发〔2020〕60号"
    assert (facts.index_number, facts.issuer, facts.validity) == ("012345/2020-00060", "某县水利局", "有效")
    assert facts.written == date(2020, 11, 6)
    assert facts.kind is PageKind.DOCUMENT
    assert "索引号" not in facts.text


def test_a_hidden_pattern_of_a_block_that_nobody_filled_is_none(page: Make) -> None:
    empty = "<dl><dt>索引号：</dt><dd></dd><dt>发文字号：</dt><dd></dd><dt>成文日期：</dt><dd>2020-11-06</dd></dl>"
    assert page(_tabbed(empty)).metadata == ()


def test_a_block_that_is_seen_is_believed_before_one_that_is_not(page: Make) -> None:
    other = FIELDS.replace("60号", "9号").replace("00060", "00009")
    facts = page(_tabbed(other).replace("<div class='tabs'>", f"{FIELDS}<div class='tabs'>"))
    assert (facts.document_number, facts.index_number) == ("某水发〔2020〕60号", "012345/2020-00060")


def test_a_text_in_lines_parted_by_breaks_is_the_text_and_not_the_block_above_it(page: Make) -> None:
    block = "".join(
        f"<li>{field}</li>"
        for field in (
            "文 号：某水发〔2020〕60号",
            "索 引 号：012345/2020-00060",
            "发文单位：某县水利局",
            f"文件名称：{TITLE}",
            "发文日期：2020-11-06",
        )
    )
    lines = "<br>".join(f"&nbsp;&nbsp;{LINE}" for _ in range(5))
    facts = page(
        f"{HEAD}<table><tr><td><p>{TITLE}</p></td></tr><tr><td><ul>{block}</ul></td></tr>"
        f"<tr><td><p>各有关单位：</p>{lines}<p>某县水利局</p></td></tr></table></body></html>"
    )
    assert facts.text.startswith("各有关单位：")
    assert facts.text.count("现就有关事项通知如下") == 5
    assert facts.document_number == "某水发〔2020〕60号"


def test_a_page_that_tells_duties_and_inner_organs_is_that_of_the_functions_whatever_it_is_called(
    page: Make,
) -> None:
    told = "".join(
        f"（{n}）负责全县农田水利工作的统筹规划、组织协调和监督管理，承担县政府交办的其他任务。<br>"
        for n in range(1, 7)
    )
    text = f"<p>某县水利局主要职责</p>{told}<p>内设机构</p><p>办公室　负责机关日常运转工作。</p><p>办公地址：城关镇人民路12号</p>"
    facts = page(
        f"<html><head><title>某县水利局</title></head><body><div>当前位置：首页 → 局机关</div><div>{text}</div></body></html>",
        url="http://www.example.gov.cn/jjg.asp",
    )
    assert facts.kind is PageKind.FUNCTIONS
    assert "人民路12号" in facts.contacts["address"]


def test_a_notice_that_lays_down_duties_is_no_functions_page(page: Make) -> None:
    told = f"<p>一、主要职责</p><p>{LINE}</p><p>{LINE}</p><p>二、内设机构</p><p>{LINE}{LINE}{LINE}</p>"
    facts = page(
        f"{HEAD}<h1>{TITLE}</h1><div>发布时间：2020-11-05</div><div class='TRS_Editor'>{told}</div></body></html>"
    )
    assert facts.kind is PageKind.ARTICLE


def test_the_address_in_the_foot_is_no_statement_of_a_page_without_words(page: Make) -> None:
    foot = "<div class='footer'>主办单位：某县水利局 地址：城关镇人民路12号 电话：0350-1234567 ICP备案 网站标识码1400000000</div>"
    facts = page(
        f"<html><head><title>机构职能_某县水利局</title></head><body><div>当前位置：首页 &gt; 机构职能</div>"
        f"<ul><li><a href='a.html'>机构职能情况</a><span>2020-08-05</span></li></ul>{foot}</body></html>",
        url="http://www.example.gov.cn/jgzn/",
    )
    assert facts.kind is PageKind.FUNCTIONS
    assert facts.contacts == {}


PANES = "<style>.pane{display:none}.pane.on{display:block}</style>"


def test_panels_of_one_set_are_one_text_whichever_is_open(page: Make) -> None:
    table = FIELDS.replace("<dl>", "<table>").replace("</dl>", "</table>")
    table = (
        table.replace("<dt>", "<tr><th>")
        .replace("</dt>", "</th>")
        .replace("<dd>", "<td>")
        .replace("</dd>", "</td></tr>")
    )
    facts = page(
        f"{HEAD}{PANES}<div class='cnt'><h2>{TITLE}</h2><ul><li>基本信息</li><li>文件正文</li></ul>"
        f"<div class='pane on'>{table}</div><div class='pane'><p>{LINE}</p><p>{LINE}</p></div></div></body></html>"
    )
    assert facts.text.count("现就有关事项通知如下") == 2
    assert facts.document_number == "某水发〔2020〕60号"


def test_how_an_office_is_reached_is_read_from_the_third_panel_too(page: Make) -> None:
    duties = f"<p>一、{LINE}</p><p>二、{LINE}</p><p>三、{LINE}</p>"
    reach = (
        "<p>办公地址：城关镇人民路12号</p><p>办公时间：周一至周五 8:00—12:00</p><p>联系电话：0350-1234567</p>"
    )
    facts = page(
        f"<html><head><title>机构职能_某县水利局</title>{PANES}</head><body><div>当前位置：<a href='/'>首页</a> &gt; 机构职能</div>"
        f"<div class='pane on'>{duties}</div><div class='pane'><p>办公室：负责机关日常运转工作。</p></div>"
        f"<div class='pane'>{reach}</div></body></html>",
        url="http://www.example.gov.cn/single/jgzn.html",
    )
    assert facts.kind is PageKind.FUNCTIONS
    assert {"address", "hours", "phone"} <= set(facts.contacts)


def test_a_notice_that_pops_up_is_no_part_of_the_text(page: Make) -> None:
    notice = "您访问的链接即将离开本网站，是否继续？" * 4
    facts = page(
        f"{HEAD}<h1>{TITLE}</h1><div class='TRS_Editor'><p>{LINE}</p></div>"
        f"<div class='popup' style='display:none'><p>{notice}</p></div></body></html>"
    )
    assert "即将离开" not in facts.text


def test_only_classes_that_open_a_panel_together_undo_its_hiding(page: Make) -> None:
    style = "<style>.hide{display:none}.col{display:block}</style>"
    facts = page(
        f"{HEAD}{style}<p>{LINE}</p><div class='col hide'><a href='http://x.example.com/'>钢材</a></div></body></html>"
    )
    assert [link.hidden for link in facts.links if "example.com/" in link.url and link.text == "钢材"] == [
        "display-none"
    ]


def test_a_text_behind_a_tab_is_read_where_the_open_panel_holds_links_alone(page: Make) -> None:
    guide = "".join(
        f"<p>公民可以向本机关申请获取第{n}类政府信息，申请应当写明所需信息的名称。</p>" for n in range(9)
    )
    html = (
        "<html><head><title>政府信息公开</title></head><body><ul class='tabs'><li>法定主动公开内容</li><li>政府信息公开指南</li></ul>"
        "<div class='panels'><div class='gkPanel'><ul><li><a href='/a/'>财政预决算</a></li><li><a href='/b/'>政府采购</a></li></ul></div>"
        f"<div class='gkPanel' style='display:none'>{guide}</div></div><div class='note'><p>仅受理网站建设维护相关事宜</p></div></body></html>"
    )
    assert "第8类政府信息" in page(html, url="http://www.example.gov.cn/xxgk/").text


def test_a_search_box_folded_under_a_magnifying_glass_is_a_search_box(page: Make) -> None:
    box = "<div id='fold' style='display:none'><input id='i1' placeholder='{}'><button>确定</button></div>"
    html = "<html><head><title>某某市人民政府</title></head><body><img src='/search.png' onclick='unfold()'>{}</body></html>"
    assert page(html.format(box.format("站内搜索")), url="http://www.example.gov.cn/").search_box
    assert not page(html.format(box.format("验证码")), url="http://www.example.gov.cn/").search_box
