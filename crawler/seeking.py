"""How a visitor who reads a page in a browser searches the site: where he types, and what he presses."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger("gongkai.crawler")

_SETTLE_MS = 4000
_TYPED_MS = 800
_SEARCH_FIELDS = (
    "input[type=search]",
    "input[placeholder*=搜索], input[placeholder*=检索], input[placeholder*=关键]",
    "form[action*=search] input[type=text], form[action*=search] input:not([type])",
    "[class*=search] input[type=text], [id*=search] input[type=text], [class*=search] input:not([type])",
    "input[name=q], input[name=qt], input[name=keyword], input[name=keywords], input[name*=search]",
    "input[value*=搜索], input[value*=检索], input[value*=关键], input[title*=搜索], input[title*=检索]",
    "form[name*=search i] input, form[id*=search i] input, form[class*=search i] input, form[onsubmit*=search i] input",
    "input[id*=search i], input[class*=search i], input[name*=sword i], input[id*=sousuo i], input[id*=keyword i]",
    "input[placeholder*=请输入], input[value*=请输入]",
)
"""The surest marks first."""
_TYPED_INTO = frozenset({"text", "search"})
_SEARCH_OPENERS = (
    "[class*=search i], [id*=search i], [class*=sousuo i], [id*=sousuo i], [title*=搜索], [alt*=搜索], [title*=检索],"
    " img[src*=search i], [onclick*=search i]"
)
"""What may open a search box that is folded away: tried once, where none can be seen."""
_SEARCH_BUTTONS = (
    "button, input[type=submit], input[type=button], input[type=image], a[class*=search], [class*=btn],"
    " [onclick*=earch i], [onclick*=sousuo i], [onclick*=query i], a[onclick], img[onclick],"
    " i[onclick], span[onclick], i[class*=search], span[class*=search]"
)


def faults() -> tuple[type[BaseException], ...]:
    """What goes wrong with a browser. The library is only loaded where there is one to drive: most nights need none."""
    from playwright.async_api import Error

    return Error, TimeoutError, OSError


async def settle(page: Any) -> Any:
    try:
        await page.wait_for_load_state("networkidle", timeout=_SETTLE_MS)
    except faults():
        log.debug("%s keeps loading", page.url)
    return page


async def type_words(page: Any, words: str) -> Any:
    """Fills the first search field that can be seen and sends it; the page that then shows the results, or None."""
    await settle(page)
    field = await _search_field(page)
    if field is None and (shown := await _type_beside_a_button(page, words)):
        return shown
    field = field or await _unfolded_field(page)
    if field is None:
        return None
    before = page.url, await page.inner_text("body")
    await field.fill(words)
    if await field.evaluate(_SENT_BY_SCRIPT) and await _press_beside(field, page):
        return page.context.pages[-1]
    await field.press("Enter")
    await page.wait_for_timeout(_TYPED_MS)
    shown = page.context.pages[-1]
    await settle(shown)
    if shown is not page or (page.url, await page.inner_text("body")) != before:
        return shown
    return page.context.pages[-1] if await _press_beside(field, page) else None


async def _search_field(page: Any) -> Any:
    """The first field to search with that can be seen and written in; None where there is none."""
    for selector in _SEARCH_FIELDS:
        for field in await page.query_selector_all(selector):
            if (
                await field.is_visible()
                and await field.is_editable()
                and await field.evaluate("field => field.type") in _TYPED_INTO
                and not await field.evaluate(_ASKS_FOR_ELSE)
            ):
                return field
    return None


_ASKS_FOR_ELSE = """field => {
    const told = ['placeholder', 'title', 'value', 'aria-label'].map(name => field.getAttribute(name) || '').join(' ')
    return /编号|编码|查询码|流水号|密码|验证码|证件|身份证|证号|手机|电话|邮箱|邮件|姓名|用户|账号|办件|信件|事项|企业|车牌/.test(told)
}"""
"""A field for the state of somebody's case, a login or a service finds no news: that it finds none says nothing."""


