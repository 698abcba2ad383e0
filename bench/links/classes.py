# ruff: noqa: ARG001, ARG005  (every answer takes the same two arguments)
"""Classes of links: what stands in the page, what the server answers, and whether a visitor would call it dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from bench.links.answers import (
    PDF,
    PICTURE,
    Answer,
    Asked,
    article,
    gbk_path,
    moved,
    not_found,
    page,
    says_missing,
    squeezed,
)

DEAD, ALIVE, OPEN = "dead", "alive", "open"
"""`open`: a checker may report it or not; a finding that says "gone" would still be rash."""


@dataclass(frozen=True, slots=True)
class LinkClass:
    """Links of one kind; all their addresses begin with `/<name>/`."""

    name: str
    truth: str
    answer: Callable[[Asked, int], Answer]
    """Of a request in this class's folder; -1 stands for an address that nobody linked."""
    href: str = "/{name}/{n}.html"
    """As written into the page; `{out}` is the foreign site's address."""
    mark: str = '<a href="{href}">{text}</a>'
    count: int = 10
    also: str = ""
    """A folder whose addresses count as this class too: where a dead end leads through."""


def _alive(asked: Asked, n: int) -> Answer:
    return article(f"{asked.path}{asked.query}") if n >= 0 else not_found()


def _once(first: Answer) -> Callable[[Asked, int], Answer]:
    def answer(asked: Asked, n: int) -> Answer:
        return first if asked.time == 0 and n >= 0 else _alive(asked, n)

    return answer


def _always(answer: Answer) -> Callable[[Asked, int], Answer]:
    return lambda asked, n: answer


def _linked(answer: Answer) -> Callable[[Asked, int], Answer]:
    return lambda asked, n: answer if n >= 0 else not_found()


def _no_head(asked: Asked, n: int) -> Answer:
    return Answer(405, b"") if asked.method == "HEAD" else _alive(asked, n)


def _browsers_only(asked: Asked, n: int) -> Answer:
    return _alive(asked, n) if "Chrome/" in asked.agent else Answer(403, b"<h1>403 Forbidden</h1>")


def _slow(asked: Asked, n: int) -> Answer:
    told = _alive(asked, n)
    return Answer(told.status, told.body, wait=3.0 if n >= 0 else 0.0)


def _gbk(asked: Asked, n: int) -> Answer:
    try:
        unquote(asked.path, encoding="utf-8", errors="strict")
    except UnicodeDecodeError:
        return _alive(asked, n)
    return not_found()


def _chain(asked: Asked, n: int) -> Answer:
    step = int(asked.query.partition("=")[2] or 0)
    if n < 0:
        return not_found()
    return moved(f"{asked.path}?step={step + 1}") if step < 5 else _alive(asked, n)


def _with_cookie(asked: Asked, n: int) -> Answer:
    if n < 0:
        return not_found()
    if "seen=1" in asked.cookie:
        return _alive(asked, n)
    return moved(asked.path, headers={"Set-Cookie": "seen=1; Path=/"})


def _any_case(asked: Asked, n: int) -> Answer:
    return article(asked.path.lower().replace("//", "/"))


def _login(asked: Asked, n: int) -> Answer:
    if asked.path.endswith("/login.html"):
        form = "<form action='/login' method='post'>用户名<input name='u'>密码<input type='password' name='p'></form>"
        return page("用户登录", f"<h1>用户登录</h1>{form}")
    return moved("/login-wall/login.html")


def _chunked(asked: Asked, n: int) -> Answer:
    told = _alive(asked, n)
    return Answer(told.status, told.body, chunked=True)


def _script_leads(asked: Asked, n: int) -> Answer:
    words = f"<script>window.location.href='/js-target/{n}.html';</script>"
    return page("正在跳转", words + "<p>正在跳转，请稍候</p>") if n >= 0 else not_found()


def _refresh(folder: str) -> Callable[[Asked, int], Answer]:
    def answer(asked: Asked, n: int) -> Answer:
        head = f'<meta http-equiv="refresh" content="0; url=/{folder}/{n}.html">'
        return page("正在跳转", "<p>正在跳转，请稍候</p>", head=head) if n >= 0 else not_found()

    return answer


