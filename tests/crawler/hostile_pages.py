"""Pages and files that mean harm to whoever reads them."""

from __future__ import annotations

import io
import zipfile

from tests.crawler.hostile import Wicked, html, squeezed
from tests.crawler.hostile_wire import say

ASTRAY = (
    "http://good.gov.cn@127.0.0.1/u", "http://127.0.0.1#@good.gov.cn/", "http://bad.gov.cn\\@127.0.0.1/", "http:\\\\127.0.0.1\\b",
    "//127.0.0.1/s", "///127.0.0.1/", "http:///127.0.0.1/", "http:127.0.0.1/c", "http://127。0。0。1/", "http://１２７.0.0.1/",
    "http://0177.0.0.01/", "http://0x7f.1/", "http://017700000001/", "http://127.0.0.1.:80/", "http://LOCALHOST/", "http://localhost./",
    "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://[fd00::1]/", "http://[2002:7f00:1::]/",
    "http://255.255.255.255/", "http://192.0.2.1/", "http://198.18.0.1/", "http://metadata.internal/", "http://a.lan/", "http://172.31.255.255/",
)  # fmt: skip
"""Ways to our own house in other spellings."""
ODD = (
    "http://bad.gov.cn:99999/", "http://bad.gov.cn:0/", "http://bad.gov.cn:-1/", "http://" + "a" * 300 + ".cn/", "http://a..b.cn/", "http://-x.cn/",
    "http://x_y.gov.cn/", "http://bad.gov.cn./dot", "http://%62ad.gov.cn/", "http://xn--a.gov.cn/", "http://xn--" + "9" * 200 + ".cn/", "HTTP://BAD.GOV.CN/UP",
    "/../../../../etc/passwd", "/%2e%2e/%2e%2e/x", "/..%5c..%5cx", "/a%00.html", "/a%0d%0aX: y", "/tab\there", "/line\nbreak", "/%zz%", "/;;;;", "/?" + "a=1&" * 3000,
    "/" + "d/" * 2000, "/" + "长" * 3000, "?", "#", "", " ", "http://", "http:", "://", "mailto:a@b", "tel:1", "vbscript:x", "blob:x", "about:blank", "ws://bad.gov.cn/",
)  # fmt: skip
RULES = (
    "〔",
    "（",
    "2020年",
    "第",
    "一、",
    "-",
    " ",
    "\u3000",
    "1",
    "：",
    "《",
    "http://",
    "&",
    "，" * 2,
    "①",
    "〇",
    "a@",
)
"""What the patterns of the reading begin with: long runs of them are where a careless pattern takes forever."""


def _page(body: str, title: str = "页", kind: str = "text/html; charset=utf-8") -> Wicked:
    return say(html(body, title), kind=kind)


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    return packed.getvalue()


def _matryoshka(depth: int) -> bytes:
    body = zipped({"x.txt": b"0" * 1_000_000})
    for _ in range(depth):
        body = zipped({"x.zip": body})
    return body


_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
_LAUGH = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'haha'>" + b"".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>".encode() for n in range(9)
)
_THIEF = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


def _docx(body: bytes) -> bytes:
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": body})


_WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
_WORD_END = b"</w:t></w:r></w:p></w:body></w:document>"
DOCX, XLSX = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-excel",
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj\ntrailer<</Root 1 0 R/Size 3/Prev 0>>"