async def _unfolded_field(page: Any) -> Any:
    """The field that comes to light when the sign of a magnifying glass is touched."""
    for opener in await page.query_selector_all(_SEARCH_OPENERS):
        pictured = await opener.evaluate("opener => opener.tagName === 'IMG'")  # pictures are not fetched
        if (pictured or await opener.is_visible()) and not await opener.evaluate(_LEADS_AWAY):
            await opener.evaluate("opener => opener.click()")
            await page.wait_for_timeout(_TYPED_MS)
            return await _search_field(page)
    return None


_LEADS_AWAY = """opener => {
    const link = opener.closest('a[href]')
    return !!link && !/^(#|javascript:)/i.test(link.getAttribute('href').trim())
}"""


async def _type_beside_a_button(page: Any, words: str) -> Any:
    """Types into the field that stands beside a button of the name, where no mark of its own tells the field."""
    button = (await page.evaluate_handle(_NAMED_BUTTON)).as_element()
    field = button and (await button.evaluate_handle(_FIELD_BESIDE)).as_element()
    if not field:
        return None
    await field.fill(words)
    return page.context.pages[-1] if await _press(button, page) else None


_FIELD_BESIDE = """button => {
    const fields = 'input:not([type]), input[type=text], input[type=search]'
    for (let holder = button.parentElement, steps = 0; holder && steps < 3; holder = holder.parentElement, steps++) {
        const found = [...holder.querySelectorAll(fields)].filter(one => one.offsetWidth > 0)
        if (found.length) return found.length === 1 ? found[0] : null
    }
    return null
}"""
"""The one text field within three steps of it; among several nobody knows which it sends."""
_NAMED_BUTTON = (
    """() => {
    const name = /^(站内|全站|本站|立即)?(搜索|检索|搜一下|搜一搜|搜)$/
    const told = one => [one.value, one.innerText, one.alt, one.title].some(words => name.test((words || '').replace(/\\s/g, '')))
    const seen = one => one.offsetWidth > 0 && one.offsetHeight > 0
    const buttons = document.querySelectorAll('button, a, input[type=submit], input[type=button], input[type=image], img, span')
    return [...buttons].find(one => seen(one) && told(one) && ("""
    + _FIELD_BESIDE
    + """)(one)) || null
}"""
)


_SENT_BY_SCRIPT = """field => {
    const form = field.closest('form')
    const submits = '[type=submit], [type=image], button:not([type=button])'
    for (let holder = field.parentElement, steps = 0; holder && holder !== form && steps < 3; holder = holder.parentElement, steps++) {
        if (holder.querySelector(submits)) break
        if (holder.querySelector('input[type=button][onclick], button[type=button][onclick]')) return true
    }
    return !!form && !form.getAttribute('action')
        && !form.querySelector('[type=submit], [type=image], button:not([type=button])')
        && !!form.querySelector('input[type=button], button[type=button]')
}"""
"""A form that goes nowhere, with a button that sends nothing, or a form around the whole page (ASP.NET) with a button of a
script's beside the field: Enter would only show the same page again."""


async def _press_beside(field: Any, page: Any) -> bool:
    """Presses the button beside a field whose Enter did nothing; whether anything happened."""
    button = (await field.evaluate_handle(_BESIDE, _SEARCH_BUTTONS)).as_element()
    return button is not None and await _press(button, page)


_BESIDE = """(field, buttons) => {
    const form = field.closest('form')
    for (let holder = field.closest('form, div'), steps = 0; holder && steps < 3; holder = holder.parentElement, steps++) {
        const button = holder.querySelector(buttons)
        if (button) return button
        if (holder === form || holder === document.body) break
    }
    return null
}"""
"""The first button of the field's own box, else of the boxes around it: a template puts the field alone in one."""


async def _press(button: Any, page: Any) -> bool:
    before = page.url, len(page.context.pages), await page.inner_text("body")
    if await button.is_visible():
        await button.click(timeout=3000)
    elif await button.evaluate("one => ['I', 'SPAN'].includes(one.tagName)"):
        await button.dispatch_event("click")  # a sign whose font did not load has no size
    else:
        return False
    await page.wait_for_timeout(_TYPED_MS)
    await settle(page.context.pages[-1])
    return before != (page.url, len(page.context.pages), await page.inner_text("body"))