_PDF = Answer(200, PDF, "application/pdf")
_ERROR_PAGE = page("出错了", "<p>对不起，您要访问的页面不存在或已被删除。</p>")
_CAPTCHA = page("安全验证", "<p>请完成安全验证后继续访问，请输入验证码</p><input name='captcha'>", status=200)
_BLANK = page("某某市人民政府", "<p>欢迎光临，请从上方导航进入各栏目。</p>")
_GONE = "/{name}/{n}.html"
_OUT = "{out}/{name}/{n}.html"

CLASSES: tuple[LinkClass, ...] = (
    # ---- dead
    LinkClass("status-404", DEAD, _always(not_found())),
    LinkClass("status-410", DEAD, _always(not_found(410))),
    LinkClass("soft-404-phrase", DEAD, _always(says_missing("对不起，您访问的页面不存在！"))),
    LinkClass("soft-404-deleted", DEAD, _always(says_missing("该信息已被删除或未发布"))),
    LinkClass("soft-404-no-phrase", DEAD, _always(_BLANK), href="/{name}/content_{n}.html"),
    LinkClass("redirect-to-error", DEAD, _always(moved("/error.html"))),
    LinkClass("redirect-to-home", DEAD, _always(moved("/"))),
    LinkClass("redirect-to-404", DEAD, _always(moved("/nowhere/at-all.html"))),
    LinkClass("pdf-404", DEAD, _always(not_found()), href="/{name}/{n}.pdf"),
    LinkClass("pdf-is-error-page", DEAD, _always(_ERROR_PAGE), href="/{name}/{n}.pdf"),
    LinkClass("pdf-redirects-home", DEAD, _always(moved("/")), href="/{name}/{n}.pdf"),
    LinkClass("zero-byte-file", DEAD, _linked(Answer(200, b"", "application/msword")), href="/{name}/{n}.doc"),
    LinkClass("onclick-open", DEAD, _always(not_found()), mark='<a href="javascript:;" onclick="window.open(\'{href}\')">{text}</a>'),
    LinkClass("onclick-location", DEAD, _always(not_found()), mark='<a href="#" onclick="location.href=\'{href}\';return false">{text}</a>'),
    LinkClass("meta-refresh-to-404", DEAD, _refresh("refresh-target"), also="refresh-target"),
    LinkClass("script-location-to-404", DEAD, _script_leads, also="js-target"),
    LinkClass("chinese-path-404", DEAD, _always(not_found()), href="/{name}/通知{n}.html"),
    LinkClass("image-404", DEAD, _always(not_found()), href="/{name}/{n}.jpg", mark='<img src="{href}" alt="{text}" width="300" height="200">'),
    LinkClass("area-404", DEAD, _always(not_found()), mark='<map name="m{n}"><area shape="rect" coords="0,0,9,9" href="{href}" alt="{text}"></map><img src="/plain-image/0.png" usemap="#m{n}" width="300" height="200">'),
    LinkClass("external-404", DEAD, _always(not_found()), href=_OUT),
    LinkClass("external-410", DEAD, _always(not_found(410)), href=_OUT),
    LinkClass("external-no-name", DEAD, _always(not_found()), href="http://no-such-name-{n}.invalid/{name}/{n}.html"),
    # ---- alive
    LinkClass("plain", ALIVE, _alive, count=50),
    LinkClass("head-405", ALIVE, _no_head),
    LinkClass("403-to-robots", ALIVE, _browsers_only),
    LinkClass("429-once", ALIVE, _once(Answer(429, b"slow down", headers={"Retry-After": "1"}))),
    LinkClass("503-once", ALIVE, _once(Answer(503, b"busy"))),
    LinkClass("500-once", ALIVE, _once(Answer(500, b"oops"))),
    LinkClass("404-once", ALIVE, _once(not_found())),
    LinkClass("reset-once", ALIVE, _once(Answer(reset=True))),
    LinkClass("slow-3s", ALIVE, _slow),
    LinkClass("gbk-path", ALIVE, _gbk, href="/{name}/{gbk}{n}.html"),
    LinkClass("chinese-unencoded", ALIVE, _alive, href="/{name}/关于做好工作的通知{n}.html"),
    LinkClass("article-about-404", ALIVE, lambda a, n: article(a.path, about="整治网页404错误、页面不存在等打不开问题") if n >= 0 else not_found()),
    LinkClass("faq-page-missing", ALIVE, lambda a, n: page("常见问题", f"<h1>提示“页面不存在”怎么办（{n}）</h1><p>答：请核对网址是否正确；信息可能已被删除，请到政务公开栏目查找，也可拨打0351-0000000咨询。</p>") if n >= 0 else not_found()),
    LinkClass("empty-list", ALIVE, lambda a, n: page(f"栏目{n}", f"<h2>第{n}专栏</h2><p>暂无数据</p>") if n >= 0 else not_found()),
    LinkClass("found-nothing", ALIVE, lambda a, n: page("检索结果", f"<h2>检索结果</h2><p>没有找到与“项目{n}”相关的内容</p>"), href="/{name}/s.do?word={n}&amp;type=1"),
    LinkClass("very-short", ALIVE, lambda a, n: Answer(200, f"<html><head><title>公示</title></head><body>公示{n}：无异议</body></html>".encode()) if n >= 0 else not_found()),
    LinkClass("redirect-chain", ALIVE, _chain),
    LinkClass("moved-article", ALIVE, lambda a, n: moved(f"/moved-article/new/{n}.html", 301) if n >= 0 and "/new/" not in a.path else _alive(a, n)),
    LinkClass("cookie-redirect", ALIVE, _with_cookie),
    LinkClass("plain-image", ALIVE, _linked(Answer(200, PICTURE, "image/png")), href="/{name}/{n}.png", mark='<img src="{href}" alt="{text}" width="300" height="200">'),
    LinkClass("upper-case-path", ALIVE, _any_case, href="/{name}/Content_{n}.HTML"),
    LinkClass("double-slash", ALIVE, _any_case, href="/{name}//a//{n}.html"),
    LinkClass("in-comment", ALIVE, _always(not_found()), mark="<!-- <a href='{href}'>{text}</a> -->"),
    LinkClass("in-template", ALIVE, _always(not_found()), mark="<template><a href='{href}'>{text}</a></template><script type='text/html'><a href='{href}'>{text}</a></script>"),
    LinkClass("captcha", ALIVE, _linked(_CAPTCHA)),
    LinkClass("login-wall", ALIVE, _login),
    LinkClass("big-file", ALIVE, _linked(Answer(200, b"PK\x03\x04" + b"\0" * 25_000_000, "application/zip")), href="/{name}/{n}.zip", count=2),
    LinkClass("pdf", ALIVE, _linked(_PDF), href="/{name}/{n}.pdf"),
    LinkClass("download-script", ALIVE, lambda a, n: Answer(200, PDF, "application/octet-stream") if n >= 0 else not_found(), href="/{name}/down.jsp?id={n}"),
    LinkClass("gzip", ALIVE, lambda a, n: squeezed(_alive(a, n)) if n >= 0 else not_found()),
    LinkClass("chunked", ALIVE, _chunked),
    LinkClass("refresh-to-live", ALIVE, _refresh("plain"), count=10),
    LinkClass("spaces-in-href", ALIVE, _alive, href="  /{name}/{n}.html  "),
    LinkClass("fragment-only", ALIVE, _alive, href="#part{n}"),
    LinkClass("mail-and-telephone", ALIVE, _alive, href="mailto:a{n}@example.gov.cn", count=5),
    LinkClass("external-alive", ALIVE, _alive, href=_OUT),
    LinkClass("external-403", ALIVE, _always(Answer(403, b"no")), href=_OUT),
    LinkClass("external-503", ALIVE, _once(Answer(503, b"busy")), href=_OUT),
    # ---- open
    LinkClass("status-500", OPEN, _always(Answer(500, b"oops"))),
    LinkClass("reset-always", OPEN, _always(Answer(reset=True))),
    LinkClass("external-reset", OPEN, _always(Answer(reset=True)), href=_OUT),
)  # fmt: skip
BY_NAME = {each.name: each for each in CLASSES}
_TARGETS = {each.also: each.name for each in CLASSES if each.also}


def class_of(path: str) -> str:
    """The class that an address belongs to; empty for the site's own pages."""
    name = path.strip("/").split("/")[0]
    return name if name in BY_NAME else _TARGETS.get(name, "")


def markup(each: LinkClass, n: int, outside: str) -> str:
    """The link as it stands in the page."""
    href = each.href.format(name=each.name, n=n, out=outside, gbk=gbk_path("关于公示的通知"))
    return each.mark.format(href=href, text=f"{each.name} 第{n}条", n=n)


def total(truth: str) -> int:
    return sum(each.count for each in CLASSES if each.truth == truth)


__all__ = ["ALIVE", "BY_NAME", "CLASSES", "DEAD", "OPEN", "LinkClass", "class_of", "markup", "total"]
