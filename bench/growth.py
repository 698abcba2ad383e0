"""A page twice as long takes twice as long to read, whatever it is made of: what grows faster would one day hold a night.

Each kind of page is one piece over and over; it is read at three lengths, and the CPU of the longest is held against that
of the middle one. Twice is in proportion; four times is a square.

    python -m bench.growth
    python -m bench.growth forms options
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from dossier.home import Home
from dossier.reading import load_vocabulary, read, read_data

AS_OF, URL = date(2020, 9, 30), "http://www.example.gov.cn/zwgk/"
LENGTHS = (5_000, 10_000, 20_000)
TOO_STEEP, WORTH_SECONDS = 3.2, 0.3
Make = Callable[[int], str]


def _each(piece: str, before: str = "", after: str = "") -> Make:
    """The piece over and over, `@` in it counting."""
    return lambda n: before + "".join(piece.replace("@", str(k)) for k in range(n)) + after


PAGES: dict[str, Make] = {
    "links": _each("<a href='/a@.html'>第@号链接</a>"),
    "the same link": _each("<a href='/x'>链接</a>"),
    "titled links": _each("<a href='/a@.html' title='关于印发第@号办法的通知'>关于印发第@号…</a>"),
    "list items": _each("<li><a href='/a@.html'>关于第@号的通知</a><span>2020-01-02</span></li>", "<ul>", "</ul>"),
    "menus": _each("<li><a href='/m@/'>栏目@</a><ul><li><a href='/m@/s/'>子@</a></li></ul></li>", "<ul>", "</ul>"),
    "file links": _each("附件@：<a href='/f@.pdf'>附件@.pdf</a>", "<p>"),
    "pictures": _each("<img src='/i@.png' width=300 height=300>"),
    "areas": _each("<area href='/m@' alt='图@'>", "<map>", "</map>"),
    "anchors": _each("<a name='a@'></a><a href='#a@'>跳</a>"),
    "tabs": _each("<div class='tab'><a href='#t@'>页签@</a></div><div id='t@'><p>内</p></div>"),
    "onclick": _each("<div onclick=\"window.open('/x@.html')\">开@</div>"),
    "scripts": _each("<script>var a@='/x/@.html';$.get(a@);</script>"),
    "written links": _each("<script>document.write('<a href=\"/w@\">写@</a>')</script>"),
    "calls": _each("$.getJSON('/data/@.json',function(r){});", "<script>", "</script>"),
    "array": _each("{title:'关于@的通知',url:'/a@.html',date:'2020-01-01'},", "<script>var l=[", "]</script>"),
    "tree": _each("{id:@,pId:1,name:'栏目@',url:'/c@/'},", "<script>var zNodes=[", "]</script>"),
    "datastore": _each("<record><![CDATA[<li><a href='/a@.html'>通知@</a></li>]]></record>", "<script type='text/xml'><datastore><recordset>", "</recordset></datastore></script>"),
    "forms": _each("<form action='/s'><input name=q placeholder=搜索></form>"),
    "fields": _each("<label for=x@>姓名@</label><input id=x@ name=n@>", "<form>", "</form>"),
    "loose fields": _each("<p>姓名@<input name=n@></p>"),
    "options": _each("<option>x</option><option value='/@'>y", "<form><select>", "</select></form>"),
    "choices": _each("<select><option>x</select>"),
    "frames": _each("<iframe src='/f@.html'></iframe>"),
    "metas": _each("<meta name='m@' content='x'>"),
    "labels": _each("<p>发文字号：晋政发〔2020〕@号</p><p>成文日期：2020年1月1日</p>"),
    "rows": _each("<tr><td>索引号</td><td>x@</td><td>发布日期</td><td>2020-01-01</td></tr>", "<table>", "</table>"),
    "tables": _each("<table><tr><td>索引号</td><td>x@</td></tr></table>"),
    "headings": _each("<h2>第@章</h2><p>文</p>"),
    "boxes": _each("<div class='c@'><p>正文第@段，内容内容内容。</p></div>"),
    "hidden": _each("<div style='display:none'><a href='/x@'>甲</a></div>"),
    "places": lambda n: _each("<div id='box@'></div>")(n) + _each("f('box');x.append(y);", "<script>", "</script>")(n),
    "places and scripts": lambda n: _each("<div id='box@'></div>")(n) + _each("<script src='/js/own@x.js'></script>")(n),
    "panels": lambda n: _each("<div><b>更多</b><div class='pan' style='display:none'><a href='http://b@.com/'>甲</a></div></div>")(n) + _each("$('.pan').show();", "<script>", "</script>")(n),
    "one panel": _each("<a href='http://b@.com/'>甲</a>", "<div><b>更多</b><div class='pan' style='display:none'>", "</div></div><script>$('.pan').show();</script>"),
    "folded panes": _each("<div class='pane' style='display:none'><p>正文第@段，内容内容内容，内容内容内容。</p></div>", "<div><div class='pane'>甲</div>", "</div>"),
    "cards": _each("<div><h3>关于印发第@号办法的通知</h3><p>摘要</p><a href='/a@.html'>查看详情</a></div>"),
    "months": _each("<h3>2020年1月</h3><li><a href='/a@.html'>关于第@号的通知</a><span>12</span></li>", "<ul>", "</ul>"),
    "numbered pages": _each("<a href='index_@.html'>@</a>"),
    "portraits": _each("<p><img src='/i@.jpg' alt='张三丰' width=100 height=120>厅长</p>"),
    "styles": _each(".c@{display:none}", "<style>", "</style>"),
    "blocks of style": _each("<style>.a@{display:none}</style>"),
    "lines": _each("<p>甲</p>乙<br>"),
    "definitions": _each("<dt>x@<dd>y", "<dl>"),
    "dates": _each("2020年1月1日 发布 ", "<p>"),
    "numbers": _each("晋政发〔2020〕@号、", "<p>"),
    "book marks": _each("《关于印发〈办法〉的通知》", "<p>"),
    "open brackets": _each("（《“", "<p>"),
    "digits": _each("1101051949", "<p>"),
    "telephones": _each("电话：0351-1234567，a@@b.cn ", "<p>"),
    "foot": _each("主办：某某 晋ICP备12345678号 网站标识码1400000001 ", "<div class=footer>", "</div>"),
    "comments": _each("<!-- begin @ -->"),
    "angles": _each("<<<<"),
    "unclosed quotes": _each("<a href='"),
}  # fmt: skip
DATA: dict[str, Make] = {
    "rows of data": lambda n: json.dumps({"list": [{"title": f"关于{k}的通知", "url": f"/a{k}.html", "date": "2020-01-01"} for k in range(n)]}),
    "keys of data": lambda n: json.dumps({f"k{k}": {"title": "关于通知", "url": f"/{k}"} for k in range(n)}),
    "page in data": lambda n: json.dumps({"html": _each("<li><a href='/a@'>通知@</a><span>2020-01-01</span></li>")(n)}),
}  # fmt: skip


def cost(name: str) -> tuple[float, ...]:
    """CPU seconds of reading a kind of page at each length."""
    vocabulary = load_vocabulary(Home(Path("/nowhere")))

    def once(length: int) -> float:
        begun = time.process_time()
        if name in DATA:
            read_data(DATA[name](length).encode(), url=URL, as_of=AS_OF, vocabulary=vocabulary)
        else:
            page = f"<html><head><title>标题</title></head><body><h1>标题</h1>{PAGES[name](length)}</body></html>"
            begun = time.process_time()
            read(page.encode(), url=URL, content_type="text/html; charset=utf-8", as_of=AS_OF, vocabulary=vocabulary)  # fmt: skip
        return time.process_time() - begun

    return tuple(once(length) for length in LENGTHS)


def is_steep(spent: tuple[float, ...]) -> bool:
    return spent[-1] > WORTH_SECONDS and spent[-1] > TOO_STEEP * spent[-2]


def main(names: list[str]) -> int:
    steep = []
    for name in names or [*PAGES, *DATA]:
        spent = cost(name)
        if is_steep(spent):
            spent = min(spent, cost(name), key=lambda one: one[-1] / one[-2])  # others work here too
        if is_steep(spent):
            steep.append(name)
        print(
            f"{name:18}",
            *(f"{one:6.2f}" for one in spent),
            "s  SQUARE" if is_steep(spent) else "s",
            flush=True,
        )
    print(f"{len(names or [*PAGES, *DATA])} kinds, steeper than in proportion: {steep or 'none'}")
    return int(bool(steep))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