PAGES: dict[str, Wicked] = {
    # links
    "ways-astray": _page("".join(f"<a href='{url}'>{n}</a>" for n, url in enumerate(ASTRAY))),
    "odd-addresses": _page("".join(f"<a href='{url}'>{n}</a>" for n, url in enumerate(ODD))),
    "base-inside": say(html("<a href='x.html'>x</a>").replace(b"<head>", b"<head><base href='http://127.0.0.1/'>")),
    "base-javascript": say(html("<a href='x.html'>x</a>").replace(b"<head>", b"<head><base href='javascript:alert(1)//'>")),
    "base-many": say(html("<a href='x.html'>x</a>").replace(b"<head>", b"<head>" + b"<base href='/q/'>" * 20_000)),
    "srcset-flood": _page("<img srcset='" + ",".join(f"/s/{n}.png {n}w" for n in range(20_000)) + "'>"),
    "frames-of-itself": _page("<iframe src='/frames-of-itself'></iframe>" * 2000),
    "includes-forever": _page("<script>$('#a').load('/includes-forever?n='+Math.random())</script>" * 500 + "<div id=a></div>"),
    "endless-address": _page(f"<a href='/{'a' * 1_000_000}'>长</a><img src='data:image/png;base64,{'A' * 500_000}'>"),
    "sitemap-bomb": say(b"<?xml version='1.0'?><urlset>" + b"".join(b"<url><loc>http://bad.gov.cn/sm/%d</loc></url>" % n for n in range(50_000)) + b"</urlset>", kind="application/xml"),
    "forms-and-fields": _page("<form action='/f'>" + "<input name=a>" * 30_000 + "<select>" + "<option>x" * 30_000 + "</select></form>"),
    "buttons-that-act": _page("".join(f"<form method=post action='/delete?id={n}'><button>删除</button></form>" for n in range(200)) + "<a href='/logout'>退出</a>"),
    "next-page-forever": lambda path, send, _wild: send(_paged(path)),
    "data-forever": _page("<div id=list></div><script>$.ajax({url:'/data-forever/list.json?page='+p})</script>"),
    # text
    "nul-title": _page("<p>x</p>", "标\0题\x1b[2J\x07\x9b31m"),
    "endless-title": _page("<p>x</p>", "题" * 300_000),
    "turned-around": _page("<h1>\u202e\u2066gnp.exe\u2069</h1><p>" + "a\u0301" * 100_000 + "</p>"),
    "formula": _page("<h1>=HYPERLINK(\"http://x\",\"y\")</h1><p>+1|@SUM(1)</p><a href='/=cmd'>=cmd|' /C calc'!A0</a>", "=1+1"),
    "scripted-everywhere": _page("<h1 onmouseover=alert(1)>\"><svg onload=alert(1)></h1><a href='javascript:alert(1)' title='\"><script>alert(1)</script>'>点</a>", "</title><script>alert(1)</script>"),
    "template-words": _page("<h1>{{7*7}}${7*7}{% raw %}%s%n{0.__class__}</h1>", "{{config}}"),
    **{f"run-{n}": _page(f"<h1>标题</h1><p>{word * (150_000 // len(word))}</p>") for n, word in enumerate(RULES)},
    "numbers": _page("<p>" + "11010519491231002X " * 20_000 + "6222021234567890123 " * 20_000 + "</p>"),
    # markup
    "comment-unclosed": _page("<p>前</p><!-- " + "x" * 500_000),
    "comments": _page("<!-- -->" * 100_000 + "<!--" * 50_000),
    "script-unclosed": _page("<p>前</p><script>" + "var a=1;" * 100_000),
    "quotes-unclosed": _page("<a href='" + "x\">" * 200_000),
    "attributes": _page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>"),
    "tables-in-tables": _page("<table><tr><td>" * 20_000 + "深"),
    "links-in-links": _page("<a href='/n'>" * 50_000),
    "bold-italic": _page("<b><i>" * 50_000 + "x" + "</b></i>" * 50_000),
    "styles": say(html("<p>x</p>").replace(b"<head>", b"<head><style>" + b".a{display:none}" * 50_000 + b"</style>")),
    "style-unclosed": say(html("<p>x</p>").replace(b"<head>", b"<head><style>" + b"@media{" * 100_000)),
    "angles": _page("<" * 500_000),
    "many-heads": _page("<html><head><title>x</title></head><body>" * 10_000),
    "metas": say(html("<p>x</p>").replace(b"<head>", b"<head>" + b"<meta name='PubDate' content='2020-01-01'>" * 30_000)),
    "charsets": say(html("<p>中</p>").replace(b"<head>", b"<head>" + b"".join(b"<meta charset=%s>" % c for c in (b"utf-7", b"utf-16", b"x", b"rot13", b"zlib", b"base64", b"idna", b"unicode_escape"))), kind="text/html"),
    "utf-16": say(html("<p>中文</p>").decode().encode("utf-16"), kind="text/html"),
    "utf-32": say(html("<p>中文</p>").decode().encode("utf-32"), kind="text/html; charset=utf-32"),
    "utf-7": say(b"<html><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p></html>", kind="text/html; charset=utf-7"),
    "codec-tricks": say(html("<p>x</p>"), kind="text/html; charset=zlib_codec"),
    "picture-that-is-a-page": say(html("<script>alert(1)</script>"), kind="image/png"),
    "svg": say(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script>" + b"<g>" * 100_000, kind="image/svg+xml"),
    # files
    "bomb.docx": say(_docx(_WORD + b"0" * 60_000_000 + _WORD_END), kind=DOCX),
    "laugh.docx": say(_docx(_LAUGH + b"]>" + _WORD + b"&j;" + _WORD_END), kind=DOCX),
    "thief.docx": say(_docx(_THIEF + _WORD + b"&a;" + _WORD_END), kind=DOCX),
    "names.docx": say(zipped({"../../../../tmp/gongkai-evil": b"x", "/etc/x": b"y", "word/document.xml": _WORD + _WORD_END, "[Content_Types].xml": _TYPES}), kind=DOCX),
    "cut.docx": say(_docx(_WORD + b"x" * 9000 + _WORD_END)[:300], kind=DOCX),
    "bomb.xlsx": say(zipped({"xl/worksheets/sheet1.xml": b"<worksheet>" + b"<row/>" * 6_000_000, "[Content_Types].xml": _TYPES}), kind=XLSX),
    "matryoshka.zip": say(_matryoshka(200), kind="application/zip"),
    "many.zip": say(zipped({f"{n}.txt": b"" for n in range(20_000)}), kind="application/zip"),
    "circle.pdf": say(PDF, kind="application/pdf"),
    "garbage.pdf": say(b"%PDF-1.7\n" + b"<<" * 200_000, kind="application/pdf"),
    "bomb.pdf": say(b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode/Length 9>>stream\n" + squeezed(b"0" * 9_000_000) + b"endstream", kind="application/pdf"),
    "garbage.doc": say(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 200_000, kind="application/msword"),
    "garbage.rtf": say(b"{\\rtf1" + b"{" * 200_000, kind="application/rtf"),
    "garbage.wps": say(b"\0" * 100_000, kind="application/octet-stream"),
    "page.pdf": say(html("<h1>404</h1><p>页面不存在</p>"), kind="application/pdf"),
    "endless.txt": say(b"2020" * 400_000, kind="text/plain"),
}  # fmt: skip


def _paged(path: str) -> bytes:
    from tests.crawler.hostile import answer

    number = int(path.rpartition("=")[2] or 0) if "=" in path else 0
    items = "".join(
        f"<li><a href='/next-page-forever/a{number}-{n}.html'>条目{number}-{n}</a><span>2020-01-01</span></li>"
        for n in range(5)
    )
    return answer(html(f"<ul>{items}</ul><a href='/next-page-forever?page={number + 1}'>下一页</a>", "列表"))
