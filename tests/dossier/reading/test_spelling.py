"""What a script writes or opens letter by letter is read as a visitor sees it; what it computes is not guessed."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from urllib.parse import quote_plus

from dossier.model import PageFacts
from dossier.reading.spelling import spelled_out

Make = Callable[..., PageFacts]
URL = "http://www.example.gov.cn/tzgg/"
ROWS = (
    ("/tzgg/t1.html", "关于做好企业年度报告工作的通知", "2020-10-14"),
    ("/tzgg/t2.html", "关于开展专项资金申报工作的公告", "2020-10-12"),
    ("/tzgg/t3.html", "关于公布评审结果的公示", "2020-10-09"),
)
FRIENDS = (
    "<div class='links'><ul>"
    + "".join(f"<li><a href='http://www.friend{n}.gov.cn/'>友好单位{n}</a></li>" for n in range(6))
    + "</ul></div>"
)


def _page(main: str) -> str:
    return (
        "<html><head><title>通知公告</title><meta name='ColumnName' content='通知公告'></head><body>"
        f"<div class='crumb'>当前位置：<a href='/'>首页</a>&gt;<a href='./'>通知公告</a></div>{main}{FRIENDS}</body></html>"
    )


def _seen(facts: PageFacts) -> list[tuple[str, str, date | None]]:
    return [(item.url, item.title, item.date) for item in facts.items[: len(ROWS)]]


EXPECTED = [(f"http://www.example.gov.cn{path}", title, date.fromisoformat(day)) for path, title, day in ROWS]


def test_a_list_that_is_written_letter_by_letter_is_read(page: Make) -> None:
    said = "".join(
        f"document.write('<li><a href=\"{path}\">{title}</a><span>{day}<\\/span></li>');\n"
        for path, title, day in ROWS
    )
    main = f"<script>document.write('<ul class=\"list\">');\n{said}document.write('<\\/ul>');</script>"
    assert _seen(page(_page(main), url=URL)) == EXPECTED


def test_the_first_page_that_a_list_keeps_in_a_datastore_comes_before_the_friends_of_the_site(
    page: Make,
) -> None:
    records = "".join(
        f"<record><![CDATA[<li><a href='{path}'>{title}</a><span>{day}</span></li>]]></record>"
        for path, title, day in ROWS
    )
    main = (
        "<div id='6501'></div><script type='text/xml'><datastore><nextgroup></nextgroup>"
        f"<recordset>{records}</recordset></datastore></script>"
    )
    assert _seen(page(_page(main), url=URL)) == EXPECTED


def test_a_link_that_a_function_of_the_page_opens_leads_where_it_would(page: Make) -> None:
    rows = "".join(
        f"<li><a href='javascript:;' onclick=\"openDoc('{path[6:-5]}')\">{title}</a><span>{day}</span></li>"
        for path, title, day in ROWS
    )
    main = f"<script>function openDoc(id){{window.open('/tzgg/'+id+'.html')}}</script><ul>{rows}</ul>"
    assert _seen(page(_page(main), url=URL)) == EXPECTED


def test_a_page_named_in_the_call_is_where_it_leads(page: Make) -> None:
    rows = "".join(
        f"<li><a href='#' onclick=\"show('{path}')\">{title}</a><span>{day}</span></li>"
        for path, title, day in ROWS
    )
    assert _seen(page(_page(f"<ul>{rows}</ul>"), url=URL)) == EXPECTED


def test_what_leads_nowhere_and_what_is_computed_stay_as_they_are() -> None:
    for html in (
        "<a onclick=\"AddFavorite('http://www.example.gov.cn/','示例厅')\">收藏</a>",
        "<a onclick=\"setHome('http://www.example.gov.cn/')\">设为首页</a>",
        "<img onclick=\"Link('1400000099')\">",
        "<script>if(a>1){document.write('<li><a href=\"/1.html\">一</a></li>')}</script>",
        "<script>document.write('<a href=\"'+_name+'_1.html\">2</a>')</script>",
    ):
        assert spelled_out(html) == html


def test_a_list_whose_rows_a_script_computes_is_said_to_be_unread(page: Make) -> None:
    script = (
        "<ul id='list'></ul><script>for(var i=0;i<rows.length;i++)"
        "{document.getElementById('list').innerHTML+='<li>'+rows[i].title+'</li>'}</script>"
    )
    assert page(_page(script), url=URL).script_lists
    assert not page(_page("<ul></ul>"), url=URL).script_lists


def test_a_call_with_words_without_end_costs_its_share() -> None:
    page = '<a onclick="goTo(' + "'a'," * 60_000
    begun = time.process_time()
    assert spelled_out(page) == page
    assert time.process_time() - begun < 5, "every comma was tried with every other: minutes"


def test_a_call_is_found_however_its_attribute_is_written_and_in_no_other_word() -> None:
    for attribute in ("onclick", "onClick", "ONCLICK", "Href", "href"):
        html = f"<a onclick='' {attribute}=\"goTo('/a/1.html')\">一</a>"
        assert f'{attribute}="window.open(&#39;/a/1.html&#39;)' in spelled_out(html)
        several = f"<a onclick='' {attribute} = 'return goTo(7,&quot;/a/1.html&quot;,\"x\") ;'>一</a>"
        assert f"{attribute} = 'return window.open(&#39;/a/1.html&#39;)'" in spelled_out(several)
    for word in ("xhref", "nonclick", "ponclick"):
        html = f"<a onclick='' {word}=\"goTo('/a/1.html')\">一</a>"
        assert spelled_out(html) == html


def test_a_pager_kept_as_base64_is_a_pager_and_no_word_of_the_list(page: Make) -> None:
    piece = quote_plus("<a class='a1'>7条</a> <a href='/tzgg/index.html'>1</a> <a href='/tzgg/2.html'>2</a>")
    said = "".join(
        f"<li><a href='{path}'>{title}</a><span>{day}</span></li>" for path, title, day in ROWS[:2]
    )
    pager = f"<div class='pagenav'><div id='pages'>{b64encode(piece.encode()).decode()}</div></div>"
    read = page(_page(f"<div class='list'><ul>{said}{pager}</ul></div>"), url=URL)
    assert [item.url for item in read.items[:2]] == [one[0] for one in EXPECTED[:2]]
    assert read.next_pages == ("http://www.example.gov.cn/tzgg/2.html",)
    assert "JTND" not in read.whole_text


def test_what_only_looks_like_base64_stays_as_it_is() -> None:
    for words in ("JTNDnot-base64-at-all", "PHAA" * 8, "JTND" + "x" * 21):
        html = f"<p>{words}</p><script>atob(1)</script>"
        assert spelled_out(html) == html
