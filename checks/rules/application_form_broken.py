"""依申请公开的申请表打不开，或者在线申请无法填写必要内容。

## 查什么
指南和依申请公开页面所链接的申请表、在线申请入口是否已不存在；在线申请表能否填写申请人姓名或名称、
联系方式和所需信息的描述。

## 为什么要紧
条例第二十九条规定申请应当包括这三样内容，表打不开、填不了，申请渠道就是断的。

## 看不见什么
需要登录、分步填写或由脚本绘制的在线申请，认不出全部栏目时只提示人工核对；被拦截、超时不算打不开。

## 怎样整改
恢复申请表的下载和在线填写，使申请人能够填写姓名或名称、联系方式、所需政府信息的名称或描述。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import fail, passed, seen, unsure
from checks.lenses.navigation import FRAME_PLACES, drawn_elsewhere, facts_of
from checks.lenses.requests import application_pages, guide_pages
from dossier.model import Claim, Outcome, Page, PageKind, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="application-form-broken",
    name="依申请公开的申请表不可用",
    topic=Topic.APPLICATION,
    severity=Severity.MAJOR,
    basis=("《中华人民共和国政府信息公开条例》第二十九条",),
    claim=Claim.PRESENCE,
    messages={
        "gone": "申请表“{text}”已打不开",
        "unfit": "在线申请表不能填写{what}",
    },
    remedy="恢复申请表的下载或在线填写，使申请人能够填写姓名或名称、联系方式和所需政府信息的描述。",
)

_FORM = re.compile(r"申请表|申请书|表格下载|(?:在线|网上|我要)申请|申请入口|填写申请|申请系统|样表")
_ROLES = {
    "name": ("姓名或名称", re.compile(r"姓\s*名|(?<!证件)名\s*称|申请人|单位|name", re.IGNORECASE)),
    "contact": (
        "联系方式",
        re.compile(r"电\s*话|手机|邮箱|邮编|地\s*址|联系|传真|mail|phone|tel|address", re.IGNORECASE),
    ),
    "description": (
        "所需信息的描述",
        re.compile(r"内容|描述|所需|信息名称|索取|标题|用途|文号|content|desc", re.IGNORECASE),
    ),
}
_FEWEST_FIELDS = 3


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The form that the guide points to must open, and take what the law asks for."""
    pages = {page.url: page for page in (*application_pages(site), *guide_pages(site))}
    for page in pages.values():
        yield from _links(site, page)
        yield from _form(page)


def _links(site: SiteSnapshot, page: Page) -> Iterator[Outcome]:
    facts = facts_of(page)
    named = [(link.url, link.text) for link in facts.links if link.url and link.place not in FRAME_PLACES]
    named += [(item.url, item.title) for item in facts.items if item.url]
    named += [(attachment.url, attachment.text) for attachment in facts.attachments]
    # The button behind a form's name leads to the same file.
    offered = {url: text for url, text in named if _FORM.search(text)}
    for url, text in offered.items():
        target = site.page(url)
        if target is None or target.url == page.url:
            continue
        if target.gone_twice:
            yield fail(
                RULE,
                target.url,
                "gone",
                page=page,
                quote=text,
                evidence=(seen(target, note=target.capture.reason),),
                page_url=target.url,
                text=text,
            )
        elif target.ok:
            yield passed(RULE, target.url, page=target)


def _form(page: Page) -> Iterator[Outcome]:
    forms = [
        form
        for form in facts_of(page).forms
        if form.purpose == "application"
        or (
            form.purpose in ("other", "message")
            and page.kind in (PageKind.APPLICATION, PageKind.FORM)
            and (len(form.fields) > 1 or form.roles)  # one nameless field asks for a word to look for
        )
    ]
    if not forms:
        return
    roles = {role for form in forms for role in form.roles}
    fields = [field for form in forms for field in form.fields]
    lacking = [
        name
        for role, (name, words) in _ROLES.items()
        if role not in roles and not any(words.search(field) for field in fields)
    ]
    if not lacking:
        yield passed(RULE, page.url, page=page, quote="、".join(fields[:12]))
    elif len(fields) < _FEWEST_FIELDS or drawn_elsewhere(page) or page.kind is PageKind.SHELL:
        yield unsure(
            RULE,
            page.url,
            "unfit",
            because="在线申请表由脚本绘制、需要登录或分步填写，请人工试填核对",
            page=page,
            quote="、".join(fields),
            what=lacking,
        )
    else:
        yield fail(RULE, page.url, "unfit", page=page, quote="、".join(fields[:20]), what=lacking)
