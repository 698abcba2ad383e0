"""One answer under many names: a login page, a notice of maintenance, a guard that no table knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping

import msgspec

from dossier.addresses import host_of
from dossier.model import Capture, Column, Page, Purpose, Reach

FEWEST_NAMES = 3
"""So many different columns do not say the same in the same bytes."""
LONGEST_ANSWER = 600
"""Characters; a wall says little, and lists nothing."""
_SIGN = "same-answer"
_ONE_HOME = "soft-404:home"
_ALL_HOME = "sent-home"
"""What the crawler calls an address that leads to the home page: gone, until very many do."""


_EMPTY = "empty"
_MANY_EMPTY, _EMPTY_SHARE = 4, 0.1
"""A host that gives nothing for so many addresses has a bad night; one file or two of no bytes are the files' own."""
_MANY_HOME, _HOME_SHARE = 6, 0.07
"""A host that shows its front door for so many addresses turns visitors away tonight; a few may well be dead."""
_FILES = frozenset({Purpose.ATTACHMENT, Purpose.IMAGE})
_OF_LOGIN = re.compile(
    r"登[录陆]|注册|会员|用户|邮箱|办公|系统|平台|后台|入口|申请|办理|提交|投稿|"
    r"(?<![a-z])(?:log-?in|sign-?in|auth|sso|cas|users?|members?|admin|account|mail|oa|passport)(?![a-z])",
    re.IGNORECASE,
)
"""What is behind a form to log in is not hidden where this was said of it beforehand."""
_CHANGING = re.compile(r"[0-9a-fA-F\s]+")
"""What a wall says anew each time, numbers and tokens, is written with these."""


def walled(
    pages: Mapping[str, Page], columns: Mapping[str, frozenset[Column]], homes: Collection[str]
) -> dict[str, Page]:
    """The pages, those as blocked that all showed one short answer where differently named columns were to be seen.

    What stands behind the wall was not seen, and nobody may say that it is missing.
    """
    alike: dict[str, list[str]] = {}
    for url, page in pages.items():
        if url not in homes and _may_be_a_wall(page):
            alike.setdefault(_said(page), []).append(url)
    walls = {
        url
        for same in alike.values()
        if len({columns[url] for url in same if columns.get(url)}) >= FEWEST_NAMES
        or (_wants_login(pages[same[0]]) and (len(same) > 1 or not _is_a_login(same[0], pages)))
        for url in same
    } | {url for url, page in pages.items() if page.capture.purpose in _FILES and _wants_login(page)}
    turning = {host_of(url) for url, page in pages.items() if page.capture.reason == _ALL_HOME}
    turning |= _of_many(pages, _ONE_HOME, _MANY_HOME, _HOME_SHARE)
    if turning:  # an office's hosts stand on one system: what sends few addresses home beside it does so for the same reason
        turning |= {host_of(url) for url, page in pages.items() if page.capture.reason == _ONE_HOME}
    silenced = _of_many(pages, _EMPTY, _MANY_EMPTY, _EMPTY_SHARE)
    shown: dict[str, Page] = {}
    for url, page in pages.items():
        host = host_of(url)
        if url in walls:
            page = _blocked(page)
        if host in turning:
            page = _doubted(page, lambda one: _at_home(one, homes), _ALL_HOME)
        if host in silenced:
            page = _doubted(page, lambda one: one.reason == _EMPTY, _EMPTY)
        shown[url] = page
    return shown


def _said(page: Page) -> str:
    """What makes two short pages one: their bytes; of a page that wants to be logged in to, its words, since it makes up
    a token for each visitor and repeats where he wanted to go."""
    facts = page.facts
    if facts is None or not _wants_login(page):
        return page.capture.sha256
    text = facts.whole_text
    for own in (page.capture.url, page.url, host_of(page.url)):
        text = text.replace(own, "") if own else text
    return _CHANGING.sub("", f"{facts.html_title}|{text}")


def _of_many(pages: Mapping[str, Page], reason: str, many: int, share: float) -> frozenset[str]:
    """Hosts that answered so for many of the addresses that were asked of them."""
    asked = Counter(host_of(url) for url in pages)
    said = Counter(host_of(url) for url, page in pages.items() if page.capture.reason == reason)
    return frozenset(host for host, count in said.items() if count >= many and count > share * asked[host])


def _wants_login(page: Page) -> bool:
    """Whether a page is hardly more than a form to log in with: what it stands before was not seen."""
    facts = page.facts
    return (
        facts is not None
        and len(facts.whole_text) <= LONGEST_ANSWER
        and any(form.purpose == "login" for form in facts.forms)
    )


def _is_a_login(url: str, pages: Mapping[str, Page]) -> bool:
    """Whether the only place to log in that a site shows is what its address or a link to it promises."""
    return bool(_OF_LOGIN.search(url)) or any(
        link.url == url and _OF_LOGIN.search(link.text)
        for page in pages.values()
        if page.facts is not None
        for link in page.facts.links
    )


def _at_home(one: Capture, homes: Collection[str]) -> bool:
    """Whether this try was sent to the front door: a page, or a file in whose place a page came."""
    return one.reason == _ONE_HOME or (
        one.reason == "wrong-type" and one.url != one.asked_url and one.url in homes
    )


def _doubted(page: Page, mute: Callable[[Capture], bool], reason: str) -> Page:
    """What a host says to very many addresses says nothing of one of them, the first neither."""
    tries = tuple(
        msgspec.structs.replace(one, reach=Reach.BROKEN, reason=reason) if mute(one) else one
        for one in page.tries
    )
    return msgspec.structs.replace(page, capture=tries[-1], tries=tries) if tries != page.tries else page


def _may_be_a_wall(page: Page) -> bool:
    facts = page.facts
    return (
        page.ok
        and facts is not None
        and page.capture.purpose is Purpose.PAGE
        and bool(page.capture.sha256)
        and not facts.items
        and not facts.includes
        and not facts.data_sources
        and not facts.script_lists
        and len(facts.whole_text) <= LONGEST_ANSWER
    )


def _blocked(page: Page) -> Page:
    capture = msgspec.structs.replace(page.capture, reach=Reach.BLOCKED, reason=_SIGN)
    return msgspec.structs.replace(page, capture=capture)
