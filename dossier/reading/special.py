"""Answers that are not pages: challenges, errors, notices of removal, empty shells."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dossier.model import Link, PageKind
from dossier.reading.clicks import sent_to
from dossier.reading.links import absolute
from dossier.reading.tree import Tree
from dossier.reading.vocabulary import Vocabulary

_SHELL = re.compile(
    r"\b(ng-app|data-ng-app|v-cloak|v-if|v-for|data-reactroot)\b|id=[\"']?(app|root|__next|__nuxt|main-app)[\"'> ]|\{\{\s*\w",
    re.IGNORECASE,
)
_PAGE = re.compile(r"页面|网页|链接|地址|404|文章")
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\";>\s]+)", re.IGNORECASE)


def special_kind(
    tree: Tree, html: str, whole: str, visible: int, base: str, vocabulary: Vocabulary, status: int | None
) -> tuple[PageKind | None, str]:
    """Challenge, error, moved or shell with the sign that told; (None, "") for a real page.

    `whole` is the visible text, `visible` its length without spaces.
    """
    if tree.html_title and whole.startswith(tree.html_title):
        visible -= len("".join(tree.html_title.split()))
    shell = visible <= 150 and _SHELL.search(html[:200_000]) is not None
    if visible <= 600 and not (shell and status in (200, None)):
        name = vocabulary.challenge_of(html[:100_000], status, None, visible=visible)
        if name is not None:
            return PageKind.CHALLENGE, name
    if visible > 4000:
        return None, ""
    real = sum(1 for node in tree.tagged("a") if len(node.get("href")) > 1)
    if ((visible <= 900 and real <= 30) or len(tree.html_title) <= 30) and not is_article(tree, vocabulary):
        said = vocabulary.error_of(tree.html_title, whole, status)
        if said is not None and not _heads_an_article(tree):
            return PageKind.ERROR, said
    if visible <= 260 and real <= 4 and not is_article(tree, vocabulary):
        moved = vocabulary.moved_of(whole)
        if moved is not None and not _asks_for_password(tree):
            return PageKind.MOVED, moved
        if visible <= 40 and _redirects(tree):
            # A stub that leads on within its own site is only drawn elsewhere; to another host, it moved.
            target = urlsplit(moved_target(tree, (), base)).hostname
            away = target is not None and target != urlsplit(base).hostname
            return (PageKind.MOVED if away else PageKind.SHELL), "script-redirect"
    if visible <= 150 and real <= 3 and (shell or (tree.scripts and visible <= 30)):
        return PageKind.SHELL, "script"
    return None, ""


def _asks_for_password(tree: Tree) -> bool:
    """Whether a page wants to be logged in to: that it will then lead on does not say that anything moved."""
    return any(node.get("type").lower() == "password" for node in tree.tagged("input"))


def is_article(tree: Tree, vocabulary: Vocabulary) -> bool:
    """A page that carries an article's labels is no error page, whatever it is about; a template that labels
    its own notice (`提示信息`) as an article makes it none."""
    for node in tree.tagged("meta"):
        name, said = node.get("name").lower(), node.get("content").strip()
        if said and (name == "pubdate" or (name == "articletitle" and not vocabulary.error_of(said, ""))):
            return True
    return False


def _heads_an_article(tree: Tree) -> bool:
    """Whether a page tells when and by whom it was published: no answer of a server does that."""
    return _PUBLISHED.search(tree.shown) is not None


_PUBLISHED = re.compile(
    r"(?:发布|发表|公布|刊发)(?:时间|日期)?\s*[:：]\s*(?:19|20)\d{2}\s*[-年./]|来\s*源\s*[:：]\s*[一-鿿]{2}[^\n]{0,40}?(?:19|20)\d{2}\s*[-年./]"
    r"|(?:19|20)\d{2}\s*[-年./][^\n]{0,40}?来\s*源\s*[:：]\s*[一-鿿]{2}"
)


def says_so_inside(tree: Tree, text: str, entries: int, vocabulary: Vocabulary) -> str:
    """An error told inside the site's full dress: hardly any text but the words that the page is not there."""
    if entries or len(text) > 120 or is_article(tree, vocabulary):
        return ""
    said = vocabulary.error_of(tree.html_title, text) or ""
    told = said.startswith("title:") or _PAGE.search(said)
    return said if told and not _heads_an_article(tree) else ""


def moved_target(tree: Tree, links: tuple[Link, ...], base: str) -> str:
    """Where a moved site sends its reader, as far as it says."""
    for _, code in tree.scripts:
        target = sent_to(code)
        if target:
            address = absolute(base, target)
            if address:
                return address
    for node in tree.tagged("meta"):
        if node.get("http-equiv").lower() == "refresh":
            found = _REFRESH.search(node.get("content"))
            if found:
                return absolute(base, found.group(1))
    for link in links:
        if link.tag == "a":
            if link.url:
                return link.url
            if re.match(r"https?://|[\w.-]+\.(gov\.)?cn", link.text):
                return link.text if link.text.startswith("http") else f"http://{link.text}"
    return ""


def _redirects(tree: Tree) -> bool:
    if any(
        node.get("http-equiv").lower() == "refresh" and "url" in node.get("content").lower()
        for node in tree.tagged("meta")
    ):
        return True
    return any(sent_to(code) and len(code) < 400 for _, code in tree.scripts)
